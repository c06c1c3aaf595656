"""What a next purchase costs a segment: drawn towards all as far as chance explains the rest."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.next_baskets import shrunk_means

GROUPS = np.array([0, 0, 1, 1])


def test_by_hand():
    """Means 2 and 6, all 4; within (2 + 2) / 2 = 2; between (16 - 2) / 2 = 7; strength 2 / 7."""
    means, strength = shrunk_means(np.array([1.0, 3.0, 5.0, 7.0]), GROUPS, 2)
    assert strength == pytest.approx(2 / 7)
    assert means == pytest.approx([(4 + 8 / 7) / (2 + 2 / 7), (12 + 8 / 7) / (2 + 2 / 7)])


def test_groups_that_differ_by_chance_only_take_the_mean_of_all():
    means, strength = shrunk_means(np.array([1.0, 7.0, 2.0, 6.0]), GROUPS, 2)
    assert means.tolist() == [4.0, 4.0]
    assert strength == float("inf")


def test_a_group_without_a_purchase_takes_the_mean_of_all():
    means, _ = shrunk_means(np.array([1.0, 3.0, 5.0, 7.0]), GROUPS, 3)
    assert means[2] == pytest.approx(4.0)


def test_a_single_purchase_says_nothing_of_differences():
    means, _ = shrunk_means(np.array([9.0]), np.array([1]), 2)
    assert means.tolist() == [9.0, 9.0]


def test_many_purchases_are_believed():
    rng = np.random.default_rng(3)
    groups = np.repeat([0, 1], [5_000, 40])
    values = rng.normal(np.where(groups == 0, 100.0, 200.0), 30.0)
    means, _ = shrunk_means(values, groups, 2)
    assert means == pytest.approx([100.0, 200.0], abs=15)
