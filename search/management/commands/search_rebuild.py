"""``manage.py search_rebuild``: write the whole index again from the records."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from search.documents import all_documents
from search.port import backend


class Command(BaseCommand):
    """Readers see the old index until the new one is whole: it is one transaction."""

    help = "Rebuild the search index from the public records."

    def handle(self, *args: Any, **options: Any) -> None:
        """Clear and write again, atomically."""
        started = time.monotonic()
        with transaction.atomic():
            backend().clear()
            written = backend().index(all_documents())
        seconds = time.monotonic() - started
        self.stdout.write(f"{written} entries written in {seconds:.1f} s.")
