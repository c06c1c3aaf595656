"""Layouts and placeholders: what they are for, where they stand, what they inherit.

A layout is known by its `type` (`title`, `obj`, `twoObj`, `titleOnly`), which is the same in every
language, else by its placeholders; never by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from report.deck.fit import Box

LayoutKind = Literal["title", "obj", "twoObj", "titleOnly"]

EMU_PER_INCH = 914_400
# The room that tables at the smallest size need, in inches.
SMALLEST_BODY_BOX = (8.0, 3.6)
# Of a layout's contents, those under this part of the largest are headings or captions.
SMALLEST_CONTENT = 0.4

_MARGINS = (("lIns", 91_440), ("tIns", 45_720), ("rIns", 91_440), ("bIns", 45_720))
_CONTENT = ("obj", "body", "chart", "tbl", "")
_TITLES = ("title", "ctrTitle")


def box_of(shape: Any) -> Box:
    """Return where a shape stands, in inches."""
    return Box(*(float(value or 0) / EMU_PER_INCH for value in place_of(shape)))


def place_of(shape: Any) -> tuple[int | None, int | None, int | None, int | None]:
    """Return a shape's left, top, width and height, its own or inherited, in EMU."""
    # Each of the four values would be looked up through all that it inherits from.
    line = inherited_line(shape)
    placed = next(line)
    for ancestor in line:
        if placed._element.x is not None:
            break
        placed = ancestor
    return placed.left, placed.top, placed.width, placed.height


def inherited_line(shape: Any) -> Iterator[Any]:
    """Yield a shape, then the placeholders that it inherits from, nearest first."""
    while shape is not None:
        yield shape
        shape = getattr(shape, "_base_placeholder", None)


def text_box_of(placeholder: Any) -> Box:
    """Return where a placeholder's text may stand: its box without the margins it inherits."""
    box = box_of(placeholder)
    left, top, right, bottom = margins_of(placeholder)
    return Box(box.left + left, box.top + top, box.width - left - right, box.height - top - bottom)


def margins_of(placeholder: Any) -> tuple[float, float, float, float]:
    """Return a placeholder's margins as inherited: left, top, right, bottom, in inches."""
    bodies = [shape._element.find(".//{*}bodyPr") for shape in inherited_line(placeholder)]
    left, top, right, bottom = (
        _nearest(bodies, name, default) / EMU_PER_INCH for name, default in _MARGINS
    )
    return left, top, right, bottom


def _nearest(bodies: Sequence[Any], name: str, default: int) -> int:
    """Return a margin of the first body that has it."""
    given = (body.get(name) for body in bodies if body is not None)
    return int(next((value for value in given if value is not None), default))


def first_level(placeholder: Any, master: Any, name: str) -> Any | None:
    """Return an element or attribute of the first level's style, the nearest that is inherited.

    `name` is an attribute of the style (`sz`, `cap`) or, with a leading `/`, a child of it.
    """
    for element in _ancestors(placeholder, master):
        for level in element.iter("{*}lvl1pPr"):
            style = level.find("{*}defRPr")
            if style is None:
                continue
            found = style.find(f"{{*}}{name[1:]}") if name[0] == "/" else style.get(name)
            if found is not None:
                return found
    return None


def size_of(placeholder: Any, master: Any, largest: int) -> int:
    """Return the size of a placeholder's first level as inherited, at most `largest`, in points."""
    size = first_level(placeholder, master, "sz")
    return largest if size is None else min(largest, int(size) // 100)


def _ancestors(placeholder: Any, master: Any) -> list[Any]:
    """Return the elements that a placeholder inherits from, nearest first."""
    elements = [shape._element for shape in inherited_line(placeholder)]
    name = "titleStyle" if placeholder_kind(placeholder) in _TITLES else "bodyStyle"
    style = master._element.find(f".//{{*}}txStyles/{{*}}{name}")
    return elements if style is None else [*elements, style]


def placeholder_kind(placeholder: Any) -> str:
    """Return the type of a placeholder as written in the file; "" is a content of any kind."""
    return str(placeholder._element.ph.get("type", ""))


def title_of(holder: Any) -> Any:
    """Return the title placeholder of a slide or layout, None where there is none."""
    return next((p for p in holder.placeholders if placeholder_kind(p) in _TITLES), None)


def contents_of(holder: Any) -> list[Any]:
    """Return the content placeholders of a slide or layout, from left to right.

    A heading over a content, or a line under the title, is not one: it is much smaller.
    """
    found = [(box_of(p), p) for p in holder.placeholders if placeholder_kind(p) in _CONTENT]
    largest = max((box.width * box.height for box, _ in found), default=0.0)
    large = [pair for pair in found if pair[0].width * pair[0].height >= SMALLEST_CONTENT * largest]
    return [placeholder for _, placeholder in sorted(large, key=lambda pair: _corner(pair[0]))]


def _corner(box: Box) -> tuple[float, float]:
    return box.left, box.top


def is_roomy(box: Box) -> bool:
    """Return whether tables at the smallest size find their room in a box."""
    width, height = SMALLEST_BODY_BOX
    return box.width >= width and box.height >= height


def find_layouts(presentation: Any) -> dict[LayoutKind, Any]:
    """Return the layouts of the first master by what they are for.

    Of several for one content, the first with room for tables, else the first.
    """
    found: dict[LayoutKind, Any] = {}
    kinds = [
        (layout, kind)
        for known in (_typed_kind, _kind_by_placeholders)
        for layout in presentation.slide_layouts
        if (kind := known(layout)) is not None
    ]
    for layout, kind in kinds:
        if kind != "obj" or is_roomy(box_of(contents_of(layout)[0])):
            found.setdefault(kind, layout)
    for layout, kind in kinds:
        found.setdefault(kind, layout)
    return found


def _typed_kind(layout: Any) -> LayoutKind | None:
    """Return what a layout says it is for, if it has what that needs: they are edited by hand."""
    types: dict[str, tuple[LayoutKind, int]] = {
        "title": ("title", 0),
        "obj": ("obj", 1),
        "twoObj": ("twoObj", 2),
        "titleOnly": ("titleOnly", 0),
    }
    kind, needed = types.get(layout._element.get("type"), (None, 0))
    if kind is None or title_of(layout) is None or len(contents_of(layout)) < needed:
        return None
    return kind


def _kind_by_placeholders(layout: Any) -> LayoutKind | None:
    """Return what a layout without a known type is for, by its placeholders."""
    kinds = [placeholder_kind(placeholder) for placeholder in layout.placeholders]
    if title_of(layout) is None or "pic" in kinds:
        return None
    if "subTitle" in kinds:
        return "title"
    by_count: dict[int, LayoutKind] = {0: "titleOnly", 1: "obj", 2: "twoObj"}
    return by_count.get(len(contents_of(layout)))
