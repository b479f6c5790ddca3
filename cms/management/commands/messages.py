"""``manage.py messages``: catalogues without gettext's programs, by Babel alone.

English is the source; French is written in ``locale/fr``. ``--check`` changes nothing and fails
when a French entry is missing, empty, fuzzy or no longer used.
"""

from __future__ import annotations

import io
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

SOURCES = ("cms", "core", "pilots", "search", "startups", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SHOWN = 20


class Command(BaseCommand):
    """Extract, merge and compile; or check that nothing is left to do."""

    help = "Bring the French catalogue up to date and compile it; --check only verifies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two ways besides the plain one."""
        parser.add_argument("--check", action="store_true", help="verify, change nothing")
        parser.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked and say the figures."""
        path = Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        catalog = _read(path)
        if options["compile"]:
            compiled = path.with_suffix(".mo")
            _compile(catalog, compiled)
            # What goes on in this process, the demonstration's first load, reads the new words.
            translation_file_changed(sender=None, file_path=compiled)
            return
        template = Catalog()
        for name, line, message, context in _found(Path(settings.BASE_DIR)):
            template.add(message, locations=[(name, line)], context=context)
        if options["check"]:
            self._check(catalog, template)
            return
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=99, sort_output=True, omit_header=False, no_location=True)
        _compile(catalog, path.with_suffix(".mo"))
        missing = len(_untranslated(catalog))
        self.stdout.write(f"{len(catalog)} entries, {missing} without French.")

    def _check(self, catalog: Catalog, template: Catalog) -> None:
        known = {(m.id, m.context) for m in catalog if m.id}
        wanted = {(m.id, m.context) for m in template if m.id}
        problems = [f"not in the catalogue: {key[0]}" for key in sorted(wanted - known, key=str)]
        problems += [f"no longer used: {key[0]}" for key in sorted(known - wanted, key=str)]
        problems += [f"without French: {key}" for key in _untranslated(catalog)]
        for problem in problems[:SHOWN]:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} entries to mend; see manage.py messages.")
        self.stdout.write(f"{len(known)} entries, all in French.")


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="fr", project="Banc d’essai", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def _untranslated(catalog: Catalog) -> list[str]:
    return [
        str(message.id)
        for message in catalog
        if message.id
        and (
            message.fuzzy
            or not message.string
            or (isinstance(message.string, tuple | list) and not all(message.string))
        )
    ]


def _compile(catalog: Catalog, path: Path) -> None:
    """Replace ``path`` in one step: a process that starts meanwhile reads the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".mo", delete=False) as file:
        written = Path(file.name)
        try:
            write_mo(file, catalog)
        except BaseException:
            written.unlink()
            raise
    written.chmod(0o644)
    written.replace(path)


def _found(root: Path) -> Iterator[tuple[str, int, Any, str | None]]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt"}:
                continue
            name = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            method = "python"
            if path.suffix != ".py":
                # Django's own reader of templates turns them into calls of gettext; what is
                # around them is blanked, which a JavaScript lexer passes over without complaint.
                text, method = templatize(text, origin=name), "javascript"
            source = io.BytesIO(text.encode())
            for line, message, _comments, context in extract(method, source, KEYWORDS):
                yield name, line, message, context
