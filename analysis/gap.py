"""The gap statistic: is the data clustered more than a box of the same sides filled evenly?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import kmeans
from analysis.customers import Floats
from analysis.findings import NotComputed
from analysis.parallel import in_processes
from analysis.points import find_points


@dataclass(frozen=True)
class Gap:
    """The gap of one k.

    Attributes:
        k: clusters.
        gap: mean log of the references' within sum of squares, less that of the data.
        standard_error: √(1 + 1/B) times the standard deviation over the B references.
        customers: how many it was measured on.
    """

    k: int
    gap: float
    standard_error: float
    customers: int


def gap_statistic(
    matrix: Floats,
    most: int,
    *,
    references: int,
    sample: int,
    starts: int,
    seed: int,
    boxes: Floats | None = None,
) -> tuple[Gap, ...] | NotComputed:
    """Return the gap of k = 1 to `most`, on at most `sample` customers drawn at random.

    Gap(k) = E[log W*] - log W with W the within-cluster sum of squared distances to the centres,
    and W* that of points drawn evenly over the range of each column (Tibshirani, Walther & Hastie
    2001, JRSS-B 63; R's clusGap with d.power = 2 and spaceH0 = "original", whose own default is
    d.power = 1, not the paper's). It can answer one cluster, which other indices cannot.

    `boxes` are those of `fill_boxes` where they are there already, of the same customers.

    Returns:
        NotComputed when there are not more distinct customers than `most`: log 0 is no number.
    """
    rng = np.random.default_rng(seed)
    # The order of the points is their own: the order of the rows changes nothing.
    points = find_points(matrix)
    drawn = np.arange(points.customers)
    if points.customers > sample:
        drawn = rng.choice(points.customers, sample, replace=False)
    weights = points.count(drawn)
    kept = np.flatnonzero(weights)
    data, weights = points.matrix[kept], weights[kept]
    if len(data) <= most:
        return NotComputed("too_few_customers", found=str(len(data)), expected=str(most + 1))
    if boxes is None:
        boxes = fill_boxes(
            points.matrix[points.of_customer[drawn]],
            most,
            references=references,
            starts=starts,
            seed=seed,
        )
    own = _log_within(data, weights, most, starts, seed)
    return tuple(
        _gap(float(own[k - 1]), boxes[:, k - 1], k, len(drawn)) for k in range(1, most + 1)
    )


def fill_boxes(matrix: Floats, most: int, *, references: int, starts: int, seed: int) -> Floats:
    """Return log W of K-Means on boxes filled evenly over the ranges of a matrix's columns.

    Returns:
        Shape (references, most): one row a box of as many points as the matrix has rows, one
        column a number of clusters, from one on.
    """
    low, high = matrix.min(axis=0), matrix.max(axis=0)

    def logs(number: int) -> Floats:
        box = np.random.default_rng((seed, number)).uniform(low, high, matrix.shape)
        return _log_within(box, np.ones(len(box)), most, starts, seed + number)

    return np.array(in_processes(logs, range(1, references + 1)))


def gap_of_labels(
    matrix: Floats, labels: npt.NDArray[Any], boxes: Floats, k: int
) -> Gap | NotComputed:
    """Return the gap of a partition: log W of even boxes less that of its own segments.

    Args:
        matrix: shape (customers, features).
        labels: the segment of each customer.
        boxes: log W of each box cut into as many by K-Means.
        k: segments.
    """
    within = 0.0
    for label in np.unique(labels):
        mine = matrix[labels == label]
        within += float(((mine - mine.mean(axis=0)) ** 2).sum())
    if within <= 0:
        return NotComputed("no_variation")
    return _gap(float(np.log(within)), boxes, k, len(matrix))


def _gap(own: float, boxes: Floats, k: int, customers: int) -> Gap:
    """Return the gap of one log W to those of the boxes."""
    error = boxes.std(ddof=1) * np.sqrt(1 + 1 / len(boxes))
    return Gap(k, float(boxes.mean()) - own, float(error), customers)


def choose_by_gap(gaps: Sequence[Gap]) -> int:
    """Return the smallest k whose gap is within one error of the largest gap (globalSEmax).

    The paper's rule, the first k not clearly below its successor, stopped at one on four clear
    groups: the first-local rules are not used.
    """
    best = max(gaps, key=lambda found: found.gap)
    return next(found.k for found in gaps if found.gap >= best.gap - best.standard_error)


def _log_within(points: Floats, weights: Floats, most: int, starts: int, seed: int) -> Floats:
    """Return the log of the within sum of squares for k = 1 to `most`."""
    middle = np.average(points, axis=0, weights=weights)
    alone = float((weights * ((points - middle) ** 2).sum(axis=1)).sum())
    more = [
        kmeans.fit_cold(points, k, starts=starts, seed=seed, polished=1, weights=weights).inertia
        for k in range(2, most + 1)
    ]
    logs: Floats = np.log(np.array([alone, *more]))
    return logs
