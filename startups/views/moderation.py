"""The moderators' pages, in the administration: what waits, and each change field by field."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.exceptions import DomainError, Incomplete, NotAllowed
from core.numbers import key_of
from startups.differences import differences
from startups.domain import moderation as verbs
from startups.drafting import draft_of
from startups.enums import EditState
from startups.forms.listing import OUTSIDE, ListingForm, raw_of
from startups.models import ListingEdit
from startups.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MOST = 100
ANSWERED = {
    "approve": gettext_lazy("Approved: the public page shows it."),
    "return": gettext_lazy("Returned, with your comment, by mail."),
    "seen": gettext_lazy("Noted as seen."),
    "turn_back": gettext_lazy("The former values are back, and the owner is told why."),
}


def for_moderators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Others are told that the page is closed to them, as in the rest of the administration."""

    @wraps(view)
    def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.is_moderator(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return closed


@for_moderators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and what went live at once and nobody has seen."""
    related = ("submitted_by", "organisation")
    waiting = ListingEdit.objects.waiting().select_related(*related).prefetch_related("listing")
    after = ListingEdit.objects.to_review_after().select_related(*related)
    context = {
        "waiting": [edit for edit in waiting[:MOST] if edit.listing is not None],
        "after": [e for e in after.prefetch_related("listing")[:MOST] if e.listing is not None],
        "page_title": _("Listings to moderate"),
    }
    return render(request, "startups/editing/moderation.html", context)


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: before, after, and the answer."""
    edit = get_object_or_404(ListingEdit.objects.select_related("organisation"), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            answer = _answer(request, edit)
        except DomainError as error:
            refusal = str(error.message)
            edit = get_object_or_404(ListingEdit.objects.select_related("organisation"), pk=pk)
        else:
            messages.success(request, answer)
            return redirect("listing_moderation")
    context = {
        "edit": edit,
        "listing": edit.record,
        "kind": edit.record._meta.verbose_name,
        "differences": _differences(edit),
        "is_waiting": edit.state == EditState.SUBMITTED,
        "is_live": edit.state == EditState.LIVE,
        "may_answer": _may_answer(request, edit),
        "refusal": refusal,
        "typed": request.POST.get("comment", ""),
        "page_title": str(edit.record),
    }
    return render(request, "startups/editing/review.html", context, status=409 if refusal else 200)


def _answer(request: HttpRequest, edit: ListingEdit) -> str:
    common: dict[str, Any] = {
        "edit": edit,
        "actor": signed_in(request),
        "now": timezone.now(),
    }
    answer, comment = request.POST.get("answer", ""), request.POST.get("comment", "")
    read = key_of(request.POST.get("revision", "")) or 0
    if answer == "approve":
        verbs.approve_edit(revision=read, **common)
    elif answer == "return":
        verbs.return_edit(revision=read, comment=comment, **common)
    elif answer == "seen":
        verbs.mark_seen(**common)
    elif answer == "turn_back":
        verbs.turn_back(reason=comment, **common)
    else:
        raise verbs.ReadAgain
    return str(ANSWERED[answer])


def _differences(edit: ListingEdit) -> list[Any]:
    """What waits, against the public page; what went live, against what was public before."""
    listing = edit.record
    if edit.before:
        # With what did not change: a logo is shown with its words.
        present = raw_of(listing)
        sides = ({**present, **edit.before}, {**present, **edit.after})
        return differences(ListingForm(type(listing)), *sides)
    draft = draft_of(listing, edit)
    return differences(draft.form, draft.public, draft.raws)


def _may_answer(request: HttpRequest, edit: ListingEdit) -> bool:
    try:
        verbs.require_reader(edit, signed_in(request))
    except NotAllowed:
        return False
    return True


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what waits before it is approved."""
    edit = get_object_or_404(ListingEdit.objects.waiting().select_related("organisation"), pk=pk)
    verbs.require_reader(edit, signed_in(request))
    draft, refusal, status = draft_of(edit.record, edit), "", 200
    form = ListingForm(type(edit.record), initial=draft.raws)
    if request.method == "POST":
        form = ListingForm(type(edit.record), request.POST)
        if form.is_valid():
            try:
                verbs.amend_edit(
                    edit=edit,
                    revision=key_of(request.POST.get("revision", "")) or 0,
                    values={name: form.raw(name) for name in form.fields},
                    actor=signed_in(request),
                    now=timezone.now(),
                )
            except Incomplete as error:
                refusal = " ".join(error.problems)
            except DomainError as error:
                refusal = str(error.message)
            else:
                messages.success(request, _("Changed. Read it once more, then approve."))
                return redirect("listing_review", pk=edit.pk)
        status = 422
    rows = [
        (section.title, [[form[name] for name in row] for row in section.rows()])
        for section in SECTIONS[type(edit.record)]
    ]
    context = {
        "edit": edit,
        "form": form,
        "sections": rows,
        "outside": form[OUTSIDE] if OUTSIDE in form.fields else None,
        "refusal": refusal,
        "page_title": str(edit.record),
    }
    return render(request, "startups/editing/amend.html", context, status=status)
