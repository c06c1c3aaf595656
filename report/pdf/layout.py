"""One sheet, one page: lays each sheet out, tightens what spills, spreads what has room.

A sheet that spills over its page is laid out again with smaller text, within limits, then without
the parts that it can spare, from the last; one that spills still runs over to another page, whole
and in a comfortable size. What room a sheet leaves goes between its blocks, which only move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, ReplacedBox
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.text.fonts import FontConfiguration

from analysis.errors import RenderError
from report.pdf.assets import AssetFetcher
from report.pdf.lean_html import LeanHTML

# CSS pixels, whole numbers: fractions add up to a line that does not fit.
MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM = 68, 64, 56
HEIGHT = 1120 - MARGIN_TOP - MARGIN_BOTTOM
SMALLEST_GAP, LARGEST_GAP = 11, 38
# From the intended size of text to the smallest that is comfortable in print (8 pt).
TEXT_SIZES = (13.0, 12.6, 12.2, 11.8, 11.4, 11.0, 10.7)
SMALLEST = len(TEXT_SIZES) - 1
# What a sheet drops when it would spill at the smallest size: another document tells it too.
SPARE = "spare"
# Marks the parts that were dropped; a part whose loss gains less, in px, comes back.
DROPPED, LEAST_GAIN = "data-dropped", 2.0
# Of a part that was dropped, so many characters are said to whoever made the document.
LONGEST_SAID = 60
# What then stands after the title at the head of the page, given by the document's first sheet.
TITLE, MORE = "data-title", "data-more"
# A sheet that runs over has room: it takes this size of text, as a place in TEXT_SIZES.
COMFORTABLE = 2
# Marks such a sheet, whose blocks then break between pages as the styles say.
RUNS_OVER = "data-runs-over"
# Where sheets and pages differ in number, all are laid out once more in their order, and counted.
COUNTED = '@page { @bottom-right { content: counter(page) " / " counter(pages) } }'
# A sheet takes about this power of its size of text in height: fewer lines, and lower ones, but
# drawings as high as before.
HEIGHT_POWER = 1.2
# A sheet that would take no more than this share of its page gets larger text.
ROOMY = 0.92
# What stands on every page of a document, or may, given by its first sheet.
RUNNING = ("data-document", "data-source", MORE)
STYLES = "asset:styles/"
# An entry of the contents: a link to a sheet, and beside it the number of its page.
CONTENTS = ".//ol[@class='contents']/li"


class Fonts(FontConfiguration):  # type: ignore[misc]
    """The fonts of one document, which stand in a folder until it is written."""

    def __enter__(self) -> Fonts:
        """Return the fonts, to be filled by a page's styles."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove their folder now: the end of the program does not wait for the collector."""
        self.__del__()
        self._folder = None


@dataclass
class _Sheet:
    """A sheet on its way to a layout that fits: its size of text, and what it left out.

    `guessed` says that it started with the size that its texts usually take in their language, and
    that no layout has confirmed yet.
    """

    section: Any
    rung: int
    guessed: bool
    # What may still go, the next to go at the end; what went last, and the height with it.
    spare: list[Any]
    title: str
    dropped: list[tuple[Any, float]] = field(default_factory=list)
    runs_over: bool = False

    def remarks(self) -> Iterator[str]:
        """Yield what was done so that the sheet fits, for whoever made the document."""
        name = f"page {self.section.get('id')!r}"
        for part, _ in self.dropped:
            said = " ".join("".join(part.itertext()).split())
            yield f"{name} leaves out “{shorten(said, LONGEST_SAID, placeholder='…')}”"
        if self.runs_over:
            yield f"{name} goes on on another page"

    def accepts(self, pages: Sequence[Page]) -> bool:
        """Return whether the sheet is done with these pages; prepare its next layout if not."""
        height = _height(pages)
        if len(pages) == 1:
            fits = _overflow(pages[0]) <= 1
        else:
            fits = self.runs_over and all(_lowest(page) <= _floor(page) + 1 for page in pages)
        if fits:
            if not (self.guessed and looser(self.rung, height) < self.rung):
                return True
            self.rung, self.guessed = looser(self.rung, height), False
            return False
        self.guessed = False
        self._give_way(height)
        return False

    def _give_way(self, height: float) -> None:
        """Take smaller text, leave a part out, or run over to another page: the first possible.

        Raises:
            RenderError: a block is higher than a page.
        """
        if self.runs_over:
            raise RenderError(
                f"the page {self.section.get('id')!r} holds a block that is higher than a page",
                expected=f"blocks of at most {HEIGHT} px",
                todo="shorten its texts: the longest are in templates/content",
            )
        if self.rung < SMALLEST:
            self.rung = tighter(self.rung, height)
            return
        self._restore_useless(height)
        if self.spare:
            self._drop(self.spare.pop(), height)
        else:
            self._run_over()
        more = f" · {self.section.get(MORE)}" if self.dropped else ""
        self.section.set(TITLE, self.title + more)

    def _drop(self, part: Any, height: float) -> None:
        part.set(DROPPED, "")
        self.dropped.append((part, height))

    def _restore_useless(self, height: float) -> None:
        """Bring the part back that went last, where the sheet is as high without it."""
        if self.dropped and self.dropped[-1][1] - height < LEAST_GAIN:
            self._restore_last()

    def _restore_last(self) -> None:
        part, _ = self.dropped.pop()
        del part.attrib[DROPPED]

    def _run_over(self) -> None:
        while self.dropped:
            self._restore_last()
        self.runs_over, self.rung = True, COMFORTABLE
        self.section.set(RUNS_OVER, "")


