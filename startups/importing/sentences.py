"""A row of an import in words, for its page and for the file of what happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.doubles import Likeness
from core.numbers import number
from core.taxonomy.models import Borough, Theme
from startups.enums import RowChoice
from startups.facts import WORDS
from startups.importing.cells import PROBLEMS, shown
from startups.importing.fields import MODELS, NAMES, label_of
from startups.models import ImportRow, ImportRun


def name_of(row: ImportRow, run: ImportRun) -> str:
    """What the row calls its listing, even when it is refused."""
    field = NAMES[run.kind]  # type: ignore[index]
    if name := row.facts.get(field):
        return str(name)
    if field in run.mapping and row.cells:
        return shown(row.cells[run.mapping.index(field)])
    return ""


def problem(column: str, code: str, value: str) -> str:
    """« Column “lat”: “91” is not between -90 and 90. »"""
    said = PROBLEMS[code] % {"value": value}
    said = said[:1].upper() + said[1:] if not column else said
    if column:
        return _("Column “%(column)s”: %(said)s.") % {"column": column, "said": said}
    return f"{said}."


Names = dict[str, dict[Any, str]]


def names_of_ties() -> Names:
    """Of boroughs by key and of themes by address, read once for many rows."""
    return {
        "borough": dict(Borough.objects.values_list("pk", "name")),
        "themes": {theme.slug: str(theme) for theme in Theme.objects.all()},
    }


def said(kind: str, name: str, value: Any, names: Names) -> str:
    """A value in the words of the reader."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = MODELS[kind]._meta.get_field(name)
    if isinstance(field, DecimalField):
        return number(Decimal(value))
    words = names.get(name) or WORDS.get(name) or dict(field.flatchoices)
    if isinstance(value, list):
        return shown([words.get(each, each) for each in value])
    return shown(words.get(value, value))


def line_of(row: ImportRow, run: ImportRun, names: Names) -> dict[str, Any]:
    """Everything that is said of ``row``."""

    return {
        "number": row.number,
        "name": name_of(row, run),
        "code": row.verdict,
        "verdict": row.get_verdict_display(),
        "outcome": row.get_outcome_display(),
        "problems": [problem(*each) for each in row.problems],
        "difference": [
            (
                label_of(run.kind, name),
                said(run.kind, name, before, names),
                said(run.kind, name, after, names),
            )
            for name, before, after in row.difference
        ],
        "doubles": [_double(run, each) for each in row.doubles],
        "choice": row.choice,
        "choice_label": str(RowChoice(row.choice).label) if row.choice else "",
        "edit_url": _edit_url(run, row.record or (None if row.doubles else row.target)),
    }


def _edit_url(run: ImportRun, pk: int | None) -> str:
    return reverse(f"wagtailsnippets_startups_{run.kind}:edit", args=[pk]) if pk else ""


def _double(run: ImportRun, double: dict[str, Any]) -> tuple[str, str]:
    """What is said of it, and where a person looks at it."""
    if double["row"]:
        return _("row %(n)s of this file") % {"n": double["key"]}, ""
    said = {"name": double["name"], "why": Likeness(double["why"]).label}
    return _("“%(name)s”, in the directory: %(why)s") % said, _edit_url(run, double["key"])
