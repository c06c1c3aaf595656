"""Tables on a slide: native, measured, with a note under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.errors import RenderError
from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, Box, Face, Run, count_lines
from report.deck.layouts import EMU_PER_INCH
from report.deck.parts import Grid
from report.deck.shapes import Canvas, add_box, clean, place, plain_text
from report.deck.template import Design
from report.deck.theme import INK, MUTED, RULE
from report.views.figures import Table

PAD_SIDE = 0.08
PAD_LEAST = 0.045
PAD_MOST = 0.2
NOTE_GAP = 0.12
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid", in every PowerPoint


@dataclass(frozen=True)
class _Fit:
    """A size in points, the columns' widths and the rows' heights of text, in inches."""

    size: int
    widths: tuple[float, ...]
    heights: tuple[float, ...]


def draw_grid(canvas: Canvas, block: Grid, box: Box) -> None:
    """Draw a table as large as its box allows, its note under it.

    Raises:
        RenderError: it does not fit at the smallest size.
    """
    block, fit = _fitted(canvas, block, box)
    table, lines = block.table, _lines(block.table)
    note = _note_height(table.note, canvas.design.body_face, box.width)
    shape = _add_table(canvas, len(lines), len(table.columns), box)
    spare = box.height - note - sum(fit.heights)
    pad = min(PAD_MOST, spare / (2 * len(lines)))
    heights = [height + 2 * pad for height in fit.heights]
    place(shape, Box(box.left, box.top, box.width, sum(heights)))
    _set_sizes(shape.table, fit.widths, heights)
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            _write_cell(canvas, shape.table.cell(row, column), text, block, (row, column), fit.size)
    describe(shape, _alternative(table))
    if table.note:
        _write_note(canvas, table.note, box, sum(heights))


def describe(shape: Any, text: str) -> None:
    """Give a picture, a chart or a table the text that stands for it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(text))


def _lines(table: Table) -> list[tuple[str, ...]]:
    header = tuple(column.label for column in table.columns)
    return [header, *table.rows, *([table.total] if table.total else [])]


def _is_bold(block: Grid, row: int, column: int, last: int) -> bool:
    """Return whether a cell is emphasised: headings, the total, and what the block names."""
    return (
        row == 0
        or (row == last and bool(block.table.total))
        or row - 1 in block.bold
        or column == block.bold_column
    )


def least_grid_height(block: Grid, width: float, design: Design) -> float:
    """Return the height of a table and its note at the smallest size, in inches."""
    lines, font = _lines(block.table), design.body_face
    widths = _column_widths(block, lines, font, SMALLEST_BODY, width)
    if widths is None:
        return 0.0  # it does not fit at any height: drawing it says so
    heights = _row_heights(block, lines, font, SMALLEST_BODY, widths)
    return sum(heights) + 2 * PAD_LEAST * len(lines) + _note_height(block.table.note, font, width)


def _fitted(canvas: Canvas, block: Grid, box: Box) -> tuple[Grid, _Fit]:
    """Return the table, shortened where it may be, and how it fits."""
    shorter: Grid | None = block
    while shorter is not None:
        block = shorter
        fit = _fit_table(block, canvas.design.body_face, box)
        if fit is not None:
            return block, fit
        shorter = block.shorter()
    rows, columns = len(block.table.rows), len(block.table.columns)
    raise RenderError(
        f"a table of {rows} rows and {columns} columns does not fit",
        where=canvas.where,
        expected=f"{box.width:.1f} by {box.height:.1f} inches at {SMALLEST_BODY} points",
        todo="show fewer rows, or give a template with more room",
    )


def _fit_table(block: Grid, font: Face, box: Box) -> _Fit | None:
    """Return the largest size at which the table fits its box, None where there is none."""
    lines = _lines(block.table)
    note = _note_height(block.table.note, font, box.width)
    for size in range(block.largest, SMALLEST_BODY - 1, -1):
        widths = _column_widths(block, lines, font, size, box.width)
        if widths is None:
            continue
        heights = _row_heights(block, lines, font, size, widths)
        if sum(heights) + 2 * PAD_LEAST * len(lines) + note <= box.height + 0.001:
            return _Fit(size, widths, heights)
    return None


