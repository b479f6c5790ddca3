"""What the clock, people and the city's settings make of a document."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.following.models import Follow, Follower
from core.taxonomy.models import CitySettings
from pilots.enums import ChallengeState
from pilots.models import Challenge, Site
from search.documents import (
    BY_MODEL,
)
from search.port import Standing
from startups.enums import ListingState
from startups.models import Incubator, Intake, Startup
from tests.search.world import DAY, NOW, PUBLISHED, UNCONFIRMED, one

pytestmark = pytest.mark.django_db
# Confirmed on the first of March, a listing is asked again after 180 days, labelled 30 days later.


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
