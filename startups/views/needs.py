"""Needs: the public page of one, those of one's startup, and answering one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import dates
from core.accounts import rules
from core.accounts.acting import acting_organisation, signed_in
from core.accounts.models import Organisation
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.limits import TooManyRequests
from core.taxonomy.models import CitySettings
from startups.domain import needs as verbs
from startups.domain import relaying
from startups.enums import OFFER_FOR, NeedKind
from startups.forms.needs import NeedForm, RelayForm
from startups.matching import how_many_offer
from startups.models import Deployment, Need, Relay, Startup

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

CITY = "city"


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A need, who looks for it, until when, and the programs that offer it."""
    found = Need.objects.visible_to(request.user).select_related("startup__borough")
    need = get_object_or_404(found, pk=pk)
    now = timezone.now()
    kind = NeedKind(need.kind)
    user = request.user
    context = {
        "need": need,
        "startup": need.startup,
        "themes": list(need.startup.themes.all()),
        "is_current": verbs.is_current(need, city_time(now).date()),
        "offers": kind in OFFER_FOR,
        "program_count": how_many_offer([kind]).get(kind, 0),
        "may_moderate": user.is_authenticated and rules.is_moderator(user),
    }
    return render(request, "startups/needs/detail.html", context)


def _startup(user: User, pk: int) -> Startup:
    """One of the person's startups; 404 for any other. ``NotAllowed`` for a mere reader."""
    startup: Startup = get_object_or_404(
        Startup.objects.filter(organisation__memberships__user=user).select_related("organisation"),
        pk=pk,
    )
    organisation = startup.organisation
    if organisation is None or not rules.can(user, "edit_content", organisation):
        raise NotAllowed(_("Only owners and editors of the startup do this."))
    return startup


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """The needs of one's startup, current and past, and a new one."""
    user = signed_in(request)
    startup = _startup(user, pk)
    today = city_time(timezone.now()).date()
    form = NeedForm(today, request.POST or None, initial={"expires_on": verbs.usual_expiry(today)})
    if request.method == "POST" and form.is_valid():
        need = _posted(form, startup, user)
        if need is not None:
            messages.success(
                request,
                _("The need is on the board until %(day)s.") % {"day": dates.day(_until(need))},
            )
            return redirect("startup_needs", pk=pk)
    rows = [(need, verbs.is_current(need, today)) for need in startup.needs.all()]
    context = {
        "startup": startup,
        "current": [need for need, is_on in rows if is_on],
        "past": [need for need, is_on in rows if not is_on],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "startups/needs/mine.html", context, status=status)


def _posted(form: NeedForm, startup: Startup, user: User) -> Need | None:
    """The new need; None when the form says why not."""
    try:
        return verbs.post_need(
            startup=startup, actor=user, now=timezone.now(), **_given(form.cleaned_data)
        )
    except (NotAllowed, TooManyRequests):
        raise
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "kind": NeedKind(data["kind"])}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need, let it last longer, or take it down."""
    user, now = signed_in(request), timezone.now()
    owned = Need.objects.filter(startup__organisation__memberships__user=user)
    need = get_object_or_404(owned.select_related("startup"), pk=pk)
    startup = _startup(user, need.startup_id)
    if request.method == "POST" and "take_down" in request.POST:
        verbs.take_down_need(need=need, actor=user, now=now)
        messages.success(request, _("The need is taken down."))
        return redirect("startup_needs", pk=startup.pk)
    names = ("kind", "text_fr", "text_en", "expires_on")
    form = NeedForm(
        city_time(now).date(),
        request.POST or None,
        initial={name: getattr(need, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        changed = verbs.change_need(need=need, actor=user, now=now, **_given(form.cleaned_data))
        messages.success(
            request,
            _("The need is on the board until %(day)s.") % {"day": dates.day(_until(changed))},
        )
        return redirect("startup_needs", pk=startup.pk)
    context = {
        "need": need,
        "startup": startup,
        "form": form,
        "is_current": verbs.is_current(need, city_time(now).date()),
    }
    status = 422 if form.errors else 200
    return render(request, "startups/needs/edit.html", context, status=status)


def _until(need: Need) -> date:
    assert need.expires_on is not None  # the verb asks for one
    return need.expires_on


def writers_for(user: User, startup: Startup, first: Organisation | None) -> list[tuple[str, str]]:
    """In whose name ``user`` may write to ``startup``: ``first`` first, the city last."""
    mine = Organisation.objects.of_member(user).active().exclude(pk=startup.organisation_id)
    found = mine.filter(
        memberships__user=user, memberships__role__in=rules.roles_with("edit_content")
    )
    rows = [(str(each.pk), each.name) for each in found]
    rows.sort(key=lambda row: first is None or row[0] != str(first.pk))
    if rules.is_city_staff(user):
        city = CitySettings.current().city_name
        rows.append((CITY, _("City of %(city)s") % {"city": city}))
    return rows


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the startup about its need."""
    found = Need.objects.visible_to(request.user).select_related("startup__organisation")
    need = get_object_or_404(found, pk=pk)
    is_over = not verbs.is_current(need, city_time(timezone.now()).date())
    context = {"need": need, "startup": need.startup, "is_over": is_over, "about": need}
    return _write(request, need.startup, {"need": need}, context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a startup to be put in touch with a place where its solution runs."""
    found = Deployment.objects.filter(has_contact=True, solution__live=True)
    deployment = get_object_or_404(found.select_related("solution__startup__organisation"), pk=pk)
    startup = deployment.solution.startup
    about = f"{deployment.solution.name} · {deployment}"
    context = {"deployment": deployment, "startup": startup, "is_over": False, "about": about}
    return _write(request, startup, {"deployment": deployment}, context)


def _write(
    request: HttpRequest, startup: Startup, subject: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """The form of a first message, and its sending."""
    user = signed_in(request)
    writers = writers_for(user, startup, acting_organisation(request))
    if request.method == "POST" and not writers:
        raise NotAllowed(_("One answers in the name of an organisation, or of the city."))
    form = RelayForm(writers, request.POST or None)
    if request.method == "POST" and form.is_valid():
        relay = _relayed(subject, form, user)
        messages.success(
            request,
            _("Your message is relayed to %(startup)s. Its answer comes here.")
            % {"startup": startup.name},
        )
        return redirect("relay", pk=relay.pk)
    context |= {
        "form": form,
        "writers": writers,
        "begun": Relay.objects.filter(author=user, **subject).first(),
    }
    status = 422 if form.errors else 200
    return render(request, "startups/needs/answer.html", context, status=status)


def _relayed(subject: dict[str, Any], form: RelayForm, user: User) -> Relay:
    """The conversation that the message began, or went on with."""
    named = form.cleaned_data["writer"]
    mine = Organisation.objects.of_member(user)
    organisation = None if named == CITY else get_object_or_404(mine, pk=named)
    verb = relaying.answer_need if "need" in subject else relaying.ask_contact
    return verb(
        organisation=organisation,
        text=form.cleaned_data["text"],
        actor=user,
        now=timezone.now(),
        **subject,
    )
