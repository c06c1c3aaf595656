"""Figures as SVG: one function a kind of figure, `draw` for any of them.

The same drawing serves inline in the report, where `Ink` names the page's CSS variables and follows
light and dark, and as an image in the PDF, where the colours are written out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from math import log2

from report.ink import FOLLOWS_PAGE, PRINTED, Ink
from report.svg import Drawing, Point, text_width
from report.tile_map import draw_tile_map
from report.views.figures import (
    AgeLine,
    Axis,
    Comparison,
    ComparisonRow,
    CostFigure,
    Dumbbell,
    DumbbellRow,
    Figure,
    GroupedBars,
    HeatCell,
    HeatGrid,
    IntervalBars,
    IntervalRow,
    MonthlyLine,
    Series,
    TileMap,
    TimelineFigure,
)

__all__ = ["FOLLOWS_PAGE", "PRINTED", "Ink", "bar_part", "draw"]

WIDTH = 640.0
SIZE = 12.0
# A bar of a comparison is full from four times everybody's figure on, or from a quarter of it.
FULL_BAR = 2.0


@dataclass(frozen=True)
class Frame:
    """Where the values of two axes stand on a drawing; y may be missing (rows, not values)."""

    left: float
    top: float
    right: float
    bottom: float
    x_axis: Axis | None = None
    y_axis: Axis | None = None

    def x(self, value: float) -> float:
        """Return the place of a value of the horizontal axis, held within the axis."""
        return self.left + _part(value, self.x_axis) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the place of a value of the vertical axis, held within the axis."""
        return self.bottom - _part(value, self.y_axis) * (self.bottom - self.top)


def _part(value: float, axis: Axis | None) -> float:
    """Return how far along an axis a value lies, from 0 to 1."""
    if axis is None or axis.high == axis.low:
        return 0.0
    return min(1.0, max(0.0, (value - axis.low) / (axis.high - axis.low)))


def draw(figure: Figure, ink: Ink = PRINTED, width: float = WIDTH) -> str:
    """Return a figure as SVG of a width in user units; its height follows from its rows."""
    return _draw(figure, ink, width)


@singledispatch
def _draw(figure: object, ink: Ink, width: float) -> str:
    raise TypeError(f"no drawing of {type(figure).__name__} in {ink} at {width}")


# ---------------------------------------------------------------- rows


@_draw.register
def _(figure: Dumbbell, ink: Ink, width: float) -> str:
    gutter = _gutter((row.label for row in figure.rows), width)
    step = 34.0
    drawing = Drawing(width, 58 + step * len(figure.rows))
    frame = Frame(gutter + 34, 52, width - 50, drawing.height - 6, x_axis=figure.axis)
    _legend(drawing, ink, ((figure.first_name, ""), (figure.second_name, ink.soft)))
    _vertical_grid(drawing, frame, figure.axis, ink)
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
    gutter = _gutter((row.label for row in figure.rows), width)
    columns = (width - 110, width - 2)
    frame = Frame(gutter + 8, 28, width - 196, drawing.height)
    _legend(drawing, ink, ((figure.group_name, ink.segment(figure.colour)),), from_x=frame.left)
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
    gutter = max(_gutter((row.label for row in figure.rows), width), 34)
    texts = 12 + max(text_width(row.interval_text, SIZE) for row in figure.rows) + 62
    drawing = Drawing(width, 58 + step * len(figure.rows))
    frame = Frame(gutter + 8, 50, width - texts, drawing.height - 6, x_axis=figure.axis)
    _vertical_grid(drawing, frame, figure.axis, ink)
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
    gutter = _gutter((row.label for row in figure.rows), width)
    step, head = 44.0, 40.0
    drawing = Drawing(width, head + step * len(figure.rows))
    cell = (width - gutter - 8) / len(figure.columns)
    for place, (name, detail) in enumerate(zip(figure.columns, figure.column_details, strict=True)):
        middle = gutter + 8 + cell * (place + 0.5)
        drawing.text((middle, 14), name, ink.ink, anchor="middle", bold=True)
        drawing.text((middle, 30), detail, ink.soft, size=11, anchor="middle")
    for row_place, row in enumerate(figure.rows):
        top = head + step * row_place
        drawing.text((0, top + 26), row.label, ink.ink, bold=True)
        for place, entry in enumerate(row.cells):
            corner = (gutter + 8 + cell * place, top + 2)
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
    _legend(drawing, ink, tuple((line.name, ink.segment(line.colour)) for line in figure.series))
    _horizontal_grid(drawing, frame, figure.axis, ink)
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
    _horizontal_grid(drawing, frame, figure.axis, ink)
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
    colour = ink.segment(figure.series.colour)
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


