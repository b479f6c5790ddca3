"""To hand an organisation over, to answer such an offer, to close it, to correct its details."""

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
from core.accounts.domain import closing, ownership
from core.accounts.domain.belonging import require_right
from core.accounts.domain.organisations import MayBeHereAlready, NumberTaken, change_details
from core.accounts.forms.members import CloseForm, HandOverForm
from core.accounts.forms.organisations import DetailsForm
from core.accounts.models import Organisation, OwnershipOffer, Role, User
from core.accounts.recent import kept_post, require_recent
from core.accounts.views.likeness import count_look, matches_context, others_said
from core.accounts.views.members import organisation_or_404
from core.exceptions import Incomplete
from core.text import TextRefused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.doubles import Match


def _owned(user: User, pk: int, right: str) -> Organisation:
    """One of the person's organisations, where they have ``right``."""
    organisation = organisation_or_404(user, pk)
    require_right(right, organisation, user)
    return organisation


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer ownership to a member."""
    user = signed_in(request)
    organisation = _owned(user, pk, "transfer")
    require_recent(request)
    others = organisation.memberships.exclude(role=Role.OWNER).filter(user__is_active=True)
    members = list(others.select_related("user").order_by("user__name", "pk"))
    data = request.POST if request.method == "POST" else kept_post(request)
    form = HandOverForm(data, members=members, initial={"stays_owner": "no"})
    if request.method == "POST" and form.is_valid():
        to = form.members[form.cleaned_data["to"]].user
        ownership.offer_ownership(
            organisation=organisation,
            to=to,
            stays_owner=form.cleaned_data["stays_owner"] == "yes",
            actor=user,
            now=timezone.now(),
        )
        messages.success(
            request,
            _("%(person)s has 7 days to accept. Until then nothing changes.") % {"person": to},
        )
        return redirect("organisation_members", pk=pk)
    context = {"organisation": organisation, "form": form, "has_members": bool(members)}
    return _form_page(request, "organisations/hand_over.html", form, context)


def _form_page(
    request: HttpRequest, template: str, form: Any, context: dict[str, Any]
) -> HttpResponse:
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, template, context, status=422 if wrong else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept to own an organisation, once it is known who does, or not."""
    user, now = signed_in(request), timezone.now()
    made = get_object_or_404(
        OwnershipOffer.objects.visible_to(user).select_related(
            "organisation", "offered_by", "offered_to"
        ),
        pk=pk,
    )
    if made.offered_to_id != user.pk:
        return redirect("organisation_members", pk=made.organisation_id)
    stands = made.state == "pending" and made.answer_by >= now
    is_refused = request.POST.get("answer") == "refuse"
    if stands and not is_refused:
        require_recent(request)
    if request.method == "POST":
        name = {"name": made.organisation.name}
        if is_refused:
            ownership.refuse_ownership(offer=made, actor=user, now=now)
            messages.success(
                request, _("You refused to own %(name)s. Whoever offered it is told.") % name
            )
        else:
            ownership.accept_ownership(offer=made, actor=user, now=now)
            messages.success(request, _("You now own %(name)s.") % name)
        return redirect("organisation_members", pk=made.organisation_id)
    context = {"offer": made, "stands": stands}
    return render(request, "organisations/offer.html", context, status=200 if stands else 410)


@never_cache
@login_required
@require_POST
def withdraw_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer back."""
    user = signed_in(request)
    made = get_object_or_404(OwnershipOffer.objects.visible_to(user), pk=pk)
    ownership.withdraw_offer(offer=made, actor=user, now=timezone.now())
    messages.success(request, _("The offer is taken back. Nothing changed."))
    return redirect("organisation_members", pk=made.organisation_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an organisation for good, after one has read what that means."""
    user = signed_in(request)
    organisation = _owned(user, pk, "close")
    require_recent(request)
    data = request.POST if request.method == "POST" else kept_post(request)
    form = CloseForm(data, organisation=organisation)
    reasons = closing.what_keeps_open(organisation)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_organisation(organisation=organisation, actor=user, now=timezone.now())
        except Incomplete as error:
            reasons = error.problems
        else:
            messages.success(
                request, _("%(name)s is closed. Its members are told.") % {"name": organisation}
            )
            return redirect("organisation_list")
    context = {"organisation": organisation, "form": form, "reasons": reasons}
    return _form_page(request, "organisations/close.html", form, context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the organisation is called and where it is found, unless that is another's."""
    user, now = signed_in(request), timezone.now()
    organisation = _owned(user, pk, "edit_details")
    now_known = {f: getattr(organisation, f) for f in ("name", "neq", "website", "language")}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=now_known)
    matches: list[Match] = []
    if request.method == "POST" and form.is_valid():
        count_look(user, now)
        typed, others = form.cleaned_data, others_said(request)
        try:
            change_details(organisation=organisation, **typed, others=others, actor=user, now=now)
        except MayBeHereAlready as error:
            matches = error.matches
        except NumberTaken as error:
            form.add_error("neq", str(error))
        except TextRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The details are saved."))
            return redirect("organisation_members", pk=pk)
    context = {"organisation": organisation, "form": form, **matches_context(matches, user)}
    if matches:
        return render(request, "organisations/details.html", context, status=409)
    return _form_page(request, "organisations/details.html", form, context)
