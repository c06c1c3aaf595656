"""What an algorithm makes of the customers: a label a row, and labels for other rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import kmeans
from analysis.customers import Floats
from analysis.extension import Neighbours, extend, mean_of_each
from analysis.features import Preparation
from analysis.findings import ExtensionKind
from analysis.points import by_appearance
from analysis.recipes import Recipe

Labels = npt.NDArray[np.int32]
Predict = Callable[[Floats], Labels]
NOISE = -1


@dataclass(frozen=True)
class Space:
    """The customers as a family sees them: the scaled matrix, and how it was made."""

    matrix: Floats
    preparation: Preparation


@dataclass(frozen=True)
class Partition:
    """What a recipe makes of a space.

    Attributes:
        labels: 0, 1, ... a row; NOISE where the algorithm gives no segment.
        centres: the mean of each segment's rows, in the scale of the space.
        inertia: sum of the squared distances to the own centre; noise left out.
        fitted_rows: how many rows the algorithm saw.
        extension: how the other rows got their labels.
        extension_accuracy: share of held-out fitted rows whose label the extension finds again;
            1 where the fitted model labels any row itself.
        predict: labels for rows of another matrix in the same scale.
        fit_seconds: training time of this run; shared equally by recipes fitted together.
        predict_seconds: time to label every row.
    """

    recipe: Recipe
    labels: Labels
    centres: Floats
    inertia: float
    fitted_rows: int
    extension: ExtensionKind
    extension_accuracy: float
    predict: Predict
    fit_seconds: float = 0.0
    predict_seconds: float = 0.0

    def settled(self) -> Partition:
        """Return the partition without the fitted model: it labels no other rows."""
        return replace(self, predict=_predict_nothing)

    @property
    def segments(self) -> int:
        """Return the number of segments found."""
        return len(self.centres)


def _predict_nothing(_: Floats) -> Labels:
    raise TypeError("this partition was asked for without its model: fit_all keeps it")


def partition_by_centres(
    recipe: Recipe, matrix: Floats, labels: Labels, centres: Floats, seconds: float
) -> Partition:
    """Return a partition whose rows belong to the nearest centre."""
    start = perf_counter()
    kmeans.assign(matrix, centres)
    taken = perf_counter() - start
    predict = partial(kmeans.assign, centres=centres)
    return _labelled(recipe, matrix, labels, centres, predict, (seconds, taken))


def partition_by_model(
    recipe: Recipe, matrix: Floats, predict: Predict, seconds: float
) -> Partition:
    """Return a partition whose fitted model labels any row."""
    start = perf_counter()
    labels = predict(matrix)
    taken = perf_counter() - start
    centres = mean_of_each(matrix, labels)
    return _labelled(recipe, matrix, labels, centres, predict, (seconds, taken))


def carry_on(
    recipe: Recipe, matrix: Floats, labels: Labels, neighbours: Neighbours, seconds: float
) -> Partition:
    """Return the partition of everybody that the labels of a sample make."""
    start = perf_counter()
    labels = by_appearance(labels)
    extended = extend(neighbours, labels)
    taken = perf_counter() - start
    everybody = extended.labels
    centres = mean_of_each(matrix, everybody)
    carried = _labelled(recipe, matrix, everybody, centres, extended.predict, (seconds, taken))
    return replace(
        carried,
        fitted_rows=len(labels),
        extension=extended.kind,
        extension_accuracy=extended.accuracy,
    )


def _labelled(
    recipe: Recipe,
    matrix: Floats,
    labels: Labels,
    centres: Floats,
    predict: Predict,
    seconds: tuple[float, float],
) -> Partition:
    """Return the partition of a model that saw every row, and took so long to fit and to label."""
    return Partition(
        recipe=recipe,
        labels=labels,
        centres=centres,
        inertia=_inertia(matrix, labels, centres),
        fitted_rows=len(matrix),
        extension="none",
        extension_accuracy=1.0,
        predict=predict,
        fit_seconds=seconds[0],
        predict_seconds=seconds[1],
    )


def _inertia(matrix: Floats, labels: npt.NDArray[Any], centres: Floats) -> float:
    """Return the sum of the squared distances to the own centre."""
    known = labels >= 0
    return float(((matrix[known] - centres[labels[known]]) ** 2).sum())
