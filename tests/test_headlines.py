"""One sentence a section; expected sentences worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import kpi_row, sample_findings, sample_proposal
from telling import say, segmentation, stability

from analysis.findings import Findings, KpiTable, NotComputed
from report.context import Absence, build_context
from report.wording import LANGUAGES, Wording


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
        (1, "1 state to follow closely%s: S0"),
        (2, "2 states to follow closely%s: S0 and S1"),
        (6, "6 states to follow closely%s: first S0, S1, S2, S3 and S4"),
    ],
)
def test_follow_up_headline_names_the_quarter_that_it_speaks_of(count: int, text: str) -> None:
    span = ", by the orders from March 2030 to May 2030"
    assert headline(with_states(count), "follow_up") == (text % span if text else "")


def test_follow_up_headline_without_a_quarter_speaks_of_the_whole_period() -> None:
    found = with_states(1)
    (row,) = found.kpis.by_state.rows
    unknown = NotComputed("too_short_history", "30", "180")
    assert row.follow_up is not None
    row = replace(row, follow_up=replace(row.follow_up, present=unknown))
    by_state = replace(found.kpis.by_state, rows=(row,))
    kpis = replace(found.kpis, by_state=by_state, quarters=unknown, present=unknown)
    assert headline(replace(found, kpis=kpis), "follow_up") == "1 state to follow closely: S0"


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


# ---------------------------------------------------------------- six marketplaces

# By segment: customers, share of revenue, share of low reviews. Then everybody's share of low
# reviews and of late deliveries.
World = tuple[tuple[tuple[int, float, float], ...], float, float]
WORLDS: dict[str, World] = {
    "one rich segment": (((90, 0.62, 0.1), (410, 0.2, 0.1), (500, 0.18, 0.1)), 0.1, 0.08),
    "two rich, one unhappy": (((100, 0.3, 0.9), (200, 0.35, 0.1), (700, 0.35, 0.1)), 0.18, 0.31),
    "three rich": (((50, 0.2, 0.1), (50, 0.2, 0.1), (50, 0.2, 0.1), (850, 0.4, 0.1)), 0.1, 0.0),
    "all alike": (((333, 0.334, 0.2), (333, 0.333, 0.2), (334, 0.333, 0.2)), 0.2, 1.0),
    "hardly anybody unhappy": (((5, 0.006, 0.002), (995, 0.994, 0.0004)), 0.0004, 0.0004),
    "nobody unhappy": (((999, 0.9, 0.0), (1, 0.1, 0.0)), 0.0, 0.9996),
}
SEGMENTS = {
    "en": {1: "One segment brings ", 2: "Two segments bring ", 3: "Three segments bring "},
    "fr": {1: "Un segment fait ", 2: "Deux segments font ", 3: "Trois segments font "},
    "pt-BR": {1: "Um segmento gera ", 2: "Dois segmentos geram ", 3: "Três segmentos geram "},
}


def findings_of(world: World) -> Findings:
    """The sample's findings with the segments and the shares of a world."""
    parts, low, late = world
    found, kpis = segmentation(), sample_findings().kpis
    total = sum(customers for customers, _, _ in parts)
    segments = tuple(
        replace(
            model,
            profile=replace(
                model.profile,
                customers=customers,
                customer_share=customers / total,
                revenue_share=revenue,
                revenue_cents=round(1e8 * revenue),
                low_review_share=low_share,
            ),
        )
        for model, (customers, revenue, low_share) in zip(found.segments, parts, strict=False)
    )
    everybody = replace(found.everybody, customers=total, low_review_share=low)
    return replace(
        sample_findings(segmentation=replace(found, segments=segments, everybody=everybody)),
        kpis=replace(kpis, total=replace(kpis.total, late_share=late, low_review_share=low)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WORLDS)
def test_no_headline_says_what_is_not_so(name: str, language: str) -> None:
    """The truth is worked out here, from the world; singular and plural are spelled above."""
    parts, low, late = WORLDS[name]
    wording = Wording(language)
    total = sum(customers for customers, _, _ in parts)
    rich = [(size / total, revenue) for size, revenue, _ in parts if revenue > size / total]
    weight, revenue = sum(part[0] for part in rich), sum(part[1] for part in rich)
    context = build_context(findings_of(WORLDS[name]), wording)
    said = context.headline("segments")
    assert (said is not None) == (bool(rich) and revenue >= 1.25 * weight)
    if said is not None:
        assert said.text.startswith(SEGMENTS[language][len(rich)])
        first, second = (
            said.text.find(wording.share(revenue)),
            said.text.rfind(wording.share(weight)),
        )
        assert 0 < first < second
        assert wording.share(revenue) != wording.share(weight)
    unhappy = context.headline("unhappy")
    worst = max(share for _, _, share in parts)
    assert (unhappy is not None) == (worst >= 0.1 and worst >= 2 * low)
    if unhappy is not None:
        assert wording.share(worst) in unhappy.text
    delivery = context.headline("delivery")
    assert delivery is not None
    assert delivery.text.startswith(wording.share(late))
    # What is nearly all or nearly nothing is not rounded to all or nothing.
    assert ("100" in delivery.text.split("%")[0]) == (late == 1)
