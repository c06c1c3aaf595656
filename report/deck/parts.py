"""What a slide holds, before it is drawn: a title that says something, and blocks in an order.

Blocks stand in rows and columns by weight, so the same slide fills our own layout or a client's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from report.deck.fit import SMALLEST_BODY, Paragraph, Run
from report.views.figures import (
    Dumbbell,
    GroupedBars,
    IntervalBars,
    LineChart,
    MonthlyLine,
    Table,
    TileMap,
)
from report.views.map_figure import SegmentMap
from report.views.time_figures import CostFigure, TimelineFigure
from report.wording import message

PartCode = Literal["question", "data", "model", "segments", "time", "contract", "appendix"]
# What stands under a table from which rows were left out.
OTHER_ROWS = message("The other rows are in the report.")
Chart = (
    Dumbbell
    | GroupedBars
    | IntervalBars
    | MonthlyLine
    | TimelineFigure
    | CostFigure
    | LineChart
    | SegmentMap
)


@dataclass(frozen=True)
class Text:
    """Paragraphs; where there is no room, those after the first `at_least` may be left out.

    They are left out rather than set smaller than `comfortable` points. An optional text is left
    out whole where the slide has no room for it. `noted` sends what is left out to the notes.
    """

    paragraphs: tuple[Paragraph, ...]
    at_least: int | None = None
    optional: bool = False
    comfortable: int = 14
    noted: bool = False

    @property
    def least(self) -> tuple[Paragraph, ...]:
        """The paragraphs that must stand on the slide."""
        return self.paragraphs if self.at_least is None else self.paragraphs[: self.at_least]

    def relaxed(self) -> Text | None:
        """Return a text of which all but the first may go to the notes, None where it may already.

        For a slide that would not be made otherwise: a client's may be narrow.
        """
        if len(self.least) < 2:
            return None
        return replace(self, at_least=1, comfortable=SMALLEST_BODY, noted=True)


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
    `optional_columns` are left out, one by one, where the slide has no room for them; so are the
    lines under a first one if `optional_lines`, and rows that are not emphasised if `rows_left_out`
    says so under the table.
    """

    table: Table
    colours: tuple[str, ...] = ()
    bold: tuple[int, ...] = ()
    bold_column: int | None = None
    fills: tuple[tuple[str, ...], ...] = ()
    largest: int = 16
    optional_columns: int = 0
    optional_lines: bool = False
    rows_left_out: str = ""

    def shorter(self) -> Grid | None:
        """Return the table without something optional, None where all that is left must stand."""
        if self.optional_lines:
            return self._of_first_lines()
        if self.optional_columns:
            return self._without_last_column()
        plain_rows = [place for place in range(len(self.table.rows)) if place not in self.bold]
        if not self.rows_left_out or len(plain_rows) <= 1:
            return None
        return self._without_row(plain_rows[-1])

    def _of_first_lines(self) -> Grid:
        rows = tuple(tuple(text.split("\n")[0] for text in row) for row in self.table.rows)
        return replace(self, table=replace(self.table, rows=rows), optional_lines=False)

    def _without_last_column(self) -> Grid:
        table = replace(
            self.table,
            columns=self.table.columns[:-1],
            rows=tuple(row[:-1] for row in self.table.rows),
            total=self.table.total[:-1],
        )
        return replace(self, table=table, optional_columns=self.optional_columns - 1)

    def _without_row(self, place: int) -> Grid:
        note = self.table.note
        if self.rows_left_out not in note:
            note = f"{note} {self.rows_left_out}".strip()
        rows = self.table.rows
        return replace(
            self,
            table=replace(self.table, rows=rows[:place] + rows[place + 1 :], note=note),
            colours=self.colours[:place] + self.colours[place + 1 :],
            fills=self.fills[:place] + self.fills[place + 1 :],
            bold=tuple(row - (row > place) for row in self.bold),
        )


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


Block = Text | Tiles | Grid | Chart | TileMap | Columns | Rows


@dataclass(frozen=True)
class Slide:
    """One slide: its code, the part of the story, its title, its block, what to say and how long.

    `kind` chooses the layout: the cover holds a title and one text. `source` is said at the foot
    instead of the data's, where the figures are not the data's.
    """

    code: str
    part: PartCode
    title: str
    block: Block
    notes: tuple[str, ...]
    seconds: int
    kind: Literal["cover", "content"] = "content"
    source: str = ""


def heading(text: str) -> Paragraph:
    """Return a line in bold, with room above it."""
    return Paragraph((Run(text, bold=True),), space=0.4)


def bullet(text: str, lead: str = "") -> Paragraph:
    """Return a point, its lead in bold."""
    runs = (Run(f"{lead} ", bold=True), Run(text)) if lead else (Run(text),)
    return Paragraph(runs, bullet=True, space=0.2)


def plain(text: str, bold: bool = False, colour: str = "", space: float = 0.25) -> Paragraph:
    """Return a line of text."""
    return Paragraph((Run(text, bold, colour),), space=space)
