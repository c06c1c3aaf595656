"""A drawing in SVG, written by hand: text stays text, everything from outside is escaped.

The drawing stands on its own (as the source of an image) or inline in a page. It holds no style
and no script, only presentation attributes, so it passes a strict content security policy; colours
may be `var(--name)` where the page decides them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

FONT = "Inter, system-ui, sans-serif"
# Mean width of a character of Inter, as a share of the font size; digits and capitals are wider.
CHARACTER_WIDTH = 0.56

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is."""
    return len(text) * size * CHARACTER_WIDTH


@dataclass
class Drawing:
    """Shapes in order, on a width and a height in user units."""

    width: float
    height: float
    shapes: list[str] = field(default_factory=list)

    def line(
        self, start: Point, end: Point, colour: str, *, width: float = 1, dashes: str = ""
    ) -> None:
        """Draw a straight line."""
        self._add(
            "line",
            x1=start[0],
            y1=start[1],
            x2=end[0],
            y2=end[1],
            stroke=colour,
            stroke_width=width,
            stroke_dasharray=dashes,
        )

    def path(
        self,
        points: Iterable[Point],
        colour: str,
        *,
        width: float = 1,
        dashes: str = "",
        opacity: float = 1,
    ) -> None:
        """Draw a line through points."""
        self._add(
            "polyline",
            points=_points(points),
            fill="none",
            stroke=colour,
            stroke_width=width,
            stroke_linejoin="round",
            stroke_dasharray=dashes,
            stroke_opacity=opacity,
        )

    def area(self, points: Iterable[Point], colour: str, *, opacity: float = 1) -> None:
        """Fill the area that the points enclose."""
        self._add("polygon", points=_points(points), fill=colour, fill_opacity=opacity)

    def box(
        self,
        corner: Point,
        width: float,
        height: float,
        colour: str,
        *,
        radius: float = 0,
        opacity: float = 1,
        outline: str = "",
        dashes: str = "",
    ) -> None:
        """Fill a rectangle from its upper left corner, with an outline where one is given."""
        self._add(
            "rect",
            x=corner[0],
            y=corner[1],
            width=width,
            height=height,
            rx=radius or "",
            fill=colour,
            fill_opacity=opacity,
            stroke=outline,
            stroke_width=2 if outline else "",
            stroke_dasharray=dashes,
        )

    def dot(
        self, centre: Point, radius: float, colour: str, *, outline: str = "", width: float = 2
    ) -> None:
        """Draw a dot, with an outline where one is given."""
        self._add(
            "circle",
            cx=centre[0],
            cy=centre[1],
            r=radius,
            fill=colour,
            stroke=outline,
            stroke_width=width if outline else "",
        )

    def text(
        self,
        at: Point,
        text: str,
        colour: str,
        *,
        size: float = 12,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Write a text on its baseline."""
        attributes = _attributes(
            x=at[0],
            y=at[1],
            fill=colour,
            font_size=size,
            font_weight=600 if bold else "",
            text_anchor=anchor if anchor != "start" else "",
        )
        self.shapes.append(f"<text{attributes}>{escape(_printable(text))}</text>")

    def to_svg(self, title: str, description: str) -> str:
        """Return the drawing as SVG, with a title and a description for who cannot see it."""
        box = f"0 0 {_number(self.width)} {_number(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
            f'width="{_number(self.width)}" height="{_number(self.height)}" role="img" '
            f"font-family={quoteattr(FONT)}>"
            f"<title>{escape(_printable(title))}</title>"
            f"<desc>{escape(_printable(description))}</desc>{''.join(self.shapes)}</svg>"
        )

    def _add(self, tag: str, **attributes: object) -> None:
        self.shapes.append(f"<{tag}{_attributes(**attributes)}/>")


def _attributes(**values: object) -> str:
    """Return attributes; an empty text is left out, an underscore is a hyphen."""
    return "".join(
        f" {name.replace('_', '-')}="
        + quoteattr(_number(value) if isinstance(value, int | float) else str(value))
        for name, value in values.items()
        if value != "" and not (name.endswith("opacity") and value == 1)
    )


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """Return a coordinate with at most one decimal; opacities and widths need two."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _printable(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return "".join(character for character in text if character >= " " or character in "\t\n")
