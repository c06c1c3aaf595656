"""K-Means as used everywhere here: many starts on small cells, the best polished on all rows.

Twenty starts on cells, with the best three polished, cost less than two starts on everything and
find what twenty find (tests/benchmarks/partitions.py). One OpenMP thread is pinned: it is faster
than two at these sizes, and the result does not depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats
from analysis.parallel import pin_one_thread

Labels = npt.NDArray[np.int32]

POLISHED = 3
TOLERANCE = 1e-6
ITERATIONS = 300
# Starts whose inertia differs by less, as a share, ended in the same optimum.
ROUGH = 1e-4
# Cells that starts are tried on: at most so many occupied ones, of a grid of at most so many in
# all, whose sides are at least this many standard deviations.
CELLS, GRID, FINEST_CELL = 1_000, 200_000, 0.02
WIDEN = 1.2  # at least, from one try of the grid to the next
CELL_ITERATIONS = 40
CELL_STEP = 1e-3  # centres of cells that move less are polished on the rows
# After so many iterations only this share of the starts goes on, and at least so many: the best.
SIFTED_AFTER, SIFTED_SHARE, SIFTED = 8, 1 / 3, 4


@dataclass(frozen=True)
class Fit:
    """Centres (k, features), a label a row, and the sum of squared distances (inertia)."""

    centres: Floats
    labels: Labels
    inertia: float


def fit_cold(
    matrix: Floats,
    k: int,
    *,
    starts: int,
    seed: int,
    polished: int = POLISHED,
    weights: Floats | None = None,
) -> Fit:
    """Fit from nothing: `starts` k-means++ starts on the means of small cells, the best polished.

    All rows take part in every start, as the weights of at most CELLS cells, and the `polished`
    best distinct ones go on over the rows themselves (the lowest inertia wins): cells alone would
    be biased. A row with a weight counts as that many equal rows.
    """
    pin_one_thread()
    known = np.ones(len(matrix)) if weights is None else weights
    # Few rows are their own cells: every start then runs to its end.
    whole = len(matrix) <= CELLS
    cells, counts = (matrix, known) if whole else _cells(matrix, known)
    if len(cells) <= k:
        cells, counts = matrix, known
    centres = _spread(cells, counts, k, starts, np.random.default_rng(seed))
    if not whole:
        centres, inertia = _iterate(cells, counts, centres, SIFTED_AFTER, CELL_STEP)
        going_on = max(SIFTED, polished, round(SIFTED_SHARE * starts))
        centres = centres[inertia.argsort()[:going_on]]
    steps = ITERATIONS if whole else CELL_ITERATIONS
    centres, inertia = _iterate(cells, counts, centres, steps, 0.0 if whole else CELL_STEP)
    tries = [Fit(centres[start], _NO_LABELS, float(inertia[start])) for start in inertia.argsort()]
    finals = [
        _lloyd(matrix, k, fit.centres, seed, weights=weights) for fit in _distinct(tries, polished)
    ]
    return min(finals, key=lambda fit: fit.inertia)


def _iterate(
    points: Floats, weights: Floats, centres: Floats, most: int, least_step: float
) -> tuple[Floats, Floats]:
    """Move the centres of all starts until none moves more than a step; their inertias too."""
    for _ in range(most):
        moved = _move(points, weights, centres)[0]
        step = float(np.abs(moved - centres).max())
        centres = moved
        if step <= least_step:
            break
    return centres, _move(points, weights, centres)[1]


def fit_once(matrix: Floats, k: int, *, seed: int, weights: Floats | None = None) -> Fit:
    """Fit from one k-means++ start on all rows: what a single start is worth."""
    return _lloyd(matrix, k, "k-means++", seed, weights=weights)


def fit_warm(matrix: Floats, centres: Floats) -> Fit:
    """Fit from given centres, in the scale of the matrix."""
    return _lloyd(matrix, len(centres), centres, 0)


def assign(matrix: Floats, centres: Floats) -> Labels:
    """Return the nearest centre of each row (squared Euclidean distance; the lowest on a tie)."""
    distances = -2.0 * matrix @ centres.T + np.einsum("ij,ij->i", centres, centres)[np.newaxis, :]
    labels: Labels = distances.argmin(axis=1).astype(np.int32)
    return labels


def _cells(matrix: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the weight of each occupied cell of a grid, at most CELLS of them."""
    # A row a feature: reductions along the few columns of a long matrix are ten times as slow.
    columns = np.ascontiguousarray(matrix.T)
    low, high = columns.min(axis=1), columns.max(axis=1)
    width = FINEST_CELL * np.maximum(columns.std(axis=1), np.finfo(float).tiny)
    root = 1 / len(columns)
    while True:
        sizes = np.floor((high - low) / width) + 1
        if sizes.prod() > GRID:
            width *= max(WIDEN, (sizes.prod() / GRID) ** root)
            continue
        steps = np.floor((columns - low[:, np.newaxis]) / width[:, np.newaxis])
        number = (np.append(1.0, sizes[:-1].cumprod()) @ steps).astype(np.int64)
        counts: Floats = np.bincount(number, weights).astype(np.float64)
        used = np.flatnonzero(counts)
        if len(used) <= CELLS:
            break
        width *= max(WIDEN, (len(used) / CELLS) ** root)
    sums = [np.bincount(number, weights * column)[used] for column in columns]
    means: Floats = np.column_stack(sums) / counts[used, np.newaxis]
    return means, counts[used]


