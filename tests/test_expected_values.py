"""Triangles, draws and swings of an expected value: by hand, and against the exact distribution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import triang

from analysis.expected_values import Costs, Triangle, simulate_value
from analysis.findings import NotComputed

COSTS = Costs(contact=0.10, margin=0.2, discount=5.0, reach=0.5, redemption=0.02)
LIFTS = Triangle(0.01, 0.02, 0.05)


def simulate(costs=COSTS, lifts=LIFTS, spread=0.25, hours=4.0, draws=4_000, seed=1):
    """20 000 customers, a basket of 100: 20 000 (0.5 (u 100 0.2 - 5 0.02) - 0.10)."""
    return simulate_value(
        costs, lifts, 20_000, 100.0, spread=spread, hours=hours, draws=draws, seed=seed
    )


def test_quantiles_of_a_triangle_are_those_of_scipy():
    shares = np.linspace(0.001, 0.999, 50)
    exact = triang.ppf(shares, 0.25, loc=0.01, scale=0.04)
    assert LIFTS.quantile(shares) == pytest.approx(exact)


def test_a_triangle_without_width_is_its_value():
    assert Triangle(3.0, 3.0, 3.0).quantile(np.array([0.1, 0.9])).tolist() == [3.0, 3.0]


def test_with_the_lift_alone_unsure_it_is_the_exact_distribution():
    found, gain = simulate(spread=0.0)
    exact = triang(0.25, loc=0.01, scale=0.04)
    assert found.median == pytest.approx(200_000 * exact.median() - 3_000, abs=2)
    assert found.low == pytest.approx(200_000 * exact.ppf(0.05) - 3_000, abs=5)
    assert gain == pytest.approx(exact.sf(0.015), abs=1e-3)
    assert [swing.input for swing in found.swings] == ["lift"]


def test_the_more_is_unsure_the_wider_the_range():
    sure, _ = simulate(spread=0.0)
    unsure, _ = simulate(spread=0.5)
    assert unsure.low < sure.low
    assert unsure.high > sure.high


def test_swings_by_hand_and_the_largest_first():
    """At 0.02: lift 0.01 to 0.05 is -1 000 to 7 000; margin 0.15 to 0.25 is 0 to 2 000."""
    found, _ = simulate()
    assert [one.input for one in found.swings][:4] == ["lift", "margin", "reach", "contact"]
    assert {one.input for one in found.swings[4:]} == {"discount", "redemption"}
    lift, margin, reach, contact = found.swings[:4]
    assert (reach.value_at_low, reach.value_at_high) == pytest.approx((250.0, 1_750.0))
    assert (lift.value_at_low, lift.value_at_high) == pytest.approx((-1_000.0, 7_000.0))
    assert (margin.value_at_low, margin.value_at_high) == pytest.approx((0.0, 2_000.0))
    # 20 000 contacts at 0.075 and 0.125 instead of 0.10.
    assert (contact.value_at_low, contact.value_at_high) == pytest.approx((1_500.0, 500.0))


def test_no_share_is_drawn_above_one():
    found, _ = simulate(replace(COSTS, reach=0.9))
    reach = next(one for one in found.swings if one.input == "reach")
    assert reach.high == 1.0


def test_an_hour_of_work_is_a_part_of_the_median():
    found, _ = simulate()
    assert found.per_hour == pytest.approx(found.median / 4)
    missing = NotComputed("no_action_inputs", expected="work_hours")
    assert simulate(hours=missing)[0].per_hour == missing


def test_the_same_seed_is_the_same_and_another_hardly_moves_it():
    assert simulate() == simulate()
    other, gain = simulate(seed=2)
    found, first = simulate()
    assert other.median == pytest.approx(found.median, rel=0.03)
    assert gain == pytest.approx(first, abs=0.01)
