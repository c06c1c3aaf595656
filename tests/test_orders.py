"""Order facts, checked with a pencil on the shop of six orders, and on the real data."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shop import Frames, make_shop

from analysis.errors import SettingsError
from analysis.orders import (
    ABSENT,
    OrderFacts,
    build_orders,
    describe_period,
    to_datetime,
    to_seconds,
    until,
)
from analysis.settings import Settings
from analysis.source import open_source, open_tables


def facts_of(tables: Frames) -> OrderFacts:
    with open_tables(tables) as source:
        return build_orders(source)


def seconds(text: str) -> int:
    return to_seconds(datetime.fromisoformat(text))


def assert_equal_facts(one: OrderFacts, two: OrderFacts) -> None:
    for field in fields(OrderFacts):
        first, second = getattr(one, field.name), getattr(two, field.name)
        if isinstance(first, np.ndarray):
            assert first.dtype == second.dtype, field.name
            np.testing.assert_array_equal(first, second, err_msg=field.name)
        elif field.name in ("order_ids", "customer_ids"):
            assert list(first) == list(second), field.name
        else:
            assert first == second, field.name


@pytest.fixture(scope="module")
def facts() -> OrderFacts:
    return facts_of(make_shop())


def test_orders_are_sorted_and_customers_numbered_by_first_purchase(facts: OrderFacts) -> None:
    assert facts.order_ids.tolist() == ["a", "b", "c", "d", "e", "f"]
    assert facts.customer_ids.tolist() == ["anna", "bob", "carl", "dora"]
    assert facts.customer.tolist() == [0, 1, 0, 2, 1, 3]
    assert facts.purchased_at[0] == seconds("2018-01-10 10:00:00")
    assert len(facts) == 6


def test_money_is_not_multiplied_by_payments_or_reviews(facts: OrderFacts) -> None:
    assert facts.price_cents.tolist() == [3000, 10050, 3000, 500, 700, 0]
    assert facts.freight_cents.tolist() == [300, 950, 300, 50, 100, 0]
    assert facts.paid_cents.tolist() == [3300, 11000, 3900, 550, 800, 0]
    assert facts.revenue_cents.tolist() == [3000, 10050, 3000, 0, 0, 0]
    assert facts.item_count.tolist() == [2, 1, 2, 1, 1, 0]


def test_statuses(facts: OrderFacts) -> None:
    names = [facts.status_names[code] for code in facts.status]
    assert names == ["delivered"] * 3 + ["canceled", "shipped", "unavailable"]
    assert facts.is_valid.tolist() == [True, True, True, False, True, False]
    assert facts.is_delivered.tolist() == [True] * 3 + [False] * 3


def test_the_last_answered_review_counts(facts: OrderFacts) -> None:
    # Order a was reviewed twice; the second is dated by its creation. f's review has no date.
    assert facts.review_score.tolist() == [5, 2, 0, 1, 0, 0]
    assert facts.review_answered_at[0] == seconds("2018-01-21 00:00:00")
    assert facts.review_answered_at[[2, 4, 5]].tolist() == [ABSENT] * 3
    assert facts.review_event_order.tolist() == [0, 0, 1, 3]
    assert facts.review_event_score.tolist() == [1, 5, 2, 1]


def test_codes_and_means(facts: OrderFacts) -> None:
    assert [facts.state_names[code] for code in facts.state] == ["SP", "RJ", "SP", "SP", "RJ", "AM"]
    categories = [facts.category_names[code] for code in facts.category[:5]]
    # The dearest item's category, untranslated where no translation exists.
    assert categories == ["perfumery", "perfumery", "artigos raros", "books", "artigos raros"]
    assert facts.category[5] == ABSENT
    payments = [facts.payment_type_names[code] for code in facts.payment_type[:3]]
    assert payments == ["credit_card", "boleto", "credit_card"]
    assert facts.payment_type[5] == ABSENT
    # (3.00 x 1 + 30.00 x 4) / 33.00
    assert facts.instalments[0] == pytest.approx(123 / 33)
    assert np.isnan(facts.instalments[5])


def test_facts_cannot_be_changed(facts: OrderFacts) -> None:
    with pytest.raises(ValueError, match="read-only"):
        facts.paid_cents[0] = 1


def test_without_payments_price_and_freight_stand_in() -> None:
    tables = make_shop()
    del tables["order_payments"], tables["order_reviews"]
    facts = facts_of(tables)
    assert facts.paid_cents.tolist() == [3300, 11000, 3300, 550, 800, 0]
    assert facts.gaps.why("order_payments")
    assert not facts.has_reviews
    assert facts.review_score.tolist() == [0] * 6


def test_the_past_as_it_was_known(facts: OrderFacts) -> None:
    # On the evening of 2018-02-12 order b had not come, and a's second review was written.
    past = until(facts, datetime(2018, 2, 12, 20))
    assert past.order_ids.tolist() == ["a", "b"]
    assert past.customer_ids.tolist() == ["anna", "bob"]
    assert past.is_delivered.tolist() == [True, False]
    assert past.revenue_cents.tolist() == [3000, 0]
    assert past.delivered_at.tolist() == [seconds("2018-01-18 00:00:00"), ABSENT]
    assert past.status_names[past.status[1]] == "shipped"
    assert past.is_valid.tolist() == [True, True]
    assert past.review_score.tolist() == [5, 0]
    # Half a day before, only the first of a's reviews was there.
    assert until(facts, datetime(2018, 1, 20, 12)).review_score.tolist() == [1]


def test_the_end_changes_nothing(facts: OrderFacts) -> None:
    assert_equal_facts(until(facts, datetime(2019, 1, 1)), facts)


def test_period_of_the_shop(facts: OrderFacts) -> None:
    period = describe_period(facts, None, Settings())
    assert period.first_purchase == datetime(2018, 1, 10, 10)
    assert period.as_of == period.last_purchase == datetime(2018, 3, 6, 7)
    assert period.complete_until == datetime(2018, 2, 15, 9, 30)
    assert period.orders == 6
    assert period.orders_after_complete == 3
    assert period.started_on == date(2018, 1, 1)
    earlier = describe_period(facts, datetime(2018, 2, 12), Settings())
    assert earlier.complete_until == datetime(2018, 1, 10, 10)
    assert (earlier.orders, earlier.orders_after_complete) == (2, 1)


def test_a_date_before_the_first_purchase(facts: OrderFacts) -> None:
    with pytest.raises(SettingsError, match="2017-01-01"):
        describe_period(facts, datetime(2017, 1, 1), Settings())


def test_regular_activity_starts_after_the_thin_months() -> None:
    tables = make_shop()
    # Monthly orders: 1 in September, none in October, then 30, 20, 40 and 2 in the cut last month.
    months = ["2017-09"] + ["2017-11"] * 30 + ["2017-12"] * 20 + ["2018-01"] * 40 + ["2018-02"] * 2
    size = len(months)
    names = [f"o{place:03}" for place in range(size)]
    tables["orders"] = pd.DataFrame(
        {
            "order_id": names,
            "customer_id": names,
            "order_status": "delivered",
            "order_purchase_timestamp": [f"{month}-02 00:00:00" for month in months],
            "order_delivered_customer_date": [f"{month}-05 00:00:00" for month in months],
            "order_estimated_delivery_date": "2018-03-01 00:00:00",
        }
    )
    tables["customers"] = pd.concat([tables["customers"].head(1)] * size, ignore_index=True)
    tables["customers"]["customer_id"] = names
    period = describe_period(facts_of(tables), datetime(2018, 3, 1), Settings())
    assert period.started_on == date(2017, 11, 1)


def test_seconds_and_back() -> None:
    moment = datetime(2018, 8, 29, 15, 0, 37)
    assert to_datetime(to_seconds(moment)) == moment


@pytest.mark.olist
def test_real_facts_of_both_forms(olist_archive: Path, olist_db: Path) -> None:
    with open_source(olist_archive) as archive, open_source(olist_db) as database:
        facts = build_orders(archive)
        assert_equal_facts(facts, build_orders(database))
    assert len(facts) == 99_441
    assert len(facts.customer_ids) == 96_096
    orders = np.bincount(facts.customer)
    assert round(float((orders > 1).mean()), 4) == 0.0312
    assert facts.customer_ids[orders.argmax()] == "8d50f5eadf50201ccdcedfb9e2ac8455"
    assert orders.max() == 17
    assert facts.price_cents.sum() == 1_359_164_370
    assert facts.freight_cents.sum() == 225_190_954
    # One order has no payment: its price and freight stand in.
    assert facts.paid_cents.sum() == 1_600_887_212 + 14_346
    assert facts.is_delivered.sum() == 96_478
    assert round(float((facts.state == facts.state_names.index("SP")).mean()), 4) == 0.4198
    period = describe_period(facts, None, Settings())
    assert period.last_purchase == datetime(2018, 10, 17, 17, 30, 18)
    assert period.complete_until == datetime(2018, 8, 29, 15, 0, 37)
    assert period.started_on == date(2017, 1, 1)
