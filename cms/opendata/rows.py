"""What is computed of each published record: codes, addresses of what it is tied to, pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import translation

from cms.directories.programs import first_door
from core.addresses import site_url
from core.deadlines import city_time
from core.languages import LANGUAGES
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeState, PilotState
from startups.enums import GONE

AWAITED = (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED)
STAGE_FIELDS = ("opens_at", "questions_until", "closes_at", "decision_by")


def published(schema: Any, record: Any, computed: dict[str, Any]) -> dict[str, Any]:
    """The fields of ``schema``, computed or read from ``record``, and no other."""
    row = {}
    for name in schema.model_fields:
        value = computed[name] if name in computed else getattr(record, name)
        row[name] = float(value) if isinstance(value, Decimal) else value
    return row


def pages_of(record: Any) -> dict[str, str]:
    """The record's public page in each language."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[f"url_{code}"] = f"{site_url()}{record.get_absolute_url()}"
    return found


def board_of(param: str, slug: str) -> dict[str, str]:
    """The board narrowed to a theme or a borough, in each language."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[f"url_{code}"] = f"{site_url()}{reverse('challenge_list')}?{param}={slug}"
    return found


def slugs(records: Any) -> list[str]:
    """Addresses of a relation that was read beforehand."""
    return [record.slug for record in records.all()]


def slug_of(record: Any) -> str | None:
    """The address of a tied record, None when there is none or it is not public."""
    return record.slug if record is not None and getattr(record, "live", True) else None


def texts(record: Any | None, *stems: str, prefix: str = "") -> dict[str, str]:
    """Both languages of some texts of a tied record, empty when there is none."""
    return {
        f"{prefix}{stem}_{code}": getattr(record, f"{stem}_{code}") if record is not None else ""
        for stem in stems
        for code in LANGUAGES
    }


def challenge(record: Any, now: datetime) -> dict[str, Any]:
    """Status now, dates of the first stage, what is offered and what came of it."""
    stage = record.stage
    is_cancelled = record.state == ChallengeState.CANCELLED
    return {
        **pages_of(record),
        **{name: getattr(stage, name, None) for name in STAGE_FIELDS},
        **texts(record if is_cancelled else None, "cancelled_reason"),
        "status": challenge_status(record, now).value,
        "call_kind": record.call.kind,
        "themes": slugs(record.themes),
        "boroughs": slugs(record.boroughs),
        "sites": [site.slug for site in record.sites.all() if site.is_public],
        "pilots": [pilot.slug for pilot in record.pilots.all() if pilot.live],
    }


def program(record: Any, now: datetime) -> dict[str, Any]:
    """Who runs it, its first door and all its doors."""
    door = first_door(record, now)
    return {
        **pages_of(record),
        "status": door[1].value if door else None,
        "incubator": record.incubator.slug,
        "borough": slug_of(record.incubator.borough),
        "themes": slugs(record.themes),
        "languages": record.language_codes,
        "intakes": [intake_slug(record.slug, intake.pk) for intake in record.intakes.all()],
    }


def intake_slug(program_slug: str, pk: int) -> str:
    """An intake has no page of its own: the address of its program and its number."""
    return f"{program_slug}-{pk}"


def intake(record: Any, now: datetime) -> dict[str, Any]:
    """Status now; the page is that of the program."""
    return {
        **pages_of(record.program),
        "slug": intake_slug(record.program.slug, record.pk),
        "program": record.program.slug,
        "incubator": record.program.incubator.slug,
        "status": record.status(now).value,
    }


def incubator(record: Any, now: datetime) -> dict[str, Any]:
    """Active or gone, and where it went."""
    return {
        **pages_of(record),
        "status": "gone" if record.state in GONE else "active",
        "merged_into": slug_of(record.merged_into),
        "borough": slug_of(record.borough),
        "themes": slugs(record.themes),
        "languages": record.language_codes,
        "sources": [str(source) for source in record.sources],
    }


def startup(record: Any, now: datetime) -> dict[str, Any]:
    """Its stage is its kind, as in the list's filter."""
    return {
        **pages_of(record),
        "kind": record.stage,
        "borough": slug_of(record.borough),
        "themes": slugs(record.themes),
        "languages": record.language_codes,
    }


def solution(record: Any, now: datetime) -> dict[str, Any]:
    """Whose it is."""
    return {
        **pages_of(record),
        "startup": record.startup.slug,
        "borough": slug_of(record.startup.borough),
        "themes": slugs(record.themes),
    }


def site(record: Any, now: datetime) -> dict[str, Any]:
    """Free or held today."""
    return {
        **pages_of(record),
        "status": "held" if record.is_held else "free",
        "borough": record.borough.slug,
    }


def public_sites(record: Any) -> list[Any]:
    """The public sites that a pilot has booked."""
    return [booking.site for booking in record.bookings.all() if booking.site.is_public]


def pilot(record: Any, now: datetime) -> dict[str, Any]:
    """What it is tied to, where it runs, and the verdict or its absence."""
    verdict = getattr(record, "verdict", None)
    sites = public_sites(record)
    due = record.verdict_due_on
    is_late = due is not None and due < city_time(now).date()
    suspended = record if record.state == PilotState.SUSPENDED else None
    cancelled = record if record.state == PilotState.CANCELLED else None
    return {
        **pages_of(record),
        **texts(suspended, "suspended_reason"),
        **texts(cancelled, "cancelled_reason"),
        **texts(verdict, "reasons", prefix="verdict_"),
        "status": record.state,
        "challenge": slug_of(record.challenge),
        "startup": slug_of(record.startup),
        "startup_name": record.startup.name,
        "solution": slug_of(record.solution),
        "sites": [found.slug for found in sites],
        "boroughs": list(dict.fromkeys(found.borough.slug for found in sites)),
        "themes": slugs(record.challenge.themes),
        "is_verdict_overdue": verdict is None and record.state in AWAITED and is_late,
        "verdict_role_fr": verdict.role_fr if verdict else record.verdict_role_fr,
        "verdict_role_en": verdict.role_en if verdict else record.verdict_role_en,
        "verdict_outcome": verdict.outcome if verdict else None,
        "verdict_decided_at": verdict.decided_at if verdict else None,
    }


def theme(record: Any, now: datetime) -> dict[str, Any]:
    """The board of the theme."""
    return board_of("theme", record.slug)


def borough(record: Any, now: datetime) -> dict[str, Any]:
    """The board of the borough."""
    return board_of("borough", record.slug)
