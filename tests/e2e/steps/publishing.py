"""A challenge is written, approved, published and found."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import WORKER_WITHIN, Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen
from tests.e2e.words import WORDS


def admin_fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field: Locator = page.locator(f"[name={name}]").first
        field.evaluate(
            "(f, v) => { f.value = v; f.dispatchEvent(new Event('change', {bubbles: true})); }",
            value,
        )


def choose_language(visit: Person, words: dict[str, str], language: str) -> None:
    """Each of them asks to be written to in the language of the walk."""
    for account in ("startup", "startup2", "jury1", "jury2", "jury3"):
        page = visit.open(language, account)
        page.goto(f"{words['workspace']}preferences/")
        page.locator("[name=language]").select_option(language)
        press(page, words["save"])
        seen(page, words["preferences_saved"])
    no_violation(page)


def write_and_publish(site: RunningSite, visit: Person, language: str, slug: str) -> None:
    """From the first draft to the public page."""
    author = visit.open(language, "ville")
    author.goto("/admin/snippets/pilots/challenge/add/")
    author.locator("[name=title_fr]").fill("Rendre les abribus lisibles la nuit")
    author.keyboard.press("Tab")
    proposed = author.locator("[name=slug]")
    expect(proposed).to_have_value("rendre-les-abribus-lisibles-la-nuit")
    proposed.fill(slug)
    author.keyboard.press("Tab")
    admin_fill(
        author,
        title_en="Make bus shelters readable at night",
        summary_fr="Lire son heure de passage sans allumer son téléphone.",
        summary_en="Read the time of your bus without lighting your phone.",
        problem_fr="La nuit, un abribus sur trois est illisible.",
        problem_en="At night, one bus shelter in three cannot be read.",
        wanted_fr="Une lecture à trois mètres, sans éblouir.",
        wanted_en="Reading at three metres, without glare.",
        budget_max="40000",
        department_fr="Direction de la mobilité",
        department_en="Mobility department",
    )
    author.locator(
        "button[type=submit]", has_text=re.compile("brouillon|draft", re.IGNORECASE)
    ).first.click()
    author.wait_for_url("**/edit/**")
    edit = author.url
    number = re.findall(r"/edit/(\d+)/", edit)[0]
    # What Wagtail's own panel does when it is opened: it sends the form, then shows the page.
    author.evaluate(
        """async ([address]) => {
          const form = document.querySelector('form[action*="/edit/"]');
          await fetch(address, {method: 'POST', body: new FormData(form)});
        }""",
        [f"/admin/snippets/pilots/challenge/preview/{number}/"],
    )
    for mode, title in (("fr", "abribus lisibles la nuit"), ("en", "bus shelters readable")):
        author.goto(f"/admin/snippets/pilots/challenge/preview/{number}/?mode={mode}")
        assert title in author.content()
    site.shell(
        "from pilots.models import Challenge; from datetime import timedelta;"
        "from django.utils import timezone as t;"
        f"s=Challenge.objects.get(slug='{slug}').stage; s.opens_at=t.now()-timedelta(hours=1);"
        "s.closes_at=t.now()+timedelta(days=20); s.questions_until=None;"
        "s.decision_by=(t.now()+timedelta(days=30)).date(); s.save()"
    )
    author.goto(edit)
    schedule(author, time.localtime(time.time() + 2 * 24 * 3600))
    more(author, "action-submit")
    approver = visit.open(language, "approbation")
    approver.goto(edit)
    more(approver, "approve")
    assert visit.open(language).goto(f"{WORDS[language]['challenges']}{slug}/").status == 404
    # Its time comes; the worker publishes.
    site.shell(
        "from pilots.models import Challenge; from django.utils import timezone as t;"
        f"r=Challenge.objects.get(slug='{slug}').scheduled_revision;"
        "r.approved_go_live_at=t.now(); r.content['go_live_at']=t.now().isoformat(); r.save();"
        "from tests.e2e import scenes; scenes.let_a_minute_pass()"
    )
    until = time.monotonic() + WORKER_WITHIN
    reader = visit.open(language)
    address = f"{WORDS[language]['challenges']}{slug}/"
    while reader.request.get(address).status == 404:
        assert time.monotonic() < until, "The worker did not publish."
        reader.wait_for_timeout(1000)
    assert reader.goto(address).status == 200


def schedule(page: Page, when: time.struct_time) -> None:
    """Wagtail's own way: the status panel, its dialogue, a date."""
    page.locator("[data-side-panel-toggle=status]").click()
    page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    page.locator("[name=go_live_at]").fill(time.strftime("%Y-%m-%d %H:%M", when))
    # By the keyboard: the calendar of the other field may lie over the button.
    page.locator("#schedule-publishing-dialog button[type=submit]").press("Enter")
    page.wait_for_load_state()


def more(page: Page, name: str) -> None:
    """One of the actions behind the arrow beside the first."""
    action = page.locator(f"[name={name}], [data-workflow-action-name={name}]").first
    if not action.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    action.click()
    page.wait_for_load_state()


def find(visit: Person, words: dict[str, str], language: str, slug: str) -> None:
    page = visit.open(language)
    page.goto(f"{words['challenges']}?sort=newest")
    seen(page, words["title"])
    no_violation(page)
    until = time.monotonic() + WORKER_WITHIN
    while True:
        page.goto(
            f"{words['search']}?q=abribus" if language == "fr" else f"{words['search']}?q=shelters"
        )
        if words["title"] in page.content() or time.monotonic() > until:
            break
        page.wait_for_timeout(1000)
    seen(page, words["title"])
    assert words["title"] in page.request.get(words["feed"]).text()
    page.goto(f"{words['challenges']}{slug}/")
    seen(page, words["montreal_time"])
    no_violation(page)
