"""One sheet, one page: lays each sheet out, tightens what spills, spreads what has room.

A sheet that spills over its page is laid out again with smaller text, within limits, then without
the parts that it can spare; one that fits keeps its page, and what room is left goes between its
blocks, which only move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, ReplacedBox
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.text.fonts import FontConfiguration

from analysis.errors import RenderError
from report.pdf.assets import AssetFetcher

# CSS pixels, whole numbers: fractions add up to a line that does not fit.
MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM = 68, 64, 56
HEIGHT = 1120 - MARGIN_TOP - MARGIN_BOTTOM
SMALLEST_GAP, LARGEST_GAP = 11, 38
# From the intended size of text to the smallest that is comfortable in print (8 pt).
TEXT_SIZES = (13.0, 12.6, 12.2, 11.8, 11.4, 11.0, 10.7)
SMALLEST = len(TEXT_SIZES) - 1
# What a sheet drops when it would spill at the smallest size: the report tells it too.
SPARE = "spare"
# A sheet takes about this power of its size of text in height: fewer lines, and lower ones, but
# drawings as high as before.
HEIGHT_POWER = 1.2
# A sheet that would take no more than this share of its page gets larger text.
ROOMY = 0.92
# What stands on every page of a document, given by its first sheet.
RUNNING = ("data-document", "data-source")
STYLES = "asset:styles/"


class Fonts(FontConfiguration):  # type: ignore[misc]
    """The fonts of one document, which stand in a folder until it is written."""

    def __enter__(self) -> Fonts:
        """Return the fonts, to be filled by a page's styles."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove their folder now: the end of the program does not wait for the collector."""
        self.__del__()
        self._folder = None


def lay_out(html: str, fetcher: AssetFetcher, fonts: Fonts) -> Document:
    """Return the laid-out document, each `<section class="sheet" id=...>` on exactly one page.

    Raises:
        RenderError: a sheet needs more than a page at the smallest text.
    """
    page = HTML(string=html, url_fetcher=fetcher)
    styles = _take_styles(page, fonts)
    sections = list(page.etree_element.iter("section"))
    names = [section.get("id") for section in sections]
    _set_running_texts(sections)
    rungs = {section.get("id"): int(section.get("data-rung", "0")) for section in sections}
    # The size of text that a sheet starts with, and that no layout has confirmed yet: what its
    # texts usually take in their language, so that most sheets are laid out once.
    guessed = {name for name, rung in rungs.items() if rung}
    # Sheets with parts that another document tells as well, and those that had to drop theirs.
    dispensable = {section.get("id") for section in sections if _has_spare(section)}
    shortened: set[str] = set()
    waiting = dict(zip(names, sections, strict=True))
    settled: dict[str, Page] = {}
    document = None
    while waiting:
        sizes = {name: TEXT_SIZES[rungs[name]] * fetcher.brand.size for name in waiting}
        document = _render(page, styles, sizes, shortened & waiting.keys(), fonts)
        for name, pages in _pages_by_sheet(document.pages).items():
            height = _height(pages)
            if len(pages) > 1 or _overflow(pages[0]) > 1:
                guessed.discard(name)
                if rungs[name] == SMALLEST and name in dispensable - shortened:
                    shortened.add(name)
                else:
                    rungs[name] = tighter(name, rungs[name], height)
            elif name in guessed and looser(rungs[name], height) < rungs[name]:
                rungs[name] = looser(rungs[name], height)
                guessed.discard(name)
            else:
                settled[name] = _spread(pages[0])
                _parent(page).remove(waiting.pop(name))
    if document is None:
        raise RenderError("the page has no sheet", expected="one at least", todo="report it")
    return document.copy([settled[name] for name in names])


def _has_spare(section: Any) -> bool:
    return any(SPARE in part.get("class", "").split() for part in section.iter())


def _parent(page: HTML) -> Any:
    """Return the element that holds the sheets."""
    return page.etree_element.find("body")


def _set_running_texts(sections: Sequence[Any]) -> None:
    """Say on each sheet what its header and footer say, with its number among all."""
    shared = {key: sections[0].get(key, "") for key in RUNNING} if sections else {}
    for place, section in enumerate(sections, start=1):
        for key, text in (*shared.items(), ("data-page", f"{place} / {len(sections)}")):
            section.set(key, text)


def _take_styles(page: HTML, fonts: Fonts) -> list[CSS]:
    """Return the page's own styles, read once for all its layouts, and take their links out."""
    head = page.etree_element.find("head")
    links = [link for link in head.iter("link") if link.get("href", "").startswith(STYLES)]
    styles = []
    for link in links:
        styles.append(CSS(url=link.get("href"), url_fetcher=page.url_fetcher, font_config=fonts))
        head.remove(link)
    return styles


