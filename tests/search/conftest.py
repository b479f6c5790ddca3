"""What the tests of search share: engines in memory, and each that this run has a server for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from search import targets
from search.backends.elasticsearch import ElasticsearchEngine
from search.backends.postgresql import PostgresqlEngine
from search.backends.sqlite import SqliteEngine
from search.models import Change, Index
from search.port import Engine
from tests.conftest import need
from tests.search.corpus import ALL
from tests.search.memory_engine import MemoryEngine
from tests.search.world import make_world

ENGINES = ("database", "elasticsearch")


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is findable but what the test makes: migrations make pages."""
    monkeypatch.setattr("search.documents.pages.TYPES", {})


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryEngine:
    """The site's own index, empty, in memory: generation 1."""
    engine = MemoryEngine()
    engine.create(1)
    monkeypatch.setitem(targets.ENGINES, targets.DATABASE, lambda: engine)
    return engine


@pytest.fixture
def index(memory: MemoryEngine, no_pages: None, db: None) -> Index:
    """Its row."""
    Change.objects.all().delete()
    row, _ = Index.objects.update_or_create(
        pk=targets.DATABASE,
        defaults={"made": 1, "live": 1, "schema": targets.schema_of(targets.DATABASE)},
    )
    return row


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: object, index: Index) -> MemoryEngine:
    """A search server beside it, in memory too: generation 1."""
    settings.ELASTICSEARCH_URL = "http://localhost:1"  # type: ignore[attr-defined]
    engine = MemoryEngine()
    engine.create(1)
    monkeypatch.setitem(targets.ENGINES, targets.ELASTICSEARCH, lambda: engine)
    Index.objects.create(
        pk=targets.ELASTICSEARCH, made=1, live=1, schema=targets.schema_of(targets.ELASTICSEARCH)
    )
    return engine


def engine_named(name: str) -> Engine:
    """An engine of this process's own; skipped by name where its server is not."""
    if name == "elasticsearch":
        # What it answers is looked at here, not how soon: the machine may be busy with other tests.
        url = need("TEST_ELASTICSEARCH_URL", "Search on Elasticsearch")
        return ElasticsearchEngine(url, seconds=20)
    if connection.vendor == "postgresql":
        return PostgresqlEngine(prefix="conformance")
    return SqliteEngine(prefix="conformance")


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Engine]:
    """One engine after the other; what a module writes in a database goes with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield engine_named(request.param)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _by_itself(request: pytest.FixtureRequest) -> Iterator[None]:
    """A statement that the database refuses ends its own test and no other."""
    if "engine" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("corpus")
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Numbers:
    """Generations that are dropped again; each has a number of its own."""

    last = 0

    def __init__(self, engine: Engine) -> None:
        """None made yet."""
        self.engine = engine
        self.made: list[int] = []

    def new(self) -> int:
        """The number of an empty generation."""
        Numbers.last += 1
        self.made.append(Numbers.last)
        self.engine.create(Numbers.last)
        return Numbers.last

    def drop(self) -> None:
        """Remove what was made, as far as the engine still answers."""
        for number in self.made:
            with suppress(Exception):
                self.engine.drop(number)


@pytest.fixture(scope="module")
def corpus(engine: Engine) -> Iterator[int]:
    """The generation that holds ``corpus.ALL``, only read."""
    numbers = Numbers(engine)
    number = numbers.new()
    engine.write(number, ALL, position=1)
    yield number
    numbers.drop()


@pytest.fixture
def empty(engine: Engine) -> Iterator[int]:
    """A generation with nothing in it, for one test."""
    numbers = Numbers(engine)
    yield numbers.new()
    numbers.drop()


@pytest.fixture
def w() -> Any:
    """A record of each kind."""
    return make_world()