def lay_out(
    html: str, fetcher: AssetFetcher, fonts: Fonts, remarks: list[str] | None = None
) -> Document:
    """Return the laid-out document, each `<section class="sheet" id=...>` on a page of its own.

    A sheet that needs more than a page at the smallest text, without what it can spare, takes two.
    `remarks` takes a line for each part that a sheet spared, and for each sheet that takes two.

    Raises:
        RenderError: a block of a sheet is higher than a page.
    """
    page = LeanHTML(string=html, url_fetcher=fetcher)
    styles = _take_styles(page, fonts)
    sections = list(page.etree_element.iter("section"))
    _set_running_texts(sections)
    sheets = {section.get("id"): _new_sheet(section) for section in sections}
    waiting = dict(sheets)
    settled: dict[str, list[Page]] = {}
    document = None
    while waiting:
        document = _render(page, styles, waiting, fetcher.brand.size, fonts)
        for name, pages in _pages_by_sheet(document.pages).items():
            if waiting[name].accepts(pages):
                settled[name] = pages
                _parent(page).remove(waiting.pop(name).section)
    if remarks is not None:
        remarks += [remark for sheet in sheets.values() for remark in sheet.remarks()]
    if document is None:
        raise RenderError("the page has no sheet", expected="one at least", todo="report it")
    if any(sheet.runs_over for sheet in sheets.values()):
        _restore_order(page, sheets, settled)
        document = _render(page, styles, sheets, fetcher.brand.size, fonts, COUNTED)
        settled = _pages_by_sheet(document.pages)
    return document.copy([part for name in sheets for part in _spread_one(settled[name])])


def _new_sheet(section: Any) -> _Sheet:
    rung = int(section.get("data-rung", "0"))
    spare = [part for part in section.iter() if SPARE in part.get("class", "").split()]
    return _Sheet(section, rung, rung > 0, spare, title=section.get(TITLE, ""))


def _restore_order(
    page: HTML, sheets: Mapping[str, _Sheet], settled: Mapping[str, Sequence[Page]]
) -> None:
    """Put the sheets back in their order, and say in the contents on which page each begins."""
    numbers, before = {}, 0
    for name, sheet in sheets.items():
        _parent(page).append(sheet.section)
        numbers[f"#{name}"] = before + 1
        before += len(settled[name])
    for entry in page.etree_element.findall(CONTENTS):
        (link,), place = entry.iter("a"), entry.find("p[@class='page']")
        place.text = str(numbers[link.get("href")])


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
    sheets: Mapping[str, _Sheet],
    scale: float,
    fonts: Fonts,
    more: str = "",
) -> Document:
    """Lay out the sheets that are left, each with its size of text in px, by the brand's scale."""
    margins = f"{MARGIN_TOP}px {MARGIN_SIDE}px {MARGIN_BOTTOM}px"
    rules = [
        f"@page {{ size: 210mm 297mm; margin: {margins} }} :root {{ --gap: {SMALLEST_GAP}px }}"
    ]
    rules += [
        f"[id='{name}'] {{ font-size: {TEXT_SIZES[sheet.rung] * scale:.2f}px }}"
        for name, sheet in sheets.items()
    ]
    settings = CSS(
        string="\n".join([*rules, more]), url_fetcher=page.url_fetcher, font_config=fonts
    )
    return page.render(stylesheets=[*styles, settings], font_config=fonts, pdf_variant="pdf/a-3a")


def tighter(rung: int, height: float) -> int:
    """Return the next size of text to try for a sheet that spills, as a place in TEXT_SIZES.

    Args:
        rung: the size that it had, not the smallest.
        height: what it took then, in px.
    """
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
    return sum(_lowest(page) + HEIGHT - _floor(page) for page in pages)


def _lowest(page: Page) -> float:
    """Return where the last line or picture of a sheet's page ends."""
    drawn = (LineBox, ReplacedBox)
    inked = (box for box in _sheet(page).descendants() if isinstance(box, drawn))
    lowest = max((box.position_y + box.margin_height() for box in inked), default=0.0)
    return float(max(lowest, MARGIN_TOP))


def _no_picture(*_: Any, **__: Any) -> None:
    """Stand in for what loads the picture of a ground: ours are plain."""


def _spread_one(pages: Sequence[Page]) -> list[Page]:
    """Return the pages of a sheet: spread where it is one, as they are where it runs over."""
    return [_spread(pages[0])] if len(pages) == 1 else list(pages)


def _spread(page: Page) -> Page:
    """Return the page with the room that its sheet leaves between the blocks."""
    sheet = _sheet(page)
    if sheet.element.get("data-fixed") is not None:
        return page
    blocks = [box for box in sheet.children if box.is_in_normal_flow()]
    added = added_gap(-_overflow(page), len(blocks) - 1)
    if not added:
        return page
    for place, block in enumerate(blocks):
        block.translate(dy=place * added)
        for box in block.descendants(placeholders=True):
            # Grounds are places of the page, not of the box.
            if getattr(box, "background", None) is not None:
                layout_box_backgrounds(page._page_box, box, _no_picture, layout_children=False)
    # The places of links, anchors and bookmarks are read from the boxes once more.
    return Page(page._page_box)
