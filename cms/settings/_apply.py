"""What each settings module derives from the environment, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
        "MEDIA_URL": env.media_url_base,
        "MAP_TILES_URL": env.map_tiles_url,
        "PAGE_CACHE_SECONDS": env.page_cache_seconds,
        "PAYMENTS_ENABLED": bool(env.stripe_secret_key),
        "DEFAULT_FROM_EMAIL": f"ne-pas-repondre@{host}",
        "Q_CLUSTER": base.QUEUE,
        **base.mail(env),
    }
