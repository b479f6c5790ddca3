"""Public pages of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from startups.addresses import at, follows_listings
from startups.claimable import claim_of, ended_of, wrong_of
from startups.enums import GONE, Offer
from startups.models import Incubator, Program, Solution, Startup
from startups.views.history import latest

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from startups.models import Listing


def _offers(values: list[str]) -> list[str]:
    return [str(Offer(value).label) for value in values if value in Offer.values]


def formerly(listing: Listing) -> list[Listing]:
    """The public listings that were merged into this one."""
    return list(listing.merged_from.public()) if listing.pk is not None else []


def startup_context(startup: Startup) -> dict[str, Any]:
    """What the page of a startup shows, of a live one or of a preview."""
    is_saved = startup.pk is not None
    return {
        "startup": startup,
        "wrong": wrong_of(startup),
        "ended": ended_of(startup),
        "history": latest(startup),
        "is_gone": startup.state in GONE,
        "claim": claim_of(startup),
        "formerly": formerly(startup),
        "themes": list(startup.themes.all()),
        "solutions": list(startup.solutions.public().for_lists()) if is_saved else [],
        "needs": list(startup.needs.current(timezone.localdate())) if is_saved else [],
        "pilots": (list(startup.pilots.public().select_related("challenge")) if is_saved else []),
    }


@require_safe
@follows_listings
def startup_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A startup: what it does, its solutions, what it needs, its trials."""
    found = Startup.objects.visible_to(request.user).select_related("borough")
    startup = at(found, slug)
    return render(request, "startups/startup_detail.html", startup_context(startup))


def solution_context(solution: Solution) -> dict[str, Any]:
    """What the page of a solution shows."""
    pilots = solution.pilots.public().select_related("challenge") if solution.pk else ()
    return {
        "solution": solution,
        "wrong": wrong_of(solution),
        "ended": ended_of(solution),
        "formerly": formerly(solution),
        "history": latest(solution),
        "themes": list(solution.themes.all()),
        "deployments": list(solution.deployments.all()),
        "pilots": list(pilots),
    }


@require_safe
@follows_listings
def solution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A solution: problem, how it works, maturity with its evidence, privacy, needs on site."""
    found = Solution.objects.visible_to(request.user).select_related("startup__borough")
    solution = at(found, slug)
    return render(request, "startups/solution_detail.html", solution_context(solution))


def incubator_context(incubator: Incubator) -> dict[str, Any]:
    """What the page of a support organisation shows."""
    programs = incubator.programs.public().prefetch_related("intakes") if incubator.pk else ()
    return {
        "incubator": incubator,
        "wrong": wrong_of(incubator),
        "ended": ended_of(incubator),
        "history": latest(incubator),
        "is_gone": incubator.state in GONE,
        "claim": claim_of(incubator),
        "formerly": formerly(incubator),
        "themes": list(incubator.themes.all()),
        "offers": _offers(incubator.offers),
        "programs": list(programs),
    }


@require_safe
@follows_listings
def incubator_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A support organisation and its programs; a merged one leads to its heir."""
    found = Incubator.objects.visible_to(request.user).select_related("borough", "merged_into")
    incubator = at(found, slug)
    return render(request, "startups/incubator_detail.html", incubator_context(incubator))


def program_context(program: Program, now: datetime) -> dict[str, Any]:
    """What the page of a program shows, its intakes as they stand at ``now``."""
    intakes = program.intakes.all() if program.pk else ()
    return {
        "program": program,
        "wrong": wrong_of(program),
        "ended": ended_of(program),
        "formerly": formerly(program),
        "history": latest(program),
        "themes": list(program.themes.all()),
        "offers": _offers(program.offers),
        "intakes": [(intake, intake.status(now)) for intake in intakes],
    }


@require_safe
@follows_listings
def program_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A program: terms, who may apply, and its intakes with their status now."""
    found = Program.objects.visible_to(request.user).select_related("incubator__borough")
    program = at(found, slug)
    context = program_context(program, timezone.now())
    return render(request, "startups/program_detail.html", context)
