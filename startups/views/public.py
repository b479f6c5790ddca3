"""Public pages of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.files.serving import DRAWN
from startups import presenting, schema_org
from startups.addresses import at, follows_listings
from startups.claimable import claim_of, ended_of, wrong_of
from startups.domain.interest import takes_interest
from startups.domain.links import broken_on
from startups.enums import GONE, IntakeStatus, NeedKind, Offer
from startups.matching import how_many_offer
from startups.models import Incubator, OrganisationProfile, Program, Solution, Startup
from startups.views.history import latest

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from startups.models import Listing

MAP_OF_A_PLACE: Final = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=16/{lat}/{lon}"


def _upkeep(listing: Listing) -> dict[str, Any]:
    """How the page is kept true: who claims and corrects it, what changed, what it took over."""
    is_saved = listing.pk is not None
    return {
        "broken_links": broken_on(listing),
        "wrong": wrong_of(listing),
        "ended": ended_of(listing),
        "history": latest(listing),
        "claim": claim_of(listing) if isinstance(listing, OrganisationProfile) else None,
        "formerly": list(listing.merged_from.public()) if is_saved else [],
    }


def startup_context(startup: Startup) -> dict[str, Any]:
    """What the page of a startup shows, of a live one or of a preview."""
    is_saved = startup.pk is not None
    needs = list(startup.needs.current(timezone.localdate())) if is_saved else []
    return {
        "startup": startup,
        **_upkeep(startup),
        "is_gone": startup.state in GONE,
        "themes": list(startup.themes.all()),
        "solutions": list(startup.solutions.public().for_lists()) if is_saved else [],
        "needs": needs,
        "need_offers": list(how_many_offer(NeedKind(need.kind) for need in needs).items()),
        "pilots": (list(startup.pilots.public().select_related("challenge")) if is_saved else []),
        "rows": presenting.startup_rows(startup),
        "links": presenting.links_of(startup.website, startup.links),
        "people": list(startup.people.all()),
        "alumni": list(startup.alumni_ties.confirmed().shown_of_startup()) if is_saved else [],
    }


@require_safe
@follows_listings
def startup_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A startup: what it does, its solutions, what it needs, its trials."""
    found = Startup.objects.visible_to(request.user).select_related("borough", "merged_into")
    startup = at(found, slug)
    context = startup_context(startup)
    context["json_ld"] = schema_org.as_script(schema_org.of_startup(startup, context["people"]))
    return render(request, "startups/startup_detail.html", context)


def solution_context(solution: Solution) -> dict[str, Any]:
    """What the page of a solution shows."""
    pilots = solution.pilots.public().select_related("challenge") if solution.pk else ()
    files = [(each, each.file.content_type in DRAWN) for each in solution.files.all()]
    return {
        "solution": solution,
        **_upkeep(solution),
        "is_gone": solution.state in GONE,
        "rows": presenting.solution_rows(solution),
        "site_rows": presenting.site_rows(solution),
        "pictures": [each for each, is_drawn in files if is_drawn],
        "documents": [each for each, is_drawn in files if not is_drawn],
        "themes": list(solution.themes.all()),
        "deployments": list(solution.deployments.all()),
        "pilots": list(pilots),
    }


@require_safe
@follows_listings
def solution_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A solution: problem, how it works, maturity with its evidence, privacy, needs on site."""
    found = Solution.objects.visible_to(request.user).select_related(
        "startup__borough", "merged_into"
    )
    solution = at(found.prefetch_related("files__file"), slug)
    context = solution_context(solution)
    nodes = schema_org.of_solution(solution, context["pictures"])
    context["json_ld"] = schema_org.as_script(nodes)
    return render(request, "startups/solution_detail.html", context)


def incubator_context(incubator: Incubator, now: datetime) -> dict[str, Any]:
    """What the page of a support organisation shows."""
    programs = incubator.programs.public().prefetch_related("intakes") if incubator.pk else ()
    map_link = MAP_OF_A_PLACE.format(lat=incubator.lat, lon=incubator.lon)
    place = {"label": incubator.name, "url": map_link, "detail": incubator.address}
    return {
        "incubator": incubator,
        **_upkeep(incubator),
        "is_gone": incubator.state in GONE,
        "themes": list(incubator.themes.all()),
        "rows": presenting.incubator_rows(incubator),
        "sources": presenting.sources_of(incubator.sources),
        "links": presenting.links_of(incubator.website, incubator.links),
        "people": list(incubator.people.all()),
        "programs": [(program, presenting.next_door(program, now)) for program in programs],
        "places_data": [{**place, "lat": incubator.lat, "lon": incubator.lon}],
        "map_link": map_link,
    }


@require_safe
@follows_listings
def incubator_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A support organisation and its programs; a merged one leads to its heir."""
    found = Incubator.objects.visible_to(request.user).select_related("borough", "merged_into")
    incubator = at(found, slug)
    context = incubator_context(incubator, timezone.now())
    nodes = schema_org.of_incubator(incubator, context["people"])
    context["json_ld"] = schema_org.as_script(nodes)
    return render(request, "startups/incubator_detail.html", context)


def program_context(program: Program, now: datetime) -> dict[str, Any]:
    """What the page of a program shows, its intakes as they stand at ``now``."""
    doors = presenting.doors_of(program, now) if program.pk else []
    themes = list(program.themes.all())
    return {
        "program": program,
        **_upkeep(program),
        "is_gone": program.state in GONE,
        "themes": themes,
        "rows": presenting.program_rows(program),
        "wanted_rows": presenting.wanted_rows(program, themes),
        "offers": [str(Offer(value).label) for value in program.offers if value in Offer.values],
        "steps": presenting.steps_of(program),
        "doors": [door for door in doors if door.status != IntakeStatus.CLOSED],
        "past_doors": [door for door in doors if door.status == IntakeStatus.CLOSED],
        "can_be_asked": program.state not in GONE and program.incubator.state not in GONE,
        "interest_doors": {d.intake.pk for d in doors if takes_interest(d.intake, now)},
        "next_door": presenting.next_of(doors),
        "alumni": list(program.alumni.confirmed().shown_of_program()) if program.pk else [],
    }


@require_safe
@follows_listings
def program_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A program: terms, who may apply, and its intakes with their status now."""
    found = Program.objects.visible_to(request.user).select_related(
        "organisation", "incubator__borough", "incubator__organisation", "merged_into"
    )
    program = at(found, slug)
    context = program_context(program, timezone.now())
    doors, door = [*context["doors"], *context["past_doors"]], context["next_door"]
    nodes = schema_org.of_program(
        program, [each.intake for each in doors], door.intake if door else None
    )
    context["json_ld"] = schema_org.as_script(nodes)
    return render(request, "startups/program_detail.html", context)
