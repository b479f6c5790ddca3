"""Fill a generation from the records: in processes of their own where that pays."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db import connection, connections

from search import targets
from search.domain.reading import put_what_can, read, slices
from search.port import Key

# Below it, starting processes costs more than they save.
FEW: Final = 2000
PROCESSES: Final = 2
# Slices handed out beyond those being written: memory does not grow with the records.
AHEAD: Final = 6
# Seconds; what is built is held for longer.
HOLD_EVERY: Final = 10.0


@dataclass(slots=True)
class Filled:
    """What was written, and which records could not be."""

    records: int = 0
    documents: int = 0
    failed: tuple[Key, ...] = ()


def fill(
    target: str, generation: int, *, position: int, hold: Callable[[], Any], say: Callable[..., Any]
) -> Filled:
    """Write every public record; ``say`` is told how many of how many after each slice.

    ``hold`` is called now and then, and raises when the work was taken over.
    """
    parts = list(slices())
    total = sum(len(part) for part in parts)
    whole = Filled()
    say(0, total)
    held_at = time.monotonic()
    for one in _each(target, generation, position, parts, total):
        whole.records += one.records
        whole.documents += one.documents
        whole.failed += one.failed
        # Each time it waits for those who write.
        if time.monotonic() - held_at > HOLD_EVERY:
            hold()
            held_at = time.monotonic()
        say(whole.records, total)
    return whole


def _each(
    target: str, generation: int, position: int, parts: list[list[Key]], total: int
) -> Iterator[Filled]:
    if total <= FEW or not _may_share():
        for part in parts:
            yield _write(target, generation, position, part)
        return
    connections.close_all()  # one that is shared with another process is lost to both
    with ProcessPoolExecutor(
        PROCESSES, multiprocessing.get_context("fork"), _begin, (os.getpid(),)
    ) as pool:
        waiting: deque[Future[Filled]] = deque()
        left = iter(parts)
        try:
            while True:
                for part in islice(left, PROCESSES + AHEAD - len(waiting)):
                    waiting.append(pool.submit(_write, target, generation, position, part))
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _may_share() -> bool:
    """Whether other processes see the records: they are committed, and not in this one's memory."""
    database = connection.settings_dict["NAME"]
    in_memory = connection.vendor == "sqlite" and "memory" in str(database)
    is_daemon = multiprocessing.current_process().daemon
    return not (connection.in_atomic_block or in_memory or is_daemon)


def _begin(parent: int) -> None:
    """A process whose parent was killed would wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    # What was inherited is never collected: nothing looks through it again, nor copies its pages.
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _write(target: str, generation: int, position: int, keys: list[Key]) -> Filled:
    records = read(keys)
    # What left between the list and now is noted as a change, and written after this.
    records.gone.clear()
    engine = targets.engine_of(target)
    written, refused = put_what_can(engine, generation, records, position=position)
    return Filled(len(keys), written, (*records.failed, *refused))
