"""Every family and k, fitted and measured on the customers of the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis import kmeans
from analysis.customers import ONE_TIME, CustomerTable, Floats, Ints
from analysis.features import Preparation, feature_names, fit_preparation, raw_matrix, scale
from analysis.findings import Family, NotComputed, StructureCheck
from analysis.measures import eta_squared, sampled_silhouettes
from analysis.parallel import in_threads
from analysis.settings import Settings

FAMILIES: tuple[Family, ...] = ("traits", "traits_and_recency")
ALGORITHM = "kmeans"
SHUFFLE_STARTS = 5


@dataclass(frozen=True)
class Trial:
    """One partition that was tried: its fit on the one-time customers, and its figures."""

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


def try_candidates(
    table: CustomerTable, has_reviews: bool, settings: Settings
) -> tuple[Trial, ...]:
    """Fit K-Means for every family and k of the settings.

    A k with fewer distinct customers than clusters is left out: K-Means has no answer there.
    """
    codes = table.members(ONE_TIME)
    families = [_prepared(table, codes, family, has_reviews) for family in FAMILIES]
    return tuple(trial for prepared in families for trial in _try_family(table, prepared, settings))


def check_structure(trial: Trial, settings: Settings) -> StructureCheck:
    """Compare the silhouette with refits on independently shuffled columns (methods, 2.2).

    Shuffling each column on its own keeps every feature as it is and removes what ties them
    together: a partition that scores no better than there shows no natural groups.
    """
    chosen = settings.segmentation
    rows = np.random.default_rng(settings.seed).permutation(len(trial.matrix))
    part = trial.matrix[rows[: chosen.start_sample]]

    def score(shuffle: int) -> float:
        rng = np.random.default_rng((settings.seed, shuffle))
        shuffled = np.column_stack([rng.permutation(column) for column in part.T])
        fit = kmeans.fit_cold(
            shuffled, trial.k, starts=SHUFFLE_STARTS, sample=chosen.silhouette_sample, seed=shuffle
        )
        (found,) = sampled_silhouettes(
            shuffled, [fit.labels], chosen.silhouette_sample, settings.seed
        )
        return found

    scores = in_threads(score, range(chosen.shuffles))
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


@dataclass(frozen=True)
class _Prepared:
    """The customers of the window as one family clusters them."""

    family: Family
    codes: Ints
    preparation: Preparation
    matrix: Floats
    has_reviews: bool


def _prepared(table: CustomerTable, codes: Ints, family: Family, has_reviews: bool) -> _Prepared:
    """Return the scaled matrix of a family."""
    features = feature_names(family, has_reviews)
    raw = raw_matrix(table, codes, features)
    preparation = fit_preparation(raw, features)
    return _Prepared(family, codes, preparation, scale(raw, preparation), has_reviews)


def _try_family(table: CustomerTable, prepared: _Prepared, settings: Settings) -> list[Trial]:
    """Fit every k of a family side by side, and measure them together."""
    chosen = settings.segmentation
    distinct = len(np.unique(prepared.matrix, axis=0))
    sizes = [k for k in range(chosen.k_min, chosen.k_max + 1) if k <= distinct]
    if not sizes:
        return []
    fits = in_threads(
        lambda k: kmeans.fit_cold(
            prepared.matrix,
            k,
            starts=chosen.starts,
            sample=chosen.start_sample,
            seed=settings.seed,
        ),
        sizes,
    )
    silhouettes = sampled_silhouettes(
        prepared.matrix, [fit.labels for fit in fits], chosen.silhouette_sample, settings.seed
    )
    spend, review = np.log1p(table.spend[prepared.codes]), table.review[prepared.codes]
    return [
        Trial(
            family=prepared.family,
            k=k,
            codes=prepared.codes,
            preparation=prepared.preparation,
            matrix=prepared.matrix,
            fit=fit,
            silhouette=silhouette,
            silhouette_sample=min(chosen.silhouette_sample, len(prepared.matrix)),
            eta_squared_spend=eta_squared(spend, fit.labels),
            eta_squared_review=eta_squared(review, fit.labels)
            if prepared.has_reviews
            else NotComputed("missing_table", expected="order_reviews"),
        )
        for k, fit, silhouette in zip(sizes, fits, silhouettes, strict=True)
    ]
