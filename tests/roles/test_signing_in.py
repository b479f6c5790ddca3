"""Whoever has a right password enters by one page, and with a second factor by none alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.utils import translation

from tests.roles.arguments import ARGUMENTS, place
from tests.roles.test_elsewhere import place as somewhere
from tests.roles.visits import sign_in, undone
from tests.roles.walk import Address, published, walk
from tests.roles.world import World

pytestmark = pytest.mark.django_db


def where(address: Address, world: World) -> str:
    if address.parameters and address.key not in ARGUMENTS and address.key == address.name:
        return somewhere(address)
    return place(address, world)


def opened_by(world: World, person: str) -> set[str]:
    """The addresses that let ``person`` in for a right password, under any name of a field."""
    user = world.person(person)
    words: dict[str, Any] = {"password": "motdepasse", "next": "/"}
    words |= dict.fromkeys(("username", "login", "email"), user.email)
    found, client = set(), sign_in(None)
    with translation.override("fr"):
        for address in published(walk()):
            if address.route.startswith(("api/v1/", "^api/v1")):
                continue
            with undone(client):
                client.post(where(address, world), words)
                if SESSION_KEY in client.session:
                    found.add(address.key)
    return found


def test_one_page_signs_in(world: World) -> None:
    assert opened_by(world, "owner") == {"account_login"}


def test_a_password_alone_signs_in_no_staff(world: World) -> None:
    assert opened_by(world, "manager") == set()
