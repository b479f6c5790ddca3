"""What startups and programs say to each other: the incubator of the world is the rival's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from startups.domain.interest import show_interest
from startups.domain.needs import post_need
from startups.domain.relaying import answer_need, report_relay
from startups.enums import NeedKind, RelaySide
from startups.models import Deployment, Incubator, Intake


def add_interest(w: Any, now: datetime) -> None:
    """An interest of the world's startup in an intake that the rival reads."""
    Incubator.objects.filter(pk=w.incubator.pk).update(organisation=w.other.organisation)
    w.intake, w.new_intake = (
        Intake.objects.create(
            program=w.program, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
        )
        for _n in range(2)
    )
    w.interest = show_interest(
        intake=w.intake,
        startup=w.startup,
        solutions=[],
        word="Bonjour",
        actor=w.person("owner"),
        now=now,
    )
    _conversation(w, now)


def _conversation(w: Any, now: datetime) -> None:
    """Two needs of the world's startup; the rival wrote about the first, which was reported."""
    w.need, w.other_need = (
        post_need(
            startup=w.startup,
            kind=NeedKind.DATA,
            text_fr=text,
            text_en="",
            expires_on=now.date() + timedelta(days=90),
            actor=w.person("owner"),
            now=now,
        )
        for text in ("Des relevés", "Un terrain")
    )
    w.relay = answer_need(
        need=w.need,
        organisation=w.other.organisation,
        text="Bonjour",
        actor=w.person("rival"),
        now=now,
    )
    report_relay(
        relay=w.relay, side=RelaySide.STARTUP, reason="Mot", actor=w.person("owner"), now=now
    )
    w.deployment = Deployment.objects.create(
        solution=w.solution, place="Laval", year=2025, has_contact=True
    )