def _render(
    page: HTML,
    styles: Sequence[CSS],
    sizes: Mapping[str, float],
    shortened: Collection[str],
    fonts: Fonts,
) -> Document:
    """Lay out the sheets that are left, each with its size of text in px."""
    margins = f"{MARGIN_TOP}px {MARGIN_SIDE}px {MARGIN_BOTTOM}px"
    rules = [
        f"@page {{ size: 210mm 297mm; margin: {margins} }} :root {{ --gap: {SMALLEST_GAP}px }}"
    ]
    rules += [f"[id='{name}'] {{ font-size: {size:.2f}px }}" for name, size in sizes.items()]
    rules += [f"[id='{name}'] .{SPARE} {{ display: none }}" for name in sorted(shortened)]
    settings = CSS(string="\n".join(rules), url_fetcher=page.url_fetcher, font_config=fonts)
    return page.render(stylesheets=[*styles, settings], font_config=fonts, pdf_variant="pdf/a-3a")


def tighter(name: str, rung: int, height: float) -> int:
    """Return the next size of text to try for a sheet that spills, as a place in TEXT_SIZES.

    Args:
        name: the sheet's id, for the message.
        rung: the size that it had.
        height: what it took then, in px.

    Raises:
        RenderError: it spills at the smallest size.
    """
    if rung == SMALLEST:
        raise RenderError(
            f"the page {name!r} spills by {height - HEIGHT:.0f} px, even with the smallest text",
            expected="one page",
            todo="shorten its texts: the longest are in templates/content",
        )
    likely = (
        smaller
        for smaller in range(rung + 1, SMALLEST)
        if height * (TEXT_SIZES[smaller] / TEXT_SIZES[rung]) ** HEIGHT_POWER <= HEIGHT
    )
    return next(likely, SMALLEST)


def looser(rung: int, height: float) -> int:
    """Return the largest size of text, as a place in TEXT_SIZES, at which a sheet still has room.

    A sheet that is usually dense starts with small text; where it has little to say, it need not.
    """
    fitting = (
        larger
        for larger in range(rung)
        if height * (TEXT_SIZES[larger] / TEXT_SIZES[rung]) ** HEIGHT_POWER <= ROOMY * HEIGHT
    )
    return next(fitting, rung)


def added_gap(room: float, gaps: int) -> int:
    """Return by how many px each gap of a sheet grows, of the room that is left, in px."""
    return max(0, min(int(room / max(gaps, 1)), LARGEST_GAP - SMALLEST_GAP))


# ---------------------------------------------------------------- boxes


def _pages_by_sheet(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """Return the pages that each sheet takes."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        found.setdefault(_sheet(page).element.get("id"), []).append(page)
    return found


def _sheet(page: Page) -> Any:
    """Return the box of the sheet on a page."""
    boxes: Iterator[Any] = page._page_box.descendants()
    return next(box for box in boxes if box.element_tag == "section")


def _floor(page: Page) -> float:
    """Return where the room of a sheet ends: at the footnotes, or at the bottom margin."""
    notes = [box for box in page._page_box.children if isinstance(box, FootnoteAreaBox)]
    floor = float(MARGIN_TOP + HEIGHT)
    return min([floor, *(float(note.position_y) for note in notes if note.children)])


def _overflow(page: Page) -> float:
    """Return by how much a sheet exceeds its room, in px; a cover decides for itself."""
    sheet = _sheet(page)
    if sheet.element.get("data-fixed") is not None:
        return 0.0
    return float(sheet.position_y + sheet.margin_height() - _floor(page))


def _height(pages: Sequence[Page]) -> float:
    """Return about what a sheet takes that is spread over pages, in px, its footnotes included."""
    height = 0.0
    for page in pages:
        drawn = (LineBox, ReplacedBox)
        inked = (box for box in _sheet(page).descendants() if isinstance(box, drawn))
        lowest = max((box.position_y + box.margin_height() for box in inked), default=0.0)
        height += max(lowest, MARGIN_TOP) - MARGIN_TOP + (MARGIN_TOP + HEIGHT - _floor(page))
    return height


def _no_picture(*_: Any, **__: Any) -> None:
    """Stand in for what loads the picture of a ground: ours are plain."""


def _spread(page: Page) -> Page:
    """Return the page with the room that its sheet leaves between the blocks."""
    sheet = _sheet(page)
    if sheet.element.get("data-fixed") is not None:
        return page
    blocks = [box for box in sheet.children if box.is_in_normal_flow()]
    added = added_gap(-_overflow(page), len(blocks) - 1)
    for place, block in enumerate(blocks):
        block.translate(dy=place * added)
        # Grounds are places of the page, not of the box.
        layout_box_backgrounds(page._page_box, block, _no_picture)
    # The places of links, anchors and bookmarks are read from the boxes once more.
    return Page(page._page_box)
