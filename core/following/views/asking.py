"""To follow something: a page, a mail, a button."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import dates, limits, queue
from core.accounts.models import User
from core.following import links, mails
from core.following.domain import following
from core.following.domain.following import consent_text
from core.following.forms import AddressForm, FollowForm
from core.following.models import ConsentWay, Follow, Follower
from core.following.targets import Target, find_target
from core.languages import active_language
from core.links import LinkRefused, LinkUsed
from core.registry import followables
from core.taxonomy.models import Borough, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MOST_AN_HOUR: Final = 10


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one can follow: themes and boroughs here, the rest from its own page."""
    context = {"themes": Theme.objects.all(), "boroughs": Borough.objects.all()}
    return render(request, "following/index.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Follow one thing: a click for whom is signed in, an address for the others."""
    target = find_target(kind, slug)
    if target is None or not followables[kind].has_page:
        raise Http404
    if isinstance(request.user, User):
        return _follow_signed_in(request, request.user, target)
    form = FollowForm(
        request.POST if request.method == "POST" else None, initial={"language": active_language()}
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            limits.count("following", limits.connection_of(request), most=MOST_AN_HOUR, now=now)
        except limits.TooManyRequests as error:
            return limited(request, error)
        language = form.cleaned_data["language"]
        with translation.override(language):
            named = find_target(kind, slug) or target
            following.ask_to_follow(
                email=form.cleaned_data["email"], target=named, language=language, now=now
            )
        return _look_in_your_mails(request, target)
    context = {"form": form, "target": target, "consent": consent_text(target.name)}
    status = 422 if form.errors else 200
    return render(request, "following/follow.html", context, status=status)


def _follow_signed_in(request: HttpRequest, user: User, target: Target) -> HttpResponse:
    mine = Follow.objects.visible_to(user).on(target.kind, target.slug).confirmed()
    if request.method != "POST":
        context = {
            "target": target,
            "consent": consent_text(target.name),
            "is_followed": mine.exists(),
        }
        return render(request, "following/follow.html", context)
    now = timezone.now()
    if "stop" in request.POST:
        follower = following.follower_of(user=user, now=now)
        following.stop_following(
            follower=follower, follows=list(mine), way=ConsentWay.ACCOUNT, now=now
        )
        messages.success(request, _("You no longer follow “%(name)s”.") % {"name": target.name})
    else:
        following.follow_signed_in(user=user, target=target, now=now)
        messages.success(
            request,
            _("You follow “%(name)s”: what happens to it comes to you by e-mail.")
            % {"name": target.name},
        )
    return redirect(target.url)


def _look_in_your_mails(request: HttpRequest, target: Target | None) -> HttpResponse:
    """One answer, whatever is known of the address."""
    days = links.CONFIRMS_FOR.days
    context = {"target": target, "days": days, "most": mails.MOST_A_DAY}
    return render(request, "following/asked.html", context)


def limited(request: HttpRequest, error: limits.TooManyRequests) -> HttpResponse:
    """When the connection may ask again."""
    context = {"hour": dates.hour(error.again_at)}
    response = render(request, "following/limited.html", context, status=429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def of_link(
    view: Callable[[HttpRequest, Follower, str], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give ``view`` the follower whose page a mail's link opens; say which link opens none."""

    @wraps(view)
    def wrapped(request: HttpRequest, link: str) -> HttpResponse:
        try:
            follower = links.follower_of_link(link, request.user)
        except LinkRefused as error:
            return refused(request, error)
        return view(request, follower, link)

    return wrapped


def refused(request: HttpRequest, error: LinkRefused) -> HttpResponse:
    """A link that does nothing: which, and what to do."""
    context = {"message": error.message, "code": error.code}
    return render(request, "following/link.html", context, status=error.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request: HttpRequest) -> HttpResponse:
    """A new link to what an address follows; the same answer whatever is known of it."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            limits.count("following", limits.connection_of(request), most=MOST_AN_HOUR, now=now)
        except limits.TooManyRequests as error:
            return limited(request, error)
        # One look for a number, then the worker's business: how long this takes says nothing.
        number = Follower.objects.number_of(form.cleaned_data["email"])
        queue.enqueue("core.following.tasks.send_page_link", number, active_language())
        return _look_in_your_mails(request, None)
    status = 422 if form.errors else 200
    return render(request, "following/send_link.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """The link of the mail shows a button; the button confirms."""
    try:
        found = links.follow_to_confirm(link)
        target = find_target(found.kind, found.slug)
        if target is None:
            raise LinkUsed(
                _("What this link was made for is no longer public: there is nothing to follow.")
            )
        if request.method == "POST":
            following.confirm_follow(follow=found, name=target.name, now=timezone.now())
    except LinkRefused as error:
        return refused(request, error)
    if request.method != "POST":
        context = {
            "target": target,
            "email": found.follower.address,
            "consent": consent_text(target.name),
        }
        return render(request, "following/confirm.html", context)
    messages.success(
        request,
        _("It is confirmed: you follow “%(name)s”. Here is all that you follow.")
        % {"name": target.name},
    )
    return redirect(reverse("follow_page", args=[links.seeing(found.follower)]))
