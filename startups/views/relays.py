"""Relayed conversations: one's own, and those that moderators were told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.exceptions import NotAllowed
from core.languages import active_language
from startups.domain import needs, relaying
from startups.domain.relaying import side_of, writer_name
from startups.enums import RelaySide, RelayState
from startups.forms.needs import CloseForm, ReportForm, SayForm
from startups.models import Need, Relay

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

MOST = 200


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The conversations of one's organisations, the last moved first."""
    user = signed_in(request)
    mine = set(user.memberships.values_list("organisation_id", flat=True))
    found = Relay.objects.visible_to(user).for_pages()[:MOST]
    rows = []
    for relay in found:
        is_startup = relay.startup.organisation_id in mine
        side = RelaySide.STARTUP if is_startup else RelaySide.WRITER
        other = writer_name(relay, active_language()) if is_startup else relay.startup.name
        rows.append((relay, other, relay.waits_for == side))
    return render(request, "startups/relays/list.html", {"rows": rows})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """One conversation: what was said, a word more, a report."""
    user = signed_in(request)
    relay = get_object_or_404(Relay.objects.visible_to(user).for_pages(), pk=pk)
    side = side_of(relay, user)
    asked = request.POST.get("do") if request.method == "POST" else None
    say = SayForm(request.POST if asked == "say" else None)
    report = ReportForm(request.POST if asked == "report" else None)
    form = {"say": say, "report": report}.get(asked or "")
    if request.method == "POST" and (form is None or form.is_valid()):
        messages.success(request, _done(asked or "", relay, side, user, form))
        return redirect("relay", pk=pk)
    context = _shown(relay) | {
        "say": say,
        "report": report,
        "may_speak": relaying.may_speak(relay, side, user),
        "is_new": relay.waits_for == side,
    }
    status = 422 if form is not None else 200
    return render(request, "startups/relays/conversation.html", context, status=status)


def _shown(relay: Relay) -> dict[str, Any]:
    return {
        "relay": relay,
        "startup": relay.startup,
        "writer": writer_name(relay, active_language()),
        "words": list(relay.words.all()),
        "is_closed": relay.state == RelayState.CLOSED,
    }


def _done(asked: str, relay: Relay, side: RelaySide, user: User, form: Any) -> str:
    """Do what was asked, and the sentence that says so."""
    given: dict[str, Any] = {"relay": relay, "side": side, "actor": user, "now": timezone.now()}
    match asked:
        case "say":
            relaying.say_in_relay(text=form.cleaned_data["text"], **given)
            return _("Your message is relayed.")
        case "report":
            relaying.report_relay(reason=form.cleaned_data["reason"], **given)
            return _("The moderators are told. They read the conversation and decide.")
        case _:
            relaying.mark_relay_read(**given)
            return _("Marked as read.")


def _moderator(request: HttpRequest) -> User:
    user = signed_in(request)
    if not rules.is_moderator(user):
        raise NotAllowed(_("Only moderators look after reported conversations."))
    return user


@never_cache
@login_required
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """What moderators were told of, open ones first."""
    _moderator(request)
    found = Relay.objects.reported().for_pages().order_by("-state", "reported_at", "pk")
    language = active_language()
    rows = [(relay, writer_name(relay, language)) for relay in found[:MOST]]
    return render(request, "startups/relays/reported.html", {"rows": rows})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one that was reported; close it with a reason, or find nothing wrong."""
    user = _moderator(request)
    relay = get_object_or_404(Relay.objects.reported().for_pages(), pk=pk)
    now = timezone.now()
    if request.method == "POST" and "dismiss" in request.POST:
        relaying.dismiss_report(relay=relay, actor=user, now=now)
        messages.success(request, _("Nothing wrong was found: the conversation goes on."))
        return redirect("moderation_relays")
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        relaying.close_relay(relay=relay, actor=user, now=now, **form.cleaned_data)
        messages.success(request, _("The conversation is closed; both sides read your reason."))
        return redirect("moderation_relays")
    context = _shown(relay) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "startups/relays/moderate.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_need(request: HttpRequest, pk: int) -> HttpResponse:
    """A moderator takes a need off the board, with a reason."""
    user = _moderator(request)
    need = get_object_or_404(Need.objects.visible_to(user).select_related("startup"), pk=pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        needs.close_need(need=need, actor=user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The need is closed; the startup reads your reason."))
        return redirect("need_list")
    status = 422 if form.errors else 200
    context = {"need": need, "form": form}
    return render(request, "startups/needs/close.html", context, status=status)
