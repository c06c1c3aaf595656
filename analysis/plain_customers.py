"""Customers as notebooks often describe them: sums and means by person, recency as it is.

The orders stand sorted by time, so that those of any date are a slice and the customers of any date
a prefix: many dates cost one pass over what each of them knows. Deliveries and reviews count from
their own date on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.customers import DAY, Flags, Floats, Ints
from analysis.orders import OrderFacts


@dataclass(frozen=True, eq=False)
class KnownOrders:
    """The valid orders of a window as known at its end; every array has one entry an order.

    Attributes:
        orders: all orders, later ones included.
        rows: positions of those of the window.
        customer: code of the buyer, from 0 to size - 1.
        size: number of customers who had bought by the end.
        as_of: the end, epoch seconds.
        arrived: whether the delivery was made by the end.
    """

    orders: OrderFacts
    rows: Ints
    customer: Ints
    size: int
    as_of: int
    arrived: Flags

    def count(self) -> Floats:
        """Return the number of orders a customer."""
        return np.bincount(self.customer, minlength=self.size).astype(np.float64)

    def total(self, values: Floats) -> Floats:
        """Return the sum a customer."""
        return np.bincount(self.customer, values, minlength=self.size).astype(np.float64)

    def mean(self, values: Floats, known: Flags) -> Floats:
        """Return the mean of the known values a customer; the median of the others without one.

        NaN where nothing is known of anybody.
        """
        who = self.customer[known]
        count = np.bincount(who, minlength=self.size)
        total = np.bincount(who, values[known], minlength=self.size)
        mean = np.divide(total, count, out=np.full(self.size, np.nan), where=count > 0)
        fill = np.median(mean[count > 0]) if count.any() else np.nan
        return np.where(count > 0, mean, fill)


def _recency(known: KnownOrders) -> Floats:
    last = np.zeros(known.size)
    last[known.customer] = known.orders.purchased_at[known.rows]  # ascending: the last one stays
    recency: Floats = (known.as_of - last) / DAY
    return recency


def _review(known: KnownOrders) -> Floats:
    answered = known.orders.review_answered_at[known.rows]
    score = known.orders.review_score[known.rows].astype(np.float64)
    return known.mean(score, (score > 0) & (answered <= known.as_of))


def _delay(known: KnownOrders) -> Floats:
    promised = known.orders.estimated_at[known.rows]
    late = (known.orders.delivered_at[known.rows] - promised) / DAY
    return known.mean(late, known.arrived & (promised >= 0))


def _delivery(known: KnownOrders) -> Floats:
    taken = known.orders.delivered_at[known.rows] - known.orders.purchased_at[known.rows]
    return known.mean(taken / DAY, known.arrived)


def _instalments(known: KnownOrders) -> Floats:
    instalments = known.orders.instalments[known.rows]
    return known.mean(instalments, ~np.isnan(instalments))


COLUMNS: Mapping[str, Callable[[KnownOrders], Floats]] = {
    "recency_days": _recency,
    "orders": KnownOrders.count,
    "spend": lambda known: known.total(known.orders.paid_cents[known.rows] / 100),
    "log_spend": lambda known: np.log1p(known.total(known.orders.paid_cents[known.rows] / 100)),
    "review": _review,
    "delay_days": _delay,
    "delivery_days": _delivery,
    "freight": lambda known: known.total(known.orders.freight_cents[known.rows] / 100),
    "items": lambda known: known.total(known.orders.item_count[known.rows].astype(np.float64)),
    "instalments": _instalments,
}


def describe_plainly(
    orders: OrderFacts,
    as_of: int,
    features: tuple[str, ...],
    *,
    window_days: int | None,
    one_time_only: bool,
) -> Floats:
    """Return the features of the customers of a date: shape (customers, features), unscaled.

    `window_days` None takes all orders so far; `as_of` is in epoch seconds. Customers with several
    orders are left out with `one_time_only`.

    Raises:
        KeyError: a feature that is not in COLUMNS.
    """
    start = 0 if window_days is None else as_of - window_days * DAY
    first, last = np.searchsorted(orders.purchased_at, (start, as_of), side="right")
    rows = first + np.flatnonzero(orders.is_valid[first:last])
    customer = orders.customer[rows].astype(np.int64)
    arrived = orders.delivered_at[rows]
    known = KnownOrders(
        orders=orders,
        rows=rows,
        customer=customer,
        size=int(customer.max(initial=-1)) + 1,
        as_of=as_of,
        arrived=(arrived >= 0) & (arrived <= as_of),
    )
    count = known.count()
    chosen = count == 1 if one_time_only else count > 0
    matrix = np.column_stack([COLUMNS[name](known) for name in features])
    return np.ascontiguousarray(matrix[chosen], dtype=np.float64)
