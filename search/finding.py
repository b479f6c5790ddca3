"""What the pages ask of search, whichever engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from search.port import Hit, Key, Query, Results, backend

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A theme or a borough that begins as what was typed."""

    facet: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a few letters may mean."""

    records: list[Hit] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record that resembles another, and by what: ``words`` as written, ``themes`` as slugs."""

    hit: Hit
    words: tuple[str, ...]
    themes: tuple[str, ...]


def search(query: Query) -> Results:
    """A page of answers, best first; any text whatever is a valid one."""
    return backend().search(query)


def matching(query: Query) -> list[int]:
    """Primary keys of up to ``query.limit`` records of the query's one kind, best first."""
    return backend().matching(query)


def suggest(text: str, language: str, *, limit: int = 6) -> Suggestions:
    """Records, themes and boroughs that begin as ``text``; nothing below two letters."""
    return Suggestions()


def similar(
    key: Key,
    language: str,
    *,
    kinds: Sequence[str] = (),
    statuses: Sequence[str] = (),
    without: Collection[Key] = (),
    limit: int = 5,
    now: datetime | None = None,
) -> list[Likeness]:
    """Records of ``kinds`` that resemble one, nearest first, without itself and ``without``."""
    return []
