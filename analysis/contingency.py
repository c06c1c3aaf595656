"""How many refits a term takes when models may break early: simulated, from a prudent survival.

Methods, section 5. The survival S(t) is the probability that a model has raised no alarm by age t,
from the lower layer of section 3.5: the lifetimes on resampled customers where they end within what
was observed; where they do not, the upper bound of the probability of a break, spread evenly over
the snapshots until the age that it holds for. Beyond that age nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import Floats
from analysis.refresh import DAYS_A_MONTH
from analysis.settings import Settings

# The quantiles of the lifetimes on resampled customers, as analysis.lifetimes gives them.
NORMAL_Q95 = 1.6448536269514722
FINEST_MONTHS = 1 / 30
EARLIEST = 1e-9

Level = Literal["lower", "central", "upper"]


@dataclass(frozen=True, eq=False)
class Survival:
    """A step function: the share of models still sound after each age (months, ascending)."""

    ages: Floats
    alive: Floats

    def lifetimes(self, draws: Floats) -> Floats:
        """Return the age at which the share alive falls below each draw; infinite if it never does.

        >>> half = Survival(np.array([4.0]), np.array([0.5]))
        >>> half.lifetimes(np.array([0.4, 0.6])).tolist()
        [inf, 4.0]
        """
        places = np.searchsorted(-self.alive, -draws, side="right")
        ages = np.append(self.ages, np.inf)
        return np.asarray(ages[places], dtype=np.float64)


NEVER_BREAKS = Survival(np.empty(0), np.empty(0))


def survival_of(
    stability: f.Stability | f.NotComputed, level: Level = "lower"
) -> tuple[Literal["resampled", "bound"], Survival] | f.NotComputed:
    """Return the survival of a model and what it comes from.

    `level` "lower" is the one that is priced; "central" takes the middle of the same layer, "upper"
    a model that never breaks.
    """
    if isinstance(stability, f.NotComputed):
        return stability
    timeline, resampled = stability.chosen, stability.resampled
    low, high = resampled.low_days, resampled.high_days
    seen = timeline.longest_observed_days
    if not isinstance(low, f.NotComputed) and not isinstance(high, f.NotComputed) and low <= seen:
        return "resampled", NEVER_BREAKS if level == "upper" else _log_normal(low, high, level)
    bound = timeline.break_probability_bound
    if isinstance(bound, f.NotComputed):
        return bound
    if level == "central":
        # What was seen to break in none of n origins does so with 1 - 0.5^(1/n) at the median.
        bound = 1 - (1 - bound) ** (log(0.5) / log(0.05))
    spread = _spread(bound, timeline.longest_confirmable_days, stability.snapshot_days)
    return "bound", NEVER_BREAKS if level == "upper" else spread


def simulate_refits(
    survival: Survival,
    every_months: float,
    term_months: float,
    runs: int,
    seed: int,
    check_months: float = 0.0,
) -> npt.NDArray[np.int64]:
    """Return how many refits each run takes before its term ends; the first model is delivered.

    A refit comes at the interval, or earlier when a break is confirmed (see `confirmed_after`); the
    interval then starts anew.
    """
    rng = np.random.default_rng(seed)
    elapsed = np.zeros(runs)
    refits = np.zeros(runs, np.int64)
    going = np.ones(runs, dtype=bool)
    while going.any():
        lifetimes = np.maximum(survival.lifetimes(rng.random(runs)), FINEST_MONTHS)
        elapsed += np.minimum(confirmed_after(lifetimes, check_months), every_months)
        going &= elapsed < term_months - EARLIEST
        refits += going
    return refits


def confirmed_after(lifetimes: Floats, check_months: float) -> Floats:
    """Return the ages at which breaks are confirmed: one check sees a break, the next confirms it.

    Checks come at multiples of `check_months` of a model's age; 0 stands for a watch without gaps
    that needs no confirmation, infinity for no watch at all.

    >>> confirmed_after(np.array([0.5, 2.0, 2.1, np.inf]), 1.0).tolist()
    [2.0, 3.0, 4.0, inf]
    """
    if check_months == 0:
        return lifetimes
    if np.isinf(check_months):
        return np.full_like(lifetimes, np.inf)
    seen = np.ceil(lifetimes / check_months - EARLIEST)
    return np.asarray((seen + 1) * check_months, dtype=np.float64)


def observed_until(stability: f.Stability) -> int:
    """Return the age, in days, up to which a survival is known: nothing is claimed beyond it."""
    found = survival_of(stability)
    if not isinstance(found, f.NotComputed) and found[0] == "resampled":
        return stability.chosen.longest_observed_days
    return stability.chosen.longest_confirmable_days


def plan_contingency(
    survival: Survival,
    every_months: int,
    term_months: int,
    included: int,
    checks: int,
    settings: Settings,
) -> f.Contingency:
    """Return what a term takes, over simulated terms with the settings' seed.

    `included` is how many refits the price holds, planned and early together, `checks` how often
    the offer looks at the model in the term: only what a check sees and the next one confirms
    brings an early refit.
    """
    contract = settings.contract
    runs = contract.simulations
    step = term_months / checks if checks else np.inf
    refits = simulate_refits(survival, every_months, term_months, runs, settings.seed, step)
    draws = np.random.default_rng(settings.seed).random(runs)
    cycle = min(every_months, term_months)
    return f.Contingency(
        early_share=float((confirmed_after(survival.lifetimes(draws), step) < cycle).mean()),
        mean_refits=float(refits.mean()),
        covered_refits=int(np.quantile(refits, contract.contingency_quantile, method="higher")),
        included_refits=included,
        included_share=float((refits <= included).mean()),
        quantile=contract.contingency_quantile,
        simulations=runs,
        checks=checks,
    )


def _log_normal(low_days: float, high_days: float, level: Level) -> Survival:
    """Return the survival through the 5 and 95 % quantiles of the lifetimes, day by day.

    The central curve starts from the geometric mean on: the lower half is not drawn.
    """
    from scipy.stats import norm

    middle = log(sqrt(low_days * high_days))
    deviation = max(log(high_days / low_days) / (2 * NORMAL_Q95), 1e-6)
    days = np.arange(1.0, 1_200 * DAYS_A_MONTH)
    if level == "central":
        return Survival(np.array([exp(middle) / DAYS_A_MONTH]), np.array([0.0]))
    alive = norm.sf((np.log(days) - middle) / deviation)
    return Survival(days / DAYS_A_MONTH, alive)


def _spread(bound: float, until_days: int, step_days: int) -> Survival:
    """Return equal chances of a break at each snapshot, together the bound."""
    steps = max(until_days // step_days, 1)
    ages = np.arange(1, steps + 1) * step_days
    alive = (1 - bound) ** (np.arange(1, steps + 1) / steps)
    return Survival(ages / DAYS_A_MONTH, alive)
