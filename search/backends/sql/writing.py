"""How documents enter the tables, and leave them."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, defaultdict
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from core.languages import LANGUAGES
from search import ranking, stored
from search.backends.facets import said
from search.backends.sql.tables import SqlTables
from search.port import Document, Key
from search.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

ENTRY: Final = (
    *("id", "kind", "pk", "facets", "opens", "closes", "published", "turns"),
    *("points", "name", "fingerprint", "position"),
)


class Ready(NamedTuple):
    """A document with all that is worked out of it before the tables are locked."""

    document: Document
    tokens: Tokens
    kept: str
    facts: tuple[Any, ...]


class Row(NamedTuple):
    """A document on its way into the tables, under the number that it has there."""

    number: int
    ready: Ready


class SqlWriting(SqlTables):
    """One writer at a time: it holds the lock of the generation until its transaction ends."""

    @abstractmethod
    def lock(self, base: str) -> None:
        """Wait for other writers of the tables."""

    # Columns that a database adds to each entry, and what stands in them.
    extra: ClassVar[tuple[str, ...]] = ()

    def extras(self, ready: Ready) -> tuple[Any, ...]:
        """What stands in the columns of ``extra``."""
        return ()

    @abstractmethod
    def put_tokens(self, base: str, rows: Sequence[Row]) -> None:
        """Write the documents and tokens of rows whose entries are written."""

    @abstractmethod
    def take_tokens(self, base: str, ids: Sequence[int]) -> None:
        """Remove documents and tokens of rows whose entries still stand."""

    def write(self, generation: int, documents: Sequence[Document], *, position: int) -> None:
        """Add or replace; what was written or deleted at a higher position stays."""
        by_language: dict[str, dict[Key, Ready]] = defaultdict(dict)
        for document in documents:
            by_language[document.language][document.key] = _ready(document)
        with self.atomic():
            # In one order, so that no two writers wait for each other.
            for language in LANGUAGES:
                if language in by_language:
                    self._write(self.base(generation, language), by_language[language], position)

    def delete(self, generation: int, keys: Iterable[Key], *, position: int) -> None:
        """Forget records in every language; what was written at a higher position stays."""
        wanted = list(dict.fromkeys(keys))
        with self.atomic():
            for language in LANGUAGES:
                base = self.base(generation, language)
                self.lock(base)
                there = self._there(base, wanted)
                old = [key for key in wanted if there.get(key, (0, 0))[1] <= position]
                self._remove(base, [there[key][0] for key in old if key in there])
                self.many(
                    f"INSERT INTO {base}_gone (kind, pk, position) VALUES (%s, %s, %s)"
                    " ON CONFLICT (kind, pk) DO UPDATE SET position = excluded.position"
                    f" WHERE excluded.position > {base}_gone.position",
                    [(*key, position) for key in old],
                )

    def _write(self, base: str, documents: dict[Key, Ready], position: int) -> None:
        self.lock(base)
        there = self._there(base, documents)
        gone = self._gone(base, documents)
        wanted = {
            key: ready
            for key, ready in documents.items()
            if there.get(key, (0, 0))[1] <= position and gone.get(key, 0) <= position
        }
        self._remove(base, [there[key][0] for key in wanted if key in there])
        self.many(
            f"DELETE FROM {base}_gone WHERE kind = %s AND pk = %s",
            [key for key in wanted if key in gone],
        )
        numbers = count(self._numbers(base, len(wanted)))
        self._put(base, list(map(Row, numbers, wanted.values())), position)

    def _numbers(self, base: str, many: int) -> int:
        """The first of ``many`` numbers that no document has had."""
        ((last,),) = self.rows(f"UPDATE {base}_last SET id = id + %s RETURNING id", (many,))
        return int(last) - many + 1

    def _put(self, base: str, rows: Sequence[Row], position: int) -> None:
        names = ", ".join((*ENTRY, *self.extra))
        self.many(
            f"INSERT INTO {base}_entry ({names})"
            f" VALUES ({', '.join(['%s'] * (len(ENTRY) + len(self.extra)))})",
            [(row.number, *row.ready.facts, position, *self.extras(row.ready)) for row in rows],
        )
        self.many(
            f"INSERT INTO {base}_place (id, lat, lon) VALUES (%s, %s, %s)",
            [(row.number, lat, lon) for row in rows for lat, lon in row.ready.document.places],
        )
        self.put_tokens(base, rows)
        self._count_words(base, [row.ready.tokens for row in rows], 1)

    def _remove(self, base: str, ids: Sequence[int]) -> None:
        if not ids:
            return
        among = self.among("id", ids)
        kept = self.rows(f"SELECT document FROM {base}_kept WHERE {among.sql}", among.params)
        self._count_words(base, [tokens_of(stored.load(text)) for (text,) in kept], -1)
        self.take_tokens(base, ids)
        for table in ("place", "entry"):
            self.run(f"DELETE FROM {base}_{table} WHERE {among.sql}", among.params)

    def _there(self, base: str, keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
        return {
            Key(kind, pk): (number, position)
            for kind, pk, number, position in self._by_keys(base, "entry", "id, position", keys)
        }

    def _gone(self, base: str, keys: Collection[Key]) -> dict[Key, int]:
        return {
            Key(kind, pk): position
            for kind, pk, position in self._by_keys(base, "gone", "position", keys)
        }

    def _by_keys(
        self, base: str, table: str, columns: str, keys: Collection[Key]
    ) -> list[tuple[Any, ...]]:
        by_kind: dict[str, list[int]] = defaultdict(list)
        for kind, pk in keys:
            by_kind[kind].append(pk)
        found: list[tuple[Any, ...]] = []
        for kind, pks in by_kind.items():
            among = self.among("pk", pks)
            found += self.rows(
                f"SELECT kind, pk, {columns} FROM {base}_{table} WHERE kind = %s AND {among.sql}",
                (kind, *among.params),
            )
        return found

    def _count_words(self, base: str, tokens: Sequence[Tokens], by: int) -> None:
        plain: Counter[str] = Counter()
        # The word of every document: how many there are.
        stems: Counter[str] = Counter({"": len(tokens)})
        for found in tokens:
            plain.update(set(found.plain))
            stems.update({*found.title, *found.brief, *found.other, *found.body})
        self.many(
            f"INSERT INTO {base}_word (word, is_stem, seen) VALUES (%s, %s, %s)"
            f" ON CONFLICT (word, is_stem) DO UPDATE SET seen = {base}_word.seen + excluded.seen",
            [
                (word, is_stem, by * n)
                for is_stem, counts in ((False, plain), (True, stems))
                for word, n in sorted(counts.items())
            ],
        )


def seconds(at: datetime | None) -> int | None:
    """An instant as the tables hold it."""
    return None if at is None else int(at.timestamp())


def _ready(document: Document) -> Ready:
    return Ready(document, tokens_of(document), stored.dump(document), _facts(document))


def _facts(document: Document) -> tuple[Any, ...]:
    return (
        *document.key,
        said(document),
        seconds(document.opens_at),
        seconds(document.closes_at),
        seconds(document.published_at) or 0,
        seconds(document.turns_at),
        ranking.standing_points(document),
        ranking.title_of(document),
        document.fingerprint(),
    )