# ---------------------------------------------------------------- the timeline

LEGEND_TOP, LEGEND_ROW, BAND = 328, 20, 10


@dataclass(frozen=True)
class _Entry:
    """One line of a legend: its place, its name, and how its stroke is drawn."""

    x: float
    y: float
    name: str
    colour: str
    thickness: float
    dashes: str


@_draw.register
def _(figure: TimelineFigure, ink: Ink, width: float) -> str:
    entries = _timeline_legend(figure, width, ink)
    drawing = Drawing(width, LEGEND_TOP + entries[-1].y + 24)
    frame = Frame(48, 30, width - 12, 268, figure.x_axis, figure.y_axis)
    _unobserved(drawing, frame, figure, ink)
    _horizontal_grid(drawing, frame, figure.y_axis, ink)
    for tick in figure.x_axis.ticks:
        drawing.text(
            (frame.x(tick.value), frame.bottom + 17), tick.text, ink.soft, size=11, anchor="middle"
        )
    drawing.text((frame.left, 14), figure.y_axis.label, ink.soft, size=SIZE)
    drawing.text(
        (frame.right, frame.bottom + 34), figure.x_axis.label, ink.soft, size=SIZE, anchor="end"
    )
    _timeline_lines(drawing, frame, figure, ink)
    _draw_legend(drawing, LEGEND_TOP, entries, ink)
    return drawing.to_svg(figure.title, figure.description)


def _unobserved(drawing: Drawing, frame: Frame, figure: TimelineFigure, ink: Ink) -> None:
    """Shade the ages that too few origins reached."""
    start = frame.x(figure.observed_until.value)
    if start >= frame.right:
        return
    drawing.box(
        (start, frame.top), frame.right - start, frame.bottom - frame.top, ink.grey, opacity=0.12
    )
    needed = text_width(figure.observed_label, 11)
    fits = frame.right - start >= needed
    drawing.text(
        (start + 4 if fits else frame.right, frame.top - 6),
        figure.observed_label,
        ink.soft,
        size=11,
        anchor="start" if fits else "end",
    )


def _timeline_lines(drawing: Drawing, frame: Frame, figure: TimelineFigure, ink: Ink) -> None:
    main = ink.segment(0)
    upper = [(frame.x(age), frame.y(high)) for age, _low, high in figure.band]
    lower = [(frame.x(age), frame.y(low)) for age, low, _high in figure.band]
    drawing.area([*upper, *reversed(lower)], main, opacity=0.14)
    for line in figure.origins:
        drawing.path(_places(line, frame), main, width=0.8, opacity=0.5)
    for mark, colour, dashes in (
        (figure.placebo, ink.grey, "1 3"),
        (figure.threshold, ink.alarm, "6 4"),
    ):
        y = frame.y(mark.value)
        drawing.line((frame.left, y), (frame.right, y), colour, width=1.5, dashes=dashes)
    drawing.path(_places(figure.cold, frame), ink.segment(1), width=1.5, dashes="5 3")
    drawing.path(_places(figure.median, frame), main, width=2.5)
    if figure.alarm is not None:
        x = frame.x(figure.alarm.value)
        drawing.line((x, frame.top), (x, frame.bottom), ink.alarm, width=1.5)
        drawing.text(
            (x + 4, frame.bottom - 6),
            f"{figure.alarm_label} ({figure.alarm.text})",
            ink.alarm,
            size=11,
            bold=True,
        )


def _places(line: AgeLine, frame: Frame) -> list[Point]:
    return [(frame.x(age), frame.y(value)) for age, value in line.points]


