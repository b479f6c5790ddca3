"""Two members send one startup’s profile at the same instant: one interest, one mail of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from core.accounts.models import Membership, Role
from core.notifications.models import Message
from startups.models import Interest
from tests import databases, factories
from tests.startups.test_claim_races import WAITS_WITHIN, somebody_waits_for_me
from tests.startups.test_interest import make_intake, make_program, show


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own: what two connections share is committed, and goes with it."""
    if not databases.on_server():
        pytest.skip("PostgreSQL: several writers at once; SQLite holds the write lock")
    url = databases.copy(databases.migrated(), f"interests{os.getpid()}")
    settings = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        before, settings["NAME"] = settings["NAME"], databases.name_of(url)
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = before


def test_two_clicks_at_once_send_one_interest(apart: None) -> None:
    first, second = factories.make_user("un"), factories.make_user("deux")
    startup = factories.make_startup(first)
    Membership.objects.create(user=second, organisation=startup.organisation, role=Role.EDITOR)
    intake = make_intake(make_program(factories.make_user("lectrice")))

    def elsewhere() -> None:
        try:
            show(intake, startup, second)
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    with transaction.atomic():
        show(intake, startup, first)
        thread.start()
        until = time.monotonic() + WAITS_WITHIN
        while not somebody_waits_for_me():
            assert thread.is_alive(), "It did not wait"
            assert time.monotonic() < until
            time.sleep(0.01)
    thread.join(WAITS_WITHIN)
    found = Interest.objects.get()
    assert found.sent_by == first
    assert Message.objects.filter(event="interest_received").count() == 1
