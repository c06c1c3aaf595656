"""From the leaves of a tree to what is said of a centre: a few alternatives of few conditions.

The thresholds of the tree cut the space into cells, and each cell has one centre. A centre's leaves
are widened as far as its own cells reach, so that neighbours that share a side become one, and what
another alternative already covers is left out. The alternatives of a centre may overlap; together
they hold for exactly the customers that the tree gives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import numpy.typing as npt

from analysis.findings import Condition
from analysis.rule_tree import Labels, Leaf, Split, classify, thresholds_of

Flags = npt.NDArray[np.bool_]
# Of each feature the first cell and the one after the last.
Box = tuple[tuple[int, int], ...]
Alternatives = tuple[tuple[Condition, ...], ...]


def describe_centres(
    tree: Split | Leaf, features: tuple[str, ...], centres: int
) -> tuple[Alternatives, ...]:
    """Return the alternatives of each centre: it is recognised where all conditions of one hold.

    None where the tree has no room for it: two of its thresholds were rounded to the same number.
    """
    cuts = [
        sorted({threshold for feature, threshold in thresholds_of(tree) if feature == place})
        for place in range(len(features))
    ]
    # A cell ends at its threshold, included: the threshold stands for it.
    points = np.array(list(product(*[[*cut, np.inf] for cut in cuts])), dtype=np.float64)
    shape = [len(cut) + 1 for cut in cuts]
    owners: Labels = classify(tree, points).reshape(shape)
    return tuple(
        tuple(
            sorted(
                (tuple(_conditions(box, cuts, features)) for box in _simplest(owners == centre)),
                key=len,
            )
        )
        for centre in range(centres)
    )


def holds(alternatives: Alternatives, columns: dict[str, npt.NDArray[np.float64]]) -> Flags:
    """Return for which rows all conditions of at least one alternative hold."""
    size = len(next(iter(columns.values())))
    found = np.zeros(size, dtype=bool)
    for conditions in alternatives:
        mine = np.ones(size, dtype=bool)
        for condition in conditions:
            below = columns[condition.feature] <= condition.threshold
            mine &= below if condition.comparison == "<=" else ~below
        found |= mine
    return found


def _boxes(mine: Flags) -> list[tuple[Box, Flags]]:
    """Return the widest boxes around each of a centre's cells, with the cells that they cover."""
    boxes: dict[Box, Flags] = {}
    for cell in zip(*np.nonzero(mine), strict=True):
        for order in (range(mine.ndim), reversed(range(mine.ndim))):
            box = _widened(mine, tuple((int(place), int(place) + 1) for place in cell), order)
            covered = np.zeros_like(mine)
            covered[_slices(box)] = True
            boxes[box] = covered
    return list(boxes.items())


def _widened(mine: Flags, box: Box, order: Iterable[int]) -> Box:
    """Return the box, of each feature in turn as wide as the centre's own cells allow."""
    for axis in order:
        low, high = box[axis]
        while low > 0 and mine[_slices(_with(box, axis, (low - 1, high)))].all():
            low -= 1
        while high < mine.shape[axis] and mine[_slices(_with(box, axis, (low, high + 1)))].all():
            high += 1
        box = _with(box, axis, (low, high))
    return box


def _simplest(mine: Flags) -> list[Box]:
    """Return boxes that together cover a centre's cells, those of most new cells first."""
    boxes, left = _boxes(mine), mine.copy()
    kept: list[Box] = []
    while left.any():
        box, covered = max(boxes, key=lambda one: (int((one[1] & left).sum()), one[0]))
        kept.append(box)
        left &= ~covered
    return kept


def _conditions(box: Box, cuts: list[list[float]], features: tuple[str, ...]) -> list[Condition]:
    """Return the conditions of a box; none for a side without an end."""
    found = []
    for name, cut, (low, high) in zip(features, cuts, box, strict=True):
        if low > 0:
            found.append(Condition(name, ">", cut[low - 1]))
        if high <= len(cut):
            found.append(Condition(name, "<=", cut[high - 1]))
    return found


def _with(box: Box, axis: int, ends: tuple[int, int]) -> Box:
    return (*box[:axis], ends, *box[axis + 1 :])


def _slices(box: Box) -> tuple[slice, ...]:
    return tuple(slice(low, high) for low, high in box)
