"""Somebody without an account finds a program that fits, reads why, compares, keeps the link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "list": "/fr/",
        "link": "Quel programme me convient ?",
        "go": "Voir les programmes",
        "empty": "Vous n’avez rien répondu",
        "results": "Les programmes selon vos réponses",
        "fits": "Convient",
        "change": "Changer mes réponses",
        "missed": "Non remplie",
        "compare": "Comparer les programmes cochés",
        "side": "Comparer des programmes",
        "differs": "diffère",
        "answers": "Selon vos réponses",
        "remove": "Retirer",
        "back": "Revenir aux programmes selon vos réponses",
        "left": "n’est pas une réponse à",
        "mine": "Me convient-il ?",
        "and_you": "et vous",
        "profile": "de votre profil",
        "address": "/fr/programmes/quel-programme/",
    },
    "en": {
        "list": "/en/",
        "link": "Which program fits me?",
        "go": "See the programs",
        "empty": "Nothing was answered",
        "results": "Programs by your answers",
        "fits": "Fits",
        "change": "Change my answers",
        "missed": "Not met",
        "compare": "Compare the ticked programs",
        "side": "Compare programs",
        "differs": "differs",
        "answers": "By your answers",
        "remove": "Remove",
        "back": "Back to the programs by your answers",
        "left": "is not an answer to",
        "mine": "Does it fit me?",
        "and_you": "and you",
        "profile": "from your profile",
        "address": "/en/programs/which-program/",
    },
}


def choose(page: Page, **answers: str) -> None:
    """Tick by the keyboard, as a hand that has no mouse does."""
    for name, value in answers.items():
        box = page.locator(f"[name={name}][value='{value}']")
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_an_account(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    page = visit.open(language)
    page.goto(words["list"])
    page.get_by_role("link", name=words["link"], exact=True).first.click()
    expect(page.get_by_role("group")).to_have_count(8)
    no_violation(page)
    press(page, words["go"])
    seen(page, words["empty"])
    no_violation(page)

    choose(page, stage="pilot", trl="6", language="fr", applicant="company", offer="mentors")
    choose(page, equity="0", attendance="often")
    press(page, words["go"])
    expect(page.locator("h1")).to_have_text(words["results"])
    no_violation(page)
    fits = page.locator("section", has=page.locator("#verdict-fits"))
    expect(fits.locator(".reasons")).not_to_have_count(0)
    expect(fits.locator(".missed, .unknown, .near")).to_have_count(0)
    expect(page.locator("section", has=page.locator("#verdict-does-not"))).to_contain_text(
        words["missed"]
    )
    kept = page.url

    # The button back, and the link to change, find the answers where they were.
    page.go_back()
    expect(page.locator("[name=stage][value=pilot]")).to_be_checked()
    page.goto(kept)
    page.get_by_role("link", name=words["change"]).last.click()
    expect(page.locator("[name=equity][value='0']")).to_be_checked()
    page.goto(f"{kept}&theme=disparu")
    seen(page, words["left"])
    no_violation(page)

    page.goto(kept)
    boxes = page.locator(".compare-box input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    press(page, words["compare"])
    expect(page.locator("h1")).to_have_text(words["side"])
    expect(page.locator("thead th")).to_have_count(3)
    seen(page, words["differs"])
    expect(page.locator("tbody th").first).to_contain_text(words["answers"])
    no_violation(page)
    page.locator("a.remove").first.click()
    expect(page.locator("thead th")).to_have_count(2)
    page.get_by_role("link", name=words["back"]).click()
    expect(page).to_have_url(kept)
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_a_program_with_a_profile(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    page = visit.open(language, "startup", 360)
    page.goto(words["address"])
    seen(page, words["profile"])
    no_violation(page)
    press(page, words["go"])
    page.locator(".fit-entry h3 a").first.click()
    name = page.locator("h1").inner_text()
    page.get_by_role("link", name=words["mine"]).click()
    press(page, words["go"])
    expect(page.locator("#asked-of")).to_contain_text(name)
    expect(page.locator("#asked-of")).to_contain_text(words["and_you"])
    no_violation(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
