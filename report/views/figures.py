"""What a figure shows: values with their texts, in order, for any document to draw.

`report/charts.py` draws them as SVG; the deck makes native charts of the same objects. A figure is
already in a language: every label and every value stands here as the text that is to be shown, next
to the number it is drawn from. Every figure carries the table that says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

PALETTE = ("#3B51BC", "#EA6F2F", "#439E8E", "#A97CF0", "#424E08", "#693253", "#737C8F")
COMPARISON_GREY = "#737C8F"
# The classes of a map of tiles, the lowest first, and the ink that can be read on each.
TILE_COLOURS = (
    ("#F3F4F8", "#16213A"),
    ("#F7DDD3", "#16213A"),
    ("#EFB8A4", "#16213A"),
    ("#C4523A", "#FFFFFF"),
    ("#8C2411", "#FFFFFF"),
)


def palette_colour(place: int | None) -> str:
    """Return the colour of a place in the palette; None is the grey of comparisons."""
    return COMPARISON_GREY if place is None else PALETTE[place % len(PALETTE)]


# The level of the intervals of shares and of the bound on a break, as analysis.measures has it.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mark:
    """A value and its text."""

    value: float
    text: str


@dataclass(frozen=True)
class Axis:
    """An axis: its label, and round ticks; the first and the last tick are its ends."""

    label: str
    ticks: tuple[Mark, ...]

    @property
    def low(self) -> float:
        """The value at the start of the axis."""
        return self.ticks[0].value

    @property
    def high(self) -> float:
        """The value at the end of the axis."""
        return self.ticks[-1].value


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and whether it holds numbers (set to the right).

    `is_code` marks identifiers, which are set small and never broken.
    """

    label: str
    is_number: bool = True
    is_code: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is shown: texts only; each row has one text a column.

    `total` is a last row that sums up; `note` says what was left out, and why.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class DumbbellRow:
    """Two values of one thing, joined by a line; `colour` is a place in the palette."""

    label: str
    colour: int
    first: Mark
    second: Mark


@dataclass(frozen=True)
class Dumbbell:
    """Two shares side by side for each row: what it weighs and what it brings."""

    title: str
    description: str
    first_name: str
    second_name: str
    axis: Axis
    rows: tuple[DumbbellRow, ...]
    table: Table


@dataclass(frozen=True)
class ComparisonRow:
    """One figure of a group beside everybody's; `ratio` is group / everybody, or None."""

    label: str
    group: Mark
    everybody: Mark
    ratio: float | None


@dataclass(frozen=True)
class Comparison:
    """A group against everybody, figure by figure, as small bars from a middle line (ratio 1)."""

    title: str
    description: str
    group_name: str
    everybody_name: str
    colour: int
    rows: tuple[ComparisonRow, ...]
    table: Table


