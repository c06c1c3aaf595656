"""The timeline that notebooks draw, their way and ours: the same work, the processor's seconds.

    OMP_NUM_THREADS=1 python tests/benchmarks/timeline_cost.py SHOP.db

plain     a model of the first 12 months; for each of forty weeks: describe, refit, compare
origins   twelve such models, three weeks apart, each followed to the same end: 282 comparisons

Their way filters the orders, groups them by customer and refits with ten starts for each
comparison. Ours cuts the sorted orders, and describes and refits each date once for all models.
Both describe the same customers by the same four features of what was known at each date; the ARI
of both are compared, and those of the plain job done their way with other seeds: K-Means has
optima that lie so close that seeds differ. One JSON line a job; reading the orders is not counted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from analysis.asked_designs import DesignAsked, trace_origins
from analysis.customers import DAY
from analysis.orders import OrderFacts, build_orders, describe_period, to_seconds, until
from analysis.settings import Settings
from analysis.source import open_source
from analysis.steps import processor_seconds

FIRST_DAYS, WEEKS = 365, 40
ORIGINS, WEEKS_APART = 12, 3
K, STARTS, SEED, OTHER_SEEDS = 4, 10, 0, (1, 2)
OUR_REPETITIONS = 3
FEATURES = ("recency_days", "orders", "log_spend", "review")
# With scikit-learn's own tolerance a refit stops so early that two of them differ by 0.02.
TOLERANCE = 1e-6


def main() -> None:
    """Do both jobs both ways, and print what each cost."""
    with open_source(Path(sys.argv[1])) as source:
        everything = build_orders(source)
    period = describe_period(everything, None, Settings())
    orders = until(everything, period.as_of)
    start = datetime.combine(period.started_on, datetime.min.time()) + timedelta(days=FIRST_DAYS)
    frame = as_frame(orders)
    for job, origins in (("plain", 1), ("origins", ORIGINS)):
        seconds, ours = min(
            timed(lambda count=origins: our_way(orders, start, count))
            for _ in range(OUR_REPETITIONS)
        )
        usual_seconds, usual = timed(lambda count=origins: usual_way(frame, start, count))
        line = {
            "job": job,
            "comparisons": len(ours),
            "usual_seconds": round(usual_seconds, 2),
            "seconds": round(seconds, 2),
            "ratio": round(usual_seconds / seconds, 1),
            "farthest_ari": round(_farthest(ours, usual), 4),
        }
        if job == "plain":
            others = [usual_way(frame, start, origins, seed) for seed in OTHER_SEEDS]
            line["farthest_of_seeds"] = round(max(_farthest(usual, one) for one in others), 4)
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _farthest(aris: list[float], others: list[float]) -> float:
    return float(np.abs(np.subtract(aris, others)).max())


def timed(work: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """Return the processor's seconds of some work, and what it gave."""
    before = processor_seconds()
    result = work()
    return processor_seconds() - before, result


def our_way(orders: OrderFacts, start: datetime, origins: int) -> list[float]:
    """Return the ARI of every model with every later date."""
    asked = DesignAsked(
        start=to_seconds(start),
        until=to_seconds(start) + WEEKS * 7 * DAY,
        features=FEATURES,
        k=K,
        step_days=7,
        one_time_only=False,
        starts=STARTS,
    )
    traces = trace_origins(orders, asked, SEED, origins=origins, every=WEEKS_APART)
    return [ari for trace in traces for ari in trace.aris]


def usual_way(frame: pd.DataFrame, start: datetime, origins: int, seed: int = SEED) -> list[float]:
    """Return the same, as a notebook does it: everything anew for each comparison."""
    scores = []
    for number in range(origins):
        first = pd.Timestamp(start) + pd.Timedelta(weeks=number * WEEKS_APART)
        known = describe(frame, first)
        scaler = StandardScaler().fit(known)
        model = KMeans(K, n_init=STARTS, tol=TOLERANCE, random_state=seed).fit(
            scaler.transform(known)
        )
        for week in range(1, WEEKS - number * WEEKS_APART + 1):
            customers = describe(frame, first + pd.Timedelta(weeks=week))
            again = KMeans(K, n_init=STARTS, tol=TOLERANCE, random_state=seed)
            again.fit(StandardScaler().fit_transform(customers))
            kept = model.predict(scaler.transform(customers))
            scores.append(adjusted_rand_score(kept, again.labels_))
    return scores


def as_frame(orders: OrderFacts) -> pd.DataFrame:
    """Return the valid orders as a notebook holds them once its tables are joined."""

    def moments(seconds: np.ndarray) -> pd.Series:
        dates = pd.Series(pd.to_datetime(seconds, unit="s"))
        return dates.where(seconds >= 0)

    frame = pd.DataFrame(
        {
            "customer": orders.customer_ids[orders.customer],
            "order_id": orders.order_ids,
            "bought": moments(orders.purchased_at),
            "answered": moments(orders.review_answered_at),
            "paid": orders.paid_cents / 100,
            "score": orders.review_score.astype(float),
        }
    )
    return frame[orders.is_valid]


def describe(frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Group what was known at a date by customer."""
    known = frame[frame["bought"] <= today].copy()
    known["score"] = known["score"].where(known["answered"] <= today)
    customers = known.groupby("customer").agg(
        recency=("bought", "max"),
        orders=("order_id", "nunique"),
        spend=("paid", "sum"),
        review=("score", "mean"),
    )
    customers["recency"] = (today - customers["recency"]).dt.total_seconds() / DAY
    customers["spend"] = np.log1p(customers["spend"])
    return customers.fillna(customers.median())


if __name__ == "__main__":
    main()
