"""How a native chart looks, kind by kind.

A chart is read in black and white too: values stand at the bars, lines differ by their dashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from report.deck.chart_axes import (
    legend,
    name_axis,
    skip_labels,
    style_category_axis,
    style_value_axis,
)
from report.deck.chart_series import (
    SPACE,
    add_error_bars,
    as_line,
    draw_line,
    hatch,
    label_point,
    name_line,
    paint,
    ring_points,
)
from report.deck.fit import SMALLEST_BODY
from report.deck.map_chart import set_logarithmic, style_map_series
from report.deck.parts import Chart
from report.deck.theme import ALARM, GREY, INK, MUTED, colour_of
from report.views.figures import Axis, Dumbbell, GroupedBars, IntervalBars, LineChart, MonthlyLine
from report.views.map_figure import SegmentMap
from report.views.time_figures import CostFigure, TimelineFigure

# Of the width: an upright line further on has its name before it.
ROOM_UNTIL = 0.75
COLD = 3  # the line of refits from scratch in a timeline
UPRIGHTS = 7  # from here on, a timeline's lines stand upright and carry their names


@dataclass(frozen=True)
class ChartStyle:
    """What a chart takes from its slide: its size in inches, the brand's colour, the panel's."""

    width: float
    height: float
    accent: str
    panel: str


def style_chart(chart: Any, figure: Chart, language: str, style: ChartStyle) -> None:
    """Give a chart its type, axes, colours and labels, on a panel of a colour if one is named."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    chart.font.size = Pt(SMALLEST_BODY)
    chart.font.color.rgb = RGBColor.from_string(INK)
    chart.has_title = False
    _style_series(figure, chart, style)
    space = chart._chartSpace
    _set_panel(space, style.panel)
    _set_language(space, language)
    for properties in space.iter("{*}defRPr", "{*}rPr", "{*}endParaRPr"):
        properties.set("lang", language)
    _number_axes(space)


def _set_panel(space: Any, colour: str) -> None:
    """Fill what the chart stands on, or leave the slide to be seen: programs differ by default."""
    from pptx.oxml import parse_xml

    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' if colour else "<a:noFill/>"
    space.find("{*}chart").addnext(
        parse_xml(f"<c:spPr {SPACE}>{fill}<a:ln><a:noFill/></a:ln></c:spPr>")
    )


def _set_language(space: Any, language: str) -> None:
    """Say in which language the chart is: some programs write its numbers so."""
    from pptx.oxml import parse_xml

    for element in space.findall("{*}lang"):
        space.remove(element)
    first = space.find("{*}date1904")
    new = parse_xml(f'<c:lang {SPACE} val="{language}"/>')
    if first is None:
        space.insert(0, new)
    else:
        first.addnext(new)


def _number_axes(space: Any) -> None:
    """Give the axes small numbers: python-pptx's are negative, which the format forbids."""
    found: dict[str, str] = {}
    for element in space.iter("{*}axId", "{*}crossAx"):
        found.setdefault(element.get("val"), str(1001 + len(found)))
    for element in space.iter("{*}axId", "{*}crossAx"):
        element.set("val", found[element.get("val")])


