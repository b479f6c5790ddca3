"""When a listing counts as not confirmed any more (promise 13)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from core.taxonomy.models import CitySettings

if TYPE_CHECKING:
    from startups.models import Listing

# After the day on which it is asked again; two reminders fall in between.
LABELLED_AFTER: Final = timedelta(days=30)


def confirmed_for() -> timedelta:
    """How long after the day it was confirmed on a listing counts as confirmed."""
    return timedelta(days=CitySettings.current().confirm_every_days) + LABELLED_AFTER


def _last_day(today: date) -> date:
    return today - confirmed_for()


def is_stale(listing: Listing, today: date) -> bool:
    """Whether ``listing`` carries the label on ``today``: asked again, and nobody confirmed it."""
    return listing.verified_on is None or listing.verified_on <= _last_day(today)


def stale(today: date) -> Q:
    """The same, for the database."""
    return Q(verified_on__isnull=True) | Q(verified_on__lte=_last_day(today))
