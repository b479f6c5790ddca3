"""The one function that answers whether an instant is in time (promise 1).

Rules, the same on every path:

* an instant is in time when it is **not later** than the closing instant plus the grace: what is
  sent at 17:00:00.000000 exactly, for a close at 17:00, is in time; one microsecond later is late
  (or in grace when the call gives some);
* a call is open from its opening instant, included;
* everything is compared in UTC: a grace of one hour is one hour on the night the clocks change;
* an extension belongs to one applicant, only ever moves the close later, replaces it and the
  grace follows it; one that has served does not serve again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.utils import timezone

WindowStatus = Literal["upcoming", "open", "grace", "closed"]
NO_GRACE = timedelta(0)


def _utc(instant: datetime) -> datetime:
    """``instant`` in UTC, where adding a duration is adding elapsed time."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        msg = "A deadline is compared with aware instants only."
        raise ValueError(msg)
    return instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """More time for one applicant: ``applicant`` is the organisation's number."""

    applicant: int
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something closes: ``at`` (aware; None never closes), ``grace``, extensions."""

    at: datetime | None
    grace: timedelta = NO_GRACE
    extensions: tuple[ExtraTime, ...] = field(default=())

    def __post_init__(self) -> None:
        """Keep UTC inside; a negative grace is a mistake."""
        if self.at is not None:
            object.__setattr__(self, "at", _utc(self.at))
        if self.grace < NO_GRACE:
            msg = "A grace is not negative."
            raise ValueError(msg)

    def closes_at(self, applicant: int | None = None) -> datetime | None:
        """The instant shown to ``applicant``: the close, or a later unused extension of theirs."""
        if self.at is None:
            return None
        instants = [self.at]
        if applicant is not None:
            instants += [
                _utc(extra.until)
                for extra in self.extensions
                if extra.applicant == applicant and not extra.used
            ]
        return max(instants)


def window_status(
    opens_at: datetime | None,
    closes_at: datetime | None,
    grace: timedelta,
    now: datetime,
) -> WindowStatus:
    """Where ``now`` stands: upcoming, open, in grace or closed.

    ``opens_at`` None has always been open; ``closes_at`` None never closes.
    """
    instant = _utc(now)
    if opens_at is not None and instant < _utc(opens_at):
        return "upcoming"
    if closes_at is None or instant <= _utc(closes_at):
        return "open"
    if instant <= _utc(closes_at) + grace:
        return "grace"
    return "closed"


def is_in_time(deadline: Deadline, instant: datetime, applicant: int | None = None) -> bool:
    """Whether ``instant`` (aware) is in time, grace and ``applicant``'s extension included."""
    status = window_status(None, deadline.closes_at(applicant), deadline.grace, instant)
    return status in ("open", "grace")


def city_time(instant: datetime) -> datetime:
    """``instant`` (aware) on the city's clocks; deadlines are shown in it first."""
    return _utc(instant).astimezone(timezone.get_default_timezone())


def end_of_day(day: date) -> datetime:
    """The last minute of ``day`` on the city's clocks: until when something dated serves."""
    return datetime.combine(day, time(23, 59), tzinfo=timezone.get_default_timezone())
