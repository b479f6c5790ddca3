"""The words that documents have: how rare each is, and which one a misspelt word meant.

Read from the site's own index, whichever engine answers: a word is put right in the same way for
all. Distances are of optimal string alignment (Damerau 1964): a letter too many, missing, other,
or two in the wrong order.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import switching
from search.lexicon import lexicon
from search.port import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.backends.sql.reading import SqlReading

# One edit is allowed from this many letters on, two from that many.
ONE_FROM: Final = 4
TWO_FROM: Final = 8
BEGINS_FROM: Final = 3
CANDIDATES: Final = 12
KEPT_SECONDS: Final = 60.0


@dataclass(slots=True)
class Words:
    """The plain words of a language, by length and in order."""

    read_at: float
    seen: dict[str, int]
    ordered: list[str] = field(default_factory=list)
    by_length: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]], *, read_at: float) -> Words:
        """``pairs`` of words and numbers of documents."""
        seen = dict(pairs)
        by_length: dict[int, list[str]] = defaultdict(list)
        for word in seen:
            by_length[len(word)].append(word)
        return cls(read_at, seen, sorted(seen), dict(by_length))

    def begin(self, start: str) -> bool:
        """Whether some word begins so."""
        at = bisect_left(self.ordered, start)
        return at < len(self.ordered) and self.ordered[at].startswith(start)

    def nearest(self, word: str) -> str:
        """The known word that ``word`` most likely meant, or nothing.

        The fewest edits first, then the same first letter, then the most documents.
        """
        most = allowed_edits(word)
        lengths = range(len(word) - most, len(word) + most + 1)
        choices = [w for length in lengths for w in self.by_length.get(length, ())]
        found = process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=most, limit=CANDIDATES
        )
        best = sorted(
            (distance, known[:1] != word[:1], -self.seen[known], known)
            for known, distance, _at in found
        )
        return best[0][-1] if most and best else ""


_kept: dict[tuple[str, int, str], Words] = {}


def allowed_edits(word: str) -> int:
    """How many edits ``word`` may be wrong by; numbers are never wrong."""
    if any(c.isdigit() for c in word) or len(word) < ONE_FROM:
        return 0
    return 1 if len(word) < TWO_FROM else 2


def weigh(terms: Sequence[Term], language: str) -> tuple[Term, ...]:
    """``terms`` with what no document has left out, the rest weighed by rarity."""
    wanted = {token for term in terms for token in term.alternatives}
    return weighed(terms, seen(wanted, language))


def seen(stems: Iterable[str], language: str) -> dict[str, int]:
    """How many documents have each of ``stems``, and under ``""`` how many there are (two
    queries); those that none has are left out.
    """
    engine, generation = switching.own()
    return engine.seen(generation, language, sorted({*stems, ""}))


def weighed(terms: Iterable[Term], seen: dict[str, int]) -> tuple[Term, ...]:
    """The same by what :func:`seen` has answered.

    The weight is the inverse document frequency of BM25 (Robertson and Zaragoza 2009).
    """
    return tuple(_weighed(term, seen, seen.get("", 0)) for term in terms)


def _weighed(term: Term, seen: dict[str, int], total: int) -> Term:
    known = tuple(token for token in term.alternatives if token in seen)
    rarity = tuple(
        math.log(1 + (max(total - seen[token], 0) + 0.5) / (seen[token] + 0.5)) for token in known
    )
    return replace(term, alternatives=known, rarity=rarity)


def words(language: str) -> Words:
    """The words of ``language``, read again every minute or when another generation serves."""
    engine, generation = switching.own()
    return _words(engine, generation, language)


def _words(engine: SqlReading, generation: int, language: str) -> Words:
    key, now = (engine.name, generation, language), time.monotonic()
    found = _kept.get(key)
    if found is None or now - found.read_at > KEPT_SECONDS:
        pairs = engine.vocabulary(generation, language)
        city = dict.fromkeys(lexicon().words(), 1)
        found = Words.of((city | dict(pairs)).items(), read_at=now)
        # Those of generations of before weigh as much, and serve nobody.
        for other in [o for o in list(_kept) if (o[0], o[2]) == (engine.name, language)]:
            _kept.pop(other, None)
        _kept[key] = found
    return found


def forget() -> None:
    """Read the words again at the next question."""
    _kept.clear()
