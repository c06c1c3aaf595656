"""What a page may say follows from the findings; expected sentences worked out by hand."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sample import kpi_row, sample_choice, sample_findings, sample_proposal
from sample_trials import candidate

from analysis.findings import (
    Control,
    Findings,
    GateCheck,
    KpiTable,
    NotComputed,
    Refresh,
    Segment,
    Segmentation,
    Stability,
    StructureCheck,
)
from report.context import Absence, ReportContext, build_context
from report.views import (
    SegmentView,
    contract_records,
    figures,
    records,
    segment_records,
    time_records,
)
from report.wording import LANGUAGES, Wording, templates_folder

ENGLISH = Wording("en")
REPORT = Path(__file__).parents[1] / "report"


def say(findings: Findings, language: str = "en") -> ReportContext:
    return build_context(findings, Wording(language))


def segmentation() -> Segmentation:
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    return found


def stability() -> Stability:
    found = sample_findings().stability
    assert isinstance(found, Stability)
    return found


def headline(findings: Findings, key: str) -> str:
    found = say(findings).headline(key)
    return "" if found is None else found.text


# ---------------------------------------------------------------- headlines


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


# ---------------------------------------------------------------- sections


def test_the_same_figure_is_the_same_text_everywhere() -> None:
    context = say(sample_findings())
    late = next(card.value for card in context.key_figures if card.key == "late_share")
    assert late == "8.0%"
    delivery = context.headline("delivery")
    assert delivery is not None
    assert delivery.text.startswith(late)
    low = next(card.value for card in context.key_figures if card.key == "low_review_share")
    assert f"({late})" in context.kpis.rule
    assert f"({low})" in context.kpis.rule
    assert not isinstance(context.kpis.states_figure, Absence)
    assert context.kpis.states_figure.reference.text == late


def test_natural_groups_are_never_claimed_without_structure() -> None:
    view = say(sample_findings()).segmentation
    assert not isinstance(view, Absence)
    assert view.structure.startswith("A useful and reproducible partition, not groups")
    assert "0.39" in view.structure
    assert "0.36 to 0.38" in view.structure
    found = replace(
        segmentation(), structure=StructureCheck(0.6, 0.3, 0.28, 0.33, 20, 0.05, structure=True)
    )
    other = say(sample_findings(segmentation=found)).segmentation
    assert not isinstance(other, Absence)
    assert other.structure.startswith("The groups stand out from chance")


def test_every_refusal_says_its_number() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    *_, verdicts, reasons = zip(*view.everything.rows, strict=True)
    assert verdicts == (
        "chosen",
        "not kept",
        "refused: sizes",
        *("refused: the client’s minimum",) * 2,
    )
    assert reasons[2] == "Its smallest segment holds 1.2% of the customers; 3% is asked."
    assert reasons[3] == (
        "Blind to money: median spends differ by a factor of 1.27 at most; 2 is asked."
    )
    assert view.sentence == "2 partitions of 5 meet every gate they were led through."


def test_the_best_of_each_algorithm_is_shown() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    assert [(row.algorithm, row.verdict) for row in view.rows] == [
        ("K-Means", "chosen"),
        ("Gaussian mixture", "refused: the client’s minimum"),
    ]
    assert view.table.rows[1][0] == "Gaussian mixture (covariance: of each its own)"


def test_each_gate_says_how_many_it_refused() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    counts = [(row[0], row[2], row[3]) for row in view.gates.rows]
    assert counts[1:4] == [
        ("The client’s minimum", "5", "2"),
        ("Sizes", "3", "1"),
        ("Stability", "0", "0"),
    ]


def test_a_control_that_passes_is_said() -> None:
    passing = replace(sample_choice(), controls=(Control("random_labels", NotComputed("no_rows")),))
    view = say(sample_findings(choice=passing)).candidates
    assert not isinstance(view, Absence)
    assert any("tells nothing apart" in text for text in view.verdicts)


def test_a_baseline_that_is_better_is_said() -> None:
    beaten = replace(sample_choice(), baseline_points=80.0)
    view = say(sample_findings(choice=beaten)).candidates
    assert not isinstance(view, Absence)
    assert any("plain cuts would serve as well" in text for text in view.verdicts)


def test_a_candidate_with_more_points_and_more_segments_is_said() -> None:
    ahead = replace(sample_choice(), runner_up_points=75.0)
    view = say(sample_findings(choice=ahead)).candidates
    assert not isinstance(view, Absence)
    assert any("Another one reaches 75.0 points" in text for text in view.verdicts)
    usual = say(sample_findings()).candidates
    assert not isinstance(usual, Absence)
    assert not any("Another one" in text for text in usual.verdicts)


def test_features_say_why_they_cluster_or_only_describe() -> None:
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert [(row[0], row[1], row[4]) for row in view.features.rows] == [
        ("Spend", "clusters", "\u22120.05 with review"),
        ("Share of freight", "describes", "\u22120.69 with spend"),
        ("Category", "describes", "\u2013"),
    ]
    assert view.transforms.rows[1][0] == "logarithm (used)"
    assert "0.7% of the customers have no review" in view.reviews


def test_the_numbers_that_data_and_gates_answer_stand_side_by_side() -> None:
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert "4 (gap)" in view.number_sentence
    assert "They disagree" in view.number_sentence


def test_a_bound_that_failed_is_shown_beside_its_figure() -> None:
    check = GateCheck("spend_ratio", 2.04, 2.0, True, False, "G2", 1.96)
    refused = replace(
        candidate("traits", 3, False, False, "spend_ratio"), checks=(check,), gate="G2"
    )
    view = say(sample_findings(candidates=(refused,))).candidates
    assert not isinstance(view, Absence)
    assert "a factor of 2.04 (lower bound: 1.96) at most" in view.rows[0].reason


def test_no_partition_passed() -> None:
    refused = (candidate("traits", 3, False, False, "smallest_share"),)
    view = say(sample_findings(candidates=refused)).candidates
    assert not isinstance(view, Absence)
    assert view.sentence == "0 partitions of 1 meet every gate they were led through."
    assert view.checks.rows == ()


def test_customers_are_all_counted_with_the_reason() -> None:
    view = say(sample_findings()).customers
    assert [group.customers for group in view.groups] == ["6,820", "180", "150", "2,290", "60"]
    assert all(group.why for group in view.groups)
    assert view.in_segments == "7,000"


def segment_views(findings: Findings) -> dict[str, SegmentView]:
    view = say(findings).segmentation
    assert not isinstance(view, Absence)
    return {segment.persona: segment for segment in view.segments}


def test_rules_are_sentences() -> None:
    found = segment_views(sample_findings())
    assert found["satisfied_large"].rule == (
        "a single purchase in the window",
        "a mean review above 2.5",
        "paid more than R$220 in the window, freight included",
    )
    assert found["loyal"].rule == ("at least two separate purchases in the last 365\u00a0days",)
    assert "exact" in found["loyal"].rule_quality
    assert "93.0%" in found["satisfied_large"].rule_quality


def test_what_sets_a_segment_apart_is_its_furthest_figure() -> None:
    found = segment_views(sample_findings())
    assert found["satisfied_large"].distinction == (
        "What sets them apart: 3.8% of low reviews, against 15%; a median spend of R$378, "
        "against R$112."
    )
    assert found["unhappy_medium"].distinction == (
        "What sets them apart: 81% of low reviews, against 15%; 29% of late deliveries, against "
        "8.0%."
    )


def test_two_segments_of_one_persona_have_a_number() -> None:
    found = segmentation()

    def numbered(segment: Segment) -> Segment:
        return replace(segment, persona="loyal", persona_number=2)

    segments = (found.segments[0], numbered(found.segments[1]), *found.segments[2:])
    view = say(sample_findings(segmentation=replace(found, segments=segments))).segmentation
    assert not isinstance(view, Absence)
    assert view.segments[1].name == f"{view.segments[0].name} 2"


def test_months_start_with_regular_activity() -> None:
    findings = sample_findings()
    later = replace(findings, period=replace(findings.period, started_on=date(2029, 7, 1)))
    figure = say(later).snapshot.months
    assert not isinstance(figure, Absence)
    assert len(figure.months) == 12
    assert figure.description == ("The worst month is February 2030: 21% of the orders came late.")


def test_not_observed_is_said_with_how_long() -> None:
    view = say(sample_findings()).stability
    assert not isinstance(view, Absence)
    assert view.sentence == (
        "No model broke in what could be observed, up to 224\u00a0days after it was made."
    )
    assert view.chosen.alarm is None
    assert view.chosen.observed_until.value == 168.0
    assert not isinstance(view.other, Absence)
    assert view.other.alarm is not None
    assert "84\u00a0days" in view.other_sentence
    assert "2.1 independent" in view.uncertainty
    assert "76%" in view.uncertainty


def test_the_other_family_may_be_missing() -> None:
    view = say(
        sample_findings(stability=replace(stability(), other=NotComputed("no_candidate_passed")))
    ).stability
    assert not isinstance(view, Absence)
    assert isinstance(view.other, Absence)
    assert len(view.families.rows) == 1


def test_refresh_reads_well_for_one_month() -> None:
    view = say(sample_findings()).refresh
    assert not isinstance(view, Absence)
    assert view.recommendation == "Refit the model every 4 months."
    monthly = Refresh(1, "alarm", 40, (1, 2, 3), 1)
    view = say(sample_findings(refresh=monthly)).refresh
    assert not isinstance(view, Absence)
    assert view.recommendation == "Refit the model every month."
    assert "40\u00a0days" in view.reason


def test_an_interval_that_cannot_be_recommended() -> None:
    refresh = Refresh(NotComputed("breaks_early", found="20"), "alarm", 20, (1, 2), 1)
    view = say(sample_findings(refresh=refresh)).refresh
    assert not isinstance(view, Absence)
    assert isinstance(view.months, Absence)
    assert "20\u00a0days" in view.months.reason


def test_prices_or_blanks() -> None:
    priced = say(sample_findings()).proposal
    assert not isinstance(priced.tiers, Absence)
    assert [tier.total for tier in priced.tiers] == ["€2,280", "€9,180", "€12,180"]
    assert priced.day_rate == "€600"
    blank = say(sample_findings(proposal=sample_proposal(None))).proposal
    assert not isinstance(blank.tiers, Absence)
    assert [tier.total for tier in blank.tiers] == ["……", "……", "……"]
    assert blank.sentence.startswith("The recommended offer takes 14.5 days of work")
    assert not blank.priced
    cents = say(sample_findings(proposal=sample_proposal(Decimal("601.10")))).proposal
    assert cents.day_rate == "€601.10"


def test_without_reviews_the_figures_say_so() -> None:
    missing = NotComputed("missing_table", expected="order_reviews")
    findings = sample_findings()
    total = replace(
        findings.kpis.total,
        reviews=missing,
        low_reviews=missing,
        mean_review=missing,
        low_review_share=missing,
        low_review_interval=missing,
    )

    def without(segment: Segment) -> Segment:
        return replace(
            segment,
            profile=replace(
                segment.profile,
                mean_review=missing,
                review_counts=missing,
                low_review_share=missing,
            ),
        )

    found = replace(
        segmentation(), segments=tuple(without(segment) for segment in segmentation().segments)
    )
    context = say(replace(findings, kpis=replace(findings.kpis, total=total), segmentation=found))
    card = next(card for card in context.key_figures if card.key == "mean_review")
    assert card.value == "not computed"
    assert card.detail == "Not computed: the data do not hold the customers’ reviews."
    assert context.headline("reviews") is None
    assert context.headline("unhappy") is None
    assert not isinstance(context.segmentation, Absence)
    assert isinstance(context.segmentation.segments[0].reviews, Absence)


def test_the_rule_of_city_names_is_stated_with_its_count() -> None:
    definitions = " ".join(say(sample_findings()).kpis.definitions)
    assert "Accents and capitals do not count" in definitions
    assert "12 were merged into another" in definitions


def test_why_a_row_is_listed_and_how_it_moves() -> None:
    kpis = say(sample_findings()).kpis
    rows = {row[0]: row for row in kpis.states_table.rows}
    assert rows["AL"][-1] == "lateness, reviews"
    assert rows["AL"][-2] == "▲ +3.0 (+1.0 to +5.0)"
    assert rows["MG"][-2:] == ("not computed", "")
    assert "from March 2030 to May 2030" in kpis.movement
    assert kpis.movement.endswith("All orders: +1.1 (−0.2 to +2.4).")
    assert "3 of 5 rows are to be followed" in kpis.states_table.note


def test_without_payments_their_tables_say_so() -> None:
    findings = sample_findings()
    missing = NotComputed("missing_table", expected="order_payments")
    kpis = replace(findings.kpis, payment_types=missing, instalments=missing)
    view = say(replace(findings, kpis=kpis)).kpis
    for part in (view.payments, view.instalments):
        assert part == Absence("Not computed: the data do not hold the payments.")


def test_questions() -> None:
    late, large, new, zips, before = say(sample_findings()).questions
    assert late.answer == "2 orders."
    assert late.reading.startswith("bought after 30\u00a0March 2030")
    assert "3\u00a0days after" in late.reading
    assert late.why.startswith("the data end with the last purchase")
    (other,) = late.other_readings
    assert (other.rows, other.difference) == ("3 orders", "1 more, 0 fewer")
    assert len(other.table.rows) == 3
    assert zips.other_readings[0].difference == "the same rows"
    assert large.table.rows[0][2] == "R$226,987.93"
    assert new.answer == "Nothing meets the conditions."
    assert zips.table.rows[0] == ("02275", "47", "2.81")
    assert (before.number, before.is_current, zips.is_current) == ("4 bis", False, True)
    assert late.sql.startswith("select order_id")


# ---------------------------------------------------------------- the whole


def texts(value: object) -> Iterator[str]:
    """Yield every text of a view."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_and_no_raw_value_is_left(language: str) -> None:
    for text in texts(say(sample_findings(), language)):
        assert "%(" not in text
        assert "NotComputed" not in text
        assert not re.search(r"\d\.\d{4,}", text), text


def test_same_findings_same_context() -> None:
    assert say(sample_findings(), "fr") == say(sample_findings(), "fr")


def test_every_field_of_a_view_is_explained_and_used() -> None:
    """A class with a docstring; a field that some template or renderer reads."""
    readers = [path.read_text(encoding="utf-8") for path in templates_folder().rglob("*.html")]
    readers += [
        path.read_text(encoding="utf-8")
        for path in REPORT.rglob("*.py")
        if path.name != "figures.py" and not path.name.endswith("records.py")
    ]
    everything = "\n".join(readers)
    for module in (records, segment_records, contract_records, time_records, figures):
        for name, kind in vars(module).items():
            if not is_dataclass(kind) or kind.__module__ != module.__name__:
                continue
            assert kind.__doc__, name
            for field in fields(kind):
                assert re.search(rf"\.{field.name}\b", everything), f"{name}.{field.name}"
