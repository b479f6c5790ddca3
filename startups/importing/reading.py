"""A file that a spreadsheet or a program wrote, as a table of texts.

CSV in any usual encoding and with any usual separator, or a JSON list of objects. What is wrong
with one cell is kept beside it, for that row to be refused and no other; what makes the whole
file unreadable is refused here, with its row and its column.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError

LARGEST: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 20_000
# Empty ones too: a file of nothing but line breaks takes as long to read as a full one.
MOST_LINES: Final = 500_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 20_000
# Of a cell that is too long, what is kept to be recognised by.
KEPT: Final = 200
SEPARATORS: Final = ",;\t|"
# How files that are no text begin.
NOT_TEXT: Final = {
    b"PK\x03\x04": _("a workbook or a ZIP archive"),
    b"\x1f\x8b": _("a compressed file"),
    b"BZh": _("a compressed file"),
    b"\xfd7zXZ": _("a compressed file"),
    b"7z\xbc\xaf": _("a compressed file"),
    b"\xd0\xcf\x11\xe0": _("a workbook of an old version of Excel"),
    b"%PDF": _("a PDF"),
}
# Letters of French, which a wrong reading of one byte turns into signs.
LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’‘“”«»–—…\xa0")
# Controls, the tabulation and the line breaks aside; halves of pairs, which no text holds.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

csv.field_size_limit(LARGEST)


class SheetRefused(DomainError):
    """A file that cannot be read; the sentence says where and what to do."""

    code = "sheet_refused"
    status = 422


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the file, its cells, and what is wrong: ``(column, code)``."""

    number: int
    cells: list[Any]
    problems: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds."""

    columns: list[str]
    rows: list[SheetRow]
    form: str


def read_sheet(content: bytes) -> Sheet:
    """The table that ``content`` holds. Raises :class:`SheetRefused`."""
    refuse_size(len(content))
    for beginning, what in NOT_TEXT.items():
        if content.startswith(beginning):
            raise SheetRefused(
                _("This is %(what)s, whatever its name says. Save it as CSV, then send that file.")
                % {"what": what}
            )
    text = decode(content).lstrip("\ufeff")
    if not text.strip():
        raise SheetRefused(_("This file is empty."))
    sheet = _read_json(text) if text.lstrip()[0] in "[{" else _read_csv(text)
    if not sheet.rows:
        raise SheetRefused(_("This file has a header and no row."))
    return sheet


def refuse_size(size: int) -> None:
    """:class:`SheetRefused` for more bytes than are read."""
    if size > LARGEST:
        raise SheetRefused(
            _("This file is larger than 10 MB. Cut it in several files, each with its header.")
        )


def decode(content: bytes) -> str:
    """The text: what its mark says, else UTF-8, else the old encoding that gives French letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    # Without its mark: every other byte of plain letters is nothing.
    head = content[:400]
    if len(head) > 3 and head[1::2].count(0) * 2 > len(head[1::2]) and not head[::2].count(0):
        return content.decode("utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        readings = [content.decode(name, "replace") for name in ("cp1252", "mac_roman", "cp850")]
        return max(readings, key=lambda text: _likelihood(text[:200_000]))


def _likelihood(text: str) -> int:
    """How French a reading looks; a capital inside a word is a letter that was read wrongly."""
    found = 0
    for before, sign in zip(" " + text, text, strict=False):
        if not sign.isascii():
            is_inside = sign.isupper() and before.islower()
            found += 1 if sign in LETTERS and not is_inside else -3
    return found


def _read_csv(text: str) -> Sheet:
    separator, text = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    rows: list[SheetRow] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not columns:
                if any(cell.strip() for cell in cells):
                    columns = _header([cell.strip() for cell in cells])
            elif any(cell.strip() for cell in cells):
                rows.append(_row(number, cells, len(columns)))
            _not_too_many(len(rows) if number <= MOST_LINES else number)
    except csv.Error as error:
        raise SheetRefused(
            _(
                "Row %(row)s cannot be read: its quotation marks do not match. Save the file again "
                "as CSV from a spreadsheet."
            )
            % {"row": number + 1}
        ) from error
    return Sheet(columns, rows, "csv")


def _separator(text: str) -> tuple[str, str]:
    """What stands between cells: what Excel's own line says, else what cuts the header most."""
    first, _break, rest = text.partition("\n")
    if found := re.fullmatch(r"sep=(.)\r?", first.strip("\r")):
        return found[1], rest
    head = re.sub(r'"[^"]*"', "", text.lstrip()[:100_000].splitlines()[0])
    return max(SEPARATORS, key=head.count), text


def _header(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise SheetRefused(
            _("The header has %(count)s columns; %(most)s at most.")
            % {"count": len(names), "most": MOST_COLUMNS}
        )
    seen: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if FORBIDDEN.search(name) or len(name) > KEPT:
            raise SheetRefused(
                _("The name of column %(n)s cannot be read. This may not be a table.")
                % {"n": place}
            )
        if name and name in seen:
            raise SheetRefused(
                _("Columns %(one)s and %(other)s are both called “%(name)s”. Rename one of them.")
                % {"one": seen[name], "other": place, "name": name}
            )
        seen[name] = place
    return [name or f"({place})" for place, name in enumerate(names, start=1)]


def _row(number: int, cells: list[Any], width: int) -> SheetRow:
    problems: list[tuple[int, str]] = []
    if len(cells) > width:
        if any(str(cell).strip() for cell in cells[width:]):
            problems.append((width - 1, "too_many_cells"))
        cells = cells[:width]
    kept = [_cell(cell, place, problems) for place, cell in enumerate(cells)]
    return SheetRow(number, kept + [""] * (width - len(kept)), problems)


def _cell(value: Any, place: int, problems: list[tuple[int, str]]) -> Any:
    if isinstance(value, list):
        return [_cell(each, place, problems) for each in value]
    if not isinstance(value, str):
        return value
    text = value.strip()
    if len(text) > LONGEST_CELL:
        problems.append((place, "too_long_cell"))
        text = text[:KEPT]
    if FORBIDDEN.search(text):
        problems.append((place, "hidden"))
        text = FORBIDDEN.sub("\ufffd", text)
    return text


def _not_too_many(count: int) -> None:
    if count > MOST_ROWS:
        raise SheetRefused(
            _("More than %(most)s rows. Cut the file in several, each with its header.")
            % {"most": MOST_ROWS}
        )


def _read_json(text: str) -> Sheet:
    try:
        found = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise SheetRefused(
            _("This JSON cannot be read: line %(line)s, column %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (RecursionError, ValueError) as error:
        raise SheetRefused(_("This JSON holds what no table holds.")) from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else found
    if not isinstance(found, list):
        raise SheetRefused(_("This JSON is not a list of objects."))
    _not_too_many(len(found))
    columns: dict[str, int] = {}
    for number, record in enumerate(found, start=1):
        if not isinstance(record, dict):
            raise SheetRefused(_("Item %(n)s of the list is not an object.") % {"n": number})
        for name in record:
            columns.setdefault(name.strip(), len(columns))
        if len(columns) > MOST_COLUMNS:
            _header(list(columns))
    names = _header(list(columns))
    rows = [_record(number, record, columns) for number, record in enumerate(found, start=1)]
    return Sheet(names, [row for row in rows if any(row.cells)], "json")


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    """« 1e999 » is infinite, and no database keeps that."""
    if not isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _record(number: int, record: dict[str, Any], columns: dict[str, int]) -> SheetRow:
    cells: list[Any] = [""] * len(columns)
    problems: list[tuple[int, str]] = []
    for name, value in record.items():
        place = columns[name.strip()]
        if isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(each, dict | list) for each in value)
        ):
            problems.append((place, "nested"))
            continue
        cells[place] = _cell(_plain(value), place, problems)
    return SheetRow(number, cells, problems)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(each) for each in value if each is not None]
    return "" if value is None else value
