"""How a partition fares when the customers are drawn again: Jaccard, prediction strength, floors.

A resample is a weight a point, not a copy of rows; the customers are drawn in an order of their
own, so that neither the order of the rows nor the threads change a result. Every resample is
fitted from nothing: a fit started from the full solution would only show that it is a local
optimum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import kmeans
from analysis.customers import Floats
from analysis.findings import NotComputed
from analysis.measures import adjusted_rand, contingency
from analysis.parallel import in_processes
from analysis.points import Clusterer, Points, centres_of, find_points
from analysis.starts import find_cells
from analysis.strips import find_strips

Array = npt.NDArray[Any]
# Makes a function that scales rows, from the raw rows of a resample.
Prepare = Callable[[Floats], Callable[[Floats], Floats]]

# Hennig's conventions for a cluster that a resample lost, and for one that it found again.
DISSOLVED, RECOVERED = 0.5, 0.75


@dataclass(frozen=True)
class SegmentJaccard:
    """How well the resamples find one segment again.

    Attributes:
        label: of the segment in the partition.
        mean: of the Jaccard coefficients, 0 to 1. 0.75 or more is valid and stable, 0.85 highly
            stable; below 0.60 it is not to be trusted (fpc, clusterboot).
        low: their 5 % quantile.
        dissolved: resamples where it is at most 0.5.
        recovered: resamples where it is at least 0.75.
        resamples: how many there were.
    """

    label: int
    mean: float
    low: float
    dissolved: int
    recovered: int
    resamples: int


@dataclass(frozen=True)
class PredictionStrength:
    """How well one half of the customers predicts which of the other half belong together.

    Attributes:
        k: clusters.
        mean: over the halvings, 0 to 1; 1 for one cluster.
        standard_error: of that mean.
        halvings: how many.
    """

    k: int
    mean: float
    standard_error: float
    halvings: int


@dataclass(frozen=True)
class Agreement:
    """Agreement (ARI) among fits that should be the same, over all pairs of them.

    Attributes:
        mean: of the pairs.
        low: their 5 % quantile.
        minimum: the worst pair.
        fits: how many fits were compared.
    """

    mean: float
    low: float
    minimum: float
    fits: int


@dataclass(frozen=True)
class NearTies:
    """Whether single starts of K-Means end in maps of the same quality that say different things.

    Attributes:
        single: agreement of the single starts, whatever their inertia.
        starts: how many.
        near: of those, how many end within the tolerance of the best inertia.
        lowest_ari: lowest agreement of a near one with the best.
        rivals: near ones that agree less than asked: two equally good maps.
    """

    single: Agreement
    starts: int
    near: int
    lowest_ari: float
    rivals: int


def bootstrap_jaccard(
    matrix: Floats, labels: Array, cluster: Clusterer, *, resamples: int, seed: int
) -> tuple[SegmentJaccard, ...]:
    """Return how well resampled customers give each segment again, by label ascending.

    Customers are drawn with replacement, those drawn several times are used once (about 63 % of
    all), clustered again, and each segment is matched with the new cluster of the highest Jaccard
    coefficient |A ∩ B| / |A ∪ B| among those drawn. Hennig 2007, Comput. Stat. Data Anal. 52, and
    fpc's clusterboot with multipleboot = FALSE; with copies kept, values are up to 0.15 lower.
    Stability shows no structure: a uniform square cut in four reaches 0.94.

    Args:
        matrix: shape (customers, features).
        labels: the partition, a label a customer; negative ones are noise, and no segment.
        cluster: what made the partition.
        resamples: how many.
        seed: of the draws.

    Returns:
        One entry a segment; none when all is noise.
    """
    points = find_points(matrix, labels)
    names = np.unique(points.labels[points.labels >= 0])
    # Noise first, as 0: it is no segment, but counts in the unions.
    place = np.searchsorted(names, points.labels) + 1
    place[points.labels < 0] = 0

    cells = find_cells(points.matrix)

    def again(number: int) -> Floats:
        rng = np.random.default_rng((seed, number))
        drawn = np.bincount(rng.integers(0, points.customers, points.customers))
        weights = points.count(np.flatnonzero(drawn))
        kept = np.flatnonzero(weights)
        found = cluster(points.matrix[kept], weights[kept], _seed(rng), cells[kept])
        shared = contingency(place[kept], found.clip(-1) + 1, weights[kept])
        return _best_jaccard(shared, len(names))

    found = np.array(in_processes(again, range(resamples)))
    return tuple(
        SegmentJaccard(
            label=int(name),
            mean=float(values.mean()),
            low=float(np.quantile(values, 0.05)),
            dissolved=int((values <= DISSOLVED).sum()),
            recovered=int((values >= RECOVERED).sum()),
            resamples=resamples,
        )
        for name, values in zip(names, found.T, strict=True)
    )


def prediction_strength(
    matrix: Floats, k: int, cluster: Clusterer, *, halvings: int, seed: int
) -> PredictionStrength:
    """Return how well halves of the customers predict each other, over `halvings` random ones.

    Both halves are clustered; the members of each cluster of one half are given the nearest centre
    of the other. A cluster's strength is the share of its pairs that stay together (0 for a cluster
    of one customer), a half's that of its worst cluster, a halving's the mean of both halves.
    Tibshirani & Walther 2005, J. Comput. Graph. Stat. 14; as fpc's prediction.strength.
    """
    if k == 1:
        return PredictionStrength(1, 1.0, 0.0, halvings)
    points = find_points(matrix)

    def halve(number: int) -> float:
        rng = np.random.default_rng((seed, number))
        mixed = rng.permutation(points.customers)
        middle = points.customers // 2
        halves = [
            _Half.of(points, rows, cluster, _seed(rng)) for rows in (mixed[:middle], mixed[middle:])
        ]
        return float(np.mean([one.strength(other) for one, other in (halves, halves[::-1])]))

    found = in_processes(halve, range(halvings))
    error = float(np.std(found, ddof=1) / np.sqrt(halvings)) if halvings > 1 else 0.0
    return PredictionStrength(k, float(np.mean(found)), error, halvings)


def largest_supported_k(strengths: Sequence[PredictionStrength], threshold: float) -> int:
    """Return the largest k whose mean and standard error together reach the threshold, else 1."""
    return max(
        (found.k for found in strengths if found.mean + found.standard_error >= threshold),
        default=1,
    )


def seed_floor(matrix: Floats, cluster: Clusterer, *, fits: int, seed: int) -> Agreement:
    """Return the agreement of fits of the same customers that differ in their seed only."""
    points = find_points(matrix)
    labels = in_processes(
        lambda number: cluster(
            points.matrix, points.weights, _seed(np.random.default_rng((seed, number)))
        ),
        range(fits),
    )
    return measure_agreement(labels, points.weights)


def refit_floor(
    raw: Floats, prepare: Prepare, cluster: Clusterer, *, fits: int, seed: int
) -> Agreement:
    """Return the agreement of refits on resampled customers, each with its own preparation.

    The customers are drawn with replacement, prepared and clustered from nothing; every customer is
    then given the nearest centre, in that fit's own scale. What two analysts would find who drew
    different customers of the same shop: no drift can be seen below it (methods, 2.3).

    Args:
        raw: shape (customers, features), transformed but not scaled.
        prepare: the function that learns a scale from rows.
        cluster: what is tried.
        fits: how many, at least 2.
        seed: of the draws.
    """
    points = find_points(raw)

    def refit(number: int) -> Array:
        rng = np.random.default_rng((seed, number))
        weights = _bootstrap(points, rng)
        scaled = prepare(np.repeat(points.matrix, weights.astype(np.int64), axis=0))(points.matrix)
        return _labels_of_all(points, weights, cluster, _seed(rng), scaled)

    return measure_agreement(in_processes(refit, range(fits)), points.weights)


def find_near_ties(
    matrix: Floats, k: int, *, starts: int, inertia_tolerance: float, least_ari: float, seed: int
) -> NearTies | NotComputed:
    """Return whether single starts end near the best inertia with another map (methods, 2.3).

    NotComputed when there are fewer distinct points than clusters.

    Args:
        matrix: shape (customers, features), scaled.
        k: clusters.
        starts: single k-means++ starts, each run until it hardly moves.
        inertia_tolerance: near is at most this share above the best inertia.
        least_ari: near ones that agree less than this with the best are rivals.
        seed: of the starts.
    """
    points = find_points(matrix)
    if len(points.weights) < k:
        return NotComputed("too_few_customers", found=str(len(points.weights)), expected=str(k))
    strips = find_strips(points.matrix, points.weights)
    fits = in_processes(
        lambda number: kmeans.fit_once(
            points.matrix,
            k,
            seed=_seed(np.random.default_rng((seed, number))),
            weights=points.weights,
            strips=strips,
        ),
        range(starts),
    )
    best = min(fits, key=lambda fit: fit.inertia)
    near = [
        adjusted_rand(best.labels, fit.labels, points.weights)
        for fit in fits
        if fit.inertia <= best.inertia * (1 + inertia_tolerance)
    ]
    return NearTies(
        single=measure_agreement([fit.labels for fit in fits], points.weights),
        starts=starts,
        near=len(near),
        lowest_ari=min(near),
        rivals=sum(ari < least_ari for ari in near),
    )


@dataclass(frozen=True)
class _Half:
    """Half of the customers, clustered."""

    matrix: Floats
    weights: Floats
    labels: Array
    centres: Floats

    @classmethod
    def of(cls, points: Points, customers: Array, cluster: Clusterer, seed: int) -> _Half:
        """Cluster some of the customers."""
        weights = points.count(customers)
        kept = np.flatnonzero(weights)
        matrix, weights = points.matrix[kept], weights[kept]
        labels = cluster(matrix, weights, seed)
        return cls(matrix, weights, labels, centres_of(matrix, weights, labels))

    def strength(self, other: _Half) -> float:
        """Return the share of pairs of the worst cluster here that the other half joins too."""
        predicted = kmeans.assign(self.matrix, other.centres)
        known = self.labels >= 0
        if not known.any():
            return 0.0
        shared = contingency(self.labels[known], predicted[known], self.weights[known])
        return _worst_pairs(shared)


def _worst_pairs(shared: Array) -> float:
    """Return the lowest share of a row's pairs that fall in one column; rows without any: 0."""
    counts = shared[shared.sum(axis=1) > 0].astype(np.float64)
    sizes = counts.sum(axis=1)
    pairs = sizes * (sizes - 1)
    together = (counts * (counts - 1)).sum(axis=1)
    return float(np.divide(together, pairs, out=np.zeros_like(pairs), where=pairs > 0).min())