@dataclass(frozen=True)
class Series:
    """One set of bars or one line: its name, its place in the palette (None: grey), its values."""

    name: str
    colour: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class GroupedBars:
    """Bars side by side for each category: the stars that a segment and everybody gave."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: Axis
    table: Table


@dataclass(frozen=True)
class MonthlyLine:
    """One figure by month; `flagged` are the places of the months to point out."""

    title: str
    description: str
    months: tuple[str, ...]
    series: Series
    axis: Axis
    reference: Mark | None
    reference_label: str
    flagged: tuple[int, ...]
    table: Table


@dataclass(frozen=True)
class IntervalRow:
    """A value with its interval; `flagged` when the whole interval lies above the reference.

    `value` is as precise as the interval that stands beside it, `alone` as a share is elsewhere.
    """

    label: str
    value: Mark
    alone: Mark
    low: float
    high: float
    interval_text: str
    flagged: bool


@dataclass(frozen=True)
class IntervalBars:
    """Values with intervals against a reference, one row each."""

    title: str
    description: str
    axis: Axis
    reference: Mark
    reference_label: str
    rows: tuple[IntervalRow, ...]
    table: Table


@dataclass(frozen=True)
class ChartLine:
    """A line of a chart: its place in the palette (None: grey), whether it is dashed."""

    name: str
    colour: int | None
    points: tuple[tuple[float, float], ...]
    dashed: bool = False


@dataclass(frozen=True)
class LineChart:
    """Lines over a number, with a level to compare them with."""

    title: str
    description: str
    x_axis: Axis
    y_axis: Axis
    lines: tuple[ChartLine, ...]
    reference: Mark | None
    reference_name: str
    table: Table


@dataclass(frozen=True)
class Panel:
    """One of several small charts: a line, the band around it, levels to compare with."""

    title: str
    colour: int | None
    x_axis: Axis
    y_axis: Axis
    line: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float, float], ...]
    references: tuple[float, ...]


@dataclass(frozen=True)
class SmallMultiples:
    """Small charts side by side, with one legend."""

    title: str
    description: str
    line_name: str
    band_name: str
    reference_name: str
    panels: tuple[Panel, ...]
    table: Table


@dataclass(frozen=True)
class RangeRow:
    """A range on the axis; `point` is the value in it; `open_end` says that it goes on beyond."""

    label: str
    low: float
    high: float
    point: float | None
    open_end: bool
    text: str


@dataclass(frozen=True)
class Ranges:
    """Ranges one under the other; what lies beyond `observed_until` is dotted: extrapolated."""

    title: str
    description: str
    axis: Axis
    rows: tuple[RangeRow, ...]
    observed_until: float
    observed_name: str
    beyond_name: str
    table: Table


@dataclass(frozen=True)
class MapTile:
    """A place on a map of tiles: its column and row from 1, its value (None: too few orders).

    `level` is the class of the value, 0 for the lowest; `flagged` when the place is pointed out,
    `flagged_apart` when that is for something else than the value shown.
    """

    code: str
    name: str
    column: int
    row: int
    value: Mark | None
    level: int
    flagged: bool
    flagged_apart: bool = False


@dataclass(frozen=True)
class TileMap:
    """Values by place in classes of one colour, the tiles roughly as the places lie on a map.

    `classes` are the lower ends of the classes, at most as many as TILE_COLOURS, with the text of
    their legend; `flag_label` says what the ring around a tile means, `apart_label` what a dashed
    one does (empty: there is none).
    """

    title: str
    description: str
    tiles: tuple[MapTile, ...]
    classes: tuple[Mark, ...]
    flag_label: str
    apart_label: str
    table: Table

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return max(tile.column for tile in self.tiles)

    @property
    def rows(self) -> int:
        """How many tiles stand one under the other."""
        return max(tile.row for tile in self.tiles)


@dataclass(frozen=True)
class HeatCell:
    """One cell of a grid: how strong it is (0 to 1), and two lines of text."""

    strength: float
    text: str
    detail: str


@dataclass(frozen=True)
class HeatRow:
    """One row of a grid; `colour` is the place in the palette."""

    label: str
    colour: int
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatGrid:
    """Segments by lifecycle stage; each column has a name and a line that explains it."""

    title: str
    description: str
    columns: tuple[str, ...]
    column_details: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    table: Table


def round_axis(
    label: str, low: float, high: float, text: Callable[[float], str], most: int = 6
) -> Axis:
    """Return an axis that holds low to high with at most `most` steps of 1, 2, 2.5 or 5 x 10^n."""
    span = high - low if high > low else max(abs(high), 1.0)
    smallest = 10.0 ** (floor(log10(span / most)))
    step = next(
        smallest * factor for factor in (1, 2, 2.5, 5, 10) if smallest * factor * most >= span
    )
    first = floor(round(low / step, 9))
    last = max(ceil(round((low + span) / step, 9)), first + 1)
    values = [round(step * place, 10) for place in range(first, last + 1)]
    return Axis(label, tuple(Mark(value, text(value)) for value in values))


def month_axis(first: date, last: date, text: Callable[[date], str], most: int = 6) -> Axis:
    """Return an axis of days (ordinals) with a tick at the start of every month, or of several."""
    start = 12 * first.year + first.month - 1
    months = 12 * last.year + last.month - start - (last.day == 1)
    every = next(step for step in (1, 2, 3, 4, 6, 12, months) if ceil(months / step) <= most)
    ticks = [
        date(place // 12, place % 12 + 1, 1)
        for place in range(start, start + every * ceil(months / every) + 1, max(every, 1))
    ]
    return Axis("", tuple(Mark(float(day.toordinal()), text(day)) for day in ticks))
