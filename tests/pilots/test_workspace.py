"""What a trial asks of a person today: permits about to expire, values that lack."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.accounts.models import Membership, Role
from core.deadlines import end_of_day
from pilots.enums import PermitState, PilotState
from pilots.models import Indicator, Permit, Pilot, Reading
from pilots.workspace import rows
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 16, tzinfo=UTC)


@pytest.fixture
def owner() -> Any:
    return factories.make_user("Ana")


@pytest.fixture
def pilot(owner: Any) -> Pilot:
    made = factories.make_pilot(factories.make_startup(owner))
    Pilot.objects.filter(pk=made.pk).update(
        state=PilotState.RUNNING,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 9, 30),
        verdict_due_on=date(2026, 11, 30),
        started_at=datetime(2026, 6, 1, 12, tzinfo=UTC),
        hypothesis_fr="h",
        stop_rule_fr="s",
        verdict_role_fr="v",
    )
    return Pilot.objects.get(pk=made.pk)


def said(user: Any, pilot: Pilot) -> list[tuple[str, Any]]:
    found = rows(user, pilot.startup.organisation, NOW)
    return [(str(row.detail), row.due) for row in found if str(row.title) == pilot.title]


def permit(pilot: Pilot, expires_on: date, state: str = PermitState.GRANTED) -> None:
    Permit.objects.create(
        pilot=pilot,
        site=factories.make_site(),
        label_fr="Occupation",
        state=state,
        requested_on=date(2026, 5, 1),
        granted_on=date(2026, 5, 2),
        expires_on=expires_on,
    )


def test_a_permit_is_told_thirty_days_ahead(owner: Any, pilot: Pilot) -> None:
    permit(pilot, date(2026, 7, 11))
    assert said(owner, pilot) == []
    permit(pilot, date(2026, 7, 10))
    due = end_of_day(date(2026, 7, 10))
    assert due == datetime(2026, 7, 11, 3, 59, tzinfo=UTC)
    assert said(owner, pilot) == [("Le permis « Occupation » expire.", due)]
    assert said(factories.pilot_manager(), pilot) == [("Le permis « Occupation » expire.", due)]


def test_values_that_lack_are_asked_for(owner: Any, pilot: Pilot) -> None:
    week = Indicator.objects.create(pilot=pilot, key="a", label_fr="A", every_days=7)
    # Since the first evening, a week: not yet.
    begun = end_of_day(date(2026, 6, 1)) + timedelta(days=7)
    assert said(owner, pilot) == [
        ("Des mesures manquent : le plan en prévoit une tous les 7 jours.", begun)
    ]
    Reading.objects.create(indicator=week, at=NOW - timedelta(days=7), value=1)
    assert said(owner, pilot) == []
    Indicator.objects.create(pilot=pilot, key="b", label_fr="B", every_days=1)
    assert said(owner, pilot) == [
        (
            "Des mesures manquent : le plan en prévoit une par jour.",
            NOW - timedelta(days=6),
        )
    ]


def test_one_who_only_reads_is_asked_for_nothing(pilot: Pilot) -> None:
    viewer = factories.make_user("Lecture")
    organisation = pilot.startup.organisation
    Membership.objects.create(user=viewer, organisation=organisation, role=Role.VIEWER)
    permit(pilot, date(2026, 6, 20))
    assert said(viewer, pilot) == []
    Membership.objects.filter(user=viewer).update(role=Role.EDITOR)
    assert len(said(viewer, pilot)) == 1
    assert said(factories.make_user("Rival"), pilot) == []
