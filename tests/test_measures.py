"""Pure statistics: known values, and the properties that each must have."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import measures
from analysis.findings import Interval, Quartiles
from analysis.measures import (
    adjusted_rand,
    cliffs_delta,
    combine_intervals,
    difference_interval,
    eta_squared,
    matched_agreement,
    mean_interval,
    median_ratio_interval,
    quartiles,
    total_share_interval,
    wilson_interval,
)

AGREEMENTS = {"adjusted_rand": adjusted_rand, "matched_agreement": matched_agreement}
labels = st.lists(st.integers(0, 4), min_size=2, max_size=60)


def test_examples_in_the_docstrings():
    result = doctest.testmod(measures)
    assert result.attempted > 4
    assert result.failed == 0


def test_an_interval_of_a_difference_adds_the_squares():
    """By hand: 3 in (0, 7) less 1 in (-2, 4) is 2, with arms 3 and 3 below, 4 and 3 above."""
    found = combine_intervals(3.0, Interval(0.0, 7.0), 1.0, Interval(-2.0, 4.0))
    assert found.low == pytest.approx(2 - 18**0.5)
    assert found.high == pytest.approx(2 + 5)
    alone = combine_intervals(3.0, Interval(0.0, 7.0), 1.0, Interval(1.0, 1.0))
    assert (alone.low, alone.high) == (-1.0, 6.0)


def test_an_interval_of_a_share_of_a_total_is_that_of_resampled_customers():
    rng = np.random.default_rng(3)
    amounts, mine = rng.lognormal(4, 1, 800), rng.random(800) < 0.3
    draws = rng.integers(0, 800, (2_000, 800))
    shares = (amounts * mine)[draws].sum(axis=1) / amounts[draws].sum(axis=1)
    found = total_share_interval(amounts, mine)
    low, high = np.quantile(shares, (0.025, 0.975))
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)
    with pytest.raises(ValueError, match="nothing"):
        total_share_interval(np.zeros(3), np.ones(3, dtype=bool))


def test_an_interval_of_a_mean_stays_on_the_scale():
    """By hand: 1, 1, 5, 5 have mean 3 and s = 4/√3; 3 ± 1.96 · 4/√12 leaves the scale."""
    assert mean_interval((2, 0, 0, 0, 2)) == (3.0, Interval(1.0, 5.0))
    mean, found = mean_interval((0, 50, 0, 50, 0))
    assert mean == 3.0
    assert found.high - 3 == pytest.approx(1.96 * (100 / 99) ** 0.5 / 10, abs=1e-4)
    assert mean_interval((0, 0, 1, 0, 0)) == (3.0, Interval(1.0, 5.0))
    with pytest.raises(ValueError, match="no scores"):
        mean_interval((0, 0, 0, 0, 0))


def test_an_interval_of_a_ratio_of_medians_is_the_same_seen_from_both_sides():
    small, large = Quartiles(50.0, 100.0, 200.0, 0.0), Quartiles(80.0, 150.0, 260.0, 0.0)
    more, up = median_ratio_interval(large, 300, small, 500)
    less, down = median_ratio_interval(small, 500, large, 300)
    assert more == pytest.approx(0.5)
    assert (1 + more) * (1 + less) == pytest.approx(1.0)
    assert (1 + up.low) * (1 + down.high) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="logarithm"):
        median_ratio_interval(Quartiles(0.0, 1.0, 2.0, 1.0), 5, small, 5)


def test_every_public_measure_is_tested_here():
    public = {
        name
        for name, value in vars(measures).items()
        if callable(value) and getattr(value, "__module__", "") == "analysis.measures"
        if not name.startswith("_")
    }
    assert public <= set(globals()) | {"contingency"}


@pytest.mark.parametrize("name", AGREEMENTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_agreement_ignores_names_and_sides(name, data):
    agreement = AGREEMENTS[name]
    first = np.array(data.draw(labels))
    second = np.array(
        data.draw(st.lists(st.integers(0, 4), min_size=len(first), max_size=len(first)))
    )
    names = np.array(data.draw(st.permutations(range(5))))
    value = agreement(first, second)
    assert agreement(names[first], second) == pytest.approx(value)
    assert agreement(second, first) == pytest.approx(value)
    assert value <= 1.0 + 1e-12
    assert agreement(first, names[first]) == pytest.approx(1.0)


def test_adjusted_rand_equals_the_reference_on_iris():
    """R's mclust gives 0.7302383 for K-Means 3 against the species."""
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_iris

    iris = load_iris()
    fit = KMeans(3, n_init=20, random_state=0).fit(iris.data)
    assert adjusted_rand(fit.labels_, iris.target) == pytest.approx(0.7302383, abs=1e-7)


