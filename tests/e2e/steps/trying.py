"""The trial is prepared, measured and concluded."""

from __future__ import annotations

import json
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen

# When the sensor measured, in seconds before now.
AGO = (5 * 3600, 3 * 3600)


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
    page.locator("[name=starts_on]").fill(time.strftime("%Y-%m-%d"))  # sooner than planned
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
