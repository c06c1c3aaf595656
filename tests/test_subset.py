"""Who is drawn for the subset, and that what is left is what was there."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime

import numpy as np
import pytest

from analysis.customers import build_customers
from analysis.draws import EVERYBODY, subset_bounds
from analysis.marketplace import make_marketplace
from analysis.order_details import read_details
from analysis.orders import (
    build_orders,
    build_orders_until,
    describe_period,
    to_seconds,
    until,
)
from analysis.settings import Scale, Settings
from analysis.source import open_tables
from analysis.subset import (
    Population,
    codes_of,
    draw_customers,
    draw_subsets,
    orders_of,
    part_of,
)

CUSTOMERS = 1_500
HUNDREDS = Scale.model_construct(fit_customers=400, draw=0)
CODED = ("status", "state", "category", "payment_type")


@pytest.fixture(scope="module")
def shop():
    with open_tables(make_marketplace(CUSTOMERS, seed=5).tables) as source:
        yield source


@pytest.fixture(scope="module")
def whole(shop):
    orders = build_orders(shop)
    settings = Settings()
    period = describe_period(orders, None, settings)
    table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
    return Population(orders, table)


def named(orders, field):
    """Return what the codes of a field stand for: a day may know fewer names."""
    names = (*getattr(orders, f"{field}_names"), None)
    return [names[code] for code in getattr(orders, field)]


def test_all_are_wanted_up_to_the_limit():
    assert subset_bounds(100, 100) is None
    assert subset_bounds(100, 99) is None
    assert subset_bounds(100, 101) is not None


def test_the_default_takes_everybody_of_the_public_data():
    assert subset_bounds(Scale().fit_customers, 96_096) is None


def test_draws_follow_each_other_and_end_after_the_last_hash():
    bounds = [subset_bounds(100, 300, draw) for draw in range(3)]
    assert [one.from_hash for one in bounds] == ["00000000", "55555555", "aaaaaaaa"]
    assert [one.before_hash for one in bounds] == ["55555555", "aaaaaaaa", "g"]


def test_who_is_drawn_is_told_by_the_md5_of_the_id_alone(shop, whole):
    bounds = subset_bounds(500, CUSTOMERS)
    codes = draw_customers(shop, whole.orders, bounds)
    by_hand = [
        code
        for code, name in enumerate(whole.orders.customer_ids)
        if hashlib.md5(name.encode()).hexdigest()[:8] < "55555555"  # noqa: S324 - no secret
    ]
    assert codes.tolist() == by_hand
    # Within four standard deviations of what was asked for.
    assert abs(len(codes) - 500) < 4 * np.sqrt(500 * 2 / 3)


def test_the_draws_part_the_customers(shop, whole):
    drawn = [
        draw_customers(shop, whole.orders, subset_bounds(500, CUSTOMERS, draw)).tolist()
        for draw in range(3)
    ]
    assert sorted(code for codes in drawn for code in codes) == list(range(CUSTOMERS))


def test_nobody_is_drawn_where_all_are_wanted(shop, whole):
    drawn = draw_subsets(shop, whole.orders, Scale(fit_customers=CUSTOMERS))
    assert (drawn.chosen, drawn.other, drawn.bounds) == (None, None, EVERYBODY)
    assert orders_of(whole.orders, None) is whole.orders
    assert part_of(whole, whole.orders, None) is whole


def test_a_subset_is_what_its_customers_alone_would_be(shop, whole):
    """The table built from the orders that are left is the rows of the table of all."""
    codes = draw_subsets(shop, whole.orders, HUNDREDS).chosen
    part = part_of(whole, orders_of(whole.orders, codes), codes)
    assert list(part.orders.customer_ids) == list(whole.orders.customer_ids[codes])
    built = build_customers(part.orders, whole.table.as_of, Settings().customers)
    for name in ("standing", "spend", "occasions", "recency_days", "late", "low_review"):
        np.testing.assert_array_equal(getattr(part.table, name), getattr(built, name))
    known = ~part.table.review_imputed
    np.testing.assert_array_equal(part.table.review[known], built.review[known])
    assert part.own(np.arange(CUSTOMERS, dtype=np.int16)).tolist() == codes.tolist()


def test_the_orders_of_a_subset_keep_what_is_known_of_them(whole):
    codes = np.array([3, 4, 1_000], dtype=np.int64)
    part = orders_of(whole.orders, codes)
    rows = [place for place, code in enumerate(whole.orders.customer) if code in (3, 4, 1_000)]
    assert list(part.order_ids) == list(whole.orders.order_ids[rows])
    np.testing.assert_array_equal(part.review_score, whole.orders.review_score[rows])
    assert part.customer.tolist() == [
        [3, 4, 1_000].index(code) for code in whole.orders.customer[rows]
    ]


def test_what_is_read_of_the_orders_of_a_subset_is_what_all_have(shop, whole):
    drawn = draw_subsets(shop, whole.orders, HUNDREDS)
    part = orders_of(whole.orders, drawn.chosen)
    few, everything = (
        read_details(shop, part, drawn.bounds),
        read_details(shop, whole.orders),
    )
    rows = np.flatnonzero(np.isin(whole.orders.customer, drawn.chosen))
    np.testing.assert_array_equal(few.distance_km, everything.distance_km[rows])
    place = {row: number for number, row in enumerate(rows.tolist())}
    orders = everything.category_order.tolist()
    assert few.category_order.tolist() == [place[row] for row in orders if row in place]


def test_orders_read_for_a_day_are_those_of_all_cut_on_it(shop):
    settings = Settings()
    everything = build_orders(shop)
    for as_of in (None, datetime(2018, 3, 1)):
        period = describe_period(everything, as_of, settings)
        cut = until(everything, period.as_of)
        read = until(build_orders_until(shop, as_of), period.as_of)
        for entry in fields(cut):
            one, other = (getattr(facts, entry.name) for facts in (cut, read))
            if entry.name in ("order_ids", "customer_ids"):
                assert list(one) == list(other)
            elif isinstance(one, np.ndarray) and entry.name not in CODED:
                np.testing.assert_array_equal(one, other)
        for name in CODED:
            assert named(cut, name) == named(read, name)


def test_moments_inside_a_second_are_read_whole():
    tables = dict(make_marketplace(300, seed=5).tables)
    bought = tables["orders"]["order_purchase_timestamp"].copy()
    bought[7] = f"{bought[7]}.500"
    tables["orders"] = tables["orders"].assign(order_purchase_timestamp=bought)
    with open_tables(tables) as source:
        assert len(build_orders_until(source, None)) == len(bought)
        assert not source.keeps("order_facts", {"as_of": None})


def test_ids_of_others_have_no_code(whole):
    import pyarrow as pa

    wanted = pa.chunked_array([[whole.orders.customer_ids[7], "nobody"]])
    assert codes_of(whole.orders, wanted).tolist() == [7]
