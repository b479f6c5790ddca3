"""What comes back every year, and whose next dates nobody has confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from core import dates
from core.accounts import rules
from core.registry import WorkspaceRow
from startups.domain.intakes import ASKED_BEFORE, propose_next
from startups.models import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10
# A year, less the days before which nothing is asked, less those of a week that a date moves by.
SOONEST_NEXT: Final = timedelta(days=365) - ASKED_BEFORE - timedelta(days=7)


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """The dates that are proposed for the next intakes."""
    if organisation is not None and rules.can(user, "edit_content", organisation):
        yield from _next_intakes(organisation, now)


def _next_intakes(organisation: Organisation, now: datetime) -> Iterator[WorkspaceRow]:
    """What comes back every year, and whose next dates nobody has confirmed."""
    past = Intake.objects.of_organisation(organisation).awaiting_next(now - SOONEST_NEXT)
    for intake in past.select_related("program", "next_one").order_by("opens_at", "pk")[:MOST]:
        proposed = propose_next(intake, now)
        if proposed is None or proposed.opens_at is None or intake.opens_at is None:
            continue
        yield WorkspaceRow(
            title=_("The next intake of “%(name)s”: confirm the dates?")
            % {"name": intake.program.name},
            detail=_("The last one opened on %(last)s. We propose %(next)s; nothing is announced.")
            % {"last": dates.day(intake.opens_at), "next": dates.instant(proposed.opens_at)},
            due=proposed.opens_at,
            url_name="intake_next",
            url_kwargs={"pk": intake.pk},
            button=_("Look at the dates"),
        )
