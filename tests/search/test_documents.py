"""What is found of each kind of record: every field of its documents, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site as WagtailSite

from core.following.models import Follow, Follower
from core.taxonomy.models import CitySettings
from pilots.enums import ChallengeState
from pilots.models import Challenge, Site
from search.documents import (
    BY_MODEL,
    BY_NAME,
    KINDS,
    all_documents,
    documents_at,
    documents_of,
    records_at,
    slices,
)
from search.documents.building import light
from search.port import Document, Standing
from startups.enums import ListingState
from startups.models import Incubator, Intake, Startup
from tests.search.world import DAY, NOW, PUBLISHED, make_world

pytestmark = pytest.mark.django_db
# Confirmed on the first of March, a listing is asked again after 180 days, labelled 30 days later.
UNCONFIRMED = datetime(2026, 9, 27, 4, 0, tzinfo=UTC)


@pytest.fixture
def w() -> Any:
    return make_world()


def documents(name: str, record: Any, now: datetime = NOW) -> dict[str, Document]:
    return {found.language: found for found in documents_of(BY_NAME[name], record, now)}


def one(name: str, record: Any, now: datetime = NOW) -> Document:
    return documents(name, record, now)["fr"]


# ---- each field ---------------------------------------------------------------------------------
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


# ---- what the dates make of it ------------------------------------------------------------------
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "status", "turns_at"),
    [
        (-2 * DAY, "upcoming", -DAY),
        (-DAY, "open", 23 * DAY),
        (23 * DAY, "closing", 30 * DAY + TICK),
        (30 * DAY, "closing", 30 * DAY + TICK),
        (30 * DAY + TICK, "grace", 30 * DAY + timedelta(hours=1) + TICK),
        (30 * DAY + timedelta(hours=1) + TICK, "review", None),
    ],
)
def test_the_clock_turns_a_challenge(
    w: Any, at: timedelta, status: str, turns_at: timedelta | None
) -> None:
    found = one("challenge", w.challenge, NOW + at)
    assert found.status == status
    assert found.turns_at == (None if turns_at is None else NOW + turns_at)


def test_a_state_decided_by_someone_is_turned_by_no_clock(w: Any) -> None:
    for state, status in (("decided", "decided"), ("archived", "archived")):
        Challenge.objects.filter(pk=w.challenge.pk).update(state=state)
        found = one("challenge", w.challenge)
        assert (found.status, found.turns_at, found.closes_at) == (status, None, NOW + 30 * DAY)


def test_a_cancelled_challenge_says_why_and_has_no_dates(w: Any) -> None:
    Challenge.objects.filter(pk=w.challenge.pk).update(
        state=ChallengeState.CANCELLED, cancelled_reason_fr="Le budget manque."
    )
    found = one("challenge", w.challenge)
    assert (found.status, found.opens_at, found.closes_at, found.turns_at) == (
        *("cancelled", None, None),
        None,
    )
    assert found.body.endswith("\nLe budget manque.")


def test_a_challenge_without_public_sites_is_in_its_boroughs(w: Any) -> None:
    Site.objects.update(is_public=False)
    assert one("challenge", w.challenge).places == ((45.5, -73.6),)


@pytest.mark.parametrize(
    ("at", "status", "turns_at"),
    [
        (-41 * DAY, "upcoming", -40 * DAY),
        (-40 * DAY, "open", -2 * DAY),
        (-2 * DAY, "closing", 5 * DAY + TICK),
        (5 * DAY + TICK, "closed", 36 * DAY + TICK),
    ],
)
def test_the_clock_turns_an_intake_and_its_program(
    w: Any, at: timedelta, status: str, turns_at: timedelta
) -> None:
    intake, program = (one(k, getattr(w, k), NOW + at) for k in ("intake", "program"))
    assert (intake.status, program.status) == (status, status)
    assert intake.turns_at == NOW + turns_at
    if status != "closed":
        assert program.turns_at == NOW + turns_at
    else:  # the next thing that happens to it is that nobody confirms it
        assert program.turns_at == UNCONFIRMED


def test_of_several_doors_the_first_that_one_can_use_says_what_a_program_is(w: Any) -> None:
    later = NOW + 100 * DAY
    Intake.objects.create(program=w.program, opens_at=later, closes_at=later + 10 * DAY)
    assert one("program", w.program).status == "closing"
    Intake.objects.filter(pk=w.intake.pk).update(cancelled_at=NOW)
    found = one("program", w.program)
    assert (found.status, found.opens_at, found.turns_at) == ("upcoming", later, later)
    rolling = Intake.objects.create(program=w.program, is_rolling=True)
    Intake.objects.filter(pk=rolling.pk).update(created_at=PUBLISHED)
    found = one("program", w.program)
    assert (found.status, found.opens_at, found.closes_at) == ("rolling", PUBLISHED, None)
    Intake.objects.all().delete()
    found = one("program", w.program)
    assert (found.status, found.opens_at, found.turns_at) == ("closed", None, UNCONFIRMED)


def test_what_is_about_to_close_counts_as_open_too(w: Any) -> None:
    found = one("program", w.program)
    assert found.values("status") == ("closing", "open")
    assert one("site", w.site).values("status") == ("held",)


def test_a_cancelled_intake_has_no_dates_and_leaves_after_a_time(w: Any) -> None:
    Intake.objects.filter(pk=w.intake.pk).update(
        cancelled_at=NOW, cancelled_reason_fr="Faute de place."
    )
    found = one("intake", w.intake)
    assert (found.status, found.opens_at, found.closes_at) == ("cancelled", None, None)
    assert found.turns_at == NOW + 36 * DAY + TICK
    assert found.body.endswith("\nFaute de place.")


def test_a_trial_of_another_day_does_not_hold_a_site(w: Any) -> None:
    day = datetime(2026, 2, 28, 12, 0, tzinfo=UTC)
    found = one("site", w.site, day)
    assert (found.status, found.turns_at) == ("free", datetime(2026, 3, 1, 5, 0, tzinfo=UTC))
    found = one("site", w.site, datetime(2026, 3, 21, 4, 0, tzinfo=UTC))
    assert (found.status, found.turns_at) == ("free", None)


@pytest.mark.parametrize(
    ("state", "verified_on", "standing", "turns_at"),
    [
        ("verified", date(2026, 3, 1), Standing.VERIFIED, UNCONFIRMED),
        ("claimed", date(2026, 3, 1), Standing.PLAIN, UNCONFIRMED),
        ("unclaimed", date(2026, 3, 1), Standing.PLAIN, UNCONFIRMED),
        ("verified", date(2025, 8, 12), Standing.STALE, None),
        ("verified", None, Standing.STALE, None),
    ],
)
def test_how_far_a_listing_is_vouched_for(
    w: Any, state: str, verified_on: date | None, standing: Standing, turns_at: datetime | None
) -> None:
    for model, record in ((Startup, w.startup), (Incubator, w.incubator)):
        model._default_manager.filter(pk=record.pk).update(state=state, verified_on=verified_on)
        found = one(BY_MODEL[model].name, record)
        assert (found.standing, found.turns_at) == (standing, turns_at)


def test_a_setting_of_the_city_says_how_long_a_listing_counts_as_confirmed(w: Any) -> None:
    assert one("startup", w.startup).turns_at == UNCONFIRMED
    settings = CitySettings.load()
    settings.confirm_every_days = 181
    settings.save()
    assert one("startup", w.startup).turns_at == UNCONFIRMED + DAY


def test_closed_and_merged_listings_stay_and_say_so_on_no_map(w: Any) -> None:
    note = {"closed_on": date(2026, 3, 1), "status_note_fr": "Fin des activités."}
    Startup.objects.filter(pk=w.startup.pk).update(state=ListingState.CLOSED, **note)
    Incubator.objects.filter(pk=w.incubator.pk).update(state=ListingState.CLOSED, **note)
    found = one("startup", w.startup)
    assert (found.status, found.places) == ("gone", ())
    assert found.body == "about fr\nFin des activités."
    assert one("incubator", w.incubator).places == ()
    # What they run has ended with them.
    assert one("solution", w.solution).status == "gone"
    found = one("program", w.program)
    assert (found.status, found.opens_at, found.places) == ("closed", None, ())


def test_who_follows_counts_once_confirmed_as_a_power_of_two(w: Any) -> None:
    assert one("challenge", w.challenge).popularity == 0
    for number, power in ((1, 1), (2, 2), (3, 2), (4, 3)):
        follower = Follower.objects.create(email=f"suit{number}@test.example", created_at=NOW)
        for kind, slug in (("challenge", "challenge-1"), ("pilot", "pilot-1")):
            Follow.objects.create(
                follower=follower, kind=kind, slug=slug, asked_at=NOW, confirmed_at=NOW
            )
        Follow.objects.create(follower=follower, kind="program", slug="program-1", asked_at=NOW)
        assert one("challenge", w.challenge).popularity == power
        assert one("verdict", w.verdict).popularity == power
    assert one("program", w.program).popularity == 0
    assert one("incubator", w.incubator).popularity == 0


# ---- how they are read --------------------------------------------------------------------------
QUERIES = {
    "challenge": 4,
    "pilot": 3,
    "verdict": 3,
    "site": 2,
    "incubator": 2,
    "program": 3,
    "intake": 2,
    "startup": 2,
    "solution": 2,
    "page": 4,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", QUERIES)
def test_a_slice_costs_as_many_queries_for_one_as_for_three(name: str, count: int) -> None:
    worlds = [make_world(n + 1) for n in range(count)]
    kind = BY_NAME[name]
    CitySettings.current()
    WagtailSite.get_site_root_paths()
    keys = [getattr(world, name).pk for world in worlds]
    documents_at(kind, keys, NOW)  # content types and patterns are read once for all
    with CaptureQueriesContext(connection) as captured:
        found = documents_at(kind, keys, NOW)
    assert len({document.pk for document in found}) == count
    assert len(captured) == QUERIES[name]


def test_every_kind_has_its_count() -> None:
    assert list(QUERIES) == [kind.name for kind in KINDS]


def test_slices_give_every_record_once_in_the_order_of_its_key() -> None:
    keys = [make_world(n).startup.pk for n in (1, 2, 3)]
    found = list(slices(BY_NAME["startup"], NOW, size=2))
    assert [last for last, _documents in found] == [keys[1], keys[2]]
    assert [d.pk for _last, some in found for d in some] == [k for k in keys for _code in "fe"]
    assert [d.pk for _last, some in slices(BY_NAME["startup"], NOW, after=keys[0]) for d in some][
        ::2
    ] == keys[1:]


def test_all_documents_are_those_of_every_kind(w: Any) -> None:
    found = [(d.kind, d.pk, d.language) for d in all_documents(NOW) if d.kind != "page"]
    names = [kind.name for kind in KINDS if kind.name != "page"]
    assert found == [(n, getattr(w, n).pk, code) for n in names for code in ("fr", "en")]


def test_a_record_read_with_others_asks_nothing_more(w: Any) -> None:
    kind = BY_NAME["program"]
    (record,) = records_at(kind, [w.program.pk], NOW)
    with CaptureQueriesContext(connection) as captured:
        found = documents_of(kind, record, NOW)
    assert len(captured) == 0
    assert found == documents_of(kind, w.program, NOW)


def test_a_record_holds_only_what_was_named() -> None:
    record = light(Startup, ("id", "slug"), (1, "x"))
    assert (record.pk, record.slug) == (1, "x")
    with pytest.raises(AttributeError):
        record.neq  # noqa: B018
