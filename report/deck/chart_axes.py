"""How the axes and the legend of a native chart are set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Any

from report.deck.chart_series import SPACE
from report.deck.fit import SMALLEST_BODY
from report.deck.shapes import clean
from report.deck.theme import GRID, MUTED, RULE
from report.views.figures import Axis, Mark

THOUSAND = 1000  # from here on, a sign between digits may part thousands
ROOM_FOR_MONTH = 0.85  # inches of a month's name


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


def style_value_axis(
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


def style_category_axis(axis: Any) -> None:
    """Write the categories plainly, without a line or a tick."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.font.size = Pt(SMALLEST_BODY)
    axis.format.line.color.rgb = RGBColor.from_string(MUTED)
    axis.has_major_gridlines = False


def skip_labels(axis: Any, count: int, width: float) -> None:
    """Name as many of the categories as the width has room for."""
    from pptx.oxml import parse_xml

    every = max(1, ceil(count * ROOM_FOR_MONTH / width))
    last = axis._element.find("{*}noMultiLvlLbl")
    last.addprevious(parse_xml(f'<c:tickLblSkip {SPACE} val="{every}"/>'))


def name_axis(axis: Any, label: str) -> None:
    """Write what an axis shows beside it."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = clean(label)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(SMALLEST_BODY), False
    font.color.rgb = RGBColor.from_string(MUTED)


def legend(chart: Any, without: Sequence[int] = ()) -> None:
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
                f'<c:legendEntry {SPACE}><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'
            )
        )
