"""Who needs follow-up, why, how surely, and how it moves: by hand, and against the lines."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from sample_kpis import kpi_row
from shop import Frames, make_shop

from analysis import follow_up
from analysis.findings import (
    FollowUp,
    Interval,
    KpiRow,
    Kpis,
    KpiTable,
    Movement,
    NotComputed,
    Quarters,
)
from analysis.follow_up import (
    Deliveries,
    expected_by_chance,
    find_quarters,
    measure_movement,
    with_follow_up,
)
from analysis.kpis import measure_kpis
from analysis.lines import unpack
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, until
from analysis.settings import Dashboard, Settings
from analysis.source import open_tables

NONE = NotComputed("no_rows")
TOTAL = kpi_row("all", "all", 10_000, 0.1)


def row(key: str, late: Interval | NotComputed, low: Interval | NotComputed = NONE) -> KpiRow:
    return replace(kpi_row(key, key, 500, 0.1), late_interval=late, low_review_interval=low)


def judged(*rows: KpiRow) -> dict[str, FollowUp]:
    total = replace(TOTAL, late_share=0.1, low_review_share=0.2)
    found = with_follow_up(rows, total, dict.fromkeys((row.key for row in rows), NONE))
    return {row.key: row.follow_up for row in found if row.follow_up}


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(follow_up).failed == 0


def test_each_reason_needs_an_interval_wholly_above_that_of_all_orders() -> None:
    found = judged(
        row("late", Interval(0.15, 0.3), Interval(0.1, 0.3)),
        row("reviews", Interval(0.05, 0.3), Interval(0.24, 0.3)),
        row("both", Interval(0.12, 0.3), Interval(0.26, 0.3)),
        row("at_the_share", Interval(0.1, 0.3), Interval(0.2, 0.3)),
        row("unknown", NONE, NONE),
    )
    assert {key: found[key].reasons for key in found} == {
        "late": ("late",),
        "both": ("late", "reviews"),
        "reviews": ("reviews",),
        "at_the_share": (),
        "unknown": (),
    }
    # The order is that of the surest multiple: 0.15 / 0.1, then 0.26 / 0.2, then 0.24 / 0.2.
    assert list(found) == ["late", "both", "reviews", "at_the_share", "unknown"]
    ratios = [found[key].ratio for key in ("late", "both", "reviews")]
    assert ratios == pytest.approx([1.5, 1.3, 1.2])
    assert found["unknown"].ratio == NONE


def test_without_late_orders_anywhere_nobody_is_listed() -> None:
    rows = (row("a", Interval(0.0, 0.1)),)
    total = replace(TOTAL, late_share=0.0, low_review_share=NONE)
    found = with_follow_up(rows, total, {"a": NONE})[0]
    assert found.follow_up == FollowUp((), 0.0, NONE)


def test_one_interval_in_forty_is_above_by_chance() -> None:
    rows = (row("a", Interval(0, 1), Interval(0, 1)), row("b", Interval(0, 1)), row("c", NONE))
    assert expected_by_chance(rows) == pytest.approx(3 / 40)


def month(key: str, orders: int, delivered: int, canceled: int = 0) -> KpiRow:
    return kpi_row(key, key, orders, 0.1, delivered=delivered, canceled=canceled)


def test_the_quarters_end_with_the_last_complete_month() -> None:
    months = (
        month("2018-01", 100, 100),
        month("2018-02", 100, 90, 5),
        month("2018-03", 100, 90, 4),
        month("2018-04", 10, 10),
    )
    # March lacks the outcome of 6 in 100; April has not ended on the 30th.
    found = find_quarters(months, datetime(2018, 4, 30), 0.95)
    assert found == Quarters("2017-09", "2017-11", "2017-12", "2018-02")
    found = find_quarters(months, datetime(2018, 5, 1), 0.95)
    assert found == Quarters("2017-11", "2018-01", "2018-02", "2018-04")
    assert isinstance(find_quarters(months[2:], datetime(2018, 4, 30), 0.95), NotComputed)


def test_a_movement_needs_enough_deliveries_in_both_quarters() -> None:
    found = measure_movement(Deliveries(70, 56), Deliveries(80, 48), 30)
    assert isinstance(found, Movement)
    assert found.difference == pytest.approx(0.2)
    # Newcombe 1998, table II, method 10.
    assert found.interval.low == pytest.approx(0.0524, abs=1e-4)
    assert found.interval.high == pytest.approx(0.3339, abs=1e-4)
    few = measure_movement(Deliveries(70, 56), Deliveries(29, 8), 30)
    assert few == NotComputed("too_few_deliveries", found="29", expected="30")
    assert isinstance(measure_movement(Deliveries(), Deliveries(), 0), NotComputed)


def measure(tables: Frames, minimum: int = 1) -> Kpis:
    settings = Settings(dashboard=Dashboard(minimum_orders=minimum))
    with open_tables(tables) as source:
        orders = build_orders(source)
        period = describe_period(orders, settings.as_of, settings)
        return measure_kpis(source, until(orders, period.as_of), period, settings)


def test_the_marts_of_a_quarter_count_what_was_bought_then() -> None:
    tables = make_shop()
    moved = pd.to_datetime(tables["orders"]["order_purchase_timestamp"]).dt.strftime("%Y-%m-%d")
    assert moved.tolist()[:3] == ["2018-01-10", "2018-02-01", "2018-02-15"]
    # March 2018 has not ended by the last purchase, 6 March; January and February have.
    kpis = measure(tables)
    assert kpis.quarters == Quarters("2017-09", "2017-11", "2017-12", "2018-02")
    assert kpis.movement == NotComputed("too_few_deliveries", found="0", expected="1")
    # With a delivered, on time, four months earlier, there is a quarter before.
    dates = ["purchase_timestamp", "delivered_customer_date", "estimated_delivery_date"]
    tables["orders"].loc[0, [f"order_{name}" for name in dates]] = [
        "2017-09-30 23:59:59",
        "2017-10-02 00:00:00",
        "2017-10-09 00:00:00",
    ]
    kpis = measure(tables)
    assert isinstance(kpis.movement, Movement)
    assert (kpis.movement.recent_late_share, kpis.movement.before_late_share) == (1.0, 0.0)
    assert kpis.movement.difference == 1.0
    states = {row.key: row.follow_up.movement for row in kpis.by_state.rows if row.follow_up}
    # Only São Paulo has an order in both: a before, c since; Rio has b alone.
    assert isinstance(states["SP"], Movement)
    assert states["RJ"] == NotComputed("too_few_deliveries", found="0", expected="1")


def lines_frame(kpis: Kpis) -> pd.DataFrame:
    """The dashboard's lines as a table, with names in the place of numbers."""
    columns: dict[str, object] = {}
    for column in kpis.lines.columns:
        numbers = unpack(column)
        if column.names:
            names = np.array([*column.names, None], dtype=object)
            columns[column.name] = names[numbers]
        else:
            columns[column.name] = numbers
    return pd.DataFrame(columns).assign(order=lambda frame: frame["first"].cumsum())


def test_the_lines_tell_the_same_movements() -> None:
    """The dashboard's script counts the lines; both take orders by their month of purchase."""
    kpis = measure(make_marketplace(6_000, seed=3).tables, 20)
    assert isinstance(kpis.quarters, Quarters)
    lines = lines_frame(kpis)
    lines = lines[lines["late"] >= 0]
    quarters = kpis.quarters
    recent = lines[lines["month"].between(quarters.recent_from, quarters.recent_until)]
    before = lines[lines["month"].between(quarters.before_from, quarters.before_until)]
    tables: tuple[KpiTable, ...] = (kpis.by_state, kpis.by_seller, kpis.by_category)
    compared = 0
    for table in tables:
        for found in table.rows:
            assert found.follow_up is not None
            counts = []
            for part in (recent, before):
                orders = part[part[table.grain] == found.key].drop_duplicates("order")
                counts.append(Deliveries(len(orders), int(orders["late"].sum())))
            assert found.follow_up.movement == measure_movement(counts[0], counts[1], 20)
            compared += isinstance(found.follow_up.movement, Movement)
    assert compared > 5
