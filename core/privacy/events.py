"""The messages about one's own data."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import EXAMPLE_INSTANT, Email, Instant, Link, Text

GOODBYE: Final = "account_erased"


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="data_export_ready",
            label=_("The copy of one’s data is ready"),
            audience=Audience.PERSON,
            variables={
                "expires_at": Instant(_("until when the copy is offered"), example=EXAMPLE_INSTANT),
                "link": Link(_("page where one downloads it"), to="my_data"),
            },
        )
    )
    register(
        Event(
            name=GOODBYE,
            leaves_no_trace=True,
            label=_("The account is erased"),
            audience=Audience.PERSON,
            variables={
                "erased_at": Instant(_("when it was erased"), example=EXAMPLE_INSTANT),
                "officer": Text(
                    _("who answers for personal information, by role"),
                    example=_("Privacy officer"),
                ),
                "officer_email": Email(_("their address"), example="vieprivee@ville.example"),
            },
        )
    )
