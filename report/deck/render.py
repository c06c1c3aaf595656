"""The deck as a PowerPoint file: the story's slides, poured into our design or a client's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import RenderError
from report.deck.charts import draw_chart
from report.deck.cut import with_short_words
from report.deck.file import save, set_properties, set_sections
from report.deck.fit import (
    POINTS_PER_INCH,
    SMALLEST_BODY,
    Box,
    Paragraph,
    Run,
    count_lines,
    fits,
    largest_size,
)
from report.deck.footer import add_footer
from report.deck.layouts import (
    LayoutKind,
    contents_of,
    placeholder_kind,
    size_of,
    text_box_of,
    title_of,
)
from report.deck.logos import add_logos
from report.deck.parts import Block, Columns, Grid, PartCode, Rows, Slide, Text, Tiles
from report.deck.room import split_columns, split_rows
from report.deck.shapes import (
    Canvas,
    add_box,
    add_mark,
    clean,
    draw_text,
    draw_tiles,
    draw_title,
    plain_text,
    text_size,
    title_size,
    write_paragraphs,
)
from report.deck.stamps import Stamps
from report.deck.story import PARTS, part_name, tell
from report.deck.tables import describe, draw_grid
from report.deck.template import (
    LARGEST_COVER_TITLE,
    LARGEST_TITLE,
    Design,
    client_design,
    own_design,
)
from report.deck.theme import INK, MUTED, RULE, WHITE
from report.deck.tile_map import draw_tile_map
from report.views import ReportContext
from report.views.figures import TileMap
from report.wording import BABEL_LOCALES, Wording

MARKER = Box(0.6, 0.26, 12.13, 0.34)
SMALLEST_SUBTITLE = 12
LARGEST_SUBTITLE = 20
AGENDA = Box(0.9, 5.45, 11.8, 1.15)
AGENDA_SIZE = 16
ONE_LINE_COVER = 34


def render_deck(context: ReportContext, wording: Wording, template: Path | None = None) -> bytes:
    """Return the deck as the bytes of a .pptx, in our design or in a client's presentation.

    Our design takes the brand's typeface, unless it is so wide that a slide has no room for it.

    Raises:
        RenderError: the template cannot be used, or a text does not fit its place.
    """
    brand = context.brand
    if template is not None:
        return _render(client_design(template, brand), context, wording)
    try:
        return _render(own_design(brand), context, wording)
    except RenderError:
        if not brand.family:
            raise
    return _render(own_design(replace(brand, family="")), context, wording)


def _render(design: Design, context: ReportContext, wording: Wording) -> bytes:
    """Return the deck in a design."""
    slides = with_short_words(tell(context, wording))
    size = _common_title_size(design, slides)
    start, stamps = 0, Stamps()
    for slide in slides:
        drawn = _draw_slide(_Deck(design, size, stamps), slide, context, wording)
        _add_notes(drawn, slide, start, context, wording)
        start += slide.seconds
    presentation = design.presentation
    if design.is_own:
        add_logos(presentation.slides[0], context)
    set_sections(presentation, _sections(slides, wording))
    set_properties(
        presentation,
        title=clean(f"{context.cover.deck_title} – {context.cover.client}"),
        author=clean(context.cover.consultant),
        subject=clean(context.cover.period),
        language=_tag(wording),
        made=context.as_of,
    )
    return save(presentation)


def _tag(wording: Wording) -> str:
    """Return the language as PowerPoint names it: fr-FR."""
    return BABEL_LOCALES[wording.language].replace("_", "-")


def _common_title_size(design: Design, slides: Sequence[Slide]) -> int:
    """Return one size for the titles of all content slides: a deck of many sizes looks careless."""
    layout = design.layout("titleOnly", "obj")
    title = title_of(layout)
    master = design.presentation.slide_master
    titles = [(slide.title, slide.code) for slide in slides if slide.kind == "content"]
    largest = size_of(title, master, LARGEST_TITLE)
    boxes = [text_box_of(title_of(design.layout(kind))) for kind in ("obj", "twoObj", "titleOnly")]
    return min(title_size(titles, box, design.title_face, largest) for box in boxes)


@dataclass(frozen=True)
class _Deck:
    """What all slides share: the design, the size of their titles, what they repeat."""

    design: Design
    title_size: int
    stamps: Stamps


def _draw_slide(deck: _Deck, slide: Slide, context: ReportContext, wording: Wording) -> Canvas:
    """Add a slide: title, block, marker, footer."""
    design, stamps = deck.design, deck.stamps
    layout = design.layout(*_layouts_for(slide))
    target = design.presentation.slides.add_slide(layout)
    canvas = Canvas(target, design, _tag(wording), f"the slide {slide.code}", stamps)
    if slide.kind == "content":
        draw_title(canvas, title_of(target), slide.title, deck.title_size)
        _draw(canvas, slide.block, design.body, whole=True)
        if design.is_own:
            stamps.put(target, slide.part, lambda: _draw_marker(canvas, slide.part, wording))
    else:
        _draw_opening(canvas, slide, wording)
        if design.is_own:
            _draw_agenda(canvas, wording)
    canvas.drop_free()
    texts = _footer_texts(design, slide, context, wording)
    stamps.put(
        target, (str(layout.part.partname), texts), lambda: add_footer(canvas, layout, texts)
    )
    return canvas


def _layouts_for(slide: Slide) -> tuple[LayoutKind, ...]:
    """Return the layouts that suit a slide, the best first."""
    if slide.kind == "cover":
        return ("title", "titleOnly")
    count = _count_contents(slide.block)
    if count == 0:
        return ("titleOnly", "obj")
    return ("obj", "titleOnly") if count == 1 else ("twoObj", "obj", "titleOnly")


def _count_contents(block: Block) -> int:
    """Return how many placeholders a block could fill."""
    if isinstance(block, Columns | Rows):
        return sum(_count_contents(part) for part in block.blocks)
    return 0 if isinstance(block, Tiles | TileMap) else 1


def _draw(canvas: Canvas, block: Block, box: Box, *, whole: bool = False) -> None:
    """Draw a block in its box; two columns that fill the slide stand in the layout's two zones."""
    if isinstance(block, Columns):
        is_layout = whole and block.weights[0] != block.weights[1]
        boxes = canvas.design.halves if is_layout else split_columns(block, box)
        _draw_columns(canvas, block.blocks, boxes)
    elif isinstance(block, Rows):
        for part, place in split_rows(block, box, canvas.design, canvas.where):
            _draw(canvas, part, place)
    elif isinstance(block, Text):
        draw_text(canvas, block, box)
    elif isinstance(block, Tiles):
        draw_tiles(canvas, block, box)
    elif isinstance(block, Grid):
        draw_grid(canvas, block, box)
    elif isinstance(block, TileMap):
        draw_tile_map(canvas, block, box)
    else:
        draw_chart(canvas, block, box)


