"""Every algorithm on planted worlds: groups that are there, names that do not matter, bad input."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep

import numpy as np
import pytest
from sklearn.utils.parallel import Parallel
from worlds import make_table, two_by_two

from analysis.algorithms import fit, fit_all, label_all
from analysis.extension import Neighbours, extend, vote
from analysis.features import Preparation
from analysis.measures import adjusted_rand
from analysis.partitions import Space
from analysis.recipes import Recipe, make_recipes
from analysis.settings import check_settings
from analysis.trials import make_space

SETTINGS = check_settings(
    {
        "segmentation": {"k_min": 3, "k_max": 4, "starts": 5},
        "trials": {"sample": 600, "spectral_sample": 300, "mixture_sample": 800},
    }
)
PLAIN = Preparation(("spend", "review"), ("identity", "identity"), (0.0, 0.0), (1.0, 1.0))


def blobs(size: int = 1_200) -> tuple[Space, np.ndarray]:
    """Three round groups, far apart."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, size)
    centres = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    return Space(centres[group] + rng.normal(0, 0.5, (size, 2)), PLAIN), group


RECIPES = make_recipes(SETTINGS, has_reviews=True)
FINDS_THREE = [
    *(recipe for recipe in RECIPES if recipe.k == 3),
    # Half the knee is too short a radius here: it leaves half the customers out, as it should.
    *(
        recipe
        for recipe in RECIPES
        if recipe.algorithm == "dbscan" and recipe.parameter("knee") > 1
    ),
    *(recipe for recipe in RECIPES if recipe.algorithm == "hdbscan"),
]


# Jitter parts what stands on one place, on purpose.
UNSHAKEN = [
    recipe for recipe in RECIPES if recipe.algorithm != "hdbscan" or not recipe.parameter("jitter")
]


@pytest.fixture(scope="module")
def fitted():
    space, group = blobs()
    return {made.recipe: made for made in fit_all(RECIPES, space, SETTINGS, 1)}, group


def test_shared_with_a_copy_the_labels_are_the_same_and_the_models_are_not_there(fitted):
    space, _ = blobs()
    settled = label_all(RECIPES, space, SETTINGS, 1)
    assert [made.recipe for made in settled] == list(fitted[0])
    for made in settled:
        assert (made.labels == fitted[0][made.recipe].labels).all(), made.recipe
        assert (made.centres == fitted[0][made.recipe].centres).all(), made.recipe
        with pytest.raises(TypeError, match="without its model"):
            made.predict(space.matrix)


@pytest.mark.parametrize("recipe", FINDS_THREE, ids=lambda recipe: repr(recipe)[7:])
def test_groups_that_are_there_are_found(fitted, recipe):
    partitions, group = fitted
    labels = partitions[recipe].labels
    known = labels >= 0
    assert known.mean() > 0.75
    assert adjusted_rand(labels[known], group[known]) > 0.99


def test_every_recipe_is_answered_and_its_labels_are_whole(fitted):
    partitions, _ = fitted
    assert set(partitions) == set(RECIPES)
    for made in partitions.values():
        assert made.labels.max(initial=-1) == made.segments - 1
        assert set(np.unique(made.labels)) <= {-1, *range(made.segments)}
        assert 0 <= made.extension_accuracy <= 1


def test_labels_of_a_sample_are_carried_on_and_checked(fitted):
    partitions, _ = fitted
    ward = partitions[Recipe("ward", 3)]
    assert ward.fitted_rows == SETTINGS.trials.sample
    assert ward.extension in ("nearest_centre", "neighbours")
    assert ward.extension_accuracy > 0.99
    assert partitions[Recipe("kmeans", 3)].extension == "none"


def test_what_labels_the_fitted_rows_labels_them_again(fitted):
    partitions, _ = fitted
    space, _ = blobs()
    for made in partitions.values():
        if made.extension == "none":
            np.testing.assert_array_equal(made.predict(space.matrix), made.labels)


def test_one_thread_and_two_give_the_same():
    space, _ = blobs(700)

    def work(_: int) -> list[np.ndarray]:
        return [made.labels for made in fit_all(RECIPES, space, SETTINGS, 3)]

    alone = work(0)
    with ThreadPoolExecutor(2) as pool:
        for beside in pool.map(work, range(2)):
            for one, other in zip(alone, beside, strict=True):
                np.testing.assert_array_equal(one, other)


def test_more_segments_than_customers_has_no_answer():
    space = Space(np.tile([[0.0, 1.0], [2.0, 3.0]], (20, 1)), PLAIN)
    assert fit(Recipe("kmeans", 3), space, SETTINGS, 0) is None
    found = fit_all(UNSHAKEN, space, SETTINGS, 0)
    assert all(made.segments <= 2 for made in found)


