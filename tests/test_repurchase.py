"""Who buys again, and when: worked out by hand on a few customers, and without leakage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from builders import make_orders, moment
from test_profiles import MODEL

from analysis.findings import NotComputed, Period
from analysis.orders import to_datetime
from analysis.repurchase import describe_times, measure_returns, shrunk_rates
from analysis.settings import Repurchase, Settings, check_settings

SETTINGS = check_settings({"customers": {"minimum_customers": 2}})
END = moment("2018-08-01")
# 180 days before the end.
ORIGIN = date(2018, 2, 2)


def period() -> Period:
    return Period(
        first_purchase=to_datetime(moment("2017-06-01")),
        last_purchase=to_datetime(END),
        as_of=to_datetime(END),
        complete_until=to_datetime(END),
        started_on=date(2017, 6, 1),
        orders=9,
        orders_after_complete=0,
        currency="BRL",
    )


def order(customer: str, bought: str, paid: float = 50.0, **more):
    arrived = date.fromisoformat(bought[:10]) + timedelta(days=9)
    return {
        "customer": customer,
        "bought": bought,
        "paid": paid,
        "delivered": str(arrived),
        "promised": str(arrived),
        "reviews": [(5, str(arrived))],
        **more,
    }


ROWS = [
    order("rich 1", "2018-01-01", 400),
    order("rich 2", "2018-01-02", 500),
    order("poor 1", "2018-01-03"),
    order("poor 2", "2018-01-04"),
    order("again", "2017-09-01"),
    order("again", "2017-12-01"),
    # After the origin: one of the rich, and a split basket of one of the poor.
    order("rich 1", "2018-03-02", 60),
    order("poor 1", "2018-03-03"),
    order("poor 1", "2018-03-03 20:00:00"),
    # Bought for the first time after the origin: in no segment then.
    order("late", "2018-03-04"),
]


def returns(rows=ROWS, settings: Settings = SETTINGS):
    return measure_returns(make_orders(rows), MODEL, period(), settings)


def test_who_bought_again_by_the_segment_of_the_origin():
    found = returns()
    again, rich, poor = found.rates
    assert [(rate.returned, rate.customers) for rate in (again, rich, poor)] == [
        (0, 1),
        (1, 2),
        (1, 2),
    ]
    assert found.together.origin == ORIGIN
    assert (found.together.everybody.returned, found.together.everybody.customers) == (2, 5)
    assert found.together.everybody.share == found.together.everybody.observed_share == 0.4
    # "rich 1", "poor 1" and "again" of six customers.
    assert found.together.repeat_share == pytest.approx(3 / 6)


def test_what_came_after_the_origin_moves_nobody():
    """The second order would take "rich 1" among the repeat buyers, as of the end."""
    before = returns()
    more = [*ROWS, order("rich 1", "2018-03-20"), order("rich 1", "2018-04-20")]
    after = returns(more)
    assert [rate.customers for rate in after.rates] == [rate.customers for rate in before.rates]
    assert after.rates[1] == before.rates[1]


def test_a_split_basket_is_no_new_purchase():
    rows = [*ROWS[:6], order("poor 2", "2018-01-04 22:00:00"), *ROWS[6:]]
    assert returns(rows).rates[2].customers == 2
    assert returns(rows).rates[2].returned == 1


def test_too_few_customers_to_follow_is_said():
    few = check_settings({"customers": {"minimum_customers": 6}})
    absent = NotComputed("too_few_customers", found="5", expected="6")
    assert returns(settings=few).rates == (absent,) * 3
    assert returns(settings=few).together == absent


def test_nobody_back_is_said():
    assert returns(ROWS[:6]).together == NotComputed("not_observed", found="180")


def test_the_time_to_the_next_order_starts_at_the_order_before():
    third, rich, poor = returns().next_orders
    # The rich are those whose first order is of the rich: "rich 1" came back after 60 days.
    assert (rich.after, rich.customers, rich.orders) == ("first", 2, 1)
    assert rich.half_way_days == 60.0
    # Of "poor 1", "poor 2", "again" and "late", two came back: after 59 and 91 days.
    assert (poor.customers, poor.orders) == (4, 2)
    # "again", "rich 1" and "poor 1" bought twice, and nobody three times.
    assert (third.after, third.customers, third.orders) == ("second", 3, 0)
    assert isinstance(third.half_way_days, NotComputed)


def test_a_segment_of_recency_is_not_known_at_the_first_order():
    preparation = replace(MODEL.preparation, features=("recency_days",))
    model = replace(MODEL, preparation=replace(preparation, transforms=("identity",)))
    found = measure_returns(make_orders(ROWS), model, period(), SETTINGS)
    assert found.next_orders[1:] == (NotComputed("known_later"),) * 2


def test_kaplan_meier_by_hand():
    """Orders after 10 and 30 days; one customer seen for 20 days, one for 40.

    S(10) = 3/4; at 30 two are left, so S(30) = 3/4 * 1/2 = 3/8.
    """
    wanted = Repurchase(ages_days=(5, 15, 35, 400), quantile_shares=(0.25, 0.5, 0.7))
    found = describe_times(np.array([10.0, 30.0]), np.array([20.0, 40.0]), "first", wanted)
    assert [part.share for part in found.by_age[:3]] == [0.0, 0.25, 0.625]
    assert found.by_age[3].share == NotComputed("not_observed", found="40")
    assert [part.days for part in found.quantiles[:2]] == [10.0, 30.0]
    assert found.quantiles[2].days == NotComputed("not_observed", found="40")
    # Half of those back within 35 days, 0.625 / 2, have come by day 30.
    assert (found.half_of_days, found.half_way_days) == (35, 30.0)


def test_groups_that_differ_are_drawn_less_than_groups_that_do_not():
    customers = np.array([1_000, 1_000, 100])
    alike, strength_alike = shrunk_rates(np.array([20, 21, 2]), customers)
    apart, strength_apart = shrunk_rates(np.array([10, 100, 2]), customers)
    assert strength_alike == 2_100.0
    assert strength_apart < 100
    pooled = 43 / 2_100
    assert alike[2] == pytest.approx((2 + 2_100 * pooled) / 2_200)
    assert apart[1] == pytest.approx(0.1, rel=0.05)


def test_the_strength_by_hand():
    """Two groups of 100: p 0.1 and 0.3, pooled 0.2, S = 2, pq = 0.16.

    g = (2 - 0.16) / (0.16 (200 - 100 - 1)) = 1.84 / 15.84; k = (1 - g) / g.
    """
    _, strength = shrunk_rates(np.array([10, 30]), np.array([100, 100]))
    within = 1.84 / 15.84
    assert strength == pytest.approx((1 - within) / within)


def test_an_empty_group_takes_the_common_rate():
    rates, _ = shrunk_rates(np.array([5, 0]), np.array([50, 0]))
    assert rates == pytest.approx([0.1, 0.1])


def test_shares_stay_within_their_interval():
    for rate in returns().rates:
        assert 0 <= rate.low < rate.share < rate.high <= 1
