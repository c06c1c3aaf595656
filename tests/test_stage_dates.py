"""Where the stages end, by the curve of second purchases: by hand, and where it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from builders import make_orders, moment
from sample import sample_findings
from test_profiles import MODEL

from analysis.assignment import list_customers
from analysis.errors import SettingsError
from analysis.findings import NotComputed, ReturnDays
from analysis.segmentation import customers_of, model_from_json, model_to_json, with_stages
from analysis.settings import Settings, check_settings
from analysis.stage_dates import find_return_days, settle_stages
from report.context import build_context
from report.wording import Wording

END = moment("2019-06-01")


def settings(**lifecycle) -> Settings:
    return check_settings({"lifecycle": {"minimum_returns": 5, **lifecycle}})


def shop(returns: list[int], silent: int = 20):
    """Customers who buy on one day and again after so many days, and others who do not."""
    start = date(2018, 1, 1)
    rows = [{"customer": f"s{place}", "bought": str(start)} for place in range(silent)]
    for place, days in enumerate(returns):
        rows.append({"customer": f"r{place}", "bought": str(start)})
        rows.append({"customer": f"r{place}", "bought": str(start + timedelta(days=days))})
    return make_orders(rows)


TEN = [11, 22, 33, 44, 58, 100, 150, 203, 300, 360]


def test_half_and_four_fifths_of_those_who_come_back_by_hand():
    """Of ten back within the year, the fifth is back after 58 days, the eighth after 203."""
    found = find_return_days(shop(TEN), END, settings())
    assert found == ReturnDays(active_days=58.0, cooling_days=203.0, returns=10)


def test_who_came_back_after_the_window_does_not_count():
    assert find_return_days(shop([*TEN, 400, 500]), END, settings()).cooling_days == 203.0


def test_what_is_found_is_rounded_and_stands_before_the_settings():
    settled, told = settle_stages(shop(TEN), END, settings())
    assert (settled.lifecycle.active_days, settled.lifecycle.cooling_days) == (60, 200)
    assert (told.active_days, told.cooling_days) == (60, 200)
    assert (told.set_active_days, told.set_cooling_days) == (90, 180)


@pytest.mark.parametrize(
    ("lifecycle", "returns", "why"),
    [
        ({"minimum_returns": 11}, TEN, NotComputed("too_few_customers", "10", "11")),
        ({"from_returns": False}, TEN, NotComputed("not_given")),
        # All back in a week: no two stages of ten days.
        ({}, [5, 5, 6, 6, 7], NotComputed("no_variation")),
    ],
)
def test_otherwise_the_settings_stay_and_the_reason_is_kept(lifecycle, returns, why):
    wanted = settings(**lifecycle)
    settled, told = settle_stages(shop(returns), END, wanted)
    assert settled == wanted
    assert told.found == why
    assert (told.active_days, told.cooling_days) == (90, 180)


def test_a_history_shorter_than_the_window_says_nothing_of_its_end():
    early = moment("2018-09-01")
    rows = shop([11, 22, 33, 44, 58])
    assert find_return_days(rows, early, settings()) == NotComputed("not_observed", found="365")


def test_shares_in_the_wrong_order_are_refused():
    with pytest.raises(SettingsError, match="less than cooling_share"):
        settings(active_share=0.8, cooling_share=0.5)


def test_a_model_keeps_the_stages_that_it_was_made_with():
    """A customer of 100 days is active until 120, and cooling where the settings say 90."""
    plain = replace(MODEL, personas=("loyal", "spend_large", "spend_small"))
    model = with_stages(plain, settings(active_days=120, cooling_days=260).lifecycle)
    assert model_from_json(model_to_json(model)) == model
    orders = make_orders(
        [{"customer": "one", "bought": "2018-04-23", "reviews": [(5, "2018-05-01")]}]
    )
    for stored, stage in ((model, "active"), (plain, "cooling")):
        table = customers_of(stored, orders, moment("2018-08-01"), Settings().customers)
        rows = list_customers(orders, table, stored, Settings())
        assert rows["stage"].tolist() == [stage]
    assert np.isclose(rows["recency_days"][0], 100)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (ReturnDays(88.2, 176.4, 418), "50% are back after 88 days and 80% after 176 days"),
        (NotComputed("too_few_customers", "12", "200"), "are a setting"),
        (NotComputed("not_given"), "are a setting, the same for every segment. Measured"),
    ],
)
def test_the_report_says_where_the_stages_come_from(found, said):
    segmentation = sample_findings().segmentation
    told = replace(segmentation, stages=replace(segmentation.stages, found=found))
    view = build_context(sample_findings(segmentation=told), Wording("en")).segmentation
    text = view.stage_check.replace("\u00a0", " ")
    assert said in text
    assert "117 days" in text
    if found == NotComputed("too_few_customers", "12", "200"):
        assert "12 customers were found, at least 200 are needed" in text
