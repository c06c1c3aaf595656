"""The design a deck is poured into: ours, or a client's, read by what its layouts are for.

A layout is known by its `type` (`title`, `obj`, `twoObj`, `titleOnly`), which is the same in every
language, else by its placeholders; never by its name. A client's sample slides are dropped.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analysis.errors import RenderError
from report.deck.fit import (
    Box,
    Face,
    face,
)
from report.deck.theme import house_presentation

LayoutKind = Literal["title", "obj", "twoObj", "titleOnly"]

EMU_PER_INCH = 914_400
LARGEST_TITLE = 28
LARGEST_COVER_TITLE = 44
LARGEST_BODY = 16
LARGEST_FILE = 200 * 1024 * 1024
LEFT_OF_TWO = 0.62  # the chart's part where a template has a single zone
GAP = 0.3
DEFAULT_MARGINS = (91_440, 45_720)

_CONTENT = ("obj", "body", "chart", "tbl", "")
_TITLES = ("title", "ctrTitle")
_TEMPLATE_TYPE = b"presentationml.template.main+xml"
_PRESENTATION_TYPE = b"presentationml.presentation.main+xml"


@dataclass(frozen=True)
class Design:
    """A presentation without slides, its layouts, and where and how a slide's parts stand.

    `body` is what a slide may fill under its title; `halves` are the two zones of a chart and its
    text. `is_own` tells our own presentation, on which the story is marked above the title.
    """

    presentation: Any
    is_own: bool
    layouts: Mapping[LayoutKind, Any]
    body: Box
    halves: tuple[Box, Box]
    title_face: Face
    body_face: Face
    indent: float

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


def own_design() -> Design:
    """Return the design of our own presentation."""
    return design_of(house_presentation(), is_own=True, where="our own slides")


def client_design(path: Path) -> Design:
    """Return the design of a client's presentation (.pptx or .potx), its slides dropped.

    Raises:
        RenderError: it cannot be opened, or has no layout with a title and a content.
    """
    presentation = open_presentation(path)
    drop_slides(presentation)
    return design_of(presentation, is_own=False, where=str(path))


def box_of(shape: Any) -> Box:
    """Return where a shape stands, in inches."""
    values = (shape.left, shape.top, shape.width, shape.height)
    return Box(*(float(value or 0) / EMU_PER_INCH for value in values))


def text_box_of(placeholder: Any) -> Box:
    """Return where a placeholder's text may stand: its box without the margins it inherits."""
    horizontal, vertical = (
        _inherited_margin(placeholder, name, default) / EMU_PER_INCH
        for name, default in zip(("lIns", "tIns"), DEFAULT_MARGINS, strict=True)
    )
    return box_of(placeholder).inside(horizontal, vertical)


def size_of(placeholder: Any, master: Any, largest: int) -> int:
    """Return the size of a placeholder's first level as inherited, at most `largest`, in points."""
    for element in _ancestors(placeholder, master):
        for level in element.iter("{*}lvl1pPr"):
            style = level.find("{*}defRPr")
            if style is not None and style.get("sz"):
                return min(largest, int(style.get("sz")) // 100)
    return largest


def placeholder_kind(placeholder: Any) -> str:
    """Return the type of a placeholder as written in the file; "" is a content of any kind."""
    return str(placeholder._element.ph.get("type", ""))


def title_of(holder: Any) -> Any:
    """Return the title placeholder of a slide or layout, None where there is none."""
    return next((p for p in holder.placeholders if placeholder_kind(p) in _TITLES), None)


def contents_of(holder: Any) -> list[Any]:
    """Return the content placeholders of a slide or layout, from left to right."""
    found = [p for p in holder.placeholders if placeholder_kind(p) in _CONTENT]
    return sorted(found, key=lambda placeholder: (placeholder.left or 0, placeholder.top or 0))


def open_presentation(path: Path) -> Any:
    """Open a presentation or a template of one."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    expected = "a PowerPoint presentation (.pptx) or template (.potx)"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RenderError(
                f"the template takes {path.stat().st_size // 2**20} MB",
                where=str(path),
                expected=f"at most {LARGEST_FILE // 2**20} MB",
                todo="remove its sample slides and pictures",
            )
        return Presentation(io.BytesIO(_as_presentation(path.read_bytes())))
    except (OSError, KeyError, ValueError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise RenderError(
            f"the template cannot be opened: {error}",
            where=str(path),
            expected=expected,
            todo="open it in PowerPoint and save it as .pptx",
        ) from error


def _as_presentation(content: bytes) -> bytes:
    """Return the file with the type of a template changed to that of a presentation."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        names = source.namelist()
        if sum(source.getinfo(name).file_size for name in names) > 4 * LARGEST_FILE:
            raise ValueError("it unpacks to more than any presentation")
        types = source.read("[Content_Types].xml")
        if _TEMPLATE_TYPE not in types:
            return content
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
            for name in names:
                data = source.read(name)
                is_types = name == "[Content_Types].xml"
                result.writestr(
                    name, data.replace(_TEMPLATE_TYPE, _PRESENTATION_TYPE) if is_types else data
                )
        return target.getvalue()


def drop_slides(presentation: Any) -> None:
    """Remove the sample slides, and the lists that name them."""
    root = presentation.part._element
    slides = root.sldIdLst
    for slide in list(slides if slides is not None else ()):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)
    for name in ("custShowLst", "extLst"):
        for element in root.findall(f"{{*}}{name}"):
            root.remove(element)


