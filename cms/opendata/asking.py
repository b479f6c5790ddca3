"""From what an address asks to the rows it gets, with a note for every value not known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cms.opendata.schemas import LICENSE
from core.addresses import site_url
from core.languages import active_language
from search import finding
from search.port import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from ninja import Schema

    from cms.directories.listing import Facet
    from cms.opendata.resources import Resource

LONGEST_ECHO = 60
LONGEST_QUERY = 300
# Words narrow a list to its best matches; beyond that, more words are needed.
MOST_FOUND = 1000
FACETS = ("theme", "borough", "status", "kind")


def select(
    resource: Resource, request: HttpRequest, params: Schema, now: datetime
) -> tuple[QuerySet[Any], list[str]]:
    """The rows asked for, in an order that paging can trust, and the notes."""
    notes = unknown_names(request, params)
    found = resource.rows(now)
    if any(getattr(params, name, None) for name in FACETS):
        for facet in resource.facets():
            values = known_values(facet, getattr(params, facet.param, []), notes)
            if values:
                found = found.filter(facet.condition(values, now))
    since = getattr(params, "updated_since", None)
    if since is not None:
        found = found.filter(**{f"{resource.changed}__gte": since})
    q = clean(getattr(params, "q", ""))
    if q:
        asked = Query(
            text=q, language=active_language(), kinds=(resource.search_kind,), limit=MOST_FOUND
        )
        found = found.filter(**{f"{resource.search_field}__in": finding.matching(asked)})
    return resource.prepare(found.order_by("pk")), notes


def page(
    request: HttpRequest,
    params: Any,
    found: QuerySet[Any],
    row: Callable[[Any], dict[str, Any]],
    notes: list[str],
) -> dict[str, Any]:
    """A page of ``found`` in the common envelope."""
    count = found.count()
    start, stop = params.offset, params.offset + params.limit
    return {
        "count": count,
        "next": _at(request, stop) if stop < count else None,
        "previous": _at(request, max(start - params.limit, 0)) if start else None,
        "license": LICENSE,
        "notes": notes,
        "results": [row(record) for record in found[start:stop]],
    }


def _at(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["offset"] = str(offset)
    return f"{site_url()}{request.path}?{query.urlencode()}"


def clean(text: str) -> str:
    """Words on one line, not too many."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST_QUERY]


def echo(text: str) -> str:
    """What was typed, short enough to be said back."""
    return "".join(c for c in text if c.isprintable())[:LONGEST_ECHO]


def unknown_names(request: HttpRequest, params: Schema) -> list[str]:
    """A note for each parameter that the address does not take."""
    return [
        _("“%(name)s” is not a filter of this list; it was left out.") % {"name": echo(name)}
        for name in request.GET
        if name not in type(params).model_fields
    ]


def known_values(facet: Facet, asked: list[str], notes: list[str]) -> list[str]:
    """The values that ``facet`` knows; a note for each other one."""
    return known_among([value for value, _label in facet.options], asked, notes)


def known_among(known: Iterable[str], asked: list[str], notes: list[str]) -> list[str]:
    """The values asked that are known, each once; a note for each other one."""
    values = [value for value in dict.fromkeys(asked) if value]
    known = set(known)
    notes.extend(
        _("“%(value)s” is not known here; it was left out.") % {"value": echo(value)}
        for value in values
        if value not in known
    )
    return [value for value in values if value in known]
