"""The demonstration as people meet it: every page answers, in both languages, in few queries."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from cms.demo.load import load_demo
from core.accounts.models import User
from core.audit.verify import verify_chain
from pilots.models import Challenge, Pilot, Site
from startups.models import Incubator, Program, Solution, Startup

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="([^"#]+)')
# Kinds of list, their address, what they hold, and the queries of a page whatever its rows.
LISTS: list[tuple[str, Any, int]] = [
    ("/fr/defis/", Challenge, 9),
    ("/fr/projets-pilotes/", Pilot, 9),
    ("/fr/sites/", Site, 6),
    ("/fr/incubateurs/", Incubator, 8),
    ("/fr/programmes/", Program, 8),
    ("/fr/jeunes-pousses/", Startup, 7),
    ("/fr/solutions/", Solution, 7),
]


def crawl(client: Client, start: str) -> dict[str, int]:
    """Every page that a person reaches by links from ``start``, with its answer."""
    answers: dict[str, int] = {}
    queue = deque([start])
    while queue:
        address = queue.popleft()
        if address in answers:
            continue
        response = client.get(address)
        answers[address] = response.status_code
        if "text/html" not in response.headers.get("Content-Type", "") or response.streaming:
            continue
        for link in LINK.findall(response.content.decode()):
            target = urlsplit(urljoin(address, link.replace("&amp;", "&")))
            own = not target.netloc or target.netloc == "testserver"
            # One language at a time; of a list, its pages but not each combination of filters.
            plain = not target.query or target.query.startswith(("page=", "view="))
            if own and plain and target.path.startswith((start, "/admin/", "/data", "/api")):
                queue.append(target.path + (f"?{target.query}" if target.query else ""))
    return answers


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration, loaded once: each test's own transaction is nested in this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=timezone.now(), say=lambda _text: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """What a newcomer's site holds."""


def test_every_page_of_the_demonstration_answers(client: Client, demo: None) -> None:
    for language in ("fr", "en"):
        answers = crawl(client, f"/{language}/")
        wrong = {
            address: code
            for address, code in answers.items()
            if code != 200 and not (code == 302 and "login" in client.get(address)["Location"])
        }
        assert wrong == {}
        assert len(answers) > 250
    assert verify_chain().broken == ""


@pytest.mark.parametrize(
    "account", ["startup", "incubateur", "ville", "jury1", "pilote", "moderation", "finance"]
)
def test_every_page_of_a_persons_workspace_answers(
    client: Client, demo: None, account: str
) -> None:
    client.force_login(User.objects.get(email=f"{account}@demo.test"))
    for language, space in (("fr", "/fr/espace/"), ("en", "/en/workspace/")):
        answers = crawl(client, space)
        assert {a: c for a, c in answers.items() if c not in (200, 302)} == {}, language


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("address", "model", "expected"), LISTS)
def test_a_list_asks_the_same_of_the_database_whatever_its_rows(
    client: Client, demo: None, address: str, model: Any, expected: int
) -> None:
    many = queries(client, address)
    field = "is_public" if model is Site else "live"
    kept = model.objects.public().order_by("pk")[:1].values_list("pk", flat=True)[0]
    model.objects.exclude(pk=kept).update(**{field: False})
    assert (many, queries(client, address)) == (expected, expected)
