"""What allauth writes is an event of our catalogue: its words, its person, its language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.mail_events import CODES, DONE, event_of
from core.accounts.models import User
from core.notifications.enums import MessageState
from core.notifications.events import Event, catalogue, opens_an_account
from core.notifications.models import Message, Notice
from core.notifications.rendering import Words, built_in, problems_of
from core.notifications.safe_templates import Part
from core.notifications.variables import Code
from core.notifications.wording import save_words, standing
from tests import factories
from tests.core.test_account_pages import at, last_mail, member

pytestmark = pytest.mark.django_db
THEIRS = Path(allauth.__file__).parent
NEVER_SENT_HERE = {
    # A code is sent in its stead: password_reset_code.
    "account/email/password_reset_key": "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED",
}
OURS = sorted(event.name for event in catalogue if event.opens_an_account)
LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"
MORE = {
    "account_email_email_changed": {"from_email": "ancienne@b.ca", "to_email": "neuve@b.ca"},
    "account_email_email_deleted": {"deleted_email": "ancienne@b.ca"},
    "socialaccount_email_account_connected": {"provider": "Ville"},
    "socialaccount_email_account_disconnected": {"provider": "Ville"},
}


def mails_of_allauth() -> set[str]:
    """What the installed parts of allauth send: by their templates, and by their code."""
    labels = [app.name.split(".")[1] for app in apps.get_app_configs() if "allauth." in app.name]
    found = set()
    for label in labels:
        folder = THEIRS / "templates" / label / "email"
        for subject in folder.glob("*_subject.txt"):
            found.add(f"{label}/email/{subject.name.removesuffix('_subject.txt')}")
        for source in (THEIRS / label).rglob("*.py"):
            if "tests" not in source.parts:
                found |= set(re.findall(rf'"({label}/email/\w+)"', source.read_text("utf-8")))
    return found


def prefix_of(event: str) -> str:
    return event.replace("_email_", "/email/", 1)


def test_each_mail_that_allauth_sends_is_an_event() -> None:
    theirs = mails_of_allauth()
    assert {"account/email/login_code", "mfa/email/totp_activated"} <= theirs
    assert {prefix_of(name) for name in OURS} == theirs - set(NEVER_SENT_HERE)
    assert set(NEVER_SENT_HERE) < theirs
    assert all(getattr(settings, setting) for setting in NEVER_SENT_HERE.values())
    # The mail that confirms an address has a code and no link.
    assert settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED


def test_a_mail_without_an_event_is_not_sent_in_silence() -> None:
    with pytest.raises(KeyError, match="account_email_of_tomorrow"):
        get_adapter().send_mail("account/email/of_tomorrow", "a@b.ca", {})
    assert not Message.objects.exists()


def test_each_of_ours_is_always_sent_at_once_and_for_its_person_alone() -> None:
    for name in OURS:
        event = catalogue[name]
        assert event.is_transactional
        assert event.newest is None
        assert opens_an_account(name)
        assert event_of(prefix_of(name)) is event
    assert not opens_an_account("invitation")
    assert not opens_an_account("account_erased")


def sent(prefix: str, to: str, given: dict[str, Any], language: str, agent: str = AGENT) -> Message:
    """The row that allauth's own code writes from a page in ``language``."""
    request = RequestFactory().post(at("account_login", language), headers={"user-agent": agent})
    request.user = AnonymousUser()
    person = User.objects.filter(email=to).first()
    with request_context(request), translation.override(language):
        if prefix.replace("/", "_") in DONE:
            get_adapter().send_notification_mail(prefix, person, given)
        else:
            get_adapter().send_mail(prefix, to, {"request": request, **given})
    return Message.objects.latest("pk")


def given_to(event: str) -> dict[str, Any]:
    return {"code": "ABCD-EFGH"} if event in CODES else dict(MORE.get(event, {}))


@LANGUAGES
@pytest.mark.parametrize("event", OURS)
def test_it_is_written_in_the_persons_language_and_says_what_it_has_to(
    event: str, language: str
) -> None:
    person = member(language)
    other = "en" if language == "fr" else "fr"
    row = sent(prefix_of(event), person.email, given_to(event), other)
    assert (row.event, row.user, row.to_email) == (event, person, person.email)
    assert (row.language, row.state, row.batch) == (language, MessageState.QUEUED, "")
    assert row.subject == built_in(event, language).subject.strip()
    greeting = {"fr": "Bonjour,", "en": "Hello,"}[language]
    assert row.text.startswith(f"{greeting}\n\n")
    for value in given_to(event).values():
        assert value in row.text
        assert value in row.html
    links = re.findall(r"http://\S+", row.text)
    if event in CODES:
        assert "\n\nABCD-EFGH\n\n" in row.text
        assert "<p><b>ABCD-EFGH</b></p>" in row.html
        assert links == []
    for link in links:
        assert f'<a href="{link}">' in row.html
        assert Client().get(link).status_code == 200
    if event in DONE:
        assert links == [f"http://localhost:8000{at('account_reset_password', language)}"]
        assert "127.0.0.1" in row.text
        assert f"\n{AGENT}\n" in row.text
        assert AGENT in row.html
    # Whoever sits at an open session reads no code behind the bell.
    assert not Notice.objects.exists()


