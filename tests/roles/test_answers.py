"""Each person visits each address of the tables."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.utils import translation

from tests.roles.arguments import POSTED, place
from tests.roles.table import REFUSED, Row, all_rows, load, names
from tests.roles.visits import sign_in, visit
from tests.roles.walk import walk
from tests.roles.world import World

pytestmark = pytest.mark.django_db
# Whose follower is made when the person first looks at what they follow.
WRITES_WHEN_READ = {"following"}


@pytest.mark.parametrize("name", names())
def test_each_person_is_answered_as_the_table_says(world: World, name: str) -> None:
    """Read in French, posted in English: an address has both."""
    table, addresses = load(name), {address.key: address for address in walk()}
    found: dict[Row, dict[str, str]] = defaultdict(dict)
    for person in table.people:
        client = sign_in(world.people[person])
        for row in table.rows:
            with translation.override("fr" if row.method == "GET" else "en"):
                where = place(addresses[row.name], world)
            data = POSTED[row.name](world) if row.method == "POST" and row.name in POSTED else {}
            found[row][person] = visit(client, row.method, where, data)
    wrong = [
        f"{table.line(row)}\n{table.line(Row(row.name, row.method, answers))} ← found"
        for row, answers in found.items()
        if answers != row.answers
    ]
    assert not wrong, "\n".join([f"{name}.txt", table.header(), *wrong])


def test_who_is_refused_changes_nothing() -> None:
    wrong = [
        (row.name, row.method, person)
        for row in all_rows()
        for person, answer in row.answers.items()
        if answer.endswith("+") and answer[:-1] in REFUSED
    ]
    assert wrong == []


def test_reading_changes_nothing_and_nothing_breaks() -> None:
    for row in all_rows():
        said = set(row.answers.values())
        assert not any(answer.startswith("5") for answer in said), row
        if row.method == "GET" and row.name not in WRITES_WHEN_READ:
            assert not any(answer.endswith("+") for answer in said), row
