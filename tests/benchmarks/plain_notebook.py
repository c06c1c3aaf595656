"""The reference of the benchmarks: the job as a usual notebook does it, as one script.

    python tests/benchmarks/plain_notebook.py SHOP.db [--stages read,merge,...] [--exact]

One JSON line a stage: its seconds, the processor's seconds, the peak memory so far. Only its cost
is compared: the analysis has the usual faults on purpose (joins that multiply money, recency that
grows with the calendar, customers that only accumulate).

read        every table of the SQLite file, with pandas
merge       all of them joined into one flat frame, delivered orders kept
features    one groupby: recency, frequency, monetary, review, delay a customer
search      K-Means with ten starts for k = 2 to 10, three indices each; the silhouette on 10,000
            customers, or on all of them with --exact (about ten times as long as all the rest)
bootstrap   refits on resampled customers, matched by Jaccard's index
simulation  for 40 weeks: filter, group and refit, compared with the first model
figures     fifteen pictures with matplotlib
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import (
    adjusted_rand_score,
    calinski_harabasz_score,
    davies_bouldin_score,
    silhouette_score,
)
from sklearn.preprocessing import StandardScaler

STAGES = ("read", "merge", "features", "search", "bootstrap", "simulation", "figures")
TABLES = (
    "customers",
    "orders",
    "order_items",
    "order_pymts",
    "order_reviews",
    "products",
    "sellers",
    "geoloc",
    "translation",
)
FEATURES = ["recency", "frequency", "monetary", "review", "delay"]
FINAL_K = 5
FIRST_CUT = pd.Timestamp("2017-11-20")


def read(database: Path) -> dict[str, pd.DataFrame]:
    """Read every table, all columns; dates of the orders are parsed."""
    connection = sqlite3.connect(database)
    tables = {name: pd.read_sql_query(f'select * from "{name}"', connection) for name in TABLES}
    connection.close()
    tables = {name: table.drop(columns="index", errors="ignore") for name, table in tables.items()}
    orders = tables["orders"]
    for column in orders.columns[3:8]:
        orders[column] = pd.to_datetime(orders[column])
    return tables


def merge(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Join everything: one row for each combination of item, payment and review of an order."""
    points = tables["geoloc"].groupby("geolocation_zip_code_prefix")
    places = points[["geolocation_lat", "geolocation_lng"]].mean()
    comments = ["review_comment_title", "review_comment_message"]
    flat = (
        tables["orders"]
        .merge(tables["customers"], on="customer_id")
        .merge(tables["order_items"], on="order_id")
        .merge(tables["order_pymts"], on="order_id")
        .merge(tables["order_reviews"].drop(columns=comments), on="order_id", how="left")
        .merge(tables["products"], on="product_id", how="left")
        .merge(tables["sellers"], on="seller_id", how="left")
        .merge(places, left_on="customer_zip_code_prefix", right_index=True, how="left")
    )
    flat = flat[flat["order_status"] == "delivered"].copy()
    late = flat["order_delivered_customer_date"] - flat["order_estimated_delivery_date"]
    flat["delay"] = late.dt.days
    return flat


