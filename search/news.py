"""What is new for those who follow a search.

A look compares what is findable with what was: a record is new when it is findable for the first
time ever; for a search that asks for a status, also when it comes to have that status. The day's
new records stand in an index of their own, in memory, against which every saved search is run: five
thousand searches cost what the day brought, not what the site holds.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.db.utils import ConnectionHandler

from core.languages import CANONICAL
from search import switching, targets
from search.backends.sqlite import SqliteEngine
from search.documents import BY_NAME
from search.domain import reading
from search.finding import understood
from search.models import Appearance, Index
from search.port import ALSO, Key
from search.saved import query_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

    from search.models import SavedSearch
    from search.port import Document

AT_ONCE: Final = 500
# The one index that there is in memory.
GENERATION: Final = 1
# Of one search in one letter; nobody reads more, and the rest is one click away.
MOST_NEW: Final = 200
# What a look finds is noted as of after it, so that no letter written meanwhile takes it for told.
# Between reading the clock and beginning to look there is less than this.
MARGIN: Final = timedelta(seconds=1)
# No record has this number: its row says that a kind was looked at, to the end.
LOOKED_AT: Final = 0


@dataclass(frozen=True, slots=True)
class Fresh:
    """A record that became findable, or whose status changed, in each language it is said in."""

    documents: dict[str, Document]
    appeared_at: datetime | None
    # From when on it has each of the statuses that it came to have.
    since: dict[str, datetime]

    def in_language(self, language: str, spare: str) -> Document | None:
        """As said in ``language``, else in ``spare``."""
        return self.documents.get(language) or self.documents.get(spare)

    def is_new(self, after: datetime, statuses: Collection[str]) -> bool:
        """Whether it is news to who was told until ``after`` and asks for ``statuses``, if any."""
        moments = [self.appeared_at, *(self.since.get(status) for status in statuses)]
        return any(moment is not None and moment > after for moment in moments)


class Changes:
    """What appeared or turned in a while, in an index in memory that thousands of searches ask."""

    def __init__(self, fresh: dict[Key, Fresh], now: datetime) -> None:
        """``now`` is the instant that searches compare dates with."""
        self.fresh = fresh
        self.now = now
        self._engine = SqliteEngine(_memory())
        self._engine.create(GENERATION)
        documents = [said for one in fresh.values() for said in one.documents.values()]
        for start in range(0, len(documents), AT_ONCE):
            some = documents[start : start + AT_ONCE]
            self._engine.write(GENERATION, some, position=1)
        self._engine.settle(GENERATION)

    def new_for(self, saved: SavedSearch) -> list[Fresh]:
        """What ``saved`` finds of it that is news to its reader, best first."""
        if not self.fresh:
            return []
        confirmed_at = saved.follow.confirmed_at
        after = max(saved.told_until, confirmed_at) if confirmed_at else saved.told_until
        most = MOST_NEW
        while True:
            asked = understood(query_of(saved.params, saved.language, self.now, most))
            if asked is None:
                return []
            keys = [one.document.key for one in self._engine.best(GENERATION, asked)]
            found = [self.fresh[key] for key in keys if key in self.fresh]
            # Typed in words or chosen: a status is asked for either way.
            statuses = asked.chosen.get("status", ())
            new = [one for one in found if one.is_new(after, statuses)]
            # What others wait for since longer must not stand before what is new to this one.
            if len(keys) < most or len(new) >= MOST_NEW:
                return new[:MOST_NEW]
            most *= 4


def _memory() -> BaseDatabaseWrapper:
    """A database of this process alone, which ends with who holds it."""
    there = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    return ConnectionHandler({"default": there})["default"]


def note_new(now: datetime) -> int:
    """Note what is findable that was not, and what changed its status; how many are new.

    What is there of a kind at the first look ever at it is no news, were the look cut short; an
    index that is being filled for the first time is not looked at.
    """
    began = time.monotonic()
    known = {
        Key(kind, pk): fingerprint
        for kind, pk, fingerprint in Appearance.objects.values_list(
            "kind", "object_pk", "fingerprint"
        ).iterator(chunk_size=5000)
    }
    looked_at = {key.kind for key in known if key.pk == LOOKED_AT}
    not_yet = BY_NAME.keys() - looked_at
    if not_yet and not _is_filled():
        return 0
    held = _held()
    at = now + timedelta(seconds=time.monotonic() - began) + MARGIN
    changed = [key for key, fingerprint in held.items() if known.get(key) != fingerprint]
    count = 0
    for start in range(0, len(changed), AT_ONCE):
        count += _note(changed[start : start + AT_ONCE], held, looked_at, at)
    Appearance.objects.bulk_create(
        [Appearance(kind=kind, object_pk=LOOKED_AT) for kind in sorted(not_yet)],
        ignore_conflicts=True,
    )
    return count


def _is_filled() -> bool:
    """Whether the site's own index has been whole."""
    return Index.objects.filter(pk=targets.DATABASE).exclude(schema="").exists()


