"""Gates G1 to G5, in order: a failure is final, and what a later gate needs is not measured.

G1 operable, G2 the client's minimum, G3 sizes that can be sold, G4 stable, G5 explainable
(methods, 2.4). G6, maintainable, needs the timeline: analysis/selection.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from analysis.algorithms import fit_all
from analysis.customers import NOT_YET, CustomerTable
from analysis.features import feature_names, raw_matrix, scale
from analysis.findings import NOT_REACHED, Family, Gate, GateCheck, NotComputed
from analysis.known_features import clustered
from analysis.minimum import check_later, check_minimum
from analysis.parallel import in_processes
from analysis.refits import (
    SharedFits,
    measure_jaccard,
    measure_refit_floor,
    measure_ties,
    refitted_together,
    share_fits,
)
from analysis.resampling import Agreement, NearTies, SegmentJaccard
from analysis.rules import ToldApart, in_units, tell_apart
from analysis.settings import Settings
from analysis.trials import FAMILIES, Trial, make_space

FEWEST_SEGMENTS, MOST_SEGMENTS = 3, 7

Verdict = tuple[tuple[GateCheck, ...], "Stable | NotComputed", ToldApart | NotComputed]


@dataclass(frozen=True)
class Stable:
    """How a partition fares when the customers are drawn again, or only the starts.

    `ties` are of single starts; `starts`, of the best of many, is measured of the chosen one only.
    """

    jaccards: tuple[SegmentJaccard, ...]
    floor: Agreement | NotComputed = NOT_REACHED
    ties: NearTies | NotComputed = NOT_REACHED
    starts: Agreement | NotComputed = NOT_REACHED

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

    @property
    def verdict(self) -> Verdict:
        """Return all that was found of the trial."""
        return self.checks, self.stable, self.told

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
        lambda alive: _each(lambda one: _minimum(one, table, has_reviews, settings), alive),
        lambda alive: _holds_later(alive, table, earlier, has_reviews, settings),
        lambda alive: [_sellable(entry, table, settings) for entry in alive],
        lambda alive: _all_stable(alive, table, settings),
        lambda alive: _each(lambda one: _explainable(one, table, settings), alive),
    )
    judged = [Judged(trial) for trial in trials]
    for stage in stages:
        alive = [place for place, entry in enumerate(judged) if entry.passed]
        left = stage([judged[place] for place in alive])
        for place, entry in zip(alive, left, strict=True):
            judged[place] = entry
    return tuple(judged)


def _each(check: Callable[[Judged], Judged], alive: list[Judged]) -> list[Judged]:
    """Apply a check to each trial, side by side."""
    return _together(check, alive, range(len(alive)))


def _together(
    check: Callable[[Judged], Judged], alive: list[Judged], keys: Iterable[Hashable]
) -> list[Judged]:
    """Apply a check to each trial, side by side, those of one key one after the other.

    Only what is found of a trial comes back: the trial itself is here already.
    """
    groups: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)

    def found(places: list[int]) -> list[Verdict]:
        return [check(alive[place]).verdict for place in places]

    judged = list(alive)
    for places, verdicts in zip(groups.values(), in_processes(found, groups.values()), strict=True):
        for place, (checks, stable, told) in zip(places, verdicts, strict=True):
            judged[place] = replace(alive[place], checks=checks, stable=stable, told=told)
    return judged


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
    judged = list(alive)
    for family in FAMILIES:
        places = [
            place
            for place, one in enumerate(alive)
            if one.trial.family == family and _sellable(one, table, settings).passed
        ]
        entries = [alive[place] for place in places]
        checked = _check_later(entries, family, table, earlier, has_reviews, settings)
        for place, entry in zip(places, checked, strict=True):
            judged[place] = entry
    return judged


def _check_later(
    entries: list[Judged],
    family: Family,
    table: CustomerTable,
    earlier: CustomerTable,
    has_reviews: bool,
    settings: Settings,
) -> list[Judged]:
    """Make each candidate of a family anew as of the earlier date, and label who came later."""
    names = feature_names(family, has_reviews)
    later = clustered(table, names)
    later = later[earlier.standing[later] == NOT_YET]
    if not entries or not len(later):
        return entries
    space = make_space(earlier, clustered(earlier, names), family, has_reviews)
    recipes = [entry.trial.recipe for entry in entries]
    made = {
        partition.recipe: partition
        for partition in fit_all(recipes, space, settings, settings.seed)
    }
    matrix = scale(raw_matrix(table, later, space.preparation.features), space.preparation)

    def checked(entry: Judged) -> Judged:
        partition = made.get(entry.trial.recipe)
        if partition is None:
            return entry
        labels = partition.predict(matrix)
        return entry.with_checks(check_later(table, later, labels, has_reviews, settings))

    return _each(checked, entries)


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


def _stable(entry: Judged, table: CustomerTable, shared: SharedFits, settings: Settings) -> Judged:
    """G4: other customers of the same shop give the same segments; refits agree; one best map."""
    wanted, trial = settings.trials, entry.trial
    stable = Stable(measure_jaccard(trial, shared, settings))
    judged = replace(entry, stable=stable).with_checks(
        [at_least("G4", "jaccard", stable.lowest, wanted.jaccard)]
    )
    if judged.passed:
        floor = measure_refit_floor(trial, table, shared, settings)
        stable = replace(stable, floor=floor)
        judged = replace(judged, stable=stable).with_checks(
            [at_least("G4", "refit_floor", floor.low, wanted.refit_floor)]
        )
    if judged.passed and trial.recipe.algorithm == "kmeans":
        ties = measure_ties(trial, settings)
        if not isinstance(ties, NotComputed):
            judged = replace(judged, stable=replace(stable, ties=ties)).with_checks(
                [at_least("G4", "near_tie", ties.lowest_ari, wanted.near_tie_ari)]
            )
    return judged


def _all_stable(alive: list[Judged], table: CustomerTable, settings: Settings) -> list[Judged]:
    """Apply G4 to each trial; those that one fit answers together share it."""
    shared = share_fits((entry.trial for entry in alive), settings)
    return _together(
        lambda entry: _stable(entry, table, shared(entry.trial), settings),
        alive,
        [refitted_together(entry.trial) for entry in alive],
    )


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
        wanted,
        settings.seed,
    )
    judged = replace(entry, told=told)
    return judged.with_checks(
        [
            at_least("G5", "fidelity", told.fidelity, wanted.fidelity),
            at_least("G5", "recall", judged.worst_recall, wanted.recall),
        ]
    )
