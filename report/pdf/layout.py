"""One sheet, one page: measures each sheet, spreads or tightens it, and lays out the whole.

A sheet is measured on a page that is too high to break it, so its height says how much it lacks or
has left; text and gaps then shrink, or the gaps grow, within limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from analysis.errors import RenderError

# CSS pixels, whole numbers: fractions add up to a line that does not fit.
MARGIN_TOP, MARGIN_SIDE, MARGIN_BOTTOM = 76, 64, 62
HEIGHT = 1120 - MARGIN_TOP - MARGIN_BOTTOM
A4, UNBROKEN = "210mm 297mm", "210mm 9999mm"
GAP, SMALLEST_GAP, LARGEST_GAP = 18, 11, 38
# Text size and gap, from the intended ones to the smallest that is comfortable in print (8 pt).
LADDER = (
    (13.0, GAP),
    (13.0, SMALLEST_GAP),
    *((size, SMALLEST_GAP) for size in (12.6, 12.2, 11.8, 11.4, 11.0, 10.7)),
)
# A text of a size takes about this power of the size in height: fewer lines, and lower ones.
HEIGHT_POWER = 1.6
SHEET = re.compile("(?=<section )")


@dataclass(frozen=True)
class Fit:
    """How a sheet is set: its place on the ladder, and what is added to its gaps in px."""

    rung: int = 0
    spread: int = 0
    settled: bool = False

    def css(self, anchor: str) -> str:
        """Return the rule that sets the sheet so."""
        size, gap = LADDER[self.rung]
        return (
            f"[id='{anchor}'] {{ --gap: {gap}px; --spread: {self.spread}px; font-size: {size}px }}"
        )


def lay_out(html: str, fetcher: URLFetcher) -> Document:
    """Return the laid-out document, each `<section class="sheet" id=...>` on exactly one page.

    Raises:
        RenderError: a sheet needs more than a page at the tightest setting.
    """
    start, *sheets = SHEET.split(html)
    fits: dict[str, Fit] = {}
    fonts = FontConfiguration()
    waiting = sheets
    while waiting:
        page = HTML(string=start + "".join(waiting), url_fetcher=fetcher)
        sections = list(page.etree_element.iter("section"))
        now = {
            section.get("id"): fits.get(section.get("id"), _first(section)) for section in sections
        }
        document = _render(page, now, UNBROKEN, fonts)
        for section, sheet in zip(sections, document.pages, strict=True):
            name = section.get("id")
            height = sheet.anchors[name][3] - MARGIN_TOP
            fits[name] = adjusted(name, now[name], height, len(section) - 1)
        waiting = [
            sheet for sheet, name in zip(waiting, now, strict=True) if not fits[name].settled
        ]
    document = _render(HTML(string=html, url_fetcher=fetcher), fits, A4, fonts)
    if len(document.pages) != len(fits):
        raise RenderError(
            f"{len(document.pages)} pages for {len(fits)} sheets",
            expected="one page a sheet",
            todo="this is a fault of the program: please report it",
        )
    return document


def _first(section: Element) -> Fit:
    """Return the setting to try first: `data-rung` of a sheet known to be dense, or the loosest."""
    fixed = section.get("data-fixed") is not None
    return Fit(rung=int(section.get("data-rung", "0")), settled=fixed)


def _render(page: HTML, fits: Mapping[str, Fit], size: str, fonts: FontConfiguration) -> Document:
    """Lay the sheets out, set as given, on pages of a size."""
    margins = f"{MARGIN_TOP}px {MARGIN_SIDE}px {MARGIN_BOTTOM}px"
    rules = [f"@page {{ size: {size}; margin: {margins} }}"]
    rules += [fit.css(anchor) for anchor, fit in fits.items()]
    settings = CSS(string="\n".join(rules), url_fetcher=page.url_fetcher, font_config=fonts)
    return page.render(stylesheets=[settings], font_config=fonts, pdf_variant="pdf/a-3a")


def adjusted(anchor: str, fit: Fit, height: float, gaps: int) -> Fit:
    """Return the next setting of a sheet: spread when it has room, tighter when it spills.

    Args:
        anchor: the sheet's id, for the message.
        fit: how it was set.
        height: what it took then, in px.
        gaps: how many there are between its blocks.

    Raises:
        RenderError: it spills at the tightest setting.
    """
    if fit.settled:
        return fit
    if height <= HEIGHT:
        spread = min(int((HEIGHT - height) / max(gaps, 1)), LARGEST_GAP - LADDER[fit.rung][1])
        return replace(fit, spread=spread, settled=True)
    if fit.rung == len(LADDER) - 1:
        raise RenderError(
            f"the page {anchor!r} spills by {height - HEIGHT:.0f} px, even with the smallest text",
            expected="one page",
            todo="shorten its texts: the longest are in templates/content",
        )
    likely = (
        rung
        for rung in range(fit.rung + 1, len(LADDER))
        if _expected_height(height, fit.rung, rung, gaps) <= HEIGHT
    )
    return Fit(next(likely, len(LADDER) - 1))


def _expected_height(height: float, rung: int, other: int, gaps: int) -> float:
    """Return about what a sheet takes on another rung of the ladder."""
    (size, gap), (other_size, other_gap) = LADDER[rung], LADDER[other]
    blocks = height - gaps * gap
    estimate: float = blocks * (other_size / size) ** HEIGHT_POWER + gaps * other_gap
    return estimate
