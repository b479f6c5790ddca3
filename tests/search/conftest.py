"""What the tests of search share."""

from __future__ import annotations

import pytest

from search import targets
from search.models import Change, Index
from tests.search.memory_engine import MemoryEngine


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryEngine:
    """The site's own index, empty, in memory: generation 1."""
    engine = MemoryEngine()
    engine.create(1)
    monkeypatch.setitem(targets.ENGINES, targets.DATABASE, lambda: engine)
    return engine


@pytest.fixture
def index(memory: MemoryEngine, db: None) -> Index:
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
