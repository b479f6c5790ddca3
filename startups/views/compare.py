"""Programs side by side; which ones stands in the address and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from startups.compare import MOST, choose, look_for, rows_of
from startups.fit.questions import Said, read_answers
from startups.fit.shown import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from startups.models import Program


@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """Up to four programs, a fact a row; with answers in the address, their verdicts too."""
    now = timezone.now()
    said = read_answers(request.GET)
    chosen = choose(request.GET.getlist("p"))
    answers = said.answers
    themes = said.labels.get("theme", {})
    words = request.GET.get("q", "")
    found = look_for(words, chosen.programs) if len(chosen.programs) < MOST else []
    context: dict[str, Any] = {
        "programs": [
            (program, _address((p for p in chosen.programs if p != program), said))
            for program in chosen.programs
        ],
        "rows": rows_of(chosen.programs, now),
        "fits": [entry_of(program, answers, themes, now) for program in chosen.programs]
        if answers
        else [],
        "notes": [*chosen.notes, *said.notes],
        "pairs": [*(("p", program.slug) for program in chosen.programs), *said.pairs],
        "is_full": len(chosen.programs) >= MOST,
        "words": " ".join(words.split())[:80],
        "found": [(program, _address([*chosen.programs, program], said)) for program in found],
        "answers_query": said.query,
        "columns": len(chosen.programs),
    }
    return render(request, "startups/compare/programs.html", context)


def _address(programs: Iterable[Program], said: Said) -> str:
    pairs = [*(("p", program.slug) for program in programs), *said.pairs]
    return "?" + urlencode(pairs)