@singledispatch
def _style_series(figure: Chart, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    """Colour the series, label the values for which the width has room, set the axes."""
    raise TypeError(f"no native chart for {type(figure).__name__}")


@_style_series.register
def _(figure: IntervalBars, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    plot = chart.plots[0]
    plot.gap_width = 45
    bars, reference = plot.series
    hatch(bars, GREY)
    for place_, row in enumerate(figure.rows):
        if row.flagged:
            paint(bars.points[place_].format.fill, colour_of(1))
            label_point(bars, place_, row.alone, "inBase", turned=True)
    lows = [row.value.value - row.low for row in figure.rows]
    highs = [row.high - row.value.value for row in figure.rows]
    add_error_bars(bars, lows, highs)
    as_line(chart, reference)
    style_value_axis(chart.value_axis, figure.axis)
    style_category_axis(chart.category_axis)
    legend(chart)


@_style_series.register
def _(figure: Dumbbell, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -8
    first, second = plot.series
    hatch(first, GREY)
    paint(second.format.fill, INK)
    for place_, row in enumerate(figure.rows):
        paint(second.points[place_].format.fill, colour_of(row.colour))
        label_point(first, place_, row.first, "outEnd")
        label_point(second, place_, row.second, "outEnd", bold=True)
    style_value_axis(chart.value_axis, figure.axis, shown=False)
    style_category_axis(chart.category_axis)
    chart.category_axis.reverse_order = True
    chart.has_legend = False


@_style_series.register
def _(figure: GroupedBars, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 30, 0
    for series, values in zip(plot.series, figure.series, strict=True):
        if values.colour is None:
            hatch(series, GREY)
        else:
            paint(series.format.fill, colour_of(values.colour))
        for place_, mark in enumerate(values.marks):
            label_point(series, place_, mark, "outEnd", bold=values.colour is not None)
    style_value_axis(chart.value_axis, figure.axis, shown=False)
    style_category_axis(chart.category_axis)
    chart.category_axis.reverse_order = True
    chart.has_legend = False


@_style_series.register
def _(figure: MonthlyLine, chart: Any, style: ChartStyle) -> None:
    from pptx.enum.dml import MSO_LINE

    lines = list(chart.plots[0].series)
    draw_line(lines[0], style.accent, 2.25, None, marked=True)
    for reference in lines[1:]:
        draw_line(reference, INK, 1.5, MSO_LINE.DASH, marked=False)
    for place_ in figure.flagged:
        label_point(lines[0], place_, figure.series.marks[place_], "t", bold=True)
    style_value_axis(chart.value_axis, figure.axis)
    style_category_axis(chart.category_axis)
    skip_labels(chart.category_axis, len(figure.months), style.width)
    legend(chart)


def has_room_after(value: float, axis: Axis) -> bool:
    """Return whether the name of an upright line fits on its right."""
    return value <= axis.low + ROOM_UNTIL * (axis.high - axis.low)


@_style_series.register
def _(figure: TimelineFigure, chart: Any, style: ChartStyle) -> None:
    from pptx.enum.dml import MSO_LINE

    dash, dots, long = MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.LONG_DASH
    looks: list[tuple[str, float, Any]] = [
        (style.accent, 2.75, None),
        (style.accent, 1.0, dash),
        (style.accent, 1.0, dash),
        (colour_of(1), 1.5, dash),
        (MUTED, 1.25, MSO_LINE.LONG_DASH_DOT),
        (ALARM, 1.75, long),
        (GREY, 1.25, MSO_LINE.DASH_DOT),
        (INK, 1.0, dots),
        (ALARM, 1.0, dots),
    ]
    lines = list(chart.plots[0].series)
    for number, (series, look) in enumerate(zip(lines, looks, strict=False)):
        draw_line(series, *look, marked=number == 0)
    ring_points(lines[COLD], looks[COLD][0])
    dates = [figure.observed_until, *([figure.alarm] if figure.alarm else [])]
    for series, date in zip(lines[UPRIGHTS:], dates, strict=True):
        name_line(series, "r" if has_room_after(date.value, figure.x_axis) else "l")
    style_value_axis(chart.value_axis, figure.y_axis)
    style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    name_axis(chart.value_axis, figure.y_axis.label)
    name_axis(chart.category_axis, figure.x_axis.label)
    legend(chart, without=(2, *range(UPRIGHTS, len(lines))))


@_style_series.register
def _(figure: CostFigure, chart: Any, style: ChartStyle) -> None:
    from pptx.enum.dml import MSO_LINE

    looks: list[tuple[str, float, Any]] = [
        (style.accent, 2.75, None),
        (style.accent, 2.0, MSO_LINE.ROUND_DOT),
        (colour_of(2), 1.5, MSO_LINE.DASH),
        (colour_of(2), 1.5, MSO_LINE.DASH),
        (INK, 1.0, MSO_LINE.LONG_DASH),
    ]
    lines = list(chart.plots[0].series)
    for series, look in zip(lines, looks, strict=True):
        draw_line(series, *look, marked=False)
    name_line(lines[-1], "r")
    style_value_axis(chart.value_axis, figure.y_axis)
    style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    name_axis(chart.value_axis, figure.y_axis.label)
    name_axis(chart.category_axis, figure.x_axis.label)
    legend(chart, without=(3, 4))


@_style_series.register
def _(figure: LineChart, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    from pptx.enum.dml import MSO_LINE

    dashes = (MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
    lines = list(chart.plots[0].series)
    for place_, (series, line) in enumerate(zip(lines, figure.lines, strict=False)):
        dash = dashes[place_ % len(dashes)] if line.dashed else None
        draw_line(series, colour_of(line.colour), 2.25, dash, marked=not line.dashed)
    if figure.reference is not None:
        draw_line(lines[-1], ALARM, 1.75, MSO_LINE.LONG_DASH, marked=False)
    style_value_axis(chart.value_axis, figure.y_axis)
    style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    name_axis(chart.value_axis, figure.y_axis.label)
    name_axis(chart.category_axis, figure.x_axis.label)
    legend(chart)


@_style_series.register
def _(figure: SegmentMap, chart: Any, style: ChartStyle) -> None:
    style_map_series(chart, figure, (style.width, style.height))
    style_value_axis(chart.value_axis, figure.y_axis)
    style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    set_logarithmic(chart.category_axis)
    name_axis(chart.value_axis, figure.y_axis.label)
    name_axis(chart.category_axis, figure.x_axis.label)
    chart.has_legend = False
