"""How two samples of one feature differ: pure statistics, each with formula, units and source.

With many rows everything is significant, so each test comes with a size that has a threshold of
its own: D of Kolmogorov and Smirnov, the population stability index, a shift in deviations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats

Array = npt.NDArray[Any]
Counts = npt.NDArray[np.int64]

BINS = 10
# A bin without rows would make the index infinite (methods, 3.4).
SMALLEST_SHARE = 1e-4


@dataclass(frozen=True)
class Difference:
    """How a second sample differs from a first one.

    Attributes:
        size: D, the largest distance of the two cumulative shares (0 to 1), for numbers; Cramér's
            V (0 to 1) for levels.
        p_value: of that test, before any correction for many tests.
        psi: population stability index, over tenths of the first sample or over levels.
        psi_null: what the index stays below in 99 of 100 samples of the same sizes without any
            change.
        shift: Wasserstein distance in standard deviations of the first sample; None for levels.
    """

    size: float
    p_value: float
    psi: float
    psi_null: float
    shift: float | None


def compare_numbers(reference: Floats, other: Floats) -> Difference:
    """Compare two samples of a continuous feature; both hold numbers only.

    Kolmogorov-Smirnov (asymptotic p), PSI over the tenths of the reference, Wasserstein distance
    over the reference's deviation (methods, 3.4).

    Raises:
        ValueError: a sample without rows.
    """
    from scipy.stats import ks_2samp, wasserstein_distance

    if not len(reference) or not len(other):
        raise ValueError("a sample without rows")
    test = ks_2samp(reference, other, method="asymp")
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1]))
    counts = [
        np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
        for values in (reference, other)
    ]
    deviation = float(reference.std())
    distance = float(wasserstein_distance(reference, other))
    return Difference(
        size=float(test.statistic),
        p_value=float(test.pvalue),
        psi=stability_index(counts[0], counts[1]),
        psi_null=stability_index_null(len(edges) + 1, len(reference), len(other)),
        shift=distance / deviation if deviation > 0 else None,
    )


def compare_levels(reference: Counts, other: Counts) -> Difference:
    """Compare two samples of a categorical feature by their counts a level, shape (levels,).

    Chi-square of homogeneity without correction, V = sqrt(chi2 / n) for two samples (Cramér 1946),
    PSI over the levels. A feature with one level does not differ.

    Raises:
        ValueError: a sample without rows.
    """
    from scipy.stats import chi2_contingency

    if not reference.sum() or not other.sum():
        raise ValueError("a sample without rows")
    table = np.vstack([reference, other])
    table = table[:, table.sum(axis=0) > 0]
    rows = int(table.sum())
    if table.shape[1] < 2:
        return Difference(0.0, 1.0, 0.0, 0.0, None)
    test = chi2_contingency(table, correction=False)
    return Difference(
        size=float(np.sqrt(test.statistic / rows)),
        p_value=float(test.pvalue),
        psi=stability_index(table[0], table[1]),
        psi_null=stability_index_null(table.shape[1], int(table[0].sum()), int(table[1].sum())),
        shift=None,
    )


def stability_index(reference: Array, other: Array) -> float:
    """Population stability index of two rows of counts over the same bins.

    sum (q - p) ln(q / p) over the shares p and q, each at least SMALLEST_SHARE. 0 when alike; 0.10
    is commonly read as "watch", 0.25 as "act". Values depend on the bins: compare none of other
    tools (methods, 6.1).

    >>> round(stability_index(np.array([50, 50]), np.array([80, 20])), 4)
    0.4159
    """
    first = np.maximum(reference / reference.sum(), SMALLEST_SHARE)
    second = np.maximum(other / other.sum(), SMALLEST_SHARE)
    return float(((second - first) * np.log(second / first)).sum())


def stability_index_null(bins: int, reference: int, other: int, quantile: float = 0.99) -> float:
    """Quantile of the index when nothing changed: (1/n + 1/m) chi2_{bins - 1}.

    Yurdakul & Naranjo 2020, J. of Risk Model Validation 14.
    """
    from scipy.stats import chi2

    return float((1 / reference + 1 / other) * chi2.ppf(quantile, bins - 1)) if bins > 1 else 0.0
