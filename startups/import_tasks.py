"""Work of the queue: compare the rows of an import, then write them. Safe to call twice.

A task goes on for a while, then asks for the next one; what it did is kept batch by batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.utils import timezone
from wagtail.search.backends import get_search_backends

from core import queue
from startups.domain.comparing import Comparer
from startups.domain.import_writing import write_batch
from startups.domain.imports import NotNow, compare_batch
from startups.enums import ImportState
from startups.importing.fields import MODELS
from startups.models import ImportRun

# Well before the queue would take the task for lost.
SECONDS: Final = 120.0


def check(run_pk: int) -> None:
    """Compare rows until none is left."""
    run = ImportRun.objects.filter(pk=run_pk, state=ImportState.CHECKING).first()
    if run is not None:
        comparer = Comparer(run)
        _go_on(
            "startups.import_tasks.check",
            run,
            lambda: compare_batch(run=run, comparer=comparer, now=timezone.now()),
        )


def write(run_pk: int) -> None:
    """Write rows until none is left."""
    run = ImportRun.objects.filter(pk=run_pk, state=ImportState.RUNNING).first()
    if run is not None:
        _go_on(
            "startups.import_tasks.write",
            run,
            lambda: write_batch(run=run, now=timezone.now()),
        )


def index_for_staff(kind: str, pks: list[int]) -> None:
    """Let the lists of the administration find what was written in bulk."""
    model = MODELS[kind]
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, list(model.objects.filter(pk__in=pks)))


def _go_on(task: str, run: ImportRun, batch: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    try:
        while batch():
            if time.monotonic() > ends:
                queue.enqueue(task, run.pk)
                return
    except NotNow:  # abandoned, or ended by another worker
        return
