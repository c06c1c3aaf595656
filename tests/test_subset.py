"""Who is drawn for the subset, and that what is left is what was there."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from analysis.customers import build_customers
from analysis.marketplace import make_marketplace
from analysis.order_details import read_details
from analysis.orders import build_orders, describe_period, to_seconds
from analysis.settings import Scale, Settings
from analysis.source import open_tables
from analysis.subset import Population, codes_of, draw_customers, subset_bounds

CUSTOMERS = 1_500


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
    return Population(orders, read_details(shop, orders), table)


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
    assert draw_customers(shop, whole.orders, None) is None
    assert whole.of(None) is whole


def test_a_subset_is_what_its_customers_alone_would_be(shop, whole):
    """The table built from the orders that are left is the rows of the table of all."""
    codes = draw_customers(shop, whole.orders, subset_bounds(400, CUSTOMERS))
    part = whole.of(codes)
    ids = whole.orders.customer_ids[codes]
    assert part.orders.customer_ids.tolist() == ids.tolist()
    built = build_customers(part.orders, whole.table.as_of, Settings().customers)
    for name in ("standing", "spend", "occasions", "recency_days", "late", "low_review"):
        np.testing.assert_array_equal(getattr(part.table, name), getattr(built, name))
    known = ~part.table.review_imputed
    np.testing.assert_array_equal(part.table.review[known], built.review[known])
    assert part.own(np.arange(CUSTOMERS, dtype=np.int16)).tolist() == codes.tolist()


def test_the_orders_of_a_subset_keep_what_is_known_of_them(whole):
    codes = np.array([3, 4, 1_000], dtype=np.int64)
    part = whole.of(codes)
    rows = [place for place, code in enumerate(whole.orders.customer) if code in (3, 4, 1_000)]
    np.testing.assert_array_equal(part.orders.order_ids, whole.orders.order_ids[rows])
    np.testing.assert_array_equal(part.orders.review_score, whole.orders.review_score[rows])
    np.testing.assert_array_equal(part.details.distance_km, whole.details.distance_km[rows])
    of_whole = {
        (rows.index(order), category)
        for order, category in zip(
            whole.details.category_order.tolist(), whole.details.category.tolist(), strict=True
        )
        if order in rows
    }
    of_part = zip(part.details.category_order.tolist(), part.details.category.tolist(), strict=True)
    assert set(of_part) == of_whole


def test_ids_of_others_have_no_code(whole):
    import pyarrow as pa

    wanted = pa.chunked_array([[whole.orders.customer_ids[7], "nobody"]])
    assert codes_of(whole.orders, wanted).tolist() == [7]
