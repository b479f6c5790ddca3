"""What documents say in codes, in words of the active language: kinds, statuses, stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.enums import ChallengeStatus, PilotState, VerdictOutcome
from startups.enums import IntakeStatus, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Choices

ONE: Final = {
    "challenge": gettext_lazy("Challenge"),
    "solution": gettext_lazy("Solution"),
    "startup": gettext_lazy("Startup"),
    "incubator": gettext_lazy("Support organisation"),
    "program": gettext_lazy("Program"),
    "intake": gettext_lazy("Intake"),
    "site": gettext_lazy("Test site"),
    "pilot": gettext_lazy("Pilot"),
    "page": gettext_lazy("Page"),
    "verdict": gettext_lazy("Verdict"),
}
# A code that several kinds have is read with the words of the first of these that is asked for.
STATUSES: Final[dict[str, type[Choices]]] = {
    "challenge": ChallengeStatus,
    "intake": IntakeStatus,
    "program": IntakeStatus,
    "pilot": PilotState,
    "verdict": VerdictOutcome,
}
LEVELS: Final = range(1, 10)


def kind_name(kind: str) -> str:
    """One of what can be found; the code itself of a kind that nobody named."""
    return str(ONE.get(kind, kind))


def status_labels(kinds: Sequence[str] = ()) -> dict[str, str]:
    """Statuses of all kinds in words, those of ``kinds`` before those of the others."""
    found: dict[str, str] = {}
    for kind in (*kinds, *STATUSES):
        for code, label in STATUSES[kind].choices if kind in STATUSES else ():
            found.setdefault(code, str(label))
    return found | {
        "free": _("Free"),
        "held": _("A trial is under way"),
        "active": _("Active"),
        "gone": _("Closed or merged"),
    }


def stage_labels() -> dict[str, str]:
    """Stages of a startup, and levels of maturity of a solution."""
    levels = {str(n): _("TRL %(n)s") % {"n": n} for n in LEVELS}
    return {stage.value: str(stage.label) for stage in Stage} | levels
