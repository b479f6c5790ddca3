"""What a person does on any page."""

from __future__ import annotations

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def seen(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def no_violation(page: Page) -> None:
    """axe finds nothing, WCAG 2.2 AA included."""
    found = Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found], indent=1
    )
