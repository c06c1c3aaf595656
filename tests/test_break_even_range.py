"""How far a break-even may lie from what it is: the ends, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import exp, log, sqrt

import pytest
from sample import sample_findings, sample_proposal, sample_refresh
from test_staleness import LINEAR, timeline

from analysis.break_even_range import range_break_even
from analysis.findings import (
    BreakEvenRange,
    Misplacement,
    MisplacementEvidence,
    NotComputed,
    OriginMisplacement,
)
from analysis.findings.values import NOT_MEASURED
from analysis.pricing import count_all, make_offer
from analysis.settings import check_settings
from analysis.staleness import show_evidence, weigh_staleness
from analysis.steps import Steps
from report.views.break_evens import pays_sentence, rests_table
from report.views.records import Absence
from report.views.staleness import staleness_view
from report.wording import Wording

SETTINGS = check_settings({})
FLAT = NotComputed("no_rise")


def linear(scale: float, days: int = 366) -> Misplacement:
    """Return a model that misplaces so much more of the customers each month."""
    return Misplacement(scale, 1.0, 0.01, (30, days), (scale, scale * 12), days)


def evidence(*scales: float | None, customers: tuple[int, ...] = ()) -> MisplacementEvidence:
    """Return starting dates that age so, None where one shows no rise."""
    return MisplacementEvidence(
        by_origin=tuple(
            OriginMisplacement(
                date(2029, month, 1), 30 * month, FLAT if scale is None else linear(scale)
            )
            for month, scale in enumerate(scales, 1)
        ),
        noise_kept=linear(0.04),
        customers=customers,
    )


def staleness(shown: MisplacementEvidence | NotComputed, misplacement: Misplacement | None = None):
    return weigh_staleness(misplacement or linear(0.01), 1_000, sample_refresh(), SETTINGS, shown)


def tier():
    """Return an offer of 720, 1 440 at most, that refits once, after six of twelve months.

    Never refitted, a customer is misplaced for 0.01 x 144 / 2 = 0.72 months; refitted once, for
    2 x 0.01 x 36 / 2 = 0.36: of 1 000 customers 360 contacts are spared, and 720 / 360 = 2.
    """
    offer = next(one for one in sample_proposal().tiers if one.code == "recommended")
    return replace(
        offer,
        refit_every_months=6,
        price_floor=Decimal(720),
        price_cap=Decimal(1_440),
        break_even=Decimal("2.00"),
    )


def ranged(shown: MisplacementEvidence, settings=SETTINGS) -> BreakEvenRange:
    found = range_break_even(tier(), staleness(shown), settings)
    assert isinstance(found, BreakEvenRange)
    return found


def test_the_range_over_starting_dates_and_customers_by_hand():
    # Twice as fast: 1; half as fast: 4. With half the customers a contact must cost twice as much.
    found = ranged(evidence(0.02, 0.005, None, customers=(500, 800, 0)))
    assert (found.low, found.high) == (Decimal("1.00"), Decimal("8.00"))
    assert found.interval == "range"
    assert (found.origins, found.flat_origins, found.flat_days) == (2, 1, 90)
    # 4 / (2 + 2 x 0.5) = 1.33
    assert found.effective_origins == pytest.approx(4 / 3)


def test_each_thing_that_it_rests_on_by_hand():
    found = ranged(evidence(0.02, 0.005, customers=(500, 1_250)))
    cases = {case.code: case for case in found.cases}
    assert (cases["origins"].low, cases["origins"].high) == (Decimal("1.00"), Decimal("4.00"))
    # 2 x 1 000 / 1 250 = 1.60 and 2 x 1 000 / 500 = 4.
    assert (cases["customers"].low, cases["customers"].high) == (Decimal("1.60"), Decimal("4.00"))
    assert (cases["customers"].from_value, cases["customers"].to_value) == (500, 1_250)
    # Four times as many misplaced when no disagreement is taken off as noise.
    assert cases["noise_kept"].low == cases["noise_kept"].high == Decimal("0.50")
    assert cases["early_refits"].low == Decimal("4.00")
    assert (cases["observed_ages"].from_value, cases["observed_ages"].low) == (366, Decimal("2.00"))


def test_what_was_seen_alone_may_not_pay():
    """Seen for a quarter of the term, a model left alone misplaces less than two that are not."""
    short = linear(0.01, days=92)
    found = range_break_even(tier(), staleness(evidence(0.02, 0.005), short), SETTINGS)
    case = next(case for case in found.cases if case.code == "observed_ages")
    assert case.low == case.high == NotComputed("no_refit_in_term")


def test_starting_dates_that_are_independent_have_an_interval():
    """Logarithms of 1, 2 and 4: mean log 2, deviation log 2, t of two degrees 2.920."""
    stability = SETTINGS.stability.model_copy(update={"origin_correlation": 0.0})
    found = ranged(
        evidence(0.02, 0.01, 0.005), SETTINGS.model_copy(update={"stability": stability})
    )
    half = 2.919986 * log(2) / sqrt(3)
    assert (found.interval, found.effective_origins) == ("t_interval", 3.0)
    assert float(found.low) == pytest.approx(2 * exp(-half), abs=0.006)
    assert float(found.high) == pytest.approx(2 * exp(half), abs=0.006)


def test_a_date_without_a_rise_leaves_no_interval():
    stability = SETTINGS.stability.model_copy(update={"origin_correlation": 0.0})
    settings = SETTINGS.model_copy(update={"stability": stability})
    assert ranged(evidence(0.02, 0.01, 0.005, None), settings).interval == "range"


def test_what_all_dates_give_lies_within():
    found = ranged(evidence(0.005))
    assert (found.low, found.high) == (Decimal("2.00"), Decimal("4.00"))


@pytest.mark.parametrize(
    ("shown", "code"), [(evidence(None, None), "no_rise"), (NOT_MEASURED, "not_measured_then")]
)
def test_without_evidence_there_is_no_range(shown, code):
    found = range_break_even(tier(), staleness(shown), SETTINGS)
    assert isinstance(found, NotComputed)
    assert found.code == code


def test_an_offer_that_spares_nothing_has_no_range():
    unpaid = replace(tier(), break_even=NotComputed("no_refit_in_term"))
    shown = staleness(evidence(0.01))
    assert range_break_even(unpaid, shown, SETTINGS) == NotComputed("no_refit_in_term")


def test_each_starting_date_has_its_own_curve():
    fast, slow = timeline(0.02, 1.0), timeline(-0.002, 1.0)
    first = min(point.origin for point in fast.points)
    points = (
        *(point for point in fast.points if point.origin == first),
        *(point for point in slow.points if point.origin != first),
    )
    shown = show_evidence(replace(fast, points=points), (900, 1_000))
    one, *others = shown.by_origin
    assert (one.origin, one.observed_days) == (first, 224)
    assert (one.misplacement.scale, one.misplacement.exponent) == pytest.approx((0.02, 1.0), 1e-3)
    assert [other.misplacement for other in others] == [FLAT, FLAT]
    assert shown.customers == (900, 1_000)


def test_a_date_followed_to_one_age_shows_neither_a_rise_nor_none():
    all_points = timeline(0.02, 1.0).points
    last = max(point.origin for point in all_points)
    youngest = min(point.age_days for point in all_points)
    points = tuple(p for p in all_points if p.origin != last or p.age_days == youngest)
    shown = show_evidence(replace(timeline(0.02, 1.0), points=points))
    assert last not in {entry.origin for entry in shown.by_origin}
    assert len(shown.by_origin) == len({point.origin for point in all_points}) - 1


def test_customers_of_a_subset_are_counted_as_all():
    """Of 8 000 now a tenth were traced: the range is over 4 000 to 8 000, not over 400."""
    assert count_all((400, 600, 800), 8_000) == (4_000, 6_000, 8_000)
    assert count_all((400, 600, 800), 800) == (400, 600, 800)
    assert count_all((), 800) == count_all((400, 0), 800) == ()


def test_the_offer_of_a_subset_has_evidence_of_all_customers():
    stability = replace(sample_findings().stability, chosen=timeline(0.02, 1.0), customers=(4, 8))
    found = sample_findings()
    counts = replace(found.customers, one_time=700, repeat=100)
    offer = make_offer(stability, counts, found.period, SETTINGS, Steps())
    assert offer.staleness.evidence.customers == (400, 800)


def test_kept_noise_adds_to_what_an_old_model_misplaces():
    shown = show_evidence(timeline(0.004, 1.0, floor=0.03))
    # 3 % at every age beside 0.4 % a month: a curve above the one without the noise.
    kept = shown.noise_kept
    assert kept.scale * 4**kept.exponent == pytest.approx(0.03 + 0.004 * 4, abs=0.002)


def test_an_interval_has_the_ends_of_the_starting_dates():
    settings = check_settings({"contract": {"day_rate": "3600"}})
    shown = evidence(2 * LINEAR.scale, LINEAR.scale / 2, None)
    found = weigh_staleness(LINEAR, 90_000, sample_refresh(), settings, shown)
    entry = next(entry for entry in found.break_even if entry.months == 6)
    # 18 000 / (90 000 x 0.07 x 6) = 0.476, halved and doubled.
    assert (entry.low_cost, entry.high_cost) == (Decimal("0.24"), Decimal("0.95"))


@pytest.mark.parametrize("language", ["fr", "en", "pt-BR"])
def test_the_range_is_said_with_what_is_not_known(language):
    wording = Wording(language)
    found = ranged(evidence(0.02, 0.005, None, customers=(500, 1_250)))
    offers = sample_proposal()
    tiers = tuple(
        replace(one, break_even=Decimal("2.00"), break_even_range=found)
        if one.code == "recommended"
        else one
        for one in offers.tiers
    )
    proposal = replace(offers, tiers=tiers)
    said = pays_sentence(proposal, wording)
    for amount in (Decimal("2.00"), found.low, found.high):
        assert wording.estimate(amount, proposal.currency) in said
    assert wording.days(90) in said
    assert wording.days(366) in said
    table = rests_table(proposal, wording)
    assert len(table.rows) == len(found.cases) == 5
    assert table.rows[0][2] == wording.gettext(
        "%(low)s to %(high)s",
        low=wording.estimate(Decimal("1.00"), proposal.currency),
        high=wording.estimate(Decimal("4.00"), proposal.currency),
    )
    view = staleness_view(sample_findings(proposal=proposal), wording)
    for amount in (found.low, found.high):
        assert wording.estimate(amount, proposal.currency) in view.title


def test_findings_without_the_evidence_are_told_as_before():
    tiers = tuple(replace(one, break_even_range=NOT_MEASURED) for one in sample_proposal().tiers)
    proposal = replace(sample_proposal(), tiers=tiers)
    assert pays_sentence(proposal, Wording("en")) == ""
    assert isinstance(rests_table(proposal, Wording("en")), Absence)
