"""From an address to a query and back: the state of a search is its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from search.port import FACETS, Box, Near, Query, Sort

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import QueryDict

LONGEST: Final = 300
FURTHEST_KM: Final = 50.0
# Beyond it nobody reads, and a deep offset is only work.
LAST_PAGE: Final = 100
NAMES: Final = ("q", *FACETS, "near", "box", "sort", "page", "exact")


@dataclass(frozen=True, slots=True)
class Left:
    """A name or a value of the address that search does not know and left out."""

    name: str
    value: str = ""


def query_from(
    params: QueryDict,
    *,
    language: str,
    now: datetime,
    known: Mapping[str, set[str]],
    size: int = 20,
) -> tuple[Query, list[Left]]:
    """The query of an address; what it does not know is left out and named.

    ``known`` holds the values of each facet; ``near`` is ``lat,lon`` or ``lat,lon,km`` and ``box``
    is ``west,south,east,north``, in degrees. A page that is no number is the first.
    """
    left = [Left(name) for name in params if name not in NAMES]
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        asked = [value for value in dict.fromkeys(params.getlist(facet)) if value]
        chosen[facet] = tuple(value for value in asked if value in known[facet])
        left += [Left(facet, value) for value in asked if value not in known[facet]]
    typed_near, typed_box = (str(params.get(name, "")) for name in ("near", "box"))
    near, box = _near(typed_near), _box(typed_box)
    left += [Left("near", typed_near)] if typed_near and near is None else []
    left += [Left("box", typed_box)] if typed_box and box is None else []
    sort = params.get("sort", "")
    if sort and (sort not in list(Sort) or (sort == Sort.DISTANCE and near is None)):
        left.append(Left("sort", sort))
        sort = ""
    page = page_number(params.get("page", ""))
    query = Query(
        text=clean(params.get("q", "")),
        language=language,
        kinds=chosen["kind"],
        themes=chosen["theme"],
        boroughs=chosen["borough"],
        statuses=chosen["status"],
        stages=chosen["stage"],
        box=box,
        near=near,
        sort=Sort(sort) if sort else Sort.RELEVANCE,
        exact=params.get("exact", "") == "1",
        limit=size,
        offset=(page - 1) * size,
        now=now,
    )
    return query, left


def params_of(query: Query) -> dict[str, Any]:
    """What an address says of ``query``, its page aside; read back by :func:`query_from`."""
    params: dict[str, Any] = {"q": query.text} if query.text else {}
    params |= {facet: list(query.asked(facet)) for facet in FACETS if query.asked(facet)}
    if query.near is not None:
        params["near"] = ",".join(f"{number:g}" for number in query.near)
    if query.box is not None:
        params["box"] = ",".join(f"{number:g}" for number in query.box)
    if query.sort != Sort.RELEVANCE:
        params["sort"] = str(query.sort)
    return params | ({"exact": "1"} if query.exact else {})


def clean(text: str) -> str:
    """Words on one line, without what no keyboard types, not too many."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:5000]).split())[:LONGEST]


def page_number(asked: str) -> int:
    """The page asked for, the first when it is no number, the last at most."""
    whole = asked.isascii() and asked.isdecimal()
    return max(1, min(int(asked[:6]), LAST_PAGE)) if whole else 1


def _numbers(text: str) -> list[float]:
    try:
        found = [float(part) for part in text[:200].split(",")]
    except ValueError:
        return []
    return found if all(-180 <= number <= 180 for number in found) else []


def _near(text: str) -> Near | None:
    found = _numbers(text)
    if len(found) not in (2, 3) or not -90 <= found[0] <= 90:
        return None
    if len(found) == 3 and not 0 < found[2] <= FURTHEST_KM:
        return None
    return Near(*found)


def _box(text: str) -> Box | None:
    found = _numbers(text)
    if len(found) != 4 or found[0] >= found[2] or found[1] >= found[3]:
        return None
    return Box(*found) if found[1] >= -90 and found[3] <= 90 else None
