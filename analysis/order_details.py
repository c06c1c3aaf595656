"""What is looked at of orders to describe customers, and never to cluster them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis import queries
from analysis.customers import Floats, Ints
from analysis.draws import EVERYBODY, Bounds

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

EARTH_RADIUS_KM = 6_371.0


@dataclass(frozen=True, eq=False)
class OrderDetails:
    """Beside the order facts, by position of the order in them.

    Attributes:
        distance_km: great circle from the customer's zip prefix to that of the dearest item's
            seller, shape (orders,); NaN where a place is not known.
        category_order: one entry an order and category: the position of the order.
        category: one entry an order and category: code of the category.
        has_places: the source says where zip prefixes are.
        has_categories: the source says what was bought.
    """

    distance_km: Floats
    category_order: Ints
    category: Ints
    has_places: bool
    has_categories: bool


def read_details(
    source: OpenSource, orders: OrderFacts, bounds: Bounds = EVERYBODY
) -> OrderDetails:
    """Read the distances and categories of the orders of the customers between the bounds.

    Raises:
        ContentError: a value that cannot be.
    """
    import pyarrow as pa

    source.load("geolocation")
    drawn, connection = bounds.parameters, source.connection
    places = queries.run_query(connection, "intermediate/order_places", drawn)
    categories = queries.run_query(connection, "intermediate/order_categories", drawn)
    names = pa.array(orders.order_ids, pa.string())
    distance = np.full(len(orders), np.nan)
    where = _positions(places, names)
    there = where >= 0
    distance[where[there]] = great_circle_km(
        *(
            places[name].to_numpy().astype(np.float64)[there]
            for name in (
                *("customer_latitude", "customer_longitude"),
                *("seller_latitude", "seller_longitude"),
            )
        )
    )
    order = _positions(categories, names)
    coded = categories["category"].combine_chunks().dictionary_encode().indices.to_numpy()
    known = order >= 0
    return OrderDetails(
        distance_km=distance,
        category_order=order[known],
        category=coded[known].astype(np.int64),
        has_places=source.has("geolocation") and source.has("sellers"),
        has_categories=source.has("products"),
    )


def great_circle_km(
    latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats
) -> Floats:
    """Return the distances along the surface of a sphere, degrees to kilometres (haversine).

    2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)), R = 6 371 km: within 0.5 % of the ellipsoid.

    >>> float(great_circle_km(*(np.array([value]) for value in (0.0, 0.0, 0.0, 180.0)))[0].round())
    20015.0
    """
    first, second = np.radians(latitude), np.radians(other_latitude)
    half = np.sin((second - first) / 2) ** 2
    half += (
        np.cos(first) * np.cos(second) * np.sin(np.radians(other_longitude - longitude) / 2) ** 2
    )
    distances: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half.clip(0, 1)))
    return distances


def _positions(rows: pa.Table, names: pa.Array) -> Ints:
    """Return where each row's order stands among the facts, -1 where it does not."""
    import pyarrow.compute as pc

    found = pc.index_in(rows["order_id"].cast("string"), value_set=names).fill_null(-1)
    positions: Ints = found.to_numpy().astype(np.int64)
    return positions
