"""How often listings are read: numbers in memory, written together a little later.

Before the page cache in the chain, so that what it serves counts too. Nothing of the reader is
kept: no cookie is set, no address is noted; a view is one more of a listing in a week. Left out:
robots that say so, pages fetched ahead of a click, the city's staff and whoever belongs to the
listing's organisation, where they are signed in. A killed process loses at most the views of
``VIEWS_KEPT_SECONDS``.
"""

from __future__ import annotations

import atexit
import logging
import re
from collections import Counter
from functools import lru_cache
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import DatabaseError, connections
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import rules
from core.accounts.models import Membership
from core.languages import LANGUAGES
from startups.domain.viewing import Key, add_views, week_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

logger = logging.getLogger(__name__)
KINDS: Final = ("startup", "solution", "incubator", "program")
# What belongs to a whole: its members are the whole's.
WHOLES: Final = {"solution": "startups__solutions", "program": "incubators__programs"}
ROBOTS: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|headless|lighthouse|fetch|scrap"
    r"|curl|wget|python|java/|go-http|libwww|http-client|okhttp|axios|feed|facebookexternalhit",
    re.IGNORECASE,
)
# What makes up addresses does not fill the memory.
MOST_KEPT: Final = 20_000


class Tally:
    """What was counted since it was last written; safe between threads."""

    def __init__(self) -> None:
        """Nothing counted."""
        self._counts: Counter[Key] = Counter()
        self._lock = Lock()
        self._timer: Timer | None = None

    def add(self, key: Key) -> None:
        """One view more; the first since the last writing sets when the next one is."""
        with self._lock:
            if key in self._counts or len(self._counts) < MOST_KEPT:
                self._counts[key] += 1
            if self._timer is None and settings.VIEWS_KEPT_SECONDS:
                self._timer = Timer(settings.VIEWS_KEPT_SECONDS, self._write_and_close)
                self._timer.daemon = True
                self._timer.start()

    def take(self) -> dict[Key, int]:
        """What was counted, which is counted no more."""
        with self._lock:
            taken, self._counts = dict(self._counts), Counter()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        return taken

    def write(self) -> int:
        """Add what was counted to the weeks; how many views. Kept while the database is away."""
        taken = self.take()
        if not taken:
            return 0
        try:
            return add_views(taken)
        except DatabaseError:
            logger.warning("%s views could not be written yet.", sum(taken.values()))
            with self._lock:
                self._counts.update(taken)
            return 0

    def _write_and_close(self) -> None:
        """In a thread of its own, whose connection nobody else closes."""
        try:
            self.write()
        finally:
            connections.close_all()


tally = Tally()


@atexit.register
def _write_the_rest() -> None:
    if settings.configured and settings.VIEWS_KEPT_SECONDS:
        tally.write()


class ViewCountingMiddleware:
    """Counts the pages of listings that a person read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """``get_response`` is the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count."""
        response = self.get_response(request)
        listing = listing_of(request.path)
        if listing is not None and _is_read(request, response) and not _is_own(request, *listing):
            tally.add((*listing, week_of(timezone.now())))
        return response


def listing_of(path: str) -> tuple[str, str] | None:
    """Kind and slug of the listing whose page ``path`` is."""
    head, _slash, slug = path.rstrip("/").rpartition("/")
    kind = _heads().get(head) if path.endswith("/") else None
    return (kind, slug) if kind is not None and slug else None


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    """What comes before the slug, in each language, and the kind of listing."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            for kind in KINDS:
                page = reverse(f"{kind}_detail", args=["x"])
                found[page.removesuffix("/x/")] = kind
    return found


def _is_read(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that somebody asked for with a browser."""
    return response.status_code in (200, 304) and is_person(request)


def is_person(request: HttpRequest) -> bool:
    """Whether a browser asks for a page to be read: no robot, nothing fetched ahead of a click."""
    meta = request.META
    agent = meta.get("HTTP_USER_AGENT", "")
    ahead = meta.get("HTTP_SEC_PURPOSE", "") or meta.get("HTTP_PURPOSE", "")
    return (
        request.method == "GET"
        and "HTTP_HX_REQUEST" not in meta
        and "prefetch" not in ahead
        and bool(agent)
        and not ROBOTS.search(agent)
    )


def _is_own(request: HttpRequest, kind: str, slug: str) -> bool:
    """Of the city's staff, or of those who belong to the listing's organisation."""
    user: User | None = getattr(request, "user", None)  # a kept page asks nothing of anybody
    if user is None or not user.is_authenticated:
        return False
    if rules.is_city_staff(user):
        return True
    mine = Membership.objects.filter(user=user)
    its = mine.filter(**{f"organisation__{kind}s__slug": slug})
    whole = WHOLES.get(kind)
    return its.exists() or (
        whole is not None and mine.filter(**{f"organisation__{whole}__slug": slug}).exists()
    )