def _spread(
    points: Floats, weights: Floats, k: int, starts: int, rng: np.random.Generator
) -> Floats:
    """Return k-means++ centres (starts, k, features), all starts at once.

    Each next centre is a point drawn with the weight of its squared distance to the nearest so far
    (Arthur & Vassilvitskii 2007, SODA).
    """
    centres = np.empty((starts, k, points.shape[1]))
    chance = np.tile(weights, (starts, 1))
    nearest = np.full(chance.shape, np.inf)
    for number in range(k):
        ladder = chance.cumsum(axis=1)
        aim = rng.random((starts, 1)) * ladder[:, -1:]
        picked = (ladder <= aim).sum(axis=1).clip(max=len(points) - 1)
        centres[:, number] = points[picked]
        apart = ((points - centres[:, number, np.newaxis]) ** 2).sum(axis=2)
        nearest = np.minimum(nearest, apart)
        chance = nearest * weights
    return centres


def _move(points: Floats, weights: Floats, centres: Floats) -> tuple[Floats, Floats]:
    """Return the means of the points nearest to each centre, and each start's inertia before.

    A centre that nobody is nearest to stays. Centres have the shape (starts, k, features).
    """
    starts, k, features = centres.shape
    squares = (centres**2).sum(axis=2)[:, :, np.newaxis]
    scores = squares - 2.0 * (centres.reshape(-1, features) @ points.T).reshape(starts, k, -1)
    best, labels = scores[:, 0], np.zeros((starts, len(points)), dtype=np.int64)
    for number in range(1, k):
        nearer = scores[:, number] < best
        labels[nearer] = number
        best = np.where(nearer, scores[:, number], best)
    cells = (labels + k * np.arange(starts)[:, np.newaxis]).ravel()
    totals = np.bincount(cells, np.tile(weights, starts), minlength=starts * k)
    sums = [
        np.bincount(cells, np.tile(weights * column, starts), minlength=starts * k)
        for column in points.T
    ]
    moved = np.column_stack(sums) / np.maximum(totals, np.finfo(float).tiny)[:, np.newaxis]
    moved = np.where(totals[:, np.newaxis] > 0, moved, centres.reshape(-1, features))
    inertia = (best * weights).sum(axis=1) + ((points**2).sum(axis=1) * weights).sum()
    return moved.reshape(centres.shape), inertia


def _distinct(tries: list[Fit], most: int) -> list[Fit]:
    """Return the best fits whose inertia differs: the same optimum is polished once."""
    kept: list[Fit] = []
    for fit in tries:
        if all(abs(fit.inertia - other.inertia) > ROUGH * other.inertia for other in kept):
            kept.append(fit)
        if len(kept) == most:
            break
    return kept


_NO_LABELS: Labels = np.empty(0, dtype=np.int32)


def _lloyd(
    matrix: Floats,
    k: int,
    init: str | Floats,
    seed: int,
    *,
    weights: Floats | None = None,
) -> Fit:
    """Run scikit-learn's K-Means on one thread from one start, until it converges."""
    from sklearn.cluster import KMeans

    pin_one_thread()
    model = KMeans(
        k,
        init=init,
        n_init=1,
        max_iter=ITERATIONS,
        tol=TOLERANCE,
        random_state=seed,
    ).fit(matrix, sample_weight=weights)
    return Fit(
        centres=np.asarray(model.cluster_centers_, dtype=np.float64),
        labels=np.asarray(model.labels_, dtype=np.int32),
        inertia=float(model.inertia_),
    )
