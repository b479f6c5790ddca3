"""Search inside PostgreSQL, by ``tsvector`` values that are made beforehand."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any, ClassVar, Final

from search import ranking
from search.backends.sql.reading import Match, SqlReading
from search.backends.sql.tables import Clause
from search.tokens import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.backends.sql.writing import Ready, Row
    from search.port import Asked, Term

# BM25 lets a word count less the more it counts already; this is its usual measure of that.
K1: Final = 1.2
# The weight of a word that one document in fifty has.
RARE: Final = 4.0


def saturated(weight: float) -> float:
    """What one word of ``weight`` adds under BM25, its length aside."""
    return weight * (K1 + 1) / (weight + K1)


# Letters of weight, by stream; ts_rank takes them from D to A, none above one.
LETTERS: Final = {"title": "A", "brief": "B", "other": "C", "body": "D"}
SCALE: Final = saturated(max(ranking.WEIGHTS.values()))
RANKS: Final = ", ".join(
    f"{saturated(weight) / SCALE:.3f}" for weight in reversed(ranking.WEIGHTS.values())
)
# A vector holds positions up to this one, and no more than so many of a lexeme. A weight needs
# few of them; a phrase is looked for at every one.
LAST_POSITION: Final = 16_383
MOST_POSITIONS: Final = 255
MOST_WEIGHED: Final = 8
AT_ONCE: Final = 400
# Weights that differ by less than this factor are taken for one, and asked for in one go.
STEP: Final = 1.5
_VALUES = re.compile(r"^(.*\bVALUES )(\([%s, ]+\))(.*)$", re.DOTALL)


class PostgresqlEngine(SqlReading):
    """GIN indexes over the stems of an entry, and over the plain words beside it."""

    name = "postgresql"
    finds = "strpos"
    gathers = "json_agg"
    columns = ", tokens TSVECTOR NOT NULL"
    extra = ("tokens",)
    own: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE {base}_kept (id BIGINT PRIMARY KEY, document TEXT NOT NULL)",
        (
            "CREATE TABLE {base}_text (id BIGINT PRIMARY KEY, plain TSVECTOR NOT NULL,"
            " heads TSVECTOR NOT NULL)"
        ),
    )
    settled: ClassVar[tuple[str, ...]] = (
        "CREATE INDEX IF NOT EXISTS {base}_tokens ON {base}_entry USING gin (tokens)",
        "CREATE INDEX IF NOT EXISTS {base}_plain ON {base}_text USING gin (plain)",
        "CREATE INDEX IF NOT EXISTS {base}_heads ON {base}_text USING gin (heads)",
        *(f"ANALYZE {{base}}_{table}" for table in ("entry", "text", "place", "word")),
    )

    def among(self, column: str, values: Iterable[Any]) -> Clause:
        """By one array."""
        return Clause(f"{column} = ANY(%s)", (list(values),))

    def table_names(self) -> set[str]:
        """Tables of the schema in use."""
        found = self.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename LIKE %s",
            (f"{self.prefix}%",),
        )
        return {name for (name,) in found}

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Some hundreds of rows in a statement: each statement is a journey."""
        parts = _VALUES.match(sql)
        if parts is None:
            super().many(sql, rows)
            return
        before, values, after = parts.groups()
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            self.run(
                f"{before}{', '.join([values] * len(some))}{after}",
                [value for row in some for value in row],
            )

    def lock(self, base: str) -> None:
        """Until the transaction ends; readers go on."""
        # By name: a lock of the table would end what tidies it up by itself.
        self.run(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))", (base,)
        )

    def extras(self, ready: Ready) -> tuple[Any, ...]:
        """The stems with the letters of their streams."""
        streams = ((getattr(ready.tokens, name), letter) for name, letter in LETTERS.items())
        return (_vector(streams, most=MOST_WEIGHED),)

    def put_tokens(self, base: str, rows: Sequence[Row]) -> None:
        """The document as shown, and its plain words."""
        self.many(
            f"INSERT INTO {base}_kept (id, document) VALUES (%s, %s)",
            [(row.number, row.ready.kept) for row in rows],
        )
        self.many(
            f"INSERT INTO {base}_text (id, plain, heads) VALUES (%s, %s, %s)",
            [
                (row.number, _vector([(tokens.plain, "")]), _vector([(tokens.heads, "")]))
                for row in rows
                for tokens in [row.ready.tokens]
            ],
        )

    def take_tokens(self, base: str, ids: Sequence[int]) -> None:
        """The stems leave with their entry."""
        among = self.among("id", ids)
        for table in ("kept", "text"):
            self.run(f"DELETE FROM {base}_{table} WHERE {among.sql}", among.params)

    def match(self, base: str, asked: Asked) -> Match:
        """Stems by one ``tsquery``; each beginning and phrase by the plain words."""
        stems = [term for term in asked.terms if not term.beginning]
        joint = " | " if asked.is_loose else " & "
        wheres = []
        if stems:
            wheres.append(Clause("tokens @@ %s::tsquery", (joint.join(map(_any, stems)),)))
        wheres += [_plain(base, _begun(t)) for t in asked.terms if t.beginning]
        words = " OR " if asked.is_loose else " AND "
        found = [f"({words.join(clause.sql for clause in wheres)})"] if wheres else []
        phrases = [_plain(base, _phrase(phrase)) for phrase in asked.phrases]
        found += [clause.sql for clause in phrases]
        return Match(
            f"{base}_entry",
            Clause(
                " AND ".join(found),
                tuple(param for clause in (*wheres, *phrases) for param in clause.params),
            ),
            _score(base, asked),
        )

    def excluded(self, base: str, asked: Asked) -> list[Clause]:
        """What does not match what is not wanted."""
        unwanted = [
            _plain(base, _begun(term))
            if term.beginning
            else Clause("tokens @@ %s::tsquery", (_any(term),))
            for term in asked.without
        ]
        unwanted += [_plain(base, _phrase(phrase)) for phrase in asked.without_phrases]
        return [Clause(f"NOT {found.sql}", found.params) for found in unwanted]

    def beginning(self, base: str, words: Sequence[str]) -> Clause:
        """By the index of the heads."""
        *whole, last = words
        found = " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])
        return Clause(f"SELECT id FROM {base}_text WHERE heads @@ %s::tsquery", (found,))