def _column_widths(
    block: Grid, lines: Sequence[tuple[str, ...]], font: Face, size: int, width: float
) -> tuple[float, ...] | None:
    """Return widths that hold every word, of those tried the lowest; None when words do not fit."""
    least, wanted = _needs(block, lines, font, size)
    if sum(least) > width:
        return None
    if sum(wanted) <= width:
        spare = width - sum(wanted)
        return tuple(want + spare * want / sum(wanted) for want in wanted)
    tried = (_shared_widths(least, wanted, width), _widths_by_need(least, wanted, width))
    return min(tried, key=lambda widths: sum(_row_heights(block, lines, font, size, widths)))


def _needs(
    block: Grid, lines: Sequence[tuple[str, ...]], font: Face, size: int
) -> tuple[list[float], list[float]]:
    """Return for each column the width of its longest word and of its longest text, in inches."""
    last = len(lines) - 1
    least, wanted = [], []
    for column in range(len(block.table.columns)):
        words, texts = 0.0, 0.0
        for row, line in enumerate(lines):
            for run in _cell_runs(line[column], _is_bold(block, row, column, last)):
                pieces = [font.width(word, size, run.bold) for word in run.text.split(" ")]
                words = max(words, *pieces)
                texts = max(texts, font.width(run.text, size, run.bold))
        pads = 2 * PAD_SIDE * POINTS_PER_INCH + 1
        least.append((words + pads) / POINTS_PER_INCH)
        wanted.append((texts + pads) / POINTS_PER_INCH)
    return least, wanted


def _widths_by_need(
    least: Sequence[float], wanted: Sequence[float], width: float
) -> tuple[float, ...]:
    """Return widths that sum to a width: each its longest word, the rest shared by need."""
    needs = [want - little for want, little in zip(wanted, least, strict=True)]
    spare = width - sum(least)
    return tuple(
        little + spare * need / sum(needs) for little, need in zip(least, needs, strict=True)
    )


def _shared_widths(
    least: Sequence[float], wanted: Sequence[float], width: float
) -> tuple[float, ...]:
    """Return widths that sum to a width: short columns as wanted, the long ones share the rest."""
    low, high = 0.0, width
    for _ in range(40):  # halving finds the widest that a column may be
        widest = (low + high) / 2
        used = sum(
            max(little, min(want, widest)) for little, want in zip(least, wanted, strict=True)
        )
        low, high = (low, widest) if used > width else (widest, high)
    return tuple(max(little, min(want, low)) for little, want in zip(least, wanted, strict=True))


def _row_heights(
    block: Grid,
    lines: Sequence[tuple[str, ...]],
    font: Face,
    size: int,
    widths: Sequence[float],
) -> tuple[float, ...]:
    last = len(lines) - 1
    heights = []
    for row, line in enumerate(lines):
        counts = [
            sum(
                count_lines((run,), font, size, (widths[column] - 2 * PAD_SIDE) * POINTS_PER_INCH)
                for run in _cell_runs(text, _is_bold(block, row, column, last))
            )
            for column, text in enumerate(line)
        ]
        heights.append(max(counts) * size * font.line_height / POINTS_PER_INCH)
    return tuple(heights)


def _cell_runs(text: str, bold: bool) -> list[Run]:
    """Return the lines of a cell: of two, the first is in bold."""
    lines = text.split("\n")
    return [Run(line, bold or (len(lines) > 1 and not place_)) for place_, line in enumerate(lines)]


