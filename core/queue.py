"""The only importer of django-q: tasks, schedules, the worker's health.

The broker is the site's own database, in production too: a task enqueued inside a transaction is
kept or lost with it, and one that was running at a ``kill -9`` is run again. Tasks are idempotent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.cluster import Cluster
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage
from django_q.tasks import async_task

logger = logging.getLogger(__name__)

STUCK_AFTER = timedelta(minutes=15)
# Between two looks of the worker's first process at what it does besides the tasks.
LOOKS_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Repeated:
    """A task that runs every so many minutes."""

    name: str
    task: str
    minutes: int


_schedules: dict[str, Repeated] = {}
_besides: dict[str, str] = {}


def enqueue(task: str, *args: Any) -> None:
    """Ask for ``task`` (dotted path) to be run once with plain arguments, after the commit.

    Numbers and names of things, never what names a person: the queue keeps what it was given for
    its next five hundred tasks, and for ever when the task failed.
    """
    async_task(task, *args)


def every(minutes: int, task: str, *, name: str) -> None:
    """Register a repeated task; :func:`sync_schedules` writes it down."""
    _schedules[name] = Repeated(name, task, minutes)


def besides(work: str, *, name: str) -> None:
    """Register what the worker's first process does all the time, beside the tasks.

    ``work`` is the dotted path of a function that does what is due, asks the function it is handed
    whether to stop, and says how much it did. It waits behind no task, and none waits behind it.
    """
    _besides[name] = work


def sync_schedules(**kwargs: Any) -> None:
    """Make the schedule's rows agree with the code; a task no longer in it leaves."""
    Schedule.objects.exclude(name__in=_schedules).delete()
    for repeated in _schedules.values():
        Schedule.objects.update_or_create(
            name=repeated.name,
            defaults={
                "func": repeated.task,
                "schedule_type": Schedule.MINUTES,
                "minutes": repeated.minutes,
                "repeats": -1,
            },
        )


def run_worker() -> None:
    """Run tasks and schedules in processes of their own, and what was registered besides in this
    one, until a signal asks to stop.
    """
    connections.close_all()  # a connection shared with those processes would be closed by them
    cluster = Cluster()
    cluster.start()

    def is_over() -> bool:
        return cluster.stop_event is None or not cluster.sentinel.is_alive()

    while not is_over():
        if not _do_besides(is_over):
            time.sleep(LOOKS_EVERY)
    connections.close_all()


def _do_besides(is_over: Callable[[], bool]) -> int:
    """One round; a failure is logged and ends neither the others nor the worker."""
    done = 0
    for name, work in _besides.items():
        close_old_connections()
        try:
            done += import_string(work)(is_over)
        except Exception:
            logger.exception("What the worker does besides failed: %s", name)
            connections.close_all()
    return done


def health() -> dict[str, Any]:
    """How much waits; not ok when something has waited a quarter of an hour unclaimed."""
    waiting = OrmQ.objects.count()
    # A claimed task carries a lock in the future; an unclaimed one its birth.
    stuck = OrmQ.objects.filter(lock__lt=timezone.now() - STUCK_AFTER).count()
    return {"ok": not stuck, "waiting": waiting, "stuck": stuck}


def drain(limit: int = 1000) -> int:
    """Run what waits, here and now, in order, then what the worker does besides; how many tasks.

    For tests and the first load.
    """
    ran = 0
    broker = get_broker()
    while ran < limit:
        row = OrmQ.objects.order_by("pk").first()
        if row is None:
            break
        task = SignedPackage.loads(row.payload)
        broker.delete(row.pk)
        function = task["func"]
        call = import_string(function) if isinstance(function, str) else function
        call(*task["args"], **task.get("kwargs", {}))
        ran += 1
    for work in _besides.values():
        import_string(work)(lambda: False)
    return ran
