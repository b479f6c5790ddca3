"""Startups apply, a jury reads, the city decides."""

from __future__ import annotations

import re

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen


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
