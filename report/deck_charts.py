"""Native charts of the figures: their data can be edited in PowerPoint, and holds no formula.

A chart is read in black and white too: values stand at the bars, lines differ by their dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import singledispatch
from typing import Any

from report.deck_fit import SMALLEST_BODY, Box
from report.deck_parts import Chart
from report.deck_shapes import Canvas, clean, place
from report.deck_tables import describe
from report.deck_theme import ALARM, GREY, INK, MUTED, RULE, colour_of
from report.figures import Axis, Dumbbell, GroupedBars, IntervalBars, Mark, TimelineFigure

_SPACE = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
# A workbook is dated; this one is part of a deck, which has its own date.
_WORKBOOK_DATE = datetime(2000, 1, 1)
UPRIGHTS = 6  # from here on, a timeline's lines stand upright and carry their names


def draw_chart(canvas: Canvas, figure: Chart, box: Box) -> None:
    """Draw a figure as a native chart in the next content placeholder, or on its own."""
    kind, data = _chart_of(figure)
    shape = _add_chart(canvas, kind, data, box)
    place(shape, box)
    _style(shape.chart, figure, canvas.language)
    describe(shape, f"{figure.title}. {figure.description}")


def number_format(text: str) -> str:
    """Return the spreadsheet's format that writes a number as the text does: "8,1 %" -> 0.0" "%.

    The reader's Office chooses the decimal sign.
    """
    found = re.fullmatch(r"\D*?(\d(?:[\d\s]*\d)?)(?:[.,](\d+))?(\s*)(%?).*", text)
    if found is None:
        return "General"
    decimals, space, percent = found[2] or "", found[3], found[4]
    written = "0" + ("." + "0" * len(decimals) if decimals else "")
    if not percent:
        return written
    return f'{written}"{space}"%' if space else f"{written}%"


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
    return XL_CHART_TYPE.COLUMN_CLUSTERED, data


@_chart_of.register
def _(figure: TimelineFigure) -> tuple[Any, Any]:
    from pptx.enum.chart import XL_CHART_TYPE

    data = _xy_data(figure.y_axis.ticks[-1])
    for name, points in _timeline_lines(figure):
        series = data.add_series(clean(name))
        for x, y in points:
            series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES, data


def _timeline_lines(figure: TimelineFigure) -> list[tuple[str, Sequence[tuple[float, float]]]]:
    """Return the lines of a timeline in the order in which they are styled."""
    left, right = figure.x_axis.low, figure.x_axis.high
    until, low, high = figure.observed_until.value, figure.y_axis.low, figure.y_axis.high
    lines: list[tuple[str, Sequence[tuple[float, float]]]] = [
        (figure.median.name, figure.median.points),
        (figure.band_name, [(x, lowest) for x, lowest, _ in figure.band]),
        (figure.band_name, [(x, highest) for x, _, highest in figure.band]),
        (figure.cold.name, figure.cold.points),
        (
            f"{figure.threshold_name} ({figure.threshold.text})",
            [(left, figure.threshold.value), (right, figure.threshold.value)],
        ),
        (
            f"{figure.placebo_name} ({figure.placebo.text})",
            [(left, figure.placebo.value), (right, figure.placebo.value)],
        ),
        (figure.observed_label, [(until, low), (until, high)]),
    ]
    if figure.alarm is not None:
        lines.append((figure.alarm_label, [(figure.alarm.value, low), (figure.alarm.value, high)]))
    return lines


def _category_data(categories: Sequence[str], like: Mark) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.chart.xlsx import CategoryWorkbookWriter

    class Writer(_SafeWorkbook, CategoryWorkbookWriter):  # type: ignore[misc]
        """A workbook of categories without formulas."""

    class Data(CategoryChartData):  # type: ignore[misc]
        """Chart data that is written so."""

        @property
        def _workbook_writer(self) -> Writer:
            return Writer(self)

    data = Data(number_format=number_format(like.text))
    data.categories = [clean(category) for category in categories]
    return data


def _xy_data(like: Mark) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.chart.xlsx import XyWorkbookWriter

    class Writer(_SafeWorkbook, XyWorkbookWriter):  # type: ignore[misc]
        """A workbook of points without formulas."""

    class Data(XyChartData):  # type: ignore[misc]
        """Chart data that is written so."""

        @property
        def _workbook_writer(self) -> Writer:
            return Writer(self)

    return Data(number_format=number_format(like.text))


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


# ---------------------------------------------------------------- style


def _style(chart: Any, figure: Chart, language: str) -> None:
    """Give a chart its type, axes, colours and labels."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    chart.font.size = Pt(SMALLEST_BODY)
    chart.font.color.rgb = RGBColor.from_string(INK)
    chart.has_title = False
    _style_series(figure, chart)
    space = chart._chartSpace
    _set_language(space, language)
    for properties in space.iter("{*}defRPr", "{*}rPr", "{*}endParaRPr"):
        properties.set("lang", language)
    _number_axes(space)


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
def _style_series(figure: Chart, chart: Any) -> None:
    """Colour the series, label the values, set the axes."""
    raise TypeError(f"no native chart for {type(figure).__name__}")


