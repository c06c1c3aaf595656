from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from scipy.stats import t
from worlds import make_history, pleased_ever_dearer

from analysis import findings as f
from analysis import lifetimes
from analysis.lifetimes import estimate_lifetime, fit_decay, overlap_half_width
from analysis.settings import Settings, check_settings
from analysis.stability import effective_origins, follow

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
    assert found.compared.factor == pytest.approx(154 / 150)
    assert found.compared.agree


def test_estimates_that_lie_too_far_apart_are_said_to_disagree():
    """Eight origins cross at 60 days, one never does: curve 60 and more, the others 70."""
    ages = list(range(14, 400, 14))
    settings = check_settings({"stability": {"lifetime_agreement": 1.05}})
    found = estimate_lifetime(points([60.0] * 8 + [300.0], 1.2, ages), settings)
    assert found.days == pytest.approx(60 * 5 ** (1 / 9), rel=1e-6)
    assert (found.isotonic_days, found.median_days) == (70, 70)
    assert found.compared == f.EstimatesCompared(pytest.approx(70 / 70, abs=0.03), 1.05, True)
    loose = points([60.0] * 6 + [390.0] * 3, 1.2, ages)
    apart = estimate_lifetime(loose, settings)
    assert apart.median_days == 70
    assert apart.days == pytest.approx(60 ** (2 / 3) * 390 ** (1 / 3), rel=1e-6)
    assert apart.compared.factor == pytest.approx(
        max(apart.days, apart.isotonic_days) / min(70, apart.isotonic_days)
    )
    assert not apart.compared.agree


def followed(draw, k: int):
    """Return the lifetime of a made-up shop that is followed for a year."""
    settings = check_settings(
        {"segmentation": {"starts": 8}, "stability": {"snapshot_days": 28, "origin_days": 28}}
    )
    days = range(0, 365, 28)
    tables = make_history(6_000, days[-1], draw, 0).tables(days)
    return estimate_lifetime(follow(tables, "traits", k, True, settings).points, settings)


def test_estimates_agree_on_a_made_up_shop_that_decays():
    """Baskets of the satisfied dearer by the day: all three ages are seen, within a factor 1.5."""
    found = followed(pleased_ever_dearer(1.5), 3)
    assert not found.extrapolated
    assert found.compared.factor <= 1.5
    assert found.compared.agree


def test_a_map_that_jumps_follows_no_curve_and_the_estimates_say_so():
    """Near one until 42 days, one half from 56 on for a year: a step, no decay."""
    steps = [
        replace(point, ari_warm=0.99 if point.age_days < 50 else 0.5)
        for point in points([200.0] * 9, 1.0, list(range(14, 400, 14)))
    ]
    found = estimate_lifetime(steps, SETTINGS)
    assert (found.isotonic_days, found.median_days) == (56, 56)
    assert found.compared.factor == pytest.approx(found.days / 56)
    assert found.compared.factor > 1.5
    assert not found.compared.agree


def test_origins_that_are_more_alike_are_worth_less():
    """Nine origins: 3.5 independent ones at 0.5, 2.3 at 0.7: too few for an interval."""
    found = estimate_lifetime(points([100.0 + 10 * n for n in range(9)], 1.0, [28, 56]), SETTINGS)
    assert found.interval == "t_interval"
    assert found.effective_origins == pytest.approx(effective_origins(9, 0.5))
    assert found.cautious == f.LifetimeRange(
        0.7, effective_origins(9, 0.7), pytest.approx(100), pytest.approx(180), "range"
    )
    many = estimate_lifetime(points([100.0 + 10 * n for n in range(20)], 1.0, [28, 56]), SETTINGS)
    assert many.cautious.interval == "t_interval"
    assert many.cautious.low_days < many.low_days
    assert many.cautious.high_days > many.high_days


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


@pytest.mark.parametrize(("shortest", "drawn"), [(400.0, 59), (100.0, 100)])
def test_draws_go_on_only_where_one_could_bound_the_interval(monkeypatch, shortest, drawn):
    """Of the first fifty-nine, one lives for so long; 112 days were observed."""
    made = iter([shortest] + [500.0] * 99)
    monkeypatch.setattr(lifetimes, "make_snapshot", lambda *_: None)
    history = lifetimes._History
    monkeypatch.setattr(history, "of", lambda *_: history(next(made), False, 112))
    tables = make_history(50, 28, pleased_ever_dearer(1.0), 0).tables([0, 28])
    found = lifetimes.resample_lifetimes(tables, "traits", 3, True, SETTINGS)
    assert found.resamples == drawn
    assert found.high_days == 500.0
