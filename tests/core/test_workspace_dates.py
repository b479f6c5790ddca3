"""What waits in the workspace says since when, or until when, and has one button."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import dates
from core.accounts import roles
from core.accounts.domain.invitations import invite
from core.accounts.domain.join_requests import ask_to_join
from core.accounts.domain.ownership import offer_ownership
from core.accounts.models import Membership, Organisation, Role, User
from core.deadlines import end_of_day
from core.notifications.closed_addresses import close_address
from core.notifications.enums import ClosedBecause
from core.probing import Outcome
from core.registry import WorkspaceRow, rows_for, workspace_rows
from pilots.domain import application as applications
from pilots.domain import jury
from pilots.enums import AssignmentState, PermitState, PilotState
from pilots.models import Assignment, Indicator, Permit, Pilot
from search.models import Index
from startups.domain.correcting import propose_correction
from startups.domain.editing import save_fields
from startups.domain.needs import post_need
from startups.enums import NeedKind
from startups.models import AlumniTie, CheckedLink, Incubator, Intake, Program, Startup
from tests import factories
from tests.pilots.decisions import make_closed

pytestmark = pytest.mark.django_db

# A listing that nobody ever confirmed, a draft for a call without a close, a trial in preparation
# that has no planned day: there is no date to say.
UNDATED = {"listing_confirm", "application_edit", "pilotdesk"}


class World:
    """Everything that may wait for somebody, each thing once."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.owner = factories.make_user("Ana")
        self.startup = factories.make_startup(
            self.owner, verified_on=self.today - timedelta(days=200)
        )
        self.organisation: Organisation = self.startup.organisation
        self.belonging()
        self.thread()
        self.trials()
        self.directory()
        # An index of which the last check found that it lacks a record.
        self.administrator = factories.make_user("Adm", roles.ADMINISTRATORS)
        Index.objects.update(drift=1, checked_at=self.now)

    def belonging(self) -> None:
        host, organisation = factories.make_user("Eve"), self.organisation
        other = factories.make_startup(host).organisation
        common = {"actor": host, "now": self.now}
        third = factories.make_startup(host).organisation
        invite(organisation=third, email=self.owner.email, role=Role.VIEWER, **common)
        Membership.objects.create(user=self.owner, organisation=other, role=Role.EDITOR)
        offer_ownership(organisation=other, to=self.owner, stays_owner=True, **common)
        ask_to_join(organisation=organisation, **common)
        close_address(email=self.owner.email, reason=ClosedBecause.BOUNCE, now=self.now)

    def thread(self) -> None:
        self.draft = applications.start_application(
            challenge=factories.make_challenge(self.now),
            organisation=self.organisation,
            actor=self.owner,
            now=self.now,
        )
        closed = make_closed()
        self.stage, self.manager = closed.stage, closed.manager
        self.undeclared, self.juror = factories.jury_member(), factories.jury_member()
        jury.appoint_jury(
            stage=self.stage, users=[self.undeclared, self.juror], actor=self.manager, now=self.now
        )
        seat = self.juror.juror_in.get()
        jury.declare_conflicts(juror=seat, organisations=[], actor=self.juror, now=self.now)
        jury.assign_applications(stage=self.stage, actor=self.manager, now=self.now)
        Assignment.objects.filter(juror=seat).update(state=AssignmentState.ACCEPTED)

    def trials(self) -> None:
        self.city = factories.pilot_manager()
        begun = self.today - timedelta(days=90)
        self.prepared = factories.make_pilot(self.startup)
        self.late = factories.make_pilot(self.startup)
        Pilot.objects.filter(pk=self.late.pk).update(
            state=PilotState.RUNNING,
            starts_on=begun,
            ends_on=self.today - timedelta(days=30),
            verdict_due_on=self.today - timedelta(days=3),
            started_at=self.now - timedelta(days=90),
            hypothesis_fr="h",
            stop_rule_fr="s",
            verdict_role_fr="v",
        )
        Indicator.objects.create(pilot=self.late, key="a", label_fr="A", every_days=7)
        Permit.objects.create(
            pilot=self.prepared,
            site=factories.make_site(),
            label_fr="Occupation",
            state=PermitState.GRANTED,
            requested_on=begun,
            granted_on=begun,
            expires_on=self.today + timedelta(days=5),
        )

    def directory(self) -> None:
        """A correction, a tie, a draft, a need about to end, a yearly intake, a dead link."""
        said = {"live": True, "summary_fr": "x", "about_fr": "x", "verified_on": self.today}
        house = Incubator.objects.create(slug="maison", name="Maison", kind="space", **said)
        program = Program.objects.create(
            slug="suite", incubator=house, organisation=self.organisation, name_fr="Suite", **said
        )
        AlumniTie.objects.create(program=program, startup=self.startup, program_said_at=self.now)
        opened = self.now - timedelta(days=320)
        Intake.objects.create(
            program=program,
            opens_at=opened,
            closes_at=opened + timedelta(days=30),
            repeats=True,
        )
        common: dict[str, Any] = {"actor": self.owner, "now": self.now}
        ends_on = self.today + timedelta(days=10)
        words: dict[str, Any] = {"text_fr": "Des comptages", "text_en": "", "expires_on": ends_on}
        post_need(startup=self.startup, kind=NeedKind.DATA, **words, **common)
        save_fields(listing=self.startup, values={"about_fr": ("Nous comptons.", 0)}, **common)
        propose_correction(
            listing=self.startup,
            field="founded_year",
            value="2016",
            source="Le registre",
            email="",
            language="fr",
            connection="192.0.2.1",
            now=self.now,
        )
        Startup.objects.filter(pk=self.startup.pk).update(website="https://lien.test/")
        CheckedLink.objects.create(
            address="https://lien.test/",
            used_by=[["startup", self.startup.pk]],
            outcome=Outcome.FAILS,
            failing_since=self.now,
            broken_since=self.now,
        )

    def people(self) -> list[tuple[User, Organisation | None]]:
        staff = (self.undeclared, self.juror, self.manager, self.city, self.administrator)
        return [(self.owner, self.organisation), *((person, None) for person in staff)]


