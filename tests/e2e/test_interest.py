"""A startup shows interest, the incubator answers from its inbox, the startup reads it; and a need
is answered without an address being shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "program": "/fr/programmes/cohorte-exemple/",
        "show": "Manifester son intérêt",
        "read": "Relire la copie",
        "before": "Relisez avant d’envoyer",
        "send": "Envoyer",
        "sent": "Votre profil est envoyé",
        "waits": "intéresse",
        "inbox": "Ouvrir la boîte de réception",
        "say": "Envoyer le message",
        "said": "Votre message est envoyé à l’équipe de la jeune pousse.",
        "where": "Dire où on en est",
        "declined_needs": "Dites pourquoi",
        "stands": "Invitation envoyée",
        "mail": "a répondu à votre intérêt",
        "answered": "a répondu",
        "answer": "Lire la réponse",
        "ours": "/fr/espace/interets/",
        "board": "/fr/besoins/?kind=mentors",
        "need": "Une personne qui a négocié",
        "reply": "Répondre à ce besoin",
        "relayed": "Votre message est relayé",
        "relay_mail": "Un message de Atelier exemple",
        "file": "Télécharger en CSV",
        "desk": "Atelier exemple : votre page",
        "views": "Consultations par semaine",
    },
    "en": {
        "program": "/en/programs/cohorte-exemple/",
        "show": "Show interest",
        "read": "Read the copy",
        "before": "Read before you send",
        "send": "Send it",
        "sent": "Your profile is sent",
        "waits": "interested",
        "inbox": "Open the inbox",
        "say": "Send the message",
        "said": "Your message is sent to the startup’s team.",
        "where": "Say where it stands",
        "declined_needs": "Say why",
        "stands": "Invited",
        "mail": "answered your interest",
        "answered": "answered",
        "answer": "Read the answer",
        "ours": "/en/workspace/interests/",
        "board": "/en/needs/?kind=mentors",
        "need": "Someone who has negotiated",
        "reply": "Answer this need",
        "relayed": "Your message is relayed",
        "relay_mail": "A message from Atelier exemple",
        "file": "Download as CSV",
        "desk": "Atelier exemple: your page",
        "views": "Views per week",
    },
}
WITHDRAW = """
from core.accounts.models import User
from startups.models import Interest
Interest.objects.filter(startup__slug='atelier-nordet').delete()
User.objects.filter(email__in=['startup@demo.test', 'incubateur@demo.test']).update(language='{}')
"""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_interest_to_answer(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    site.shell(WITHDRAW.format(language))
    page = visit.open(language, "startup")
    page.goto(words["program"])
    no_violation(page)
    page.get_by_role("link", name=words["show"]).first.click()
    no_violation(page)
    page.locator("[name=solutions]").first.check()
    page.locator("[name=word]").fill("Deux hivers ailleurs, un troisième ici.")
    press(page, words["read"])
    seen(page, words["before"])
    seen(page, "Atelier Nordet")
    no_violation(page)
    press(page, words["send"])
    seen(page, words["sent"])
    no_violation(page)

    reader = visit.open(language, "incubateur")
    seen(reader, words["waits"])
    reader.get_by_role("link", name=words["inbox"]).first.click()
    no_violation(reader)
    with reader.expect_download() as saved:
        reader.get_by_role("link", name=words["file"]).click()
    assert "Atelier Nordet" in saved.value.path().read_text()
    reader.get_by_role("link", name="Atelier Nordet").click()
    seen(reader, "Deux hivers ailleurs")
    no_violation(reader)
    reader.locator("[name=text]").fill("Venez mardi.")
    press(reader, words["say"])
    seen(reader, words["said"])
    reader.locator("[name=to]").select_option("declined")
    press(reader, words["where"])
    seen(reader, words["declined_needs"])
    no_violation(reader)
    reader.locator("[name=to]").select_option("invited")
    press(reader, words["where"])
    seen(reader, words["stands"])
    site.wait_for_mail(words["mail"], "Venez mardi.")

    page.goto("/fr/espace/" if language == "fr" else "/en/workspace/")
    seen(page, words["answered"])
    page.get_by_role("link", name=words["answer"]).first.click()
    seen(page, "Venez mardi.")
    seen(page, words["stands"])
    no_violation(page)
    page.goto(words["ours"])
    expect(page.locator(".entry").first).to_contain_text(words["stands"])
    no_violation(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_need_is_answered_through_the_site(
    site: RunningSite, visit: Person, language: str
) -> None:
    words = WORDS[language]
    site.shell(WITHDRAW.format(language))
    page = visit.open(language, "incubateur")
    page.goto(words["board"])
    no_violation(page)
    page.get_by_role("link", name=words["need"]).click()
    no_violation(page)
    page.get_by_role("link", name=words["reply"]).click()
    page.locator("[name=text]").fill(f"Nous connaissons une telle personne ({language}).")
    no_violation(page)
    page.locator("main form button[type=submit]").first.click()
    seen(page, words["relayed"])
    no_violation(page)
    mails = site.wait_for_mail(words["relay_mail"], f"une telle personne ({language})")
    assert "incubateur@demo.test" not in "".join(
        mail for mail in mails.split("\n=====\n") if mail.startswith("startup@demo.test")
    )
    page.goto("/fr/espace/" if language == "fr" else "/en/workspace/")
    page.get_by_role("link", name=words["desk"]).click()
    seen(page, words["views"])
    no_violation(page)
