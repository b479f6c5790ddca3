"""Public pages of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from startups.domain.links import broken_on
from startups.enums import GONE, Offer
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse


def _offers(values: list[str]) -> list[str]:
    return [str(Offer(value).label) for value in values if value in Offer.values]


def startup_context(startup: Startup) -> dict[str, Any]:
    """What the page of a startup shows, of a live one or of a preview."""
    is_saved = startup.pk is not None
    return {
        "startup": startup,
        "broken_links": broken_on(startup),
        "is_gone": startup.state in GONE,
        "themes": list(startup.themes.all()),
        "solutions": list(startup.solutions.public().for_lists()) if is_saved else [],
        "needs": list(startup.needs.current(timezone.localdate())) if is_saved else [],
        "pilots": (list(startup.pilots.public().select_related("challenge")) if is_saved else []),
    }


@require_safe
def startup_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A startup: what it does, its solutions, what it needs, its trials."""
    startup = get_object_or_404(
        Startup.objects.visible_to(request.user).select_related("borough"), slug=slug
    )
    return render(request, "startups/startup_detail.html", startup_context(startup))


def solution_context(solution: Solution) -> dict[str, Any]:
    """What the page of a solution shows."""
    pilots = solution.pilots.public().select_related("challenge") if solution.pk else ()
    return {
        "solution": solution,
        "themes": list(solution.themes.all()),
        "deployments": list(solution.deployments.all()),
        "pilots": list(pilots),
    }


@require_safe
def solution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A solution: problem, how it works, maturity with its evidence, privacy, needs on site."""
    solution = get_object_or_404(
        Solution.objects.visible_to(request.user).select_related("startup__borough"), slug=slug
    )
    return render(request, "startups/solution_detail.html", solution_context(solution))


def incubator_context(incubator: Incubator) -> dict[str, Any]:
    """What the page of a support organisation shows."""
    programs = incubator.programs.public().prefetch_related("intakes") if incubator.pk else ()
    return {
        "incubator": incubator,
        "broken_links": broken_on(incubator),
        "is_gone": incubator.state in GONE,
        "themes": list(incubator.themes.all()),
        "offers": _offers(incubator.offers),
        "programs": list(programs),
    }


@require_safe
def incubator_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A support organisation and its programs; a merged one leads to its heir."""
    incubator = get_object_or_404(
        Incubator.objects.visible_to(request.user).select_related("borough", "merged_into"),
        slug=slug,
    )
    return render(request, "startups/incubator_detail.html", incubator_context(incubator))


def program_context(program: Program, now: datetime) -> dict[str, Any]:
    """What the page of a program shows, its intakes as they stand at ``now``."""
    intakes = program.intakes.all() if program.pk else ()
    return {
        "program": program,
        "broken_links": broken_on(program),
        "themes": list(program.themes.all()),
        "offers": _offers(program.offers),
        "intakes": [(intake, intake.status(now)) for intake in intakes],
    }


@require_safe
def program_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A program: terms, who may apply, and its intakes with their status now."""
    program = get_object_or_404(
        Program.objects.visible_to(request.user).select_related("incubator__borough"), slug=slug
    )
    context = program_context(program, timezone.now())
    return render(request, "startups/program_detail.html", context)