def _best_jaccard(shared: Array, segments: int) -> Floats:
    """Return the highest Jaccard coefficient of each segment; row and column 0 are noise."""
    counts = np.zeros((segments + 1, shared.shape[1]))
    counts[: len(shared)] = shared
    unions = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0) - counts
    jaccard = np.divide(counts, unions, out=np.zeros_like(counts), where=unions > 0)
    best: Floats = jaccard[1:, 1:].max(axis=1, initial=0.0)
    return best


def _bootstrap(points: Points, rng: np.random.Generator) -> Floats:
    """Draw as many customers as there are, with replacement: how often at each point."""
    return points.count(rng.integers(0, points.customers, points.customers))


def _labels_of_all(
    points: Points, weights: Floats, cluster: Clusterer, seed: int, matrix: Floats | None = None
) -> Array:
    """Cluster the weighted points, and give every point the nearest centre."""
    matrix = points.matrix if matrix is None else matrix
    kept = np.flatnonzero(weights)
    labels = cluster(matrix[kept], weights[kept], seed)
    return kmeans.assign(matrix, centres_of(matrix[kept], weights[kept], labels))


def measure_agreement(labelings: Sequence[Array], weights: Floats | None = None) -> Agreement:
    """Return the ARI over all pairs of labelings of the points."""
    found = [adjusted_rand(one, other, weights) for one, other in combinations(labelings, 2)]
    return Agreement(
        mean=float(np.mean(found)),
        low=float(np.quantile(found, 0.05)),
        minimum=min(found),
        fits=len(labelings),
    )


def _seed(rng: np.random.Generator) -> int:
    """Return a seed for a fit."""
    return int(rng.integers(0, 2**31 - 1))
