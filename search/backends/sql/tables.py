"""The tables of a generation, and how statements reach them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from django.db import connection as site_connection
from django.db import transaction

from core.languages import LANGUAGES
from search.backends.facets import FacetSets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COMMON: Final = (
    (
        "CREATE TABLE {base}_entry (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, pk BIGINT NOT NULL,"
        " facets TEXT NOT NULL, opens BIGINT, closes BIGINT, published BIGINT NOT NULL,"
        " turns BIGINT, points REAL NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL,"
        " position BIGINT NOT NULL{columns}, UNIQUE (kind, pk))"
    ),
    "CREATE TABLE {base}_place (id BIGINT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL)",
    "CREATE TABLE {base}_last (id BIGINT NOT NULL)",
    "INSERT INTO {base}_last (id) VALUES (0)",
    (
        "CREATE TABLE {base}_word (word TEXT NOT NULL, is_stem BOOLEAN NOT NULL,"
        " seen BIGINT NOT NULL, PRIMARY KEY (word, is_stem))"
    ),
    (
        "CREATE TABLE {base}_gone (kind TEXT NOT NULL, pk BIGINT NOT NULL,"
        " position BIGINT NOT NULL, PRIMARY KEY (kind, pk))"
    ),
)
# Made when the rest is there: an index is built in one go faster than row by row.
SETTLED: Final = (
    "CREATE INDEX IF NOT EXISTS {base}_turns ON {base}_entry (turns)",
    "CREATE INDEX IF NOT EXISTS {base}_name ON {base}_entry (name)",
    "CREATE INDEX IF NOT EXISTS {base}_place_at ON {base}_place (lat, lon)",
    "CREATE INDEX IF NOT EXISTS {base}_place_of ON {base}_place (id)",
)


class Clause(NamedTuple):
    """A piece of SQL with what it is given."""

    sql: str
    params: tuple[Any, ...] = ()


class SqlTables(ABC):
    """The tables of all generations in one database; ``prefix`` begins each of their names."""

    name: str
    # The function that says where one text stands in another, from one on.
    finds: ClassVar[str]
    # The one that gathers values in a JSON array.
    gathers: ClassVar[str]
    # What the database adds to each entry.
    columns: ClassVar[str] = ""
    # The tables of documents and tokens, and what is done to them once they are filled.
    own: ClassVar[tuple[str, ...]]
    settled: ClassVar[tuple[str, ...]]

    def __init__(self, connection: Any = None, *, prefix: str = "search") -> None:
        """``connection`` is the site's own unless another is given."""
        self.connection = connection or site_connection
        self.prefix = prefix
        self._facets: dict[str, FacetSets] = {}

    @property
    def mapping(self) -> str:
        """What the tables are made by."""
        made = "\n".join((*COMMON, self.columns, *self.own, *SETTLED, *self.settled))
        return blake2b(made.encode(), digest_size=4).hexdigest()

    @abstractmethod
    def among(self, column: str, values: Iterable[Any]) -> Clause:
        """``column`` is one of ``values``, however many."""

    @abstractmethod
    def table_names(self) -> set[str]:
        """Names of all tables of all generations that there are."""

    def create(self, generation: int) -> None:
        """Make the tables; nothing when they stand."""
        if not self.exists(generation):
            self._each(generation, (*COMMON, *self.own))

    def settle(self, generation: int) -> None:
        """Make the indexes of the tables, and tell the database what is in them."""
        self._each(generation, (*SETTLED, *self.settled))

    def _each(self, generation: int, statements: Sequence[str]) -> None:
        with self.atomic(), self.connection.cursor() as cursor:
            for language in LANGUAGES:
                base = self.base(generation, language)
                for statement in statements:
                    cursor.execute(statement.format(base=base, columns=self.columns))

    def drop(self, generation: int) -> None:
        """Remove the tables, if they stand."""
        start = f"{self.prefix}_{generation}_"
        with self.atomic(), self.connection.cursor() as cursor:
            for table in sorted(self.table_names()):
                if table.startswith(start):
                    cursor.execute(f"DROP TABLE IF EXISTS {table}")
        for language in LANGUAGES:
            self._facets.pop(self.base(generation, language), None)

    def exists(self, generation: int) -> bool:
        """Whether the tables stand."""
        wanted = {f"{self.base(generation, language)}_entry" for language in LANGUAGES}
        return wanted <= self.table_names()

    def base(self, generation: int, language: str) -> str:
        """How the names of the tables of a generation and a language begin."""
        return f"{self.prefix}_{generation:d}_{language}"

    def facets(self, base: str) -> FacetSets:
        """Which documents have each value, those written since included (one query)."""
        known = self._facets.get(base)
        if known is None:
            # Those of generations of before weigh as much, and serve nobody.
            language = base.rpartition("_")[2]
            for other in [name for name in list(self._facets) if name.endswith(f"_{language}")]:
                self._facets.pop(other, None)
            known = self._facets.setdefault(base, FacetSets())
        known.learn(
            self.rows(
                f"SELECT id, facets FROM {base}_entry WHERE id > %s ORDER BY id", (known.last,)
            )
        )
        return known

    def forget(self) -> None:
        """Read the facets again: what was written with them may have been undone."""
        self._facets.clear()

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        """One statement without an answer."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """One statement for each of ``rows``."""
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def atomic(self) -> AbstractContextManager[Any]:
        """All or nothing; a connection that is not the site's is nobody else's."""
        if self.connection is site_connection:
            return transaction.atomic()
        return nullcontext()
