"""Timelines as others have drawn them: by hand, on an unchanging shop, and as published."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from builders import make_orders
from test_stability import SETTINGS, shop  # noqa: F401  # a fixture

from analysis.asked_designs import DesignAsked, trace_design, trace_origins
from analysis.customers import DAY
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.plain_customers import COLUMNS, describe_plainly
from analysis.settings import Settings
from analysis.source import open_source

LASTING = ("log_spend", "review")
RECENT = (*LASTING, "recency_days")
EIGHT = (
    *("recency_days", "orders", "spend", "review"),
    *("delivery_days", "freight", "items", "instalments"),
)


def seconds(text: str) -> int:
    return to_seconds(datetime.fromisoformat(text))


@pytest.fixture(scope="module")
def buyers():
    return make_orders(
        [
            {
                "customer": "a",
                "bought": "2018-01-01",
                "paid": 10,
                "delivered": "2018-01-11",
                "reviews": [(5, "2018-01-12")],
            },
            {"customer": "b", "bought": "2018-01-05", "paid": 30, "delivered": "2018-03-01"},
            {
                "customer": "a",
                "bought": "2018-01-21",
                "paid": 20,
                "delivered": "2018-01-25",
                "reviews": [(2, "2018-03-01")],
            },
        ]
    )


def test_customers_are_described_by_what_is_known_by_then(buyers):
    """On 31 January: a's second review and b's delivery lie in the future."""
    names = ("recency_days", "orders", "spend", "review", "delivery_days")
    found = describe_plainly(
        buyers, seconds("2018-01-31"), names, window_days=None, one_time_only=False
    )
    # b has no review and no delivery yet: the median of the others, a's 5 and (10 + 4) / 2.
    assert found.tolist() == [[10, 2, 30, 5, 7], [26, 1, 30, 5, 7]]


def test_windows_and_repeat_buyers_are_left_out_when_asked(buyers):
    day = seconds("2018-01-31")
    window = describe_plainly(buyers, day, ("spend",), window_days=20, one_time_only=False)
    assert window.tolist() == [[20]]
    once = describe_plainly(buyers, day, ("spend",), window_days=None, one_time_only=True)
    assert once.tolist() == [[30]]


def test_too_few_customers_are_said(buyers):
    asked = DesignAsked(seconds("2018-01-10"), seconds("2018-02-10"), ("spend",), k=3)
    with pytest.raises(ValueError, match="2 customers for 3 segments on 2018-01-10"):
        trace_design(buyers, asked, seed=1)


def test_every_feature_is_known_of_a_made_up_shop(shop):  # noqa: F811
    orders, tables = shop
    found = describe_plainly(
        orders, tables[-1].as_of, tuple(COLUMNS), window_days=None, one_time_only=False
    )
    assert np.isfinite(found).all()


def test_absolute_recency_alarms_where_nothing_changes_and_lasting_traits_do_not(shop):  # noqa: F811
    """Methods, 6.2, test 1: below the threshold before 120 days, on a shop without any change."""
    orders, tables = shop
    start, end = tables[0].as_of, tables[-1].as_of
    absolute = trace_design(orders, DesignAsked(start, end, RECENT, 4), seed=1)
    below = [age for age, ari in zip(absolute.ages_days, absolute.aris, strict=True) if ari < 0.8]
    assert 0 < min(below) < 120
    for window in (None, SETTINGS.customers.window_days):
        asked = DesignAsked(start, end, LASTING, 4, window_days=window)
        assert min(trace_design(orders, asked, seed=1).aris) > 0.9


def test_origins_share_their_dates_and_the_first_is_the_plain_trace(shop):  # noqa: F811
    orders, tables = shop
    asked = DesignAsked(tables[0].as_of, tables[-1].as_of, LASTING, 4, refit="warm")
    first, second, third = trace_origins(orders, asked, 1, origins=3, every=2)
    assert first == trace_design(orders, asked, 1)
    assert [len(trace.aris) for trace in (first, second, third)] == [6, 4, 2]
    assert (second.origin - first.origin).days == 56
    later = DesignAsked(tables[0].as_of + 56 * DAY, tables[-1].as_of, LASTING, 4, refit="warm")
    assert second == trace_design(orders, later, 1)


@pytest.fixture(scope="module")
def real(olist_archive):
    with open_source(olist_archive) as source:
        everything = build_orders(source)
    return until(everything, describe_period(everything, None, Settings()).as_of)


# What was published for k = 4 every 28 days (methods, 3.1): design, start, list, the largest and
# the mean distance that we allow. The rows were measured on a partial table of the same shop, and
# the window's on a sample: its own authors saw an isolated dip of 0.1 between two samples.
PUBLISHED = [
    ("absolute", "2018-01-01", (0.90, 0.82, 0.76, 0.70, 0.58, 0.51, 0.43, 0.47), 0.06, 0.03),
    ("absolute", "2018-03-01", (0.91, 0.84, 0.75, 0.62, 0.54, 0.58), 0.07, 0.04),
    ("capped", "2018-01-01", (0.91, 0.84, 0.80, 0.74, 0.63, 0.62, 0.64, 0.64), 0.05, 0.03),
    ("capped", "2018-03-01", (0.94, 0.88, 0.79, 0.76, 0.77, 0.76), 0.05, 0.03),
    ("window", "2018-01-01", (0.94, 0.90, 0.88, 0.83, 0.90, 0.85, 0.81, 0.84), 0.13, 0.05),
    ("window", "2018-03-01", (0.96, 0.93, 0.98, 0.92, 0.90, 0.89), 0.19, 0.07),
    ("none", "2018-01-01", (1.0, 0.94, 0.93, 0.96, 0.94, 0.94, 0.94, 0.94), 0.06, 0.04),
    ("none", "2018-03-01", (0.98, 0.97, 0.99, 0.97, 0.98, 0.98), 0.03, 0.02),
]
ASKED = {
    "absolute": {"features": RECENT},
    "capped": {"features": (*RECENT, "orders"), "recency_cap_days": 365},
    "window": {"features": RECENT, "window_days": 365},
    "none": {"features": LASTING},
}


@pytest.mark.olist
@pytest.mark.parametrize(("design", "start", "published", "largest", "mean"), PUBLISHED)
def test_published_timelines_are_met(real, design, start, published, largest, mean):
    asked = DesignAsked(
        seconds(start), seconds("2018-08-28"), k=4, one_time_only=False, **ASKED[design]
    )
    found = np.array(trace_design(real, asked, seed=42).aris)
    assert len(found) == len(published)
    apart = np.abs(found - published)
    assert apart.max() <= largest, found.round(3)
    assert apart.mean() <= mean, found.round(3)


@pytest.mark.olist
@pytest.mark.parametrize("k", [4, 5])
def test_the_list_of_a_first_year_and_eight_features_is_met_in_kind(real, k):
    """In kind: never rising, within 0.06 of the published value at each date, 0.04 on average.

    The author's eight features are not all known: ours are the usual ones.
    """
    published = (0.939, 0.894, 0.852, 0.835, 0.811, 0.748)
    start = seconds("2017-01-01") + 52 * 7 * DAY
    asked = DesignAsked(
        start,
        start + 6 * 14 * DAY,
        EIGHT,
        k,
        step_days=14,
        scaling="min_max",
        one_time_only=False,
    )
    found = np.array(trace_design(real, asked, seed=42).aris)
    assert (np.diff([1.0, *found]) < 0).all(), found.round(3)
    apart = np.abs(found - published)
    assert apart.max() <= 0.06, found.round(3)
    assert apart.mean() <= 0.04, found.round(3)
