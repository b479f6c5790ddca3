"""Trials in every state, with their permits, a year of readings and their verdicts."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cms.demo.source import Calendar, pairs
from core.deadlines import city_time
from pilots.enums import MilestoneState, PermitState, PilotState, ReadingSource
from pilots.models import (
    Application,
    Challenge,
    Indicator,
    JournalEntry,
    Milestone,
    Permit,
    PermitRule,
    Pilot,
    Reading,
    Site,
    SiteBooking,
    Verdict,
)
from startups.models import Startup

if TYPE_CHECKING:
    from core.accounts.models import User

PERMIT_MARGIN = timedelta(days=30)
VERDICT_WEEKS = 8
ENDED = (PilotState.COMPLETED, PilotState.CONCLUDED)


def load_pilot(
    record: dict[str, Any],
    calendar: Calendar,
    challenge: Challenge,
    startup: Startup,
    sites: dict[str, Site],
    manager: User,
) -> Pilot:
    """One trial as its verbs would have left it today."""
    state = PilotState(record["state"])
    starts_on = calendar.today + timedelta(days=record["starts_in_days"])
    ends_on = starts_on + timedelta(weeks=record["weeks"])
    started = state != PilotState.PREPARING
    done = state in ENDED
    pilot: Pilot = Pilot.objects.create(
        slug=record["slug"],
        reference=_reference(starts_on),
        state=state,
        challenge=challenge,
        startup=startup,
        solution=startup.solutions.filter(slug=record["solution"]).first(),
        **pairs(
            record,
            *("title", "summary", "hypothesis", "stop_rule", "notice", "agreement"),
            *("privacy_summary", "verdict_role"),
        ),
        **_reasons(record, state),
        agreement_signed_on=starts_on - timedelta(days=12),
        may_identify_people=record["may_identify_people"],
        privacy_assessed_on=starts_on - timedelta(days=20) if started else None,
        starts_on=starts_on,
        ends_on=ends_on,
        started_at=calendar.at(record["starts_in_days"], 8) if started else None,
        completed_at=calendar.at(record["starts_in_days"] + record["weeks"] * 7, 16)
        if done
        else None,
        verdict_due_on=ends_on + timedelta(weeks=VERDICT_WEEKS),
        is_example=True,
        live=True,
        first_published_at=calendar.now,
    )
    for slug in record["sites"]:
        _book(pilot, sites[slug], calendar)
    _milestones(pilot, record, calendar)
    _journal(pilot, record, calendar)
    for number, indicator in enumerate(record["indicators"]):
        _indicator(pilot, number, indicator, calendar)
    if record["verdict"]:
        _verdict(pilot, record["verdict"], manager, calendar)
    return pilot


def _reference(starts_on: date) -> str:
    year = starts_on.year
    return f"P{year}-{Pilot.objects.filter(reference__startswith=f'P{year}-').count() + 1:02d}"


def _reasons(record: dict[str, Any], state: PilotState) -> dict[str, str]:
    if state == PilotState.SUSPENDED:
        return pairs(record, suspended_reason="reason")
    if state == PilotState.CANCELLED:
        return pairs(record, cancelled_reason="reason")
    return {}


def attach(pilot: Pilot, application: Application) -> None:
    """The application that won it."""
    Pilot.objects.filter(pk=pilot.pk).update(application=application)


def _book(pilot: Pilot, site: Site, calendar: Calendar) -> None:
    assert pilot.starts_on is not None
    assert pilot.ends_on is not None
    if pilot.state == PilotState.CANCELLED:
        return
    SiteBooking.objects.create(
        site=site,
        pilot=pilot,
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        is_exclusive=not site.is_shared,
    )
    rules = PermitRule.objects.demanded_for(
        borough_id=site.borough_id, site_kind=site.kind, on=calendar.today
    )
    granted = pilot.state != PilotState.PREPARING
    for number, rule in enumerate(rules):
        asked = granted or number == 0
        Permit.objects.create(
            pilot=pilot,
            site=site,
            rule=rule,
            label_fr=rule.label_fr,
            label_en=rule.label_en,
            state=_permit_state(granted=granted, asked=asked),
            requested_on=pilot.starts_on - timedelta(days=40) if asked else None,
            granted_on=pilot.starts_on - timedelta(days=15) if granted else None,
            expires_on=pilot.ends_on + PERMIT_MARGIN if granted else None,
            reference=f"{rule.borough.code}-{pilot.pk:03d}{number}" if granted else "",
        )


def _permit_state(*, granted: bool, asked: bool) -> PermitState:
    if granted:
        return PermitState.GRANTED
    return PermitState.REQUESTED if asked else PermitState.REQUIRED


def _day_at(pilot: Pilot, percent: int) -> date:
    assert pilot.starts_on is not None
    assert pilot.ends_on is not None
    return pilot.starts_on + (pilot.ends_on - pilot.starts_on) * percent / 100


def _milestones(pilot: Pilot, record: dict[str, Any], calendar: Calendar) -> None:
    for number, milestone in enumerate(record["milestones"]):
        due_on = _day_at(pilot, milestone["at_percent"])
        met = due_on < calendar.today and pilot.state not in (
            PilotState.PREPARING,
            PilotState.CANCELLED,
        )
        Milestone.objects.create(
            pilot=pilot,
            sort_order=number,
            **pairs(milestone, "title"),
            due_on=due_on,
            state=MilestoneState.MET if met else MilestoneState.SCHEDULED,
            met_on=due_on + timedelta(days=number) if met else None,
        )


def _journal(pilot: Pilot, record: dict[str, Any], calendar: Calendar) -> None:
    for entry in record["journal"]:
        day = _day_at(pilot, entry["at_percent"])
        if day <= calendar.today:
            JournalEntry.objects.create(
                pilot=pilot, happened_on=day, **pairs(entry, "title", "text")
            )


def _indicator(pilot: Pilot, number: int, record: dict[str, Any], calendar: Calendar) -> None:
    indicator = Indicator.objects.create(
        pilot=pilot,
        sort_order=number,
        key=record["key"],
        **pairs(record, "label", "method"),
        unit=record["unit"],
        family=record["family"],
        direction=record["direction"],
        baseline=record["baseline"],
        target=record["target"],
        every_days=record["every_days"],
    )
    if pilot.started_at is not None:
        Reading.objects.bulk_create(_readings(indicator, record, pilot, calendar))


def _readings(
    indicator: Indicator, record: dict[str, Any], pilot: Pilot, calendar: Calendar
) -> list[Reading]:
    """From the baseline toward ``ends_near``, quickly first, with noise and a few gaps."""
    assert pilot.started_at is not None
    chance = random.Random(f"{pilot.slug} {indicator.key}")  # noqa: S311  the same each time
    last = min(calendar.now, pilot.completed_at or calendar.now)
    if pilot.state in (PilotState.SUSPENDED, PilotState.CANCELLED):
        last -= timedelta(days=21)
    start, goal = float(record["baseline"]), float(record["ends_near"])
    found = []
    at = pilot.started_at + timedelta(hours=2)
    days = 0
    while at < last:
        progress = 1 - math.exp(-days / 60)
        value = start + (goal - start) * progress + chance.gauss(0, float(record["noise"]))
        floor = 0.0 if min(start, goal) >= 0 else value
        if chance.random() > 0.04:
            found.append(
                Reading(
                    indicator=indicator,
                    at=at,
                    value=Decimal(str(round(max(value, floor), 2))),
                    source=ReadingSource.API if indicator.every_days == 1 else ReadingSource.FORM,
                )
            )
        days += indicator.every_days
        at = pilot.started_at + timedelta(days=days, hours=2)
    return found


def _verdict(pilot: Pilot, record: dict[str, Any], manager: User, calendar: Calendar) -> None:
    assert pilot.completed_at is not None
    decided_at = pilot.completed_at + timedelta(days=record["after_days"])
    if decided_at > calendar.now:
        decided_at = calendar.now - timedelta(days=2)
    Verdict.objects.create(
        pilot=pilot,
        outcome=record["outcome"],
        **pairs(record, "reasons"),
        role_fr=pilot.verdict_role_fr,
        role_en=pilot.verdict_role_en,
        decided_by=manager,
        decided_at=decided_at,
    )
    JournalEntry.objects.create(
        pilot=pilot,
        happened_on=city_time(decided_at).date(),
        title_fr="Verdict rendu public",
        title_en="Verdict made public",
    )
