"""Somebody takes a copy of their data, then erases their account, in a real browser."""

from __future__ import annotations

import json
import zipfile

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "link": "Mes données",
        "ask": "Demander une copie de mes données",
        "asked": "Votre copie se prépare",
        "mail": "La copie de vos données est prête",
        "take": "Télécharger mes données",
        "readme": "Vos données à Banc d’essai",
        "file": "mes-donnees-",
        "erase": "Effacer mon compte",
        "stays": "le journal ne peut être modifié",
        "word": "effacer",
        "wrong": "Rien n’a été effacé.",
        "do": "Effacer mon compte pour de bon",
        "done": "Votre compte est effacé",
        "home": "/fr/espace/",
        "login": "/fr/compte/login/",
    },
    "en": {
        "link": "My data",
        "ask": "Ask for a copy of my data",
        "asked": "Your copy is being made",
        "mail": "The copy of your data is ready",
        "take": "Download my data",
        "readme": "Your data at Banc d’essai",
        "file": "my-data-",
        "erase": "Erase my account",
        "stays": "the log cannot be edited",
        "word": "erase",
        "wrong": "Nothing was erased.",
        "do": "Erase my account for good",
        "done": "Your account is erased",
        "home": "/en/workspace/",
        "login": "/en/account/login/",
    },
}


def newcomer(site: RunningSite, language: str) -> str:
    """An account with a confirmed address, in no organisation."""
    name = f"depart-{language}"
    site.shell(
        "from core.accounts.models import User;"
        "from allauth.account.models import EmailAddress;"
        f"u = User.objects.create_user('{name}@demo.test', 'essai-demo', name='Départ',"
        f" language='{language}', is_demo=True);"
        "EmailAddress.objects.create(user=u, email=u.email, verified=True, primary=True)"
    )
    return name


@pytest.mark.parametrize("language", ["fr", "en"])
def test_export_then_erase(site: RunningSite, visit: Person, language: str) -> None:
    words, name = WORDS[language], newcomer(site, language)
    page = visit.open(language, name)
    page.get_by_role("link", name=words["link"], exact=True).click()
    no_violation(page)
    press(page, words["ask"])
    seen(page, words["asked"])
    no_violation(page)
    site.wait_for_mail(words["mail"])
    page.reload()
    no_violation(page)
    with page.expect_download() as arriving:
        page.get_by_role("link", name=words["take"]).click()
    assert arriving.value.suggested_filename.startswith(words["file"])
    with zipfile.ZipFile(arriving.value.path()) as archive:
        assert archive.testzip() is None
        assert words["readme"] in archive.read("README.txt").decode("utf-8-sig")
        (account,) = json.loads(archive.read("json/account.json"))
    assert (account["email"], account["name"]) == (f"{name}@demo.test", "Départ")

    page.get_by_role("link", name=words["erase"], exact=True).click()
    seen(page, words["stays"])
    no_violation(page)
    page.locator("[name=word]").fill("non")
    press(page, words["do"])
    seen(page, words["wrong"])
    no_violation(page)
    page.locator("[name=word]").fill(words["word"])
    press(page, words["do"])
    seen(page, words["done"])
    no_violation(page)
    page.goto(words["home"])
    expect(page).to_have_url(f"{site.url}{words['login']}?next={words['home']}")
    site.wait_for_mail(f"{name}@demo.test\n{words['done']}")
    left = site.shell(
        "from core.accounts.models import User;"
        f"print(User.objects.filter(email='{name}@demo.test').count())"
    )
    assert left == "0"
    site.manage("verify_audit")
