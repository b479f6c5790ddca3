"""Every kind that is found, and how its records are read: one by one, or by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from search.documents import directory, pages, thread
from search.documents.building import Kind, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from search.port import Document

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
