"""Rules for the CRM: the tree, its rounding, and what it says of customers it has not seen."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from worlds import make_table, two_by_two

from analysis import rules
from analysis.findings import Condition
from analysis.rules import Leaf, Split, classify, find_rules, grow, round_threshold
from analysis.segmentation import make_model
from analysis.settings import check_settings
from analysis.trials import try_candidates

SETTINGS = check_settings({"segmentation": {"k_min": 4, "k_max": 4, "starts": 5}})


def test_examples_in_the_docstrings():
    result = doctest.testmod(rules)
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
    return find_rules(
        table, make_model(trial, table, SETTINGS.customers, seed=1, fingerprint="f"), seed=1
    )


def test_a_planted_world_is_recognised_by_simple_rules():
    found = rules_of(two_by_two(4_000))
    assert found.fidelity >= 0.85
    assert len(found.by_segment) == 4
    for _, rule in found.by_segment:
        assert rule.recall >= 0.80
        assert 1 <= len(rule.conditions) <= 4


def test_the_rules_part_every_customer_exactly_once():
    table = two_by_two(2_000)
    found = rules_of(table)
    holds = np.zeros(len(table.spend), dtype=int)
    for _, rule in found.by_segment:
        mine = np.ones(len(table.spend), dtype=bool)
        for condition in rule.conditions:
            column = getattr(table, condition.feature)
            below = column <= condition.threshold
            mine &= below if condition.comparison == "<=" else ~below
        holds += mine
    assert (holds == 1).all()


def test_repeat_buyers_are_recognised_by_their_definition():
    table = two_by_two(2_000)
    rule = rules_of(table).of("anything else")
    assert rule.conditions == (Condition("occasions", ">", 1.0),)


def test_a_column_that_is_the_same_for_all_is_never_cut():
    rng = np.random.default_rng(0)
    spend = np.exp(rng.normal([[3.0], [5.0], [6.5], [8.0]], 0.1, (4, 200))).ravel()
    found = rules_of(make_table(spend, np.full(800, 4.0)))
    assert {c.feature for _, rule in found.by_segment for c in rule.conditions} == {"spend"}
    assert found.fidelity > 0.98
