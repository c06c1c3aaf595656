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


@dataclass(frozen=True)
class _Rows:
    """Rows as the iterations read them, a line a feature.

    Attributes:
        columns: shape (features, rows).
        amounts: the weights, and the weighted features: shape (1 + features, rows).
        squares: of the lengths, shape (rows,).
    """

    columns: Floats
    amounts: Floats
    squares: Floats

    @classmethod
    def of(cls, columns: Floats, weights: Floats | None) -> _Rows:
        amounts = np.ones((1 + len(columns), columns.shape[1]))
        amounts[1:] = columns
        if weights is not None:
            amounts *= weights
        return cls(columns, amounts, np.einsum("ij,ij->j", columns, columns))

    def chosen(self, which: Ints) -> _Rows:
        """Return some of the rows."""
        return _Rows(self.columns[:, which], self.amounts[:, which], self.squares[which])

    def label(self, centres: Floats) -> tuple[Ints, Floats, Floats]:
        """Return the nearest centre of each row, and the distances to it and to the second."""
        scores = (centres * -2.0) @ self.columns
        scores += np.einsum("ij,ij->i", centres, centres)[:, np.newaxis]
        labels = np.zeros(scores.shape[1], dtype=np.int64)
        best, second = scores[0].copy(), np.full(scores.shape[1], np.inf)
        for number, score in enumerate(scores[1:], start=1):
            np.copyto(labels, number, where=score < best)
            np.minimum(second, np.maximum(best, score), out=second)
            np.minimum(best, score, out=best)
        return labels, self._lengths(best), self._lengths(second)

    def nearest(self, centres: Floats) -> Ints:
        """Return the nearest centre of each row."""
        scores = (centres * -2.0) @ self.columns
        scores += np.einsum("ij,ij->i", centres, centres)[:, np.newaxis]
        labels: Ints = scores.argmin(axis=0)
        return labels

    def total(self, labels: Ints, k: int) -> Floats:
        """Return the weight and the weighted sum of each feature, by label: (1 + features, k)."""
        return np.stack([np.bincount(labels, line, minlength=k) for line in self.amounts])

    def _lengths(self, scores: Floats) -> Floats:
        """Return distances from squared ones that lack the squares of the rows."""
        scores += self.squares
        lengths: Floats = np.sqrt(np.maximum(scores, 0, out=scores), out=scores)
        return lengths


@dataclass(frozen=True)
class _Border:
    """What was seen of every row at some centres, and the rows that may change their cluster.

    Attributes:
        seen_at: the centres then.
        reach: the others keep their cluster while no centre has moved farther than this.
        which: the rows that may change.
        rows: those rows.
        kept: weight and sums of the others, by label.
    """

    seen_at: Floats
    reach: float
    which: Ints
    rows: _Rows
    kept: Floats


def iterate(
    matrix: Floats, centres: Floats, weights: Floats | None = None, *, tolerance: float = 0.0
) -> Fit | None:
    """Move the centres until they rest, as scikit-learn's KMeans does from the same ones.

    It ends when no label changes, or the squared steps add up to less than `tolerance` times the
    mean variance of the features, or after ITERATIONS.

    Args:
        matrix: shape (rows, features).
        centres: where to start, shape (k, features).
        weights: a row counts as so many equal ones.
        tolerance: 0 goes on until no label changes.

    Returns:
        None when a cluster ran empty: what to do then is another algorithm's business.
    """
    columns = matrix.T.copy()
    middle = columns.mean(axis=1)
    columns -= middle[:, np.newaxis]
    rows = _Rows.of(columns, weights)
    enough = tolerance * float(rows.squares.mean()) / len(rows.columns)
    now, k = centres - middle, len(centres)
    labels = np.full(len(matrix), -1, dtype=np.int64)
    border: _Border | None = None
    step = 0.0
    for _ in range(ITERATIONS):
        if border is None or _farthest(now, border.seen_at) > border.reach:
            found, border = _look_at_all(rows, now, AHEAD * step)
            changed = bool((found != labels).any())
            labels = found
        else:
            found = border.rows.nearest(now)
            changed = bool((found != labels[border.which]).any())
            labels[border.which] = found
        totals = border.kept + border.rows.total(labels[border.which], k)
        if not totals[0].all():
            return None
        moved = (totals[1:] / totals[0]).T
        step = _farthest(moved, now)
        shift = float(((moved - now) ** 2).sum())
        now = moved
        if not changed or shift <= enough:
            break
    if border is None or _farthest(now, border.seen_at) > border.reach:
        labels = rows.nearest(now)
        totals = rows.total(labels, k)
    else:
        labels[border.which] = border.rows.nearest(now)
        totals = border.kept + border.rows.total(labels[border.which], k)
    inertia = rows.squares @ rows.amounts[0] + _beside_squares(totals, now)
    return Fit(now + middle, labels.astype(np.int32), float(inertia))


def _look_at_all(rows: _Rows, centres: Floats, reach: float) -> tuple[Ints, _Border]:
    """Label every row, and find those that may change while the centres move within a reach."""
    labels, nearest, second = rows.label(centres)
    margin = (second - nearest) / 2
    some = np.sort(margin[::JUDGED_BY])
    reach = max(reach, float(some[int(LEAST_SHARE * len(some))]))
    may_change: Flags = margin <= reach
    which = np.flatnonzero(may_change)
    border = rows.chosen(which)
    k = len(centres)
    kept = rows.total(labels, k) - border.total(labels[which], k)
    return labels, _Border(centres, reach, which, border, kept)


def _beside_squares(totals: Floats, centres: Floats) -> float:
    """Return the sum of squared distances, less the squared lengths of the rows."""
    own = totals[0] @ np.einsum("ij,ij->i", centres, centres)
    return float(own - 2 * (totals[1:].T * centres).sum())


def _farthest(centres: Floats, others: Floats) -> float:
    """Return how far a border between two centres can have moved: half of the two longest ways."""
    ways = np.sqrt(((centres - others) ** 2).sum(axis=1))
    ways.sort()
    return float(ways[-2:].sum()) / 2
