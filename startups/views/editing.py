"""Members write the listings of their organisation: list, form, preview, submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import dates
from core.accounts import rules
from core.accounts.acting import acting_organisation, signed_in
from core.accounts.domain.belonging import require_right
from core.accounts.models import Organisation
from core.exceptions import DomainError, Incomplete
from core.languages import LANGUAGES
from core.numbers import key_of
from core.text import TextRefused
from startups.differences import differences
from startups.domain import creating, discarding, editing
from startups.domain.confirming import ListingGone, speaks_for
from startups.drafting import draft_of, goes_live_at_once
from startups.enums import GONE, EditState
from startups.forms.creating import NewListingForm
from startups.forms.listing import OUTSIDE, ListingForm
from startups.forms.shown import FilesField, LogoField
from startups.listings_of import listings_of
from startups.models import Listing
from startups.sections import SECTIONS
from startups.views.unsaved import KINDS, keeping_text, unsaved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User
    from core.exceptions import StaleWrite
    from startups.drafting import Draft


def _kind(kind: str) -> type[Listing]:
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    return model


def _mine(user: User, kind: str, pk: int) -> tuple[Listing, Organisation]:
    """A listing that ``user`` may write; 404 for those of others, as if it were not there."""
    model = _kind(kind)
    listing: Listing = get_object_or_404(model.objects.visible_to(user), pk=pk)  # type: ignore[attr-defined]
    whose = speaks_for(listing)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=whose and whose.pk)
    require_right("edit_content", organisation, user)
    return listing, organisation


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The listings of the organisation one acts for, each with where it stands."""
    organisation = acting_organisation(request)
    rows = listings_of(organisation) if organisation is not None else []
    may_write = organisation is not None and rules.can(
        signed_in(request), "edit_content", organisation
    )
    kinds = creating.may_create(organisation) if organisation is not None and may_write else []
    context = {
        "organisation": organisation,
        "rows": rows,
        "may_write": may_write,
        "kinds": [(kind._meta.model_name, kind._meta.verbose_name) for kind in kinds],
    }
    return render(request, "startups/editing/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, kind: str) -> HttpResponse:
    """Its name, and what no row goes without; the rest is written on its own page."""
    model, organisation = _kind(kind), acting_organisation(request)
    if organisation is None:
        return redirect("listing_list")
    require_right("edit_content", organisation, signed_in(request))
    form = NewListingForm(model, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            listing = creating.create_listing(
                model=model,
                organisation=organisation,
                name=form.cleaned_data["title"],
                facts=form.facts(),
                actor=signed_in(request),
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The listing is begun. Only your organisation sees it."))
            return redirect("listing_edit", kind=kind, pk=listing.pk)
    context = {"form": form, "kind": model._meta.verbose_name, "organisation": organisation}
    status = 422 if form.is_bound else 200
    return render(request, "startups/editing/create.html", context, status=status)


@never_cache
@keeping_text
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form; the button keeps everything, and says what somebody else changed meanwhile."""
    user = signed_in(request)
    listing, organisation = _mine(user, kind, pk)
    stale: dict[str, StaleWrite] = {}
    refused: dict[str, list[str]] = {}
    back: dict[str, Any] = {}
    if request.method == "POST":
        sent = ListingForm(type(listing), request.POST, files=request.FILES)
        values, refused = _sent(sent, request)
        try:
            stale = editing.save_fields(
                listing=listing,
                values=values,
                read_at=key_of(request.POST.get("base", "")),
                actor=user,
                now=timezone.now(),
            )
        except (editing.InReview, ListingGone) as error:
            return _held_back(request, sent, listing, organisation, error)
        if not stale and not refused:
            if "review" in request.POST:
                return redirect("listing_submit", kind=kind, pk=pk)
            messages.success(request, _("Your draft is saved. Nothing is public yet."))
            return redirect("listing_edit", kind=kind, pk=pk)
        back = {name: sent.raw(name) for name in refused if name not in values}
    draft = draft_of(listing)
    context = _edit_context(draft, organisation, stale, refused, back)
    status = 409 if stale else 422 if refused else 200
    return render(request, "startups/editing/edit.html", context, status=status)


def _held_back(
    request: HttpRequest,
    sent: ListingForm,
    listing: Listing,
    organisation: Organisation,
    error: DomainError,
) -> HttpResponse:
    """It is being read, or it has ended: nothing is kept, and what was typed is shown again."""
    draft = draft_of(listing)
    context = {
        **_head(draft, organisation),
        "refusal": str(error.message),
        "unsaved": unsaved(sent, draft.raws),
    }
    return render(request, "startups/editing/edit.html", context, status=error.status)


def _sent(
    form: ListingForm, request: HttpRequest
) -> tuple[dict[str, tuple[Any, int]], dict[str, list[str]]]:
    """The fields that were on the page, with the versions they were edited from; what is refused.

    A page whose file is refused keeps the file it had; a text too long is not kept at all.
    """
    found, refused = {}, {}
    for name, field in form.fields.items():
        version = request.POST.get(f"version-{name}")
        was_there = not field.widget.value_omitted_from_data(request.POST, request.FILES, name)
        if version is not None or was_there:
            value, wrong = form.checked(name)
            if wrong:
                refused[name] = wrong
            if not wrong or isinstance(field, LogoField | FilesField):
                found[name] = (value, key_of(version or "0") or 0)
    return found, refused


def _edit_context(
    draft: Draft,
    organisation: Organisation,
    stale: dict[str, StaleWrite],
    refused: dict[str, list[str]],
    back: dict[str, Any],
) -> dict[str, Any]:
    """``back`` is what was typed and is not kept: it stays in its box."""
    listing, edit_row = draft.listing, draft.edit
    shown = {**draft.raws, **{name: error.mine for name, error in stale.items()}, **back}
    form = ListingForm(type(listing), initial=shown, may_upload=True)
    return {
        **_head(draft, organisation),
        "form": form,
        "sections": [(section, _rows(section, form, draft)) for section in SECTIONS[form.model]],
        "outside": form[OUTSIDE] if OUTSIDE in form.fields else None,
        "outside_version": draft.versions.get(OUTSIDE, 0),
        "stale": [_both(form, name, error) for name, error in stale.items()],
        "refused": [
            {"label": form.fields[name].label, "id": form[name].id_for_label, "said": said}
            for name, wrong in refused.items()
            for said in wrong
        ],
        "is_returned": edit_row is not None and edit_row.state == EditState.RETURNED,
        "base_id": listing.latest_revision_id or "",
    }


def _rows(section: Any, form: ListingForm, draft: Draft) -> list[list[tuple[Any, int]]]:
    return [[(form[name], draft.versions.get(name, 0)) for name in row] for row in section.rows()]


def _both(form: ListingForm, name: str, error: StaleWrite) -> dict[str, Any]:
    """Both values in words; the version of the other one, that one may keep one's own over it."""
    return {
        "name": name,
        "label": form.fields[name].label,
        "mine": form.in_words(name, error.mine),
        "theirs": form.in_words(name, error.theirs),
        "id": form[name].id_for_label,
    }


def _head(draft: Draft, organisation: Organisation) -> dict[str, Any]:
    """What every page of one listing says first."""
    listing = draft.listing
    state = draft.edit.state if draft.edit is not None else ""
    return {
        "listing": listing,
        "kind": listing._meta.model_name,
        "organisation": organisation,
        "edit": draft.edit,
        "is_waiting": state == EditState.SUBMITTED,
        "is_gone": listing.state in GONE,
        "saved_at": draft.saved_at,
    }


@never_cache
@login_required
@require_POST
def save_one(request: HttpRequest, kind: str, pk: int, name: str) -> HttpResponse:
    """One field as it is typed: its new version, or 409 with both values."""
    user = signed_in(request)
    listing, _organisation = _mine(user, kind, pk)
    form = ListingForm(type(listing), request.POST)
    if name not in form.fields:
        raise Http404
    version = key_of(request.POST.get("version", "0")) or 0
    now = timezone.now()
    try:
        stale = editing.save_fields(
            listing=listing, values={name: (form.raw(name), version)}, actor=user, now=now
        )
    except (editing.InReview, ListingGone, TextRefused) as error:
        return JsonResponse({"message": str(error.message)}, status=error.status)
    if name in stale:
        both = stale[name]
        return JsonResponse(
            {
                "message": str(both.message),
                "theirs": form.in_words(name, both.theirs),
                "raw": both.theirs,
                "version": both.version,
            },
            status=409,
        )
    draft = draft_of(listing)
    said = _("Saved at %(hour)s.") % {"hour": dates.hour(now)}
    return JsonResponse({"version": draft.versions.get(name, 0), "message": said})


@never_cache
@login_required
@require_safe
def preview(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The public page as it would be, by the same template and context; marked, and for members."""
    listing, _organisation = _mine(signed_in(request), kind, pk)
    shown = draft_of(listing).preview()
    context = {
        **shown.preview_context(timezone.now()),
        "listing_preview": {"kind": kind, "pk": pk, "languages": _in_each_language(kind, pk)},
    }
    response = render(request, shown.PREVIEW_TEMPLATE, context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _in_each_language(kind: str, pk: int) -> list[tuple[str, str]]:
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append((code, reverse("listing_preview", args=[kind, pk])))
    return found


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What differs from the public page, what is missing, and the button that submits."""
    user = signed_in(request)
    listing, organisation = _mine(user, kind, pk)
    refusal, problems = "", False
    if request.method == "POST":
        try:
            sent = editing.submit_listing(
                listing=listing,
                read=request.POST.get("read", ""),
                actor=user,
                now=timezone.now(),
            )
        except Incomplete:
            problems = True
        except (editing.ChangedMeanwhile, editing.NothingChanged, editing.InReview) as error:
            refusal = str(error.message)
        else:
            messages.success(request, _said(sent.state))
            return redirect("listing_list")
        listing, organisation = _mine(user, kind, pk)
    draft = draft_of(listing)
    draft.form.is_valid()
    context = {
        **_head(draft, organisation),
        "differences": differences(draft.form, draft.public, draft.raws),
        "form": draft.form,
        "read": draft.read,
        "refusal": refusal,
        "at_once": goes_live_at_once(draft, organisation, user),
    }
    status = 409 if refusal else 422 if problems else 200
    return render(request, "startups/editing/submit.html", context, status=status)


def _said(state: str) -> str:
    if state == EditState.LIVE:
        return _("Your changes are public. The city’s team reviews them after.")
    return _("Your changes are submitted. The city’s team reads them; you are told by mail.")


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take back what waits, and go on writing."""
    user = signed_in(request)
    listing, _organisation = _mine(user, kind, pk)
    try:
        editing.withdraw_edit(listing=listing, actor=user, now=timezone.now())
    except editing.NothingWaits as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("The changes are withdrawn: they are a draft again."))
    return redirect("listing_edit", kind=kind, pk=pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What would be lost, and the button that deletes it."""
    user = signed_in(request)
    listing, organisation = _mine(user, kind, pk)
    refusal = ""
    if request.method == "POST":
        try:
            discarding.discard_draft(listing=listing, read=request.POST.get("read", ""), actor=user)
        except (editing.ChangedMeanwhile, editing.InReview) as error:
            refusal = str(error.message)
        else:
            messages.success(request, _("The draft is discarded."))
            return redirect("listing_list")
        listing, organisation = _mine(user, kind, pk)
    draft = draft_of(listing)
    context = {
        **_head(draft, organisation),
        "differences": differences(draft.form, draft.public, draft.raws),
        "read": draft.read,
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "startups/editing/discard.html", context, status=status)
