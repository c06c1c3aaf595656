"""What a slide holds, before it is drawn: a title that says something, and blocks in an order.

Blocks stand in rows and columns by weight, so the same slide fills our own layout or a client's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from report.deck_fit import Paragraph, Run
from report.figures import Dumbbell, GroupedBars, IntervalBars, Table, TimelineFigure

PartCode = Literal["question", "data", "model", "segments", "time", "contract", "appendix"]
Chart = Dumbbell | GroupedBars | IntervalBars | TimelineFigure


@dataclass(frozen=True)
class Text:
    """Paragraphs; where there is no room, those after the first `at_least` may be left out."""

    paragraphs: tuple[Paragraph, ...]
    at_least: int | None = None

    @property
    def least(self) -> tuple[Paragraph, ...]:
        """The paragraphs that must stand on the slide."""
        return self.paragraphs if self.at_least is None else self.paragraphs[: self.at_least]


@dataclass(frozen=True)
class Tile:
    """A figure to read from the back of the room, what it is, and a line that explains."""

    value: str
    label: str
    detail: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Tiles:
    """Tiles side by side; optional ones are left out where the slide has no room for them."""

    tiles: tuple[Tile, ...]
    optional: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `colours` mark its rows, `fills` shade its cells.

    `bold` names rows to emphasise and `bold_column` a column; a line break in a text sets its first
    line in bold over the others. `largest` is the largest size of its text, in points. The last
    `optional_columns` are left out, one by one, where the slide has no room for them.
    """

    table: Table
    colours: tuple[str, ...] = ()
    bold: tuple[int, ...] = ()
    bold_column: int | None = None
    fills: tuple[tuple[str, ...], ...] = ()
    largest: int = 16
    optional_columns: int = 0

    def shorter(self) -> Grid:
        """Return the table without its last column."""
        table = Table(
            self.table.caption,
            self.table.columns[:-1],
            tuple(row[:-1] for row in self.table.rows),
            self.table.total[:-1],
            self.table.note,
        )
        return replace(self, table=table, optional_columns=self.optional_columns - 1)


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
