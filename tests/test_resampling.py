"""Resampling: R's values on its own data, by hand, and what must not change a result."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans
from worlds import two_by_two

from analysis import kmeans, resampling
from analysis.features import feature_names, fit_preparation, raw_matrix, scale
from analysis.findings import NotComputed
from analysis.points import by_appearance, clusterer_of_rows, find_points, kmeans_clusterer
from analysis.resampling import (
    PredictionStrength,
    bootstrap_jaccard,
    find_near_ties,
    largest_supported_k,
    prediction_strength,
    refit_floor,
    seed_floor,
)

FIXTURES = Path(__file__).parent / "fixtures"


def read(name: str) -> np.ndarray:
    return np.loadtxt(FIXTURES / name, delimiter=",", skiprows=1)


IRIS, SYN4, UNIF = read("iris.csv")[:, :4], read("syn4.csv")[:, :2], read("unif.csv")


def blobs(size: int, centres: int, seed: int = 0, apart: float = 12.0) -> tuple:
    rng = np.random.default_rng(seed)
    labels = np.arange(size) % centres
    angle = 2 * np.pi * labels / centres
    places = apart * np.column_stack([np.cos(angle), np.sin(angle)])
    return rng.normal(size=(size, 2)) + places, labels


def jaccards(matrix, k, resamples=60, seed=1):
    labels = kmeans.fit_cold(matrix, k, starts=60, seed=0).labels
    cluster = kmeans_clusterer(k, starts=10)
    found = bootstrap_jaccard(matrix, labels, cluster, resamples=resamples, seed=seed)
    sizes = np.bincount(labels)
    return [found[label].mean for label in np.argsort(sizes)], np.sort(sizes).tolist()


# Values and sizes of fpc 2.2-10, clusterboot with multipleboot = FALSE, smallest segment first.
@pytest.mark.parametrize(
    ("matrix", "k", "sizes", "values", "tolerance"),
    [
        (IRIS, 3, [38, 50, 62], [0.9408, 1.0, 0.9527], 0.03),
        (SYN4, 4, [145, 147, 153, 155], [0.9946, 0.9899, 0.995, 0.9904], 0.02),
        (UNIF, 4, [139, 145, 148, 168], [0.9423, 0.9339, 0.9406, 0.9318], 0.03),
    ],
    ids=["iris", "syn4", "uniform square"],
)
def test_bootstrap_jaccard_equals_r(matrix, k, sizes, values, tolerance):
    found, found_sizes = jaccards(matrix, k)
    assert found_sizes == sizes
    assert found == pytest.approx(values, abs=tolerance)


# Of fpc, prediction.strength, on one fixed split: one half's clusters predicted by the other's.
@pytest.mark.parametrize(("k", "value"), [(2, 0.498448), (3, 0.512112), (4, 0.973333)])
def test_prediction_strength_of_a_fixed_split_equals_r(k, value):
    first = np.zeros(len(SYN4), bool)
    first[np.loadtxt(FIXTURES / "syn4_split.csv", skiprows=1).astype(int) - 1] = True
    cluster = kmeans_clusterer(k, starts=50)
    halves = [
        resampling._Half.of(find_points(SYN4[rows]), np.arange(rows.sum()), cluster, 0)
        for rows in (first, ~first)
    ]
    assert halves[1].strength(halves[0]) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("matrix", "values", "tolerance"),
    [(IRIS, {2: 0.9768, 3: 0.7888, 4: 0.5884}, 0.05), (SYN4, {2: 0.6086, 4: 0.9441}, 0.08)],
    ids=["iris", "syn4"],
)
def test_prediction_strength_equals_r(matrix, values, tolerance):
    for k, value in values.items():
        cluster = kmeans_clusterer(k, starts=10)
        found = prediction_strength(matrix, k, cluster, halvings=50, seed=1)
        assert found.mean == pytest.approx(value, abs=tolerance)


def test_the_share_of_pairs_by_hand():
    """A cluster of 4 cut 3 and 1 keeps 3 of 6 pairs, one of 2 keeps its only pair; alone: none."""
    assert resampling._worst_pairs(np.array([[3, 1], [0, 2]])) == 0.5
    assert resampling._worst_pairs(np.array([[4, 0], [0, 1]])) == 0.0


def test_the_best_jaccard_by_hand():
    """Segment of 4 (1 of it noise there), 2 of it in a new cluster of 3: 2 / (4 + 3 - 2)."""
    shared = np.array([[0, 1, 0], [1, 2, 1], [0, 0, 5]])
    assert resampling._best_jaccard(shared, 2) == pytest.approx([2 / 5, 5 / 6])


def test_the_largest_supported_k_takes_the_error_along():
    strengths = [
        PredictionStrength(k, mean, 0.02, 50) for k, mean in ((2, 0.9), (3, 0.79), (4, 0.7))
    ]
    assert largest_supported_k(strengths, 0.8) == 3
    assert largest_supported_k(strengths[2:], 0.8) == 1


def test_separated_groups_are_found_again_every_time():
    matrix, labels = blobs(1_200, 4)
    cluster = kmeans_clusterer(4, starts=10)
    found = bootstrap_jaccard(matrix, labels, cluster, resamples=20, seed=0)
    assert [one.mean for one in found] == [1.0] * 4
    assert [(one.recovered, one.dissolved) for one in found] == [(20, 0)] * 4
    assert prediction_strength(matrix, 4, cluster, halvings=10, seed=0).mean == 1.0
    assert seed_floor(matrix, cluster, fits=4, seed=0).minimum == 1.0
    ties = find_near_ties(matrix, 4, starts=20, inertia_tolerance=0.005, least_ari=0.9, seed=0)
    assert (ties.rivals, ties.lowest_ari) == (0, 1.0)


def test_without_groups_no_strength_is_claimed():
    rng = np.random.default_rng(2)
    found = [
        prediction_strength(
            rng.normal(size=(800, 2)), k, kmeans_clusterer(k, starts=5), halvings=10, seed=0
        )
        for k in (2, 3, 4)
    ]
    assert largest_supported_k(found, 0.8) < 4


def test_two_maps_of_the_same_quality_are_seen():
    """A square of four equal heaps cut in two: along or across, as good either way."""
    rng = np.random.default_rng(3)
    corners = np.array([[0, 0], [0, 10], [10, 0], [10, 10]])[np.arange(800) % 4]
    matrix = corners + rng.normal(0, 0.5, (800, 2))
    ties = find_near_ties(matrix, 2, starts=30, inertia_tolerance=0.05, least_ari=0.9, seed=0)
    assert ties.rivals > 0
    assert ties.lowest_ari < 0.1
    assert ties.single.fits == 30


def test_weights_are_copies():
    """With the rows copied and refitted by scikit-learn, the coefficients are the same."""
    matrix, labels = blobs(900, 3, apart=3.0)
    matrix = matrix.round(1)
    labels = kmeans.fit_cold(matrix, 3, starts=20, seed=0).labels

    def refit(rows, seed):
        return KMeans(3, n_init=10, random_state=seed, tol=1e-6).fit(rows).labels_

    ours = bootstrap_jaccard(matrix, labels, kmeans_clusterer(3, starts=10), resamples=20, seed=4)
    theirs = bootstrap_jaccard(matrix, labels, clusterer_of_rows(refit), resamples=20, seed=4)
    assert [one.mean for one in ours] == pytest.approx([one.mean for one in theirs], abs=0.005)


def test_noise_is_no_segment():
    matrix, labels = blobs(600, 3)
    labels = np.where(np.arange(600) < 60, -1, labels)
    found = bootstrap_jaccard(matrix, labels, kmeans_clusterer(3, starts=5), resamples=5, seed=0)
    assert [one.label for one in found] == [0, 1, 2]
    # 180 of the 200 in the cluster: the noise counts in the union.
    assert found[0].mean == pytest.approx(0.9, abs=0.03)
    nothing = bootstrap_jaccard(
        matrix, np.full(600, -1), kmeans_clusterer(3, starts=5), resamples=5, seed=0
    )
    assert nothing == ()


def test_names_rows_and_copies_change_nothing(monkeypatch):
    matrix, labels = blobs(700, 4, apart=2.0)
    matrix = matrix.round(1)
    labels = kmeans.fit_cold(matrix, 4, starts=10, seed=0).labels
    cluster = kmeans_clusterer(4, starts=5)

    def measure(rows, names):
        found = bootstrap_jaccard(matrix[rows], names[labels[rows]], cluster, resamples=8, seed=0)
        strength = prediction_strength(matrix[rows], 4, cluster, halvings=6, seed=0)
        ties = find_near_ties(
            matrix[rows], 4, starts=6, inertia_tolerance=0.01, least_ari=0.9, seed=0
        )
        by_label = {one.label: (one.mean, one.dissolved) for one in found}
        return [by_label[name] for name in names], strength, ties

    same = np.arange(700), np.arange(4)
    reference = measure(*same)
    mixed = np.random.default_rng(0).permutation(700), np.array([7, 2, 0, 5])
    assert measure(*mixed) == reference
    monkeypatch.setattr(resampling, "in_processes", lambda work, items: [work(i) for i in items])
    assert measure(*same) == reference


def test_the_refit_floor_prepares_each_resample_anew():
    """On the two by two of money and satisfaction four segments come again; of units no trace."""
    table = two_by_two(3_000)
    names = feature_names("traits", has_reviews=True)
    raw = raw_matrix(table, np.arange(3_000), names)

    def prepare(rows):
        return partial(scale, preparation=fit_preparation(rows, names))

    cluster = kmeans_clusterer(4, starts=10)
    found = refit_floor(raw, prepare, cluster, fits=6, seed=0)
    assert found.fits == 6
    assert found.minimum <= found.low <= found.mean
    assert found.low > 0.8
    cents = refit_floor(raw * [100.0, 1.0], prepare, cluster, fits=6, seed=0)
    assert cents.mean == pytest.approx(found.mean, abs=1e-9)


@pytest.mark.parametrize(
    "matrix",
    [
        np.ones((50, 2)),
        np.column_stack([np.ones(50), np.arange(50) % 2]).astype(float),
        np.arange(3.0)[:, np.newaxis],
        np.vstack([np.random.default_rng(0).normal(size=(60, 2)), [[1_000.0, 0.0]]]),
    ],
    ids=["one place", "a constant column", "fewer than clusters", "one far away"],
)
def test_poor_data_give_a_defined_answer(matrix):
    cluster = kmeans_clusterer(4, starts=3)
    labels = np.arange(len(matrix)) % 2
    found = bootstrap_jaccard(matrix, labels, cluster, resamples=4, seed=0)
    assert all(0 <= one.mean <= 1 for one in found)
    assert 0 <= prediction_strength(matrix, 4, cluster, halvings=4, seed=0).mean <= 1
    assert seed_floor(matrix, cluster, fits=3, seed=0).mean <= 1
    ties = find_near_ties(matrix, 4, starts=3, inertia_tolerance=0.01, least_ari=0.9, seed=0)
    few = len(np.unique(matrix, axis=0)) < 4
    assert isinstance(ties, NotComputed) == few


def test_labels_are_numbered_by_their_first_row():
    labels = np.array([3, -1, 0, 3, 1, 0])
    assert by_appearance(labels).tolist() == [0, -1, 1, 0, 2, 1]
    assert by_appearance(np.array([-1, -1])).tolist() == [-1, -1]
