"""What of a client's presentation fits the deck, and what is missing: said before it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.deck.fit import POINTS_PER_INCH, SMALLEST_BODY, SMALLEST_TITLE, is_known
from report.deck.template import (
    EMU_PER_INCH,
    Design,
    LayoutKind,
    design_of,
    drop_slides,
    families,
    open_presentation,
    placeholder_kind,
    text_box_of,
    title_of,
)

SMALLEST_BODY_BOX = (8.0, 3.6)


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
        *_check_fonts(design),
        *_check_links(presentation),
    ]


def _check_size(design: Design, slides: int) -> TemplateFinding:
    height = design.presentation.slide_height / EMU_PER_INCH
    return TemplateFinding(
        fits=True,
        what="slides",
        found=f"{design.width:.2f} by {height:.2f} inches; its {slides} slides are left out",
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
    width, height = SMALLEST_BODY_BOX
    body = design.body
    return [
        TemplateFinding(
            title.height >= needed,
            "title",
            f"{title.width:.1f} by {title.height:.1f} inches",
            "" if title.height >= needed else f"two lines of {SMALLEST_TITLE} points do not fit",
        ),
        TemplateFinding(
            body.width >= width and body.height >= height,
            "content",
            f"{body.width:.1f} by {body.height:.1f} inches",
            ""
            if body.width >= width and body.height >= height
            else f"tables at {SMALLEST_BODY} points need about {width:.0f} by {height:.1f} inches",
        ),
    ]


def _check_footers(design: Design) -> list[TemplateFinding]:
    layout = design.layout("titleOnly", "obj")
    kinds = {placeholder_kind(placeholder) for placeholder in layout.placeholders}
    names = {"ftr": ("footer", "the source line"), "sldNum": ("slide number", "the number")}
    return [
        TemplateFinding(
            kind in kinds,
            what,
            "there" if kind in kinds else "missing",
            "" if kind in kinds else f"{lost} will not be shown",
        )
        for kind, (what, lost) in names.items()
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
