"""Work of the queue: keep the index true. Tasks take ids and may run twice."""

from __future__ import annotations

from search.documents import BY_NAME, documents_of
from search.port import backend


def reindex(kind_name: str, pk: int) -> None:
    """Write the record as it is now, or forget it when it is no longer public."""
    kind = BY_NAME[kind_name]
    record = kind.rows().filter(pk=pk).first()
    if record is None:
        backend().delete(kind_name, pk)
        return
    backend().index(documents_of(kind, record))


def reindex_many(kind_name: str, pks: list[int]) -> None:
    """The same for many of one kind, in few statements."""
    kind = BY_NAME[kind_name]
    records = list(kind.rows().filter(pk__in=pks))
    for pk in sorted(set(pks) - {record.pk for record in records}):
        backend().delete(kind_name, pk)
    backend().index(document for record in records for document in documents_of(kind, record))
