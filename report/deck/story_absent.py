"""A slide for what could not be computed: why, what stands all the same, and what it costs."""

from __future__ import annotations

from report.deck.parts import Columns, PartCode, Rows, Slide, Text, bullet, plain
from report.views import ReportContext
from report.wording import Wording


def absent_slide(
    code: str,
    part: PartCode,
    title: str,
    reason: str,
    consequences: tuple[str, ...],
    context: ReportContext,
    wording: Wording,
) -> Slide:
    """Return the slide that stands where a figure could not be computed."""
    _ = wording.gettext
    stands = tuple(bullet(f"{headline.text}.") for headline in context.headlines)
    blocks = [Text((plain(_("What follows from it"), bold=True), *map(bullet, consequences)))]
    if stands:
        known = (plain(_("What stands all the same"), bold=True), *stands)
        blocks.append(Text(known, at_least=2))
    return Slide(
        code=code,
        part=part,
        title=title,
        block=Rows(
            (Text((plain(reason, bold=True),)), Columns(tuple(blocks), (50,) * len(blocks))),
            (18, 82),
        ),
        notes=(reason, *consequences),
        seconds=60,
    )