@LANGUAGES
def test_nobody_is_written_to_in_the_language_of_the_page(language: str) -> None:
    row = sent("account/email/unknown_account", "inconnue@exemple.ca", {}, language)
    assert (row.user, row.to_email, row.language) == (None, "inconnue@exemple.ca", language)
    assert f"http://localhost:8000{at('account_signup', language)}" in row.text


def test_an_address_that_the_account_has_no_more_is_told() -> None:
    person = member()
    request = RequestFactory().post("/fr/", headers={"user-agent": AGENT})
    request.user = person
    with request_context(request):
        get_adapter().send_notification_mail(
            "account/email/email_changed",
            person,
            {"from_email": "ancienne@b.ca", "to_email": person.email},
            email="ancienne@b.ca",
        )
    row = Message.objects.get()
    assert (row.to_email, row.user) == ("ancienne@b.ca", person)


@pytest.mark.parametrize("agent", ["", "Unspecified"])
def test_a_browser_that_says_nothing_of_itself(agent: str) -> None:
    row = sent("account/email/password_changed", member().email, {}, "fr", agent)
    assert "avec ce navigateur\u00a0:\nnon nommé\n" in row.text


def test_each_is_a_message_of_its_own() -> None:
    person = member()
    rows = [
        sent("account/email/login_code", person.email, {"code": code}, "fr")
        for code in ("ABCD-EFGH", "ABCD-EFGH")
    ]
    assert rows[0].pk != rows[1].pk
    assert rows[0].message_id != rows[1].message_id


class TestWhatStaffMayWriteOfACode:
    EVENT = "account_email_login_code"
    WORDS = Words("Objet\n", "Voici\u00a0: {{ code }}\n", "<p>Voici\u00a0: <b>{{ code }}</b></p>\n")

    def test_words_with_the_code(self) -> None:
        assert problems_of(self.EVENT, self.WORDS) == {}

    @pytest.mark.parametrize("part", [Part.TEXT, Part.HTML])
    def test_words_without_it_are_of_no_use(self, part: Part) -> None:
        lacking = self.WORDS._replace(**{part.value: "Voici"})
        said = problems_of(self.EVENT, lacking)[part]
        assert said == ["Sans {{ code }}, ce message ne sert à rien."]
        neither = lacking._replace(text="Voici", html="Voici")
        assert set(problems_of(self.EVENT, neither)) == {Part.TEXT, Part.HTML}

    @pytest.mark.parametrize(
        "subject", ["Code {{ code }}", "{% if code == 'ABCD-EFGH' %}oui{% else %}non{% endif %}"]
    )
    def test_the_subject_is_read_by_others(self, subject: str) -> None:
        problems = problems_of(self.EVENT, self.WORDS._replace(subject=subject))
        assert problems == {
            Part.SUBJECT: [
                "Ligne 1\u00a0: un code ne se dit pas dans l’objet, que d’autres voient."
            ]
        }


def test_a_declaration_that_would_show_a_code_is_refused() -> None:
    code = {"code": Code("", example="ABCD-EFGH")}
    with pytest.raises(ValueError, match="opens an account"):
        Event(name="e", label="", audience="person", variables=code)
    with pytest.raises(ValueError, match="declared ones"):
        Event(
            name="e",
            label="",
            audience="person",
            variables=code,
            opens_an_account=True,
            newest=lambda: {"code": "ABCD-EFGH"},
        )


def test_the_words_of_staff_are_those_of_the_mail(client: Client) -> None:
    save_words(
        event="account_email_login_code",
        language="fr",
        words=TestWhatStaffMayWriteOfACode.WORDS,
        seen=standing("account_email_login_code", "fr").fingerprint,
        actor=factories.make_user("redaction", roles.EDITORS),
        now=timezone.now(),
    )
    person = member()
    asked = client.post(at("account_request_login_code", "fr"), {"email": person.email})
    mail = last_mail()
    assert mail.subject == "Objet"
    found = re.search(r"^Voici\u00a0: ([A-Z]{4}-[A-Z]{4})$", str(mail.body), re.MULTILINE)
    assert found is not None
    client.post(asked["Location"], {"code": found[1]})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert EmailAddress.objects.get(user=person).verified
