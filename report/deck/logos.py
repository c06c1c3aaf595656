"""The brand's logos on the cover of our own slides."""

from __future__ import annotations

import io
from typing import Any

from report.deck.shapes import clean
from report.views import ReportContext

# In inches: from the right edge of the cover to the left.
RIGHT, TOP, HEIGHT, WIDEST, GAP = 12.73, 0.45, 0.75, 2.6, 0.2


def add_logos(slide: Any, context: ReportContext) -> None:
    """Put the logos at the top right of a slide, each with a text for who cannot see it."""
    from pptx.util import Inches

    cover, left = context.cover, RIGHT
    names = {"client-logo": cover.client, "consultant-logo": cover.consultant}
    for key, logo in reversed(context.brand.logos):
        width = min(HEIGHT * logo.ratio, WIDEST)
        left -= width
        place = (Inches(left), Inches(TOP), Inches(width))
        picture = slide.shapes.add_picture(io.BytesIO(logo.picture), *place)
        picture.name = key
        picture._element.nvPicPr.cNvPr.set("descr", clean(names[key]))
        left -= GAP
