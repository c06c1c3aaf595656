"""Lloyd's iterations from given centres, in a fraction of the distances and to the same end.

After one look at every row it is known how far the centres may move before a row could change its
cluster. Until they do, only the rows that lie that near to a border are looked at again; the others
count by the sums of their clusters (after Hamerly 2010, "Making k-means even faster", SDM). Every
iteration gives the centres that Lloyd's algorithm gives, but for the last digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.customers import Flags, Floats, Ints

Labels = npt.NDArray[np.int32]

ITERATIONS = 300
# How many times the last step the centres may move before every row is looked at again; or as far
# as leaves this share of the rows near a border, if that is farther.
AHEAD, LEAST_SHARE = 6.0, 0.04
# The share is judged by every so many rows.
JUDGED_BY = 16


@dataclass(frozen=True)
class Fit:
    """Centres (k, features), a label a row, and the sum of squared distances (inertia)."""

    centres: Floats
    labels: Labels
    inertia: float


def iterate(
    matrix: Floats, centres: Floats, weights: Floats | None = None, *, tolerance: float = 0.0
) -> Fit | None:
    """Move the centres until they rest, as scikit-learn's KMeans does from the same ones.

    It ends when no label changes, or the squared steps add up to less than `tolerance` times the
    mean variance of the features, or after ITERATIONS.

    Args:
        matrix: shape (rows, features).
        centres: where to start, shape (k, features).
        weights: a row counts as so many equal ones: whole numbers.
        tolerance: 0 goes on until no label changes.

    Returns:
        None when a cluster ran empty: what to do then is another algorithm's business.
    """
    columns = matrix.T.copy()
    middle = columns.mean(axis=1)
    columns -= middle[:, np.newaxis]
    squares = np.einsum("ij,ij->j", columns, columns)
    enough = tolerance * float(squares.mean()) / len(columns)
    clusters = _Clusters(columns, squares, weights, len(centres))
    now = centres - middle
    for _ in range(ITERATIONS):
        changed = clusters.follow(now)
        if not clusters.totals[0].all():
            return None
        before, now = now, clusters.means()
        if not changed or float(((now - before) ** 2).sum()) <= enough:
            break
    clusters.follow(now)
    whole = float(squares.sum() if weights is None else squares @ weights)
    return Fit(now + middle, clusters.labels.astype(np.int32), whole + clusters.beside(now))


class _Clusters:
    """The cluster of each row, at the centres of the moment.

    Attributes:
        labels: the nearest centre of each row.
        totals: weight and weighted sum of each feature, by label: shape (1 + features, k).
    """

    def __init__(self, columns: Floats, squares: Floats, weights: Floats | None, k: int) -> None:
        self._columns = columns
        self._squares = squares
        self._weights = weights
        self.labels: Ints = np.zeros(columns.shape[1], dtype=np.int64)
        self.totals: Floats = np.zeros((1 + len(columns), k))
        # At the last look at every row: the centres, how far they may move, and the rows that may
        # change until then.
        self._seen_at: Floats | None = None
        self._reach = 0.0
        self._near: Ints = np.empty(0, dtype=np.int64)
        self._near_columns: Floats = np.empty(0)
        self._last: Floats = np.empty(0)

    def follow(self, centres: Floats) -> bool:
        """Give each row its nearest centre; return whether that changed for any."""
        if self._seen_at is None:
            changed = self._look_at_all(centres, 0.0)
        elif _way(centres, self._seen_at) > self._reach:
            changed = self._look_at_all(centres, AHEAD * _way(centres, self._last))
        else:
            found = lowest(_score(self._near_columns, centres))
            places = np.flatnonzero(found != self.labels[self._near])
            self._move(self._near[places], found[places])
            changed = len(places) > 0
        self._last = centres
        return changed

    def means(self) -> Floats:
        """Return the mean of each cluster: shape (k, features)."""
        means: Floats = (self.totals[1:] / self.totals[0]).T
        return means

    def beside(self, centres: Floats) -> float:
        """Return the sum of squared distances to the centres, less the squares of the rows."""
        own = self.totals[0] @ np.einsum("ij,ij->i", centres, centres)
        return float(own - 2 * (self.totals[1:].T * centres).sum())

    def _look_at_all(self, centres: Floats, reach: float) -> bool:
        """Label every row, and find those that may change while the centres move within a reach."""
        labels, nearest, second = _two_nearest(self._columns, self._squares, centres)
        margin = (second - nearest) / 2
        some = np.sort(margin[::JUDGED_BY])
        self._reach = max(reach, float(some[int(LEAST_SHARE * len(some))]))
        may_change: Flags = margin <= self._reach
        self._near = np.flatnonzero(may_change)
        self._near_columns = self._columns[:, self._near]
        if self._seen_at is None:
            self.labels, changed = labels, True
            self.totals = self._total(slice(None), labels)
        else:
            rows = np.flatnonzero(labels != self.labels)
            self._move(rows, labels[rows])
            changed = len(rows) > 0
        self._seen_at = centres
        return changed

    def _move(self, rows: Ints, labels: Ints) -> None:
        """Give some rows other labels."""
        self.totals = self.totals + self._total(rows, labels) - self._total(rows, self.labels[rows])
        self.labels[rows] = labels

    def _total(self, rows: Ints | slice, labels: Ints) -> Floats:
        """Return weight and sums of some rows by their labels."""
        k = self.totals.shape[1]
        weights = None if self._weights is None else self._weights[rows]
        lines = self._columns[:, rows]
        weighted = lines if weights is None else lines * weights
        return np.stack(
            [
                np.bincount(labels, weights, minlength=k).astype(np.float64),
                *(np.bincount(labels, line, minlength=k) for line in weighted),
            ]
        )


def _score(columns: Floats, centres: Floats) -> Floats:
    """Return squared distances to each centre, less the squares of the rows: shape (k, rows)."""
    scores: Floats = (centres * -2.0) @ columns
    scores += np.einsum("ij,ij->i", centres, centres)[:, np.newaxis]
    return scores


def _two_nearest(columns: Floats, squares: Floats, centres: Floats) -> tuple[Ints, Floats, Floats]:
    """Return the nearest centre of each row, and the distances to it and to the second."""
    scores = _score(columns, centres)
    labels = np.zeros(scores.shape[1], dtype=np.min_scalar_type(len(scores)))
    nearest, second = scores[0].copy(), np.full(scores.shape[1], np.inf)
    for number, score in enumerate(scores[1:], start=1):
        _number_lower(labels, number, score < nearest)
        np.minimum(second, np.maximum(nearest, score), out=second)
        np.minimum(nearest, score, out=nearest)
    for lengths in (nearest, second):
        np.add(lengths, squares, out=lengths)
        np.sqrt(np.maximum(lengths, 0, out=lengths), out=lengths)
    return labels.astype(np.int64), nearest, second


def lowest(scores: Floats) -> Ints:
    """Return the number of the lowest score of each column; the first of equal ones.

    Score by score, in small numbers, as there are few of them: argmin takes ten times as long.
    """
    least = scores[0].copy()
    labels = np.zeros(len(least), dtype=np.min_scalar_type(len(scores)))
    for number, score in enumerate(scores[1:], start=1):
        _number_lower(labels, number, score < least)
        np.minimum(least, score, out=least)
    return labels.astype(np.int64)


def _number_lower(labels: npt.NDArray[np.unsignedinteger], number: int, lower: Flags) -> None:
    """Give the columns that are lower a number that none is above yet."""
    np.maximum(labels, lower * labels.dtype.type(number), out=labels)


def _way(centres: Floats, others: Floats) -> float:
    """Return how far a border between two centres can have moved: half of the two longest ways."""
    ways = np.sqrt(((centres - others) ** 2).sum(axis=1))
    ways.sort()
    return float(ways[-2:].sum()) / 2
