"""``/api/v1/search``: what it takes, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from cms.finding import words
from cms.opendata import asking, schemas
from cms.opendata.params import WORDS, Limit, Offset
from core.addresses import site_url
from core.languages import LANGUAGES, active_language
from search import finding
from search.documents import BY_NAME
from search.port import FACETS, Query, Results, Sort
from search.present import checked

if TYPE_CHECKING:
    from django.http import HttpRequest

# Nearest first needs a point, which this address does not take.
SORTS: Final = tuple(str(sort) for sort in Sort if sort != Sort.DISTANCE)


def _codes(name: str, known: tuple[str, ...] = ()) -> Any:
    items: dict[str, Any] = {"type": "string", **({"enum": list(known)} if known else {})}
    return Field(default_factory=list, description=WORDS[name], json_schema_extra={"items": items})


class SearchParams(Schema):
    """What to look for, and where."""

    q: str = Field("", description=WORDS["q"])
    lang: str = Field("", description=WORDS["lang"])
    kind: list[str] = _codes("kind", tuple(BY_NAME))
    theme: list[str] = _codes("theme")
    borough: list[str] = _codes("borough")
    status: list[str] = _codes("status")
    stage: list[str] = _codes("stage")
    sort: str = Field("", description=WORDS["sort"], json_schema_extra={"enum": ["", *SORTS]})
    limit: Limit = 20
    offset: Offset = 0


def found(request: HttpRequest, params: SearchParams) -> dict[str, Any]:
    """Best answers first, with counts by facet; nothing where nothing is asked."""
    notes = asking.unknown_names(request, params)
    languages = asking.known_among(LANGUAGES, [params.lang], notes)
    sorts = asking.known_among(SORTS, [params.sort], notes)
    known = words.known()
    chosen = {
        facet: tuple(asking.known_among(known[facet], getattr(params, facet), notes))
        for facet in FACETS
    }
    now = timezone.now()
    query = Query(
        text=asking.clean(params.q),
        language=languages[0] if languages else active_language(),
        kinds=chosen["kind"],
        themes=chosen["theme"],
        boroughs=chosen["borough"],
        statuses=chosen["status"],
        stages=chosen["stage"],
        sort=Sort(sorts[0]) if sorts else Sort.RELEVANCE,
        limit=params.limit,
        offset=params.offset,
        now=now,
    )
    is_asked = bool(query.text) or any(chosen.values())
    results = checked(finding.search(query), now) if is_asked else Results(0, [])
    return {
        "count": results.count,
        "license": schemas.LICENSE,
        "notes": notes,
        "results": [
            {name: getattr(hit, name) for name in ("kind", "slug", "title", "summary")}
            | {"url": f"{site_url()}{hit.url}"}
            for hit in results.hits
        ],
        "facets": {facet: results.facets.get(facet, {}) for facet in FACETS} if is_asked else {},
        "corrected": results.corrected,
    }
