"""A map of tiles as SVG: one tile a place, its class as a colour, a ring around some of them."""

from __future__ import annotations

from textwrap import wrap

from report.ink import Ink
from report.svg import Drawing, Point
from report.views.figures import TILE_COLOURS, MapTile, TileMap

SIZE = 12.0
TILE_HEIGHT, TILE_GAP = 38.0, 4.0
# The part of the width that the tiles take; the legend stands beside them.
TILES_WIDTH = 0.7
RING_DASHES = "3 2"
# What a ring means is a sentence: its lines, and how many letters beside the tiles they hold.
LABEL_LINE, LABEL_LETTERS = 14, 20


def draw_tile_map(figure: TileMap, ink: Ink, width: float) -> str:
    """Return a map of tiles as SVG, its legend beside it."""
    drawing = Drawing(width, figure.rows * TILE_HEIGHT)
    step = width * TILES_WIDTH / figure.columns
    for tile in figure.tiles:
        corner = ((tile.column - 1) * step, (tile.row - 1) * TILE_HEIGHT)
        _tile(drawing, corner, step - TILE_GAP, tile, ink)
    _tile_legend(drawing, width * TILES_WIDTH + 20, figure, ink)
    return drawing.to_svg(figure.title, figure.description)


def _tile(drawing: Drawing, corner: Point, width: float, tile: MapTile, ink: Ink) -> None:
    x, y = corner
    height = TILE_HEIGHT - TILE_GAP
    colour, letters = TILE_COLOURS[tile.level] if tile.value else (ink.paper, ink.soft)
    drawing.box(
        corner,
        width,
        height,
        colour,
        radius=5,
        outline="" if tile.value else ink.grey,
        dashes="" if tile.value else "3 3",
    )
    if tile.flagged:
        ring = letters if letters != ink.soft else ink.ink
        dashes = RING_DASHES if tile.flagged_apart else ""
        drawing.box(
            (x + 2, y + 2), width - 4, height - 4, colour, radius=4, outline=ring, dashes=dashes
        )
    middle = x + width / 2
    drawing.text((middle, y + 15), tile.code, letters, size=SIZE, anchor="middle", bold=True)
    text = tile.value.text if tile.value else "–"
    drawing.text((middle, y + 28), text, letters, size=11, anchor="middle")


def _tile_legend(drawing: Drawing, left: float, figure: TileMap, ink: Ink) -> None:
    """List the classes, the lowest first, and say what the rings mean."""
    rings = [(wrap(figure.flag_label, LABEL_LETTERS), "")]
    rings.append((wrap(figure.apart_label, LABEL_LETTERS), RING_DASHES))
    lines = sum(len(label) for label, _dashes in rings)
    y = drawing.height - 24 * len(figure.classes) - LABEL_LINE * lines - 10 * len(rings)
    for mark, (colour, _letters) in zip(figure.classes, TILE_COLOURS, strict=False):
        drawing.box((left, y), 26, 18, colour, radius=3, outline=ink.grid)
        drawing.text((left + 34, y + 13), mark.text, ink.ink, size=SIZE)
        y += 24
    for label, dashes in rings:
        if label:
            spot = (left + 1, y + 1)
            drawing.box(spot, 24, 16, ink.paper, radius=3, outline=ink.ink, dashes=dashes)
        for place, text in enumerate(label):
            drawing.text((left + 34, y + 13 + LABEL_LINE * place), text, ink.ink, size=SIZE)
        y += LABEL_LINE * len(label) + 10