def _add_table(canvas: Canvas, rows: int, columns: int, box: Box) -> Any:
    """Add a table in the next content placeholder, or on its own."""
    from pptx.shapes.placeholder import TablePlaceholder
    from pptx.util import Inches

    placeholder = canvas.next_placeholder()
    if placeholder is not None:
        target = TablePlaceholder(placeholder._element, placeholder._parent)
        shape = target.insert_table(rows, columns)
    else:
        values = (Inches(value) for value in (box.left, box.top, box.width, box.height))
        shape = canvas.slide.shapes.add_table(rows, columns, *values)
    shape.table.horz_banding = False
    style = shape._element.find(".//{*}tableStyleId")
    style.text = NO_STYLE
    return shape


def _set_sizes(table: Any, widths: Sequence[float], heights: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = round(width * EMU_PER_INCH)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = round(height * EMU_PER_INCH)


def _write_cell(
    canvas: Canvas, cell: Any, text: str, block: Grid, spot: tuple[int, int], size: int
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    row, column = spot
    last = len(block.table.rows) + (1 if block.table.total else 0)
    # Written as they stand in the file: a deck has a thousand cells, python-pptx takes its time.
    properties = cell._tc.get_or_add_tcPr()
    for name in ("marL", "marR"):
        properties.set(name, str(Inches(PAD_SIDE)))
    for name in ("marT", "marB"):
        properties.set(name, "0")
    properties.set("anchor", "b" if row == 0 else "ctr")
    is_number = block.table.columns[column].is_number
    frame = cell.text_frame
    for place_, run in enumerate(_cell_runs(text, _is_bold(block, row, column, last))):
        paragraph = frame.add_paragraph() if place_ else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        plain_text(
            paragraph,
            run.text,
            size,
            canvas.language,
            bold=run.bold,
            colour=MUTED if row == 0 else INK,
        )
    _draw_borders(cell, block, spot, last, canvas.design.panel)


def _draw_borders(cell: Any, block: Grid, spot: tuple[int, int], last: int, panel: str) -> None:
    """Draw a line under the row, the row's colour at its left, and the cell's fill."""
    from pptx.oxml import parse_xml

    row, column = spot
    properties = cell._tc.get_or_add_tcPr()
    colours = block.colours
    if column == 0 and 0 < row <= len(colours) and colours[row - 1]:
        properties.append(parse_xml(_line("lnL", colours[row - 1], 57_150)))
    strong = row == 0 or (row == last - 1 and bool(block.table.total))
    properties.append(parse_xml(_line("lnB", INK if strong else RULE, 12_700 if strong else 6_350)))
    is_filled = block.fills and 0 < row <= len(block.fills)
    fill = (block.fills[row - 1][column] if is_filled else "") or panel
    if fill:
        space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        properties.append(
            parse_xml(f'<a:solidFill {space}><a:srgbClr val="{fill}"/></a:solidFill>')
        )


def _line(name: str, colour: str, width: int) -> str:
    return (
        f'<a:{name} xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="{width}" '
        f'cap="flat" cmpd="sng" algn="ctr"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        f'<a:prstDash val="solid"/></a:{name}>'
    )


def _note_height(note: str, font: Face, width: float) -> float:
    if not note:
        return 0.0
    lines = count_lines((Run(note),), font, SMALLEST_BODY, width * POINTS_PER_INCH)
    return lines * SMALLEST_BODY * font.line_height / POINTS_PER_INCH + NOTE_GAP


def _write_note(canvas: Canvas, note: str, box: Box, used: float) -> None:
    height = _note_height(note, canvas.design.body_face, box.width) - NOTE_GAP
    shape = add_box(canvas, Box(box.left, box.top + used + NOTE_GAP, box.width, height))
    colour = canvas.design.ink or MUTED
    plain_text(shape.text_frame.paragraphs[0], note, SMALLEST_BODY, canvas.language, colour=colour)


def _alternative(table: Table) -> str:
    """Return the table's text for screen readers: what it is, and its first column."""
    names = "; ".join(row[0] for row in table.rows)
    return f"{table.caption}. {names}"
