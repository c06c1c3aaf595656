"""Whoever gave three stars: how many in each segment, and a message that asks before it offers."""

from __future__ import annotations

from analysis.findings import NotComputed, Segmentation
from report.content import Content, load_content
from report.views.figures import Column, Table
from report.views.hand_over import customers_language
from report.views.plans import segment_name
from report.views.segment_records import MiddleView
from report.wording import Wording, typographic

# Of the counts of one to five stars.
MIDDLE = 2
MOST_ROWS = 3


def middle_view(found: Segmentation, wording: Wording, content: Content) -> MiddleView | None:
    """Return what to do for whoever gave three stars; None where nobody did."""
    rows = _rows(found, wording, content)
    if not rows:
        return None
    _, texts, own = wording.gettext, content.middle, content.middle.message
    language = customers_language(found, wording)
    theirs = load_content(language).middle.message if language else None
    return MiddleView(
        title=wording.typographic(texts.title),
        why=wording.typographic(texts.why),
        todo=wording.typographic(texts.todo),
        table=Table(
            caption=_("Reviews of three stars, by segment"),
            columns=(
                Column(_("Segment"), is_number=False),
                Column(_("Reviews")),
                Column(_("Share of its reviews")),
            ),
            rows=rows,
        ),
        recipients=wording.typographic(own.recipients),
        subject=wording.typographic(own.subject),
        body=wording.typographic(own.body),
        language=language,
        their_subject=typographic(theirs.subject, language) if theirs else "",
        their_body=typographic(theirs.body, language) if theirs else "",
    )


def _rows(found: Segmentation, wording: Wording, content: Content) -> tuple[tuple[str, ...], ...]:
    """Return the segments with most reviews of three stars, then the others together."""
    known = [
        (segment_name(segment, content), segment.profile.review_counts)
        for segment in found.segments
        if not isinstance(segment.profile.review_counts, NotComputed)
    ]
    counted = sorted(((name, counts[MIDDLE], sum(counts)) for name, counts in known), key=_most)
    shown, others = counted[:MOST_ROWS], counted[MOST_ROWS:]
    if others:
        together = (sum(one[1] for one in others), sum(one[2] for one in others))
        shown.append((wording.gettext("Other segments"), *together))
    return tuple(
        (name, wording.integer(middle), wording.share(middle / reviews))
        for name, middle, reviews in shown
        if middle
    )


def _most(entry: tuple[str, int, int]) -> int:
    return -entry[1]
