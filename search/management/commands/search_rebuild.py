"""``manage.py search_rebuild``: write an index again, beside the one that serves."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import DomainError
from search import targets
from search.domain.rebuilding import Rebuilt, go_back, rebuild
from search.port import EngineAway


class Command(BaseCommand):
    """Safe to stop and to start again: readers have the old index until the new one is whole."""

    help = "Rebuild the search indexes from the public records; --back returns to the ones before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and which way."""
        parser.add_argument("--target", choices=targets.kept(), help="one index; else all of them")
        parser.add_argument("--back", action="store_true", help="let the one before serve again")

    def handle(self, *args: Any, **options: Any) -> None:
        """One index after the other; what fails for one hinders no other."""
        failed = []
        for target in [options["target"]] if options["target"] else targets.kept():
            started = time.monotonic()
            try:
                done = self._do(target, is_back=options["back"])
            except (DomainError, EngineAway) as refusal:
                failed.append(f"{target}: {refusal}")
                continue
            seconds = time.monotonic() - started
            self.stdout.write(
                f"{target}: generation {done.generation} serves, {done.documents} documents;"
                f" {done.records} records written in {seconds:.1f} s"
                f" ({done.records / max(seconds, 0.001):.0f}/s)."
            )
        if failed:
            raise CommandError("\n".join(failed))

    def _do(self, target: str, *, is_back: bool) -> Rebuilt:
        if is_back:
            return go_back(target=target)
        return rebuild(target=target, say=Progress(self, target))


class Progress:
    """A line now and then: how many of how many, and how fast."""

    EVERY = 2.0

    def __init__(self, command: BaseCommand, target: str) -> None:
        """``command`` is where the lines go."""
        self.command, self.target = command, target
        self.started = self.said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` records are written."""
        now = time.monotonic()
        if now - self.said >= self.EVERY:
            self.said = now
            rate = done / (now - self.started)
            self.command.stdout.write(f"{self.target}: {done} of {total} ({rate:.0f}/s)")
