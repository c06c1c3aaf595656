"""Lloyd's iterations: scikit-learn's own end from the same centres, whatever is passed over."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from analysis import lloyd
from analysis.lloyd import iterate


def heaps(rows: int, features: int, seed: int = 0) -> np.ndarray:
    """Return rows of overlapping heaps far from the origin: borders run through the crowd."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, features)) + rng.integers(0, 3, (rows, 1)) + 50


def centres_of(matrix: np.ndarray, k: int, seed: int = 0) -> np.ndarray:
    return matrix[np.random.default_rng(seed).choice(len(matrix), k, replace=False)]


def test_by_hand():
    """0, 1, 2 and 10 from 0 and 2: 1 is as near to both and stays with the first; then 2 joins."""
    matrix = np.array([[0.0], [1.0], [2.0], [10.0]])
    found = iterate(matrix, np.array([[0.0], [2.0]]))
    assert found.centres.ravel().tolist() == [1.0, 10.0]
    assert found.labels.tolist() == [0, 0, 0, 1]
    assert found.inertia == pytest.approx(2.0)


@pytest.mark.parametrize("features", [1, 2, 4])
@pytest.mark.parametrize("k", [2, 3, 7])
def test_ends_where_scikit_learn_ends(k, features):
    matrix = heaps(4_000, features)
    centres = centres_of(matrix, k)
    theirs = KMeans(k, init=centres, n_init=1, tol=0, max_iter=300).fit(matrix)
    ours = iterate(matrix, centres)
    np.testing.assert_allclose(ours.centres, theirs.cluster_centers_, atol=1e-9)
    np.testing.assert_array_equal(ours.labels, theirs.labels_)
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-10)


def test_stops_where_scikit_learn_stops_with_a_tolerance():
    matrix = heaps(4_000, 2)
    centres = centres_of(matrix, 6)
    theirs = KMeans(6, init=centres, n_init=1, tol=1e-4).fit(matrix)
    ours = iterate(matrix, centres, tolerance=1e-4)
    np.testing.assert_allclose(ours.centres, theirs.cluster_centers_, atol=1e-9)
    assert iterate(matrix, centres).inertia < ours.inertia


def test_weights_count_as_copies():
    matrix, weights = heaps(900, 2).round(1), np.random.default_rng(1).integers(1, 5, 900)
    centres = centres_of(matrix, 4)
    copied = iterate(np.repeat(matrix, weights, axis=0), centres)
    weighted = iterate(matrix, centres, weights.astype(float))
    np.testing.assert_allclose(weighted.centres, copied.centres, atol=1e-9)
    assert weighted.inertia == pytest.approx(copied.inertia)


def test_most_rows_are_looked_at_a_few_times_only(monkeypatch):
    looks = []
    look = lloyd._two_nearest
    monkeypatch.setattr(lloyd, "_two_nearest", lambda *given: looks.append(1) or look(*given))
    matrix = heaps(6_000, 2)
    centres = centres_of(matrix, 8)
    steps = KMeans(8, init=centres, n_init=1, tol=0).fit(matrix).n_iter_
    iterate(matrix, centres)
    assert steps > 20
    assert len(looks) < steps / 2


def test_a_cluster_without_rows_is_said():
    assert iterate(np.zeros((5, 1)), np.array([[0.0], [9.0]])) is None


def test_one_cluster_is_the_mean():
    matrix = heaps(50, 2)
    found = iterate(matrix, matrix[:1])
    np.testing.assert_allclose(found.centres[0], matrix.mean(axis=0))
    assert not found.labels.any()
