"""Who speaks for a listing says again that it is true; nobody else does, and once a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from freezegun import freeze_time

from core.accounts.models import Organisation, Role, User
from core.audit.models import AuditEntry
from core.deadlines import city_time
from core.exceptions import NotAllowed
from core.registry import WorkspaceRow
from core.taxonomy.models import CitySettings
from startups.domain.confirming import ListingGone, confirm_listing, due_on
from startups.enums import ListingState
from startups.facts import PUBLIC_FACTS, facts_of
from startups.models import LISTINGS, Incubator, Program, Startup
from startups.workspace.confirming import rows
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = city_time(timezone.now()).date()
LONG_AGO = TODAY - timedelta(days=180)


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner, verified_on=LONG_AGO)


def confirm(listing: Any, actor: User) -> Any:
    return confirm_listing(listing=listing, actor=actor, now=timezone.now())


def asked(user: User, organisation: Organisation) -> list[WorkspaceRow]:
    with translation.override("fr"):
        return list(rows(user, organisation, timezone.now()))


def page_of(listing: Any) -> str:
    with translation.override("fr"):
        return reverse("listing_confirm", args=[listing._meta.model_name, listing.pk])


def test_it_dates_the_listing_and_leaves_a_line(startup: Startup, owner: User) -> None:
    confirm(startup, owner)
    confirm(startup, owner)
    startup.refresh_from_db()
    assert startup.verified_on == TODAY
    (line,) = AuditEntry.objects.filter(action="startup.confirmed")
    assert line.actor_id == owner.pk
    assert (line.public["before"], line.public["after"]) == (
        LONG_AGO.isoformat(),
        TODAY.isoformat(),
    )


@freeze_time("2026-03-02T03:30:00Z")
def test_the_day_is_the_citys(startup: Startup, owner: User) -> None:
    assert confirm(startup, owner).verified_on == date(2026, 3, 1)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.VIEWER])
def test_who_may_not_write_it_does_not_confirm_it(startup: Startup, role: str) -> None:
    member = factories.make_user("membre")
    startup.organisation.memberships.create(user=member, role=role)
    for actor in (member, factories.make_user("rival")):
        with pytest.raises(NotAllowed):
            confirm(startup, actor)
    assert asked(member, startup.organisation) == []
    startup.refresh_from_db()
    assert startup.verified_on == LONG_AGO


def test_nobody_speaks_for_it(owner: User) -> None:
    unclaimed = Incubator.objects.create(
        slug="inc", name="Inc", kind="incubator", summary_fr="x", about_fr="x", live=True
    )
    with pytest.raises(NotAllowed):
        confirm(unclaimed, owner)


@pytest.mark.parametrize("state", [ListingState.CLOSED, ListingState.MERGED])
def test_what_is_closed_is_asked_no_more(startup: Startup, owner: User, state: str) -> None:
    Startup.objects.filter(pk=startup.pk).update(state=state)
    with pytest.raises(ListingGone):
        confirm(startup, owner)
    assert [row for row in asked(owner, startup.organisation) if row.title == startup.name] == []


def test_it_is_asked_on_the_day_and_not_before(startup: Startup, owner: User) -> None:
    organisation = startup.organisation
    assert due_on(startup) == TODAY
    titles = {row.title for row in asked(owner, organisation)}
    assert titles == {startup.name, str(startup.solutions.get())}
    Startup.objects.filter(pk=startup.pk).update(verified_on=LONG_AGO + timedelta(days=1))
    assert {row.title for row in asked(owner, organisation)} == {str(startup.solutions.get())}
    for listing in (startup, startup.solutions.get()):
        confirm(listing, owner)
    assert asked(owner, organisation) == []


def test_the_city_says_how_often(startup: Startup, owner: User) -> None:
    city = CitySettings.load()
    city.confirm_every_days = 365
    city.save()
    assert asked(owner, startup.organisation) == []
    assert due_on(startup) == LONG_AGO + timedelta(days=365)


def test_a_part_without_an_organisation_is_its_wholes(owner: User) -> None:
    organisation = factories.make_startup(owner).organisation
    incubator = Incubator.objects.create(
        slug="inc",
        name="Inc",
        kind="incubator",
        summary_fr="x",
        about_fr="x",
        live=True,
        organisation=organisation,
        verified_on=TODAY,
    )
    program = Program.objects.create(
        slug="p", incubator=incubator, name_fr="P", summary_fr="x", about_fr="x", live=True
    )
    (row,) = asked(owner, organisation)
    assert (row.title, row.due) == ("P", None)
    assert confirm(program, owner).verified_on == TODAY


class TestThePage:
    def test_it_is_read_then_confirmed_by_one_click(self, startup: Startup, owner: User) -> None:
        client = Client()
        client.force_login(owner)
        page = client.get(page_of(startup))
        assert page.status_code == 200
        assert "Une phrase." in page.content.decode()
        startup.refresh_from_db()
        assert startup.verified_on == LONG_AGO
        done = client.post(page_of(startup), follow=True)
        assert f"«\u00a0{startup.name}\u00a0» est confirmée" in done.content.decode()
        startup.refresh_from_db()
        assert startup.verified_on == TODAY

    def test_of_others_it_is_not_there(self, startup: Startup) -> None:
        client = Client()
        client.force_login(factories.make_user("rival"))
        assert client.get(page_of(startup)).status_code == 404
        assert client.post(page_of(startup)).status_code == 404

    def test_an_unknown_kind_is_not_there(self, owner: User) -> None:
        client = Client()
        client.force_login(owner)
        assert client.get("/fr/espace/fiches/user/1/confirmer/").status_code == 404


def test_every_kind_says_its_public_facts(startup: Startup) -> None:
    assert set(PUBLIC_FACTS) == set(LISTINGS)
    with translation.override("fr"):
        said = {fact.name: fact for fact in facts_of(startup)}
    assert said["tagline_en"].value == "A sentence."
    assert (said["tagline_en"].language, said["name"].language) == ("en", "")
    assert said["languages"].value == "français"
    assert said["stage"].value == "Prototype"
    assert said["founded_year"].value == ""
