"""The file of the customers: who is held out of campaigns, whose review is known, since when."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from builders import make_orders, moment
from quick import QUICK

from analysis import queries
from analysis.assignment import list_customers, list_in_parts
from analysis.customers import build_customers
from analysis.experiments import (
    DRAW_WEIGHTS,
    DRAWN_LETTERS,
    DRAWS,
    LETTERS,
    hold_out,
)
from analysis.marketplace import make_marketplace
from analysis.pipeline import analyse
from analysis.settings import check_settings
from analysis.source import open_tables

SETTINGS = check_settings(QUICK)
IDS = np.array([f"{number:032x}" for number in range(20_000)], dtype=object)


@pytest.fixture(scope="module")
def run():
    with open_tables(make_marketplace(2_500, seed=5).tables) as source:
        return analyse(source, SETTINGS)


@pytest.fixture(scope="module")
def rows(run):
    found = run.findings.segmentation
    return list_customers(run.orders, run.table, run.model, SETTINGS, found)


def test_the_parts_of_a_list_are_the_list(run, rows):
    found = run.findings.segmentation
    parts = list(list_in_parts(run.orders, run.table, run.model, SETTINGS, found, 700))
    assert {len(part) for part in parts[:-1]} == {700}
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), rows)


def test_as_many_are_held_out_as_asked():
    # Twenty thousand draws of one in five: a standard deviation of 0.28 points.
    assert hold_out(IDS, 0.2).mean() == pytest.approx(0.2, abs=0.01)
    assert hold_out(IDS, 0.5).mean() == pytest.approx(0.5, abs=0.012)


def test_nobody_changes_sides_whoever_else_is_there():
    assert (hold_out(IDS, 0.2)[::7] == hold_out(IDS[::7], 0.2)).all()


def test_ids_that_differ_late_are_drawn_apart():
    # Addresses as a shop's platform gives them, alike in their first forty letters.
    address = "https://shop.example.com/admin/customers/"
    ids = np.array([f"{address}{number:07d}" for number in range(20_000)])
    assert hold_out(ids, 0.2).mean() == pytest.approx(0.2, abs=0.01)


def test_a_draw_stays_below_what_a_database_counts_in():
    assert (LETTERS - 1) * sum(DRAW_WEIGHTS) < 2**31
    assert (DRAWS - 1) ** 2 < 2**31


@pytest.mark.parametrize("name", ["customer_segments", "customer_assignment"])
def test_queries_fill_an_id_up_with_as_many_spaces_as_letters_are_drawn_from(name):
    text = queries.read_query(f"marts/{name}")
    assert re.findall(r"'( +)'", text) == [" " * DRAWN_LETTERS]


def test_a_larger_group_holds_the_smaller_one():
    assert (hold_out(IDS, 0.3) | ~hold_out(IDS, 0.2)).all()


def test_who_has_no_segment_is_in_no_test_and_the_loyal_and_the_unhappy_neither(rows):
    assert rows["held_out"].isna().equals(rows["segment_id"].isna())
    assert (rows.loc[rows["standing"] == "repeat", "held_out"] == 0).all()
    unhappy = rows["persona"].fillna("").str.startswith("unhappy")
    assert unhappy.any()
    assert (rows.loc[unhappy, "held_out"] == 0).all()
    tested = rows.loc[(rows["standing"] == "one_time") & ~unhappy, "held_out"]
    assert tested.mean() == pytest.approx(0.2, abs=0.04)


def test_the_playbook_counts_who_is_held_out_in_the_file(run, rows):
    held_out = rows[rows["held_out"] == 1]["segment_id"].value_counts()
    for segment in run.findings.segmentation.segments:
        assert segment.plan.hold_out.customers == held_out.get(segment.segment_id, 0)


def test_a_filled_in_review_is_told_from_a_known_one(run, rows):
    filled = rows[rows["segment_id"].notna() & (rows["review_known"] == 0)]
    assert len(filled) == run.findings.customers.reviews_imputed > 0
    assert rows.loc[rows["review"].isna(), "review_known"].eq(0).all()


def test_the_last_order_lies_as_far_back_as_the_recency_says(rows):
    known = rows[rows["recency_days"].notna()]
    described = pd.to_datetime(known["described_on"])
    days = (described - pd.to_datetime(known["last_order_on"])).dt.days
    assert ((days - known["recency_days"]).abs() <= 1).all()
    assert rows.loc[rows["recency_days"].isna(), "last_order_on"].isna().all()


def test_a_complaint_hangs_on_the_order_of_the_lowest_review_and_says_whether_the_last_came():
    orders = make_orders(
        [
            # o000: two stars; o001 and o002: one star each, of which the last one counts;
            # o003: delivered after the day that all is told of.
            *_bought("ann", ("2018-01-01", 2), ("2018-02-01", 1), ("2018-03-01", 1)),
            {"customer": "ann", "bought": "2018-04-01", "delivered": "2018-07-02"},
            {"customer": "bob", "bought": "2018-05-01", "status": "shipped"},
            # Cancelled: no order of the window.
            {"customer": "cyd", "bought": "2018-05-02", "status": "canceled"},
            # The status says so, no date contradicts it.
            {"customer": "dan", "bought": "2018-05-03", "reviews": [(3, "2018-05-20")]},
        ]
    )
    table = build_customers(orders, moment("2018-07-01"), SETTINGS.customers)
    found = list_customers(orders, table, None, SETTINGS).set_index("customer_unique_id")
    complaints = found["lowest_review_order_id"].astype(object).where(found["lowest_review"] > 0)
    assert complaints.where(complaints.notna(), None).to_dict() == {
        "ann": "o002",
        "bob": None,
        "cyd": None,
        "dan": "o006",
    }
    assert found.loc["ann", "last_order_id"] == "o003"
    assert found["last_order_delivered"].isna().to_dict()["cyd"]
    assert found["last_order_delivered"].dropna().to_dict() == {"ann": 0, "bob": 0, "dan": 1}


def _bought(customer, *scored):
    return [
        {
            "customer": customer,
            "bought": day,
            "delivered": day,
            "reviews": [(score, "2018-06-01")],
        }
        for day, score in scored
    ]


def test_every_customer_of_the_source_has_one_row(run, rows):
    assert set(rows["customer_unique_id"]) == set(run.orders.customer_ids)
    assert rows["customer_unique_id"].is_unique
    counts = run.findings.customers
    assert len(rows) == counts.total + counts.bought_later
