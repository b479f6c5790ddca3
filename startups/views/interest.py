"""A startup sends its profile to an intake, and follows what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import dates
from core.accounts import rules
from core.accounts.acting import acting_organisation, signed_in
from core.exceptions import NotAllowed
from core.numbers import key_of
from startups.domain import answering
from startups.domain import interest as verbs
from startups.enums import IntakeStatus, InterestSide, InterestState
from startups.forms.interest import InterestForm, WordForm
from startups.models import Intake, Interest
from startups.profile import sheets_of
from startups.rules import startups_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User
    from startups.models import Startup


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Choose what goes along, read the very copy, send it."""
    user, now = signed_in(request), timezone.now()
    intakes = Intake.objects.of_public_programs().select_related(
        "program__organisation", "program__incubator__organisation"
    )
    intake = get_object_or_404(intakes, pk=pk, program__slug=slug)
    startups = startups_of(user)
    startup = _chosen(request, startups)
    context = _sending(intake, startups, startup, now)
    form: InterestForm | None = None
    if request.method == "POST":
        if startup is None:
            raise NotAllowed(_("Only owners and editors of a public startup send its profile."))
        form = InterestForm(startup, request.POST)
        if form.is_valid() and "change" not in request.POST:
            return _read_or_sent(request, intake, startup, form, context)
    elif startup is not None:
        form = InterestForm(startup)
    context["form"] = form
    is_wrong = form is not None and bool(form.errors)
    return render(request, "startups/interest/send.html", context, status=422 if is_wrong else 200)


def _chosen(request: HttpRequest, startups: Sequence[Startup]) -> Startup | None:
    """The one that the page names, else the first."""
    named = request.POST.get("startup", "") or request.GET.get("startup", "")
    wanted = key_of(named) if named else None
    found = next((startup for startup in startups if startup.pk == wanted), None)
    return found or next(iter(startups), None)


def _sending(
    intake: Intake, startups: Sequence[Startup], startup: Startup | None, now: datetime
) -> dict[str, Any]:
    standing = Interest.objects.filter(intake=intake, startup=startup)
    closed_at = intake.closes_at if intake.status(now) == IntakeStatus.CLOSED else None
    return {
        "intake": intake,
        "program": intake.program,
        "status": intake.status(now),
        "takes": verbs.takes_interest(intake, now),
        "closed_on": dates.instant(closed_at) if closed_at is not None else "",
        "startups": startups,
        "startup": startup,
        "standing": standing.exclude(state=InterestState.WITHDRAWN).first() if startup else None,
    }


def _read_or_sent(
    request: HttpRequest,
    intake: Intake,
    startup: Startup,
    form: InterestForm,
    context: dict[str, Any],
) -> HttpResponse:
    """Sent when the copy was read; else the copy, to be read."""
    given = {"solutions": form.cleaned_data.get("solutions", []), "startup": startup}
    word, print_read = form.cleaned_data["word"], request.POST.get("fingerprint", "")
    if print_read:
        try:
            interest = verbs.show_interest(
                intake=intake,
                word=word,
                fingerprint=print_read,
                actor=signed_in(request),
                now=timezone.now(),
                **given,
            )
        except verbs.ProfileChanged as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request,
                _("Your profile is sent to “%(program)s”. Its team reads it and answers here.")
                % {"program": intake.program.name},
            )
            return redirect("interest_sent", pk=interest.pk)
    copy = verbs.profile_to_send(**given)
    context |= {"copy": copy, "sheets": sheets_of(copy.payload), "word": word, **given}
    return render(request, "startups/interest/review.html", context)


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where the interests of one's organisation stand."""
    organisation = acting_organisation(request)
    sent = Interest.objects.visible_to(signed_in(request))
    rows = sent.sent_by(organisation).for_pages() if organisation is not None else []
    context = {"organisation": organisation, "interests": list(rows)}
    return render(request, "startups/interest/list.html", context)


def _mine(user: User, pk: int) -> Interest:
    """One that an organisation of the person sent; 404 for any other."""
    found = Interest.objects.visible_to(user).filter(organisation__memberships__user=user)
    return get_object_or_404(found.for_pages(), pk=pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """One interest as the startup follows it: state, reason, words, what was sent."""
    user = signed_in(request)
    interest = _mine(user, pk)
    form = WordForm(request.POST if request.POST.get("do") == "say" else None)
    if request.method == "POST" and (request.POST.get("do") != "say" or form.is_valid()):
        messages.success(request, _done(request, interest, user, form))
        return redirect("interest_sent", pk=pk)
    context = {
        "interest": interest,
        "program": interest.intake.program,
        "words": list(interest.words.all()),
        "sheets": sheets_of(interest.frozen),
        "form": form,
        "has_ended": interest.state in answering.ENDED,
        "may_act": rules.can(user, "apply", interest.organisation),
        "is_new": interest.waits_for == InterestSide.STARTUP,
    }
    status = 422 if form.errors else 200
    return render(request, "startups/interest/sent.html", context, status=status)


def _done(request: HttpRequest, interest: Interest, user: User, form: WordForm) -> str:
    """Do what was asked, and the sentence that says so."""
    now = timezone.now()
    match request.POST.get("do"):
        case "say":
            answering.say(
                interest=interest,
                side=InterestSide.STARTUP,
                text=form.cleaned_data["text"],
                actor=user,
                now=now,
            )
            return _("Your message is sent to the program’s team.")
        case "withdraw":
            verbs.withdraw_interest(interest=interest, actor=user, now=now)
            return _("Your interest is withdrawn. You may send another one while the intake runs.")
        case _:
            side = InterestSide.STARTUP
            answering.mark_read(interest=interest, side=side, actor=user, now=now)
            return _("Marked as read.")
