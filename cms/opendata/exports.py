"""CSV (RFC 4180) and GeoJSON (RFC 7946), written as they are read: memory does not grow."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja.responses import NinjaJSONEncoder

from cms.opendata.schemas import LICENSE
from core.cells import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CHUNK = 500

# How the schema of the API describes an answer that is not plain JSON, and what goes wrong.
PROBLEM: dict[str, Any] = {
    "description": "A problem document (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
JSON_ANSWER: dict[str, Any] = {"responses": {"default": PROBLEM}}


def answer_as(media_type: str) -> dict[str, Any]:
    """The description of an answer that is a file."""
    file = {"description": "OK", "content": {media_type: {"schema": {"type": "string"}}}}
    return {"responses": {200: file, "default": PROBLEM}}


CSV_ANSWER = answer_as("text/csv")
GEOJSON_ANSWER = answer_as("application/geo+json")


class _Line:
    """Where the CSV writer writes: it gives each line back."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_response(
    name: str, fields: Sequence[str], rows: Iterable[dict[str, Any]]
) -> StreamingHttpResponse:
    """A file ``<name>.csv`` with a header."""
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield writer.writerow(fields)  # type: ignore[misc]  # what _Line.write gave
        for row in rows:
            yield writer.writerow([cell(row[field]) for field in fields])  # type: ignore[misc]

    response = StreamingHttpResponse(
        lines(), content_type="text/csv; charset=utf-8; header=present"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def json_text(value: Any) -> str:
    """JSON with accents as they are, instants in UTC."""
    return json.dumps(value, cls=NinjaJSONEncoder, ensure_ascii=False, allow_nan=False)


def json_response(value: Any) -> HttpResponse:
    """An answer whose fields were named one by one already: nothing is left to filter."""
    return HttpResponse(json_text(value), content_type="application/json")


def geojson_response(
    name: str, notes: list[str], features: Iterable[dict[str, Any]]
) -> StreamingHttpResponse:
    """A FeatureCollection; licence and notes are foreign members."""

    def parts() -> Iterator[str]:
        head = json_text({"type": "FeatureCollection", "license": LICENSE, "notes": notes})
        yield head[:-1] + ', "features": ['
        for number, feature in enumerate(features):
            yield (",\n" if number else "\n") + json_text(feature)
        yield "\n]}\n"

    response = StreamingHttpResponse(parts(), content_type="application/geo+json")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.geojson"'
    return response


def feature(slug: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """One record and where it is."""
    return {"type": "Feature", "id": slug, "geometry": geometry, "properties": properties}
