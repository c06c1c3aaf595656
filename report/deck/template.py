"""The design a deck is poured into: ours, or a client's, read by what its layouts are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from string import ascii_lowercase
from typing import Any

from analysis.errors import RenderError
from report.brand import HOUSE, Brand, mean_width
from report.deck.client_file import drop_slides, open_presentation
from report.deck.fit import Box, Face, face, in_capitals
from report.deck.inherited import families, has_capitals, is_for_dark
from report.deck.layouts import (
    EMU_PER_INCH,
    LayoutKind,
    box_of,
    contents_of,
    find_layouts,
    is_roomy,
    margins_of,
    placeholder_kind,
    title_of,
)
from report.deck.theme import WHITE, accent_of, house_presentation

LARGEST_TITLE = 28
LARGEST_COVER_TITLE = 44
LARGEST_BODY = 16
LEFT_OF_TWO = 0.62  # the chart's part where a template has a single zone
GAP = 0.3
# Under a title, and at the slide's foot where a template has no footer.
TITLE_GAP = 0.15
FOOT = 0.6


@dataclass(frozen=True)
class Design:
    """A presentation without slides, its layouts, and where and how a slide's parts stand.

    `body` is what a slide may fill under its title; `halves` are the two zones of a chart and its
    text; `margins` what a placeholder's text loses of its width and height, in inches. `is_own`
    tells our own presentation, on which the story is marked above the title. On a dark design,
    tables and charts stand on white, and texts of our own are light. `accent` is the brand's
    colour, as RRGGBB.
    """

    presentation: Any
    is_own: bool
    layouts: Mapping[LayoutKind, Any]
    body: Box
    halves: tuple[Box, Box]
    margins: tuple[float, float]
    title_face: Face
    body_face: Face
    indent: float
    is_dark: bool
    accent: str

    def layout(self, *kinds: LayoutKind) -> Any:
        """Return the first layout there is of the kinds, else the one that has a content."""
        for kind in kinds:
            if kind in self.layouts:
                return self.layouts[kind]
        return self.layouts.get("obj", next(iter(self.layouts.values())))

    @property
    def width(self) -> float:
        """The slide's width in inches."""
        return float(self.presentation.slide_width) / EMU_PER_INCH

    @property
    def height(self) -> float:
        """The slide's height in inches."""
        return float(self.presentation.slide_height) / EMU_PER_INCH

    @property
    def ink(self) -> str:
        """The colour of a text of our own, as RRGGBB; empty where the master's is right."""
        return WHITE if self.is_dark else ""

    @property
    def panel(self) -> str:
        """The colour that tables and charts stand on; empty where the slide's is right."""
        return WHITE if self.is_dark else ""


def own_design(brand: Brand = HOUSE) -> Design:
    """Return the design of our own presentation, in the brand's colours."""
    return design_of(house_presentation(brand), is_own=True, where="our own slides", brand=brand)


def client_design(path: Path, brand: Brand = HOUSE) -> Design:
    """Return the design of a client's presentation (.pptx or .potx), its slides dropped.

    Raises:
        RenderError: it cannot be opened, or has no layout with a title and a content.
    """
    presentation = open_presentation(path)
    drop_slides(presentation)
    return design_of(presentation, is_own=False, where=str(path), brand=brand)


def design_of(presentation: Any, *, is_own: bool, where: str, brand: Brand = HOUSE) -> Design:
    """Return the design of an open presentation without slides.

    Raises:
        RenderError: it has no layout with a title and a content.
    """
    layouts = find_layouts(presentation)
    layout = layouts.get("obj", layouts.get("titleOnly"))
    if layout is None:
        raise RenderError(
            "no layout has a title and a content",
            where=where,
            expected="a layout `Title and Content`, or at least `Title Only`",
            todo="add one to the slide master, or go without --template",
        )
    body = _body_box(presentation, layout)
    title, text = (_measured(family, brand) for family in families(presentation))
    return Design(
        presentation=presentation,
        is_own=is_own,
        layouts=layouts,
        body=body,
        halves=_halves(layouts, body),
        margins=_margins(layout),
        title_face=in_capitals(title) if has_capitals(presentation, layout) else title,
        body_face=text,
        indent=_indent(presentation),
        is_dark=is_for_dark(presentation, layout),
        accent=accent_of(brand),
    )


def _measured(family: str, brand: Brand) -> Face:
    """Return the widths of a family; the brand's own are at least those of its faces."""
    known = face(family)
    if family != brand.family:
        return known
    weights = {"Regular": known.regular, "Bold": known.bold}
    factors = [
        1000 * mean_width(own) / fmean(weights[name][letter] for letter in ascii_lowercase)
        for name, own in brand.faces
        if name in weights
    ]
    return replace(known, factor=max(known.factor, *factors))


def _body_box(presentation: Any, layout: Any) -> Box:
    """Return the content's zone; the room under the title where that has none, or is too small."""
    contents = [box_of(content) for content in contents_of(layout)[:1]]
    free = free_room(presentation, layout)
    if contents and (is_roomy(contents[0]) or not _is_larger(free, contents[0])):
        return contents[0]
    return free


def _is_larger(first: Box, second: Box) -> bool:
    return first.width * first.height > second.width * second.height


def free_room(presentation: Any, layout: Any) -> Box:
    """Return what a layout leaves between its title and its footers."""
    title = box_of(title_of(layout))
    height = presentation.slide_height / EMU_PER_INCH
    footers = [
        box_of(placeholder).top
        for placeholder in layout.placeholders
        if placeholder_kind(placeholder) in ("ftr", "sldNum", "dt")
    ]
    low = [top for top in footers if top > height / 2]
    bottom = min(low, default=height - FOOT)
    top = title.bottom + TITLE_GAP
    return Box(title.left, top, title.width, max(bottom - TITLE_GAP - top, 0.0))


def _halves(layouts: Mapping[LayoutKind, Any], body: Box) -> tuple[Box, Box]:
    """Return the two zones of a chart and its text: the layout's if they are as roomy as one."""
    if "twoObj" in layouts:
        left, right = (box_of(content) for content in contents_of(layouts["twoObj"])[:2])
        both = Box(left.left, left.top, right.right - left.left, min(left.height, right.height))
        if left.right <= right.left + 0.01 and (is_roomy(both) or not _is_larger(body, both)):
            return left, right
    width = body.width * LEFT_OF_TWO - GAP / 2
    left = Box(body.left, body.top, width, body.height)
    return left, Box(left.right + GAP, body.top, body.width - width - GAP, body.height)


def _margins(layout: Any) -> tuple[float, float]:
    """Return what the texts of a layout's content lose of its width and height, in inches."""
    content = next(iter(contents_of(layout)), None)
    if content is None:
        return 0.0, 0.0
    left, top, right, bottom = margins_of(content)
    return left + right, top + bottom


def _indent(presentation: Any) -> float:
    """Return how far the master sets a bullet's text in, in inches."""
    level = presentation.slide_master._element.find(".//{*}bodyStyle/{*}lvl1pPr")
    return 0.0 if level is None else int(level.get("marL", 0)) / EMU_PER_INCH
