"""Where two names share a word for a basket, the reader sees the amounts of both."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import sample_findings

from analysis.findings import Condition, CrmRule, NotComputed, Segmentation
from report.content import load_content
from report.views.baskets import baskets_note, paid_cell
from report.views.hand_over import hand_over_view
from report.views.segment_records import HandOver
from report.wording import Wording

WORDING, CONTENT = Wording("en"), load_content("en")
HIGH_SATISFIED = ("satisfied_large", ((Condition("spend", ">", 250.0),),))
HIGH_UNHAPPY = ("unhappy_large", ((Condition("spend", ">", 120.0),),))
LOW_UNHAPPY = ("unhappy_small", ((Condition("spend", "<=", 120.0),),))
MIDDLE = (
    "satisfied_medium",
    ((Condition("spend", ">", 82.0), Condition("spend", "<=", 250.0)),),
)
ANY = ("mixed_medium", ((Condition("review", "<=", 3.0),),))
DEPENDS = (
    "satisfied_small",
    ((Condition("spend", "<=", 60.0),), (Condition("spend", "<=", 82.0),)),
)


def segmentation(*wanted: tuple[str, tuple[tuple[Condition, ...], ...]]) -> Segmentation:
    """Return segments with these personas and rules, the other facts as in the sample."""
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    first = found.segments[0]
    return replace(
        found,
        segments=tuple(
            replace(first, persona=persona, persona_number=0, rule=CrmRule(alternatives, 0.9, 0.9))
            for persona, alternatives in wanted
        ),
    )


def note(found: Segmentation) -> str:
    return baskets_note(found, "BRL", WORDING, CONTENT)


def test_two_amounts_under_one_word_are_both_told() -> None:
    told = note(segmentation(HIGH_SATISFIED, MIDDLE, HIGH_UNHAPPY, LOW_UNHAPPY))
    assert told == (
        "The same word for a basket, other amounts paid, by the printed rules: "
        "“Satisfied, large basket”: over R$250; “Unhappy, large basket”: over R$120."
    )


def test_one_meaning_of_each_word_needs_no_note() -> None:
    same = ("unhappy_large", HIGH_SATISFIED[1])
    assert note(segmentation(HIGH_SATISFIED, same, MIDDLE, LOW_UNHAPPY)) == ""
    assert note(segmentation(HIGH_SATISFIED, ANY)) == ""


@pytest.mark.parametrize(
    ("wanted", "cell"),
    [
        (HIGH_SATISFIED, "over R$250"),
        (MIDDLE, "over R$82 to R$250"),
        (LOW_UNHAPPY, "at most R$120"),
        (ANY, "any amount"),
        (DEPENDS, "see its rule"),
    ],
)
def test_the_codes_of_the_file_tell_what_each_segment_paid(
    wanted: tuple[str, tuple[tuple[Condition, ...], ...]], cell: str
) -> None:
    found = segmentation(wanted)
    view = hand_over_view(sample_findings(segmentation=found), WORDING, CONTENT)
    assert isinstance(view, HandOver)
    assert view.codes.rows[0][3] == cell


def test_without_a_rule_no_amount_is_told() -> None:
    found = segmentation(HIGH_SATISFIED)
    without = replace(found.segments[0], rule=NotComputed("not_reached"))
    assert paid_cell(without, "BRL", WORDING) == "no rule"
    assert note(replace(found, segments=(without, segmentation(HIGH_UNHAPPY).segments[0]))) == ""
