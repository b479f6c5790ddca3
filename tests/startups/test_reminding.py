"""A listing is asked again when it is due and fifteen days later, then labelled; never removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from freezegun import freeze_time

from core.accounts.models import Membership, Role, User
from core.deadlines import city_time
from core.notifications.models import Message
from core.states import change_state
from startups.domain.confirming import confirm_listing
from startups.domain.reminding import remind
from startups.enums import LISTING_TRANSITIONS, ListingState
from startups.models import Incubator, Solution, Startup
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 16, tzinfo=UTC)
TODAY = city_time(NOW).date()
DUE = TODAY - timedelta(days=180)


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio", language="fr")


@pytest.fixture
def startup(owner: User) -> Startup:
    startup = factories.make_startup(owner, verified_on=DUE)
    Solution.objects.update(verified_on=TODAY)
    return startup


def subjects() -> list[str]:
    found = Message.objects.filter(event="listing_to_confirm").order_by("pk")
    return [message.subject for message in found]


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_two_reminders_then_silence(startup: Startup, owner: User) -> None:
    assert remind(now=after(-1)) == 0
    assert [remind(now=after(day)) for day in (0, 0, 1, 14, 15, 16, 100)] == [1, 0, 0, 0, 1, 0, 0]
    assert subjects() == [
        f"« {startup.name} », est-ce toujours vrai ?",
        f"Rappel : « {startup.name} », est-ce toujours vrai ?",
    ]
    text = Message.objects.filter(event="listing_to_confirm").first()
    assert text is not None
    assert f"/fr/espace/fiches/startup/{startup.pk}/confirmer/" in text.text


def test_a_confirmation_begins_a_new_half_year(startup: Startup, owner: User) -> None:
    remind(now=NOW)
    confirm_listing(listing=startup, actor=owner, now=after(1))
    assert remind(now=after(20)) == 0
    assert remind(now=after(181)) == 2  # its solution is due by then too


def test_only_those_who_may_write_are_asked(startup: Startup) -> None:
    organisation = startup.organisation
    assert organisation is not None
    for role in (Role.EDITOR, Role.VIEWER, Role.FINANCE):
        user = factories.make_user(role.value)
        Membership.objects.create(user=user, organisation=organisation, role=role)
    assert remind(now=NOW) == 2


def test_nobody_is_asked_of_what_nobody_keeps_or_what_is_gone(startup: Startup) -> None:
    words = {"kind": "incubator", "summary_fr": "x", "about_fr": "x", "live": True}
    Incubator.objects.create(slug="c", name="C", **words)
    gone = factories.make_startup(factories.make_user("autre"), verified_on=DUE)
    change_state(gone, ListingState.CLOSED, transitions=LISTING_TRANSITIONS)
    Solution.objects.update(verified_on=TODAY)
    assert remind(now=NOW) == 1


def test_a_solution_is_asked_of_its_startup(startup: Startup) -> None:
    Solution.objects.update(organisation=None, verified_on=DUE)
    Startup.objects.update(verified_on=TODAY)
    assert remind(now=NOW) == 1
    assert "Solution" in subjects()[0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_task_costs_the_same(
    owner: User, django_assert_max_num_queries: Any, count: int
) -> None:
    for _each in range(count):
        factories.make_startup(owner, verified_on=DUE)
    Solution.objects.update(verified_on=TODAY)
    with django_assert_max_num_queries(20 + count):
        assert remind(now=NOW) == count


@pytest.mark.parametrize(
    ("verified_on", "said"),
    [
        (TODAY, "juin 2026"),
        (TODAY - timedelta(days=209), "novembre 2025"),
        (TODAY - timedelta(days=210), "non confirmé depuis le 3 novembre 2025"),
        (None, "jamais confirmé par l’organisation"),
    ],
)
def test_the_page_says_when_nobody_confirmed_it(owner: User, verified_on: Any, said: str) -> None:
    startup = factories.make_startup(owner, verified_on=verified_on)
    with freeze_time(NOW), translation.override("fr"):
        page = Client().get(startup.get_absolute_url()).text
    assert said in page
    is_labelled = verified_on is None or "non confirmé" in said
    assert ("confirmé depuis" in page or "jamais confirmé" in page) is is_labelled
