"""The made-up marketplace: its shape, its traps, and the truth that is planted in it."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from analysis.marketplace import SEGMENTS, Marketplace, make_marketplace
from analysis.marketplace_places import CITIES, STATES, list_places, spell_plainly
from analysis.source import open_tables
from analysis.tables import TABLES

CUSTOMERS = 12_000


@pytest.fixture(scope="module")
def marketplace() -> Marketplace:
    return make_marketplace(CUSTOMERS, seed=5)


@pytest.fixture(scope="module")
def orders(marketplace: Marketplace) -> pd.DataFrame:
    """One row an order, with its customer, its moments read, and whether it came late."""
    return read_orders(marketplace)


def read_orders(marketplace: Marketplace) -> pd.DataFrame:
    table = marketplace.tables["orders"].merge(marketplace.tables["customers"], on="customer_id")
    for column in [name for name in table if name.endswith(("_timestamp", "_at", "_date"))]:
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d %H:%M:%S")
    promised = table["order_estimated_delivery_date"]
    return table.assign(late=table["order_delivered_customer_date"] > promised)


def describe_customers(marketplace: Marketplace, start: str, end: str) -> pd.DataFrame:
    """Spend, mean review and planted segment of those who bought once in (start, end]."""
    table = read_orders(marketplace)
    bought = table["order_purchase_timestamp"]
    valid = ~table["order_status"].isin(["canceled", "unavailable"])
    table = table[valid & (bought > start) & (bought <= end)]
    paid = marketplace.tables["order_payments"].groupby("order_id")["payment_value"].sum()
    stars = marketplace.tables["order_reviews"].groupby("order_id")["review_score"].last()
    table = table.assign(
        spend=table["order_id"].map(paid), review=table["order_id"].map(stars)
    ).merge(marketplace.truth, on="customer_unique_id")
    customers = table.groupby("customer_unique_id").agg(
        spend=("spend", "sum"), review=("review", "mean"), segment=("segment", "first")
    )
    return customers[customers["segment"] != "repeat"].dropna()


def standardise(customers: pd.DataFrame, reference: pd.DataFrame) -> np.ndarray:
    def traits(frame: pd.DataFrame) -> np.ndarray:
        return np.column_stack([np.log(frame["spend"]), frame["review"]])

    return (traits(customers) - traits(reference).mean(axis=0)) / traits(reference).std(axis=0)


def fit(customers: pd.DataFrame, k: int) -> KMeans:
    return KMeans(k, n_init=10, random_state=0).fit(standardise(customers, customers))


def test_same_seed_gives_the_same_tables_and_another_seed_others(marketplace: Marketplace) -> None:
    again = make_marketplace(CUSTOMERS, seed=5)
    other = make_marketplace(CUSTOMERS, seed=6)
    for name, table in marketplace.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    pd.testing.assert_frame_equal(marketplace.truth, again.truth)
    assert not marketplace.tables["orders"].equals(other.tables["orders"])


@pytest.mark.parametrize("customers", [1, 7, 500])
def test_any_size_has_all_tables(customers: int) -> None:
    made = make_marketplace(customers, seed=1)
    assert len(made.truth) == customers
    assert made.tables["customers"]["customer_unique_id"].nunique() == customers
    assert all(len(table) for table in made.tables.values())


def test_no_customers_are_refused() -> None:
    with pytest.raises(ValueError, match="customers = 0"):
        make_marketplace(0, seed=1)


def test_tables_have_the_columns_that_are_read(marketplace: Marketplace) -> None:
    assert sorted(marketplace.tables) == sorted(spec.name for spec in TABLES)
    for spec in TABLES:
        table = marketplace.tables[spec.name]
        assert set(spec.columns) | set(spec.extra_columns) <= set(table.columns), spec.name
        assert not table[list(spec.filled)].isna().any(axis=None), spec.name
        if spec.key:
            assert not table.duplicated(list(spec.key)).any(), spec.name
        for column in spec.amounts:
            assert (table[column] >= 0).all(), column


def test_tables_are_a_source_without_complaint(marketplace: Marketplace) -> None:
    with open_tables(marketplace.tables) as source:
        rows = {table.name: table.rows for table in source.description.tables}
    assert rows == {name: len(table) for name, table in marketplace.tables.items()}


def test_rows_refer_to_rows_that_are_there(marketplace: Marketplace) -> None:
    tables = marketplace.tables
    references = [
        ("orders", "customer_id", "customers"),
        ("order_items", "order_id", "orders"),
        ("order_payments", "order_id", "orders"),
        ("order_reviews", "order_id", "orders"),
        ("order_items", "product_id", "products"),
        ("order_items", "seller_id", "sellers"),
    ]
    for table, column, target in references:
        assert tables[table][column].isin(tables[target][column]).all(), (table, column)
    assert set(marketplace.truth["customer_unique_id"]) == set(
        tables["customers"]["customer_unique_id"]
    )
    assert set(marketplace.truth["segment"]) == set(SEGMENTS)


def test_ids_zips_and_moments_are_written_as_in_the_public_files(marketplace: Marketplace) -> None:
    tables = marketplace.tables
    assert tables["orders"]["order_id"].str.fullmatch(r"[0-9a-f]{32}").all()
    zips = tables["customers"]["customer_zip_code_prefix"]
    assert zips.str.fullmatch(r"\d{5}").all()
    assert zips.str.startswith("0").any()
    moments = tables["orders"]["order_purchase_timestamp"]
    assert moments.str.fullmatch(r"201[78]-\d\d-\d\d \d\d:\d\d:\d\d").all()
    assert tables["orders"]["order_delivered_customer_date"].isna().any()


def test_items_and_freight_add_up_to_what_was_paid(marketplace: Marketplace) -> None:
    items = marketplace.tables["order_items"]
    paid = marketplace.tables["order_payments"].groupby("order_id")["payment_value"].sum()
    charged = (items["price"] + items["freight_value"]).groupby(items["order_id"]).sum()
    cents = (paid[charged.index] * 100).round() - (charged * 100).round()
    assert (cents == 0).all()
    assert (items["price"] > 0).all()


def test_moments_of_an_order_follow_each_other(orders: pd.DataFrame) -> None:
    steps = [
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
    ]
    delivered = orders[orders["order_status"] == "delivered"]
    assert delivered[steps].notna().all(axis=None)
    for before, after in itertools.pairwise(steps):
        assert (delivered[before] <= delivered[after]).all(), after
    assert orders[steps].max().max() <= pd.Timestamp("2018-10-17 17:30")
    undelivered = orders["order_status"] != "delivered"
    assert orders.loc[undelivered, "order_delivered_customer_date"].isna().all()


def test_period_growth_and_peak(orders: pd.DataFrame) -> None:
    days = orders["order_purchase_timestamp"].dt.normalize()
    assert days.value_counts().idxmax() == pd.Timestamp("2017-11-24")
    assert days.min() < pd.Timestamp("2017-01-31")
    first, last = (days < "2017-07-01").sum(), (days >= "2018-03-01").sum()
    assert last > 3 * first
    after = orders[days > "2018-08-29"]
    assert 0 < len(after) < 0.002 * len(orders)
    assert "delivered" not in set(after["order_status"])
    delivered = orders[orders["order_status"] == "delivered"]["order_purchase_timestamp"]
    assert delivered.max() > pd.Timestamp("2018-08-29")


def test_shares_are_those_of_the_public_data(
    marketplace: Marketplace, orders: pd.DataFrame
) -> None:
    tables = marketplace.tables
    delivered = orders[orders["order_status"] == "delivered"]
    reviewed = orders["order_id"].isin(tables["order_reviews"]["order_id"])
    stars = tables["order_reviews"].drop_duplicates("order_id").set_index("order_id")
    orders_each = orders.groupby("customer_unique_id").size()
    shares = {
        "delivered": (len(delivered) / len(orders), 0.97, 0.01),
        "canceled or unavailable": (
            orders["order_status"].isin(["canceled", "unavailable"]).mean(),
            0.0124,
            0.004,
        ),
        "late": (delivered["late"].mean(), 0.0811, 0.012),
        "customers with several orders": ((orders_each > 1).mean(), 0.0312, 0.008),
        "orders without review": (1 - reviewed.mean(), 0.0077, 0.004),
        "low reviews": ((stars["review_score"] <= 2).mean(), 0.147, 0.02),
        "several items": ((tables["order_items"]["order_item_id"] == 2).mean(), 0.087, 0.012),
        "several payments": (
            (tables["order_payments"]["payment_sequential"] == 2).mean(),
            0.029,
            0.006,
        ),
        "several reviews": (tables["order_reviews"].duplicated("order_id").mean(), 0.0055, 0.003),
        "customers in SP": ((orders["customer_state"] == "SP").mean(), 0.42, 0.02),
    }
    for name, (found, expected, tolerance) in shares.items():
        assert found == pytest.approx(expected, abs=tolerance), name


def test_late_deliveries_lower_the_review(marketplace: Marketplace, orders: pd.DataFrame) -> None:
    delivered = orders[orders["order_status"] == "delivered"]
    reviewed = delivered.merge(marketplace.tables["order_reviews"], on="order_id")
    means = reviewed.groupby("late")["review_score"].mean()
    assert means[False] - means[True] > 1.5
    # Also among customers of one planted segment.
    with_truth = reviewed.merge(marketplace.truth, on="customer_unique_id")
    small = with_truth[with_truth["segment"] == "small_satisfied"]
    means = small.groupby("late")["review_score"].mean()
    assert means[False] - means[True] > 0.3


def test_reviews_are_answered_after_the_delivery(
    marketplace: Marketplace, orders: pd.DataFrame
) -> None:
    reviews = marketplace.tables["order_reviews"].merge(orders, on="order_id")
    answered = pd.to_datetime(reviews["review_answer_timestamp"], format="%Y-%m-%d %H:%M:%S")
    waited = answered - reviews["order_delivered_customer_date"]
    # A review that answers for both orders of a split basket may precede the second delivery.
    alone = ~reviews.duplicated("review_id", keep=False)
    assert (waited[alone & waited.notna()] > pd.Timedelta(0)).all()
    assert waited.median() > pd.Timedelta(days=1)
    assert not alone.all()


def test_some_orders_of_a_customer_follow_within_a_day(orders: pd.DataFrame) -> None:
    in_order = orders.sort_values(["customer_unique_id", "order_purchase_timestamp"])
    gap = in_order.groupby("customer_unique_id")["order_purchase_timestamp"].diff().dropna()
    same_day = gap < pd.Timedelta(hours=24)
    assert 0.15 < same_day.mean() < 0.5
    assert (gap[~same_day] > pd.Timedelta(hours=48)).all()


def test_sellers_are_skewed_and_some_are_new(
    marketplace: Marketplace, orders: pd.DataFrame
) -> None:
    sold = marketplace.tables["order_items"].merge(orders, on="order_id").groupby("seller_id")
    counts = sold.size().sort_values(ascending=False)
    assert counts.iloc[: len(counts) // 10].sum() > 0.4 * counts.sum()
    first_sale = sold["order_purchase_timestamp"].min()
    assert ((first_sale > "2018-06-01") & (counts > 30)).any()


def test_places_are_those_of_the_country(marketplace: Marketplace) -> None:
    places = list_places()
    assert places.customer_share.sum() == pytest.approx(1)
    assert [state.code for state in STATES] == list(CITIES)
    lows = np.array([state.zip_low for state in STATES])[places.state]
    highs = np.array([state.zip_high for state in STATES])[places.state]
    assert (places.zip_low >= lows).all()
    assert (places.zip_low + places.zip_count - 1 <= highs).all()
    geolocation = marketplace.tables["geolocation"]
    assert set(marketplace.tables["customers"]["customer_zip_code_prefix"]) <= set(
        geolocation["geolocation_zip_code_prefix"]
    )
    cities = geolocation["geolocation_city"]
    assert {"sao paulo", "são paulo", "sao paulo / sp", "SÃO PAULO "} <= set(cities)
    assert spell_plainly("São João do Ímpeto") == "sao joao do impeto"


def test_some_categories_and_translations_are_missing(marketplace: Marketplace) -> None:
    categories = marketplace.tables["products"]["product_category_name"]
    translated = marketplace.tables["category_translation"]["product_category_name"]
    assert 0.005 < categories.isna().mean() < 0.04
    assert set(translated) < set(categories.dropna())


def test_planted_segments_are_what_k_means_finds(marketplace: Marketplace) -> None:
    customers = describe_customers(marketplace, "2017-08-29", "2018-08-29")
    joined = customers["segment"].replace("medium_satisfied", "small_satisfied")
    assert adjusted_rand_score(customers["segment"], fit(customers, 4).labels_) > 0.85
    assert adjusted_rand_score(joined, fit(customers, 3).labels_) > 0.9


def test_planted_segments_are_as_documented(marketplace: Marketplace) -> None:
    customers = describe_customers(marketplace, "2017-08-29", "2018-08-29")
    spend = customers.groupby("segment")["spend"].median()
    review = customers.groupby("segment")["review"].mean()
    assert spend["small_satisfied"] == pytest.approx(38, rel=0.05)
    assert spend["medium_satisfied"] == pytest.approx(100, rel=0.05)
    assert spend["large_satisfied"] == pytest.approx(490, rel=0.05)
    assert spend["unhappy"] == pytest.approx(100, rel=0.05)
    assert review["unhappy"] < 1.5
    assert review.drop("unhappy").min() > 4.5
    shares = marketplace.truth["segment"].value_counts(normalize=True)
    assert shares["unhappy"] == pytest.approx(0.15, abs=0.015)
    assert shares["repeat"] == pytest.approx(0.02, abs=0.005)


def test_drift_moves_reviews_and_large_baskets_from_its_day_on() -> None:
    drifted = make_marketplace(CUSTOMERS, seed=5, drift_from=date(2018, 3, 1))
    before = describe_customers(drifted, "2017-01-01", "2018-02-28")
    after = describe_customers(drifted, "2018-03-01", "2018-08-29")
    low = [(frame["review"] <= 2).mean() for frame in (before, after)]
    assert low[1] - low[0] == pytest.approx(0.20, abs=0.03)
    large = [
        frame.loc[frame["segment"] == "large_satisfied", "spend"].median()
        for frame in (before, after)
    ]
    assert large[1] / large[0] == pytest.approx(0.35, rel=0.08)


@pytest.mark.parametrize(("drift_from", "holds"), [(None, True), (date(2018, 3, 1), False)])
def test_an_old_model_disagrees_with_a_new_one_only_after_the_drift(
    drift_from: date | None, holds: bool
) -> None:
    made = make_marketplace(CUSTOMERS, seed=5, drift_from=drift_from)
    before = describe_customers(made, "2017-01-01", "2018-02-28")
    after = describe_customers(made, "2018-03-01", "2018-08-29")
    old = fit(before, 4).predict(standardise(after, before))
    agreement = adjusted_rand_score(old, fit(after, 4).labels_)
    assert (agreement > 0.95) == holds
    assert (agreement > 0.80) == holds