@_style_series.register
def _(figure: IntervalBars, chart: Any) -> None:
    plot = chart.plots[0]
    plot.gap_width = 45
    bars, reference = plot.series
    _fill(bars.format.fill, GREY)
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
def _(figure: Dumbbell, chart: Any) -> None:
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
def _(figure: GroupedBars, chart: Any) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 50, -5
    for series, values in zip(plot.series, figure.series, strict=True):
        if values.colour is None:
            _hatch(series, GREY)
        else:
            _fill(series.format.fill, colour_of(values.colour))
        for place_, mark in enumerate(values.marks):
            _label_point(series, place_, mark, "outEnd", bold=values.colour is not None)
    _style_value_axis(chart.value_axis, figure.axis, shown=False)
    _style_category_axis(chart.category_axis)
    _legend(chart)


@_style_series.register
def _(figure: TimelineFigure, chart: Any) -> None:
    from pptx.enum.dml import MSO_LINE

    dash, dots, long = MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.LONG_DASH
    looks: list[tuple[str, float, Any]] = [
        (colour_of(0), 2.75, None),
        (colour_of(0), 1.0, dash),
        (colour_of(0), 1.0, dash),
        (MUTED, 1.5, dots),
        (ALARM, 1.75, long),
        (GREY, 1.25, MSO_LINE.DASH_DOT),
        (INK, 1.0, dots),
        (ALARM, 1.0, dots),
    ]
    lines = list(chart.plots[0].series)
    for number, (series, look) in enumerate(zip(lines, looks, strict=False)):
        _draw_line(series, *look, marked=number == 0)
    middle = (figure.x_axis.low + figure.x_axis.high) / 2
    dates = [figure.observed_until, *([figure.alarm] if figure.alarm else [])]
    for series, date in zip(lines[UPRIGHTS:], dates, strict=True):
        _name_line(series, "r" if date.value < middle else "l")
    _style_value_axis(chart.value_axis, figure.y_axis)
    _style_value_axis(chart.category_axis, figure.x_axis, gridlines=False)
    _name_axis(chart.value_axis, figure.y_axis.label)
    _name_axis(chart.category_axis, figure.x_axis.label)
    _legend(chart, without=(2, *range(UPRIGHTS, len(lines))))


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
    """Label one value as the other documents write it; the label follows the chart's data."""
    from pptx.oxml import parse_xml

    labels = series._element.get_or_add_dLbls()
    for name in ("showVal", "showLegendKey", "showCatName", "showSerName", "showPercent"):
        for element in labels.findall(f"{{*}}{name}"):
            element.set("val", "0")
    turn = ' rot="-5400000" vert="horz"' if turned else ""
    code = number_format(mark.text).replace('"', "&quot;")
    labels._insert_dLbl_in_sequence(number)
    old = labels.get_dLbl_for_point(number)
    new = parse_xml(
        f'<c:dLbl {_SPACE}><c:idx val="{number}"/>'
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/>'
        f'</a:ln></c:spPr><c:txPr><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{SMALLEST_BODY * 100}" b="{int(bold or turned)}"><a:solidFill>'
        f'<a:srgbClr val="{INK}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>'
        f'<c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(old, new)


def _name_line(series: Any, position: str) -> None:
    """Write a line's name at its first point."""
    from pptx.oxml import parse_xml

    labels = series._element.get_or_add_dLbls()
    labels._insert_dLbl_in_sequence(0)
    for element in labels.findall("{*}showVal"):
        element.set("val", "0")
    new = parse_xml(
        f'<c:dLbl {_SPACE}><c:idx val="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{SMALLEST_BODY * 100}" b="0">'
        f'<a:solidFill><a:srgbClr val="{MUTED}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr/>'
        f'</a:p></c:txPr><c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="0"/>'
        '<c:showCatName val="0"/><c:showSerName val="1"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(labels.get_dLbl_for_point(0), new)


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


def _style_value_axis(axis: Any, figure: Axis, *, shown: bool = True, gridlines: bool = True) -> None:
    """Give an axis the figure's ends and ticks; without a label at each bar, its gridlines."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.minimum_scale, axis.maximum_scale = figure.low, figure.high
    axis.major_unit = round(figure.ticks[1].value - figure.ticks[0].value, 10)
    axis.visible = shown
    axis.has_major_gridlines = shown and gridlines
    axis.major_tick_mark = XL_TICK_MARK.NONE if gridlines else XL_TICK_MARK.OUTSIDE
    longest = max((tick.text for tick in figure.ticks), key=lambda text: len(number_format(text)))
    axis.tick_labels.number_format = number_format(longest)
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = Pt(SMALLEST_BODY)
    axis.tick_labels.font.color.rgb = RGBColor.from_string(MUTED)
    axis.format.line.color.rgb = RGBColor.from_string(RULE)
    if axis.has_major_gridlines:
        axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E7EF")


def _style_category_axis(axis: Any) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.font.size = Pt(SMALLEST_BODY)
    axis.format.line.color.rgb = RGBColor.from_string(MUTED)
    axis.has_major_gridlines = False


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
