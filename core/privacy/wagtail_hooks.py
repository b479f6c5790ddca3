"""Registers the room with the administration."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from core.privacy.viewsets import PrivacyGroup


@hooks.register("register_admin_viewset")
def registers() -> Any:
    """Rules, reports, incidents, erasures."""
    return PrivacyGroup()
