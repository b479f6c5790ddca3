"""Signing in through an identity provider, against a real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from cms.settings import base, environment
from cms.settings._apply import derived
from core import queue
from core.accounts.models import User
from tests import factories
from tests.core.identity_provider import IdentityProvider, asked, running_provider

pytestmark = pytest.mark.django_db
LOGIN = "/oidc/sso/login/"
BEGIN = f"{LOGIN}?process=login&next=/fr/espace/"


@pytest.fixture(scope="module")
def process() -> Iterator[IdentityProvider]:
    with running_provider() as provider:
        yield provider


def configured(url: str) -> environment.Environment:
    return environment.Environment(
        debug=True,
        oidc_server_url=url,
        oidc_client_id="banc",
        oidc_client_secret="secret-du-banc",
        oidc_name="Ville",
    )


@pytest.fixture
def provider(process: IdentityProvider, settings: Any) -> IdentityProvider:
    settings.SOCIALACCOUNT_PROVIDERS = base.identity_provider(configured(process.url))
    return process


def go(client: Client, provider: IdentityProvider, sub: str, begin: str = BEGIN) -> Any:
    """From the button of our page to the answer that comes back."""
    sent = client.post(begin)
    assert sent.status_code == 302
    assert sent["Location"].startswith(f"{provider.url}/oauth2/authorize?")
    back = provider.answer(sent["Location"], sub)
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def person_with(email: str, *, checked: bool) -> User:
    person = factories.make_user("membre")
    User.objects.filter(pk=person.pk).update(email=email)
    EmailAddress.objects.create(user=person, email=email, verified=checked, primary=True)
    return User.objects.get(pk=person.pk)


def test_the_button_stands_there_only_when_configured(client: Client, settings: Any) -> None:
    for page in ("/fr/compte/login/", "/en/account/signup/"):
        assert "/oidc/" not in client.get(page).content.decode()
    assert client.post(BEGIN).status_code == 404
    settings.SOCIALACCOUNT_PROVIDERS = base.identity_provider(configured("http://127.0.0.1:9"))
    assert "Se connecter avec Ville" in client.get("/fr/compte/login/").content.decode()
    page = client.get("/en/account/login/?next=/en/workspace/organisations/").content.decode()
    assert "next=%2Fen%2Fworkspace%2Forganisations%2F" in page


def test_what_is_asked_of_the_provider(client: Client, provider: IdentityProvider) -> None:
    sent = client.post(BEGIN)["Location"]
    question = asked(sent)
    assert question["redirect_uri"] == "http://testserver/oidc/sso/login/callback/"
    assert question["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= question.keys()
    assert sorted(question["scope"].split()) == ["email", "openid", "profile"]


def test_a_first_sign_in_makes_an_account(client: Client, provider: IdentityProvider) -> None:
    provider.know("a1", email="Nouvelle@exemple.ca", email_verified=True, name="Prénom\u202e Nom")
    answer = go(client, provider, "a1", f"{LOGIN}?process=login&next=/en/workspace/")
    assert answer["Location"] == "/en/workspace/"
    person = User.objects.get(email="nouvelle@exemple.ca")
    assert (person.name, person.language) == ("Prénom Nom", "en")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    assert client.session["_auth_user_id"] == str(person.pk)
    again = Client()
    provider.know("a1", email="nouvelle@exemple.ca", email_verified=False)
    assert go(again, provider, "a1")["Location"] == "/fr/espace/"
    assert User.objects.filter(email__startswith="nouvelle").count() == 1


def test_a_checked_address_is_linked_to_its_account(
    client: Client, provider: IdentityProvider
) -> None:
    person = person_with("membre@exemple.ca", checked=True)
    provider.know("a2", email="membre@exemple.ca", email_verified=True)
    assert go(client, provider, "a2")["Location"] == "/fr/espace/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert SocialAccount.objects.get(uid="a2").user == person
    person.refresh_from_db()
    assert person.check_password("motdepasse")
    queue.drain()
    assert mail.outbox[-1].subject == "Une autre manière de vous connecter a été ajoutée"


def test_who_took_an_address_before_its_owner_is_put_out(
    client: Client, provider: IdentityProvider
) -> None:
    person = person_with("prise@exemple.ca", checked=False)
    provider.know("a3", email="prise@exemple.ca", email_verified=True)
    go(client, provider, "a3")
    person.refresh_from_db()
    assert not person.check_password("motdepasse")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "autre@exemple.ca", "email_verified": False},
        {"email": "autre@exemple.ca"},
        {"email": "autre@exemple.ca", "email_verified": "false"},
        {},
        {"email": "autre@ex\u0430mple.ca", "email_verified": True},
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_an_address_that_is_not_checked_opens_nothing(
    client: Client, provider: IdentityProvider, claims: dict[str, Any], known: bool
) -> None:
    if known:
        person_with("autre@exemple.ca", checked=True)
    before = User.objects.count()
    provider.know("a4", **claims)
    answer = go(client, provider, "a4")
    assert answer.status_code == 403
    assert "Votre adresse n’est pas vérifiée" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_the_second_factor_is_asked_all_the_same(
    client: Client, provider: IdentityProvider
) -> None:
    person = person_with("ville@exemple.ca", checked=True)
    factories.Authenticator.objects.create(user=person, type="totp", data={})
    provider.know("a5", email="ville@exemple.ca", email_verified=True)
    assert go(client, provider, "a5")["Location"].startswith("/fr/compte/2fa/authenticate/")
    assert "_auth_user_id" not in client.session


def test_a_sign_in_that_was_not_begun_here(client: Client, provider: IdentityProvider) -> None:
    provider.know("a6", email="victime@exemple.ca", email_verified=True)
    thief = Client()
    sent = thief.post(BEGIN)["Location"]
    back = urlsplit(provider.answer(sent, "a6"))
    answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 400
    assert "La connexion n’a pas abouti" in answer.content.decode()
    for query in ("", "?state=faux&code=faux", "?error=server_error"):
        assert client.get(f"{back.path}{query}").status_code == 400
    assert User.objects.filter(email="victime@exemple.ca").count() == 0


def test_a_token_made_for_another_sign_in(client: Client, provider: IdentityProvider) -> None:
    provider.know("a7", email="rejeu@exemple.ca", email_verified=True)
    sent = client.post(BEGIN)["Location"]
    nonce = asked(sent)["nonce"]
    back = urlsplit(provider.answer(sent.replace(nonce, "un-autre-nombre"), "a7"))
    answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


def test_a_code_serves_once(client: Client, provider: IdentityProvider) -> None:
    provider.know("a8", email="deux@exemple.ca", email_verified=True)
    back = urlsplit(provider.answer(client.post(BEGIN)["Location"], "a8"))
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 400


def test_who_gives_up_reads_so(client: Client, provider: IdentityProvider) -> None:
    english = f"{LOGIN}?process=login&next=/en/workspace/"
    back = urlsplit(provider.answer(client.post(english)["Location"], deny=True))
    state = asked(client.post(english)["Location"])["state"]
    query = back.query if "state=" in back.query else f"{back.query}&state={state}"
    answer = client.get(f"{back.path}?{query}")
    assert answer.status_code == 200
    assert "You gave the sign-in up" in answer.content.decode()


def test_a_provider_that_is_down(client: Client, settings: Any) -> None:
    with running_provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = base.identity_provider(configured(provider.url))
        provider.know("a9", email="panne@exemple.ca", email_verified=True)
        back = urlsplit(provider.answer(client.post(BEGIN)["Location"], "a9"))
    for answer in (client.post(BEGIN), client.get(f"{back.path}?{back.query}")):
        assert answer.status_code == 503
        assert "Ville ne répond pas" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_policy_lets_the_form_reach_the_provider() -> None:
    made = derived(configured("https://identite.ville.example/royaume"))
    allowed = made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]
    assert "https://identite.ville.example" in allowed
