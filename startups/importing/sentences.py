"""A row of an import in words, for its page and for the file of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.doubles import Likeness
from core.taxonomy.models import Borough
from startups.enums import RowChoice
from startups.importing.cells import PROBLEMS, shown
from startups.importing.fields import label_of
from startups.models import ImportRow, ImportRun

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_of(row: ImportRow, run: ImportRun) -> str:
    """What the row calls its listing, even when it is refused."""
    if name := row.facts.get("name"):
        return str(name)
    if "name" in run.mapping and row.cells:
        return shown(row.cells[run.mapping.index("name")])
    return ""


def problem(column: str, code: str, value: str) -> str:
    """« Column “lat”: “91” is not between -90 and 90. »"""
    said = PROBLEMS[code] % {"value": value}
    said = said[:1].upper() + said[1:] if not column else said
    if column:
        return _("Column “%(column)s”: %(said)s.") % {"column": column, "said": said}
    return f"{said}."


def borough_names() -> dict[int, str]:
    """By key, read once for many rows."""
    return dict(Borough.objects.values_list("pk", "name"))


def line_of(row: ImportRow, run: ImportRun, boroughs: Mapping[int, str]) -> dict[str, Any]:
    """Everything that is said of ``row``."""

    def said(name: str, value: Any) -> str:
        if value in (None, "", []):
            return "–"
        return boroughs.get(value, str(value)) if name == "borough" else shown(value)

    return {
        "number": row.number,
        "name": name_of(row, run),
        "code": row.verdict,
        "verdict": row.get_verdict_display(),
        "outcome": row.get_outcome_display(),
        "problems": [problem(*each) for each in row.problems],
        "difference": [
            (label_of(run.kind, name), said(name, before), said(name, after))
            for name, before, after in row.difference
        ],
        "doubles": [_double(each) for each in row.doubles],
        "choice": row.choice,
        "choice_label": str(RowChoice(row.choice).label) if row.choice else "",
        "edit_url": _edit_url(run, row.record),
    }


def _edit_url(run: ImportRun, pk: int | None) -> str:
    return reverse(f"wagtailsnippets_startups_{run.kind}:edit", args=[pk]) if pk else ""


def _double(double: dict[str, Any]) -> str:
    if double["row"]:
        return _("row %(n)s of this file") % {"n": double["key"]}
    said = {"name": double["name"], "why": Likeness(double["why"]).label}
    return _("“%(name)s”, in the directory: %(why)s") % said
