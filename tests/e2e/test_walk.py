"""The whole walk: one challenge through its seven stations, by the hands of each role."""

from __future__ import annotations

import json
import re
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.words import WORDS

pytestmark = pytest.mark.browser
SLUG = "abribus-lisibles"
SCHEDULED_WITHIN = 150
# When the sensor measured, in seconds before now.
AGO = (5 * 3600, 3 * 3600)


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


def admin_fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field: Locator = page.locator(f"[name={name}]").first
        field.evaluate(
            "(f, v) => { f.value = v; f.dispatchEvent(new Event('change', {bubbles: true})); }",
            value,
        )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_walk(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    slug = f"{SLUG}-{language}"
    choose_language(visit, words, language)
    write_and_publish(site, visit, language, slug)
    find(visit, words, language, slug)
    numbers = apply_(site, visit, words, language, slug)
    evaluate(site, visit, words, language, slug)
    pilot = decide(site, visit, words, language, slug, numbers)
    prepare_and_start(visit, words, language, pilot)
    measure(site, visit, words, language, pilot)
    conclude(visit, words, language, pilot)
    site.manage("verify_audit")


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
        "r.approved_go_live_at=t.now(); r.content['go_live_at']=t.now().isoformat(); r.save()"
    )
    until = time.monotonic() + SCHEDULED_WITHIN
    reader = visit.open(language)
    while reader.goto(f"{WORDS[language]['challenges']}{slug}/").status != 200:
        assert time.monotonic() < until, "The worker did not publish."
        reader.wait_for_timeout(2000)


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
    until = time.monotonic() + 60
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


def apply_(
    site: RunningSite, visit: Person, words: dict[str, str], language: str, slug: str
) -> dict[str, str]:
    """Three startups submit: two by hand, one prepared as its verbs would."""
    numbers = {}
    for account in ("startup", "startup2"):
        page = visit.open(language, account)
        page.goto(f"{words['challenges']}{slug}/")
        page.get_by_role("link", name=words["apply"], exact=True).click()
        press(page, words["start_application"])
        page.locator("#q-team").fill("Trois personnes, dont une sur place.")
        press(page, words["save_draft"])
        seen(page, words["draft_saved"])
        press(page, words["save_and_review"])
        seen(page, words["still_missing"])
        no_violation(page)
        page.go_back()
        page.locator("#q-solution").fill("Une encre qui garde la lumière du jour.")
        page.locator("#q-maturity").select_option("7")
        page.locator("#q-failure").fill("Moins de dix pour cent d’écart en mars.")
        page.locator("#q-budget").fill("18 500")
        press(page, words["save_and_review"])
        no_violation(page)
        press(page, words["submit"])
        seen(page, words["submitted"])
        no_violation(page)
        numbers[account] = re.findall(r"\d{4}-\d+-\d{3}", page.locator("h1").inner_text())[0]
    mails = site.wait_for_mail(*numbers.values())
    page = visit.open(language, "startup")
    page.goto(words["workspace"])
    page.get_by_role("link", name=words["title"]).first.click()
    fingerprint = page.locator("dd.code").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    assert fingerprint in mails
    submit_third(site, slug)
    return numbers


def submit_third(site: RunningSite, slug: str) -> None:
    site.shell(
        "from pilots.domain import application as a; from pilots.models import Challenge;"
        "from core.accounts.models import Membership, User, Role;"
        "from startups.models import Startup;"
        "from django.utils import timezone as t; n=t.now();"
        "o=Startup.objects.filter(organisation__memberships=None).first().organisation;"
        "u=User.objects.get_or_create(email='troisieme@demo.test', is_demo=True)[0];"
        "Membership.objects.get_or_create(user=u, organisation=o, role=Role.OWNER);"
        f"d=a.start_application(challenge=Challenge.objects.get(slug='{slug}'),"
        "organisation=o, actor=u, now=n);"
        "[a.save_answer(application=d,key=k,value=v,base_version=0,actor=u,now=n) for k,v in"
        " {'team':'x','solution':'y','maturity':'5','failure':'z','budget':'1'}.items()];"
        "a.submit_application(application=d, actor=u, now=n)"
    )


