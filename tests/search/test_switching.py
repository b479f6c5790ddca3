"""The server is asked first; away, slow or out of date, the site's own index answers at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from search import switching, targets
from search.models import Index
from search.port import Engine, EngineAway, Key
from search.switching import Breaker, read
from tests.search.memory_engine import MemoryEngine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def breaker(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    made = Breaker()
    monkeypatch.setattr(switching, "breaker", made)
    return made


def size(engine: Engine, generation: int) -> int:
    return engine.size(generation)


def who(engine: Engine, generation: int) -> Engine:
    engine.size(generation)
    return engine


def test_without_a_server_nothing_is_spare(
    index: Index, memory: MemoryEngine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert read(who) == (memory, False)


def test_the_server_is_asked_first_in_one_query(
    server: MemoryEngine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert read(who) == (server, False)


def test_away_the_sites_own_answers_at_once(server: MemoryEngine, memory: MemoryEngine) -> None:
    server.is_away = True
    assert read(who) == (memory, True)
    server.is_away = False
    assert read(who) == (server, False)


def test_an_index_that_is_not_made_yet_is_not_asked(
    server: MemoryEngine, memory: MemoryEngine
) -> None:
    Index.objects.filter(pk=targets.ELASTICSEARCH).update(live=None)
    assert read(who) == (memory, False)


def test_an_index_that_cannot_be_written_is_out_of_date(
    server: MemoryEngine, memory: MemoryEngine
) -> None:
    from django.utils import timezone

    Index.objects.filter(pk=targets.ELASTICSEARCH).update(
        trouble="full", trouble_since=timezone.now()
    )
    assert read(who) == (memory, True)


def test_without_any_index_it_says_so(index: Index) -> None:
    Index.objects.all().delete()
    with pytest.raises(EngineAway, match="migrate"):
        read(who)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_rest_grows_and_one_person_asks_after_it() -> None:
    clock = Clock()
    first, other = Breaker(clock), Breaker(clock)  # two processes
    first.failed()
    assert first.lets_through()
    first.failed()
    rests = []
    for _ in range(6):
        assert not first.lets_through()
        assert not other.lets_through()
        began = clock.now
        while not first.lets_through():
            clock.now += 0.5
        rests.append(clock.now - began)
        assert not other.lets_through()  # one trial is enough
        first.failed()
    assert rests == [5, 10, 20, 40, 60, 60]
    clock.now += 60
    assert other.lets_through()
    other.succeeded()
    assert first.lets_through()
    assert other.lets_through()
    first.failed()
    first.failed()
    assert cache.get(switching.KEY)["rest"] == 5


def test_one_failure_now_and_then_opens_nothing() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
        assert breaker.lets_through()


@contextmanager
def a_server_that_hangs() -> Iterator[int]:
    """It takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        taken: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for one in taken:
            one.close()


def a_port_that_nobody_has() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def real(server: MemoryEngine, monkeypatch: pytest.MonkeyPatch, settings: object) -> object:
    """The real adapter, at an address to be given."""
    adapter = pytest.importorskip("search.backends.elasticsearch")

    def at(port: int) -> None:
        engine = adapter.ElasticsearchEngine(f"http://127.0.0.1:{port}")
        monkeypatch.setitem(targets.ENGINES, targets.ELASTICSEARCH, lambda: engine)

    return at


def ask(engine: Engine, generation: int) -> Engine:
    engine.document(generation, Key("site", 1), "fr")
    return engine


def test_a_server_that_hangs_is_cut_and_then_left_alone(real: object, memory: MemoryEngine) -> None:
    with a_server_that_hangs() as port:
        real(port)  # type: ignore[operator]
        for least, most in ((0.3, 1.5), (0.3, 1.5), (0.0, 0.2), (0.0, 0.2)):
            began = time.monotonic()
            assert read(ask) == (memory, True)
            assert least <= time.monotonic() - began < most


def test_a_server_that_refuses_costs_nothing(real: object, memory: MemoryEngine) -> None:
    real(a_port_that_nobody_has())  # type: ignore[operator]
    began = time.monotonic()
    for _ in range(20):
        assert read(ask) == (memory, True)
    assert time.monotonic() - began < 1.0
