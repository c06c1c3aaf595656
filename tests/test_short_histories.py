"""Shops whose history is too short, torn or of one day: each is described as far as it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from builders import make_orders, moment
from sample import sample_findings, sample_proposal

from analysis.errors import SettingsError
from analysis.findings import Findings, NotComputed, Pause
from analysis.marketplace import make_marketplace
from analysis.orders import describe_period, find_pause
from analysis.pipeline import analyse
from analysis.settings import Settings, check_settings, refuse_expired
from analysis.source import open_tables
from report.context import build_context
from report.html import render_report
from report.proposal import render_proposal
from report.wording import BLANK, Wording

SETTINGS = check_settings({"customers": {"minimum_customers": 100}})
ENGLISH = Wording("en")


@pytest.fixture(scope="module")
def tables():
    """The tables of a shop of 700 customers, bought from 2017-01 to 2018-10."""
    return make_marketplace(700, seed=11).tables


def bought(tables, keep) -> Findings:
    """Analyse the orders whose purchase is kept."""
    kept = dict(tables)
    orders = tables["orders"]
    kept["orders"] = orders[keep(orders["order_purchase_timestamp"])]
    for name in ("order_items", "order_payments", "order_reviews"):
        kept[name] = tables[name][tables[name]["order_id"].isin(kept["orders"]["order_id"])]
    with open_tables(kept) as source:
        return analyse(source, SETTINGS).findings


def said(found: Findings) -> str:
    """What the report says, and that it can be made."""
    context = build_context(found, ENGLISH)
    assert context.segmentation
    return render_report(context, ENGLISH, None)


def test_less_than_the_window_and_six_months_takes_the_short_window_and_says_so(tables):
    found = bought(tables, lambda when: when >= "2017-10-01")
    assert found.customers.window_days == 180
    assert isinstance(found.segmentation, NotComputed)
    assert found.segmentation.code == "too_short_history"
    page = said(found)
    assert "180\u00a0days" in page
    assert "at least 365\u00a0days are needed" in page


def test_two_months_without_orders_are_said_and_the_history_starts_anew(tables):
    found = bought(tables, lambda when: (when < "2017-11-01") | (when >= "2018-01-05"))
    pause = found.period.pause
    assert isinstance(pause, Pause)
    assert 60 <= pause.days <= 75
    assert found.period.started_on == date(2018, 1, 1)
    page = said(found)
    assert "No order was bought for" in page
    assert "starts anew on 1\u00a0January 2018" in page


def test_all_orders_on_one_day_are_counted_and_nothing_is_made_up(tables):
    orders = tables["orders"].assign(
        order_purchase_timestamp="2018-03-01 10:00:00",
        order_approved_at="2018-03-01 10:00:00",
        order_delivered_carrier_date="2018-03-01 12:00:00",
        order_delivered_customer_date="2018-03-01 20:00:00",
        order_estimated_delivery_date="2018-03-10 00:00:00",
    )
    with open_tables({**tables, "orders": orders}) as source:
        found = analyse(source, SETTINGS).findings
    assert found.kpis.total.orders == len(orders)
    for part in (found.segmentation, found.stability, found.refresh, found.staleness):
        assert isinstance(part, NotComputed)
    assert found.segmentation == NotComputed("too_short_history", found="0", expected="365")
    assert "Not computed: the history covers 0\u00a0days" in said(found)


def test_a_pause_is_the_last_long_stretch_that_enough_orders_precede():
    """Of 200 orders, one stands alone before a year; the shop then stops for 28 days once."""
    days = [0, *range(400, 500), *range(527, 626)]
    purchased = np.array([moment("2016-01-01") + 86_400 * day for day in days], dtype=np.int64)
    found = find_pause(purchased, Settings().customers)
    assert found == Pause(datetime(2017, 5, 14), datetime(2017, 6, 11), 28)
    assert find_pause(purchased[:101], Settings().customers) is None
    longer = check_settings({"customers": {"pause_days": 29}}).customers
    assert find_pause(purchased, longer) is None


def test_a_pause_that_empties_no_month_leaves_the_history_whole():
    rows = [
        {"customer": f"c{day}", "bought": f"2018-{month:02}-{day:02}"}
        for month, first, last in ((1, 1, 10), (2, 15, 28), (3, 1, 20))
        for day in range(first, last + 1)
    ]
    period = describe_period(make_orders(rows), None, Settings())
    assert period.started_on == date(2018, 1, 1)
    assert period.pause == Pause(datetime(2018, 1, 10), datetime(2018, 2, 15), 36)
    found = replace(sample_findings(), period=replace(sample_findings().period, pause=period.pause))
    moved = replace(found, period=replace(found.period, started_on=date(2018, 1, 1)))
    assert any("describe fewer customers" in text for text in build_context(moved, ENGLISH).limits)


@pytest.mark.parametrize("key", ["day_rate", "infrastructure_per_month", "refit_days"])
def test_a_negative_rate_is_one_message(key: str):
    with pytest.raises(SettingsError, match="greater than or equal to 0") as problem:
        check_settings({"contract": {key: "-1"}}, where="playbook.toml")
    assert f"contract.{key}" in str(problem.value)
    assert "playbook.toml" in str(problem.value)


def test_a_validity_in_the_past_is_one_message():
    past = check_settings({"contract": {"date": date(2020, 1, 1), "validity_days": 30}})
    with pytest.raises(SettingsError, match="was valid until 2020-01-31"):
        refuse_expired(past, date(2030, 1, 1))
    with pytest.raises(SettingsError, match="validity_days"):
        check_settings({"contract": {"validity_days": -3}})


def test_without_a_name_of_the_client_the_documents_have_a_blank_to_fill():
    settings = check_settings({"client": {"name": ""}, "contract": {"day_rate": "600"}})
    found = sample_findings(proposal=sample_proposal(settings=settings))
    context = build_context(found, ENGLISH)
    assert context.cover.client == BLANK
    assert context.proposal.parties.rows[0][1] == BLANK
    assert render_proposal(context, ENGLISH).startswith(b"%PDF")
