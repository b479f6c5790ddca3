"""Every page and mail of an account, in our design and in the reader's language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import queue
from core.accounts.models import User
from core.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "neuf-canards-violets-42"
OTHER = "sept-rivages-lents-31"
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)
LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])


def at(name: str, language: str, *args: Any) -> str:
    with translation.override(language):
        return reverse(name, args=args)


def last_mail() -> mail.EmailMultiAlternatives:
    queue.drain()
    found = mail.outbox[-1]
    assert isinstance(found, mail.EmailMultiAlternatives)
    return found


def last_code() -> str:
    found = CODE.search(str(last_mail().body))
    assert found is not None
    return found.group()


def member(language: str = "fr") -> User:
    """A person with a checked address and a password."""
    person = factories.make_user("membre", language=language)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(client: Client, person: User, language: str = "fr") -> None:
    answer = client.post(
        at("account_login", language), {"login": person.email, "password": PASSWORD}
    )
    assert answer["Location"] == at("workspace", language)


@pytest.mark.parametrize(("language", "error"), [("fr", "Erreur\u00a0: "), ("en", "Error: ")])
def test_the_title_says_first_that_a_form_was_refused(
    client: Client, language: str, error: str
) -> None:
    """It is what a screen reader reads of the page that comes back."""
    address = at("account_login", language)

    def title_of(page: str) -> str:
        return re.sub(r"\s*\n\s*", " ", page.partition("<title>")[2].partition("</title>")[0])

    before = title_of(client.get(address).text).strip()
    refused = client.post(address, {"login": "personne@exemple.org", "password": PASSWORD})
    assert re.sub("  +", " ", title_of(refused.text)) == f"{error}{before}"


# Words of allauth's own catalogue and templates that our pages never say.
THEIRS = re.compile(
    r"e-mail de|E-mail|Clé secrète|jeton|réauthentifi|Sign Up|Sign In\b|Successfully|connecté\(e\)"
)
ANYBODY = ("account_login", "account_signup", "account_reset_password", "account_inactive")
ANYBODY += ("account_request_login_code", "account_password_reset_completed")
MEMBERS = (
    *("account_email", "account_change_password", "account_logout", "account_reauthenticate"),
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"),
    "usersessions_list",
)


@LANGUAGES
def test_every_page_is_ours_and_in_one_language(client: Client, language: str) -> None:
    pages = [client.get(at(name, language)) for name in ANYBODY]
    sign_in(client, member(), language)
    pages += [client.get(at(name, language)) for name in MEMBERS]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert f'<html lang="{language}">' in html
        assert 'class="masthead"' in html
        assert " style=" not in html
        if language == "fr":
            text = re.sub(r"<[^>]+>", " ", html)
            assert THEIRS.search(text) is None, page.request["PATH_INFO"]


def test_no_script_stands_in_a_page(client: Client) -> None:
    sign_in(client, member())
    for name in ("mfa_add_webauthn", "mfa_index"):
        page = client.get(at(name, "fr"))
        scripts = re.findall(r"<script[^>]*>", page.content.decode())
        assert all(" src=" in tag or "application/json" in tag for tag in scripts)
        assert "script-src 'self'" in page["Content-Security-Policy"]


@LANGUAGES
def test_signing_up_with_a_code(client: Client, language: str) -> None:
    form = {"email": "Nouvelle@Exemple.ca", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(at("account_signup", language), form)
    confirm = at("account_email_verification_sent", language)
    assert (answer.status_code, answer["Location"]) == (302, confirm)
    wrong = client.post(confirm, {"code": "BBBB-BBBB"})
    assert wrong.status_code == 200
    right = client.post(confirm, {"code": last_code()})
    assert right["Location"] == at("workspace", language)
    person = User.objects.get(email="nouvelle@exemple.ca")
    assert person.language == language
    assert client.get(right["Location"]).status_code == 200
    sent = last_mail()
    assert sent.to == ["nouvelle@exemple.ca"]
    assert ("Bonjour" if language == "fr" else "Hello") in str(sent.body)
    html = str(sent.alternatives[0][0])
    assert f'<html lang="{language}">' in html
    assert f"<b>{CODE.search(str(sent.body)).group()}</b>" in html  # type: ignore[union-attr]


@LANGUAGES
def test_signing_in_with_a_mailed_code(client: Client, language: str) -> None:
    person = member(language)
    answer = client.post(at("account_request_login_code", language), {"email": person.email})
    assert answer["Location"] == at("account_confirm_login_code", language)
    done = client.post(answer["Location"], {"code": last_code()})
    assert done["Location"] == at("workspace", language)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_new_password_by_a_mailed_code(client: Client) -> None:
    person = member()
    answer = client.post(at("account_reset_password", "fr"), {"email": person.email})
    assert answer["Location"] == at("account_confirm_password_reset_code", "fr")
    chosen = client.post(answer["Location"], {"code": last_code()})
    assert chosen["Location"] == at("account_complete_password_reset", "fr")
    assert client.get(chosen["Location"]).status_code == 200
    done = client.post(chosen["Location"], {"password1": OTHER, "password2": OTHER})
    assert done["Location"] == at("account_password_reset_completed", "fr")
    person.refresh_from_db()
    assert person.check_password(OTHER)
    assert last_mail().subject == "Votre mot de passe a changé"


def test_an_address_changes_once_confirmed_and_the_old_one_is_told(client: Client) -> None:
    person = member()
    old = person.email
    sign_in(client, person)
    page = at("account_email", "fr")
    asked = client.post(page, {"email": "autre@exemple.ca", "action_add": ""})
    assert asked["Location"] == at("account_email_verification_sent", "fr")
    assert last_mail().to == ["autre@exemple.ca"]
    person.refresh_from_db()
    assert person.email == old
    client.post(asked["Location"], {"code": last_code()})
    person.refresh_from_db()
    assert person.email == "autre@exemple.ca"
    told = last_mail()
    assert told.to == [old]
    assert f"était {old}" in str(told.body)
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "primary")) == [
        ("autre@exemple.ca", True)
    ]


def test_a_mail_is_in_the_persons_language_not_the_pages(client: Client) -> None:
    person = member("en")
    client.post(at("account_request_login_code", "fr"), {"email": person.email})
    assert last_mail().subject == "Your code to sign in"
    Client().post(at("account_request_login_code", "fr"), {"email": "inconnue@exemple.ca"})
    assert last_mail().subject == "Aucun compte n’a cette adresse"
    row = Message.objects.order_by("pk").last()
    assert row is not None
    assert (row.event, row.user, row.language) == ("account_email_unknown_account", None, "fr")


def test_a_browser_with_a_strange_name_makes_no_link_in_a_mail(client: Client) -> None:
    person = member()
    sign_in(client, person)
    client.post(
        at("account_change_password", "fr"),
        {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER},
        headers={"user-agent": "<b>https://ailleurs.example/</b>\r\nBcc: x@y.z"},
    )
    sent = last_mail()
    html = str(sent.alternatives[0][0])
    assert "<b>https" not in html
    assert 'href="https://ailleurs' not in html
    assert sent.bcc == []


def test_sessions_are_listed_and_closed(client: Client) -> None:
    person, elsewhere, stranger = member(), Client(), Client()
    for browser in (client, elsewhere):
        sign_in(browser, person)
    sign_in(stranger, member())
    theirs = UserSession.objects.get(session_key=elsewhere.session.session_key)
    page = client.get(at("usersessions_list", "fr"))
    assert page.content.decode().count("link-button") == 1
    assert stranger.post(at("session_end", "fr", theirs.pk)).status_code == 404
    closed = client.post(at("session_end", "fr", theirs.pk), follow=True)
    assert "Cette session est fermée" in closed.content.decode()
    assert elsewhere.get(at("workspace", "fr")).status_code == 302
    assert client.get(at("workspace", "fr")).status_code == 200


def enrol(person: User) -> str:
    """An app of the person; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code_of(secret: str) -> str:
    import time

    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


def test_the_second_factor_is_asked_and_a_code_of_the_app_opens(client: Client) -> None:
    person = member()
    secret = enrol(person)
    answer = client.post(at("account_login", "fr"), {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == at("mfa_authenticate", "fr")
    assert "_auth_user_id" not in client.session
    wrong = client.post(answer["Location"], {"code": "000000"})
    assert "Incorrect" not in wrong.content.decode()
    assert "_auth_user_id" not in client.session
    client.post(answer["Location"], {"code": code_of(secret)})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
