"""Texts and tiles on a slide: measured, sized, marked with their language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from report.deck.fit import (
    POINTS_PER_INCH,
    SMALLEST_BODY,
    SMALLEST_TITLE,
    Box,
    Face,
    Paragraph,
    Run,
    fits,
    largest_size,
    text_height,
)
from report.deck.layouts import EMU_PER_INCH, contents_of, place_of, text_box_of
from report.deck.parts import Text, Tile, Tiles
from report.deck.stamps import Stamps
from report.deck.template import LARGEST_BODY, Design
from report.deck.theme import INK, MUTED, PALE

INDENT = 0.2
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
TILE_MARGIN = 0.16
TILE_MARGIN_ABOVE = 0.1
TILE_GAP = 0.2
VALUE_SCALE = 2.2
LABEL_SCALE = 1.12

# What marks a shape as decoration, for screen readers (Office 2019 and later).
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


@dataclass
class Canvas:
    """A slide while it is drawn: the content placeholders that nothing stands in yet, and names."""

    slide: Any
    design: Design
    language: str
    where: str
    stamps: Stamps = field(default_factory=Stamps)
    free: list[Any] = field(default_factory=list)
    # What had no room, for the notes.
    left_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the content placeholders of the slide."""
        self.free = contents_of(self.slide)

    def next_placeholder(self) -> Any | None:
        """Return the next content placeholder, None when all are taken."""
        return self.free.pop(0) if self.free else None

    def drop_free(self) -> None:
        """Remove what stayed empty, pictures too: PowerPoint would show a prompt there."""
        for placeholder in list(self.slide.placeholders):
            element = placeholder._element
            if element.tag.endswith("}sp") and not placeholder.text_frame.text:
                element.getparent().remove(element)
        self.free = []


def draw_text(canvas: Canvas, block: Text, box: Box, largest: int = LARGEST_BODY) -> None:
    """Write a text into the next placeholder, or into a box of its own where none is left.

    Raises:
        RenderError: what must stand on the slide does not fit at the smallest size.
    """
    placeholder = canvas.next_placeholder()
    if placeholder is None:
        shape, room, indent = add_box(canvas, box), box, INDENT
    else:
        place(placeholder, box)
        shape, room, indent = placeholder, text_box_of(placeholder), canvas.design.indent
    font, sizes = canvas.design.body_face, (SMALLEST_BODY, largest)
    paragraphs = _shortened(block, font, room, indent)
    if not fits(paragraphs, font, room, SMALLEST_BODY, indent):
        block = block.relaxed() or block
        paragraphs = _shortened(block, font, room, indent)
    if block.noted:
        canvas.left_out += [left.text for left in block.paragraphs[len(paragraphs) :]]
    size = largest_size(paragraphs, font, room, sizes, canvas.where, indent)
    if canvas.design.ink:
        paragraphs = tuple(_in_colour(text, canvas.design.ink) for text in paragraphs)
    write_paragraphs(shape, paragraphs, size, canvas.language, own_bullets=placeholder is None)


def text_size(blocks: Sequence[Text], boxes: Sequence[Box], design: Design) -> int:
    """Return one size for texts side by side; the smallest where one does not fit."""
    font, indent = design.body_face, max(INDENT, design.indent)
    size = LARGEST_BODY
    for block, box in zip(blocks, boxes, strict=True):
        room = box.inside(design.margins[0] / 2, design.margins[1] / 2)
        paragraphs = _shortened(block, font, room, indent)
        while size > SMALLEST_BODY and not fits(paragraphs, font, room, size, indent):
            size -= 1
    return size


def _in_colour(paragraph: Paragraph, colour: str) -> Paragraph:
    """Return a paragraph in one colour: the design's own would not be seen."""
    return replace(paragraph, runs=tuple(replace(run, colour=colour) for run in paragraph.runs))


def _shortened(block: Text, font: Face, room: Box, indent: float) -> tuple[Paragraph, ...]:
    """Return the paragraphs that fit in comfort, else at the smallest size, else the least."""
    for size in (block.comfortable, SMALLEST_BODY):
        for count in range(len(block.paragraphs), len(block.least) - 1, -1):
            if fits(block.paragraphs[:count], font, room, size, indent):
                return block.paragraphs[:count]
    return block.least


def draw_title(canvas: Canvas, shape: Any, title: str, size: int) -> None:
    """Write the title, in a size that was found to fit every slide."""
    write_paragraphs(shape, (Paragraph((Run(title),)),), size, canvas.language)


def title_size(titles: Sequence[tuple[str, str]], box: Box, font: Face, largest: int) -> int:
    """Return the largest size at which every (title, slide) fits the box.

    Raises:
        RenderError: one of them does not fit at the smallest size.
    """
    sizes = (SMALLEST_TITLE, max(largest, SMALLEST_TITLE))
    return min(
        largest_size((Paragraph((Run(title, bold=True),)),), font, box, sizes, where)
        for title, where in titles
    )


def draw_tiles(canvas: Canvas, block: Tiles, box: Box) -> None:
    """Draw tiles side by side, their texts in one size for all."""
    width = _tile_width(block, box.width)
    boxes = [
        Box(box.left + number * (width + TILE_GAP), box.top, width, box.height)
        for number in range(len(block.tiles))
    ]
    inner = [place.inside(TILE_MARGIN, TILE_MARGIN_ABOVE) for place in boxes]
    texts = [_tile_text(tile) for tile in block.tiles]
    size = min(
        largest_size(
            text, canvas.design.body_face, room, (SMALLEST_BODY, LARGEST_BODY), canvas.where
        )
        for text, room in zip(texts, inner, strict=True)
    )
    for tile, text, place_ in zip(block.tiles, texts, boxes, strict=True):
        shape = add_box(canvas, place_, PALE, TILE_MARGIN, TILE_MARGIN_ABOVE)
        write_paragraphs(shape, text, size, canvas.language, own_bullets=True)
        if tile.colour:
            add_mark(canvas, Box(place_.left, place_.top, 0.07, place_.height), tile.colour)


