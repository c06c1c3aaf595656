"""What stands at a slide's foot: the source and the number, in the placeholders of the layout."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from report.deck.fit import Paragraph, Run, fits, largest_size
from report.deck.layouts import placeholder_kind, text_box_of
from report.deck.shapes import Canvas, plain_text
from report.deck.stamps import last_number

SMALLEST_FOOTER = 8
LARGEST_FOOTER = 12
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def add_footer(canvas: Canvas, layout: Any, texts: Sequence[str]) -> None:
    """Copy the layout's footer and number, which python-pptx leaves out.

    Of the texts, the first that fits is written; without one, the footer is left out: the notes
    hold the source too.
    """
    for placeholder in layout.placeholders:
        kind = placeholder_kind(placeholder)
        if kind == "sldNum":
            _copied(canvas, placeholder)
        elif kind == "ftr":
            box = text_box_of(placeholder)
            font = canvas.design.body_face
            text = next((t for t in texts if fits(_line(t), font, box, SMALLEST_FOOTER)), None)
            if text is not None:
                _write(canvas, _copied(canvas, placeholder), text)


def _copied(canvas: Canvas, placeholder: Any) -> Any:
    """Return a copy of a layout's placeholder on the slide, without what it refers to."""
    tree = canvas.slide.shapes._spTree
    element = deepcopy(placeholder._element)
    for child in list(element.iter()):
        if any(name.startswith(_RELATIONSHIPS) for name in child.attrib):
            child.getparent().remove(child)
    element.nvSpPr.cNvPr.set("id", str(1 + last_number(tree)))
    tree.append(element)
    for properties in element.iter("{*}rPr", "{*}endParaRPr"):
        properties.set("lang", canvas.language)
    return next(shape for shape in canvas.slide.placeholders if shape._element is element)


def _write(canvas: Canvas, placeholder: Any, text: str) -> None:
    first, *others = placeholder.text_frame.paragraphs
    for paragraph in others:
        paragraph._p.getparent().remove(paragraph._p)
    for element in list(first._p):
        if not element.tag.endswith("}pPr"):
            first._p.remove(element)
    size = largest_size(
        _line(text),
        canvas.design.body_face,
        text_box_of(placeholder),
        (SMALLEST_FOOTER, LARGEST_FOOTER),
        f"the footer of {canvas.where}",
    )
    plain_text(first, text, size, canvas.language)


def _line(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Run(text),)),)
