"""Gap and prediction strength of every candidate, as far as each can be measured.

The gap of a partition is held against K-Means of evenly filled boxes, in as many clusters: what an
algorithm of another kind would leave in them is not worth its time, and K-Means leaves least.
Prediction strength needs a fit of each half, so it is measured of the candidates that met the gate
of stability, on few customers; of the others it stays not reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from analysis.customers import Floats, Ints
from analysis.findings import NOT_REACHED, Family, NotComputed
from analysis.gap import Gap, fill_boxes, gap_of_labels
from analysis.gates import Judged
from analysis.refits import clusterer_of, share_fits
from analysis.resampling import PredictionStrength, prediction_strength
from analysis.settings import Settings
from analysis.trials import Trial


@dataclass(frozen=True)
class EvenBoxes:
    """What K-Means leaves within clusters of evenly filled boxes, worked out once a family."""

    settings: Settings
    _made: dict[Family, Floats] = field(default_factory=dict)

    def rows(self, trial: Trial) -> Ints:
        """Return the rows of a family's matrix that the index is measured on."""
        drawn = np.random.default_rng(self.settings.seed).permutation(len(trial.matrix))
        rows: Ints = np.sort(drawn[: self.settings.trials.index_customers])
        return rows

    def of(self, trial: Trial) -> Floats:
        """Return log W of each box, shape (boxes, k from one on)."""
        if trial.family not in self._made:
            wanted = self.settings.trials
            self._made[trial.family] = fill_boxes(
                trial.matrix[self.rows(trial)],
                self.settings.segmentation.k_max,
                references=wanted.gap_references,
                starts=wanted.resample_starts,
                seed=self.settings.seed,
            )
        return self._made[trial.family]


@dataclass(frozen=True)
class Indices:
    """The gap and the prediction strength of a candidate, as far as they were measured."""

    gap: Gap | NotComputed = NOT_REACHED
    strength: PredictionStrength | NotComputed = NOT_REACHED


def index_candidates(judged: tuple[Judged, ...], boxes: EvenBoxes) -> tuple[Indices, ...]:
    """Return the indices of each candidate, in the order given."""
    settings = boxes.settings
    stable = [entry.trial for entry in judged if _is_stable(entry)]
    shared = share_fits(stable, settings)
    return tuple(
        Indices(
            gap=_gap(entry.trial, boxes),
            strength=prediction_strength(
                entry.trial.matrix[_few(entry.trial, settings)],
                entry.trial.k,
                clusterer_of(entry.trial, shared(entry.trial), settings),
                halvings=settings.trials.candidate_halvings,
                seed=settings.seed,
            )
            if _is_stable(entry)
            else NOT_REACHED,
        )
        for entry in judged
    )


def _is_stable(entry: Judged) -> bool:
    """Return whether the gate of stability was reached and met."""
    asked = [check.passed for check in entry.checks if check.gate == "G4"]
    return bool(asked) and all(asked)


def _gap(trial: Trial, boxes: EvenBoxes) -> Gap | NotComputed:
    """Return the gap where everybody has a segment, and boxes were cut into as many."""
    rows = boxes.rows(trial)
    labels = trial.partition.labels[rows]
    if not 1 <= trial.k <= boxes.settings.segmentation.k_max or (labels < 0).any():
        return NOT_REACHED
    return gap_of_labels(trial.matrix[rows], labels, boxes.of(trial)[:, trial.k - 1], trial.k)


def _few(trial: Trial, settings: Settings) -> Ints:
    """Return the rows that a candidate's halves are drawn from."""
    drawn = np.random.default_rng(settings.seed).permutation(len(trial.matrix))
    rows: Ints = np.sort(drawn[: settings.trials.costly_rows])
    return rows