@pytest.fixture
def world() -> World:
    return World()


def found(world: World) -> list[WorkspaceRow]:
    return [row for person, whose in world.people() for row in rows_for(person, whose, world.now)]


def test_each_row_of_each_maker_has_a_date_and_a_button(world: World) -> None:
    for name, make in workspace_rows.items():
        theirs = [row for who in world.people() for row in make(*who, world.now)]
        assert theirs, f"Nothing waits of {name}: this world is not full."
    rows = found(world)
    assert {row.url_name for row in rows} == {
        *("invitation", "ownership_offer", "organisation_requests", "own_address"),
        *("application_edit", "jury_conflicts", "jury_evaluate", "city_challenge", "pilotdesk"),
        *("pilotdesk_readings", "listing_confirm", "listing_corrections", "alumni"),
        *("listing_edit", "need_edit", "intake_next", "listing_links", "search_index"),
    }
    assert [row for row in rows if row.due is None or not row.button] == []


def test_the_date_is_the_true_one(world: World) -> None:
    def due(person: Any, url_name: str, pilot: Pilot | None = None) -> set[datetime | None]:
        rows = rows_for(person, None, world.now)
        return {
            row.due
            for row in rows
            if row.url_name == url_name
            and (pilot is None or row.url_kwargs.get("slug") == pilot.slug)
        }

    world.stage.refresh_from_db()
    given = Assignment.objects.filter(juror__user=world.juror)
    assert due(world.undeclared, "jury_conflicts") == {world.stage.closes_at}
    assert due(world.juror, "jury_evaluate") == set(given.values_list("changed_at", flat=True))
    assert due(world.manager, "city_challenge") == {world.stage.closes_at}
    assert end_of_day(world.today - timedelta(days=3)) in due(world.city, "pilotdesk", world.late)
    assert due(world.city, "pilotdesk", world.prepared) == {
        end_of_day(world.today),
        end_of_day(world.today + timedelta(days=5)),
    }
    assert due(world.owner, "own_address") == {world.now}


def test_without_a_date_are_only_those_that_have_none(world: World) -> None:
    Startup.objects.update(verified_on=None)
    type(world.draft.stage).objects.filter(pk=world.draft.stage_id).update(closes_at=None)
    Pilot.objects.filter(pk=world.prepared.pk).update(starts_on=None)
    undated = [row for row in found(world) if row.due is None]
    assert {row.url_name for row in undated} == UNDATED
    assert all(row.button for row in undated)


def test_the_page_says_since_when(world: World, client: Client) -> None:
    client.force_login(world.undeclared)
    page = client.get(reverse("workspace")).content.decode()
    assert "<b>il y a " in page
    assert "0 minute" not in page
    now = datetime.combine(date(2026, 3, 12), datetime.min.time(), tzinfo=world.now.tzinfo)
    assert dates.due(now - timedelta(days=3), now) == "il y a 3 jours"
    assert dates.due(now + timedelta(hours=5), now) == "5 heures"
