"""The only importer of django-q: tasks, schedules, the worker's health.

The broker is the site's own database, in production too: a task enqueued inside a transaction is
kept or lost with it, and one that was running at a ``kill -9`` is run again. Tasks are idempotent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage
from django_q.tasks import async_task

STUCK_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A task that runs every so many minutes."""

    name: str
    task: str
    minutes: int


_schedules: dict[str, Repeated] = {}


def enqueue(task: str, *args: Any) -> None:
    """Ask for ``task`` (dotted path) to be run once with plain arguments, after the commit."""
    async_task(task, *args)


def every(minutes: int, task: str, *, name: str) -> None:
    """Register a repeated task; :func:`sync_schedules` writes it down."""
    _schedules[name] = Repeated(name, task, minutes)


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


def health() -> dict[str, Any]:
    """How much waits; not ok when something has waited a quarter of an hour unclaimed."""
    waiting = OrmQ.objects.count()
    # A claimed task carries a lock in the future; an unclaimed one its birth.
    stuck = OrmQ.objects.filter(lock__lt=timezone.now() - STUCK_AFTER).count()
    return {"ok": not stuck, "waiting": waiting, "stuck": stuck}


def drain(limit: int = 1000) -> int:
    """Run what waits, here and now, in order; how many ran. For tests and the first load."""
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
    return ran
