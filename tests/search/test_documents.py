"""Every kind's documents, field by field, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pilots.models import Challenge
from search.port import Document, Standing
from tests.search.world import DAY, NOW, PUBLISHED, UNCONFIRMED, documents

pytestmark = pytest.mark.django_db
# Confirmed on the first of March, a listing is asked again after 180 days, labelled 30 days later.


def test_a_challenge(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "challenge",
        "pk": w.challenge.pk,
        "slug": "challenge-1",
        "themes": ("theme-1",),
        "boroughs": ("borough-1",),
        "status": "open",
        "published_at": PUBLISHED,
        "opens_at": NOW - DAY,
        "closes_at": NOW + 30 * DAY,
        "turns_at": NOW + 23 * DAY,
        "places": ((45.51, -73.61),),
    }
    stems = ("problem", "wanted", "offer_places", "offer_data", "offer_team", "offer_budget")
    assert documents("challenge", w.challenge) == {
        "fr": Document(
            language="fr",
            title="title fr",
            url="/fr/defis/challenge-1/",
            summary="summary fr",
            names="2026-01\ndepartment fr\ndéfi",
            other="title en\nsummary en",
            body="\n".join([*(f"{s} fr" for s in stems), "purchase fr", "de Barcelone"]),
            **same,
        ),
        "en": Document(
            language="en",
            title="title en",
            url="/en/challenges/challenge-1/",
            summary="summary en",
            names="2026-01\ndepartment en\nchallenge",
            other="title fr\nsummary fr",
            body="\n".join([*(f"{s} en" for s in stems), "purchase en", "Barcelona"]),
            **same,
        ),
    }


def test_a_pilot(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "pilot",
        "pk": w.pilot.pk,
        "slug": "pilot-1",
        "themes": ("theme-1",),
        "boroughs": ("borough-1",),
        "status": "concluded",
        "published_at": PUBLISHED,
        "places": ((45.51, -73.61),),
    }
    assert documents("pilot", w.pilot) == {
        "fr": Document(
            language="fr",
            title="title fr",
            url="/fr/projets-pilotes/pilot-1/",
            summary="summary fr",
            names="P2026-01\nPousse Verte\nname fr\nprojet pilote",
            other="title en\nsummary en",
            body="hypothesis fr\nstop_rule fr\nnotice fr\ntitle fr",
            **same,
        ),
        "en": Document(
            language="en",
            title="title en",
            url="/en/pilots/pilot-1/",
            summary="summary en",
            names="P2026-01\nPousse Verte\nname en\npilot",
            other="title fr\nsummary fr",
            body="hypothesis en\nstop_rule en\nnotice en\ntitle en",
            **same,
        ),
    }


def test_a_verdict(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "verdict",
        "pk": w.verdict.pk,
        "slug": "pilot-1",
        "themes": ("theme-1",),
        "boroughs": ("borough-1",),
        "status": "extend",
        "published_at": PUBLISHED,
        "places": ((45.51, -73.61),),
    }
    assert documents("verdict", w.verdict) == {
        "fr": Document(
            language="fr",
            title="title fr",
            url="/fr/projets-pilotes/pilot-1/#verdict",
            summary="Les raisons.",
            names="Prolongation\nP2026-01\nPousse Verte\nverdict",
            other="title en\nThe reasons.",
            body="Direction des essais",
            **same,
        ),
        "en": Document(
            language="en",
            title="title en",
            url="/en/pilots/pilot-1/#verdict",
            summary="The reasons.",
            names="Extend\nP2026-01\nPousse Verte\nverdict",
            other="title fr\nLes raisons.",
            body="Trials office",
            **same,
        ),
    }


def test_a_site(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "site",
        "pk": w.site.pk,
        "slug": "site-1",
        "boroughs": ("borough-1",),
        "status": "held",
        "published_at": PUBLISHED,
        # The day after the last one of the trial, on the city's clocks.
        "turns_at": datetime(2026, 3, 21, 4, 0, tzinfo=UTC),
        "places": ((45.51, -73.61),),
    }
    assert documents("site", w.site) == {
        "fr": Document(
            language="fr",
            title="Place du Marché",
            url="/fr/sites/site-1/",
            summary="Une place.",
            names="Place\nsite d’essai",
            other="Market square\nA square.",
            body="Une prise\nJamais le dimanche",
            **same,
        ),
        "en": Document(
            language="en",
            title="Market square",
            url="/en/sites/site-1/",
            summary="A square.",
            names="Square\ntest site",
            other="Place du Marché\nUne place.",
            body="A socket\nNever on Sunday",
            **same,
        ),
    }


LISTED: dict[str, Any] = {
    "themes": ("theme-1",),
    "boroughs": ("borough-1",),
    "published_at": PUBLISHED,
    "standing": Standing.VERIFIED,
}


def test_an_incubator(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "incubator",
        "pk": w.incubator.pk,
        "slug": "incubator-1",
        "title": "La Serre",
        "status": "active",
        "turns_at": UNCONFIRMED,
        "places": ((45.52, -73.62),),
        **LISTED,
    }
    assert documents("incubator", w.incubator) == {
        "fr": Document(
            language="fr",
            url="/fr/incubateurs/incubator-1/",
            summary="summary fr",
            names="Laboratoire vivant\nénergie\norganisme de soutien",
            other="summary en",
            body="about fr\n1, rue du Port\nMentorat",
            **same,
        ),
        "en": Document(
            language="en",
            url="/en/incubators/incubator-1/",
            summary="summary en",
            names="Living lab\nenergy\nsupport organisation",
            other="summary fr",
            body="about en\n1, rue du Port\nMentors",
            **same,
        ),
    }


def test_a_program(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "program",
        "pk": w.program.pk,
        "slug": "program-1",
        "status": "closing",
        "stages": ("prototype",),
        "opens_at": NOW - 40 * DAY,
        "closes_at": NOW + 5 * DAY,
        "turns_at": NOW + 5 * DAY + timedelta(microseconds=1),
        "places": ((45.52, -73.62),),
        **LISTED,
    }
    assert documents("program", w.program) == {
        "fr": Document(
            language="fr",
            title="name fr",
            url="/fr/programmes/program-1/",
            summary="summary fr",
            names="La Serre\nLaboratoire vivant\nsanté\nprogramme",
            other="name en\nsummary en",
            body="about fr\nwho fr\nselection fr\nGriffintown\nDonnées",
            **same,
        ),
        "en": Document(
            language="en",
            title="name en",
            url="/en/programs/program-1/",
            summary="summary en",
            names="La Serre\nLiving lab\nhealth\nprogram",
            other="name fr\nsummary fr",
            body="about en\nwho en\nselection en\nGriffintown\nData",
            **same,
        ),
    }


def test_an_intake(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "intake",
        "pk": w.intake.pk,
        "slug": f"program-1-{w.intake.pk}",
        "status": "closing",
        "stages": ("prototype",),
        "opens_at": NOW - 40 * DAY,
        "closes_at": NOW + 5 * DAY,
        "turns_at": NOW + 5 * DAY + timedelta(microseconds=1),
        "places": ((45.52, -73.62),),
        **LISTED,
    }
    assert documents("intake", w.intake) == {
        "fr": Document(
            language="fr",
            title="name fr",
            url=f"/fr/programmes/program-1/#intake-{w.intake.pk}",
            summary="summary fr",
            names="La Serre\nLaboratoire vivant\njanvier 2026\nmars 2026\nappel à candidatures",
            other="name en\nsummary en",
            body="En ligne\nwho fr",
            **same,
        ),
        "en": Document(
            language="en",
            title="name en",
            url=f"/en/programs/program-1/#intake-{w.intake.pk}",
            summary="summary en",
            names="La Serre\nLiving lab\nJanuary 2026\nMarch 2026\nintake",
            other="name fr\nsummary fr",
            body="Online\nwho en",
            **same,
        ),
    }


def test_a_startup(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "startup",
        "pk": w.startup.pk,
        "slug": "startup-1",
        "title": "Pousse Verte",
        "status": "active",
        "stages": ("growth",),
        "turns_at": UNCONFIRMED,
        "places": ((45.5, -73.6),),
        **LISTED,
    }
    assert documents("startup", w.startup) == {
        "fr": Document(
            language="fr",
            url="/fr/jeunes-pousses/startup-1/",
            summary="tagline fr",
            names="Croissance\nénergie\nDrones\njeune pousse",
            other="tagline en",
            body="about fr",
            **same,
        ),
        "en": Document(
            language="en",
            url="/en/startups/startup-1/",
            summary="tagline en",
            names="Growth\nenergy\nDrones\nstartup",
            other="tagline fr",
            body="about en",
            **same,
        ),
    }


def test_a_solution(w: Any) -> None:
    same: dict[str, Any] = {
        "kind": "solution",
        "pk": w.solution.pk,
        "slug": "solution-1",
        "status": "active",
        "stages": ("7",),
        "turns_at": UNCONFIRMED,
        "places": ((45.5, -73.6),),
        **LISTED,
    }
    stems = ("how", "trl_evidence", "ip", "privacy", "site_needs", "price")
    assert documents("solution", w.solution) == {
        "fr": Document(
            language="fr",
            title="name fr",
            url="/fr/solutions/solution-1/",
            summary="problem fr",
            names="Pousse Verte\nsolution",
            other="name en\nproblem en",
            body="\n".join([*(f"{s} fr" for s in stems), "CSA"]),
            **same,
        ),
        "en": Document(
            language="en",
            title="name en",
            url="/en/solutions/solution-1/",
            summary="problem en",
            names="Pousse Verte\nsolution",
            other="name fr\nproblem fr",
            body="\n".join([*(f"{s} en" for s in stems), "CSA"]),
            **same,
        ),
    }


def test_a_page_and_the_same_in_english(w: Any) -> None:
    assert documents("page", w.page) == {
        "fr": Document(
            kind="page",
            pk=w.page.pk,
            language="fr",
            slug="marche-1",
            title="La marche à suivre",
            url="/fr/marche-1/",
            summary="En trois temps.",
            names="article",
            other="What to do\nIn three steps.",
            body="D’abord On lit\xa0; puis on écrit.",
            published_at=PUBLISHED,
        )
    }
    assert documents("page", w.twin) == {
        "en": Document(
            kind="page",
            pk=w.twin.pk,
            language="en",
            slug="steps-1",
            title="What to do",
            url="/en/steps-1/",
            summary="In three steps.",
            names="article",
            other="La marche à suivre\nEn trois temps.",
            body="Read, then write.",
            published_at=PUBLISHED,
        )
    }


def test_a_page_without_a_twin_is_what_readers_of_both_languages_find(w: Any) -> None:
    w.twin.unpublish()
    found = documents("page", w.page)
    assert {code: (d.title, d.url, d.other) for code, d in found.items()} == {
        "fr": ("La marche à suivre", "/fr/marche-1/", ""),
        "en": ("La marche à suivre", "/fr/marche-1/", ""),
    }


def test_where_english_is_missing_french_is_read(w: Any) -> None:
    Challenge.objects.filter(pk=w.challenge.pk).update(title_en="", summary_en="", wanted_en="")
    found = documents("challenge", w.challenge)
    assert (found["en"].title, found["en"].summary) == ("title fr", "summary fr")
    assert found["en"].other == "title fr\nsummary fr"
    assert found["fr"].other == ""
    assert "wanted fr" in found["en"].body
