"""Drift by models: can the new orders be told from the old ones, and since when are they other?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import LOW_REVIEW, Floats, Ints
from analysis.drift_features import ABSENT, LEVELS, NUMBERS, Columns, whole_months
from analysis.orders import OrderFacts
from analysis.parallel import alone, in_processes
from analysis.settings import Settings

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5
# Enough trees to find a shift of a third of a deviation, few enough to take a second.
TREES, LEAVES = 60, 15
FEATURES_NAMED = 3
# The gradient boosting of scikit-learn takes at most 255 levels.
MOST_LEVELS = 200
MONTHS_APART = 1
AVERAGED = (*NUMBERS, "review")


def classify_cohort(
    columns: Columns, reference: Ints, cohort: Ints, settings: Settings
) -> f.DomainClassifier | f.NotComputed:
    """Return how well gradient boosting tells the cohort's orders from the reference's.

    As many rows of each, at most `drift.classifier_orders`; area under the ROC curve by
    stratified cross-validation (methods, 3.4). The baseline tells two random samples apart.
    """
    rng = np.random.default_rng(settings.seed)
    both = np.concatenate([reference, cohort])
    columns = {name: values for name, values in columns.items() if _varies(name, values[both])}
    size = min(len(cohort), len(reference) // 2, settings.drift.classifier_orders)
    if size < 10 * FOLDS or not columns:
        return f.NotComputed("no_rows")
    drawn = rng.permutation(reference)
    others = rng.permutation(cohort)[:size]
    folds = _folds(columns, drawn[:size], others, settings.seed)
    losses = _losses(folds, settings.seed)
    areas = np.array([fold.area for fold in folds])
    alike = _folds(columns, drawn[:size], drawn[size : 2 * size], settings.seed)
    ranked = sorted(zip(columns, losses, strict=True), key=lambda pair: -pair[1])
    return f.DomainClassifier(
        orders=size,
        area=float(areas.mean()),
        low=float(areas.min()),
        high=float(areas.max()),
        baseline=float(np.mean([fold.area for fold in alike])),
        threshold=settings.drift.classifier_area,
        features=tuple((name, float(loss)) for name, loss in ranked[:FEATURES_NAMED]),
    )


def find_change_points(
    orders: OrderFacts, columns: Columns, started_on: date, last: int, settings: Settings
) -> tuple[f.ChangePoint, ...] | f.NotComputed:
    """Return the months from which on a monthly mean keeps another level.

    PELT with squared error, penalty 2 s2 ln n, s from the first differences (Killick, Fearnhead &
    Eckley 2012; methods, 3.4). Of reviews it is the share of low ones. With some twenty months
    this penalty also finds changes in pure noise, so a change is named only if it is found again in
    `drift.change_point_share` of the resampled histories: of twenty stationary shops with five
    series each, one then had any. NotComputed with fewer months than `change_point_months`.
    """
    months = whole_months(started_on, last)
    if len(months) < settings.drift.change_point_months:
        return f.NotComputed(
            "too_short_history", str(len(months)), str(settings.drift.change_point_months)
        )
    bought = orders.purchased_at.astype("datetime64[s]").astype("datetime64[M]")
    place = (bought - months[0]).astype(np.int64)
    place = np.where(place < len(months), place, ABSENT)
    rng = np.random.default_rng(settings.seed)
    found: list[f.ChangePoint] = []
    for feature, values in columns.items():
        if feature in AVERAGED:
            changes = _changes(feature, _as_mean(feature, values), place, months, rng, settings)
            found += [c for c in changes if c.resampled_share >= settings.drift.change_point_share]
    return tuple(found)


@dataclass(frozen=True)
class _Fold:
    """A model fitted without some rows, and the area under the curve on them."""

    model: HistGradientBoostingClassifier
    matrix: Floats
    target: Ints
    area: float

    def area_of(self, matrix: Floats) -> float:
        """Return the area on other values of these rows."""
        return _area(self.model, matrix, self.target)


def _folds(columns: Columns, first: Ints, second: Ints, seed: int) -> list[_Fold]:
    """Tell two sets of orders apart, each fifth of them by a model of the other four."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold

    rows = np.concatenate([first, second])
    matrix = np.column_stack([_column(name, values[rows]) for name, values in columns.items()])
    target = np.repeat((0, 1), (len(first), len(second)))

    def fitted(parts: tuple[Ints, Ints]) -> _Fold:
        train, test = parts
        model = HistGradientBoostingClassifier(
            max_iter=TREES,
            max_leaf_nodes=LEAVES,
            categorical_features=[name in LEVELS for name in columns],
            early_stopping=False,
            random_state=seed,
        )
        with alone():
            model.fit(matrix[train], target[train])
        area = _area(model, matrix[test], target[test])
        return _Fold(model, matrix[test], target[test], area)

    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(matrix, target)
    return in_processes(fitted, splits)


