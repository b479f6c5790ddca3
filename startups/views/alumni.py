"""What an organisation says of who went through which program, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.accounts.acting import signed_in
from core.accounts.domain.belonging import require_right
from core.accounts.models import Organisation
from core.deadlines import city_time
from startups.domain import alumni as verbs
from startups.enums import AlumniSide
from startups.forms.alumni import SayForm
from startups.models import AlumniTie, Program, Startup

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

MOST_FOUND: Final = 20


def _mine(user: User, pk: int) -> Organisation:
    """An organisation of ``user``, who may write for it."""
    found: Organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    require_right("edit_content", found, user)
    return found


@never_cache
@login_required
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for an answer, what was said, and a way to say more."""
    organisation = _mine(signed_in(request), pk)
    return render(request, "startups/alumni/index.html", _context(request, organisation))


def _context(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    ties = AlumniTie.objects.of_organisation(organisation).with_sides().order_by("-year", "pk")
    to_answer = list(ties.to_answer(organisation))
    asked = {tie.pk for tie in to_answer}
    rest = [(tie, _own_side(tie, organisation)) for tie in ties if tie.pk not in asked]
    startups = list(Startup.objects.public().of_organisation(organisation))
    programs = list(Program.objects.public().of_organisation(organisation))
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:100]
    return {
        "organisation": organisation,
        "to_answer": to_answer,
        "confirmed": [each for each in rest if each[0].is_confirmed],
        "unanswered": [each for each in rest if not each[0].is_confirmed],
        "startups": startups,
        "programs": programs,
        "query": query,
        "found_programs": _programs_like(query) if query and startups else [],
        "found_startups": _startups_like(query) if query and programs else [],
    }


def _own_side(tie: AlumniTie, organisation: Organisation) -> AlumniSide:
    is_ours = verbs.side_of(AlumniSide.STARTUP, tie.program, tie.startup) == organisation
    return AlumniSide.STARTUP if is_ours else AlumniSide.PROGRAM


def _programs_like(words: str) -> list[Program]:
    named = Q(name_fr__icontains=words) | Q(name_en__icontains=words)
    named |= Q(incubator__name__icontains=words)
    found = Program.objects.public().filter(named, incubator__live=True)
    return list(found.select_related("incubator").order_by("name_fr", "pk")[:MOST_FOUND])


def _startups_like(words: str) -> list[Startup]:
    found = Startup.objects.public().filter(name__icontains=words)
    return list(found.order_by("name", "pk")[:MOST_FOUND])


@never_cache
@login_required
@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it for one's side; the other side is asked."""
    user = signed_in(request)
    organisation, now = _mine(user, pk), timezone.now()
    form = SayForm(organisation, city_time(now).date(), request.POST)
    if not form.is_valid():
        context = {**_context(request, organisation), "form": form}
        return render(request, "startups/alumni/index.html", context, status=422)
    given = {**form.cleaned_data, "side": AlumniSide(form.cleaned_data["side"])}
    tie = verbs.say_alumni(**given, actor=user, now=now)
    said = (
        _("Both sides say it: the pages of %(startup)s and of “%(program)s” show it.")
        if tie.is_confirmed
        else _("The other side is asked: nothing of %(startup)s and “%(program)s” is public yet.")
    )
    messages.success(request, said % {"startup": tie.startup, "program": tie.program})
    return redirect("alumni", pk=pk)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int, tie: int) -> HttpResponse:
    """Confirm, refuse, or take back what one said."""
    user = signed_in(request)
    organisation, now = _mine(user, pk), timezone.now()
    ties = AlumniTie.objects.of_organisation(organisation).with_sides()
    found = get_object_or_404(ties, pk=tie)
    match request.POST.get("answer"):
        case "confirm":
            verbs.confirm_alumni(tie=found, actor=user, now=now)
            said = _("Confirmed: the pages of %(startup)s and of “%(program)s” show it.")
        case "refuse":
            verbs.refuse_alumni(tie=found, actor=user, now=now)
            said = _("Refused: nothing of %(startup)s and “%(program)s” is public.")
        case "withdraw":
            side = _own_side(found, organisation)
            verbs.withdraw_alumni(tie=found, side=side, actor=user, now=now)
            said = _("Taken back: nothing of %(startup)s and “%(program)s” is public any more.")
        case _:
            raise Http404
    messages.success(request, said % {"startup": found.startup, "program": found.program})
    return redirect("alumni", pk=pk)
