"""What the notebooks ask of the analysis, on customers that are counted with a pencil."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import make_orders, moment
from sample import sample_findings

from analysis import exploration
from analysis.customers import build_customers
from analysis.findings import NotComputed
from analysis.segmentation import NO_SEGMENT
from analysis.settings import check_settings
from analysis.study import Study

SETTINGS = check_settings({"customers": {"outcome_days": 10}})


def order(customer, bought, spend, score, **more):
    """An order that was delivered after ten days, five before the promise, and reviewed."""
    day = np.datetime64(bought)
    facts = {
        "customer": customer,
        "bought": bought,
        "price": spend - 10,
        "paid": spend,
        "delivered": str(day + 10),
        "promised": str(day + 15),
        "reviews": [(score, str(day + 12))],
    }
    return facts | more


ROWS = [
    order("a", "2018-05-01", 50, 5, instalments=1.0),
    order("b", "2018-05-02", 100, 4, instalments=2.0),
    order("c", "2018-05-03", 200, 2, instalments=3.0),
    order("d", "2018-06-30", 400, 1, instalments=10.0, delivered=None, reviews=[]),
]


def study_of(rows=ROWS, segments=None):
    orders = make_orders(rows)
    table = build_customers(orders, moment("2018-08-01"), SETTINGS.customers)
    found = sample_findings()
    started = np.datetime64(rows[0]["bought"]).astype("datetime64[M]").item()
    return Study(
        findings=replace(found, period=replace(found.period, started_on=started)),
        settings=SETTINGS,
        orders=orders,
        table=table,
        model=None,
        segments=segments,
    )


def test_missing_values_are_counted_by_month():
    found = exploration.count_missing(study_of())
    assert found.months == ("2018-05", "2018-06")
    shares = dict(zip(found.fields, found.shares.tolist(), strict=True))
    assert shares["delivery_days"] == [0.0, 1.0]
    assert shares["review"] == [0.0, 1.0]
    assert shares["spend"] == [0.0, 0.0]


def test_a_customer_is_described_by_the_last_order_of_the_window():
    rows = [*ROWS[:3], order("a", "2018-07-01", 70, 1, instalments=6.0)]
    features = exploration.describe_customers(study_of(rows))
    place = [list(study_of(rows).orders.customer_ids).index(name) for name in "abc"]
    assert features.known("instalments")[place].tolist() == [6.0, 2.0, 3.0]
    assert np.exp(features.known("spend")[place]) - 1 == pytest.approx([120, 100, 200])
    assert set(features.segments) == {NO_SEGMENT}


def test_what_is_the_same_for_everybody_is_left_out():
    features = exploration.describe_customers(study_of(ROWS[:3]))
    assert features.constant == ("delivery_days", "delay_days")


def test_features_are_summed_up_by_quartiles():
    found = {one.name: one for one in exploration.summarise_features(study_of(ROWS[:3]))}
    assert found["instalments"].quartiles.median == 2.0
    assert found["instalments"].skewness == pytest.approx(0.0)
    assert found["review"].missing_share == 0.0


def test_features_that_rank_alike_correlate_fully():
    found = exploration.correlate_features(study_of(ROWS[:3]))
    assert not isinstance(found, NotComputed)
    at = {name: place for place, name in enumerate(found.names)}
    assert found.rows == 3
    assert found.values[at["spend"], at["instalments"]] == pytest.approx(1.0)
    assert found.values[at["spend"], at["review"]] == pytest.approx(-1.0)


def test_whole_numbers_have_a_bar_each():
    found = exploration.histogram("review", np.array([1.0, 1.0, 2.0, 5.0]))
    assert found.edges.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert found.counts.tolist() == [2, 1, 0, 0, 1]
    assert found.beyond == 0


def test_bars_leave_out_the_tails_and_say_how_many():
    values = np.concatenate([np.linspace(0.5, 10.5, 996), [-1e6, 1e6, 2e6, 3e6]])
    found = exploration.histogram("delay_days", values)
    assert found.counts.sum() + found.beyond == 1_000
    assert 4 <= found.beyond <= 12
    assert -1 < found.edges[0] < found.edges[-1] < 11


def test_a_histogram_needs_values():
    with pytest.raises(ValueError, match="no values of spend"):
        exploration.histogram("spend", np.array([]))


@pytest.mark.parametrize(
    "question", [exploration.profile_silhouettes, exploration.contrast_segments]
)
def test_without_a_model_nothing_is_said_of_segments(question):
    assert question(study_of()) == NotComputed("depends_on", found="segmentation")


def test_too_few_customers_are_not_projected():
    found = exploration.project_customers(study_of())
    assert isinstance(found, NotComputed)
    assert found.code == "too_few_customers"
