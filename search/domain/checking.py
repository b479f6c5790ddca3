"""Is the index true? What it holds is compared with the records, by fingerprint."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from django.utils import timezone

from search import targets
from search.domain.changes import drain_target, note_keys
from search.domain.reading import read, slices
from search.models import Change, Index
from search.port import Document, Key

if TYPE_CHECKING:
    from search.port import Engine

# More differences than this are not looked at twice: it is no coincidence.
MANY: Final = 5000
Entry = tuple[str, int, str]


class Difference(NamedTuple):
    """One document that is not as its record says."""

    key: Key
    language: str
    what: Literal["missing", "extra", "differs"]


def compare(target: str, generation: int, *, waiting: Collection[str] = ()) -> list[Difference]:
    """What differs between a generation and the records, in order.

    What waits to be written (in ``target``, or in the rows of ``waiting``) is no difference. What
    was written between the two readings would look like one: what differs is read again.
    """
    engine = targets.engine_of(target)
    rows = waiting or (target,)
    found = _compare(engine, generation, slices(), None)
    found = _without_waiting(found, rows)
    if found and len(found) <= MANY:
        keys = {difference.key for difference in found}
        again = _compare(engine, generation, [sorted(keys)], keys)
        found = _without_waiting(set(found) & set(again), rows)
    return sorted(found)


def _compare(
    engine: Engine, generation: int, parts: Iterable[list[Key]], only: set[Key] | None
) -> list[Difference]:
    held = {
        (kind, pk, language): said
        for kind, pk, language, said in engine.fingerprints(generation)
        if only is None or Key(kind, pk) in only
    }
    found: list[Difference] = []
    for part in parts:
        records = read(part)
        for documents in records.documents.values():
            found += filter(None, (_difference(held, document) for document in documents))
        for key in records.failed:  # nobody knows what it should say
            for entry in [entry for entry in held if Key(*entry[:2]) == key]:
                del held[entry]
    return found + [Difference(Key(kind, pk), language, "extra") for kind, pk, language in held]


def _difference(held: dict[Entry, str], document: Document) -> Difference | None:
    said = held.pop((document.kind, document.pk, document.language), None)
    if said is None:
        return Difference(document.key, document.language, "missing")
    if said != document.fingerprint():
        return Difference(document.key, document.language, "differs")
    return None


def _without_waiting(found: Iterable[Difference], rows: Collection[str]) -> list[Difference]:
    there = list(found)
    if not there:
        return []
    waits = set(Change.objects.filter(target__in=rows).values_list("kind", "object_pk"))
    return [difference for difference in there if difference.key not in waits]


def check(*, target: str) -> list[Difference]:
    """Compare the generation that serves, and keep how many records differ."""
    live = Index.objects.values_list("live", flat=True).get(pk=target)
    if live is None:
        return []
    found = compare(target, live)
    drift = len({difference.key for difference in found})
    Index.objects.filter(pk=target, live=live).update(drift=drift, checked_at=timezone.now())
    return found


def repair(*, target: str, differences: Iterable[Difference]) -> list[Difference]:
    """Write what differs again; what differs still."""
    note_keys({difference.key for difference in differences}, only=[target])
    drain_target(target)
    return check(target=target)
