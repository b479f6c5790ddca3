"""What each settings module derives from the environment, in one place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cms.settings import base

if TYPE_CHECKING:
    from cms.settings.environment import Environment


def derived(env: Environment) -> dict[str, Any]:
    """Settings whose value comes from ``env``."""
    host = env.base_url.split("//")[-1].split("/")[0].split(":")[0]
    return {
        "SECRET_KEY": env.secret_key,
        "DEBUG": env.debug,
        "ALLOWED_HOSTS": env.allowed_hosts or [host],
        "BASE_URL": env.base_url.rstrip("/"),
        "WAGTAILADMIN_BASE_URL": env.base_url.rstrip("/"),
        "CSRF_TRUSTED_ORIGINS": [env.base_url.rstrip("/")],
        "DATABASES": base.database(env),
        "CACHES": base.caches(env),
        "SESSION_ENGINE": base.sessions(env),
        "ELASTICSEARCH_URL": env.elasticsearch_url,
        "ELASTICSEARCH_PREFIX": env.elasticsearch_prefix,
        "ELASTICSEARCH_REPLICAS": env.elasticsearch_replicas,
        "MEDIA_URL": env.media_url_base,
        "MAP_TILES_URL": env.map_tiles_url,
        "CONTENT_SECURITY_POLICY": _policy(env),
        "PAGE_CACHE_SECONDS": env.page_cache_seconds,
        "PAYMENTS_ENABLED": bool(env.stripe_secret_key),
        "ALLAUTH_TRUSTED_PROXY_COUNT": env.allauth_trusted_proxy_count,
        "SOCIALACCOUNT_PROVIDERS": base.identity_provider(env),
        # Browsers offer passkeys without TLS on localhost only.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": env.debug,
        "DEFAULT_FROM_EMAIL": f"ne-pas-repondre@{host}",
        "Q_CLUSTER": base.QUEUE,
        "LOGGING": _logging(env),
        "MAIL_PROVIDER": _provider(env),
        "ANYMAIL": env.anymail,
        **base.mail(env),
    }


def _provider(env: Environment) -> str:
    """Who sends our mail by its own interface, and tells what became of it; "" for a server."""
    url = urlsplit(env.email_url)
    return url.hostname or "" if url.scheme == "anymail" else ""


def _logging(env: Environment) -> dict[str, Any]:
    """``LOG_LEVEL`` is that of Django and of this project; libraries speak from a warning on."""
    logging = deepcopy(base.LOGGING)
    for name in ("django", *base.FLOORS):
        logging["loggers"].setdefault(name, {})["level"] = env.log_level
    return logging


def _policy(env: Environment) -> dict[str, Any]:
    """The content policy; the hosts of map tiles and of the identity provider are let in."""
    policy = deepcopy(base.CONTENT_SECURITY_POLICY)
    if env.oidc_server_url:
        # Browsers hold the redirections of a form to the same rule as its address.
        there = urlsplit(env.oidc_server_url)
        policy["DIRECTIVES"]["form-action"].append(f"{there.scheme}://{there.netloc}")
    if env.map_tiles_url:
        tiles = urlsplit(env.map_tiles_url)
        policy["DIRECTIVES"]["img-src"].append(f"{tiles.scheme}://{tiles.netloc}")
    return policy
