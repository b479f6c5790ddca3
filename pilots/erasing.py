"""What of the thread goes with a person: their open work; what was decided stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.registry import Eraser, erasers
from pilots.domain.review import decline_assignment
from pilots.enums import AssignmentState, ConflictOrigin
from pilots.models import Assignment, Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User

OPEN: Final = (
    AssignmentState.PROPOSED,
    AssignmentState.NOTIFIED,
    AssignmentState.ACCEPTED,
    AssignmentState.RETURNED,
)


def register_erasers() -> None:
    """Add the thread to an erasure."""
    erasers.register(
        "applications",
        Eraser(
            label=_("Applications and trials"),
            removed="",
            kept=_(
                "Applications, decisions, readings and verdicts: they are public acts or belong to "
                "an organisation. Where your name stood, your number stands."
            ),
            erase=lambda user, now: 0,
        ),
    )
    erasers.register(
        "jury",
        Eraser(
            label=_("Juries"),
            removed=_(
                "Files that you have not evaluated go back to the city. The reasons you gave for "
                "a conflict of interest are removed."
            ),
            kept=_(
                "The evaluations you handed in, under your seat’s number and not your name: "
                "applicants are owed scores and reasons. That a conflict was declared stays too."
            ),
            erase=_hand_back,
        ),
    )


def _hand_back(user: User, now: datetime) -> int:
    count = 0
    for assignment in Assignment.objects.filter(juror__user=user, state__in=OPEN).order_by("pk"):
        decline_assignment(assignment=assignment, actor=user, now=now)
        count += 1
    declared = Conflict.objects.filter(juror__user=user, origin=ConflictOrigin.DECLARED)
    return count + declared.exclude(reason="").update(reason="")
