"""The messages about one's own data."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import EXAMPLE_INSTANT, Email, Instant, Link, Text
from core.privacy.models import DataExport

GOODBYE: Final = "account_erased"


def _copy() -> dict[str, Any] | None:
    """Of the last copy that was made."""
    made = DataExport.objects.filter(ready_at__isnull=False, expires_at__isnull=False)
    last = made.order_by("ready_at").last()
    return {"expires_at": last.expires_at} if last is not None else None


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="data_export_ready",
            label=_("The copy of one’s data is ready"),
            audience=Audience.PERSON,
            newest=_copy,
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
