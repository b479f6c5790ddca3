"""A member gives a logo and pictures of a solution, sees them before anybody, and discards them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen
from tests.e2e.test_editing import picture

pytestmark = pytest.mark.browser
WORDS = {
    "fr": {
        "list": "/fr/espace/fiches/",
        "save": "Enregistrer le brouillon",
        "later": "Ce fichier est conservé quand",
        "saved": "Enregistré à",
        "refused": "Seules les images PNG et JPEG sont acceptées.",
        "words": "Un losange vert",
        "discard": "Abandonner ce brouillon",
        "discarded": "Le brouillon est abandonné.",
        "read": "Enregistrer et relire",
        "on": "Continuer la rédaction",
    },
    "en": {
        "list": "/en/workspace/listings/",
        "save": "Save the draft",
        "later": "This file is kept when you press",
        "saved": "Saved at",
        "refused": "Only PNG and JPEG pictures are accepted.",
        "words": "A green diamond",
        "discard": "Discard this draft",
        "discarded": "The draft is discarded.",
        "read": "Save and read again",
        "on": "Go on writing",
    },
}


def drawing(name: str, colour: str) -> FilePayload:
    """A diamond."""
    made, out = Image.new("RGB", (600, 400), "white"), io.BytesIO()
    ImageDraw.Draw(made).polygon([(300, 40), (520, 200), (300, 360), (80, 200)], fill=colour)
    made.save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def open_listing(page: Page, words: dict[str, str], kind: str) -> None:
    """The first of a kind that does not wait for an answer."""
    page.goto(words["list"])
    link = page.locator(f"a.button[href*='/{kind}/']")
    entries = page.locator(".entry").filter(has=link, has_not=page.locator(".tag.soon"))
    entries.first.locator(f"a.button[href*='/{kind}/']").click()


def drawn(page: Page, selector: str) -> None:
    """Each picture is there, not only its box."""
    expect(page.locator(selector).first).to_be_visible()
    page.wait_for_function(
        "s => [...document.querySelectorAll(s)].every(i => i.complete && i.naturalWidth > 0)",
        arg=selector,
    )


def fits(page: Page) -> None:
    """Nothing sticks out of a narrow screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("language", "account"), [("fr", "startup"), ("en", "startup2")])
def test_a_logo_is_given_read_again_and_discarded(
    site: RunningSite, visit: Person, language: str, account: str
) -> None:
    words, page = WORDS[language], visit.open(language, account)
    open_listing(page, words, "startup")
    box = page.locator("[data-save*='/logo/']")
    box.locator("input[type=file]").set_input_files(drawing("losange.png", "#1a7f37"))
    expect(box.locator("[data-said]")).to_contain_text(words["later"])
    page.locator(f"[name=logo_alt_{language}]").fill(words["words"])
    page.locator(f"[name=logo_alt_{language}]").blur()
    said = page.locator(f"[data-save*='logo_alt_{language}'] [data-said]")
    expect(said).to_contain_text(words["saved"])
    press(page, words["save"])
    expect(page.locator("#logo")).to_contain_text("losange.png")
    drawn(page, "#logo .shown img")
    no_violation(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        picture(page, f"logo-edit-{language}-{width}")
    svg: FilePayload = {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    box.locator("input[type=file]").set_input_files(svg)
    press(page, words["save"])
    seen(page, words["refused"])
    no_violation(page)
    picture(page, f"logo-refused-{language}")
    press(page, words["read"])
    drawn(page, ".differences .shown img")
    no_violation(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        picture(page, f"logo-submit-{language}-{width}")
    page.get_by_role("link", name=words["on"], exact=True).click()
    page.get_by_role("link", name=words["discard"]).click()
    no_violation(page)
    picture(page, f"logo-discard-{language}")
    press(page, words["discard"])
    seen(page, words["discarded"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pictures_of_a_solution_are_given_and_moved(
    site: RunningSite, visit: Person, language: str
) -> None:
    words, page = WORDS[language], visit.open(language, "startup2")
    open_listing(page, words, "solution")
    box = page.locator("[data-save*='/files/']")
    # The first empty row, after those of the demonstration.
    empty = box.locator("fieldset.small-row").filter(has_not=page.locator("[name$='-order']"))
    prefix = str(empty.first.locator("[type=file]").get_attribute("name")).removesuffix("-upload")
    page.locator(f"[name={prefix}-upload]").set_input_files(drawing("rue.png", "#8250df"))
    page.locator(f"[name={prefix}-caption_fr]").fill("La rue, vue du mât")
    page.locator(f"[name={prefix}-caption_fr]").blur()
    expect(box.locator("[data-said]")).to_contain_text(words["saved"])
    press(page, words["save"])
    expect(box).to_contain_text("rue.png")
    expect(page.locator(f"[name={prefix}-caption_fr]")).to_have_value("La rue, vue du mât")
    page.locator(f"[name={prefix}-order]").fill("1")
    page.locator(f"[name={prefix}-order]").blur()
    press(page, words["save"])
    expect(page.locator("[name=files-0-caption_fr]")).to_have_value("La rue, vue du mât")
    drawn(page, "#shown .shown img")
    no_violation(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        picture(page, f"files-edit-{language}-{width}")
    press(page, words["read"])
    drawn(page, ".differences .shown img")
    no_violation(page)
    picture(page, f"files-submit-{language}")
