"""The environment, read once through one typed object; a bad value stops the start."""

from __future__ import annotations

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_KEY = "development-only-key-refused-when-debug-is-off"

_SCHEMES = {
    "database_url": ("sqlite", "postgres", "postgresql"),
    "redis_url": ("redis", "rediss", "unix"),
    "elasticsearch_url": ("http", "https"),
    "stripe_api_base": ("http", "https"),
    "email_url": ("smtp", "smtps", "smtp+tls", "filemail", "consolemail", "anymail"),
    "clamd_url": ("tcp", "unix"),
    "base_url": ("http", "https"),
    "oidc_server_url": ("http", "https"),
}


_TILE = ("{z}", "{x}", "{y}")
_WITHOUT_HOST = ("sqlite", "unix", "filemail", "consolemail")
_HOST = re.compile(r"\.?[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?|\*")


def _require_host(value: str) -> None:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        port = -1
    if port == -1 or not parts.hostname or not re.fullmatch(r"[\w.:-]+", parts.hostname):
        msg = "it must name a host, and a port in digits if any"
        raise ValueError(msg)


def _require_path(name: str, value: str) -> None:
    """What must, or must not, follow the host."""
    parts = urlsplit(value)
    path = parts.path.strip("/")
    if name == "base_url" and path:
        msg = "it must be a scheme and a host, without a folder"
    elif name == "database_url" and not path:
        msg = "it must name a database"
    elif parts.scheme == "filemail" and not path:
        msg = "it must name a folder, as in filemail:///folder"
    elif name == "redis_url" and parts.scheme != "unix" and path and not path.isdigit():
        msg = "what follows the host is the number of a database"
    elif name == "elasticsearch_url" and (parts.query or parts.fragment):
        msg = "it must be a scheme, a host and a folder if any, without ? or #"
    else:
        return
    raise ValueError(msg)


def provider_secrets() -> dict[str, str]:
    """Each ``ANYMAIL_…`` variable under the name that django-anymail gives it."""
    return {
        name.removeprefix("ANYMAIL_"): value
        for name, value in os.environ.items()
        if name.startswith("ANYMAIL_") and value
    }


def _require_provider(value: str) -> None:
    """``anymail://name``: a provider that django-anymail knows."""
    if find_spec(f"anymail.backends.{urlsplit(value).hostname}") is None:
        msg = "it must name a provider of django-anymail, as in anymail://mailgun"
        raise ValueError(msg)


class Environment(BaseSettings):
    """Every variable the service reads; see docs/operations.md."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore", env_ignore_empty=True)

    secret_key: str = DEVELOPMENT_KEY
    debug: bool = False
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list)
    base_url: str = "http://localhost:8000"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'db.sqlite3'}"
    redis_url: str = ""
    elasticsearch_url: str = ""
    elasticsearch_prefix: str = "banc-dessai"
    elasticsearch_replicas: Annotated[int, Field(ge=0, le=10)] = 0
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""
    email_url: str = ""
    anymail: dict[str, str] = Field(default_factory=provider_secrets)
    clamd_url: str = ""
    media_url_base: str = "/media/"
    map_tiles_url: str = ""
    page_cache_seconds: Annotated[int, Field(ge=0, le=3600)] = 5
    oidc_server_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    allauth_trusted_proxy_count: Annotated[int, Field(ge=0, le=10)] = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [v.strip() for v in value.split(",") if v.strip()] if isinstance(value, str) else value
        )

    @field_validator(*_SCHEMES)
    @classmethod
    def _known_scheme(cls, value: str, info: object) -> str:
        name = info.field_name  # type: ignore[attr-defined]
        if value and urlsplit(value).scheme not in _SCHEMES[name]:
            allowed = ", ".join(f"{scheme}://" for scheme in _SCHEMES[name])
            msg = f"it must begin with one of {allowed}"
            raise ValueError(msg)
        if value and urlsplit(value).scheme not in _WITHOUT_HOST:
            _require_host(value)
        if value:
            _require_path(name, value)
        if urlsplit(value).scheme == "anymail":
            _require_provider(value)
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, value: list[str]) -> list[str]:
        if not all(_HOST.fullmatch(name) for name in value):
            msg = "it must be names of hosts, without scheme, parted by commas"
            raise ValueError(msg)
        return value

    @field_validator("elasticsearch_prefix")
    @classmethod
    def _begins_names_of_indexes(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,60}", value):
            msg = "it must be small letters, digits, - and _, and begin with a letter"
            raise ValueError(msg)
        return value

    @field_validator("media_url_base")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        if not value.startswith(("/", "https://", "http://")) or not value.endswith("/"):
            msg = "it must begin with / or https:// and end with /"
            raise ValueError(msg)
        return value

    @field_validator("map_tiles_url")
    @classmethod
    def _is_a_template(cls, value: str) -> str:
        if value and not (
            value.startswith(("https://", "http://")) and all(p in value for p in _TILE)
        ):
            msg = "it must begin with https:// and hold {z}, {x} and {y}"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _whole_identity_provider(self) -> Self:
        given = {
            "OIDC_SERVER_URL": self.oidc_server_url,
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
            "OIDC_NAME": self.oidc_name,
        }
        missing = [name for name, value in given.items() if not value.strip()]
        if missing and len(missing) < len(given):
            msg = f"signing in by OpenID Connect is half configured: {', '.join(missing)} missing"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if not self.debug and self.secret_key == DEVELOPMENT_KEY:
            msg = "SECRET_KEY must be set when DEBUG is off"
            raise ValueError(msg)
        return self


def stop(sentence: str) -> NoReturn:
    """End the process with one sentence; nothing starts half configured."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)


def read(**defaults: object) -> Environment:
    """The environment; ``defaults`` are a settings module's own, the environment wins."""
    try:
        given = {k: v for k, v in defaults.items() if k.upper() not in os.environ}
        return Environment(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        stop(f"{where}: {reason}." if where else f"{reason}.")
