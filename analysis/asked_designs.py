"""A timeline as somebody else has drawn it: any start, step, features, scaling, window and refit.

Published answers on one and the same shop differ by a factor of ninety (methods, section 0): it is
the design that differs. Asked for by name, each of them can be traced again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np

from analysis import kmeans
from analysis.customers import DAY, Floats
from analysis.measures import adjusted_rand
from analysis.orders import OrderFacts
from analysis.parallel import in_processes, in_threads
from analysis.plain_customers import describe_plainly


@dataclass(frozen=True)
class DesignAsked:
    """How a timeline is to be drawn.

    Attributes:
        start: the moment of the first model, epoch seconds.
        until: no later moment is looked at.
        step_days: from one date to the next.
        features: names of plain_customers.COLUMNS.
        k: number of segments.
        scaling: mean 0 and deviation 1, or from 0 to 1; each date has its own.
        window_days: length of the rolling window; None accumulates.
        recency_cap_days: longer recencies count as this; None leaves them.
        refit: from nothing, or from the centres of the first model.
        one_time_only: leave out customers with several orders.
        starts: starts of a refit from nothing.
    """

    start: int
    until: int
    features: tuple[str, ...]
    k: int
    step_days: int = 28
    scaling: Literal["standard", "min_max"] = "standard"
    window_days: int | None = None
    recency_cap_days: int | None = None
    refit: Literal["cold", "warm"] = "cold"
    one_time_only: bool = True
    starts: int = 10


@dataclass(frozen=True)
class OriginTrace:
    """A model of one date against the refits of later ones: ages in days, ARI at each of them."""

    origin: date
    ages_days: tuple[int, ...]
    aris: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _Shot:
    """One date: its customers, the middle and width of its scaling, and its refit from nothing.

    Customers are columns here, as arithmetic on the few features of many rows is several times as
    fast so: `raw` has the shape (features, customers).
    """

    as_of: int
    raw: Floats
    middle: Floats
    width: Floats
    cold: kmeans.Fit

    def scaled(self, raw: Floats) -> Floats:
        """Return customers in the scale of this date: shape (customers, features)."""
        return _scale(raw, self.middle, self.width)


def trace_design(orders: OrderFacts, asked: DesignAsked, seed: int) -> OriginTrace:
    """Follow the model of the start through all later dates, ARI on the customers of the later one.

    Raises:
        ValueError: nobody, or fewer customers than segments, had bought by the start.
    """
    return trace_origins(orders, asked, seed, origins=1, every=1)[0]


def trace_origins(
    orders: OrderFacts, asked: DesignAsked, seed: int, *, origins: int, every: int
) -> tuple[OriginTrace, ...]:
    """Follow several models, the first of the start, the others so many dates (`every`) apart.

    A date is described and refitted once, for all the models that are compared with it.

    Raises:
        ValueError: nobody, or fewer customers than segments, had bought by the start.
    """
    dates = range(asked.start, asked.until + 1, asked.step_days * DAY)
    shots = in_threads(lambda as_of: _shoot(orders, as_of, asked, seed), dates)
    starts = range(0, min(origins * every, len(shots)), every)
    pairs = [(start, later) for start in starts for later in range(start + 1, len(shots))]
    aris = in_processes(lambda pair: _agreement(shots[pair[0]], shots[pair[1]], asked), pairs)
    found = dict(zip(pairs, aris, strict=True))
    return tuple(
        OriginTrace(
            origin=datetime.fromtimestamp(shots[start].as_of, UTC).date(),
            ages_days=tuple(
                int(shot.as_of - shots[start].as_of) // DAY for shot in shots[start + 1 :]
            ),
            aris=tuple(float(found[start, later]) for later in range(start + 1, len(shots))),
        )
        for start in starts
    )


def _shoot(orders: OrderFacts, as_of: int, asked: DesignAsked, seed: int) -> _Shot:
    """Describe, scale and refit the customers of one date."""
    raw = describe_plainly(
        orders,
        as_of,
        asked.features,
        window_days=asked.window_days,
        one_time_only=asked.one_time_only,
    )
    if len(raw) < asked.k:
        day = datetime.fromtimestamp(as_of, UTC).date()
        raise ValueError(f"{len(raw)} customers for {asked.k} segments on {day}")
    if asked.recency_cap_days is not None and "recency_days" in asked.features:
        place = asked.features.index("recency_days")
        raw[:, place] = np.minimum(raw[:, place], asked.recency_cap_days)
    columns = np.ascontiguousarray(raw.T)
    if asked.scaling == "standard":
        middle, width = columns.mean(axis=1), columns.std(axis=1)
    else:
        middle, width = columns.min(axis=1), np.ptp(columns, axis=1)
    width = np.where(width > 0, width, 1.0)
    cold = kmeans.fit_cold(
        _scale(columns, middle, width), asked.k, starts=asked.starts, seed=seed, polished=1
    )
    return _Shot(as_of, columns, middle, width, cold)


def _scale(raw: Floats, middle: Floats, width: Floats) -> Floats:
    """Return customers, given as columns, in a scale: shape (customers, features)."""
    scaled = raw - middle[:, np.newaxis]
    scaled /= width[:, np.newaxis]
    return scaled.T


def _agreement(origin: _Shot, later: _Shot, asked: DesignAsked) -> float:
    """Return the ARI of a date's model with the refit of a later one, on the later customers."""
    kept = kmeans.assign(origin.scaled(later.raw), origin.cold.centres)
    if asked.refit == "cold":
        return adjusted_rand(kept, later.cold.labels)
    centres = origin.cold.centres * origin.width + origin.middle
    warm = kmeans.fit_warm(later.scaled(later.raw), later.scaled(centres.T))
    return adjusted_rand(kept, warm.labels)
