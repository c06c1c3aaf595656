"""Shops that are odd as a whole: each ends in segments with a stated fallback, or in a reason."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from quick import QUICK
from shop import write_database
from test_segment_sql import told_by

from analysis.customers import build_customers
from analysis.findings import CrmRule, NotComputed, ReviewEvidence, from_json, to_json
from analysis.known_features import settle_missing_reviews, why_no_reviews
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, to_seconds
from analysis.pipeline import Analysis, analyse
from analysis.settings import check_settings
from analysis.source import open_tables
from report.context import build_context
from report.exports import data_files
from report.html import render_report
from report.wording import Wording

SETTINGS = check_settings({**QUICK, "customers": {"minimum_customers": 300}})
ENGLISH = Wording("en")


@pytest.fixture(scope="module")
def tables():
    return make_marketplace(3_000, seed=11).tables


def run(tables) -> Analysis:
    with open_tables(tables) as source:
        analysis = analyse(source, SETTINGS)
    assert from_json(to_json(analysis.findings)) == analysis.findings
    return analysis


def page(analysis: Analysis) -> str:
    """The report, made of what was found."""
    return render_report(build_context(analysis.findings, ENGLISH), ENGLISH, None)


@pytest.fixture(scope="module")
def silenced(tables):
    """A fifth of the reviews never came."""
    reviews = tables["order_reviews"]
    kept = np.random.default_rng(2).random(len(reviews)) < 0.8
    return {**tables, "order_reviews": reviews[kept]}


@pytest.fixture(scope="module")
def quiet(silenced):
    return run(silenced)


def test_many_missing_reviews_are_not_filled_in_and_it_is_said(quiet):
    found = quiet.findings
    assert found.customers.reviews_imputed == 0
    assert found.customers.reviews_absent > 300
    assert isinstance(found.features.reviews, ReviewEvidence)
    assert found.features.reviews.are_placed
    assert "were placed by what else is known of them" in page(quiet)
    assert "too many for a usual score" in page(quiet)
    for segment in found.segmentation.segments:
        assert isinstance(segment.rule_without_review, CrmRule) == (segment.kind == "cluster")


def test_who_is_silent_has_a_segment_everywhere(quiet):
    files = data_files(quiet, SETTINGS)
    rows = pd.read_csv(io.BytesIO(files["segments.csv"]))
    silent = rows[(rows["standing"] == "one_time") & rows["review"].isna()]
    assert len(silent) > 200
    assert silent["segment_id"].notna().all()
    assert silent["confidence"].between(0, 1).all()


def test_the_script_gives_the_silent_the_labels_of_segments_csv(quiet, silenced, tmp_path):
    files = data_files(quiet, SETTINGS)
    rows = pd.read_csv(io.BytesIO(files["segments.csv"])).set_index("customer_unique_id")
    rows = rows[rows["standing"] != "not_yet"]
    database = write_database(silenced, tmp_path / "olist.db")
    told = told_by(files["segments.sql"].decode(), database).loc[rows.index]
    assert (told["standing"] == rows["standing"]).all()
    silent = (rows["standing"] == "one_time") & rows["review"].isna()
    assert told["review"][silent].isna().all()
    assert told["segment_by_rule"].isna().equals(rows["segment_id"].isna())
    assert told["segment_by_rule"].fillna("").equals(rows["segment_by_rule"].fillna(""))
    assert (rows["review_known"][silent] == 0).all()
    assert (told["segment_by_rule"] == rows["segment_id"])[silent].mean() > 0.97


def test_a_handful_of_reviews_is_no_satisfaction(tables):
    """Forty are left: too few to make segments of, and the reason has their number."""
    table = build_table({**tables, "order_reviews": tables["order_reviews"][:40]})
    why = why_no_reviews(table, SETTINGS)
    assert why.code == "too_few_reviews"
    assert 0 < int(why.found) <= 40
    assert why.expected == "300"


def build_table(tables):
    with open_tables(tables) as source:
        orders = build_orders(source)
    period = describe_period(orders, None, SETTINGS)
    as_of = to_seconds(period.complete_until)
    table = build_customers(orders, as_of, SETTINGS.customers)
    return settle_missing_reviews(orders, table, SETTINGS)[1]


def test_without_any_review_segments_are_made_of_money_and_it_is_said(tables):
    """The table is there and holds its heading only."""
    analysis = run({**tables, "order_reviews": tables["order_reviews"][:0]})
    found = analysis.findings.segmentation
    assert not isinstance(found, NotComputed)
    assert found.features == ("spend",)
    assert all(one.persona.startswith(("spend", "loyal")) for one in found.segments)
    assert "satisfaction is not known" in page(analysis)


def test_a_shop_of_repeat_buyers_only_says_that_they_are_one_segment_by_rule(tables):
    """Every order is made again a month later."""
    grown = dict(tables)
    for name in ("orders", "order_items", "order_payments", "order_reviews", "customers"):
        grown[name] = pd.concat([tables[name], again(name, tables[name])], ignore_index=True)
    analysis = run(grown)
    found = analysis.findings
    assert isinstance(found.segmentation, NotComputed)
    assert found.segmentation.code == "all_repeat"
    assert "nearly all customers came back" in page(analysis)


def again(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows once more, under other numbers, 30 days later."""
    copy = frame.copy()
    for column in ("order_id", "review_id"):
        if column in copy:
            copy[column] = "z" + copy[column].astype(str).str[1:]
    if "customer_id" in copy:
        copy["customer_id"] = "z" + copy["customer_id"].astype(str).str[1:]
    for column in copy.columns:
        if column.endswith(("_timestamp", "_date", "_at")) and name == "orders":
            moved = pd.to_datetime(copy[column]) + pd.Timedelta(days=30)
            copy[column] = moved.dt.strftime("%Y-%m-%d %H:%M:%S").where(moved.notna(), None)
    return copy


def test_fewer_customers_than_segments_is_a_count_and_not_a_partition(tables):
    orders = tables["orders"][
        tables["orders"]["customer_id"].isin(tables["customers"]["customer_id"][:3])
    ]
    few = {**tables, "orders": orders}
    for name in ("order_items", "order_payments", "order_reviews"):
        few[name] = tables[name][tables[name]["order_id"].isin(orders["order_id"])]
    analysis = run(few)
    found = analysis.findings
    assert isinstance(found.segmentation, NotComputed)
    assert found.segmentation.code in ("too_few_customers", "too_short_history")
    assert found.kpis.total.orders == len(orders)
    assert "Not computed" in page(analysis)
