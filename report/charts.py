"""Figures as SVG: one function a kind of figure, `draw` for any of them.

The same drawing serves inline in the report, where `Ink` names the page's CSS variables and follows
light and dark, and as an image in the PDF, where the colours are written out.
"""

from __future__ import annotations

from functools import singledispatch
from math import log2

from report.chart_panels import draw_line_chart, draw_ranges, draw_small_multiples
from report.chart_parts import (
    LEGEND_ROW,
    SIZE,
    WIDTH,
    Frame,
    gutter,
    horizontal_grid,
    legend,
    vertical_grid,
)
from report.chart_timeline import draw_calendar, draw_timeline, places_of
from report.ink import FOLLOWS_PAGE, PRINTED, Ink
from report.svg import Drawing, Point, text_width
from report.tile_map import draw_tile_map
from report.views.figures import (
    Comparison,
    ComparisonRow,
    Dumbbell,
    DumbbellRow,
    GroupedBars,
    HeatCell,
    HeatGrid,
    IntervalBars,
    IntervalRow,
    LineChart,
    MonthlyLine,
    Ranges,
    Series,
    SmallMultiples,
    TileMap,
)
from report.views.time_figures import CalendarGrid, CostFigure, TimelineFigure

__all__ = ["FOLLOWS_PAGE", "PRINTED", "Figure", "Ink", "bar_part", "draw"]

# Whatever can be drawn.
Figure = (
    Dumbbell
    | Comparison
    | GroupedBars
    | MonthlyLine
    | IntervalBars
    | TimelineFigure
    | CostFigure
    | CalendarGrid
    | LineChart
    | SmallMultiples
    | Ranges
    | HeatGrid
    | TileMap
)
# A bar of a comparison is full from four times everybody's figure on, or from a quarter of it.
FULL_BAR = 2.0


def draw(figure: Figure, ink: Ink = PRINTED, width: float = WIDTH) -> str:
    """Return a figure as SVG of a width in user units; its height follows from its rows."""
    return _draw(figure, ink, width)


@singledispatch
def _draw(figure: object, ink: Ink, width: float) -> str:
    raise TypeError(f"no drawing of {type(figure).__name__} in {ink} at {width}")


# ---------------------------------------------------------------- rows


@_draw.register
def _(figure: Dumbbell, ink: Ink, width: float) -> str:
    room = gutter((row.label for row in figure.rows), width)
    step = 34.0
    drawing = Drawing(width, 58 + step * len(figure.rows))
    frame = Frame(room + 34, 52, width - 50, drawing.height - 6, x_axis=figure.axis)
    legend(drawing, ink, ((figure.first_name, ""), (figure.second_name, ink.soft)))
    vertical_grid(drawing, frame, figure.axis, ink)
    for place, row in enumerate(figure.rows):
        _dumbbell_row(drawing, frame, row, frame.top + step * (place + 0.5), ink)
    return drawing.to_svg(figure.title, figure.description)


def _dumbbell_row(drawing: Drawing, frame: Frame, row: DumbbellRow, y: float, ink: Ink) -> None:
    colour = ink.segment(row.colour)
    first, second = frame.x(row.first.value), frame.x(row.second.value)
    drawing.text((0, y + 4), row.label, ink.ink, size=SIZE, bold=True)
    drawing.line((first, y), (second, y), colour, width=4)
    drawing.dot((first, y), 6, ink.paper, outline=colour)
    drawing.dot((second, y), 7, colour)
    for at, mark, other in ((first, row.first, second), (second, row.second, first)):
        is_right = at > other or (at == other and mark is row.second)
        drawing.text(
            (at + (12 if is_right else -12), y + 4),
            mark.text,
            ink.ink if mark is row.second else ink.soft,
            size=SIZE,
            anchor="start" if is_right else "end",
            bold=mark is row.second,
        )


@_draw.register
def _(figure: Comparison, ink: Ink, width: float) -> str:
    step = 28.0
    drawing = Drawing(width, 34 + step * len(figure.rows))
    room = gutter((row.label for row in figure.rows), width)
    columns = (width - 110, width - 2)
    frame = Frame(room + 8, 28, width - 196, drawing.height)
    legend(drawing, ink, ((figure.group_name, ink.segment(figure.colour)),), from_x=frame.left)
    drawing.text((columns[1], 14), figure.everybody_name, ink.soft, size=SIZE, anchor="end")
    for place, row in enumerate(figure.rows):
        y = frame.top + step * (place + 0.5)
        drawing.line((0, y - step / 2), (width, y - step / 2), ink.grid)
        _comparison_row(drawing, frame, row, y, colour=ink.segment(figure.colour), ink=ink)
        drawing.text((columns[0], y + 4), row.group.text, ink.ink, anchor="end", bold=True)
        drawing.text((columns[1], y + 4), row.everybody.text, ink.soft, anchor="end")
    return drawing.to_svg(figure.title, figure.description)


