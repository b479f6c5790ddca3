"""The demonstration as people meet it: every page answers, in both languages, in few queries."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from cms.demo.load import load_demo
from core.accounts.models import User
from core.audit.verify import verify_chain
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeStatus, PilotState
from pilots.models import Assignment, Challenge, Pilot, Reading, Site, Verdict
from search.documents import KINDS
from startups.models import Incubator, Program, Solution, Startup
from tests.search.world import all_documents

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="([^"#]+)')
# Kinds of list, their address, what they hold, and the queries of a page whatever its rows.
LISTS: list[tuple[str, Any, int]] = [
    ("/fr/defis/", Challenge, 9),
    ("/fr/projets-pilotes/", Pilot, 7),
    ("/fr/sites/", Site, 6),
    ("/fr/incubateurs/", Incubator, 6),
    ("/fr/programmes/", Program, 7),
    ("/fr/jeunes-pousses/", Startup, 5),
    ("/fr/solutions/", Solution, 6),
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
            if code != 200
            # A merged listing leads to its heir.
            and code != 301
            and not (code == 302 and "login" in client.get(address)["Location"])
        }
        assert wrong == {}
        assert len(answers) > 250
    assert verify_chain().broken == ""


def test_the_demonstration_has_something_to_find_of_each_kind(demo: None) -> None:
    found = {(document.kind, document.language) for document in all_documents(timezone.now())}
    assert found == {(kind.name, language) for kind in KINDS for language in ("fr", "en")}


def test_the_demonstration_holds_what_a_newcomer_judges(demo: None) -> None:
    now = timezone.now()
    assert Incubator.objects.filter(is_example=False).count() == 43
    assert not Incubator.objects.filter(is_example=False, state="verified").exists()
    assert Incubator.objects.filter(is_example=False, verified_on__isnull=False).count() == 0
    assert Program.objects.count() >= 25
    assert Program.objects.filter(intakes__closes_at__gt=now).distinct().count() >= 10
    assert Challenge.objects.count() == 49
    shown = {challenge_status(c, now) for c in Challenge.objects.filter(live=True)}
    # Grace is a matter of minutes.
    assert shown == set(ChallengeStatus) - {ChallengeStatus.GRACE}
    assert Challenge.objects.filter(live=False, state="draft").exists()
    assert Startup.objects.filter(is_example=True).count() == Startup.objects.count() >= 20
    assert Pilot.objects.count() >= 12
    assert set(Pilot.objects.values_list("state", flat=True)) == set(PilotState.values)
    readings = Reading.objects.order_by("at").values_list("at", flat=True)
    assert now - readings[0] > timedelta(days=365)
    assert Site.objects.exclude(geometry=None).count() >= 15
    assert Site.objects.values("borough").distinct().count() >= 10
    assert Verdict.objects.values("decided_at").distinct().count() == Verdict.objects.count() > 1


@pytest.mark.parametrize(
    "model", [Challenge, Incubator, Pilot, Program, Site, Solution, Startup], ids=str
)
def test_what_is_invented_says_so_on_its_page(client: Client, demo: None, model: Any) -> None:
    # One page of each kind: the mark is its template's.
    record = model.objects.public().filter(is_example=True).first()
    for language, word in (("fr", "Exemple"), ("en", "Example")):
        with translation.override(language):
            html = client.get(record.get_absolute_url()).content.decode()
        assert f'<span class="tag hold">{word}</span>' in html


def test_what_is_invented_says_so_on_the_board(client: Client, demo: None) -> None:
    html = client.get("/fr/defis/?q=").content.decode()
    rows = html.count('<li class="entry">')
    assert rows == 20
    assert html.count('<span class="tag hold">Exemple</span>') == rows
    Challenge.objects.update(is_example=False)
    assert "Exemple</span>" not in client.get("/fr/defis/").content.decode()


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


def test_who_manages_trials_sees_the_living_ones_first(client: Client, demo: None) -> None:
    client.force_login(User.objects.get(email="pilote@demo.test"))
    html = client.get("/fr/espace/").content.decode()
    shown = html[html.index("<h2>Projets pilotes</h2>") :]
    places = {state: shown.find(str(PilotState(state).label)) for state in PilotState.values}
    assert all(place > 0 for place in places.values())
    assert places["running"] < places["preparing"] < places["concluded"] < places["cancelled"]


def test_a_jury_member_reads_what_is_left_to_do(client: Client, demo: None) -> None:
    juror = User.objects.get(email="jury1@demo.test")
    waiting = Assignment.objects.get(juror__user=juror, state="accepted")
    client.force_login(juror)
    with translation.override("fr"):
        address = reverse("jury_seat", args=[waiting.juror_id])
    tags = re.findall(r'<span class="tag[^>]*>([^<]*)</span>', client.get(address).content.decode())
    # Never « Acceptée », which would read as the fate of the application.
    assert set(tags) == {"À évaluer", "Évaluation remise"}


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
