"""Public pages of challenges, pilots and sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.deadlines import city_time
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeStatus, PilotState
from pilots.measures import measures_of
from pilots.models import Challenge, Pilot, Site
from pilots.thread import challenge_thread, pilot_thread

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

TAKING = (ChallengeStatus.OPEN, ChallengeStatus.CLOSING, ChallengeStatus.GRACE)


def challenge_context(
    challenge: Challenge, now: datetime, user: User | AnonymousUser | None = None
) -> dict[str, Any]:
    """What the page of a challenge shows ``user``, of a live one or of a preview.

    A preview is read as a visitor reads the page: with the sites that are public.
    """
    # In a preview they may not be saved yet: read first, then looked at.
    offered = list(challenge.sites.select_related("borough"))
    seen = Site.objects.visible_to(user or AnonymousUser()).filter(pk__in=[s.pk for s in offered])
    seen_keys = set(seen.values_list("pk", flat=True)) if offered else set()
    status = challenge_status(challenge, now)
    stage = challenge.stage
    return {
        "challenge": challenge,
        "status": status,
        "is_open": status in TAKING,
        "is_upcoming": status == ChallengeStatus.UPCOMING,
        "stage": stage,
        "criteria": list(stage.criteria.all()) if stage else [],
        "questions": list(stage.questions.all()) if stage else [],
        "sites": [site for site in offered if site.pk in seen_keys],
        "boroughs": list(challenge.boroughs.all()),
        "themes": list(challenge.themes.all()),
        "pilots": [p for p in challenge.pilots.all() if p.live] if challenge.pk else [],
        "thread": challenge_thread(challenge, now),
        "now": now,
    }


@require_safe
def challenge_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Thread, problem, what the city offers, criteria and weights, sites, dates."""
    found = (
        Challenge.objects.visible_to(request.user)
        .select_related("call")
        .prefetch_related("call__stages", "pilots__permits", "pilots__verdict")
    )
    challenge = get_object_or_404(found, slug=slug)
    context = challenge_context(challenge, timezone.now(), request.user)
    return render(request, "pilots/challenge_detail.html", context)


def pilot_context(
    pilot: Pilot, now: datetime, user: User | AnonymousUser | None = None
) -> dict[str, Any]:
    """What the page of a pilot shows ``user``; what a visitor reads, in a preview."""
    reader = user or AnonymousUser()
    bookings = list(pilot.bookings.visible_to(reader).select_related("site__borough"))
    today = city_time(now).date()
    verdict = getattr(pilot, "verdict", None)
    awaited = pilot.state in (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED)
    overdue = awaited and pilot.verdict_due_on is not None and pilot.verdict_due_on < today
    return {
        "pilot": pilot,
        "challenge": pilot.challenge,
        "verdict": verdict,
        "days_late": (today - pilot.verdict_due_on).days if overdue and pilot.verdict_due_on else 0,
        "thread": pilot_thread(pilot, now),
        "measures": measures_of(pilot),
        "bookings": bookings,
        "sites_not_shown": pilot.bookings.count() - len(bookings),
        "permits": list(pilot.permits.for_page(reader)),
        "milestones": list(pilot.milestones.all()),
        "journal": list(pilot.journal.all()[:20]),
        "now": now,
    }


@require_safe
def pilot_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Thread, sites, indicators with charts, milestones, journal, verdict, sensors notice."""
    found = (
        Pilot.objects.visible_to(request.user)
        .select_related("challenge__call", "startup", "solution", "verdict")
        .prefetch_related("challenge__call__stages")
    )
    pilot = get_object_or_404(found, slug=slug)
    context = pilot_context(pilot, timezone.now(), request.user)
    return render(request, "pilots/pilot_detail.html", context)


@require_safe
def site_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it is, what is there, what it allows, and its trials."""
    found = Site.objects.visible_to(request.user).select_related("borough")
    site = get_object_or_404(found, slug=slug)
    bookings = site.bookings.filter(pilot__live=True).select_related("pilot")
    context = {
        "site": site,
        "bookings": list(bookings.order_by("-starts_on")),
        "rules": list(
            site.borough.permit_rules.demanded_for(
                borough_id=site.borough_id,
                site_kind=site.kind,
                on=city_time(timezone.now()).date(),
            )
        ),
    }
    return render(request, "pilots/site_detail.html", context)
