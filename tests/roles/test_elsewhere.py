"""What keeps the addresses without a row closed or harmless."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.roles.table import all_rows
from tests.roles.visits import sign_in, visit
from tests.roles.walk import Address, of_our_administration, published, walk
from tests.roles.world import World

pytestmark = pytest.mark.django_db


def place(address: Address) -> str:
    """Somewhere of that form, with a 1 wherever something is named."""
    if not address.name.rpartition(":")[2]:
        return "/" + address.route
    return reverse(address.name, kwargs=dict.fromkeys(address.parameters, 1))


@pytest.mark.parametrize(
    ("person", "method", "answer"),
    [
        ("nobody", "GET", "login"),
        ("nobody", "POST", "login"),
        ("owner", "POST", "403"),
        ("juror", "GET", "403"),
        ("bare", "GET", "2fa"),
    ],
)
def test_one_door_to_the_administration(
    world: World, person: str, method: str, answer: str
) -> None:
    """Wagtail's pages and ours; those that stand before the door have rows (admin_doors.txt)."""
    addresses = published(walk())
    ours = {address.key for address in of_our_administration(addresses)}
    doors = {row.name for row in all_rows()} - ours
    inside = [a for a in addresses if a.route.startswith("admin/") and a.key not in doors]
    assert len(inside) > 450
    client = sign_in(world.people[person])
    wrong = {a.key: said for a in inside if (said := visit(client, method, place(a))) != answer}
    assert wrong == {}


def test_the_api_answers_everyone_alike(world: World) -> None:
    places = {
        "/" + re.sub(r"<slug:\w+>", "inconnu", address.route)
        for address in walk()
        if address.route.startswith("api/v1/")
    }
    assert len(places) > 40
    clients = [sign_in(world.people[p]) for p in ("nobody", "viewer", "rival", "juror", "admin")]
    for where in sorted({*places, "/api/v1/nulle-part"}):
        answers = {visit(client, "GET", where) for client in clients}
        is_there = "inconnu" not in where and "nulle-part" not in where
        assert answers == {"200" if is_there else "404"}, where
        # No "+": the description of the interface answers a POST, and writes nothing.
        posted = {visit(client, "POST", where) for client in (clients[0], clients[-1])}
        assert posted <= {"200", "401", "404", "405"}, where
