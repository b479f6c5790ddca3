"""« Quel programme me convient ? »: the questions, and the programs by answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.acting import acting_organisation
from core.accounts.models import User
from core.deadlines import city_time
from core.registry import followables
from startups.compare import slug_of
from startups.fit.profile import FromProfile, answers_from
from startups.fit.questions import BY_NAME, QUESTIONS, UNSURE, Said, read_answers
from startups.fit.reading import judge_all, offered
from startups.fit.rules import Verdict
from startups.fit.shown import FIRST, PER_PAGE, Group, entries_of, entry_of
from startups.models import Program

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The eight questions on one page; none has to be answered, and nothing is kept."""
    said = read_answers(request.GET)
    is_empty = request.GET.get("empty") == "yes"
    source = None if is_empty or _says_something(request) else _profile_of(request)
    shown = source.said if source is not None else said
    context = {
        "questions": _as_asked(shown, source),
        "notes": said.notes,
        "source": source,
        "unsure": UNSURE,
        "program": _offered_one(slug_of(request.GET.get("program", ""))),
        "is_empty": is_empty,
        "description": _("Eight questions, no account, and each program's reasons in words."),
    }
    return render(request, "startups/fit/questions.html", context)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every program by verdict; without an answer one is led back to the questions."""
    said = read_answers(request.GET)
    answers, now = said.answers, timezone.now()
    slug = slug_of(request.GET.get("program", ""))
    if not answers:
        kept = request.GET.copy()
        kept["empty"] = "yes"
        return redirect(f"{reverse('program_fit')}?{kept.urlencode()}")
    themes, judged = said.labels.get("theme", {}), judge_all(answers, now)
    wanted = request.GET.get("group", "")
    one = next((verdict for verdict in Verdict if verdict.value == wanted), None)
    keys = {v: found[:FIRST] for v, found in judged.keys.items()}
    page = None
    if one is not None:
        page = Paginator(judged.keys[one], PER_PAGE).get_page(request.GET.get("page"))
        keys = {one: list(page.object_list)}
    shown = entries_of([key for found in keys.values() for key in found], answers, themes, now)
    groups = [
        Group(verdict, judged.count(verdict), [shown[key] for key in found if key in shown])
        for verdict, found in keys.items()
    ]
    program = _offered_one(slug)
    context = {
        "said": said,
        "groups": groups,
        "page": page,
        "one": one,
        "total": sum(judged.count(verdict) for verdict in Verdict),
        "counts": [Group(verdict, judged.count(verdict), []) for verdict in Verdict],
        "asked_of": entry_of(program, answers, themes, now) if program is not None else None,
        "gone": _gone_words(slug) if slug and program is None else "",
        "can_follow": "program" in followables,
        "pairs": said.pairs,
        # Back to the questions with all that was said, the program that one came from too.
        "asking": urlencode([*said.pairs, *([("program", slug)] if program is not None else [])]),
        "query": request.GET,
    }
    return render(request, "startups/fit/results.html", context)


def _says_something(request: HttpRequest) -> bool:
    return any(name in request.GET for name in BY_NAME)


def _profile_of(request: HttpRequest) -> FromProfile | None:
    if not isinstance(request.user, User):
        return None
    today = city_time(timezone.now()).date()
    return answers_from(request.user, acting_organisation(request), today)


def _as_asked(said: Said, source: FromProfile | None) -> list[dict[str, Any]]:
    """Each question with its choices, those that are chosen, and whether the profile chose."""
    asked: list[dict[str, Any]] = []
    for question in QUESTIONS:
        codes = said.codes.get(question.name, [])
        asked.append(
            {
                "question": question,
                "choices": [(code, label, code in codes) for code, label in question.choices()],
                "is_unsure": question.name in said.unsure,
                "is_from_profile": source is not None and bool(codes),
            }
        )
    return asked


def _offered_one(slug: str) -> Program | None:
    """The program that one came from, as long as it is offered."""
    return offered().for_lists().filter(slug=slug).first() if slug else None


def _gone_words(slug: str) -> str:
    """Why the program that one came from is not among the answers."""
    program = Program.objects.public().filter(slug=slug).first()
    if program is None:
        return _("The program that you came from is not there any more.")
    return _("“%(name)s” takes nobody any more: it is not among the answers.") % {"name": program}
