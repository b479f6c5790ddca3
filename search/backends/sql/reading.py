"""How a query is answered: one statement finds, counts and orders."""

from __future__ import annotations

import json
from abc import abstractmethod
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.languages import LANGUAGES
from search import ranking, stored
from search.backends.facets import bits_of, mark
from search.backends.sql.tables import Clause
from search.backends.sql.writing import SqlWriting, seconds
from search.port import Document, Found, Key, Scored, Sort

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from search.port import Asked, Box, Near

SLICE: Final = 2000
# Lengths of a degree, in kilometres: of latitude, and of longitude at the equator (WGS 84).
LAT_KM: Final = 110.574
LON_KM: Final = 111.320
# Later than any date, in seconds.
NEVER: Final = 10**15
# Titles that are looked at for a suggestion.
MOST: Final = 400


class Match(NamedTuple):
    """How a database finds words: the tables read, the condition, and the text score."""

    tables: str
    where: Clause
    text: Clause


class SqlReading(SqlWriting):
    """Questions to the tables of a generation."""

    @abstractmethod
    def match(self, base: str, asked: Asked) -> Match:
        """How to find the words of ``asked``, which has some; ``{base}_entry`` is among them."""

    @abstractmethod
    def excluded(self, base: str, asked: Asked) -> list[Clause]:
        """Conditions that leave out what ``asked`` does not want."""

    @abstractmethod
    def beginning(self, base: str, words: Sequence[str]) -> Clause:
        """A query of numbers whose heads hold ``words``, the last as a beginning."""

    def search(self, generation: int, asked: Asked) -> Found:
        """A page of answers, the number in all and the counts by facet (three queries)."""
        base = self.base(generation, asked.language)
        page = self._page(base, asked, with_numbers=True)
        rows = self.rows(page.sql, page.params)
        ((*_nothing, numbers),) = (row for row in rows if row[-1] is not None)
        count, facets = self.facets(base).counts(bits_of(json.loads(numbers)), asked.chosen)
        return Found(count, self._scored(base, [row for row in rows if row[-1] is None]), facets)

    def best(self, generation: int, asked: Asked) -> list[Scored]:
        """A page of answers alone (two queries)."""
        base = self.base(generation, asked.language)
        page = self._page(base, asked)
        return self._scored(base, self.rows(page.sql, page.params))

    def keys(self, generation: int, asked: Asked) -> list[int]:
        """Primary keys of up to ``asked.limit`` answers, best first (one query)."""
        page = self._page(self.base(generation, asked.language), asked)
        return [pk for _id, pk, *_scores in self.rows(page.sql, page.params)]

    def begins(
        self, generation: int, language: str, words: Sequence[str], limit: int
    ) -> list[Document]:
        """Documents whose title or names hold ``words``, titles that begin so first."""
        if not words:
            return []
        base = self.base(generation, language)
        found, start = self.beginning(base, words), " ".join(words)
        # Two letters begin thousands of titles: some hundreds are put in order.
        rows = self.rows(
            f"SELECT id FROM {base}_entry WHERE id IN (SELECT * FROM ("
            f"SELECT id FROM {base}_entry WHERE name >= %s AND name < %s LIMIT {MOST}) AS named"
            f" UNION SELECT * FROM ({found.sql} LIMIT {MOST}) AS found)"
            " ORDER BY CASE WHEN name >= %s AND name < %s THEN 0 ELSE 1 END,"
            " points DESC, LENGTH(name), name, pk LIMIT %s",
            (start, f"{start}~", *found.params, start, f"{start}~", limit),
        )
        kept = self._kept(base, [number for (number,) in rows])
        return [kept[number] for (number,) in rows if number in kept]  # else removed since

    def document(self, generation: int, key: Key, language: str) -> Document | None:
        """A document as it was written."""
        base = self.base(generation, language)
        found = self.rows(
            f"SELECT document FROM {base}_kept JOIN {base}_entry USING (id)"
            " WHERE kind = %s AND pk = %s",
            key,
        )
        return stored.load(found[0][0]) if found else None

    def fingerprints(self, generation: int) -> Iterator[tuple[str, int, str, str]]:
        """Kind, key, language and fingerprint of everything held, read in slices."""
        for language in LANGUAGES:
            table, last = f"{self.base(generation, language)}_entry", 0
            while rows := self.rows(
                f"SELECT id, kind, pk, fingerprint FROM {table} WHERE id > %s ORDER BY id LIMIT %s",
                (last, SLICE),
            ):
                last = rows[-1][0]
                yield from ((kind, pk, language, found) for _id, kind, pk, found in rows)

    def turning(self, generation: int, now: datetime) -> list[Key]:
        """Records whose status the clock has changed since they were written."""
        keys = {
            Key(*row)
            for language in LANGUAGES
            for row in self.rows(
                f"SELECT kind, pk FROM {self.base(generation, language)}_entry WHERE turns <= %s",
                (seconds(now),),
            )
        }
        return sorted(keys)

    def size(self, generation: int) -> int:
        """How many documents are held, in all languages."""
        return sum(
            self.rows(f"SELECT COUNT(*) FROM {self.base(generation, language)}_entry")[0][0]
            for language in LANGUAGES
        )

    def seen(self, generation: int, language: str, stems: Sequence[str]) -> dict[str, int]:
        """How many documents have each of ``stems``; those that none has are left out."""
        among = self.among("word", stems)
        return dict(
            self.rows(
                f"SELECT word, seen FROM {self.base(generation, language)}_word"
                f" WHERE is_stem AND seen > 0 AND {among.sql}",
                among.params,
            )
        )

    def vocabulary(self, generation: int, language: str) -> list[tuple[str, int]]:
        """Every plain word with how many documents have it."""
        found: list[Any] = self.rows(
            f"SELECT word, seen FROM {self.base(generation, language)}_word"
            " WHERE NOT is_stem AND seen > 0"
        )
        return found

    def health(self) -> dict[str, Any]:
        """Which database it is."""
        return {"engine": self.name}

    def _kept(self, base: str, ids: Sequence[int]) -> dict[int, Document]:
        if not ids:
            return {}
        among = self.among("id", ids)
        rows = self.rows(f"SELECT id, document FROM {base}_kept WHERE {among.sql}", among.params)
        return {number: stored.load(text) for number, text in rows}

    def _scored(self, base: str, rows: Sequence[tuple[Any, ...]]) -> list[Scored]:
        kept = self._kept(base, [number for number, *_more in rows])
        return [
            Scored(kept[number], score, text)
            for number, _pk, score, text, *_more in rows
            if number in kept  # else removed since
        ]

    def _page(self, base: str, asked: Asked, *, with_numbers: bool = False) -> Clause:
        """Number, key, score and text score of a page, in the order asked for.

        ``with_numbers`` adds a row of which only the last column counts: the numbers of all that
        matches before facets, as JSON. What costs, finding the words and weighing them, is done
        once for both.
        """
        matched = self._matched(base, asked)
        # Without words, what is open and vouched for comes first.
        score = "text * factor" if asked.has_words else "factor"
        page = (
            f"SELECT id, pk, {score} AS score, text FROM matched WHERE text IS NOT NULL"
            " ORDER BY place, score DESC, published DESC, pk, id LIMIT %s OFFSET %s"
        )
        if with_numbers:
            page = (
                "SELECT 0 AS id, 0 AS pk, 0.0 AS score, 0.0 AS text,"
                f" COALESCE(CAST({self.gathers}(id) AS TEXT), '[]') AS numbers FROM matched"
                f" UNION ALL SELECT page.*, NULL FROM ({page}) AS page"
            )
        return Clause(
            f"WITH matched AS MATERIALIZED ({matched.sql}) {page}",
            (*matched.params, asked.limit, asked.offset),
        )

    def _matched(self, base: str, asked: Asked) -> Clause:
        """Everything that matches before facets; what is not chosen in them has no text score."""
        match = Match(f"{base}_entry", Clause("1 = 1"), Clause("0.0"))
        if asked.has_words:
            match = self.match(base, asked)
        near = _near(base, asked.near) if asked.near is not None else Clause("")
        where = _all([match.where, *self._narrowed(base, asked)])
        chosen, factor, place = self._chosen(asked), _factor(asked), _place(asked)
        return Clause(
            f"SELECT {base}_entry.id AS id, pk, published,"
            f" CASE WHEN {chosen.sql} THEN {match.text.sql} END AS text,"
            f" {factor.sql} AS factor, {place.sql} AS place"
            f" FROM {match.tables}{near.sql} WHERE {where.sql}",
            (
                *chosen.params,
                *match.text.params,
                *factor.params,
                *place.params,
                *near.params,
                *where.params,
            ),
        )

    def _narrowed(self, base: str, asked: Asked) -> Iterator[Clause]:
        """What else must be true of an answer, facets aside."""
        yield from self.excluded(base, asked)
        if asked.since is not None:
            yield Clause("published >= %s", (seconds(asked.since),))
        if asked.box is not None:
            yield _within(base, asked.box)

    def _chosen(self, asked: Asked) -> Clause:
        """Has one value of each facet that any was chosen in."""
        return _all(
            [
                Clause(
                    f"({' OR '.join([f'{self.finds}(facets, %s) > 0'] * len(values))})",
                    tuple(f" {mark(facet, value)} " for value in values),
                )
                for facet, values in asked.chosen.items()
                if values
            ]
        )


