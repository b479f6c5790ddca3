"""Every kind that is found, and how its records are read: one by one, by keys, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from search.documents import directory, pages, thread
from search.documents.building import Kind, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from search.port import Document

AT_ONCE: Final = 500

KINDS: Final[tuple[Kind, ...]] = (*thread.KINDS, *directory.KINDS, *pages.KINDS)
BY_NAME: Final[dict[str, Kind]] = {kind.name: kind for kind in KINDS}
BY_MODEL: Final[dict[type[Model], Kind]] = {kind.model: kind for kind in KINDS}


def records_at(kind: Kind, pks: Iterable[int], now: datetime) -> list[Any]:
    """Those of ``pks`` that anyone may read at ``now``, with all that their documents say.

    A constant number of queries; :func:`documents_of` then makes none.
    """
    return kind.read(kind.rows(now).filter(pk__in=list(pks)), moment(now))


def documents_of(kind: Kind, record: Any, now: datetime | None = None) -> list[Document]:
    """What is found of ``record`` in each language; nothing when nobody may read it.

    ``now`` (aware; the present by default) is what statuses are computed at: give the same for
    many records. One that :func:`records_at` did not read is read first.
    """
    at = now or timezone.now()
    found = [record] if kind.is_read(record) else records_at(kind, [record.pk], at)
    return [document for read in found for document in kind.build(read, moment(at))]


def documents_at(kind: Kind, pks: Iterable[int], now: datetime | None = None) -> list[Document]:
    """The documents of those of ``pks`` that anyone may read: a constant number of queries."""
    at = now or timezone.now()
    return [d for record in records_at(kind, pks, at) for d in kind.build(record, moment(at))]


def slices(
    kind: Kind, now: datetime, *, after: int = 0, size: int = AT_ONCE
) -> Iterator[tuple[int, list[Document]]]:
    """All documents of ``kind``, ``size`` records at a time: last key read, and the documents.

    Each slice is read by key, that a row written meanwhile moves no other, and costs a constant
    number of queries.
    """
    rows: QuerySet[Any] = kind.rows(now).order_by("pk")
    while records := kind.read(rows.filter(pk__gt=after)[:size], moment(now)):
        after = records[-1].pk
        yield after, [d for record in records for d in kind.build(record, moment(now))]


def all_documents(now: datetime | None = None) -> Iterator[Document]:
    """Every public record in both languages, read in slices."""
    at = now or timezone.now()
    for kind in KINDS:
        for _last, documents in slices(kind, at):
            yield from documents
