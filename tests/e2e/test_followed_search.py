"""By the keyboard alone: a search is followed, what is new comes by mail, one link stops it."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import WORKER_WITHIN, Person, RunningSite
from tests.e2e.steps.mails import link_in
from tests.e2e.steps.page import no_violation, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "page": "/fr/recherche/",
        "typed": "montgolfière",
        "challenges": "Défis",
        "title_fr": "Une montgolfière pour compter les arbres",
        "title_en": "A balloon to count trees",
        "nothing": "Rien n’a été trouvé",
        "follow": "Suivre cette recherche",
        "said": "« montgolfière » parmi les défis",
        "finds": "Elle trouve 0 résultat aujourd’hui.",
        "send": "M’envoyer le lien de confirmation",
        "look": "Regardez dans votre boîte de courriel",
        "confirm": "Confirmer",
        "done": "C’est confirmé",
        "subject": "Du nouveau\u00a0: «\u00a0montgolfière\u00a0» parmi les défis",
        "open": "Ouvrir la recherche",
        "stop": "Ne plus suivre cette recherche",
        "will": "Vous ne suivrez plus",
        "stop_it": "Ne plus recevoir ceci",
        "stopped": "Nous ne vous écrivons plus à ce sujet",
    },
    "en": {
        "page": "/en/search/",
        "typed": "lighthouse",
        "challenges": "Challenges",
        "title_fr": "Un phare pour le dernier autobus",
        "title_en": "A lighthouse for the last bus",
        "nothing": "Nothing was found",
        "follow": "Follow this search",
        "said": "“lighthouse” among challenges",
        "finds": "It finds 0 things today.",
        "send": "Send me the link to confirm",
        "look": "Look in your mailbox",
        "confirm": "Confirm",
        "done": "It is confirmed",
        "subject": "New: “lighthouse” among challenges",
        "open": "Open the search",
        "stop": "No longer follow this search",
        "will": "You will no longer follow",
        "stop_it": "No longer receive this",
        "stopped": "You are no longer written to about this",
    },
}
SCENE = "from tests.e2e import scenes; scenes."
FOLLOWED = (
    "from search.models import SavedSearch;"
    "print(SavedSearch.objects.filter(follow__follower__email='{address}').count())"
)


def enter(page: Page, role: str, name: str) -> None:
    """Go there and press Enter, as one does without a mouse."""
    page.locator("main").get_by_role(role, name=name, exact=True).first.focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def follow(page: Page, words: dict[str, str], address: str, width: int) -> None:
    """From words that find nothing to the mail that asks whether one meant it."""
    page.goto(f"{words['page']}?kind=challenge")
    page.locator("#q").focus()
    page.keyboard.type(words["typed"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    # The address says what was asked and no more: it is what one shares.
    assert set(parse_qs(urlsplit(page.url).query, keep_blank_values=True)) == {"q", "kind"}
    seen(page, words["nothing"])
    no_violation(page)
    enter(page, "link", words["follow"])
    seen(page, words["said"])
    seen(page, words["finds"])
    no_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A slip: what is wrong is said at the field, and what was chosen stays.
    page.locator("[name=frequency][value=weekly]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=frequency][value=daily]")).to_be_checked()
    page.locator("[name=email]").focus()
    page.keyboard.type("voisine")
    page.keyboard.press("Enter")
    expect(page.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    no_violation(page)
    page.locator("[name=email]").fill("")
    page.locator("[name=email]").focus()
    page.keyboard.type(address)
    enter(page, "button", words["send"])
    seen(page, words["look"])
    no_violation(page)


def wait_until_found(page: Page, address: str, slug: str) -> None:
    """The search page links to it: a worker has written it in the index."""
    until = time.monotonic() + WORKER_WITHIN
    while f"/{slug}/" not in page.request.get(address).text():
        assert time.monotonic() < until, "What was published is not found."
        page.wait_for_timeout(300)


@pytest.mark.parametrize(("language", "width"), [("fr", 1440), ("en", 360)])
def test_from_words_that_find_nothing_to_the_mail_and_out_again(
    site: RunningSite, visit: Person, language: str, width: int
) -> None:
    words, address = WORDS[language], f"riveraine-{language}@maison.example"
    page, title = visit.open(language, width=width), words[f"title_{language}"]
    follow(page, words, address, width)
    page.goto(link_in(site, address))
    expect(page.locator("h1")).to_contain_text(words["typed"])
    no_violation(page)
    enter(page, "button", words["confirm"])
    seen(page, words["done"])
    no_violation(page)

    slug, titles = f"suivi-{language}", (words["title_fr"], words["title_en"])
    site.shell(f"{SCENE}publish_challenge({slug!r}, *{titles!r})")
    wait_until_found(page, f"{words['page']}?q={words['typed']}", slug)
    site.shell(f"{SCENE}let_a_night_pass()")
    page.goto(link_in(site, address, title))
    expect(page.locator("h1")).to_have_text(title)
    site.wait_for_mail(words["subject"])
    page.goto(link_in(site, address, title, words["open"]))
    expect(page.locator("#q")).to_have_value(words["typed"])
    seen(page, title)

    assert site.shell(FOLLOWED.format(address=address)) == "1"
    page.goto(link_in(site, address, title, words["stop"]))
    seen(page, words["will"])
    no_violation(page)
    enter(page, "button", words["stop_it"])
    seen(page, words["stopped"])
    no_violation(page)
    assert site.shell(FOLLOWED.format(address=address)) == "0"
