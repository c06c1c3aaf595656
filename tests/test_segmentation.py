"""The model: order, assignment, and its form as JSON."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import make_orders, moment
from worlds import make_table, two_by_two

from analysis.customers import INACTIVE, WAITING, MissingScores
from analysis.errors import ModelError
from analysis.features import Preparation
from analysis.gaps import Gaps
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    assign_segments,
    customers_of,
    make_model,
    measure_confidence,
    model_from_json,
    model_to_json,
    read_model,
)
from analysis.settings import check_settings
from analysis.trials import try_candidates

CENTRES = Model(
    format_version=2,
    family="traits",
    preparation=Preparation(("spend",), ("log1p",), (0.0,), (1.0,)),
    centres=((3.0,), (1.0,)),
    segment_ids=("s1", "s2", "s3"),
    personas=(),
    has_repeat_segment=True,
    as_of=0,
    window_days=365,
    same_occasion_hours=24,
    outcome_days=14,
    missing_scores=MissingScores(5.0, 2.0),
    seed=1,
    fingerprint="f",
)
SETTINGS = check_settings({"segmentation": {"k_min": 4, "k_max": 4, "starts": 5}})


@pytest.fixture(scope="module")
def world():
    table = two_by_two(3_000)
    again = np.arange(3_000) % 50 == 0
    return make_table(table.spend, table.review, table.recency_days, again)


@pytest.fixture(scope="module")
def trial(world):
    trials = try_candidates(world, True, SETTINGS)
    return next(trial for trial in trials if trial.family == "traits")


def model_of(trial, world):
    return make_model(trial, world, SETTINGS.customers, seed=1, fingerprint="f")


def test_segments_are_ordered_by_spend_whatever_the_fit_calls_them(trial, world):
    names = np.array([3, 1, 0, 2])
    renamed = replace(
        trial,
        partition=replace(
            trial.partition,
            centres=trial.fit.centres[np.argsort(names)],
            labels=names[trial.fit.labels].astype(np.int32),
        ),
    )
    first, second = model_of(trial, world), model_of(renamed, world)
    assert first == second
    index = assign_segments(world, first)
    medians = [np.median(world.spend[index == place]) for place in range(1, 5)]
    assert medians == sorted(medians, reverse=True)


def test_repeat_buyers_come_by_rule_and_others_by_the_nearest_centre(trial, world):
    index = assign_segments(world, model_of(trial, world))
    assert (index[world.occasions >= 2] == 0).all()
    assert (index[world.occasions < 2] >= 1).all()
    assert (np.bincount(index[trial.codes], minlength=5)[1:] > 0).all()


def test_who_has_no_outcome_has_no_segment(trial, world):
    standing = world.standing.copy()
    standing[:2] = (WAITING, INACTIVE)
    index = assign_segments(replace(world, standing=standing), model_of(trial, world))
    assert index[:2].tolist() == [NO_SEGMENT, NO_SEGMENT]


def test_confidence_by_hand():
    """Centres at 1 and 3 of the scaled spend: 1.5 lies 0.5 and 1.5 away, so 1 - 1/3."""
    spend = np.expm1([1.0, 1.5, 2.0, 3.0])
    table = make_table(spend, np.full(4, 5.0), repeat=[False, False, False, False])
    model = replace(CENTRES, has_repeat_segment=False, segment_ids=("s1", "s2"))
    assert measure_confidence(table, model) == pytest.approx([1, 2 / 3, 0, 1])


def test_who_has_no_segment_has_no_confidence_and_a_rule_is_certain():
    table = make_table(np.expm1([1.5, 1.5]), np.full(2, 5.0), repeat=[True, False])
    table = replace(table, standing=np.array([table.standing[0], WAITING], dtype=np.int8))
    found = measure_confidence(table, CENTRES)
    assert found[0] == 1
    assert np.isnan(found[1])


def test_the_nearest_centre_is_the_segment_that_confidence_speaks_of(trial, world):
    model = model_of(trial, world)
    confidence = measure_confidence(world, model)
    assert ((confidence >= 0) & (confidence <= 1)).all()
    assert (assign_segments(world, model) != NO_SEGMENT).all()


def test_a_model_comes_back_from_json_as_it_was(trial, world, tmp_path):
    model = replace(model_of(trial, world), personas=("loyal", "a", "b", "c", "d"))
    path = tmp_path / "model.json"
    path.write_text(model_to_json(model))
    assert read_model(path) == model


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace('"window_days": 365', '"window_days": 180'), "changed after"),
        (lambda text: text.replace('"format_version": 2', '"format_version": 9'), "format 9"),
        (lambda text: text[:40], "does not hold a model"),
        (lambda _: "[]", "does not hold a model"),
    ],
)
def test_a_model_that_was_tampered_with_is_refused(trial, world, change, message):
    text = model_to_json(model_of(trial, world))
    with pytest.raises(ModelError, match=message):
        model_from_json(change(text))


def test_a_missing_model_is_one_message(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path / "none.json")


# On time without a review is five stars, late is two; the centres are at five stars and at one.
BY_REVIEW = replace(
    CENTRES,
    preparation=Preparation(("review",), ("identity",), (0.0,), (1.0,)),
    centres=((5.0,), (1.0,)),
    has_repeat_segment=False,
    segment_ids=("s1", "s2"),
)
QUIET = {
    "customer": "quiet",
    "bought": "2018-06-01",
    "delivered": "2018-06-10",
    "promised": "2018-06-20",
}
ANGRY = {**QUIET, "customer": "angry", "reviews": [(2, "2018-06-15")]}


def segments_of(rows, model=BY_REVIEW, **changes):
    orders = make_orders(rows, **changes)
    table = customers_of(model, orders, moment("2018-08-01"), SETTINGS.customers)
    index = assign_segments(table, model)
    return dict(zip(orders.customer_ids, index.tolist(), strict=True))


def test_who_else_is_in_an_extract_changes_nobodys_segment():
    assert segments_of([QUIET]) == {"quiet": 0}
    assert segments_of([QUIET, ANGRY]) == {"quiet": 0, "angry": 1}
    late = {**QUIET, "delivered": "2018-06-25"}
    assert segments_of([late]) == {"quiet": 1}


def test_one_customer_whose_parcel_is_on_its_way_waits_for_a_review():
    assert segments_of([{**QUIET, "delivered": "2018-07-31", "promised": "2018-08-10"}]) == {
        "quiet": NO_SEGMENT
    }


def test_a_source_that_knows_no_reviews_at_all_is_refused():
    gaps = Gaps(tables=frozenset({"order_reviews"}))
    with pytest.raises(ModelError, match="does not say the review"):
        segments_of([QUIET], gaps=gaps)


def test_the_transforms_are_those_of_the_model():
    table = make_table([10.0, 1_000.0], [5.0, 5.0])
    plain = replace(
        CENTRES,
        preparation=Preparation(("spend",), ("identity",), (0.0,), (1.0,)),
        centres=((900.0,), (20.0,)),
    )
    assert assign_segments(table, plain).tolist() == [2, 1]


def test_a_model_of_an_earlier_format_is_refused(trial, world):
    text = model_to_json(model_of(trial, world))
    with pytest.raises(ModelError, match="a model of format 1"):
        model_from_json(text.replace('"format_version": 2', '"format_version": 1'))
