"""A startup's answer: kept field by field, submitted once and in time, frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core import queue
from core.accounts.models import Membership, Role, User
from core.drafts import saving
from core.exceptions import DeadlinePassed, Incomplete, NotAllowed, StaleWrite
from core.freeze import fingerprint
from core.notifications.models import Message
from pilots.domain import application as verbs
from pilots.enums import ApplicationState
from pilots.models import Application, Challenge, Extension
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
ANSWERS = {
    "team": "Trois personnes.",
    "solution": "Un râteau qui compte la neige.",
    "maturity": "7",
    "failure": "Moins de dix pour cent d’écart.",
    "budget": "12 500",
}


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def challenge() -> Challenge:
    return factories.make_challenge(NOW)


@pytest.fixture
def draft(owner: User, challenge: Challenge) -> Application:
    startup = factories.make_startup(owner)
    assert startup.organisation is not None
    return verbs.start_application(
        challenge=challenge, organisation=startup.organisation, actor=owner, now=NOW
    )


def fill(application: Application, actor: User, **changes: str) -> None:
    for key, value in {**ANSWERS, **changes}.items():
        verbs.save_answer(
            application=application, key=key, value=value, base_version=0, actor=actor, now=NOW
        )


def test_starting_twice_opens_the_same_draft(draft: Application, owner: User) -> None:
    again = verbs.start_application(
        challenge=draft.challenge, organisation=draft.organisation, actor=owner, now=NOW
    )
    assert again.pk == draft.pk
    assert Application.objects.count() == 1


def test_a_submission_is_frozen_numbered_and_receipted(draft: Application, owner: User) -> None:
    fill(draft, owner)
    sent = verbs.submit_application(application=draft, actor=owner, now=NOW)
    assert sent.state == ApplicationState.SUBMITTED
    assert sent.number == f"{draft.challenge.reference}-001"
    sent.refresh_from_db()
    assert fingerprint(sent.frozen) == sent.fingerprint
    answers = {a["key"]: a["value"] for a in sent.frozen["answers"]}
    assert answers == ANSWERS
    message = Message.objects.get(event="application_receipt")
    assert sent.number in message.subject
    assert sent.fingerprint in message.text
    queue.drain()
    assert [m.to for m in mail.outbox] == [[owner.email]]


def test_what_was_frozen_does_not_follow_the_questions(draft: Application, owner: User) -> None:
    fill(draft, owner)
    sent = verbs.submit_application(application=draft, actor=owner, now=NOW)
    sent.stage.questions.filter(key="team").update(label_fr="Autre question")
    sent.refresh_from_db()
    assert sent.frozen["answers"][0]["label_fr"] == "Qui fera ce travail\u00a0?"


def test_everything_that_lacks_is_said_at_once(draft: Application, owner: User) -> None:
    fill(draft, owner, team="", maturity="12", budget="cher", solution="mot " * 250)
    with pytest.raises(Incomplete) as caught:
        verbs.submit_application(application=draft, actor=owner, now=NOW)
    assert len(caught.value.problems) == 4
    assert Application.objects.get().state == ApplicationState.DRAFT


@pytest.mark.parametrize(
    ("late_by", "accepted"),
    [(timedelta(0), True), (timedelta(microseconds=1), False), (timedelta(days=-1), True)],
)
def test_the_time_shown_is_the_time_enforced(
    draft: Application, owner: User, late_by: timedelta, accepted: bool
) -> None:
    fill(draft, owner)
    closes_at = draft.stage.closes_at
    assert closes_at is not None
    if accepted:
        verbs.submit_application(application=draft, actor=owner, now=closes_at + late_by)
        return
    with pytest.raises(DeadlinePassed):
        verbs.submit_application(application=draft, actor=owner, now=closes_at + late_by)
    assert saving.values(draft.draft_scope)["team"].value == ANSWERS["team"]


def test_an_extension_serves_its_applicant_once(draft: Application, owner: User) -> None:
    fill(draft, owner)
    closes_at = draft.stage.closes_at
    assert closes_at is not None
    Extension.objects.create(
        stage=draft.stage,
        organisation=draft.organisation,
        until=closes_at + timedelta(days=2),
        reason="Panne du site.",
        approved_by=factories.manager(),
    )
    sent = verbs.submit_application(
        application=draft, actor=owner, now=closes_at + timedelta(days=1)
    )
    assert Extension.objects.get().used_at == closes_at + timedelta(days=1)
    verbs.withdraw_application(application=sent, reason="", actor=owner, now=closes_at)
    with pytest.raises(DeadlinePassed):
        verbs.redraft_application(
            application=sent, actor=owner, now=closes_at + timedelta(days=1, hours=1)
        )


def test_a_stale_write_keeps_both_values(draft: Application, owner: User) -> None:
    save: dict[str, Any] = {"application": draft, "key": "team", "actor": owner, "now": NOW}
    verbs.save_answer(value="un", base_version=0, **save)
    verbs.save_answer(value="deux", base_version=1, **save)
    with pytest.raises(StaleWrite) as caught:
        verbs.save_answer(value="trois", base_version=1, **save)
    assert (caught.value.mine, caught.value.theirs) == ("trois", "deux")


def test_two_submitted_applications_are_refused_by_the_database(
    draft: Application, owner: User
) -> None:
    fill(draft, owner)
    sent = verbs.submit_application(application=draft, actor=owner, now=NOW)
    values = {
        "challenge": sent.challenge,
        "stage": sent.stage,
        "organisation": sent.organisation,
        "startup": sent.startup,
        "state": ApplicationState.SUBMITTED,
        "number": "autre",
        "submitted_at": NOW,
        "frozen": {},
        "fingerprint": "f" * 64,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(**values)


def test_withdrawn_then_written_again_keeps_its_number(draft: Application, owner: User) -> None:
    fill(draft, owner)
    sent = verbs.submit_application(application=draft, actor=owner, now=NOW)
    verbs.withdraw_application(application=sent, reason="Erreur", actor=owner, now=NOW)
    again = verbs.redraft_application(application=sent, actor=owner, now=NOW)
    later = NOW + timedelta(minutes=1)
    resent = verbs.submit_application(application=again, actor=owner, now=later)
    assert resent.number == sent.number
    assert Message.objects.filter(event="application_receipt").count() == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FINANCE])
def test_who_may_not_apply(draft: Application, role: str) -> None:
    other = factories.make_user("lecture")
    Membership.objects.create(user=other, organisation=draft.organisation, role=role)
    with pytest.raises(NotAllowed):
        verbs.submit_application(application=draft, actor=other, now=NOW)


def test_another_organisations_draft_is_404(client: Client, draft: Application) -> None:
    stranger = factories.make_user("rival")
    factories.make_startup(stranger)
    client.force_login(stranger)
    for name in ("application_detail", "application_edit", "application_review"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    address = reverse("application_save", args=[draft.pk, "team"])
    assert client.post(address, {"value": "x"}).status_code == 404


def test_the_form_keeps_every_answer_and_the_solution(
    client: Client, owner: User, draft: Application
) -> None:
    solution = draft.startup.solutions.get()
    client.force_login(owner)
    address = reverse("application_edit", args=[draft.pk])
    posted = {f"q-{key}": value for key, value in ANSWERS.items()}
    answer = client.post(address, {**posted, "solution": solution.pk, "review": "1"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("application_review", args=[draft.pk])
    held = saving.values(draft.draft_scope)
    assert {key: row.value for key, row in held.items()} == ANSWERS
    draft.refresh_from_db()
    assert draft.solution == solution


def test_a_wrong_answer_does_not_lose_the_others(
    client: Client, owner: User, draft: Application
) -> None:
    client.force_login(owner)
    address = reverse("application_edit", args=[draft.pk])
    posted = {f"q-{key}": value for key, value in ANSWERS.items()}
    answer = client.post(address, {**posted, "q-maturity": "12", "solution": "999999"})
    assert answer.status_code == 422
    held = {key: row.value for key, row in saving.values(draft.draft_scope).items()}
    assert held == {key: value for key, value in ANSWERS.items() if key != "maturity"}
    assert answer.content.count(b'<a href="#q-maturity">') == 1
    assert answer.content.count(b'<a href="#id_solution">') == 1
