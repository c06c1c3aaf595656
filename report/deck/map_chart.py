"""The map of segments as a native chart: a mark, a name and a share each, told apart by shape."""

from __future__ import annotations

from math import log10
from typing import Any
from xml.sax.saxutils import escape

from report.deck.fit import SMALLEST_BODY, Box
from report.deck.shapes import clean
from report.deck.theme import INK, colour_of
from report.views.map_figure import MapPoint, SegmentMap

SPACE = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
# A mark's size in points: that of no customer, and what all of them add to its area.
SMALLEST_MARK, LARGEST_MARK = 8, 40
# Inches: the plot, a mark, a name of two lines, a letter of it, where programs break it.
PLOT, MARK, NAME_HEIGHT, WIDTH_OF_LETTER, WIDEST_NAME = (5.6, 3.4), 0.35, 0.4, 0.07, 1.35
SIDES = ("t", "b", "r", "l")
# The point of a series that carries the mark.
MIDDLE = 1
SHAPES = ("circle", "square", "diamond", "triangle")


def add_map_series(data: Any, figure: SegmentMap) -> None:
    """Add a series a segment, the quartiles on both sides of its mark, as a line through it."""
    for point in figure.points:
        series = data.add_series(clean(point.label))
        for spend in (point.x_low, point.x.value, point.x_high):
            series.add_data_point(spend, point.y.value)


def style_map_series(chart: Any, figure: SegmentMap) -> None:
    """Give each mark its colour, its shape, its size, its name, and the line of the quartiles."""
    sides = name_positions(figure)
    for number, series in enumerate(chart.plots[0].series):
        point = figure.points[number]
        _style_mark(series, point, SHAPES[number % len(SHAPES)])
        _name_mark(series, point, sides[number])


def set_logarithmic(axis: Any) -> None:
    """Make an axis one of powers of ten: python-pptx has none."""
    from pptx.oxml import parse_xml

    axis.major_unit = 10
    scaling = axis._element.find("{*}scaling")
    scaling.insert(0, parse_xml(f'<c:logBase {SPACE} val="10"/>'))


def _style_mark(series: Any, point: MapPoint, shape: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    series.smooth = False
    series.format.line.color.rgb = RGBColor.from_string(colour_of(point.colour))
    series.format.line.width = Pt(1.5)
    for end in (0, 2):
        series.points[end].marker.style = XL_MARKER_STYLE.NONE
    marker = series.marker
    marker.style = XL_MARKER_STYLE[shape.upper()]
    marker.size = round(SMALLEST_MARK + LARGEST_MARK * point.share.value**0.5)
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = RGBColor.from_string(colour_of(point.colour))
    marker.format.line.color.rgb = RGBColor.from_string(INK)


def name_positions(figure: SegmentMap) -> list[str]:
    """Return where each name stands by its mark, so that as few as can be cover one another.

    From the best rating to the worst, each takes the first of the sides on which it covers least of
    the marks, and of the names before it, on a plot of the usual size.
    """
    marks = [_spot(figure, point) for point in figure.points]
    taken = [Box(x - MARK / 2, y - MARK / 2, MARK, MARK) for x, y in marks]
    taken += [_span(figure, point) for point in figure.points]
    found = [SIDES[0]] * len(marks)
    for number in sorted(range(len(marks)), key=lambda place: marks[place][::-1]):
        width = min(WIDTH_OF_LETTER * len(figure.points[number].label), WIDEST_NAME)
        boxes = {side: _name_box(*marks[number], width, side) for side in SIDES}
        others = [*taken[:number], *taken[number + 1 :]]
        # The first of the sides that cover least: none, where there is room.
        found[number] = min(
            SIDES, key=lambda side: sum(_covered(boxes[side], other) for other in others)
        )
        taken.append(boxes[found[number]])
    return found


def _spot(figure: SegmentMap, point: MapPoint) -> tuple[float, float]:
    """Return where a mark stands on the plot, in inches from its left and its top."""
    y = figure.y_axis
    down = (y.high - point.y.value) / (y.high - y.low)
    return _across(figure, point.x.value), down * PLOT[1]


def _across(figure: SegmentMap, spend: float) -> float:
    axis = figure.x_axis
    return PLOT[0] * log10(spend / axis.low) / log10(axis.high / axis.low)


def _span(figure: SegmentMap, point: MapPoint) -> Box:
    """Return the line of the quartiles, which names do not cover either."""
    left, top = _across(figure, point.x_low), _spot(figure, point)[1]
    return Box(left, top - 0.02, _across(figure, point.x_high) - left, 0.04)


def _name_box(x: float, y: float, width: float, side: str) -> Box:
    left = {"r": x + MARK / 2, "l": x - MARK / 2 - width}.get(side, x - width / 2)
    top = {"t": y - MARK / 2 - NAME_HEIGHT, "b": y + MARK / 2}.get(side, y - NAME_HEIGHT / 2)
    return Box(left, top, width, NAME_HEIGHT)


def _covered(box: Box, other: Box) -> float:
    """Return how much of each other two boxes cover, in square inches."""
    across = min(box.right, other.right) - max(box.left, other.left)
    down = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(across, 0.0) * max(down, 0.0)


def _name_mark(series: Any, point: MapPoint, position: str) -> None:
    """Write the segment's name and its share at its mark, as text: no program rewrites it."""
    from pptx.oxml import parse_xml

    size = f'sz="{SMALLEST_BODY * 100}"'
    fill = f'<a:solidFill><a:srgbClr val="{INK}"/></a:solidFill>'
    name, share = escape(clean(point.label)), escape(clean(point.share.text))
    labels = series._element.get_or_add_dLbls()
    for element in labels.findall("{*}showVal"):
        element.set("val", "0")
    labels._insert_dLbl_in_sequence(MIDDLE)
    new = parse_xml(
        f'<c:dLbl {SPACE}><c:idx val="{MIDDLE}"/><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p>'
        f"<a:pPr><a:defRPr {size}/></a:pPr>"
        f'<a:r><a:rPr {size} b="1">{fill}</a:rPr><a:t>{name} </a:t></a:r>'
        f'<a:r><a:rPr {size} b="0">{fill}</a:rPr><a:t>({share})</a:t></a:r>'
        f"</a:p></c:rich></c:tx><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(labels.get_dLbl_for_point(MIDDLE), new)