def _draw_columns(canvas: Canvas, blocks: Sequence[Block], boxes: Sequence[Box]) -> None:
    """Draw blocks side by side, their texts in one size."""
    texts = [(part, box) for part, box in zip(blocks, boxes, strict=True) if isinstance(part, Text)]
    size = text_size([part for part, _ in texts], [box for _, box in texts], canvas.design)
    for part, box in zip(blocks, boxes, strict=True):
        if isinstance(part, Text):
            draw_text(canvas, part, box, size)
        else:
            _draw(canvas, part, box)


def _draw_opening(canvas: Canvas, slide: Slide, wording: Wording) -> None:
    """Write the title and the text of the cover; in a client's design, the agenda too."""
    design, master = canvas.design, canvas.design.presentation.slide_master
    title = title_of(canvas.slide)
    largest = size_of(title, master, LARGEST_COVER_TITLE)
    size = _opening_size(design, slide, text_box_of(title), largest)
    draw_title(canvas, title, slide.title, size)
    under = next(
        (p for p in canvas.slide.placeholders if placeholder_kind(p) in ("subTitle", "body")),
        next(iter(contents_of(canvas.slide)), None),
    )
    if under is None or not isinstance(slide.block, Text):
        return
    face, box, paragraphs = design.body_face, text_box_of(under), slide.block.paragraphs
    longer = (*paragraphs, Paragraph((Run(_agenda_line(wording)),), space=0.5))
    if not design.is_own and fits(longer, face, box, AGENDA_SIZE):
        paragraphs = longer
    sizes = (SMALLEST_SUBTITLE, LARGEST_SUBTITLE)
    fitting = largest_size(paragraphs, face, box, sizes, canvas.where)
    write_paragraphs(under, paragraphs, fitting, canvas.language)
    canvas.free = [other for other in canvas.free if other._element is not under._element]


