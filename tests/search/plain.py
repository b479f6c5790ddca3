"""Search as it is meant, by reading every document: what engines answer is compared with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from search.port import FACETS, Asked, Document, Near, Term
from search.tokens import Tokens, tokens_of

EARTH_KM: Final = 6371.0


def matching(documents: Iterable[Document], asked: Asked) -> list[Document]:
    """Documents that answer, in no order, whatever is chosen in the facets."""
    return [d for d in documents if d.language == asked.language and _matches(d, asked)]


def chosen(documents: Iterable[Document], asked: Asked, *, but: str = "") -> list[Document]:
    """Documents with a value of each facet that is asked for, facet ``but`` aside."""
    wanted = {f: set(v) for f, v in asked.chosen.items() if v and f != but}
    return [d for d in documents if all(v & set(d.values(f)) for f, v in wanted.items())]


def counts(documents: Sequence[Document], asked: Asked) -> dict[str, dict[str, int]]:
    """Counts by facet, each without its own choice."""
    return {
        facet: dict(
            Counter(v for d in chosen(documents, asked, but=facet) for v in set(d.values(facet)))
        )
        for facet in FACETS
    }


def kilometres(near: Near, document: Document) -> float:
    """To the nearest of its places; infinite when it has none."""
    return min((_apart((near.lat, near.lon), place) for place in document.places), default=math.inf)


def _matches(document: Document, asked: Asked) -> bool:
    tokens = tokens_of(document)
    found = [_has(tokens, term) for term in asked.terms]
    return (
        (any(found) if asked.is_loose and found else all(found))
        and all(_says(tokens, phrase) for phrase in asked.phrases)
        and not any(_has(tokens, term) for term in asked.without)
        and not any(_says(tokens, phrase) for phrase in asked.without_phrases)
        and _stands(document, asked)
    )


def _has(tokens: Tokens, term: Term) -> bool:
    if term.beginning:
        return any(word.startswith(term.beginning) for word in tokens.plain)
    stems = {*tokens.title, *tokens.brief, *tokens.other, *tokens.body}
    return bool(stems & set(term.alternatives))


def _says(tokens: Tokens, phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(tokens.plain[n : n + size]) == phrase for n in range(len(tokens.plain)))


def _stands(document: Document, asked: Asked) -> bool:
    box, near, since = asked.box, asked.near, asked.since
    return (
        (since is None or (document.published_at is not None and document.published_at >= since))
        and (
            box is None
            or any(
                box.south <= lat <= box.north and box.west <= lon <= box.east
                for lat, lon in document.places
            )
        )
        and (near is None or kilometres(near, document) <= near.km)
    )


def _apart(one: tuple[float, float], two: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = ([math.radians(n) for n in place] for place in (one, two))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
