"""What trials measured: indicators and readings of public pilots, beside the door that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query
from pydantic import Field

from cms.opendata import asking, exports, schemas
from cms.opendata.params import MOST_READINGS, WORDS, Moment, Offset, Paged, choices, filters
from cms.opendata.rows import published
from pilots.api import router
from pilots.models import Indicator, Pilot, Reading

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import StreamingHttpResponse

# The reads below join the write: one address, two methods, so one router.
MEASURES = router
READING_FILTERS: dict[str, Any] = {
    "indicator": choices("indicator"),
    "since": (Moment | None, Field(None, description=WORDS["since"])),
}
ReadingFilters: Any = filters("ReadingFilters", READING_FILTERS)
ReadingPage: Any = filters(
    "ReadingPage", {"results": (list[schemas.Reading], ...)}, base=schemas.Page
)
IndicatorPage: Any = filters(
    "IndicatorPage", {"results": (list[schemas.Indicator], ...)}, base=schemas.Page
)


class ReadingParams(ReadingFilters):  # type: ignore[misc]  # made from a table
    """A page of readings may be long."""

    limit: int = Field(100, ge=1, le=MOST_READINGS, description=WORDS["limit"])
    offset: Offset = 0


def public_pilot(slug: str) -> Pilot:
    """The pilot of an address; 404 when it is not public."""
    pilot: Pilot | None = Pilot.objects.public().filter(slug=slug).first()
    if pilot is None:
        raise Http404
    return pilot


def indicators_of(pilot: Pilot) -> QuerySet[Indicator]:
    """The pilot's indicators, each with its last reading."""
    last = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-at")
    return pilot.indicators.annotate(  # type: ignore[no-any-return]
        count=Count("readings"),
        last_at=Subquery(last.values("at")[:1]),
        last_value=Subquery(last.values("value")[:1]),
    ).order_by("sort_order", "pk")


def indicator_row(indicator: Any) -> dict[str, Any]:
    """An indicator as published."""
    return published(schemas.Indicator, indicator, {"readings": indicator.count})


def reading_row(reading: Any) -> dict[str, Any]:
    """A reading as published: never who recorded it."""
    indicator = reading.indicator
    computed = {"indicator": indicator.key, "unit": indicator.unit}
    return published(schemas.Reading, reading, computed)


def readings_of(
    pilot: Pilot, request: HttpRequest, params: Any
) -> tuple[QuerySet[Reading], list[str]]:
    """The readings asked for, oldest first: what the page of the pilot shows."""
    notes = asking.unknown_names(request, params)
    found = Reading.objects.public().filter(indicator__pilot=pilot)
    if params.indicator:
        known = pilot.indicators.values_list("key", flat=True)
        keys = asking.known_among(known, params.indicator, notes)
        if keys:
            found = found.filter(indicator__key__in=keys)
    if params.since is not None:
        found = found.filter(at__gte=params.since)
    return found.select_related("indicator").order_by("at", "pk"), notes


@MEASURES.get(
    "/{slug:slug}/indicators",
    response=IndicatorPage,
    operation_id="pilot_indicators",
    summary=gettext_noop("Indicators of a pilot"),
    openapi_extra=exports.JSON_ANSWER,
)
def list_indicators(request: HttpRequest, slug: str, params: Query[Paged]) -> Any:
    """Each with its baseline, its target and its last reading."""
    found = indicators_of(public_pilot(slug))
    notes = asking.unknown_names(request, params)
    return exports.json_response(asking.page(request, params, found, indicator_row, notes))


@MEASURES.get(
    "/{slug:slug}/indicators.csv",
    operation_id="pilot_indicators_csv",
    summary=gettext_noop("Indicators of a pilot as CSV"),
    openapi_extra=exports.CSV_ANSWER,
)
def indicators_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All of them."""
    found = map(indicator_row, indicators_of(public_pilot(slug)))
    return exports.csv_response(f"{slug}-indicators", list(schemas.Indicator.model_fields), found)


@MEASURES.get(
    "/{slug:slug}/readings",
    response=ReadingPage,
    operation_id="pilot_readings",
    summary=gettext_noop("Readings of a pilot"),
    openapi_extra=exports.JSON_ANSWER,
)
def list_readings(request: HttpRequest, slug: str, params: Query[ReadingParams]) -> Any:
    """Oldest first."""
    found, notes = readings_of(public_pilot(slug), request, params)
    return exports.json_response(asking.page(request, params, found, reading_row, notes))


@MEASURES.get(
    "/{slug:slug}/readings.csv",
    operation_id="pilot_readings_csv",
    summary=gettext_noop("Readings of a pilot as CSV"),
    openapi_extra=exports.CSV_ANSWER,
)
def readings_csv(
    request: HttpRequest, slug: str, params: Query[ReadingFilters]
) -> StreamingHttpResponse:
    """All that were asked for."""
    found, _notes = readings_of(public_pilot(slug), request, params)
    rows = map(reading_row, found.iterator(chunk_size=exports.CHUNK))
    return exports.csv_response(f"{slug}-readings", list(schemas.Reading.model_fields), rows)
