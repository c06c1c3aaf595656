"""Where K-Means may start: many k-means++ starts on the means of small cells, the best kept.

All rows take part in every start, as the weights of the cells that they lie in. Cells alone would
be biased: what is found here is to be led on over the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.customers import Floats, Ints

# Starts are tried on at most so many cells, and the best led on over at most so many fine ones: of
# a grid of at most so many in all, whose sides are at least this many standard deviations.
CELLS, FINE_CELLS, GRID, FINEST_CELL = 1_000, 6_000, 200_000, 0.02
WIDEN = 1.2  # at least, from one try of the grid to the next
CELL_ITERATIONS = 40
CELL_STEP = 1e-3  # centres of cells that move less are led on
# After so many iterations only this share of the starts goes on, and at least so many: the best.
SIFTED_AFTER, SIFTED_SHARE, SIFTED = 8, 1 / 3, 4
# Few rows are their own cells: every start then runs to its end.
ITERATIONS = 300
# Starts whose inertia differs by less, as a share, ended in the same optimum.
ROUGH = 1e-4
# Starts are moved together while their scores, so many numbers, stay in a core's second cache.
MOVED_TOGETHER = 50_000


@dataclass(frozen=True)
class Cells:
    """The means of rows that lie close together, and how much they weigh."""

    means: Floats
    weights: Floats

    @property
    def amounts(self) -> Floats:
        """Return the weights and the weighted means: shape (cells, 1 + features)."""
        return np.column_stack([self.weights, self.means * self.weights[:, np.newaxis]])


def find_cells(matrix: Floats) -> Ints:
    """Return the small cell that each row lies in, numbered from 0: at most FINE_CELLS of them."""
    return _number(matrix, FINEST_CELL, FINE_CELLS)


def merge_rows(matrix: Floats, weights: Floats, cells: Ints) -> Cells:
    """Return the cells that hold any weight."""
    counts: Floats = np.bincount(cells, weights).astype(np.float64)
    used = np.flatnonzero(counts)
    sums = [np.bincount(cells, weights * column)[used] for column in matrix.T]
    return Cells(np.column_stack(sums) / counts[used, np.newaxis], counts[used])


def find_starts(
    cells: Cells, k: int, *, starts: int, kept: int, rng: np.random.Generator
) -> list[Floats]:
    """Return the centres (k, features) of the `kept` best starts that ended apart, best first."""
    whole = len(cells.means) <= CELLS
    points = cells if whole else _widened(cells, k)
    centres = spread(points, k, starts, rng)
    if not whole:
        centres, inertia = _iterate(points, centres, SIFTED_AFTER, CELL_STEP)
        going_on = max(SIFTED, kept, round(SIFTED_SHARE * starts))
        centres = centres[inertia.argsort()[:going_on]]
    steps = ITERATIONS if whole else CELL_ITERATIONS
    centres, inertia = _iterate(points, centres, steps, 0.0 if whole else CELL_STEP)
    return [centres[start] for start in _distinct(inertia, kept)]


def _widened(cells: Cells, k: int) -> Cells:
    """Return at most CELLS larger cells, or the cells themselves where that leaves no choice."""
    wide = merge_rows(cells.means, cells.weights, _number(cells.means, FINEST_CELL, CELLS))
    return wide if len(wide.means) > k else cells


def _number(matrix: Floats, finest: float, most: int) -> Ints:
    """Number the occupied cells of a grid; its sides are widened until there are few enough."""
    # A row a feature: reductions along the few columns of a long matrix are ten times as slow.
    columns = np.ascontiguousarray(matrix.T)
    low, high = columns.min(axis=1), columns.max(axis=1)
    width = finest * np.maximum(columns.std(axis=1), np.finfo(float).tiny)
    root = 1 / len(columns)
    while True:
        sizes = np.floor((high - low) / width) + 1
        if sizes.prod() > GRID:
            width *= max(WIDEN, (sizes.prod() / GRID) ** root)
            continue
        steps = np.floor((columns - low[:, np.newaxis]) / width[:, np.newaxis])
        number = (np.append(1.0, sizes[:-1].cumprod()) @ steps).astype(np.int64)
        used = np.bincount(number) > 0
        count = int(used.sum())
        if count <= most:
            found: Ints = (used.cumsum() - 1)[number]
            return found
        width *= max(WIDEN, (count / most) ** root)


def spread(points: Cells, k: int, starts: int, rng: np.random.Generator) -> Floats:
    """Return k-means++ centres (starts, k, features), all starts at once.

    Each next centre is a point drawn with the weight of its squared distance to the nearest so far
    (Arthur & Vassilvitskii 2007, SODA).
    """
    means = points.means
    centres = np.empty((starts, k, means.shape[1]))
    chance = np.tile(points.weights, (starts, 1))
    nearest = np.full(chance.shape, np.inf)
    for number in range(k):
        ladder = chance.cumsum(axis=1)
        aim = rng.random((starts, 1)) * ladder[:, -1:]
        picked = (ladder <= aim).sum(axis=1).clip(max=len(means) - 1)
        centres[:, number] = means[picked]
        apart = np.zeros_like(nearest)
        for column, centre in zip(means.T, centres[:, number].T, strict=True):
            apart += (column - centre[:, np.newaxis]) ** 2
        np.minimum(nearest, apart, out=nearest)
        np.multiply(nearest, points.weights, out=chance)
    return centres


def _iterate(points: Cells, centres: Floats, most: int, least_step: float) -> tuple[Floats, Floats]:
    """Move the centres of all starts until none moves more than a step; their inertias too."""
    amounts = points.amounts
    for _ in range(most):
        moved = _move(points, amounts, centres)[0]
        step = float(np.abs(moved - centres).max())
        centres = moved
        if step <= least_step:
            break
    return centres, _move(points, amounts, centres)[1]


def _move(points: Cells, amounts: Floats, centres: Floats) -> tuple[Floats, Floats]:
    """Return the means of the points nearest to each centre, and each start's inertia before.

    A centre that nobody is nearest to stays; a point between two counts for both. Centres have the
    shape (starts, k, features).
    """
    squares = float((amounts[:, 1:] * points.means).sum())
    together = max(1, MOVED_TOGETHER // (centres.shape[1] * len(points.means)))
    parts = [
        _move_some(points.means, amounts, centres[first : first + together])
        for first in range(0, len(centres), together)
    ]
    moved, inertia = (np.concatenate(found) for found in zip(*parts, strict=True))
    return moved, inertia + squares


def _move_some(means: Floats, amounts: Floats, centres: Floats) -> tuple[Floats, Floats]:
    """Move a few starts; `amounts` are the weights of the points and their weighted features."""
    starts, k, features = centres.shape
    flat = centres.reshape(-1, features)
    scores = (flat * -2.0) @ means.T
    scores += np.einsum("ij,ij->i", flat, flat)[:, np.newaxis]
    by_start = scores.reshape(starts, k, -1)
    best = by_start.min(axis=1)
    nearest = (by_start == best[:, np.newaxis]).astype(np.float64)
    totals = nearest.reshape(starts * k, -1) @ amounts
    filled = totals[:, :1] > 0
    moved = np.divide(totals[:, 1:], totals[:, :1], out=flat.copy(), where=filled)
    return moved.reshape(centres.shape), best @ amounts[:, 0]


def _distinct(inertia: Floats, most: int) -> list[int]:
    """Return the best starts whose inertia differs: the same optimum is led on once."""
    kept: list[int] = []
    for start in inertia.argsort(kind="stable").tolist():
        if all(abs(inertia[start] - inertia[other]) > ROUGH * inertia[other] for other in kept):
            kept.append(start)
        if len(kept) == most:
            break
    return kept
