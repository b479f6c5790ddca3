"""The jury's pages: conflicts first, then files without names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.acting import signed_in
from core.exceptions import Incomplete
from pilots.domain.blind import blind_label, blind_view
from pilots.domain.jury import declare_conflicts, organisations_to_declare, recheck_ties
from pilots.domain.review import WRITABLE, decline_assignment, record_review
from pilots.domain.status import is_over
from pilots.domain.ties import computed_conflicts
from pilots.enums import AssignmentState
from pilots.forms.jury import ConflictsForm, ReviewForm
from pilots.models import Assignment, Juror
from pilots.views import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _seat(request: HttpRequest, pk: int) -> Juror:
    found = Juror.objects.of_user(request.user).select_related("jury__stage__call")
    juror: Juror = get_object_or_404(found, pk=pk)
    return juror


@never_cache
@login_required
@require_safe
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """The work of one jury: nothing of it before the conflicts are declared."""
    juror = _seat(request, pk)
    if juror.declared_at is None:
        return redirect("jury_conflicts", pk=pk)
    recheck_ties(juror=juror, now=timezone.now())
    assignments = list(
        Assignment.objects.assigned_to(request.user)
        .filter(juror=juror)
        .select_related("application__stage", "review")
    )
    # By label: the order of the keys would tell the order in which they came.
    rows = sorted(((a, blind_label(a)) for a in assignments), key=lambda row: row[1])
    done = sum(a.state == AssignmentState.SUBMITTED for a in assignments)
    context = {"juror": juror, "stage": juror.jury.stage, "rows": rows, "done": done}
    return render(request, "jury/seat.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest, pk: int) -> HttpResponse:
    """One alphabetical list; what the records already show is said and cannot be unticked."""
    juror = _seat(request, pk)
    stage = juror.jury.stage
    if request.method != "POST" and not is_over(stage, timezone.now()):
        # Who has applied so far is nobody's business while others still may.
        return render(request, "jury/not_yet.html", {"juror": juror, "stage": stage})
    organisations = organisations_to_declare(juror)
    computed = computed_conflicts(signed_in(request), organisations)
    known = {*computed, *juror.conflicts.values_list("organisation_id", flat=True)}
    form = ConflictsForm(posted(request), organisations=organisations, known=known)
    if request.method == "POST" and form.is_valid():
        declare_conflicts(
            juror=juror,
            organisations=form.cleaned_data["organisations"],
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            now=timezone.now(),
        )
        messages.success(
            request, _("Thank you. You will not see the files of those you are tied to.")
        )
        return redirect("jury_seat", pk=pk)
    context = {
        "juror": juror,
        "form": form,
        "organisations": organisations,
        "computed": [(o, computed[o.pk]) for o in organisations if o.pk in computed],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "jury/conflicts.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, read without names beside the marks."""
    found = Assignment.objects.assigned_to(request.user).select_related(
        "application__stage", "juror", "review"
    )
    assignment: Assignment = get_object_or_404(found, pk=pk)
    recheck_ties(juror=assignment.juror, now=timezone.now())
    assignment = get_object_or_404(found, pk=pk)
    criteria = list(assignment.application.stage.criteria.all())
    review = getattr(assignment, "review", None)
    form = ReviewForm(posted(request), criteria=criteria, review=review)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        submit = "submit" in request.POST
        try:
            record_review(
                assignment=assignment,
                marks=form.marks(),
                to_applicant=form.cleaned_data["to_applicant"],
                to_city=form.cleaned_data["to_city"],
                submit=submit,
                actor=signed_in(request),
                now=timezone.now(),
            )
        except Incomplete as error:
            problems = error.problems
        else:
            return _after(request, assignment, submit)
    context: dict[str, Any] = {
        "assignment": assignment,
        "view": blind_view(assignment),
        "form": form,
        "rows": form.rows(),
        "problems": problems,
        "is_writable": assignment.state in WRITABLE,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "jury/evaluate.html", context, status=status)


def _after(request: HttpRequest, assignment: Assignment, submitted: bool) -> HttpResponse:
    if submitted:
        messages.success(request, _("Your evaluation is handed in."))
        return redirect("jury_seat", pk=assignment.juror_id)
    messages.success(request, _("Your notes are kept. The evaluation is not handed in yet."))
    return redirect("jury_evaluate", pk=assignment.pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one file back, after asking once."""
    assignment: Assignment = get_object_or_404(
        Assignment.objects.assigned_to(request.user).select_related("juror"), pk=pk
    )
    if request.method == "POST":
        decline_assignment(assignment=assignment, actor=signed_in(request), now=timezone.now())
        messages.success(request, _("This file goes back to the city’s team."))
        return redirect("jury_seat", pk=assignment.juror_id)
    context = {"assignment": assignment, "label": blind_label(assignment)}
    return render(request, "jury/decline.html", context)
