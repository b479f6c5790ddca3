"""What one follows, and the buttons to stop: by a link of a mail, or signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.accounts.acting import signed_in
from core.following import links
from core.following.domain import following, preferences
from core.following.enums import DIGESTS, Frequency
from core.following.forms import FrequencyForm
from core.following.models import ConsentWay, Follow, Follower
from core.following.targets import rhythms_of, targets_of
from core.following.views.asking import of_link, refused
from core.links import LinkRefused
from core.registry import followables

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DIGEST_CHOICES = [(frequency.value, frequency.label) for frequency in DIGESTS]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace(request: HttpRequest) -> HttpResponse:
    """What the account follows."""
    user = signed_in(request)
    follower = Follower.objects.filter(user=user).select_related("user").first()
    if follower is None or Follower.objects.filter(email=user.email.lower()).exists():
        follower = following.follower_of(user=user, now=timezone.now())
    return _page(request, follower, ConsentWay.ACCOUNT, "following")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_link
def by_link(request: HttpRequest, follower: Follower, link: str) -> HttpResponse:
    """What the follower of a mail's link follows; nobody has to sign in to stop."""
    return _page(request, follower, ConsentWay.MAIL_LINK, "follow_page", link)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """The link of each letter: it shows a button; the button, or the mail program's, stops it.

    No cookie is asked for: the program that posts on behalf of its reader has none (RFC 8058).
    """
    try:
        follower, what, value = links.letter_to_stop(link)
    except LinkRefused as error:
        return refused(request, error)
    # No link to the rest of what they follow: this one never expires, and mails are forwarded.
    context: dict[str, Any] = {"is_digest": what == "digest"}
    if request.method == "POST":
        by_program = request.POST.get("List-Unsubscribe") == "One-Click"
        context["stopped"] = preferences.stop_letter(
            follower=follower,
            what=what,
            value=value,
            way=ConsentWay.ONE_CLICK if by_program else ConsentWay.MAIL_LINK,
            now=timezone.now(),
        )
        return render(request, "following/stopped.html", context)
    if what == "digest":
        context["frequency"] = Frequency(value).label
        context["is_over"] = not follower.choices.filter(frequency=value).exists()
    else:
        follows = preferences.follows_of_letter(follower, what, value)
        context["targets"] = [target for _follow, target in targets_of(follows)]
        context["is_over"] = not follows
    return render(request, "following/stop.html", context)


def _page(
    request: HttpRequest, follower: Follower, way: ConsentWay, name: str, *args: str
) -> HttpResponse:
    follows = list(follower.follows.confirmed())
    if request.method == "POST" and "rhythm" in request.POST:
        return _set_rhythm(request, follows, redirect(name, *args))
    if request.method == "POST" and "stop" not in request.POST:
        form = FrequencyForm(request.POST, follower=follower)
        if form.is_valid():
            preferences.choose_frequencies(
                follower=follower, wanted=form.cleaned_data, now=timezone.now()
            )
            messages.success(request, _("It is saved: we write to you as you chose."))
            return redirect(name, *args)
    elif request.method == "POST":
        chosen = request.POST.get("stop", "")
        stopped = following.stop_following(
            follower=follower,
            follows=[f for f in follows if chosen in ("all", str(f.pk))],
            way=way,
            now=timezone.now(),
        )
        messages.success(request, _stopped(stopped))
        return redirect(name, *args)
    else:
        form = FrequencyForm(follower=follower)
    rhythms = rhythms_of(follows)
    context = {
        "follower": follower,
        "link": args[0] if args else "",
        "rows": [(row, target, rhythms.get(row.pk)) for row, target in targets_of(follows)],
        "rhythms": DIGEST_CHOICES,
        "form": form,
        "is_account": name == "following",
    }
    status = 422 if form.errors else 200
    return render(request, "following/own.html", context, status=status)


def _set_rhythm(request: HttpRequest, follows: list[Follow], back: HttpResponse) -> HttpResponse:
    """How often one of them is told, where each has its own; what is not theirs changes nothing."""
    chosen = request.POST.get("rhythm", "")
    wanted = request.POST.get(f"often-{chosen}", "")
    follow = next((row for row in follows if str(row.pk) == chosen), None)
    choose = followables[follow.kind].set_rhythm if follow is not None else None
    if choose is None or wanted not in DIGESTS:
        messages.error(request, _("Nothing was changed: choose once a day or once a week."))
        return back
    choose(follow=follow, frequency=wanted, now=timezone.now())
    messages.success(request, _("It is saved: we write to you as you chose."))
    return back


def _stopped(count: int) -> str:
    if not count:
        return _("This was stopped already: nothing has changed.")
    return ngettext(
        "It is stopped: %(count)s thing is no longer followed.",
        "It is stopped: %(count)s things are no longer followed.",
        count,
    ) % {"count": count}
