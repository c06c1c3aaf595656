"""What every drawing is made of: the place of values, legends and grids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from report.ink import Ink
from report.svg import Drawing, text_width
from report.views.figures import Axis

WIDTH = 640.0
SIZE = 12.0


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


# ---------------------------------------------------------------- axes and legends


def gutter(labels: Iterable[str], width: float) -> float:
    """Return the room for the labels of rows, at most two fifths of the width."""
    longest = max((text_width(text, SIZE + 1) for text in labels), default=0.0)
    return float(min(longest, width * 0.4))


def legend(
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


def horizontal_grid(drawing: Drawing, frame: Frame, axis: Axis, ink: Ink) -> None:
    """Draw a line and a text at each tick of an upright axis."""
    for tick in axis.ticks:
        y = frame.y(tick.value)
        drawing.line((frame.left, y), (frame.right, y), ink.grid)
        drawing.text((frame.left - 8, y + 4), tick.text, ink.soft, size=11, anchor="end")


def vertical_grid(drawing: Drawing, frame: Frame, axis: Axis, ink: Ink) -> None:
    """Draw a line and a text above it at each tick of a level axis."""
    for tick in axis.ticks:
        x = frame.x(tick.value)
        drawing.line((x, frame.top), (x, frame.bottom), ink.grid)
        drawing.text((x, frame.top - 8), tick.text, ink.soft, size=11, anchor="middle")


# ---------------------------------------------------------------- lines and their names

LEGEND_ROW, BAND = 20, 10


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn, and its name in the legend; a thickness of BAND is a filled band."""

    name: str
    colour: str
    thickness: float = 2.0
    dashes: str = ""


def legend_height(strokes: Iterable[Stroke], width: float) -> float:
    """Return the height of a legend of strokes: as many rows as the width asks for."""
    places = [y for _, _, y in _legend_places(strokes, width)]
    return LEGEND_ROW + max(places, default=0.0)


def draw_strokes(drawing: Drawing, top: float, strokes: Iterable[Stroke], ink: Ink) -> None:
    """Write the names of strokes beside a sample of each, from a height on."""
    for stroke, x, place in _legend_places(strokes, drawing.width):
        y = top + place
        if stroke.thickness == BAND:
            drawing.box((x, y - 9), 26, 10, stroke.colour, opacity=0.2)
        else:
            drawing.line(
                (x, y - 4),
                (x + 26, y - 4),
                stroke.colour,
                width=stroke.thickness,
                dashes=stroke.dashes,
            )
        drawing.text((x + 34, y), stroke.name, ink.ink, size=11)


def _legend_places(strokes: Iterable[Stroke], width: float) -> list[tuple[Stroke, float, float]]:
    """Return the strokes with the places of their names."""
    found = []
    x = y = 0.0
    for stroke in strokes:
        needed = 34 + text_width(stroke.name, 11) + 16
        if x + needed > width and x:
            x, y = 0.0, y + LEGEND_ROW
        found.append((stroke, x, y))
        x += needed
    return found
