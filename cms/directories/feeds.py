"""Atom feeds (RFC 4287) and iCalendar files (RFC 5545) of what is public."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cms.directories.challenges import BOARD, happenings
from cms.directories.listing import Happening
from cms.pages.words import list_words
from core.addresses import site_url
from core.languages import active_language
from pilots.models import Challenge, Pilot

FEED_LENGTH = 50
CALENDAR_LENGTH = 2000


class RecordFeed(Feed):  # type: ignore[type-arg]
    """An Atom feed of one kind of record, in the language of the address."""

    feed_type = Atom1Feed
    kind = ""

    def title(self) -> str:
        """Title of the list."""
        return list_words(self.kind).title

    def subtitle(self) -> str:
        """Introduction of the list."""
        return list_words(self.kind).intro

    def feed_copyright(self) -> str:
        """Licence of everything exported."""
        return "CC BY 4.0"

    def item_title(self, item: Any) -> str:
        """Title of the record."""
        mark = f" ({_('example')})" if item.is_example else ""
        return f"{item.title}{mark}"

    def item_description(self, item: Any) -> str:
        """One sentence."""
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        """Public page."""
        return str(item.get_absolute_url())

    def item_updateddate(self, item: Any) -> datetime:
        """Last change."""
        return item.updated_at  # type: ignore[no-any-return]


class ChallengeFeed(RecordFeed):
    """The last challenges published."""

    kind = "challenges"

    def link(self) -> str:
        """The board."""
        return reverse("challenge_list")

    def items(self) -> Any:
        """Newest first."""
        return Challenge.objects.public().order_by("-published_at")[:FEED_LENGTH]

    def item_pubdate(self, item: Any) -> datetime | None:
        """Publication."""
        return item.published_at  # type: ignore[no-any-return]


class PilotFeed(RecordFeed):
    """The last pilots."""

    kind = "pilots"

    def link(self) -> str:
        """The list."""
        return reverse("pilot_list")

    def items(self) -> Any:
        """Newest first."""
        return Pilot.objects.public().order_by("-updated_at")[:FEED_LENGTH]


def _event(happening: Happening, uid: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("summary", f"{happening.label} : {happening.what}")
    at = happening.at
    event.add("dtstart", at)
    if isinstance(at, date) and not isinstance(at, datetime):
        event.add("dtend", at + timedelta(days=1))
    event.add("url", f"{site_url()}{happening.url}")
    return event


def _calendar(name: str, rows: list[tuple[str, Happening]]) -> HttpResponse:
    calendar = Calendar()
    calendar.add("prodid", f"-//Banc d’essai//{active_language()}")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    stamp = timezone.now()
    for uid, happening in rows[:CALENDAR_LENGTH]:
        calendar.add_component(_event(happening, uid, stamp))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def _uid(record: Any, n: int) -> str:
    return f"{record._meta.label_lower}-{record.pk}-{n}@banc-dessai"


@require_safe
def challenge_calendar(request: HttpRequest) -> HttpResponse:
    """Openings, closes and choices of public challenges."""
    now = timezone.now()
    found = BOARD.prepare(BOARD.rows(request.user, now)).order_by("-published_at")
    rows = [
        (_uid(challenge, n), happening)
        for challenge in found[:CALENDAR_LENGTH]
        for n, happening in enumerate(happenings(challenge))
    ]
    return _calendar(list_words("challenges").title, rows)
