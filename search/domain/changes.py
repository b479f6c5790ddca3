"""From a change of a record to the indexes: noted in its transaction, written by the worker.

A record that changes ten thousand times before the worker looks is written once, as it is then.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from search import targets
from search.domain.reading import NO_REFUSAL, Records, forget_undone, put, read
from search.domain.turns import Turn, forget_trouble, hand_back, note_trouble, take_turn
from search.models import MOST_TRIES, Change, Index
from search.port import EngineAway, Key

logger = logging.getLogger(__name__)
# Records written together.
BATCH: Final = 200
# Seconds before a record that could not be written is tried again.
WAITS: Final = (5, 30, 120, 600)


def note(
    kind: str, pks: Iterable[int], *, only: Collection[str] = (), now: datetime | None = None
) -> None:
    """Have records written again in every index (or in ``only`` some), once this is committed.

    A record that waits already goes on waiting at its place, and one that was set aside is tried
    afresh. In few statements, in an order that keeps two writers from waiting for each other.
    """
    note_keys([Key(kind, pk) for pk in set(pks)], only=only, now=now)


def note_keys(
    keys: Iterable[Key], *, only: Collection[str] = (), now: datetime | None = None
) -> None:
    """The same for records of several kinds."""
    moment = now or timezone.now()
    rows = [
        Change(
            target=target,
            kind=key.kind,
            object_pk=key.pk,
            stamp=secrets.randbits(62),
            noted_at=moment,
            due_at=moment,
        )
        for target in (only or targets.kept())
        for key in sorted(set(keys))
    ]
    Change.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["target", "kind", "object_pk"],
        update_fields=["stamp", "due_at", "tries"],
    )


def _never() -> bool:
    return False


def drain(is_over: Callable[[], bool] = _never) -> int:
    """Write what changed in each index until nothing waits or ``is_over``; how many records.

    Safe in several workers at once, and safe to be killed. An index whose engine is away keeps its
    rows, and keeps no other waiting.
    """
    return sum(drain_target(target, is_over) for target in targets.kept())


def drain_target(target: str, is_over: Callable[[], bool] = _never) -> int:
    """The same for one index."""
    done = 0
    while not is_over() and (written := _one_batch(target)):
        done += written
    return done


def _one_batch(target: str) -> int:
    """How many rows were settled or put off; 0 when there is nothing to do now."""
    now = timezone.now()
    due = Change.objects.filter(target=target, due_at__lte=now, tries__lt=MOST_TRIES)
    if not due.exists():
        return 0
    turn = take_turn(target, now)
    if turn is None:
        return 0
    try:
        batch = list(due.order_by("noted_at", "pk")[:BATCH])
        settled = _work_off(turn, batch)
        forget_trouble(target)
    except EngineAway as error:
        index = note_trouble(target, error)
        logger.warning("Search index %s: %s since %s", target, index.trouble, index.trouble_since)
        return 0
    finally:
        hand_back(turn)
    return settled


def _work_off(turn: Turn, batch: list[Change]) -> int:
    by_key = {Key(change.kind, change.object_pk): change for change in batch}
    records = read(by_key)
    failed = [by_key.pop(key) for key in records.failed]
    try:
        settled = _write(turn, records, by_key) if by_key else 0
    except NO_REFUSAL:
        raise
    except Exception:
        # Something in the batch is refused: each alone, so that it hinders no other.
        logger.exception("A batch was refused by the search index %s", turn.target)
        forget_undone(targets.engine_of(turn.target))
        settled, refused = _write_each(turn, records, by_key)
        failed += refused
    for change in failed:
        _put_off(change)
    return settled + len(failed)


def _write_each(
    turn: Turn, records: Records, by_key: dict[Key, Change]
) -> tuple[int, list[Change]]:
    settled, refused = 0, []
    for key, change in by_key.items():
        try:
            settled += _write(turn, records.of([key]), {key: change})
        except NO_REFUSAL:
            raise
        except Exception:
            logger.exception("%s %s was refused by the search index %s", *key, turn.target)
            forget_undone(targets.engine_of(turn.target))
            refused.append(change)
    return settled, refused


def _write(turn: Turn, records: Records, by_key: dict[Key, Change]) -> int:
    """Write, then say so; where both are in the site's database, in one transaction."""
    is_within = turn.target in targets.WITHIN
    with transaction.atomic() if is_within else nullcontext():
        put(targets.engine_of(turn.target), turn.live, records, position=turn.position)
        return _settle(turn, list(by_key.values()))


@transaction.atomic
def _settle(turn: Turn, changes: list[Change]) -> int:
    """Remove the rows of what was written, unless it changed again; how many.

    While a generation is being built, they go on to it: the row of the index is locked, so that a
    building begins, and ends, wholly before this or wholly after. A row that somebody is changing
    at this instant is left to the next batch. 0 when the turn lapsed, or the generation was
    replaced: all of it is done again.
    """
    index = Index.objects.select_for_update().get(pk=turn.target)
    if (index.turn_by, index.live) != (turn.holder, turn.live):
        return 0
    done = forget(changes)
    if index.building is not None:
        note_keys(done, only=[turn.target + targets.PENDING])
    return len(done)


@transaction.atomic
def forget(changes: list[Change]) -> list[Key]:
    """Remove rows that are still as they were read, and that nobody is changing; of which records.

    A row that a transaction holds would keep this one waiting for the whole of it.
    """
    rows = Change.objects.filter(pk__in=[change.pk for change in changes])
    held = set(rows.select_for_update(skip_locked=True).values_list("pk", "stamp"))
    done = [change for change in changes if (change.pk, change.stamp) in held]
    if done:
        Change.objects.filter(pk__in=[change.pk for change in done]).delete()
    return [Key(change.kind, change.object_pk) for change in done]


def _put_off(change: Change) -> None:
    """Try it later; after :data:`MOST_TRIES` it is set aside. One that changed meanwhile is new."""
    tries = change.tries + 1
    wait = timedelta(seconds=WAITS[min(tries, len(WAITS)) - 1])
    Change.objects.filter(pk=change.pk, stamp=change.stamp).update(
        tries=F("tries") + 1, due_at=timezone.now() + wait
    )
