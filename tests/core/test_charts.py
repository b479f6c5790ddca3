"""What a chart shows of readings that come, stop and come again."""

from __future__ import annotations

from core.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Point, draw

DAY = 86_400.0


def chart(*points: tuple[float, float]) -> Chart:
    return draw(
        [Point(day * DAY, value) for day, value in points],
        unit="m",
        target=10.0,
        baseline=None,
        step=DAY,
        first_label="",
        last_label="",
    )


def test_a_line_goes_from_edge_to_edge_and_its_end_is_marked() -> None:
    drawn = chart((0, 0), (1, 10))
    assert drawn.polylines == (f"{LEFT:.1f},{BOTTOM:.1f} {RIGHT:.1f},{TOP:.1f}",)
    assert drawn.dots == ((RIGHT, TOP),)
    assert drawn.gaps == ()


def test_a_silence_is_a_gap_and_a_reading_alone_is_a_dot() -> None:
    drawn = chart((0, 1), (1, 1), (5, 5), (9, 10), (10, 10))
    assert len(drawn.polylines) == 2
    assert drawn.dots == ((342.0, 105.0), (RIGHT, TOP))
    assert len(drawn.gaps) == 2
