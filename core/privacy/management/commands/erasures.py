"""``manage.py erasures``: who was erased, by number; and the same again after a restored backup."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.accounts.models import User
from core.privacy.domain.erasure import ErasureRefused, erase_again
from core.privacy.models import Erasure


class Command(BaseCommand):
    """Print the numbers, to be kept beside the backups; or erase those of a list again."""

    help = "Prints the numbers of erased people; --again FILE erases those of a restored backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list, as this command printed it; « - » reads it from standard input."""
        parser.add_argument("--again", metavar="FILE", help="erase these numbers again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Without a list, print one."""
        if options["again"] is None:
            for erasure in Erasure.objects.order_by("erased_at", "pk"):
                self.stdout.write(f"{erasure.person_number} {erasure.erased_at.isoformat()}")
            return
        self._again(_numbers(options["again"]))

    def _again(self, numbers: list[int]) -> None:
        done, refused = 0, []
        known = set(Erasure.objects.values_list("person_number", flat=True))
        people = User.objects.filter(pk__in=set(numbers) - known)
        for person in people.order_by("pk"):
            try:
                erase_again(person=person, now=timezone.now())
            except ErasureRefused as refusal:
                refused.append(f"{person.pk}: {' '.join(refusal.problems)}")
            else:
                done += 1
        self.stdout.write(f"{done} erased again, {len(numbers) - done - len(refused)} already.")
        if refused:
            raise CommandError("Not erased:\n" + "\n".join(refused))


def _numbers(source: str) -> list[int]:
    text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    lines = [line.split()[0] for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if not line.isdecimal()]
    if wrong:
        msg = f"A line begins with the number of a person, not with {wrong[0]!r}."
        raise CommandError(msg)
    return [int(line) for line in lines]
