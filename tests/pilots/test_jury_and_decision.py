"""Conflicts first, blind by projection, decisions that leave together."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from core import queue
from core.accounts.models import Membership, Role
from core.audit.models import AuditEntry
from core.exceptions import IllegalMove, Incomplete, NotAllowed
from core.notifications.models import Message
from pilots.domain.blind import blind_view
from pilots.domain.decision import AlreadyReleased, release_envelope, set_outcome
from pilots.domain.jury import (
    StillOpen,
    appoint_jury,
    assign_applications,
    organisations_to_declare,
)
from pilots.domain.ranking import ranking
from pilots.domain.review import record_review, return_review
from pilots.enums import ApplicationState, AssignmentState, ChallengeState, Outcome, PilotState
from pilots.models import Application, Assignment, Challenge, Pilot
from tests.pilots.decisions import (
    CLOSED,
    Closed,
    all_evaluated,
    declare,
    evaluate,
    hold,
    seats,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_assigned_before_the_close(closed: Closed) -> None:
    seats(closed)
    assert closed.stage.closes_at is not None
    with pytest.raises(StillOpen):
        assign_applications(stage=closed.stage, actor=closed.manager, now=closed.stage.closes_at)
    assert Assignment.objects.count() == 0


def test_each_member_is_invited_once(closed: Closed) -> None:
    seats(closed)
    appoint_jury(stage=closed.stage, users=closed.jurors, actor=closed.manager, now=CLOSED)
    assert Message.objects.filter(event="jury_invitation").count() == 3


def test_the_list_to_declare_is_alphabetical_and_tied_to_no_file(closed: Closed) -> None:
    juror = seats(closed)[0]
    names = [o.name for o in organisations_to_declare(juror)]
    assert names == sorted(names)
    assert len(names) == 3


def test_a_recused_member_sees_nothing_not_even_a_count(closed: Closed) -> None:
    juror = seats(closed)[0]
    tied = closed.applications[0].organisation
    declare(juror, tied.pk)
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    mine = Assignment.objects.assigned_to(juror.user)
    assert mine.count() == 2
    assert not mine.filter(application__organisation=tied).exists()
    recused = Assignment.objects.get(juror=juror, application__organisation=tied)
    assert recused.state == AssignmentState.RECUSED


def test_what_the_records_show_cannot_be_unticked(closed: Closed) -> None:
    juror = seats(closed)[0]
    Membership.objects.create(
        user=juror.user, organisation=closed.applications[1].organisation, role=Role.VIEWER
    )
    declare(juror)
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    assert Assignment.objects.assigned_to(juror.user).count() == 2


def test_before_declaring_nothing_is_seen(closed: Closed) -> None:
    juror = seats(closed)[0]
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    assert Assignment.objects.assigned_to(juror.user).count() == 0


def test_the_blind_view_projects_safe_answers_only(closed: Closed) -> None:
    juror = seats(closed)[0]
    declare(juror)
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    for assignment in Assignment.objects.assigned_to(juror.user):
        view = blind_view(assignment)
        text = str(view)
        application = assignment.application
        assert "SECRET" not in text
        assert application.organisation.name not in text
        assert application.number not in text
        assert len(view.answers) == 4


def test_marks_and_words_are_asked_when_handing_in(closed: Closed) -> None:
    juror = seats(closed)[0]
    declare(juror)
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    assignment = Assignment.objects.assigned_to(juror.user)[0]
    with pytest.raises(Incomplete) as caught:
        record_review(
            assignment=assignment,
            marks={},
            to_applicant=" ",
            to_city="",
            submit=True,
            actor=juror.user,
            now=CLOSED,
        )
    assert len(caught.value.problems) == 5
    evaluate(assignment, 7)
    with pytest.raises(IllegalMove):
        evaluate(assignment, 8)
    assignment.refresh_from_db()
    return_review(assignment=assignment, actor=closed.manager, now=CLOSED)
    evaluate(assignment, 8)


def test_the_ranking_gives_result_and_spread(closed: Closed) -> None:
    all_evaluated(closed)
    rows = ranking(closed.challenge)
    # Marks 9, 8, 9 on every criterion: (90 + 80 + 90) / 3, population standard deviation 4.71.
    assert [(r.rank, r.result, r.spread) for r in rows] == [
        (1, 86.67, 4.71),
        (2, 66.67, 4.71),
        (3, 46.67, 4.71),
    ]


def test_a_held_outcome_tells_nobody(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, [Outcome.SELECTED])
    application = Application.objects.get(pk=closed.applications[0].pk)
    assert application.state == ApplicationState.UNDER_REVIEW
    assert not Message.objects.filter(event="decision_letter").exists()
    assert Pilot.objects.count() == 0


def test_the_envelope_leaves_whole_or_not_at_all(closed: Closed) -> None:
    all_evaluated(closed)
    envelope = hold(closed, [Outcome.SELECTED, Outcome.REJECTED])
    with pytest.raises(Incomplete) as caught:
        release_envelope(envelope=envelope, actor=closed.manager, now=CLOSED)
    assert caught.value.problems == [
        f"La candidature {closed.applications[2].number} n’a pas encore d’issue."
    ]
    assert set(Application.objects.values_list("state", flat=True)) == {"under_review"}
    assert not Message.objects.filter(event="decision_letter").exists()


def test_the_release_moves_statuses_letters_and_pilot_together(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, [Outcome.REJECTED, Outcome.WAITLISTED, Outcome.REJECTED])
    envelope = hold(closed, [Outcome.SELECTED])  # an earlier outcome is superseded
    release_envelope(envelope=envelope, actor=closed.manager, now=CLOSED)
    states = Application.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["selected", "waitlisted", "rejected"]
    assert Challenge.objects.get().state == ChallengeState.DECIDED
    pilot = Pilot.objects.get()
    assert (pilot.state, pilot.application_id) == (
        PilotState.PREPARING,
        closed.applications[0].pk,
    )
    queue.drain()
    letters = {m.to[0]: m for m in mail.outbox if "décision" in m.subject.lower()}
    assert len(letters) == 3
    body = str(letters[closed.applications[0].submitted_by.email].body)
    assert "Votre candidature est retenue." in body
    assert "86,67" in body
    assert "Motif rejected" not in body
    with pytest.raises(AlreadyReleased):
        release_envelope(envelope=envelope, actor=closed.manager, now=CLOSED)


def test_one_standing_decision_by_constraint(closed: Closed) -> None:
    all_evaluated(closed)
    envelope = hold(closed, [Outcome.SELECTED])
    decision = envelope.decisions.get()
    decision.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save()


@pytest.mark.parametrize("verb", ["appoint", "assign", "outcome", "release"])
def test_only_the_citys_managers_decide(closed: Closed, verb: str) -> None:
    all_evaluated(closed)
    envelope = hold(closed, [Outcome.SELECTED])
    stranger = closed.applications[0].submitted_by
    calls: dict[str, Any] = {
        "appoint": lambda: appoint_jury(stage=closed.stage, users=[], actor=stranger, now=CLOSED),
        "assign": lambda: assign_applications(stage=closed.stage, actor=stranger, now=CLOSED),
        "outcome": lambda: set_outcome(
            application=closed.applications[1],
            outcome=Outcome.SELECTED,
            reasons_fr="x",
            actor=stranger,
            now=CLOSED,
        ),
        "release": lambda: release_envelope(envelope=envelope, actor=stranger, now=CLOSED),
    }
    lines = AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        calls[verb]()
    assert AuditEntry.objects.count() == lines
