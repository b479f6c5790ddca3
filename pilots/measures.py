"""Readings as a page shows them: the last figure, the chart's lines, the table behind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import dates, numbers
from core.charts import Chart, Point, draw
from pilots.enums import Direction
from pilots.models import Indicator, Reading

if TYPE_CHECKING:
    from decimal import Decimal

    from pilots.models import Pilot

TABLE_ROWS = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator with its figures; ``is_met`` is None before any reading or target."""

    indicator: Indicator
    last: Decimal | None
    is_met: bool | None
    count: int
    chart: Chart | None
    rows: tuple[tuple[str, str, str], ...]


def measures_of(pilot: Pilot) -> list[Measure]:
    """All indicators of a pilot, in two queries."""
    indicators = list(pilot.indicators.all())
    by_indicator: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(indicator__in=indicators).order_by("at"):
        by_indicator[reading.indicator_id].append(reading)
    return [_measure(i, by_indicator[i.pk]) for i in indicators]


def _measure(indicator: Indicator, readings: list[Reading]) -> Measure:
    last = readings[-1].value if readings else None
    return Measure(
        indicator=indicator,
        last=last,
        is_met=_is_met(indicator, last),
        count=len(readings),
        chart=_chart(indicator, readings),
        rows=tuple(
            (dates.day(r.at), numbers.quantity(r.value, indicator.unit), r.note)
            for r in readings[-TABLE_ROWS:]
        ),
    )


def _is_met(indicator: Indicator, last: Decimal | None) -> bool | None:
    if last is None or indicator.target is None:
        return None
    down = indicator.direction == Direction.DOWN
    return last <= indicator.target if down else last >= indicator.target


def _chart(indicator: Indicator, readings: list[Reading]) -> Chart | None:
    if len(readings) < 2:
        return None
    return draw(
        [Point(r.at.timestamp(), float(r.value)) for r in readings],
        unit=indicator.unit,
        target=float(indicator.target) if indicator.target is not None else None,
        baseline=float(indicator.baseline) if indicator.baseline is not None else None,
        step=indicator.every_days * 86400.0,
        first_label=dates.short_day(readings[0].at),
        last_label=dates.short_day(readings[-1].at),
    )
