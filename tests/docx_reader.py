"""The words of a Word file: paragraphs, cells and footer, in the order of the file."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footer1.xml")


def docx_words(content: bytes) -> str:
    """Return the text of the body and the footer, a paragraph a line; fields are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in PARTS if name in archive.namelist()]
        return "\n".join(_text(archive.read(name)) for name in parts)


def _text(part: bytes) -> str:
    root = ElementTree.fromstring(part)  # noqa: S314 - a file of our own
    for field in root.iter(f"{WORD}fldSimple"):
        field.clear()
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(f"{WORD}t"))
        for paragraph in root.iter(f"{WORD}p")
    )
