"""The map of segments: where each stands, and that no name covers another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sample import sample_findings
from telling import say

from analysis.findings import NotComputed
from report.deck.map_chart import name_positions
from report.views import Absence
from report.views.figures import Axis, Mark, Table
from report.views.map_figure import MapPoint, SegmentMap


def figure(*points: tuple[str, float, float]) -> SegmentMap:
    """Points by name, spend and rating; the axes run from 10 to 1,000 and from 1 to 5."""
    marks = tuple(
        MapPoint(name, 0, Mark(x, ""), x * 0.9, x * 1.1, Mark(y, ""), Mark(0.2, "20%"))
        for name, x, y in points
    )
    x_axis = Axis("x", tuple(Mark(10.0**power, "") for power in (1, 2, 3)))
    y_axis = Axis("y", tuple(Mark(float(star), "") for star in range(1, 6)))
    return SegmentMap("", "", x_axis, y_axis, marks, Table("", (), ()))


# Inches: what a slide of ours leaves to the plot.
PLOT = (5.6, 3.4)


def test_a_name_alone_stands_above_its_mark() -> None:
    assert name_positions(figure(("A", 100, 3)), PLOT) == ["t"]


def test_of_two_that_are_close_the_second_name_stands_below() -> None:
    # A tenth of a decade is 0.28 inches: the names, an inch each, cannot both stand above.
    assert name_positions(figure(("A long name", 100, 4), ("Another name", 126, 4)), PLOT) == [
        "t",
        "b",
    ]
    assert name_positions(figure(("A long name", 20, 4), ("Another name", 800, 4)), PLOT) == [
        "t",
        "t",
    ]


def test_in_a_crowd_every_name_finds_its_free_side() -> None:
    # Each has a side that is free: no name goes over another, over a mark or over a line.
    crowd = figure(
        ("Satisfaits, petit panier", 53, 4.75),
        ("Satisfaits, panier courant", 135, 4.75),
        ("Satisfaits, gros panier", 376, 4.66),
        ("Les fidèles", 237, 4.26),
    )
    assert name_positions(crowd, PLOT) == ["b", "t", "r", "b"]


def test_on_a_narrow_plot_names_take_other_sides() -> None:
    # At 40 and 90 the names, an inch each, are 1.97 inches apart on our plot, 1.06 on a narrow one.
    pair = figure(("A long name", 40, 4), ("Another nam", 90, 4))
    assert name_positions(pair, PLOT) == ["t", "t"]
    assert name_positions(pair, (2.0, 3.4)) == ["t", "b"]


def test_no_name_leaves_the_chart_at_its_top() -> None:
    # A mark of a fifth of the customers is 0.36 inches high, a name 0.4: 0.58 in all above it.
    assert name_positions(figure(("A", 100, 5)), PLOT) == ["t"]
    assert name_positions(figure(("A", 100, 5.2)), PLOT) == ["b"]


def test_of_many_names_none_waits_for_the_first_to_choose() -> None:
    # Taken one after the other, the first would stand above, and the one beside it over a line.
    row = figure(*((f"A name of some length {place}", 40 * 2.2**place, 4.7) for place in range(3)))
    sides = name_positions(row, PLOT)
    assert sides[1] != sides[0] and sides[1] != sides[2]


def test_the_map_holds_every_segment_between_powers_of_ten() -> None:
    findings = sample_findings()
    segmentation: Any = findings.segmentation
    found = say(findings).segmentation
    assert not isinstance(found, Absence)
    assert isinstance(found.map, SegmentMap)
    assert len(found.map.points) == len(segmentation.segments)
    for point, segment in zip(found.map.points, segmentation.segments, strict=True):
        assert point.x.value == segment.profile.spend.median
        assert (point.x_low, point.x_high) == (segment.profile.spend.q1, segment.profile.spend.q3)
        assert found.map.x_axis.low <= point.x_low <= point.x_high <= found.map.x_axis.high
        assert point.y.value == segment.profile.mean_review
    assert found.map.x_axis.ticks[1].value == pytest.approx(10 * found.map.x_axis.low)


def test_without_reviews_there_is_no_map_and_the_portraits_have_its_time() -> None:
    findings = sample_findings()
    segmentation: Any = findings.segmentation
    unknown = tuple(
        replace(s, profile=replace(s.profile, mean_review=NotComputed("no_rows")))
        for s in segmentation.segments
    )
    found = say(replace(findings, segmentation=replace(segmentation, segments=unknown)))
    assert not isinstance(found.segmentation, Absence)
    assert isinstance(found.segmentation.map, Absence)
