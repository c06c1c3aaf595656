"""K-Means in strips: Lloyd's own end, whatever the order, the weights or the borders."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from analysis import kmeans
from analysis.lloyd import iterate
from analysis.strips import MOST_STRIPS, find_strips, sort_rows


def customers(rows: int, seed: int = 0, levels: int = 5) -> np.ndarray:
    """Return log spend and stars, standardised."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([rng.lognormal(4, 1, rows), rng.integers(1, levels + 1, rows)])
    matrix[:, 0] = np.log1p(matrix[:, 0])
    return (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)


def some(matrix: np.ndarray, k: int, starts: int = 1, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([matrix[rng.choice(len(matrix), k, replace=False)] for _ in range(starts)])


def test_one_iteration_by_hand():
    """0, 1, 2 and 10 at two stars, 4 at three: 1 is as near to 0 as to 2, and of the lower side."""
    matrix = np.array([[10.0, 2], [0, 2], [4, 3], [1, 2], [2, 2]])
    strips = find_strips(matrix)
    centres = np.array([[[2.0, 2.0], [0.0, 2.0]]])
    assert strips.labels(centres[0]).tolist() == [0, 1, 0, 1, 0]
    # 10, 2 and 4 against 0 and 1.
    assert strips.follow(centres, 1).tolist() == [[[16 / 3, 7 / 3], [0.5, 2.0]]]
    assert strips.inertia(centres).tolist() == [64 + 0 + (4 + 1) + 0 + 1]


@pytest.mark.parametrize("k", [1, 2, 3, 7])
@pytest.mark.parametrize("turned", [False, True])
def test_ends_where_scikit_learn_ends(k, turned):
    matrix = customers(4_000)
    matrix = matrix[:, ::-1].copy() if turned else matrix
    centres = some(matrix, k)
    strips = find_strips(matrix)
    found = strips.follow(centres)
    theirs = KMeans(k, init=centres[0], n_init=1, tol=0, max_iter=300).fit(matrix)
    np.testing.assert_allclose(found[0], theirs.cluster_centers_, atol=1e-9)
    np.testing.assert_array_equal(strips.labels(found[0]), theirs.labels_)
    assert strips.inertia(found)[0] == pytest.approx(theirs.inertia_, rel=1e-9)


def test_one_column_is_one_strip():
    matrix = customers(900)[:, :1]
    strips = find_strips(matrix)
    assert len(strips.others) == 1
    ours = strips.follow(some(matrix, 4))[0]
    np.testing.assert_allclose(ours, iterate(matrix, some(matrix, 4)[0]).centres, atol=1e-9)


def test_three_columns_of_which_two_take_few_values():
    rng = np.random.default_rng(3)
    matrix = np.column_stack(
        [rng.integers(0, 3, 2_000), rng.normal(size=2_000), rng.integers(0, 4, 2_000)]
    )
    strips = find_strips(matrix.astype(float))
    assert len(strips.others) == 12
    centres = some(matrix, 5)
    ours = strips.follow(centres)[0]
    np.testing.assert_allclose(ours, iterate(matrix, centres[0]).centres, atol=1e-9)


def test_several_starts_end_as_each_alone():
    matrix = customers(2_000)
    strips, centres = find_strips(matrix), some(matrix, 5, starts=6)
    together = strips.follow(centres)
    alone = np.concatenate([strips.follow(start[np.newaxis]) for start in centres])
    np.testing.assert_array_equal(together, alone)


def test_weights_count_as_copies_and_nothing_weighs_nothing():
    matrix = customers(900).round(1)
    weights = np.random.default_rng(1).integers(0, 4, 900)
    copies = np.repeat(matrix, weights, axis=0)
    centres = some(copies, 4)
    weighted, copied = find_strips(matrix, weights.astype(float)), find_strips(copies)
    ours, theirs = weighted.follow(centres), copied.follow(centres)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)
    assert weighted.inertia(ours) == pytest.approx(copied.inertia(theirs))
    # Who weighs nothing has the label of the nearest centre all the same.
    np.testing.assert_array_equal(weighted.labels(ours[0]), kmeans.assign(matrix, ours[0]))


def test_equal_centres_leave_one_alone():
    matrix = customers(300)
    centres = np.stack([matrix[0], matrix[0], matrix[1]])[np.newaxis]
    strips = find_strips(matrix)
    assert set(strips.labels(centres[0])) == {0, 2}
    assert np.isinf(strips.inertia(centres)[0])
    # One below the other: each strip belongs to the nearer.
    above = np.array([[0.0, -1.0], [0.0, 1.0]])
    np.testing.assert_array_equal(strips.labels(above), kmeans.assign(matrix, above))


def test_the_order_of_the_rows_changes_no_centre():
    matrix = customers(3_000)
    mixed = matrix[np.random.default_rng(5).permutation(len(matrix))]
    sorted_rows = sort_rows(mixed)
    assert find_strips(sorted_rows).rows.tolist() == list(range(len(matrix)))
    fits = [kmeans.fit_cold(rows, 5, starts=10, seed=0) for rows in (matrix, mixed, sorted_rows)]
    for fit in fits[1:]:
        np.testing.assert_allclose(fit.centres, fits[0].centres, atol=1e-9)


def test_many_values_in_two_columns_are_no_strips():
    matrix = np.random.default_rng(0).normal(size=(2_000, 2))
    assert find_strips(matrix) is None
    assert sort_rows(matrix) is matrix
    assert find_strips(customers(5_000, levels=MOST_STRIPS)) is not None
    assert find_strips(customers(5_000, levels=MOST_STRIPS + 1)) is None


def test_the_column_along_is_found_where_the_first_rows_are_all_alike():
    matrix = np.column_stack([np.repeat([1.0, 2.0], 2_000), np.arange(4_000) // 4.0])
    assert find_strips(matrix).columns.tolist() == [1, 0]
    matrix[:1_000] = matrix[0]
    assert find_strips(matrix).columns.tolist() == [1, 0]


def test_cells_hold_everybody_and_are_fine_where_the_crowd_is():
    rng = np.random.default_rng(2)
    skewed = np.column_stack([rng.lognormal(4, 1.5, 20_000), rng.integers(1, 6, 20_000)])
    cells = find_strips(skewed).cells()
    assert cells.weights.sum() == len(skewed)
    np.testing.assert_allclose(cells.weights @ cells.means, skewed.sum(axis=0))
    assert cells.weights.max() < 0.01 * len(skewed)
    assert (cells.means[:, 0] > np.quantile(skewed[:, 0], 0.999)).sum() > 10


def test_cold_fits_reach_what_sixty_starts_find():
    matrix = customers(8_000)
    for k in (3, 5, 7):
        best = KMeans(k, n_init=60, random_state=0).fit(matrix).inertia_
        found = [kmeans.fit_cold(matrix, k, starts=20, seed=seed).inertia for seed in range(8)]
        assert max(found) <= best * 1.01
        assert np.median(found) <= best * 1.001
