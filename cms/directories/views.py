"""The pages of lists: one view for all."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cms.directories.challenges import BOARD
from cms.directories.clusters import asked_box, asked_zoom, marks
from cms.directories.listing import Directory, Happening, build_listing, with_params
from cms.directories.narrowing import narrow
from cms.directories.needs import NEEDS
from cms.directories.pilots import PILOTS, SITES
from cms.directories.programs import INCUBATORS, PROGRAMS
from cms.directories.startups import SOLUTIONS, STARTUPS
from cms.pages.words import list_words
from core.deadlines import city_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 20
WIDE_PAGE = 500

MAP_OF = {
    "incubators": "incubator_map",
    "programs": "program_map",
    "startups": "startup_map",
    "solutions": "solution_map",
}
DIRECTORIES: dict[str, Directory] = {
    directory.kind: directory
    for directory in (BOARD, PILOTS, SITES, INCUBATORS, PROGRAMS, STARTUPS, SOLUTIONS, NEEDS)
}


@require_safe
def directory_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One list: as rows, on the map or by date, from the same query."""
    directory = DIRECTORIES[kind]
    now = timezone.now()
    # A short list's map or calendar shows everything found; rows and cards come in pages, and so
    # does the table under a map of clusters.
    views = {"calendar"} if directory.points else {"map", "calendar"}
    wide = request.GET.get("view") in views
    listing = build_listing(
        directory,
        params=request.GET,
        user=request.user,
        now=now,
        page_size=WIDE_PAGE if wide else PAGE_SIZE,
    )
    context: dict[str, Any] = {"listing": listing, "words": list_words(kind), "kind": kind}
    if listing.view == "calendar":
        context["months"] = by_month(listing.happenings, since=city_time(now).date())
    if listing.view == "map":
        context["places"] = listing.table
        if directory.points:
            name = MAP_OF[kind]
            filters = with_params(request.GET, view=None, page=None, sort=None)
            context["clusters"] = f"{reverse(name)}{filters}"
        else:
            context["places_data"] = [asdict(p) for p in listing.places]
    template = "partials/results" if request.headers.get("HX-Request") else "list"
    response = render(request, f"directories/{template}.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
def map_data(request: HttpRequest, kind: str) -> HttpResponse:
    """The marks of a box of the map, for the filters of the list's own address."""
    directory, now = DIRECTORIES[kind], timezone.now()
    asked = narrow(
        directory, params=request.GET, user=request.user, now=now, also_known=("box", "zoom")
    )
    box = asked_box(request.GET.get("box", ""))
    zoom = asked_zoom(request.GET.get("zoom", ""))
    return JsonResponse(marks(directory, asked, box=box, zoom=zoom, now=now))


def by_month(happenings: Iterable[Happening], *, since: date) -> list[tuple[date, list[Happening]]]:
    """Dated rows from ``since`` on, by month, in order."""

    def day_of(happening: Happening) -> date:
        at = happening.at
        on: date = city_time(at).date() if hasattr(at, "hour") else at
        return on

    coming = sorted((h for h in happenings if day_of(h) >= since), key=day_of)
    return [
        (month, list(rows))
        for month, rows in groupby(coming, key=lambda h: day_of(h).replace(day=1))
    ]
