"""Our way of what the usual notebook does, and no more: the same features, on as many customers.

    python tests/benchmarks/same_work.py SHOP.db [--exact]

One JSON line a stage: its seconds, the processor's seconds, what it found.

table       the source read, cleaned and joined; recency, frequency, monetary, review and delay of
            each customer with a valid order
search      K-Means for k = 2 to 10 (thirty quick starts, the best three led to their end: no
            inertia is above that of ten of scikit-learn's), three indices each; the silhouette on
            two samples of 10,000 customers, or on all of them with --exact
bootstrap   refits on resampled customers, matched by Jaccard's index
simulation  for 40 weeks: describe and refit, compared with the first model

Figures are drawn with the documents: `playbook render` makes those, and PDF and slides.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis import kmeans
from analysis.asked_designs import DesignAsked, trace_design
from analysis.customers import DAY, Floats
from analysis.indices import calinski_harabasz, davies_bouldin
from analysis.orders import OrderFacts, build_orders
from analysis.parallel import in_processes
from analysis.plain_customers import describe_plainly
from analysis.points import kmeans_clusterer
from analysis.resampling import bootstrap_jaccard
from analysis.silhouette import measure_silhouettes
from analysis.source import open_source
from analysis.steps import processor_seconds

FEATURES = ("recency_days", "orders", "log_spend", "review", "delay_days")
SIZES, STARTS, FINAL_K = range(2, 11), 30, 5
FITS, WEEKS, SAMPLE = 20, 40, 10_000
FIRST_CUT = int(datetime(2017, 11, 20, tzinfo=UTC).timestamp())


def main() -> None:
    """Run the stages on the source named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--exact", action="store_true", help="silhouettes of all customers")
    options = parser.parse_args()
    source, points = options.source, sys.maxsize if options.exact else 0
    orders, matrix = timed("table", lambda: read(source), lambda found: {"rows": len(found[1])})
    first = timed("search", lambda: search(matrix, points), lambda found: found[1])[0]
    timed("bootstrap", lambda: bootstrap(matrix, first), lambda found: {"jaccard": found})
    timed("simulation", lambda: simulate(orders), lambda found: {"aris": found[:: WEEKS // 5]})


def read(source: Path) -> tuple[OrderFacts, Floats]:
    """Return the orders and the customers as of the last one, standardised."""
    with open_source(source) as opened:
        orders = build_orders(opened)
    last = int(orders.purchased_at.max())
    raw = describe_plainly(orders, last, FEATURES, window_days=None, one_time_only=False)
    return orders, (raw - raw.mean(axis=0)) / raw.std(axis=0)


def search(matrix: Floats, exact_points: int) -> tuple[kmeans.Labels, dict[str, float]]:
    """Fit and judge each k; return the labels of the last choice, and the silhouette of each k."""
    fits = in_processes(lambda k: kmeans.fit_cold(matrix, k, starts=STARTS, seed=0), SIZES)
    labels = [fit.labels for fit in fits]
    silhouettes = measure_silhouettes(
        matrix, labels, exact_points=exact_points, draws=2, sample=SAMPLE, seed=0
    )
    in_processes(lambda one: (davies_bouldin(matrix, one), calinski_harabasz(matrix, one)), labels)
    values = {f"k = {k}": round(one.value, 4) for k, one in zip(SIZES, silhouettes, strict=True)}
    return labels[SIZES.index(FINAL_K)], values


def bootstrap(matrix: Floats, labels: kmeans.Labels) -> list[float]:
    """Return each cluster's mean best Jaccard index over refits of resampled customers."""
    cluster = kmeans_clusterer(FINAL_K, starts=10)
    found = bootstrap_jaccard(matrix, labels, cluster, resamples=FITS, seed=0)
    return [round(one.mean, 3) for one in found]


def simulate(orders: OrderFacts) -> list[float]:
    """Return the ARI of the first model with the refit of each later week."""
    asked = DesignAsked(
        start=FIRST_CUT,
        until=FIRST_CUT + WEEKS * 7 * DAY,
        features=FEATURES,
        k=FINAL_K,
        step_days=7,
        one_time_only=False,
        starts=10,
    )
    return [round(float(ari), 3) for ari in trace_design(orders, asked, 0).aris]


def timed(stage: str, work: Callable[[], Any], told: Callable[[Any], Any]) -> Any:
    """Run a stage and print what it cost, and what is told of its result."""
    wall, processor = time.perf_counter(), processor_seconds()
    result = work()
    line = {
        "stage": stage,
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(processor_seconds() - processor, 2),
        "found": told(result),
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    main()
