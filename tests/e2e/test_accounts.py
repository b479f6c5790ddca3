"""Accounts by the hands of their people: sign-up to first organisation, passkey, second factor."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser
PASSWORD = "neuf-canards-violets-42"
WORDS = {
    "fr": {
        "account": "/fr/compte",
        "workspace": "/fr/espace/",
        "organisations": "/fr/espace/organisations/",
        "code": "Votre code pour vérifier cette adresse",
        "create_account": "Créer le compte",
        "check": "Vérifiez votre adresse",
        "confirm": "Confirmer",
        "begin": "Créer ou rejoindre une organisation",
        "create": "Créer l’organisation",
        "created": "Vous en êtes propriétaire",
        "key_added": "La clé est ajoutée.",
        "sign_out": "Se déconnecter",
        "sign_in": "Se connecter",
        "factor": "L’équipe de la ville travaille avec un second facteur",
        "add_app": "Ajouter une application",
        "app": "Ajouter l’application",
        "codes": "Codes de secours",
        "back": "Revenir où vous alliez",
    },
    "en": {
        "account": "/en/account",
        "workspace": "/en/workspace/",
        "organisations": "/en/workspace/organisations/",
        "code": "Your code to check this address",
        "create_account": "Create the account",
        "check": "Check your address",
        "confirm": "Confirm",
        "begin": "Create or join an organisation",
        "create": "Create the organisation",
        "created": "is created: you own it",
        "key_added": "The key is added.",
        "sign_out": "Sign out",
        "sign_in": "Sign in",
        "factor": "The city’s team works with a second factor",
        "add_app": "Add an app",
        "app": "Add the app",
        "codes": "Recovery codes",
        "back": "Go back to where you were",
    },
}


def code_for(site: RunningSite, email: str, subject: str) -> str:
    """The code of the last mail to ``email``."""
    mails = site.wait_for_mail(f"{email}\n{subject}").split("\n=====\n")
    found = [re.search(r"^[A-Z]{4}-[A-Z]{4}$", m, re.MULTILINE) for m in mails if email in m]
    code = found[-1]
    assert code is not None
    return code.group()


def sign_up(site: RunningSite, visit: Person, language: str, email: str) -> Page:
    """A new person, their address checked, in their workspace."""
    words = WORDS[language]
    page = visit.open(language)
    page.goto(f"{words['account']}/signup/")
    no_violation(page)
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    press(page, words["create_account"])
    seen(page, words["check"])
    no_violation(page)
    page.locator("[name=code]").fill(code_for(site, email, words["code"]))
    press(page, words["confirm"])
    page.wait_for_url(f"**{words['workspace']}")
    return page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_nothing_to_a_first_organisation(
    site: RunningSite, visit: Person, language: str
) -> None:
    words = WORDS[language]
    page = sign_up(site, visit, language, f"premiere@atelier-{language}.ca")
    page.goto(words["organisations"])
    page.get_by_role("link", name=words["begin"]).click()
    name = {"fr": "Coopérative du Fleuve", "en": "Tramway Laboratory"}[language]
    page.locator("[name=name]").fill(name)
    page.locator("[name=kind]").select_option("startup")
    press(page, words["create"])
    seen(page, name)
    expect(page.locator(".notice").first).to_contain_text(name)
    no_violation(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_passkey_opens_the_account(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    page = sign_up(site, visit, language, f"cle.{language}@exemple.ca")
    hold_a_device(page)
    # Who has just signed up is not asked once more who they are.
    page.goto(f"{words['account']}/2fa/webauthn/add/")
    no_violation(page)
    page.locator("[name=name]").fill("Téléphone")
    page.locator("#passkey_go").click()
    seen(page, words["key_added"])
    page.goto(f"{words['account']}/2fa/webauthn/")
    seen(page, "Téléphone")
    no_violation(page)
    page.goto(f"{words['account']}/logout/")
    press(page, words["sign_out"])
    page.goto(f"{words['account']}/login/?next={words['organisations']}")
    no_violation(page)
    page.locator("#passkey_login").click()
    page.wait_for_url(f"**{words['organisations']}")


def hold_a_device(page: Page) -> None:
    """The device of the person, which says yes: Chromium's virtual authenticator."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_citys_people_add_a_second_factor_and_go_on(
    site: RunningSite, visit: Person, language: str
) -> None:
    words, email = WORDS[language], f"equipe.{language}@exemple.ca"
    site.shell(
        "from allauth.account.models import EmailAddress;"
        "from django.contrib.auth.models import Group;"
        "from core.accounts.models import User;"
        f"u = User.objects.create_user('{email}', '{PASSWORD}', language='{language}');"
        "u.groups.add(Group.objects.get(name='Administrators'));"
        f"EmailAddress.objects.create(user=u, email='{email}', verified=True, primary=True)"
    )
    page = visit.open(language)
    page.goto("/admin/reports/throw-away-addresses/")
    page.wait_for_url("**/login/**")
    page.goto(page.url.replace("/fr/compte/", f"{words['account']}/"))
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    press(page, words["sign_in"])
    seen(page, words["factor"])
    no_violation(page)
    page.get_by_role("link", name=words["add_app"]).click()
    no_violation(page)
    secret = page.locator("main .code").inner_text()
    page.locator("[name=code]").fill("000000")
    press(page, words["app"])
    expect(page.locator(".errors")).to_be_visible()
    page.locator("[name=code]").fill(f"{hotp_value(secret, int(time.time()) // 30):06d}")
    press(page, words["app"])
    seen(page, words["codes"])
    no_violation(page)
    page.get_by_role("link", name=words["back"]).click()
    page.wait_for_url("**/admin/reports/throw-away-addresses/")
    expect(page).to_have_title(re.compile("Adresses jetables|Throw-away addresses"))