def _all(wheres: Sequence[Clause]) -> Clause:
    return Clause(
        " AND ".join(clause.sql for clause in wheres) or "1 = 1",
        tuple(param for clause in wheres for param in clause.params),
    )


def _within(base: str, box: Box) -> Clause:
    return Clause(
        f"{base}_entry.id IN (SELECT id FROM {base}_place"
        " WHERE lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s)",
        (box.south, box.north, box.west, box.east),
    )


def _near(base: str, near: Near) -> Clause:
    """Joins those within the distance, with the square of it: over a city the earth is flat."""
    lon_km = LON_KM * cos(radians(near.lat))
    lat_span, lon_span = near.km / LAT_KM, near.km / max(lon_km, 1e-6)
    squares = "((lat - %s) * %s) * ((lat - %s) * %s) + ((lon - %s) * %s) * ((lon - %s) * %s)"
    north, east = (near.lat, LAT_KM), (near.lon, lon_km)
    return Clause(
        f" JOIN (SELECT id AS near_id, MIN({squares}) AS km2 FROM {base}_place"
        " WHERE lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s GROUP BY id) AS near"
        f" ON near_id = {base}_entry.id AND km2 <= %s",
        (
            *north,
            *north,
            *east,
            *east,
            near.lat - lat_span,
            near.lat + lat_span,
            near.lon - lon_span,
            near.lon + lon_span,
            near.km**2,
        ),
    )


