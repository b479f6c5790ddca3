"""Rows of every published kind, and how answers are read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from core.taxonomy.models import Borough, Theme
from pilots.enums import ChallengeState, PilotState
from pilots.models import (
    Call,
    Challenge,
    Indicator,
    Pilot,
    Reading,
    Site,
    SiteBooking,
    Stage,
)
from startups.models import Incubator, Intake, Program, Solution, Startup

API = "/api/v1"


def make(n: int) -> None:
    """One public record of each kind, numbered ``n``."""
    now = timezone.now()
    day = timedelta(days=1)
    theme = Theme.objects.create(slug=f"theme-{n}", name_fr=f"Thème {n}", name_en=f"Theme {n}")
    borough = Borough.objects.create(
        slug=f"borough-{n}",
        name=f"Arrondissement {n}",
        kind="borough",
        code=str(n),
        lat=45.5,
        lon=-73.6,
        bbox=[-73.7, 45.4, -73.5, 45.6],
    )
    call = Call.objects.create(frozen_at=now)
    Stage.objects.create(call=call, opens_at=now - day, closes_at=now + 30 * day)
    challenge = Challenge.objects.create(
        slug=f"challenge-{n}",
        reference=f"D-{n}",
        state=ChallengeState.PUBLISHED,
        live=True,
        call=call,
        title_fr=f"Déneiger {n}",
        title_en=f"Clear snow {n}",
        summary_fr="Une phrase",
        published_at=now,
    )
    site = Site.objects.create(
        slug=f"site-{n}",
        name_fr=f"Place {n}",
        kind="square",
        borough=borough,
        geometry={"type": "Point", "coordinates": [-73.6, 45.5]},
        lat=45.5,
        lon=-73.6,
        is_example=True,
    )
    for relation, related in (("themes", theme), ("boroughs", borough), ("sites", site)):
        getattr(challenge, relation).set([related])
    challenge.save()
    startup = Startup.objects.create(
        slug=f"startup-{n}", name=f"Pousse {n}", live=True, borough=borough, is_example=True
    )
    startup.themes.set([theme])
    startup.save()
    solution = Solution.objects.create(
        slug=f"solution-{n}", startup=startup, name_fr=f"Solution {n}", trl=6, live=True
    )
    pilot = Pilot.objects.create(
        slug=f"pilot-{n}",
        reference=f"P-{n}",
        state=PilotState.RUNNING,
        live=True,
        challenge=challenge,
        startup=startup,
        solution=solution,
        title_fr=f"Essai {n}",
        hypothesis_fr="On mesure.",
        stop_rule_fr="On arrête.",
        verdict_role_fr="Direction",
        started_at=now - day,
        verdict_due_on=date(2020, 1, 1),
    )
    SiteBooking.objects.create(
        site=site, pilot=pilot, starts_on=now.date() - day, ends_on=now.date() + day
    )
    indicator = Indicator.objects.create(pilot=pilot, key="bruit", label_fr="Bruit", unit="dB(A)")
    Reading.objects.create(
        indicator=indicator, at=datetime(2026, 1, n, tzinfo=UTC), value=Decimal("61.5")
    )
    incubator = Incubator.objects.create(
        slug=f"incubator-{n}",
        name=f"Incubateur {n}",
        kind="incubator",
        live=True,
        borough=borough,
        lat=45.51,
        lon=-73.61,
    )
    program = Program.objects.create(
        slug=f"program-{n}", incubator=incubator, name_fr=f"Parcours {n}", live=True
    )
    for record in (solution, incubator, program):
        record.themes.set([theme])
        record.save()
    Intake.objects.create(
        program=program, opens_at=now - day, closes_at=now + 30 * day, is_example=True
    )


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def problem_of(response: HttpResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(response.content)
    assert {"type", "title", "status", "detail", "instance"} <= set(found)
    assert found["status"] == status
    return found
