"""Customers as of a date, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from builders import make_orders, moment

from analysis.customers import (
    INACTIVE,
    NO_VALID_ORDER,
    NOT_YET,
    ONE_TIME,
    REPEAT,
    WAITING,
    MissingScores,
    build_customers,
    impute_reviews,
    missing_scores,
)
from analysis.settings import Settings

WANTED = Settings().customers
AS_OF = moment("2018-08-01")


def describe(rows, as_of=AS_OF):
    return build_customers(make_orders(rows), as_of, WANTED)


def test_one_time_customer_has_spend_review_and_recency():
    table = describe(
        [
            {
                "customer": "a",
                "bought": "2018-07-02",
                "paid": 120.5,
                "delivered": "2018-07-10",
                "promised": "2018-07-12",
                "reviews": [(4, "2018-07-15")],
            }
        ]
    )
    assert table.standing[0] == ONE_TIME
    assert table.spend[0] == 120.5
    assert table.review[0] == 4.0
    assert table.recency_days[0] == 30.0
    assert not table.late[0]


def test_orders_within_a_day_are_one_occasion():
    table = describe(
        [
            {"customer": "a", "bought": "2018-05-01 10:00:00", "reviews": [(5, "2018-05-20")]},
            {"customer": "a", "bought": "2018-05-02 09:59:59"},
            {"customer": "b", "bought": "2018-05-01 10:00:00", "reviews": [(5, "2018-05-20")]},
            {"customer": "b", "bought": "2018-05-02 10:00:00"},
        ]
    )
    assert table.occasions.tolist() == [1, 2]
    assert table.standing.tolist() == [ONE_TIME, REPEAT]
    assert table.spend.tolist() == [220.0, 220.0]


def test_each_standing_by_its_rule():
    table = describe(
        [
            {"customer": "inactive", "bought": "2017-07-31", "reviews": [(5, "2017-08-20")]},
            {"customer": "canceled", "bought": "2018-06-01", "status": "canceled"},
            {"customer": "waiting", "bought": "2018-07-30", "promised": "2018-08-20"},
            {
                "customer": "just delivered",
                "bought": "2018-07-01",
                "delivered": "2018-07-25",
                "promised": "2018-07-28",
            },
            {"customer": "overdue", "bought": "2018-06-01", "promised": "2018-07-01"},
            {"customer": "reviewed", "bought": "2018-07-29", "reviews": [(5, "2018-07-31")]},
            {"customer": "later", "bought": "2018-08-02"},
        ]
    )
    assert table.standing.tolist() == [
        INACTIVE,
        NO_VALID_ORDER,
        ONE_TIME,
        WAITING,
        ONE_TIME,
        WAITING,
        NOT_YET,
    ]
    overdue = 2
    assert table.late[overdue], "promised a month ago and never come"


def test_where_no_review_is_known_nobody_waits_for_one():
    table = describe([{"customer": "a", "bought": "2018-07-30", "promised": "2018-08-20"}])
    assert table.standing[0] == ONE_TIME
    assert np.isnan(table.review[0])
    assert not table.review_imputed[0]


def test_the_window_excludes_its_start_and_includes_its_end():
    edge = "2017-08-01 00:00:00"
    table = describe([{"customer": "a", "bought": edge, "reviews": [(5, "2017-08-09")]}])
    assert table.standing[0] == INACTIVE
    on_time = describe(
        [{"customer": "a", "bought": "2018-08-01 00:00:00", "promised": "2018-08-20"}]
    )
    assert on_time.recency_days[0] == 0.0


def test_the_last_review_answered_by_then_counts_once():
    rows = [
        {
            "customer": "a",
            "bought": "2018-07-01",
            "delivered": "2018-07-02",
            "reviews": [(1, "2018-07-05"), (5, "2018-08-03")],
        }
    ]
    assert describe(rows).review[0] == 1.0
    assert describe(rows, moment("2018-08-04")).review[0] == 5.0


def test_later_events_change_nothing():
    rows = [
        {
            "customer": "a",
            "bought": "2018-03-01",
            "delivered": "2018-03-09",
            "promised": "2018-03-20",
            "reviews": [(3, "2018-03-12")],
        },
        {"customer": "b", "bought": "2018-07-20", "promised": "2018-08-10"},
    ]
    later = [
        {"customer": "a", "bought": "2018-09-01", "paid": 900, "reviews": [(1, "2018-09-09")]},
        {"customer": "c", "bought": "2018-08-02"},
    ]
    changed = [
        dict(rows[0]),
        {**rows[1], "delivered": "2018-08-09", "reviews": [(1, "2018-08-20")]},
    ]
    before, after = describe(rows), describe(changed + later)
    for name in ("standing", "spend", "occasions", "recency_days", "review", "late"):
        np.testing.assert_array_equal(
            getattr(before, name), getattr(after, name)[: len(before.standing)], err_msg=name
        )


def test_missing_reviews_take_the_median_of_the_same_outcome():
    review = np.array([5.0, 4.0, 5.0, 1.0, 2.0, np.nan, np.nan])
    late = np.array([False, False, False, True, True, False, True])
    filled = impute_reviews(review, np.isnan(review), late, missing_scores(review, late))
    assert filled[5] == 5.0
    assert filled[6] == 1.5


def test_without_any_review_nothing_is_made_up():
    review = np.full(3, np.nan)
    late = np.zeros(3, bool)
    scores = missing_scores(review, late)
    assert scores == MissingScores(None, None)
    assert np.isnan(impute_reviews(review, np.ones(3, bool), late, scores)).all()


@pytest.mark.parametrize("shift", [0, 7, 200])
def test_every_known_customer_has_exactly_one_standing(shift):
    rng = np.random.default_rng(shift)
    rows = [
        {
            "customer": f"c{rng.integers(40)}",
            "bought": str(np.datetime64("2017-01-01") + rng.integers(600)),
            "status": rng.choice(["delivered", "canceled", "shipped"]),
        }
        for _ in range(80)
    ]
    table = describe(rows)
    known = np.isin(table.standing, (NO_VALID_ORDER, INACTIVE, WAITING, ONE_TIME, REPEAT))
    assert known.sum() + (table.standing == NOT_YET).sum() == len(table.standing)
    assert (
        np.isnan(table.recency_days) == np.isin(table.standing, (NOT_YET, NO_VALID_ORDER, INACTIVE))
    ).all()
