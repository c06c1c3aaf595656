"""The dashboard's figures: by hand on the shop of six orders, and identities on the real data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shop import Frames, make_shop

from analysis.findings import (
    Interval,
    KpiRow,
    Kpis,
    KpiTable,
    NotComputed,
    PackedColumn,
    Quarters,
)
from analysis.kpis import lines_since, measure_kpis
from analysis.lines import place_name, unpack
from analysis.orders import build_orders, describe_period, until
from analysis.settings import Dashboard, Settings
from analysis.source import OpenSource, open_source, open_tables

EVERYONE = Settings(dashboard=Dashboard(minimum_orders=1))


def measure(source: OpenSource, settings: Settings = EVERYONE) -> Kpis:
    orders = build_orders(source)
    period = describe_period(orders, settings.as_of, settings)
    return measure_kpis(source, until(orders, period.as_of), period, settings)


def measure_tables(tables: Frames, settings: Settings = EVERYONE) -> Kpis:
    with open_tables(tables) as source:
        return measure(source, settings)


def row_of(table: KpiTable, key: str) -> KpiRow:
    return next(row for row in table.rows if row.key == key)


def column(kpis: Kpis, name: str) -> PackedColumn:
    return next(column for column in kpis.lines.columns if column.name == name)


def texts(kpis: Kpis, name: str) -> list[str | None]:
    packed = column(kpis, name)
    numbers = unpack(packed).tolist()
    return [None if number == packed.absent else packed.names[number] for number in numbers]


@pytest.fixture(scope="module")
def kpis() -> Kpis:
    return measure_tables(make_shop())


def test_the_network(kpis: Kpis) -> None:
    total = kpis.total
    assert (total.orders, total.delivered, total.canceled, total.late) == (6, 3, 2, 2)
    assert (total.reviews, total.low_reviews) == (3, 2)
    assert total.revenue_cents == 3000 + 10050 + 3000
    assert total.freight_cents == 300 + 950 + 300
    assert total.delivered_share == 3 / 6
    assert total.late_share == 2 / 3
    # Two days early, three days late, half a day late: -2, 3 and 0 whole days.
    assert total.mean_delay_days == pytest.approx(1 / 3)
    # 7 d 14 h, 11 d 12 h, 10 d 2.5 h: to the nearest day 8, 12 (half goes up) and 10.
    assert total.mean_delivery_days == pytest.approx(30 / 3)
    # 9 d 14 h, 8 d 12 h, 9 d 14.5 h: 10, 9 and 10.
    assert total.mean_promised_days == pytest.approx(29 / 3)
    assert total.mean_review == pytest.approx((5 + 2 + 1) / 3)
    assert total.low_review_share == pytest.approx(2 / 3)
    assert isinstance(total.late_interval, Interval)
    # Wilson's interval of 2 in 3, by R's prop.test(2, 3, correct = FALSE).
    assert total.late_interval.low == pytest.approx(0.2076597, abs=1e-6)
    assert total.late_interval.high == pytest.approx(0.9385081, abs=1e-6)


def test_the_network_s_other_figures(kpis: Kpis) -> None:
    total = kpis.total
    assert total.on_time_share == pytest.approx(1 / 3)
    assert total.canceled_share == pytest.approx(2 / 6)
    # Three delays, -2, 0 and 3: nineteen in twenty of three is the third.
    assert total.q95_delay_days == 3
    # Answered after 1.75 days and 2 days 10 hours, to the nearest day 2 and 2.
    assert total.mean_answer_days == 2.0
    # Anna and bob bought twice.
    assert (total.first_orders, total.returning_orders) == (4, 2)
    assert total.returning_share == pytest.approx(2 / 6)
    assert total.mean_basket_cents == pytest.approx((3000 + 10050 + 3000) / 3)
    assert total.freight_share == pytest.approx(1550 / (16050 + 1550))
    # Order a: 3.00 in one and 30.00 in four make 3.73, to the nearest 4; b 1, c 2, d 1, e 1.
    assert total.mean_instalments == pytest.approx(9 / 5)
    assert total.follow_up is None


def test_how_customers_pay(kpis: Kpis) -> None:
    assert isinstance(kpis.payment_types, tuple)
    card, boleto = kpis.payment_types
    # By the largest payment: a (not its voucher), c and d by card; b and e by boleto; f not at all.
    assert (card.name, card.orders, card.order_share) == ("credit_card", 3, 3 / 5)
    assert (card.revenue_cents, card.mean_instalments) == (6000, pytest.approx(7 / 3))
    assert (boleto.name, boleto.orders, boleto.revenue_cents) == ("boleto", 2, 10050)
    assert isinstance(kpis.instalments, tuple)
    counts = [(row.instalments, row.orders, row.revenue_cents) for row in kpis.instalments]
    assert counts == [(1, 3, 10050), (2, 1, 3000), (4, 1, 3000)]
    assert [row.order_share for row in kpis.instalments] == [3 / 5, 1 / 5, 1 / 5]


def test_categories_get_the_parts_of_their_sellers(kpis: Kpis) -> None:
    rows = {row.key: row for row in kpis.by_category.rows}
    counts = {key: (row.orders, row.late, row.revenue_cents) for key, row in rows.items()}
    # Order a is one seller's, its dearest item perfume; c has books of s1 and a rarity of s2.
    assert counts == {
        "perfumery": (2, 1, 3000 + 10050),
        "books": (2, 1, 1200),
        "artigos raros": (2, 1, 1800),
    }


def test_two_sellers_of_one_category_make_one_order_of_it() -> None:
    tables = make_shop()
    tables["products"].loc[2, "product_category_name"] = "livros"
    books = row_of(measure_tables(tables).by_category, "books")
    assert (books.orders, books.late, books.revenue_cents) == (3, 1, 1200 + 1800)


def test_items_without_a_category_are_in_no_row() -> None:
    tables = make_shop()
    tables["products"].loc[1, "product_category_name"] = None
    rows = measure_tables(tables).by_category.rows
    assert sorted(row.key for row in rows) == ["artigos raros", "books"]


@pytest.mark.parametrize(("deliveries", "expected"), [(1, 1), (19, 19), (20, 19), (21, 20)])
def test_the_delay_that_few_exceed_is_the_nearest_rank(deliveries: int, expected: int) -> None:
    # Delays of 1, 2, 3... days: of 20, the 19th; of 21, 19.95 is rounded up to the 20th.
    tables = shop_of(deliveries)
    days = pd.Timestamp("2018-01-09") + pd.to_timedelta(np.arange(1, deliveries + 1), "D")
    tables["orders"]["order_delivered_customer_date"] = days.astype(str)
    settings = EVERYONE.model_copy(update={"as_of": datetime(2018, 3, 1)})
    assert measure_tables(tables, settings).total.q95_delay_days == expected


def shop_of(orders: int) -> Frames:
    """A shop of orders bought on 2018-01-01, promised for the 9th and delivered on that day."""
    tables = make_shop()
    names = [f"o{place:03}" for place in range(orders)]
    tables["orders"] = pd.DataFrame(
        {
            "order_id": names,
            "customer_id": names,
            "order_status": "delivered",
            "order_purchase_timestamp": "2018-01-01 00:00:00",
            "order_delivered_customer_date": "2018-01-09 00:00:00",
            "order_estimated_delivery_date": "2018-01-09 00:00:00",
        }
    )
    tables["customers"] = pd.concat([tables["customers"].head(1)] * orders, ignore_index=True)
    tables["customers"]["customer_id"] = names
    return tables


def test_an_order_that_comes_on_the_promised_day(kpis: Kpis) -> None:
    # Order c came at noon of the promised day: late by the hour, not by the day.
    assert kpis.late_on_the_day == 1
    assert kpis.late_share_by_day == pytest.approx(1 / 3)


def test_sellers_get_the_money_of_their_own_items(kpis: Kpis) -> None:
    by_seller = {row.key: row for row in kpis.by_seller.rows}
    assert {key: row.orders for key, row in by_seller.items()} == {"s1": 3, "s2": 2, "s3": 1}
    assert by_seller["s1"].revenue_cents == 3000 + 1200
    assert by_seller["s2"].revenue_cents == 10050 + 1800
    assert by_seller["s3"].revenue_cents == 0
    assert by_seller["s2"].late == 2
    assert by_seller["s2"].state == "PR"
    assert by_seller["s3"].late_share == NotComputed("no_rows")
    assert by_seller["s3"].late_interval == NotComputed("no_rows")
    assert by_seller["s3"].mean_review == NotComputed("no_rows")
    assert by_seller["s3"].reviews == 0


def test_spellings_of_a_city_are_one_city(kpis: Kpis) -> None:
    cities = {(row.label, row.state): row.orders for row in kpis.by_city.rows}
    assert cities == {("Sao Paulo", "SP"): 3, ("Rio de Janeiro", "RJ"): 2, ("", "AM"): 1}
    assert kpis.lines.city_names_merged == 2


@pytest.mark.parametrize(
    ("spelling", "state", "same"),
    [
        ("SÃO PAULO", "SP", "sao paulo"),
        ("sao paulo sp", "SP", "sao paulo"),
        ("sao paulo (zona sul)", "SP", "sao paulo"),
        ("sao paulo, sao paulo, brasil", "SP", "sao paulo"),
        ("mogi guacu", "SP", "mogi-guacu"),
        ("Santa Bárbara d´Oeste", "SP", "santa barbara d'oeste"),
        ("rio de janeiro \\rio de janeiro", "RJ", "rio de janeiro"),
    ],
)
def test_the_rule_for_city_names(spelling: str, state: str, same: str) -> None:
    tables = make_shop()
    tables["customers"]["customer_city"] = [spelling] + [same] * 5
    tables["customers"]["customer_state"] = state
    assert len(measure_tables(tables).by_city.rows) == 1


def test_the_same_name_in_two_states_is_two_cities() -> None:
    tables = make_shop()
    tables["customers"]["customer_city"] = "bom jesus"
    assert len(measure_tables(tables).by_city.rows) == 3


def test_place_names() -> None:
    assert place_name("santa barbara d'oeste") == "Santa Barbara d'Oeste"
    assert place_name("RIO DE JANEIRO") == "Rio de Janeiro"
    assert place_name("mogi-guacu") == "Mogi-Guacu"
    assert place_name("São João del-Rei") == "São João del-Rei"
    assert place_name("") == ""


def test_few_orders_are_left_out_and_counted() -> None:
    kpis = measure_tables(make_shop(), Settings(dashboard=Dashboard(minimum_orders=2)))
    assert [row.key for row in kpis.by_state.rows] == ["RJ", "SP"]
    assert (kpis.by_state.left_out_keys, kpis.by_state.left_out_orders) == (1, 1)
    assert (kpis.by_seller.left_out_keys, kpis.by_seller.left_out_orders) == (1, 1)
    assert kpis.by_month.minimum_orders == 1


def test_follow_up_needs_a_surely_higher_late_share() -> None:
    # 40 orders a state, all delivered: 30 late in RJ, 2 late in SP; the network has 32 in 80.
    tables = shop_of(80)
    late = [True] * 30 + [False] * 10 + [True] * 2 + [False] * 38
    tables["orders"]["order_delivered_customer_date"] = [f"2018-01-{9 + day:02}" for day in late]
    tables["customers"]["customer_state"] = ["RJ"] * 40 + ["SP"] * 40
    settings = EVERYONE.model_copy(update={"as_of": datetime(2018, 2, 1)})
    kpis = measure_tables(tables, settings)
    assert kpis.total.late_share == 32 / 80
    assert [(row.key, row.needs_follow_up) for row in kpis.by_state.rows] == [
        ("RJ", True),
        ("SP", False),
    ]
    assert not kpis.by_month.rows[0].needs_follow_up


def test_without_reviews_every_review_figure_says_so() -> None:
    tables = make_shop()
    del tables["order_reviews"]
    kpis = measure_tables(tables)
    missing = NotComputed("missing_table", expected="order_reviews")
    for row in (kpis.total, *kpis.by_state.rows, *kpis.by_seller.rows):
        assert row.reviews == row.low_reviews == row.mean_review == missing
        assert row.low_review_share == row.low_review_interval == missing
    assert set(unpack(column(kpis, "review_score")).tolist()) == {-1}
    assert kpis.total.late_share == 2 / 3


def test_without_payments_the_other_figures_stand(kpis: Kpis) -> None:
    tables = make_shop()
    del tables["order_payments"]
    other = measure_tables(tables)
    missing = NotComputed("missing_table", expected="order_payments")
    assert other.total == replace(kpis.total, mean_instalments=missing)
    assert other.payment_types == other.instalments == missing
    assert set(unpack(column(other, "instalments")).tolist()) == {-1}
    assert column(other, "payment_type").names == ()


def test_a_single_seller_is_compared_with_itself_and_not_listed() -> None:
    tables = make_shop()
    tables["order_items"]["seller_id"] = "s1"
    table = measure_tables(tables).by_seller
    (row,) = table.rows
    assert (row.key, row.orders, row.needs_follow_up) == ("s1", 5, False)


def test_nothing_after_as_of_is_used() -> None:
    settings = EVERYONE.model_copy(update={"as_of": datetime(2018, 2, 12, 20)})
    total = measure_tables(make_shop(), settings).total
    assert (total.orders, total.delivered, total.late, total.reviews) == (2, 1, 0, 1)
    assert total.revenue_cents == 3000


def test_a_state_without_a_delivered_order(kpis: Kpis) -> None:
    row = row_of(kpis.by_state, "AM")
    assert (row.orders, row.delivered, row.late) == (1, 0, 0)
    assert row.late_share == row.mean_delivery_days == NotComputed("no_rows")
    assert kpis.by_state.rows[-1] == row


def test_lines_hold_an_order_together_with_its_first_line_marked(kpis: Kpis) -> None:
    # Order c has two sellers; f has no item and so no seller.
    assert kpis.lines.rows == 7
    first = unpack(column(kpis, "first"))
    assert first.sum() == 6
    place = int(np.flatnonzero(first == 0)[0])
    assert texts(kpis, "seller")[place - 1 : place + 1] == ["s1", "s2"]
    assert texts(kpis, "seller").count(None) == 1
    assert texts(kpis, "seller_state")[place] == "PR"
    assert texts(kpis, "city")[place] == "Sao Paulo|SP"


def test_lines_add_up_to_the_figures(kpis: Kpis) -> None:
    first = unpack(column(kpis, "first")) == 1
    late = unpack(column(kpis, "late"))
    status = unpack(column(kpis, "status"))[first]
    assert unpack(column(kpis, "revenue_cents")).sum() == kpis.total.revenue_cents
    assert unpack(column(kpis, "freight_cents")).sum() == kpis.total.freight_cents
    assert (late[first] == 1).sum() == kpis.total.late
    assert (late[first] >= 0).sum() == 3
    assert (status == 1).sum() == kpis.total.delivered
    assert (status == 2).sum() == kpis.total.canceled
    delays = unpack(column(kpis, "delay_days"))[first]
    assert sorted(delays.tolist()) == [-32768, -32768, -32768, -2, 0, 3]
    assert sorted(unpack(column(kpis, "returning"))[first].tolist()) == [0, 0, 0, 0, 1, 1]
    assert sorted(unpack(column(kpis, "instalments"))[first].tolist()) == [-1, 1, 1, 1, 2, 4]
    assert column(kpis, "month").names == ("2018-01", "2018-02", "2018-03")


def test_lines_hold_the_days_until_a_review_was_answered(kpis: Kpis) -> None:
    first = unpack(column(kpis, "first")) == 1
    days = unpack(column(kpis, "review_answer_days"))[first]
    # b asked on 14 February and answered on the 15th at 18:00, d after 2 days 10 hours: both to
    # the nearest day 2; a's last review and f's have no answer's date, c and e no review.
    assert sorted(days.tolist()) == [-32768, -32768, -32768, -32768, 2, 2]


def test_an_answer_before_the_question_has_no_days() -> None:
    tables = make_shop()
    tables["order_reviews"].loc[2, "review_creation_date"] = "2018-02-16 00:00:00"
    days = unpack(column(measure_tables(tables), "review_answer_days"))
    assert sorted(set(days.tolist())) == [-32768, 2]


def test_months_without_orders_keep_their_place() -> None:
    tables = make_shop()
    tables["orders"].loc[0, "order_purchase_timestamp"] = "2017-10-31 23:59:59"
    months = column(measure_tables(tables), "month").names
    assert months == ("2017-10", "2017-11", "2017-12", "2018-01", "2018-02", "2018-03")


def test_delays_of_a_century_are_cut() -> None:
    tables = make_shop()
    tables["orders"].loc[0, "order_estimated_delivery_date"] = "2190-01-01 00:00:00"
    assert -32767 in unpack(column(measure_tables(tables), "delay_days")).tolist()


@pytest.mark.slow
@pytest.mark.olist
def test_real_figures_of_both_forms(olist_archive: Path, olist_db: Path) -> None:
    with open_source(olist_archive) as archive, open_source(olist_db) as database:
        kpis = measure(archive, Settings())
        assert measure(database, Settings()) == kpis
        everyone = measure(archive, EVERYONE)
    total = kpis.total
    assert (total.orders, total.delivered, total.canceled) == (99_441, 96_478, 625 + 609)
    # The price of the items of delivered orders: the only definition of revenue.
    assert total.revenue_cents == 1_322_149_811
    assert total.late == 7_826
    assert total.late_share == pytest.approx(0.0811, abs=5e-5)
    assert total.mean_review == pytest.approx(4.0867, abs=5e-5)
    assert total.q95_delay_days == 3
    assert total.mean_answer_days == pytest.approx(3.2036, abs=5e-5)
    # As many first orders as there are people.
    assert (total.first_orders, total.returning_orders) == (96_096, 3_345)
    assert total.freight_share == pytest.approx(0.1426, abs=5e-5)
    assert kpis.quarters == Quarters("2018-03", "2018-05", "2018-06", "2018-08")
    assert isinstance(kpis.payment_types, tuple)
    assert [(row.name, row.orders) for row in kpis.payment_types][:2] == [
        ("credit_card", 74_975),
        ("boleto", 19_784),
    ]
    assert kpis.lines.city_names_merged == 6
    assert [row.key for row in kpis.by_state.rows[:4]] == ["AL", "MA", "CE", "PI"]
    assert len(kpis.by_state.rows) == 27
    assert_identities(everyone)
    size = sum(len(column.data) for column in kpis.lines.columns)
    assert size < 1_300_000


def test_identities_of_the_shop(kpis: Kpis) -> None:
    assert_identities(kpis)


def assert_identities(kpis: Kpis) -> None:
    """Hold what the headings of sql/marts say of adding up."""
    total = kpis.total
    counts = (
        *("orders", "delivered", "canceled", "late", "reviews", "low_reviews"),
        *("first_orders", "returning_orders"),
    )
    for table in (kpis.by_month, kpis.by_state, kpis.by_city):
        for name in (*counts, "revenue_cents", "freight_cents"):
            assert sum(getattr(row, name) for row in table.rows) == getattr(total, name), name
    for name in ("revenue_cents", "freight_cents"):
        assert sum(getattr(row, name) for row in kpis.by_seller.rows) == getattr(total, name)
    assert total.first_orders + total.returning_orders == total.orders
    assert isinstance(kpis.instalments, tuple)
    assert isinstance(kpis.payment_types, tuple)
    paid = sum(row.orders for row in kpis.instalments)
    instalments = sum(row.orders * row.instalments for row in kpis.instalments)
    assert total.mean_instalments == instalments / paid
    assert sum(row.orders for row in kpis.payment_types) >= paid
    assert sum(row.order_share for row in kpis.payment_types) == pytest.approx(1)
    first = unpack(column(kpis, "first"))
    assert first.sum() == total.orders
    assert unpack(column(kpis, "revenue_cents")).sum() == total.revenue_cents
    with_seller = unpack(column(kpis, "seller")) >= 0
    assert sum(row.orders for row in kpis.by_seller.rows) == with_seller.sum()


def assert_same_past(source: OpenSource, as_of: datetime) -> None:
    """Check that SQL, bound to a date, and the arrays, cut at it, know the same past."""
    everything = build_orders(source)
    period = describe_period(everything, as_of, EVERYONE)
    orders = until(everything, as_of)
    total = measure_kpis(source, orders, period, EVERYONE).total
    both = orders.is_delivered & (orders.delivered_at >= 0) & (orders.estimated_at >= 0)
    assert total.orders == len(orders)
    assert total.delivered == orders.is_delivered.sum()
    assert total.revenue_cents == orders.revenue_cents.sum()
    assert total.late == (both & (orders.delivered_at > orders.estimated_at)).sum()
    assert total.reviews == (orders.review_score > 0).sum()
    assert total.low_reviews == ((orders.review_score > 0) & (orders.review_score <= 2)).sum()


@pytest.mark.parametrize(
    "day", ["2018-01-18", "2018-01-20", "2018-02-12", "2018-02-14", "2019-01-01"]
)
def test_sql_and_arrays_know_the_same_past(day: str) -> None:
    with open_tables(make_shop()) as source:
        assert_same_past(source, datetime.fromisoformat(day))


@pytest.mark.olist
def test_sql_and_arrays_know_the_same_real_past(olist_archive: Path) -> None:
    with open_source(olist_archive) as source:
        assert_same_past(source, datetime(2017, 12, 1))
        assert_same_past(source, datetime(2018, 8, 1, 12))


@pytest.mark.parametrize(
    ("most", "since"),
    [
        (60, None),
        (59, datetime(2018, 2, 1)),
        (50, datetime(2018, 2, 1)),
        (49, datetime(2018, 3, 1)),
        (1, datetime(2018, 3, 1)),
    ],
)
def test_the_dashboard_holds_the_latest_months_that_fit(kpis, most, since):
    rows = [
        replace(kpis.by_month.rows[0], key=key, orders=orders)
        for key, orders in (("2018-01", 10), ("2018-02", 20), ("2018-03", 30))
    ]
    assert lines_since(rows, most) == since


def test_a_cut_dashboard_says_since_when_and_the_rest_counts_all(kpis):
    few = EVERYONE.model_copy(update={"dashboard": Dashboard(minimum_orders=1, most_orders=1)})
    cut = measure_tables(make_shop(), few)
    assert cut.lines.since == datetime.fromisoformat(f"{kpis.by_month.rows[-1].key}-01")
    assert cut.lines.rows < kpis.lines.rows
    assert kpis.lines.since is None
    assert (cut.total, cut.by_state) == (kpis.total, kpis.by_state)
