"""What the pages ask of search, whichever engine answers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from search import analysis, queries, ranking, switching, vocabulary
from search.extracts import Marker
from search.lexicon import Lexicon, lexicon
from search.port import Asked, Document, Engine, Found, Hit, Key, Query, Results, Scored, Term
from search.tokens import token, tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

SHORTEST_SUGGESTED: Final = 2
MOST_SUGGESTED_WORDS: Final = 6
MOST_NAMED: Final = 4
# What makes a record like another: its rarest words, and how many are said.
MOST_LIKE: Final = 12
MOST_SAID: Final = 5
# A word that every third record has says nothing of a likeness (its weight is about this).
COMMON: Final = 1.1
# One that four records in five have finds nothing on its own.
EVERYWHERE: Final = 0.22
EARTH_KM: Final = 6371.0
# When so few have every one of so many words, those with some of them are shown too: who types
# five words means a thing, and not that all five be written.
ENOUGH: Final = 5
MANY_WORDS: Final = 3
_WORD = re.compile(r"[^\W_]+")


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
    asked, corrections = _understood(query)
    answer, asked = _answered(query, asked)
    found = answer.said
    documents = [scored.document for scored in found.scored]
    marker = Marker(asked)
    return Results(
        found.count,
        [_hit(scored, query, asked, marker) for scored in found.scored],
        found.facets,
        corrected=_corrected(query.text, corrections, documents) if corrections else None,
        is_loose=asked.is_loose,
        is_spare=answer.is_spare,
    )


def _answered(query: Query, asked: Asked) -> tuple[switching.Answer[Found], Asked]:
    """The answer with what was asked for it: all of the words, or any of them."""
    loose = _loosened(asked)
    if loose is not None and query.is_loose:
        return _ask(loose), loose
    answer = _ask(asked)
    if loose is None or query.is_loose is False:
        return answer, asked
    if _is_wanting(query, asked, answer.said.count) and (looser := _ask(loose)).said.count:
        return looser, loose
    return answer, asked


def _is_wanting(query: Query, asked: Asked, count: int) -> bool:
    """Whether ``count`` answers with all of the words are too few to be all that is shown.

    A title that was typed whole is all that is meant. What was chosen beside the words has no say,
    that one more choice may show what its number said.
    """
    if not count:
        return True
    if count >= ENOUGH or len(asked.terms) < MANY_WORDS or query.exact:
        return False
    bare = replace(asked, chosen={}, box=None, near=None, is_counted=False, limit=ENOUGH, offset=0)
    found = _ask(bare).said
    is_titled = any(ranking.title_points(s.document, asked.title) for s in found.scored)
    return found.count < ENOUGH and not is_titled


def understood(query: Query) -> Asked | None:
    """``query`` as engines take it, misspelt words put right; None when nothing can answer it."""
    asked, _corrections = _understood(query)
    return None if _is_impossible(asked) else asked


def matching(query: Query) -> list[int]:
    """Primary keys of up to ``query.limit`` records of the query's one kind, best first."""
    asked, _corrections = _understood(query)
    if _is_impossible(asked):
        return []
    return switching.read(lambda engine, generation: engine.keys(generation, asked)).said


def suggest(text: str, language: str, *, limit: int = 6) -> Suggestions:
    """Records, themes and boroughs that begin as ``text``; nothing below two letters."""
    typed = _telling_words(analysis.words(text)[:MOST_SUGGESTED_WORDS])
    if len("".join(typed)) < SHORTEST_SUGGESTED:
        return Suggestions()
    records = _beginning(typed, language, limit)
    if not records and (meant := _meant(typed, language)) != typed:
        typed = meant
        records = _beginning(typed, language, limit)
    asked = Asked(
        language, timezone.now(), terms=tuple(Term(word, (), beginning=word) for word in typed)
    )
    marker = Marker(asked)
    return Suggestions(
        [_shown(Scored(document, 0.0, 0.0), marker) for document in records],
        [Named(*found) for found in lexicon().beginning(typed, language)[:MOST_NAMED]],
    )


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

    def ask(engine: Engine, generation: int) -> tuple[Document | None, Asked, list[Scored]]:
        document = engine.document(generation, key, language)
        terms = _telling(document) if document is not None else ()
        asked = Asked(
            language,
            now or timezone.now(),
            terms=terms,
            chosen={"kind": tuple(kinds), "status": tuple(statuses)},
            is_loose=True,
            limit=limit + len(without) + 1,
        )
        return document, asked, engine.best(generation, asked) if terms else []

    document, asked, scored = switching.read(ask).said
    if document is None:
        return []
    left_out = {key, *without}
    marker = Marker(asked)
    return [
        Likeness(
            _shown(found, marker),
            _in_common(marker, found.document),
            tuple(t for t in document.themes if t in found.document.themes),
        )
        for found in scored
        if found.document.key not in left_out
    ][:limit]


def _understood(query: Query) -> tuple[Asked, dict[str, str]]:
    """The query as engines take it, and the words put right, by the word typed."""
    words_of_city = lexicon()
    asked = _weighed(query, words_of_city)
    unknown = [term.word for term in asked.terms if not term.alternatives]
    if not unknown or query.exact:
        return asked, {}
    known = vocabulary.words(query.language)
    beginnings = {
        word for word in unknown if len(word) >= vocabulary.BEGINS_FROM and known.begin(word)
    }
    corrections = {
        word: meant for word in unknown if word not in beginnings and (meant := known.nearest(word))
    }
    if corrections:
        asked = _weighed(replace(query, text=_replaced(query.text, corrections)), words_of_city)
    terms = tuple(
        replace(term, beginning=term.word) if term.word in beginnings else term
        for term in asked.terms
    )
    return replace(asked, terms=terms), corrections