def _losses(folds: list[_Fold], seed: int) -> Floats:
    """Return the mean area lost over the folds when each feature is shuffled: (features,)."""
    rng = np.random.default_rng(seed)
    shuffled = [np.column_stack([rng.permutation(one) for one in fold.matrix.T]) for fold in folds]

    def lost(number: int) -> list[float]:
        fold, others = folds[number], []
        for place in range(fold.matrix.shape[1]):
            matrix = fold.matrix.copy()
            matrix[:, place] = shuffled[number][:, place]
            others.append(fold.area - fold.area_of(matrix))
        return others

    mean: Floats = np.array(in_processes(lost, range(len(folds)))).mean(axis=0)
    return mean


def _area(model: HistGradientBoostingClassifier, matrix: Floats, target: Ints) -> float:
    """Return the area under the ROC curve of a model on some rows."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(target, model.predict_proba(matrix)[:, 1]))


def _varies(name: f.DriftFeature, values: npt.NDArray[np.generic]) -> bool:
    """Say whether a feature has two known values at least."""
    column = _column(name, values)
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool(known.min() < known.max())


def _column(name: f.DriftFeature, values: npt.NDArray[np.generic]) -> Floats:
    numbers = values.astype(np.float64)
    if name in LEVELS:
        return np.where(numbers < 0, np.nan, np.minimum(numbers, MOST_LEVELS))
    return numbers


def _as_mean(feature: f.DriftFeature, values: npt.NDArray[np.generic]) -> Floats:
    """Return what is averaged a month: a low review as 1, spend as log(1 + spend)."""
    numbers = values.astype(np.float64)
    if feature == "review":
        return np.where(numbers == ABSENT, np.nan, numbers <= LOW_REVIEW)
    return np.log1p(numbers) if feature == "spend" else numbers


def _changes(
    feature: f.DriftFeature,
    values: Floats,
    place: Ints,
    months: list[np.datetime64],
    rng: np.random.Generator,
    settings: Settings,
) -> list[f.ChangePoint]:
    """Return the changes of one feature's monthly means."""
    used = (place >= 0) & ~np.isnan(values)
    counts = np.bincount(place[used], minlength=len(months))
    if (counts < 2).any():
        return []
    means = np.bincount(place[used], values[used], minlength=len(months)) / counts
    spread = np.bincount(place[used], (values[used] - means[place[used]]) ** 2) / (counts - 1)
    starts = _segment_starts(means)
    if not starts:
        return []
    errors = np.sqrt(spread / counts)
    redrawn = [_segment_starts(rng.normal(means, errors)) for _ in range(settings.drift.resamples)]
    bounds = [0, *starts, len(months)]
    levels = [_level(feature, means[low:high], counts[low:high]) for low, high in pairwise(bounds)]
    return [
        f.ChangePoint(
            feature=feature,
            month=months[start].astype("datetime64[D]").item(),
            mean_before=levels[number],
            mean_after=levels[number + 1],
            resampled_share=float(np.mean([_near(start, run) for run in redrawn])),
        )
        for number, start in enumerate(starts)
    ]


def _near(start: int, others: list[int]) -> bool:
    return any(abs(other - start) <= MONTHS_APART for other in others)


def _level(feature: f.DriftFeature, means: Floats, counts: Ints) -> float:
    """Return the mean over months, weighted by orders; spend back in the shop's currency."""
    level = float(np.average(means, weights=counts))
    return float(np.expm1(level)) if feature == "spend" else level


def _segment_starts(means: Floats) -> list[int]:
    """Return the positions at which another level starts."""
    from ruptures import KernelCPD

    noise = np.diff(means).std() / np.sqrt(2)
    if noise == 0:
        return []
    # With a linear kernel its cost is the squared error: PELT as it is, in C.
    fitted = KernelCPD(kernel="linear", min_size=2).fit(means[:, np.newaxis])
    ends: list[int] = fitted.predict(pen=2 * noise**2 * np.log(len(means)))
    return ends[:-1]
