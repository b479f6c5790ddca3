"""Every factor of the order in which answers come, in one table.

The text comes first: a record's text score (BM25, Robertson and Zaragoza 2009, on the streams of
:mod:`search.tokens` by :data:`WEIGHTS`) is multiplied by one plus the points of what else is true
of it. A title that is what was typed counts twice; the rest together is less than a word in the
title is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import number, quantity
from search.analysis import words
from search.port import Document, Hit, Standing

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a word is worth by where it stands.
WEIGHTS: Final = {"title": 10.0, "brief": 4.0, "other": 3.0, "body": 1.0}
# Points of a title that is what was typed, …
TITLED: Final = 1.0
# … those that hold until the record changes …
VERIFIED: Final = 0.10
STALE: Final = -0.20
FOLLOWED: Final = 0.02
MOST_FOLLOWED: Final = 6
# … and those that the clock gives: open now, and closing in less than this time.
OPEN: Final = 0.30
UPCOMING: Final = 0.15
CLOSING: Final = 0.10
SOON: Final = timedelta(days=30)
LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line of “why this result”: what it adds to the score, and the factor it comes from.

    The points of all lines make the score; the last one says it.
    """

    label: str
    points: float
    factor: float | None = None

    @property
    def value(self) -> str:
        """« 12,3 », « +3,69 (+30 %) »."""
        if self.factor is None:
            return number(self.points)
        sign = "+" if self.points > 0 else ""
        share = quantity(round(100 * self.factor, 1), "%", 1)
        return f"{sign}{number(self.points)} ({sign}{share})"


STANDING_WORDS: Final[dict[str, tuple[float, _StrPromise]]] = {
    Standing.VERIFIED: (VERIFIED, gettext_lazy("Verified listing")),
    Standing.STALE: (STALE, gettext_lazy("Not confirmed for long")),
}


def title_points(record: Document | Hit, typed: str) -> float:
    """The points of a record whose title is ``typed``, in plain words."""
    return TITLED if typed and title_of(record) == typed[:LONGEST_TITLE] else 0.0


def title_of(record: Document | Hit) -> str:
    """The plain words of its title, as far as an index holds them."""
    return " ".join(words(record.title))[:LONGEST_TITLE]


def standing_points(record: Document | Hit) -> float:
    """The points of a record that hold until it changes."""
    standing, _words = STANDING_WORDS.get(record.standing, (0.0, ""))
    return standing + FOLLOWED * min(record.popularity, MOST_FOLLOWED)


def timed_points(record: Document | Hit, now: datetime) -> float:
    """The points that the clock gives at ``now``: open or soon so, and the nearer its end."""
    opens, closes = record.opens_at, record.closes_at
    if opens is not None and opens > now:
        return UPCOMING
    if closes is None:
        return OPEN if opens is not None else 0.0
    if closes <= now:
        return 0.0
    near = max(0.0, 1 - (closes - now) / SOON)
    return OPEN + CLOSING * near


def explain(hit: Hit, now: datetime) -> list[Line]:
    """What the score of ``hit`` is the sum of, for staff, and the score itself at the end."""
    # Without words everything is worth one.
    text = hit.text_score or 1.0
    standing, vouched = STANDING_WORDS.get(hit.standing, (0.0, ""))
    factors = [
        (_("Its title is what was typed"), TITLED if hit.is_titled else 0.0),
        (_("Open, and how near its dates are"), timed_points(hit, now)),
        (str(vouched), standing),
        (_("Followed by people"), FOLLOWED * min(hit.popularity, MOST_FOLLOWED)),
    ]
    return [
        Line(_("Words found") if hit.text_score else _("No words were asked for"), text),
        *(Line(label, text * factor, factor) for label, factor in factors if factor),
        Line(_("Together"), hit.score),
    ]
