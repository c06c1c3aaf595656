"""Indices and the gap statistic: equal to scikit-learn's and R's, and defined for poor data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from analysis import gap as gap_module
from analysis.findings import NotComputed
from analysis.gap import Gap, choose_by_gap, gap_statistic
from analysis.indices import calinski_harabasz, davies_bouldin, describe_shapes

FIXTURES = Path(__file__).parent / "fixtures"


def read(name: str) -> np.ndarray:
    return np.loadtxt(FIXTURES / name, delimiter=",", skiprows=1)


def gaps(matrix, most, seed=0, references=50):
    return gap_statistic(matrix, most, references=references, sample=5_000, starts=10, seed=seed)


def test_indices_equal_scikit_learn_and_r():
    """R's fpc: Calinski-Harabasz 561.6278 for iris in three."""
    iris = read("iris.csv")
    matrix, labels = iris[:, :4], iris[:, 5].astype(int)
    assert calinski_harabasz(matrix, labels) == pytest.approx(561.6278, abs=1e-4)
    rng = np.random.default_rng(0)
    for k in (2, 5):
        labels = rng.integers(0, k, 150) * 3
        assert davies_bouldin(matrix, labels) == pytest.approx(
            davies_bouldin_score(matrix, labels), rel=1e-8
        )
        assert calinski_harabasz(matrix, labels) == pytest.approx(
            calinski_harabasz_score(matrix, labels), abs=1e-9
        )


def test_shapes_by_hand():
    """A square of side 2 around the origin, and a bar of length 8 and height 2 at (10, 0)."""
    square = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], float)
    bar = square * [4, 1] + [10, 0]
    first, second = describe_shapes(np.vstack([square, bar]), np.repeat([3, 8], 4))
    assert (first.label, first.customers, first.nearest, second.nearest) == (3, 4, 8, 3)
    assert (first.compactness, first.separation) == pytest.approx((np.sqrt(2), 10))
    assert (first.elongation, second.elongation) == pytest.approx((1, 4))
    assert second.compactness == pytest.approx(np.sqrt(17))


def test_noise_is_left_out_of_the_indices():
    rng = np.random.default_rng(1)
    matrix, labels = rng.normal(size=(200, 2)), rng.integers(-1, 3, 200)
    known = labels >= 0
    for index in (davies_bouldin, calinski_harabasz, describe_shapes):
        assert index(matrix, labels) == index(matrix[known], labels[known])


@pytest.mark.parametrize("index", [davies_bouldin, calinski_harabasz, describe_shapes])
@pytest.mark.parametrize("labels", [np.zeros(9, int), np.full(9, -1)], ids=["one", "noise only"])
def test_one_cluster_has_no_index(index, labels):
    assert index(np.arange(18.0).reshape(9, 2), labels) == NotComputed("no_variation")


def test_clusters_without_width():
    """All at one place: no distance between centres, and nothing within."""
    matrix, labels = np.zeros((8, 2)), np.arange(8) % 2
    assert davies_bouldin(matrix, labels) == 0.0
    assert calinski_harabasz(matrix, labels) == NotComputed("no_variation")
    assert describe_shapes(matrix, labels)[0].elongation == NotComputed("no_variation")


def test_the_gap_equals_r_on_iris():
    """R's clusGap, d.power = 2, original space: 0.0796 0.9876 1.4383 1.5814."""
    found = gaps(read("iris.csv")[:, :4], 4)
    assert [one.gap for one in found] == pytest.approx([0.0796, 0.9876, 1.4383, 1.5814], abs=0.03)
    assert all(0.02 < one.standard_error < 0.06 for one in found)


def test_the_gap_finds_four_groups_where_the_first_local_rule_stops_at_one():
    """R: first-local rules 1, globalSEmax 4."""
    found = gaps(read("syn4.csv")[:, :2], 6)
    assert [one.gap for one in found][:4] == pytest.approx([0.4761, 0.4708, 0.5557, 0.79], abs=0.03)
    assert found[0].gap >= found[1].gap - found[1].standard_error
    assert choose_by_gap(found) == 4


@pytest.mark.parametrize("seed", range(3))
def test_the_gap_answers_one_where_nothing_is_grouped(seed):
    """Continuous, and with a discrete column, of which other measures make groups."""
    rng = np.random.default_rng(seed)
    spend, taste, stars = rng.normal(size=(2, 800)), rng.normal(size=800), rng.integers(1, 6, 800)
    for matrix in (spend.T, np.column_stack([taste, stars])):
        assert choose_by_gap(gaps(matrix, 4, seed, references=10)) == 1


def test_the_gap_of_a_uniform_square_equals_r():
    """R: -0.0079 0.0189 -0.0076 -0.0059; each reference is drawn anew."""
    found = [one.gap for one in gaps(read("unif.csv"), 4)]
    assert found == pytest.approx([-0.0079, 0.0189, -0.0076, -0.0059], abs=0.02)


def test_the_smallest_k_within_one_error_of_the_largest_gap():
    found = [Gap(1, 0.1, 0.02, 9), Gap(2, 0.47, 0.02, 9), Gap(3, 0.5, 0.04, 9)]
    assert choose_by_gap(found) == 2


def test_rows_and_copies_do_not_change_the_gap(monkeypatch):
    matrix = read("syn4.csv")[:, :2].round(1)
    reference = gaps(matrix, 3, references=4)
    mixed = matrix[np.random.default_rng(0).permutation(len(matrix))]
    assert gaps(mixed, 3, references=4) == reference
    monkeypatch.setattr(gap_module, "in_processes", lambda work, items: [work(i) for i in items])
    assert gaps(matrix, 3, references=4) == reference


def test_too_few_places_have_no_gap():
    found = gaps(np.ones((40, 2)), 3, references=2)
    assert found == NotComputed("too_few_customers", found="1", expected="4")
