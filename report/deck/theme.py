"""Our own presentation: its slide master and layouts, made of the files in templates/slides.

python-pptx's default presentation gives the package; everything that can be seen comes from
theme.xml and layouts.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from report.brand import ACCENT, COVER, HOUSE, Brand
from report.deck.client_file import drop_traces
from report.views.figures import palette_colour
from report.wording import templates_folder

# Colours with a meaning; those of the segments stand in figures.PALETTE, for every document.
INK = "16213A"
MUTED = "4A5366"
GREY = "737C8F"
RULE = "C9CFDC"
GRID = "E3E7EF"
PALE = "F1F3F8"
WHITE = "FFFFFF"
ALARM = "B4351D"

_NAMES = {
    "title": "Title",
    "ctrTitle": "Title",
    "subTitle": "Subtitle",
    "obj": "Content",
    "body": "Text",
    "ftr": "Footer",
    "sldNum": "Slide number",
}
_SPACE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def colour_of(place: int | None) -> str:
    """Return the colour at a place of the palette, the comparison grey for None, as RRGGBB."""
    return palette_colour(place).lstrip("#")


def accent_of(brand: Brand) -> str:
    """Return the brand's colour, as RRGGBB."""
    return brand.accent.lstrip("#")


def house_presentation(brand: Brand = HOUSE) -> Any:
    """Return our presentation in the brand's colours, without slides."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.util import Inches

    folder = templates_folder() / "slides"
    design = tomllib.loads((folder / "layouts.toml").read_text(encoding="utf-8"))
    presentation = Presentation()
    presentation.slide_width = Inches(design["slide"]["width"])
    presentation.slide_height = Inches(design["slide"]["height"])
    theme = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _dressed((folder / "theme.xml").read_bytes(), brand)
    drop_traces(presentation)
    _fill_master(presentation.slide_master, design)
    _fill_layouts(presentation, design)
    return presentation


def _dressed(theme: bytes, brand: Brand) -> bytes:
    """Return the theme with the brand's two colours, the cover's and the first accent, its font."""
    changes = {"dk1": (COVER, brand.cover), "accent1": (ACCENT, brand.accent)}
    for name, (ours, theirs) in changes.items():
        old, new = (f'<a:{name}><a:srgbClr val="{colour[1:]}"/>' for colour in (ours, theirs))
        theme = theme.replace(old.encode(), new.encode())
    if not brand.family:
        return theme
    return theme.replace(b'"Calibri"', quoteattr(brand.family).encode())


def _fill_master(master: Any, design: Mapping[str, Any]) -> None:
    """Replace the master's shapes and text styles."""
    parts = design["master"]
    shapes = [_mark(number, mark) for number, mark in enumerate(parts["marks"], start=20)]
    for index, kind in enumerate(("title", "body", "ftr", "sldNum")):
        box = {"type": kind, "index": index, "box": parts[kind]["box"]}
        style = parts[kind] if kind in ("ftr", "sldNum") else {}  # the others: _text_styles
        shapes.append(_placeholder(index + 2, {**style, **box}))
    _replace_shapes(master, shapes)
    styles = master._element.find(".//{*}txStyles")
    styles.getparent().replace(styles, _xml(_text_styles(design)))


def _fill_layouts(presentation: Any, design: Mapping[str, Any]) -> None:
    """Keep the layouts that the design names, with its shapes; remove the others."""
    wanted = {layout["type"]: layout for layout in design["layouts"]}
    for layout in list(presentation.slide_layouts):
        values = wanted.get(layout._element.get("type"))
        if values is None:
            presentation.slide_layouts.remove(layout)
            continue
        layout._element.cSld.set("name", values["name"])
        marks = enumerate(values.get("marks", ()), start=20)
        shapes = [_mark(number, mark) for number, mark in marks]
        shapes += [
            _placeholder(number, values)
            for number, values in enumerate(values["placeholders"], start=2)
        ]
        _replace_shapes(layout, shapes)
        if "background" in values:
            _set_background(layout, values["background"])
            layout._element.set("showMasterSp", "0")


def _set_background(layout: Any, colour: str) -> None:
    background = _xml(
        f"<p:bg {_SPACE}><p:bgPr><a:solidFill>"
        f'<a:schemeClr val="{colour}"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
    )
    layout._element.cSld.insert(0, background)


