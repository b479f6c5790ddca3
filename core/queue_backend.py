"""Wagtail's own tasks (search updates, workflow mails) go through our queue."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

from core.queue import enqueue


class DjangoQBackend(BaseTaskBackend):  # type: ignore[misc]
    """Enqueue by path; results are the queue's business, nobody here reads them back."""

    supports_async_task = False

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Put the task's function in the queue."""
        self.validate_task(task)
        enqueue("core.queue_backend.run", task.module_path, list(args), dict(kwargs))
        return TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """In the worker: find the task again and call it."""
    from django.utils.module_loading import import_string

    import_string(path).call(*args, **kwargs)
