"""Five presentations as clients have them, each built in another way, made by python-pptx."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

SAMPLE = "SAMPLE SLIDE OF THE CLIENT"
WIDTH = 13.333
_SPACE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


def narrow() -> Any:
    """4:3, with large titles, English names and a sample slide: python-pptx's default."""
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = SAMPLE
    return presentation


def renamed() -> Any:
    """French names; no layout with a title alone, none of two columns; wide, uneven margins."""
    presentation = _wide()
    _keep(presentation, "title", "obj", "secHead")
    for number, layout in enumerate(presentation.slide_layouts):
        layout._element.cSld.set("name", f"Mise en page {number}")
    for body in presentation.slide_master._element.iter("{*}bodyPr"):
        for name, inches in (("lIns", 0.5), ("tIns", 0.2), ("rIns", 0.25), ("bIns", 0.1)):
            body.set(name, str(Inches(inches)))
    return presentation


def dark() -> Any:
    """A dark background, light texts that the theme does not know of, titles in capitals."""
    presentation = _wide()
    master = presentation.slide_master._element
    old = master.cSld.find("{*}bg")
    if old is not None:
        master.cSld.remove(old)
    background = (
        f'<p:bg {_SPACE}><p:bgPr><a:solidFill><a:srgbClr val="101820"/></a:solidFill>'
        "<a:effectLst/></p:bgPr></p:bg>"
    )
    master.cSld.insert(0, parse_xml(background))
    for fill in master.find("{*}txStyles").iter("{*}solidFill"):
        fill[0].getparent().replace(fill[0], parse_xml(f'<a:srgbClr {_SPACE} val="F5F5F0"/>'))
    master.find(".//{*}titleStyle/{*}lvl1pPr/{*}defRPr").set("cap", "all")
    return presentation


def with_pictures() -> Any:
    """A picture and a line under the title beside each content, and sample slides of all kinds."""
    presentation = _wide()
    for layout in presentation.slide_layouts:
        if layout._element.get("type") not in ("obj", "titleOnly"):
            continue
        picture = '<p:ph type="pic" idx="31"/>'
        line = '<p:ph type="body" sz="quarter" idx="32"/>'
        _add_placeholder(layout, 41, "Picture", picture, (11.9, 0.3, 1.0, 1.0))
        _add_placeholder(layout, 42, "Kicker", line, (0.67, 1.3, 8.0, 0.3))
    for layout in presentation.slide_layouts:
        slide = presentation.slides.add_slide(layout)
        if slide.shapes.title is not None:
            slide.shapes.title.text = SAMPLE
        slide.notes_slide.notes_text_frame.text = SAMPLE
    data = CategoryChartData()
    data.categories, values = [SAMPLE], [1.0]
    data.add_series(SAMPLE, values)
    frame = (Inches(1), Inches(1), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, *frame, data)
    presentation.core_properties.title = SAMPLE
    return presentation


def small_body() -> Any:
    """A content of two inches by one, and a footer in which no source fits."""
    presentation = _wide()
    for placeholder in presentation.slide_master.placeholders:
        kind = placeholder._element.ph.get("type")
        if kind == "body":
            _move(placeholder, (0.67, 3.0, 2.0, 1.0))
        elif kind == "ftr":
            _move(placeholder, (5.0, 6.95, 0.9, 0.4))
    for layout in presentation.slide_layouts:
        for placeholder in layout.placeholders:
            if placeholder._element.ph.get("type") == "ftr":
                _move(placeholder, (5.0, 6.95, 0.9, 0.4))
    _keep(presentation, "title", "obj", "titleOnly")
    return presentation


BRANDS: dict[str, Callable[[], Any]] = {
    brand.__name__: brand for brand in (narrow, renamed, dark, with_pictures, small_body)
}


def save_brand(name: str, folder: Path) -> Path:
    path = folder / f"{name}.pptx"
    BRANDS[name]().save(path)
    return path


def _wide() -> Any:
    """Return python-pptx's default as 16:9, everything stretched with the slide."""
    presentation = Presentation()
    factor = WIDTH / 10
    presentation.slide_width = Inches(WIDTH)
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for element in holder._element.iter("{*}off", "{*}ext"):
            for name in ("x", "cx"):
                if element.get(name) is not None:
                    element.set(name, str(round(int(element.get(name)) * factor)))
    return presentation


def _keep(presentation: Any, *kinds: str) -> None:
    for layout in list(presentation.slide_layouts):
        if layout._element.get("type") not in kinds:
            presentation.slide_layouts.remove(layout)


def _move(shape: Any, box: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in box)


def _add_placeholder(
    layout: Any, number: int, name: str, kind: str, box: tuple[float, float, float, float]
) -> None:
    left, top, width, height = (Inches(value) for value in box)
    layout._element.cSld.spTree.append(
        parse_xml(
            f'<p:sp {_SPACE}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:spPr>'
            f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            "</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
        )
    )
