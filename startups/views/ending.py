"""Moderators close, merge, rename, reopen a listing; whoever speaks for one closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.acting import signed_in
from core.deadlines import city_time
from core.exceptions import DomainError
from startups.domain import ending, reopening
from startups.enums import GONE
from startups.forms.ending import CloseForm, MergeForm, OwnCloseForm, RenameForm, ReopenForm
from startups.models import Incubator, Listing
from startups.views.city import listing_for
from startups.views.correcting import mine

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse


def _forms() -> dict[str, tuple[type[forms.Form], str]]:
    """Each job with its form and the words of its button."""
    return {
        "close": (CloseForm, _("Close this listing")),
        "merge": (MergeForm, _("Merge it into another one")),
        "rename": (RenameForm, _("Give it another address")),
        "reopen": (ReopenForm, _("Reopen this listing")),
    }


def _first(listing: Listing, job: str) -> dict[str, Any]:
    if job == "rename":
        return {"slug": listing.slug}
    if job == "reopen":
        return {}
    return {"closed_on": city_time(timezone.now()).date()}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, kind: str, pk: int, job: str) -> HttpResponse:
    """One of the four, with its reasons and its day."""
    listing = listing_for(request, kind, pk)
    form_class, title = _forms()[job]
    data = request.POST if request.method == "POST" else None
    form = form_class(data, initial=_first(listing, job))
    if data is not None and form.is_valid() and _done(request, listing, job, form):
        return redirect("city_listing", kind, pk)
    context = {"listing": listing, "kind": kind, "form": form, "title": title}
    status = 422 if data is not None else 200
    return render(request, "city/directory/end.html", context, status=status)


def _done(request: HttpRequest, listing: Listing, job: str, form: forms.Form) -> bool:
    """Whether the verb took it; its refusal is said on the form."""
    given = form.cleaned_data
    common: dict[str, Any] = {"actor": signed_in(request), "now": timezone.now()}
    try:
        if job == "rename":
            ending.rename_listing(listing=listing, slug=given["slug"], **common)
            said = _("The page has its new address; the old one leads to it.")
        elif job == "merge":
            heir = type(listing).objects.filter(slug=given["heir"]).first()
            if heir is None:
                raise ending.NoHeir
            ending.merge_listing(
                listing=listing,
                heir=heir,
                merged_on=given["closed_on"],
                note_fr=given["note_fr"],
                note_en=given["note_en"],
                **common,
            )
            said = _("The listing is merged: its address leads to “%(heir)s”.") % {"heir": heir}
        elif job == "reopen":
            said = _reopened(listing, given, common)
        else:
            said = _closed(listing, form, common)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(request, said)
    return True


def _reopened(listing: Listing, given: dict[str, Any], common: dict[str, Any]) -> str:
    parts = reopening.reopen_listing(listing=listing, **given, **common)
    said = _("“%(name)s” acts again; the history of its page says why.") % {"name": listing}
    if parts:
        also = ngettext(
            "%(count)d of its parts came back with it.",
            "%(count)d of its parts came back with it.",
            parts,
        )
        said = f"{said} {also % {'count': parts}}"
    return said


def _closed(listing: Listing, form: forms.Form, common: dict[str, Any]) -> str:
    given = form.cleaned_data
    programs = ending.close_listing(
        listing=listing,
        closed_on=given["closed_on"],
        note_fr=given["note_fr"],
        note_en=given["note_en"],
        **common,
    )
    said = _("“%(name)s” is closed; its page stays and says so.") % {"name": listing}
    if programs:
        also = ngettext(
            "%(count)d program closed with it.", "%(count)d programs closed with it.", programs
        )
        said = f"{said} {also % {'count': programs}}"
    return said


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_own(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Close one's own listing, once one has said that one is sure."""
    listing = mine(request, kind, pk)
    data = request.POST if request.method == "POST" else None
    form = OwnCloseForm(data, initial=_first(listing, "close"))
    if data is not None and form.is_valid() and _done(request, listing, "close", form):
        return redirect(listing.get_absolute_url())
    programs = 0
    if isinstance(listing, Incubator):
        programs = listing.programs.exclude(state__in=GONE).count()
    context = {
        "listing": listing,
        "form": form,
        "programs": programs,
        "is_gone": listing.state in GONE,
    }
    status = 422 if data is not None else 200
    return render(request, "startups/ending/close.html", context, status=status)
