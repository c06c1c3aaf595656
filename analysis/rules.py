"""The few conditions that a CRM needs to recognise each clustered segment, with their fidelity.

Iterative mistake minimisation (Moshkovitz, Dasgupta, Rashtchian, Frost, ICML 2020): a tree with one
leaf a centre, each split on one feature, placed where the fewest customers are parted from their
centre. Thresholds are then rounded to numbers a person can say, and the fidelity is measured after
rounding, on customers that did not place them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.customers import ONE_TIME, CustomerTable, Floats, Ints
from analysis.features import Preparation, unscale
from analysis.findings import Condition, CrmRule, NotComputed
from analysis.segmentation import Model, SegmentIndex, assign_segments

HELD_OUT = 0.3
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
class CrmRules:
    """The rules of every clustered segment, and their common fidelity on held-out customers."""

    fidelity: float
    by_segment: tuple[tuple[str, CrmRule], ...]

    def of(self, segment_id: str) -> CrmRule | NotComputed:
        """Return the rule of a segment; the repeat buyers' rule is their definition."""
        found = dict(self.by_segment).get(segment_id)
        return (
            found if found is not None else CrmRule((Condition("occasions", ">", 1.0),), 1.0, 1.0)
        )


def find_rules(table: CustomerTable, model: Model, seed: int) -> CrmRules:
    """Find the rules on the one-time customers, measured on a held-out part of them."""
    codes = table.members(ONE_TIME)
    features = model.preparation.features
    index: SegmentIndex = assign_segments(table, model)[codes]
    first = int(model.has_repeat_segment)
    told = tell_apart(
        np.column_stack([getattr(table, name)[codes] for name in features]),
        index.astype(np.int64) - first,
        in_units(np.array(model.centres), model.preparation),
        features,
        seed,
    )
    return CrmRules(
        fidelity=told.fidelity,
        by_segment=tuple(
            (model.segment_ids[first + centre], rule) for centre, rule in enumerate(told.rules)
        ),
    )


@dataclass(frozen=True)
class ToldApart:
    """The rule of each centre, and the share of held-out rows that the rules label right."""

    fidelity: float
    rules: tuple[CrmRule, ...]


def tell_apart(
    matrix: Floats, labels: Labels, centres: Floats, features: tuple[str, ...], seed: int
) -> ToldApart:
    """Find rounded rules for a partition, one a centre, measured on held-out rows.

    Args:
        matrix: rows in their own units, shape (rows, features).
        labels: the centre of each row, shape (rows,).
        centres: shape (centres, features), same units.
        features: names of the columns.
        seed: of the rows held out.
    """
    held_out = np.random.default_rng(seed).random(len(matrix)) < HELD_OUT
    tree = grow(matrix[~held_out], labels[~held_out], centres, np.arange(len(centres)))
    rounded = _rounded(tree, features)
    if any(_impossible(path) for path in _paths(rounded, features).values()):
        rounded = tree
    told = classify(rounded, matrix[held_out])
    truth = labels[held_out]
    paths = _paths(rounded, features)
    return ToldApart(
        fidelity=_share(told == truth),
        rules=tuple(
            CrmRule(
                conditions=paths[centre],
                recall=_share(told[truth == centre] == centre),
                precision=_share(truth[told == centre] == centre),
            )
            for centre in range(len(centres))
        ),
    )


def in_units(centres: Floats, preparation: Preparation) -> Floats:
    """Return scaled centres in the units of the features (spend back from its logarithm)."""
    raw = unscale(centres, preparation)
    logged = np.array([name == "log1p" for name in preparation.transforms])
    units: Floats = np.where(logged[np.newaxis, :], np.expm1(raw), raw)
    return units


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
    step = ROUND_STEPS.get(feature)
    if step is None:
        digits = int(np.floor(np.log10(value))) - 1 if value > 0 else 0
        step = 10.0**digits
    rounded = float(round(value / step) * step)
    return rounded if rounded > 0 else value


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


def _rounded(tree: Split | Leaf, features: tuple[str, ...]) -> Split | Leaf:
    """Return the tree with thresholds that a person can say."""
    if isinstance(tree, Leaf):
        return tree
    return Split(
        feature=tree.feature,
        threshold=round_threshold(tree.threshold, features[tree.feature]),
        below=_rounded(tree.below, features),
        above=_rounded(tree.above, features),
    )


def _paths(
    tree: Split | Leaf, features: tuple[str, ...], path: tuple[Condition, ...] = ()
) -> dict[int, tuple[Condition, ...]]:
    """Return the conditions that lead to each centre, the tightest of each kind only."""
    if isinstance(tree, Leaf):
        return {tree.centre: _tightest(path)}
    name = features[tree.feature]
    below = _paths(tree.below, features, (*path, Condition(name, "<=", tree.threshold)))
    above = _paths(tree.above, features, (*path, Condition(name, ">", tree.threshold)))
    return below | above


def _impossible(path: tuple[Condition, ...]) -> bool:
    """Return whether rounding has merged two thresholds, so that nobody can meet both."""
    above = {part.feature: part.threshold for part in path if part.comparison == ">"}
    most = {part.feature: part.threshold for part in path if part.comparison == "<="}
    return any(above[feature] >= most[feature] for feature in above.keys() & most.keys())


def _tightest(path: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Keep, of each feature and side, the condition that implies the others."""
    kept: dict[tuple[str, str], Condition] = {}
    for condition in path:
        key = (condition.feature, condition.comparison)
        other = kept.get(key)
        tighter = min if condition.comparison == "<=" else max
        if other is None or tighter(condition.threshold, other.threshold) == condition.threshold:
            kept[key] = condition
    return tuple(kept.values())


def _share(flags: npt.NDArray[np.bool_]) -> float:
    """Return the share of true values, 0 of nothing."""
    return float(flags.mean()) if len(flags) else 0.0
