"""The states of the thread, their groups, and the one table of allowed moves for each machine."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChallengeState(models.TextChoices):
    """Where a challenge stands; open or closed is computed from its dates, never stored."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


CHALLENGE_TRANSITIONS: Final = {
    ChallengeState.DRAFT: frozenset({ChallengeState.PUBLISHED}),
    ChallengeState.PUBLISHED: frozenset({ChallengeState.DECIDED, ChallengeState.CANCELLED}),
    ChallengeState.DECIDED: frozenset({ChallengeState.ARCHIVED}),
    ChallengeState.ARCHIVED: frozenset[ChallengeState](),
    ChallengeState.CANCELLED: frozenset[ChallengeState](),
}


class ChallengeStatus(models.TextChoices):
    """What the public reads: the state and the dates together."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", pgettext_lazy("call", "Open")
    CLOSING = "closing", _("Closing soon")
    GRACE = "grace", _("In grace")
    REVIEW = "review", _("Under review")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


class CallKind(models.TextChoices):
    """How a call receives applications."""

    FIXED = "fixed", _("Fixed dates")
    ROLLING = "rolling", _("Rolling")


class QuestionKind(models.TextChoices):
    """What an answer is made of."""

    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    CHOICE = "choice", _("One choice")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount (CAD)")
    TRL = "trl", _("Maturity (TRL)")
    FILE = "file", _("File")


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    SELECTED = "selected", _("Selected")
    WAITLISTED = "waitlisted", _("Waitlisted")
    REJECTED = "rejected", _("Not selected")
    INELIGIBLE = "ineligible", _("Ineligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Declined by the startup")


_A = ApplicationState
APPLICATION_TRANSITIONS: Final = {
    _A.DRAFT: frozenset({_A.SUBMITTED}),
    _A.SUBMITTED: frozenset({_A.UNDER_REVIEW, _A.INELIGIBLE, _A.WITHDRAWN}),
    _A.UNDER_REVIEW: frozenset({_A.SHORTLISTED, _A.INELIGIBLE, _A.WITHDRAWN}),
    _A.SHORTLISTED: frozenset(
        {_A.SELECTED, _A.WAITLISTED, _A.REJECTED, _A.INELIGIBLE, _A.WITHDRAWN}
    ),
    _A.SELECTED: frozenset({_A.DECLINED}),
    _A.WAITLISTED: frozenset({_A.SELECTED}),
    _A.REJECTED: frozenset({_A.UNDER_REVIEW}),
    _A.INELIGIBLE: frozenset({_A.UNDER_REVIEW}),
    _A.WITHDRAWN: frozenset({_A.DRAFT}),
    _A.DECLINED: frozenset[ApplicationState](),
}

# Applications that the city has received and not lost: they occupy the startup's one place.
STANDING: Final = (
    _A.SUBMITTED,
    _A.UNDER_REVIEW,
    _A.SHORTLISTED,
    _A.SELECTED,
    _A.WAITLISTED,
    _A.REJECTED,
    _A.INELIGIBLE,
    _A.DECLINED,
)
# Applications a jury works on.
IN_REVIEW: Final = (_A.SUBMITTED, _A.UNDER_REVIEW, _A.SHORTLISTED)


class Outcome(models.TextChoices):
    """What an envelope can hold for an application."""

    SELECTED = "selected", _("Selected")
    WAITLISTED = "waitlisted", _("Waitlisted")
    REJECTED = "rejected", _("Not selected")


class AssignmentState(models.TextChoices):
    """A jury member's work on one application."""

    PROPOSED = "proposed", _("Proposed")
    NOTIFIED = "notified", _("Notified")
    ACCEPTED = "accepted", _("Accepted")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    RECUSED = "recused", _("Recused")
    DECLINED = "declined", _("Declined")


_S = AssignmentState
ASSIGNMENT_TRANSITIONS: Final = {
    _S.PROPOSED: frozenset({_S.NOTIFIED, _S.RECUSED, _S.DECLINED}),
    _S.NOTIFIED: frozenset({_S.ACCEPTED, _S.RECUSED, _S.DECLINED}),
    _S.ACCEPTED: frozenset({_S.SUBMITTED, _S.RECUSED, _S.DECLINED}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.RECUSED}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.RECUSED, _S.DECLINED}),
    _S.RECUSED: frozenset[AssignmentState](),
    _S.DECLINED: frozenset[AssignmentState](),
}


