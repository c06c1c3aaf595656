"""Gates G1 to G5, in order: a failure is final, and what a later gate needs is not measured.

G1 operable, G2 the client's minimum, G3 sizes that can be sold, G4 stable, G5 explainable
(methods, 2.4). G6, maintainable, needs the timeline: analysis/selection.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from analysis import kmeans
from analysis.algorithms import fit, fit_all
from analysis.customers import NOT_YET, ONE_TIME, CustomerTable, Floats, Ints
from analysis.features import Preparation, fit_preparation, raw_matrix, scale
from analysis.findings import Gate, GateCheck, NotComputed
from analysis.measures import adjusted_rand
from analysis.minimum import check_later, check_minimum
from analysis.parallel import in_threads, single_threaded_products
from analysis.partitions import NOISE, Space
from analysis.points import Clusterer, clusterer_of_rows, kmeans_clusterer
from analysis.recipes import Recipe
from analysis.resampling import (
    Agreement,
    NearTies,
    SegmentJaccard,
    bootstrap_jaccard,
    find_near_ties,
    refit_floor,
)
from analysis.rules import ToldApart, in_units, tell_apart
from analysis.settings import Settings
from analysis.trials import FAMILIES, Trial, make_space

FEWEST_SEGMENTS, MOST_SEGMENTS = 3, 7
NOT_REACHED = NotComputed("not_reached")
CHEAP = ("kmeans", "bisecting", "rfm", "rule")


@dataclass(frozen=True)
class Stable:
    """How a partition fares when the customers are drawn again."""

    jaccards: tuple[SegmentJaccard, ...]
    floor: Agreement | NotComputed = NOT_REACHED
    ties: NearTies | NotComputed = NOT_REACHED

    @property
    def lowest(self) -> float:
        """Return the mean Jaccard coefficient of the least stable segment."""
        return min((entry.mean for entry in self.jaccards), default=0.0)


@dataclass(frozen=True)
class Judged:
    """A trial with its checks, in the order in which they are applied, up to the first failure."""

    trial: Trial
    checks: tuple[GateCheck, ...] = ()
    stable: Stable | NotComputed = NOT_REACHED
    told: ToldApart | NotComputed = NOT_REACHED

    @property
    def passed(self) -> bool:
        """Return whether every check so far passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed_check(self) -> str:
        """Return the code of the first check that failed, or an empty text."""
        return next((check.code for check in self.checks if not check.passed), "")

    @property
    def worst_recall(self) -> float:
        """Return the lowest share of a segment that its rule finds; 0 where there are no rules."""
        if isinstance(self.told, NotComputed):
            return 0.0
        return min(rule.recall for rule in self.told.rules)

    def with_checks(self, checks: list[GateCheck]) -> Judged:
        """Return the trial with more checks."""
        return replace(self, checks=(*self.checks, *checks))


def judge(
    trials: tuple[Trial, ...],
    table: CustomerTable,
    has_reviews: bool,
    settings: Settings,
    earlier: CustomerTable | None = None,
) -> tuple[Judged, ...]:
    """Lead every trial through the gates; without reviews, G2 asks only what orders can tell.

    Args:
        trials: in the order of the report.
        table: the customers they were made of.
        has_reviews: whether satisfaction is known.
        settings: thresholds.
        earlier: the customers as of an earlier moment, for those who came later (A5); without it
            that check is left out: the history is too short.
    """
    stages: tuple[Callable[[list[Judged]], list[Judged]], ...] = (
        lambda alive: [_operable(entry, settings) for entry in alive],
        lambda alive: in_threads(lambda one: _minimum(one, table, has_reviews, settings), alive),
        lambda alive: _holds_later(alive, table, earlier, has_reviews, settings),
        lambda alive: [_sellable(entry, table, settings) for entry in alive],
        lambda alive: [_stable(entry, table, settings) for entry in alive],
        lambda alive: in_threads(lambda one: _explainable(one, table, settings), alive),
    )
    judged = [Judged(trial) for trial in trials]
    for stage in stages:
        alive = [place for place, entry in enumerate(judged) if entry.passed]
        with single_threaded_products():
            left = stage([judged[place] for place in alive])
        for place, entry in zip(alive, left, strict=True):
            judged[place] = entry
    return tuple(judged)


def at_least(gate: Gate, code: str, value: float, threshold: float) -> GateCheck:
    """Return a check that passes from the threshold on."""
    return GateCheck(code, float(value), float(threshold), True, bool(value >= threshold), gate)


