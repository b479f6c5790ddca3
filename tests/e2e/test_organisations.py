"""Somebody finds their organisation here already, asks to join it, and is let in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "home": "/fr/espace/organisations/",
        "begin": "Créer ou rejoindre une organisation",
        "create": "Créer l’organisation",
        "here": "Cette organisation est peut-être déjà ici",
        "join": "Demander à s’y joindre",
        "send": "Envoyer la demande",
        "sent": "Votre demande d’adhésion à Atelier Nordet est envoyée.",
        "asks": "demande à se joindre à Atelier Nordet",
        "answer": "Répondre",
        "accept": "Accepter",
        "in": "appartient maintenant à Atelier Nordet",
        "none": "Aucune demande n’attend.",
        "mail": "Vous appartenez maintenant à Atelier Nordet",
        "role": "Lecture",
    },
    "en": {
        "home": "/en/workspace/organisations/",
        "begin": "Create or join an organisation",
        "create": "Create the organisation",
        "here": "This organisation may be here already",
        "join": "Ask to join it",
        "send": "Send the request",
        "sent": "Your request to join Atelier Nordet is sent.",
        "asks": "asks to join Atelier Nordet",
        "answer": "Answer",
        "accept": "Accept",
        "in": "now belongs to Atelier Nordet",
        "none": "No request is waiting.",
        "mail": "You now belong to Atelier Nordet",
        "role": "Viewer",
    },
}


@pytest.mark.parametrize(("language", "newcomer"), [("fr", "startup2"), ("en", "incubateur")])
def test_asking_to_join(site: RunningSite, visit: Person, language: str, newcomer: str) -> None:
    words = WORDS[language]
    site.shell(
        "from core.accounts.models import User;"
        f"User.objects.filter(email='{newcomer}@demo.test').update(language='{language}')"
    )
    page = visit.open(language, newcomer)
    page.goto(words["home"])
    no_violation(page)
    page.get_by_role("link", name=words["begin"]).click()
    no_violation(page)
    page.locator("[name=name]").fill("ATELIER NORDET INC.")
    page.locator("[name=kind]").select_option("startup")
    press(page, words["create"])
    seen(page, words["here"])
    seen(page, "Atelier Nordet")
    no_violation(page)
    page.get_by_role("link", name=words["join"]).click()
    no_violation(page)
    page.locator("[name=message]").fill("Bonjour.")
    press(page, words["send"])
    seen(page, words["sent"])
    no_violation(page)

    owner = visit.open(language, "startup")
    seen(owner, words["asks"])
    owner.get_by_role("link", name=words["asks"]).first.click()
    seen(owner, f"{newcomer}@demo.test")
    no_violation(owner)
    owner.get_by_role("button", name=words["accept"]).click()
    seen(owner, words["in"])
    seen(owner, words["none"])
    no_violation(owner)

    site.wait_for_mail(words["mail"])
    page.goto(words["home"])
    mine = page.locator(".entry", has_text="Atelier Nordet").first
    expect(mine.locator(".tag")).to_have_text(words["role"])
