"""The keys of a chart of bars, drawn over it: programs disagree on the order in a native legend.

LibreOffice turns the order round where bars lie, and one square cannot show bars of many colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from report.deck.chart_series import hatch
from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, Box
from report.deck.shapes import Canvas, add_box, add_mark, plain_text
from report.deck.theme import GREY, INK, colour_of
from report.views.figures import Dumbbell, GroupedBars

# In inches.
SQUARE, GAP, SPACE = 0.13, 0.03, 0.3
LINE = 1.45 * SMALLEST_BODY / POINTS_PER_INCH
# What programs set wider than we measure, as a share.
SLACK = 1.08


@dataclass(frozen=True)
class Key:
    """What one kind of bars is called, and their colours; none: hatched."""

    name: str
    colours: tuple[str, ...]

    def width(self, canvas: Canvas) -> float:
        """Return the width of squares and name, in inches."""
        return self.name_left + self.name_width(canvas)

    @property
    def name_left(self) -> float:
        """The place of the name, in inches from the first square."""
        return max(len(self.colours), 1) * (SQUARE + GAP) + GAP

    def name_width(self, canvas: Canvas) -> float:
        """Return the width of the name, in inches."""
        return SLACK * canvas.design.body_face.width(self.name, SMALLEST_BODY) / POINTS_PER_INCH


def draw_keys(canvas: Canvas, figure: Dumbbell | GroupedBars, box: Box) -> Box:
    """Draw the keys in the order of the bars, on one line if they fit; return the room below."""
    group = canvas.slide.shapes.add_group_shape()
    group.name = "Keys"
    keys = keys_of(figure)
    across = sum(key.width(canvas) for key in keys) + SPACE * (len(keys) - 1) <= box.width
    left, top = box.left, box.top
    for key in keys:
        _draw_key(canvas, group, key, left, top)
        if across:
            left += key.width(canvas) + SPACE
        else:
            top += LINE
    used = LINE * (1 if across else len(keys))
    return Box(box.left, box.top + used, box.width, box.height - used)


def keys_of(figure: Dumbbell | GroupedBars) -> tuple[Key, ...]:
    """Return the keys of a figure, in the order of its bars."""
    if isinstance(figure, Dumbbell):
        colours = dict.fromkeys(colour_of(row.colour) for row in figure.rows)
        return (Key(figure.first_name, ()), Key(figure.second_name, tuple(colours)))
    return tuple(
        Key(one.name, () if one.colour is None else (colour_of(one.colour),))
        for one in figure.series
    )


def _draw_key(canvas: Canvas, group: Any, key: Key, left: float, top: float) -> None:
    """Draw the squares of a key, then its name."""
    from pptx.enum.text import MSO_ANCHOR

    for place, colour in enumerate(key.colours or ("",)):
        spot = Box(left + place * (SQUARE + GAP), top + (LINE - SQUARE) / 2, SQUARE, SQUARE)
        mark = add_mark(canvas, spot, colour or GREY, holder=group.shapes)
        if not colour:
            hatch(mark, GREY)
    room = Box(left + key.name_left, top, key.name_width(canvas), LINE)
    shape = add_box(canvas, room, holder=group.shapes)
    shape.text_frame.word_wrap = False
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    colour = canvas.design.ink or INK
    name = shape.text_frame.paragraphs[0]
    plain_text(name, key.name, SMALLEST_BODY, canvas.language, colour=colour)