def describe(flat: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Group the flat frame by customer; the columns not returned are computed all the same."""
    customers = flat.groupby("customer_unique_id").agg(
        recency=("order_purchase_timestamp", "max"),
        frequency=("order_id", "nunique"),
        monetary=("payment_value", "sum"),
        review=("review_score", "mean"),
        delay=("delay", "mean"),
        freight=("freight_value", "sum"),
        price=("price", "sum"),
        items=("order_item_id", "count"),
        instalments=("payment_installments", "mean"),
        categories=("product_category_name", "nunique"),
    )
    customers["recency"] = (today - customers["recency"]).dt.days
    customers["monetary"] = np.log1p(customers["monetary"])
    chosen = customers[FEATURES]
    return chosen.fillna(chosen.median())


def cluster(matrix: np.ndarray, k: int, seed: int = 0) -> KMeans:
    """Fit K-Means as the usual notebook does."""
    return KMeans(k, n_init=10, random_state=seed).fit(matrix)


def search(matrix: np.ndarray, sample: int | None) -> dict[str, float]:
    """Fit and judge k = 2 to 10; return the seconds of the fits and of the silhouettes."""
    spent = {"kmeans": 0.0, "silhouette": 0.0}
    for k in range(2, 11):
        start = time.perf_counter()
        labels = cluster(matrix, k).labels_
        fitted = time.perf_counter()
        silhouette_score(matrix, labels, sample_size=sample, random_state=0)
        spent["kmeans"] += fitted - start
        spent["silhouette"] += time.perf_counter() - fitted
        davies_bouldin_score(matrix, labels)
        calinski_harabasz_score(matrix, labels)
    return {name: round(seconds, 2) for name, seconds in spent.items()}


def bootstrap(matrix: np.ndarray, first: np.ndarray, fits: int) -> list[float]:
    """Refit on resampled customers; return each cluster's mean best Jaccard index."""
    rng = np.random.default_rng(0)
    scores = []
    for seed in range(fits):
        chosen = rng.integers(0, len(matrix), len(matrix))
        again, before = cluster(matrix[chosen], FINAL_K, seed).labels_, first[chosen]
        scores.append([_best_jaccard(before == group, again) for group in range(FINAL_K)])
    return [round(score, 3) for score in np.mean(scores, axis=0).tolist()]


def _best_jaccard(members: np.ndarray, labels: np.ndarray) -> float:
    others = [labels == group for group in range(FINAL_K)]
    return max(float((members & other).sum() / (members | other).sum()) for other in others)


def simulate(flat: pd.DataFrame, weeks: int) -> list[float]:
    """Compare the model of the first cut with a refit at each later week (adjusted Rand index)."""
    bought = flat["order_purchase_timestamp"]
    known = describe(flat[bought < FIRST_CUT], FIRST_CUT)
    scaler = StandardScaler().fit(known)
    model = cluster(scaler.transform(known), FINAL_K)
    scores = []
    for week in range(1, weeks + 1):
        cut = FIRST_CUT + pd.Timedelta(weeks=week)
        customers = describe(flat[bought < cut], cut)
        again = cluster(StandardScaler().fit_transform(customers), FINAL_K)
        scores.append(
            adjusted_rand_score(model.predict(scaler.transform(customers)), again.labels_)
        )
    return [round(score, 3) for score in scores[:: max(1, weeks // 5)]]


def draw(matrix: np.ndarray, labels: np.ndarray, folder: Path) -> int:
    """Save fifteen pictures: scatters, histograms and boxes; return how many."""
    for number in range(15):
        column = number % 5
        figure, axes = plt.subplots(figsize=(8, 5))
        if number % 3 == 0:
            axes.scatter(matrix[:, 0], matrix[:, column], c=labels, s=2)
        elif number % 3 == 1:
            axes.hist(matrix[:, column], bins=60)
        else:
            axes.boxplot([matrix[labels == group, column] for group in range(FINAL_K)])
        figure.tight_layout()
        figure.savefig(folder / f"{number}.png", dpi=100)
        plt.close(figure)
    return len(list(folder.glob("*.png")))


def timed(stage: str, work: Callable[[], Any]) -> Any:
    """Run a stage and print what it cost."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    line = {
        "stage": stage,
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
    }
    small = isinstance(result, (list, int)) or (stage == "search" and isinstance(result, dict))
    if small:
        line["result"] = result
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return result


def main() -> None:
    """Run the chosen stages; the first three always run, the others need them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--stages", default=",".join(STAGES))
    parser.add_argument("--exact", action="store_true", help="silhouettes of all customers")
    parser.add_argument("--fits", type=int, default=20, help="refits of the bootstrap")
    parser.add_argument("--weeks", type=int, default=40, help="weeks of the simulation")
    options = parser.parse_args()
    chosen = set(options.stages.split(","))
    if chosen - set(STAGES):
        parser.error(f"stages are {', '.join(STAGES)}")
    mpl.use("Agg")
    tables = timed("read", lambda: read(options.database))
    flat = timed("merge", lambda: merge(tables))
    today = flat["order_purchase_timestamp"].max()
    customers = timed("features", lambda: describe(flat, today))
    matrix = StandardScaler().fit_transform(customers)
    if "search" in chosen:
        timed("search", lambda: search(matrix, None if options.exact else 10_000))
    first = cluster(matrix, FINAL_K).labels_
    if "bootstrap" in chosen:
        timed("bootstrap", lambda: bootstrap(matrix, first, options.fits))
    if "simulation" in chosen:
        timed("simulation", lambda: simulate(flat, options.weeks))
    if "figures" in chosen:
        with tempfile.TemporaryDirectory() as folder:
            timed("figures", lambda: draw(matrix, first, Path(folder)))


if __name__ == "__main__":
    main()
