"""The map of segments as a native chart: a mark, a name and a share each, told apart by shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log10
from typing import Any
from xml.sax.saxutils import escape

from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, Box
from report.deck.shapes import clean
from report.deck.theme import INK, colour_of
from report.views.map_figure import MapPoint, SegmentMap

SPACE = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
# A mark's size in points: that of no customer, and what all of them add to its area.
SMALLEST_MARK, LARGEST_MARK = 8, 40
# Inches: a name of two lines, a letter of it, where programs break it, a line.
NAME_HEIGHT, WIDTH_OF_LETTER, WIDEST_NAME, LINE = 0.4, 0.078, 1.4, 0.12
# What stands around the plot, in inches: names on all sides, the axes on the left and below.
LEFT, ABOVE, RIGHT, BELOW = 0.65, 0.6, 0.6, 0.7
# Of it, names may use on the left and below: the axes are there too.
EDGE = 0.3
# How much worse a name over a name is than one over a line or out of its room.
NAME_OVER_NAME = 3
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


def style_map_series(chart: Any, figure: SegmentMap, size: tuple[float, float]) -> None:
    """Give each mark its colour, its shape, its size, its name, and the line of the quartiles.

    The plot takes the same part of the chart, `size` in inches, in every program: its names are
    placed on it.
    """
    width, height = size
    plot = Box(LEFT, ABOVE, width - LEFT - RIGHT, height - ABOVE - BELOW)
    _place_plot(chart, plot, size)
    sides = name_positions(figure, (plot.width, plot.height))
    for number, series in enumerate(chart.plots[0].series):
        point = figure.points[number]
        _style_mark(series, point, SHAPES[number % len(SHAPES)])
        _name_mark(series, point, sides[number])


def _place_plot(chart: Any, plot: Box, size: tuple[float, float]) -> None:
    """Say where the plot stands within the axes' names, as parts of the chart's size."""
    from pptx.oxml import parse_xml

    width, height = size
    parts = {
        "x": plot.left / width,
        "y": plot.top / height,
        "w": plot.width / width,
        "h": plot.height / height,
    }
    area = chart._chartSpace.find(".//{*}plotArea")
    for element in area.findall("{*}layout"):
        area.remove(element)
    values = "".join(f'<c:{name} val="{part:.4f}"/>' for name, part in parts.items())
    area.insert(
        0,
        parse_xml(
            f'<c:layout {SPACE}><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{values}</c:manualLayout></c:layout>'
        ),
    )


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
    marker.size = round(_mark_size(point))
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = RGBColor.from_string(colour_of(point.colour))
    marker.format.line.color.rgb = RGBColor.from_string(INK)


def _mark_size(point: MapPoint) -> float:
    """Return how wide a mark is, in points."""
    return float(SMALLEST_MARK + LARGEST_MARK * point.share.value**0.5)


def name_positions(figure: SegmentMap, plot: tuple[float, float]) -> list[str]:
    """Return where each name stands by its mark, so that as few as can be cover one another.

    Of all ways to place them, the one in which the names cover least of each other, of the marks
    and of the lines, on a plot of a width and height in inches; of equal ones, that with the first
    of the sides.
    """
    names = [_name_boxes(figure, point, plot) for point in figure.points]
    marks = [_mark_box(figure, point, plot) for point in figure.points]
    spans = [_span(figure, point, plot) for point in figure.points]
    alone = [
        [
            _outside(box, plot)
            + sum(_covered(box, other) for other in (*marks[:number], *marks[number + 1 :], *spans))
            for box in boxes
        ]
        for number, boxes in enumerate(names)
    ]
    return [SIDES[side] for side in _least_covered(names, alone)]


def _least_covered(names: Sequence[Sequence[Box]], alone: Sequence[Sequence[float]]) -> list[int]:
    """Return the side of each name: what it covers alone, and of the names before it, is least."""
    best, found = inf, [0] * len(names)
    waiting: list[tuple[float, list[int]]] = [(0.0, [])]
    while waiting:
        cost, chosen = waiting.pop()
        number = len(chosen)
        if cost >= best:
            continue
        if number == len(names):
            best, found = cost, chosen
            continue
        others = [names[place][side] for place, side in enumerate(chosen)]
        for side in reversed(range(len(SIDES))):
            covered = NAME_OVER_NAME * sum(_covered(names[number][side], o) for o in others)
            waiting.append((cost + alone[number][side] + covered, [*chosen, side]))
    return found


def _spot(figure: SegmentMap, point: MapPoint, plot: tuple[float, float]) -> tuple[float, float]:
    """Return where a mark stands on the plot, in inches from its left and its top."""
    y = figure.y_axis
    down = (y.high - point.y.value) / (y.high - y.low)
    return _across(figure, point.x.value, plot), down * plot[1]


def _across(figure: SegmentMap, spend: float, plot: tuple[float, float]) -> float:
    axis = figure.x_axis
    return plot[0] * log10(spend / axis.low) / log10(axis.high / axis.low)


def _mark_box(figure: SegmentMap, point: MapPoint, plot: tuple[float, float]) -> Box:
    x, y = _spot(figure, point, plot)
    size = _mark_size(point) / POINTS_PER_INCH
    return Box(x - size / 2, y - size / 2, size, size)


def _span(figure: SegmentMap, point: MapPoint, plot: tuple[float, float]) -> Box:
    """Return the line of the quartiles, as high as what a name loses that it goes through."""
    left, top = _across(figure, point.x_low, plot), _spot(figure, point, plot)[1]
    return Box(left, top - LINE / 2, _across(figure, point.x_high, plot) - left, LINE)


def _name_boxes(figure: SegmentMap, point: MapPoint, plot: tuple[float, float]) -> list[Box]:
    """Return the places of a name, in the order of SIDES."""
    x, y = _spot(figure, point, plot)
    mark = _mark_box(figure, point, plot)
    width = min(WIDTH_OF_LETTER * len(point.label), WIDEST_NAME)
    return [
        Box(x - width / 2, mark.top - NAME_HEIGHT, width, NAME_HEIGHT),
        Box(x - width / 2, mark.bottom, width, NAME_HEIGHT),
        Box(mark.right, y - NAME_HEIGHT / 2, width, NAME_HEIGHT),
        Box(mark.left - width, y - NAME_HEIGHT / 2, width, NAME_HEIGHT),
    ]


def _outside(box: Box, plot: tuple[float, float]) -> float:
    """Return how much of a name has no room beside, above or below the plot."""
    across = max(0.0, -EDGE - box.left) + max(0.0, box.right - plot[0] - RIGHT)
    down = max(0.0, -ABOVE - box.top) + max(0.0, box.bottom - plot[1] - EDGE)
    return across * box.height + down * box.width


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
