"""The challenge manager's pages between publication and choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.accounts.recent import require_recent
from core.exceptions import Incomplete, NotAllowed
from pilots.domain.answers import read_as
from pilots.domain.challenge import cancel_challenge
from pilots.domain.decision import (
    envelope_problems,
    release_envelope,
    scores_by_criterion,
    set_outcome,
)
from pilots.domain.jury import StillOpen, appoint_jury, assign_applications
from pilots.domain.ranking import ranking
from pilots.domain.review import return_review
from pilots.domain.status import challenge_status, is_over
from pilots.enums import STANDING, ApplicationState, AssignmentState, ChallengeState, Outcome
from pilots.forms.city import JuryForm, OutcomeForm, ReasonForm
from pilots.models import Application, Assignment, Challenge, Envelope, Jury
from pilots.thread import challenge_thread
from pilots.views import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pilots.models import Juror


def _challenge(request: HttpRequest, slug: str) -> Challenge:
    """A challenge, for those who run calls; others are told whom to ask."""
    if not rules.works_on_challenges(request.user):
        raise NotAllowed
    found = Challenge.objects.visible_to(request.user).select_related("call")
    challenge: Challenge = get_object_or_404(found.prefetch_related("call__stages"), slug=slug)
    return challenge


@never_cache
@login_required
@require_safe
def challenges(request: HttpRequest) -> HttpResponse:
    """Every call with what waits in it."""
    if not rules.works_on_challenges(request.user):
        raise NotAllowed
    received = Count(
        "applications",
        filter=Q(applications__state__in=[str(s) for s in STANDING]),
        distinct=True,
    )
    found = (
        Challenge.objects.visible_to(request.user)
        .exclude(state=ChallengeState.ARCHIVED)
        .annotate(received=received)
        .select_related("call")
        .prefetch_related("call__stages")
    )
    now = timezone.now()
    rows = [(c, challenge_status(c, now), c.stage) for c in found]
    order = {"grace": 0, "review": 0, "closing": 1, "open": 2, "upcoming": 3}
    rows.sort(key=lambda row: order.get(str(row[1]), 9))
    return render(request, "city/challenges.html", {"rows": rows})


@never_cache
@login_required
@require_safe
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Applications, jury, ranking and envelope of one challenge."""
    found = _challenge(request, slug)
    now = timezone.now()
    stage = found.stage
    jury = Jury.objects.filter(stage=stage).first() if stage else None
    jurors = _jurors(jury)
    envelope = found.envelopes.filter(released_at__isnull=True).first()
    rows = ranking(found)
    closed = stage is not None and is_over(stage, now)
    context = {
        "challenge": found,
        "status": challenge_status(found, now),
        "thread": challenge_thread(found, now),
        "stage": stage,
        "rows": rows,
        "jurors": jurors,
        "jury_form": JuryForm(seated={juror.user_id for juror, _n, _all in jurors}),
        "envelope": envelope,
        "may_assign": bool(closed and jurors and _has_unassigned(rows, len(jurors))),
        "is_closed": closed,
        "pilots": list(found.pilots.all()),
        "runs_pilots": rules.works_on_pilots(request.user),
    }
    return render(request, "city/challenge.html", context)


def _jurors(jury: Jury | None) -> list[tuple[Juror, int, int]]:
    """Each jury member with evaluations handed in and files given."""
    if jury is None:
        return []
    found = (
        jury.jurors.select_related("user")
        .annotate(
            done=Count("assignments", filter=Q(assignments__state=AssignmentState.SUBMITTED)),
            given=Count("assignments"),
        )
        .order_by("user__name", "pk")
    )
    return [(juror, juror.done, juror.given) for juror in found]


def _has_unassigned(rows: list[Any], jurors: int) -> bool:
    waiting = [
        row
        for row in rows
        if row.application.state in (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW)
    ]
    given = Assignment.objects.filter(application__in=[row.application for row in waiting])
    return bool(waiting) and given.count() < len(waiting) * jurors


