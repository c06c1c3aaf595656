"""What a page may say follows from the findings; expected sentences worked out by hand."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sample import sample_findings, sample_proposal
from telling import say, segmentation, stability

from analysis.findings import (
    Findings,
    NotComputed,
    Refresh,
    Segment,
    StructureCheck,
)
from report.context import Absence
from report.views import (
    SegmentView,
    contract_records,
    figures,
    records,
    segment_records,
    time_records,
)
from report.wording import LANGUAGES, templates_folder

REPORT = Path(__file__).parents[1] / "report"


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
        "paid more than R$220 in the window (freight included)",
        "a mean review above 2",
    )
    assert found["unhappy_medium"].rule == (
        "a single purchase in the window",
        "either a mean review of 2 at most; or a mean review of 2.5 at most and paid at most "
        "R$220 in the window (freight included)",
    )
    assert found["loyal"].rule == ("at least two separate purchases in the last 365\u00a0days",)
    assert "exact" in found["loyal"].rule_quality
    assert "93.0%" in found["satisfied_large"].rule_quality


def test_what_sets_a_segment_apart_is_its_furthest_figure() -> None:
    found = segment_views(sample_findings())
    assert found["satisfied_large"].distinction == (
        "What sets them apart: 3.8% low reviews, against 15%; a median spend of R$378, "
        "against R$112."
    )
    assert found["unhappy_medium"].distinction == (
        "What sets them apart: 81% low reviews, against 15%; 29% late deliveries, against 8.0%."
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
        "No model broke in what could be observed, up to 224\u00a0days after it was made "
        "(1 starting date)."
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
    assert [tier.total for tier in priced.tiers] == ["€2,280", "€9,180", "€10,680"]
    assert priced.day_rate == "€600"
    blank = say(sample_findings(proposal=sample_proposal(None))).proposal
    assert not isinstance(blank.tiers, Absence)
    assert [tier.total for tier in blank.tiers] == ["……", "……", "……"]
    assert blank.sentence.startswith("The recommended offer takes 12 days of work")
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
    assert rows["AL"][4:] == (
        "lateness, reviews",
        "late: 12% (10% to 14%)",
        "▲ +3.0\n(+1.0 to +5.0)",
        "above all orders",
    )
    assert rows["RJ"][-1] == "no longer stands out"
    assert rows["MG"][-2:] == ("not computed", "")
    assert "from March 2030 to May 2030" in kpis.movement
    assert kpis.movement.endswith("All orders: +1.1 (−0.2 to +2.4).")
    assert "3 of 5 rows are listed over the period" in kpis.states_table.note


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