class ConflictOrigin(models.TextChoices):
    """How a conflict came to be known."""

    COMPUTED = "computed", _("Found in the records")
    DECLARED = "declared", _("Declared by the jury member")


class SiteKind(models.TextChoices):
    """What a test site is."""

    STREET = "street", _("Street")
    PARK = "park", _("Park")
    SQUARE = "square", _("Square")
    ALLEY = "alley", _("Alley")
    BUILDING = "building", _("Building")
    PARKING = "parking", _("Parking lot")
    WATERFRONT = "waterfront", _("Waterfront")
    DEPOT = "depot", _("Municipal yard")


class PermitState(models.TextChoices):
    """Where a permit stands."""

    REQUIRED = "required", _("Required")
    REQUESTED = "requested", _("Requested")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


_P = PermitState
PERMIT_TRANSITIONS: Final = {
    _P.REQUIRED: frozenset({_P.REQUESTED}),
    _P.REQUESTED: frozenset({_P.GRANTED, _P.REFUSED}),
    _P.GRANTED: frozenset({_P.EXPIRED, _P.REVOKED}),
    _P.REFUSED: frozenset({_P.REQUESTED}),
    _P.EXPIRED: frozenset({_P.REQUESTED}),
    _P.REVOKED: frozenset[PermitState](),
}


class PilotState(models.TextChoices):
    """Where a pilot stands."""

    PREPARING = "preparing", _("In preparation")
    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    COMPLETED = "completed", _("Completed, verdict awaited")
    CONCLUDED = "concluded", _("Concluded")
    CANCELLED = "cancelled", _("Cancelled")


_L = PilotState
PILOT_TRANSITIONS: Final = {
    _L.PREPARING: frozenset({_L.RUNNING, _L.CANCELLED}),
    _L.RUNNING: frozenset({_L.COMPLETED, _L.SUSPENDED, _L.CANCELLED}),
    _L.SUSPENDED: frozenset({_L.RUNNING, _L.CANCELLED}),
    _L.COMPLETED: frozenset({_L.CONCLUDED, _L.CANCELLED}),
    _L.CONCLUDED: frozenset[PilotState](),
    _L.CANCELLED: frozenset[PilotState](),
}
# What of these has not ended: an organisation that runs one stays open.
NOT_CONCLUDED: Final = (_L.PREPARING, _L.RUNNING, _L.SUSPENDED, _L.COMPLETED)
# A pilot that has started owes the public a verdict.
STARTED: Final = (_L.RUNNING, _L.SUSPENDED, _L.COMPLETED, _L.CONCLUDED)


class MilestoneState(models.TextChoices):
    """Milestone status, in the words of Open Contracting (OCDS 1.1)."""

    SCHEDULED = "scheduled", _("Scheduled")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    PARTIALLY_MET = "partially_met", _("Partially met")


MILESTONE_TRANSITIONS: Final = {
    MilestoneState.SCHEDULED: frozenset(
        {MilestoneState.MET, MilestoneState.NOT_MET, MilestoneState.PARTIALLY_MET}
    ),
    MilestoneState.MET: frozenset[MilestoneState](),
    MilestoneState.NOT_MET: frozenset[MilestoneState](),
    MilestoneState.PARTIALLY_MET: frozenset[MilestoneState](),
}


class Direction(models.TextChoices):
    """Which way an indicator should move."""

    DOWN = "down", _("Lower is better")
    UP = "up", _("Higher is better")


class IndicatorFamily(models.TextChoices):
    """Families of the CITYkeys framework (2017)."""

    PEOPLE = "people", _("People")
    PLANET = "planet", _("Planet")
    PROSPERITY = "prosperity", _("Prosperity")
    GOVERNANCE = "governance", _("Governance")
    PROPAGATION = "propagation", _("Propagation")


class ReadingSource(models.TextChoices):
    """How a reading came in."""

    FORM = "form", _("By form")
    API = "api", _("By the API")


class VerdictOutcome(models.TextChoices):
    """What the city does next."""

    SCALE_UP = "scale_up", _("Scale up")
    EXTEND = "extend", _("Extend")
    REPLICATE = "replicate", _("Replicate")
    STOP = "stop", _("Stop")
