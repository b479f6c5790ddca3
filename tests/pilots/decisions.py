"""A call that has closed, a jury that reads, outcomes held: where several tests start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.accounts.models import User
from pilots.domain import application as applications
from pilots.domain.decision import set_outcome
from pilots.domain.jury import appoint_jury, assign_applications, declare_conflicts
from pilots.domain.review import Mark, record_review
from pilots.enums import Outcome
from pilots.models import Application, Assignment, Challenge, Envelope, Juror, Stage
from tests import factories

OPEN = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
CLOSED = OPEN + timedelta(days=20)


@dataclass
class Closed:
    """A call that has closed on three applications, with its people."""

    challenge: Challenge
    stage: Stage
    manager: User
    jurors: list[User]
    applications: list[Application]


def make_closed() -> Closed:
    """Three startups submitted while it was open; nobody has read anything."""
    challenge = factories.make_challenge(OPEN)
    received = []
    for number in range(3):
        owner = factories.make_user(f"proprio{number}")
        startup = factories.make_startup(owner)
        draft = applications.start_application(
            challenge=challenge, organisation=startup.organisation, actor=owner, now=OPEN
        )
        values = {
            "team": f"SECRET{number} et associées",
            "solution": f"Une solution {number}.",
            "maturity": "7",
            "failure": "Un chiffre.",
            "budget": "9000",
        }
        for key, value in values.items():
            applications.save_answer(
                application=draft, key=key, value=value, base_version=0, actor=owner, now=OPEN
            )
        received.append(applications.submit_application(application=draft, actor=owner, now=OPEN))
    stage = challenge.stage
    assert stage is not None
    return Closed(
        challenge,
        stage,
        factories.manager(),
        [factories.jury_member() for _n in range(3)],
        received,
    )


def seats(closed: Closed) -> list[Juror]:
    appoint_jury(stage=closed.stage, users=closed.jurors, actor=closed.manager, now=CLOSED)
    return [user.juror_in.get() for user in closed.jurors]


def declare(juror: Juror, *organisations: int) -> None:
    declare_conflicts(juror=juror, organisations=organisations, actor=juror.user, now=CLOSED)


def evaluate(assignment: Assignment, value: int) -> None:
    criteria = assignment.application.stage.criteria.all()
    record_review(
        assignment=assignment,
        marks={c.pk: Mark(value, "") for c in criteria},
        to_applicant="Un mot.",
        to_city="",
        submit=True,
        actor=assignment.juror.user,
        now=CLOSED,
    )


def all_evaluated(closed: Closed) -> None:
    for juror in seats(closed):
        declare(juror)
    given = assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    assert given == len(closed.applications)
    again = assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    assert again == 0
    for place, application in enumerate(closed.applications):
        for number, assignment in enumerate(application.assignments.order_by("pk")):
            evaluate(assignment, 9 - 2 * place - number % 2)


def hold(closed: Closed, outcomes: list[Outcome]) -> Envelope:
    for application, outcome in zip(closed.applications, outcomes, strict=False):
        set_outcome(
            application=application,
            outcome=outcome,
            reasons_fr=f"Motif {outcome.value}",
            actor=closed.manager,
            now=CLOSED,
        )
    found: Envelope = Envelope.objects.get()
    return found
