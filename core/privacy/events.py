"""The messages about one's own data."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.notifications.events import Event, register


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="data_export_ready",
            label=_("The copy of one’s data is ready"),
            audience="member",
            variables={"expires_at": datetime},
        )
    )
