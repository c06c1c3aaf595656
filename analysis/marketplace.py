"""A made-up marketplace of any size, with the shape of the public Olist data and known truth.

Everything is drawn from one seed: the same arguments give the same tables, to the last cell.
What is planted, so that a test can ask whether the analysis finds it:

segment            share   spend (median, BRL)   reviews
small_satisfied    35 %    38                    5 or 4 stars, few 3
medium_satisfied   30 %    100                   5 or 4 stars, few 3
large_satisfied    18 %    490                   5 or 4 stars, few 3
unhappy            15 %    100                   1 or 2 stars, few 3; most of the late deliveries
repeat              2 %    110 an order          mostly as the satisfied; two occasions or more

K-Means with k = 4 on (log spend, mean review) finds the first four; with k = 3 it joins the small
and the medium ones. Besides `repeat`, under one customer in a hundred splits one basket into two
orders within 20 hours: two orders, one purchase occasion.

With `drift_from`, customers whose first purchase is on that day or later come from another mix:
unhappy 20 points more, large baskets more frequent (24 %) and a third of what they were.
Before that day both marketplaces follow the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.marketplace_behaviour import SEGMENTS, draw_orders, draw_people
from analysis.marketplace_draws import make_ids
from analysis.marketplace_places import list_places
from analysis.marketplace_tables import (
    draw_geolocation,
    draw_items,
    draw_payments,
    draw_products,
    draw_reviews,
    draw_sellers,
    list_customers,
    list_orders,
    list_translations,
)

__all__ = ["SEGMENTS", "Marketplace", "make_marketplace"]


@dataclass(frozen=True)
class Marketplace:
    """Tables under their canonical names, with the columns of the public CSV files, and the truth.

    Attributes:
        tables: nine frames; ids are 32 hexadecimal letters, moments "YYYY-MM-DD HH:MM:SS" texts.
        truth: one row a customer: customer_unique_id, segment (one of SEGMENTS).
        seed: what it was drawn from.
    """

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame
    seed: int


def make_marketplace(customers: int, seed: int, drift_from: date | None = None) -> Marketplace:
    """Return a marketplace of so many customers (about 1.03 orders each), drawn from the seed.

    Raises:
        ValueError: fewer than one customer.
    """
    if customers < 1:
        raise ValueError(f"customers = {customers}, expected at least 1")
    rng = np.random.default_rng(seed)
    places = list_places()
    people = draw_people(rng, customers, places, drift_from)
    orders = draw_orders(rng, people, places)
    unique_ids = make_ids(rng, customers)
    order_ids = make_ids(rng, len(orders.person))
    customer_ids = make_ids(rng, len(orders.person))
    products = draw_products(rng, customers)
    sellers, opened = draw_sellers(rng, customers, places)
    buyers = list_customers(
        rng, people, orders, places, customer_ids=customer_ids, unique_ids=unique_ids
    )
    items = draw_items(rng, orders, order_ids, products=products, sellers=sellers, opened=opened)
    tables = {
        "customers": buyers,
        "orders": list_orders(orders, order_ids, customer_ids),
        "order_items": items,
        "order_payments": draw_payments(rng, orders, order_ids),
        "order_reviews": draw_reviews(rng, orders, order_ids),
        "products": products,
        "sellers": sellers,
        "geolocation": draw_geolocation(rng, people, places),
        "category_translation": list_translations(),
    }
    truth = pd.DataFrame(
        {"customer_unique_id": unique_ids, "segment": np.array(SEGMENTS)[people.segment]}
    )
    return Marketplace(tables=tables, truth=truth, seed=seed)
