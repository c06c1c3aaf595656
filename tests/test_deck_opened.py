"""The deck opened by LibreOffice: all its slides, and every word where the deck meant it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from deck_reader import Piece, open_deck, pieces
from deck_templates import save_brand
from lxml import etree
from made import made
from sample import sample_findings

from report.context import build_context
from report.deck import render_deck
from report.wording import LANGUAGES, Wording

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("soffice") and shutil.which("pdftotext")),
        reason="no LibreOffice, or no poppler",
    ),
]

POINTS = 72
# Rounding of fonts, in inches; of two words, the part of the smaller that they may share.
EDGE = 0.1
SHARED = 0.25


@dataclass(frozen=True)
class Word:
    """A word as it was set, in inches."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def is_in(self, piece: Piece) -> bool:
        """Return whether the word stands within a shape."""
        return (
            self.left >= piece.left - EDGE
            and self.right <= piece.right + EDGE
            and self.top >= piece.top - EDGE
            and self.bottom <= piece.bottom + EDGE
        )

    def covers(self, other: Word) -> bool:
        """Return whether two words stand on one another."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return False
        return width * height > SHARED * min(self.area, other.area)

    @property
    def area(self) -> float:
        """The area of its box."""
        return (self.right - self.left) * (self.bottom - self.top)


@pytest.fixture(scope="module", params=[*LANGUAGES, "narrow", "dark", "renamed"])
def opened(request, tmp_path_factory) -> tuple[list[list[Piece]], list[list[Word]]]:
    """Return for each slide what was meant, and the words that LibreOffice set."""
    folder = tmp_path_factory.mktemp("opened")
    is_language = request.param in LANGUAGES
    wording = Wording(request.param if is_language else "pt-BR")
    template = None if is_language else save_brand(request.param, folder)
    if template is None:
        deck = made("deck", request.param)
    else:
        deck = render_deck(build_context(sample_findings(), wording), wording, template)
    path = folder / "deck.pptx"
    path.write_bytes(deck)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run([*command, profile], check=True, capture_output=True)  # noqa: S603
    return [pieces(slide) for slide in open_deck(deck).slides], _words(folder / "deck.pdf")


def _words(path: Path) -> list[list[Word]]:
    command = ["pdftotext", "-bbox", str(path), "-"]
    run = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    root = etree.fromstring(run.stdout, etree.XMLParser(recover=True, load_dtd=False))
    return [
        [
            Word(word.text, *(float(word.get(name)) / POINTS for name in _EDGES))
            for word in page.iter("{*}word")
        ]
        for page in root.iter("{*}page")
    ]


_EDGES = ("xMin", "yMin", "xMax", "yMax")


def test_every_slide_is_there(opened):
    meant, found = opened
    assert len(meant) == len(found) > 20
    assert all(words for words in found)


def test_every_word_stands_in_its_shape(opened):
    meant, found = opened
    out = [
        (number, word)
        for number, (shapes, words) in enumerate(zip(meant, found, strict=True), start=1)
        for word in words
        if not any(word.is_in(shape) for shape in shapes)
    ]
    assert out == []


def test_no_word_covers_another(opened):
    """Words of charts are set by the program that shows them, some of them turned."""
    meant, found = opened
    covered = [
        (number, first, second)
        for number, (shapes, words) in enumerate(zip(meant, found, strict=True), start=1)
        for first, second in combinations(_outside_charts(words, shapes), 2)
        if first.covers(second)
    ]
    assert covered == []


def _outside_charts(words: list[Word], shapes: list[Piece]) -> list[Word]:
    charts = [shape for shape in shapes if shape.kind == "chart"]
    return [word for word in words if not any(word.is_in(chart) for chart in charts)]
