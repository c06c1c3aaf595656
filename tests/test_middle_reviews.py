"""Whoever gave three stars: counted by segment, and given a message that asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import sample_findings
from telling import say

from analysis.findings import NotComputed, Segmentation
from report.content import load_content
from report.views import Absence, SegmentationView
from report.wording import LANGUAGES


def told(*counts: tuple[int, ...] | NotComputed) -> SegmentationView:
    """Return what is said where the first segments have these reviews, and the others none."""
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    unknown = NotComputed("no_rows")
    segments = tuple(
        replace(one, profile=replace(one.profile, review_counts=known))
        for one, known in zip(
            found.segments, (*counts, *[unknown] * len(found.segments)), strict=False
        )
    )
    view = say(sample_findings(segmentation=replace(found, segments=segments))).segmentation
    assert not isinstance(view, Absence)
    return view


def test_three_stars_are_counted_and_have_their_message() -> None:
    view = told((5, 3, 9, 2, 1))
    assert view.middle is not None
    # Nine of twenty reviews.
    assert view.middle.table.rows == ((view.segments[0].name, "9", "45%"),)
    assert "what was missing" in view.middle.subject


def test_the_segments_with_most_are_named_and_the_others_counted_together() -> None:
    view = told((0, 0, 1, 9, 0), (0, 0, 3, 0, 7), (0, 0, 8, 2, 0), (0, 0, 2, 8, 0))
    assert view.middle is not None
    first, second, third, fourth = (one.name for one in view.segments[:4])
    assert view.middle.table.rows == (
        (third, "8", "80%"),
        (second, "3", "30%"),
        (fourth, "2", "20%"),
        ("Other segments", "1", "10%"),
    )
    assert first not in {row[0] for row in view.middle.table.rows}


@pytest.mark.parametrize("counts", [(5, 3, 0, 2, 1), NotComputed("no_rows")])
def test_without_three_stars_there_is_no_message(counts: tuple[int, ...] | NotComputed) -> None:
    assert told(counts).middle is None


def test_the_message_stands_in_the_language_of_the_customers_too() -> None:
    middle = told((5, 3, 9, 2, 1)).middle
    assert middle is not None
    assert middle.language == "pt-BR"
    assert middle.their_subject == "[NOME], o que faltou?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_of_a_segment_claims_those_who_gave_three_stars(language: str) -> None:
    content = load_content(language)
    others = {persona.message.subject for persona in content.personas.values()}
    assert content.middle.message.subject not in others
    assert not set(content.middle.message.body) & set("0123456789%")
