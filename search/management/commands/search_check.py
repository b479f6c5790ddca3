"""``manage.py search_check``: compare the indexes with the records."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from search import targets
from search.domain.checking import Difference, check, repair
from search.domain.rebuilding import outdated
from search.models import Index
from search.port import EngineAway

SHOWN: Final = 20
WORDS: Final = {
    "missing": "missing",
    "extra": "should not be there",
    "differs": "does not say what the record says",
}


class Command(BaseCommand):
    """Names what is missing, what should not be there, and what says something else."""

    help = "Compare the search indexes with the public records; --repair mends the differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--repair`` writes the differing records again."""
        parser.add_argument("--target", choices=targets.kept(), help="one index; else all of them")
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 when one differs, or could not be asked, and was not mended."""
        old = outdated()
        failed = []
        for target in [options["target"]] if options["target"] else targets.kept():
            if target in old:
                failed.append(
                    f"{target}: it is to be rebuilt; the worker does so, or search_rebuild."
                )
                continue
            try:
                failed += self._check(target, is_repaired=options["repair"])
            except EngineAway as error:
                failed.append(f"{target}: does not answer ({error}).")
        if failed:
            raise CommandError("\n".join(failed))

    def _check(self, target: str, *, is_repaired: bool) -> list[str]:
        found = check(target=target)
        self._name(target, found)
        if not found:
            live = Index.objects.get(pk=target).live
            assert live is not None
            size = targets.engine_of(target).size(live)
            self.stdout.write(f"{target}: {size} documents, no difference.")
            return []
        if not is_repaired:
            return [f"{target}: {len(found)} differences; --repair mends them."]
        left = repair(target=target, differences=found)
        self.stdout.write(f"{target}: {len(found) - len(left)} differences mended.")
        return [f"{target}: {len(left)} differences are left."] if left else []

    def _name(self, target: str, found: list[Difference]) -> None:
        for (kind, pk), language, what in found[:SHOWN]:
            self.stdout.write(f"{target}: {kind} {pk} ({language}): {WORDS[what]}")
        if len(found) > SHOWN:
            self.stdout.write(f"{target}: and {len(found) - SHOWN} more")
