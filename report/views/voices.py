"""What customers write, as a page shows it: their words stand as they are."""

from __future__ import annotations

from analysis.findings import NotComputed, Voices
from report.views.records import Absence
from report.views.segment_records import MentionView, QuoteView, VoicesView
from report.wording import Wording


def voices_view(found: Voices | NotComputed, wording: Wording) -> VoicesView | Absence:
    """Return what the customers of a segment write."""
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    return VoicesView(
        language=found.language,
        sentence=_sentence(found, wording),
        terms=tuple(
            MentionView(term.text, wording.share(term.share), wording.share(term.others_share))
            for term in found.terms
        ),
        quotes=tuple(QuoteView(quote.text, "★" * quote.score) for quote in found.quotes),
        note=wording.gettext("Customers’ own words, as they were written, chosen by rule."),
        method=wording.gettext(
            "Typical terms: those whose log-odds against the comments of the other segments, with "
            "an informative Dirichlet prior, lie beyond chance. Comments: first those with the "
            "segment’s median score, then those that mention most of its typical terms; those "
            "that may tell who somebody is are left out, even where fewer are then shown, and "
            "nothing was rewritten."
        ),
    )


def _sentence(found: Voices, wording: Wording) -> str:
    comments = wording.integer(found.comments)
    if not found.terms:
        return wording.gettext(
            "%(comments)s comments; no term sets them apart from the other segments’.",
            comments=comments,
        )
    return wording.gettext(
        "%(comments)s comments. What they write more than the other segments (share of comments "
        "with the term, of the others’):",
        comments=comments,
    )
