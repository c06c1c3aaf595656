"""Silhouettes: equal to scikit-learn's and R's, whatever the order, the names and the threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples, silhouette_score

from analysis import distance_sums, distance_tree
from analysis.distance_sums import Labelled, sum_all_distances
from analysis.distance_tree import sum_distances_by_tree
from analysis.findings import NotComputed
from analysis.silhouette import measure_silhouettes, silhouette_values

FIXTURES = Path(__file__).parent / "fixtures"


def exact(matrix, *labelings):
    found = measure_silhouettes(
        matrix, labelings, exact_points=10**6, draws=2, sample=10**6, seed=0
    )
    return [one if isinstance(one, NotComputed) else one.value for one in found]


def test_by_hand():
    """Three at 0, 1 and 3: a = 1, b = 3 at 0, so 2/3; a = 1, b = 2 at 1, so 1/2; alone: 0."""
    matrix, labels = np.array([[0.0], [1.0], [3.0]]), np.array([7, 7, 2])
    assert silhouette_values(matrix, labels) == pytest.approx([2 / 3, 1 / 2, 0])
    assert exact(matrix, labels) == pytest.approx([(2 / 3 + 1 / 2) / 3])


def test_equals_r_on_iris():
    """R's fpc, cluster.stats: 0.552819 for K-Means 3."""
    iris = np.loadtxt(FIXTURES / "iris.csv", delimiter=",", skiprows=1)
    assert exact(iris[:, :4], iris[:, 5].astype(int)) == pytest.approx([0.552819], abs=1e-6)


@pytest.mark.parametrize("rows", [40, 1_300, 5_000])
@pytest.mark.parametrize("features", [1, 2, 4])
def test_equals_scikit_learn_for_every_labeling_at_once(rows, features):
    """Below and above the limit of double precision, far from the origin, with equal points."""
    rng = np.random.default_rng(rows + features)
    matrix = rng.normal(size=(rows, features)).round(1) * 30 + 1_000
    labelings = [
        rng.integers(0, 5, rows),
        (matrix[:, 0] > 1_000).astype(int),
        np.digitize(matrix[:, 0], [970, 1_000, 1_030]) + 40,
    ]
    for found, labels in zip(exact(matrix, *labelings), labelings, strict=True):
        assert found == pytest.approx(silhouette_score(matrix, labels), abs=1e-6)
    np.testing.assert_allclose(
        silhouette_values(matrix, labelings[2]),
        silhouette_samples(matrix, labelings[2]),
        atol=1e-5,
    )


def spread(rows: int, features: int) -> np.ndarray:
    """Return rows with a long tail; with three features, one of few values."""
    rng = np.random.default_rng(features)
    matrix = rng.normal(size=(rows, features))
    matrix[:, 0] = np.exp(matrix[:, 0])
    if features == 3:
        matrix[:, 2] = rng.choice([-2.3, -1.5, -0.7, 0.0, 0.7], rows, p=[0.1, 0.05, 0.1, 0.2, 0.55])
    return matrix


@pytest.mark.parametrize("features", [1, 2, 3])
def test_the_tree_gives_the_sums_of_all_pairs(features):
    """In double precision: what is left is the error of the nodes, of each point and of all."""
    matrix = spread(9_000, features)
    rng = np.random.default_rng(0)
    labels = np.stack([(matrix @ rng.normal(size=(features, k))).argmax(axis=1) for k in (2, 4)])
    labels[1, :50] = -1
    points = Labelled(matrix, rng.integers(1, 4, 9_000).astype(float), labels, (2, 4))
    every = sum_all_distances(points)
    found = sum_distances_by_tree(points)
    apart = (found - every)[every > 0] / every[every > 0]
    assert np.abs(apart).max() < 1e-5
    assert abs(apart.mean()) < 1e-7
    # Not by measuring every pair after all.
    boxes, roots = distance_tree._grow(matrix)[1:]
    near, far = distance_tree._pair_up(boxes, roots)
    sizes = [box.rows.stop - box.rows.start for box in boxes]
    assert sum(sizes[one] * sizes[other] for one, other in near) < 0.8 * 9_000**2 / 2
    assert far


