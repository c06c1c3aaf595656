"""Pure statistics: each states its formula, range, units, edge cases and source."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, hypot, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats
from analysis.findings import Interval, Quartiles

Array = npt.NDArray[Any]


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Interval of a share by Wilson's score method.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), within 0 and 1. Wilson 1927, JASA 22.
    Unlike p ± z·se it stays sensible at 0, at 1 and for few trials.

    Raises:
        ValueError: no trials, or more successes than trials.

    >>> interval = wilson_interval(5, 10)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2366, 0.7634)
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / trials
    middle = share + z**2 / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return Interval(max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def difference_interval(
    successes: int, trials: int, other_successes: int, other_trials: int
) -> Interval:
    """95 % interval of a share less another one, of independent groups, by the hybrid score method.

    p1 - p2 - √((p1 - l1)² + (u2 - p2)²) to p1 - p2 + √((u1 - p1)² + (p2 - l2)²), with l and u the
    ends of each share's Wilson interval; within -1 and 1. 0 inside: no difference beyond chance.
    Newcombe 1998, Statistics in Medicine 17, 873-890, method 10.

    Raises:
        ValueError: no trials, or more successes than trials.

    >>> interval = difference_interval(56, 70, 48, 80)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0524, 0.3339)
    """
    own, other = wilson_interval(successes, trials), wilson_interval(other_successes, other_trials)
    return combine_intervals(successes / trials, own, other_successes / other_trials, other)


def combine_intervals(value: float, own: Interval, other_value: float, other: Interval) -> Interval:
    """Interval of a figure less another one, from the interval of each (see difference_interval).

    The square-and-add rule of Newcombe, good for any two independent figures (Zou & Donner 2008,
    Statistics in Medicine 27, 1693-1702, "MOVER"). Figures that rise together make it too wide.

    >>> combine_intervals(3.0, Interval(0.0, 7.0), 1.0, Interval(-2.0, 4.0))
    Interval(low=-2.2426406871192848, high=7.0)
    """
    difference = value - other_value
    return Interval(
        difference - hypot(value - own.low, other.high - other_value),
        difference + hypot(own.high - value, other_value - other.low),
    )


def total_share_interval(amounts: Floats, mine: Array) -> Interval:
    """95 % interval of the share of a total that a group holds: a ratio of two sums.

    R = Σ x_i m_i / Σ x_i over customers i, m_i 1 in the group; its variance, linearised, is
    Σ (x_i (m_i - R))² / (Σ x_i)² (Cochran 1977, Sampling Techniques, 6.3). Within 0 and 1.

    Raises:
        ValueError: the amounts add up to nothing.

    >>> interval = total_share_interval(np.ones(4), np.array([True, True, False, False]))
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.01, 0.99)
    """
    total = float(amounts.sum())
    if total <= 0:
        raise ValueError("the amounts add up to nothing")
    share = float(amounts[mine].sum()) / total
    error = sqrt(float(((amounts * (mine - share)) ** 2).sum())) / total
    half = NormalDist().inv_cdf(0.975) * error
    return Interval(max(0.0, share - half), min(1.0, share + half))


def mean_interval(counts: Sequence[int]) -> tuple[float, Interval]:
    """Mean of scores 1, 2, ... given how often each was given, with its 95 % interval.

    Mean ± 1.96 s / √n, s² = Σ (x - mean)² / (n - 1); within the scale. One score: the whole scale.

    Raises:
        ValueError: no scores.

    >>> mean, interval = mean_interval((2, 0, 0, 0, 2))
    >>> mean, round(interval.low, 3), round(interval.high, 3)
    (3.0, 1.0, 5.0)
    """
    scores, weights = np.arange(1, len(counts) + 1), np.array(counts, dtype=np.float64)
    total = float(weights.sum())
    if total < 1:
        raise ValueError("no scores")
    mean = float((scores * weights).sum() / total)
    if total < 2:
        return mean, Interval(1.0, float(len(counts)))
    deviation = sqrt(float((weights * (scores - mean) ** 2).sum()) / (total - 1))
    half = NormalDist().inv_cdf(0.975) * deviation / sqrt(total)
    return mean, Interval(max(1.0, mean - half), min(float(len(counts)), mean + half))


def median_ratio_interval(
    value: Quartiles, rows: int, other: Quartiles, other_rows: int
) -> tuple[float, Interval]:
    """Median over another median, less 1, with its 95 % interval, from quartiles alone.

    On the logarithm a median has the error 1.25 (q3 - q1) / (1.35 √n), that of the notches of a box
    plot (McGill, Tukey & Larsen 1978, The American Statistician 32); the two are taken as
    independent. The result is relative: 0.1 is a tenth more.

    Raises:
        ValueError: a quartile that is not positive, or no rows.

    >>> half, whole = Quartiles(50.0, 100.0, 200.0, 0.0), Quartiles(100.0, 200.0, 400.0, 0.0)
    >>> change, interval = median_ratio_interval(whole, 400, half, 400)
    >>> change, round(interval.low, 2), round(interval.high, 2)
    (1.0, 0.67, 1.39)
    """
    if min(value.q1, other.q1) <= 0 or min(rows, other_rows) < 1:
        raise ValueError("a median without a logarithm")
    errors = [
        1.25 * log(entry.q3 / entry.q1) / (1.35 * sqrt(count))
        for entry, count in ((value, rows), (other, other_rows))
    ]
    ratio = value.median / other.median
    half = NormalDist().inv_cdf(0.975) * hypot(*errors)
    return ratio - 1, Interval(ratio * exp(-half) - 1, ratio * exp(half) - 1)


def quartiles(values: Floats) -> Quartiles:
    """First quartile, median, third quartile (linear interpolation) and mean, in their unit.

    Raises:
        ValueError: no values.
    """
    if len(values) == 0:
        raise ValueError("no values")
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return Quartiles(float(low), float(middle), float(high), float(values.mean()))


def eta_squared(values: Floats, labels: Array) -> float:
    """Share of the variance of a feature that lies between the groups.

    1 - SS_within / SS_total, 0 (groups alike) to 1; 0 when the feature is constant. 0.14 is
    Cohen's "large" (Cohen 1988).

    >>> eta_squared(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]))
    1.0
    """
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        return 0.0
    index = _positions(labels)
    means = np.bincount(index, values) / np.maximum(np.bincount(index), 1)
    within = float(((values - means[index]) ** 2).sum())
    return 1.0 - within / total


def cliffs_delta(first: Floats, second: Floats) -> float:
    """How often a value of `first` exceeds one of `second`, less how often it falls short.

    (#(x > y) - #(x < y)) / (n m), -1 to 1, 0 when alike. |d| of 0.147, 0.33, 0.474 are read as
    small, medium, large (Romano et al. 2006).

    >>> cliffs_delta(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.75
    """
    ordered = np.sort(second)
    above = np.searchsorted(ordered, first, side="left").sum()
    below = (len(ordered) - np.searchsorted(ordered, first, side="right")).sum()
    return float((int(above) - int(below)) / (len(first) * len(second)))


def contingency(
    first: Array, second: Array, weights: Floats | None = None
) -> npt.NDArray[np.int64]:
    """Count rows by (label of first, label of second): shape (levels of first, of second).

    A row with a weight, a whole number, counts as that many.
    """
    rows, columns = _positions(first), _positions(second)
    shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    cells = np.bincount(rows * shape[1] + columns, weights, minlength=shape[0] * shape[1])
    return cells.reshape(shape).astype(np.int64)


def adjusted_rand(first: Array, second: Array, weights: Floats | None = None) -> float:
    """Agreement of two partitions of the same rows beyond chance (ARI).

    (Σ C(n_ij, 2) - E) / (½(Σ C(a_i, 2) + Σ C(b_j, 2)) - E) with E = Σ C(a_i, 2) Σ C(b_j, 2) /
    C(n, 2). 1 for the same partition whatever the labels' names, about 0 by chance, negative below.
    Hubert & Arabie 1985, J. of Classification 2. Both partitions of one group: 1. A row with a
    weight counts as that many.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = contingency(first, second, weights)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = rows * columns / max(_pairs(table.sum()), 1.0)
    top = (rows + columns) / 2
    return 1.0 if top == expected else float((pairs - expected) / (top - expected))


def matched_agreement(first: Array, second: Array) -> float:
    """Share of rows with the same label after the best one-to-one matching of labels (0 to 1).

    The matching maximises the rows that agree (Hungarian algorithm, Kuhn 1955).

    >>> matched_agreement(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]))
    0.75
    """
    from scipy.optimize import linear_sum_assignment

    table = contingency(first, second)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(table[rows, columns].sum() / table.sum())


def _positions(labels: Array) -> Array:
    """Return small non-negative integers for labels; integers stay, so that nothing is sorted."""
    if labels.dtype.kind in "iu" and labels.min() >= 0:
        return labels.astype(np.int64)
    _, positions = np.unique(labels, return_inverse=True)
    return positions


def _pairs(counts: Any) -> Any:
    """Return n (n - 1) / 2, as floats: the counts of a large shop overflow no integer."""
    values = np.asarray(counts, dtype=np.float64)
    return values * (values - 1) / 2
