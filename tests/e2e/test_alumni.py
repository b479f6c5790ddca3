"""A startup says that it went through a program; the program confirms; anyone reads it on both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, seen

pytestmark = pytest.mark.browser
WORDS = {
    "fr": {
        "page": "Programmes et jeunes pousses",
        "say": "Nous y sommes passés",
        "asked": "rien n’est encore public",
        "mail": "à confirmer",
        "row": "Confirmer ou refuser",
        "so": "C’est exact",
        "shown": "l’affichent sur leurs fiches",
        "workspace": "/fr/espace/",
        "startup": "/fr/jeunes-pousses/{}/",
        "program": "/fr/programmes/residence-exemple/",
        "name": "Résidence d’atelier",
    },
    "en": {
        "page": "Programs and startups",
        "say": "We went through it",
        "asked": "is public yet",
        "mail": "To confirm",
        "row": "Confirm or refuse",
        "so": "It is so",
        "shown": "show it",
        "workspace": "/en/workspace/",
        "startup": "/en/startups/{}/",
        "program": "/en/programs/residence-exemple/",
        "name": "Workshop residency",
    },
}


def choose(page: Page, role: str, words: str) -> None:
    page.get_by_role(role, name=words).first.click()  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_say_it_then_anyone_reads_it(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    slug = site.shell(
        "from core.accounts.models import User;"
        f"User.objects.filter(email='incubateur@demo.test').update(language='{language}');"
        "from startups.models import AlumniTie, Startup;"
        "s = Startup.objects.get(organisation__memberships__user__email='startup2@demo.test');"
        "AlumniTie.objects.filter(startup=s).delete(); print(s.slug, s.name, sep='|')"
    )
    slug, name = slug.strip().split("|")
    founder = visit.open(language, "startup2")
    founder.goto(words["workspace"])
    choose(founder, "link", words["page"])
    no_violation(founder)
    founder.locator("#q").fill("exemple")
    founder.locator("#q").press("Enter")
    seen(founder, words["name"])
    no_violation(founder)
    found = founder.locator("form", has_text=words["name"])
    found.locator("[name=year]").fill("2025")
    found.get_by_role("button", name=words["say"]).click()
    seen(founder, words["asked"])
    site.wait_for_mail("incubateur@demo.test", words["mail"])

    host = visit.open(language, "incubateur")
    host.goto(words["workspace"])
    choose(host, "link", words["row"])
    seen(host, "2025")
    asked = host.locator("li.entry", has_text=name).filter(has_text=words["name"])
    asked.get_by_role("button", name=words["so"]).click()
    seen(host, words["shown"])
    no_violation(host)

    stranger = visit.open(language)
    stranger.goto(words["startup"].format(slug))
    seen(stranger, words["name"])
    no_violation(stranger)
    stranger.goto(words["program"])
    seen(stranger, "2025")
    no_violation(stranger)
