"""What the floors below tell: a record changed, so it is written again in every index.

The signal is sent inside the change's transaction and what is noted is a row of the same database:
the change and the promise to index it are kept or lost together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from pilots.signals import record_changed as thread_changed
from search.documents import BY_MODEL
from search.domain.changes import note
from startups.signals import record_changed as directory_changed
from startups.signals import records_changed


@receiver([thread_changed, directory_changed], dispatch_uid="search_note")
def note_changed_record(sender: type[Any], pk: int, **kwargs: Any) -> None:
    """The record is written again."""
    _note(sender, [pk])


@receiver(records_changed, dispatch_uid="search_note_many")
def note_changed_records(sender: type[Any], pks: Sequence[int], **kwargs: Any) -> None:
    """All of them are."""
    _note(sender, pks)


def _note(model: type[Any], pks: Sequence[int]) -> None:
    kind = BY_MODEL.get(model)
    if kind is not None and pks:
        note(kind.name, pks)