def test_the_pairs_of_boxes_hold_each_pair_of_points_once():
    matrix = spread(1_500, 3)
    boxes, roots = distance_tree._grow(matrix)[1:]
    seen = np.zeros((1_500, 1_500), dtype=int)
    for pairs in distance_tree._pair_up(boxes, roots):
        for one, other in pairs:
            seen[boxes[one].rows, boxes[other].rows] += 1
            if one != other:
                seen[boxes[other].rows, boxes[one].rows] += 1
    assert (seen == 1).all()


def test_a_discrete_column_makes_few_points_with_weights():
    rng = np.random.default_rng(3)
    matrix = np.column_stack([rng.integers(1, 6, 3_000), rng.integers(0, 4, 3_000)]).astype(float)
    labels = (matrix[:, 0] > 3).astype(int)
    assert exact(matrix, labels) == pytest.approx([silhouette_score(matrix, labels)], abs=1e-9)


def test_tight_groups_far_apart_keep_their_digits():
    """Differences, not products: near points far from the middle lose nothing."""
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, 5_000)
    matrix = rng.normal(0, 1e-3, (5_000, 2)) + labels[:, np.newaxis] * 10
    assert exact(matrix, labels) == pytest.approx([silhouette_score(matrix, labels)], abs=1e-6)


def test_one_customer_far_away_spoils_nothing():
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(5_000, 2))
    matrix[0] = 1_000
    labels = (matrix[:, 0] > 0).astype(int)
    assert exact(matrix, labels) == pytest.approx([silhouette_score(matrix, labels)], abs=1e-6)


def test_noise_is_neither_counted_nor_compared_with():
    rng = np.random.default_rng(6)
    matrix, labels = rng.normal(size=(600, 2)), rng.integers(-1, 3, 600)
    known = labels >= 0
    (found,) = measure_silhouettes(matrix, [labels], exact_points=1_000, draws=2, sample=10, seed=0)
    assert found.rows == known.sum()
    assert found.value == pytest.approx(silhouette_score(matrix[known], labels[known]))
    assert (np.isnan(silhouette_values(matrix, labels)) == ~known).all()


def test_names_order_and_threads_change_nothing(monkeypatch):
    rng = np.random.default_rng(7)
    matrix = rng.normal(size=(5_000, 2)).round(2)
    labels, more = rng.integers(0, 4, 5_000), (matrix[:, 1] > 0).astype(int)
    reference = exact(matrix, labels, more)
    shuffled = rng.permutation(5_000)
    other_names = np.array([30, 10, 20, 0])[labels]
    assert exact(matrix, other_names, more) == pytest.approx(reference, abs=1e-12)
    assert exact(matrix[shuffled], labels[shuffled], more[shuffled]) == reference
    for module in (distance_sums, distance_tree):
        monkeypatch.setattr(module, "in_threads", lambda work, items: [work(i) for i in items])
    assert exact(matrix, labels, more) == reference


def test_sampled_where_there_are_too_many_points():
    """The interval of the mean of the draws holds the exact value, and is narrow."""
    rng = np.random.default_rng(8)
    matrix = rng.normal(size=(6_000, 2)) + rng.integers(0, 2, 6_000)[:, np.newaxis] * 3
    labels = (matrix.sum(axis=1) > 3).astype(int)
    (found,) = measure_silhouettes(
        matrix, [labels], exact_points=5_000, draws=20, sample=1_000, seed=1
    )
    assert (found.rows, found.draws) == (1_000, 20)
    assert found.interval.low < silhouette_score(matrix, labels) < found.interval.high
    assert found.interval.high - found.interval.low < 0.02
    again = measure_silhouettes(
        matrix, [labels], exact_points=5_000, draws=20, sample=1_000, seed=1
    )
    assert again == (found,)


def test_one_cluster_has_no_silhouette():
    """Neither one label, nor noise only; one place for all, in two clusters, is 0 by definition."""
    matrix = np.zeros((10, 2))
    found = exact(matrix, np.zeros(10, int), np.full(10, -1), np.arange(10) % 2)
    assert found == [NotComputed("no_variation"), NotComputed("no_variation"), 0.0]
