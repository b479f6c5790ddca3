"""The applicant's pages: write, read again, submit, follow, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import dates
from core.accounts.acting import act_for, organisation_named, signed_in
from core.accounts.models import Organisation
from core.drafts import saving
from core.exceptions import DeadlinePassed, Incomplete, StaleWrite
from core.files.checks import FileRefused
from core.files.storing import store_upload
from pilots.domain import application as verbs
from pilots.domain.answers import answer_problems, in_words, read_as
from pilots.domain.status import deadline_of, may_submit
from pilots.enums import ApplicationState
from pilots.forms.application import AnswersForm, SolutionForm, WithdrawForm
from pilots.models import Application, Challenge
from pilots.views import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _mine(request: HttpRequest, pk: int) -> Application:
    """An application of one of the person's organisations; 404 for any other."""
    person = signed_in(request)
    found = Application.objects.visible_to(person).filter(organisation__memberships__user=person)
    application: Application = get_object_or_404(
        found.select_related("challenge__call", "stage", "startup", "organisation", "solution"),
        pk=pk,
    )
    return application


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm in whose name, then open the draft."""
    challenge = get_object_or_404(Challenge.objects.visible_to(request.user), slug=slug)
    organisation = organisation_named(request)
    if request.method == "POST" and organisation is not None:
        act_for(request, organisation)
        application = verbs.start_application(
            challenge=challenge,
            organisation=organisation,
            actor=signed_in(request),
            now=timezone.now(),
        )
        return redirect("application_edit", pk=application.pk)
    context = {
        "challenge": challenge,
        "organisation": organisation,
        "organisations": list(Organisation.objects.of_member(request.user).active()),
    }
    return render(request, "applicant/start.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; saving keeps everything, one field at a time, and says what could not be kept."""
    application = _mine(request, pk)
    if application.state != ApplicationState.DRAFT:
        return redirect("application_detail", pk=pk)
    questions = list(application.stage.questions.all())
    stale: list[dict[str, Any]] = []
    if request.method == "POST":
        form = AnswersForm(
            request.POST,
            request.FILES,
            questions=questions,
            values=saving.values(application.draft_scope),
        )
        solution_form = SolutionForm(request.POST, application=application)
        stale = _save_all(request, application, form, solution_form)
        if not (stale or form.errors or solution_form.errors):
            if "review" in request.POST:
                return redirect("application_review", pk=pk)
            messages.success(request, _("Your draft is saved. Nothing has been sent yet."))
            return redirect("application_edit", pk=pk)
    else:
        form = AnswersForm(questions=questions, values=saving.values(application.draft_scope))
        solution_form = SolutionForm(application=application)
    context = _edit_context(application, form, solution_form, stale)
    wrong = bool(stale or form.errors or solution_form.errors)
    return render(request, "applicant/edit.html", context, status=422 if wrong else 200)


def _save_all(
    request: HttpRequest, application: Application, form: AnswersForm, solution_form: SolutionForm
) -> list[dict[str, Any]]:
    """Each field for itself: one that someone else changed does not lose the others."""
    verbs.require_applicant(signed_in(request), application.organisation)
    now, stale = timezone.now(), []
    for key, value, version in form.answers():
        try:
            verbs.save_answer(
                application=application,
                key=key,
                value=value,
                base_version=version,
                actor=signed_in(request),
                now=now,
            )
        except StaleWrite as error:
            stale.append({"key": key, "label": form.fields[key].label, "error": error})
    _save_files(request, application, form)
    if "solution" in request.POST and solution_form.is_valid():
        chosen = solution_form.cleaned_data["solution"]
        if chosen != application.solution:
            verbs.choose_solution(
                application=application, solution=chosen, actor=signed_in(request)
            )
    return stale


def _save_files(request: HttpRequest, application: Application, form: AnswersForm) -> None:
    held = saving.values(application.draft_scope)
    for key, upload in form.uploads():
        try:
            stored = store_upload(
                upload=upload,
                kind="application",
                organisation=application.organisation,
                actor=signed_in(request),
            )
        except FileRefused as error:
            form.add_error(key, str(error))
            continue
        row = held.get(key)
        verbs.save_answer(
            application=application,
            key=key,
            value={"file": str(stored.pk), "name": stored.original_name, "sha256": stored.sha256},
            base_version=row.version if row else 0,
            actor=signed_in(request),
            now=timezone.now(),
        )


