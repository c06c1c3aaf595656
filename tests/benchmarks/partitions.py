"""Times the measures of a partition against scikit-learn doing the same; prints JSON lines.

python tests/benchmarks/partitions.py SOURCE [--exact]

Exact silhouettes of k = 2 to 10 with their fits, and the bootstrap Jaccard of one candidate, on all
customers. Both sides do equal work, which is checked: inertia no worse at any k, the same
silhouettes of the same labels, the same coefficients. scikit-learn's nine silhouettes take over ten
minutes: without --exact it measures that of one k, which counts nine times. It has one thread,
which favours it in processor's seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from analysis import kmeans
from analysis.customers import ONE_TIME, build_customers
from analysis.features import feature_names, fit_preparation, raw_matrix, scale
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.parallel import in_threads
from analysis.points import Points, find_points, kmeans_clusterer
from analysis.resampling import bootstrap_jaccard
from analysis.settings import Settings
from analysis.silhouette import measure_silhouettes
from analysis.source import open_source
from analysis.steps import processor_seconds

SIZES = range(2, 11)
STARTS, OUR_STARTS, POLISHED = 10, 60, 6
CANDIDATE = 4
MEASURED = (5,)  # what the reference measures of SIZES without --exact
RESAMPLES = 100
COPIES = 10  # resamples that the reference refits; the rest would take as long each
JACCARD_APART = 0.01


def main() -> None:
    """Read the source named on the command line, measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--exact", action="store_true", help="every silhouette of the reference")
    options = parser.parse_args()
    for family in ("traits", "traits_and_recency"):
        matrix = read_matrix(options.source, family)
        measured = SIZES if options.exact else MEASURED
        _say(family, "silhouettes", compare_silhouettes(matrix, measured))
        _say(family, "jaccard", compare_jaccard(matrix))


def read_matrix(source: Path, family: Any) -> np.ndarray:
    """Return the one-time customers of the window as a family clusters them."""
    settings = Settings()
    with open_source(source) as opened:
        everything = build_orders(opened)
    period = describe_period(everything, settings.as_of, settings)
    orders = until(everything, period.as_of)
    table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
    names = feature_names(family, has_reviews=True)
    raw = raw_matrix(table, table.members(ONE_TIME), names)
    return scale(raw, fit_preparation(raw, names))


def compare_silhouettes(matrix: np.ndarray, measured: Sequence[int]) -> dict[str, float]:
    """Fit every k and measure its exact silhouette, both ways; the reference's of some k.

    `inertia_worse` is how far our inertia lies above at the worst k, as a share; `apart` the
    farthest two silhouettes of the same labels.
    """

    def ours() -> tuple[list[np.ndarray], list[float], list[float]]:
        points = find_points(matrix)
        fits = in_threads(lambda k: _fit(points, k), SIZES)
        labels = [fit.labels[points.place] for fit in fits]
        found = measure_silhouettes(matrix, labels, exact_points=10**9, draws=2, sample=2, seed=0)
        return labels, [fit.inertia for fit in fits], [one.value for one in found]

    def fit_theirs() -> list[float]:
        models = [KMeans(k, n_init=STARTS, random_state=0).fit(matrix) for k in SIZES]
        return [model.inertia_ for model in models]

    def measure_theirs() -> list[float]:
        # Of our labels, so that the values can be compared; theirs would take as long.
        return [silhouette_score(matrix, labels[SIZES.index(k)]) for k in measured]

    (labels, ours_best, values), our_cost = _time(ours)
    inertias, fits = _time(fit_theirs)
    scores, silhouettes = _time(measure_theirs)
    times = len(SIZES) / len(measured)
    worse = max(one / other - 1 for one, other in zip(ours_best, inertias, strict=True))
    ours_measured = [values[SIZES.index(k)] for k in measured]
    apart = float(np.abs(np.subtract(ours_measured, scores)).max())
    their_cost = (fits[0] + times * silhouettes[0], fits[1] + times * silhouettes[1])
    found = {"rows": len(matrix), "inertia_worse": worse, "apart": apart}
    return found | _ratios(our_cost, their_cost)


def compare_jaccard(matrix: np.ndarray) -> dict[str, float]:
    """Resample the customers of one candidate, by weights and by copies of rows.

    Raises:
        ValueError: the coefficients differ by more than the chance of the draws.
    """
    labels = kmeans.fit_cold(matrix, CANDIDATE, starts=20, seed=0).labels

    def ours() -> list[float]:
        cluster = kmeans_clusterer(CANDIDATE, starts=STARTS)
        found = bootstrap_jaccard(matrix, labels, cluster, resamples=RESAMPLES, seed=0)
        return [one.mean for one in found]

    def theirs() -> list[float]:
        rng = np.random.default_rng(0)
        return np.mean([_copy(matrix, labels, rng, seed) for seed in range(COPIES)], axis=0)

    values, our_cost = _time(ours)
    others, their_cost = _time(theirs)
    apart = float(np.abs(np.array(values) - others).max())
    _hold("coefficients apart", apart, JACCARD_APART)
    whole = (their_cost[0] * RESAMPLES / COPIES, their_cost[1] * RESAMPLES / COPIES)
    return {"rows": len(matrix), "apart": apart} | _ratios(our_cost, whole)


def _fit(points: Points, k: int) -> kmeans.Fit:
    """Fit the customers as weighted points."""
    return kmeans.fit_cold(
        points.matrix, k, starts=OUR_STARTS, seed=0, polished=POLISHED, weights=points.weights
    )


def _copy(matrix: np.ndarray, labels: np.ndarray, rng: Any, seed: int) -> list[float]:
    """Copy the rows of a resample, refit, and match each segment by its best Jaccard index."""
    drawn = rng.integers(0, len(matrix), len(matrix))
    again = KMeans(CANDIDATE, n_init=STARTS, random_state=seed).fit(matrix[drawn]).labels_
    before = labels[drawn]
    others = [again == label for label in range(CANDIDATE)]
    return [
        max(
            ((before == label) & other).sum() / ((before == label) | other).sum()
            for other in others
        )
        for label in range(CANDIDATE)
    ]


def _time(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Return the result, the seconds and the processor's seconds."""
    wall, processor = time.perf_counter(), processor_seconds()
    result = work()
    return result, (time.perf_counter() - wall, processor_seconds() - processor)


def _ratios(ours: tuple[float, float], theirs: tuple[float, float]) -> dict[str, float]:
    return {
        "seconds": round(ours[0], 2),
        "cpu_seconds": round(ours[1], 2),
        "reference_seconds": round(theirs[0], 2),
        "reference_cpu_seconds": round(theirs[1], 2),
        "ratio": round(theirs[0] / ours[0], 1),
        "cpu_ratio": round(theirs[1] / ours[1], 1),
    }


def _hold(what: str, found: float, most: float) -> None:
    if found > most:
        raise ValueError(f"{what}: {found}, at most {most} expected")


def _say(family: str, what: str, found: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({"family": family, "measure": what, **found}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
