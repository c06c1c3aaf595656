"""Reads a deck back: its slides as lists of places and words, for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pptx import Presentation

EMU_PER_INCH = 914_400
EDGE = 0.01


@dataclass(frozen=True)
class Piece:
    """A shape as a reader meets it: where it stands in inches, what it is, what it says."""

    kind: str
    name: str
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def meets(self, other: Piece) -> bool:
        """Return whether two pieces cover a common place."""
        return (
            self.left < other.right - EDGE
            and other.left < self.right - EDGE
            and self.top < other.bottom - EDGE
            and other.top < self.bottom - EDGE
        )


def open_deck(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def shapes_of(holder: Any) -> Iterator[Any]:
    """Yield every shape, those in groups too."""
    for shape in holder.shapes:
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from shapes_of(shape)
        else:
            yield shape


def pieces(slide: Any) -> list[Piece]:
    """Return the slide's pieces from top to bottom."""
    found = [_piece(shape) for shape in shapes_of(slide)]
    return sorted(found, key=lambda piece: (piece.top, piece.left, piece.kind))


def faults_of_place(content: bytes) -> list[str]:
    """Return what leaves its slide, and what covers a text, a chart or a table."""
    deck, faults = open_deck(content), []
    width, height = deck.slide_width / EMU_PER_INCH, deck.slide_height / EMU_PER_INCH
    for number, slide in enumerate(deck.slides, start=1):
        found = pieces(slide)
        faults += [
            f"{number}: {piece} leaves the slide"
            for piece in found
            if min(piece.left, piece.top) < -EDGE
            or piece.right > width + EDGE
            or piece.bottom > height + EDGE
        ]
        said = [piece for piece in found if piece.text or piece.kind != "text"]
        faults += [
            f"{number}: {first} covers {second}"
            for first, second in combinations(said, 2)
            if first.meets(second)
        ]
    return faults


def sizes_of(shape: Any) -> Iterator[float]:
    """Yield the sizes, in points, that a shape's texts name."""
    for properties in shape._element.iter("{*}rPr", "{*}defRPr"):
        if properties.get("sz"):
            yield int(properties.get("sz")) / 100


def listing(content: bytes) -> list[str]:
    """Return the deck as lines: the slide, the place, the words."""
    lines = []
    for number, slide in enumerate(open_deck(content).slides, start=1):
        for piece in pieces(slide):
            place = f"{piece.left:.2f} {piece.top:.2f} {piece.right:.2f} {piece.bottom:.2f}"
            lines.append(f"{number} {piece.kind} {place} {piece.text}")
    return lines


def words(content: bytes) -> str:
    """Return all that the slides and the notes say."""
    deck = open_deck(content)
    said = [piece.text for slide in deck.slides for piece in pieces(slide)]
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    return "\n".join([*said, *notes])


def charts(content: bytes) -> list[Any]:
    return [chart for _text_, chart in described_charts(content)]


def described_charts(content: bytes) -> list[tuple[str, Any]]:
    """Return every chart in order, with the text that stands for it."""
    return [
        (shape._element.xpath(".//p:cNvPr")[0].get("descr", ""), shape.chart)
        for slide in open_deck(content).slides
        for shape in slide.shapes
        if shape.has_chart
    ]


def workbooks(content: bytes) -> list[dict[str, str]]:
    """Return the parts of each workbook behind a chart, as text."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as deck:
        for name in deck.namelist():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(deck.read(name))) as book:
                    found.append({part: book.read(part).decode() for part in book.namelist()})
    return found


def _piece(shape: Any) -> Piece:
    left, top, width, height = (
        value / EMU_PER_INCH for value in (shape.left, shape.top, shape.width, shape.height)
    )
    kind = "chart" if shape.has_chart else "table" if shape.has_table else "text"
    return Piece(kind, shape.name, left, top, left + width, top + height, _text(shape))


def _text(shape: Any) -> str:
    if shape.has_chart:
        return "; ".join(series.name for series in shape.chart.plots[0].series)
    if shape.has_table:
        return " | ".join(cell.text_frame.text for row in shape.table.rows for cell in row.cells)
    return shape.text_frame.text if shape.has_text_frame else ""
