"""The main path: what it finds is what was planted, and both forms of the data say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from quick import QUICK
from sample import sample_findings
from worlds import make_table

from analysis import kmeans
from analysis.findings import NotComputed, Refresh, from_json, to_json
from analysis.marketplace import make_marketplace
from analysis.measures import adjusted_rand
from analysis.pipeline import analyse, fit_window
from analysis.segmentation import NO_SEGMENT
from analysis.segmenting import why_not
from analysis.settings import check_settings
from analysis.source import open_source, open_tables
from analysis.steps import Steps
from report.context import build_context
from report.exports import data_files
from report.html import render_report
from report.wording import Wording

SETTINGS = check_settings(QUICK)


def run(marketplace, settings=SETTINGS, steps=None):
    with open_tables(marketplace.tables) as source:
        return analyse(source, settings, steps)


@pytest.fixture(scope="module")
def marketplace():
    return make_marketplace(8_000, seed=11)


@pytest.fixture(scope="module")
def analysed(marketplace):
    return run(marketplace)


def test_the_planted_segments_are_found(analysed, marketplace):
    truth = marketplace.truth.set_index("customer_unique_id")["segment"]
    known = np.flatnonzero(analysed.segments != NO_SEGMENT)
    planted = truth.loc[analysed.orders.customer_ids[known]].to_numpy()
    assert adjusted_rand(analysed.segments[known], planted) >= 0.85


def test_the_planted_segments_get_the_personas_that_fit(analysed):
    personas = [segment.persona for segment in analysed.findings.segmentation.segments]
    assert personas[0] == "loyal"
    assert set(personas[1:]) == {
        "satisfied_large",
        "satisfied_medium",
        "satisfied_small",
        "unhappy_medium",
    }


def test_nothing_breaks_where_nothing_changes(analysed):
    stability = analysed.findings.stability
    assert isinstance(stability.chosen.first_alarm_days, NotComputed)
    assert stability.chosen.placebo_passed
    assert isinstance(analysed.findings.refresh, Refresh)
    assert analysed.findings.refresh.limit_days <= stability.chosen.longest_confirmable_days


@pytest.mark.slow
def test_a_planted_drift_raises_an_alarm():
    """With three segments the planted change moves the map; with four only the sizes would move."""
    three = {**QUICK, "segmentation": {**QUICK["segmentation"], "k_min": 3, "k_max": 3}}
    drifting = run(
        make_marketplace(8_000, seed=11, drift_from=date(2018, 3, 1)), check_settings(three)
    )
    chosen = drifting.findings.stability.chosen
    assert not isinstance(chosen.first_alarm_days, NotComputed)
    alarmed = [point for point in chosen.points if point.alarm]
    assert min(point.snapshot for point in alarmed) > date(2018, 3, 1)
    months = drifting.findings.refresh
    assert isinstance(months, NotComputed) or months.bound == "alarm"


def test_findings_come_back_from_json_as_they_were(analysed):
    assert from_json(to_json(analysed.findings)) == analysed.findings


@pytest.mark.slow
def test_rows_in_another_order_give_the_same_findings(marketplace, analysed):
    shuffled = {
        name: frame.sample(frac=1, random_state=3).reset_index(drop=True)
        for name, frame in marketplace.tables.items()
    }
    again = run(replace(marketplace, tables=shuffled))
    assert replace(again.findings, source=analysed.findings.source) == analysed.findings


@pytest.mark.slow
def test_other_numbers_of_every_fit_change_no_document(marketplace, analysed, monkeypatch):
    """Whatever number K-Means gives a cluster: the same candidates, segments, rules and pages."""
    fit = kmeans.fit_cold

    def renumbered(*arguments, **options):
        found = fit(*arguments, **options)
        last = len(found.centres) - 1
        return replace(found, centres=found.centres[::-1].copy(), labels=last - found.labels)

    monkeypatch.setattr(kmeans, "fit_cold", renumbered)
    other = run(marketplace)
    wording = Wording("en")
    pages = [
        render_report(build_context(found.findings, wording), wording, None)
        for found in (other, analysed)
    ]
    assert pages[0] == pages[1]
    assert other.findings.proposal == analysed.findings.proposal
    assert _names(other) == _names(analysed)
    files = [data_files(found, SETTINGS) for found in (other, analysed)]
    assert files[0]["segments.sql"] == files[1]["segments.sql"]
    # Sums over customers in another order of the segments may end in another last digit.
    for name in ("segments.csv", "candidates.csv"):
        rows = [_to_nine_digits(each[name]) for each in files]
        assert rows[0] == rows[1], name


def _names(found):
    """Return what the segments are called, and their personas, in their order."""
    return [(each.segment_id, each.persona) for each in found.findings.segmentation.segments]


def _to_nine_digits(content):
    """Return the lines of a CSV file, long decimals rounded."""
    text = content.decode()
    return re.sub(r"\d+\.\d{9,}", lambda found: f"{float(found[0]):.9g}", text).splitlines()


@pytest.mark.slow
def test_later_orders_change_nothing_before(marketplace):
    as_of = datetime(2018, 6, 30, 12, 0, 0)
    settings = check_settings({**QUICK, "as_of": as_of})
    cut = dict(marketplace.tables)
    cut["orders"] = cut["orders"][cut["orders"].order_purchase_timestamp <= str(as_of)]
    for name in ("order_items", "order_payments", "order_reviews"):
        cut[name] = cut[name][cut[name].order_id.isin(cut["orders"].order_id)]
    whole, short = run(marketplace, settings), run(replace(marketplace, tables=cut), settings)
    for part in ("customers", "segmentation", "stability", "refresh"):
        assert getattr(whole.findings, part) == getattr(short.findings, part), part
    assert whole.findings.kpis.total == short.findings.kpis.total


def test_the_steps_have_the_names_of_the_design(marketplace):
    steps = Steps()
    run(marketplace, steps=steps)
    assert [timing.name for timing in steps.timings] == [
        "build_orders",
        "build_customers",
        "measure_kpis",
        "measure_drift",
        "try_candidates",
        "select",
        "trace_stability",
        "segment",
        "profile",
        "describe_stability",
        "weigh_candidates",
        "weigh_features",
        "recommend_refresh",
        "price_contract",
    ]


def test_a_short_history_takes_the_short_window(analysed):
    period = analysed.findings.period
    assert fit_window(SETTINGS, period).customers.window_days == 365
    shorter = replace(period, started_on=date(2017, 9, 1))
    assert fit_window(SETTINGS, shorter).customers.window_days == 180


def same_spend(tables):
    """Every order costs the same; who reorders within a day still spends twice as much."""
    items = tables["order_items"].drop_duplicates("order_id")
    rest = {name: frame for name, frame in tables.items() if name != "order_payments"}
    return {**rest, "order_items": items.assign(price="50.0", freight_value="10.0")}


def same_review(tables):
    return {**tables, "order_reviews": tables["order_reviews"].assign(review_score="5")}


def same_everything(tables):
    orders = tables["orders"].drop_duplicates("customer_id")
    return same_review(same_spend({**tables, "orders": orders}))


@pytest.mark.parametrize("constant", [same_spend, same_review, same_everything])
def test_constant_columns_are_said_and_do_not_crash(marketplace, constant):
    found = run(replace(marketplace, tables=constant(marketplace.tables))).findings
    assert isinstance(found.segmentation, NotComputed)
    assert found.segmentation.code in ("stopped_at_gate", "no_variation")
    assert found.kpis.total.orders > 0
    assert from_json(to_json(found)) == found


def test_one_customer_who_spends_a_thousand_times_the_rest_moves_no_segment(marketplace, analysed):
    items = marketplace.tables["order_items"].copy()
    items["price"] = items["price"].astype(float)
    items.loc[items.index[len(items) // 2], "price"] *= 1_000
    tables = {**marketplace.tables, "order_items": items}
    tables.pop("order_payments")
    found = run(replace(marketplace, tables=tables)).findings
    personas = [segment.persona for segment in found.segmentation.segments]
    assert personas == [segment.persona for segment in analysed.findings.segmentation.segments]
    assert min(segment.profile.customer_share for segment in found.segmentation.segments) > 0.01


@pytest.mark.olist
@pytest.mark.slow
def test_both_forms_of_the_real_data_give_the_same_findings(olist_archive, olist_db):
    found = []
    for path in (olist_archive, olist_db):
        with open_source(path) as source:
            found.append(analyse(source, check_settings({})).findings)
    assert replace(found[1], source=found[0].source) == found[0]
    customers = found[0].customers
    # The window of the specification: 73,712 customers, 96,096 ids of which 8 only bought later.
    assert customers.one_time + customers.repeat + customers.waiting == 73_712
    assert customers.total == 96_088
    assert found[0].segmentation.family == "traits"
    assert found[0].segmentation.structure.structure is False
    personas = [segment.persona for segment in found[0].segmentation.segments]
    assert personas == [
        "loyal",
        "satisfied_large",
        "unhappy_large",
        "satisfied_medium",
        "unhappy_small",
        "satisfied_small",
    ]
    # Six segments have more points, by less than what counts as a draw: the fewer are kept.
    choice = found[0].choice
    assert 0 < choice.runner_up_points - choice.points < choice.tie
    assert found[0].stability.chosen.lowest_ari > 0.85
    # The family that holds recency has near ties: where its first alarm falls hangs on them.
    assert found[0].stability.other.first_alarm_days <= 84
    assert found[0].refresh.months == 4


def test_where_nearly_all_come_back_the_reason_is_that_and_not_that_nobody_is_there():
    table = make_table(np.full(600, 100.0), np.full(600, 5.0), repeat=np.ones(600, bool))
    found = why_not(table, sample_findings().period, SETTINGS.customers)
    assert found == NotComputed("all_repeat", found="600", expected="500")
    few = make_table(np.full(10, 100.0), np.full(10, 5.0))
    why = why_not(few, sample_findings().period, SETTINGS.customers)
    assert why == NotComputed("too_few_customers", found="10", expected="500")


@pytest.fixture(scope="module")
def on_a_subset(marketplace):
    wanted = {**QUICK, "scale": {"fit_customers": 4_000}}
    return run(marketplace, check_settings(wanted))


def test_a_subset_is_stated_with_what_it_leaves_open(on_a_subset, analysed):
    subset = on_a_subset.findings.subset
    assert subset.total == 8_000
    assert abs(subset.customers - 4_000) < 200
    assert subset.error.agreement > 0.9
    assert subset.error.share_gap < 0.05
    assert analysed.findings.subset is None
    sentences = " ".join(build_context(on_a_subset.findings, Wording("en")).method)
    assert f"{subset.customers:,} of 8,000 customers" in sentences
    assert "same segment (ARI" in sentences


def test_the_whole_is_counted_whoever_was_fitted_on(on_a_subset, analysed):
    """Shop, customers and their sums are those of all; the segments hold everybody."""
    ours, whole = on_a_subset.findings, analysed.findings
    assert ours.kpis.total == whole.kpis.total
    assert ours.customers == whole.customers
    everybody, all_of_them = ours.segmentation.everybody, whole.segmentation.everybody
    assert everybody.customers == all_of_them.customers
    assert everybody.revenue_cents == all_of_them.revenue_cents
    assert sum(one.profile.customers for one in ours.segmentation.segments) == everybody.customers
    counted = np.bincount(on_a_subset.segments[on_a_subset.segments != NO_SEGMENT])
    assert counted.tolist() == [one.profile.customers for one in ours.segmentation.segments]


def test_a_model_of_a_subset_finds_what_was_planted(on_a_subset, marketplace):
    truth = marketplace.truth.set_index("customer_unique_id")["segment"]
    known = np.flatnonzero(on_a_subset.segments != NO_SEGMENT)
    planted = truth.loc[on_a_subset.orders.customer_ids[known]].to_numpy()
    assert adjusted_rand(on_a_subset.segments[known], planted) >= 0.85
