"""The tables of answers: one row per address and method, one column per person.

A row is ``name METHOD answer…``: as many answers as the header (``who``) has persons, or one that
holds for all of them. ``#`` begins a comment. An answer is the status, or a word for where one is
led:

- ``login`` the sign-in page
- ``home`` the front page of the administration, which says that the page asked for is closed
- ``2fa`` the pages of the second factor
- ``again`` the page where one says once more who one is

A ``+`` behind it: rows were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "tables"
METHODS = ("GET", "POST")
# Where nothing may have been written.
REFUSED = ("login", "home", "2fa", "again", "400", "401", "403", "404", "405", "409", "422", "429")


@dataclass(frozen=True)
class Row:
    """What each person is answered at one address."""

    name: str
    method: str
    answers: dict[str, str]

    def __hash__(self) -> int:
        """One row per address and method."""
        return hash((self.name, self.method))


@dataclass(frozen=True)
class Table:
    """One file."""

    name: str
    people: tuple[str, ...]
    rows: tuple[Row, ...]

    def line(self, row: Row) -> str:
        """``row`` as the file has it, its answers under the names of the header."""
        answers = list(row.answers.values())
        if len(set(answers)) == 1:
            return f"{row.name:<{self.width}} {row.method:<4} {answers[0]}"
        return self._aligned(row.name, row.method, answers)

    def header(self) -> str:
        """The line of the names."""
        return self._aligned("who", "", self.people)

    @property
    def width(self) -> int:
        """Of the first column."""
        return max(len(row.name) for row in self.rows)

    def _aligned(self, name: str, method: str, cells: Iterable[str]) -> str:
        said = (f"{c:<{max(len(p), 5)}}" for c, p in zip(cells, self.people, strict=True))
        return f"{name:<{self.width}} {method:<4} {' '.join(said)}".rstrip()


def read(text: str, name: str = "") -> Table:
    """The table that ``text`` holds."""
    people: tuple[str, ...] = ()
    rows = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if words[0] == "who":
            people = tuple(words[1:])
            continue
        address, method, *answers = words
        if method not in METHODS:
            raise ValueError(f"{name}: {method} is no method: {line}")
        if len(answers) == 1:
            answers *= len(people)
        if len(answers) != len(people):
            raise ValueError(f"{name}: {len(answers)} answers for {len(people)} persons: {line}")
        rows.append(Row(address, method, dict(zip(people, answers, strict=True))))
    return Table(name, people, tuple(rows))


def names() -> list[str]:
    """The names of the tables."""
    return sorted(path.stem for path in HERE.glob("*.txt"))


def load(name: str) -> Table:
    """The table called ``name``."""
    return read((HERE / f"{name}.txt").read_text(), name)


def all_rows() -> list[Row]:
    """Those of every table."""
    return [row for name in names() for row in load(name).rows]
