"""The drawings of lines side by side, and of ranges."""

from __future__ import annotations

from math import ceil

from report.chart_parts import (
    BAND,
    SIZE,
    Frame,
    Stroke,
    draw_strokes,
    gutter,
    horizontal_grid,
    legend_height,
    vertical_grid,
)
from report.ink import Ink
from report.svg import Drawing, text_width
from report.views.figures import LineChart, Panel, RangeRow, Ranges, SmallMultiples

DASHES, LEVEL, DOTS = "6 4", "4 3", "2 4"


# ---------------------------------------------------------------- one chart

CHART_BOTTOM = 206.0


def draw_line_chart(figure: LineChart, ink: Ink, width: float) -> str:
    """Return lines over a number as SVG."""
    strokes = [
        Stroke(line.name, ink.segment(line.colour), 2.2, DASHES if line.dashed else "")
        for line in figure.lines
    ]
    if figure.reference is not None:
        name = f"{figure.reference_name} ({figure.reference.text})"
        strokes.append(Stroke(name, ink.alarm, 1.5, LEVEL))
    top = CHART_BOTTOM + 58
    drawing = Drawing(width, top + legend_height(strokes, width) - 10)
    frame = Frame(52, 30, width - 12, CHART_BOTTOM, figure.x_axis, figure.y_axis)
    horizontal_grid(drawing, frame, figure.y_axis, ink)
    drawing.text((0, 14), figure.y_axis.label, ink.soft, size=SIZE)
    for tick in figure.x_axis.ticks:
        drawing.text(
            (frame.x(tick.value), frame.bottom + 17), tick.text, ink.soft, size=11, anchor="middle"
        )
    drawing.text(
        (frame.right, frame.bottom + 34), figure.x_axis.label, ink.soft, size=SIZE, anchor="end"
    )
    if figure.reference is not None:
        y = frame.y(figure.reference.value)
        drawing.line((frame.left, y), (frame.right, y), ink.alarm, width=1.5, dashes=LEVEL)
    for line, stroke in zip(figure.lines, strokes, strict=False):
        places = [(frame.x(x), frame.y(y)) for x, y in line.points]
        drawing.path(places, stroke.colour, width=stroke.thickness, dashes=stroke.dashes)
    draw_strokes(drawing, top, strokes, ink)
    return drawing.to_svg(figure.title, figure.description)


# ---------------------------------------------------------------- small charts

PANEL_HEIGHT, PANEL_GAP, NARROWEST = 140.0, 24.0, 180.0


