"""What a person does on any page."""

from __future__ import annotations

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def seen(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def press(page: Page, words: str) -> None:
    """And the page that answers is whole: rows are counted, more is pressed."""
    page.get_by_role("button", name=words, exact=True).first.click()
    page.wait_for_load_state()


def no_violation(page: Page) -> None:
    """axe finds nothing, WCAG 2.2 AA included, in the whole page that a click has just begun."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found], indent=1
    )
