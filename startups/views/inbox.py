"""The incubator's inbox: who is interested, what they sent, what is answered."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.accounts.models import Organisation
from core.cells import cell
from core.numbers import key_of
from startups.domain import answering
from startups.domain.confirming import speaks_for
from startups.enums import INTEREST_TRANSITIONS, InterestSide, InterestState
from startups.forms.interest import MoveForm, WordForm
from startups.models import Intake, Interest
from startups.profile import changes_since, fact_of, sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from core.accounts.models import User
    from startups.querysets import InterestQuerySet

PAGE_SIZE: Final = 50
# Facts of the startup that an export holds, as they were sent.
EXPORTED: Final = (
    *("tagline_fr", "tagline_en", "stage", "size_band", "funding_stage", "founded_year"),
    *("borough", "themes", "languages", "website"),
)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Received interests, by intake and state; several are marked as seen at once."""
    user = signed_in(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    if request.method == "POST":
        chosen = [key for text in request.POST.getlist("interest") if (key := key_of(text))]
        moved = answering.mark_seen(
            interests=chosen, organisation=organisation, actor=user, now=timezone.now()
        )
        messages.success(
            request,
            ngettext(
                "%(n)s interest is marked as seen.", "%(n)s interests are marked as seen.", moved
            )
            % {"n": moved},
        )
        return redirect("interest_inbox", pk=pk)
    received = Interest.objects.visible_to(user).received_by(organisation)
    rows, state, intake = _filtered(request, received)
    page = Paginator(rows.for_pages(), PAGE_SIZE).get_page(request.GET.get("page"))
    counted = dict(received.order_by().values_list("state").annotate(n=Count("pk")))
    context = {
        "organisation": organisation,
        "page": page,
        "query": request.GET,
        "total": sum(counted.values()),
        "states": [(s, s.label, counted[s]) for s in InterestState if s in counted],
        "state": state,
        "intakes": _intakes(received),
        "intake": intake,
        "may_act": rules.can(user, "edit_content", organisation),
    }
    return render(request, "startups/interest/inbox.html", context)


def _filtered(
    request: HttpRequest, received: InterestQuerySet
) -> tuple[InterestQuerySet, str, int | None]:
    """What the address asks for; a value that is not known narrows nothing."""
    state = request.GET.get("state", "")
    intake = key_of(request.GET.get("intake", ""))
    if state in InterestState.values:
        received = received.filter(state=state)
    else:
        state = ""
    if intake is not None:
        received = received.filter(intake=intake)
    return received, state, intake


def _intakes(received: InterestQuerySet) -> list[Intake]:
    """Those that received something, the latest first."""
    found = Intake.objects.filter(pk__in=received.order_by().values("intake"))
    return list(found.select_related("program").order_by("-opens_at", "pk"))


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """What startups sent, as a file: the frozen facts and nothing that was not sent."""
    user = signed_in(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    received, _state, _intake = _filtered(
        request, Interest.objects.visible_to(user).received_by(organisation)
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8; header=present")
    name = f"interests-{organisation.slug}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    for row in _lines(received.for_pages()):
        writer.writerow([cell(value) for value in row])
    return response


def _lines(received: InterestQuerySet) -> Iterator[list[Any]]:
    yield [
        *("number", "sent_at", "program", "intake_opens_at", "state", "declined_reason"),
        *("startup", *EXPORTED, "solutions", "word", "fingerprint"),
    ]
    for interest in received.iterator(chunk_size=200):
        startup = interest.frozen["startup"]
        sheets = sheets_of(interest.frozen)
        yield [
            interest.pk,
            interest.sent_at,
            str(interest.intake.program.name),
            interest.intake.opens_at,
            interest.get_state_display(),
            interest.declined_reason,
            sheets[0].name,
            *(fact_of(startup, name) for name in EXPORTED),
            [sheet.name for sheet in sheets[1:]],
            interest.word,
            interest.fingerprint,
        ]


def _received(user: User, pk: int) -> tuple[Interest, Organisation]:
    """One that a program of the person's organisations received; 404 for any other."""
    interest = get_object_or_404(Interest.objects.visible_to(user).for_pages(), pk=pk)
    reader = speaks_for(interest.intake.program)
    return interest, get_object_or_404(
        Organisation.objects.visible_to(user), pk=reader.pk if reader is not None else None
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """One interest: the profile as sent, what changed since, the words of both, the answer."""
    user = signed_in(request)
    interest, organisation = _received(user, pk)
    allowed = [str(state) for state in INTEREST_TRANSITIONS[InterestState(interest.state)]]
    asked = request.POST.get("do") if request.method == "POST" else None
    word = WordForm(request.POST if asked == "say" else None)
    move = MoveForm(allowed, request.POST if asked == "move" else None)
    form = {"say": word, "move": move}.get(asked or "")
    if request.method == "POST" and (form is None or form.is_valid()):
        messages.success(request, _done(asked or "", interest, user, form))
        return redirect("interest_received", pk=pk)
    context = {
        "interest": interest,
        "organisation": organisation,
        "program": interest.intake.program,
        "sheets": sheets_of(interest.frozen),
        "changes": changes_since(interest.frozen, interest.startup),
        "words": list(interest.words.all()),
        "word_form": word,
        "move_form": move if move.fields["to"].choices else None,  # type: ignore[attr-defined]
        "has_ended": interest.state in answering.ENDED,
        "may_act": rules.can(user, "edit_content", organisation),
        "is_new": interest.waits_for == InterestSide.PROGRAM,
    }
    status = 422 if form is not None else 200
    return render(request, "startups/interest/received.html", context, status=status)


def _done(asked: str, interest: Interest, user: User, form: Any) -> str:
    """Do what was asked, and the sentence that says so."""
    now = timezone.now()
    match asked:
        case "say":
            answering.say(
                interest=interest,
                side=InterestSide.PROGRAM,
                text=form.cleaned_data["text"],
                actor=user,
                now=now,
            )
            return _("Your message is sent to the startup’s team.")
        case "move":
            moved = answering.move_interest(
                interest=interest,
                to=InterestState(form.cleaned_data["to"]),
                reason=form.cleaned_data["reason"],
                actor=user,
                now=now,
            )
            return _("The interest now stands at: %(state)s.") % {
                "state": moved.get_state_display()
            }
        case _:
            side = InterestSide.PROGRAM
            answering.mark_read(interest=interest, side=side, actor=user, now=now)
            return _("Marked as read.")
