"""What people type on the city's clocks, made an instant: also on the nights the clocks change.

A time that does not exist (clocks go forward) is the one an hour later. A time that comes twice
(clocks go back) is the first or the second, as the caller means; either is said to the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Settled:
    """The instant meant, and what was odd about the time typed."""

    instant: datetime
    oddity: Literal["", "skipped", "twice"] = ""


def settle(typed: datetime, *, later: bool) -> Settled:
    """The instant of ``typed`` (naive, on the city's clocks).

    ``later`` takes the second of two: a close, that nobody is shut out an hour before they think.
    """
    if typed.tzinfo is not None:
        msg = "What is typed on a clock has no zone of its own."
        raise ValueError(msg)
    zone = timezone.get_default_timezone()
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    shown = first.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None, fold=0) != typed.replace(fold=0):
        return Settled(shown, "skipped")
    if first.utcoffset() != second.utcoffset():
        return Settled((second if later else first).astimezone(UTC).astimezone(zone), "twice")
    return Settled(first)


def same_day_of(year: int, day: date) -> date:
    """The day of ``year`` nearest to ``day``'s date that is the same day of the week."""
    try:
        found = day.replace(year=year)
    except ValueError:  # the twenty-ninth of February
        found = day.replace(year=year, day=28)
    shift = (day.weekday() - found.weekday() + 3) % 7 - 3
    return found + timedelta(days=shift)
