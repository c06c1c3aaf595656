"""Profiles in the client's units, worked out by hand; personas over the whole space of profiles."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from builders import make_orders, moment
from worlds import two_by_two

from analysis.customers import MissingScores, build_customers
from analysis.features import Preparation
from analysis.findings import Interval, NotComputed, Profile, Quartiles
from analysis.profiles import (
    _customers_by_level,
    number_twins,
    persona_of,
    profile_segments,
    stage_bounds,
)
from analysis.repurchase import Returns
from analysis.rules import find_rules
from analysis.segmentation import Model, assign_segments, make_model
from analysis.settings import Lifecycle, Personas, Settings, check_settings
from analysis.trials import try_candidates

SETTINGS = Settings()
AS_OF = moment("2018-08-01")
# Two centres on spend alone, in units of log(1 + spend): about 49 and 399.
MODEL = Model(
    format_version=2,
    family="traits",
    preparation=Preparation(("spend",), ("log1p",), (0.0,), (1.0,)),
    centres=((6.0,), (3.9,)),
    segment_ids=("s1", "s2", "s3"),
    personas=(),
    has_repeat_segment=True,
    as_of=AS_OF,
    window_days=365,
    same_occasion_hours=24,
    outcome_days=14,
    missing_scores=MissingScores(5.0, 2.0),
    seed=1,
    fingerprint="f",
)


def order(customer: str, bought: str, paid: float, score: int, **more):
    return {
        "customer": customer,
        "bought": bought,
        "paid": paid,
        "price": paid - 10,
        "delivered": "2018-07-01",
        "promised": "2018-07-02",
        "reviews": [(score, "2018-07-10")],
        **more,
    }


@pytest.fixture
def described():
    orders = make_orders(
        [
            order("rich", "2018-06-10", 500, 5, category="watches"),
            order("poor 1", "2018-06-10", 50, 1, delivered="2018-07-05", state="RJ"),
            order("poor 2", "2018-02-10", 40, 4),
            order("poor 3", "2018-04-10", 60, 2),
            order("again", "2018-03-01", 150, 5, instalments=2.0),
            order("again", "2018-06-11", 50, 3, instalments=7.0),
            order("gone", "2017-01-01", 900, 5),
        ]
    )
    table = build_customers(orders, AS_OF, SETTINGS.customers)
    nothing = NotComputed("no_rows")
    returns, voices = Returns(nothing, *((nothing,) * 3,) * 3), (nothing,) * 3
    return profile_segments(
        orders, table, assign_segments(table, MODEL), MODEL, nothing, returns, voices, SETTINGS
    )


def test_everybody_in_a_segment_and_nobody_else(described):
    everybody, segments = described
    assert everybody.customers == 5
    assert [segment.profile.customers for segment in segments] == [1, 1, 3]
    assert sum(segment.profile.customer_share for segment in segments) == pytest.approx(1)
    assert sum(s.profile.revenue_cents for s in segments) == everybody.revenue_cents == 79_000


def test_a_segment_by_hand(described):
    _, segments = described
    poor = segments[2].profile
    assert poor.spend == Quartiles(45.0, 50.0, 55.0, 50.0)
    assert poor.mean_review == pytest.approx(7 / 3)
    assert poor.review_counts == (1, 1, 0, 1, 0)
    assert poor.low_review_share == pytest.approx(2 / 3)
    again = segments[0].profile
    assert (again.low_review_share, again.mean_review) == (0.0, 4.0)
    assert again.instalments_mean == 4.5  # not 3.25, as weighted by what was paid
    assert poor.late_share == pytest.approx(1 / 3)
    assert poor.recency_days.median == 113.0
    assert poor.freight_share == pytest.approx(30 / 150)
    assert [(share.name, share.customers) for share in poor.top_states] == [("SP", 2), ("RJ", 1)]
    assert poor.top_states[0].everybody_share == pytest.approx(4 / 5)


def test_a_customer_counts_once_a_category_however_often_he_buys(described):
    _, segments = described
    again = segments[0].profile
    assert (again.customers, again.occasions_mean) == (1, 2.0)
    assert [(share.name, share.customers) for share in again.top_categories] == [("toys", 1)]


def test_an_absent_level_counts_nowhere():
    levels = np.array([0, -1, 1, -1])
    counted = _customers_by_level(np.array([5, 6, 6, 7]), levels, 2)
    assert counted.tolist() == [1, 1]


def test_stages_part_every_customer_of_a_segment(described):
    _, segments = described
    for segment in segments:
        assert sum(cell.customers for cell in segment.lifecycle) == segment.profile.customers
    assert [cell.customers for cell in segments[2].lifecycle] == [1, 2, 0]
    # Of the one in the first stage the review is 1, of the two in the second 4 and 2.
    assert [cell.low_reviewers for cell in segments[2].lifecycle] == [1, 1, 0]
    # Nobody unhappy is held out: of these the one with a review of four may be written to.
    assert segments[2].persona.startswith("unhappy")
    assert [cell.reachable for cell in segments[2].lifecycle] == [0, 1, 0]


def test_a_short_window_has_no_room_for_the_last_stage():
    lifecycle = Lifecycle(active_days=90, cooling_days=180)
    assert [name for name, _, _ in stage_bounds(lifecycle, 180)] == ["active", "cooling"]
    assert stage_bounds(lifecycle, 365)[-1] == ("dormant", 180, 365)


def profile(spend: float, mean, low) -> Profile:
    nothing = NotComputed("no_rows")
    flat = Quartiles(spend, spend, spend, spend)
    return Profile(
        customers=10,
        customer_share=0.1,
        revenue_cents=1,
        revenue_share=0.1,
        spend=flat,
        occasions_mean=1.0,
        recency_days=flat,
        mean_review=mean,
        review_counts=nothing,
        low_review_share=low,
        low_review_interval=Interval(0, 1),
        late_share=nothing,
        late_interval=nothing,
        delivery_days=nothing,
        freight_share=nothing,
        instalments_mean=nothing,
        top_states=(),
        top_categories=(),
    )


EVERYBODY = profile(100.0, 4.0, 0.15)


@pytest.mark.parametrize(
    ("spend", "mean", "low", "persona"),
    [
        (190, 4.7, 0.0, "satisfied_large"),
        (124, 1.6, 0.77, "unhappy_medium"),
        (63, 4.6, 0.0, "satisfied_small"),
        (140, 4.0, 0.1, "satisfied_large"),
        (139.9, 3.99, 0.1, "mixed_medium"),
        (100 / 1.4, 4.1, 0.49, "satisfied_small"),
        (100, 4.5, 0.5, "unhappy_medium"),
        (300, NotComputed("missing_table"), NotComputed("missing_table"), "spend_large"),
    ],
)
def test_personas_by_their_rules(spend, mean, low, persona):
    assert persona_of(profile(spend, mean, low), EVERYBODY, Personas()) == persona


def test_every_profile_has_exactly_one_persona_that_the_content_knows():
    from report.content import load_content

    content = load_content("fr")
    none = NotComputed("missing_table")
    reviews = [
        (mean, low) for mean in (1.0, 2.9, 3.0, 3.9, 4.0, 5.0) for low in (0.0, 0.2, 0.5, 1.0)
    ]
    seen = set()
    for spend, (mean, low) in product((0, 1, 70, 72, 100, 139, 141, 1e6), [*reviews, (none, none)]):
        persona = persona_of(profile(spend, mean, low), EVERYBODY, Personas())
        assert content.persona(persona).name
        seen.add(persona)
    assert len(seen) == 12
    broke = replace(EVERYBODY, spend=Quartiles(0, 0, 0, 0))
    assert persona_of(profile(5, 4.0, 0.1), broke, Personas()) == "unclassified"


def test_twins_are_numbered_and_others_are_not():
    assert number_twins(["a", "b", "a", "c"]) == [1, 0, 2, 0]


def test_other_numbers_of_the_fit_change_nothing_in_what_is_found():
    """The same partition under other cluster numbers: the same segments, to the last figure."""
    table = two_by_two(1_500)
    settings = check_settings({"segmentation": {"k_min": 4, "k_max": 4, "starts": 3}})
    rows = [
        {"customer": f"c{code}", "bought": "2018-06-10", "paid": float(spend)}
        for code, spend in enumerate(table.spend)
    ]
    orders = make_orders(rows)
    trial = next(t for t in try_candidates(table, True, settings) if t.family == "traits")
    names = np.array([2, 0, 3, 1])
    renamed = replace(
        trial,
        partition=replace(
            trial.partition,
            centres=trial.fit.centres[np.argsort(names)],
            labels=names[trial.fit.labels].astype(np.int32),
        ),
    )
    assert _found(orders, table, trial, settings) == _found(orders, table, renamed, settings)


def _found(orders, table, trial, settings):
    model = make_model(trial, table, settings.customers, seed=1, fingerprint="f")
    nothing = (NotComputed("no_rows"),) * 4
    return profile_segments(
        orders,
        table,
        assign_segments(table, model),
        model,
        find_rules(table, model, SETTINGS.trials, seed=1),
        Returns(nothing[0], nothing, nothing, nothing),
        nothing,
        settings,
    )
