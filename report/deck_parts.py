"""What a slide holds, before it is drawn: a title that says something, and blocks in an order.

Blocks stand in rows and columns by weight, so the same slide fills our own layout or a client's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from report.deck_fit import Paragraph, Run
from report.figures import Dumbbell, GroupedBars, IntervalBars, Table, TimelineFigure

PartCode = Literal["question", "data", "model", "segments", "time", "contract", "appendix"]
Chart = Dumbbell | GroupedBars | IntervalBars | TimelineFigure


@dataclass(frozen=True)
class Text:
    """Paragraphs; `on` is the colour behind them, empty for the slide's own."""

    paragraphs: tuple[Paragraph, ...]
    on: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure to read from the back of the room, what it is, and a line that explains."""

    value: str
    label: str
    detail: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Tiles:
    """Tiles side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Cell:
    """How a table's cell differs from the others: its colour, or a second line under its text."""

    fill: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `colours` mark its rows, `bold` names rows to emphasise, `fills` shades cells.

    Rows for which there is no room are left out when `may_shorten`; `more` says how many.
    """

    table: Table
    colours: tuple[str, ...] = ()
    bold: tuple[int, ...] = ()
    bold_column: int | None = None
    fills: tuple[tuple[str, ...], ...] = ()
    largest: int = 16


@dataclass(frozen=True)
class Columns:
    """Blocks side by side, by weight."""

    blocks: tuple[Block, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Rows:
    """Blocks one under the other, by weight."""

    blocks: tuple[Block, ...]
    weights: tuple[float, ...]


Block = Text | Tiles | Grid | Chart | Columns | Rows


@dataclass(frozen=True)
class Slide:
    """One slide: its code, the part of the story, its title, its block, what to say and how long.

    `kind` chooses the layout: the cover and the start of the appendix hold a title and one text.
    """

    code: str
    part: PartCode
    title: str
    block: Block
    notes: tuple[str, ...]
    seconds: int
    kind: Literal["cover", "content", "section"] = "content"


def heading(text: str) -> Paragraph:
    """Return a line in bold, with room above it."""
    return Paragraph((Run(text, bold=True),), space=0.5)


def bullet(text: str, lead: str = "") -> Paragraph:
    """Return a point, its lead in bold."""
    runs = (Run(f"{lead} ", bold=True), Run(text)) if lead else (Run(text),)
    return Paragraph(runs, bullet=True, space=0.25)


def plain(text: str, bold: bool = False, colour: str = "", space: float = 0.25) -> Paragraph:
    """Return a line of text."""
    return Paragraph((Run(text, bold, colour),), space=space)
