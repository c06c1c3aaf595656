"""Refits that come early: simulated terms against what is known of them."""

from __future__ import annotations

import doctest
from dataclasses import replace

import numpy as np
import pytest
from sample import sample_findings, sample_settings

from analysis import contingency, money
from analysis.contingency import (
    NEVER_BREAKS,
    Survival,
    observed_until,
    plan_contingency,
    simulate_refits,
    survival_of,
)
from analysis.findings import NotComputed


def weibull(median: float, shape: float) -> Survival:
    ages = np.arange(1, 12_000) / 100
    return Survival(ages, 0.5 ** ((ages / median) ** shape))


@pytest.mark.parametrize("module", [contingency, money])
def test_examples_in_the_docstrings(module):
    assert doctest.testmod(module, extraglobs={"np": np}).failed == 0


@pytest.mark.parametrize(("every", "refits"), [(3, 3), (4, 2), (5, 2), (6, 1), (12, 0)])
def test_a_model_that_never_breaks_takes_the_planned_refits(every, refits):
    drawn = simulate_refits(NEVER_BREAKS, every, 12, 100, seed=1)
    assert set(drawn.tolist()) == {refits}


@pytest.mark.parametrize(("median", "shape", "mean"), [(9.0, 2.0, 2.04), (6.0, 1.5, 2.30)])
def test_the_published_simulations(median, shape, mean):
    """Methods, section 5, which counts the refit at the end of the term as well."""
    drawn = simulate_refits(weibull(median, shape), 6, 12 + 1e-6, 20_000, seed=3)
    assert drawn.mean() == pytest.approx(mean, abs=0.03)


def test_the_same_seed_draws_the_same_terms():
    first, second = (simulate_refits(weibull(9, 2), 4, 12, 500, seed=5) for _ in range(2))
    assert (first == second).all()


def test_a_break_at_a_known_age_by_hand():
    # Sound for five months, then broken: refits after 5 and 10 months of 12.
    fixed = Survival(np.array([5.0]), np.array([0.0]))
    assert set(simulate_refits(fixed, 6, 12, 50, seed=0).tolist()) == {2}
    # With two checks a month it is seen at once and confirmed after 5.5 and 11 months.
    found = plan_contingency(fixed, 6, 12, 1, 24, sample_settings())
    assert (found.early_share, found.mean_refits, found.covered_refits) == (1.0, 2.0, 2)
    # One refit in the price is never enough for two; two always are.
    assert (found.included_refits, found.included_share) == (1, 0.0)
    assert plan_contingency(fixed, 6, 12, 2, 24, sample_settings()).included_share == 1.0


def test_what_no_check_confirms_in_time_brings_no_early_refit():
    # Sound for five months: monthly checks confirm after six, when the refit is due anyway.
    fixed = Survival(np.array([5.0]), np.array([0.0]))
    for checks in (12, 4, 0):
        found = plan_contingency(fixed, 6, 12, 1, checks, sample_settings())
        assert (found.early_share, found.mean_refits) == (0.0, 1.0)


def test_the_share_of_terms_that_a_price_covers_by_hand():
    # Half of the models break after eight months of twelve: one refit, then the term is over.
    half = Survival(np.array([8.0]), np.array([0.5]))
    found = plan_contingency(half, 12, 12, 0, 12, sample_settings(simulations=20_000))
    assert found.included_share == pytest.approx(0.5, abs=0.02)
    assert found.mean_refits == pytest.approx(0.5, abs=0.02)


def test_what_is_known_ends_with_what_was_observed():
    stability = sample_findings().stability
    assert observed_until(stability) == stability.chosen.longest_confirmable_days
    resampled = replace(stability.resampled, low_days=100.0, high_days=400.0)
    seen = replace(stability, resampled=resampled)
    assert observed_until(seen) == stability.chosen.longest_observed_days


def test_the_bound_is_reached_at_the_age_that_it_holds_for():
    stability = sample_findings().stability
    kind, survival = survival_of(stability)
    assert kind == "bound"
    assert survival.alive[-1] == pytest.approx(1 - stability.chosen.break_probability_bound)
    assert survival.ages[-1] * 365.25 / 12 == pytest.approx(
        stability.chosen.longest_confirmable_days
    )
    assert (np.diff(survival.alive) < 0).all()


def test_lifetimes_that_end_within_what_was_seen_are_priced():
    stability = sample_findings().stability
    seen = replace(
        stability, resampled=replace(stability.resampled, low_days=100.0, high_days=400.0)
    )
    kind, survival = survival_of(seen)
    assert kind == "resampled"
    at = np.interp([100, 200, 400], survival.ages * 365.25 / 12, survival.alive)
    assert at == pytest.approx([0.95, 0.5, 0.05], abs=0.01)


def test_levels_are_ordered():
    stability = sample_findings().stability
    shares = [
        plan_contingency(
            survival_of(stability, level)[1], 4, 12, 2, 12, sample_settings()
        ).early_share
        for level in ("lower", "central", "upper")
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0


def test_without_a_timeline_nothing_is_simulated():
    reason = NotComputed("too_short_history", "200", "365")
    assert survival_of(reason) == reason
