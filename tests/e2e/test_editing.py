"""A member writes a listing; it is returned with a comment, written again, approved and public."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser
WORDS = {
    "fr": {
        "list": "/fr/espace/fiches/",
        "workspace": "/fr/espace/",
        "edit": "Modifier",
        "saved": "Enregistré à",
        "read": "Enregistrer et relire",
        "preview": "Aperçu",
        "marked": "rien de ceci n’est public",
        "submit": "Soumettre à l’équipe de la ville",
        "submitted": "Vos changements sont soumis",
        "review": "En révision",
        "returned": "Renvoyée avec un commentaire",
        "mail": "Renvoyée",
        "published": "Publiée",
        "first": "Nous lisons la rue à trois mètres.",
        "second": "Nous lisons la rue à trois mètres, de nuit aussi.",
        "comment": "Dites aussi ce que vous faites la nuit.",
    },
    "en": {
        "list": "/en/workspace/listings/",
        "workspace": "/en/workspace/",
        "edit": "Edit",
        "saved": "Saved at",
        "read": "Save and read again",
        "preview": "Preview",
        "marked": "nothing of this is public",
        "submit": "Submit to the city’s team",
        "submitted": "Your changes are submitted",
        "review": "In review",
        "returned": "Returned with a comment",
        "mail": "Returned",
        "published": "Published",
        "first": "We read the street from three metres.",
        "second": "We read the street from three metres, at night too.",
        "comment": "Say what you do at night as well.",
    },
}


def picture(page: Page, name: str) -> None:
    """Kept where one asked for pictures."""
    folder = os.environ.get("PICTURES", "")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def write(page: Page, words: dict[str, str], language: str, text: str) -> None:
    """Typed and saved by itself; it is there when the page is opened again."""
    field = page.locator(f"[name=tagline_{language}]")
    field.fill(text)
    said = page.locator(f"[data-save*='tagline_{language}'] [data-said]")
    expect(said).to_contain_text(words["saved"])
    page.reload()
    expect(page.locator(f"[name=tagline_{language}]")).to_have_value(text)


def submit(page: Page, words: dict[str, str], language: str, text: str) -> None:
    """Read again, previewed as the public page, submitted."""
    press(page, words["read"])
    expect(page.locator(".differences ins").first).to_be_visible()
    no_violation(page)
    picture(page, f"submit-{language}")
    page.get_by_role("link", name=words["preview"], exact=True).click()
    seen(page, words["marked"])
    seen(page, text)
    no_violation(page)
    picture(page, f"preview-{language}")
    page.go_back()
    press(page, words["submit"])
    seen(page, words["submitted"])
    seen(page, words["review"])


def open_review(moderator: Page, name: str) -> None:
    moderator.goto("/admin/listings/")
    moderator.get_by_role("link", name=name, exact=True).first.click()
    expect(moderator.locator(".differences ins").first).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_typed_before_the_script_is_there_is_saved_too(
    site: RunningSite, visit: Person, language: str
) -> None:
    """On a slow line the page is there, and somebody quick at work, before its script."""
    words, page = WORDS[language], visit.open(language, "incubateur")
    page.goto(words["list"])
    listing = page.locator(".entry").filter(has=page.locator("a[href*='/incubator/']")).first
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/autosave*.js", hold, times=1)
    with page.expect_request("**/autosave*.js"):
        listing.get_by_role("link", name=words["edit"]).click()
    typed = {
        f"summary_{language}": words["first"],
        "website": f"https://avant-{language}.example/",
        "founded_year": {"fr": "1998", "en": "1999"}[language],
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    late[0].continue_()
    for name in typed:
        said = page.locator(f"[data-save*='/{name}/'] [data-said]")
        expect(said).to_contain_text(words["saved"])
    # And nothing is saved of what nobody touched.
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.clock.install()
    page.reload()
    page.clock.run_for(5_000)
    for name, text in typed.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    assert "GET" in sent
    assert "POST" not in sent


@pytest.mark.parametrize(("language", "account"), [("fr", "startup"), ("en", "startup2")])
def test_a_listing_is_written_returned_and_approved(
    site: RunningSite, visit: Person, language: str, account: str
) -> None:
    words, member = WORDS[language], visit.open(language, account)
    member.goto(words["list"])
    no_violation(member)
    picture(member, f"list-{language}")
    entry = member.locator(".entry").first
    name = entry.locator("h2").inner_text()
    public = entry.locator("h2 a").get_attribute("href")
    assert public is not None
    entry.get_by_role("link", name=words["edit"]).click()
    no_violation(member)
    write(member, words, language, words["first"])
    picture(member, f"edit-{language}")
    submit(member, words, language, words["first"])
    visitor = visit.open(language)
    visitor.goto(public)
    expect(visitor.locator("main")).not_to_contain_text(words["first"])

    moderator = visit.open(language, "moderation")
    open_review(moderator, name)
    picture(moderator, f"review-{language}")
    moderator.locator("button[value=return]").click()
    expect(moderator.locator("[role=alert]").first).to_be_visible()
    moderator.locator("[name=comment]").fill(words["comment"])
    moderator.locator("button[value=return]").click()
    expect(moderator).to_have_url(f"{site.url}/admin/listings/")

    site.wait_for_mail(f"{account}@demo.test", words["comment"])
    member.goto(words["workspace"])
    seen(member, words["comment"])
    member.goto(words["list"])
    seen(member, words["returned"])
    member.locator(".entry").first.get_by_role("link", name=words["edit"]).click()
    seen(member, words["comment"])
    no_violation(member)
    picture(member, f"returned-{language}")
    write(member, words, language, words["second"])
    submit(member, words, language, words["second"])

    open_review(moderator, name)
    moderator.locator("button[value=approve]").click()
    expect(moderator).to_have_url(f"{site.url}/admin/listings/")
    visitor.goto(public)
    seen(visitor, words["second"])
    site.manage("verify_audit")
