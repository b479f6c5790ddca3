"""No start without proof, one site one trial, readings answered one by one, one verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.accounts.models import User
from core.exceptions import IllegalMove, Incomplete, NotAllowed
from pilots.domain import pilot as verbs
from pilots.domain import plan, reading, sites
from pilots.domain.reading import NewReading, NotMeasuring
from pilots.enums import MilestoneState, PermitState, PilotState, ReadingSource, VerdictOutcome
from pilots.models import Milestone, Permit, Pilot, Reading, SiteBooking
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return factories.pilot_manager()


@pytest.fixture
def pilot() -> Pilot:
    return factories.make_pilot()


def book(pilot: Pilot, boss: User, site: Any = None, shift: int = 0) -> Any:
    chosen = site or factories.make_site()
    assert pilot.starts_on
    assert pilot.ends_on
    days = timedelta(days=shift)
    return sites.book_site(
        pilot=pilot,
        site=chosen,
        starts_on=pilot.starts_on + days,
        ends_on=pilot.ends_on + days,
        actor=boss,
        now=timezone.now(),
    )


def grant_all(pilot: Pilot, boss: User, until: int = 0, **where: Any) -> None:
    assert pilot.ends_on
    now = timezone.now()
    for permit in pilot.permits.filter(**where):
        sites.request_permit(permit=permit, on=now.date(), actor=boss, now=now)
        sites.grant_permit(
            permit=permit,
            granted_on=now.date(),
            expires_on=pilot.ends_on + timedelta(days=until),
            reference="A-1",
            actor=boss,
            now=now,
        )


def make_ready(pilot: Pilot, boss: User) -> None:
    site = factories.make_site()
    factories.make_rule(site)
    book(pilot, boss, site)
    grant_all(pilot, boss)
    write_plan(pilot, boss)


def write_plan(pilot: Pilot, boss: User) -> None:
    now = timezone.now()
    values = {"hypothesis_fr": "Si, alors.", "stop_rule_fr": "Moins de dix."}
    verbs.update_plan(pilot=pilot, values=values, actor=boss, now=now)
    plan.write_indicator(
        pilot=pilot,
        indicator=None,
        values={"label_fr": "Attente", "unit": "min", "baseline": 12, "target": 8},
        actor=boss,
        now=now,
    )
    plan.add_milestone(
        pilot=pilot, title_fr="Pose", title_en="", due_on=pilot.starts_on, actor=boss, now=now
    )


def started(pilot: Pilot, boss: User) -> Pilot:
    make_ready(pilot, boss)
    return verbs.start_pilot(pilot=pilot, actor=boss, now=timezone.now())


def test_the_start_is_refused_with_the_whole_list(pilot: Pilot, boss: User) -> None:
    with pytest.raises(Incomplete) as caught:
        verbs.start_pilot(pilot=pilot, actor=boss, now=timezone.now())
    assert caught.value.problems == [
        "Aucun site n’est réservé\u00a0: choisissez-en un au catalogue.",
        "L’hypothèse manque.",
        "La règle d’arrêt manque.",
        "Il n’y a aucun indicateur.",
        "Il n’y a aucun jalon.",
    ]
    assert Pilot.objects.get().state == PilotState.PREPARING


def test_it_starts_once_everything_is_proven(pilot: Pilot, boss: User) -> None:
    running = started(pilot, boss)
    assert running.state == PilotState.RUNNING
    with pytest.raises(IllegalMove):
        verbs.start_pilot(pilot=pilot, actor=boss, now=timezone.now())


def test_a_permit_that_expires_too_early_is_named(pilot: Pilot, boss: User) -> None:
    make_ready(pilot, boss)
    Permit.objects.update(expires_on=timezone.localdate() + timedelta(days=3))
    with pytest.raises(Incomplete) as caught:
        verbs.start_pilot(pilot=pilot, actor=boss, now=timezone.now())
    assert len(caught.value.problems) == 1
    assert "expire avant la fin de l’essai" in caught.value.problems[0]


def test_privacy_is_asked_where_a_person_can_be_identified(pilot: Pilot, boss: User) -> None:
    make_ready(pilot, boss)
    now = timezone.now()
    values = {"may_identify_people": True, "privacy_summary_fr": "Rien n’est gardé."}
    verbs.update_plan(pilot=pilot, values=values, actor=boss, now=now)
    with pytest.raises(Incomplete):
        verbs.start_pilot(pilot=pilot, actor=boss, now=now)
    verbs.complete_privacy_assessment(pilot=pilot, on=now.date(), actor=boss, now=now)
    assert verbs.start_pilot(pilot=pilot, actor=boss, now=now).state == PilotState.RUNNING


def test_the_database_refuses_a_running_pilot_without_its_plan(pilot: Pilot) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pilot.objects.filter(pk=pilot.pk).update(state=PilotState.RUNNING)


def test_the_permits_are_those_of_the_sites_borough(pilot: Pilot, boss: User) -> None:
    site = factories.make_site()
    factories.make_rule(site, label_fr="Permis A")
    factories.make_rule(site, label_fr="Pour un parc", site_kind="park")
    factories.make_rule(site, label_fr="Abrogé", valid_to="2021-01-01")
    book(pilot, boss, site)
    assert [(p.label_fr, p.state) for p in pilot.permits.all()] == [
        ("Permis A", PermitState.REQUIRED)
    ]


@pytest.mark.parametrize(("shift", "taken"), [(0, True), (112, True), (113, False)])
def test_one_site_one_trial(boss: User, shift: int, taken: bool) -> None:
    site = factories.make_site()
    first, second = factories.make_pilot(), factories.make_pilot()
    book(first, boss, site)
    if taken:
        with pytest.raises(sites.SiteTaken):
            book(second, boss, site, shift)
    else:
        book(second, boss, site, shift)
    assert SiteBooking.objects.count() == (1 if taken else 2)


def test_a_shared_site_takes_two(boss: User) -> None:
    site = factories.make_site(is_shared=True)
    for pilot in (factories.make_pilot(), factories.make_pilot()):
        book(pilot, boss, site)
    assert SiteBooking.objects.count() == 2


def test_postgresql_itself_refuses_an_overlap(boss: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL: exclusion constraints are its own; SQLite holds the write lock")
    site = factories.make_site()
    book(factories.make_pilot(), boss, site)
    other = factories.make_pilot()
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteBooking.objects.create(
            site=site, pilot=other, starts_on=other.starts_on, ends_on=other.ends_on
        )


def reading_of(key: str, value: Any, hours: int = 1) -> NewReading:
    return NewReading(indicator=key, at=timezone.now() - timedelta(hours=hours), value=value)


def test_readings_are_answered_one_by_one(pilot: Pilot, boss: User) -> None:
    started(pilot, boss)
    same = reading_of("attente", "10,5")
    answers = reading.record_readings(
        pilot=pilot,
        readings=[
            same,
            same,
            reading_of("inconnu", 1),
            reading_of("attente", "beaucoup"),
            reading_of("attente", "NaN", 2),
            reading_of("attente", 9, -5),
            NewReading("attente", same.at, "11"),
            reading_of("attente", "8.25", 3),
        ],
        source=ReadingSource.FORM,
        actor=boss,
        now=timezone.now(),
    )
    assert [a.status for a in answers] == [
        "created",
        "duplicate",
        "refused",
        "refused",
        "refused",
        "refused",
        "refused",
        "created",
    ]
    assert all(a.problem for a in answers if a.status == "refused")
    assert sorted(str(r.value) for r in Reading.objects.all()) == ["10.5000", "8.2500"]


def test_no_reading_before_the_start_nor_by_a_stranger(pilot: Pilot, boss: User) -> None:
    def send(actor: User) -> None:
        reading.record_readings(
            pilot=pilot,
            readings=[reading_of("attente", 1)],
            source=ReadingSource.FORM,
            actor=actor,
            now=timezone.now(),
        )

    with pytest.raises(NotMeasuring):
        send(boss)
    started(pilot, boss)
    with pytest.raises(NotAllowed):
        send(factories.manager())


def test_a_verdict_is_given_once_with_reasons_by_a_role(pilot: Pilot, boss: User) -> None:
    started(pilot, boss)
    give: dict[str, Any] = {
        "pilot": pilot,
        "outcome": VerdictOutcome.STOP,
        "role_fr": "Direction",
        "actor": boss,
        "now": timezone.now(),
    }
    with pytest.raises(IllegalMove):
        verbs.give_verdict(reasons_fr="Trop tôt", **give)
    verbs.complete_pilot(pilot=pilot, actor=boss, now=timezone.now())
    with pytest.raises(Incomplete):
        verbs.give_verdict(reasons_fr=" ", **give)
    verbs.give_verdict(reasons_fr="Il n’a rien changé.", **give)
    with pytest.raises(verbs.VerdictGiven):
        verbs.give_verdict(reasons_fr="Encore", **give)
    assert Pilot.objects.get().state == PilotState.CONCLUDED


def test_an_overdue_verdict_is_public(pilot: Pilot, boss: User) -> None:
    started(pilot, boss)
    pilot.refresh_from_db()
    assert pilot.verdict_due_on is not None
    assert not Pilot.objects.overdue(pilot.verdict_due_on).exists()
    assert Pilot.objects.overdue(pilot.verdict_due_on + timedelta(days=1)).get() == pilot


def test_a_milestone_is_settled_once(pilot: Pilot, boss: User) -> None:
    started(pilot, boss)
    milestone = Milestone.objects.get()
    now = timezone.now()
    settle: dict[str, Any] = {"milestone": milestone, "on": now.date(), "actor": boss, "now": now}
    plan.settle_milestone(to=MilestoneState.MET, **settle)
    with pytest.raises(IllegalMove):
        plan.settle_milestone(to=MilestoneState.NOT_MET, **settle)


def test_nothing_of_the_plan_moves_after_the_start(pilot: Pilot, boss: User) -> None:
    started(pilot, boss)
    now = timezone.now()
    with pytest.raises(sites.NotPreparing):
        verbs.update_plan(pilot=pilot, values={"hypothesis_fr": "Autre"}, actor=boss, now=now)
    with pytest.raises(sites.NotPreparing):
        plan.remove_indicator(indicator=pilot.indicators.get(), actor=boss, now=now)