def draw_small_multiples(figure: SmallMultiples, ink: Ink, width: float) -> str:
    """Return small charts as SVG, as many side by side as the width allows."""
    grey = ink.grey
    strokes = [
        Stroke(figure.line_name, ink.ink),
        *([Stroke(figure.band_name, ink.ink, BAND)] if figure.band_name else []),
        *([Stroke(figure.reference_name, grey, 1.5, LEVEL)] if figure.reference_name else []),
    ]
    across = _across(len(figure.panels), width)
    rows = ceil(len(figure.panels) / across)
    top = rows * (PANEL_HEIGHT + PANEL_GAP)
    drawing = Drawing(width, top + legend_height(strokes, width))
    each = (width - PANEL_GAP * (across - 1)) / across
    for place, panel in enumerate(figure.panels):
        left = (place % across) * (each + PANEL_GAP)
        upper = (place // across) * (PANEL_HEIGHT + PANEL_GAP)
        _draw_panel(drawing, panel, (left, upper), each, ink)
    draw_strokes(drawing, top + 12, strokes, ink)
    return drawing.to_svg(figure.title, figure.description)


def _across(panels: int, width: float) -> int:
    """Return how many panels stand side by side, so that the rows are about equally full."""
    most = max(1, min(panels, int((width + PANEL_GAP) / (NARROWEST + PANEL_GAP))))
    return ceil(panels / ceil(panels / most))


def _draw_panel(
    drawing: Drawing, panel: Panel, corner: tuple[float, float], width: float, ink: Ink
) -> None:
    left, top = corner
    ticks = max(text_width(tick.text, 10) for tick in panel.y_axis.ticks)
    frame = Frame(
        left + ticks + 8,
        top + 24,
        left + width - 2,
        top + PANEL_HEIGHT - 20,
        panel.x_axis,
        panel.y_axis,
    )
    colour = ink.segment(panel.colour)
    drawing.text((left, top + 13), panel.title, ink.ink, size=SIZE, bold=True)
    for tick in panel.y_axis.ticks:
        y = frame.y(tick.value)
        drawing.line((frame.left, y), (frame.right, y), ink.grid)
        drawing.text((frame.left - 5, y + 4), tick.text, ink.soft, size=10, anchor="end")
    for tick, anchor in ((panel.x_axis.ticks[0], "start"), (panel.x_axis.ticks[-1], "end")):
        drawing.text(
            (frame.x(tick.value), frame.bottom + 15),
            tick.text,
            ink.soft,
            size=10,
            anchor="start" if anchor == "start" else "end",
        )
    for level in panel.references:
        y = frame.y(level)
        drawing.line((frame.left, y), (frame.right, y), ink.grey, width=1.3, dashes=LEVEL)
    upper = [(frame.x(x), frame.y(high)) for x, _low, high in panel.band]
    lower = [(frame.x(x), frame.y(low)) for x, low, _high in panel.band]
    if panel.band:
        drawing.area([*upper, *reversed(lower)], colour, opacity=0.18)
    drawing.path([(frame.x(x), frame.y(y)) for x, y in panel.line], colour, width=2.2)


# ---------------------------------------------------------------- ranges


def draw_ranges(figure: Ranges, ink: Ink, width: float) -> str:
    """Return ranges as SVG: solid as far as was observed, dotted beyond."""
    step = 40.0
    drawing = Drawing(width, 78 + step * len(figure.rows))
    room = gutter((row.label for row in figure.rows), width)
    frame = Frame(room + 12, 40, width - 28, drawing.height - 34, figure.axis)
    vertical_grid(drawing, frame, figure.axis, ink)
    until = frame.x(figure.observed_until)
    drawing.box(
        (until, frame.top), frame.right - until, frame.bottom - frame.top, ink.grey, opacity=0.12
    )
    for place, row in enumerate(figure.rows):
        _draw_range(drawing, frame, row, frame.top + step * (place + 0.5), until, ink)
    strokes = (
        Stroke(figure.observed_name, ink.accent, 5),
        Stroke(figure.beyond_name, ink.accent, 3, DOTS),
    )
    draw_strokes(drawing, frame.bottom + 22, strokes, ink)
    return drawing.to_svg(figure.title, figure.description)


def _draw_range(
    drawing: Drawing, frame: Frame, row: RangeRow, y: float, until: float, ink: Ink
) -> None:
    main = ink.accent
    low, high = frame.x(row.low), frame.x(row.high)
    drawing.text((0, y + 4), row.label, ink.ink, size=SIZE)
    if low < until:
        drawing.line((low, y), (min(high, until), y), main, width=5)
    if high > until:
        drawing.line((max(low, until), y), (high, y), main, width=3, dashes=DOTS)
    if row.open_end:
        drawing.path([(high - 6, y - 5), (high, y), (high - 6, y + 5)], main, width=2)
    if row.point is not None:
        x = frame.x(row.point)
        drawing.dot((x, y), 6, ink.paper if x > until else main, outline=main)
    middle = min(max((low + high) / 2, frame.left), frame.right)
    half = text_width(row.text, 11) / 2
    at = min(max(middle, frame.left + half), drawing.width - half)
    drawing.text((at, y - 9), row.text, ink.soft, size=11, anchor="middle")
