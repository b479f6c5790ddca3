"""The city's people work with a second factor, and are brought back to where they were going."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from core.accounts import roles
from core.accounts.models import User
from core.languages import LANGUAGES
from tests import factories
from tests.core.test_account_pages import PASSWORD, at, code_of, enrol, sign_in

pytestmark = pytest.mark.django_db


def staff(*groups: str, **fields: Any) -> User:
    """Somebody of the city who has no second factor yet."""
    person = factories.make_user("ville", *groups, **fields)
    Authenticator.objects.filter(user=person).delete()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize("role", roles.ADMIN_DOOR)
def test_no_role_of_the_city_enters_the_administration_without(client: Client, role: str) -> None:
    client.force_login(staff(role))
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_the_citys_own_pages_ask_for_it_too(client: Client) -> None:
    challenge = factories.make_challenge(factories.timezone.now())
    client.force_login(staff(roles.CHALLENGE_MANAGERS))
    page = reverse("city_challenge", args=[challenge.slug])
    assert client.get(page)["Location"] == reverse("mfa_index")
    posted = client.post(reverse("city_assign", args=[challenge.slug]))
    assert posted["Location"] == reverse("mfa_index")
    assert client.get(reverse("workspace")).status_code == 200
    pilot = factories.make_pilot(factories.make_startup())
    client.force_login(staff(roles.PILOT_MANAGERS))
    assert client.get(reverse("pilotdesk", args=[pilot.slug]))["Location"] == reverse("mfa_index")


def test_a_jury_and_a_startup_are_not_asked(client: Client) -> None:
    owner = factories.make_user("proprio")
    pilot = factories.make_pilot(factories.make_startup(owner))
    client.force_login(owner)
    assert client.get(reverse("pilotdesk", args=[pilot.slug])).status_code == 200
    client.force_login(factories.jury_member())
    assert client.get(reverse("city_challenges")).status_code == 403


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_an_app_and_a_key_both_serve(client: Client, kind: str) -> None:
    person = staff(roles.ADMINISTRATORS)
    Authenticator.objects.create(user=person, type=kind, data={})
    client.force_login(person)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_do_not(client: Client) -> None:
    person = staff(roles.ADMINISTRATORS)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(person)
    assert client.get("/admin/").status_code == 302


def test_a_demonstration_account_is_only_told_and_only_in_development(
    client: Client, settings: Any
) -> None:
    client.force_login(staff(roles.ADMINISTRATORS, is_demo=True))
    assert client.get("/admin/").status_code == 302
    settings.DEBUG = True
    assert "second facteur" in client.get("/admin/").content.decode()


def test_from_the_sign_in_to_the_administration(client: Client) -> None:
    person = staff(roles.CHALLENGE_MANAGERS)
    sign_in(client, person)
    target = "/admin/account/?from=mail"
    page = client.get(target, follow=True)
    assert page.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "L’équipe de la ville travaille avec un second facteur" in page.content.decode()
    form = client.get(reverse("mfa_activate_totp"))
    secret = form.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    html = done.content.decode()
    assert 'href="/admin/account/?from=mail"' in html
    assert client.get(target).status_code == 200
    assert "/admin/account/?from=mail" not in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recovery_code_opens_once(client: Client, language: str) -> None:
    person = staff()
    enrol(person)
    code, *_others = RecoveryCodes.activate(person).get_unused_codes()
    sign_in_page, factor_page = at("account_login", language), at("mfa_authenticate", language)

    def enters(with_code: str) -> bool:
        browser = Client()
        password = {"login": person.email, "password": PASSWORD}
        assert browser.post(sign_in_page, password)["Location"] == factor_page
        browser.post(factor_page, {"code": with_code})
        return "_auth_user_id" in browser.session

    assert enters(code)
    assert not enters(code)
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    assert code not in RecoveryCodes(kept).get_unused_codes()
