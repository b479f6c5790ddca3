"""Where the site answers from the outside."""

from __future__ import annotations

from django.conf import settings


def site_url() -> str:
    """Scheme and host of ``BASE_URL``, without a slash at the end."""
    return str(settings.BASE_URL)  # type: ignore[misc]  # ours, unknown to the stubs
