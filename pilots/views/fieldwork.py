"""Places, permits, indicators, milestones, readings and keys of a pilot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.acting import signed_in
from core.deadlines import city_time
from core.exceptions import Incomplete
from pilots.domain import plan as plans
from pilots.domain import reading as readings_verbs
from pilots.domain import sites as places
from pilots.domain.sites import SiteTaken
from pilots.enums import MilestoneState, PermitState, ReadingSource
from pilots.forms.pilotdesk import (
    BookingForm,
    EntryForm,
    GrantForm,
    IndicatorForm,
    KeyForm,
    MilestoneForm,
    ReadingForm,
    RefuseForm,
    SettleForm,
)
from pilots.models import Indicator, Milestone, Permit, Reading, Site
from pilots.views import is_key, posted
from pilots.views.pilotdesk import desk_context, my_pilot

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pilots.models import Pilot


def _status(request: HttpRequest) -> int:
    """A form shown again after a POST is one that was refused."""
    return 422 if request.method == "POST" else 200


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """The catalogue on a map and in a table, what is booked, and what the borough demands."""
    pilot = my_pilot(request, slug, as_city=True)
    initial = {
        "site": request.GET.get("site"),
        "starts_on": pilot.starts_on,
        "ends_on": pilot.ends_on,
    }
    found = Site.objects.visible_to(request.user).for_lists()
    form = BookingForm(posted(request), sites=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            booking = places.book_site(
                pilot=pilot, actor=signed_in(request), now=timezone.now(), **form.cleaned_data
            )
        except SiteTaken as error:
            form.add_error("site", str(error.message))
        except Incomplete as error:
            form.add_error("ends_on", " ".join(error.problems))
        else:
            messages.success(
                request,
                _("%(site)s is booked; the borough’s permits are listed below.")
                % {"site": booking.site.name},
            )
            return redirect("pilotdesk_sites", slug=slug)
    return render(
        request,
        "pilotdesk/sites.html",
        _sites_context(request, pilot, form),
        status=_status(request),
    )


def _sites_context(request: HttpRequest, pilot: Pilot, form: BookingForm) -> dict[str, Any]:
    found = list(Site.objects.visible_to(request.user).for_lists())
    free = set()
    if pilot.starts_on and pilot.ends_on:
        free = set(
            Site.objects.free_between(pilot.starts_on, pilot.ends_on).values_list("pk", flat=True)
        )
    bookings = list(pilot.bookings.select_related("site__borough"))
    permits = list(pilot.permits.select_related("site__borough", "rule"))
    return desk_context(
        request,
        pilot,
        form=form,
        bookings=bookings,
        permits=permits,
        sites=[(site, site.pk in free) for site in found],
        map_data=[
            {
                "label": site.name,
                "detail": str(site.borough),
                "url": f"?site={site.slug}#book",
                "lat": site.lat,
                "lon": site.lon,
                "geometry": site.geometry,
            }
            for site in found
        ],
    )


@never_cache
@login_required
@require_POST
def release(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a site back."""
    pilot = my_pilot(request, slug, as_city=True)
    booking = get_object_or_404(pilot.bookings.all(), pk=pk)
    places.release_site(booking=booking, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("The site is free again."))
    return redirect("pilotdesk_sites", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def permit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One permit: requested, granted or refused, each with what the borough said."""
    pilot = my_pilot(request, slug, as_city=True)
    found: Permit = get_object_or_404(pilot.permits.select_related("site__borough", "rule"), pk=pk)
    grant, refuse = GrantForm(), RefuseForm()
    if request.method == "POST":
        move = request.POST.get("move")
        grant = GrantForm(request.POST) if move == "grant" else grant
        refuse = RefuseForm(request.POST) if move == "refuse" else refuse
        if _move_permit(request, found, move, grant, refuse):
            messages.success(request, _("The permit is up to date."))
            return redirect("pilotdesk_sites", slug=slug)
    context = desk_context(
        request,
        pilot,
        permit=found,
        grant=grant,
        refuse=refuse,
        may_request=found.state in (PermitState.REQUIRED, PermitState.REFUSED, PermitState.EXPIRED),
        may_answer=found.state == PermitState.REQUESTED,
    )
    return render(request, "pilotdesk/permit.html", context, status=_status(request))


def _move_permit(
    request: HttpRequest, found: Permit, move: str | None, grant: GrantForm, refuse: RefuseForm
) -> bool:
    actor, now = signed_in(request), timezone.now()
    if move == "request":
        places.request_permit(permit=found, on=city_time(now).date(), actor=actor, now=now)
        return True
    if move == "grant" and grant.is_valid():
        try:
            places.grant_permit(permit=found, actor=actor, now=now, **grant.cleaned_data)
        except Incomplete as error:
            grant.add_error("expires_on", " ".join(error.problems))
            return False
        return True
    if move == "refuse" and refuse.is_valid():
        places.refuse_permit(permit=found, actor=actor, now=now, **refuse.cleaned_data)
        return True
    return False


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def indicators(request: HttpRequest, slug: str) -> HttpResponse:
    """What is measured; added and changed before the start only."""
    pilot = my_pilot(request, slug, as_city=True)
    pk = request.GET.get("edit", "")
    edited: Indicator | None = pilot.indicators.filter(pk=pk).first() if is_key(pk) else None
    form = IndicatorForm(posted(request), instance=edited)
    if request.method == "POST" and form.is_valid():
        try:
            plans.write_indicator(
                pilot=pilot,
                indicator=edited,
                values=form.cleaned_data,
                actor=signed_in(request),
                now=timezone.now(),
            )
        except Incomplete as error:
            form.add_error("target", " ".join(error.problems))
        else:
            messages.success(request, _("The indicator is saved."))
            return redirect("pilotdesk_indicators", slug=slug)
    context = desk_context(
        request, pilot, form=form, edited=edited, indicators=list(pilot.indicators.all())
    )
    return render(request, "pilotdesk/indicators.html", context, status=_status(request))


@never_cache
@login_required
@require_POST
def remove_indicator(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give one indicator up."""
    pilot = my_pilot(request, slug, as_city=True)
    found = get_object_or_404(pilot.indicators.select_related("pilot"), pk=pk)
    plans.remove_indicator(indicator=found, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("The indicator is removed."))
    return redirect("pilotdesk_indicators", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestones(request: HttpRequest, slug: str) -> HttpResponse:
    """Dated steps, and what became of each."""
    pilot = my_pilot(request, slug, as_city=True)
    form = MilestoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        plans.add_milestone(
            pilot=pilot, actor=signed_in(request), now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The milestone is added."))
        return redirect("pilotdesk_milestones", slug=slug)
    today = city_time(timezone.now()).date()
    context = desk_context(
        request,
        pilot,
        form=form,
        milestones=list(pilot.milestones.all()),
        settle=SettleForm(initial={"on": today}),
    )
    return render(request, "pilotdesk/milestones.html", context, status=_status(request))


@never_cache
@login_required
@require_POST
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what became of a milestone."""
    pilot = my_pilot(request, slug, as_city=True)
    found: Milestone = get_object_or_404(pilot.milestones.select_related("pilot"), pk=pk)
    form = SettleForm(request.POST)
    if form.is_valid():
        plans.settle_milestone(
            milestone=found,
            to=MilestoneState(form.cleaned_data["to"]),
            on=form.cleaned_data["on"],
            actor=signed_in(request),
            now=timezone.now(),
        )
        messages.success(request, _("The milestone is settled."))
    else:
        messages.error(request, _("Give a result and a date."))
    return redirect("pilotdesk_milestones", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, slug: str) -> HttpResponse:
    """Record one value; below, the last ones and the keys of devices."""
    pilot = my_pilot(request, slug)
    form = ReadingForm(posted(request), pilot=pilot)
    if request.method == "POST" and form.is_valid():
        answer = readings_verbs.record_readings(
            pilot=pilot,
            readings=[form.reading()],
            source=ReadingSource.FORM,
            actor=signed_in(request),
            now=timezone.now(),
        )[0]
        if answer.status == "refused":
            form.add_error("value", answer.problem)
        else:
            messages.success(request, _("The reading is recorded and public."))
            return redirect("pilotdesk_readings", slug=slug)
    last = Reading.objects.filter(indicator__pilot=pilot).select_related("indicator")
    context = desk_context(
        request,
        pilot,
        form=form,
        last=list(last.order_by("-at", "-pk")[:20]),
        keys=list(pilot.keys.order_by("-pk")),
        key_form=KeyForm(),
        is_measuring=pilot.state in readings_verbs.RECEIVING,
    )
    return render(request, "pilotdesk/readings.html", context, status=_status(request))


@never_cache
@login_required
@require_POST
def create_key(request: HttpRequest, slug: str) -> HttpResponse:
    """A key for a device; its secret is shown this once, on this very page."""
    pilot = my_pilot(request, slug, as_city=True)
    form = KeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say which device or program will use the key."))
        return redirect("pilotdesk_readings", slug=slug)
    key, secret = readings_verbs.create_key(
        pilot=pilot, label=form.cleaned_data["label"], actor=signed_in(request), now=timezone.now()
    )
    context = desk_context(request, pilot, key=key, secret=secret)
    return render(request, "pilotdesk/key.html", context)


@never_cache
@login_required
@require_POST
def revoke_key(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The key opens nothing from now on."""
    pilot = my_pilot(request, slug, as_city=True)
    key = get_object_or_404(pilot.keys.select_related("pilot"), pk=pk)
    readings_verbs.revoke_key(key=key, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("The key is revoked."))
    return redirect("pilotdesk_readings", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    """A line of the public journal."""
    pilot = my_pilot(request, slug)
    today = city_time(timezone.now()).date()
    form = EntryForm(posted(request), initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        plans.write_entry(
            pilot=pilot, values=form.cleaned_data, actor=signed_in(request), now=timezone.now()
        )
        messages.success(request, _("The journal has a new line, public at once."))
        return redirect("pilotdesk", slug=slug)
    context = desk_context(request, pilot, form=form, journal=list(pilot.journal.all()[:20]))
    return render(request, "pilotdesk/journal.html", context, status=_status(request))
