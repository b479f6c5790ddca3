"""The search page, what its box suggests, and what is not relevant to someone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from cms.directories.challenges import BOARD, status_condition
from cms.directories.options import borough_options, theme_options
from cms.finding.answering import answer
from cms.finding.asking import question
from cms.finding.beside import RECORDS, page_of
from cms.finding.suggestions import MOST_AN_HOUR, is_too_short, suggested
from cms.pages.words import list_words
from cms.view_counting import is_person
from core import limits
from core.accounts.acting import signed_in
from core.accounts.middleware import is_staff
from core.numbers import key_of
from pilots.enums import ChallengeStatus
from search.domain import missing
from search.domain.dismissing import bring_back
from search.domain.dismissing import dismiss as dismiss_one
from search.port import Key
from search.views import SESSION_ENDED

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

OPEN_SHOWN: Final = 5
PROPOSALS: Final = "proposals"
# Of one person in an hour: each is a line of the audit.
MOST_DISMISSED: Final = 300
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
    }
    if asked.is_empty:
        context |= _beginning(request, now)
        return render(request, "search/page.html", context)
    user = request.user
    found = answer(asked, now, with_why=user.is_authenticated and is_staff(user))
    if is_person(request):
        missing.note(asked.query, found.results, now, who=limits.connection_of(request))
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


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Propose a record no more beside another; all of them again when none is named.

    Whose session has ended signs in and is back beside the record, where the button is.
    """
    if not request.user.is_authenticated:
        messages.info(request, SESSION_ENDED)
        with suppress(Http404):
            return redirect_to_login(_beside(*_named(request, "about")), reverse("account_login"))
        return redirect_to_login(reverse("workspace"), reverse("account_login"))
    user, now = signed_in(request), timezone.now()
    about, record = _named(request, "about")
    limits.count("dismissals", str(user.pk), most=MOST_DISMISSED, now=now)
    if "what" in request.POST:
        what, _record = _named(request, "what")
        if what == about:
            raise Http404
        dismiss_one(actor=user, about=about, what=what, now=now)
        messages.success(request, _("It will not be proposed to you here again."))
    else:
        bring_back(actor=user, about=about, now=now)
        messages.success(request, _("Everything may be proposed to you here again."))
    return redirect(_beside(about, record))


def _beside(about: Key, record: Any) -> str:
    """Where proposals stand in the page of a record."""
    return f"{page_of(about, record)}#{PROPOSALS}"


def _named(request: HttpRequest, name: str) -> tuple[Key, Any]:
    """The record that a form names as ``kind:key``; 404 for what one may not see."""
    kind, _colon, number = request.POST.get(name, "").partition(":")
    pk = key_of(number)
    if kind not in RECORDS or pk is None:
        raise Http404
    record = get_object_or_404(RECORDS[kind].objects.visible_to(request.user), pk=pk)
    return Key(kind, pk), record
