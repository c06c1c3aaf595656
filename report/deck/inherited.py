"""What a theme gives: its families, the colour of its texts, whether its titles are in capitals."""

from __future__ import annotations

from typing import Any

from report.deck.layouts import contents_of, first_level, title_of

# A text lighter than this, from 0 (black) to 1, is meant for a dark background.
LIGHT_TEXT = 0.5


def families(presentation: Any) -> tuple[str, str]:
    """Return the theme's families for titles and for texts."""
    root = _theme(presentation)
    found = (root.find(f".//{{*}}{name}/{{*}}latin") for name in ("majorFont", "minorFont"))
    title, body = ("" if family is None else family.get("typeface", "") for family in found)
    return title, body


def is_for_dark(presentation: Any, layout: Any) -> bool:
    """Return whether the texts of a layout are light: its background, or its picture, is dark."""
    placeholder = next(iter(contents_of(layout)), title_of(layout))
    fill = first_level(placeholder, presentation.slide_master, "/solidFill")
    colour = None if fill is None else next(iter(fill), None)
    name = "tx1" if colour is None else colour.get("val", "tx1")
    is_plain = colour is not None and colour.tag.endswith("}srgbClr")
    shown = name if is_plain else _scheme_colour(presentation, layout, name)
    return _lightness(shown) > LIGHT_TEXT


def has_capitals(presentation: Any, layout: Any) -> bool:
    """Return whether the titles of a layout are shown in capitals."""
    cap = first_level(title_of(layout), presentation.slide_master, "cap")
    return bool(cap == "all")


def _scheme_colour(presentation: Any, layout: Any, name: str) -> str:
    """Return a colour of the theme as RRGGBB, by the name that a master or a layout maps."""
    mapped = name
    for mapping in (
        layout._element.find(".//{*}overrideClrMapping"),
        presentation.slide_master._element.find("{*}clrMap"),
    ):
        if mapping is not None and mapping.get(name):
            mapped = mapping.get(name)
            break
    colour = _theme(presentation).find(f".//{{*}}clrScheme/{{*}}{mapped}")
    if colour is None or not len(colour):
        return "000000"
    return str(colour[0].get("lastClr") or colour[0].get("val"))


def _lightness(colour: str) -> float:
    """Return how light a colour is to the eye, from 0 to 1 (ITU-R BT.601's weights)."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _theme(presentation: Any) -> Any:
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(theme.blob, parser)