def evaluate(
    site: RunningSite, visit: Person, words: dict[str, str], language: str, slug: str
) -> None:
    city = visit.open(language, "ville")
    address = city_address(language, slug)
    city.goto(address)
    seen(city, words["too_early"])
    for box in city.locator("input[name=users]").all():
        box.check()
    press(city, words["appoint"])
    seen(city, words["appointed"])
    no_violation(city)
    site.wait_for_mail(words["invitation"])
    # The call closes by the clock: its dates move into the past, nothing else does.
    site.shell(
        "from pilots.models import Challenge; from datetime import timedelta;"
        "from django.utils import timezone as t;"
        f"s=Challenge.objects.get(slug='{slug}').stage; s.opens_at=t.now()-timedelta(days=30);"
        "s.closes_at=t.now()-timedelta(minutes=1); s.save()"
    )
    jurors = [visit.open(language, f"jury{n}") for n in (1, 2, 3)]
    seats = site.shell(
        "from pilots.models import Juror;"
        f"print(*Juror.objects.filter(jury__stage__call__challenges__slug='{slug}')"
        ".order_by('user__email').values_list('pk', flat=True))"
    ).split()
    for page, seat in zip(jurors, seats, strict=True):
        page.goto(f"{words['workspace']}jury/{seat}/")
        assert re.search("conflits|conflicts", page.url)
        no_violation(page)
        page.locator("[name=sincere]").check()
        press(page, words["declare"])
        seen(page, words["no_file"])
    city.goto(address)
    press(city, words["assign"])
    seen(city, words["assigned"])
    for place, (page, seat) in enumerate(zip(jurors, seats, strict=True)):
        page.goto(f"{words['workspace']}jury/{seat}/")
        files = [a.get_attribute("href") for a in page.locator(".entry a").all()]
        assert len(files) == 3
        for rank, file in enumerate(files):
            page.goto(str(file))
            text = page.locator("main").inner_text()
            assert "Trois personnes" not in text
            if place == 0 and rank == 0:
                press(page, words["hand_in"])
                seen(page, words["no_mark"])
                no_violation(page)
            for select in page.locator("select[name^=mark-]").all():
                select.select_option(str(9 - 2 * rank))
            page.locator("[name=to_applicant]").fill("Clair et mesurable.")
            press(page, words["hand_in"])
            seen(page, words["handed_in"])


def city_address(language: str, slug: str) -> str:
    if language == "fr":
        return f"/fr/espace/ville/defis/{slug}/"
    return f"/en/workspace/city/challenges/{slug}/"


def decide(
    site: RunningSite,
    visit: Person,
    words: dict[str, str],
    language: str,
    slug: str,
    numbers: dict[str, str],
) -> str:
    city = visit.open(language, "ville")
    address = city_address(language, slug)
    city.goto(address)
    no_violation(city)
    rows = city.locator("tbody tr")
    assert rows.count() == 3
    links = {
        link.inner_text(): link.get_attribute("href")
        for link in city.locator("tbody td:nth-child(2) a").all()
    }
    winner = numbers["startup"]
    for count, (number, link) in enumerate(links.items()):
        city.goto(str(link))
        if count == 0:
            no_violation(city)
        outcome = "selected" if number == winner else "rejected"
        city.locator("[name=outcome]").select_option(outcome)
        city.locator("[name=reasons_fr]").fill(f"Motif {outcome}.")
        city.locator("[name=reasons_en]").fill(f"Reason {outcome}.")
        press(city, words["hold"])
        seen(city, words["held"])
        if count == 0:
            city.get_by_role("link", name=words["envelope"]).click()
            seen(city, words["cannot_leave"])
            city.goto(address)
    city.get_by_role("link", name=words["envelope"]).click()
    no_violation(city)
    press(city, words["release"])
    seen(city, words["released"])
    site.wait_for_mail(words["selected_letter"], words["rejected_letter"])
    return site.shell(
        f"from pilots.models import Pilot; print(Pilot.objects.get(challenge__slug='{slug}').slug)"
    )


def desk(language: str, pilot: str) -> str:
    return (
        f"/fr/espace/projets-pilotes/{pilot}/"
        if language == "fr"
        else f"/en/workspace/pilots/{pilot}/"
    )