def test_one_distinct_customer_breaks_nothing():
    space = Space(np.zeros((60, 2)), PLAIN)
    for made in fit_all(UNSHAKEN, space, SETTINGS, 0):
        assert made.segments <= 1


def test_the_rule_cuts_spend_at_its_median_and_stars_at_half():
    table = make_table([10, 20, 30, 40], [1, 5, 1, 5])
    space = make_space(table, np.arange(4), "traits", True)
    made = fit(Recipe("rule", 0), space, SETTINGS, 0)
    assert made is not None
    assert len(np.unique(made.labels)) == 4
    later = make_space(make_table([10, 12, 38, 40], [1, 2, 4, 5]), np.arange(4), "traits", True)
    assert later.preparation != space.preparation


def test_the_predecessor_is_blind_to_satisfaction():
    table = two_by_two(1_000)
    space = make_space(table, np.arange(1_000), "traits_and_recency", True)
    made = fit(Recipe("rfm", 4), space, SETTINGS, 0)
    changed = space.matrix.copy()
    changed[:, 1] = -changed[:, 1]
    assert made is not None
    again = fit(Recipe("rfm", 4), Space(changed, space.preparation), SETTINGS, 0)
    assert again is not None
    np.testing.assert_array_equal(made.labels, again.labels)


def test_a_discrete_column_parts_the_neighbour_graph_and_spectral_still_answers():
    rng = np.random.default_rng(0)
    matrix = np.column_stack([rng.normal(size=400), rng.integers(0, 3, 400) * 50.0])
    made = fit(Recipe("spectral", 3, (("neighbours", 15),)), Space(matrix, PLAIN), SETTINGS, 0)
    assert made is not None
    assert adjusted_rand(made.labels, matrix[:, 1]) > 0.99


def test_a_vote_goes_to_the_majority_and_noise_wins_a_tie():
    labels = np.array([0, 0, 1, -1], dtype=np.int32)
    places = np.array([[0, 1, 2], [2, 3, 3], [2, 3, 0]])
    assert vote(labels, places).tolist() == [0, -1, -1]


def test_nobody_in_a_segment_is_nobody_everywhere():
    matrix = np.arange(20.0).reshape(10, 2)
    found = extend(Neighbours(matrix, np.arange(10), 3), np.full(5, -1, dtype=np.int32))
    assert found.labels.tolist() == [-1] * 10
    assert found.predict(matrix[:2]).tolist() == [-1, -1]


def test_the_neighbours_of_equal_rows_are_looked_up_once(monkeypatch):
    from analysis import extension

    asked = []
    found = extension.nearest
    monkeypatch.setattr(
        extension,
        "nearest",
        lambda points, matrix, count: asked.append(len(matrix)) or found(points, matrix, count),
    )
    matrix = np.random.default_rng(1).normal(size=(50, 2))
    neighbours = Neighbours(matrix, np.arange(50), 3)
    first = neighbours.places(20, matrix[30:])
    assert (neighbours.places(20, matrix[30:].copy()) == first).all()
    assert asked == [20]
    neighbours.places(10, matrix[30:])
    assert asked == [20, 20]


def test_a_sample_of_everybody_needs_no_neighbours(monkeypatch):
    matrix = np.random.default_rng(1).normal(size=(40, 2))
    labels = (matrix[:, 0] > 0).astype(np.int32)
    neighbours = Neighbours(matrix, np.arange(40), 3)
    monkeypatch.setattr(Neighbours, "places", lambda *_: pytest.fail("looked up"))
    assert (extend(neighbours, labels).labels == labels).all()


def test_scikit_learns_own_parallel_work_is_never_done_twice_at_a_time(monkeypatch):
    """It empties the filters of warnings, which the threads share, and refills them."""
    entered, most, seen = Lock(), 0, 0
    inside = 0
    whole = Parallel.__call__

    def watched(self, tasks):
        nonlocal inside, most, seen
        with entered:
            inside, seen = inside + 1, seen + 1
            most = max(most, inside)
        sleep(0.01)
        try:
            return whole(self, tasks)
        finally:
            with entered:
                inside -= 1

    monkeypatch.setattr(Parallel, "__call__", watched)
    space, _ = blobs(300)
    searching = [one for one in RECIPES if one.algorithm in ("spectral", "dbscan", "hdbscan")]
    assert len(fit_all(searching, space, SETTINGS, 1)) == len(searching)
    assert seen > len(searching) / 2
    assert most == 1
