"""Who is asked: the search server if there is one and it answers, else the site's own index.

A server that is away, or slow, is left alone for a while, so that nobody waits for it: after two
failures it is not asked for five seconds, then one person asks it; when that fails too the rest
is doubled, up to a minute. Processes tell each other through the cache.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from django.core.cache import cache

from search import targets
from search.backends import database_engine
from search.models import Index
from search.port import Engine, EngineAway

if TYPE_CHECKING:
    from search.backends.sql.reading import SqlReading

T = TypeVar("T")

FAILURES: Final = 2
FIRST_REST: Final = 5.0
LONGEST_REST: Final = 60.0
# Shared by the processes: how long the rest is, for as long as it lasts.
KEY: Final = "search:server-rests"
# The one who asks after the rest.
TRIAL: Final = "search:server-trial"
# A trial that nobody ended.
TRIAL_HOLDS: Final = 5
MISSING: Final = "The site's own index is missing: manage.py migrate makes it."


class Answer(NamedTuple, Generic[T]):
    """What was answered, and whether the site's own index did in place of the server."""

    said: T
    is_spare: bool


class Breaker:
    """Whether the server may be asked now. Closed, open, or half-open for one person."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """``clock`` tells seconds, the same for all processes."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._is_trying = False

    def lets_through(self) -> bool:
        """Ask it? Of all those who come after a rest, one does."""
        state = cache.get(KEY)
        if state is None:
            if self._failures >= FAILURES:  # another process found it well
                self._failures = 0
            return True
        if self._clock() < state["until"] or not cache.add(TRIAL, 1, TRIAL_HOLDS):
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> None:
        """It answered: everybody may ask."""
        if self._failures or self._is_trying:
            self._failures, self._is_trying = 0, False
            cache.delete_many([KEY, TRIAL])

    def failed(self) -> None:
        """It did not: one failure more; a trial that fails begins a longer rest."""
        with self._lock:
            self._failures += 1
            state = cache.get(KEY)
            if state is None and self._failures < FAILURES:
                return
            now = self._clock()
            if state is not None and now < state["until"]:
                return  # asked before the rest began
            rest = FIRST_REST if state is None else min(state["rest"] * 2, LONGEST_REST)
            # Kept beyond the rest, that the next one is longer.
            kept_for = int(rest + 2 * LONGEST_REST)
            cache.set(KEY, {"until": now + rest, "rest": rest}, kept_for)
            cache.delete(TRIAL)


breaker = Breaker()


def read(call: Callable[[Engine, int], T]) -> Answer[T]:
    """``call`` an engine with the generation that serves; the spare one when the first is away.

    A server whose index cannot be written is not asked either: it would say what was true before.
    Raises :class:`~search.port.EngineAway` when the site's own index does not answer.
    """
    rows = {index.pk: index for index in Index.objects.filter(pk__in=targets.kept())}
    is_spare = False
    for target in reversed(targets.kept()):
        index = rows.get(target)
        if index is None or index.live is None:
            continue
        if target in targets.WITHIN:
            return Answer(call(targets.engine_of(target), index.live), is_spare)
        is_spare = True
        if index.trouble or not breaker.lets_through():
            continue
        try:
            said = call(targets.engine_of(target), index.live)
        except EngineAway:
            breaker.failed()
        else:
            breaker.succeeded()
            return Answer(said, is_spare=False)
    raise EngineAway(MISSING)


def own() -> tuple[SqlReading, int]:
    """The site's own index, which is always kept: it knows the words of all."""
    live = Index.objects.filter(pk=targets.DATABASE).values_list("live", flat=True).first()
    if live is None:
        raise EngineAway(MISSING)
    return database_engine(), live
