"""The pilot's workspace: what is to be done, and every move of the trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.deadlines import city_time
from core.exceptions import Incomplete, NotAllowed
from pilots.domain import pilot as verbs
from pilots.domain.checklist import checklist
from pilots.enums import PILOT_TRANSITIONS, PilotState
from pilots.forms.city import ReasonForm
from pilots.forms.pilotdesk import PlanForm, VerdictForm
from pilots.models import Pilot
from pilots.thread import pilot_thread
from pilots.views import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Where each item of the checklist is filled in.
PAGE_OF = {
    "site": "pilotdesk_sites",
    "permits": "pilotdesk_sites",
    "plan": "pilotdesk_plan",
    "indicators": "pilotdesk_indicators",
    "milestones": "pilotdesk_milestones",
    "privacy": "pilotdesk_plan",
    "verdict": "pilotdesk_plan",
}


def my_pilot(request: HttpRequest, slug: str, *, as_city: bool = False) -> Pilot:
    """A pilot the person works on, 404 for any other; ``as_city`` asks for the city's right."""
    found = Pilot.objects.managed_by(request.user).select_related(
        "challenge__call", "startup__organisation", "verdict"
    )
    pilot: Pilot = get_object_or_404(found, slug=slug)
    if as_city and not rules.works_on_pilots(request.user):
        raise NotAllowed
    return pilot


def desk_context(request: HttpRequest, pilot: Pilot, **more: Any) -> dict[str, Any]:
    """What every page of the workspace shows."""
    return {
        "pilot": pilot,
        "is_city": rules.works_on_pilots(request.user),
        "is_preparing": pilot.state == PilotState.PREPARING,
        **more,
    }


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be done now, with the moves that are open."""
    return _desk(request, my_pilot(request, slug))


def _desk(request: HttpRequest, pilot: Pilot, problems: list[str] | None = None) -> HttpResponse:
    now = timezone.now()
    items = checklist(pilot, today=city_time(now).date())
    context = desk_context(
        request,
        pilot,
        thread=pilot_thread(pilot, now),
        items=[(item, PAGE_OF[item.key]) for item in items],
        problems=problems or [],
        moves={to.value for to in PILOT_TRANSITIONS[PilotState(pilot.state)]},
        journal=list(pilot.journal.all()[:5]),
    )
    return render(request, "pilotdesk/desk.html", context, status=422 if problems else 200)


@never_cache
@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the trial, or say the whole list of what is missing."""
    pilot = my_pilot(request, slug, as_city=True)
    try:
        verbs.start_pilot(pilot=pilot, actor=signed_in(request), now=timezone.now())
    except Incomplete as error:
        return _desk(request, pilot, error.problems)
    messages.success(request, _("The trial has started. Its page now shows it as running."))
    return redirect("pilotdesk", slug=slug)


@never_cache
@login_required
@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on after a suspension."""
    pilot = my_pilot(request, slug, as_city=True)
    try:
        verbs.resume_pilot(pilot=pilot, actor=signed_in(request), now=timezone.now())
    except Incomplete as error:
        return _desk(request, pilot, error.problems)
    messages.success(request, _("The trial goes on."))
    return redirect("pilotdesk", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, slug: str) -> HttpResponse:
    """End the trial, after asking once; a verdict is owed."""
    pilot = my_pilot(request, slug, as_city=True)
    if request.method == "POST":
        verbs.complete_pilot(pilot=pilot, actor=signed_in(request), now=timezone.now())
        messages.success(request, _("The trial is over. Its verdict is now awaited."))
        return redirect("pilotdesk", slug=slug)
    return render(request, "pilotdesk/complete.html", desk_context(request, pilot))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop for a while, saying why in public."""
    return _with_reason(request, slug, verbs.suspend_pilot, "suspend")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Give up, saying why in public."""
    return _with_reason(request, slug, verbs.cancel_pilot, "cancel")


def _with_reason(request: HttpRequest, slug: str, verb: Any, what: str) -> HttpResponse:
    pilot = my_pilot(request, slug, as_city=True)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        verb(pilot=pilot, actor=signed_in(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Done. The public page says why."))
        return redirect("pilotdesk", slug=slug)
    context = desk_context(request, pilot, form=form, what=what)
    status = 422 if request.method == "POST" else 200
    return render(request, "pilotdesk/reason.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Hypothesis, stop rule, dates, notice, privacy and who decides."""
    pilot = my_pilot(request, slug, as_city=True)
    form = PlanForm(posted(request), instance=pilot)
    if request.method == "POST" and form.is_valid():
        actor, now = signed_in(request), timezone.now()
        verbs.update_plan(pilot=pilot, values=form.cleaned_data, actor=actor, now=now)
        messages.success(request, _("The plan is saved."))
        return redirect("pilotdesk", slug=slug)
    context = desk_context(request, pilot, form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "pilotdesk/plan.html", context, status=status)


@never_cache
@login_required
@require_POST
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """The privacy assessment is completed today."""
    pilot = my_pilot(request, slug, as_city=True)
    now = timezone.now()
    verbs.complete_privacy_assessment(
        pilot=pilot, on=city_time(now).date(), actor=signed_in(request), now=now
    )
    messages.success(request, _("The privacy assessment is completed."))
    return redirect("pilotdesk", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verdict(request: HttpRequest, slug: str) -> HttpResponse:
    """Conclude, by a named role and with reasons."""
    pilot = my_pilot(request, slug, as_city=True)
    initial = {"role_fr": pilot.verdict_role_fr, "role_en": pilot.verdict_role_en}
    form = VerdictForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        verbs.give_verdict(
            pilot=pilot, actor=signed_in(request), now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The verdict is given and public."))
        return redirect(pilot.get_absolute_url())
    context = desk_context(request, pilot, form=form, is_due=pilot.state == PilotState.COMPLETED)
    status = 422 if request.method == "POST" else 200
    return render(request, "pilotdesk/verdict.html", context, status=status)
