"""A deck of as many segments as may be sold, with the longest names: every slide still fits."""

from __future__ import annotations

import pytest
from deck_reader import faults_of_place, words
from sample_many_segments import with_seven_segments

from report.context import build_context
from report.deck import render_deck
from report.wording import Wording


@pytest.mark.parametrize("language", ["fr", "en", "pt-BR"])
def test_the_table_of_moves_fits_with_seven_segments(language):
    wording = Wording(language)
    deck = render_deck(build_context(with_seven_segments(), wording), wording)
    assert faults_of_place(deck) == []
    assert wording.gettext("Who moves where under the unchanged model") in words(deck)
