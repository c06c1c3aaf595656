"""Does a text fit its box? Measured with the widths of the fonts that every office machine has.

PowerPoint shrinks a text only when somebody edits it, so the deck chooses its sizes itself: as
large as the design says, smaller where the box asks for it, never under a smallest size. The widths
stand in templates/slides/widths.json, so that a deck is the same on a machine without fonts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from analysis.errors import RenderError
from report.wording import NARROW_NO_BREAK, NO_BREAK, templates_folder

SMALLEST_TITLE = 20
SMALLEST_BODY = 12
POINTS_PER_INCH = 72

# A family that is not one of the two is measured as Arial, and a little wider: few are wider.
FAMILIES = {
    "calibri": "calibri",
    "carlito": "calibri",
    "arial": "arial",
    "helvetica": "arial",
    "helvetica neue": "arial",
    "liberation sans": "arial",
}
OTHER_FAMILY_FACTOR = 1.06
UNKNOWN_CHARACTER = 1000


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def inside(self, horizontal: float, vertical: float) -> Box:
        """Return the box without its margins."""
        return Box(
            self.left + horizontal,
            self.top + vertical,
            self.width - 2 * horizontal,
            self.height - 2 * vertical,
        )


@dataclass(frozen=True)
class Run:
    """A piece of text in one weight; `colour` is hexadecimal, empty for the design's own."""

    text: str
    bold: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Runs on one or more lines; `bullet` indents them, `space` is above, in lines.

    `scale` makes the paragraph larger than the text around it.
    """

    runs: tuple[Run, ...]
    bullet: bool = False
    space: float = 0.0
    scale: float = 1.0

    @property
    def text(self) -> str:
        """The text without its weights."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Face:
    """The widths of a family, in thousandths of its size."""

    line_height: float
    regular: dict[str, int] = field(repr=False)
    bold: dict[str, int] = field(repr=False)
    factor: float
    # Words come back: in other sizes, in other boxes, on other slides.
    known: dict[tuple[str, bool], int] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    # Texts too: at every size and in every width that is tried for them.
    split: dict[tuple[Run, ...], tuple[tuple[int, ...], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Return how wide a text is, in points."""
        return self.points(self._units(text, bold), size)

    def points(self, units: int, size: float) -> float:
        """Return thousandths of a size, in points, as points."""
        return units * size * self.factor / 1000

    def words(self, runs: Sequence[Run]) -> tuple[tuple[int, ...], ...]:
        """Return the words of runs, each as the widths of its pieces, in thousandths."""
        known = self.split.get(key := tuple(runs))
        if known is None:
            known = self.split[key] = tuple(
                tuple(self._units(piece.text, piece.bold) for piece in word)
                for word in _words(runs)
            )
        return known

    def _units(self, text: str, bold: bool) -> int:
        units = self.known.get((text, bold))
        if units is None:
            widths = self.bold if bold else self.regular
            units = sum(widths.get(character, UNKNOWN_CHARACTER) for character in text)
            self.known[text, bold] = units
        return units


@cache
def face(family: str) -> Face:
    """Return the widths of a family, or of the nearest one that is known."""
    path = templates_folder() / "slides" / "widths.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    known = FAMILIES.get(family.lower())
    measures = stored["families"][known or "arial"]
    characters = stored["characters"]
    return Face(
        line_height=measures["line_height"],
        regular=_widths(characters, measures["regular"]),
        bold=_widths(characters, measures["bold"]),
        factor=1.0 if known else OTHER_FAMILY_FACTOR,
    )


def in_capitals(font: Face) -> Face:
    """Return the widths of texts that are shown in capitals."""

    def capital(widths: dict[str, int]) -> dict[str, int]:
        return {
            character: widths.get(character.upper(), width) for character, width in widths.items()
        }

    return replace(font, regular=capital(font.regular), bold=capital(font.bold))


def is_known(family: str) -> bool:
    """Return whether the widths of the family are those of a font that was measured."""
    return family.lower() in FAMILIES


def count_lines(runs: Sequence[Run], font: Face, size: float, width: float) -> int:
    """Return on how many lines the runs stand in a width in points, broken at spaces."""
    lines, used = 1, 0.0
    space = font.width(" ", size)
    for word in font.words(runs):
        length = sum([font.points(units, size) for units in word])
        if used and used + space + length > width:
            lines, used = lines + 1, 0.0
        if length > width:  # a word wider than the box is broken anywhere
            lines += int(length // width)
            length %= width
        used = used + space + length if used else length
    return lines


def text_height(
    paragraphs: Sequence[Paragraph], font: Face, size: float, width: float, indent: float = 0.0
) -> float:
    """Return the height of paragraphs in points, in a width and with an indent in points."""
    height = 0.0
    for place, paragraph in enumerate(paragraphs):
        own = size * paragraph.scale
        line = font.line_height * own
        room = max(width - (indent if paragraph.bullet else 0.0), own)
        height += count_lines(paragraph.runs, font, own, room) * line
        height += paragraph.space * line if place else 0.0
    return height


def fits(
    paragraphs: Sequence[Paragraph], font: Face, box: Box, size: float, indent: float = 0.0
) -> bool:
    """Return whether paragraphs stand in a box, in inches, at a size in points."""
    height = text_height(
        paragraphs, font, size, box.width * POINTS_PER_INCH, indent * POINTS_PER_INCH
    )
    return height <= box.height * POINTS_PER_INCH + 0.01


def largest_size(
    paragraphs: Sequence[Paragraph],
    font: Face,
    box: Box,
    sizes: tuple[int, int],
    where: str,
    indent: float = 0.0,
) -> int:
    """Return the largest size, in points, from sizes[1] down to sizes[0], at which a text fits.

    Bulleted paragraphs are narrower by the indent, in inches.

    Raises:
        RenderError: it does not fit at the smallest size.
    """
    smallest, largest = sizes
    for size in range(largest, smallest - 1, -1):
        if fits(paragraphs, font, box, size, indent):
            return size
    text = " / ".join(paragraph.text for paragraph in paragraphs)
    raise RenderError(
        f"a text of {len(text)} characters does not fit its box: {text[:80]}",
        where=where,
        expected=f"at most {box.width:.1f} by {box.height:.1f} inches at {smallest} points",
        todo="shorten the text, or give a template with more room",
    )


def _widths(characters: str, widths: Sequence[int]) -> dict[str, int]:
    table = dict(zip(characters, widths, strict=True))
    return table | {NO_BREAK: table[" "], NARROW_NO_BREAK: table[" "]}


def _words(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the words of the runs; a word may hold pieces of several weights."""
    word: list[Run] = []
    for run in runs:
        for place, piece in enumerate(run.text.split(" ")):
            if place and word:
                yield word
                word = []
            if piece:
                word.append(Run(piece, run.bold))
    if word:
        yield word
