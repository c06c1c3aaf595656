"""K-Means as used everywhere here: many starts on small cells, the best polished on all rows.

Twenty starts on cells, with the best three polished, cost less than two starts on everything and
find what twenty find (tests/benchmarks/partitions.py). One OpenMP thread is pinned: it is faster
than two at these sizes, and the result does not depend on the machine.
"""

from __future__ import annotations

import numpy as np

from analysis.customers import Floats, Ints
from analysis.lloyd import ITERATIONS, Fit, Labels, iterate
from analysis.parallel import pin_one_thread
from analysis.starts import CELLS, Cells, find_cells, find_starts, merge_rows

__all__ = ["Fit", "Labels", "assign", "fit_cold", "fit_once", "fit_warm"]

POLISHED = 3
# Centres are led on over fine cells, and over the rows, until their squared steps add up to less
# than this times the mean variance; the best of them until no row changes its cluster.
NEARLY = 1e-6
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
) -> Fit:
    """Fit from nothing: `starts` k-means++ starts on the means of small cells, the best polished.

    All rows take part in every start, as the weights of the cells, and the `polished` best distinct
    ones go on over the rows themselves (the lowest inertia wins): cells alone would be biased. A
    row with a weight counts as that many equal rows. `cells` are those of the rows where they are
    known already (starts.find_cells). It ends where no row changes its cluster.
    """
    pin_one_thread()
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


def fit_once(matrix: Floats, k: int, *, seed: int, weights: Floats | None = None) -> Fit:
    """Fit from one k-means++ start on all rows: what a single start is worth."""
    from sklearn.cluster import kmeans_plusplus

    pin_one_thread()
    centres = kmeans_plusplus(matrix, k, sample_weight=weights, random_state=seed)[0]
    return _polish(matrix, centres, weights, 0.0)


def fit_warm(matrix: Floats, centres: Floats) -> Fit:
    """Fit from given centres, in the scale of the matrix."""
    pin_one_thread()
    return _polish(matrix, centres, None, 0.0)


def assign(matrix: Floats, centres: Floats) -> Labels:
    """Return the nearest centre of each row (squared Euclidean distance; the lowest on a tie)."""
    distances = (-2.0 * centres) @ matrix.T + np.einsum("ij,ij->i", centres, centres)[:, np.newaxis]
    labels: Labels = distances.argmin(axis=0).astype(np.int32)
    return labels


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
