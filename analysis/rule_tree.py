"""The tree that tells the centres of a partition apart by conditions on single features.

Iterative mistake minimisation (Moshkovitz, Dasgupta, Rashtchian, Frost, ICML 2020): first one leaf
a centre, each split on one feature, placed where the fewest customers are parted from their centre.
Then more leaves, the split that mends most mistakes first (Frost, Moshkovitz, Rashtchian, ExKMC,
2020), while customers that did not place it agree that it helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats, Ints

# What a person says of a feature: half a star, a month of days; money has two digits.
ROUND_STEPS = {"review": 0.5, "recency_days": 30.0}
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Leaf:
    """The end of a branch: the centre it stands for."""

    centre: int


@dataclass(frozen=True)
class Split:
    """A condition on a feature (column of the matrix, in its own unit) and its two branches."""

    feature: int
    threshold: float
    below: Split | Leaf
    above: Split | Leaf


@dataclass(frozen=True)
class Rows:
    """Rows in their own units, shape (rows, features), and the centre of each, shape (rows,)."""

    matrix: Floats
    labels: Labels

    def where(self, kept: npt.NDArray[np.bool_]) -> Rows:
        """Return the marked rows."""
        return Rows(self.matrix[kept], self.labels[kept])


def grow(matrix: Floats, labels: Labels, centres: Floats, members: Ints) -> Split | Leaf:
    """Grow the tree that parts the centres with the fewest mistakes, one split at a time.

    Args:
        matrix: rows in their own units, shape (rows, features).
        labels: the centre of each row, shape (rows,).
        centres: shape (centres, features), same units.
        members: the centres to part; rows of other centres must not be given.
    """
    if len(members) == 1:
        return Leaf(int(members[0]))
    candidates = [
        (*_best_cut(matrix[:, feature], labels, centres[:, feature], members), feature)
        for feature in range(matrix.shape[1])
        if len(np.unique(centres[members, feature])) > 1
    ]
    _, threshold, feature = min(candidates)
    low = members[centres[members, feature] <= threshold]
    high = members[centres[members, feature] > threshold]
    below = matrix[:, feature] <= threshold
    keep_low = below & np.isin(labels, low)
    keep_high = ~below & np.isin(labels, high)
    return Split(
        feature=feature,
        threshold=threshold,
        below=grow(matrix[keep_low], labels[keep_low], centres, low),
        above=grow(matrix[keep_high], labels[keep_high], centres, high),
    )


def classify(tree: Split | Leaf, matrix: Floats) -> Labels:
    """Return the centre that the tree gives each row."""
    if isinstance(tree, Leaf):
        return np.full(len(matrix), tree.centre, dtype=np.int64)
    below = matrix[:, tree.feature] <= tree.threshold
    return np.where(below, classify(tree.below, matrix), classify(tree.above, matrix))


def round_threshold(value: float, feature: str) -> float:
    """Round to a number a person can say: half a star, a month of days, two digits of money.

    >>> round_threshold(163.4, "spend"), round_threshold(3.13, "review")
    (160.0, 3.0)
    """
    return float(_round_all(np.array([value]), feature)[0])


def _round_all(values: Floats, feature: str) -> Floats:
    """Round values as `round_threshold` does; one that would be rounded to nothing stays."""
    given = ROUND_STEPS.get(feature)
    positive = np.where(values > 0, values, 1.0)
    steps = 10.0 ** (np.floor(np.log10(positive)) - 1) if given is None else given
    said = np.round(values / steps) * steps
    # Steps below one are powers of ten that a float does not hold exactly: 0.30000000000000004.
    said = np.round(said, 9)
    kept: Floats = np.where(said > 0, said, values)
    return kept


def _best_cut(
    column: Floats, labels: Labels, centre_column: Floats, members: Ints
) -> tuple[int, float]:
    """Return (mistakes, threshold) of the best cut between the lowest and the highest centre.

    A mistake is a row on the other side of its centre. Only values between centres can part them;
    for each gap between neighbouring centres the mistakes at every row's value are two running
    counts.
    """
    ordered = np.sort(np.unique(centre_column[members]))
    rows = np.argsort(column, kind="stable")
    values = column[rows]
    best = (len(column) + 1, float(ordered[0]))
    for lower, upper in pairwise(ordered):
        left = np.isin(labels[rows], members[centre_column[members] <= lower])
        # After the first i rows go below: rows of the right centres among them are wrong, and
        # rows of the left centres among the others.
        wrong = (
            np.concatenate([[0], np.cumsum(~left)])
            + left.sum()
            - np.concatenate([[0], np.cumsum(left)])
        )
        start = np.searchsorted(values, lower, side="right")
        stop = np.searchsorted(values, upper, side="left")
        ends = np.arange(start, stop + 1)
        # A cut must stand between two different values, else equal rows would be parted.
        inner = (ends > 0) & (ends < len(values))
        ends = ends[inner]
        ends = ends[values[ends - 1] < values[ends]]
        if len(ends) == 0:
            threshold = float((lower + upper) / 2)
            mistakes = int((left != (column[rows] <= threshold)).sum())
        else:
            end = int(ends[np.argmin(wrong[ends])])
            mistakes = int(wrong[end])
            threshold = float(
                np.clip((values[end - 1] + values[end]) / 2, lower, np.nextafter(upper, lower))
            )
        best = min(best, (mistakes, threshold))
    return best


def expand(
    tree: Split | Leaf,
    rows: Rows,
    judges: Rows,
    features: tuple[str, ...],
    most_leaves: int,
    step: float,
) -> Split | Leaf:
    """Split leaves further, the most mistakes mended first, at thresholds that a person can say.

    Args:
        tree: its leaves keep their centre on one side.
        rows: they place the splits.
        judges: other rows; a split stays when the share of them that is labelled right grows by
            `step` or more. The first that does not ends the growth.
        features: names of the columns.
        most_leaves: leaves of the tree at most.
        step: between 0 and 1.
    """
    right = _share_right(tree, judges)
    for _ in range(count_leaves(tree), most_leaves):
        found = max(_splits(tree, rows, features), key=lambda one: one[0], default=None)
        if found is None:
            break
        grown = found[1]
        now = _share_right(grown, judges)
        if now - right < step:
            break
        tree, right = grown, now
    return tree


def count_leaves(tree: Split | Leaf) -> int:
    """Return the number of ends of branches."""
    return 1 if isinstance(tree, Leaf) else count_leaves(tree.below) + count_leaves(tree.above)


def thresholds_of(tree: Split | Leaf) -> Iterator[tuple[int, float]]:
    """Yield (feature, threshold) of every split."""
    if isinstance(tree, Split):
        yield tree.feature, tree.threshold
        yield from thresholds_of(tree.below)
        yield from thresholds_of(tree.above)


def _splits(
    tree: Split | Leaf, rows: Rows, features: tuple[str, ...]
) -> Iterator[tuple[int, Split]]:
    """Yield (mistakes mended, tree) for the best split of each leaf that mends any."""
    if isinstance(tree, Leaf):
        found = _best_split(tree, rows, features)
        if found is not None:
            yield found
        return
    below = rows.matrix[:, tree.feature] <= tree.threshold
    for mended, grown in _splits(tree.below, rows.where(below), features):
        yield mended, replace(tree, below=grown)
    for mended, grown in _splits(tree.above, rows.where(~below), features):
        yield mended, replace(tree, above=grown)


def _best_split(leaf: Leaf, rows: Rows, features: tuple[str, ...]) -> tuple[int, Split] | None:
    """Return (mistakes mended, split) of the split of a leaf that mends most, None when none does.

    One side keeps the leaf's centre, so that no centre loses its last leaf.
    """
    if len(rows.labels) == 0:
        return None
    counts = np.bincount(rows.labels, minlength=leaf.centre + 1)
    best: tuple[int, Split] | None = None
    for feature, name in enumerate(features):
        column = rows.matrix[:, feature]
        thresholds = _sayable(column, name)
        order = np.argsort(column, kind="stable")
        ends = np.searchsorted(column[order], thresholds, side="right")
        marks = rows.labels[order][:, np.newaxis] == np.arange(len(counts))
        below = np.vstack([np.zeros(len(counts), dtype=np.int64), marks.cumsum(axis=0)])[ends]
        for is_below, other in ((True, counts - below), (False, below)):
            # The centre's own rows on the other side are lost; those of its largest group are won.
            mended = other.max(axis=1, initial=0) - other[:, leaf.centre]
            if len(mended) == 0 or mended.max() <= (best[0] if best else 0):
                continue
            place = int(mended.argmax())
            new = Leaf(int(other[place].argmax()))
            sides = (leaf, new) if is_below else (new, leaf)
            best = int(mended[place]), Split(feature, float(thresholds[place]), *sides)
    return best


def _sayable(column: Floats, feature: str) -> Floats:
    """Return the thresholds that a person can say and that part the values, ascending."""
    values = np.unique(column)
    said = np.unique(_round_all(values, feature))
    parting: Floats = said[(said >= values[0]) & (said < values[-1])]
    return parting


def _share_right(tree: Split | Leaf, rows: Rows) -> float:
    """Return the share of the rows that the tree gives their centre, 0 of nothing."""
    if len(rows.labels) == 0:
        return 0.0
    return float((classify(tree, rows.matrix) == rows.labels).mean())


def rounded(tree: Split | Leaf, features: tuple[str, ...]) -> Split | Leaf:
    """Return the tree with thresholds that a person can say."""
    if isinstance(tree, Leaf):
        return tree
    return Split(
        feature=tree.feature,
        threshold=round_threshold(tree.threshold, features[tree.feature]),
        below=rounded(tree.below, features),
        above=rounded(tree.above, features),
    )
