"""K-Means as used everywhere here: many starts on small cells, the best polished on all rows.

Where the rows lie in strips (analysis/strips.py), as customers do by spend and stars, the starts go
on over all rows: an iteration there costs next to nothing. Elsewhere twenty starts on cells, with
the best three polished, cost less than two starts on everything and find what twenty find
(tests/benchmarks/partitions.py). One OpenMP thread is pinned: it is faster than two at these sizes,
and the result does not depend on the machine.
"""

from __future__ import annotations

import numpy as np

from analysis.customers import Floats, Ints
from analysis.lloyd import ITERATIONS, Fit, Labels, iterate, lowest
from analysis.parallel import pin_one_thread
from analysis.starts import (
    CELLS,
    SIFTED,
    SIFTED_AFTER,
    Cells,
    find_cells,
    find_starts,
    merge_rows,
    spread,
)
from analysis.strips import Strips, find_strips

__all__ = ["Fit", "Labels", "assign", "fit_all_warm", "fit_cold", "fit_once", "fit_warm"]

POLISHED = 3
# Centres are led on over fine cells, and over the rows, until their squared steps add up to less
# than this times the mean variance; the best of them until no row changes its cluster.
NEARLY = 1e-6
# Of the starts in strips, so many go on to the end.
IN_STRIPS = 1 / 2
# Of scikit-learn's iterations, where a cluster ran empty.
TOLERANCE = 1e-6


def fit_cold(
    matrix: Floats,
    k: int,
    *,
    starts: int,
    seed: int,
    polished: int = POLISHED,
    weights: Floats | None = None,
    cells: Ints | None = None,
    strips: Strips | None = None,
) -> Fit:
    """Fit from nothing: `starts` k-means++ starts on the means of small cells, the best polished.

    All rows take part in every start, as the weights of the cells, and the `polished` best distinct
    ones go on over the rows themselves (the lowest inertia wins): cells alone would be biased. A
    row with a weight counts as that many equal rows. `cells` are those of the rows where they are
    known already (starts.find_cells), `strips` those with their weights (strips.find_strips). It
    ends where no row changes its cluster.
    """
    pin_one_thread()
    strips = strips or find_strips(matrix, weights)
    found = None if strips is None else _fit_in_strips(strips, k, starts, seed)
    if found is not None:
        return found
    known = np.ones(len(matrix)) if weights is None else weights
    fine = Cells(matrix, known)
    if len(matrix) > CELLS:
        merged = merge_rows(matrix, known, find_cells(matrix) if cells is None else cells)
        fine = merged if len(merged.means) > k else fine
    rng = np.random.default_rng(seed)
    last = 0.0 if polished == 1 else NEARLY
    finals = []
    for centres in find_starts(fine, k, starts=starts, kept=polished, rng=rng):
        finer = iterate(fine.means, centres, fine.weights, tolerance=NEARLY)
        near = centres if finer is None else finer.centres
        finals.append(_polish(matrix, near, weights, last))
    best = min(finals, key=lambda fit: fit.inertia)
    return best if polished == 1 else _polish(matrix, best.centres, weights, 0.0)


def fit_once(
    matrix: Floats,
    k: int,
    *,
    seed: int,
    weights: Floats | None = None,
    strips: Strips | None = None,
) -> Fit:
    """Fit from one k-means++ start on all rows, nearly to its end: what a single start is worth."""
    from sklearn.cluster import kmeans_plusplus

    pin_one_thread()
    centres = kmeans_plusplus(matrix, k, sample_weight=weights, random_state=seed)[0]
    return _lead_on(matrix, centres[np.newaxis], weights, strips, NEARLY)[0]


def fit_warm(matrix: Floats, centres: Floats) -> Fit:
    """Fit from given centres, in the scale of the matrix."""
    return fit_all_warm(matrix, centres[np.newaxis])[0]


def fit_all_warm(matrix: Floats, centres: Floats, strips: Strips | None = None) -> list[Fit]:
    """Fit from each of several given sets of centres (sets, k, features)."""
    pin_one_thread()
    return _lead_on(matrix, centres, None, strips, 0.0)


def assign(matrix: Floats, centres: Floats) -> Labels:
    """Return the nearest centre of each row (squared Euclidean distance; the lowest on a tie)."""
    distances = (-2.0 * centres) @ matrix.T + np.einsum("ij,ij->i", centres, centres)[:, np.newaxis]
    labels: Labels = lowest(distances).astype(np.int32)
    return labels


def _fit_in_strips(strips: Strips, k: int, starts: int, seed: int) -> Fit | None:
    """Lead every start on over all rows, the less promising ones not to the end.

    None where there are too few cells to start in, or no start kept a row for every centre.
    """
    cells = strips.cells()
    if len(cells.means) <= k:
        return None
    centres = spread(cells, k, starts, np.random.default_rng(seed))
    centres = strips.follow(centres, SIFTED_AFTER)
    going_on = max(SIFTED, round(IN_STRIPS * starts))
    centres = strips.follow(centres[strips.inertia(centres).argsort(kind="stable")[:going_on]])
    inertia = strips.inertia(centres)
    best = int(inertia.argmin())
    if np.isinf(inertia[best]):
        return None
    return Fit(centres[best], strips.labels(centres[best]), float(inertia[best]))


def _lead_on(
    matrix: Floats,
    centres: Floats,
    weights: Floats | None,
    strips: Strips | None,
    tolerance: float,
) -> list[Fit]:
    """Move several sets of centres until they rest; where there are no strips, to a tolerance."""
    strips = strips or find_strips(matrix, weights)
    if strips is None:
        return [_polish(matrix, start, weights, tolerance) for start in centres]
    found = strips.follow(centres)
    return [
        _fit_by_library(matrix, start, weights)
        if np.isinf(inertia)
        else Fit(end, strips.labels(end), float(inertia))
        for start, end, inertia in zip(centres, found, strips.inertia(found), strict=True)
    ]


def _polish(matrix: Floats, centres: Floats, weights: Floats | None, tolerance: float) -> Fit:
    """Move centres until they rest; a cluster that runs empty is given another place."""
    found = iterate(matrix, centres, weights, tolerance=tolerance)
    if found is None:
        return _fit_by_library(matrix, centres, weights)
    return found


def _fit_by_library(matrix: Floats, centres: Floats, weights: Floats | None) -> Fit:
    """Run scikit-learn's K-Means, which gives a cluster that runs empty the farthest row."""
    from sklearn.cluster import KMeans

    pin_one_thread()
    model = KMeans(
        len(centres),
        init=centres,
        n_init=1,
        max_iter=ITERATIONS,
        tol=TOLERANCE,
    ).fit(matrix, sample_weight=weights)
    return Fit(
        centres=np.asarray(model.cluster_centers_, dtype=np.float64),
        labels=np.asarray(model.labels_, dtype=np.int32),
        inertia=float(model.inertia_),
    )
