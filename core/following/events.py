"""The messages to those who follow."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notifications.events import Event, register


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="follow_confirm",
            label=_("Link to confirm that one follows something"),
            audience="follower",
            variables={"label": str, "name": str, "link": str},
        )
    )
    register(
        Event(
            name="follow_page",
            label=_("Link to what one follows"),
            audience="follower",
            variables={"name": str, "link": str},
        )
    )
