"""Checks of a PDF that a machine can make for PDF/UA-1 and PDF/A-3a; `faults` names what fails.

The rules are those where a document of ours could go wrong (ISO 14289-1 clause 7, ISO 19005-3
clause 6): declarations, language, title, tags, alternative texts, headings, tables, links, marked
content, fonts, bookmarks. It is not a whole validator: run veraPDF on top where there is one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
from pypdf import PdfReader


def faults(written: bytes) -> list[str]:
    """Return what is wrong with the PDF, an empty list when nothing was found."""
    with pikepdf.open(io.BytesIO(written)) as pdf:
        elements = list(structure_elements(pdf))
        return [
            *_declarations(pdf),
            *_alternatives(elements),
            *_headings(elements),
            *_tables(elements),
            *_links(pdf, elements),
            *_marked_content(pdf, elements),
            *_fonts(pdf),
            *([] if "/Outlines" in pdf.Root else ["no bookmarks"]),
            *(["encrypted"] if pdf.is_encrypted else []),
        ]


def structure_elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield the structure elements that hang off the tree, in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting.extend(reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            if "/K" in kid:
                waiting.append(kid.K)


def text_of(written: bytes) -> str:
    """Return the words of the PDF, pages separated by form feeds, spaces made plain."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(written)).pages]
    return "\f".join(" ".join(page.split()) for page in pages)


def plain(text: str) -> str:
    """Return a text without what lines and pages do to it: no space, no hyphen."""
    return re.sub(r"[\s\-\u2010\u00ad]", "", text)


def _declarations(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not displayed"
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "no title"
        for key, value in (
            ("pdfuaid:part", "1"),
            ("pdfaid:part", "3"),
            ("pdfaid:conformance", "A"),
        ):
            if metadata.get(key) != value:
                yield f"metadata: {key} is {metadata.get(key)!r}"
    if not any(intent.get("/S") == "/GTS_PDFA1" for intent in root.get("/OutputIntents", [])):
        yield "no output intent"
    for page in pdf.pages:
        if page.obj.get("/Tabs") != "/S":
            yield "tab order is not that of the tags"


def _alternatives(elements: list[Any]) -> Iterator[str]:
    for element in elements:
        if element.S == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "a figure has no alternative text"


def _headings(elements: list[Any]) -> Iterator[str]:
    levels = [int(str(element.S)[2]) for element in elements if str(element.S)[1:] in HEADINGS]
    if not levels or levels[0] != 1:
        yield "the first heading is not of level 1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")


def _tables(elements: list[Any]) -> Iterator[str]:
    for table in (element for element in elements if element.S == "/Table"):
        rows = [row for row in _below(table) if row.S == "/TR"]
        cells = [[cell for cell in _kids(row) if cell.S in ("/TH", "/TD")] for row in rows]
        headers = [cell for row in cells for cell in row if cell.S == "/TH"]
        if not headers:
            yield "a table has no header cell"
        if any("/Scope" not in header.get("/A", {}) for header in headers):
            yield "a header cell has no scope"
        widths = {sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in row) for row in cells}
        if len(widths) != 1:
            yield f"a table has rows of {sorted(widths)} columns"


def _links(pdf: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    owned = {
        kid.Obj.objgen
        for element in elements
        if element.S == "/Link"
        for kid in _array(element.get("/K"))
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    names = _destinations(pdf)
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            if annotation.Subtype != "/Link":
                continue
            if annotation.objgen not in owned:
                yield "a link is outside the tags"
            if "/A" in annotation and annotation.A.S != "/GoTo":
                yield "a link leaves the document"
            if "/Dest" in annotation and str(annotation.Dest) not in names:
                yield f"a link leads nowhere: {annotation.Dest}"


def _destinations(pdf: pikepdf.Pdf) -> set[str]:
    names = pdf.Root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    return {str(name) for name in list(names)[::2]}


def _marked_content(pdf: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    in_tree = {element.objgen for element in elements}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for number, page in enumerate(pdf.pages, start=1):
        owners = parents[int(page.obj.StructParents)]
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                owned = name == "BDC" and isinstance(operands[1], pikepdf.Dictionary)
                if owned and "/MCID" in operands[1]:
                    owner = owners[int(operands[1].MCID)]
                    if owner is None or owner.objgen not in in_tree:
                        yield f"page {number}: marked content outside the tags"
            elif name == "EMC":
                depth -= 1
            elif name in ("Tj", "TJ", "Do") and depth == 0:
                yield f"page {number}: content that is neither tagged nor an artifact"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") == "/Type0" and "/ToUnicode" not in item:
            yield f"font {item.get('/BaseFont')} has no map to Unicode"
        descriptor = item.get("/FontDescriptor")
        if descriptor is None and "/DescendantFonts" not in item:
            yield f"font {item.get('/BaseFont')} is not embedded"
        if descriptor is not None and not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"font {item.get('/BaseFont')} is not embedded"


def _array(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _kids(element: Any) -> list[Any]:
    return [
        kid
        for kid in _array(element.get("/K"))
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    ]


def _below(element: Any) -> Iterator[Any]:
    for kid in _kids(element):
        yield kid
        yield from _below(kid)


def lowest_text(written: bytes) -> list[float]:
    """Return how high the lowest text above the footer of each page stands (0 bottom, 1 top)."""
    lowest = []
    for page in PdfReader(io.BytesIO(written)).pages:
        height = float(page.mediabox.height)
        places: list[float] = []

        def keep(
            text: str, transform: Any, matrix: Any, *_rest: Any, into: list[float] = places
        ) -> None:
            if text.strip():
                into.append(matrix[4] * transform[1] + matrix[5] * transform[3] + transform[5])

        page.extract_text(visitor_text=keep)
        lowest.append(min(place for place in places if place > FOOTER_POINTS) / height)
    return lowest


FOOTER_POINTS = 46
