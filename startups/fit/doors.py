"""The first door of a program that one can still take, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import dates
from startups.enums import IntakeStatus

if TYPE_CHECKING:
    from datetime import datetime

    from startups.models import Intake, Program

# As in the order of the results: open, then rolling, then announced.
ORDER = {
    IntakeStatus.CLOSING: 0,
    IntakeStatus.OPEN: 0,
    IntakeStatus.ROLLING: 1,
    IntakeStatus.UPCOMING: 2,
}


@dataclass(frozen=True, slots=True)
class Door:
    """An intake with its status and its words; without an intake, none is announced."""

    intake: Intake | None
    status: IntakeStatus | None
    text: str

    @property
    def is_shut(self) -> bool:
        """Whether one can only wait to be told."""
        return self.status is None or self.status == IntakeStatus.UPCOMING


def next_door(program: Program, now: datetime) -> Door:
    """The first intake of ``program`` that is not over at ``now``; reads its intakes."""
    found: list[tuple[Any, Intake, IntakeStatus]] = []
    for intake in program.intakes.all():
        status = intake.status(now)
        if status in ORDER:
            at = intake.opens_at if status == IntakeStatus.UPCOMING else intake.closes_at
            found.append(
                ((ORDER[status], at.timestamp() if at else 0.0, intake.pk), intake, status)
            )
    if not found:
        return Door(None, None, _("No intake is announced."))
    _key, intake, status = min(found, key=lambda each: each[0])
    return Door(intake, status, _words(intake, status))


def _words(intake: Intake, status: IntakeStatus) -> str:
    if status == IntakeStatus.UPCOMING and intake.opens_at is not None:
        return _("Opens on %(instant)s") % {"instant": dates.instant(intake.opens_at)}
    if status == IntakeStatus.ROLLING or intake.closes_at is None:
        return _("One may apply at any time")
    return _("Open until %(instant)s") % {"instant": dates.instant(intake.closes_at)}
