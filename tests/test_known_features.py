"""Where many left no review: who is clustered, and how the others are placed."""

from __future__ import annotations

import doctest
from dataclasses import replace

import numpy as np
import pytest
from builders import make_orders, moment
from scipy.spatial.distance import cdist
from worlds import two_by_two

from analysis import known_features
from analysis.customers import MissingScores, build_customers
from analysis.descriptions import Descriptions
from analysis.errors import ModelError
from analysis.evidence import weigh_features
from analysis.findings import Condition, ReviewEvidence
from analysis.gaps import Gaps
from analysis.known_features import (
    clustered,
    distances_by_known,
    nearest_by_known,
    settle_missing_reviews,
)
from analysis.rules import find_rules
from analysis.segmentation import (
    assign_segments,
    customers_of,
    make_model,
    measure_confidence,
    model_from_json,
    model_to_json,
)
from analysis.settings import Settings, check_settings
from analysis.trials import try_candidates

SETTINGS = check_settings({"segmentation": {"k_min": 4, "k_max": 4, "starts": 5}})
NAN = float("nan")


def silent_world(share: float, size: int = 3_000):
    """Money by satisfaction, of whom a share has said nothing."""
    table = two_by_two(size)
    silent = np.random.default_rng(5).random(size) < share
    return replace(table, review=np.where(silent, NAN, table.review)), silent, table


def test_the_example_in_the_docstring():
    assert doctest.testmod(known_features).failed == 0


def test_without_gaps_it_is_the_plain_distance():
    rng = np.random.default_rng(1)
    matrix, centres = rng.normal(size=(40, 3)), rng.normal(size=(4, 3))
    assert distances_by_known(matrix, centres) == pytest.approx(cdist(matrix, centres))


def test_a_row_with_a_gap_goes_to_the_nearest_by_the_rest():
    """The second column alone parts the centres, and the row says nothing of it."""
    centres = np.array([[0.0, 0.0], [1.0, 5.0], [3.0, 0.0]])
    rows = np.array([[1.2, 0.0], [1.2, NAN], [2.4, NAN]])
    assert nearest_by_known(rows, centres).tolist() == [0, 1, 2]


ROWS = [
    {
        "customer": f"c{place}",
        "bought": "2018-06-01",
        "delivered": "2018-06-10",
        "promised": "2018-06-20",
        "reviews": [(5, "2018-06-12")] if place else [],
    }
    for place in range(10)
]


@pytest.mark.parametrize(("ceiling", "filled"), [(0.10, True), (0.09, False)])
def test_scores_are_filled_in_up_to_the_ceiling(ceiling: float, filled: bool):
    """One of ten has no review."""
    settings = check_settings({"features": {"missing_ceiling": ceiling}})
    orders = make_orders(ROWS)
    table = build_customers(orders, moment("2018-08-01"), settings.customers)
    settled, found = settle_missing_reviews(orders, table, settings)
    assert settled.customers.fill_reviews == filled
    assert np.isnan(found.review[0]) == (not filled)
    assert found.review_imputed[0] == filled
    assert len(clustered(found, ("spend", "review"))) == (10 if filled else 9)
    assert len(clustered(found, ("spend",))) == 10


@pytest.fixture(scope="module")
def fitted():
    table, silent, whole = silent_world(0.2)
    trial = next(one for one in try_candidates(table, True, SETTINGS) if one.family == "traits")
    return trial, table, silent, whole


def model_of(fitted):
    trial, table, *_ = fitted
    return make_model(trial, table, SETTINGS.customers, seed=1, fingerprint="f")


def test_segments_are_made_of_those_who_said_something(fitted):
    trial, _, silent, _ = fitted
    assert trial.codes.tolist() == np.flatnonzero(~silent).tolist()
    model = model_of(fitted)
    assert model.places_by_known
    assert model.missing_scores == MissingScores(None, None)
    assert model_from_json(model_to_json(model)) == model


def test_the_others_are_placed_by_money_alone(fitted):
    _, table, silent, _ = fitted
    model = model_of(fitted)
    index = assign_segments(table, model)
    scaled = (np.log1p(table.spend) - model.preparation.mean[0]) / model.preparation.deviation[0]
    money = np.array(model.centres)[:, [0]]
    by_money = cdist(scaled[:, np.newaxis], money).argmin(axis=1)
    assert (index[silent] == by_money[silent]).all()
    confidence = measure_confidence(table, model)
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_who_is_silent_has_rules_of_money_alone(fitted):
    _, table, silent, _ = fitted
    model = model_of(fitted)
    rules = find_rules(table, model, SETTINGS.trials, seed=1)
    index = assign_segments(table, model)
    assert [name for name, _ in rules.without_review] == list(model.segment_ids)
    for place, (_, rule) in enumerate(rules.without_review):
        assert all(c.feature == "spend" for conditions in rule.alternatives for c in conditions)
        if not rule.alternatives:
            continue
        mine = np.zeros(len(table.spend), bool)
        for conditions in rule.alternatives:
            mine |= np.all([held(one, table.spend) for one in conditions], axis=0)
        assert (mine == (index == place))[silent].mean() > 0.97


def held(condition: Condition, values):
    return (
        values > condition.threshold
        if condition.comparison == ">"
        else (values <= condition.threshold)
    )


def test_the_evidence_says_that_they_are_placed_and_what_filling_in_would_change(fitted):
    trial, table, silent, _ = fitted
    found = weigh_features(
        table, trial.codes, Descriptions({}, {}), "traits", 4, True, SETTINGS
    ).reviews
    assert isinstance(found, ReviewEvidence)
    assert found.are_placed
    assert found.missing_share == pytest.approx(silent.mean())
    # A fifth at one score pulls the centres: the agreement is measured, and is not that of chance.
    assert 0.5 < found.agreement_without <= 1


def test_a_source_without_reviews_is_refused_by_a_model_made_of_them(fitted):
    gaps = Gaps(tables=frozenset({"order_reviews"}))
    orders = make_orders(ROWS, gaps=gaps)
    with pytest.raises(ModelError, match="does not say the review"):
        customers_of(model_of(fitted), orders, moment("2018-08-01"), Settings().customers)


def test_one_silent_customer_alone_is_placed_like_among_others(fitted):
    model = model_of(fitted)
    orders, alone = make_orders(ROWS), make_orders(ROWS[:1])
    day = moment("2018-08-01")
    among = assign_segments(customers_of(model, orders, day, Settings().customers), model)
    only = assign_segments(customers_of(model, alone, day, Settings().customers), model)
    assert only[0] == among[0] >= 0
