"""The connection to the server, and what its refusals mean to us."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from elasticsearch import ApiError, Elasticsearch, TransportError

from search.port import EngineAway, EngineFull

if TYPE_CHECKING:
    from collections.abc import Iterator

# A reader waits no longer: the database answers instead.
READ_SECONDS: Final = 0.4
WRITE_SECONDS: Final = 30.0
# A server that speaks TLS and says no port is behind a proxy.
PORTS: Final = {"http": 9200, "https": 443}
# A document that the server refuses so will not pass later either.
REFUSED: Final = (400, 413)


def connection(url: str) -> Elasticsearch:
    """A client of the server at ``url``, kept: connections are made once a process and thread."""
    return _connection(url, os.getpid())


@lru_cache(maxsize=8)
def _connection(url: str, process: int) -> Elasticsearch:
    """Two processes never share a socket, though one began as a copy of the other."""
    parts = urlsplit(url)
    if parts.port is None:
        url = parts._replace(netloc=f"{parts.netloc}:{PORTS[parts.scheme]}").geturl()
    return Elasticsearch(url, request_timeout=READ_SECONDS, max_retries=0, retry_on_timeout=False)


@contextmanager
def speaking() -> Iterator[None]:
    """While the server is spoken to: its silence and its refusals are ours.

    Raises:
        EngineFull: it refuses to write, for want of room or because it was told to.
        EngineAway: it does not answer, or not in time, or has no such index, or one that older
            code has made and that does not know what is asked.
    """
    try:
        yield
    except TransportError as error:
        msg = f"{type(error).__name__}: {error.message}"
        raise EngineAway(msg) from error
    except ApiError as error:
        msg = f"{error.status_code}: {error.message}"
        if _is_full(error.body):
            raise EngineFull(msg) from error
        raise EngineAway(msg) from error


def refuse(failures: list[dict[str, Any]]) -> None:
    """Raise what the lines of a bulk request that failed mean together, if any did.

    Raises:
        EngineFull: for one of them there is no room.
        EngineAway: one of them may pass later.
        ValueError: the server does not understand some of them; the others are written.
    """
    if not failures:
        return
    said = "; ".join(f"{line.get('_id')}: {line.get('error')}" for line in failures[:3])
    if any(_is_full(line.get("error")) for line in failures):
        raise EngineFull(said)
    if any(line["status"] not in REFUSED for line in failures):
        raise EngineAway(said)
    raise ValueError(said)


def _is_full(said: object) -> bool:
    text = str(said)
    return "cluster_block_exception" in text or "No space left on device" in text
