"""Native charts of the figures: their data can be edited in PowerPoint, and holds no formula.

What a chart shows is told here, how it looks in `chart_style`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import singledispatch
from typing import Any

from report.deck.bar_keys import draw_keys
from report.deck.chart_axes import number_format
from report.deck.chart_style import ChartStyle, has_room_after, style_chart
from report.deck.fit import Box
from report.deck.map_chart import add_map_series
from report.deck.parts import Chart
from report.deck.shapes import Canvas, clean, place
from report.deck.tables import describe
from report.views.figures import (
    Axis,
    Dumbbell,
    GroupedBars,
    IntervalBars,
    LineChart,
    Mark,
    MonthlyLine,
)
from report.views.map_figure import SegmentMap
from report.views.time_figures import CostFigure, TimelineFigure

# A workbook is dated; this one is part of a deck, which has its own date.
_WORKBOOK_DATE = datetime(2000, 1, 1)
# Of the axis: where the name of an upright line may stand, and its room above and below.
NAME_HEIGHTS, ROOM_OF_NAME = (0.08, 0.2, 0.32), 0.09


def draw_chart(canvas: Canvas, figure: Chart, box: Box) -> None:
    """Draw a figure as a native chart in the next content placeholder, or on its own."""
    kind, data = _chart_of(figure)
    if isinstance(figure, Dumbbell | GroupedBars):
        box = draw_keys(canvas, figure, box)
    shape = _add_chart(canvas, kind, data, box)
    place(shape, box)
    style = ChartStyle(box.width, box.height, canvas.design.accent, canvas.design.panel)
    style_chart(shape.chart, figure, canvas.language, style)
    describe(shape, f"{figure.title}. {figure.description}")


# ---------------------------------------------------------------- data


@singledispatch
def _chart_of(figure: Chart) -> tuple[Any, Any]:
    """Return the kind of chart and its data."""
    raise TypeError(f"no native chart for {type(figure).__name__}")


@_chart_of.register
def _(figure: IntervalBars) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _category_data([row.label for row in figure.rows], figure.reference)
    data.add_series(clean(figure.axis.label), [row.value.value for row in figure.rows])
    data.add_series(clean(figure.reference_label), [figure.reference.value] * len(figure.rows))
    return XL_CHART_TYPE.COLUMN_CLUSTERED, data


@_chart_of.register
def _(figure: Dumbbell) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _category_data([row.label for row in figure.rows], figure.axis.ticks[-1])
    data.add_series(clean(figure.first_name), [row.first.value for row in figure.rows])
    data.add_series(clean(figure.second_name), [row.second.value for row in figure.rows])
    return XL_CHART_TYPE.BAR_CLUSTERED, data


@_chart_of.register
def _(figure: GroupedBars) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _category_data(figure.categories, figure.axis.ticks[-1])
    for series in figure.series:
        data.add_series(clean(series.name), [mark.value for mark in series.marks])
    return XL_CHART_TYPE.BAR_CLUSTERED, data


@_chart_of.register
def _(figure: MonthlyLine) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _category_data(figure.months, figure.axis.ticks[-1])
    data.add_series(clean(figure.series.name), [mark.value for mark in figure.series.marks])
    if figure.reference:
        everybody = [figure.reference.value] * len(figure.months)
        data.add_series(clean(figure.reference_label), everybody)
    return XL_CHART_TYPE.LINE_MARKERS, data


@_chart_of.register
def _(figure: TimelineFigure) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _xy_data(figure.y_axis.ticks[-1])
    for name, points in _timeline_lines(figure):
        series = data.add_series(clean(name))
        for x, y in points:
            series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES, data


@_chart_of.register
def _(figure: CostFigure) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _xy_data(figure.y_axis.ticks[-1])
    axis = figure.y_axis
    for name, points in (
        (figure.observed.name, figure.observed.points),
        (figure.beyond.name, figure.beyond.points),
        (f"{figure.flat_name}", _upright(figure.flat[0], axis)),
        (f"{figure.flat_name}", _upright(figure.flat[1], axis)),
        (f"{figure.optimum_name} ({figure.optimum.text})", _upright(figure.optimum.value, axis)),
    ):
        series = data.add_series(clean(name))
        for x, y in points:
            series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES, data


@_chart_of.register
def _(figure: LineChart) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _xy_data(figure.y_axis.ticks[-1])
    lines = [(line.name, line.points) for line in figure.lines]
    if figure.reference is not None:
        level = figure.reference.value
        ends = ((figure.x_axis.low, level), (figure.x_axis.high, level))
        lines.append((f"{figure.reference_name} ({figure.reference.text})", ends))
    for name, points in lines:
        series = data.add_series(clean(name))
        for x, y in points:
            series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES, data


@_chart_of.register
def _(figure: SegmentMap) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _xy_data(figure.y_axis.ticks[-1])
    add_map_series(data, figure)
    return XL_CHART_TYPE.XY_SCATTER_LINES, data


def _timeline_lines(figure: TimelineFigure) -> list[tuple[str, Sequence[tuple[float, float]]]]:
    """Return the lines of a timeline in the order in which they are styled."""
    left, right = figure.x_axis.low, figure.x_axis.high
    until = figure.observed_until.value
    levels = (figure.threshold.value, figure.placebo.value)
    lines: list[tuple[str, Sequence[tuple[float, float]]]] = [
        (figure.median.name, figure.median.points),
        (figure.band_name, [(x, lowest) for x, lowest, _ in figure.band]),
        (figure.band_name, [(x, highest) for x, _, highest in figure.band]),
        (figure.cold.name, figure.cold.points),
        (figure.floor.name, figure.floor.points),
        (
            f"{figure.threshold_name} ({figure.threshold.text})",
            [(left, figure.threshold.value), (right, figure.threshold.value)],
        ),
        (
            f"{figure.placebo_name} ({figure.placebo.text})",
            [(left, figure.placebo.value), (right, figure.placebo.value)],
        ),
        (
            # Where the name stands before the line, an arrow says that it means what is beyond.
            figure.observed_label
            if has_room_after(until, figure.x_axis)
            else f"{figure.observed_label} \u2192",
            _upright(until, figure.y_axis, levels),
        ),
    ]
    if figure.alarm is not None:
        upright = _upright(figure.alarm.value, figure.y_axis, levels)
        lines.append((figure.alarm_label, upright))
    return lines


def _upright(x: float, axis: Axis, levels: Sequence[float] = ()) -> list[tuple[float, float]]:
    """Return an upright line; its second point, a little above the axis, carries its name.

    Where a level line would go through the name, it stands above that line.
    """
    span = axis.high - axis.low
    heights = (axis.low + share * span for share in NAME_HEIGHTS)
    at = next(
        (y for y in heights if all(abs(y - level) > ROOM_OF_NAME * span for level in levels)),
        axis.low + NAME_HEIGHTS[0] * span,
    )
    return [(x, axis.low), (x, at), (x, axis.high)]


def _category_data(categories: Sequence[str], like: Mark) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.chart.xlsx import CategoryWorkbookWriter

    data = _safe(CategoryChartData, CategoryWorkbookWriter)(number_format=number_format(like))
    data.categories = [clean(category) for category in categories]
    return data


def _xy_data(like: Mark) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.chart.xlsx import XyWorkbookWriter

    return _safe(XyChartData, XyWorkbookWriter)(number_format=number_format(like))


def _safe(data: Any, writer: Any) -> Any:
    """Return the class of chart data whose workbook holds no formula."""
    safe_writer: Any = type("SafeWriter", (_SafeWorkbook, writer), {})
    return type("SafeChartData", (data,), {"_workbook_writer": property(safe_writer)})


class _SafeWorkbook:
    """Opens a chart's workbook so that names such as "=cmd" and addresses stay texts."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        from xlsxwriter import Workbook

        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(xlsx_file, options)
        workbook.set_properties({"created": _WORKBOOK_DATE})
        yield workbook, workbook.add_worksheet()
        workbook.close()


def _add_chart(canvas: Canvas, kind: Any, data: Any, box: Box) -> Any:
    from pptx.shapes.placeholder import ChartPlaceholder
    from pptx.util import Inches

    placeholder = canvas.next_placeholder()
    if placeholder is None:
        values = (Inches(value) for value in (box.left, box.top, box.width, box.height))
        return canvas.slide.shapes.add_chart(kind, *values, data)
    target = ChartPlaceholder(placeholder._element, placeholder._parent)
    return target.insert_chart(kind, data)
