"""A deck of as many segments as may be sold, with the longest names: every slide still fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deck_reader import faults_of_place, words
from sample import sample_findings

from analysis.findings import Interval, Migration, MigrationCell, MigrationRow
from report.context import build_context
from report.deck import render_deck
from report.wording import Wording

PERSONAS = (
    *("loyal", "satisfied_large", "satisfied_medium", "unhappy_medium"),
    *("mixed_medium", "satisfied_small", "mixed_small"),
)


def with_seven_segments():
    """Return the sample with seven segments, and customers who move between all of them."""
    findings = sample_findings()
    first = findings.segmentation.segments[1]
    segments = tuple(
        replace(first, segment_id=f"s{place}", persona=persona)
        for place, persona in enumerate(PERSONAS, 1)
    )
    names = (*(segment.segment_id for segment in segments), "")
    cells = tuple(MigrationCell(name, 250, 0.125, Interval(0.11, 0.14)) for name in names)
    migration = Migration(182, tuple(MigrationRow(name, 2_000, cells) for name in names))
    ageing = replace(findings.stability.ageing, migration=migration)
    return replace(
        findings,
        segmentation=replace(findings.segmentation, segments=segments),
        stability=replace(findings.stability, ageing=ageing),
    )


@pytest.mark.parametrize("language", ["fr", "en", "pt-BR"])
def test_the_table_of_moves_fits_with_seven_segments(language):
    wording = Wording(language)
    deck = render_deck(build_context(with_seven_segments(), wording), wording)
    assert faults_of_place(deck) == []
    assert wording.gettext("Who moves where under the unchanged model") in words(deck)
