"""One answer as a page shows it: nothing is left for the template to compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.directories.listing import Place, Tag
from cms.finding import words
from core import dates, numbers
from pilots.domain.status import CLOSING_SOON as CHALLENGE_SOON
from search.labels import kind_name, status_labels
from startups.models import CLOSING_SOON as INTAKE_SOON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from search.port import Hit

# What the dates make of a call; any other status is a decision of someone, and stands.
DATED: Final = frozenset({"upcoming", "open", "closing", "grace", "review", "closed"})
# What each kind of call is called once its close is past, and when it is about to close.
OVER: Final = {"challenge": "review", "program": "closed", "intake": "closed"}
SOON: Final = {"challenge": CHALLENGE_SOON, "program": INTAKE_SOON, "intake": INTAKE_SOON}
METRES: Final = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer; title and extract are safe HTML with the words found between marks."""

    url: str
    title: SafeString
    extract: SafeString
    kind: str
    tags: tuple[Tag, ...]
    meta: tuple[str, ...]
    big: str = ""
    small: str = ""
    why: tuple[tuple[str, str], ...] = ()


def status_now(hit: Hit, now: datetime) -> str:
    """What ``hit`` is at ``now``: its dates may have gone by since it was indexed."""
    if hit.kind not in OVER or hit.status not in DATED:
        return hit.status
    if hit.opens_at is not None and now < hit.opens_at:
        return "upcoming"
    if hit.closes_at is None:
        return "open" if hit.status == "upcoming" else hit.status
    if now > hit.closes_at:
        return "grace" if hit.status == "grace" else OVER[hit.kind]
    return "closing" if hit.closes_at - now <= SOON[hit.kind] else "open"


def shown(hit: Hit, now: datetime, why: Sequence[tuple[str, str]] = ()) -> Shown:
    """``hit`` as it reads at ``now``."""
    status = status_now(hit, now)
    # That a listing acts goes without saying.
    label = status_labels([hit.kind]).get(status, "") if status != "active" else ""
    themes, boroughs = words.options("theme"), words.options("borough")
    big, small = _when(hit, status, now)
    meta = [
        distance(hit.km) if hit.km is not None else "",
        *(themes[slug] for slug in hit.themes if slug in themes),
        ", ".join(boroughs[slug] for slug in hit.boroughs if slug in boroughs),
    ]
    return Shown(
        url=hit.url,
        title=_marked(hit.marked_title, hit.title),
        extract=_marked(hit.extract, hit.summary),
        kind=kind_name(hit.kind),
        tags=(Tag(label, words.status_tone(hit.kind, status)),) if label else (),
        meta=tuple(part for part in meta if part),
        big=big,
        small=small,
        why=tuple(why),
    )


def places_of(hits: Sequence[Hit]) -> tuple[list[Place], list[tuple[str, str, str]]]:
    """The points of the map, and the table under it: label, address, kind and place of each."""
    points, table, boroughs = [], [], words.options("borough")
    for hit in hits:
        kind = kind_name(hit.kind)
        points += [Place(hit.title, hit.url, lat, lon, kind) for lat, lon in hit.places]
        named = ", ".join(boroughs[slug] for slug in hit.boroughs if slug in boroughs)
        parts = (kind, named, "" if hit.places else _("not on the map"))
        table.append((hit.title, hit.url, " – ".join(part for part in parts if part)))
    return points, table


def distance(km: float) -> str:
    """« à 350 m », « à 1,2 km »: to ten metres below one kilometre."""
    metres = round(km * METRES, -1)
    far = numbers.quantity(metres, "m", 0) if metres < METRES else numbers.quantity(km, "km", 1)
    return _("%(distance)s away") % {"distance": far}


def _marked(html: str, plain: str) -> SafeString:
    return SafeString(html) if html else conditional_escape(plain)


def _when(hit: Hit, status: str, now: datetime) -> tuple[str, str]:
    if hit.kind not in OVER:
        return "", ""
    if status == "upcoming" and hit.opens_at is not None:
        return dates.short_day(hit.opens_at), _("opens")
    if hit.closes_at is None:
        return "", ""
    if status in ("open", "closing"):
        return dates.countdown(hit.closes_at, now), _("closes on %(instant)s") % {
            "instant": dates.instant(hit.closes_at)
        }
    return (dates.short_day(hit.closes_at), _("end of the call")) if status in DATED else ("", "")
