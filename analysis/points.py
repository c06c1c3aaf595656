"""Distinct places of customers, and resamples of them as weights: no row is ever copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from analysis import kmeans
from analysis.customers import Floats, Ints

Array = npt.NDArray[Any]


class Clusterer(Protocol):
    """What gives points their labels, from a seed; a negative label is noise."""

    def __call__(
        self, points: Floats, weights: Floats, seed: int, cells: Ints | None = None, /
    ) -> Array:
        """Return a label a point.

        Args:
            points: shape (points, features).
            weights: how many customers stand at each.
            seed: of the draws.
            cells: the small cell of each point, where it is known (see starts.find_cells).
        """


@dataclass(frozen=True)
class Points:
    """Distinct rows of a matrix, in an order that does not depend on that of the rows.

    Attributes:
        matrix: shape (points, features).
        weights: customers at each point.
        labels: of each point; 0 everywhere when none were given.
        of_customer: the point of each customer, ascending: customers in the order of the points.
        place: the point of each row of the matrix they were made of.
    """

    matrix: Floats
    weights: Floats
    labels: Array
    of_customer: Ints
    place: Ints

    @property
    def customers(self) -> int:
        """Return how many customers there are."""
        return len(self.of_customer)

    def count(self, customers: Array) -> Floats:
        """Return how many of the customers (their numbers, repeated as often) stand at a point."""
        found = np.bincount(self.of_customer[customers], minlength=len(self.weights))
        return found.astype(np.float64)


def find_points(matrix: Floats, labels: Array | None = None) -> Points:
    """Find the distinct rows; those that differ in their label are two points at one place."""
    labels = np.zeros(len(matrix), dtype=np.int64) if labels is None else labels
    order, of_customer, first = distinct((labels, *matrix.T))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = of_customer
    weights = np.bincount(of_customer).astype(np.float64)
    return Points(matrix[first], weights, labels[first], of_customer, place)


def distinct(keys: Sequence[Array]) -> tuple[Ints, Ints, Ints]:
    """Order rows by keys, the last one first, and find the equal ones.

    Returns:
        The rows in order, the number of the distinct one at each place of that order, and a row
        of each distinct one.
    """
    order = np.lexsort(keys)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for key in keys:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return order, np.cumsum(new) - 1, order[new]


def count_distinct(matrix: Floats, enough: int) -> int:
    """Return how many distinct rows there are, counting on only while that may matter."""
    head = len(np.unique(matrix[:1_000], axis=0))
    return head if head >= enough else len(np.unique(matrix, axis=0))


def kmeans_clusterer(k: int, *, starts: int) -> Clusterer:
    """Return K-Means from nothing, the best of `starts`.

    With no more points than clusters, each is a cluster of its own.
    """

    def cluster(points: Floats, weights: Floats, seed: int, cells: Ints | None = None) -> Array:
        if len(points) <= k:
            return np.arange(len(points), dtype=np.int32)
        return kmeans.fit_cold(
            points, k, starts=starts, seed=seed, polished=1, weights=weights, cells=cells
        ).labels

    return cluster


def clusterer_of_rows(fit: Callable[[Floats, int], Array]) -> Clusterer:
    """Return a clusterer from a function of (rows, seed) that knows no weights: rows are copied."""

    def cluster(points: Floats, weights: Floats, seed: int, _: Ints | None = None) -> Array:
        copies = weights.astype(np.int64)
        labels = fit(np.repeat(points, copies, axis=0), seed)
        of_points: Array = labels[np.cumsum(copies) - copies]
        return of_points

    return cluster


def number_labels(labels: Array) -> tuple[Array, Array]:
    """Return the labels (0 and up) that occur, ascending, and the place of each row's in them.

    What np.unique returns for them, without a sort.
    """
    occurs = np.bincount(labels) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[labels]


def by_appearance(labels: Array) -> Array:
    """Return the labels numbered in the order of the first row of each; noise stays.

    What follows from draws or from ties then does not depend on the numbers that a fit gave.
    """
    most = int(labels.max(initial=-1)) + 1
    rows = np.arange(len(labels))
    first = np.full(most, len(labels))
    known = labels >= 0
    first[labels[known][::-1]] = rows[known][::-1]
    numbers = np.empty(most, dtype=labels.dtype)
    numbers[first.argsort(kind="stable")] = np.arange(most)
    renumbered = labels.copy()
    renumbered[known] = numbers[labels[known]]
    return renumbered


def centres_of(matrix: Floats, weights: Floats, labels: Array) -> Floats:
    """Return the mean of each label that occurs, ascending (labels, features), without noise.

    Where all is noise, it is one group.
    """
    known = labels >= 0
    if known.any():
        place = number_labels(labels[known])[1]
    else:
        known = ~known
        place = np.zeros(len(labels), dtype=np.int64)
    totals = np.bincount(place, weights[known])
    sums = [np.bincount(place, weights[known] * column) for column in matrix[known].T]
    centres: Floats = np.column_stack(sums) / totals[:, np.newaxis]
    return centres