def _opening_size(design: Design, slide: Slide, box: Box, largest: int) -> int:
    """Return the largest size of a title, smaller where that keeps it on one line."""
    line = (Run(slide.title, bold=True),)
    for size in range(largest, min(ONE_LINE_COVER, largest) - 1, -1):
        if count_lines(line, design.title_face, size, box.width * POINTS_PER_INCH) == 1:
            return size
    return title_size([(slide.title, slide.code)], box, design.title_face, largest)


def _agenda(wording: Wording) -> list[str]:
    """Return the names of the parts that are told."""
    return [part_name(part, wording) for part in PARTS if part != "appendix"]


def _agenda_line(wording: Wording) -> str:
    return " · ".join(_agenda(wording))


def _draw_agenda(canvas: Canvas, wording: Wording) -> None:
    """Draw the parts of the story at the foot of the cover."""
    names = _agenda(wording)
    width = AGENDA.width / len(names)
    for number, name in enumerate(names, start=1):
        box = Box(AGENDA.left + (number - 1) * width, AGENDA.top, width - 0.15, AGENDA.height)
        shape = add_box(canvas, box)
        lines = (
            Paragraph((Run(wording.integer(number), bold=True, colour=WHITE),), scale=1.5),
            Paragraph((Run(name, colour=WHITE),)),
        )
        write_paragraphs(shape, lines, AGENDA_SIZE, canvas.language, own_bullets=True)


def _draw_marker(canvas: Canvas, part: PartCode, wording: Wording) -> None:
    """Draw where in the story the slide stands, above its title."""
    group = canvas.slide.shapes.add_group_shape()
    group.name = "Story"
    codes = list(PARTS)
    width = MARKER.width / len(codes)
    for number, code in enumerate(codes):
        box = Box(MARKER.left + number * width, MARKER.top, width - 0.06, MARKER.height)
        shape = add_box(canvas, box, holder=group.shapes)
        here = code == part
        plain_text(
            shape.text_frame.paragraphs[0],
            part_name(code, wording),
            SMALLEST_BODY,
            canvas.language,
            bold=here,
            colour=INK if here else MUTED,
        )
        if here:
            line = Box(box.left, box.bottom - 0.05, box.width, 0.05)
            add_mark(canvas, line, canvas.design.accent, holder=group.shapes)
    line = Box(MARKER.left, MARKER.bottom - 0.015, MARKER.width, 0.015)
    add_mark(canvas, line, RULE, holder=group.shapes)
    describe(group, wording.gettext("Part of the story: %(part)s", part=part_name(part, wording)))


def _footer_texts(
    design: Design, slide: Slide, context: ReportContext, wording: Wording
) -> tuple[str, ...]:
    """Return the source; in a client's design, best after where in the story the slide stands."""
    source = slide.source or context.cover.source
    if design.is_own:
        return (source,)
    part = part_name(slide.part, wording)
    return f"{part} – {source}", source, part


def _add_notes(
    canvas: Canvas, slide: Slide, start: int, context: ReportContext, wording: Wording
) -> None:
    """Write under the slide when it is told, what to say, and what the figures come from."""
    lines = [
        part_name(slide.part, wording),
        *dict.fromkeys((*slide.notes, *canvas.left_out)),
        slide.source or context.cover.source,
    ]
    if slide.seconds:
        time = wording.gettext(
            "Time: %(length)s, from %(start)s to %(end)s (minutes and seconds)",
            length=_clock(slide.seconds),
            start=_clock(start),
            end=_clock(start + slide.seconds),
        )
        lines.insert(1, time)
    frame = canvas.slide.notes_slide.notes_text_frame
    frame.text = "\n".join(clean(line) for line in lines if line)
    for properties in frame._txBody.iter("{*}rPr", "{*}endParaRPr"):
        properties.set("lang", canvas.language)
    for run in frame._txBody.iter("{*}r"):
        run.get_or_add_rPr().set("lang", canvas.language)


def _clock(seconds: int) -> str:
    """Return a time as a stopwatch shows it."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _sections(slides: Sequence[Slide], wording: Wording) -> list[tuple[str, list[int]]]:
    """Return the parts of the story with the places of their slides."""
    return [
        (clean(part_name(part, wording)), places)
        for part in PARTS
        if (places := [number for number, slide in enumerate(slides) if slide.part == part])
    ]