@never_cache
@login_required
@require_POST
def appoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Seat people in the jury."""
    found = _challenge(request, slug)
    stage = found.stage
    form = JuryForm(request.POST, seated=set())
    if stage is None or not form.is_valid():
        messages.error(request, _("Choose at least one person."))
        return redirect("city_challenge", slug=slug)
    appoint_jury(
        stage=stage,
        users=form.cleaned_data["users"],
        actor=signed_in(request),
        now=timezone.now(),
    )
    messages.success(request, _("The jury is appointed; each member receives an invitation."))
    return redirect("city_challenge", slug=slug)


@never_cache
@login_required
@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give every received application to every jury member."""
    stage = _challenge(request, slug).stage
    if stage is not None:
        made = assign_applications(stage=stage, actor=signed_in(request), now=timezone.now())
        said = ngettext(
            "%(n)s file was given to the jury.", "%(n)s files were given to the jury.", made
        ) % {"n": made}
        messages.success(request, said if made else _("The jury already has every file."))
    return redirect("city_challenge", slug=slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One received application with its evaluations, and the outcome held for it."""
    if not rules.works_on_challenges(request.user):
        raise NotAllowed
    found: Application = get_object_or_404(
        Application.objects.visible_to(request.user)
        .filter(submitted_at__isnull=False)
        .select_related("challenge", "stage", "startup", "organisation", "solution"),
        pk=pk,
    )
    if not is_over(found.stage, timezone.now()):
        raise StillOpen(
            _("Answers open after the last deadline: until then someone may still apply.")
        )
    standing = found.decisions.filter(superseded_by__isnull=True).first()
    form = OutcomeForm(posted(request), initial=_held(standing))
    if request.method == "POST" and form.is_valid():
        set_outcome(
            application=found,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reasons_fr=form.cleaned_data["reasons_fr"],
            reasons_en=form.cleaned_data["reasons_en"],
            actor=signed_in(request),
            now=timezone.now(),
        )
        messages.success(
            request, _("The outcome is held: nobody is told before the envelope leaves.")
        )
        return redirect("city_challenge", slug=found.challenge.slug)
    context = {
        "application": found,
        "challenge": found.challenge,
        "answers": [(item, read_as(item)) for item in (found.frozen or {}).get("answers", [])],
        "assignments": _assignments(found),
        "scores": scores_by_criterion(found),
        "form": form,
        "decision": standing,
        "may_decide": found.state in (ApplicationState.UNDER_REVIEW, ApplicationState.SHORTLISTED),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "city/application.html", context, status=status)


def _held(decision: Any) -> dict[str, str]:
    if decision is None:
        return {}
    return {
        "outcome": decision.outcome,
        "reasons_fr": decision.reasons_fr,
        "reasons_en": decision.reasons_en,
    }


def _assignments(found: Application) -> list[Assignment]:
    return list(
        found.assignments.select_related("juror__user", "review")
        .prefetch_related("review__scores__criterion")
        .order_by("juror__user__name", "pk")
    )


@never_cache
@login_required
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a handed-in evaluation to its author."""
    if not rules.works_on_challenges(request.user):
        raise NotAllowed
    assignment = get_object_or_404(Assignment, pk=pk)
    return_review(assignment=assignment, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("The evaluation goes back to its author."))
    return redirect("city_application", pk=assignment.application_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def envelope(request: HttpRequest, slug: str) -> HttpResponse:
    """Every outcome once more, then the release: statuses and letters leave together."""
    found = _challenge(request, slug)
    held: Envelope | None = found.envelopes.filter(released_at__isnull=True).first()
    if held is None:
        messages.warning(request, _("No outcome is held for this challenge."))
        return redirect("city_challenge", slug=slug)
    require_recent(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            release_envelope(envelope=held, actor=signed_in(request), now=timezone.now())
        except Incomplete as error:
            problems = error.problems
        else:
            messages.success(
                request, _("The decisions are announced: every status and letter left together.")
            )
            return redirect("city_challenge", slug=slug)
    decisions = held.decisions.filter(superseded_by__isnull=True).select_related(
        "application__startup"
    )
    context = {
        "challenge": found,
        "envelope": held,
        "decisions": decisions,
        "problems": problems or envelope_problems(held),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "city/envelope.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the call up, saying why in public."""
    found = _challenge(request, slug)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        cancel_challenge(
            challenge=found, actor=signed_in(request), now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The challenge is cancelled; its page says why."))
        return redirect("city_challenge", slug=slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "city/cancel.html", {"challenge": found, "form": form}, status=status)
