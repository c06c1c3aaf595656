"""Everything that is known of a customer as of a date, beside what clusters (methods, 1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import DAY, CustomerTable, Floats, Ints
from analysis.order_details import OrderDetails
from analysis.orders import OrderFacts


@dataclass(frozen=True, eq=False)
class Descriptions:
    """Features of the customers of the codes; every array has one entry a code.

    `numbers`: NaN where not known. `levels`: the code of the first order's level, -1 where not
    known. What the source cannot say at all is known of nobody.
    """

    numbers: dict[str, Floats]
    levels: dict[str, Ints]


def describe_customers(
    orders: OrderFacts, details: OrderDetails, table: CustomerTable, codes: Ints
) -> Descriptions:
    """Describe customers by their valid orders of the window, as known at the table's moment.

    A delivery counts from the moment it was made on: adding later events changes nothing. Delay is
    that of the worst order, delivery days the mean, freight the share of all paid for goods and
    freight, instalments weighted by the payments, distance that of the farthest order.
    """
    after = table.as_of - table.window_days * DAY
    inside = orders.is_valid & (orders.purchased_at > after) & (orders.purchased_at <= table.as_of)
    rows = np.flatnonzero(inside)
    who = orders.customer[rows]
    size = len(table.standing)
    arrived = orders.delivered_at[rows]
    came = (arrived >= 0) & (arrived <= table.as_of)
    promised = came & (orders.estimated_at[rows] >= 0)
    delay = (arrived - orders.estimated_at[rows])[promised] / DAY
    taken = (arrived - orders.purchased_at[rows])[came] / DAY
    goods = np.bincount(who, orders.price_cents[rows], minlength=size)
    freight = np.bincount(who, orders.freight_cents[rows], minlength=size)
    numbers = {
        "delay_days": _largest(who[promised], delay, size),
        "delivery_days": _ratio(
            np.bincount(who[came], taken, minlength=size), np.bincount(who[came], minlength=size)
        ),
        "freight_share": _ratio(freight, goods + freight),
        "items": np.bincount(who, orders.item_count[rows], minlength=size).astype(np.float64),
    }
    levels = {"state": _first(who, orders.state[rows], size)}
    known = ~np.isnan(orders.instalments[rows])
    paid = orders.paid_cents[rows][known].astype(np.float64)
    numbers["instalments"] = _ratio(
        np.bincount(who[known], orders.instalments[rows][known] * paid, minlength=size),
        np.bincount(who[known], paid, minlength=size),
    )
    levels["payment_type"] = _first(who, orders.payment_type[rows], size)
    if details.has_categories:
        numbers["categories"] = _breadth(orders, details, inside, size)
        levels["category"] = _first(who, orders.category[rows], size)
    if details.has_places:
        distance = details.distance_km[: len(orders)][rows]
        there = ~np.isnan(distance)
        numbers["distance_km"] = _largest(who[there], distance[there], size)
    return Descriptions(
        {name: values[codes] for name, values in numbers.items()},
        {name: values[codes] for name, values in levels.items()},
    )


def _breadth(
    orders: OrderFacts, details: OrderDetails, inside: npt.NDArray[np.bool_], size: int
) -> Floats:
    """Count the distinct categories of each customer; NaN where none is known."""
    known = details.category_order < len(orders)
    order, category = details.category_order[known], details.category[known]
    mine = inside[order]
    if not mine.any():
        return np.full(size, np.nan)
    kinds = int(category.max()) + 1
    pairs = np.unique(orders.customer[order[mine]].astype(np.int64) * kinds + category[mine])
    counts = np.bincount(pairs // kinds, minlength=size).astype(np.float64)
    return np.where(counts > 0, counts, np.nan)


def _largest(who: npt.NDArray[np.int32], values: Floats, size: int) -> Floats:
    """Return the largest value of each customer, NaN without one."""
    found = np.full(size, -np.inf)
    np.maximum.at(found, who, values)
    return np.where(np.isfinite(found), found, np.nan)


def _ratio(top: npt.NDArray[Any], bottom: npt.NDArray[Any]) -> Floats:
    """Return the quotient, NaN where there is nothing to divide by."""
    quotient: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return quotient


def _first(who: npt.NDArray[np.int32], levels: npt.NDArray[np.signedinteger], size: int) -> Ints:
    """Return the level of each customer's first order, -1 without one."""
    found = np.full(size, -1, dtype=np.int64)
    found[who[::-1]] = levels[::-1]
    return found
