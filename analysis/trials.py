"""Every algorithm, family and k, fitted on the customers of the window, with what costs little.

What costs more (analysis/gates.py) is measured for the candidates that reach the gate needing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis import kmeans
from analysis.algorithms import label_all
from analysis.customers import CustomerTable, Floats, Ints
from analysis.features import Preparation, feature_names, fit_preparation, raw_matrix, scale
from analysis.findings import Family, NotComputed, StructureCheck
from analysis.indices import calinski_harabasz, davies_bouldin
from analysis.known_features import clustered, why_no_reviews
from analysis.measures import eta_squared
from analysis.parallel import in_processes
from analysis.partitions import Partition, Space
from analysis.recipes import Recipe, make_recipes
from analysis.settings import Settings
from analysis.silhouette import Silhouette, measure_silhouettes

FAMILIES: tuple[Family, ...] = ("traits", "traits_and_recency")
BASELINES = ("rfm", "rule")


# Davies-Bouldin, Calinski-Harabasz, effect size on log spend and on reviews.
Figures = tuple[float | NotComputed, float | NotComputed, float, float | NotComputed]


@dataclass(frozen=True)
class Trial:
    """One partition that was tried: its fit on the clustered customers, and its figures.

    Silhouette, Davies-Bouldin and Calinski-Harabasz are measured in the scale of the family, noise
    left out; effect sizes on log spend and reviews. Where there are fewer than two segments there
    is nothing to compare.
    """

    family: Family
    codes: Ints
    space: Space
    partition: Partition
    silhouette: Silhouette | NotComputed
    davies_bouldin: float | NotComputed
    calinski_harabasz: float | NotComputed
    eta_squared_spend: float
    eta_squared_review: float | NotComputed

    @property
    def recipe(self) -> Recipe:
        """Return what was tried."""
        return self.partition.recipe

    @property
    def k(self) -> int:
        """Return the number of segments found, repeat buyers not counted."""
        return self.partition.segments

    @property
    def fit(self) -> kmeans.Fit:
        """Return centres, labels and inertia."""
        made = self.partition
        return kmeans.Fit(made.centres, made.labels, made.inertia)

    @property
    def preparation(self) -> Preparation:
        """Return how the matrix was made."""
        return self.space.preparation

    @property
    def matrix(self) -> Floats:
        """Return the scaled matrix of the family."""
        return self.space.matrix

    @property
    def is_baseline(self) -> bool:
        """Return whether it is only there to be beaten."""
        return self.recipe.algorithm in BASELINES


def try_candidates(
    table: CustomerTable, has_reviews: bool, settings: Settings
) -> tuple[Trial, ...]:
    """Fit every recipe of every family.

    A k with fewer distinct customers than clusters is left out: there is no answer.
    """
    recipes = make_recipes(settings, has_reviews)
    trials: list[Trial] = []
    for family in FAMILIES:
        codes = clustered(table, feature_names(family, has_reviews))
        space = make_space(table, codes, family, has_reviews)
        partitions = label_all(recipes, space, settings, settings.seed)
        trials += _measured(table, codes, family, space, partitions, has_reviews, settings)
    return tuple(trials)


def make_space(table: CustomerTable, codes: Ints, family: Family, has_reviews: bool) -> Space:
    """Return the customers as a family sees them, scaled on themselves."""
    features = feature_names(family, has_reviews)
    raw = raw_matrix(table, codes, features)
    preparation = fit_preparation(raw, features)
    return Space(scale(raw, preparation), preparation)


def check_structure(
    trial: Trial, shuffled: Sequence[float], settings: Settings
) -> StructureCheck | NotComputed:
    """Compare the silhouette with those of refits on independently shuffled columns (methods, 2.2).

    Shuffling each column on its own keeps every feature as it is and removes what ties them
    together: a partition that scores no better than there shows no natural groups.
    """
    if isinstance(trial.silhouette, NotComputed):
        return trial.silhouette
    chosen, seen = settings.segmentation, trial.silhouette.value
    difference = seen - float(np.mean(shuffled))
    return StructureCheck(
        silhouette=seen,
        shuffled_mean=float(np.mean(shuffled)),
        shuffled_low=min(shuffled),
        shuffled_high=max(shuffled),
        shuffles=len(shuffled),
        minimum_difference=chosen.structure_difference,
        structure=difference >= chosen.structure_difference and seen > max(shuffled),
    )


def shuffled_silhouettes(trials: list[Trial], settings: Settings) -> list[list[float]]:
    """Return, of each trial of one family, the silhouettes of its recipe on shuffled columns.

    Each shuffle is fitted and measured on a sample of its own settings.
    """
    chosen, space = settings.segmentation, trials[0].space
    rows = np.random.default_rng(settings.seed).permutation(len(space.matrix))
    part = space.matrix[rows[: chosen.shuffle_sample]]

    def scored(shuffle: int) -> list[float]:
        rng = np.random.default_rng((settings.seed, shuffle))
        shuffled = np.column_stack([rng.permutation(column) for column in part.T])
        made = label_all(
            [trial.recipe for trial in trials],
            Space(shuffled, space.preparation),
            settings,
            settings.seed + shuffle,
        )
        values = measure_silhouettes(
            shuffled,
            [partition.labels for partition in made],
            exact_points=len(shuffled),
            draws=2,
            sample=len(shuffled),
            seed=settings.seed,
        )
        by_recipe = {entry.recipe: value for entry, value in zip(made, values, strict=True)}
        known = (by_recipe.get(trial.recipe) for trial in trials)
        return [value.value if isinstance(value, Silhouette) else 0.0 for value in known]

    return [list(row) for row in zip(*in_processes(scored, range(chosen.shuffles)), strict=True)]


def _measured(
    table: CustomerTable,
    codes: Ints,
    family: Family,
    space: Space,
    partitions: list[Partition],
    has_reviews: bool,
    settings: Settings,
) -> list[Trial]:
    """Measure all partitions of a family together: their distances are the same."""
    if not partitions:
        return []
    silhouettes = _silhouettes(space, partitions, settings)
    spend, review = np.log1p(table.spend[codes]), table.review[codes]

    def measured(partition: Partition) -> Figures:
        labels, known = partition.labels, partition.labels >= 0
        return (
            davies_bouldin(space.matrix, labels),
            calinski_harabasz(space.matrix, labels),
            _explained(spend[known], labels[known]),
            _explained(review[known], labels[known])
            if has_reviews
            else why_no_reviews(table, settings),
        )

    return [
        Trial(family, codes, space, partition, silhouettes[place], *figures)
        for place, (partition, figures) in enumerate(
            zip(partitions, in_processes(measured, partitions), strict=True)
        )
    ]


def _silhouettes(
    space: Space, partitions: list[Partition], settings: Settings
) -> dict[int, Silhouette | NotComputed]:
    """Return the silhouette of each partition, by its place: exact for K-Means where feasible."""
    wanted = settings.segmentation
    exact = [place for place, one in enumerate(partitions) if one.recipe.algorithm == "kmeans"]
    others = [place for place in range(len(partitions)) if place not in exact]
    found: dict[int, Silhouette | NotComputed] = {}
    for places, points in ((exact, wanted.silhouette_exact), (others, wanted.silhouette_sample)):
        if places:
            measured = measure_silhouettes(
                space.matrix,
                [partitions[place].labels for place in places],
                exact_points=points,
                draws=wanted.silhouette_draws,
                sample=wanted.silhouette_sample,
                seed=settings.seed,
            )
            found.update(zip(places, measured, strict=True))
    return found


def _explained(values: Floats, labels: kmeans.Labels) -> float:
    """Return eta squared; nothing is explained where nobody has a segment."""
    return eta_squared(values, labels) if len(labels) else 0.0
