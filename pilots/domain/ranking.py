"""What the evaluations add up to: a result out of 100, and how far jury members part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import mean, pstdev
from typing import TYPE_CHECKING, Any

from pilots.enums import STANDING, AssignmentState
from pilots.models import TOP_SCORE, Application, Assignment, Decision, Score

if TYPE_CHECKING:
    from pilots.models import Challenge


@dataclass(frozen=True, slots=True)
class RankedApplication:
    """An application with its result; ``spread`` is the population standard deviation, in points.

    ``result`` and ``spread`` are None while nobody has handed in an evaluation.
    """

    application: Application
    rank: int | None
    result: float | None
    spread: float | None
    by_juror: tuple[float, ...]
    awaited: int
    decision: Decision | None


def weighted_result(marks: list[tuple[int, int]]) -> float:
    """Points out of 100 from ``(mark, weight)`` pairs: the sum of weight x mark / 10."""
    return sum(mark * weight / TOP_SCORE for mark, weight in marks)


def ranking(challenge: Challenge) -> list[RankedApplication]:
    """Every received application, best first; equal results share a rank. Four queries."""
    applications = list(
        Application.objects.filter(challenge=challenge, state__in=[str(s) for s in STANDING])
        .select_related("startup", "organisation", "solution")
        .order_by("number")
    )
    results = _results_by_application(challenge)
    awaited = _awaited(challenge)
    decisions = {
        d.application_id: d
        for d in Decision.objects.filter(
            application__challenge=challenge, superseded_by__isnull=True
        ).select_related("envelope")
    }
    scored = [(a, tuple(sorted(results.get(a.pk, ())))) for a in applications]
    scored.sort(key=lambda pair: (-mean(pair[1]) if pair[1] else 1.0, pair[0].number))
    ordered = [round(mean(points), 2) if points else None for _a, points in scored]
    return [
        RankedApplication(
            application=application,
            rank=ordered.index(ordered[n]) + 1 if ordered[n] is not None else None,
            result=ordered[n],
            spread=round(pstdev(points), 2) if points else None,
            by_juror=tuple(round(p, 2) for p in points),
            awaited=awaited.get(application.pk, 0),
            decision=decisions.get(application.pk),
        )
        for n, (application, points) in enumerate(scored)
    ]


def _results_by_application(challenge: Challenge) -> dict[int, list[float]]:
    rows = Score.objects.filter(
        review__assignment__application__challenge=challenge,
        review__assignment__state=AssignmentState.SUBMITTED,
    ).values_list("review__assignment__application_id", "review_id", "value", "criterion__weight")
    marks: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for application, review, value, weight in rows:
        marks[(application, review)].append((value, weight))
    results: dict[int, list[float]] = defaultdict(list)
    for (application, _review), pairs in marks.items():
        results[application].append(weighted_result(pairs))
    return results


def _awaited(challenge: Challenge) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    waiting = [
        AssignmentState.PROPOSED,
        AssignmentState.NOTIFIED,
        AssignmentState.ACCEPTED,
        AssignmentState.RETURNED,
    ]
    rows: Any = Assignment.objects.filter(
        application__challenge=challenge, state__in=waiting
    ).values_list("application_id", flat=True)
    for application in rows:
        counts[application] += 1
    return counts
