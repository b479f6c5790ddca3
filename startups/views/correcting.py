"""« Something is wrong? »: say what, with a source; answer what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.acting import signed_in
from core.accounts.domain.belonging import require_right
from core.accounts.models import Organisation
from core.exceptions import DomainError, NotAllowed
from core.languages import active_language
from core.limits import TooManyRequests, connection_of
from startups.domain import correcting
from startups.domain.amending import held
from startups.domain.confirming import speaks_for
from startups.facts import PUBLIC_FACTS, facts_of, in_words, is_automatic, label_of, value_words
from startups.forms.correcting import CorrectionForm
from startups.models import LISTINGS, Correction, Listing
from startups.models.about import about

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KINDS = {str(each._meta.model_name): each for each in LISTINGS}


def _public(kind: str, slug: str) -> Listing:
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    found: Listing = get_object_or_404(model.objects.public(), slug=slug)
    return found


@require_safe
def choose(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Everything the page says, field by field: which one is wrong?"""
    listing = _public(kind, slug)
    context = {"listing": listing, "kind": kind, "facts": facts_of(listing)}
    return render(request, "startups/correcting/choose.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, kind: str, slug: str, field: str) -> HttpResponse:
    """What it should say, and where that is to be read. Anyone may."""
    listing = _public(kind, slug)
    if field not in PUBLIC_FACTS[type(listing)]:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, listing=listing, field=field)
    if data is not None and (form.is_by_a_program or (form.is_valid() and _kept(request, form))):
        context = {"listing": listing, "has_address": bool(data.get("email"))}
        return render(request, "startups/correcting/thanks.html", context)
    shown = form.first_shown()
    if data is not None and not form.has_error("__all__", "too_old"):
        shown = data.get("began", shown)
    context = {
        "listing": listing,
        "kind": kind,
        "label": label_of(listing, field),
        "now_said": in_words(listing, field),
        "form": form,
        "began": shown,
    }
    status = 200 if data is None else 422
    return render(request, "startups/correcting/propose.html", context, status=status)


def _kept(request: HttpRequest, form: CorrectionForm) -> bool:
    """Whether the verb took it; what it refuses is said on the form."""
    kind, pk, field = form.about
    given = form.cleaned_data
    value = given["value"]
    try:
        correcting.propose_correction(
            listing=get_object_or_404(KINDS[str(kind)].objects.public(), pk=pk),
            field=field,
            value="" if value is None else str(value),
            source=given["source"],
            email=given["email"],
            language=active_language(),
            connection=connection_of(request),
            now=timezone.now(),
        )
    except TooManyRequests:
        raise
    except DomainError as error:
        form.add_error("value", str(error.message))
        return False
    return True


def rows_of(listing: Listing) -> list[dict[str, Any]]:
    """The corrections that wait, as differences: then, now, proposed, source."""
    rows = []
    for row in Correction.objects.waiting().filter(**about(listing)):
        is_stale = held(listing, row.field) != row.before
        rows.append(
            {
                "correction": row,
                "label": label_of(listing, row.field),
                "then": value_words(listing, row.field, row.before) if is_stale else "",
                "now_said": in_words(listing, row.field),
                "proposed": value_words(listing, row.field, row.value),
                "seen": correcting.seen(listing, row.field),
                "is_stale": is_stale,
                "is_automatic": is_automatic(listing, row.field),
            }
        )
    return rows


def mine(request: HttpRequest, kind: str, pk: int) -> Listing:
    """A listing one's organisation speaks for; 404 for those of others."""
    model, user = KINDS.get(kind), signed_in(request)
    if model is None:
        raise Http404
    listing: Listing = get_object_or_404(model.objects.visible_to(user), pk=pk)
    whose = speaks_for(listing)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=whose and whose.pk)
    require_right("edit_content", organisation, user)
    return listing


def edit_page(kind: str, pk: int) -> str:
    """Where a member writes the listing."""
    return reverse("listing_edit", args=[kind, pk])


@never_cache
@login_required
@require_safe
def waiting(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What visitors say is wrong in a listing of one's organisation."""
    return _page(request, mine(request, kind, pk))


def _page(request: HttpRequest, listing: Listing, refusal: str = "") -> HttpResponse:
    kind = str(listing._meta.model_name)
    context = {
        "listing": listing,
        "kind": kind,
        "rows": rows_of(listing),
        "refusal": refusal,
        "answer_to": "correction_answer",
        "edit_page": edit_page(kind, listing.pk),
    }
    status = 409 if refusal else 200
    return render(request, "startups/correcting/waiting.html", context, status=status)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or refuse, for one's own listing."""
    user = signed_in(request)
    found = get_object_or_404(Correction.objects.visible_to(user).for_lists(), pk=pk)
    kind, key = str(found.listing._meta.model_name), found.listing.pk
    listing = mine(request, kind, key)
    try:
        done(request, found)
    except NotAllowed:
        raise
    except DomainError as error:
        return _page(request, listing, str(error.message))
    return redirect("listing_corrections", kind, key)


def done(request: HttpRequest, correction: Correction) -> None:
    """The one call, and its sentence."""
    now, actor = timezone.now(), signed_in(request)
    if request.POST.get("answer") == "accept":
        correcting.accept_correction(
            correction=correction, now_said=request.POST.get("seen", ""), actor=actor, now=now
        )
        messages.success(
            request,
            _("The correction is accepted, and its page says so.")
            if is_automatic(correction.listing, correction.field)
            else _("The correction is marked as done."),
        )
    else:
        correcting.refuse_correction(
            correction=correction, reason=request.POST.get("reason", ""), actor=actor, now=now
        )
        messages.success(request, _("The correction is refused."))
