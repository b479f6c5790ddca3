"""The incubator's own page: numbers without a trace of readers, and what the listing lacks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms import page_cache
from cms.view_counting import listing_of, tally
from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from startups.completeness import MATTERS, completeness_of
from startups.domain.viewing import add_views, week_of
from startups.models import AlumniTie, Program, Startup, WeeklyViews
from tests import factories
from tests.startups.test_interest import make_intake, make_program, show

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
MISSING = 404


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    tally.take()
    page_cache.pages.clear()


@pytest.fixture
def owner() -> User:
    return factories.make_user("incubation")


@pytest.fixture
def program(owner: User) -> Program:
    return make_program(owner)


def read(client: Client, listing: Any, times: int = 1, **headers: str) -> None:
    for _n in range(times):
        answer = client.get(listing.get_absolute_url(), HTTP_USER_AGENT=BROWSER, **headers)
        assert answer.status_code == 200


def counted() -> dict[tuple[str, int], int]:
    tally.write()
    return {(row.kind, row.listing_pk): row.n for row in WeeklyViews.objects.all()}


class TestCounting:
    def test_a_page_read_is_one_more_of_the_week(self, client: Client, program: Program) -> None:
        read(client, program, 2)
        read(client, program.incubator)
        expected = {("program", program.pk): 2, ("incubator", program.incubator_id): 1}
        assert counted() == expected
        read(client, program)
        assert counted() == {**expected, ("program", program.pk): 3}
        assert {row.week for row in WeeklyViews.objects.all()} == {week_of(timezone.now())}

    def test_reading_writes_nothing_and_sets_no_cookie(
        self, client: Client, program: Program
    ) -> None:
        read(client, program)  # settings and locales are made when they are first read
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(program.get_absolute_url(), HTTP_USER_AGENT=BROWSER)
        assert not answer.cookies
        assert [
            q for q in asked if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
        ] == []

    def test_what_the_page_cache_serves_counts_too(
        self, client: Client, program: Program, settings: Any
    ) -> None:
        settings.PAGE_CACHE_SECONDS = 60
        read(client, program)
        with CaptureQueriesContext(connection) as asked:
            read(client, program, 3)
        assert len(asked) == 0
        assert counted() == {("program", program.pk): 4}

    @pytest.mark.parametrize(
        "agent",
        [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; bingbot/2.0)",
            "curl/8.5.0",
            "python-httpx/0.28",
            "Mozilla/5.0 HeadlessChrome/130",
        ],
    )
    def test_robots_that_name_themselves_do_not(
        self, client: Client, program: Program, agent: str
    ) -> None:
        client.get(program.get_absolute_url(), HTTP_USER_AGENT=agent)
        assert counted() == {}

    def test_what_is_fetched_ahead_or_in_part_does_not(
        self, client: Client, program: Program
    ) -> None:
        read(client, program, HTTP_SEC_PURPOSE="prefetch")
        read(client, program, HTTP_HX_REQUEST="true")
        client.head(program.get_absolute_url(), HTTP_USER_AGENT=BROWSER)
        assert counted() == {}

    def test_members_and_staff_do_not_and_others_do(
        self, client: Client, program: Program, owner: User
    ) -> None:
        for person in (owner, factories.make_user("moderation", roles.MODERATORS)):
            client.force_login(person)
            read(client, program)
            read(client, program.incubator)
        assert counted() == {}
        client.force_login(factories.make_user("visite"))
        read(client, program)
        assert counted() == {("program", program.pk): 1}

    def test_members_of_a_startup_do_not_count_its_solutions(self, client: Client) -> None:
        founder = factories.make_user()
        startup = factories.make_startup(founder)
        startup.solutions.update(organisation=None)
        client.force_login(founder)
        read(client, startup)
        read(client, startup.solutions.get())
        assert counted() == {}

    def test_made_up_addresses_are_dropped(self, client: Client) -> None:
        assert client.get("/fr/programmes/nulle-part/").status_code == MISSING
        week = week_of(NOW)
        assert add_views({("program", "nulle-part", week): 5}) == 0
        assert not WeeklyViews.objects.exists()

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/fr/programmes/hiver/", ("program", "hiver")),
            ("/en/programs/hiver/", ("program", "hiver")),
            ("/fr/incubateurs/a/", ("incubator", "a")),
            ("/en/startups/a/", ("startup", "a")),
            ("/fr/solutions/a/", ("solution", "a")),
            ("/fr/programmes/", None),
            ("/fr/programmes/hiver", None),
            ("/fr/programmes/hiver/appels/1/interet/", None),
            ("/", None),
            ("", None),
        ],
    )
    def test_which_addresses_are_listings(
        self, path: str, expected: tuple[str, str] | None
    ) -> None:
        assert listing_of(path) == expected


class TestPage:
    def address(self, program: Program) -> str:
        return reverse("incubator_desk", args=[program.incubator_id])

    def test_only_its_members_open_it(self, client: Client, program: Program, owner: User) -> None:
        for person, answer in (
            (owner, 200),
            (factories.make_user(), MISSING),
            (factories.make_user("moderation", roles.MODERATORS), MISSING),
        ):
            client.force_login(person)
            assert client.get(self.address(program)).status_code == answer

    def test_it_shows_views_interests_and_doors(
        self, client: Client, program: Program, owner: User
    ) -> None:
        week = week_of(NOW)
        add_views(
            {
                ("program", program.slug, week): 3,
                ("program", program.slug, week - timedelta(weeks=2)): 4,
                ("incubator", program.incubator.slug, week): 2,
                ("incubator", program.incubator.slug, week - timedelta(weeks=30)): 9,
            }
        )
        founder = factories.make_user()
        show(make_intake(program), factories.make_startup(founder), founder)
        client.force_login(owner)
        page = client.get(self.address(program))
        views = page.context["views"]
        assert (views.total, views.this_week) == (9, 5)
        assert [(row[1], row[2]) for row in views.rows] == [([2, 3], 5), ([0, 4], 4)]
        assert page.context["interests"] == [("new", "Nouveau", 1)]
        assert [row[0] for row in page.context["intakes"]] == [program]
        assert page.context["silent"] == []

    def test_what_waits_for_the_program_of_another_organisation_is_not_here(
        self, client: Client, program: Program, owner: User
    ) -> None:
        founder = factories.make_user()
        startup = factories.make_startup(founder)
        show(make_intake(program), startup, founder)
        AlumniTie.objects.create(program=program, startup=startup, startup_said_at=NOW)
        other = Organisation.objects.create(
            name="Autre", slug="autre", kind=OrganisationKind.SUPPORT
        )
        Program.objects.update(organisation=other)
        client.force_login(owner)
        page = client.get(self.address(program))
        assert (page.context["interests"], page.context["ties"]) == ([], [])

    def test_alumni_wait_and_the_trials_of_confirmed_ones_show(
        self, client: Client, program: Program, owner: User
    ) -> None:
        said, confirmed = (factories.make_startup(factories.make_user()) for _n in range(2))
        tie = AlumniTie.objects.create(program=program, startup=said, startup_said_at=NOW)
        AlumniTie.objects.create(
            program=program, startup=confirmed, startup_said_at=NOW, program_said_at=NOW
        )
        for startup in (said, confirmed):
            factories.make_pilot(startup)
        client.force_login(owner)
        page = client.get(self.address(program))
        assert page.context["ties"] == [tie]
        assert reverse("alumni", args=[program.incubator.organisation_id]) in page.content.decode()
        assert page.context["alumni_count"] == 1
        assert [pilot.startup for pilot in page.context["pilots"]] == [confirmed]

    def test_a_program_without_intake_leads_to_announcing_one(
        self, client: Client, program: Program, owner: User
    ) -> None:
        client.force_login(owner)
        page = client.get(self.address(program))
        assert page.context["silent"] == [(program, True)]
        assert reverse("intake_new", args=[program.pk]) in page.content.decode()
        Membership.objects.filter(user=owner).update(role=Role.VIEWER)
        page = client.get(self.address(program))
        assert page.context["silent"] == [(program, False)]
        assert reverse("intake_new", args=[program.pk]) not in page.content.decode()

    @pytest.mark.parametrize("size", [1, 3])
    def test_it_asks_the_same_of_the_database(
        self, client: Client, program: Program, owner: User, size: int
    ) -> None:
        for number in range(size - 1):
            Program.objects.create(
                slug=f"autre-{number}",
                incubator=program.incubator,
                name_fr="Autre",
                summary_fr="x",
                about_fr="x",
                live=True,
            )
        for each in Program.objects.all():
            make_intake(each)
        client.force_login(owner)
        client.get(self.address(program))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(self.address(program))
        assert len(page.context["complete"]) == 1 + size
        assert len(asked) == 14


class TestCompleteness:
    def test_what_is_not_given_is_said_with_its_reason(self, program: Program) -> None:
        found = completeness_of(program)
        names = {lack.name for lack in found.lacks}
        assert {"equity_percent", "fee", "stages", "themes"} <= names
        assert "name_en" not in names
        assert found.given + len(found.lacks) == found.wanted
        assert all(lack.reason for lack in found.lacks)

    def test_zero_is_an_answer(self, program: Program) -> None:
        program.equity_percent, program.fee = 0, 0  # type: ignore[assignment]
        assert not {"equity_percent", "fee"} & {x.name for x in completeness_of(program).lacks}

    def test_every_item_is_a_field(self) -> None:
        for model, wanted in MATTERS.items():
            assert {name for name in wanted if not hasattr(model, name)} == set()
        assert Startup in MATTERS
