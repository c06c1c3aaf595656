"""Bisecting K-Means on rows whose cuts are plain."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.bisection import bisect, follow_cuts

# Six customers at one place, three that lie apart by two, one far away.
ROWS = np.array([[0.0]] * 6 + [[20.0], [22.0], [24.0], [100.0]])


def sizes(strategy: str, k: int) -> list[int]:
    """Return how many customers each label has."""
    cuts = bisect(ROWS, k, strategy, seed=1)
    return np.bincount(follow_cuts(ROWS, cuts), minlength=k).tolist()


def test_the_segment_with_the_largest_inertia_is_cut_next():
    assert sorted(sizes("biggest_inertia", 2)) == [1, 9]
    assert sorted(sizes("biggest_inertia", 3)) == [1, 3, 6]
    # Those at one place have no inertia: the three that lie apart are cut, though fewer.
    assert sorted(sizes("biggest_inertia", 4)) == [1, 1, 2, 6]


def test_equal_customers_are_never_cut():
    assert sorted(sizes("largest_cluster", 4)) == [1, 1, 2, 6]
    assert sorted(sizes("largest_cluster", 5)) == [1, 1, 1, 1, 6]


@pytest.mark.parametrize("strategy", ["biggest_inertia", "largest_cluster"])
def test_more_segments_go_on_from_fewer(strategy):
    matrix = np.random.default_rng(3).normal(size=(400, 2)).round(1)
    cuts = bisect(matrix, 7, strategy, seed=2)
    assert len(cuts) == 6
    coarse = follow_cuts(matrix, cuts[:3])
    fine = follow_cuts(matrix, cuts)
    assert len(np.unique(coarse)) == 4
    assert len(np.unique(fine)) == 7
    assert all(len(np.unique(coarse[fine == label])) == 1 for label in range(7))
    again = bisect(matrix, 4, strategy, seed=2)
    assert (follow_cuts(matrix, again) == coarse).all()


def test_the_order_of_the_rows_does_not_matter():
    matrix = np.random.default_rng(3).normal(size=(300, 2))
    order = np.random.default_rng(4).permutation(300)
    labels = follow_cuts(matrix, bisect(matrix, 5, "largest_cluster", seed=2))
    turned = follow_cuts(matrix[order], bisect(matrix[order], 5, "largest_cluster", seed=2))
    assert (turned == labels[order]).all()


def test_the_cuts_cost_no_more_than_those_of_the_library():
    from sklearn.cluster import BisectingKMeans

    rng = np.random.default_rng(8)
    matrix = np.column_stack([rng.gamma(2.0, size=2_000), rng.integers(1, 6, 2_000)])
    for k in (3, 5, 8):
        labels = follow_cuts(matrix, bisect(matrix, k, "biggest_inertia", seed=1))
        own = sum(
            ((matrix[labels == label] - matrix[labels == label].mean(axis=0)) ** 2).sum()
            for label in range(k)
        )
        theirs = BisectingKMeans(k, n_init=3, random_state=1).fit(matrix).inertia_
        assert own <= theirs * 1.01
