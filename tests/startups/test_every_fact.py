"""Each fact that a record may hold stands on its public page, in the language of the page."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from core.taxonomy.models import Borough, Theme
from startups.facts import PUBLIC_FACTS
from startups.models import (
    Deployment,
    Incubator,
    IncubatorPerson,
    Intake,
    Need,
    Program,
    Solution,
    Startup,
    StartupPerson,
)

pytestmark = pytest.mark.django_db
# Facts without words of their own: they draw a mark of the map, qualify a sum, describe a logo.
WITHOUT_WORDS = {"lat", "lon", "logo_alt_fr", "logo_alt_en", "any_sector", "files", "deployments"}
TEXTS = ("name", "tagline", "summary", "about", "problem", "how", "trl_evidence", "ip", "privacy")
TEXTS += ("who", "selection", "site_needs", "price")
# By kind: the values of the fields that are no text, and the words that a page says them by.
GIVEN: dict[type[Any], dict[str, tuple[Any, str, str]]] = {
    Incubator: {
        "name": ("Maison Aulne", "Maison Aulne", "Maison Aulne"),
        "kind": (
            "maker_space",
            "Centre d’apprentissage et de création",
            "Learning and making centre",
        ),
        "legal_form": ("cooperative", "Coopérative", "Cooperative"),
        "address": ("12, rue du Port", "12, rue du Port", "12, rue du Port"),
        "founded_year": (1987, "1987", "1987"),
        "languages": (["fr", "en"], "Français, anglais", "French, english"),
        "offers": (["certification"], "Certification", "Certification"),
        "sectors": (["sylviculture"], "sylviculture", "sylviculture"),
        "website": ("https://aulne.example/", "aulne.example", "aulne.example"),
        "links": (["https://autre.example/"], "autre.example", "autre.example"),
    },
    Startup: {
        "name": ("Pousse Aulne", "Pousse Aulne", "Pousse Aulne"),
        "founded_year": (1987, "1987", "1987"),
        "size_band": ("25-49", "25 à 49", "25 to 49"),
        "stage": ("growth", "Croissance", "Growth"),
        "funding_stage": ("series_a", "Série A", "Series A"),
        "languages": (["fr", "en"], "Français, anglais", "French, english"),
        "sectors": (["sylviculture"], "sylviculture", "sylviculture"),
        "website": ("https://aulne.example/", "aulne.example", "aulne.example"),
        "links": (["https://autre.example/"], "autre.example", "autre.example"),
    },
    Program: {
        "applicants": (["cooperative"], "Une coopérative", "A cooperative"),
        "weeks": (13, "13 semaines", "13 weeks"),
        "format": ("remote", "À distance", "Remote"),
        "place": ("Quai 7", "Quai 7", "Quai 7"),
        "equity_percent": ("6.50", "6,5 %", "6.5%"),
        "currency": ("USD", "US", "US"),
        "fee": ("1250", "1 250", "1,250"),
        "stipend": ("2375", "2 375", "2,375"),
        "investment": ("98765", "98 765", "98,765"),
        "stages": (["growth"], "Croissance", "Growth"),
        "trl_min": (4, "4", "4"),
        "trl_max": (8, "8", "8"),
        "languages": (["fr", "en"], "Français, anglais", "French, english"),
        "offers": (["certification"], "Certification", "Certification"),
        "sectors": (["sylviculture"], "sylviculture", "sylviculture"),
    },
    Solution: {
        "trl": (7, "7", "7"),
        "certifications": ("CSA-4410", "CSA-4410", "CSA-4410"),
        "sees_people": (True, "personnes", "people"),
        "site_power": ("mains", "Secteur", "Mains"),
        "site_network": ("radio", "Radio", "Long-range radio"),
        "site_mounting": ("roof", "toit", "roof"),
        "site_area": ("17.5", "17,5", "17.5"),
        "languages": (["fr", "en"], "Français, anglais", "French, english"),
    },
}


def made(model: type[Any]) -> Any:
    fields = {name: value for name, (value, _fr, _en) in GIVEN[model].items()}
    for text in TEXTS:
        for code in ("fr", "en"):
            if f"{text}_{code}" in PUBLIC_FACTS[model]:
                fields[f"{text}_{code}"] = f"{text.title()} dit ceci ({code})"
    if model in (Incubator, Startup):
        fields["borough"] = Borough.objects.get(slug="verdun")
    if model is Program:
        fields["incubator"] = made(Incubator)
    if model is Solution:
        fields["startup"] = made(Startup)
    record = model.objects.create(slug=f"le-{model._meta.model_name}", live=True, **fields)
    record.themes.set(Theme.objects.filter(slug="mobility"))
    record.save()
    return record


def read(record: Any, language: str) -> str:
    with translation.override(language):
        response = Client().get(record.get_absolute_url())
    assert response.status_code == 200
    whole = response.content.decode()
    main = whole[whole.index("<main") : whole.index("</main>")]
    main = re.sub(r"<script.*?</script>", " ", main, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", main))
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("model", list(PUBLIC_FACTS))
def test_each_fact_is_said(model: type[Any], language: str) -> None:
    record = made(model)
    page = read(record, language)
    theme = Theme.objects.get(slug="mobility")
    missing = []
    for name in PUBLIC_FACTS[model]:
        if name in WITHOUT_WORDS or name == "people":
            continue
        if name == "borough":
            said = "Verdun"
        elif name == "themes":
            said = theme.name_fr if language == "fr" else theme.name_en
        elif name in GIVEN[model]:
            said = GIVEN[model][name][1 if language == "fr" else 2]
        else:
            if not name.endswith(f"_{language}"):
                continue
            said = getattr(record, name)
        if said.lower() not in page.lower():
            missing.append((name, said))
    assert not missing, page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_fact_of_an_intake_is_said(language: str) -> None:
    program = made(Program)
    now = timezone.now()
    Intake.objects.create(
        program=program,
        opens_at=now - timedelta(days=2),
        closes_at=datetime(now.year + 1, 3, 20, 16, 30, tzinfo=UTC),
        cohort_starts_on=date(now.year + 1, 5, 4),
        cohort_ends_on=date(now.year + 1, 9, 25),
        places=11,
        apply_by="email",
        apply_email="entrer@aulne.example",
        how_fr="Écrire d’abord (fr)",
        how_en="Write first (en)",
        languages=["en"],
        fee=35,
        contact="Accueil des équipes",
    )
    page = read(program, language)
    said = {
        "fr": (
            *("20 mars", "12 h 30", "4 mai", "25 septembre", "11", "Écrire d’abord (fr)"),
            *("anglais", "35", "Accueil des équipes", "Ouvert"),
        ),
        "en": (
            *("March 20", "12:30", "May 4", "September 25", "11", "Write first (en)"),
            *("English", "35", "Accueil des équipes", "Open"),
        ),
    }[language]
    assert [each for each in said if each not in page] == [], page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_needs_and_places_where_it_ran_are_said(language: str) -> None:
    solution = made(Solution)
    startup, house = solution.startup, made(Incubator)
    Deployment.objects.create(
        solution=solution,
        place="Rive-Neuve",
        year=2019,
        month=4,
        has_contact=True,
        result_fr="Résultat (fr)",
        result_en="Result (en)",
    )
    page = read(solution, language)
    month = "avril 2019" if language == "fr" else "April 2019"
    for said in ("Rive-Neuve", month, "(fr)" if language == "fr" else "(en)"):
        assert said in page
    for model, field, record in (
        (StartupPerson, "startup", startup),
        (IncubatorPerson, "incubator", house),
    ):
        model.objects.create(
            **{field: record}, role_fr="Accueil", role_en="Front desk", email="ici@aulne.example"
        )
        page = read(record, language)
        assert "ici@aulne.example" in page
        assert ("Accueil" if language == "fr" else "Front desk") in page
    Need.objects.create(
        startup=startup,
        kind="talent",
        text_fr="Une soudeuse (fr)",
        text_en="A welder (en)",
        expires_on=date(timezone.now().year + 1, 6, 30),
    )
    page = read(startup, language)
    for said in {
        "fr": ("Talents", "Une soudeuse (fr)", "30 juin"),
        "en": ("Talent", "A welder (en)", "June 30"),
    }[language]:
        assert said in page, page