def design_of(presentation: Any, *, is_own: bool, where: str) -> Design:
    """Return the design of an open presentation without slides.

    Raises:
        RenderError: it has no layout with a title and a content.
    """
    layouts = _find_layouts(presentation)
    if "obj" not in layouts and "titleOnly" not in layouts:
        raise RenderError(
            "no layout has a title and a content",
            where=where,
            expected="a layout `Title and Content`, or at least `Title Only`",
            todo="add one to the slide master, or go without --template",
        )
    body = _body_box(presentation, layouts)
    faces = families(presentation)
    return Design(
        presentation=presentation,
        is_own=is_own,
        layouts=layouts,
        body=body,
        halves=_halves(layouts, body),
        title_face=face(faces[0]),
        body_face=face(faces[1]),
        indent=_indent(presentation),
    )


def _find_layouts(presentation: Any) -> dict[LayoutKind, Any]:
    """Return the layouts of the first master by what they are for."""
    found: dict[LayoutKind, Any] = {}
    for layout in presentation.slide_layouts:
        kind = layout._element.get("type") or _kind_by_placeholders(layout)
        if kind in ("title", "obj", "twoObj", "titleOnly") and _is_usable(layout, kind):
            found.setdefault(kind, layout)
    for layout in presentation.slide_layouts:
        kind = _kind_by_placeholders(layout)
        if kind:
            found.setdefault(kind, layout)
    return found


def _is_usable(layout: Any, kind: str) -> bool:
    """Return whether a layout has what its type promises: templates are edited by hand."""
    needed = {"obj": 1, "twoObj": 2}.get(kind, 0)
    return title_of(layout) is not None and len(contents_of(layout)) >= needed


def _kind_by_placeholders(layout: Any) -> LayoutKind | None:
    """Return what a layout without a known type is for, by its placeholders."""
    kinds = [placeholder_kind(placeholder) for placeholder in layout.placeholders]
    contents = [kind for kind in kinds if kind in _CONTENT]
    if title_of(layout) is None or "pic" in kinds:
        return None
    if "subTitle" in kinds:
        return "title"
    by_count: dict[int, LayoutKind] = {0: "titleOnly", 1: "obj", 2: "twoObj"}
    return by_count.get(len(contents))


def _body_box(presentation: Any, layouts: Mapping[LayoutKind, Any]) -> Box:
    """Return the content's zone, or what a layout with a title alone leaves under it."""
    if "obj" in layouts:
        return box_of(contents_of(layouts["obj"])[0])
    title = box_of(title_of(layouts["titleOnly"]))
    bottom = presentation.slide_height / EMU_PER_INCH - 0.8
    return Box(title.left, title.bottom + 0.2, title.width, bottom - title.bottom - 0.2)


def _halves(layouts: Mapping[LayoutKind, Any], body: Box) -> tuple[Box, Box]:
    if "twoObj" in layouts:
        left, right = (box_of(content) for content in contents_of(layouts["twoObj"])[:2])
        if left.right <= right.left + 0.01:
            return left, right
    width = body.width * LEFT_OF_TWO - GAP / 2
    left = Box(body.left, body.top, width, body.height)
    return left, Box(left.right + GAP, body.top, body.width - width - GAP, body.height)


def families(presentation: Any) -> tuple[str, str]:
    """Return the theme's families for titles and for texts."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(theme.blob, parser)
    found = (root.find(f".//{{*}}{name}/{{*}}latin") for name in ("majorFont", "minorFont"))
    title, body = ("" if family is None else family.get("typeface", "") for family in found)
    return title, body


def _indent(presentation: Any) -> float:
    """Return how far the master sets a bullet's text in, in inches."""
    level = presentation.slide_master._element.find(".//{*}bodyStyle/{*}lvl1pPr")
    return 0.0 if level is None else int(level.get("marL", 0)) / EMU_PER_INCH


def _ancestors(placeholder: Any, master: Any) -> list[Any]:
    """Return the elements that a placeholder inherits from, nearest first."""
    elements, shape = [], placeholder
    while shape is not None:
        elements.append(shape._element)
        shape = getattr(shape, "_base_placeholder", None)
    name = "titleStyle" if placeholder_kind(placeholder) in _TITLES else "bodyStyle"
    style = master._element.find(f".//{{*}}txStyles/{{*}}{name}")
    return elements if style is None else [*elements, style]


def _inherited_margin(placeholder: Any, name: str, default: int) -> int:
    shape = placeholder
    while shape is not None:
        body = shape._element.find(".//{*}bodyPr")
        if body is not None and body.get(name) is not None:
            return int(body.get(name))
        shape = getattr(shape, "_base_placeholder", None)
    return default
