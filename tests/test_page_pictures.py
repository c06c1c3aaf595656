"""Every page of the PDFs looks as it did: pictures of the sample's pages against stored ones.

`make pictures` renews them; look at them before they are committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from made import made
from PIL import Image

STORED = Path(__file__).parent / "fixtures" / "pages"
DOCUMENTS = ("playbook", "proposal")
RESOLUTION, COLUMNS = 26, 4
# Of 255: a pixel differs from this on, and a page from this share of its pixels on. Another
# version of the text's engine moves edges by less; a block that moves or goes by more.
PIXEL, SHARE = 60, 0.04


def picture(written: bytes, folder: Path) -> list[Image.Image]:
    """Return the pages of a PDF as small grey pictures."""
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("no pdftoppm to draw the pages")
    (folder / "x.pdf").write_bytes(written)
    command = [program, "-r", str(RESOLUTION), "-gray", "-png", "x.pdf", "x"]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  poppler's own program
    return [Image.open(path).convert("L") for path in sorted(folder.glob("x-*.png"))]


def sheet(pages: list[Image.Image]) -> Image.Image:
    """Return the pages side by side."""
    width, height = pages[0].size
    rows = -(-len(pages) // COLUMNS)
    whole = Image.new("L", (width * COLUMNS, height * rows), 255)
    for place, page in enumerate(pages):
        whole.paste(page, (width * (place % COLUMNS), height * (place // COLUMNS)))
    return whole


def changed(one: Image.Image, other: Image.Image) -> float:
    """Return the share of the pixels that differ."""
    gap = np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int))
    return float((gap >= PIXEL).mean())


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("language", ["fr", "pt-BR"])
def test_every_page_looks_as_stored(name: str, language: str, tmp_path: Path) -> None:
    pages = picture(made(name, language), tmp_path)
    stored = STORED / f"{name}-{language}.png"
    if os.environ.get("PLAYBOOK_RENEW"):
        STORED.mkdir(exist_ok=True)
        sheet(pages).quantize(16).save(stored, optimize=True)
    kept = Image.open(stored).convert("L")
    assert kept.size == sheet(pages).size, "the number of pages changed"
    width, height = pages[0].size
    for place, page in enumerate(pages):
        left, top = width * (place % COLUMNS), height * (place // COLUMNS)
        before = kept.crop((left, top, left + width, top + height))
        assert changed(before, page) < SHARE, f"page {place + 1} of {stored.name}"


def test_a_block_that_moves_is_seen() -> None:
    page = Image.new("L", (215, 304), 255)
    moved = page.copy()
    page.paste(0, (20, 100, 190, 120))
    moved.paste(0, (20, 120, 190, 140))
    assert changed(page, moved) > SHARE
