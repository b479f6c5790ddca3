"""The intake calendar and its feed: one selection, one query string."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.directories import ics
from cms.directories.intakes import INTAKES, build_calendar, feed_events, week_days
from cms.directories.narrowing import narrow, with_params
from cms.pages.words import list_words
from core.addresses import site_url

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict


@require_safe
def program_calendar(request: HttpRequest) -> HttpResponse:
    """When each door opens and closes: a month as a grid, or the twelve months as a list."""
    now = timezone.now()
    found = build_calendar(request.GET, user=request.user, now=now)
    feed = feed_address(request.GET)
    context = {
        "calendar": found,
        "facets": found.asked.shown(),
        "chips": found.asked.chips(),
        "week_days": week_days() if found.view == "calendar" else [],
        "feed": feed,
        # The scheme by which a calendar program offers to subscribe.
        "subscribe": feed.replace(f"{urlsplit(feed).scheme}://", "webcal://", 1),
    }
    return render(request, "directories/program_calendar.html", context)


def feed_address(query: QueryDict) -> str:
    """Where a calendar program reads the same selection: the filters, and nothing of the page."""
    filters = with_params(query, view=None, month=None, page=None, sort=None)
    return f"{site_url()}{reverse('program_ics')}{filters if filters != '?' else ''}"


@require_safe
def program_ics(request: HttpRequest) -> HttpResponse:
    """The openings and closes that the calendar shows for the same query string."""
    now = timezone.now()
    also_known = ("month",)
    asked = narrow(INTAKES, params=request.GET, user=None, now=now, also_known=also_known)
    chips = ", ".join(chip.label for chip in asked.chips())
    title = list_words("programs").title or _("Intakes")
    name = f"{title} · {chips}" if chips else title
    body = ics.calendar(name, feed_address(request.GET), feed_events(asked, now))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response
