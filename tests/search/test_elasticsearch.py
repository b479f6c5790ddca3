"""The server when it is away, slow, full or killed: what the others need to know, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from elasticsearch import Elasticsearch

from search.backends.elasticsearch import ElasticsearchEngine
from search.port import EngineAway, EngineFull, Key
from tests.local_server import Talk, serving
from tests.search.conftest import Numbers, engine_named
from tests.search.corpus import ALL, NOW, asked, document
from tests.search.server import Server


@pytest.fixture
def elastic() -> ElasticsearchEngine:
    """The engine of the server that all tests share."""
    engine = engine_named("elasticsearch")
    assert isinstance(engine, ElasticsearchEngine)
    return engine


@pytest.fixture
def numbers(elastic: ElasticsearchEngine) -> Iterator[Numbers]:
    """Generations that go with the test."""
    made = Numbers(elastic)
    yield made
    made.drop()


@pytest.fixture
def killable() -> Iterator[Server]:
    """A server that may be killed."""
    made = Server()
    yield made
    made.close()


Call = Callable[[ElasticsearchEngine, int], object]
READS: dict[str, Call] = {
    "search": lambda engine, n: engine.search(n, asked("neige")),
    "keys": lambda engine, n: engine.keys(n, asked("neige")),
    "begins": lambda engine, n: engine.begins(n, "fr", ["neige"], 5),
    "document": lambda engine, n: engine.document(n, Key("page", 9), "fr"),
}
NEED_INDEX: dict[str, Call] = READS | {
    "write": lambda engine, n: engine.write(n, ALL, position=1),
    "delete": lambda engine, n: engine.delete(n, [Key("page", 9)], position=1),
    "point": lambda engine, n: engine.point(n),
    "fingerprints": lambda engine, n: list(engine.fingerprints(n)),
    "turning": lambda engine, n: engine.turning(n, NOW),
    "size": lambda engine, n: engine.size(n),
}
ALL_CALLS: dict[str, Call] = NEED_INDEX | {
    "create": lambda engine, n: engine.create(n),
    "drop": lambda engine, n: engine.drop(n),
    "exists": lambda engine, n: engine.exists(n),
    "health": lambda engine, n: engine.health(),
}


@pytest.mark.parametrize("call", ALL_CALLS)
def test_a_server_that_is_not_there(call: str) -> None:
    """Everything says so, at once."""
    with serving(lambda talk: None) as nobody:
        port = nobody.port
    began = time.monotonic()
    with pytest.raises(EngineAway):
        ALL_CALLS[call](ElasticsearchEngine(f"http://127.0.0.1:{port}"), 1)
    assert time.monotonic() - began < 2


def _silent(talk: Talk) -> None:
    talk.over.wait(10)


def _unwell(talk: Talk) -> None:
    talk.answer("503 Service Unavailable")


def _other(talk: Talk) -> None:
    body = "<h1>Bonjour</h1>"
    talk.say(
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def _cut(talk: Talk) -> None:
    talk.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{")


@pytest.mark.parametrize("handler", [_silent, _unwell, _other, _cut])
@pytest.mark.parametrize("call", READS)
def test_a_reader_waits_four_tenths_of_a_second(call: str, handler: Callable[[Talk], None]) -> None:
    """A server that is silent, unwell, another or cut off is away."""
    with serving(handler) as server:
        began = time.monotonic()
        with pytest.raises(EngineAway):
            READS[call](ElasticsearchEngine(f"http://127.0.0.1:{server.port}"), 1)
        assert time.monotonic() - began < 2


def test_an_index_that_is_not_there(elastic: ElasticsearchEngine, numbers: Numbers) -> None:
    """Nothing is answered for it, and writing does not make it."""
    number = numbers.new()
    elastic.drop(number)
    for call in NEED_INDEX.values():
        with pytest.raises(EngineAway):
            call(elastic, number)
    assert not elastic.exists(number)


def test_an_index_of_older_code(elastic: ElasticsearchEngine, numbers: Numbers) -> None:
    """It cannot be asked what this code asks: the database answers until it is written again."""
    number = numbers.new()
    elastic.drop(number)
    by_hand = Elasticsearch(elastic.url)
    index = f"{elastic.prefix}-fr-{number}"
    by_hand.indices.create(index=index, mappings={"properties": {"title": {"type": "text"}}})
    by_hand.index(index=index, id="challenge-1", document={"title": "neig"}, refresh=True)
    with pytest.raises(EngineAway):
        elastic.search(number, asked("neige"))
    with pytest.raises(EngineAway):
        elastic.begins(number, "fr", ["neige"], 5)


def test_a_full_disk(elastic: ElasticsearchEngine, numbers: Numbers) -> None:
    """The server closes an index to writing when its disk is full; it goes on answering."""
    number = numbers.new()
    elastic.write(number, [document(1, "Avant")], position=1)
    index = f"{elastic.prefix}-fr-{number}"
    by_hand = Elasticsearch(elastic.url)
    by_hand.indices.put_settings(
        index=index, settings={"index.blocks.read_only_allow_delete": True}
    )
    with pytest.raises(EngineFull):
        elastic.write(number, [document(2, "Après")], position=2)
    assert elastic.health()["read_only"] is True
    assert elastic.search(number, asked("avant")).count == 1
    by_hand.indices.put_settings(
        index=index, settings={"index.blocks.read_only_allow_delete": None}
    )
    elastic.write(number, [document(2, "Après")], position=2)
    assert (elastic.size(number), elastic.health()["read_only"]) == (2, False)


def test_one_document_that_the_server_refuses(
    elastic: ElasticsearchEngine, numbers: Numbers
) -> None:
    """It is named; the others are written."""
    number = numbers.new()
    lost = document(2, "Hors du monde", places=((95.0, 0.0),))
    with pytest.raises(ValueError, match="challenge-2"):
        elastic.write(number, [document(1, "Un"), lost, document(3, "Trois")], position=1)
    assert sorted(pk for _kind, pk, _language, _print in elastic.fingerprints(number)) == [1, 3]


def test_the_name_without_a_number(elastic: ElasticsearchEngine, numbers: Numbers) -> None:
    """It moves from one generation to the next in one step."""
    one, two = numbers.new(), numbers.new()
    by_hand = Elasticsearch(elastic.url)
    elastic.point(one)
    elastic.point(two)
    for language in ("fr", "en"):
        found = by_hand.indices.get_alias(name=f"{elastic.prefix}-{language}")
        assert list(found) == [f"{elastic.prefix}-{language}-{two}"]


def test_what_is_written_is_soon_found(elastic: ElasticsearchEngine, numbers: Numbers) -> None:
    """A few documents at once; many within two seconds of their writing."""
    number = numbers.new()
    elastic.write(number, [document(1, "Seul")], position=1)
    assert elastic.search(number, asked("seul")).count == 1
    elastic.write(number, [document(n, "Foule") for n in range(2, 500)], position=2)
    until = time.monotonic() + 2
    while (found := elastic.search(number, asked("foule")).count) < 498:
        assert time.monotonic() < until, found
        time.sleep(0.05)


def test_what_was_acknowledged_survives_a_kill(killable: Server) -> None:
    """Killed while it writes: it is away, comes back by itself and has lost nothing it took."""
    engine = ElasticsearchEngine(killable.url, prefix="killed", seconds=20)
    engine.create(1)
    taken: list[int] = []

    def write() -> None:
        while True:
            first = len(taken) * 100 + 1
            several = [document(n, f"Numéro {n}") for n in range(first, first + 100)]
            try:
                engine.write(1, several, position=len(taken) + 1)
            except EngineAway:
                return
            taken.append(first)

    writer = Thread(target=write)
    writer.start()
    while len(taken) < 10:
        assert writer.is_alive()
        time.sleep(0.02)
    killable.kill()
    writer.join(timeout=60)
    assert not writer.is_alive()
    with pytest.raises(EngineAway):
        engine.search(1, asked("numéro"))
    killable.start()
    held = {pk for _kind, pk, _language, _print in engine.fingerprints(1)}
    assert set(range(1, len(taken) * 100 + 1)) <= held
    assert engine.search(1, asked("numéro")).count == len(held)
