"""How many customers a hold-out group needs, and what it can show (methods, section 4.4).

Two shares are compared by the two-sided z test, its error under no effect from the shares pooled:
Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition (2003), ch. 4.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.findings import NotComputed

if TYPE_CHECKING:
    import numpy.typing as npt

    from analysis.orders import Ids

# Whole numbers alone, all below two to the power of 31, so that any database draws alike (see
# sql/marts/customer_segments.sql). With other numbers customers would change sides in the middle
# of a test. The cube is a bijection modulo this prime, which is 2 modulo 3.
DRAWS = 46_337
DRAWN_LETTERS = 64
LETTERS = 500
_MULTIPLIER = 7_919
DRAW_WEIGHTS = tuple(pow(_MULTIPLIER, place, DRAWS) for place in range(1, DRAWN_LETTERS + 1))
# Identifiers are drawn from as letters, which take several times their memory.
_AT_ONCE = 100_000
LOYAL = "loyal"
UNHAPPY = "unhappy"


def is_tested(persona: str) -> bool:
    """Say whether a part of a persona's customers is left out of campaigns.

    What the unhappy are owed and what the loyal are offered is for all of them.

    >>> is_tested("satisfied_large"), is_tested("unhappy_large")
    (True, False)
    """
    return persona != LOYAL and not persona.startswith(UNHAPPY)


def hold_out(ids: Ids, share: float) -> npt.NDArray[np.bool_]:
    """Return who is left out of campaigns, so that their effect can be measured.

    A draw by the customer's own id: nobody changes sides from one file to the next, whoever else
    is in it. The letters' numbers are summed with weights modulo a prime, and the cube of the sum
    modulo the prime is the draw: neighbouring ids are drawn as if by chance.

    Args:
        ids: customer_unique_id, shape (customers,); the first DRAWN_LETTERS letters count.
        share: of the customers that is left out, 0 to 1.
    """
    drawn = np.empty(len(ids), dtype=np.int64)
    weights = np.array(DRAW_WEIGHTS)
    for start in range(0, len(ids), _AT_ONCE):
        few = np.asarray(ids[start : start + _AT_ONCE], dtype=f"U{DRAWN_LETTERS}")
        letters = few.view(np.uint32).reshape(-1, DRAWN_LETTERS).astype(np.int64)
        letters[letters == 0] = ord(" ")
        drawn[start : start + _AT_ONCE] = (letters % LETTERS) @ weights % DRAWS
    cubes = drawn * drawn % DRAWS * drawn % DRAWS
    chosen: npt.NDArray[np.bool_] = cubes < share * DRAWS
    return chosen


def customers_per_arm(base: float, lift: float, alpha: float, power: float) -> float:
    """Return how many customers each of two equal groups needs to show a relative lift.

        n = (z_a sqrt(2 p q) + z_b sqrt(p1 q1 + p0 q0))^2 / (p1 - p0)^2      p1 = p0 (1 + lift)

    Args:
        base: share without the action, above 0.
        lift: relative, above 0.
        alpha: of the two-sided test.
        power: probability of finding the lift.

    >>> round(customers_per_arm(0.009, 0.5, 0.05, 0.8))
    8622
    """
    from scipy.stats import norm

    treated = base * (1 + lift)
    mean = (base + treated) / 2
    under_none = norm.ppf(1 - alpha / 2) * sqrt(2 * mean * (1 - mean))
    under_lift = norm.ppf(power) * sqrt(treated * (1 - treated) + base * (1 - base))
    return float((under_none + under_lift) ** 2 / (treated - base) ** 2)


def power_of(base: float, lift: float, treated: int, held_out: int, alpha: float) -> float:
    """Return the probability of finding a relative lift with groups of these sizes."""
    from scipy.stats import norm

    share = base * (1 + lift)
    under_none = _error_pooled(base, share, treated, held_out)
    under_lift = sqrt(share * (1 - share) / treated + base * (1 - base) / held_out)
    if under_lift == 0:
        return 1.0
    return float(norm.cdf((share - base - norm.ppf(1 - alpha / 2) * under_none) / under_lift))


def _error_pooled(base: float, share: float, treated: int, held_out: int) -> float:
    """Return the standard error of the difference of two shares, if there were none."""
    mean = (base * held_out + share * treated) / (held_out + treated)
    return sqrt(mean * (1 - mean) * (1 / treated + 1 / held_out))


def detectable_lift(
    base: float, customers: int, held_out: int, alpha: float, power: float
) -> float | NotComputed:
    """Return the smallest relative lift that is found with the power asked for.

    NotComputed where even everybody buying would not show.
    """

    def short_by(lift: float, treated: int) -> float:
        return power_of(base, lift, treated, held_out, alpha) - power

    return _smallest_lift(short_by, base, customers, held_out)


def significant_lift(
    base: float, customers: int, held_out: int, alpha: float
) -> float | NotComputed:
    """Return the relative rise that the test finds significant when the held out buy as usual.

    The reading of a result, where `detectable_lift` is what a plan counts on: half of the tests of
    an effect of just this size do not reach it. NotComputed where no rise would be found.

    >>> round(significant_lift(0.0118, 26_361, 5_193, 0.05), 2)
    0.31
    """
    from scipy.stats import norm

    asked = norm.ppf(1 - alpha / 2)

    def short_by(lift: float, treated: int) -> float:
        return float(
            base * lift / _error_pooled(base, base * (1 + lift), treated, held_out) - asked
        )

    return _smallest_lift(short_by, base, customers, held_out)


def _smallest_lift(
    short_by: Callable[[float, int], float], base: float, customers: int, held_out: int
) -> float | NotComputed:
    """Return the lift from which on `short_by` of it and of those treated is above zero."""
    from scipy.optimize import brentq

    treated = customers - held_out
    if not 0 < base < 1 or treated < 1 or held_out < 1:
        return NotComputed("cannot_show", found=str(customers))
    largest = (1 - base) / base * (1 - 1e-9)
    if short_by(largest, treated) < 0:
        return NotComputed("cannot_show", found=str(customers))
    return float(brentq(short_by, 1e-9, largest, args=(treated,), xtol=1e-6))


def holdout_needed(
    base: float, lift: float, customers: int, alpha: float, power: float
) -> int | NotComputed:
    """Return the smallest group to leave without the action so that a relative lift is found.

    NotComputed where the customers are too few even when half of them are left out: `expected` is
    then how many it takes.
    """
    half = customers // 2
    needed = 2 * customers_per_arm(base, lift, alpha, power) if 0 < base < 1 else 2.0
    if half < 1 or power_of(base, lift, customers - half, half, alpha) < power:
        return NotComputed(
            "too_few_customers", found=str(customers), expected=str(int(-(-needed // 1)))
        )
    low, high = 0, half
    while high - low > 1:
        middle = (low + high) // 2
        enough = power_of(base, lift, customers - middle, middle, alpha) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high
