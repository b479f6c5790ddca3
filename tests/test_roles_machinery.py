"""What machinery draws, visited as each role: the administration's lists and forms, and the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from core.accounts import roles
from core.accounts.models import User
from tests import factories
from tests.test_architecture import FLOORS

pytestmark = pytest.mark.django_db

# Who visits: nobody, a startup, the jury, then the city: who writes challenges, who approves
# them, who leads trials, who looks after listings, finance, editors, administrators.
CITY = (
    roles.JURY_MEMBERS,
    roles.CHALLENGE_MANAGERS,
    roles.CHALLENGE_APPROVERS,
    roles.PILOT_MANAGERS,
    roles.MODERATORS,
    roles.FINANCE,
    roles.EDITORS,
    roles.ADMINISTRATORS,
)


@pytest.fixture
def people(settings: Any) -> list[User | None]:
    """In development, so that demonstration accounts enter with their password alone."""
    settings.DEBUG = True
    return [
        None,
        factories.make_user("proprio", is_demo=True),
        *(factories.make_user("ville", role, is_demo=True) for role in CITY),
    ]


def routes(
    resolver: URLResolver | None = None, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, Any]]:
    """Every address: its pattern, its name with its namespaces, its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern, route, inside)
        else:
            yield route, ":".join((*spaces, pattern.name or "")), pattern.callback


def own_admin_names() -> set[str]:
    """Lists and forms of adding, for the project's own models."""
    found = set()
    for route, name, view in routes():
        model = getattr(view, "view_initkwargs", {}).get("model")
        model = model or getattr(getattr(view, "view_class", None), "model", None)
        own = isinstance(model, type) and issubclass(model, models.Model)
        own = own and model.__module__.split(".")[0] in FLOORS  # type: ignore[union-attr]
        if own and route.startswith("admin/") and name.endswith((":list", ":index", ":add")):
            found.add(name)
    return found


# Name of the address: the answer to a GET for each person in order. The administration sends who
# may not enter a page to its home with a sentence.
ADMIN: dict[str, str] = {
    "audit:add": "302 302 302 302 302 302 302 302 302 302",
    "audit:index": "302 302 302 302 302 302 302 302 302 200",
    "consent:add": "302 302 302 302 302 302 302 302 302 302",
    "consent:index": "302 302 302 302 302 302 302 302 302 200",
    "erasure:add": "302 302 302 302 302 302 302 302 302 302",
    "erasure:index": "302 302 302 302 302 302 302 302 302 200",
    "incident:add": "302 302 302 302 302 302 302 302 302 200",
    "incident:index": "302 302 302 302 302 302 302 302 302 200",
    "message_words:index": "302 302 302 302 302 302 302 302 200 200",
    "closed_addresses:add": "302 302 302 302 302 302 302 302 302 200",
    "closed_addresses:index": "302 302 302 302 302 302 302 302 302 200",
    "organisations:add": "302 302 302 302 302 302 302 302 302 302",
    "organisations:index": "302 302 302 302 302 302 302 302 302 200",
    "outbox:add": "302 302 302 302 302 302 302 302 302 302",
    "outbox:index": "302 302 302 302 302 302 302 302 302 200",
    "retention_rule:add": "302 302 302 302 302 302 302 302 302 200",
    "retention_rule:index": "302 302 302 302 302 302 302 302 302 200",
    "retention_run:add": "302 302 302 302 302 302 302 302 302 302",
    "retention_run:index": "302 302 302 302 302 302 302 302 302 200",
    "wagtailsnippets_pilots_challenge:add": "302 302 302 200 302 302 302 302 302 200",
    "wagtailsnippets_pilots_challenge:list": "302 302 302 200 200 302 302 302 302 200",
    "wagtailsnippets_pilots_permitrule:add": "302 302 302 302 302 200 302 302 302 200",
    "wagtailsnippets_pilots_permitrule:list": "302 302 302 302 302 200 302 302 302 200",
    "wagtailsnippets_pilots_pilot:add": "302 302 302 302 302 302 302 302 302 302",
    "wagtailsnippets_pilots_pilot:list": "302 302 302 302 302 200 302 302 302 200",
    "wagtailsnippets_pilots_site:add": "302 302 302 302 302 200 302 302 302 200",
    "wagtailsnippets_pilots_site:list": "302 302 302 200 302 200 302 302 302 200",
    "wagtailsnippets_pilots_stage:add": "302 302 302 302 302 302 302 302 302 302",
    "wagtailsnippets_pilots_stage:list": "302 302 302 200 302 302 302 302 302 200",
    "wagtailsnippets_startups_incubator:add": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_incubator:list": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_program:add": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_program:list": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_solution:add": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_solution:list": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_startup:add": "302 302 302 302 302 302 200 302 302 200",
    "wagtailsnippets_startups_startup:list": "302 302 302 302 302 302 200 302 302 200",
    "wagtailusers_users:add": "302 302 302 302 302 302 302 302 302 200",
    "wagtailusers_users:index": "302 302 302 302 302 302 302 302 302 200",
}


def test_who_gets_into_the_administration(client: Client, people: list[User | None]) -> None:
    found: dict[str, str] = {}
    for person in people:
        client.logout()
        if person is not None:
            client.force_login(person)
        for name in own_admin_names():
            status = client.get(reverse(name)).status_code
            found[name] = f"{found.get(name, '')} {status}".strip()
    assert found == ADMIN


def test_the_api_answers_everyone_alike(client: Client, people: list[User | None]) -> None:
    addresses = {
        "/" + re.sub(r"<slug:\w+>", "inconnu", route)
        for route, _name, _view in routes()
        if route.startswith("api/v1/")
    }
    assert len(addresses) > 40
    for address in sorted(addresses):
        answers = set()
        for person in people:
            client.logout()
            if person is not None:
                client.force_login(person)
            answers.add(client.get(address).status_code)
        assert answers == {404 if "inconnu" in address else 200}, address
