"""A selected application becomes a pilot with its checklist."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import Length
from django.utils.text import slugify

from core.audit import log
from core.deadlines import city_time
from pilots.models import Application, Milestone, Pilot
from pilots.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User

DEFAULT_WEEKS = 16
PREPARATION = timedelta(weeks=4)
LONGEST_SLUG = 100


def award_pilot(*, application: Application, actor: User, now: datetime) -> Pilot:
    """Make the pilot of a selected application; part of the release's transaction.

    Dates are a proposal: the challenge's own, else four weeks from now for sixteen weeks.
    """
    challenge, startup = application.challenge, application.startup
    solution = application.solution
    today = city_time(now).date()
    starts_on = max(challenge.trial_starts_on or today + PREPARATION, today)
    ends_on = starts_on + timedelta(weeks=challenge.trial_weeks or DEFAULT_WEEKS)
    name_fr = solution.name_fr if solution else challenge.title_fr
    name_en = solution.name_en if solution else challenge.title_en
    pilot: Pilot = Pilot.objects.create(
        slug=free_slug(f"{name_fr} {startup.name}"),
        reference=next_reference(today.year),
        challenge=challenge,
        application=application,
        startup=startup,
        solution=solution,
        title_fr=name_fr,
        title_en=name_en,
        summary_fr=challenge.summary_fr,
        summary_en=challenge.summary_en,
        may_identify_people=bool(solution and solution.sees_people),
        starts_on=starts_on,
        ends_on=ends_on,
        verdict_due_on=ends_on + timedelta(weeks=challenge.verdict_weeks),
        verdict_role_fr=challenge.department_fr,
        verdict_role_en=challenge.department_en,
        is_example=application.challenge.is_example,
        live=True,
    )
    _first_milestones(pilot)
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(
        actor=actor,
        action="pilot.awarded",
        target=pilot,
        public={"reference": pilot.reference, "challenge": challenge.slug, "startup": startup.slug},
        now=now,
    )
    return pilot


def _first_milestones(pilot: Pilot) -> None:
    assert pilot.starts_on is not None
    assert pilot.ends_on is not None
    middle = pilot.starts_on + (pilot.ends_on - pilot.starts_on) / 2
    steps = (
        ("Installation terminée", "Installation completed", pilot.starts_on),
        ("Bilan à mi-parcours", "Mid-term review", middle),
        ("Démontage et bilan final", "Removal and final report", pilot.ends_on),
    )
    Milestone.objects.bulk_create(
        Milestone(pilot=pilot, title_fr=fr, title_en=en, due_on=on, sort_order=n)
        for n, (fr, en, on) in enumerate(steps)
    )


def next_reference(year: int) -> str:
    """« P2026-07 »: the next number of the year; called under the challenge's lock."""
    last = (
        Pilot.objects.filter(reference__startswith=f"P{year}-")
        .order_by(Length("reference").desc(), "-reference")
        .values_list("reference", flat=True)
        .first()
    )
    number = int(last.rpartition("-")[2]) + 1 if last else 1
    return f"P{year}-{number:02d}"


def free_slug(words: str) -> str:
    """An address that no pilot has; a slug never changes once public."""
    stem = slugify(words)[:LONGEST_SLUG] or "pilote"
    taken = set(Pilot.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug
        for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3)))
        if slug not in taken
    )
