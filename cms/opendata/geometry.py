"""Where a record is, as an RFC 7946 geometry: longitude then latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.opendata.rows import public_sites

if TYPE_CHECKING:
    from collections.abc import Iterable

# A ten-millionth of a degree is a centimetre.
DIGITS = 7


def points(places: Iterable[Any]) -> dict[str, Any] | None:
    """One point, several, or nothing, for what has ``lat`` and ``lon``."""
    found = [[round(p.lon, DIGITS), round(p.lat, DIGITS)] for p in places]
    if len(found) == 1:
        return {"type": "Point", "coordinates": found[0]}
    return {"type": "MultiPoint", "coordinates": found} if found else None


def of_site(site: Any) -> dict[str, Any] | None:
    """The shape that was drawn, else the point."""
    drawn = site.geometry
    if isinstance(drawn, dict) and drawn.get("type") and drawn.get("coordinates"):
        return {"type": drawn["type"], "coordinates": drawn["coordinates"]}
    return points([site])


def of_challenge(challenge: Any) -> dict[str, Any] | None:
    """The sites offered, else the middle of its boroughs."""
    sites = [site for site in challenge.sites.all() if site.is_public]
    return points(sites or challenge.boroughs.all())


def of_pilot(pilot: Any) -> dict[str, Any] | None:
    """The sites it has booked."""
    return points(public_sites(pilot))


def of_incubator(incubator: Any) -> dict[str, Any] | None:
    """Its own address, when it is known."""
    return points([incubator]) if incubator.lat is not None and incubator.lon is not None else None


def of_borough(borough: Any) -> dict[str, Any] | None:
    """Its middle."""
    return points([borough])
