"""How the blocks of a slide share its room: each at least what it needs at the smallest size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.errors import RenderError
from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, Box, text_height
from report.deck.parts import Block, Columns, Grid, Rows, Text, Tiles
from report.deck.shapes import INDENT, tile_height
from report.deck.tables import least_grid_height
from report.deck.template import GAP, Design
from report.deck.tile_map import least_map_height
from report.views.figures import TileMap

LEAST_CHART = 2.2
ROW_GAP = 0.6 * GAP
# Room for the margins of a client's placeholder, and for the last bit of a sum of inches.
SLACK = 0.12

_Part = tuple[Block, float]


def split_columns(block: Columns, box: Box) -> list[Box]:
    """Return the boxes of blocks side by side, by weight."""
    room = box.width - GAP * (len(block.blocks) - 1)
    boxes, left = [], box.left
    for weight in block.weights:
        width = room * weight / sum(block.weights)
        boxes.append(Box(left, box.top, width, box.height))
        left += width + GAP
    return boxes


def split_rows(block: Rows, box: Box, design: Design, where: str) -> list[tuple[Block, Box]]:
    """Return blocks one under the other with their boxes: by weight, none under what it needs.

    Where they need more than the box, optional ones go, from the last, then tables are shortened,
    then optional texts beside something go, and at last what follows the beginning of a text.

    Raises:
        RenderError: what must stand needs more than the box.
    """
    parts = list(zip(block.blocks, block.weights, strict=True))
    while not _fit(parts, box, design):
        fewer = (
            _without_optional(parts)
            or _shortened(parts)
            or _without_columns(parts)
            or _relaxed(parts)
        )
        if fewer is None:
            break
        parts = fewer
    room = box.height - ROW_GAP * (len(parts) - 1)
    least = [least_height(part, box.width, design) for part, _ in parts]
    if not _fit(parts, box, design):
        raise RenderError(
            f"the slide needs {sum(least):.1f} inches of height at the smallest size",
            where=where,
            expected=f"at most {room:.1f} inches",
            todo="shorten its texts, or give a template with more room",
        )
    total = sum(weight for _, weight in parts)
    placed, top = [], box.top
    for (part, _), height in zip(
        parts, _shared([room * weight / total for _, weight in parts], least), strict=True
    ):
        placed.append((part, Box(box.left, top, box.width, height)))
        top += height + ROW_GAP
    return placed


def _fit(parts: Sequence[_Part], box: Box, design: Design) -> bool:
    room = box.height - ROW_GAP * (len(parts) - 1) + 0.01
    return sum(least_height(part, box.width, design) for part, _ in parts) <= room


def _without_optional(parts: Sequence[_Part]) -> list[_Part] | None:
    """Return the parts without the last that is optional, None where there is none."""
    places = [place for place, (part, _) in enumerate(parts) if _is_optional(part)]
    if not places:
        return None
    return [part for place, part in enumerate(parts) if place != places[-1]]


def _shortened(parts: Sequence[_Part]) -> list[_Part] | None:
    """Return the parts with one table shortened by a step, None where all of them must stand."""
    for place, (part, weight) in enumerate(parts):
        shorter = _shorter(part)
        if shorter is not None:
            return [*parts[:place], (shorter, weight), *parts[place + 1 :]]
    return None


def _without_columns(parts: Sequence[_Part]) -> list[_Part] | None:
    """Return the parts without an optional text in one of their columns, None where none is."""
    for place, (part, weight) in enumerate(parts):
        if not isinstance(part, Columns) or not any(map(_is_optional, part.blocks)):
            continue
        pairs = zip(part.blocks, part.weights, strict=True)
        kept = [(block, width) for block, width in pairs if not _is_optional(block)]
        blocks, widths = zip(*kept, strict=True)
        left = blocks[0] if len(blocks) == 1 else replace(part, blocks=blocks, weights=widths)
        return [*parts[:place], (left, weight), *parts[place + 1 :]]
    return None


def _relaxed(parts: Sequence[_Part]) -> list[_Part] | None:
    """Return the parts with one text relaxed, the last first, None where all of them are."""
    for place, (part, weight) in reversed(list(enumerate(parts))):
        less = _relaxed_block(part)
        if less is not None:
            return [*parts[:place], (less, weight), *parts[place + 1 :]]
    return None


def _relaxed_block(block: Block) -> Block | None:
    """Return a block with all its texts relaxed, None where none can be."""
    if isinstance(block, Text):
        return block.relaxed()
    if not isinstance(block, Columns | Rows):
        return None
    parts = tuple(_relaxed_block(part) for part in block.blocks)
    if not any(parts):
        return None
    kept = tuple(less or part for less, part in zip(parts, block.blocks, strict=True))
    return replace(block, blocks=kept)


def _shorter(block: Block) -> Block | None:
    """Return a block with one of its tables shortened by a step."""
    if isinstance(block, Grid):
        return block.shorter()
    if not isinstance(block, Columns | Rows):
        return None
    for place, part in enumerate(block.blocks):
        shorter = _shorter(part)
        if shorter is not None:
            parts = (*block.blocks[:place], shorter, *block.blocks[place + 1 :])
            return replace(block, blocks=parts)
    return None


def _is_optional(block: Block) -> bool:
    return isinstance(block, Text | Tiles) and block.optional


def least_height(block: Block, width: float, design: Design) -> float:
    """Return the height in inches under which a block cannot be drawn in a width."""
    if isinstance(block, Columns):
        boxes = split_columns(block, Box(0, 0, width, 0))
        return max(
            least_height(part, box.width, design)
            for part, box in zip(block.blocks, boxes, strict=True)
        )
    if isinstance(block, Rows):
        gaps = ROW_GAP * (len(block.blocks) - 1)
        return gaps + sum(least_height(part, width, design) for part in block.blocks)
    if isinstance(block, Text):
        return _text_height(block, width, design)
    if isinstance(block, Tiles):
        return tile_height(block, width, design) + SLACK / 2
    if isinstance(block, Grid):
        return least_grid_height(block, width, design) + SLACK / 2
    return least_map_height(block) if isinstance(block, TileMap) else LEAST_CHART


def _text_height(block: Text, width: float, design: Design) -> float:
    """Return a text's height at the smallest size, in its own box or a client's placeholder."""
    inner = (width - design.margins[0]) * POINTS_PER_INCH
    indent = max(INDENT, design.indent) * POINTS_PER_INCH
    height = text_height(block.least, design.body_face, SMALLEST_BODY, inner, indent)
    return height / POINTS_PER_INCH + max(SLACK, design.margins[1])


def _shared(wanted: Sequence[float], least: Sequence[float]) -> list[float]:
    """Return heights of the same sum as wanted, none under its least where the sum allows it."""
    missing = sum(max(need - want, 0.0) for want, need in zip(wanted, least, strict=True))
    spare = sum(max(want - need, 0.0) for want, need in zip(wanted, least, strict=True))
    taken = min(missing / spare, 1.0) if spare else 0.0
    return [
        need if want < need else want - (want - need) * taken
        for want, need in zip(wanted, least, strict=True)
    ]
