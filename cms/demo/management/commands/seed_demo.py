"""``manage.py seed_demo``: a city's living site, from the facts the project carries."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import deque
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from cms.demo.bulk import add_synthetic
from cms.demo.load import load_demo
from pilots.models import Challenge


class Command(BaseCommand):
    """Loads once; ``--reset`` makes a new database first, ``--size`` adds records for load."""

    help = "Load the demonstration; --reset starts from a new database, --size N adds N records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two options."""
        parser.add_argument("--size", type=int, default=0, help="synthetic records to add in all")
        parser.add_argument("--reset", action="store_true", help="empty the database first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where real people work; say what was done."""
        if not settings.DEBUG:
            raise CommandError("The demonstration is loaded where DEBUG is on, nowhere else.")
        started = time.monotonic()
        if options["reset"]:
            self._reset()
        # With DEBUG on, Django keeps the text of nine thousand queries: hundreds of megabytes here.
        connection.queries_log = deque(maxlen=0)
        if Challenge.objects.exists() and not options["size"]:
            self.stdout.write("The demonstration is already there; --reset loads it anew.")
            return
        if not Challenge.objects.exists():
            load_demo(now=timezone.now(), say=self._say)
        if options["size"]:
            add_synthetic(options["size"], say=self._say)
        self._say(f"done in {time.monotonic() - started:.0f} s")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what}")
        self.stdout.flush()

    def _reset(self) -> None:
        # The audit refuses to be emptied: a reset is a new database, never a deletion of rows.
        if connection.vendor == "sqlite":
            name = str(connection.settings_dict["NAME"])
            connection.close()
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0, interactive=False)
