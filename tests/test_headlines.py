"""One sentence a section; expected sentences worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import kpi_row, sample_findings, sample_proposal
from telling import say, segmentation, stability

from analysis.findings import Findings, KpiTable, NotComputed
from report.context import Absence


def headline(findings: Findings, key: str) -> str:
    found = say(findings).headline(key)
    return "" if found is None else found.text


def test_headlines_of_the_sample() -> None:
    assert [entry.key for entry in say(sample_findings()).headlines] == [
        *("delivery", "reviews", "follow_up", "segments"),
        *("unhappy", "stability", "refresh", "price"),
    ]


def test_segments_headline_sums_those_that_bring_more_than_they_weigh() -> None:
    """4.9 + 44.1 of 98.0 million cents; 180 + 1 320 of 7 000 customers."""
    text = headline(sample_findings(), "segments")
    assert text == "Two segments bring 50% of revenue with 21% of the customers"


def test_segments_headline_for_one_segment() -> None:
    found = segmentation()
    others = tuple(segment for segment in found.segments if segment.persona != "loyal")
    findings = sample_findings(segmentation=replace(found, segments=others))
    assert headline(findings, "segments") == (
        "One segment brings 45% of revenue with 19% of the customers"
    )


def test_no_segments_headline_when_shares_are_alike() -> None:
    found = segmentation()
    alike = tuple(
        replace(
            segment,
            profile=replace(segment.profile, revenue_share=segment.profile.customer_share),
        )
        for segment in found.segments
    )
    assert headline(sample_findings(segmentation=replace(found, segments=alike)), "segments") == ""


def test_unhappy_headline_names_the_segment_and_goes_when_nobody_is() -> None:
    assert headline(sample_findings(), "unhappy") == (
        "“Unhappy, usual basket”: 16% of the customers, and 81% of their reviews are low"
    )
    happy = tuple(s for s in segmentation().segments if s.persona != "unhappy_medium")
    findings = sample_findings(segmentation=replace(segmentation(), segments=happy))
    assert headline(findings, "unhappy") == ""


def with_states(count: int) -> Findings:
    rows = tuple(kpi_row(f"S{place}", f"S{place}", 1_000, 0.2) for place in range(count))
    findings = sample_findings()
    none = KpiTable("seller", 30, 0.0, (), 0, 0)
    by_state = replace(findings.kpis.by_state, rows=rows)
    return replace(findings, kpis=replace(findings.kpis, by_state=by_state, by_seller=none))


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (1, "1 state to follow closely: S0"),
        (2, "2 states to follow closely: S0 and S1"),
        (6, "6 states to follow closely, first S0, S1, S2 and S3"),
    ],
)
def test_follow_up_headline(count: int, text: str) -> None:
    assert headline(with_states(count), "follow_up") == text


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"segmentation": NotComputed("no_candidate_passed")}, {"segments", "unhappy"}),
        ({"stability": NotComputed("depends_on", found="segmentation")}, {"stability"}),
        ({"refresh": NotComputed("depends_on", found="stability")}, {"refresh"}),
        (
            {
                "proposal": replace(
                    sample_proposal(), tiers=NotComputed("depends_on", found="refresh")
                )
            },
            {"price"},
        ),
    ],
)
def test_a_headline_goes_with_its_figures(changes: dict[str, object], gone: set[str]) -> None:
    before = {entry.key for entry in say(sample_findings()).headlines}
    after = {entry.key for entry in say(sample_findings(**changes)).headlines}
    assert before - after == gone


def test_no_stability_headline_when_the_placebo_failed() -> None:
    found = stability()
    failed = replace(found, chosen=replace(found.chosen, placebo_passed=False))
    context = say(sample_findings(stability=failed))
    assert context.headline("stability") is None
    assert not isinstance(context.stability, Absence)
    assert context.stability.placebo.startswith("Control failed")
