"""One sheet, one page: lays out, measures each sheet, spreads or tightens it, and checks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from analysis.errors import RenderError

# CSS pixels, whole numbers: fractions add up to a line that does not fit.
MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM = 76, 64, 62
GAP, SMALLEST_GAP, LARGEST_GAP = 18, 11, 38
# Text size and gap, from the intended ones to the smallest that is comfortable in print (8 pt).
LADDER = (
    (13.0, GAP),
    (13.0, SMALLEST_GAP),
    *((size, SMALLEST_GAP) for size in (12.6, 12.2, 11.8, 11.4, 11.0, 10.7)),
)


@dataclass(frozen=True)
class Fit:
    """How a sheet is set, and what is known of it.

    `rung` is its place on the ladder, `spread` what is added to its gaps in px. It is known to
    spill down to `spills` and to fit from `fits` on; `settled` when nothing is left to try.
    """

    rung: int = 0
    spread: int = 0
    spills: int = -1
    fits: int = len(LADDER)
    settled: bool = False

    def css(self, anchor: str) -> str:
        """Return the rule that sets the sheet so."""
        size, gap = LADDER[self.rung]
        return (
            f"[id='{anchor}'] "
            f"{{ --gap: {gap}px; --spread: {self.spread}px; font-size: {size}px }}"
        )


def lay_out(html: str, fetcher: URLFetcher) -> Document:
    """Return the laid-out document, each `<section class="sheet" id=...>` on exactly one page.

    The first pass lays out everything; the next ones only the sheets that are not settled.

    Raises:
        RenderError: a sheet still needs more than a page at the tightest setting.
    """
    page = HTML(string=html, url_fetcher=fetcher)
    gaps = _count_gaps(page)
    fits = {anchor: Fit() for anchor in gaps}
    fonts = FontConfiguration()
    document = _render(page, fits, gaps, fonts)
    while waiting := [anchor for anchor in gaps if not fits[anchor].settled]:
        for anchor in waiting:
            pages, free = _measure(document, anchor)
            fits[anchor] = adjusted(anchor, fits[anchor], pages, free, gaps[anchor])
        left = [anchor for anchor in waiting if not fits[anchor].settled]
        document = _render(page, fits, left or gaps, fonts)
    if len(document.pages) != len(gaps):
        raise RenderError(
            f"{len(document.pages)} pages for {len(gaps)} sheets",
            expected="one page a sheet",
            todo="this is a fault of the program: please report it",
        )
    return document


def _count_gaps(page: HTML) -> dict[str, int]:
    """Return the number of gaps between the blocks of each sheet, in the order of the pages."""
    return {
        section.get("id"): len(section) - 1 if section.get("data-fixed") is None else 0
        for section in page.etree_element.iter("section")
        if "sheet" in section.get("class", "").split()
    }


def _render(
    page: HTML, fits: Mapping[str, Fit], shown: Collection[str], fonts: FontConfiguration
) -> Document:
    """Lay out the sheets that are shown, set as given."""
    margins = f"{MARGIN_TOP}px {MARGIN_SIDE}px {MARGIN_BOTTOM}px"
    rules = [f"@page {{ size: A4; margin: {margins} }}"]
    rules += [
        fit.css(anchor) if anchor in shown else f"[id='{anchor}'] {{ display: none }}"
        for anchor, fit in fits.items()
    ]
    settings = CSS(string="\n".join(rules), url_fetcher=page.url_fetcher, font_config=fonts)
    return page.render(stylesheets=[settings], font_config=fonts, pdf_variant="pdf/a-3a")


def _measure(document: Document, anchor: str) -> tuple[int, float]:
    """Return the number of pages a sheet takes and the free height at its end in px."""
    pages = [page for page in document.pages if anchor in page.anchors]
    bottom = pages[-1].anchors[anchor][3]
    return len(pages), pages[-1].height - MARGIN_BOTTOM - bottom


def adjusted(anchor: str, fit: Fit, pages: int, free: float, gaps: int) -> Fit:
    """Return the next setting of a sheet: tighter when it spills, spread when it has room.

    The loosest rung that fits is found by bisection.

    Raises:
        RenderError: it spills at the tightest setting.
    """
    if fit.spread:
        return replace(fit, spread=0 if pages > 1 else fit.spread, settled=True)
    fit = replace(fit, spills=fit.rung) if pages > 1 else replace(fit, fits=fit.rung)
    if fit.spills == len(LADDER) - 1:
        raise RenderError(
            f"the page {anchor!r} spills over {pages} pages, even with the smallest text",
            expected="one page",
            todo="shorten its texts: the longest are in templates/content",
        )
    if fit.fits - fit.spills > 1:
        return replace(fit, rung=(fit.fits + fit.spills) // 2)
    if pages > 1:
        return replace(fit, rung=fit.fits)
    spread = min(int(free / gaps), LARGEST_GAP - LADDER[fit.rung][1]) if gaps else 0
    return replace(fit, spread=spread, settled=spread < 1)
