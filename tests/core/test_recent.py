"""Who does what cannot be undone says once more who they are, and loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import queue
from core.accounts.models import User
from core.accounts.recent import SESSION_KEY, kept_post, require_recent
from core.languages import LANGUAGES
from pilots.domain import application as applications
from pilots.domain import decision, jury
from pilots.enums import ApplicationState, Outcome
from pilots.models import Application, Stage
from tests import factories
from tests.core.test_account_pages import at

pytestmark = pytest.mark.django_db
PASSWORD = "un-mot-assez-long-42"


@pytest.fixture
def held() -> Application:
    """One application whose refusal is held in an envelope."""
    now = timezone.now()
    owner = factories.make_user("proprio")
    startup = factories.make_startup(owner)
    challenge = factories.make_challenge(now)
    application = applications.start_application(
        challenge=challenge, organisation=startup.organisation, actor=owner, now=now
    )
    values = {"team": "a", "solution": "b", "maturity": "5", "failure": "c", "budget": "1"}
    for key, value in values.items():
        applications.save_answer(
            application=application, key=key, value=value, base_version=0, actor=owner, now=now
        )
    applications.submit_application(application=application, actor=owner, now=now)
    Stage.objects.filter(pk=challenge.stage.pk).update(
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(hours=1)
    )
    manager, juror = factories.manager(), factories.jury_member()
    stage = Stage.objects.get(pk=challenge.stage.pk)
    jury.appoint_jury(stage=stage, users=[juror], actor=manager, now=now)
    jury.declare_conflicts(juror=juror.juror_in.get(), organisations=[], actor=juror, now=now)
    jury.assign_applications(stage=stage, actor=manager, now=now)
    application.refresh_from_db()
    decision.set_outcome(
        application=application,
        outcome=Outcome.REJECTED,
        reasons_fr="Motif",
        reasons_en="Reason",
        actor=manager,
        now=now,
    )
    return application


@pytest.fixture
def manager(held: Application) -> User:
    person = User.objects.get(groups__name="Challenge managers")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, person: User, *, seconds_ago: int) -> None:
    """Through the page, then as if ``seconds_ago`` had passed."""
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp() - seconds_ago}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def test_who_just_signed_in_is_not_asked_again(
    client: Client, held: Application, manager: User
) -> None:
    sign_in(client, manager, seconds_ago=60)
    answer = client.post(reverse("city_envelope", args=[held.challenge.slug]))
    assert answer["Location"] == reverse("city_challenge", args=[held.challenge.slug])
    held.refresh_from_db()
    assert held.state == ApplicationState.REJECTED


def test_the_envelope_waits_for_a_recent_authentication(
    client: Client, held: Application, manager: User
) -> None:
    sign_in(client, manager, seconds_ago=3600)
    address = reverse("city_envelope", args=[held.challenge.slug])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"note": "gardée"})
    confirm = f"{reverse('account_reauthenticate')}?next={address.replace('/', '%2F')}"
    assert (answer.status_code, answer["Location"]) == (302, confirm)
    held.refresh_from_db()
    assert held.state == ApplicationState.UNDER_REVIEW

    page = client.get(confirm)
    assert "Rien n’est encore fait" in page.content.decode()
    wrong = client.post(confirm, {"password": "faux", "next": address})
    assert wrong.status_code == 200
    assert client.post(address)["Location"] == confirm

    right = client.post(confirm, {"password": PASSWORD, "next": address})
    assert (right.status_code, right["Location"]) == (302, address)
    back = client.get(address)
    assert "relisez, puis confirmez" in back.content.decode()
    assert "relisez, puis confirmez" not in client.get(address).content.decode()
    held.refresh_from_db()
    assert held.state == ApplicationState.UNDER_REVIEW
    client.post(address)
    held.refresh_from_db()
    assert held.state == ApplicationState.REJECTED


def test_who_has_not_the_right_is_not_asked(client: Client, held: Application) -> None:
    sign_in(client, factories.jury_member(), seconds_ago=3600)
    assert client.post(reverse("city_envelope", args=[held.challenge.slug])).status_code == 403


def test_what_was_typed_is_kept_for_its_person_alone(rf: Any, client: Client) -> None:
    person = factories.make_user("membre")
    sign_in(client, person, seconds_ago=0)
    for user, expected in ((person.pk, "Nom gardé"), (person.pk + 1, None)):
        session = client.session
        session[SESSION_KEY] = {
            "user": user,
            "path": "/fr/ici/",
            "post": "name=Nom+gard%C3%A9",
            "at": timezone.now().timestamp(),
        }
        request = rf.get("/fr/ici/")
        request.user, request.session = person, session
        request._messages = FallbackStorage(request)
        require_recent(request)
        kept = kept_post(request)
        assert (kept["name"] if kept is not None else None) == expected
        assert SESSION_KEY not in session


def test_who_has_no_password_confirms_by_the_second_factor(
    client: Client, held: Application, manager: User
) -> None:
    manager.set_unusable_password()
    manager.save()
    sign_in(client, manager, seconds_ago=3600)
    answer = client.post(reverse("city_envelope", args=[held.challenge.slug]))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate") + "?next=")


def test_who_has_neither_signs_in_again(rf: Any, client: Client) -> None:
    person = factories.make_user("membre")
    person.set_unusable_password()
    person.save()
    sign_in(client, person, seconds_ago=3600)
    request = rf.post("/fr/ici/", {"name": "Nom gardé", "password": "jamais"})
    request.user, request.session = person, client.session
    request._messages = FallbackStorage(request)
    with pytest.raises(ImmediateHttpResponse) as left:
        require_recent(request)
    assert left.value.response["Location"] == reverse("account_login") + "?next=%2Ffr%2Fici%2F"
    assert "_auth_user_id" not in request.session
    assert request.session[SESSION_KEY]["post"] == "name=Nom+gard%C3%A9"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_just_signed_up_is_not_asked_again(client: Client, language: str) -> None:
    form = {"email": "neuve@exemple.ca", "password1": PASSWORD, "password2": PASSWORD}
    client.post(at("account_signup", language), form)
    queue.drain()
    (code,) = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.outbox[-1].body)
    client.post(at("account_email_verification_sent", language), {"code": code})
    assert client.get(at("workspace", language)).status_code == 200
    (way,) = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    assert way["method"] == "signup"
    assert client.post(at("erase_me", language)).status_code == 422
