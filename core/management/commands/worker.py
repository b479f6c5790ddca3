"""The worker: runs tasks and schedules, and delivers mail, until it is stopped."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.queue import run_worker, sync_schedules


class Command(BaseCommand):
    """``manage.py worker``."""

    help = "Runs tasks and schedules, delivers mail; one per site is enough, several are safe."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the schedules down, load every receiver, then work."""
        # Some signal receivers are connected when the addresses are loaded: without them a
        # moderation mail of Wagtail is lost without a word.
        import_module(settings.ROOT_URLCONF)
        sync_schedules()
        run_worker()
