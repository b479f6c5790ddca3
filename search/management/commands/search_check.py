"""``manage.py search_check``: compare the index with the records."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.documents import all_documents
from search.port import backend
from search.tasks import reindex

SHOWN = 20


class Command(BaseCommand):
    """Names what is missing from the index and what should not be there."""

    help = "Compare the search index with the public records; --repair mends the differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--repair`` writes the differing records again."""
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 when they differ and nothing was repaired."""
        expected = {(found.kind, found.pk, found.language) for found in all_documents()}
        stored = backend().stored()
        different = sorted((expected - stored) | (stored - expected))
        for kind, pk, language in different[:SHOWN]:
            lack = "missing" if (kind, pk, language) in expected else "should not be there"
            self.stdout.write(f"{kind} {pk} ({language}): {lack}")
        if not different:
            self.stdout.write(f"{len(stored)} entries, no difference.")
        elif options["repair"]:
            for kind, pk in sorted({(kind, pk) for kind, pk, _ in different}):
                reindex(kind, pk)
            self.stdout.write(f"{len(different)} differences repaired.")
        else:
            raise CommandError(f"{len(different)} differences; --repair mends them.")
