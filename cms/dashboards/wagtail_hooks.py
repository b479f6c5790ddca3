"""Registers the dashboards with the administration."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from cms.dashboards.viewsets import AuditViewSet, OutboxViewSet


@hooks.register("register_admin_viewset")
def audit() -> Any:
    """The audit."""
    return AuditViewSet("audit")


@hooks.register("register_admin_viewset")
def outbox() -> Any:
    """The outbox."""
    return OutboxViewSet("outbox")
