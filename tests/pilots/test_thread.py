"""The thread never lies: what is already under way is not said to be to come."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.directories.pilots import PILOTS
from core.accounts.models import User
from core.thread import Thread
from pilots.domain import pilot as verbs
from pilots.domain import reading
from pilots.enums import ReadingSource
from pilots.models import Pilot
from pilots.thread import challenge_thread, pilot_mark, pilot_thread
from tests import factories
from tests.pilots.test_trial import reading_of, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return factories.pilot_manager()


def states(thread: Thread) -> list[str]:
    return [station.state for station in thread.stations]


def measure(pilot: Pilot, boss: User) -> None:
    now = timezone.now()
    reading.record_readings(
        pilot=pilot,
        readings=[reading_of("attente", 9)],
        source=ReadingSource.FORM,
        actor=boss,
        now=now,
    )


def test_measurements_are_under_way_from_the_first_value_on(boss: User) -> None:
    now = timezone.now()
    pilot = started(factories.make_pilot(), boss)
    assert states(pilot_thread(pilot, now)) == [*["done"] * 4, "now", "next", "next"]
    measure(pilot, boss)
    thread = pilot_thread(pilot, now)
    assert states(thread) == [*["done"] * 4, "now", "now", "next"]
    assert [s.is_current for s in thread.stations] == [False] * 4 + [True, False, False]
    assert thread.stations[5].detail.startswith("dernière mesure le ")
    assert thread.sentence == "Étape 5 sur 7\u00a0: Essai (en cours)"
    assert states(challenge_thread(pilot.challenge, now)) == states(thread)
    verbs.suspend_pilot(pilot=pilot, reason_fr="Gel", reason_en="", actor=boss, now=now)
    pilot.refresh_from_db()
    assert states(pilot_mark(pilot, now)) == [*["done"] * 4, "stopped", "stopped", "next"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_for_no_value_row_by_row(boss: User, count: int) -> None:
    for _n in range(count):
        measure(started(factories.make_pilot(), boss), boss)
    with CaptureQueriesContext(connection) as queries:
        entries = [PILOTS.entry(p, timezone.now()) for p in PILOTS.read(Pilot.objects.public())]
    assert [states(e.thread)[5] for e in entries if e.thread] == ["now"] * count
    assert len(queries) == 2
