"""BG/NBD by hand, by integration, and on a world whose parameters are known."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import beta, gamma

from analysis.purchase_counts import (
    Histories,
    PurchaseModel,
    chance_to_return,
    fit_purchases,
    log_likelihood,
)

# The estimates published for the CDs of CDNOW, in weeks (Fader, Hardie & Lee 2005, table 1).
R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
CDNOW = PurchaseModel(R, ALPHA, A, B, 0.0, is_inner=True)


def one(repeats: float, last: float, age: float) -> Histories:
    return Histories(np.array([repeats]), np.array([last]), np.array([age]), np.ones(1))


def test_who_never_came_back_by_hand():
    """With x = 0 the beta distribution cancels out: L = (α / (α + T))^r."""
    expected = R * log(ALPHA / (ALPHA + 38.86))
    assert log_likelihood(one(0, 0, 38.86), R, ALPHA, A, B) == pytest.approx(expected)


def test_who_came_back_once_by_hand():
    """L = r α^r (b / (a+b) (α+T)^-(r+1) + a / (a+b) (α+t)^-(r+1))."""
    by_hand = R * ALPHA**R / (A + B)
    by_hand *= B * (ALPHA + 38.86) ** -(R + 1) + A * (ALPHA + 1.71) ** -(R + 1)
    assert log_likelihood(one(1, 1.71, 38.86), R, ALPHA, A, B) == pytest.approx(log(by_hand))


def test_two_returns_by_integration_over_the_two_distributions():
    """Of one customer: λ² ((1-p)² exp(-λT) + p (1-p) exp(-λt)) for x = 2."""

    def density(p: float, rate: float) -> float:
        seen = rate**2 * ((1 - p) ** 2 * exp(-rate * 38.86) + p * (1 - p) * exp(-rate * 30.43))
        return seen * gamma.pdf(rate, 2.0, scale=1 / 20) * beta.pdf(p, 2.0, 3.0)

    integral = dblquad(density, 0, 3, 0, 1)[0]
    found = log_likelihood(one(2, 30.43, 38.86), 2.0, 20.0, 2.0, 3.0)
    assert found == pytest.approx(log(integral), rel=1e-6)


def test_equal_histories_weigh_as_often_as_they_are_there():
    repeats, last, age = np.array([1.0, 0, 1]), np.array([2.0, 0, 2]), np.array([9.0, 9, 9])
    grouped = Histories.of(repeats, last, age)
    assert grouped.customers.tolist() == [1, 2]
    apart = Histories(repeats, last, age, np.ones(3))
    assert log_likelihood(grouped, R, ALPHA, A, B) == pytest.approx(
        log_likelihood(apart, R, ALPHA, A, B)
    )


def test_the_chance_to_return_by_hand():
    """Who never came back is still there for certain; who bought long ago hardly is."""
    found = chance_to_return(CDNOW, np.array([0.0, 7]), np.array([0.0, 5]), np.full(2, 40.0), 26)
    assert found[0] == pytest.approx(1 - ((ALPHA + 40) / (ALPHA + 66)) ** R)
    odds = A / (B + 6) * ((ALPHA + 40) / (ALPHA + 5)) ** (R + 7)
    back = 1 - ((ALPHA + 40) / (ALPHA + 66)) ** (R + 7)
    assert found[1] == pytest.approx(back / (1 + odds))
    assert found[1] < 0.001


def simulate(customers: int, weeks: float, horizon: float, seed: int):
    """Draw histories over some weeks, and who buys within the horizon after them."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(R, 1 / ALPHA, customers)
    leaving = rng.beta(A, B, customers)
    age = rng.integers(20, int(weeks), customers).astype(float)
    repeats, last = np.zeros(customers), np.zeros(customers)
    returned = np.zeros(customers, bool)
    for place in range(customers):
        when = 0.0
        while rng.random() >= leaving[place] or when == 0.0:
            when += rng.exponential(1 / max(rates[place], 1e-12))
            if when > age[place]:
                returned[place] = when <= age[place] + horizon
                break
            repeats[place] += 1
            last[place] = when
    return Histories.of(repeats, last, age), (repeats, last, age), returned


def test_a_known_world_is_found_again_and_foretold():
    histories, rows, returned = simulate(20_000, 60, 26, seed=4)
    found = fit_purchases(histories)
    assert found.is_inner
    assert found.log_likelihood >= log_likelihood(histories, R, ALPHA, A, B)
    assert found.r == pytest.approx(R, rel=0.06)
    assert found.alpha == pytest.approx(ALPHA, rel=0.12)
    # The two of the beta distribution are hard to tell apart; their mean is not.
    assert found.a / (found.a + found.b) == pytest.approx(A / (A + B), rel=0.12)
    chance = chance_to_return(found, *rows, 26)
    error = np.sqrt((chance * (1 - chance)).sum())
    assert abs(chance.sum() - returned.sum()) < 3 * error


def test_a_likelihood_without_a_maximum_is_said():
    """Nobody who came back twice: how soon customers leave for good is not in the data."""
    histories = Histories(
        np.array([0.0, 1.0]), np.array([0.0, 9.9]), np.array([10.0, 10.0]), np.array([970.0, 30.0])
    )
    assert not fit_purchases(histories).is_inner
