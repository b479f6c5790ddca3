"""What a challenge is at an instant: one function, from its state and its dates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.deadlines import Deadline, ExtraTime, is_in_time, window_status
from pilots.enums import ChallengeState, ChallengeStatus

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation
    from pilots.models import Challenge, Stage

CLOSING_SOON = timedelta(days=7)

_BY_STATE = {
    ChallengeState.DECIDED: ChallengeStatus.DECIDED,
    ChallengeState.ARCHIVED: ChallengeStatus.ARCHIVED,
    ChallengeState.CANCELLED: ChallengeStatus.CANCELLED,
}
_BY_WINDOW = {
    "upcoming": ChallengeStatus.UPCOMING,
    "grace": ChallengeStatus.GRACE,
    "closed": ChallengeStatus.REVIEW,
}


def challenge_status(challenge: Challenge, now: datetime) -> ChallengeStatus:
    """What the public reads at ``now``; closing soon within seven days of the close.

    A draft, seen in a preview, reads as its dates say.
    """
    by_state = _BY_STATE.get(ChallengeState(challenge.state))
    if by_state is not None:
        return by_state
    stage = challenge.stage
    if stage is None:
        return ChallengeStatus.UPCOMING
    window = window_status(stage.opens_at, stage.closes_at, stage.grace, now)
    if window != "open":
        return _BY_WINDOW[window]
    soon = stage.closes_at is not None and stage.closes_at - now <= CLOSING_SOON
    return ChallengeStatus.CLOSING if soon else ChallengeStatus.OPEN


def deadline_of(stage: Stage, organisation: Organisation | None = None) -> Deadline:
    """The stage's deadline, with the extensions of one applicant."""
    extensions: tuple[ExtraTime, ...] = ()
    if organisation is not None:
        extensions = tuple(
            ExtraTime(applicant=e.organisation_id, until=e.until, used=e.used_at is not None)
            for e in stage.extensions.filter(organisation=organisation)
        )
    return Deadline(stage.closes_at, stage.grace, extensions)


def is_over(stage: Stage, now: datetime) -> bool:
    """Whether nobody may submit any more: close, grace and every unused extension are past.

    A call without a close is read as it comes: it is over for what has been submitted.
    """
    if stage.closes_at is None:
        return True
    # Read whole, so that lists may prefetch them.
    unused = (e.until for e in stage.extensions.all() if e.used_at is None)
    last: datetime = max([stage.closes_at + stage.grace, *unused])
    return now > last


def may_submit(challenge: Challenge, organisation: Organisation, now: datetime) -> bool:
    """Whether ``organisation`` may submit at ``now``: the one answer for every path."""
    stage = challenge.stage
    if challenge.state != ChallengeState.PUBLISHED or stage is None:
        return False
    if stage.opens_at is not None and now < stage.opens_at:
        return False
    return is_in_time(deadline_of(stage, organisation), now, organisation.pk)