def _timeline_legend(figure: TimelineFigure, width: float, ink: Ink) -> tuple[_Entry, ...]:
    """Return the entries of the legend with their places: as many rows as the width asks for."""
    main = ink.segment(0)
    lines = (
        (figure.median.name, main, 2.5, ""),
        (figure.band_name, main, BAND, ""),
        (figure.origins_name, main, 0.8, ""),
        (figure.cold.name, ink.segment(1), 1.5, "5 3"),
        (f"{figure.threshold_name} ({figure.threshold.text})", ink.alarm, 1.5, "6 4"),
        (f"{figure.placebo_name} ({figure.placebo.text})", ink.grey, 1.5, "1 3"),
    )
    entries = []
    x = y = 0.0
    for name, colour, thickness, dashes in lines:
        needed = 34 + text_width(name, 11) + 16
        if x + needed > width and x:
            x, y = 0.0, y + LEGEND_ROW
        entries.append(_Entry(x, y, name, colour, thickness, dashes))
        x += needed
    return tuple(entries)


def _draw_legend(drawing: Drawing, top: float, entries: tuple[_Entry, ...], ink: Ink) -> None:
    for entry in entries:
        x, y = entry.x, top + entry.y
        if entry.thickness == BAND:
            drawing.box((x, y - 9), 26, 10, entry.colour, opacity=0.2)
        else:
            drawing.line(
                (x, y - 4),
                (x + 26, y - 4),
                entry.colour,
                width=entry.thickness,
                dashes=entry.dashes,
            )
        drawing.text((x + 34, y), entry.name, ink.ink, size=11)


@_draw.register
def _(figure: CostFigure, ink: Ink, width: float) -> str:
    drawing = Drawing(width, 286)
    frame = Frame(76, 46, width - 12, 220, figure.x_axis, figure.y_axis)
    left, right = (frame.x(months) for months in figure.flat)
    drawing.box(
        (left, frame.top), right - left, frame.bottom - frame.top, ink.segment(2), opacity=0.16
    )
    _horizontal_grid(drawing, frame, figure.y_axis, ink)
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
    main = ink.segment(0)
    drawing.path(_places(figure.beyond, frame), main, width=2, dashes="2 4")
    drawing.path(_places(figure.observed, frame), main, width=2.5)
    x = frame.x(figure.optimum.value)
    drawing.line((x, frame.top), (x, frame.bottom), ink.ink, width=1, dashes="3 3")
    drawing.text(
        (x + 5, frame.bottom - 8),
        f"{figure.optimum_name} ({figure.optimum.text})",
        ink.ink,
        size=11,
        bold=True,
    )
    y, place = frame.bottom + 58, 0.0
    for name, thickness, dashes in (
        (figure.observed.name, 2.5, ""),
        (figure.beyond.name, 2.0, "2 4"),
    ):
        drawing.line((place, y - 4), (place + 26, y - 4), main, width=thickness, dashes=dashes)
        drawing.text((place + 34, y), name, ink.ink, size=11)
        place += 34 + text_width(name, 11) + 20
    return drawing.to_svg(figure.title, figure.description)


# ---------------------------------------------------------------- axes and legends


def _gutter(labels: Iterable[str], width: float) -> float:
    """Return the room for the labels of rows, at most two fifths of the width."""
    longest = max((text_width(text, SIZE + 1) for text in labels), default=0.0)
    return float(min(longest, width * 0.4))


def _legend(
    drawing: Drawing, ink: Ink, entries: tuple[tuple[str, str], ...], from_x: float = 0.0
) -> None:
    """Write names after a dot of their colour; no colour is an outline."""
    x = from_x
    for name, colour in entries:
        if colour:
            drawing.dot((x + 6, 10), 6, colour)
        else:
            drawing.dot((x + 6, 10), 5, ink.paper, outline=ink.soft)
        drawing.text((x + 18, 14), name, ink.ink, size=SIZE)
        x += 18 + text_width(name, SIZE) + 22


def _horizontal_grid(drawing: Drawing, frame: Frame, axis: Axis, ink: Ink) -> None:
    for tick in axis.ticks:
        y = frame.y(tick.value)
        drawing.line((frame.left, y), (frame.right, y), ink.grid)
        drawing.text((frame.left - 8, y + 4), tick.text, ink.soft, size=11, anchor="end")


def _vertical_grid(drawing: Drawing, frame: Frame, axis: Axis, ink: Ink) -> None:
    for tick in axis.ticks:
        x = frame.x(tick.value)
        drawing.line((x, frame.top), (x, frame.bottom), ink.grid)
        drawing.text((x, frame.top - 8), tick.text, ink.soft, size=11, anchor="middle")
