"""What an old model costs: the curve that was planted, the optimum that a search finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from sample import sample_findings, sample_refresh, sample_settings

from analysis.findings import Misplacement, NotComputed, TimelinePoint
from analysis.money import refit_cost
from analysis.refresh import DAYS_A_MONTH
from analysis.settings import check_settings
from analysis.staleness import (
    break_even_contact,
    economic_limit_days,
    fit_misplacement,
    measured_share,
    misplaced_months,
    monthly_cost,
    optimal_months,
    weigh_staleness,
)
from report.views.staleness import staleness_view
from report.wording import Wording

# Seven per cent misplaced after half a year, in proportion to age (methods, section 3.7).
LINEAR = Misplacement(0.07 / 6, 1.0, 0.01, (30, 180), (0.012, 0.07), 365)


def timeline(scale: float, exponent: float, floor: float = 0.01):
    """Return a timeline whose misplaced share above the noise is scale * months ** exponent."""
    points = tuple(
        TimelinePoint(
            origin=date(2029, 1, 1) + timedelta(days=origin),
            snapshot=date(2029, 1, 1) + timedelta(days=origin + age),
            age_days=age,
            ari_warm=0.9,
            ari_cold=0.9,
            agreement_warm=1 - floor - scale * (age / DAYS_A_MONTH) ** exponent,
            agreement_cold=0.9,
            floor_mean=0.95,
            floor_q05=0.9,
            floor_agreement=1 - floor,
            alarm=False,
        )
        for origin in (0, 28, 56)
        for age in range(28, 225, 28)
    )
    return replace(sample_findings().stability.chosen, points=points)


@pytest.mark.parametrize(("scale", "exponent"), [(0.004, 1.0), (0.01, 0.5), (0.0005, 1.8)])
def test_the_planted_curve_is_found(scale, exponent):
    found = fit_misplacement(timeline(scale, exponent))
    assert (found.scale, found.exponent) == pytest.approx((scale, exponent), rel=1e-3)
    assert found.floor_share == pytest.approx(0.01)
    assert found.observed_until_days == 224


@pytest.mark.parametrize("scale", [0.0, -0.002])
def test_what_does_not_rise_has_no_cost(scale):
    assert fit_misplacement(timeline(scale, 1.0)) == NotComputed("no_rise")


@pytest.mark.parametrize(
    ("contact", "months"), [(0.05, 18.5), (0.25, 8.3), (0.50, 5.9), (1.0, 4.1), (2.0, 2.9)]
)
def test_the_published_orders_of_magnitude(contact, months):
    assert optimal_months(LINEAR, 90_000 * contact, 9_000) == pytest.approx(months, abs=0.06)


@profile(max_examples=60, deadline=None)
@given(
    exponent=st.floats(0.2, 3),
    scale=st.floats(1e-4, 0.05),
    cost=st.floats(100, 50_000),
    weight=st.floats(1_000, 500_000),
)
def test_the_optimum_is_that_of_a_search(exponent, scale, cost, weight):
    curve = replace(LINEAR, scale=scale, exponent=exponent)
    optimum = optimal_months(curve, weight, cost)
    grid = optimum * np.geomspace(0.2, 5, 4_001)
    costs = [monthly_cost(curve, weight, cost, float(months)) for months in grid]
    assert float(grid[int(np.argmin(costs))]) == pytest.approx(optimum, rel=0.01)


def test_the_flat_zone_of_a_straight_line():
    settings = check_settings(
        {
            "client": {"currency": "EUR"},
            "contract": {"day_rate": "3600", "misdirected_contact": "0.50"},
        }
    )
    found = weigh_staleness(LINEAR, 90_000, sample_refresh(), settings)
    curve = found.curve
    assert found.refit_cost == Decimal(9_000)
    assert curve.is_assumed
    assert curve.flat_from / curve.optimum_months == pytest.approx(0.64, abs=0.005)
    assert curve.flat_until / curve.optimum_months == pytest.approx(1.56, abs=0.005)


def test_from_the_break_even_on_the_interval_is_the_cheapest():
    contact = break_even_contact(LINEAR, 90_000, Decimal(9_000), 6)
    # 2 c / (N l T^2) = 18 000 / (90 000 * 0.07 * 6) = 0.476
    assert contact == Decimal("0.48")
    assert optimal_months(LINEAR, 90_000 * float(contact), 9_000) == pytest.approx(6, rel=0.01)


def test_nothing_is_said_of_ages_that_were_not_observed():
    young = replace(LINEAR, observed_until_days=180)
    assert break_even_contact(young, 90_000, Decimal(9_000), 6) == NotComputed(
        "not_observed", found="180"
    )


def test_without_a_rate_of_exchange_what_pays_is_known_in_the_quotes_currency():
    settings = check_settings({"contract": {"day_rate": "600"}})
    reason = NotComputed("no_exchange_rate", found="EUR", expected="BRL")
    found = weigh_staleness(LINEAR, 90_000, sample_refresh(), settings)
    entry = next(entry for entry in found.break_even if entry.months == 6)
    # 2 x 1 500 / (90 000 x 0.07 x 6) = 0.079
    assert (entry.contact_cost, entry.other_cost) == (Decimal("0.08"), reason)
    assert found.currency == "EUR"
    given = weigh_staleness(LINEAR, 90_000, sample_refresh(), sample_settings())
    assert next(e for e in given.break_even if e.months == 6).other_cost == Decimal("0.48")


def test_the_share_is_measured_at_the_last_age_within_the_interval():
    assert measured_share(LINEAR, 6) == (180, 0.07)
    assert measured_share(LINEAR, 4) == (30, 0.012)
    young = replace(LINEAR, observed_until_days=60)
    assert measured_share(young, 2) == (0, NotComputed("not_observed", found="60"))


def test_the_cost_of_a_refit_is_rounded_as_its_line():
    assert refit_cost(sample_settings()) == Decimal(1_500)  # 2.5 days x 600
    assert refit_cost(sample_settings(None)) == NotComputed("no_day_rate")


def test_the_economic_limit_needs_the_cost_of_a_contact():
    assert economic_limit_days(LINEAR, 90_000, sample_settings()) == NotComputed("no_contact_value")
    settings = sample_settings(day_rate=Decimal(3_600), misdirected_contact="0.50")
    days = economic_limit_days(LINEAR, 90_000, settings)
    assert days == pytest.approx(5.86 * DAYS_A_MONTH, rel=0.01)


def test_misplaced_months_by_hand():
    # l = 0.01, b = 1: a cycle of six months is 0.01 * 36 / 2 = 0.18; two of them 0.36, one of
    # twelve 0.72; where six months were observed the rest is held at 0.06: 0.18 + 6 * 0.06.
    curve = replace(LINEAR, scale=0.01)
    assert misplaced_months(curve, 6, 12) == pytest.approx(0.36)
    assert misplaced_months(curve, 12, 12) == pytest.approx(0.72)
    seen = replace(curve, observed_until_days=183)
    assert misplaced_months(seen, 12, 12) == pytest.approx(0.54, rel=0.01)


@pytest.mark.parametrize(("seen", "extrapolated"), [(30, True), (36_000, False)])
def test_a_flat_zone_beyond_what_was_observed_is_said_to_be_extrapolated(seen, extrapolated):
    values = {"day_rate": "3600", "misdirected_contact": "0.50"}
    settings = check_settings({"client": {"currency": "EUR"}, "contract": values})
    known = replace(LINEAR, observed_until_days=seen)
    found = weigh_staleness(known, 90_000, sample_refresh(), settings)
    view = staleness_view(sample_findings(staleness=found), Wording("en"))
    assert ("extrapolated" in view.flat) is extrapolated
