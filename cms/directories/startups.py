"""The directories of startups and of their solutions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories.facets import (
    borough_facet,
    by,
    language_facet,
    plain_facet,
    standing_tags,
    theme_facet,
    with_gone,
)
from cms.directories.listing import Directory, Entry, Facet, Place, Tag
from startups.enums import Stage
from startups.models import Solution, Startup


def startup_rows(user: Any, now: datetime) -> Any:
    """Public startups."""
    return with_gone(Startup.objects.public())


def startup_facets() -> list[Facet]:
    """Stage, theme, languages, borough."""
    stages = [(s.value, str(s.label)) for s in Stage]
    return [
        plain_facet("kind", _("Stage"), Startup, stages, "stage"),
        theme_facet(Startup),
        language_facet(Startup, "languages"),
        borough_facet(Startup, "borough"),
    ]


def startup_entry(startup: Any, now: datetime) -> Entry:
    """A startup as a row."""
    borough = startup.borough
    meta = (
        *(str(t.name) for t in startup.themes.all()),
        borough.name if borough else "",
        startup.get_size_band_display() if startup.size_band else "",
    )
    return Entry(
        url=reverse("startup_detail", args=[startup.slug]),
        title=startup.name,
        summary=startup.tagline,
        tags=(Tag(startup.get_stage_display()), *standing_tags(startup, now)),
        meta=tuple(m for m in meta if m),
        big=str(startup.founded_year or ""),
        small=_("founded") if startup.founded_year else "",
    )


def startup_places(startup: Any) -> list[Place]:
    """Its borough's centre: a startup's own address is not asked for."""
    borough = startup.borough
    if borough is None:
        return []
    url = startup.get_absolute_url()
    return [Place(startup.name, url, borough.lat, borough.lon, borough.name)]


STARTUPS = Directory(
    kind="startups",
    search_kind="startup",
    rows=startup_rows,
    prepare=lambda found: found.select_related("borough").prefetch_related("themes"),
    has_cards=True,
    entry=startup_entry,
    places=startup_places,
    points=("borough__lat", "borough__lon"),
    facets=startup_facets,
    sorts={
        "name": (gettext_lazy("by name"), by("name", "pk")),
        "newest": (
            gettext_lazy("newest first"),
            ("is_gone", F("founded_year").desc(nulls_last=True), "name", "pk"),
        ),
    },
)


def solution_rows(user: Any, now: datetime) -> Any:
    """Public solutions of public startups."""
    return with_gone(Solution.objects.public().filter(startup__live=True), "startup")


def solution_facets() -> list[Facet]:
    """Maturity, theme, borough of the startup."""
    levels = [(str(n), _("TRL %(n)s") % {"n": n}) for n in range(1, 10)]
    return [
        theme_facet(Solution),
        borough_facet(Solution, "startup__borough"),
        Facet("kind", _("Maturity"), Solution, levels, where=_has_trl),
    ]


def _has_trl(value: str, now: datetime) -> Q:
    return Q(trl=int(value))


def solution_entry(solution: Any, now: datetime) -> Entry:
    """A solution as a row."""
    seen = _("sees people") if solution.sees_people else _("sees no one")
    return Entry(
        url=reverse("solution_detail", args=[solution.slug]),
        title=solution.name,
        summary=solution.problem,
        tags=tuple(standing_tags(solution, now, whole=solution.startup)),
        meta=(solution.startup.name, *(str(t.name) for t in solution.themes.all()), seen),
        big=_("TRL %(n)s") % {"n": solution.trl},
        small=_("maturity"),
    )


def solution_places(solution: Any) -> list[Place]:
    """The centre of its startup's borough."""
    borough = solution.startup.borough
    if borough is None:
        return []
    url = solution.get_absolute_url()
    return [Place(solution.name, url, borough.lat, borough.lon, solution.startup.name)]


SOLUTIONS = Directory(
    kind="solutions",
    search_kind="solution",
    rows=solution_rows,
    prepare=lambda found: found.select_related("startup__borough").prefetch_related("themes"),
    has_cards=True,
    entry=solution_entry,
    places=solution_places,
    points=("startup__borough__lat", "startup__borough__lon"),
    facets=solution_facets,
    sorts={
        "name": (gettext_lazy("by name"), by("name_fr", "pk")),
        "maturity": (
            gettext_lazy("most mature first"),
            by("-trl", "name_fr", "pk"),
        ),
    },
)
