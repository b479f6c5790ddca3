"""The messages that the thread sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import (
    EXAMPLE_DAY,
    EXAMPLE_INSTANT,
    Choice,
    Day,
    Instant,
    Link,
    LongText,
    Number,
    Rows,
    Text,
    Texts,
)
from pilots import newest
from pilots.enums import Outcome, VerdictOutcome

NUMBER = Text(_("number of the application"), example="2026-14-007")
CHALLENGE = Text(
    _("title of the challenge"), example=_("Make bus shelters readable"), is_paired=True
)
TRIAL = Text(_("title of the trial"), example=_("Readable bus shelters downtown"), is_paired=True)
REASONS = LongText(
    _("reasons of the city"),
    example=_("The trial answers the need.\nIts costs are known."),
    is_paired=True,
)
APPLICATION = Link(
    _("page of the application"), to="application_detail", args=("application_id",), example=(12,)
)


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    for event in (RECEIPT, INVITATION, LETTER, STARTED, VERDICT):
        register(event)


RECEIPT = Event(
    name="application_receipt",
    label=_("Receipt of an application"),
    audience=Audience.APPLICANT,
    newest=newest.receipt,
    variables={
        "number": NUMBER,
        "title": CHALLENGE,
        "startup": Text(_("name of the startup"), example="Atelier des mesures"),
        "submitted_at": Instant(_("when it was received"), example=EXAMPLE_INSTANT),
        "fingerprint": Text(
            _("fingerprint of the frozen copy"),
            example="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
        "decision_by": Day(
            _("day by which the choice is announced"), example=EXAMPLE_DAY, is_optional=True
        ),
        "link": APPLICATION,
    },
)
INVITATION = Event(
    name="jury_invitation",
    label=_("Invitation to a jury"),
    audience=Audience.JURY,
    newest=newest.invitation,
    variables={
        "link": Link(
            _("page where conflicts are declared"),
            to="jury_conflicts",
            args=("juror_id",),
            example=(12,),
        )
    },
)
LETTER = Event(
    name="decision_letter",
    label=_("Decision on an application"),
    audience=Audience.APPLICANT,
    newest=newest.letter,
    variables={
        "number": NUMBER,
        "challenge": CHALLENGE,
        "outcome": Choice(_("outcome"), choices=Outcome, example=Outcome.SELECTED.value),
        "reasons": REASONS,
        "result": Number(_("result out of 100"), example=82.5, is_optional=True),
        "scores": Rows(
            _("mean mark on each criterion"),
            columns={
                "label": Text(_("criterion"), example=_("Impact"), is_paired=True),
                "mean": Number(_("mean mark out of 10"), example=8.3),
                "weight": Number(_("weight of the criterion"), example=25),
            },
            example=2,
        ),
        "comments": Texts(
            _("what the jury says to the startup"),
            example=(_("The measurements convince."), _("The plan of works is to be detailed.")),
        ),
        "link": APPLICATION,
    },
)
STARTED = Event(
    name="pilot_started",
    label=_("Start of a trial"),
    audience=Audience.APPLICANT,
    newest=newest.started,
    variables={
        "title": TRIAL,
        "link": Link(
            _("workspace of the trial"), to="pilotdesk", args=("slug",), example=("abribus",)
        ),
    },
)
VERDICT = Event(
    name="pilot_verdict",
    label=_("Verdict of a trial"),
    audience=Audience.APPLICANT,
    newest=newest.verdict,
    variables={
        "title": TRIAL,
        "outcome": Choice(
            _("verdict"), choices=VerdictOutcome, example=VerdictOutcome.SCALE_UP.value
        ),
        "reasons": REASONS,
        "link": Link(
            _("public page of the trial"), to="pilot_detail", args=("slug",), example=("abribus",)
        ),
    },
)
