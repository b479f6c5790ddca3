"""``kill -9`` of a real Elasticsearch while it is written to: after its return nothing differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from pilots.models import Site
from search import switching, targets
from search.backends.elasticsearch import ElasticsearchEngine
from search.domain import changes, filling, reading
from search.domain.changes import drain_target, note
from search.domain.checking import check
from search.domain.rebuilding import rebuild
from search.models import Change, Index
from search.port import EngineAway
from tests import factories
from tests.search.server import Server

pytestmark = pytest.mark.django_db
TARGET = targets.ELASTICSEARCH


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch, no_pages: None) -> Iterator[Server]:
    """A server that may be killed, with an index of thirty sites."""
    made = Server()
    settings.ELASTICSEARCH_URL = made.url
    engine = ElasticsearchEngine(made.url)
    monkeypatch.setitem(targets.ENGINES, TARGET, lambda: engine)
    monkeypatch.setattr(switching, "breaker", switching.Breaker())
    monkeypatch.setattr(changes, "BATCH", 5)
    for number in range(30):
        factories.make_site(name_fr=f"Rue {number}", name_en=f"Street {number}")
    Change.objects.all().delete()
    rebuild(target=targets.DATABASE)
    rebuild(target=TARGET)
    yield made
    made.close()


def rename_all(prefix: str) -> None:
    for site in Site.objects.all():
        Site.objects.filter(pk=site.pk).update(name_fr=f"{prefix} {site.pk}", name_en=prefix)
    note("site", Site.objects.values_list("pk", flat=True))


def size(engine: Any, generation: int) -> int:
    return int(engine.size(generation))


def test_killed_while_it_is_written_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (check(target=TARGET), switching.read(size)) == ([], (60, False))
    rename_all("Ruelle")
    write, times = ElasticsearchEngine.write, []

    def write_and_die(self: Any, *args: Any, **kwargs: Any) -> None:
        write(self, *args, **kwargs)
        times.append(1)
        if len(times) == 3:
            server.kill()  # it said yes to this batch, and nobody has noted it yet

    monkeypatch.setattr(ElasticsearchEngine, "write", write_and_die)
    drain_target(TARGET)
    assert Index.objects.get(pk=TARGET).trouble == "away"
    assert 0 < Change.objects.filter(target=TARGET).count() < 30
    assert switching.read(size) == (60, True)
    server.start()
    Index.objects.filter(pk=TARGET).update(retry_at=timezone.now())
    drain_target(TARGET)
    assert not Change.objects.filter(target=TARGET).exists()
    assert Index.objects.get(pk=TARGET).trouble == ""
    assert check(target=TARGET) == []


def test_killed_while_it_is_rebuilt(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "slices", lambda: reading.slices(5))
    live = Index.objects.get(pk=TARGET).live

    def die(done: int, _of: int) -> None:
        if done == 10:
            rename_all("Ruelle")
            server.kill()

    with pytest.raises(EngineAway):
        rebuild(target=TARGET, say=die)
    index = Index.objects.get(pk=TARGET)
    assert (index.live, index.building) == (live, None)
    server.start()
    drain_target(TARGET)
    assert check(target=TARGET) == []
    assert rebuild(target=TARGET).documents == 60
    assert check(target=TARGET) == []
