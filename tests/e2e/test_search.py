"""Somebody searches by the keyboard alone: suggestions, facets, a rectangle of the map, nearby."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "page": "/fr/recherche/",
        "typed": "neige",
        "letters": "nei",
        "search": "Rechercher",
        "challenges": "Défis",
        "filters": "Filtres",
        "apply": "Appliquer les filtres",
        "map": "Carte",
        "area": "Chercher dans cette zone",
        "rectangle": "Dans un rectangle de la carte",
        "near": "Près de moi",
        "refused": "Choisissez plutôt un arrondissement",
        "nothing": "Rien n’a été trouvé",
    },
    "en": {
        "page": "/en/search/",
        "typed": "snow",
        "letters": "sno",
        "search": "Search",
        "challenges": "Challenges",
        "filters": "Filters",
        "apply": "Apply the filters",
        "map": "Map",
        "area": "Search in this area",
        "rectangle": "Within a rectangle of the map",
        "near": "Near me",
        "refused": "Choose a borough instead",
        "nothing": "Nothing was found",
    },
}
BOTH = pytest.mark.parametrize(("language", "width"), [("fr", 1440), ("en", 360)])


def asked(page: Page) -> dict[str, list[str]]:
    """What the address says."""
    return parse_qs(urlsplit(page.url).query)


def fine(page: Page, width: int) -> None:
    no_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def begin(page: Page, words: dict[str, str]) -> None:
    """On the search page, in the box."""
    page.goto(words["page"])
    page.locator("#q").focus()


@BOTH
def test_suggestions_by_the_keyboard(visit: Person, language: str, width: int) -> None:
    words = WORDS[language]
    page = visit.open(language, width=width)
    begin(page, words)
    box, options = page.locator("#q"), page.get_by_role("listbox").get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type(words["letters"])
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"^\d+ suggestion"))
    count = options.count()
    assert count >= 2
    # Nothing is chosen until the reader goes down; the focus stays in the box.
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    first = options.nth(0).get_attribute("id")
    assert first is not None
    expect(box).to_have_attribute("aria-activedescendant", first)
    expect(box).to_be_focused()
    fine(page, width)
    # Up once is the box again, up twice the last.
    page.keyboard.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    assert box.evaluate("box => [box.selectionStart, box.selectionEnd]") == [0, 0]
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("End")
    end = len(words["letters"])
    assert box.evaluate("box => box.selectionStart") == end
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value(words["letters"])
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    # One that is chosen is opened.
    page.keyboard.type(words["letters"])
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    name = options.nth(0).locator("span").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


@BOTH
def test_from_words_to_a_rectangle(visit: Person, language: str, width: int) -> None:
    words = WORDS[language]
    page = visit.open(language, width=width)
    begin(page, words)
    fine(page, width)
    page.keyboard.type(words["typed"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    assert asked(page)["q"] == [words["typed"]]
    expect(page.locator("main mark").first).to_be_visible()
    fine(page, width)

    kind = page.locator("nav a.chip", has_text=words["challenges"])
    count = kind.inner_text().split()[-1]
    kind.focus()
    page.keyboard.press("Enter")
    expect(page.locator("nav a.chip[aria-current=true]")).to_contain_text(words["challenges"])
    expect(page.locator("h2.count")).to_have_text(re.compile(rf"^\s*{count}\s"))

    value = page.locator(".facets input[name=theme]").first.get_attribute("value")
    ticked = page.locator(f"input[name=theme][value={value}]")
    if not ticked.is_visible():
        page.locator("summary", has_text=words["filters"]).focus()
        page.keyboard.press("Enter")
    count = page.locator("label", has=ticked).locator("span").inner_text()
    ticked.focus()
    page.keyboard.press("Space")
    press(page, words["apply"])
    expect(page.locator("h2.count")).to_have_text(re.compile(rf"^\s*{count}\s"))
    assert asked(page) == {"q": [words["typed"]], "kind": ["challenge"], "theme": [value]}
    fine(page, width)

    page.locator(".views").get_by_role("link", name=words["map"], exact=True).focus()
    page.keyboard.press("Enter")
    live = page.locator(".map-live")
    expect(live).to_be_visible()
    fine(page, width)
    live.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name=words["area"]).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("box="))
    west, south, east, north = (float(n) for n in asked(page)["box"][0].split(","))
    assert -75 < west < east < -72
    assert 45 < south < north < 46.5
    expect(page.locator("a.chip", has_text=words["rectangle"])).to_have_count(1)
    expect(page.locator(".map-live .area")).to_have_count(1)
    fine(page, width)
    # Taken away again, by its chip.
    page.locator("a.chip", has_text=words["rectangle"]).focus()
    page.keyboard.press("Enter")
    expect(page.locator("a.chip", has_text=words["rectangle"])).to_have_count(0)
    assert "box" not in asked(page)


def test_near_me_leaves_the_browser_to_a_hundred_metres(visit: Person) -> None:
    words = WORDS["fr"]
    page = visit.open("fr")
    page.context.set_geolocation({"latitude": 45.508888, "longitude": -73.561111})
    asked_of: list[str] = []
    page.on("request", lambda request: asked_of.append(request.url))
    page.goto(words["page"])
    button = page.get_by_role("button", name=words["near"])
    button.click()
    expect(page.locator("[data-near-said]")).to_contain_text(words["refused"])
    page.context.grant_permissions(["geolocation"])
    button.click()
    page.wait_for_url(re.compile("near="))
    assert asked(page) == {"near": ["45.509,-73.561,2"], "sort": ["distance"]}
    assert not [url for url in asked_of if "45.5088" in url]
    expect(page.locator(".chip", has_text="À moins de 2")).to_have_count(1)
    no_violation(page)


def test_too_often_the_box_goes_on_as_a_plain_form(visit: Person) -> None:
    words = WORDS["en"]
    page = visit.open("en")

    def refuse(route: Route) -> None:
        route.fulfill(status=429, content_type="application/json", body='{"groups": []}')

    page.route("**/search/suggestions/**", refuse)
    begin(page, words)
    with page.expect_response("**/search/suggestions/**"):
        page.keyboard.type(words["letters"])
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"q={words['letters']}"))


def test_without_a_script(browser: Browser, site: RunningSite) -> None:
    words = WORDS["fr"]
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="fr-CA")
    page = context.new_page()
    page.goto(words["page"])
    page.locator("#q").fill(words["typed"])
    page.locator("#within").select_option(index=1)
    page.get_by_role("button", name=words["search"]).click()
    assert asked(page)["q"] == [words["typed"]]
    assert len(asked(page)["borough"]) == 1
    expect(page.locator("h2.count")).to_be_visible()
    expect(page.locator("[data-near]")).to_be_hidden()
    page.goto(f"{words['page']}?q=xqzwvk")
    expect(page.locator("main")).to_contain_text(words["nothing"])
    context.close()
