"""Customers of whom a feature is not known: who is clustered, and how the others are placed.

Methods, section 1.5: where many have left no review, segments are made of the customers who have,
and the others are placed by what is known of them. The partial distance over the known features,
times p / p_known, stands for the distance over all p (Gower 1971, Biometrics 27).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis import kmeans
from analysis.customers import ONE_TIME, CustomerTable, Flags, Floats, Ints, build_customers
from analysis.findings import NotComputed
from analysis.settings import Settings

if TYPE_CHECKING:
    from analysis.orders import OrderFacts


def are_clustered(table: CustomerTable, features: tuple[str, ...]) -> Flags:
    """Return which customer codes bought once and are known in every feature."""
    known: Flags = table.standing == ONE_TIME
    for name in features:
        known &= ~np.isnan(getattr(table, name))
    return known


def clustered(table: CustomerTable, features: tuple[str, ...]) -> Ints:
    """Return the codes of the customers that segments on these features are made of, ascending."""
    return np.flatnonzero(are_clustered(table, features)).astype(np.int64)


def settle_missing_reviews(
    orders: OrderFacts, table: CustomerTable, settings: Settings
) -> tuple[Settings, CustomerTable]:
    """Stop filling in scores where more of the clustered customers lack one than is trusted.

    Returns:
        The settings and the table as they are, or both without scores that nobody gave.
    """
    one_time = table.members(ONE_TIME)
    if not len(one_time) or not settings.customers.fill_reviews:
        return settings, table
    if float(table.review_imputed[one_time].mean()) <= settings.features.missing_ceiling:
        return settings, table
    customers = settings.customers.model_copy(update={"fill_reviews": False})
    settled = settings.model_copy(update={"customers": customers})
    return settled, build_customers(orders, table.as_of, customers)


def why_no_reviews(table: CustomerTable, settings: Settings) -> NotComputed:
    """Return why satisfaction is not clustered on: nobody said anything, or too few did."""
    found, needed = len(clustered(table, ("review",))), settings.customers.minimum_customers
    if not found:
        return NotComputed("missing_table", expected="order_reviews")
    return NotComputed("too_few_reviews", found=str(found), expected=str(needed))


def nearest_by_known(matrix: Floats, centres: Floats) -> kmeans.Labels:
    """Return the nearest centre of each row by its known features, shape (rows,).

    Args:
        matrix: scaled, NaN where a feature is not known; one at least is known in every row.
        centres: shape (centres, features), the same scale.
    """
    unknown = np.isnan(matrix).any(axis=1)
    if not unknown.any():
        return kmeans.assign(matrix, centres)
    labels = np.empty(len(matrix), dtype=np.int32)
    if not unknown.all():
        labels[~unknown] = kmeans.assign(matrix[~unknown], centres)
    labels[unknown] = distances_by_known(matrix[unknown], centres).argmin(axis=1)
    return labels


def distances_by_known(matrix: Floats, centres: Floats) -> Floats:
    """Return the partial Euclidean distances of rows to centres, shape (rows, centres).

    √(p / p_known Σ (x - c)²) over the known features of the row; the plain distance where all are.

    >>> distances_by_known(np.array([[1.0, np.nan]]), np.array([[0.0, 0.0], [4.0, 1.0]])) ** 2
    array([[ 2., 18.]])
    """
    known = ~np.isnan(matrix)
    squares = np.zeros((len(matrix), len(centres)))
    for place in range(matrix.shape[1]):
        apart = matrix[:, [place]] - centres[:, place]
        squares += np.where(known[:, [place]], apart**2, 0.0)
    distances: Floats = np.sqrt(squares * matrix.shape[1] / known.sum(axis=1, keepdims=True))
    return distances
