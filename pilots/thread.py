"""Where a challenge or a pilot stands on the thread; it never lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from core.deadlines import city_time
from core.thread import StationState, Thread, build
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeState, ChallengeStatus, PermitState, PilotState

if TYPE_CHECKING:
    from datetime import datetime

    from pilots.models import Challenge, Pilot

_STATION_OF = {
    ChallengeStatus.UPCOMING: 0,
    ChallengeStatus.OPEN: 1,
    ChallengeStatus.CLOSING: 1,
    ChallengeStatus.GRACE: 1,
    ChallengeStatus.REVIEW: 2,
    ChallengeStatus.DECIDED: 3,
    ChallengeStatus.ARCHIVED: 3,
}
# A pilot already chosen: its own station says more than the challenge's state.
_PILOT_STATION = {
    PilotState.PREPARING: 3,
    PilotState.RUNNING: 4,
    PilotState.SUSPENDED: 4,
    PilotState.COMPLETED: 6,
    PilotState.CONCLUDED: 7,
}
_ORDER = (
    PilotState.CONCLUDED,
    PilotState.COMPLETED,
    PilotState.RUNNING,
    PilotState.SUSPENDED,
    PilotState.PREPARING,
)


Position = tuple[int, "StationState"]


def challenge_thread(challenge: Challenge, now: datetime) -> Thread:
    """The challenge's thread; once it has a pilot, the one furthest along carries it on."""
    pilot = _furthest_pilot(challenge)
    if pilot is not None:
        return pilot_thread(pilot, now, challenge)
    number, state = _challenge_position(challenge, now)
    details = _challenge_details(challenge)
    if challenge.state in (ChallengeState.DECIDED, ChallengeState.ARCHIVED):
        details["permits"] = _("no application was selected")
    return build(number, details, state)


def pilot_thread(pilot: Pilot, now: datetime, challenge: Challenge | None = None) -> Thread:
    """The pilot's thread, from its challenge on."""
    number, state = _pilot_position(pilot, now)
    details = _challenge_details(challenge or pilot.challenge) | _pilot_details(pilot)
    return build(number, details, state, _ahead(pilot, state))


def challenge_mark(challenge: Challenge, now: datetime) -> Thread:
    """The same thread without its details: what a list row shows."""
    pilot = _furthest_pilot(challenge)
    if pilot is not None:
        return pilot_mark(pilot, now)
    number, state = _challenge_position(challenge, now)
    return build(number, {}, state)


def pilot_mark(pilot: Pilot, now: datetime) -> Thread:
    """The same thread without its details: what a list row shows."""
    number, state = _pilot_position(pilot, now)
    return build(number, {}, state, _ahead(pilot, state))


def _furthest_pilot(challenge: Challenge) -> Pilot | None:
    # A preview may show a challenge that is not saved yet.
    found = challenge.pilots.all() if challenge.pk else ()
    pilots = [p for p in found if p.state in _PILOT_STATION]
    # Of two that are as far, the newer; said here, so that a list need not sort what it reads.
    return min(pilots, key=lambda p: (_ORDER.index(PilotState(p.state)), -p.pk), default=None)


def _challenge_position(challenge: Challenge, now: datetime) -> Position:
    status = challenge_status(challenge, now)
    if status == ChallengeStatus.CANCELLED:
        return (1 if challenge.published_at else 0), "stopped"
    if status in (ChallengeStatus.DECIDED, ChallengeStatus.ARCHIVED):
        # Decided and nobody chosen: the thread ends here.
        return _STATION_OF[status], "stopped"
    stage = challenge.stage
    awaited = stage.decision_by if stage is not None else None
    if status == ChallengeStatus.REVIEW and awaited and awaited < city_time(now).date():
        return _STATION_OF[status], "late"
    return _STATION_OF[status], "now"


def _pilot_position(pilot: Pilot, now: datetime) -> Position:
    """An overdue verdict is late once the trial is over."""
    if pilot.state == PilotState.CANCELLED:
        return (4 if pilot.started_at else 3), "stopped"
    current = _PILOT_STATION[PilotState(pilot.state)]
    due = pilot.verdict_due_on
    if current == 6 and due is not None and due < city_time(now).date():
        return current, "late"
    return current, "stopped" if pilot.state == PilotState.SUSPENDED else "now"


def _ahead(pilot: Pilot, state: StationState) -> dict[str, StationState]:
    """Measurements go with the trial, on or suspended, from the first value on."""
    is_on = pilot.state in (PilotState.RUNNING, PilotState.SUSPENDED)
    return {"measurements": state} if is_on and pilot.last_reading_at else {}


def _challenge_details(challenge: Challenge) -> dict[str, str]:
    stage = challenge.stage
    details: dict[str, str] = {}
    if challenge.published_at:
        details["challenge"] = _("published %(day)s") % {
            "day": dates.short_day(challenge.published_at)
        }
    if stage is None:
        return details
    if stage.closes_at:
        details["applications"] = _("until %(day)s") % {"day": dates.short_day(stage.closes_at)}
    if challenge.decided_at:
        details["choice"] = dates.short_day(challenge.decided_at)
    elif stage.decision_by:
        details["choice"] = _("by %(day)s") % {"day": dates.short_day(stage.decision_by)}
    if challenge.trial_weeks:
        details["trial"] = ngettext("%(n)s week", "%(n)s weeks", challenge.trial_weeks) % {
            "n": challenge.trial_weeks
        }
    return details


def _pilot_details(pilot: Pilot) -> dict[str, str]:
    details: dict[str, str] = {}
    permits = list(pilot.permits.all())
    if permits:
        granted = sum(p.state == PermitState.GRANTED for p in permits)
        details["permits"] = ngettext(
            "%(granted)s of %(all)s granted", "%(granted)s of %(all)s granted", granted
        ) % {"granted": granted, "all": len(permits)}
    if pilot.starts_on and pilot.ends_on:
        details["trial"] = f"{dates.short_day(pilot.starts_on)} → {dates.short_day(pilot.ends_on)}"
    if pilot.last_reading_at:
        details["measurements"] = _("last value %(day)s") % {
            "day": dates.short_day(pilot.last_reading_at)
        }
    verdict = getattr(pilot, "verdict", None)
    if verdict is not None:
        details["decision"] = (
            f"{verdict.get_outcome_display()}, {dates.short_day(verdict.decided_at)}"
        )
    elif pilot.verdict_due_on:
        details["decision"] = _("by %(day)s") % {"day": dates.short_day(pilot.verdict_due_on)}
    return details
