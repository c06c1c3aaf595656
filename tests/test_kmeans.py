"""K-Means: no worse than scikit-learn's own search, the same on one and two threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.cluster import KMeans

from analysis import kmeans
from analysis.starts import FINE_CELLS, find_cells, merge_rows


def blobs(size: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(size, 3)) + rng.integers(0, 4, size)[:, np.newaxis] * 1.5


def test_inertia_is_no_worse_than_scikit_learn_with_ten_starts():
    matrix = blobs(6_000)
    for k in (2, 4, 6):
        ours = kmeans.fit_cold(matrix, k, starts=20, seed=1)
        theirs = KMeans(k, n_init=10, random_state=1).fit(matrix)
        assert ours.inertia <= theirs.inertia_ * 1.001


def test_assigning_again_gives_the_fitted_labels():
    matrix = blobs(2_000)
    fit = kmeans.fit_cold(matrix, 4, starts=5, seed=0)
    assert (kmeans.assign(matrix, fit.centres) == fit.labels).mean() > 0.999


def test_warm_start_from_the_optimum_stays_there():
    matrix = blobs(2_000)
    fit = kmeans.fit_cold(matrix, 4, starts=5, seed=0)
    again = kmeans.fit_warm(matrix, fit.centres)
    np.testing.assert_allclose(again.centres, fit.centres, atol=1e-3)


def test_side_by_side_gives_the_same_as_one_after_the_other():
    matrix = blobs(5_000)

    def work(seed: int) -> kmeans.Fit:
        return kmeans.fit_cold(matrix, 4, starts=5, seed=seed)

    alone = [work(seed) for seed in range(6)]
    with ThreadPoolExecutor(2) as pool:
        beside = list(pool.map(work, range(6)))
    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_array_equal(one.labels, other.labels)
        assert one.inertia == other.inertia


def test_weights_count_as_copies():
    rng = np.random.default_rng(1)
    matrix = blobs(400).round(1)
    weights = rng.integers(1, 4, 400).astype(float)
    copied = np.repeat(matrix, weights.astype(int), axis=0)
    theirs = KMeans(4, n_init=20, random_state=0, tol=1e-6).fit(copied)
    for fit in (
        kmeans.fit_cold(matrix, 4, starts=20, seed=0, weights=weights),
        kmeans.fit_cold(matrix, 4, weights=weights, starts=20, seed=0, polished=1),
    ):
        assert fit.inertia <= theirs.inertia_ * 1.001


def test_starts_on_cells_end_as_well_as_starts_on_rows():
    """Also with one customer so far away that the grid must be coarse."""
    matrix = blobs(5_000)
    far = np.vstack([matrix, [[300.0, 0.0, 0.0]]])
    for rows in (matrix, far):
        ours = kmeans.fit_cold(rows, 5, starts=10, seed=0, polished=1)
        theirs = KMeans(5, n_init=10, random_state=0).fit(rows)
        assert ours.inertia <= theirs.inertia_ * 1.005


def test_more_polished_starts_are_never_worse():
    matrix = blobs(3_000)
    one, many = (
        kmeans.fit_cold(matrix, 8, starts=20, seed=0, polished=polished) for polished in (1, 5)
    )
    assert many.inertia <= one.inertia
    assert sorted(np.unique(many.labels)) == list(range(8))


def test_a_fit_ends_where_every_centre_is_the_mean_of_its_rows():
    matrix = blobs(8_000)
    for fit in (
        kmeans.fit_cold(matrix, 5, starts=10, seed=0),
        kmeans.fit_cold(matrix, 5, starts=10, seed=0, polished=1),
        kmeans.fit_once(matrix, 5, seed=0),
        kmeans.fit_warm(matrix, matrix[:5]),
    ):
        means = [matrix[fit.labels == label].mean(axis=0) for label in range(5)]
        np.testing.assert_allclose(fit.centres, means, atol=1e-9)
        np.testing.assert_array_equal(fit.labels, kmeans.assign(matrix, fit.centres))
        apart = matrix - fit.centres[fit.labels]
        np.testing.assert_allclose(fit.inertia, (apart**2).sum(), rtol=1e-10)


def test_cells_are_few_weigh_all_rows_and_may_be_known_before():
    matrix = blobs(20_000)
    cells = find_cells(matrix)
    merged = merge_rows(matrix, np.ones(len(matrix)), cells)
    assert len(merged.means) == cells.max() + 1 <= FINE_CELLS
    assert merged.weights.sum() == len(matrix)
    np.testing.assert_allclose(
        np.average(merged.means, axis=0, weights=merged.weights), matrix.mean(axis=0)
    )
    known = kmeans.fit_cold(matrix, 4, starts=5, seed=0, cells=cells)
    assert known.inertia == kmeans.fit_cold(matrix, 4, starts=5, seed=0).inertia


def test_a_cluster_that_runs_empty_is_given_another_place():
    """From two equal centres: one of them is nobody's nearest."""
    matrix = blobs(300)
    fit = kmeans.fit_warm(matrix, np.vstack([matrix[0], matrix[0], matrix[1]]))
    assert sorted(np.unique(fit.labels)) == [0, 1, 2]