def test_adjusted_rand_of_random_labels_is_about_zero():
    rng = np.random.default_rng(1)
    assert abs(adjusted_rand(rng.integers(0, 4, 20_000), rng.integers(0, 4, 20_000))) < 0.01


def test_adjusted_rand_equals_scikit_learn():
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(2)
    first, second = rng.integers(0, 3, 500), rng.integers(0, 5, 500)
    second[:200] = first[:200]
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5_000), st.data())
def test_wilson_interval_holds_the_share_and_stays_within_bounds(trials, data):
    successes = data.draw(st.integers(0, trials))
    interval = wilson_interval(successes, trials)
    assert 0 <= interval.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= interval.high <= 1


def test_wilson_interval_equals_statsmodels_published_value():
    """Brown, Cai, DasGupta 2001 quote 0 of 10: 0 to 0.2775."""
    interval = wilson_interval(0, 10)
    assert interval.low == pytest.approx(0, abs=1e-12)
    assert interval.high == pytest.approx(0.2775, abs=1e-4)


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (3, 2), (-1, 5)])
def test_wilson_interval_refuses_what_cannot_be(successes, trials):
    with pytest.raises(ValueError, match="trials"):
        wilson_interval(successes, trials)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((0, 10, 0, 20), -0.1611, 0.2775),
    ],
)
def test_difference_interval_equals_the_published_values(counts, low, high):
    """Newcombe 1998, table II, method 10, examples (a), (b), (h) and (f)."""
    interval = difference_interval(*counts)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.data())
def test_difference_interval_holds_the_difference_and_changes_sign(first, second, data):
    own, other = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    interval = difference_interval(own, first, other, second)
    difference = own / first - other / second
    assert -1 - 1e-12 <= interval.low <= difference + 1e-12
    assert difference - 1e-12 <= interval.high <= 1 + 1e-12
    turned = difference_interval(other, second, own, first)
    assert turned.low == pytest.approx(-interval.high)
    assert turned.high == pytest.approx(-interval.low)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=30),
    st.lists(st.integers(-5, 5), min_size=1, max_size=30),
)
def test_cliffs_delta_equals_its_definition_and_changes_sign(first, second):
    pairs = [np.sign(a - b) for a in first for b in second]
    value = cliffs_delta(np.array(first, float), np.array(second, float))
    assert value == pytest.approx(np.mean(pairs))
    assert cliffs_delta(np.array(second, float), np.array(first, float)) == pytest.approx(-value)


def test_eta_squared_of_random_labels_is_about_zero_and_of_a_constant_zero():
    rng = np.random.default_rng(3)
    assert eta_squared(rng.normal(size=5_000), rng.integers(0, 3, 5_000)) < 0.01
    assert eta_squared(np.ones(10), np.arange(10) % 2) == 0.0


def test_quartiles_by_hand():
    found = quartiles(np.array([1.0, 2.0, 3.0, 4.0, 10.0]))
    assert (found.q1, found.median, found.q3, found.mean) == (2.0, 3.0, 4.0, 4.0)
    with pytest.raises(ValueError, match="no values"):
        quartiles(np.array([]))
