"""What an applicant who sues, a juror's rival or an attacker would try."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import Membership, Role, User
from core.audit.models import AuditEntry
from core.drafts import saving
from core.exceptions import IllegalMove, Incomplete, NotAllowed
from core.notifications.models import Message
from pilots.domain import application as applications
from pilots.domain import pilot as trials
from pilots.domain import sites
from pilots.domain.answers import answer_problem
from pilots.domain.blind import blind_label
from pilots.domain.challenge import cancel_challenge
from pilots.domain.decision import NothingToDecide, release_envelope, set_outcome
from pilots.domain.jury import (
    StillOpen,
    appoint_jury,
    assign_applications,
    declare_conflicts,
    recheck_ties,
)
from pilots.domain.review import return_review
from pilots.enums import ApplicationState, AssignmentState, Outcome, PermitState
from pilots.models import Application, Assignment, Challenge, Extension, Pilot, Question
from tests import factories
from tests.pilots.decisions import (
    CLOSED,
    OPEN,
    Closed,
    all_evaluated,
    declare,
    evaluate,
    hold,
    seats,
)
from tests.pilots.test_trial import book, grant_all, make_ready, started, write_plan

pytestmark = pytest.mark.django_db
ALL = [Outcome.SELECTED, Outcome.REJECTED, Outcome.REJECTED]


def release(closed: Closed) -> None:
    envelope = closed.challenge.envelopes.get()
    release_envelope(envelope=envelope, actor=closed.manager, now=CLOSED)


def join(user: User, application: Application) -> None:
    Membership.objects.create(user=user, organisation=application.organisation, role=Role.OWNER)


def test_who_withdraws_does_not_hold_the_others_letters(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, ALL)
    leaver = closed.applications[2]
    owner = leaver.organisation.memberships.get().user
    applications.withdraw_application(application=leaver, reason="", actor=owner, now=CLOSED)
    release(closed)
    states = Application.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["selected", "rejected", "withdrawn"]
    written = Message.objects.filter(event="decision_letter").values_list("to_email", flat=True)
    assert owner.email not in list(written)
    assert len(written) == 2


def test_a_list_that_may_grow_is_not_declared_on(closed: Closed, client: Client) -> None:
    appoint_jury(stage=closed.stage, users=closed.jurors, actor=closed.manager, now=OPEN)
    juror = closed.jurors[0].juror_in.get()
    with pytest.raises(StillOpen):
        declare_conflicts(juror=juror, organisations=[], actor=juror.user, now=OPEN)
    # An extension not used yet keeps the list open, and the decisions too.
    Extension.objects.create(
        stage=closed.stage,
        organisation=factories.make_startup().organisation,
        until=CLOSED + timedelta(days=1),
        approved_by=closed.manager,
        reason="Panne",
    )
    with pytest.raises(StillOpen):
        declare(juror)
    with pytest.raises(StillOpen):
        assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)


def test_while_it_is_open_nobody_reads_who_applied(client: Client) -> None:
    challenge = factories.make_challenge()
    manager, juror = factories.manager(), factories.jury_member()
    owner = factories.make_user("proprio")
    startup = factories.make_startup(owner)
    now = timezone.now()
    draft = applications.start_application(
        challenge=challenge, organisation=startup.organisation, actor=owner, now=now
    )
    for key, value in {
        "team": "x",
        "solution": "y",
        "maturity": "5",
        "failure": "z",
        "budget": "1",
    }.items():
        applications.save_answer(
            application=draft, key=key, value=value, base_version=0, actor=owner, now=now
        )
    sent = applications.submit_application(application=draft, actor=owner, now=now)
    assert challenge.stage is not None
    appoint_jury(stage=challenge.stage, users=[juror], actor=manager, now=now)
    client.force_login(juror)
    page = client.get(reverse("jury_conflicts", args=[juror.juror_in.get().pk]))
    assert page.status_code == 200
    assert startup.organisation.name not in page.content.decode()
    client.force_login(manager)
    refused = client.get(reverse("city_application", args=[sent.pk]))
    assert refused.status_code == 409


def test_a_tie_that_came_after_the_declaration_recuses(closed: Closed, client: Client) -> None:
    jurors = seats(closed)
    for juror in jurors:
        declare(juror)
    assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    first = closed.applications[0]
    assignment = Assignment.objects.get(juror=jurors[0], application=first)
    join(jurors[0].user, first)
    with pytest.raises(NotAllowed):
        evaluate(assignment, 10)
    client.force_login(jurors[0].user)
    assert client.get(reverse("jury_evaluate", args=[assignment.pk])).status_code == 404
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.RECUSED
    assert AuditEntry.objects.get(action="jury.conflicts_found").public["recused"] == [
        assignment.pk
    ]


def test_a_conflict_found_after_the_marks_takes_them_out(closed: Closed) -> None:
    all_evaluated(closed)
    juror = closed.jurors[0].juror_in.get()
    first = closed.applications[0]
    declare(juror, first.organisation_id)
    assignment = Assignment.objects.get(juror=juror, application=first)
    assert assignment.state == AssignmentState.RECUSED


def test_a_manager_does_not_decide_on_their_own(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, ALL)
    join(closed.manager, closed.applications[0])
    tied: dict[str, Any] = {"actor": closed.manager, "now": CLOSED}
    with pytest.raises(NotAllowed):
        set_outcome(
            application=closed.applications[1],
            outcome=Outcome.SELECTED,
            reasons_fr="x",
            **tied,
        )
    with pytest.raises(NotAllowed):
        release(closed)
    with pytest.raises(NotAllowed):
        assign_applications(stage=closed.stage, **tied)
    with pytest.raises(NotAllowed):
        return_review(assignment=closed.applications[1].assignments.first(), **tied)
    other = factories.manager()
    release_envelope(envelope=closed.challenge.envelopes.get(), actor=other, now=CLOSED)


def test_nothing_is_decided_on_a_cancelled_challenge(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, ALL)
    cancel_challenge(
        challenge=closed.challenge, reason_fr="Budget.", actor=closed.manager, now=CLOSED
    )
    with pytest.raises(NothingToDecide):
        release(closed)
    assert Pilot.objects.count() == 0
    assert not Message.objects.filter(event="decision_letter").exists()


def test_what_a_letter_said_is_not_rewritten(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, ALL)
    release(closed)
    for assignment in Assignment.objects.all():
        with pytest.raises(IllegalMove):
            return_review(assignment=assignment, actor=closed.manager, now=CLOSED)


def test_each_application_has_its_lines_in_the_audit(closed: Closed) -> None:
    all_evaluated(closed)
    hold(closed, ALL)
    release(closed)
    lines = AuditEntry.objects.filter(
        object_type="pilots.application", object_id=str(closed.applications[1].pk)
    ).order_by("sequence")
    assert [line.action for line in lines if not line.action.endswith("started")] == [
        "application.submitted",
        "application.under_review",
        "decision.held",
        "application.decided",
    ]
    assert lines.last().public["state"] == ApplicationState.REJECTED  # type: ignore[union-attr]


def test_labels_tell_neither_order_nor_number(closed: Closed, client: Client) -> None:
    all_evaluated(closed)
    juror = closed.jurors[0].juror_in.get()
    client.force_login(juror.user)
    html = client.get(reverse("jury_seat", args=[juror.pk])).content.decode()
    labels = [blind_label(a) for a in juror.assignments.order_by("pk")]
    assert len(set(labels)) == len(labels) == 3
    assert all(label in html for label in labels)
    places = sorted(labels, key=html.index)
    assert places == sorted(labels)
    assert not any(str(a.pk) == blind_label(a)[1:] for a in juror.assignments.all())


def test_a_suspended_trial_is_not_started_again() -> None:
    boss, pilot = factories.pilot_manager(), factories.make_pilot()
    started(pilot, boss)
    now = timezone.now()
    trials.suspend_pilot(pilot=pilot, reason_fr="Gel.", actor=boss, now=now)
    with pytest.raises(IllegalMove):
        trials.start_pilot(pilot=pilot, actor=boss, now=now)


def test_a_trial_does_not_start_before_its_booking() -> None:
    boss = factories.pilot_manager()
    later = timezone.localdate() + timedelta(days=60)
    pilot = factories.make_pilot(
        starts_on=later,
        ends_on=later + timedelta(weeks=10),
        verdict_due_on=later + timedelta(weeks=20),
    )
    make_ready(pilot, boss)
    with pytest.raises(Incomplete) as caught:
        trials.start_pilot(pilot=pilot, actor=boss, now=timezone.now())
    assert len(caught.value.problems) == 1
    assert "l’essai peut commencer à partir de ce jour" in caught.value.problems[0]


def test_a_permit_refused_for_a_site_given_back_blocks_nothing() -> None:
    boss, pilot = factories.pilot_manager(), factories.make_pilot()
    now = timezone.now()
    first = factories.make_site()
    factories.make_rule(first)
    booking = book(pilot, boss, first)
    permit = pilot.permits.get()
    sites.request_permit(permit=permit, on=now.date(), actor=boss, now=now)
    sites.refuse_permit(permit=permit, note_fr="Chantier.", actor=boss, now=now)
    sites.release_site(booking=booking, actor=boss, now=now)
    second = factories.make_site()
    book(pilot, boss, second)
    grant_all(pilot, boss, site=second)
    write_plan(pilot, boss)
    trials.start_pilot(pilot=pilot, actor=boss, now=now)
    permit.refresh_from_db()
    assert permit.state == PermitState.REFUSED


@pytest.mark.parametrize("value", ["1e999999999", "-1e999999999", "NaN", "²", "9" * 4000, "5.0000"])
def test_a_level_is_read_at_once(value: str) -> None:
    question = Question(key="maturity", kind="trl", label_fr="TRL", is_required=True)
    begun = time.process_time()
    problem = answer_problem(question, value)
    assert time.process_time() - begun < 1
    assert bool(problem) == (value != "5.0000")


@pytest.fixture
def draft() -> Application:
    owner = factories.make_user("proprio")
    startup = factories.make_startup(owner)
    challenge = factories.make_challenge()
    made: Application = applications.start_application(
        challenge=challenge,
        organisation=startup.organisation,
        actor=owner,
        now=timezone.now(),
    )
    return made


def test_text_is_no_file_and_a_null_is_dropped(draft: Application, client: Client) -> None:
    owner = draft.organisation.memberships.get().user
    Question.objects.create(
        stage=draft.stage, key="plan", kind="file", label_fr="Plan", sort_order=9
    )
    client.force_login(owner)
    save = "application_save"
    refused = client.post(reverse(save, args=[draft.pk, "plan"]), {"value": "un texte"})
    assert refused.status_code == 404
    assert (
        client.post(reverse(save, args=[draft.pk, "team"]), {"value": "a\x00b"}).status_code == 200
    )
    held = {key: row.value for key, row in saving.values(draft.draft_scope).items()}
    assert held == {"team": "ab"}


@pytest.mark.parametrize("edit", ["²", "9" * 30, "1e3", "-1", "x"])
def test_an_odd_number_in_an_address_is_no_error(client: Client, edit: str) -> None:
    pilot = factories.make_pilot()
    client.force_login(factories.pilot_manager())
    address = reverse("pilotdesk_indicators", args=[pilot.slug])
    assert client.get(address, {"edit": edit}).status_code == 200


@pytest.mark.parametrize("every", ["0", "-3", "99999999999999999999", "x"])
def test_an_odd_period_is_said(client: Client, every: str) -> None:
    pilot = factories.make_pilot()
    client.force_login(factories.pilot_manager())
    posted = {"label_fr": "Bruit", "unit": "dB", "direction": "down", "every_days": every}
    answer = client.post(reverse("pilotdesk_indicators", args=[pilot.slug]), posted)
    assert answer.status_code == 422
    assert 'id="id_every_days_error"' in answer.content.decode()
    assert pilot.indicators.count() == 0


def test_an_instant_out_of_time_is_said(client: Client) -> None:
    boss, pilot = factories.pilot_manager(), factories.make_pilot()
    started(pilot, boss)
    client.force_login(boss)
    answer = client.post(
        reverse("pilotdesk_readings", args=[pilot.slug]),
        {"indicator": "attente", "at": "9999-12-31T23:59", "value": "1"},
    )
    assert answer.status_code == 422
    assert pilot.indicators.get().readings.count() == 0


def test_rechecking_ties_before_a_declaration_changes_nothing(closed: Closed) -> None:
    juror = seats(closed)[0]
    join(juror.user, closed.applications[0])
    recheck_ties(juror=juror, now=CLOSED)
    assert juror.conflicts.count() == 0


def test_a_draft_in_grace_or_without_a_close_still_awaits(client: Client) -> None:
    owner = factories.make_user("proprio")
    startup = factories.make_startup(owner)
    now = timezone.now()
    challenge: Challenge = factories.make_challenge()
    applications.start_application(
        challenge=challenge, organisation=startup.organisation, actor=owner, now=now
    )
    assert challenge.stage is not None
    stage = challenge.stage
    stage.closes_at, stage.grace_minutes = now - timedelta(minutes=2), 30
    stage.save()
    client.force_login(owner)
    page = client.get(reverse("workspace")).content.decode()
    assert "Votre candidature est un brouillon" in page
