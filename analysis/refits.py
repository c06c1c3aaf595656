"""What customers drawn again make of a trial: Jaccard, the floor of refits, near ties (gate G4).

Recipes that one fit answers together (one tree is cut at every k, one embedding holds every k) are
refitted together: the same draw is fitted once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis import kmeans
from analysis.algorithms import fit, fit_all, rows_seen, shared_fit
from analysis.customers import CustomerTable, Floats, Ints
from analysis.features import fit_preparation, raw_matrix, scale
from analysis.findings import Family, NotComputed
from analysis.parallel import in_processes
from analysis.partitions import NOISE, Partition, Space
from analysis.points import Clusterer, clusterer_of_rows, kmeans_clusterer
from analysis.recipes import Recipe
from analysis.resampling import (
    Agreement,
    NearTies,
    SegmentJaccard,
    bootstrap_jaccard,
    find_near_ties,
    measure_agreement,
    refit_floor,
)
from analysis.settings import Settings
from analysis.trials import Trial

# Drawn again most often; the others, among them those that are split again and again, less.
CHEAP = ("kmeans", "rfm", "rule")


@dataclass(frozen=True)
class SharedFits:
    """Fits of drawn rows, each made once for all the recipes that it answers.

    Attributes:
        recipes: those that are refitted.
        settings: of the algorithms.
    """

    recipes: tuple[Recipe, ...]
    settings: Settings
    _made: dict[tuple[int, bytes], dict[Recipe, Partition]] = field(default_factory=dict)

    def fit(self, recipe: Recipe, space: Space, seed: int) -> Partition | None:
        """Return what a recipe makes of a space; None where it has no answer."""
        if len(self.recipes) == 1:
            return fit(recipe, space, self.settings, seed)
        key = (seed, space.matrix.tobytes())
        if key not in self._made:
            made = fit_all(self.recipes, space, self.settings, seed)
            self._made[key] = {partition.recipe: partition for partition in made}
        return self._made[key].get(recipe)


def share_fits(trials: Iterable[Trial], settings: Settings) -> Callable[[Trial], SharedFits]:
    """Return which fits a trial shares with the others that will be refitted."""
    groups: dict[tuple[Family, object], list[Recipe]] = {}
    for trial in trials:
        groups.setdefault(refitted_together(trial), []).append(trial.recipe)
    fits = {key: SharedFits(tuple(recipes), settings) for key, recipes in groups.items()}
    return lambda trial: fits[refitted_together(trial)]


def refitted_together(trial: Trial) -> tuple[Family, object]:
    """Return what trials have in common that one fit answers."""
    return trial.family, shared_fit(trial.recipe)


def measure_jaccard(
    trial: Trial, shared: SharedFits, settings: Settings
) -> tuple[SegmentJaccard, ...]:
    """Return how well each segment is found again among customers drawn again."""
    wanted, recipe = settings.trials, trial.recipe
    rows = _drawn_rows(trial, settings)
    return bootstrap_jaccard(
        trial.matrix[rows],
        trial.partition.labels[rows],
        clusterer_of(trial, shared, settings),
        resamples=wanted.resamples if recipe.algorithm in CHEAP else wanted.costly_resamples,
        seed=settings.seed,
    )


def measure_refit_floor(
    trial: Trial, table: CustomerTable, shared: SharedFits, settings: Settings
) -> Agreement:
    """Return how refits on resampled customers agree, each with its own preparation.

    For K-Means all customers take part: with fewer the floor would be that of a smaller shop. The
    others label customers in their own way, and are given so many that more change little.
    """
    features = trial.preparation.features
    raw = raw_matrix(table, trial.codes, features)
    if trial.recipe.algorithm != "kmeans":
        drawn = np.random.default_rng(settings.seed).permutation(len(raw))
        rows = np.sort(drawn[: settings.trials.refit_rows])
        return _own_floor(trial, raw[rows], shared, settings)
    return refit_floor(
        raw,
        lambda some: lambda other: scale(other, fit_preparation(some, features)),
        clusterer_of(trial, shared, settings),
        fits=settings.trials.refits,
        seed=settings.seed,
    )


def measure_ties(trial: Trial, settings: Settings) -> NearTies | NotComputed:
    """Return whether a single start of K-Means is as good and says something else."""
    wanted = settings.trials
    return find_near_ties(
        trial.matrix,
        trial.k,
        starts=wanted.near_tie_starts,
        inertia_tolerance=wanted.near_tie_inertia,
        least_ari=wanted.near_tie_ari,
        seed=settings.seed,
    )


def _own_floor(trial: Trial, raw: Floats, shared: SharedFits, settings: Settings) -> Agreement:
    """Return the agreement of refits that label everybody as the algorithm does, by no centres.

    Of the customers drawn for a refit, all learn the scale; the algorithm is given those it sees.
    """
    features, most = trial.preparation.features, rows_seen(trial.recipe, settings)

    def refit(number: int) -> kmeans.Labels:
        rng = np.random.default_rng((settings.seed, number))
        drawn = raw[rng.integers(0, len(raw), len(raw))]
        preparation = fit_preparation(drawn, features)
        space = Space(scale(drawn[:most], preparation), preparation)
        made = shared.fit(trial.recipe, space, settings.seed + number)
        if made is None:
            return np.full(len(raw), NOISE, dtype=np.int32)
        return made.predict(scale(raw, preparation))

    return measure_agreement(in_processes(refit, range(settings.trials.refits)))


def _drawn_rows(trial: Trial, settings: Settings) -> Ints:
    """Return the rows that are drawn again: all, or a sample for the algorithms that are slow."""
    rows = len(trial.matrix)
    if trial.recipe.algorithm in ("kmeans", "rule"):
        return np.arange(rows)
    most = settings.trials.costly_rows
    if trial.recipe.algorithm in (*CHEAP, "bisecting", "gaussian_mixture"):
        most = settings.trials.resample_rows
    drawn = np.random.default_rng(settings.seed).permutation(rows)[:most]
    return np.sort(drawn).astype(np.int64)


def clusterer_of(trial: Trial, shared: SharedFits, settings: Settings) -> Clusterer:
    """Return a trial's recipe as what resampling asks for: labels of weighted points."""
    recipe, preparation = trial.recipe, trial.preparation
    if recipe.algorithm == "kmeans":
        return kmeans_clusterer(recipe.k, starts=settings.trials.resample_starts)

    def labels_of(rows: Floats, seed: int) -> kmeans.Labels:
        made = shared.fit(recipe, Space(rows, preparation), seed)
        return np.full(len(rows), NOISE, dtype=np.int32) if made is None else made.labels

    return clusterer_of_rows(labels_of)
