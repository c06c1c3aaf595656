"""The colours of a drawing: written out for print, or those that the page around it decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from report.brand import ACCENT, Brand
from report.views.figures import COMPARISON_GREY, PALETTE


@dataclass(frozen=True)
class Ink:
    """The colours of a drawing: texts, lines, alarm, comparison, the brand's, one a segment.

    The brand's accent is that of what is told of the shop as a whole; segments keep theirs.
    """

    ink: str = "#16213A"
    soft: str = "#4A5366"
    grid: str = "#DCE1EA"
    paper: str = "#FFFFFF"
    alarm: str = "#B4351D"
    grey: str = COMPARISON_GREY
    accent: str = ACCENT
    palette: tuple[str, ...] = PALETTE

    def segment(self, place: int | None) -> str:
        """Return the colour of a place in the palette; None is the grey of comparisons."""
        return self.grey if place is None else self.palette[place % len(self.palette)]


PRINTED = Ink()
FOLLOWS_PAGE = Ink(
    ink="var(--ink)",
    soft="var(--soft)",
    grid="var(--grid)",
    paper="var(--paper)",
    alarm="var(--alarm)",
    grey="var(--grey)",
    accent="var(--accent)",
    palette=tuple(f"var(--segment-{place})" for place in range(len(PALETTE))),
)


def printed(brand: Brand) -> Ink:
    """Return the colours of a drawing on a page of a brand."""
    return replace(PRINTED, accent=brand.accent)
