"""How the series of a native chart are drawn: fills, lines, marks, the values at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from report.deck.fit import SMALLEST_BODY
from report.deck.shapes import clean
from report.deck.theme import INK, MUTED
from report.views.figures import Mark

SPACE = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def paint(fill: Any, colour: str) -> None:
    """Fill with one colour."""
    from pptx.dml.color import RGBColor

    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour)


def hatch(series: Any, colour: str) -> None:
    """Fill a series or its key with stripes: told apart from a colour in black and white."""
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_PATTERN

    drawn = getattr(series, "format", series)
    fill = drawn.fill
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb = RGBColor.from_string(colour)
    fill.back_color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    drawn.line.color.rgb = RGBColor.from_string(colour)


def draw_line(series: Any, colour: str, width: float, dash: Any, *, marked: bool) -> None:
    """Give a line its colour, its width in points, its dashes, and marks at its points or none."""
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
        paint(series.marker.format.fill, colour)
        series.marker.format.line.color.rgb = RGBColor.from_string(colour)


def ring_points(series: Any, colour: str) -> None:
    """Mark the points by open diamonds, which are seen around the marks of a line over them."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE

    series.marker.style, series.marker.size = XL_MARKER_STYLE.DIAMOND, 11
    series.marker.format.fill.background()
    series.marker.format.line.color.rgb = RGBColor.from_string(colour)


def label_point(
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
        f'<c:dLbl {SPACE}><c:idx val="{number}"/>'
        f"<c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr {look[0]}/></a:pPr>"
        f"<a:r><a:rPr {look[0]}>{look[1]}</a:rPr><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx>"
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(old, new)


def name_line(series: Any, position: str) -> None:
    """Write a line's name at its second point."""
    from pptx.oxml import parse_xml

    labels = series._element.get_or_add_dLbls()
    labels._insert_dLbl_in_sequence(1)
    for element in labels.findall("{*}showVal"):
        element.set("val", "0")
    new = parse_xml(
        f'<c:dLbl {SPACE}><c:idx val="1"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{SMALLEST_BODY * 100}" b="0">'
        f'<a:solidFill><a:srgbClr val="{MUTED}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr/>'
        f'</a:p></c:txPr><c:dLblPos val="{position}"/><c:showLegendKey val="0"/>'
        '<c:showVal val="0"/>'
        '<c:showCatName val="0"/><c:showSerName val="1"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbl>'
    )
    labels.replace(labels.get_dLbl_for_point(1), new)


def add_error_bars(series: Any, lows: Sequence[float], highs: Sequence[float]) -> None:
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
        f'<c:errBars {SPACE}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{values("plus", highs)}{values("minus", lows)}<c:spPr>'
        f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    series._element.find("{*}cat").addprevious(bars)


def as_line(chart: Any, series: Any) -> None:
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
            f'<c:spPr {SPACE}><a:ln w="22225"><a:solidFill><a:srgbClr val="{INK}"/>'
            '</a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr>'
        )
    )
    element.find("{*}spPr").addnext(
        parse_xml(f'<c:marker {SPACE}><c:symbol val="none"/></c:marker>')
    )
    line = parse_xml(
        f'<c:lineChart {SPACE}><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/><c:axId val="{axes[0]}"/><c:axId val="{axes[1]}"/></c:lineChart>'
    )
    line.insert(2, element)
    bars.addnext(line)