def _any(term: Term) -> str:
    return f"({' | '.join(f'{chr(39)}{token}{chr(39)}' for token in term.alternatives)})"


def _begun(term: Term) -> str:
    return f"'{term.beginning}':*"


def _phrase(phrase: Sequence[str]) -> str:
    return " <-> ".join(f"'{word}'" for word in phrase)


def _plain(base: str, found: str) -> Clause:
    return Clause(
        f"{base}_entry.id IN (SELECT id FROM {base}_text WHERE plain @@ %s::tsquery)", (found,)
    )


def _score(base: str, asked: Asked) -> Clause:
    """What the words are worth where they stand, the rare ones more: ts_rank knows no rarity.

    A phrase or a beginning found in the plain words counts as a rare word of the summary.
    """
    plain = saturated(ranking.WEIGHTS["brief"]) * RARE
    parts, params = [str(plain * len(asked.phrases))], []
    for term in asked.terms:
        if term.beginning:
            parts.append(
                f"%s * (SELECT ts_rank('{{1, 1, 1, 1}}', plain, %s::tsquery) FROM {base}_text"
                f" WHERE {base}_text.id = {base}_entry.id)"
            )
            params += [plain, f"'{term.beginning}':*"]
    for weight, tokens in _alike(asked.terms):
        # Of some words together ts_rank tells the mean.
        parts.append(f"%s * ts_rank('{{{RANKS}}}', tokens, %s::tsquery, 1)")
        params += [weight * SCALE * len(tokens), " | ".join(f"'{token}'" for token in tokens)]
    return Clause(f"({' + '.join(parts)})", tuple(params))


def _alike(terms: Sequence[Term]) -> list[tuple[float, list[str]]]:
    """All words that are looked for, those of about the same weight together, with that weight.

    The word itself counts twice what means the same.
    """
    weights: dict[str, float] = defaultdict(float)
    for term in terms:
        rarity = term.rarity or (1.0,) * len(term.alternatives)
        for token, weight in zip(term.alternatives, rarity, strict=True):
            weights[token] += weight * (2 if token in term.own else 1)
    alike: dict[int, list[str]] = defaultdict(list)
    for token, weight in weights.items():
        alike[round(math.log(weight, STEP))].append(token)
    return [(fmean(weights[token] for token in tokens), tokens) for tokens in alike.values()]


def _vector(streams: Iterable[tuple[Sequence[str], str]], *, most: int = MOST_POSITIONS) -> str:
    """The text of a ``tsvector``: each token with its positions and the letter of its stream.

    What stands beyond the last position is held at it: found, but in no phrase.
    """
    found: dict[str, list[str]] = defaultdict(list)
    position = 0
    for tokens, letter in streams:
        for token in tokens:
            position += 1
            if token != GAP and len(found[token]) < most:
                found[token].append(f"{min(position, LAST_POSITION)}{letter}")
    return " ".join(f"{token}:{','.join(positions)}" for token, positions in found.items())