def _weighed(query: Query, words_of_city: Lexicon) -> Asked:
    typed = queries.read(query.text, words_of_city)
    asked = queries.ask(query, typed, words_of_city, now=query.now or timezone.now())
    if not asked.terms:
        return asked
    return replace(asked, terms=vocabulary.weigh(asked.terms, query.language))


def _replaced(text: str, by: dict[str, str]) -> str:
    """``text`` with some of its words replaced; the rest stays as it was typed."""

    def other(match: re.Match[str]) -> str:
        folded = analysis.words(match.group())
        return by.get(folded[0], match.group()) if len(folded) == 1 else match.group()

    return _WORD.sub(other, text)


def _corrected(text: str, corrections: dict[str, str], documents: Sequence[Document]) -> str:
    """What was looked for, with the accents that the answers write."""
    wanted = set(corrections.values())
    written: dict[str, str] = {}
    for document in documents:
        for word in _WORD.findall(f"{document.summary} {document.body} {document.title}"):
            folded = analysis.fold(word)
            if folded in wanted:
                written.setdefault(folded, word.lower())
    return _replaced(text, {typed: written.get(w, w) for typed, w in corrections.items()})


def _ask(asked: Asked) -> switching.Answer[Found]:
    if _is_impossible(asked):
        return switching.Answer(Found(0, [], {}), is_spare=False)
    return switching.read(lambda engine, generation: _page(engine, generation, asked))


def _page(engine: Engine, generation: int, asked: Asked) -> Found:
    if asked.is_counted:
        return engine.search(generation, asked)
    scored = engine.best(generation, asked)
    return Found(len(scored), scored)


def _is_impossible(asked: Asked) -> bool:
    """Whether a word is needed that nothing has."""
    return any(not term.alternatives and not term.beginning for term in asked.terms)


def _loosened(asked: Asked) -> Asked | None:
    """The same with any of the words, without those that nothing has, or nearly everything has;
    None for a single word.
    """
    terms = [term for term in asked.terms if term.alternatives or term.beginning]
    telling = [term for term in terms if min(term.rarity, default=COMMON) > EVERYWHERE]
    if not terms or len(asked.terms) < 2:
        return None
    return replace(asked, terms=tuple(telling or terms), is_loose=True)


def _hit(scored: Scored, query: Query, asked: Asked, marker: Marker) -> Hit:
    is_titled = ranking.title_points(scored.document, asked.title) > 0
    hit = replace(_shown(scored, marker), is_titled=is_titled)
    if query.near is None or not hit.places:
        return hit
    km = min(_km(query.near.lat, query.near.lon, lat, lon) for lat, lon in hit.places)
    return replace(hit, km=km)


def _shown(scored: Scored, marker: Marker) -> Hit:
    document = scored.document
    return Hit(
        kind=document.kind,
        pk=document.pk,
        slug=document.slug,
        title=document.title,
        summary=document.summary,
        url=document.url,
        score=scored.score,
        marked_title=marker.marked(document.title),
        extract=marker.extract(document),
        themes=document.themes,
        boroughs=document.boroughs,
        status=document.status,
        stages=document.stages,
        published_at=document.published_at,
        opens_at=document.opens_at,
        closes_at=document.closes_at,
        places=document.places,
        popularity=document.popularity,
        standing=document.standing,
        text_score=scored.text_score,
    )


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance between two points in degrees, on a sphere (haversine)."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2
    half += cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _telling_words(typed: list[str]) -> list[str]:
    """Small words left out, as titles are kept; of these alone, the last is a beginning."""
    return [word for word in typed if analysis.means(word)] or typed[-1:]


def _beginning(words: Sequence[str], language: str, limit: int) -> list[Document]:
    return switching.read(
        lambda engine, generation: engine.begins(generation, language, words, limit)
    ).said


def _meant(typed: Sequence[str], language: str) -> list[str]:
    """The words that nothing has, put right."""
    known = vocabulary.words(language)
    *whole, last = typed
    meant = [word if word in known.seen else known.nearest(word) or word for word in whole]
    return [*meant, last if known.begin(last) else known.nearest(last) or last]


def _telling(document: Document) -> tuple[Term, ...]:
    """The words that tell a document from the others, by how often and how rarely they stand."""
    tokens = tokens_of(document)
    # What a text says once in passing, and numbers, tell nothing of it.
    body = {s: n for s, n in Counter(tokens.body).items() if n > 1}
    counts = Counter(body) + Counter(tokens.brief * 2) + Counter(tokens.title * 3)
    counts = Counter({s: n for s, n in counts.items() if not s.isdigit()})
    themes = {token(analysis.THEME, slug) for slug in document.themes}
    counts.update(dict.fromkeys(themes, 3))
    seen = vocabulary.seen(counts, document.language)
    # A word of this record alone leads to no other.
    shared = [Term(s, (s,)) for s in counts if seen.get(s, 0) > 1]
    found = [
        term
        for term in vocabulary.weighed(shared, seen)
        if term.rarity[0] > COMMON or term.word in themes
    ]
    found.sort(key=lambda term: (-term.rarity[0] * (1 + counts[term.word]) ** 0.5, term.word))
    return tuple(found[:MOST_LIKE])


def _in_common(marker: Marker, document: Document) -> tuple[str, ...]:
    said = marker.finds(f"{document.title} {document.summary} {document.body}")
    return tuple(said[:MOST_SAID])
