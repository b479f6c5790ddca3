"""One public record of each kind, every field of it given, at one instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from cms.pages.models import ArticlePage, HomePage
from core.taxonomy.models import Borough, Theme
from pilots.enums import ChallengeState, PilotState, VerdictOutcome
from pilots.models import Call, Challenge, Pilot, Site, SiteBooking, Stage, Verdict
from search.documents import BY_NAME, KINDS, Kind, documents_of, records_at
from search.port import Document
from startups.enums import ListingState
from startups.models import Incubator, Intake, Program, Solution, Startup
from tests.factories import make_user

# Eleven in the morning on the city's clocks.
# When what was last confirmed in the world is no longer.
UNCONFIRMED = datetime(2026, 9, 27, 4, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PUBLISHED = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def make_labels(n: int = 1) -> tuple[Theme, Borough]:
    """A theme and a borough."""
    theme = Theme.objects.create(
        slug=f"theme-{n}",
        name_fr=f"Thème {n}",
        name_en=f"Theme {n}",
        synonyms_fr="synonyme",
        synonyms_en="synonym",
        order=n,
    )
    borough = Borough.objects.create(
        slug=f"borough-{n}",
        name=f"Arrondissement {n}",
        kind="borough",
        code=f"X{n}",
        lat=45.5,
        lon=-73.6,
        bbox=[-73.7, 45.4, -73.5, 45.6],
    )
    return theme, borough


def make_world(n: int = 1) -> Any:
    """One of each kind, numbered ``n``, tied to each other."""
    w = SimpleNamespace()
    w.theme, w.borough = make_labels(n)
    _thread(w, n)
    _directory(w, n)
    w.pilot = _pilot(w, n)
    w.verdict = Verdict.objects.create(
        pilot=w.pilot,
        outcome=VerdictOutcome.EXTEND,
        reasons_fr="Les raisons.",
        reasons_en="The reasons.",
        role_fr="Direction des essais",
        role_en="Trials office",
        decided_by=make_user(),
        decided_at=PUBLISHED,
    )
    SiteBooking.objects.create(
        site=w.site, pilot=w.pilot, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 20)
    )
    w.page, w.twin = make_pages(n)
    return w


def _thread(w: Any, n: int) -> None:
    w.site = Site.objects.create(
        slug=f"site-{n}",
        name_fr="Place du Marché",
        name_en="Market square",
        kind="square",
        borough=w.borough,
        geometry={"type": "Point", "coordinates": [-73.61, 45.51]},
        lat=45.51,
        lon=-73.61,
        description_fr="Une place.",
        description_en="A square.",
        equipment_fr="Une prise",
        equipment_en="A socket",
        limits_fr="Jamais le dimanche",
        limits_en="Never on Sunday",
    )
    Site.objects.filter(pk=w.site.pk).update(created_at=PUBLISHED)
    call = Call.objects.create(frozen_at=PUBLISHED)
    w.stage = Stage.objects.create(
        call=call, opens_at=NOW - DAY, closes_at=NOW + 30 * DAY, grace_minutes=60
    )
    w.challenge = Challenge.objects.create(
        slug=f"challenge-{n}",
        reference=f"2026-{n:02d}",
        state=ChallengeState.PUBLISHED,
        live=True,
        call=call,
        **_texts(
            "title",
            "summary",
            "problem",
            "wanted",
            "offer_places",
            "offer_data",
            "offer_team",
            "offer_budget",
            "purchase",
            "department",
        ),
        source_city_fr="de Barcelone",
        source_city_en="Barcelona",
        published_at=PUBLISHED,
    )
    w.challenge.themes.set([w.theme])
    w.challenge.boroughs.set([w.borough])
    w.challenge.sites.set([w.site])
    w.challenge.save()


def _texts(*stems: str) -> dict[str, str]:
    return {f"{stem}_{code}": f"{stem} {code}" for stem in stems for code in ("fr", "en")}


def _listed(**fields: Any) -> dict[str, Any]:
    return {
        "state": ListingState.VERIFIED,
        "verified_on": date(2026, 3, 1),
        "live": True,
        "first_published_at": PUBLISHED,
        **fields,
    }


def _directory(w: Any, n: int) -> None:
    w.startup = Startup.objects.create(
        slug=f"startup-{n}",
        name="Pousse Verte",
        borough=w.borough,
        sectors=["énergie", "Drones"],
        stage="growth",
        **_listed(**_texts("tagline", "about")),
    )
    w.solution = Solution.objects.create(
        slug=f"solution-{n}",
        startup=w.startup,
        certifications="CSA",
        trl=7,
        **_listed(
            **_texts(
                "name", "problem", "how", "trl_evidence", "ip", "privacy", "site_needs", "price"
            )
        ),
    )
    w.incubator = Incubator.objects.create(
        slug=f"incubator-{n}",
        name="La Serre",
        kind="living_lab",
        borough=w.borough,
        sectors=["énergie"],
        offers=["mentors", "unknown"],
        address="1, rue du Port",
        lat=45.52,
        lon=-73.62,
        **_listed(**_texts("summary", "about")),
    )
    w.program = Program.objects.create(
        slug=f"program-{n}",
        incubator=w.incubator,
        sectors=["santé"],
        offers=["data"],
        stages=["prototype", "unknown"],
        place="Griffintown",
        **_listed(**_texts("name", "summary", "about", "who", "selection")),
    )
    for record in (w.startup, w.solution, w.incubator, w.program):
        record.themes.set([w.theme])
        record.save()
    w.intake = Intake.objects.create(
        program=w.program,
        opens_at=NOW - 40 * DAY,
        closes_at=NOW + 5 * DAY,
        how_fr="En ligne",
        how_en="Online",
    )
    Intake.objects.filter(pk=w.intake.pk).update(created_at=PUBLISHED)


def _pilot(w: Any, n: int) -> Pilot:
    pilot: Pilot = Pilot.objects.create(
        slug=f"pilot-{n}",
        reference=f"P2026-{n:02d}",
        state=PilotState.CONCLUDED,
        live=True,
        challenge=w.challenge,
        startup=w.startup,
        solution=w.solution,
        **_texts("title", "summary", "hypothesis", "stop_rule", "notice"),
        verdict_role_fr="Direction des essais",
        first_published_at=PUBLISHED,
        started_at=PUBLISHED,
        verdict_due_on=date(2026, 6, 1),
    )
    return pilot


def make_pages(n: int = 1) -> tuple[ArticlePage, ArticlePage]:
    """An article and the same in English."""
    homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}
    french = ArticlePage(
        title="La marche à suivre",
        slug=f"marche-{n}",
        intro="En trois temps.",
        body="<h2>D’abord</h2><p>On lit&nbsp;; <b>puis</b> on écrit.</p>",
        locale=homes["fr"].locale,
        first_published_at=PUBLISHED,
    )
    homes["fr"].add_child(instance=french)
    english = ArticlePage(
        title="What to do",
        slug=f"steps-{n}",
        intro="In three steps.",
        body="<p>Read, then write.</p>",
        locale=homes["en"].locale,
        translation_key=french.translation_key,
        first_published_at=PUBLISHED,
    )
    homes["en"].add_child(instance=english)
    return french, english


def documents(name: str, record: Any, now: datetime = NOW) -> dict[str, Document]:
    """What is found of a record, by language."""
    return {found.language: found for found in documents_of(BY_NAME[name], record, now)}


def documents_at(kind: Kind, pks: Iterable[int], now: datetime) -> list[Document]:
    """What is found of those of ``pks`` that anyone may read, as an index reads them: together."""
    return [
        found for record in records_at(kind, pks, now) for found in documents_of(kind, record, now)
    ]


def all_documents(now: datetime) -> list[Document]:
    """What is found of everything."""
    return [
        found
        for kind in KINDS
        for found in documents_at(kind, kind.rows(now).values_list("pk", flat=True), now)
    ]


def one(name: str, record: Any, now: datetime = NOW) -> Document:
    """The same in French alone."""
    return documents(name, record, now)["fr"]
