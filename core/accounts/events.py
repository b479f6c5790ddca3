"""The messages about who belongs to an organisation."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.notifications.events import Event, register


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="join_asked",
            label=_("Request to join an organisation"),
            audience="owner",
            variables={
                "organisation": str,
                "organisation_id": int,
                "asker": str,
                "asker_email": str,
                "message": str,
                "answer_by": datetime,
            },
        )
    )
    register(
        Event(
            name="join_answered",
            label=_("Answer to a request to join"),
            audience="member",
            variables={"organisation": str, "is_accepted": bool},
        )
    )