def _place(asked: Asked) -> Clause:
    """What answers are put in order by, before their score."""
    if asked.sort == Sort.CLOSING:
        at = seconds(asked.now)
        return Clause(f"CASE WHEN closes >= %s THEN closes ELSE {NEVER} END", (at,))
    if asked.sort == Sort.NEWEST:
        return Clause("-published")
    if asked.sort == Sort.NAME:
        return Clause("name")
    return Clause("km2" if asked.sort == Sort.DISTANCE and asked.near is not None else "0")


def _real(number: float) -> str:
    """A number that PostgreSQL counts with quickly: unless told, it takes decimals as exact."""
    return f"CAST({number} AS DOUBLE PRECISION)"


def _factor(asked: Asked) -> Clause:
    """What :mod:`search.ranking` multiplies a text score by, said to a database."""
    timed = _timed_points(asked.now)
    return Clause(
        f"{_real(1)} + points + CASE WHEN name = %s THEN {_real(ranking.TITLED)}"
        f" ELSE {_real(0)} END + {timed.sql}",
        # No title is empty.
        (asked.title[: ranking.LONGEST_TITLE], *timed.params),
    )


def _timed_points(now: datetime) -> Clause:
    """:func:`search.ranking.timed_points`, said to a database."""
    at, soon = seconds(now), _real(ranking.SOON.total_seconds())
    opened, none = _real(ranking.OPEN), _real(0)
    return Clause(
        f"CASE WHEN opens > %s THEN {_real(ranking.UPCOMING)}"
        f" WHEN closes IS NULL THEN CASE WHEN opens IS NULL THEN {none} ELSE {opened} END"
        f" WHEN closes <= %s THEN {none}"
        f" WHEN closes - %s >= {soon} THEN {opened}"
        f" ELSE {opened} + {_real(ranking.CLOSING)} * ({_real(1)} - (closes - %s) / {soon}) END",
        (at, at, at, at),
    )
