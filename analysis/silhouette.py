"""Silhouettes: exact for many partitions of the same rows at once, sampled for too many rows.

The distances do not depend on the labels: they are summed once for all partitions, by
analysis/distance_tree.py where there are many points, else by analysis/distance_sums.py. Customers
at the same place are one point with a weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats, Ints
from analysis.distance_sums import Labelled, sum_all_distances
from analysis.distance_tree import is_worth_a_tree, sum_distances_by_tree
from analysis.findings import Interval, NotComputed
from analysis.parallel import in_threads
from analysis.points import distinct

Array = npt.NDArray[Any]

# From so many points on, distances that are alike are summed together.
TREE_POINTS = 4_000


@dataclass(frozen=True)
class Silhouette:
    """The mean silhouette of a partition, -1 to 1.

    Attributes:
        value: mean over the rows; higher is better separated, below 0 is wrongly placed.
        rows: how many rows were measured among themselves (in each draw, when sampled).
        draws: 0 when exact; else how many samples `value` is the mean of.
        interval: 95 % interval of the mean of the draws (Student's t); None when exact.
    """

    value: float
    rows: int
    draws: int = 0
    interval: Interval | None = None


def measure_silhouettes(
    matrix: Floats,
    labelings: Sequence[Array],
    *,
    exact_points: int,
    draws: int,
    sample: int,
    seed: int,
) -> tuple[Silhouette | NotComputed, ...]:
    """Return the mean silhouette of each labeling, exact where feasible.

    (b - a) / max(a, b) of a row, with a the mean Euclidean distance to the others of its cluster
    and b to the members of the nearest other cluster; 0 for a row alone in its cluster (Rousseeuw
    1987, J. Comput. Appl. Math. 20). Negative labels are noise: neither counted nor compared with.
    With at most `exact_points` distinct points it is exact to about 1e-7 (near distances in
    single precision, far ones by polynomials, sums in double); else the mean of `draws` samples of
    `sample` rows.

    Args:
        matrix: shape (rows, features).
        labelings: a label a row, each.
        exact_points: most distinct points that are measured in full.
        draws: samples otherwise, at least 2.
        sample: rows of a sample.
        seed: of the samples.

    Returns:
        One value a labeling; NotComputed where it has fewer than two clusters.
    """
    points = _Points.of(matrix, labelings)
    if len(points.weights) <= exact_points or len(matrix) <= sample:
        return tuple(
            value if isinstance(value, NotComputed) else Silhouette(value, rows)
            for value, rows in zip(_exact_means(points), points.counted, strict=True)
        )
    rng = np.random.default_rng(seed)
    drawn = [np.sort(rng.choice(len(matrix), sample, replace=False)) for _ in range(draws)]
    found = in_threads(
        lambda rows: _exact_means(_Points.of(matrix[rows], [one[rows] for one in labelings])), drawn
    )
    return tuple(_summary(values, sample) for values in zip(*found, strict=True))


def silhouette_values(matrix: Floats, labels: Array) -> Floats:
    """Return the silhouette of each row, exact; NaN for noise (negative labels).

    Shape (rows,); for the picture of a partition. All zero when there are fewer than two clusters.
    """
    points = _Points.of(matrix, [labels])
    (values,) = _values(points)
    return values[points.place]


def _summary(values: Sequence[float | NotComputed], sample: int) -> Silhouette | NotComputed:
    """Return the mean of the draws with its interval; draws with one cluster are left out."""
    from scipy.stats import t

    known = [value for value in values if not isinstance(value, NotComputed)]
    if len(known) < 2:
        return NotComputed("no_variation")
    mean = float(np.mean(known))
    half = float(t.ppf(0.975, len(known) - 1) * np.std(known, ddof=1) / np.sqrt(len(known)))
    return Silhouette(mean, sample, len(known), Interval(mean - half, mean + half))


@dataclass(frozen=True)
class _Points:
    """Distinct points, ordered by their labels.

    Attributes:
        matrix: shape (points, features), centred.
        weights: rows at each point.
        labels: shape (labelings, points): the cluster's place in its labeling, -1 for noise.
        sizes: rows of each cluster, a labeling.
        place: the point of each row.
    """

    matrix: Floats
    weights: Floats
    labels: Ints
    sizes: tuple[Floats, ...]
    place: Ints

    @property
    def counted(self) -> list[int]:
        """Return the rows that are not noise, a labeling."""
        return [int(sizes.sum()) for sizes in self.sizes]

    @classmethod
    def of(cls, matrix: Floats, labelings: Sequence[Array]) -> _Points:
        """Find the distinct pairs of place and labels of the rows."""
        by_place = np.lexsort(matrix.T)
        labels = np.array([_positions(labels, by_place) for labels in labelings])
        order, number, first = distinct((*matrix.T, *labels[::-1]))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = number
        weights = np.bincount(number).astype(np.float64)
        of_points = labels[:, first]
        sizes = tuple(
            np.bincount(row[row >= 0], weights[row >= 0]).astype(np.float64) for row in of_points
        )
        centred = matrix[first] - np.average(matrix[first], axis=0, weights=weights)
        return cls(centred, weights, of_points, sizes, place)


def _exact_means(points: _Points) -> list[float | NotComputed]:
    """Return the mean silhouette of each labeling."""
    return [
        float(np.average(values[labels >= 0], weights=points.weights[labels >= 0]))
        if len(sizes) > 1
        else NotComputed("no_variation")
        for values, labels, sizes in zip(_values(points), points.labels, points.sizes, strict=True)
    ]


def _values(points: _Points) -> list[Floats]:
    """Return the silhouette of each point, a labeling; NaN for noise."""
    sums = _distance_sums(points)
    ends = np.cumsum([len(sizes) for sizes in points.sizes])[:-1]
    parts = np.split(sums, ends, axis=1)
    return [
        _silhouette(part, labels, sizes)
        for part, labels, sizes in zip(parts, points.labels, points.sizes, strict=True)
    ]


def _silhouette(sums: Floats, labels: Ints, sizes: Floats) -> Floats:
    """Return the silhouettes from the sums of distances to each cluster (points, clusters)."""
    values = np.where(labels >= 0, 0.0, np.nan)
    if len(sizes) < 2:
        return values
    rows = np.flatnonzero(labels >= 0)
    own = labels[rows]
    means = sums[rows] / sizes
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means[np.arange(len(rows)), own] = np.inf
    outside = means.min(axis=1)
    largest = np.maximum(inside, outside)
    found = np.divide(outside - inside, largest, out=np.zeros_like(largest), where=largest > 0)
    values[rows] = np.where(sizes[own] == 1, 0.0, found)
    return values


def _distance_sums(points: _Points) -> Floats:
    """Return the sum of distances of each point to each cluster: (points, clusters of all)."""
    clusters = tuple(len(sizes) for sizes in points.sizes)
    labelled = Labelled(points.matrix, points.weights, points.labels, clusters)
    if is_worth_a_tree(points.matrix, TREE_POINTS):
        return sum_distances_by_tree(labelled)
    return sum_all_distances(labelled)


def _positions(labels: Array, order: Ints) -> Ints:
    """Return 0, 1, ... for the labels as they first appear in an order, -1 for noise.

    So that neither the labels' names nor the order of the rows decide the order of a sum.
    """
    names, first, place = np.unique(labels[order], return_index=True, return_inverse=True)
    number = np.full(len(names), -1)
    known = np.flatnonzero(names >= 0)
    number[known[np.argsort(first[known])]] = np.arange(len(known))
    positions = np.empty(len(order), dtype=np.int64)
    positions[order] = number[place]
    return positions
