"""The intakes of one's programs: announced, changed, cancelled, and the next one confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import rules
from core.accounts.acting import acting_organisation, signed_in
from core.accounts.middleware import has_second_factor
from core.exceptions import NotAllowed
from startups.domain import intakes as verbs
from startups.domain.confirming import speaks_for
from startups.domain.intake_rules import AreYouSure, IntakeFacts, IntakeRefused
from startups.enums import GONE, IntakeStatus
from startups.forms.intakes import CancelForm, IntakeForm
from startups.models import Intake, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

MOST_PROGRAMS = 100


def _program(user: User, pk: int) -> Program:
    """A program whose intakes ``user`` may announce; 404 for those of others."""
    found = Program.objects.kept_by(user).select_related("incubator__organisation", "organisation")
    program: Program = get_object_or_404(found, pk=pk)
    _require_kept(user, program)
    return program


def _intake(user: User, pk: int) -> Intake:
    found = Intake.objects.kept_by(user).select_related(
        "program__incubator__organisation", "program__organisation"
    )
    intake: Intake = get_object_or_404(found, pk=pk)
    _require_kept(user, intake.program)
    return intake


def _require_kept(user: User, program: Program) -> None:
    if not verbs.may_keep(user, program):
        raise NotAllowed(
            _("Only those who write the pages of the organisation do this. Ask one of its owners.")
        )
    whose = speaks_for(program)
    is_own = whose is not None and rules.can(user, "edit_content", whose)
    if not is_own and not has_second_factor(user):
        raise NotAllowed(
            _("The city’s team works with a second factor. Add one: you then go on from here.")
        )


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The programs of the organisation one acts for, each with its intakes."""
    organisation, now = acting_organisation(request), timezone.now()
    programs: list[Any] = []
    if organisation is not None:
        found = Program.objects.of_organisation(organisation).select_related(
            "incubator__organisation", "organisation"
        )
        programs = list(found.prefetch_related("intakes__next_one")[:MOST_PROGRAMS])
    context = {
        "organisation": organisation,
        "programs": [
            (
                program,
                [(intake, intake.status(now)) for intake in program.intakes.all()],
                program.state not in GONE and program.incubator.state not in GONE,
            )
            for program in programs
        ],
    }
    return render(request, "startups/intakes/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """A new intake of a program."""
    user = signed_in(request)
    program = _program(user, pk)
    facts = IntakeFacts(languages=program.language_codes)

    def done(form: IntakeForm, sure: bool) -> Intake:
        return verbs.announce_intake(
            program=program, facts=form.facts(), actor=user, now=timezone.now(), sure=sure
        )

    return _written(request, program, facts, done, act="announce")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What an intake says."""
    user = signed_in(request)
    intake = _intake(user, pk)
    if intake.cancelled_at is not None:
        raise verbs.IntakeCancelled

    def done(form: IntakeForm, sure: bool) -> Intake:
        return verbs.change_intake(
            intake=intake,
            facts=form.facts(),
            actor=user,
            now=timezone.now(),
            read_at=form.cleaned_data["read_at"],
            sure=sure,
        )

    return _written(request, intake.program, IntakeFacts.of(intake), done, act="change", of=intake)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def next_one(request: HttpRequest, pk: int) -> HttpResponse:
    """What comes back every year: the dates proposed, for a person to confirm or correct."""
    user, now = signed_in(request), timezone.now()
    intake = _intake(user, pk)
    if request.method == "POST" and "stop" in request.POST:
        verbs.stop_repeating(intake=intake, actor=user, now=now)
        said = _("Nobody is asked for a next intake of “%(name)s” any more.")
        messages.success(request, said % {"name": intake.program.name})
        return redirect("intake_list")
    proposed = verbs.propose_next(intake, now)
    if proposed is None and request.method != "POST":
        said = _("No next intake of “%(name)s” is to be confirmed now.")
        messages.info(request, said % {"name": intake.program.name})
        return redirect("intake_list")

    def done(form: IntakeForm, sure: bool) -> Intake:
        return verbs.confirm_next(
            intake=intake, facts=form.facts(), actor=user, now=timezone.now(), sure=sure
        )

    return _written(request, intake.program, proposed or IntakeFacts(), done, act="next", of=intake)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an intake off, and say why."""
    user = signed_in(request)
    intake = _intake(user, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.cancel_intake(intake=intake, actor=user, now=timezone.now(), **form.cleaned_data)
        said = _("The intake of “%(name)s” is cancelled; its page and the calendars say so.")
        messages.success(request, said % {"name": intake.program.name})
        return _back(user, intake.program)
    status = intake.status(timezone.now())
    context = {
        "form": form,
        "intake": intake,
        "program": intake.program,
        "is_over": status in (IntakeStatus.CLOSED, IntakeStatus.CANCELLED),
        "status": status,
    }
    code = 422 if form.errors else 200
    return render(request, "startups/intakes/cancel.html", context, status=code)


def _written(
    request: HttpRequest,
    program: Program,
    facts: IntakeFacts,
    done: Callable[[IntakeForm, bool], Intake],
    *,
    act: str,
    of: Intake | None = None,
) -> HttpResponse:
    """The form, or what came of it."""
    context: dict[str, Any] = {"program": program, "intake": of, "act": act}
    read = of if act == "change" else None
    form = IntakeForm(request.POST if request.method == "POST" else None, facts=facts, read=read)
    code = 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            try:
                intake = done(form, "sure" in request.POST)
            except IntakeRefused as error:
                form.refuse(error)
            except AreYouSure as error:
                context["doubts"] = error.doubts
            except verbs.ChangedSince as error:
                code = 409
                context |= {"theirs": error.theirs, "said": str(error)}
                form = _as_read(request, facts=IntakeFacts.of(error.theirs), read=error.theirs)
            else:
                _say_done(request, form, intake, act)
                return _back(signed_in(request), program)
    context["form"] = form
    return render(request, "startups/intakes/edit.html", context, status=code)


def _as_read(request: HttpRequest, *, facts: IntakeFacts, read: Intake) -> IntakeForm:
    """What was typed, as an answer to what stands now."""
    data = request.POST.copy()
    data["read_at"] = read.updated_at.isoformat()
    return IntakeForm(data, facts=facts, read=read)


def _say_done(request: HttpRequest, form: IntakeForm, intake: Intake, act: str) -> None:
    said = (
        _("It is saved: the page of “%(name)s” and the calendars say it now.")
        if act == "change"
        else _("The intake of “%(name)s” is announced; those who follow it are told as it opens.")
    )
    messages.success(request, said % {"name": intake.program.name})
    for note in form.notes():
        messages.warning(request, note)


def _back(user: User, program: Program) -> HttpResponse:
    """To one's list; a moderator, who has none, to the page of the program."""
    organisation = speaks_for(program)
    if organisation is not None and organisation.memberships.filter(user=user).exists():
        return redirect("intake_list")
    return redirect(program.get_absolute_url())