@transaction.atomic
def _note(keys: list[Key], held: dict[Key, str], looked_at: set[str], at: datetime) -> int:
    said = documents_by_key(keys)
    rows = {Key(row.kind, row.object_pk): row for row in _rows(keys)}
    fresh, turned = [], []
    for key in keys:
        if key not in said:
            continue  # no longer public, though the index does not know it yet
        status = next(iter(said[key].values())).status
        row = rows.get(key)
        if row is None:
            row = Appearance(kind=key.kind, object_pk=key.pk, fingerprint=held[key], status=status)
            row.appeared_at = at if key.kind in looked_at else None
            fresh.append(row)
            continue
        _turn(row, status, at)
        row.fingerprint = held[key]
        turned.append(row)
    # Another worker may be at it: the first to note a record says when it appeared.
    Appearance.objects.bulk_create(fresh, ignore_conflicts=True)
    Appearance.objects.bulk_update(turned, ["status", "since", "turned_at", "fingerprint"])
    return sum(1 for row in fresh if row.appeared_at is not None)


def _turn(row: Appearance, status: str, at: datetime) -> None:
    """It has another status: which it came to have, and not those that it goes on having.

    A call that is about to close goes on being open.
    """
    if row.status == status:
        return
    before, now_has = _statuses(row.status), _statuses(status)
    kept = {name: since for name, since in row.since.items() if name in now_has}
    new = {name: at.isoformat() for name in now_has - before}
    row.status, row.since = status, kept | new
    if new:
        row.turned_at = max(at, row.appeared_at or at)


def _statuses(status: str) -> set[str]:
    return {status, *ALSO.get(status, ())}


def _rows(keys: Iterable[Key]) -> Iterable[Appearance]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.pk)
    wanted = Q(pk__in=[])
    for kind, pks in by_kind.items():
        wanted |= Q(kind=kind, object_pk__in=pks)
    found: Iterable[Appearance] = Appearance.objects.filter(wanted)
    return found


def _held() -> dict[Key, str]:
    """What the site's own index holds, each record with a mark that changes when it does."""
    engine, generation = switching.own()
    found: dict[Key, str] = {}
    for kind, pk, language, fingerprint in engine.fingerprints(generation):
        key = Key(kind, pk)
        if language == CANONICAL or key not in found:
            found[key] = fingerprint
    return found


def changes(*, since: datetime, now: datetime) -> Changes:
    """What appeared or turned after ``since``, of which anybody may still read the page."""
    moved = Appearance.objects.filter(Q(appeared_at__gt=since) | Q(turned_at__gt=since))
    rows = {Key(row.kind, row.object_pk): row for row in moved.iterator(chunk_size=2000)}
    keys = list(rows)
    fresh: dict[Key, Fresh] = {}
    for start in range(0, len(keys), AT_ONCE):
        for key, said in documents_by_key(keys[start : start + AT_ONCE]).items():
            row = rows[key]
            came = {name: datetime.fromisoformat(at) for name, at in row.since.items()}
            fresh[key] = Fresh(said, row.appeared_at, came)
    return Changes(fresh, now)


def documents_by_key(keys: Iterable[Key]) -> dict[Key, dict[str, Document]]:
    """The documents of the records that are public now, by language: read from the records."""
    found = reading.read(keys).documents
    return {
        key: {said.language: said for said in of_one} for key, of_one in found.items() if of_one
    }
