"""``manage.py check_links``: test the links of public listings now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from startups.domain.links import gather_links, tell_owners
from startups.domain.sweeping import Sweep
from startups.models import CheckedLink


class Command(BaseCommand):
    """Safe to stop and to start again: what was tested stays tested."""

    help = "Tests public links that are due (all of them with --all), then tells their owners."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One choice."""
        parser.add_argument("--all", action="store_true", help="also those tested this week")

    def handle(self, *args: Any, **options: Any) -> None:
        """Gather, test batch by batch, tell, then say what is broken."""
        total = gather_links()
        if options["all"]:
            CheckedLink.objects.update(checked_at=None, taken_until=None)
        tested = 0
        while count := Sweep().run():
            tested += count
            self.stdout.write(f"{tested} tested")
        written = tell_owners(now=timezone.now())
        broken = CheckedLink.objects.broken()
        for link in broken:
            self.stdout.write(f"broken since {link.broken_since:%Y-%m-%d}: {link}")
        self.stdout.write(
            f"{total} public links, {tested} tested, {broken.count()} broken, {written} letters"
        )
        if tested == 0 and CheckedLink.objects.due(timezone.now()).exists():
            self.stderr.write("Nothing answered: is this machine on the network?")
