"""Two organisations claim one listing at the same instant: one has it, the other waits."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from startups.domain.claiming import claim_by_address
from startups.enums import ClaimState, ListingState
from startups.models import Claim, Incubator
from tests import databases
from tests.startups.test_claiming import make_incubator, make_support

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
WAITS_WITHIN = 30.0


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own: what two connections share is committed, and goes with it."""
    if not databases.on_server():
        pytest.skip("PostgreSQL: several writers at once; SQLite holds the write lock")
    url = databases.copy(databases.migrated(), f"claims{os.getpid()}")
    settings = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        before, settings["NAME"] = settings["NAME"], databases.name_of(url)
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = before


def somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_of_two_claims_at_once_the_second_is_a_dispute(apart: None) -> None:
    listing = make_incubator()
    first, second = (make_support(n, f"{n}@mesures.example") for n in ("un", "deux"))

    def claims(who: tuple[Any, Any]) -> None:
        organisation, user = who
        claim_by_address(
            listing=listing, organisation=organisation, email=user.email, actor=user, now=NOW
        )

    def elsewhere() -> None:
        try:
            claims(second)
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    with transaction.atomic():
        claims(first)
        thread.start()
        until = time.monotonic() + WAITS_WITHIN
        while not somebody_waits_for_me():
            assert thread.is_alive(), "It did not wait"
            assert time.monotonic() < until
            time.sleep(0.01)
    thread.join(WAITS_WITHIN)
    found = Incubator.objects.get()
    assert (found.organisation, found.state) == (first[0], ListingState.CLAIMED)
    states = Claim.objects.order_by("asked_at", "pk").values_list("organisation__name", "state")
    assert dict(states) == {"Atelier un": ClaimState.ACCEPTED, "Atelier deux": ClaimState.PENDING}