def _replace_shapes(holder: Any, shapes: list[str]) -> None:
    tree = holder._element.cSld.spTree
    for element in list(tree)[2:]:  # the first two describe the tree itself
        tree.remove(element)
    for shape in shapes:
        tree.append(_xml(shape))


def _mark(number: int, values: Mapping[str, Any]) -> str:
    """Return a coloured bar, which says nothing to a reader of the text."""
    return (
        f'<p:sp {_SPACE}><p:nvSpPr><p:cNvPr id="{number}" name="Mark {number}"/>'
        f'<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_frame(values["box"])}'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:schemeClr val="{values["colour"]}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-GB"/></a:p></p:txBody>'
        "</p:sp>"
    )


def _placeholder(number: int, values: Mapping[str, Any]) -> str:
    """Return a placeholder; what the values do not say is inherited from the master."""
    kind = values["type"]
    named = "" if kind == "obj" else f' type="{kind}"'
    frame = ""
    if "box" in values:
        shape = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        frame = _frame(values["box"]) + shape
    on_master = kind in ("title", "body", "ftr", "sldNum") and "box" in values
    margins = ' lIns="0" tIns="0" rIns="0" bIns="0"' if on_master or "anchor" in values else ""
    anchor = f' anchor="{values["anchor"]}"' if "anchor" in values else ""
    text = '<a:r><a:rPr lang="en-GB"/><a:t>…</a:t></a:r>'
    if kind == "sldNum":
        text = (
            '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
            '<a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
        )
    return (
        f'<p:sp {_SPACE}><p:nvSpPr><p:cNvPr id="{number}" name="{_NAMES[kind]} {number}"/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph{named} idx="{values["index"]}"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{frame}</p:spPr><p:txBody><a:bodyPr{margins}{anchor}><a:noAutofit/></a:bodyPr>"
        f"{_list_style(values)}<a:p>{text}</a:p></p:txBody></p:sp>"
    )


def _list_style(values: Mapping[str, Any]) -> str:
    """Return the style of a placeholder's first level, where it differs from the master's."""
    if not {"size", "colour", "align"} & values.keys():
        return "<a:lstStyle/>"
    size = f' sz="{values["size"] * 100}"' if "size" in values else ""
    align = f' algn="{values["align"]}"' if "align" in values else ""
    flush = ' marL="0" indent="0"' if values["type"] in ("subTitle", "body", "ftr") else ""
    bullet = "<a:buNone/>" if flush and values["type"] != "ftr" else ""
    colour = values.get("colour", "tx1")
    return (
        f"<a:lstStyle><a:lvl1pPr{flush}{align}>{bullet}<a:defRPr{size}><a:solidFill>"
        f'<a:schemeClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
    )


def _text_styles(design: Mapping[str, Any]) -> str:
    """Return the text levels of the master: titles, body, everything else."""
    title, body = design["master"]["title"], design["master"]["body"]
    step = round(design["slide"]["indent"] * 914400)

    def level(number: int, values: Mapping[str, Any], paragraph: str, font: str, bold: str) -> str:
        return (
            f'<a:lvl{number}pPr {paragraph}<a:defRPr sz="{values["size"] * 100}"{bold}'
            f' kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
            f'<a:latin typeface="{font}-lt"/><a:ea typeface="{font}-ea"/>'
            f'<a:cs typeface="{font}-cs"/></a:defRPr></a:lvl{number}pPr>'
        )

    bullets = "".join(
        level(
            number,
            body,
            f'marL="{step * number}" indent="-{step}" algn="l"><a:spcBef><a:spcPct val="30000"/>'
            '</a:spcBef><a:buFont typeface="Arial"/><a:buChar char="•"/>',
            "+mn",
            "",
        )
        for number in range(1, 6)
    )
    titles = level(1, title, 'algn="l"><a:buNone/>', "+mj", ' b="1"' if title["bold"] else "")
    others = level(1, body, 'algn="l">', "+mn", "")
    return (
        f"<p:txStyles {_SPACE}><p:titleStyle>{titles}</p:titleStyle>"
        f"<p:bodyStyle>{bullets}</p:bodyStyle><p:otherStyle>{others}</p:otherStyle></p:txStyles>"
    )


def _frame(box: list[float]) -> str:
    left, top, width, height = (round(value * 914400) for value in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _xml(text: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(text)
