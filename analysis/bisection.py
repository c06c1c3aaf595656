"""Bisecting K-Means: the largest segment is cut in two until there are enough.

The cuts of fewer segments are the first ones of more: one tree answers every number of segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis import kmeans
from analysis.customers import Floats, Ints
from analysis.points import find_points

Strategy = Literal["biggest_inertia", "largest_cluster"]

STARTS = 3


@dataclass(frozen=True)
class Cut:
    """A segment cut in two: its first part keeps the label, the second takes the next free one.

    `centres` are those of the two parts, shape (2, features).
    """

    label: int
    centres: Floats


@dataclass(frozen=True)
class _Leaf:
    """A segment so far: the places of its points, how many customers they hold, its inertia."""

    places: Ints
    customers: float
    inertia: float


def bisect(matrix: Floats, k: int, strategy: Strategy, seed: int) -> tuple[Cut, ...]:
    """Return the k - 1 cuts that lead to k segments, each the best of a few starts of K-Means.

    Cut next is the segment with the largest sum of squared distances to its centre, or the one with
    most customers, of those that hold two distinct points (Steinbach, Karypis & Kumar 2000, KDD
    Workshop on Text Mining).

    Args:
        matrix: shape (customers, features), with k distinct rows at least.
        k: segments.
        strategy: which segment is the largest.
        seed: of the starts.
    """
    points = find_points(matrix)
    leaves = [_leaf(points.matrix, points.weights, np.arange(len(points.matrix)))]
    cuts: list[Cut] = []
    while len(leaves) < k:
        label = max(
            (place for place, leaf in enumerate(leaves) if len(leaf.places) > 1),
            key=lambda place: _size(leaves[place], strategy),
        )
        places = leaves[label].places
        halves = kmeans.fit_cold(
            points.matrix[places],
            2,
            starts=STARTS,
            seed=seed + len(cuts),
            polished=1,
            weights=points.weights[places],
        )
        cuts.append(Cut(label, halves.centres))
        first, second = (
            _leaf(points.matrix, points.weights, places[halves.labels == half]) for half in (0, 1)
        )
        leaves[label] = first
        leaves.append(second)
    return tuple(cuts)


def follow_cuts(matrix: Floats, cuts: Sequence[Cut]) -> kmeans.Labels:
    """Return the label of each row: of the two parts of each cut, the one whose centre is nearer.

    Args:
        matrix: shape (rows, features).
        cuts: all, or the first ones for fewer segments.
    """
    labels = np.zeros(len(matrix), dtype=np.int32)
    for number, cut in enumerate(cuts):
        mine = np.flatnonzero(labels == cut.label)
        second = kmeans.assign(matrix[mine], cut.centres) == 1
        labels[mine[second]] = number + 1
    return labels


def _leaf(matrix: Floats, weights: Floats, places: Ints) -> _Leaf:
    """Measure a segment."""
    rows, counts = matrix[places], weights[places]
    apart = rows - np.average(rows, axis=0, weights=counts)
    return _Leaf(places, float(counts.sum()), float(counts @ (apart**2).sum(axis=1)))


def _size(leaf: _Leaf, strategy: Strategy) -> float:
    """Return what the largest segment has most of."""
    return leaf.inertia if strategy == "biggest_inertia" else leaf.customers
