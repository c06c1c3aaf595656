"""Other ways to draw the timeline, as a client may have seen them, on the same data.

They are shown because they disagree, not because they are right (methods, sections 0 and 3.1): on
a history without any change, absolute recency over all customers so far reports decay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis import findings as f
from analysis import kmeans
from analysis.customers import DAY, ONE_TIME, CustomerTable, build_customers
from analysis.features import Preparation, feature_names, fit_preparation, raw_matrix, scale
from analysis.measures import adjusted_rand
from analysis.orders import OrderFacts
from analysis.parallel import in_threads
from analysis.settings import Settings

# Everything since the beginning.
FOREVER_DAYS = 36_500
STARTS = 5


def trace_cumulative_designs(
    orders: OrderFacts, dates: Sequence[int], k: int, settings: Settings
) -> tuple[f.Design, ...]:
    """Follow the first date's model over customers that only accumulate, with recency clustered on.

    Two designs that are often met: recency as it is, and recency cut at the window's length. Cold
    refits with a preparation of their own, ARI on the customers of the later date.
    """
    customers = settings.customers.model_copy(update={"window_days": FOREVER_DAYS})
    tables = in_threads(lambda as_of: build_customers(orders, as_of, customers), dates)
    cap = float(settings.customers.window_days)
    return (
        _follow("cumulative_absolute", tables, None, k, orders.has_reviews, settings),
        _follow("capped_recency", tables, cap, k, orders.has_reviews, settings),
    )


def window_designs(timelines: Sequence[f.Timeline], settings: Settings) -> tuple[f.Design, ...]:
    """Return the traced families as designs: the first origin's model against cold refits."""
    designs = []
    for timeline in timelines:
        first = min(point.origin for point in timeline.points)
        points = [
            point
            for point in timeline.points
            if point.origin == first and point.age_days % settings.stability.origin_days == 0
        ]
        designs.append(
            _design(
                "window_traits" if timeline.family == "traits" else "window_recency",
                timeline.k,
                [point.age_days for point in points],
                [point.ari_cold for point in points],
                settings,
            )
        )
    return tuple(designs)


def _follow(
    code: str,
    tables: Sequence[CustomerTable],
    cap: float | None,
    k: int,
    has_reviews: bool,
    settings: Settings,
) -> f.Design:
    """Follow the first table's model through the others."""
    features = feature_names("traits_and_recency", has_reviews)
    place = features.index("recency_days")

    def fitted(table: CustomerTable) -> tuple[np.ndarray, Preparation, kmeans.Fit]:
        raw = raw_matrix(table, table.members(ONE_TIME), features)
        if cap is not None:
            raw[:, place] = np.minimum(raw[:, place], cap)
        preparation = fit_preparation(raw, features)
        fit = kmeans.fit_cold(
            scale(raw, preparation),
            k,
            starts=STARTS,
            seed=settings.seed,
            polished=1,
        )
        return raw, preparation, fit

    made = in_threads(fitted, tables)
    _, first, origin = made[0]
    aris = [
        adjusted_rand(kmeans.assign(scale(raw, first), origin.centres), fit.labels)
        for raw, _, fit in made[1:]
    ]
    ages = [(table.as_of - tables[0].as_of) // DAY for table in tables[1:]]
    return _design(code, k, ages, aris, settings)


def _design(
    code: str, k: int, ages: Sequence[int], aris: Sequence[float], settings: Settings
) -> f.Design:
    """Return a design with the first age below the threshold."""
    below = [
        age for age, ari in zip(ages, aris, strict=True) if ari < settings.stability.threshold_ari
    ]
    return f.Design(
        code=code,  # type: ignore[arg-type]  # the callers pass the literals
        k=k,
        ages_days=tuple(int(age) for age in ages),
        aris=tuple(float(ari) for ari in aris),
        first_below_days=int(min(below))
        if below
        else f.NotComputed("not_observed", str(int(max(ages, default=0)))),
    )
