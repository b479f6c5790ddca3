"""What moderators do with a listing: its claims, and whether the city vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.accounts.acting import signed_in
from core.exceptions import DomainError
from core.states import can_move
from startups.claimable import ended_of
from startups.domain.claiming import CLAIMED
from startups.domain.claims import settle_claims, verify_listing
from startups.domain.moderating import require_moderator
from startups.enums import GONE, LISTING_TRANSITIONS, EditState, ListingState, RelayState
from startups.facts import label_of
from startups.forms.claiming import SettleForm
from startups.models import LISTINGS, Claim, Correction, Listing, ListingEdit, Relay
from startups.models.about import about
from startups.views.correcting import done, rows_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ON_A_PAGE: Final = 50


def listing_for(request: HttpRequest, kind: str, pk: int) -> Listing:
    """A listing of whichever kind, live or not, for moderators."""
    require_moderator(request.user)
    model = {each._meta.model_name: each for each in LISTINGS}.get(kind)
    if model is None:
        raise Http404
    found: Listing = get_object_or_404(model, pk=pk)
    return found


@never_cache
@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Claims and corrections, the oldest first; and how much waits on pages of their own."""
    require_moderator(request.user)
    found = Claim.objects.visible_to(request.user).waiting().for_lists()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    proposed = Correction.objects.visible_to(request.user).waiting().for_lists()
    context = {
        "claims": page,
        "query": request.GET,
        "corrections": [(row, label_of(row.listing, row.field)) for row in proposed[:ON_A_PAGE]],
        "corrections_count": proposed.count(),
        "elsewhere": _elsewhere(),
    }
    return render(request, "city/directory/waiting.html", context)


def _elsewhere() -> list[tuple[str, str, int]]:
    """What waits on other pages: what it is, where, and how many."""
    edits = ListingEdit.objects
    reported = Relay.objects.reported().filter(state=RelayState.OPEN)
    return [
        (_("Listings to moderate"), reverse("listing_moderation"), edits.waiting().count()),
        (
            str(EditState.LIVE.label),
            reverse("listing_moderation"),
            edits.to_review_after().count(),
        ),
        (_("Reported conversations"), reverse("moderation_relays"), reported.count()),
    ]


def _claims(listing: Listing) -> list[Claim]:
    if listing._meta.model_name not in CLAIMED:
        return []
    return list(Claim.objects.waiting().filter(**about(listing)).for_lists())


def _settle_form(claims: list[Claim], data: Any = None) -> SettleForm:
    return SettleForm(data, choices=[(claim.pk, claim.organisation.name) for claim in claims])


def _page(
    request: HttpRequest,
    listing: Listing,
    settle: SettleForm | None = None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    claims = _claims(listing)
    context = {
        "listing": listing,
        "kind": listing._meta.model_name,
        "kind_name": listing._meta.verbose_name,
        "claims": claims,
        "settle": settle or _settle_form(claims),
        "rows": rows_of(listing),
        "refusal": refusal,
        "answer_to": "city_correction",
        "edit_page": reverse(listing.snippet_viewset.get_url_name("edit"), args=[listing.pk]),
        "is_gone": listing.state in GONE,
        "ended": ended_of(listing),
        "may_end": can_move(listing, ListingState.MERGED, transitions=LISTING_TRANSITIONS),
        "may_verify": can_move(listing, ListingState.VERIFIED, transitions=LISTING_TRANSITIONS),
    }
    return render(request, "city/directory/listing.html", context, status=status)


@never_cache
@login_required
@require_safe
def listing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One listing: who speaks for it, the claims side by side, what a moderator can do."""
    return _page(request, listing_for(request, kind, pk))


@never_cache
@login_required
@require_POST
def settle(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Answer all claims of a listing together."""
    found = listing_for(request, kind, pk)
    model = CLAIMED.get(kind)
    if model is None:
        raise Http404
    form = _settle_form(_claims(found), request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    read = [int(key) for key in request.POST.getlist("read") if key.isdecimal()]
    try:
        settle_claims(
            listing=get_object_or_404(model, pk=pk),
            read=read,
            accepted=form.cleaned_data["accepted"] or None,
            reason_fr=form.cleaned_data["reason_fr"],
            reason_en=form.cleaned_data["reason_en"],
            actor=signed_in(request),
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _page(request, found, form, status=error.status)
    messages.success(request, _("The claims are answered. Everyone receives a mail."))
    return redirect("city_listing", kind, pk)


@never_cache
@login_required
@require_POST
def verify(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The city vouches for it."""
    found = listing_for(request, kind, pk)
    verify_listing(listing=found, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("“%(name)s” is verified.") % {"name": found})
    return redirect("city_listing", kind, pk)


@never_cache
@login_required
@require_POST
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or refuse what a visitor says of any listing."""
    require_moderator(request.user)
    found = get_object_or_404(Correction.objects.visible_to(request.user).for_lists(), pk=pk)
    kind, key = str(found.listing._meta.model_name), found.listing.pk
    try:
        done(request, found)
    except DomainError as error:
        listing = listing_for(request, kind, key)
        return _page(request, listing, status=error.status, refusal=str(error.message))
    return redirect("city_listing", kind, key)
