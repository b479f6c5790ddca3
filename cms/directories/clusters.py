"""The map of a long list: what stands close together is one mark with a number.

The page's address and a box give the marks of that box: a few hundred at most, whatever the rows.
"""

from __future__ import annotations

from collections import defaultdict
from math import cos, floor, radians
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from startups.enums import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from cms.directories.listing import Directory
    from cms.directories.narrowing import Narrowed

# Pixels of the screen that one mark stands for.
CELL: Final = 72
SHALLOWEST, DEEPEST = 8, 18
# Beyond the box asked for, in parts of it: dragging a little shows no hole.
MARGIN: Final = 0.15
# The first look, before the page has said which box it shows: all there is.
EVERYWHERE: Final = (-180.0, -90.0, 180.0, 90.0)
FIRST_ZOOM: Final = 10
# Names under a mark that no closer look parts.
MOST_NAMED: Final = 6
MOST_MARKS: Final = 600


class Box(NamedTuple):
    """West, south, east, north."""

    west: float
    south: float
    east: float
    north: float


def asked_box(text: str) -> Box | None:
    """``west,south,east,north`` in degrees; None for anything else."""
    parts = text.split(",")
    try:
        box = Box(*(float(part) for part in parts))
    except (TypeError, ValueError):
        return None
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        return None
    wide, high = (box.east - box.west) * MARGIN, (box.north - box.south) * MARGIN
    return Box(box.west - wide, box.south - high, box.east + wide, box.north + high)


def asked_zoom(text: str) -> int:
    """Between the shallowest and the deepest; the first look's for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        return FIRST_ZOOM
    return min(max(int(text), SHALLOWEST), DEEPEST)


def marks(
    directory: Directory, asked: Narrowed, *, box: Box | None, zoom: int, now: datetime
) -> dict[str, Any]:
    """What the map draws: ``[lat, lon, how many, [[name, url]…]]`` each, in two queries."""
    points = list(_points(directory, asked.rows, box))
    cells = _cells(points, zoom)
    # A crowd is drawn before a single one, should there be more than a screen can show.
    found = sorted(cells.values(), key=len, reverse=True)[:MOST_MARKS]
    named = [cell[:MOST_NAMED] for cell in found if len(cell) == 1 or _is_one_place(cell)]
    read = _names(directory, asked, (pk for cell in named for pk, _lat, _lon in cell))
    return {
        "count": len(points),
        "box": _bounds(points),
        "marks": [
            [
                round(sum(lat for _pk, lat, _lon in cell) / len(cell), 5),
                round(sum(lon for _pk, _lat, lon in cell) / len(cell), 5),
                len(cell),
                [read[pk] for pk, _lat, _lon in cell[:MOST_NAMED] if pk in read],
            ]
            for cell in found
        ],
    }


Point = tuple[int, float, float]


def _points(
    directory: Directory, rows: QuerySet[Any], box: Box | None
) -> Iterator[tuple[int, float, float]]:
    """Key and place of each row inside the box: the best place that it has."""
    rows = rows.exclude(state__in=GONE).order_by()
    columns = directory.points
    if box is not None:
        inside = Q()
        for lat, lon in zip(columns[::2], columns[1::2], strict=True):
            # Where it has a better place, the worse one is no reason; asked again below.
            inside |= Q(
                **{f"{lat}__range": (box.south, box.north), f"{lon}__range": (box.west, box.east)}
            )
        rows = rows.filter(inside)
    west, south, east, north = box or EVERYWHERE
    for pk, *values in rows.values_list("pk", *columns):
        lat, lon = values[0], values[1]
        if lat is None and len(values) > 2:
            lat, lon = values[2], values[3]
        if lat is not None and south <= lat <= north and west <= lon <= east:
            yield pk, lat, lon


def _cells(points: Iterable[Point], zoom: int) -> dict[tuple[int, int], list[Point]]:
    # Degrees of longitude under one cell of the screen; a degree of latitude is longer on it.
    east = 360 * CELL / (256 * 2**zoom)
    cells: dict[tuple[int, int], list[Point]] = defaultdict(list)
    north = east * cos(radians(45.5))
    for point in points:
        cells[floor(point[1] / north), floor(point[2] / east)].append(point)
    return cells


def _is_one_place(cell: list[Point]) -> bool:
    first = cell[0]
    return all(lat == first[1] and lon == first[2] for _pk, lat, lon in cell)


def _bounds(points: list[Point]) -> list[list[float]]:
    """South-west and north-east of what is shown."""
    if not points:
        return []
    lats, lons = ([p[n] for p in points] for n in (1, 2))
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _names(directory: Directory, asked: Narrowed, keys: Iterable[int]) -> dict[int, list[str]]:
    """Name and address of what one mark stands for alone."""
    found = asked.everything.model._default_manager.filter(pk__in=list(keys))
    return {row.pk: [str(row), row.get_absolute_url()] for row in found}
