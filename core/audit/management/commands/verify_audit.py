"""``manage.py verify_audit``: does the chain of the audit hold?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit.verify import verify_chain


class Command(BaseCommand):
    """Exit 0 with the head of the chain, or 1 naming the first broken row."""

    help = "Verify the audit chain; names the first broken row."

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chain."""
        verdict = verify_chain()
        if verdict.broken:
            raise CommandError(verdict.broken)
        self.stdout.write(f"{verdict.lines} lines, the chain is whole. Head: {verdict.head}")
