"""What a file calls otherwise than the site: values that a person gives a meaning to, once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from core.text import fold
from startups.enums import RowVerdict
from startups.importing.cells import BETWEEN
from startups.importing.fields import BY_NAME, label_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from startups.importing.fields import Field
    from startups.models import ImportRun

# A value that is left out, as if nothing were written.
LEFT_OUT: Final = "-"
MOST_SHOWN: Final = 60


def meant(field: Field, cell: Any, meanings: Mapping[str, str] | None) -> Any:
    """``cell`` with the values that were given a meaning; what was left out is not there."""
    if not meanings or field.options is None or cell in ("", [], None):
        return "" if cell is None else cell
    if not field.is_list:
        found = meanings.get(fold(str(cell)), cell)
        return "" if found == LEFT_OUT else found
    parts = cell if isinstance(cell, list) else BETWEEN.split(str(cell))
    known = [meanings.get(fold(str(part)), part) for part in parts]
    return [part for part in known if part != LEFT_OUT]


def unknown_values(run: ImportRun) -> list[tuple[str, str, int]]:
    """Field, value and how many rows are refused for it, the most frequent first."""
    refused = run.rows.filter(verdict=RowVerdict.REFUSED)  # type: ignore[attr-defined]
    field_of = dict(zip(run.columns, run.mapping, strict=True))
    count: Counter[tuple[str, str]] = Counter()
    for problems in refused.values_list("problems", flat=True):
        for column, code, value in problems:
            name = field_of.get(column, "")
            known = BY_NAME[run.kind].get(name)  # type: ignore[index]
            # A value that was cut to be shown cannot be recognised.
            whole = not value.endswith("…")
            if code == "unknown" and known is not None and known.options is not None and whole:
                count[name, value] += 1
    return [(name, value, n) for (name, value), n in count.most_common(MOST_SHOWN)]


def given_in_words(run: ImportRun) -> list[tuple[str, str, str]]:
    """Field, value of the file and what it was said to be; empty when it is left out."""
    found = []
    for name, meanings in run.meanings.items():
        field = BY_NAME[run.kind].get(name)  # type: ignore[index]
        words = dict(field.options()) if field is not None and field.options else {}
        label = label_of(run.kind, name)
        for value, code in meanings.items():
            found.append((label, value, "" if code == LEFT_OUT else str(words.get(code, code))))
    return found


def to_be_given(run: ImportRun) -> list[dict[str, Any]]:
    """:func:`unknown_values` as a page asks for their meaning."""
    return [
        {
            "key": f"{name}:{value}",
            "label": label_of(run.kind, name),
            "value": value,
            "count": n,
            "options": options() if (options := BY_NAME[run.kind][name].options) else [],  # type: ignore[index]
        }
        for name, value, n in unknown_values(run)
    ]
