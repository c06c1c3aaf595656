"""The algorithms that are tried: each turns a scaled matrix into a label a row, and can label more.

Those that cannot take every customer are fitted on a sample, and their labels are carried on to
everybody else (analysis/extension.py). Every fit depends on its seed alone: libraries run on one
thread, whatever the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from analysis import kmeans
from analysis.bisection import bisect, follow_cuts
from analysis.customers import Floats, Ints
from analysis.extension import Neighbours
from analysis.features import Preparation, unscale
from analysis.parallel import alone, in_processes, in_threads, pin_one_thread
from analysis.partitions import (
    NOISE,
    Labels,
    Partition,
    Space,
    carry_on,
    partition_by_centres,
    partition_by_model,
)
from analysis.points import count_distinct
from analysis.recipes import Recipe
from analysis.settings import Settings

MIXTURE_ITERATIONS = 1_000
# Keeps a component from collapsing on a star value (methods, 2.1).
MIXTURE_FLOOR = 1e-3
EMBEDDED_STARTS = 10
# Below the lowest eigenvalue of a Laplacian, so that the shifted matrix can be inverted; and what
# counts as its eigenvalue 0.
LAPLACIAN_SHIFT, ZERO = 1e-3, 1e-9
RULE_DIGITS = 9
# Does the work for each group of recipes, in order.
SideBySide = Callable[
    [Callable[[list[Recipe]], list[Partition]], Iterable[list[Recipe]]], list[list[Partition]]
]


def fit_all(
    recipes: Sequence[Recipe],
    space: Space,
    settings: Settings,
    seed: int,
    side_by_side: SideBySide = in_threads,
) -> list[Partition]:
    """Fit every recipe on a space, in the order given.

    A recipe that asks for more segments than there are distinct rows is left out: it has no answer.
    Recipes that share work (one tree cut at every k, one embedding) are fitted together.
    """
    most = count_distinct(space.matrix, max((recipe.k for recipe in recipes), default=0))
    possible = [recipe for recipe in recipes if recipe.k <= most]
    groups: dict[object, list[Recipe]] = {}
    for recipe in possible:
        groups.setdefault(shared_fit(recipe), []).append(recipe)
    sample = _sample(len(space.matrix), settings.trials.sample, seed)
    neighbours = Neighbours(space.matrix, sample, settings.trials.neighbours)
    # What takes longest first, so that no thread waits for the other at the end.
    slow_first = sorted(groups.values(), key=lambda group: group[0].algorithm not in _ON_A_SAMPLE)
    fitted = side_by_side(
        lambda group: _fit_group(group, space, neighbours, settings, seed), slow_first
    )
    by_recipe = {partition.recipe: partition for found in fitted for partition in found}
    return [by_recipe[recipe] for recipe in possible if recipe in by_recipe]


def label_all(
    recipes: Sequence[Recipe], space: Space, settings: Settings, seed: int
) -> list[Partition]:
    """Fit as `fit_all`, for who asks of no other rows: a copy of the process shares the work."""

    def without_model(
        work: Callable[[list[Recipe]], list[Partition]], groups: Iterable[list[Recipe]]
    ) -> list[list[Partition]]:
        return in_processes(lambda group: [one.settled() for one in work(group)], groups)

    return fit_all(recipes, space, settings, seed, without_model)


def fit(recipe: Recipe, space: Space, settings: Settings, seed: int) -> Partition | None:
    """Fit one recipe; None where it has no answer."""
    found = fit_all([recipe], space, settings, seed)
    return found[0] if found else None


def shared_fit(recipe: Recipe) -> object:
    """Return what recipes have in common that one fit answers: with some algorithms, every k."""
    return recipe if recipe.algorithm in _ON_EVERYBODY else (recipe.algorithm, recipe.parameters)


def same_as_kmeans(
    recipe: Recipe, matrix: Floats, fitted: kmeans.Fit, seconds: float = 0.0
) -> Partition:
    """Return the partition of a K-Means fit of every row."""
    return partition_by_centres(recipe, matrix, fitted.labels, fitted.centres, seconds)


def _fit_group(
    recipes: list[Recipe], space: Space, neighbours: Neighbours, settings: Settings, seed: int
) -> list[Partition]:
    """Fit the recipes that share their work."""
    start = perf_counter()
    first = recipes[0]
    if first.algorithm == "bisecting":
        return _fit_bisecting(recipes, space, seed)
    if first.algorithm not in _ON_A_SAMPLE:
        alone = _ON_EVERYBODY[first.algorithm](first, space, settings, seed)
        return [] if alone is None else [alone]
    points = neighbours.points(rows_seen(first, settings))
    found = _ON_A_SAMPLE[first.algorithm](points, recipes, seed)
    seconds = (perf_counter() - start) / len(recipes)
    return [
        carry_on(recipe, space.matrix, labels, neighbours, seconds)
        for recipe, labels in zip(recipes, found, strict=True)
    ]


def rows_seen(recipe: Recipe, settings: Settings) -> int:
    """Return how many rows an algorithm is given at most, sys.maxsize where it sees everybody."""
    trials = settings.trials
    if recipe.algorithm in _ON_A_SAMPLE:
        return trials.spectral_sample if recipe.algorithm == "spectral" else trials.sample
    return trials.mixture_sample if recipe.algorithm == "gaussian_mixture" else sys.maxsize


# ---------------------------------------------------------------- fitted on everybody


def _fit_kmeans(recipe: Recipe, space: Space, settings: Settings, seed: int) -> Partition:
    start = perf_counter()
    found = kmeans.fit_cold(
        space.matrix,
        recipe.k,
        starts=settings.segmentation.starts,
        seed=seed,
    )
    return same_as_kmeans(recipe, space.matrix, found, perf_counter() - start)


def _fit_mixture(recipe: Recipe, space: Space, settings: Settings, seed: int) -> Partition:
    """Fit normal densities by expectation maximisation; the most probable one labels a row."""
    from sklearn.mixture import GaussianMixture

    start = perf_counter()
    pin_one_thread()
    rows = _sample(len(space.matrix), rows_seen(recipe, settings), seed)
    model = GaussianMixture(
        recipe.k,
        covariance_type=recipe.parameter("covariance"),
        reg_covar=MIXTURE_FLOOR,
        max_iter=MIXTURE_ITERATIONS,
        random_state=seed,
    ).fit(space.matrix[rows])
    seconds = perf_counter() - start
    used = np.unique(model.predict(space.matrix[rows]))
    place = np.zeros(recipe.k, np.int32)
    place[used] = np.arange(len(used))

    def predict(matrix: Floats) -> Labels:
        chances = model.predict_proba(matrix)[:, used]
        return np.asarray(chances.argmax(axis=1), dtype=np.int32)

    return replace(
        partition_by_model(recipe, space.matrix, predict, seconds), fitted_rows=len(rows)
    )


def _fit_rfm(recipe: Recipe, space: Space, settings: Settings, seed: int) -> Partition | None:
    """Fit the predecessor's segmentation: recency and amount as they are, without satisfaction.

    None where these columns hold fewer distinct rows than segments are asked.
    """
    start = perf_counter()
    unscaled = _rfm_columns(space.matrix, space.preparation)
    mean, deviation = unscaled.mean(axis=0), unscaled.std(axis=0)
    deviation[deviation == 0] = 1.0

    def scaled(matrix: Floats) -> Floats:
        columns: Floats = (_rfm_columns(matrix, space.preparation) - mean) / deviation
        return columns

    matrix = scaled(space.matrix)
    if count_distinct(matrix, recipe.k) < recipe.k:
        return None
    found = kmeans.fit_cold(
        matrix,
        recipe.k,
        starts=settings.segmentation.starts,
        seed=seed,
    )
    return partition_by_model(
        recipe,
        space.matrix,
        lambda matrix: kmeans.assign(scaled(matrix), found.centres),
        perf_counter() - start,
    )


def _rfm_columns(matrix: Floats, preparation: Preparation) -> Floats:
    """Return amount, and recency where the family knows it, in their own units."""
    raw = unscale(matrix, preparation)
    columns = [np.expm1(raw[:, preparation.features.index("spend")])]
    if "recency_days" in preparation.features:
        columns.append(raw[:, preparation.features.index("recency_days")])
    return np.column_stack(columns)


def _fit_rule(recipe: Recipe, space: Space, _: Settings, __: int) -> Partition:
    """Cut every feature once, without a fit: spend and recency at the median, stars at half."""
    start = perf_counter()
    names = space.preparation.features

    def in_raw(matrix: Floats) -> Floats:
        # Scaling and back moves the last digit, and three stars must not stand on both sides.
        return np.round(unscale(matrix, space.preparation), RULE_DIGITS)

    raw = in_raw(space.matrix)
    cuts = np.array(
        [
            (column.min() + column.max()) / 2 if name == "review" else np.median(column)
            for name, column in zip(names, raw.T, strict=True)
        ]
    )
    weights = 2 ** np.arange(len(names))

    def cell(matrix: Floats) -> Ints:
        above = in_raw(matrix) > cuts
        cells: Ints = above @ weights
        return cells

    used = np.unique(cell(space.matrix))

    def predict(matrix: Floats) -> Labels:
        place = np.searchsorted(used, cell(matrix)).clip(0, len(used) - 1)
        return np.asarray(place, dtype=np.int32)

    return partition_by_model(recipe, space.matrix, predict, perf_counter() - start)


def _fit_bisecting(recipes: Sequence[Recipe], space: Space, seed: int) -> list[Partition]:
    """Follow one tree of cuts as far as each recipe asks."""
    start = perf_counter()
    most = max(recipe.k for recipe in recipes)
    cuts = bisect(space.matrix, most, recipes[0].parameter("split"), seed)
    seconds = (perf_counter() - start) / len(recipes)
    return [
        partition_by_model(
            recipe, space.matrix, partial(follow_cuts, cuts=cuts[: recipe.k - 1]), seconds
        )
        for recipe in recipes
    ]


# ---------------------------------------------------------------- fitted on a sample


def _fit_ward(points: Floats, recipes: Sequence[Recipe], _: int) -> list[Labels]:
    """Cut one tree at every k (Ward 1963): each merge adds the least to the squared distances.

    The tree is scipy's, from the points: a matrix of their distances is never held (Müllner 2013,
    J. Stat. Softw. 53(9)), which takes a tenth of the time.
    """
    from fastcluster import linkage_vector
    from scipy.cluster.hierarchy import cut_tree, fcluster

    tree = linkage_vector(points, "ward")

    def cut(k: int) -> Labels:
        labels: Labels = fcluster(tree, k, "maxclust").astype(np.int32) - 1
        if labels.max() + 1 == k:
            return labels
        # Merges of one height: only the slow cut parts them.
        return np.asarray(cut_tree(tree, n_clusters=k)[:, 0], dtype=np.int32)

    return [cut(recipe.k) for recipe in recipes]


def _fit_spectral(points: Floats, recipes: Sequence[Recipe], seed: int) -> list[Labels]:
    """Cluster the lowest eigenvectors of the neighbour graph's normalised Laplacian.

    Ng, Jordan, Weiss 2001 (rows put to length one). Worked out here rather than by scikit-learn's
    class, which expects one connected graph: equal stars part it.
    """
    from sklearn.neighbors import kneighbors_graph

    neighbours = min(int(recipes[0].parameter("neighbours")), len(points) - 1)
    with alone():
        graph = kneighbors_graph(points, neighbours, include_self=True)
    vectors = _lowest_vectors(0.5 * (graph + graph.T), max(recipe.k for recipe in recipes))
    found = []
    for recipe in recipes:
        part = vectors[:, : recipe.k]
        length = np.linalg.norm(part, axis=1, keepdims=True)
        part = np.divide(part, length, out=np.zeros_like(part), where=length > 0)
        if count_distinct(part, recipe.k) < recipe.k:
            found.append(np.full(len(points), NOISE, np.int32))
            continue
        found.append(kmeans.fit_cold(part, recipe.k, starts=EMBEDDED_STARTS, seed=seed).labels)
    return found


def _lowest_vectors(graph: Any, count: int) -> Floats:
    """Return the eigenvectors of the lowest eigenvalues of a graph's normalised Laplacian.

    Eigenvalue 0 stands as often as the graph has parts. An iteration from one vector may miss some
    of them; then all are worked out.
    """
    from scipy.linalg import eigh
    from scipy.sparse.csgraph import connected_components, laplacian
    from scipy.sparse.linalg import eigsh

    matrix = laplacian(graph, normed=True).tocsc()
    parts = min(int(connected_components(graph, directed=False)[0]), count)
    if count < matrix.shape[0] - 1:
        start = np.random.default_rng(0).normal(size=matrix.shape[0])
        values, vectors = eigsh(matrix, k=count, sigma=-LAPLACIAN_SHIFT, v0=start)
        if int((values < ZERO).sum()) == parts:
            lowest: Floats = vectors[:, values.argsort()]
            return lowest
    whole: Floats = eigh(matrix.toarray(), subset_by_index=[0, count - 1])[1]
    return whole


def _fit_dbscan(points: Floats, recipes: Sequence[Recipe], _: int) -> list[Labels]:
    """Join what lies densely (Ester et al. 1996), at multiples of the knee of the distances."""
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import NearestNeighbors

    found = []
    for recipe in recipes:
        minimum = min(int(recipe.parameter("neighbours")), len(points))
        with alone():
            nearest = NearestNeighbors(n_neighbors=minimum).fit(points)
            distances = nearest.kneighbors(points)[0][:, -1]
        radius = float(recipe.parameter("knee")) * _knee(np.sort(distances))
        if radius <= 0:
            found.append(np.full(len(points), NOISE, np.int32))
            continue
        with alone():
            labels = DBSCAN(eps=radius, min_samples=minimum).fit(points).labels_
        found.append(np.asarray(labels, dtype=np.int32))
    return found


def _knee(ascending: Floats) -> float:
    """Return the value where a rising curve bends most: the farthest below its chord."""
    if ascending[-1] == ascending[0]:
        return float(ascending[-1])
    steps = np.linspace(0, 1, len(ascending))
    heights = (ascending - ascending[0]) / (ascending[-1] - ascending[0])
    return float(ascending[int(np.argmax(steps - heights))])


def _fit_hdbscan(points: Floats, recipes: Sequence[Recipe], seed: int) -> list[Labels]:
    """Keep the density levels that last longest (Campello, Moulavi, Sander 2013).

    The jitter parts customers who stand on the same star value.
    """
    from sklearn.cluster import HDBSCAN

    found = []
    for recipe in recipes:
        shaken = points
        if recipe.parameter("jitter"):
            noise = np.random.default_rng(seed).normal(size=points.shape)
            shaken = points + float(recipe.parameter("jitter")) * noise
        smallest = max(2, round(float(recipe.parameter("smallest")) * len(points)))
        with alone():
            labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit(shaken).labels_
        found.append(np.asarray(labels, dtype=np.int32))
    return found


def _sample(rows: int, most: int, seed: int) -> Ints:
    """Return at most this many row numbers, drawn at random and in random order."""
    chosen: Ints = np.random.default_rng(seed).permutation(rows)[:most].astype(np.int64)
    return chosen


_ON_EVERYBODY: dict[str, Callable[[Recipe, Space, Settings, int], Partition | None]] = {
    "kmeans": _fit_kmeans,
    "gaussian_mixture": _fit_mixture,
    "rfm": _fit_rfm,
    "rule": _fit_rule,
}
_ON_A_SAMPLE: dict[str, Callable[[Floats, Sequence[Recipe], int], list[Labels]]] = {
    "ward": _fit_ward,
    "spectral": _fit_spectral,
    "dbscan": _fit_dbscan,
    "hdbscan": _fit_hdbscan,
}
