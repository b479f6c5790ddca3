"""« This is my organisation »: claim a listing by an address or by a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import rules
from core.accounts.acting import act_for, acting_organisation, organisation_named, signed_in
from core.accounts.mail_domains import domain_of_site
from core.accounts.models import Organisation
from core.exceptions import DomainError, NotAllowed
from core.files.storing import store_upload
from core.limits import TooManyRequests
from core.links import LinkRefused
from startups.domain import claiming
from startups.enums import GONE, ClaimState
from startups.forms.claiming import DocumentForm, ProofForm
from startups.models import Claim
from startups.models.about import about
from startups.showing import CLAIM_FILE

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from startups.models import OrganisationProfile


def _listing(kind: str, slug: str) -> OrganisationProfile:
    model = claiming.CLAIMED.get(kind)
    if model is None:
        raise Http404
    found: OrganisationProfile = get_object_or_404(model.objects.public(), slug=slug)
    return found


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """In whose name, by what; where a claim of one's organisation stands."""
    listing = _listing(kind, slug)
    proof, document = ProofForm(), DocumentForm()
    if request.method == "POST":
        organisation = organisation_named(request)
        if organisation is None:
            raise Http404
        act_for(request, organisation)
        way = request.POST.get("way", "")
        if way == "proof":
            form: forms.Form = (proof := ProofForm(request.POST))
        elif way == "document":
            form = (document := DocumentForm(request.POST, request.FILES))
        else:
            form = ProofForm({"email": request.POST.get("email", "")})
        if form.is_valid() and _done(request, way, listing, organisation, form):
            return redirect("listing_claim", kind, slug)
    context = _context(request, listing, proof, document)
    return render(
        request,
        "startups/claiming/claim.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _done(
    request: HttpRequest,
    way: str,
    listing: OrganisationProfile,
    organisation: Organisation,
    form: forms.Form,
) -> bool:
    """Whether the verb took it; a refusal is said on the form."""
    given = form.cleaned_data
    common: dict[str, Any] = {
        "listing": listing,
        "organisation": organisation,
        "actor": signed_in(request),
        "now": timezone.now(),
    }
    try:
        if way == "document":
            claiming.require_may_claim(listing, organisation, signed_in(request))
            stored = store_upload(
                upload=given["document"],
                kind=CLAIM_FILE,
                organisation=organisation,
                actor=signed_in(request),
            )
            made = claiming.claim_by_document(document=stored, message=given["message"], **common)
        elif way == "proof":
            claiming.ask_for_proof(email=given["email"], **common)
            messages.success(
                request,
                _("A mail is on its way to %(email)s. Open its link within a day.")
                % {"email": given["email"]},
            )
            return True
        else:
            made = claiming.claim_by_address(email=given["email"], **common)
    except (NotAllowed, TooManyRequests):
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
        messages.error(request, str(error.message))
        return False
    _say(request, made)
    return True


def _say(request: HttpRequest, made: Claim) -> None:
    name = {"listing": str(made.listing), "organisation": made.organisation.name}
    if made.state == ClaimState.ACCEPTED:
        text = _(
            "“%(listing)s” is now the listing of %(organisation)s: you may keep it up to date."
        )
    else:
        text = _(
            "Your claim of “%(listing)s” is sent. A moderator answers, and you receive a mail."
        )
    messages.success(request, text % name)


def _context(
    request: HttpRequest, listing: OrganisationProfile, proof: ProofForm, document: DocumentForm
) -> dict[str, object]:
    user = signed_in(request)
    mine = [
        found
        for found in Organisation.objects.of_member(user).active()
        if claiming.may_claim(found, listing) and rules.can(user, "edit_content", found)
    ]
    acting = acting_organisation(request)
    return {
        "listing": listing,
        "kind": listing._meta.model_name,
        "organisations": mine,
        "acting": acting if acting in mine else None,
        "is_mine": listing.organisation in mine,
        "is_disputed": listing.organisation is not None,
        "is_gone": listing.state in GONE,
        "claims": list(
            Claim.objects.filter(**about(listing), organisation__in=mine)
            .for_lists()
            .order_by("-asked_at", "-pk")[:10]
        ),
        "is_waiting": Claim.objects.waiting()
        .filter(**about(listing), organisation=acting)
        .exists(),
        "addresses": claiming.own_addresses(user, listing),
        "domain": domain_of_site(listing.website),
        "is_enough": claiming.is_proof_enough(listing),
        "proof": proof,
        "document": document,
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, link: str) -> HttpResponse:
    """What a mail's link opens: reading changes nothing, the button claims."""
    user = signed_in(request)
    try:
        listing, organisation, email = claiming.read_proof(link, user)
    except LinkRefused as error:
        said = {"message": error.message}
        return render(request, "startups/claiming/link.html", said, status=error.status)
    if request.method == "POST":
        _say(request, claiming.claim_by_proof(text=link, actor=user, now=timezone.now()))
        return redirect("listing_claim", listing._meta.model_name, listing.slug)
    context = {"listing": listing, "organisation": organisation, "email": email}
    return render(request, "startups/claiming/prove.html", context)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim back."""
    user = signed_in(request)
    mine = Claim.objects.visible_to(user).filter(organisation__memberships__user=user)
    found = get_object_or_404(mine, pk=pk)
    claiming.withdraw_claim(claim=found, actor=user, now=timezone.now())
    messages.success(request, _("Your claim is taken back."))
    return redirect("listing_claim", found.listing._meta.model_name, found.listing.slug)
