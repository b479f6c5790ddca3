"""The pages of an account, in our own design and in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cms.page_cache import pages
from core import queue
from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "un-mot-assez-long-42"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_entrance_pages(client: Client, language: str, name: str) -> None:
    with translation.override(language):
        response = client.get(reverse(name))
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert '<button type="submit"' in html.replace("\n", "")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "mfa_index", "usersessions_list", "workspace"],
)
def test_pages_of_a_signed_in_person(client: Client, language: str, name: str) -> None:
    client.force_login(factories.make_user("membre"))
    with translation.override(language):
        response = client.get(reverse(name))
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()


def test_signing_up_asks_for_the_code_that_was_mailed(client: Client) -> None:
    response = client.post(
        "/fr/compte/signup/",
        {"email": "Nouvelle@Exemple.ca", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert response.status_code == 302
    user = User.objects.get(email="nouvelle@exemple.ca")
    assert user.language == "fr"
    queue.drain()
    assert [m.to for m in mail.outbox] == [["nouvelle@exemple.ca"]]


def test_a_demo_account_is_closed_when_debug_is_off(client: Client) -> None:
    User.objects.create_user("startup@demo.test", "essai-demo", is_demo=True)
    response = client.post(
        "/fr/compte/login/", {"login": "startup@demo.test", "password": "essai-demo"}
    )
    assert response.status_code == 200
    assert "fermés sur ce site" in response.content.decode()


def test_a_page_of_the_workspace_asks_to_sign_in_and_comes_back(client: Client) -> None:
    response = client.get("/fr/espace/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/fr/compte/login/?next=/fr/espace/"


def test_a_person_chooses_the_language_of_their_mail(client: Client) -> None:
    person = factories.make_user("membre")
    client.force_login(person)
    address = reverse("preferences")
    answer = client.post(address, {"name": "Membre", "language": "en"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    person.refresh_from_db()
    assert (person.name, person.language) == ("Membre", "en")
    line = AuditEntry.objects.get(action="person.preferences_changed")
    assert line.actor_id == person.pk
    assert sorted(line.public["fields"]) == ["language", "name"]
    wrong = client.post(address, {"name": "M" * 151, "language": "es"})
    assert wrong.status_code == 422
    assert b'value="' + b"M" * 151 in wrong.content
    person.refresh_from_db()
    assert (person.name, person.language) == ("Membre", "en")


@pytest.mark.parametrize(
    "path",
    ["/admin/login/", "/admin/password_reset/", "/fr/_util/login/", "/en/_util/login/"],
)
def test_there_is_one_way_in(client: Client, path: str) -> None:
    person = factories.make_user("membre", roles.ADMINISTRATORS)
    person.set_password(PASSWORD)
    person.save()
    posted = {"username": person.email, "password": PASSWORD}
    for answer in (client.get(path), client.post(path, posted)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(("/fr/compte/", "/en/account/"))
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/")["Location"].startswith("/fr/compte/login/")


def test_a_part_of_a_page_is_never_kept_as_the_page(client: Client, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 60
    pages.clear()
    part = client.get("/fr/defis/", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]
    whole = client.get("/fr/defis/")
    assert b"<html" in whole.content
    assert b"<html" not in client.get("/fr/defis/", headers={"HX-Request": "true"}).content
    pages.clear()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb", "ab"),
        ("a\x00b", "ab"),
        ("une\nligne\r\nBcc: x@y.ca", "une ligne Bcc: x@y.ca"),
        ("Zoë   Ø’Néill", "Zoë Ø’Néill"),
    ],
)
def test_the_name_others_read_is_cleaned(client: Client, typed: str, kept: str) -> None:
    person = factories.make_user("avant")
    client.force_login(person)
    with translation.override("fr"):
        answer = client.post(reverse("preferences"), {"name": typed, "language": "fr"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.name == kept


@pytest.mark.parametrize("typed", ["аррle Inc", "x" * 10_000, "…"])
def test_a_name_that_cannot_be_kept_is_said(client: Client, typed: str) -> None:
    person = factories.make_user("avant")
    client.force_login(person)
    with translation.override("fr"):
        answer = client.post(reverse("preferences"), {"name": typed, "language": "en"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    person.refresh_from_db()
    assert (person.name, person.language) == ("avant", "fr")
