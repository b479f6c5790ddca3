"""Search inside SQLite, by FTS5 over tokens that are made beforehand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from search import ranking
from search.backends.sql.reading import Match, SqlReading
from search.backends.sql.tables import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.backends.sql.writing import Row
    from search.port import Asked, Term

STREAMS: Final = ("title", "brief", "other", "body", "plain", "heads")
STEMS: Final = "{title brief other body}"
# A phrase or a beginning found in the plain words counts as a word of the summary.
WEIGHTS: Final = (*ranking.WEIGHTS.values(), ranking.WEIGHTS["brief"])
# Tokens are ASCII letters, digits and the underscore of what stands for a theme.
TOKENIZER: Final = "tokenize=\"ascii tokenchars '_'\""


class SqliteEngine(SqlReading):
    """FTS5 tables that read their words from ``kept``: one for all of a text, one for its heads."""

    name = "sqlite"
    finds = "instr"
    gathers = "json_group_array"
    own: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE {base}_kept (id INTEGER PRIMARY KEY, document TEXT NOT NULL, title TEXT,"
            " brief TEXT, other TEXT, body TEXT, plain TEXT, heads TEXT)"
        ),
        (
            "CREATE VIRTUAL TABLE {base}_text USING fts5(title, brief, other, body, plain,"
            f" content='{{base}}_kept', content_rowid='id', {TOKENIZER})"
        ),
        (
            "CREATE VIRTUAL TABLE {base}_heads USING fts5(heads,"
            f" content='{{base}}_kept', content_rowid='id', prefix='2 3', {TOKENIZER})"
        ),
    )
    settled: ClassVar[tuple[str, ...]] = tuple(
        f"INSERT INTO {{base}}_{table} ({{base}}_{table}) VALUES ('optimize')"
        for table in ("text", "heads")
    )

    def among(self, column: str, values: Iterable[Any]) -> Clause:
        """By one parameter: SQLite takes a limited number of them."""
        return Clause(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(list(values)),))

    def table_names(self) -> set[str]:
        """Tables and virtual tables; the shadows of these leave with them."""
        return {
            name
            for (name,) in self.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE %s"
                " AND name NOT LIKE %s AND name NOT LIKE %s",
                (f"{self.prefix}%", "%_text_%", "%_heads_%"),
            )
        }

    def lock(self, base: str) -> None:
        """A transaction of the site takes the database's one lock when it begins."""

    def put_tokens(self, base: str, rows: Sequence[Row]) -> None:
        """The document with its streams; both FTS tables read them from there."""
        self.many(
            f"INSERT INTO {base}_kept (id, document, {', '.join(STREAMS)})"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    row.number,
                    row.ready.kept,
                    *(" ".join(getattr(row.ready.tokens, stream)) for stream in STREAMS),
                )
                for row in rows
            ],
        )
        if rows:
            span = (rows[0].number, rows[-1].number)
            for table, columns in ((f"{base}_text", STREAMS[:-1]), (f"{base}_heads", ("heads",))):
                names = ", ".join(columns)
                self.run(
                    f"INSERT INTO {table} (rowid, {names})"
                    f" SELECT id, {names} FROM {base}_kept WHERE id BETWEEN %s AND %s",
                    span,
                )

    def take_tokens(self, base: str, ids: Sequence[int]) -> None:
        """FTS5 forgets a row when told the very words it was given."""
        among = self.among("id", ids)
        for table, columns in ((f"{base}_text", STREAMS[:-1]), (f"{base}_heads", ("heads",))):
            names = ", ".join(columns)
            self.run(
                f"INSERT INTO {table} ({table}, rowid, {names})"
                f" SELECT 'delete', id, {names} FROM {base}_kept WHERE {among.sql}",
                among.params,
            )
        self.run(f"DELETE FROM {base}_kept WHERE {among.sql}", among.params)

    def match(self, base: str, asked: Asked) -> Match:
        """The entries of the rows that FTS5 finds; its score is negative, best lowest."""
        text = f"{base}_text"
        words = (" OR " if asked.is_loose else " AND ").join(_term(t) for t in asked.terms)
        parts = [f"({words})"] if words else []
        parts += [_phrase(phrase) for phrase in asked.phrases]
        found = " AND ".join(parts)
        if unwanted := _unwanted(asked):
            found = f"({found}) NOT ({' OR '.join(unwanted)})"
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        return Match(
            # The order of the join is ours: the planner cannot know how few rows FTS5 finds.
            f"{text} CROSS JOIN {base}_entry ON {base}_entry.id = {text}.rowid",
            Clause(f"{text} MATCH %s", (found,)),
            Clause(f"-bm25({text}, {weights})"),
        )

    def excluded(self, base: str, asked: Asked) -> list[Clause]:
        """Rows that FTS5 finds for what is not wanted; where words are, they are left out there."""
        unwanted = _unwanted(asked)
        if asked.has_words or not unwanted:
            return []
        return [
            Clause(
                f"{base}_entry.id NOT IN (SELECT rowid FROM {base}_text"
                f" WHERE {base}_text MATCH %s)",
                (" OR ".join(unwanted),),
            )
        ]

    def beginning(self, base: str, words: Sequence[str]) -> Clause:
        """Rows of the heads, by the index of beginnings."""
        *whole, last = words
        found = " AND ".join([*(f'"{word}"' for word in whole), f'"{last}" *'])
        return Clause(f"SELECT rowid FROM {base}_heads WHERE {base}_heads MATCH %s", (found,))


def _unwanted(asked: Asked) -> list[str]:
    unwanted = [_term(term) for term in asked.without]
    return unwanted + [_phrase(phrase) for phrase in asked.without_phrases]


def _term(term: Term) -> str:
    """An expression of FTS5; what is said twice counts twice."""
    if term.beginning:
        return f'(plain : "{term.beginning}" *)'
    own = [token for token in term.alternatives if token in term.own]
    tokens = " OR ".join(f'"{token}"' for token in (*own, *term.alternatives))
    return f"({STEMS} : ({tokens}))"


def _phrase(phrase: Sequence[str]) -> str:
    return f'plain : "{" ".join(phrase)}"'
