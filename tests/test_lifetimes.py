from dataclasses import replace
from datetime import date, timedelta
from math import exp, sqrt

import numpy as np
import pytest
from scipy.stats import t

from analysis import findings as f
from analysis.lifetimes import estimate_lifetime, fit_decay, overlap_half_width
from analysis.settings import Settings
from analysis.stability import effective_origins

SETTINGS = Settings()


def points(lifetimes: list[float], shape: float, ages: list[int], threshold: float = 0.8):
    """Return points that follow ARI = threshold ** ((t / lifetime) ** shape) exactly."""
    return [
        f.TimelinePoint(
            origin=date(2020, 1, 1) + timedelta(days=28 * place),
            snapshot=date(2020, 1, 1) + timedelta(days=28 * place + age),
            age_days=age,
            ari_warm=threshold ** ((age / lifetime) ** shape),
            ari_cold=0.9,
            agreement_warm=0.95,
            agreement_cold=0.95,
            floor_mean=0.95,
            floor_q05=0.9,
            floor_agreement=1.0,
            alarm=False,
        )
        for place, lifetime in enumerate(lifetimes)
        for age in ages
    ]


def test_the_planted_decay_is_found():
    found = fit_decay(points([200.0, 300.0, 450.0], 1.4, [28, 56, 84]), 0.8)
    assert found.shape == pytest.approx(1.4, abs=1e-9)
    assert found.lifetimes == pytest.approx((200, 300, 450), rel=1e-9)


@pytest.mark.parametrize(("reached", "days"), [(0.9, 1e100), (0.5, 1e-100)])
def test_a_nearly_flat_curve_stays_within_a_float(reached, days):
    """Its crossing lies beyond any number: after all ages above the threshold, before below."""
    flat = [
        replace(point, ari_warm=reached - 1e-6 * (point.age_days > 28))
        for point in points([200.0, 300.0], 1.0, [28, 56])
    ]
    found = estimate_lifetime(flat, SETTINGS)
    assert found.days == pytest.approx(days)
    assert np.isfinite(found.low_days * found.high_days)


def test_the_estimate_is_the_geometric_mean_and_the_range_where_origins_are_few():
    found = estimate_lifetime(points([200.0, 300.0, 450.0], 1.4, [28, 56, 84]), SETTINGS)
    assert found.days == pytest.approx(300.0, rel=1e-9)
    assert (found.interval, found.effective_origins) == ("range", pytest.approx(9 / 5.5))
    assert (found.low_days, found.high_days) == (pytest.approx(200), pytest.approx(450))
    assert found.extrapolated
    assert found.isotonic_days == f.NotComputed("not_observed", "84")
    assert found.median_days == f.NotComputed("not_observed", "84")


def test_the_three_estimates_agree_when_the_crossing_was_seen():
    ages = list(range(14, 400, 14))
    found = estimate_lifetime(points([150.0] * 9, 1.2, ages), SETTINGS)
    assert found.days == pytest.approx(150, rel=1e-6)
    assert found.interval == "t_interval"
    assert not found.extrapolated
    # The first snapshot after 150 days.
    assert found.isotonic_days == 154
    assert found.median_days == 154


def test_the_half_width_by_hand():
    # Two origins, correlation 0.5: n_eff = 4 / 3, s2 = Var / (1 - 0.5).
    logs = np.log([100.0, 200.0])
    effective = effective_origins(2, 0.5)
    expected = t.ppf(0.95, 1) * sqrt(logs.var(ddof=1) / 0.5 / (4 / 3))
    assert overlap_half_width(logs, 0.5, effective) == pytest.approx(expected)


def test_nothing_decays():
    rising = [
        replace(point, ari_warm=0.9 + point.age_days / 2_000)
        for point in points([200.0, 300.0], 1.0, [28, 56, 84])
    ]
    assert estimate_lifetime(rising, SETTINGS) == f.NotComputed("no_decay")
    assert estimate_lifetime(points([200.0], 1.0, [28, 56]), SETTINGS) == f.NotComputed("no_decay")


def test_an_agreement_of_one_is_followed_too():
    whole = [
        replace(p, ari_warm=1.0 if p.age_days == 28 else 0.9)
        for p in points([1.0] * 3, 1.0, [28, 56])
    ]
    found = estimate_lifetime(whole, SETTINGS)
    assert found.shape > 0


@pytest.mark.slow
def test_the_interval_over_overlapping_origins_covers():
    """Layer 2 at a nominal 90 %: origins correlated by 0.5 ** |i - j|, 400 histories of eight."""
    rng = np.random.default_rng(1)
    steps = np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    root = np.linalg.cholesky(0.5**steps)
    covered = 0
    for _ in range(400):
        logs = np.log(200) + 0.4 * (root @ rng.normal(size=8))
        found = estimate_lifetime(points([exp(v) for v in logs], 1.2, [28, 56, 84, 112]), SETTINGS)
        covered += found.low_days <= 200 <= found.high_days
    assert covered / 400 >= 0.88
