"""What the floors below tell: a record changed, so its index entry is written again.

The signal is sent inside the change's transaction and the task is a row of the same database: the
change and the promise to index it are kept or lost together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from core import queue
from pilots.signals import record_changed as thread_changed
from search.documents import BY_MODEL
from startups.signals import record_changed as directory_changed
from startups.signals import records_changed


@receiver([thread_changed, directory_changed], dispatch_uid="search_reindex")
def reindex_changed_record(sender: type[Any], pk: int, **kwargs: Any) -> None:
    """Queue one re-indexing for the record."""
    kind = BY_MODEL.get(sender)
    if kind is not None:
        queue.enqueue("search.tasks.reindex", kind.name, pk)


@receiver(records_changed, dispatch_uid="search_reindex_many")
def reindex_changed_records(sender: type[Any], pks: Sequence[int], **kwargs: Any) -> None:
    """Queue one re-indexing for all of them."""
    kind = BY_MODEL.get(sender)
    if kind is not None and pks:
        queue.enqueue("search.tasks.reindex_many", kind.name, list(pks))
