"""What limits say: the mails to one address, the codes of the second factor, and until when."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt
from django.test import Client
from django.utils import timezone

from cms.settings import base
from core import dates
from core.accounts.models import User
from core.notifications.models import Message
from tests.core.test_account_pages import PASSWORD, at, member
from tests.core.test_account_secrecy import LIMITS, SIGNUP, STRANGER, limited, wait_of  # noqa: F401

pytestmark = pytest.mark.django_db
RESEND = {"action": "resend"}
ONE_MAIL = "1/10s/key,5/h/key"


@pytest.mark.parametrize("email", ["known", STRANGER, "Moi@Café.ca"])
def test_one_address_is_mailed_once_in_ten_seconds(settings: Any, email: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "confirm_email": ONE_MAIL}
    form = {**SIGNUP, "email": member().email if email == "known" else email}
    browser = Client()
    assert browser.post(at("account_signup", "fr"), form).status_code == 302
    people, mails = User.objects.count(), Message.objects.count()
    again = browser.post(at("account_email_verification_sent", "fr"), RESEND)
    assert 8 <= wait_of(again) <= 10
    assert re.search(r"Réessayez dans (8|9|10)\s+secondes", again.content.decode())
    other = Client(REMOTE_ADDR="198.51.100.7").post(at("account_signup", "fr"), form)
    assert 8 <= wait_of(other) <= 10
    assert (User.objects.count(), Message.objects.count()) == (people, mails)


def test_one_address_is_not_mailed_without_end_from_many_connections(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "confirm_email": "9/10s/key,5/h/key"}
    form = {**SIGNUP, "email": STRANGER}
    for number in range(5):
        answer = Client(REMOTE_ADDR=f"198.51.100.{number}").post(at("account_signup", "fr"), form)
        assert answer.status_code == 302
    sent = Message.objects.count()
    last = Client(REMOTE_ADDR="198.51.100.9").post(at("account_signup", "fr"), form)
    assert 3500 <= wait_of(last) <= 3600
    assert Message.objects.count() == sent
    assert base.ACCOUNT_RATE_LIMITS["confirm_email"] == ONE_MAIL


def test_no_account_is_made_that_cannot_be_confirmed(settings: Any) -> None:
    """Somebody else wrote to the address a moment ago: from their account, that they change."""
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "confirm_email": ONE_MAIL}
    browser, person = Client(), member()
    browser.post(at("account_login", "fr"), {"login": person.email, "password": PASSWORD})
    change = {"email": STRANGER, "action_add": ""}
    assert browser.post(at("account_email", "fr"), change).status_code == 302
    refused = Client().post(at("account_signup", "fr"), {**SIGNUP, "email": STRANGER})
    assert 8 <= wait_of(refused) <= 10
    assert not User.objects.filter(email=STRANGER).exists()
    assert 8 <= wait_of(browser.post(at("account_email", "fr"), change)) <= 10


def test_who_enters_unconfirmed_waits_ten_seconds_too(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "confirm_email": ONE_MAIL}
    Client().post(at("account_signup", "fr"), {**SIGNUP, "email": STRANGER})
    form = {"login": STRANGER, "password": PASSWORD}
    assert 8 <= wait_of(Client().post(at("account_login", "fr"), form)) <= 10


def with_app(person: User) -> User:
    Authenticator.objects.create(
        user=person, type="totp", data={"secret": encrypt(generate_totp_secret())}
    )
    return person


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"])
def test_a_code_of_the_second_factor_is_tried_five_times(name: str) -> None:
    person, browser = member(), Client()
    if name == "mfa_authenticate":
        with_app(person)
    browser.post(at("account_login", "fr"), {"login": person.email, "password": PASSWORD})
    if name == "mfa_reauthenticate":
        with_app(person)
    browser.get(at(name, "fr"))
    for _ in range(5):
        answer = browser.post(at(name, "fr"), {"code": "000000"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["code"])
    refused = browser.post(at(name, "fr"), {"code": "000000"})
    assert 290 <= wait_of(refused) <= 300
    until = dates.hour(timezone.now() + timedelta(minutes=5))
    before = dates.hour(timezone.now() + timedelta(minutes=4))
    assert any(f"5 minutes, à {hour}." in text_of(refused) for hour in map(plain, (until, before)))


def plain(text: str) -> str:
    return " ".join(text.split())


def text_of(answer: Any) -> str:
    return plain(answer.content.decode())
