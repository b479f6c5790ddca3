"""What the floors tell: a record changed, so it is written again, with all that says its name.

The signal is sent inside the change's transaction and what is noted is a row of the same database:
the change and the promise to index it are kept or lost together. What no verb writes is heard of
in ``search/hearing.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.dispatch import receiver

from pilots.signals import record_changed as thread_changed
from search.documents import affected
from search.domain.changes import note_keys
from search.port import Key
from startups.signals import record_changed as directory_changed
from startups.signals import records_changed


def tell(model: type[Any], pks: Collection[int]) -> None:
    """Have records of ``model`` written again, and the documents that say something of them.

    All at once, for they are noted in one order: whoever tells of several models in a transaction
    begins with the one above the others, so that no two wait for each other.
    """
    note_keys(Key(kind, pk) for kind, keys in affected(model, pks) for pk in keys)


@receiver([thread_changed, directory_changed], dispatch_uid="search_note")
def note_changed_record(sender: type[Any], pk: int, **kwargs: Any) -> None:
    """One record changed."""
    tell(sender, [pk])


@receiver(records_changed, dispatch_uid="search_note_many")
def note_changed_records(sender: type[Any], pks: Sequence[int], **kwargs: Any) -> None:
    """Many records of one kind changed."""
    tell(sender, pks)
