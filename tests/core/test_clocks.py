"""What is typed on the nights the clocks change, in the city of the settings."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.clocks import same_day_of, settle


@pytest.mark.parametrize(
    ("typed", "later", "instant", "oddity"),
    [
        ("2027-03-01T17:00", True, "2027-03-01T22:00", ""),
        ("2027-07-01T17:00", True, "2027-07-01T21:00", ""),
        # Forward on 14 March 2027 at two: half past two is an hour later.
        ("2027-03-14T01:59", True, "2027-03-14T06:59", ""),
        ("2027-03-14T02:30", False, "2027-03-14T07:30", "skipped"),
        ("2027-03-14T02:30", True, "2027-03-14T07:30", "skipped"),
        ("2027-03-14T03:00", True, "2027-03-14T07:00", ""),
        # Back on 7 November 2027 at two: half past one comes twice.
        ("2027-11-07T01:30", False, "2027-11-07T05:30", "twice"),
        ("2027-11-07T01:30", True, "2027-11-07T06:30", "twice"),
        ("2027-11-07T02:00", True, "2027-11-07T07:00", ""),
    ],
)
def test_every_time_typed_is_one_instant(
    typed: str, later: bool, instant: str, oddity: str
) -> None:
    found = settle(datetime.fromisoformat(typed), later=later)
    assert found.instant.astimezone(UTC) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert found.oddity == oddity


def test_what_was_skipped_is_shown_an_hour_later() -> None:
    settled = settle(datetime.fromisoformat("2027-03-14T02:30"), later=False)
    assert f"{settled.instant:%H:%M}" == "03:30"


def test_an_instant_has_no_clock_of_the_city() -> None:
    with pytest.raises(ValueError, match="no zone"):
        settle(datetime(2027, 3, 14, 2, 30, tzinfo=UTC), later=False)


@pytest.mark.parametrize(
    ("day", "year", "found"),
    [
        (date(2026, 3, 2), 2027, date(2027, 3, 1)),  # a Monday
        (date(2026, 12, 31), 2027, date(2027, 12, 30)),  # a Thursday
        (date(2026, 1, 1), 2027, date(2026, 12, 31)),
        (date(2028, 2, 29), 2029, date(2029, 2, 27)),  # a Tuesday
    ],
)
def test_the_same_day_of_the_week_a_year_later(day: date, year: int, found: date) -> None:
    assert same_day_of(year, day) == found
    assert found.weekday() == day.weekday()
