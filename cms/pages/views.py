"""The home page: words of an editor, live records beside them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cms.directories.challenges import BOARD, CLOSES, status_condition
from cms.directories.pilots import PILOTS, pilot_places
from cms.directories.programs import intake_happenings
from cms.directories.views import by_month
from cms.pages.words import home_words
from core.deadlines import city_time
from pilots.enums import ChallengeStatus, PilotState
from pilots.models import Pilot
from startups.models import Intake

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 4
MONTHS = 5


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """``/`` answers by the reader's language, French when unsure."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open challenges, what runs in the street, doors that open, what trials gave."""
    now = timezone.now()
    rows = BOARD.rows(request.user, now)
    open_rows = rows.filter(status_condition(ChallengeStatus.OPEN, now))
    shown = rows.filter(
        status_condition(ChallengeStatus.OPEN, now)
        | status_condition(ChallengeStatus.UPCOMING, now)
    )
    first = BOARD.read(shown.order_by(*BOARD.order("closing", now))[:SHOWN])
    pilots = PILOTS.prepare(Pilot.objects.public())
    running = list(pilots.filter(state=PilotState.RUNNING).order_by("ends_on", "pk"))
    concluded = pilots.filter(state=PilotState.CONCLUDED).order_by("-verdict__decided_at")
    entries = [BOARD.entry(challenge, now) for challenge in first]
    street = [PILOTS.entry(pilot, now) for pilot in running]
    intakes = Intake.objects.of_public_programs().select_related("program__incubator")
    coming = intakes.filter(is_rolling=False, closes_at__gte=now).order_by("opens_at")
    happenings = [
        happening
        for intake in coming[:60]
        for happening in intake_happenings(
            intake.program, intake, intake.program.get_absolute_url()
        )
    ]
    context = {
        "words": home_words(),
        "open_count": open_rows.count(),
        "next_close": open_rows.order_by(CLOSES).values_list(CLOSES, flat=True).first(),
        "challenge_count": rows.count(),
        "entries": entries,
        "street": street,
        "places_data": [asdict(place) for pilot in running for place in pilot_places(pilot)],
        "door_count": intakes.accepting(now).values("program").distinct().count(),
        "months": by_month(happenings, since=city_time(now).date())[:MONTHS],
        "rolling": list(intakes.filter(is_rolling=True).order_by("program__name_fr")[:3]),
        "results": [PILOTS.entry(pilot, now) for pilot in concluded[:3]],
    }
    return render(request, "pages/home.html", context)
