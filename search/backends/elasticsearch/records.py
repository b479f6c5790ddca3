"""A document as the server holds it.

The streams of :mod:`search.tokens` are compared as they are: the server parts them at spaces and
does nothing else. What was said is kept beside them, unread, for what is shown.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from elasticsearch import dsl

from search import ranking, stored
from search.tokens import tokens_of

if TYPE_CHECKING:
    from datetime import datetime

    from search.port import Document, Key


def _stream(**options: Any) -> dsl.Text:
    """Tokens, as they are; only ``plain`` and ``heads`` know their order."""
    return dsl.Text(analyzer="whitespace", **options)


class Record(dsl.Document):
    """One record in one language."""

    kind = dsl.Keyword()
    pk = dsl.Long()
    fingerprint = dsl.Keyword(index=False)
    title = _stream(index_options="freqs")
    brief = _stream(index_options="freqs")
    other = _stream(index_options="freqs")
    body = _stream(index_options="freqs")
    plain = _stream()
    heads = _stream(index_prefixes={"min_chars": 1, "max_chars": 8})
    name = dsl.Keyword()
    # The name as a number, which compares sooner: for every answer the ranking reads it.
    named = dsl.Long(index=False)
    length = dsl.Short()
    theme = dsl.Keyword()
    borough = dsl.Keyword()
    status = dsl.Keyword()
    stage = dsl.Keyword()
    published_at = dsl.Date()
    # Milliseconds, read for every answer too.
    opens = dsl.Long(index=False)
    closes = dsl.Long(index=False)
    turns_at = dsl.Date()
    places = dsl.GeoPoint()
    points = dsl.Double()
    said = dsl.Text(index=False)

    class Meta:
        """Nothing enters unnamed; of the source only what was said is kept."""

        dynamic = dsl.MetaField("strict")
        source = dsl.MetaField(includes=["said"])


def identity(key: Key) -> str:
    """Under which name a record is held; each language has an index of its own."""
    return f"{key.kind}-{key.pk}"


def source_of(document: Document) -> dict[str, Any]:
    """What is sent to the server of ``document``."""
    streams = tokens_of(document)._asdict()
    held: dict[str, Any] = {name: " ".join(tokens) for name, tokens in streams.items()}
    held |= {facet: list(document.values(facet)) for facet in ("theme", "borough", "stage")}
    name = ranking.title_of(document)
    return held | {
        "kind": document.kind,
        "pk": document.pk,
        "fingerprint": document.fingerprint(),
        "name": name,
        "named": number_of(name),
        "length": len(name),
        "status": document.status or None,
        "places": [{"lat": lat, "lon": lon} for lat, lon in document.places],
        "published_at": _written(document.published_at),
        "turns_at": _written(document.turns_at),
        "opens": milliseconds(document.opens_at),
        "closes": milliseconds(document.closes_at),
        "points": ranking.standing_points(document),
        "said": stored.dump(document),
    }


def number_of(name: str) -> int:
    """A number of 63 bits that another name hardly has."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


def milliseconds(at: datetime | None) -> int | None:
    """An instant as a number."""
    return None if at is None else round(at.timestamp() * 1000)


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def mapping() -> dict[str, Any]:
    """What the server is told of the fields above."""
    said: dict[str, Any] = Record._doc_type.mapping.to_dict()
    return said


def version() -> str:
    """Another one when the mapping changes: an index of before is then written again."""
    return blake2b(json.dumps(mapping(), sort_keys=True).encode(), digest_size=4).hexdigest()
