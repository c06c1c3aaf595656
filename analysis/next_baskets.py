"""What customers pay when they buy again, a segment: the amount that an action is valued at.

The first purchase would overstate whoever paid much once: the next one lies nearer to everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.customers import Floats, Ints


@dataclass(frozen=True)
class NextBasket:
    """What the next purchase costs in a segment: the shrunk mean, and how many purchases it saw."""

    amount: float
    orders: int


def shrunk_means(values: Floats, groups: Ints, count: int) -> tuple[Floats, float]:
    """Return credibility means (sum + k m) / (n + k) a group, and the strength k of the common m.

    m is the mean of all values. k is the variance within groups over the variance between them,

        k = s^2 / a    s^2 = sum_i sum_j (x_ij - x_i)^2 / (N - g)
                       a = (sum_i n_i (x_i - m)^2 - (g - 1) s^2) / (N - sum_i n_i^2 / N)

    for g groups with values and N values in all: Bühlmann, H., and Straub, E. (1970), Bulletin of
    the Swiss Association of Actuaries 70, 111-133. Where the groups differ no more than chance, or
    nothing says how much they do, every group takes m.

    Args:
        values: amounts, shape (values,), at least one.
        groups: the group of each value, 0 to count - 1.
        count: how many groups there are, also those without a value.
    """
    size = np.bincount(groups, minlength=count).astype(np.float64)
    total = np.bincount(groups, values, minlength=count)
    seen = size > 0
    mean = np.divide(total, size, out=np.full(count, values.mean()), where=seen)
    overall = float(values.mean())
    free = len(values) - int(seen.sum())
    weight = len(values) - float((size**2).sum()) / len(values)
    if free <= 0 or weight <= 0:
        return np.full(count, overall), float("inf")
    within = float(((values - mean[groups]) ** 2).sum()) / free
    spread = float((size * (mean - overall) ** 2).sum()) - (seen.sum() - 1) * within
    between = spread / weight
    if between <= 0:
        return np.full(count, overall), float("inf")
    strength = within / between
    return (total + strength * overall) / (size + strength), strength
