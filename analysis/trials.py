"""Every family and k, fitted and measured on the customers of the window."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from analysis import kmeans
from analysis.customers import ONE_TIME, CustomerTable, Floats, Ints
from analysis.features import Preparation, feature_names, fit_preparation, raw_matrix, scale
from analysis.findings import Family, NotComputed, StructureCheck
from analysis.measures import eta_squared, sampled_silhouette
from analysis.settings import Settings

FAMILIES: tuple[Family, ...] = ("traits", "traits_and_recency")
ALGORITHM = "kmeans"


@dataclass(frozen=True)
class Trial:
    """One partition that was tried: its fit on the one-time customers, and how long it took."""

    family: Family
    k: int
    codes: Ints
    preparation: Preparation
    matrix: Floats
    fit: kmeans.Fit
    silhouette: float
    silhouette_sample: int
    eta_squared_spend: float
    eta_squared_review: float | NotComputed
    seconds: float


def try_candidates(
    table: CustomerTable, has_reviews: bool, settings: Settings
) -> tuple[Trial, ...]:
    """Fit K-Means for every family and k of the settings.

    A k with fewer distinct customers than clusters is left out: K-Means has no answer there.
    """
    trials: list[Trial] = []
    codes = table.members(ONE_TIME)
    for family in FAMILIES:
        features = feature_names(family, has_reviews)
        raw = raw_matrix(table, codes, features)
        preparation = fit_preparation(raw, features)
        matrix = scale(raw, preparation)
        distinct = len(np.unique(matrix, axis=0))
        trials += [
            _try(table, codes, family, k, preparation, matrix, has_reviews, settings)
            for k in range(settings.segmentation.k_min, settings.segmentation.k_max + 1)
            if k <= distinct
        ]
    return tuple(trials)


def check_structure(trial: Trial, settings: Settings) -> StructureCheck:
    """Compare the silhouette with refits on independently shuffled columns (methods, 2.2).

    Shuffling each column on its own keeps every feature as it is and removes what ties them
    together: a partition that scores no better than there shows no natural groups.
    """
    chosen = settings.segmentation
    rng = np.random.default_rng(settings.seed)
    rows = rng.permutation(len(trial.matrix))[: chosen.start_sample]
    scores = []
    for shuffle in range(chosen.shuffles):
        shuffled = np.column_stack([rng.permutation(column) for column in trial.matrix[rows].T])
        fit = kmeans.fit_cold(
            shuffled, trial.k, starts=5, sample=chosen.silhouette_sample, seed=shuffle
        )
        scores.append(
            sampled_silhouette(shuffled, fit.labels, chosen.silhouette_sample, settings.seed)
        )
    difference = trial.silhouette - float(np.mean(scores))
    return StructureCheck(
        silhouette=trial.silhouette,
        shuffled_mean=float(np.mean(scores)),
        shuffled_low=min(scores),
        shuffled_high=max(scores),
        shuffles=chosen.shuffles,
        minimum_difference=chosen.structure_difference,
        structure=difference >= chosen.structure_difference and trial.silhouette > max(scores),
    )


def _try(
    table: CustomerTable,
    codes: Ints,
    family: Family,
    k: int,
    preparation: Preparation,
    matrix: Floats,
    has_reviews: bool,
    settings: Settings,
) -> Trial:
    """Fit one partition and measure it."""
    chosen = settings.segmentation
    started = time.perf_counter()
    fit = kmeans.fit_cold(
        matrix, k, starts=chosen.starts, sample=chosen.start_sample, seed=settings.seed
    )
    seconds = time.perf_counter() - started
    eta_review = (
        eta_squared(table.review[codes], fit.labels)
        if has_reviews
        else NotComputed("missing_table", expected="order_reviews")
    )
    return Trial(
        family=family,
        k=k,
        codes=codes,
        preparation=preparation,
        matrix=matrix,
        fit=fit,
        silhouette=sampled_silhouette(
            matrix, fit.labels, chosen.silhouette_sample, settings.seed
        ),
        silhouette_sample=min(chosen.silhouette_sample, len(matrix)),
        eta_squared_spend=eta_squared(np.log1p(table.spend[codes]), fit.labels),
        eta_squared_review=eta_review,
        seconds=seconds,
    )