def _edit_context(
    application: Application,
    form: AnswersForm,
    solution_form: SolutionForm,
    stale: list[dict[str, Any]],
) -> dict[str, Any]:
    now = timezone.now()
    held = saving.values(application.draft_scope)
    values = {key: row.value for key, row in held.items()}
    last = max((row.saved_at for row in held.values()), default=None)
    return {
        "application": application,
        "challenge": application.challenge,
        "form": form,
        "fields": [(q, form[q.key], form[f"version-{q.key}"]) for q in form.questions],
        "solution_form": solution_form,
        "has_solutions": application.startup.solutions.exists(),
        "stale": stale,
        "left": len(answer_problems(form.questions, values)),
        "closes_at": deadline_of(application.stage, application.organisation).closes_at(
            application.organisation_id
        ),
        "is_in_time": may_submit(application.challenge, application.organisation, now),
        "saved_at": last,
    }


@never_cache
@login_required
@require_POST
def save_one(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One field as it is typed: its new version, or 409 with both values."""
    application = _mine(request, pk)
    try:
        base = int(request.POST.get("version") or 0)
        row = verbs.save_answer(
            application=application,
            key=key,
            value=request.POST.get("value", "")[:20_000],
            base_version=base,
            actor=signed_in(request),
            now=timezone.now(),
        )
    except (KeyError, ValueError) as error:
        raise Http404 from error
    except StaleWrite as error:
        return JsonResponse(
            {
                "message": str(error.message),
                "mine": error.mine,
                "theirs": error.theirs,
                "version": error.version,
            },
            status=409,
        )
    said = _("Saved at %(hour)s.") % {"hour": dates.hour(row.saved_at)}
    return JsonResponse({"version": row.version, "message": said})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything once more, what lacks, and the button that submits."""
    application = _mine(request, pk)
    if application.state != ApplicationState.DRAFT:
        return redirect("application_detail", pk=pk)
    refusal, problems = "", []
    if request.method == "POST":
        try:
            sent = verbs.submit_application(
                application=application,
                actor=signed_in(request),
                now=timezone.now(),
            )
        except Incomplete as error:
            problems = error.problems
        except DeadlinePassed as error:
            refusal = str(error.message)
        else:
            messages.success(
                request,
                _("Your application %(number)s is submitted. A receipt is on its way by mail.")
                % {"number": sent.number},
            )
            return redirect("application_detail", pk=pk)
    questions = list(application.stage.questions.all())
    values = {k: row.value for k, row in saving.values(application.draft_scope).items()}
    context = {
        "application": application,
        "challenge": application.challenge,
        "answers": [(q.label, in_words(q, values.get(q.key)), q.key) for q in questions],
        "problems": problems or answer_problems(questions, values),
        "refusal": refusal,
        "is_in_time": may_submit(application.challenge, application.organisation, timezone.now()),
        "was_refused": request.method == "POST",
    }
    status = 409 if refusal else 422 if request.method == "POST" else 200
    return render(request, "applicant/review.html", context, status=status)


@never_cache
@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was submitted, where it stands, what the city answered."""
    application = _mine(request, pk)
    if application.state == ApplicationState.DRAFT:
        return redirect("application_edit", pk=pk)
    decision = application.decisions.filter(
        superseded_by__isnull=True, envelope__released_at__isnull=False
    ).first()
    context = {
        "application": application,
        "challenge": application.challenge,
        "answers": [
            (item, read_as(item)) for item in (application.frozen or {}).get("answers", [])
        ],
        "decision": decision,
        "pilot": getattr(application, "pilot", None),
        "may_withdraw": application.state in ("submitted", "under_review"),
        "may_reopen": application.state == ApplicationState.WITHDRAWN
        and may_submit(application.challenge, application.organisation, timezone.now()),
    }
    return render(request, "applicant/detail.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then take it back; it may be written again until the close."""
    application = _mine(request, pk)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        verbs.withdraw_application(
            application=application,
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            now=timezone.now(),
        )
        messages.success(request, _("The application is withdrawn. Your answers are kept."))
        return redirect("application_detail", pk=pk)
    context = {"application": application, "challenge": application.challenge, "form": form}
    return render(request, "applicant/withdraw.html", context)


@never_cache
@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to a draft, before the close."""
    verbs.redraft_application(
        application=_mine(request, pk),
        actor=signed_in(request),
        now=timezone.now(),
    )
    messages.success(request, _("The application is a draft again. Submit it before the close."))
    return redirect(reverse("application_edit", args=[pk]))
