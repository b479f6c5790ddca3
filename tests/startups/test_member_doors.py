"""From a member's pages to each other: one panel in order, and a door beside each thing to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import Organisation, OrganisationKind, Role, User
from startups.completeness import completeness_of
from startups.enums import ListingState, ProgramFormat
from startups.models import Incubator, Program
from tests import factories
from tests.startups.rows import make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Organisation:
    found: Organisation = Organisation.objects.create(
        name="La maison", slug="maison", kind=OrganisationKind.SUPPORT
    )
    return found


@pytest.fixture
def incubator(house: Organisation) -> Incubator:
    return make_incubator(name="Atelier", organisation=house)


@pytest.fixture
def program(incubator: Incubator) -> Program:
    return make_program(incubator, name_fr="Parcours")


def member(organisation: Organisation, role: Role = Role.OWNER) -> Client:
    user: User = factories.make_user()
    organisation.memberships.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def directory_panel(client: Client) -> list[str]:
    text = page(client, "workspace").partition("Dans le répertoire")[2].partition("</section>")[0]
    return re.findall(r'href="([^"]+)"', text)


class TestPanel:
    def test_of_a_support_organisation(self, house: Organisation, incubator: Incubator) -> None:
        assert directory_panel(member(house)) == [
            reverse("incubator_desk", args=[incubator.pk]),
            incubator.get_absolute_url(),
            reverse("listing_list"),
            reverse("intake_list"),
            reverse("interest_inbox", args=[house.pk]),
            reverse("need_list"),
            reverse("alumni", args=[house.pk]),
            reverse("relay_list"),
        ]

    def test_of_a_startup(self) -> None:
        owner = factories.make_user()
        startup = factories.make_startup(owner)
        client = Client()
        client.force_login(owner)
        assert startup.organisation is not None
        assert directory_panel(client) == [
            startup.get_absolute_url(),
            reverse("listing_list"),
            reverse("interest_list"),
            reverse("startup_needs", args=[startup.pk]),
            reverse("alumni", args=[startup.organisation.pk]),
            reverse("relay_list"),
        ]

    def test_every_door_of_a_reader_opens(self, house: Organisation, incubator: Incubator) -> None:
        reader = member(house, Role.VIEWER)
        doors = directory_panel(reader)
        assert reverse("alumni", args=[house.pk]) not in doors
        assert {reader.get(door).status_code for door in doors} == {200}


class TestListings:
    def test_a_program_leads_to_its_intakes_and_its_startups(
        self, house: Organisation, program: Program
    ) -> None:
        client = member(house)
        text = page(client, "listing_list")
        intakes = f"{reverse('intake_list')}#program-{program.pk}"
        new = reverse("intake_new", args=[program.pk])
        for address in (intakes, new, reverse("alumni", args=[house.pk])):
            assert text.count(f'href="{address}"') == 1
            assert client.get(address).status_code == 200
        assert f'id="program-{program.pk}"' in page(client, "intake_list")

    def test_of_a_closed_organisation_nothing_is_announced(
        self, house: Organisation, incubator: Incubator, program: Program
    ) -> None:
        Incubator.objects.filter(pk=incubator.pk).update(state=ListingState.CLOSED)
        text = page(member(house), "listing_list")
        assert reverse("intake_new", args=[program.pk]) not in text
        assert reverse("intake_list") in text

    def test_a_reader_is_offered_nothing_to_write(
        self, house: Organisation, program: Program
    ) -> None:
        text = page(member(house, Role.VIEWER), "listing_list")
        assert program.name in text
        assert reverse("intake_new", args=[program.pk]) not in text

    @pytest.mark.parametrize("size", [1, 3])
    def test_it_asks_the_same_of_the_database(
        self, house: Organisation, incubator: Incubator, size: int
    ) -> None:
        for _n in range(size):
            make_program(incubator)
        client = member(house)
        page(client, "listing_list")
        with CaptureQueriesContext(connection) as asked:
            text = page(client, "listing_list")
        assert text.count("#program-") == size
        assert len(asked) == 12


class TestCompleteness:
    def lacks(self, program: Program) -> set[str]:
        return {lack.name for lack in completeness_of(program).lacks}

    def test_it_lacks_what_the_questions_lack(self, program: Program) -> None:
        assert {"trl_min", "themes", "stages"} <= self.lacks(program)
        # One end of a maturity answers; so does "all sectors", without a theme.
        program.trl_max, program.any_sector, program.stages = 7, True, ["pilot"]
        assert self.lacks(program).isdisjoint({"trl_min", "trl_max", "themes", "stages"})
        # A code that no question knows answers nothing.
        program.stages = ["disparu"]
        assert "stages" in self.lacks(program)

    def test_how_one_attends_is_asked(self, program: Program) -> None:
        program.format = ""
        assert "format" in self.lacks(program)
        program.format = ProgramFormat.HYBRID
        assert "format" not in self.lacks(program)

    def test_each_item_leads_to_its_field(
        self, house: Organisation, incubator: Incubator, program: Program
    ) -> None:
        client = member(house)
        text = page(client, "incubator_desk", incubator.pk)
        form = page(client, "listing_edit", "program", program.pk)
        for name in self.lacks(program):
            edit = reverse("listing_edit", args=["program", program.pk])
            assert f'href="{edit}#id_{name}"' in text
            assert f'id="id_{name}"' in form
        assert reverse("listing_edit", args=["incubator", incubator.pk]) in text

    def test_a_reader_and_who_does_not_write_the_program_are_led_nowhere(
        self, house: Organisation, incubator: Incubator, program: Program
    ) -> None:
        edit = reverse("listing_edit", args=["program", program.pk])
        assert edit not in page(member(house, Role.VIEWER), "incubator_desk", incubator.pk)
        other = Organisation.objects.create(name="B", slug="b", kind=OrganisationKind.SUPPORT)
        Program.objects.filter(pk=program.pk).update(organisation=other)
        text = page(member(house), "incubator_desk", incubator.pk)
        assert edit not in text
        assert reverse("listing_edit", args=["incubator", incubator.pk]) in text


class TestDrafts:
    def test_a_part_is_seen_by_those_who_speak_for_its_whole(
        self, house: Organisation, program: Program
    ) -> None:
        Program.objects.filter(pk=program.pk).update(live=False)
        ours, other = (factories.make_user() for _n in range(2))
        house.memberships.create(user=ours, role=Role.VIEWER)
        assert program in Program.objects.visible_to(ours)
        assert program not in Program.objects.visible_to(other)
        assert program not in Program.objects.visible_to(AnonymousUser())

    def test_a_part_that_another_organisation_speaks_for_is_its_draft_alone(
        self, house: Organisation, program: Program
    ) -> None:
        other = Organisation.objects.create(name="B", slug="b", kind=OrganisationKind.SUPPORT)
        Program.objects.filter(pk=program.pk).update(live=False, organisation=other)
        ours, theirs = (factories.make_user() for _n in range(2))
        house.memberships.create(user=ours, role=Role.OWNER)
        other.memberships.create(user=theirs, role=Role.OWNER)
        assert program not in Program.objects.visible_to(ours)
        assert program in Program.objects.visible_to(theirs)


class TestFollowing:
    @pytest.mark.parametrize(
        ("opens", "asked"),
        [
            (-1, "Prévenez-moi du prochain appel"),
            (5, "Prévenez-moi à l’ouverture"),
        ],
    )
    def test_a_door_that_is_open_is_not_told_of(
        self, client: Client, program: Program, opens: int, asked: str
    ) -> None:
        now = timezone.now()
        make_intake(
            program, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=30)
        )
        assert asked in page(client, "program_detail", program.slug)
