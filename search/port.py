"""The one port of search: what is asked, what is answered, and which engine answers.

No caller knows an engine. Documents hold public text only; what is not public never enters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Document:
    """One record in one language, as it is found.

    ``words`` holds everything that finds it and is not shown: synonyms of its themes, names of
    its boroughs, the other language's title.
    """

    kind: str
    pk: int
    language: str
    slug: str
    title: str
    summary: str = ""
    body: str = ""
    words: str = ""
    themes: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What a person typed, and where to look. ``kinds`` empty means everywhere."""

    text: str
    language: str
    kinds: tuple[str, ...] = ()
    theme: str = ""
    borough: str = ""
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer."""

    kind: str
    pk: int
    slug: str
    title: str
    summary: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """Answers in order, how many there are in all, and counts by kind."""

    count: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    corrected: str | None = None


class Backend(Protocol):
    """What an engine must do."""

    def index(self, documents: Iterable[Document]) -> int:
        """Add or replace; how many were written."""

    def delete(self, kind: str, pk: int) -> None:
        """Forget a record in every language."""

    def search(self, query: Query) -> Results:
        """Answer a query; any text whatever is a valid one."""

    def matching(self, query: Query) -> list[int]:
        """Keys of all records of the query's one kind that match, best first."""

    def stored(self) -> set[tuple[str, int, str]]:
        """``(kind, pk, language)`` of everything held."""

    def clear(self) -> None:
        """Forget everything."""

    def health(self) -> dict[str, Any]:
        """Name and size of the engine; raises when it does not answer."""


@lru_cache(maxsize=1)
def backend() -> Backend:
    """The engine in use."""
    from search.backends.database import DatabaseBackend

    return DatabaseBackend()


def health() -> dict[str, Any]:
    """What ``/readyz`` shows of search."""
    return backend().health()
