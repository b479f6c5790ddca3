"""Geometry of a line chart, computed on the server: the template only writes SVG."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from core.numbers import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 620, 20, 190
LINES = 4
# A silence of more than two periods is a gap, and is shown as one.
GAP_PERIODS = 2.5


@dataclass(frozen=True, slots=True)
class Point:
    """A value at an instant, in seconds."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line with its label, in the drawing's units."""

    y: float
    label_y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the drawing needs, in the units of its view box."""

    polylines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, float], ...]
    grid: tuple[Rule, ...]
    target: Rule | None
    baseline: Rule | None
    first_label: str
    last_label: str
    width: int = WIDTH
    height: int = HEIGHT


def draw(
    points: Sequence[Point],
    *,
    unit: str,
    target: float | None,
    baseline: float | None,
    step: float,
    first_label: str,
    last_label: str,
) -> Chart:
    """Place at least two points, ordered by time; ``step`` is the usual period in seconds."""
    values = [p.value for p in points] + [v for v in (target, baseline) if v is not None]
    low, high = min(0.0, *values), max(values)
    span = (high - low) or 1.0
    start, length = points[0].at, (points[-1].at - points[0].at) or 1.0

    def x(at: float) -> float:
        return round(LEFT + (at - start) / length * (RIGHT - LEFT), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (value - low) / span * (BOTTOM - TOP), 1)

    def rule(value: float, above: bool = False) -> Rule:
        return Rule(y(value), y(value) + (-6 if above else 4), quantity(value, unit, 1))

    parts, gaps = _split(points, step)
    return Chart(
        polylines=tuple(
            " ".join(f"{x(p.at)},{y(p.value)}" for p in part) for part in parts if len(part) > 1
        ),
        # A reading alone between two silences has no line to stand on; the last is always marked.
        dots=tuple((x(p[-1].at), y(p[-1].value)) for p in parts if len(p) == 1 or p is parts[-1]),
        gaps=tuple((x(a), round(x(b) - x(a), 1)) for a, b in gaps),
        grid=tuple(rule(low + span * n / LINES) for n in range(LINES + 1)),
        target=rule(target, above=True) if target is not None else None,
        baseline=rule(baseline, above=True) if baseline is not None else None,
        first_label=first_label,
        last_label=last_label,
    )


def _split(
    points: Sequence[Point], step: float
) -> tuple[list[list[Point]], list[tuple[float, float]]]:
    parts: list[list[Point]] = [[points[0]]]
    gaps: list[tuple[float, float]] = []
    for before, after in pairwise(points):
        if after.at - before.at > GAP_PERIODS * step:
            gaps.append((before.at, after.at))
            parts.append([])
        parts[-1].append(after)
    return parts, gaps
