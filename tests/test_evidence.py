"""The evidence on features: known answers on made-up customers, and no look into the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import make_orders, moment
from worlds import make_table, two_by_two

from analysis.customers import build_customers
from analysis.descriptions import Descriptions, describe_customers
from analysis.evidence import transform_spend, weigh_features
from analysis.findings import NotComputed
from analysis.order_details import OrderDetails, great_circle_km
from analysis.repeat_flag import measure_repeat_flag
from analysis.settings import Settings, check_settings

SETTINGS = check_settings({"features": {"customers": 2_000, "resamples": 2}})
AS_OF = moment("2018-08-01")
ROWS = [
    {
        "customer": "a",
        "bought": "2018-07-01",
        "price": 90,
        "freight": 10,
        "delivered": "2018-07-11",
        "promised": "2018-07-09",
        "instalments": 3.0,
        "category": "toys",
    },
    {
        "customer": "b",
        "bought": "2018-07-02",
        "price": 30,
        "freight": 10,
        "delivered": "2018-07-06",
        "promised": "2018-07-16",
        "category": "books",
    },
    {
        "customer": "b",
        "bought": "2018-07-02 05:00:00",
        "price": 30,
        "freight": 30,
        "promised": "2018-09-01",
        "category": "toys",
    },
]


def details_of(orders, distance=(5.0, 7.0, 9.0)):
    return OrderDetails(
        distance_km=np.array(distance),
        category_order=np.array([0, 1, 2]),
        category=np.array([1, 0, 1]),
        has_places=True,
        has_categories=True,
    )


def describe(rows=ROWS, as_of=AS_OF):
    orders = make_orders(rows)
    table = build_customers(orders, as_of, Settings().customers)
    distance = [5.0, 7.0, 9.0, 11.0][: len(rows)]
    details = replace(details_of(orders), distance_km=np.array(distance))
    return describe_customers(orders, details, table, np.array([0, 1]))


def test_features_are_those_worked_out_by_hand():
    found = describe().numbers
    assert found["delay_days"].tolist() == [2.0, -10.0]
    assert found["delivery_days"].tolist() == [10.0, 4.0]
    assert found["freight_share"].tolist() == [0.1, 0.4]
    assert found["instalments"].tolist() == [3.0, 1.0]
    assert found["items"].tolist() == [1.0, 2.0]
    assert found["categories"].tolist() == [1.0, 2.0]
    assert found["distance_km"].tolist() == [5.0, 9.0]


def test_later_events_change_nothing():
    later = [
        *ROWS[:2],
        {**ROWS[2], "delivered": "2018-08-20"},
        {"customer": "a", "bought": "2018-08-05", "price": 500, "freight": 1},
    ]
    before, after = describe(), describe(later)
    for name, values in before.numbers.items():
        np.testing.assert_array_equal(values, after.numbers[name], err_msg=name)


def test_what_nobody_knows_is_not_a_number():
    rows = [{key: value for key, value in row.items() if key != "delivered"} for row in ROWS]
    found = describe(rows).numbers
    assert np.isnan(found["delay_days"]).all()
    assert np.isnan(found["delivery_days"]).all()


def test_great_circles_of_known_length():
    """São Paulo to Rio de Janeiro: 361 km; a quarter of the equator: 10,008 km."""
    found = great_circle_km(
        np.array([-23.5505, 0.0]),
        np.array([-46.6333, 0.0]),
        np.array([-22.9068, 0.0]),
        np.array([-43.1729, 90.0]),
    )
    np.testing.assert_allclose(found, [361, 10_007.5], rtol=0.005)


@pytest.mark.parametrize("name", ["raw", "winsorised", "log1p", "yeo_johnson", "rank"])
def test_transformations_keep_the_order(name):
    spend = np.exp(np.random.default_rng(0).normal(4.7, 0.8, 500))
    column = transform_spend(spend, name)
    assert (np.diff(column[np.argsort(spend)]) >= -1e-12).all()


def test_an_unknown_transformation_is_an_error():
    with pytest.raises(ValueError, match="no transformation cube"):
        transform_spend(np.ones(3), "cube")


def weigh(table, described, has_reviews=True):
    codes = np.arange(len(table.spend))
    return weigh_features(table, codes, described, "traits", 4, has_reviews, SETTINGS)


@pytest.fixture(scope="module")
def weighed():
    world = two_by_two(2_000)
    rng = np.random.default_rng(3)
    numbers = {
        "freight_share": np.log(world.spend) + rng.normal(0, 0.1, 2_000),
        "categories": np.where(rng.random(2_000) < 0.01, 2.0, 1.0),
        "distance_km": np.where(rng.random(2_000) < 0.5, 10.0, 2_000.0),
        "delay_days": np.full(2_000, np.nan),
    }
    described = Descriptions(numbers, {"state": rng.integers(0, 6, 2_000)})
    return {entry.feature: entry for entry in weigh(world, described).features}


def test_each_feature_has_the_reason_it_was_made_for(weighed):
    reasons = {name: entry.reason for name, entry in weighed.items()}
    assert reasons["spend"] == reasons["review"] == "needed"
    assert reasons["freight_share"] == "repeats"
    assert reasons["categories"] == "constant"
    assert reasons["distance_km"] == "takes_over"
    assert reasons["delay_days"] == "unknown"
    assert reasons["state"] == "levels"


def test_a_feature_that_clusters_against_the_figures_is_said():
    """Recency knows nothing of money or satisfaction: the family that clusters on it is told so."""
    table, codes = two_by_two(2_000), np.arange(2_000)
    found = weigh_features(
        *(table, codes, Descriptions({}, {}), "traits_and_recency", 4, True, SETTINGS)
    )
    reasons = {entry.feature: entry.reason for entry in found.features}
    assert reasons["recency_days"] == "dispensable"


def test_a_feature_that_would_serve_is_said():
    """Recency parts two segments; what follows money as well turns them to money."""
    wanted = {"customers": 2_000, "resamples": 2, "correlation": 1}
    rng = np.random.default_rng(5)
    spend = np.exp(rng.normal(4.7, 0.8, 2_000))
    table = make_table(spend, np.full(2_000, np.nan), rng.choice([10.0, 300.0], 2_000))
    dear = np.where(spend > np.median(spend), 50.0, 1.0)
    described = Descriptions({"delay_days": dear}, {})
    family, codes = "traits_and_recency", np.arange(2_000)
    settings = check_settings({"features": wanted})
    found = weigh_features(table, codes, described, family, 2, False, settings)
    reasons = {one.feature: one.reason for one in found.features}
    assert reasons["delay_days"] == "would_serve"


def test_a_repeat_flag_inside_kmeans_finds_the_repeat_buyers_again():
    """At three in a hundred the flag stands six deviations away: a cluster of its own."""
    world = two_by_two(2_000)
    again = np.arange(2_000) % 33 == 0
    table = make_table(world.spend, world.review, world.recency_days, again)
    found = measure_repeat_flag(table, ("spend", "review"), 4, SETTINGS)
    assert not isinstance(found, NotComputed)
    assert found.repeat_share == again.mean()
    assert (found.isolated_share, found.purity) == (1.0, 1.0)
    assert found.agreement > 0.95


def test_without_repeat_buyers_there_is_no_flag():
    found = measure_repeat_flag(two_by_two(500), ("spend", "review"), 4, SETTINGS)
    assert found == NotComputed("no_variation", found="occasions")


def test_without_money_or_satisfaction_the_segments_are_blind_to_it(weighed):
    assert weighed["spend"].eta_squared_spend < 0.05
    assert weighed["review"].eta_squared_review < 0.05
    assert weighed["recency_days"].role == "lifecycle"


def test_log_leaves_more_of_money_than_spend_as_it_is():
    world = two_by_two(2_000)
    spend = world.spend.copy()
    spend[:5] *= 1_000
    rich = make_table(spend, world.review, world.recency_days)
    found = weigh(rich, Descriptions({}, {}))
    by_name = {entry.transform: entry for entry in found.transforms}
    assert by_name["log1p"].eta_squared_spend > by_name["raw"].eta_squared_spend + 0.2
    assert by_name["log1p"].smallest_share > by_name["raw"].smallest_share
    assert by_name["log1p"].used


def test_few_missing_reviews_change_nothing():
    world = two_by_two(2_000)
    imputed = np.arange(2_000) % 200 == 0
    found = weigh(replace(world, review_imputed=imputed), Descriptions({}, {})).reviews
    assert not isinstance(found, NotComputed)
    assert found.missing_share == pytest.approx(0.005)
    assert found.agreement_without > 0.98


def test_without_reviews_only_money_is_weighed():
    world = two_by_two(1_000)
    silent = replace(world, review=np.full(1_000, np.nan))
    found = weigh(silent, Descriptions({}, {}), has_reviews=False)
    assert isinstance(found.reviews, NotComputed)
    assert isinstance(found.features[0].eta_squared_review, NotComputed)
