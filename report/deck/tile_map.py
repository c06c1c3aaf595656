"""A map of tiles on a slide: native shapes in a group, their texts and colours can be edited."""

from __future__ import annotations

from typing import Any

from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, Box
from report.deck.shapes import Canvas, add_box, plain_text
from report.deck.tables import describe
from report.deck.theme import INK, MUTED, RULE
from report.views.figures import TILE_COLOURS, MapTile, TileMap

GAP = 0.05
LINE = 1.3 * SMALLEST_BODY / POINTS_PER_INCH
# Around the map, where it stands on a panel: rings and classes are made for a light ground.
PANEL_MARGIN = 0.1
# Under the tiles: the classes, and what the ring means.
LEGEND_LINES = 2


def least_map_height(figure: TileMap) -> float:
    """Return the height in inches under which the texts of the tiles do not fit."""
    return (figure.rows + LEGEND_LINES) * (LINE + GAP) + 2 * PANEL_MARGIN


def draw_tile_map(canvas: Canvas, figure: TileMap, box: Box) -> None:
    """Draw a map of tiles as a group of shapes, with its legend under it and a text for it all."""
    group = canvas.slide.shapes.add_group_shape()
    group.name = "Map"
    if canvas.design.panel:
        group._element.append(add_box(canvas, box, canvas.design.panel)._element)
        box = box.inside(PANEL_MARGIN, PANEL_MARGIN)
    height = box.height / (figure.rows + LEGEND_LINES)
    width = box.width / figure.columns
    for tile in figure.tiles:
        spot = Box(
            box.left + (tile.column - 1) * width,
            box.top + (tile.row - 1) * height,
            width - GAP,
            height - GAP,
        )
        _draw_tile(canvas, group, tile, spot)
    _draw_legend(canvas, group, figure, Box(box.left, box.bottom - 2 * height, box.width, height))
    # Once: added to the group one by one, each box would measure all before it again.
    group.shapes._recalculate_extents()
    describe(group, f"{figure.title}. {figure.description}")


def _draw_tile(canvas: Canvas, group: Any, tile: MapTile, spot: Box) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    unknown = (canvas.design.panel, f"#{MUTED}")
    fill, letters = TILE_COLOURS[tile.level] if tile.value else unknown
    shape = _cell(canvas, group, spot, fill)
    shape.name = tile.name
    if tile.flagged or not tile.value:
        shape.line.color.rgb = RGBColor.from_string(INK if tile.flagged else RULE)
        shape.line.width = Pt(2.25 if tile.flagged else 1)
    if tile.flagged_apart:
        shape.line.dash_style = MSO_LINE.DASH
    value = tile.value.text if tile.value else "–"
    paragraph = shape.text_frame.paragraphs[0]
    colour = letters.lstrip("#")
    language = canvas.language
    plain_text(paragraph, f"{tile.code} ", SMALLEST_BODY, language, bold=True, colour=colour)
    plain_text(paragraph, value, SMALLEST_BODY, language, colour=colour)


def _cell(canvas: Canvas, group: Any, spot: Box, fill: str) -> Any:
    """Add a box whose one line of text stands in its middle."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN

    shape = add_box(canvas, spot, fill.lstrip("#"))
    group._element.append(shape._element)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    return shape


def _draw_legend(canvas: Canvas, group: Any, figure: TileMap, box: Box) -> None:
    """Draw the classes side by side, and under them what the ring means."""
    width = box.width / len(figure.classes)
    texts = _class_texts(canvas, figure, width)
    for place, (text, (fill, letters)) in enumerate(zip(texts, TILE_COLOURS, strict=False)):
        spot = Box(box.left + place * width, box.top + GAP, width, box.height - GAP)
        shape = _cell(canvas, group, spot, fill)
        paragraph = shape.text_frame.paragraphs[0]
        colour = letters.lstrip("#")
        plain_text(paragraph, text, SMALLEST_BODY, canvas.language, colour=colour)
    note = add_box(canvas, Box(box.left, box.bottom, box.width, box.height))
    group._element.append(note._element)
    paragraph = note.text_frame.paragraphs[0]
    text = " · ".join(filter(None, (figure.flag_label, figure.apart_label)))
    plain_text(paragraph, text, SMALLEST_BODY, canvas.language, colour=MUTED)


def _class_texts(canvas: Canvas, figure: TileMap, width: float) -> list[str]:
    """Return what each class is called; where there is no room, its lower end alone."""
    texts = [mark.text for mark in figure.classes]
    font, room = canvas.design.body_face, width * POINTS_PER_INCH
    if all(font.width(text, SMALLEST_BODY) < room for text in texts):
        return texts
    return [text.rsplit(" ", 1)[-1] for text in texts]
