"""Two owners at the same instant: whoever comes second sees what the first one did.

The first holds its transaction open until the server says that the second waits for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from core.accounts.domain.members import change_role, leave_organisation
from core.accounts.domain.organisations import create_organisation
from core.accounts.models import Membership, Organisation, Role, User
from core.exceptions import DomainError
from core.privacy.domain.erasure import erase_person
from tests import databases

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
WAITS_WITHIN = 30.0

Move = Callable[[Organisation, User, User], Any]


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own: what two connections share is committed, and goes with it."""
    if not databases.on_server():
        pytest.skip("PostgreSQL: several writers at once; SQLite holds the write lock")
    url = databases.copy(databases.migrated(), f"races{os.getpid()}")
    settings = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        before, settings["NAME"] = settings["NAME"], databases.name_of(url)
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = before


def leaves(organisation: Organisation, me: User, other: User) -> None:
    leave_organisation(organisation=organisation, actor=me, now=NOW)


def erases(organisation: Organisation, me: User, other: User) -> None:
    erase_person(person=me, actor=me, now=NOW)


def demotes(organisation: Organisation, me: User, other: User) -> None:
    theirs = Membership.objects.get(user=other)
    change_role(membership=theirs, role=Role.EDITOR, actor=me, now=NOW)


def steps_down(organisation: Organisation, me: User, other: User) -> None:
    mine = Membership.objects.get(user=me)
    change_role(membership=mine, role=Role.EDITOR, actor=me, now=NOW)


def somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        (leaves, leaves, True),
        (leaves, erases, True),
        (erases, leaves, True),
        (erases, erases, True),
        (demotes, leaves, False),  # an editor by then, as whom they may leave
        (leaves, demotes, True),
        (demotes, demotes, True),
        (steps_down, leaves, True),
        (leaves, steps_down, True),
    ],
)
def test_of_two_owners_who_go_at_once_one_stays(
    apart: None, first: Move, second: Move, is_refused: bool
) -> None:
    ana, bo = (User.objects.create_user(f"{n}@{n}.ca", name=n) for n in ("ana", "bo"))
    organisation = create_organisation(
        name="Nord", kind="startup", language="fr", actor=ana, now=NOW
    ).organisation
    Membership.objects.create(user=bo, organisation=organisation, role=Role.OWNER)
    answers: list[DomainError | None] = []

    def elsewhere() -> None:
        try:
            second(organisation, bo, ana)
        except DomainError as error:
            answers.append(error)
        else:
            answers.append(None)
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    with transaction.atomic():
        first(organisation, ana, bo)
        thread.start()
        until = time.monotonic() + WAITS_WITHIN
        while not somebody_waits_for_me():
            assert thread.is_alive(), f"It did not wait: {answers}"
            assert time.monotonic() < until
            time.sleep(0.01)
    thread.join(WAITS_WITHIN)
    assert [isinstance(answer, DomainError) for answer in answers] == [is_refused]
    assert organisation.memberships.all().owners().count() == 1
    assert not Organisation.objects.without_owner().exists()
