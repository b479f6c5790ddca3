"""From what is asked to a request of the server: what matches, in which order, counted how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import MatchAll, MatchNone

from search import ranking
from search.backends.elasticsearch.records import milliseconds, number_of
from search.port import FACETS, Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from elasticsearch.dsl.query import Query

    from search.port import Asked, Box, Near, Term

WEIGHED: Final = [f"{stream}^{weight:g}" for stream, weight in ranking.WEIGHTS.items()]
# The word itself counts so many times what means the same.
OWN: Final = 2.0
# More values than a facet has: counts are exact, as an index is one shard.
MOST_VALUES: Final = 500
# ``search.ranking`` as the server computes it, factor by factor.
POINTS: Final = """
double points = 1 + doc['points'].value;
if (doc['named'].value == params.named) { points += params.titled }
boolean opens = doc['opens'].size() > 0;
if (opens && doc['opens'].value > params.now) {
  points += params.upcoming;
} else if (doc['closes'].size() > 0) {
  double left = doc['closes'].value - params.now;
  if (left > 0) { points += params.open + params.closing * Math.max(0, 1 - left / params.soon) }
} else if (opens) {
  points += params.open;
}
return _score * points;
"""
# The soonest end that is still to come; what has none, or is over, comes after.
CLOSES: Final = """
if (doc['closes'].size() == 0) return 1e15;
long closes = doc['closes'].value;
return closes >= params.now ? closes : 1e15;
"""


def request(search: Search, asked: Asked) -> Search:
    """All of ``asked`` but its page and its counts, asked of ``search``."""
    chosen = [Q("terms", **{f: list(v)}) for f, v in asked.chosen.items() if v]
    search = search.query(_scored(_matching(asked), asked))
    if chosen:
        search = search.post_filter(Q("bool", filter=chosen))
    return search.sort(*_order(asked)).extra(track_total_hits=True, track_scores=True)


def count_facets(search: Search, asked: Asked) -> None:
    """Counts by facet: the choices made in the others hold, its own do not."""
    for facet in FACETS:
        held = [Q("terms", **{f: list(v)}) for f, v in asked.chosen.items() if v and f != facet]
        within = search.aggs.bucket(facet, "filter", Q("bool", filter=held))
        within.bucket("values", "terms", field=facet, size=MOST_VALUES)


def beginning(search: Search, words: Sequence[str]) -> Search:
    """Records whose title or names hold ``words``, the last as a beginning.

    Titles that begin so come first, then what is vouched for and followed, then short titles.
    """
    held = [Q("term", heads=word) for word in words[:-1]] + [Q("prefix", heads=words[-1])]
    named = Q("constant_score", filter=Q("prefix", name=" ".join(words)))
    headed = Q("constant_score", filter=Q("bool", filter=held), boost=0)
    search = search.query(Q("bool", should=[named, headed], minimum_should_match=1))
    return search.sort("_score", "-points", "length", "name", "pk", "kind")


def _scored(query: Query, asked: Asked) -> Query:
    params = {
        "named": number_of(asked.title[: ranking.LONGEST_TITLE]),
        "titled": ranking.TITLED,
        "now": milliseconds(asked.now),
        "upcoming": ranking.UPCOMING,
        "open": ranking.OPEN,
        "closing": ranking.CLOSING,
        "soon": ranking.SOON.total_seconds() * 1000,
    }
    return Q("script_score", query=query, script={"source": POINTS, "params": params})


def _matching(asked: Asked) -> Query:
    terms = [_term(term) for term in asked.terms]
    phrases: list[Query] = [_phrase(phrase) for phrase in asked.phrases]
    if asked.is_loose and terms:
        phrases.append(Q("bool", should=terms, minimum_should_match=1))
    else:
        phrases += terms
    without = [_any(term) for term in asked.without]
    without += [_phrase(phrase) for phrase in asked.without_phrases]
    return Q("bool", must=phrases or [MatchAll()], must_not=without, filter=[*_places(asked)])


def _term(term: Term) -> Query:
    if term.beginning:
        return Q("prefix", plain=term.beginning)
    found = [
        Q("combined_fields", query=token, fields=WEIGHED, boost=OWN if token in term.own else 1)
        for token in term.alternatives
    ]
    return Q("bool", should=found, minimum_should_match=1) if found else MatchNone()


def _any(term: Term) -> Query:
    """Whether a word stands anywhere, without a score."""
    if term.beginning:
        return Q("prefix", plain=term.beginning)
    held = [Q("terms", **{stream: list(term.alternatives)}) for stream in ranking.WEIGHTS]
    return Q("bool", should=held, minimum_should_match=1)


def _phrase(words: Iterable[str]) -> Query:
    return Q("match_phrase", plain=" ".join(words))


def _places(asked: Asked) -> Iterable[Query]:
    if asked.since is not None:
        yield Q("range", published_at={"gte": asked.since.isoformat()})
    if asked.box is not None:
        yield _within(asked.box)
    if asked.near is not None:
        yield _around(asked.near)


def _within(box: Box) -> Query:
    corners = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
    return Q("geo_bounding_box", places=corners)


def _around(near: Near) -> Query:
    return Q("geo_distance", distance=f"{near.km}km", places={"lat": near.lat, "lon": near.lon})


def _order(asked: Asked) -> list[Any]:
    """The order asked for; what it leaves equal goes by score, then by age, then by key."""
    newest = {"published_at": {"order": "desc", "missing": "_last"}}
    first: list[Any] = []
    if asked.sort == Sort.CLOSING:
        now = {"now": milliseconds(asked.now)}
        first = [{"_script": {"type": "number", "script": {"source": CLOSES, "params": now}}}]
    elif asked.sort == Sort.NEWEST:
        first = [newest]
    elif asked.sort == Sort.NAME:
        first = [{"name": {"order": "asc"}}]
    elif asked.sort == Sort.DISTANCE and asked.near is not None:
        here = {"lat": asked.near.lat, "lon": asked.near.lon}
        first = [{"_geo_distance": {"places": here, "unit": "km", "mode": "min"}}]
    return [*first, {"_score": "desc"}, newest, {"pk": "asc"}, {"kind": "asc"}]
