"""K-Means as used everywhere here: many starts on a sample, the best polished on all rows.

Twenty starts in four heats, with the best three winners polished, cost less than ten starts on
everything, which missed an optimum of the reference data once. One OpenMP thread is
pinned: it is faster than two at these sizes, and the result does not depend on the machine.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats

Labels = npt.NDArray[np.int32]

POLISHED = 3
TOLERANCE = 1e-6
ITERATIONS = 300
# A start is only ranked: it need not converge before the best go on over all rows.
ROUGH = 1e-4
ROUGH_ITERATIONS = 20


@dataclass(frozen=True)
class Fit:
    """Centres (k, features), a label a row, and the sum of squared distances (inertia)."""

    centres: Floats
    labels: Labels
    inertia: float


def fit_cold(
    matrix: Floats, k: int, *, starts: int, sample: int, seed: int, polished: int = POLISHED
) -> Fit:
    """Fit from nothing: `starts` k-means++ starts on at most `sample` rows, the best polished.

    The `polished` best distinct ones go on over all rows, and the lowest inertia wins.
    """
    rng = np.random.default_rng(seed)
    rows = matrix
    if len(matrix) > sample:
        rows = matrix[np.sort(rng.choice(len(matrix), sample, replace=False))]
    # In heats: each gives its winner, and the best distinct winners go on. One call for many
    # starts costs half of as many calls.
    heats = polished + 1 if polished > 1 else 1
    winners = [
        _lloyd(rows, k, "k-means++", int(heat), starts=-(-starts // heats))
        for heat in rng.integers(0, 2**31 - 1, size=heats)
    ]
    winners.sort(key=lambda fit: fit.inertia)
    finals = [_lloyd(matrix, k, fit.centres, seed) for fit in _distinct(winners, polished)]
    return min(finals, key=lambda fit: fit.inertia)


def fit_warm(matrix: Floats, centres: Floats) -> Fit:
    """Fit from given centres, in the scale of the matrix."""
    return _lloyd(matrix, len(centres), centres, 0)


def assign(matrix: Floats, centres: Floats) -> Labels:
    """Return the nearest centre of each row (squared Euclidean distance; the lowest on a tie)."""
    distances = -2.0 * matrix @ centres.T + np.einsum("ij,ij->i", centres, centres)[np.newaxis, :]
    labels: Labels = distances.argmin(axis=1).astype(np.int32)
    return labels


def _distinct(tries: list[Fit], most: int) -> list[Fit]:
    """Return the best fits whose inertia differs: the same optimum is polished once."""
    kept: list[Fit] = []
    for fit in tries:
        if all(abs(fit.inertia - other.inertia) > ROUGH * other.inertia for other in kept):
            kept.append(fit)
        if len(kept) == most:
            break
    return kept


_pinned = threading.local()


def _pin_one_thread() -> None:
    """Keep scikit-learn on one OpenMP thread from here on, in this thread of the program.

    Fits run side by side in threads, and each has its own setting. It is not undone after a fit:
    looking for the libraries costs milliseconds.
    """
    from threadpoolctl import threadpool_limits

    if not getattr(_pinned, "done", False):
        threadpool_limits(limits=1, user_api="openmp")
        _pinned.done = True


def _lloyd(
    matrix: Floats,
    k: int,
    init: str | Floats,
    seed: int,
    *,
    starts: int = 1,
) -> Fit:
    """Run scikit-learn's K-Means on one thread, and return the best of its starts.

    One start runs until it converges; several are only to be ranked.
    """
    from sklearn.cluster import KMeans

    _pin_one_thread()
    model = KMeans(
        k,
        init=init,
        n_init=starts,
        max_iter=ITERATIONS if starts == 1 else ROUGH_ITERATIONS,
        tol=TOLERANCE if starts == 1 else ROUGH,
        random_state=seed,
    ).fit(matrix)
    return Fit(
        centres=np.asarray(model.cluster_centers_, dtype=np.float64),
        labels=np.asarray(model.labels_, dtype=np.int32),
        inertia=float(model.inertia_),
    )