def _comparison_row(
    drawing: Drawing, frame: Frame, row: ComparisonRow, y: float, *, colour: str, ink: Ink
) -> None:
    drawing.text((0, y + 4), row.label, ink.ink)
    middle, half = (frame.left + frame.right) / 2, (frame.right - frame.left) / 2
    drawing.line((frame.left, y), (frame.right, y), ink.grid)
    if row.ratio is not None:
        length = half * bar_part(row.ratio)
        drawing.box((min(middle, middle + length), y - 5), max(abs(length), 1.5), 10, colour)
    drawing.line((middle, y - 9), (middle, y + 9), ink.ink)


def bar_part(ratio: float) -> float:
    """Return how much of its half a bar fills, from -1 to 1, the same for twice and for half."""
    if ratio <= 0:
        return -1.0
    return max(-1.0, min(1.0, log2(ratio) / FULL_BAR))


@_draw.register
def _(figure: IntervalBars, ink: Ink, width: float) -> str:
    step = 21.0
    room = max(gutter((row.label for row in figure.rows), width), 34)
    texts = 12 + max(text_width(row.interval_text, SIZE) for row in figure.rows) + 62
    drawing = Drawing(width, 58 + step * len(figure.rows))
    frame = Frame(room + 8, 50, width - texts, drawing.height - 6, x_axis=figure.axis)
    vertical_grid(drawing, frame, figure.axis, ink)
    reference = frame.x(figure.reference.value)
    drawing.line((reference, frame.top), (reference, frame.bottom), ink.ink, dashes="4 3")
    drawing.text((frame.left, 14), f"┆ {figure.reference_label}", ink.soft, size=SIZE)
    for place, row in enumerate(figure.rows):
        _interval_row(drawing, frame, row, frame.top + step * (place + 0.5), ink)
    return drawing.to_svg(figure.title, figure.description)


def _interval_row(drawing: Drawing, frame: Frame, row: IntervalRow, y: float, ink: Ink) -> None:
    colour = ink.alarm if row.flagged else ink.grey
    drawing.text((0, y + 4), row.label, ink.ink, bold=row.flagged)
    drawing.line((frame.x(row.low), y), (frame.x(row.high), y), colour, width=4)
    drawing.dot((frame.x(row.value.value), y), 5, colour, outline=ink.paper, width=1.5)
    drawing.text((frame.right + 58, y + 4), row.value.text, ink.ink, anchor="end", bold=row.flagged)
    drawing.text((drawing.width, y + 4), row.interval_text, ink.soft, anchor="end")


@_draw.register
def _(figure: HeatGrid, ink: Ink, width: float) -> str:
    room = gutter((row.label for row in figure.rows), width)
    step, head = 44.0, 40.0
    drawing = Drawing(width, head + step * len(figure.rows))
    cell = (width - room - 8) / len(figure.columns)
    for place, (name, detail) in enumerate(zip(figure.columns, figure.column_details, strict=True)):
        middle = room + 8 + cell * (place + 0.5)
        drawing.text((middle, 14), name, ink.ink, anchor="middle", bold=True)
        drawing.text((middle, 30), detail, ink.soft, size=11, anchor="middle")
    for row_place, row in enumerate(figure.rows):
        top = head + step * row_place
        drawing.text((0, top + 26), row.label, ink.ink, bold=True)
        for place, entry in enumerate(row.cells):
            corner = (room + 8 + cell * place, top + 2)
            _heat_cell(drawing, corner, cell, entry, colour=ink.segment(row.colour), ink=ink)
    return drawing.to_svg(figure.title, figure.description)


def _heat_cell(
    drawing: Drawing, corner: Point, cell: float, entry: HeatCell, *, colour: str, ink: Ink
) -> None:
    x, y = corner
    drawing.box((x + 1, y), cell - 2, 40, colour, opacity=0.06 + 0.44 * entry.strength, radius=3)
    middle = x + cell / 2
    drawing.text((middle, y + 17), entry.text, ink.ink, anchor="middle", bold=True)
    drawing.text((middle, y + 33), entry.detail, ink.ink, size=11, anchor="middle")


@_draw.register
def _(figure: TileMap, ink: Ink, width: float) -> str:
    return draw_tile_map(figure, ink, width)


# ---------------------------------------------------------------- bars and lines


@_draw.register
def _(figure: GroupedBars, ink: Ink, width: float) -> str:
    drawing = Drawing(width, 240)
    frame = Frame(46, 36, width, 212, y_axis=figure.axis)
    legend(drawing, ink, tuple((line.name, ink.segment(line.colour)) for line in figure.series))
    horizontal_grid(drawing, frame, figure.axis, ink)
    group = (frame.right - frame.left) / len(figure.categories)
    bar = min(34.0, group * 0.8 / len(figure.series))
    for place, label in enumerate(figure.categories):
        middle = frame.left + group * (place + 0.5)
        drawing.text((middle, frame.bottom + 18), label, ink.soft, anchor="middle")
        left = middle - bar * len(figure.series) / 2
        for order, line in enumerate(figure.series):
            _bar(drawing, frame, line, place=place, left=left + bar * order, bar=bar, ink=ink)
    drawing.line((frame.left, frame.bottom), (frame.right, frame.bottom), ink.soft)
    return drawing.to_svg(figure.title, figure.description)


