"""The messages about one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import EXAMPLE_INSTANT, Email, Instant, Link, Number, Rows, Text
from core.privacy.models import DataExport, RetentionRun
from core.registry import retained

if TYPE_CHECKING:
    from collections.abc import Sequence

GOODBYE: Final = "account_erased"
COUNTED: Final = "retention_counted"


def _copy() -> dict[str, Any] | None:
    """Of the last copy that was made."""
    made = DataExport.objects.filter(ready_at__isnull=False, expires_at__isnull=False)
    last = made.order_by("ready_at").last()
    return {"expires_at": last.expires_at} if last is not None else None


def what_was_counted(runs: Sequence[RetentionRun]) -> dict[str, Any]:
    """The classes of ``runs`` in words, with how much each rule will remove."""
    known = [(run, retained.get(run.rule.data_class)) for run in runs]
    return {
        "classes": [
            {
                "label": entry.label,
                "what": entry.what,
                "found": run.found,
                "days": max(run.rule.period_days, entry.least_days),
            }
            for run, entry in known
            if entry is not None
        ]
    }


def _counted() -> dict[str, Any] | None:
    """Of the last night that counted something new."""
    counted = RetentionRun.objects.counted()
    last = counted.last()
    return what_was_counted(list(counted.filter(ran_at=last.ran_at))) if last is not None else None


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
            name=COUNTED,
            label=_("What retention rules will remove from the next night on"),
            audience=Audience.CITY,
            newest=_counted,
            variables={
                "classes": Rows(
                    _("classes of data that were counted"),
                    example=2,
                    columns={
                        "label": Text(_("class of data"), example=_("Past sessions")),
                        "what": Text(
                            _("what leaves"),
                            example=_(
                                "The network address and browser of sessions that nobody uses any "
                                "more."
                            ),
                        ),
                        "found": Number(_("how many will be removed"), example=12),
                        "days": Number(_("kept for (days)"), example=90),
                    },
                ),
                "link": Link(_("page of the reports"), to="retention_run:index", example=()),
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
