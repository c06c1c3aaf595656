"""A map of tiles as SVG: one tile a place, its class as a colour, a ring around some of them."""

from __future__ import annotations

from report.ink import Ink
from report.svg import Drawing, Point
from report.views.figures import TILE_COLOURS, MapTile, TileMap

SIZE = 12.0
TILE_HEIGHT, TILE_GAP = 38.0, 4.0
# The part of the width that the tiles take; the legend stands beside them.
TILES_WIDTH = 0.7


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
        drawing.box((x + 2, y + 2), width - 4, height - 4, colour, radius=4, outline=ring)
    middle = x + width / 2
    drawing.text((middle, y + 15), tile.code, letters, size=SIZE, anchor="middle", bold=True)
    text = tile.value.text if tile.value else "–"
    drawing.text((middle, y + 28), text, letters, size=11, anchor="middle")


def _tile_legend(drawing: Drawing, left: float, figure: TileMap, ink: Ink) -> None:
    """List the classes, the lowest first, and say what the ring means."""
    top = drawing.height - 24.0 * (len(figure.classes) + 1)
    for place, (mark, (colour, _letters)) in enumerate(
        zip(figure.classes, TILE_COLOURS, strict=False)
    ):
        y = top + 24 * place
        drawing.box((left, y), 26, 18, colour, radius=3, outline=ink.grid)
        drawing.text((left + 34, y + 13), mark.text, ink.ink, size=SIZE)
    y = top + 24 * len(figure.classes)
    drawing.box((left + 1, y + 1), 24, 16, ink.paper, radius=3, outline=ink.ink)
    drawing.text((left + 34, y + 13), figure.flag_label, ink.ink, size=SIZE)
