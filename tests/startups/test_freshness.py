"""The label of what nobody has confirmed: the same day in Python and in the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from startups.freshness import is_stale, stale
from startups.models import Startup
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(("days", "expected"), [(0, False), (209, False), (210, True), (800, True)])
def test_a_listing_is_labelled_thirty_days_after_it_was_asked_again(
    days: int, expected: bool
) -> None:
    startup = factories.make_startup(verified_on=TODAY - timedelta(days=days))
    assert is_stale(startup, TODAY) is expected
    assert Startup.objects.filter(stale(TODAY)).exists() is expected


def test_what_was_never_confirmed_is_labelled() -> None:
    startup = factories.make_startup(verified_on=None)
    assert is_stale(startup, TODAY)
    assert Startup.objects.filter(stale(TODAY)).exists()
