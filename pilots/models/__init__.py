"""The records of the thread, from the problem to the purchase decision."""

from pilots.models.application import Application
from pilots.models.call import Addendum, Call, Criterion, Extension, Question, Stage
from pilots.models.challenge import Challenge
from pilots.models.measure import IdempotentAnswer, Indicator, PilotKey, Reading
from pilots.models.pilot import JournalEntry, Milestone, Pilot, Verdict
from pilots.models.review import (
    TOP_SCORE,
    Assignment,
    Conflict,
    Consensus,
    Decision,
    Envelope,
    Juror,
    Jury,
    Review,
    Score,
)
from pilots.models.site import Permit, PermitRule, Site, SiteBooking

__all__ = [
    "TOP_SCORE",
    "Addendum",
    "Application",
    "Assignment",
    "Call",
    "Challenge",
    "Conflict",
    "Consensus",
    "Criterion",
    "Decision",
    "Envelope",
    "Extension",
    "IdempotentAnswer",
    "Indicator",
    "JournalEntry",
    "Juror",
    "Jury",
    "Milestone",
    "Permit",
    "PermitRule",
    "Pilot",
    "PilotKey",
    "Question",
    "Reading",
    "Review",
    "Score",
    "Site",
    "SiteBooking",
    "Stage",
    "Verdict",
]