def at_most(gate: Gate, code: str, value: float, threshold: float) -> GateCheck:
    """Return a check that passes up to the threshold."""
    return GateCheck(code, float(value), float(threshold), False, bool(value <= threshold), gate)


def _operable(entry: Judged, settings: Settings) -> Judged:
    """G1: everybody gets a segment, and the labels of a sample can be carried on."""
    made = entry.trial.partition
    return entry.with_checks(
        [
            at_most("G1", "noise_share", (made.labels < 0).mean(), settings.trials.noise),
            at_least(
                "G1",
                "extension_accuracy",
                made.extension_accuracy,
                settings.trials.extension_accuracy,
            ),
        ]
    )


def _minimum(entry: Judged, table: CustomerTable, has_reviews: bool, settings: Settings) -> Judged:
    """G2, A1 to A4; no bounds are worked out for sizes that G3 refuses anyway."""
    trial = entry.trial
    draws = settings.trials.bootstraps if _sellable(entry, table, settings).passed else 0
    labels = trial.partition.labels
    return entry.with_checks(
        check_minimum(table, trial.codes, labels, has_reviews, settings, draws=draws)
    )


def _holds_later(
    alive: list[Judged],
    table: CustomerTable,
    earlier: CustomerTable | None,
    has_reviews: bool,
    settings: Settings,
) -> list[Judged]:
    """G2, A5: made as of an earlier date, it tells apart the customers who came afterwards.

    Sizes that G3 refuses anyway are not fitted again.
    """
    if earlier is None or not alive:
        return alive
    later = table.members(ONE_TIME)
    later = later[earlier.standing[later] == NOT_YET]
    judged = list(alive)
    for family in FAMILIES:
        places = [
            place
            for place, one in enumerate(alive)
            if one.trial.family == family and _sellable(one, table, settings).passed
        ]
        if not places or not len(later):
            continue
        space = make_space(earlier, earlier.members(ONE_TIME), family, has_reviews)
        recipes = [alive[place].trial.recipe for place in places]
        made = {
            partition.recipe: partition
            for partition in fit_all(recipes, space, settings, settings.seed)
        }
        raw = raw_matrix(table, later, space.preparation.features)
        matrix = scale(raw, space.preparation)
        for place in places:
            partition = made.get(alive[place].trial.recipe)
            if partition is not None:
                labels = partition.predict(matrix)
                checks = check_later(table, later, labels, has_reviews, settings)
                judged[place] = alive[place].with_checks(checks)
    return judged


def _sellable(entry: Judged, table: CustomerTable, settings: Settings) -> Judged:
    """G3: as many segments as a team can keep in mind, each large enough."""
    labels = entry.trial.partition.labels
    # One segment more is sold than is clustered: the repeat buyers, by rule.
    segments = entry.trial.k + int((table.occasions >= 2).any())
    smallest = np.bincount(labels[labels >= 0], minlength=1).min() / len(labels)
    return entry.with_checks(
        [
            at_least("G3", "fewest_segments", segments, FEWEST_SEGMENTS),
            at_most("G3", "segments", segments, MOST_SEGMENTS),
            at_least("G3", "smallest_share", smallest, settings.segmentation.smallest_share),
        ]
    )


def _stable(entry: Judged, table: CustomerTable, settings: Settings) -> Judged:
    """G4: other customers of the same shop give the same segments; refits agree; one best map."""
    wanted, trial = settings.trials, entry.trial
    rows = _drawn_rows(trial, settings)
    cluster = make_clusterer(trial.recipe, trial.preparation, settings)
    jaccards = bootstrap_jaccard(
        trial.matrix[rows],
        trial.partition.labels[rows],
        cluster,
        resamples=wanted.resamples if trial.recipe.algorithm in CHEAP else wanted.costly_resamples,
        seed=settings.seed,
    )
    stable = Stable(jaccards)
    judged = replace(entry, stable=stable).with_checks(
        [at_least("G4", "jaccard", stable.lowest, wanted.jaccard)]
    )
    if judged.passed:
        floor = _floor(trial, table, cluster, settings)
        judged = replace(judged, stable=replace(stable, floor=floor)).with_checks(
            [at_least("G4", "refit_floor", floor.low, wanted.refit_floor)]
        )
    if judged.passed and trial.recipe.algorithm == "kmeans":
        judged = _without_rivals(judged, settings)
    return judged


