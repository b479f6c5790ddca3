"""Work of the queue: keep the index true. Tasks take ids and may run twice."""

from __future__ import annotations

from search.documents import BY_NAME, documents_at
from search.port import backend


def reindex(kind_name: str, pk: int) -> None:
    """Write the record as it is now, or forget it when it is no longer public."""
    reindex_many(kind_name, [pk])


def reindex_many(kind_name: str, pks: list[int]) -> None:
    """The same for many of one kind, in few statements."""
    documents = documents_at(BY_NAME[kind_name], pks)
    for pk in sorted(set(pks) - {document.pk for document in documents}):
        backend().delete(kind_name, pk)
    backend().index(documents)
