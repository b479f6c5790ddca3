"""Two owners at the same instant: whoever comes second sees what the first one did.

The first holds its transaction open until the server says that the second waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.accounts.domain.members import change_role, leave_organisation
from core.accounts.domain.organisations import create_organisation
from core.accounts.models import Membership, Organisation, Role, User
from core.privacy.domain.erasure import erase_person
from tests.races import at_once

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)

Move = Callable[[Organisation, User, User], Any]


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
    refusal = at_once(lambda: first(organisation, ana, bo), lambda: second(organisation, bo, ana))
    assert (refusal is not None) is is_refused
    assert organisation.memberships.all().owners().count() == 1
    assert not Organisation.objects.without_owner().exists()
