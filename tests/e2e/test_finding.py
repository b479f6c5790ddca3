"""Somebody looks for a program: list, filter, cards, map, calendar, and the dates to take along."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "list": "/fr/programmes/",
        "calendar": "/fr/programmes/calendrier/",
        "filters": "Filtres",
        "apply": "Appliquer les filtres",
        "cards": "Fiches",
        "map": "Carte",
        "rows": "Liste",
        "compare": "Comparer les programmes cochés",
        "side": "Comparer des programmes",
        "fit": "Quel programme me convient ?",
        "file": "Télécharger le fichier",
        "next": "Mois suivant",
    },
    "en": {
        "list": "/en/programs/",
        "calendar": "/en/programs/calendar/",
        "filters": "Filters",
        "apply": "Apply the filters",
        "cards": "Cards",
        "map": "Map",
        "rows": "List",
        "compare": "Compare the ticked programs",
        "side": "Compare programs",
        "fit": "Which program fits me?",
        "file": "Download the file",
        "next": "Next month",
    },
}


def view(page: Page, name: str) -> None:
    page.locator(".views").get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()
    expect(page.locator(".views [aria-current=true]")).to_have_text(name)


def narrow(page: Page, words: dict[str, str], name: str, value: str) -> str:
    """Tick an option by the keyboard; the number that stood beside it."""
    box = page.locator(f"input[name={name}][value={value}]")
    if not box.is_visible():
        page.locator("summary", has_text=words["filters"]).focus()
        page.keyboard.press("Enter")
    count = page.locator("label", has=box).locator("span").inner_text()
    box.focus()
    page.keyboard.press("Space")
    press(page, words["apply"])
    expect(page.locator("a.chip")).to_have_count(1)
    return count


def compare_two(page: Page, words: dict[str, str]) -> None:
    """What is ticked goes side by side; the button back finds the list as it was."""
    boxes = page.locator(".compare-box input")
    for n in (0, 1):
        boxes.nth(n).focus()
        page.keyboard.press("Space")
    # Once something is ticked the button is in sight, wherever one is.
    expect(page.get_by_role("button", name=words["compare"])).to_be_in_viewport()
    no_violation(page)
    press(page, words["compare"])
    expect(page.locator("h1")).to_have_text(words["side"])
    expect(page.locator("thead th")).to_have_count(3)
    page.go_back()
    expect(page.locator("a.chip")).to_have_count(1)


@pytest.mark.parametrize(("language", "width"), [("fr", 1440), ("en", 360)])
def test_from_the_list_to_the_dates(
    site: RunningSite, visit: Person, language: str, width: int
) -> None:
    words = WORDS[language]
    page = visit.open(language, width=width)

    def fine() -> None:
        no_violation(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(words["list"])
    expect(page.locator("main").get_by_role("link", name=words["fit"])).to_be_visible()
    fine()
    count = narrow(page, words, "language", language)
    expect(page.locator("h2.count")).to_have_text(re.compile(rf"^\s*{count}\s"))
    fine()
    compare_two(page, words)

    view(page, words["cards"])
    expect(page.locator(".entries.cards .entry")).not_to_have_count(0)
    fine()
    view(page, words["map"])
    expect(page.locator(".map-live")).to_be_visible()
    fine()
    # Whoever does not see the map has its table: a link for each row, by the keyboard.
    first = page.locator("main table a").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)

    page.goto(words["calendar"])
    expect(page.locator("main").get_by_role("link", name=words["fit"])).to_be_visible()
    fine()
    page.get_by_role("link", name=words["next"]).click()
    expect(page).to_have_url(re.compile(r"month=\d{4}-\d{2}"))
    fine()
    view(page, words["rows"])
    narrow(page, words, "language", language)
    fine()
    address = page.get_by_role("link", name=words["file"]).get_attribute("href")
    assert address is not None
    assert f"language={language}" in address
    answer = page.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VEVENT" in answer.text()
    assert page.context.cookies() == []