def tile_height(block: Tiles, width: float, design: Design) -> float:
    """Return the height of tiles at the smallest size, in inches."""
    inner = (_tile_width(block, width) - 2 * TILE_MARGIN) * POINTS_PER_INCH
    heights = [
        text_height(_tile_text(tile), design.body_face, SMALLEST_BODY, inner)
        for tile in block.tiles
    ]
    return max(heights) / POINTS_PER_INCH + 2 * TILE_MARGIN_ABOVE


def _tile_width(block: Tiles, width: float) -> float:
    return (width - TILE_GAP * (len(block.tiles) - 1)) / len(block.tiles)


def add_box(
    canvas: Canvas,
    box: Box,
    fill: str = "",
    margin: float = 0.0,
    vertical: float | None = None,
    holder: Any = None,
) -> Any:
    """Add an empty text box with a margin in inches, on the slide or in a group's shapes."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    shapes = canvas.slide.shapes if holder is None else holder
    shape = shapes.add_textbox(*_emu(box))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(margin)
    frame.margin_top = frame.margin_bottom = Inches(margin if vertical is None else vertical)
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    return shape


def add_mark(canvas: Canvas, box: Box, colour: str, holder: Any = None) -> Any:
    """Add a coloured bar that says nothing to a reader of the text, and is marked so."""
    from pptx.oxml import parse_xml

    shape = add_box(canvas, box, colour, holder=holder)
    shape.name = "Mark"
    shape._element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))
    return shape


def place(shape: Any, box: Box) -> None:
    """Move a shape to a box, unless it stands there by its layout."""
    left, top, width, height = _emu(box)
    if place_of(shape) != (left, top, width, height):
        shape.left, shape.top, shape.width, shape.height = left, top, width, height


def write_paragraphs(
    shape: Any,
    paragraphs: Sequence[Paragraph],
    size: int,
    language: str,
    own_bullets: bool = False,
) -> None:
    """Write paragraphs in a size; `own_bullets` where no master gives them."""
    from pptx.enum.text import MSO_AUTO_SIZE

    frame = shape.text_frame
    frame.auto_size = MSO_AUTO_SIZE.NONE
    for number, paragraph in enumerate(paragraphs):
        target = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        _write_paragraph(target, paragraph, size, language, first=number == 0)
        _set_bullet(target, paragraph, own_bullets)


def _write_paragraph(
    target: Any, paragraph: Paragraph, size: int, language: str, *, first: bool
) -> None:
    from pptx.util import Pt

    own = size * paragraph.scale
    target.line_spacing = 1.0
    target.space_before = Pt(0 if first else round(paragraph.space * own, 1))
    target.space_after = Pt(0)
    for run in paragraph.runs:
        plain_text(target, run.text, round(own), language, bold=run.bold, colour=run.colour)


def plain_text(
    paragraph: Any, text: str, size: int, language: str, *, bold: bool = False, colour: str = ""
) -> None:
    """Add a run to a paragraph of python-pptx; a colour not given is the master's."""
    from lxml import etree

    run = paragraph.add_run()
    run.text = clean(text)
    # Written as it stands in the file: a deck has a thousand runs, python-pptx takes its time.
    properties = run._r.get_or_add_rPr()
    properties.set("lang", language)
    properties.set("sz", str(size * 100))
    if bold:
        properties.set("b", "1")
    if colour:
        fill = etree.SubElement(properties, f"{_DRAWING}solidFill")
        etree.SubElement(fill, f"{_DRAWING}srgbClr", val=colour)


def clean(text: str) -> str:
    """Return a text that may stand in XML: what a name in the data may hold is not all allowed."""
    return _NOT_TEXT.sub(" ", text)


def _set_bullet(target: Any, paragraph: Paragraph, own_bullets: bool) -> None:
    """Give a bullet where no master does, take it away where one would."""
    from pptx.oxml import parse_xml

    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    properties = target._p.get_or_add_pPr()
    if paragraph.bullet and own_bullets:
        step = round(INDENT * EMU_PER_INCH)
        properties.set("marL", str(step))
        properties.set("indent", str(-step))
        properties.append(parse_xml(f'<a:buFont {space} typeface="Arial"/>'))
        properties.append(parse_xml(f'<a:buChar {space} char="•"/>'))
    elif not paragraph.bullet and not own_bullets:
        properties.set("marL", "0")
        properties.set("indent", "0")
        properties.append(parse_xml(f"<a:buNone {space}/>"))


def _tile_text(tile: Tile) -> tuple[Paragraph, ...]:
    lines = [
        Paragraph((Run(tile.value, bold=True, colour=INK),), scale=VALUE_SCALE),
        Paragraph((Run(tile.label, bold=True, colour=INK),), scale=LABEL_SCALE),
    ]
    if tile.detail:
        lines.append(Paragraph((Run(tile.detail, colour=MUTED),), space=0.2))
    return tuple(lines)


def _emu(box: Box) -> tuple[int, int, int, int]:
    left, top, width, height = (
        round(value * EMU_PER_INCH) for value in (box.left, box.top, box.width, box.height)
    )
    return left, top, width, height
