"""Indices of a partition that need its sums only: compactness, separation, shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats
from analysis.findings import NotComputed
from analysis.points import centres_of, number_labels

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class ClusterShape:
    """What a cluster looks like, in the units of the scaled matrix.

    Attributes:
        label: of the cluster.
        customers: how many.
        compactness: root of the mean squared distance to its centre; 0 when all stand there.
        nearest: label of the cluster with the nearest centre.
        separation: distance to that centre.
        elongation: deviation along its longest axis over that along its shortest, 1 when round;
            NotComputed when it has no width at all in some direction, or one feature only.
    """

    label: int
    customers: int
    compactness: float
    nearest: int
    separation: float
    elongation: float | NotComputed


def davies_bouldin(matrix: Floats, labels: Array) -> float | NotComputed:
    """Return the mean over clusters of the worst (s_i + s_j) / d_ij; 0 and up, lower is better.

    s is the mean distance to the cluster's centre, d the distance of two centres. Two clusters with
    one centre count 0, as in scikit-learn. Davies & Bouldin 1979, IEEE PAMI 1. It rewards a trivial
    split. Noise is left out; NotComputed with fewer than two clusters.
    """
    clusters = _Clusters.of(matrix, labels)
    if len(clusters.sizes) < 2:
        return NotComputed("no_variation")
    spread = np.bincount(clusters.place, np.sqrt(clusters.squares)) / clusters.sizes
    apart = clusters.distances()
    sums = spread[:, np.newaxis] + spread
    ratios = np.divide(sums, apart, out=np.zeros_like(sums), where=np.isfinite(apart) & (apart > 0))
    return float(ratios.max(axis=1).mean())


def calinski_harabasz(matrix: Floats, labels: Array) -> float | NotComputed:
    """Return (between / (k - 1)) / (within / (n - k)), sums of squares; 0 and up, higher is better.

    Calinski & Harabasz 1974, Commun. Stat. 3. It grows with the number of customers: compare it
    within one table only. Noise is left out; NotComputed with fewer than two clusters, or when
    every customer stands at the centre of its cluster.
    """
    clusters = _Clusters.of(matrix, labels)
    k, rows = len(clusters.sizes), len(clusters.place)
    within = float(clusters.squares.sum())
    if k < 2 or within == 0:
        return NotComputed("no_variation")
    middle = np.average(clusters.centres, axis=0, weights=clusters.sizes)
    between = float((clusters.sizes * ((clusters.centres - middle) ** 2).sum(axis=1)).sum())
    return between / within * (rows - k) / (k - 1)


def describe_shapes(matrix: Floats, labels: Array) -> tuple[ClusterShape, ...] | NotComputed:
    """Return the shape of each cluster, by label ascending; NotComputed with fewer than two.

    K-Means cuts space into cells around its centres: an elongated cluster, or one less far from the
    next centre than it is wide, is a slice of a cloud and not a group of its own.
    """
    clusters = _Clusters.of(matrix, labels)
    if len(clusters.sizes) < 2:
        return NotComputed("no_variation")
    apart = clusters.distances()
    mean_squares = np.bincount(clusters.place, clusters.squares) / clusters.sizes
    return tuple(
        ClusterShape(
            label=int(name),
            customers=int(clusters.sizes[number]),
            compactness=float(np.sqrt(mean_squares[number])),
            nearest=int(clusters.names[apart[number].argmin()]),
            separation=float(apart[number].min()),
            elongation=_elongation(clusters.matrix[clusters.place == number]),
        )
        for number, name in enumerate(clusters.names)
    )


@dataclass(frozen=True)
class _Clusters:
    """The customers of a partition without its noise.

    Attributes:
        matrix: shape (customers, features).
        names: the labels, ascending; `place` is the number of each customer's label in them.
        sizes: customers of each; `centres` their means.
        squares: squared distance of each customer to its centre.
    """

    matrix: Floats
    names: Array
    place: Array
    sizes: Floats
    centres: Floats
    squares: Floats

    @classmethod
    def of(cls, matrix: Floats, labels: Array) -> _Clusters:
        """Measure the clusters."""
        known = labels >= 0
        rows = matrix[known]
        names, place = number_labels(labels[known])
        centres = centres_of(rows, np.ones(len(rows)), place)
        apart = rows - centres[place]
        squares = np.einsum("ij,ij->i", apart, apart)
        return cls(rows, names, place, np.bincount(place).astype(np.float64), centres, squares)

    def distances(self) -> Floats:
        """Return the distances between centres; infinite to itself."""
        from scipy.spatial.distance import cdist

        apart: Floats = cdist(self.centres, self.centres)
        np.fill_diagonal(apart, np.inf)
        return apart


def _elongation(rows: Floats) -> float | NotComputed:
    """Return the deviation along the longest axis over that along the shortest."""
    if rows.shape[1] < 2 or len(rows) < 2:
        return NotComputed("no_variation")
    variances = np.linalg.eigvalsh(np.cov(rows.T))
    if variances[0] <= np.finfo(float).eps * variances[-1]:
        return NotComputed("no_variation")
    return float(np.sqrt(variances[-1] / variances[0]))
