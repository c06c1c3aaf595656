"""Decks of large shops: many segments with the longest names, measures on a part; all fits."""

from __future__ import annotations

import pytest
from deck_reader import faults_of_place, words
from sample import sample_findings
from sample_many_segments import with_seven_segments

from analysis.findings import NotComputed, Subset, SubsetError
from report.context import build_context
from report.deck import render_deck
from report.wording import Wording


@pytest.mark.parametrize("language", ["fr", "en", "pt-BR"])
def test_the_table_of_moves_fits_with_seven_segments(language):
    wording = Wording(language)
    deck = render_deck(build_context(with_seven_segments(), wording), wording)
    assert faults_of_place(deck) == []
    assert wording.gettext("Who moves where under the unchanged model") in words(deck)


@pytest.mark.parametrize("language", ["fr", "en", "pt-BR"])
@pytest.mark.parametrize(
    "subset",
    [
        Subset(100_000, 9_610_000, SubsetError(agreement=0.98, ari=0.95, share_gap=0.004)),
        Subset(100_000, 9_610_000, NotComputed("depends_on", found="segmentation"), 200_123),
    ],
)
def test_a_large_shop_says_on_a_slide_what_was_measured_on_a_part(language, subset):
    wording = Wording(language)
    context = build_context(sample_findings(subset=subset), wording)
    deck = render_deck(context, wording)
    assert faults_of_place(deck) == []
    said = words(deck)
    assert context.subset.title in said
    assert all(sentence in said for sentence in context.subset.sentences)