def _bar(
    drawing: Drawing, frame: Frame, line: Series, *, place: int, left: float, bar: float, ink: Ink
) -> None:
    mark = line.marks[place]
    top = frame.y(mark.value)
    drawing.box((left + 1, top), bar - 2, frame.bottom - top, ink.segment(line.colour))
    is_main = line.colour is not None
    drawing.text(
        (left + bar / 2, top - 5),
        mark.text,
        ink.ink if is_main else ink.soft,
        size=11 if bar >= 34 and len(mark.text) < 6 else 9.5,
        anchor="middle",
        bold=is_main,
    )


@_draw.register
def _(figure: MonthlyLine, ink: Ink, width: float) -> str:
    drawing = Drawing(width, 230)
    frame = Frame(46, 30, width - 14, 196, y_axis=figure.axis)
    horizontal_grid(drawing, frame, figure.axis, ink)
    reference = frame.y(figure.reference.value) if figure.reference else frame.bottom
    if figure.reference:
        drawing.line((frame.left, reference), (frame.right, reference), ink.soft, dashes="4 3")
        drawing.text((frame.left, 14), f"┄ {figure.reference_label}", ink.soft, size=SIZE)
    count = len(figure.months)
    gap = (frame.right - frame.left) / max(count - 1, 1)
    places = [
        (frame.left + gap * place, frame.y(mark.value))
        for place, mark in enumerate(figure.series.marks)
    ]
    colour = ink.accent
    drawing.path(places, colour, width=2)
    for place, at in enumerate(places):
        flagged = place in figure.flagged
        drawing.dot(at, 4.5 if flagged else 3, ink.alarm if flagged else colour)
        if flagged:
            drawing.text(
                (at[0], at[1] - 8),
                figure.series.marks[place].text,
                ink.alarm,
                size=11,
                anchor="middle",
                bold=True,
            )
    every = max(1, -(-count // 6))
    for place in range(0, count, every):
        drawing.text(
            (places[place][0], frame.bottom + 18),
            figure.months[place],
            ink.soft,
            size=11,
            anchor="middle" if place else "start",
        )
    return drawing.to_svg(figure.title, figure.description)


# ---------------------------------------------------------------- over time


@_draw.register
def _(figure: CostFigure, ink: Ink, width: float) -> str:
    drawing = Drawing(width, 304)
    frame = Frame(76, 46, width - 12, 220, figure.x_axis, figure.y_axis)
    left, right = (frame.x(months) for months in figure.flat)
    drawing.box(
        (left, frame.top), right - left, frame.bottom - frame.top, ink.segment(2), opacity=0.16
    )
    horizontal_grid(drawing, frame, figure.y_axis, ink)
    for tick in figure.x_axis.ticks:
        drawing.text(
            (frame.x(tick.value), frame.bottom + 17), tick.text, ink.soft, size=11, anchor="middle"
        )
    drawing.text((0, 14), figure.y_axis.label, ink.soft, size=SIZE)
    drawing.text(
        (frame.right, frame.bottom + 34), figure.x_axis.label, ink.soft, size=SIZE, anchor="end"
    )
    middle = (left + right) / 2
    drawing.text((middle, frame.top - 6), figure.flat_name, ink.soft, size=11, anchor="middle")
    main = ink.accent
    drawing.path(places_of(figure.beyond, frame), main, width=2, dashes="2 4")
    drawing.path(places_of(figure.observed, frame), main, width=2.5)
    x = frame.x(figure.optimum.value)
    drawing.line((x, frame.top), (x, frame.bottom), ink.ink, width=1, dashes="3 3")
    drawing.text(
        (x + 5, frame.bottom - 8),
        f"{figure.optimum_name} ({figure.optimum.text})",
        ink.ink,
        size=11,
        bold=True,
    )
    for row, (name, thickness, dashes) in enumerate(
        ((figure.observed.name, 2.5, ""), (figure.beyond.name, 2.0, "2 4"))
    ):
        y = frame.bottom + 58 + LEGEND_ROW * row
        drawing.line((0, y - 4), (26, y - 4), main, width=thickness, dashes=dashes)
        drawing.text((34, y), name, ink.ink, size=11)
    return drawing.to_svg(figure.title, figure.description)


_draw.register(TimelineFigure)(draw_timeline)
_draw.register(CalendarGrid)(draw_calendar)
_draw.register(LineChart)(draw_line_chart)
_draw.register(SmallMultiples)(draw_small_multiples)
_draw.register(Ranges)(draw_ranges)