def _floor(trial: Trial, table: CustomerTable, cluster: Clusterer, settings: Settings) -> Agreement:
    """Return how refits on resampled customers agree, each with its own preparation.

    For K-Means all customers take part: with fewer the floor would be that of a smaller shop. The
    others label customers in their own way, and are given so many that more change little.
    """
    features = trial.preparation.features
    raw = raw_matrix(table, trial.codes, features)
    if trial.recipe.algorithm != "kmeans":
        drawn = np.random.default_rng(settings.seed).permutation(len(raw))
        return _own_floor(trial, raw[np.sort(drawn[: settings.trials.refit_rows])], settings)
    return refit_floor(
        raw,
        lambda some: lambda other: scale(other, fit_preparation(some, features)),
        cluster,
        fits=settings.trials.refits,
        seed=settings.seed,
    )


def _own_floor(trial: Trial, raw: Floats, settings: Settings) -> Agreement:
    """Return the agreement of refits that label everybody as the algorithm does, by no centres."""
    features = trial.preparation.features

    def refit(number: int) -> kmeans.Labels:
        rng = np.random.default_rng((settings.seed, number))
        drawn = raw[rng.integers(0, len(raw), len(raw))]
        preparation = fit_preparation(drawn, features)
        space = Space(scale(drawn, preparation), preparation)
        made = fit(trial.recipe, space, settings, settings.seed + number)
        if made is None:
            return np.full(len(raw), NOISE, dtype=np.int32)
        return made.predict(scale(raw, preparation))

    labels = in_threads(refit, range(settings.trials.refits))
    aris = [adjusted_rand(one, other) for one, other in combinations(labels, 2)]
    low = float(np.quantile(aris, 0.05))
    return Agreement(mean=float(np.mean(aris)), low=low, minimum=min(aris), fits=len(labels))


def _without_rivals(judged: Judged, settings: Settings) -> Judged:
    """Check that no single start of K-Means is as good and says something else."""
    wanted, trial = settings.trials, judged.trial
    ties = find_near_ties(
        trial.matrix,
        trial.k,
        starts=wanted.near_tie_starts,
        inertia_tolerance=wanted.near_tie_inertia,
        least_ari=wanted.near_tie_ari,
        seed=settings.seed,
    )
    if isinstance(ties, NotComputed) or isinstance(judged.stable, NotComputed):
        return judged
    return replace(judged, stable=replace(judged.stable, ties=ties)).with_checks(
        [at_least("G4", "near_tie", ties.lowest_ari, wanted.near_tie_ari)]
    )


def _drawn_rows(trial: Trial, settings: Settings) -> Ints:
    """Return the rows that are drawn again: all, or a sample for the algorithms that are slow."""
    rows = len(trial.matrix)
    if trial.recipe.algorithm in ("kmeans", "rule"):
        return np.arange(rows)
    most = settings.trials.costly_rows
    if trial.recipe.algorithm in (*CHEAP, "gaussian_mixture"):
        most = settings.trials.resample_rows
    drawn = np.random.default_rng(settings.seed).permutation(rows)[:most]
    return np.sort(drawn).astype(np.int64)


def make_clusterer(recipe: Recipe, preparation: Preparation, settings: Settings) -> Clusterer:
    """Return a recipe as what resampling asks for: labels of weighted points."""
    if recipe.algorithm == "kmeans":
        return kmeans_clusterer(recipe.k, starts=settings.trials.resample_starts)

    def labels_of(rows: Floats, seed: int) -> kmeans.Labels:
        made = fit(recipe, Space(rows, preparation), settings, seed)
        if made is None:
            return np.full(len(rows), -1, dtype=np.int32)
        return made.labels

    return clusterer_of_rows(labels_of)


def _explainable(entry: Judged, table: CustomerTable, settings: Settings) -> Judged:
    """G5: one rule a segment says the same as the partition, out of sample, for every segment."""
    trial, wanted = entry.trial, settings.trials
    features = trial.preparation.features
    matrix = np.column_stack([getattr(table, name)[trial.codes] for name in features])
    labels = trial.partition.labels
    known = labels >= 0
    told = tell_apart(
        matrix[known],
        labels[known].astype(np.int64),
        in_units(trial.partition.centres, trial.preparation),
        features,
        settings.seed,
    )
    judged = replace(entry, told=told)
    return judged.with_checks(
        [
            at_least("G5", "fidelity", told.fidelity, wanted.fidelity),
            at_least("G5", "recall", judged.worst_recall, wanted.recall),
        ]
    )
