"""Rules for the CRM: the tree, its rounding, and what it says of customers it has not seen."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from worlds import make_table, two_by_two

from analysis import rule_tree
from analysis.findings import Condition
from analysis.rule_sentences import describe_centres, holds
from analysis.rule_tree import (
    Leaf,
    Rows,
    Split,
    classify,
    count_leaves,
    expand,
    grow,
    round_threshold,
)
from analysis.rules import find_rules
from analysis.segmentation import make_model
from analysis.settings import check_settings
from analysis.trials import try_candidates

SETTINGS = check_settings({"segmentation": {"k_min": 4, "k_max": 4, "starts": 5}})


def test_examples_in_the_docstrings():
    result = doctest.testmod(rule_tree)
    assert result.attempted == 1
    assert result.failed == 0


def test_two_groups_are_cut_between_their_rows():
    matrix = np.array([[1.0], [2.0], [8.0], [9.0]])
    tree = grow(matrix, np.array([0, 0, 1, 1]), np.array([[1.5], [8.5]]), np.arange(2))
    assert tree == Split(feature=0, threshold=5.0, below=Leaf(0), above=Leaf(1))


def test_the_cut_makes_the_fewest_mistakes():
    matrix = np.array([[1.0], [2.0], [3.0], [4.0], [9.0]])
    labels = np.array([0, 0, 1, 0, 1])
    tree = grow(matrix, labels, np.array([[1.0], [8.0]]), np.arange(2))
    assert (classify(tree, matrix) != labels).sum() == 1


@pytest.mark.parametrize(
    ("value", "feature", "said"),
    [
        (117.3, "spend", 120.0),
        (93.0, "spend", 93.0),
        (1_234.0, "spend", 1_200.0),
        (3.2, "review", 3.0),
        (187.0, "recency_days", 180.0),
        (0.004, "spend", 0.004),
    ],
)
def test_thresholds_can_be_said(value, feature, said):
    assert round_threshold(value, feature) == pytest.approx(said)


def rules_of(table):
    trial = next(
        trial for trial in try_candidates(table, True, SETTINGS) if trial.family == "traits"
    )
    model = make_model(trial, table, SETTINGS.customers, seed=1, fingerprint="f")
    return find_rules(table, model, SETTINGS.trials, seed=1)


def test_a_planted_world_is_recognised_by_simple_rules():
    found = rules_of(two_by_two(4_000))
    assert found.fidelity >= 0.85
    assert len(found.by_segment) == 4
    for _, rule in found.by_segment:
        assert rule.recall >= 0.80
        assert 1 <= len(rule.alternatives) <= 2
        assert all(1 <= len(conditions) <= 4 for conditions in rule.alternatives)


def test_the_rules_part_every_customer_exactly_once():
    table = two_by_two(2_000)
    found = rules_of(table)
    columns = {"spend": table.spend, "review": table.review}
    counts = np.sum([holds(rule.alternatives, columns) for _, rule in found.by_segment], axis=0)
    assert (counts == 1).all()


def test_repeat_buyers_are_recognised_by_their_definition():
    table = two_by_two(2_000)
    rule = rules_of(table).of("anything else")
    assert rule.alternatives == ((Condition("occasions", ">", 1.0),),)


def test_a_column_that_is_the_same_for_all_is_never_cut():
    rng = np.random.default_rng(0)
    spend = np.exp(rng.normal([[3.0], [5.0], [6.5], [8.0]], 0.1, (4, 200))).ravel()
    found = rules_of(make_table(spend, np.full(800, 4.0)))
    assert {
        condition.feature
        for _, rule in found.by_segment
        for conditions in rule.alternatives
        for condition in conditions
    } == {"spend"}
    assert found.fidelity > 0.98


# Rich customers are one centre whatever they say, but for the unhappy: a tree of a leaf a centre
# that is cut by spend first calls all of them satisfied.
CONTRADICTION = Split(
    feature=0,
    threshold=260.0,
    below=Split(feature=1, threshold=3.0, below=Leaf(1), above=Leaf(2)),
    above=Leaf(0),
)


def rich_and_unhappy() -> Rows:
    """Five of twenty rich customers are unhappy, and so are ten of thirty others."""
    spend = np.array([300.0] * 20 + [100.0] * 30)
    review = np.array([5.0] * 15 + [1.0] * 5 + [5.0] * 20 + [1.0] * 10)
    labels = np.where(review < 3, 1, np.where(spend > 260, 0, 2))
    return Rows(np.column_stack([spend, review]), labels)


def test_one_more_leaf_mends_a_rule_that_contradicts_its_segment():
    rows = rich_and_unhappy()
    grown = expand(CONTRADICTION, rows, rows, ("spend", "review"), most_leaves=6, step=0.005)
    assert count_leaves(grown) == 4
    assert (classify(grown, rows.matrix) == rows.labels).all()


@pytest.mark.parametrize(("most_leaves", "step"), [(3, 0.005), (6, 0.2)])
def test_no_leaf_is_added_beyond_the_number_or_for_too_little(most_leaves, step):
    rows = rich_and_unhappy()
    grown = expand(CONTRADICTION, rows, rows, ("spend", "review"), most_leaves, step)
    assert grown == CONTRADICTION


def test_leaves_that_share_a_side_become_one_phrase():
    above = Split(feature=1, threshold=3.0, below=Leaf(1), above=Leaf(0))
    tree = Split(feature=0, threshold=260.0, below=CONTRADICTION.below, above=above)
    told = describe_centres(tree, ("spend", "review"), 3)
    spend, review = Condition("spend", ">", 260.0), Condition("review", ">", 3.0)
    assert told == (
        ((spend, review),),
        ((Condition("review", "<=", 3.0),),),
        ((Condition("spend", "<=", 260.0), review),),
    )


def test_what_leaves_do_not_share_stays_an_alternative():
    above = Split(feature=1, threshold=2.0, below=Leaf(1), above=Leaf(0))
    tree = Split(feature=0, threshold=260.0, below=CONTRADICTION.below, above=above)
    assert describe_centres(tree, ("spend", "review"), 3)[1] == (
        (Condition("review", "<=", 2.0),),
        (Condition("spend", "<=", 260.0), Condition("review", "<=", 3.0)),
    )


def test_a_centre_without_room_has_no_alternative():
    inner = Split(feature=0, threshold=100.0, below=Leaf(0), above=Leaf(1))
    tree = Split(feature=0, threshold=100.0, below=inner, above=Leaf(2))
    assert describe_centres(tree, ("spend",), 3)[1] == ()


@pytest.mark.parametrize("seed", range(3))
def test_the_rule_of_a_satisfied_segment_does_not_select_unhappy_customers(seed):
    """Four in ten are unhappy whatever they pay, and make one segment; the others, by spend."""
    rng = np.random.default_rng(seed)
    size = 6_000
    spend = np.exp(rng.normal(4.7, 0.8, size))
    review = np.where(rng.random(size) < 0.8, rng.choice([4, 5], size), rng.choice([1, 2], size))
    table = make_table(spend, review)
    for _, rule in rules_of(table).by_segment:
        chosen = holds(rule.alternatives, {"spend": table.spend, "review": table.review})
        low = table.low_review[chosen].mean()
        assert low < 0.05 or low > 0.5
