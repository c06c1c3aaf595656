"""How a native chart looks: colours, labels, axes, intervals, legend.

A chart is read in black and white too: values stand at the bars, lines differ by their dashes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from report.deck.fit import SMALLEST_BODY
from report.deck.map_chart import set_logarithmic, style_map_series
from report.deck.parts import Chart
from report.deck.shapes import clean
from report.deck.theme import ALARM, GREY, GRID, INK, MUTED, RULE, colour_of
from report.views.figures import (
    Axis,
    CostFigure,
    Dumbbell,
    GroupedBars,
    IntervalBars,
    LineChart,
    Mark,
    MonthlyLine,
    TimelineFigure,
)
from report.views.map_figure import SegmentMap

_SPACE = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
ROOM_FOR_MONTH = 0.85  # inches of a month's name
# Of the width: an upright line further on has its name before it.
ROOM_UNTIL = 0.75
THOUSAND = 1000  # from here on, a sign between digits may part thousands
UPRIGHTS = 7  # from here on, a timeline's lines stand upright and carry their names


def number_format(mark: Mark) -> str:
    """Return the spreadsheet's format that writes a number as its text: "8,1 %" -> 0.0" "%.

    The reader's Office chooses the signs of decimals and thousands. A bound ("< 0,1 %") stays as it
    is written.
    """
    if mark.text[:1] in "<>":
        return f'"{mark.text}"'
    found = re.fullmatch(r"\D*?(\d(?:[\d\s.,]*\d)?)(\s*)(%?).*", mark.text)
    if found is None:
        return "General"
    number, space, percent = found[1], found[2], found[3]
    apart = bool(re.search(r"[\s.,]", number)) and abs(mark.value) >= THOUSAND
    decimals = re.search(r"[.,](\d+)$", number)
    if apart and int(re.sub(r"\D", "", number)) == round(abs(mark.value)):
        decimals = None
    written = ("#,##0" if apart else "0") + ("." + "0" * len(decimals[1]) if decimals else "")
    if not percent:
        return written
    return f'{written}"{space}"%' if space else f"{written}%"


@dataclass(frozen=True)
class ChartStyle:
    """What a chart takes from its slide: the width in inches, the brand's colour, the panel's."""

    width: float
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
        parse_xml(f"<c:spPr {_SPACE}>{fill}<a:ln><a:noFill/></a:ln></c:spPr>")
    )


def _set_language(space: Any, language: str) -> None:
    """Say in which language the chart is: some programs write its numbers so."""
    from pptx.oxml import parse_xml

    for element in space.findall("{*}lang"):
        space.remove(element)
    first = space.find("{*}date1904")
    new = parse_xml(f'<c:lang {_SPACE} val="{language}"/>')
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
    _hatch(bars, GREY)
    for place_, row in enumerate(figure.rows):
        if row.flagged:
            _fill(bars.points[place_].format.fill, colour_of(1))
            _label_point(bars, place_, row.value, "inBase", turned=True)
    lows = [row.value.value - row.low for row in figure.rows]
    highs = [row.high - row.value.value for row in figure.rows]
    _add_error_bars(bars, lows, highs)
    _as_line(chart, reference)
    _style_value_axis(chart.value_axis, figure.axis)
    _style_category_axis(chart.category_axis)
    _legend(chart)


@_style_series.register
def _(figure: Dumbbell, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -8
    first, second = plot.series
    _hatch(first, GREY)
    _fill(second.format.fill, INK)
    for place_, row in enumerate(figure.rows):
        _fill(second.points[place_].format.fill, colour_of(row.colour))
        _label_point(first, place_, row.first, "outEnd")
        _label_point(second, place_, row.second, "outEnd", bold=True)
    _style_value_axis(chart.value_axis, figure.axis, shown=False)
    _style_category_axis(chart.category_axis)
    chart.category_axis.reverse_order = True
    _legend(chart)


@_style_series.register
def _(figure: GroupedBars, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 30, 0
    for series, values in zip(plot.series, figure.series, strict=True):
        if values.colour is None:
            _hatch(series, GREY)
        else:
            _fill(series.format.fill, colour_of(values.colour))
        for place_, mark in enumerate(values.marks):
            _label_point(series, place_, mark, "outEnd", bold=values.colour is not None)
    _style_value_axis(chart.value_axis, figure.axis, shown=False)
    _style_category_axis(chart.category_axis)
    chart.category_axis.reverse_order = True
    _legend(chart)


@_style_series.register
def _(figure: MonthlyLine, chart: Any, style: ChartStyle) -> None:
    from pptx.enum.dml import MSO_LINE

    lines = list(chart.plots[0].series)
    _draw_line(lines[0], style.accent, 2.25, None, marked=True)
    for reference in lines[1:]:
        _draw_line(reference, INK, 1.5, MSO_LINE.DASH, marked=False)
    for place_ in figure.flagged:
        _label_point(lines[0], place_, figure.series.marks[place_], "t", bold=True)
    _style_value_axis(chart.value_axis, figure.axis)
    _style_category_axis(chart.category_axis)
    _skip_labels(chart.category_axis, len(figure.months), style.width)
    _legend(chart)


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
        _draw_line(series, *look, marked=number == 0)
    dates = [figure.observed_until, *([figure.alarm] if figure.alarm else [])]
    for series, date in zip(lines[UPRIGHTS:], dates, strict=True):
        _name_line(series, "r" if has_room_after(date.value, figure.x_axis) else "l")
    _style_value_axis(chart.value_axis, figure.y_axis)
    _style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    _name_axis(chart.value_axis, figure.y_axis.label)
    _name_axis(chart.category_axis, figure.x_axis.label)
    _legend(chart, without=(2, *range(UPRIGHTS, len(lines))))


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
        _draw_line(series, *look, marked=False)
    _name_line(lines[-1], "r")
    _style_value_axis(chart.value_axis, figure.y_axis)
    _style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    _name_axis(chart.value_axis, figure.y_axis.label)
    _name_axis(chart.category_axis, figure.x_axis.label)
    _legend(chart, without=(3, 4))


@_style_series.register
def _(figure: LineChart, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    from pptx.enum.dml import MSO_LINE

    dashes = (MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
    lines = list(chart.plots[0].series)
    for place_, (series, line) in enumerate(zip(lines, figure.lines, strict=False)):
        dash = dashes[place_ % len(dashes)] if line.dashed else None
        _draw_line(series, colour_of(line.colour), 2.25, dash, marked=not line.dashed)
    if figure.reference is not None:
        _draw_line(lines[-1], ALARM, 1.75, MSO_LINE.LONG_DASH, marked=False)
    _style_value_axis(chart.value_axis, figure.y_axis)
    _style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    _name_axis(chart.value_axis, figure.y_axis.label)
    _name_axis(chart.category_axis, figure.x_axis.label)
    _legend(chart)


@_style_series.register
def _(figure: SegmentMap, chart: Any, style: ChartStyle) -> None:  # noqa: ARG001
    style_map_series(chart, figure)
    _style_value_axis(chart.value_axis, figure.y_axis)
    _style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    set_logarithmic(chart.category_axis)
    _name_axis(chart.value_axis, figure.y_axis.label)
    _name_axis(chart.category_axis, figure.x_axis.label)
    chart.has_legend = False


def _fill(fill: Any, colour: str) -> None:
    from pptx.dml.color import RGBColor

    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour)


def _hatch(series: Any, colour: str) -> None:
    """Fill with stripes: told apart from a full colour in black and white."""
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_PATTERN

    fill = series.format.fill
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb = RGBColor.from_string(colour)
    fill.back_color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    series.format.line.color.rgb = RGBColor.from_string(colour)


def _draw_line(series: Any, colour: str, width: float, dash: Any, *, marked: bool) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    series.smooth = False
    series.format.line.color.rgb = RGBColor.from_string(colour)
    series.format.line.width = Pt(width)
    if dash is not None:
        series.format.line.dash_style = dash
    series.marker.style = XL_MARKER_STYLE.CIRCLE if marked else XL_MARKER_STYLE.NONE
    if marked:
        series.marker.size = 6
        _fill(series.marker.format.fill, colour)
        series.marker.format.line.color.rgb = RGBColor.from_string(colour)


def _label_point(
    series: Any,
    number: int,
    mark: Mark,
    position: str,
    *,
    bold: bool = False,
    turned: bool = False,
) -> None:
    """Label one value with the text of the other documents: no program rewrites its decimals."""
    from pptx.oxml import parse_xml

    labels = series._element.get_or_add_dLbls()
    for name in ("showVal", "showLegendKey", "showCatName", "showSerName", "showPercent"):
        for element in labels.findall(f"{{*}}{name}"):
            element.set("val", "0")
    turn = ' rot="-5400000" vert="horz"' if turned else ""
    size, text = f'sz="{SMALLEST_BODY * 100}"', escape(clean(mark.text))
    look = (
        f'{size} b="{int(bold or turned)}"',
        f'<a:solidFill><a:srgbClr val="{INK}"/></a:solidFill>',
    )
    labels._insert_dLbl_in_sequence(number)
    old = labels.get_dLbl_for_point(number)
    new = parse_xml(
        f'<c:dLbl {_SPACE}><c:idx val="{number}"/>'
        f"<c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr {look[0]}/></a:pPr>"
        f"<a:r><a:rPr {look[0]}>{look[1]}</a:rPr><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx>"
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(old, new)


def _name_line(series: Any, position: str) -> None:
    """Write a line's name at its second point."""
    from pptx.oxml import parse_xml

    labels = series._element.get_or_add_dLbls()
    labels._insert_dLbl_in_sequence(1)
    for element in labels.findall("{*}showVal"):
        element.set("val", "0")
    new = parse_xml(
        f'<c:dLbl {_SPACE}><c:idx val="1"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{SMALLEST_BODY * 100}" b="0">'
        f'<a:solidFill><a:srgbClr val="{MUTED}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr/>'
        f'</a:p></c:txPr><c:dLblPos val="{position}"/><c:showLegendKey val="0"/>'
        '<c:showVal val="0"/>'
        '<c:showCatName val="0"/><c:showSerName val="1"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(labels.get_dLbl_for_point(1), new)


def _add_error_bars(series: Any, lows: Sequence[float], highs: Sequence[float]) -> None:
    """Draw each value's interval: python-pptx has no error bars."""
    from pptx.oxml import parse_xml

    def values(name: str, numbers: Sequence[float]) -> str:
        points = "".join(
            f'<c:pt idx="{place_}"><c:v>{max(number, 0.0)!r}</c:v></c:pt>'
            for place_, number in enumerate(numbers)
        )
        return (
            f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{len(numbers)}"/>{points}</c:numLit></c:{name}>'
        )

    bars = parse_xml(
        f'<c:errBars {_SPACE}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{values("plus", highs)}{values("minus", lows)}<c:spPr>'
        f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    series._element.find("{*}cat").addprevious(bars)


def _as_line(chart: Any, series: Any) -> None:
    """Make one series of a bar chart a dashed line over the same axes."""
    from pptx.oxml import parse_xml

    bars = chart._chartSpace.find(".//{*}barChart")
    axes = [element.get("val") for element in bars.findall("{*}axId")]
    element = series._element
    bars.remove(element)
    for name in ("invertIfNegative", "spPr"):
        for child in element.findall(f"{{*}}{name}"):
            element.remove(child)
    element.find("{*}tx").addnext(
        parse_xml(
            f'<c:spPr {_SPACE}><a:ln w="22225"><a:solidFill><a:srgbClr val="{INK}"/>'
            '</a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr>'
        )
    )
    element.find("{*}spPr").addnext(
        parse_xml(f'<c:marker {_SPACE}><c:symbol val="none"/></c:marker>')
    )
    line = parse_xml(
        f'<c:lineChart {_SPACE}><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/><c:axId val="{axes[0]}"/><c:axId val="{axes[1]}"/></c:lineChart>'
    )
    line.insert(2, element)
    bars.addnext(line)


def _style_value_axis(
    axis: Any, figure: Axis, *, shown: bool = True, gridlines: bool = True
) -> None:
    """Give an axis the figure's ends and ticks; without a label at each bar, its gridlines."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.minimum_scale, axis.maximum_scale = figure.low, figure.high
    axis.major_unit = round(figure.ticks[1].value - figure.ticks[0].value, 10)
    axis.visible = shown
    axis.has_major_gridlines = shown and gridlines
    axis.major_tick_mark = XL_TICK_MARK.NONE if gridlines else XL_TICK_MARK.OUTSIDE
    axis.tick_labels.number_format = max(map(number_format, figure.ticks), key=len)
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = Pt(SMALLEST_BODY)
    axis.tick_labels.font.color.rgb = RGBColor.from_string(MUTED)
    axis.format.line.color.rgb = RGBColor.from_string(RULE)
    if axis.has_major_gridlines:
        axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)


def _style_category_axis(axis: Any) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.font.size = Pt(SMALLEST_BODY)
    axis.format.line.color.rgb = RGBColor.from_string(MUTED)
    axis.has_major_gridlines = False


def _skip_labels(axis: Any, count: int, width: float) -> None:
    """Name as many of the categories as the width has room for."""
    from pptx.oxml import parse_xml

    every = max(1, ceil(count * ROOM_FOR_MONTH / width))
    last = axis._element.find("{*}noMultiLvlLbl")
    last.addprevious(parse_xml(f'<c:tickLblSkip {_SPACE} val="{every}"/>'))


def _name_axis(axis: Any, label: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = clean(label)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(SMALLEST_BODY), False
    font.color.rgb = RGBColor.from_string(MUTED)


def _legend(chart: Any, without: Sequence[int] = ()) -> None:
    """Show the legend above the chart, without some of the series."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(SMALLEST_BODY)
    place_ = chart.legend._element.find("{*}legendPos")
    for number in reversed(without):
        place_.addnext(
            parse_xml(
                f'<c:legendEntry {_SPACE}><c:idx val="{number}"/><c:delete val="1"/>'
                "</c:legendEntry>"
            )
        )
