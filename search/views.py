"""To follow a search: a page that says it in words, a choice, a button."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import limits
from core.accounts.models import User
from core.following.domain.following import (
    TooManyFollowed,
    consent_text,
    follower_of,
    stop_following,
)
from core.following.enums import Frequency
from core.following.links import CONFIRMS_FOR
from core.following.mails import MOST_A_DAY
from core.following.models import ConsentWay
from core.following.views.asking import MOST_AN_HOUR, limited
from core.languages import active_language
from search import finding
from search.asking import query_from
from search.domain import saving
from search.forms import FollowSearchForm, RhythmForm
from search.models import SavedSearch
from search.saved import KIND, kept_params, slug_of, target_of
from search.wording import in_words, known_values

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.following.targets import Target
    from search.port import Query

SESSION_ENDED: Final = gettext_lazy(
    "Your session has ended: nothing was changed. Sign in, then press the button again."
)
# Searches that one person follows, changes or stops in an hour.
MOST_CHANGED: Final = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_search(request: HttpRequest) -> HttpResponse:
    """Follow the search of this address: signed in, or with an address that a mail confirms."""
    query, left = query_from(
        request.GET,
        language=active_language(),
        now=timezone.now(),
        known=known_values(),
        size=1,
    )
    results = finding.search(query)
    if results.corrected is not None and results.count:
        # What the page shows is what was meant; ``exact`` asks for what was typed.
        query = replace(query, text=results.corrected)
    target = target_of(kept_params(query), query.language)
    context = {
        "target": target,
        "said": in_words(query, active_language()),
        "count": results.count,
        "left": [one.value or one.name for one in left],
        "consent": consent_text(target.name),
    }
    if isinstance(request.user, User):
        return _signed_in(request, request.user, query, context)
    if request.method == "POST" and "email" not in request.POST:
        # The page was that of somebody signed in, whose session has ended since.
        messages.info(request, SESSION_ENDED)
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    form = FollowSearchForm(
        request.POST if request.method == "POST" else None, initial={"language": active_language()}
    )
    if request.method == "POST" and form.is_valid():
        return _ask(request, query, target, form.cleaned_data)
    return _page(request, {**context, "form": form})


def _ask(request: HttpRequest, query: Query, target: Target, asked: dict[str, Any]) -> HttpResponse:
    """One answer, whatever is known of the address."""
    now = timezone.now()
    try:
        limits.count("following", limits.connection_of(request), most=MOST_AN_HOUR, now=now)
    except limits.TooManyRequests as error:
        return limited(request, error)
    with translation.override(asked["language"]):
        saving.ask_to_save(
            email=asked["email"],
            query=query,
            frequency=Frequency(asked["frequency"]),
            language=asked["language"],
            now=now,
        )
    context = {"target": target, "days": CONFIRMS_FOR.days, "most": MOST_A_DAY}
    return render(request, "following/asked.html", context)


def _signed_in(
    request: HttpRequest, user: User, query: Query, context: dict[str, Any]
) -> HttpResponse:
    """A click, and the same page changes or stops it."""
    now, target = timezone.now(), context["target"]
    slug = slug_of(kept_params(query), query.language)
    mine = SavedSearch.objects.visible_to(user).filter(
        follow__kind=KIND, follow__slug=slug, follow__confirmed_at__isnull=False
    )
    saved = mine.select_related("follow").first()
    initial = {"frequency": saved.frequency} if saved is not None else None
    form = RhythmForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method != "POST" or ("stop" not in request.POST and not form.is_valid()):
        return _page(request, {**context, "form": form, "saved": saved, "is_signed_in": True})
    limits.count("saved-searches", str(user.pk), most=MOST_CHANGED, now=now)
    if "stop" in request.POST:
        stop_following(
            follower=follower_of(user=user, now=now),
            follows=[saved.follow] if saved is not None else [],
            way=ConsentWay.ACCOUNT,
            now=now,
        )
        messages.success(request, _("You no longer follow this search."))
        return redirect(target.url)
    frequency = Frequency(form.cleaned_data["frequency"])
    try:
        saving.save_search(user=user, query=query, frequency=frequency, now=now)
    except (saving.TooManySearches, TooManyFollowed) as error:
        # What would have to be stopped first is one click away.
        refused = {**context, "form": form, "refusal": error.message, "is_signed_in": True}
        return render(request, "search/follow_page.html", refused, status=error.status)
    messages.success(
        request, _("You follow this search: what it newly finds comes to you by e-mail.")
    )
    return redirect(target.url)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "search/follow_page.html", context, status=status)