def prepare_and_start(visit: Person, words: dict[str, str], language: str, pilot: str) -> None:
    page = visit.open(language, "pilote")
    home = desk(language, pilot)
    page.goto(home)
    press(page, words["start_trial"])
    seen(page, words["cannot_start"])
    seen(page, words["no_site"])
    no_violation(page)
    page.goto(home + "sites/")
    expect(page.locator("[data-map]")).to_be_visible()
    no_violation(page)
    site_slug = "toit-de-la-bibliotheque" if language == "fr" else "berge-de-lasalle"
    page.locator("[name=site]").select_option(site_slug)
    press(page, words["book"])
    seen(page, words["booked"])
    last = page.locator("main")
    ends_on = page.locator("[name=ends_on]").input_value()
    for link in [a.get_attribute("href") for a in page.locator("tbody td:first-child a").all()]:
        if "permis/" not in str(link) and "permits/" not in str(link):
            continue
        page.goto(str(link))
        press(page, words["asked"])
        page.goto(str(link))
        page.locator("[name=granted_on]").fill(time.strftime("%Y-%m-%d"))
        page.locator("[name=expires_on]").fill(ends_on)
        page.locator("[name=reference]").fill("REM-1")
        press(page, words["record_permit"])
    expect(last).to_be_visible()
    page.goto(home + "plan/")
    page.locator("[name=hypothesis_fr]").fill("Si l’encre éclaire, on lit à trois mètres.")
    page.locator("[name=hypothesis_en]").fill("If the ink shines, one reads at three metres.")
    page.locator("[name=stop_rule_fr]").fill("Arrêt sous un mètre en janvier.")
    page.locator("[name=stop_rule_en]").fill("Stop under one metre in January.")
    press(page, words["save_plan"])
    page.goto(home + ("indicateurs/" if language == "fr" else "indicators/"))
    for name, value in {
        "label_fr": "Distance de lecture",
        "label_en": "Reading distance",
        "unit": "m",
        "baseline": "0.5",
        "target": "3",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=direction]").select_option("up")
    press(page, words["save_indicator"])
    no_violation(page)
    page.goto(home)
    press(page, words["start_trial"])
    seen(page, words["started"])


def measure(
    site: RunningSite, visit: Person, words: dict[str, str], language: str, pilot: str
) -> None:
    member = visit.open(language, "startup")
    readings = desk(language, pilot) + ("mesures/" if language == "fr" else "readings/")
    member.goto(readings)
    member.locator("[name=indicator]").select_option("distance-de-lecture")
    member.locator("[name=value]").fill("3,2")
    press(member, words["record"])
    seen(member, words["recorded"])
    no_violation(member)
    city = visit.open(language, "pilote")
    city.goto(readings)
    city.locator("[name=label]").fill("Capteur du quai")
    press(city, words["create_key"])
    secret = city.locator("#secret").inner_text()
    hours_ago = [time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(time.time() - n)) for n in AGO]
    body = json.dumps(
        {
            "readings": [
                {"indicator": "distance-de-lecture", "at": at, "value": value}
                for at, value in zip(hours_ago, (2.4, 2.9), strict=True)
            ]
        }
    ).encode()

    def send(key: str) -> int:
        request = Request(
            f"{site.url}/api/v1/pilots/{pilot}/readings",
            data=body,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        try:
            with urlopen(request) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    assert send("bde_faux") == 401
    assert send(secret) == 200
    reader = visit.open(language)
    reader.goto(public(language, pilot))
    assert reader.locator("svg.chart polyline").count() == 1
    reader.get_by_text(words["figures"]).first.click()
    expect(reader.locator("table").first).to_contain_text("2,9" if language == "fr" else "2.9")
    no_violation(reader)


def public(language: str, pilot: str) -> str:
    return f"/fr/projets-pilotes/{pilot}/" if language == "fr" else f"/en/pilots/{pilot}/"


def conclude(visit: Person, words: dict[str, str], language: str, pilot: str) -> None:
    page = visit.open(language, "pilote")
    home = desk(language, pilot)
    page.goto(home)
    page.get_by_role("link", name=words["end_trial"], exact=True).click()
    press(page, words["end_trial"])
    seen(page, words["over"])
    page.goto(home + "verdict/")
    page.locator("input[name=outcome][value=scale_up]").check()
    page.locator("[name=reasons_fr]").fill("On lit à 3,2 mètres. La ville équipe la ligne.")
    page.locator("[name=reasons_en]").fill("One reads at 3.2 metres. The city equips the line.")
    no_violation(page)
    press(page, words["publish_verdict"])
    seen(page, words["verdict_done"])
    reader = visit.open(language)
    reader.goto(public(language, pilot))
    seen(reader, words["scale_up"])
    stations = reader.locator(".thread li")
    assert stations.count() == 7
    assert [s.get_attribute("class") for s in stations.all()] == ["done"] * 7
    no_violation(reader)
