"""An organisation claims its listing by its domain; a visitor's correction is accepted by one."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "listing": "/fr/incubateurs/maison-des-essais-fr/",
        "mine": "C’est mon organisation",
        "claim": "Revendiquer avec direction@maison-LANG.example",
        "document": "Par un document",
        "claimed": "est maintenant la fiche de Atelier exemple",
        "wrong": "Proposer une correction",
        "correct": "année de fondation",
        "send": "Envoyer la correction",
        "sent": "Votre correction est envoyée",
        "fast": "L’envoi a été très rapide",
        "waits": "Comparer et répondre",
        "accept": "Accepter et publier",
        "done": "La correction est acceptée",
        "history": "Ce qui a changé sur cette page",
        "mail": "Merci : votre correction de « Maison des essais » est faite",
    },
    "en": {
        "listing": "/en/incubators/maison-des-essais-en/",
        "mine": "This is my organisation",
        "claim": "Claim with direction@maison-LANG.example",
        "document": "By a document",
        "claimed": "is now the listing of Atelier exemple",
        "wrong": "Propose a correction",
        "correct": "founded in",
        "send": "Send the correction",
        "sent": "Your correction is sent",
        "fast": "This was sent very fast",
        "waits": "Compare and answer",
        "accept": "Accept and publish it",
        "done": "The correction is accepted",
        "history": "What changed on this page",
        "mail": "Thank you: your correction of “Maison des essais” is made",
    },
}
MAKE = (
    "from startups.models import Incubator; from allauth.account.models import EmailAddress;"
    "from core.accounts.models import User;"
    "Incubator.objects.create(slug='maison-des-essais-LANG', name='Maison des essais',"
    " kind='space', website='https://maison-LANG.example/', summary_fr='x', summary_en='x',"
    " about_fr='x', about_en='x', founded_year=2015, live=True);"
    "u = User.objects.get(email='incubateur@demo.test');"
    "EmailAddress.objects.create(user=u, email='direction@maison-LANG.example', verified=True)"
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_claim_by_the_domain_then_a_correction(
    site: RunningSite, visit: Person, language: str
) -> None:
    words = WORDS[language]
    site.shell(MAKE.replace("LANG", language))
    member = visit.open(language, "incubateur")
    member.goto(words["listing"])
    no_violation(member)
    member.get_by_role("link", name=words["mine"]).click()
    seen(member, words["document"])
    no_violation(member)
    press(member, words["claim"].replace("LANG", language))
    seen(member, words["claimed"])

    reader = visit.open(language)
    reader.goto(words["listing"])
    reader.get_by_role("link", name=words["wrong"]).click()
    no_violation(reader)
    reader.get_by_role("link", name=words["correct"]).click()
    no_violation(reader)
    reader.locator("[name=value]").fill("2016")
    reader.locator("[name=source]").fill("Leur rapport annuel")
    reader.locator("[name=email]").fill(f"lecture-{language}@public.example")
    reader.wait_for_timeout(3500)  # a person reads; what is sent at once is sent back
    press(reader, words["send"])
    seen(reader, words["sent"])
    no_violation(reader)

    member.goto(f"/{language}/")
    member.goto({"fr": "/fr/espace/", "en": "/en/workspace/"}[language])
    member.get_by_role("link", name=words["waits"]).first.click()
    no_violation(member)
    member.get_by_role("button", name=words["accept"]).click()
    seen(member, words["done"])
    site.wait_for_mail(words["mail"])
    reader.goto(words["listing"])
    reader.locator("summary", has_text=words["history"]).click()
    seen(reader, "2016")
    no_violation(reader)
