"""What of a client's presentation fits the deck, and what is missing: said before it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.deck.client_file import drop_slides, open_presentation
from report.deck.fit import (
    POINTS_PER_INCH,
    SMALLEST_BODY,
    SMALLEST_TITLE,
    Box,
    Paragraph,
    Run,
    fits,
    is_known,
)
from report.deck.footer import SMALLEST_FOOTER
from report.deck.inherited import families
from report.deck.layouts import (
    SMALLEST_BODY_BOX,
    LayoutKind,
    box_of,
    contents_of,
    is_roomy,
    placeholder_kind,
    text_box_of,
    title_of,
)
from report.deck.template import Design, design_of

# Slides less wide for their height than this were made for another screen than the deck.
WIDE = 1.5
# A source line as long as most: the name of a file, a count, a date.
SOURCE_LINE = "Source: a-database-of-orders.zip, 100,000 orders up to 31 December 2018."


@dataclass(frozen=True)
class TemplateFinding:
    """One thing about a template: whether it fits, what was looked at, and what it means."""

    fits: bool
    what: str
    found: str
    todo: str = ""

    def __str__(self) -> str:
        """Return the finding as a line."""
        line = f"{'ok' if self.fits else 'look':<6}{self.what}: {self.found}"
        return f"{line} ({self.todo})" if self.todo else line


def check_template(path: Path) -> list[TemplateFinding]:
    """Return what of a client's presentation fits, and what is missing or too small.

    Raises:
        RenderError: it cannot be opened, or has no layout with a title and a content.
    """
    presentation = open_presentation(path)
    slides = len(presentation.slides)
    drop_slides(presentation)
    design = design_of(presentation, is_own=False, where=str(path))
    return [
        _check_size(design, slides),
        *_check_layouts(design),
        *_check_room(design),
        *_check_footers(design),
        _check_background(design),
        *_check_pictures(design),
        *_check_fonts(design),
        *_check_links(presentation),
    ]


def _check_size(design: Design, slides: int) -> TemplateFinding:
    is_wide = design.width / design.height >= WIDE
    return TemplateFinding(
        fits=is_wide,
        what="slides",
        found=f"{design.width:.2f} by {design.height:.2f} inches; its {slides} slides are left out",
        todo=""
        if is_wide
        else "narrower than 16:9: texts are set smaller, and what is optional is left to the notes",
    )


def _check_layouts(design: Design) -> list[TemplateFinding]:
    instead: dict[LayoutKind, str] = {
        "title": "the cover will use another layout",
        "obj": "charts and tables will stand under the title of `Title Only`",
        "twoObj": "the content's zone will be divided for a chart and its text",
        "titleOnly": "`Title and Content` will be used in its place",
    }
    findings = []
    for kind, consequence in instead.items():
        layout = design.layouts.get(kind)
        found = "missing" if layout is None else f"`{layout.name}`"
        todo = consequence if layout is None else ""
        findings.append(TemplateFinding(layout is not None, f"layout {kind}", found, todo))
    return findings


def _check_room(design: Design) -> list[TemplateFinding]:
    title = text_box_of(title_of(design.layout("titleOnly", "obj")))
    needed = 2 * SMALLEST_TITLE * design.title_face.line_height / POINTS_PER_INCH
    return [
        TemplateFinding(
            title.height >= needed,
            "title",
            f"{title.width:.1f} by {title.height:.1f} inches",
            "" if title.height >= needed else f"two lines of {SMALLEST_TITLE} points do not fit",
        ),
        _check_content(design),
    ]


def _check_content(design: Design) -> TemplateFinding:
    """Return whether the content has room, and what is done where it has none."""
    width, height = SMALLEST_BODY_BOX
    needed = f"tables at {SMALLEST_BODY} points need about {width:.0f} by {height:.1f} inches"
    zones = [box_of(content) for content in contents_of(design.layout("obj"))[:1]]
    zone = zones[0] if zones else design.body
    found = _size(zone)
    if is_roomy(zone):
        return TemplateFinding(True, "content", found)
    if is_roomy(design.body):
        return TemplateFinding(
            False, "content", found, f"the room under the title is used: {_size(design.body)}"
        )
    return TemplateFinding(False, "content", f"{_size(design.body)} at most", needed)


def _size(box: Box) -> str:
    return f"{box.width:.1f} by {box.height:.1f} inches"


def _check_footers(design: Design) -> list[TemplateFinding]:
    layout = design.layout("titleOnly", "obj")
    found = {placeholder_kind(placeholder): placeholder for placeholder in layout.placeholders}
    number = TemplateFinding(
        "sldNum" in found,
        "slide number",
        "there" if "sldNum" in found else "missing",
        "" if "sldNum" in found else "the number will not be shown",
    )
    return [_check_footer(design, found.get("ftr")), number]


def _check_footer(design: Design, footer: Any | None) -> TemplateFinding:
    """Return whether the source line fits the footer."""
    if footer is None:
        todo = "the source line will stand in the notes alone"
        return TemplateFinding(False, "footer", "missing", todo)
    line = (Paragraph((Run(SOURCE_LINE),)),)
    is_long_enough = fits(line, design.body_face, text_box_of(footer), SMALLEST_FOOTER)
    todo = "" if is_long_enough else "too small for the source line, which the notes hold"
    return TemplateFinding(is_long_enough, "footer", "there", todo)


def _check_background(design: Design) -> TemplateFinding:
    found = "light texts, for a dark background" if design.is_dark else "dark texts"
    todo = "tables and charts will stand on white" if design.is_dark else ""
    return TemplateFinding(not design.is_dark, "colours", found, todo)


def _check_pictures(design: Design) -> list[TemplateFinding]:
    """Name the layouts whose picture would stay empty."""
    return [
        TemplateFinding(
            False,
            "picture",
            f"`{layout.name}` holds one",
            "it is left out: the deck brings no picture of its own",
        )
        for layout in design.layouts.values()
        if "pic" in {placeholder_kind(placeholder) for placeholder in layout.placeholders}
    ]


def _check_fonts(design: Design) -> list[TemplateFinding]:
    return [
        TemplateFinding(
            is_known(family),
            f"font of {use}",
            f"`{family}`",
            "" if is_known(family) else "measured as Arial and a little wider",
        )
        for use, family in zip(("titles", "texts"), families(design.presentation), strict=True)
    ]


def _check_links(presentation: Any) -> list[TemplateFinding]:
    """Name what the master and its layouts would fetch when the deck is opened."""
    holders = [presentation.slide_master, *presentation.slide_layouts]
    links = sorted(
        {
            str(relationship.target_ref)
            for holder in holders
            for relationship in holder.part.rels.values()
            if relationship.is_external
        }
    )
    if not links:
        return []
    todo = "the deck would reach outside when opened: embed it in the template"
    return [TemplateFinding(False, "link", link, todo) for link in links]
