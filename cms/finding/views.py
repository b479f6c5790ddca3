"""The search page, and what its box suggests."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_permissions_policy.decorators import permissions_policy_override

from cms.directories.challenges import BOARD, status_condition
from cms.directories.options import borough_options, theme_options
from cms.finding.answering import answer
from cms.finding.asking import question
from cms.finding.suggestions import MOST_AN_HOUR, is_too_short, suggested
from cms.pages.words import list_words
from core import limits
from core.accounts.middleware import is_staff
from pilots.enums import ChallengeStatus
from search.asking import params_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

OPEN_SHOWN: Final = 5
# The one page where the browser may be asked where the reader is.
MAY_ASK_WHERE: Final[dict[str, str | list[str] | tuple[str]]] = {
    **settings.PERMISSIONS_POLICY,
    "geolocation": ["self"],
}


@require_safe
@cache_control(private=True)
@permissions_policy_override(MAY_ASK_WHERE)
def search(request: HttpRequest) -> HttpResponse:
    """Everything findable: by kind, of one kind, or on the map; where to begin when nothing is
    asked. The state is the address."""
    now = timezone.now()
    asked = question(request.GET, now)
    context: dict[str, Any] = {
        "asked": asked,
        "words": list_words("search"),
        "boroughs": borough_options(),
        # For the way to follow this search.
        "query": asked.query,
        "params": params_of(asked.query),
    }
    if asked.is_empty:
        context |= _beginning(request, now)
        return render(request, "search/page.html", context)
    user = request.user
    found = answer(asked, now, with_why=user.is_authenticated and is_staff(user))
    context |= {"found": found, "places": found.table}
    context["places_data"] = [asdict(place) for place in found.places]
    return render(request, "search/page.html", context)


def _beginning(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Where to begin: themes, and the calls that are open, read from the database itself."""
    rows = BOARD.rows(request.user, now).filter(status_condition(ChallengeStatus.OPEN, now))
    first = BOARD.read(rows.order_by(*BOARD.order("closing", now))[:OPEN_SHOWN])
    return {
        "themes": theme_options(),
        "entries": [BOARD.entry(challenge, now) for challenge in first],
    }


@require_safe
@cache_control(private=True, max_age=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the letters typed so far may mean; too often from one address is answered by nothing."""
    text = request.GET.get("q", "")
    if not is_too_short(text):
        try:
            limits.count(
                "suggest", limits.connection_of(request), most=MOST_AN_HOUR, now=timezone.now()
            )
        except limits.TooManyRequests as refused:
            response = JsonResponse({"groups": [], "said": ""}, status=refused.status)
            response.headers["Retry-After"] = str(refused.seconds)
            return response
    return JsonResponse(suggested(text))
