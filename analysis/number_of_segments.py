"""How many segments: what the data prefer, index by index, beside what the gates and scores chose.

The indices do not decide (methods, 2.2): on worlds like this one they find no true number, and a
discrete column makes some certify groups that are not there. They are shown, and where they
disagree with the choice it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analysis.candidate_indices import EvenBoxes
from analysis.findings import NOT_REACHED, NotComputed, NumberOfSegments, SizeEvidence
from analysis.gap import Gap, choose_by_gap, gap_statistic
from analysis.gates import Judged
from analysis.points import kmeans_clusterer
from analysis.resampling import PredictionStrength, largest_supported_k, prediction_strength
from analysis.selection import Selection
from analysis.settings import Settings
from analysis.trials import shuffled_silhouettes

INDICES = ("silhouette", "shuffled_silhouette", "davies_bouldin", "calinski_harabasz", "jaccard")


def compare_numbers(
    selection: Selection, settings: Settings, boxes: EvenBoxes | None = None
) -> NumberOfSegments | NotComputed:
    """Return the indices of K-Means for every number tried in the family of the chosen one.

    Gap and prediction strength also for the smaller ones, from one on: they can answer no groups.
    """
    around = selection.farthest
    if around is None:
        return NotComputed("no_rows")
    chosen = around.trial
    judged = [
        entry
        for entry in selection.board.judged
        if entry.trial.family == chosen.family and entry.trial.recipe.algorithm == "kmeans"
    ]
    if not judged:
        return NotComputed("no_rows")
    wanted = settings.trials
    boxes = boxes or EvenBoxes(settings)
    matrix = chosen.matrix[boxes.rows(chosen)]
    most = max(entry.trial.k for entry in judged)
    gaps = gap_statistic(
        matrix,
        most,
        references=wanted.gap_references,
        sample=len(matrix),
        starts=wanted.resample_starts,
        seed=settings.seed,
        boxes=boxes.of(chosen),
    )
    strengths = {
        k: prediction_strength(
            matrix,
            k,
            kmeans_clusterer(k, starts=wanted.resample_starts),
            halvings=wanted.halvings,
            seed=settings.seed,
        )
        for k in range(1, most + 1)
    }
    shuffled = shuffled_silhouettes([entry.trial for entry in judged], settings)
    by_k: dict[int, Gap] = {} if isinstance(gaps, NotComputed) else {gap.k: gap for gap in gaps}
    measured = {
        entry.trial.k: (entry, float(np.mean(level)))
        for entry, level in zip(judged, shuffled, strict=True)
    }
    sizes = tuple(
        _size(strength, by_k.get(k), measured.get(k)) for k, strength in strengths.items()
    )
    return NumberOfSegments(
        customers=len(matrix),
        sizes=sizes,
        by_silhouette=_best(sizes, lambda one: one.silhouette),
        by_davies_bouldin=_best(sizes, lambda one: _negative(one.davies_bouldin)),
        by_calinski_harabasz=_best(sizes, lambda one: one.calinski_harabasz),
        by_gap=gaps if isinstance(gaps, NotComputed) else choose_by_gap(gaps),
        by_prediction=largest_supported_k(tuple(strengths.values()), wanted.prediction_strength),
        strength_threshold=wanted.prediction_strength,
        chosen=chosen.k if selection.winner is not None else selection.why_none(),
    )


def _size(
    strength: PredictionStrength, gap: Gap | None, measured: tuple[Judged, float] | None
) -> SizeEvidence:
    """Return what is known of one number; of those that were not tried, only gap and strength."""
    few = NotComputed("too_few_customers")
    known: dict[str, Any] = dict.fromkeys(INDICES, NOT_REACHED)
    if measured is not None:
        entry, shuffled = measured
        seen = entry.trial.silhouette
        known = {
            "silhouette": seen if isinstance(seen, NotComputed) else seen.value,
            "shuffled_silhouette": shuffled,
            "davies_bouldin": entry.trial.davies_bouldin,
            "calinski_harabasz": entry.trial.calinski_harabasz,
            "jaccard": _jaccard(entry),
        }
    return SizeEvidence(
        k=strength.k,
        gap=few if gap is None else gap.gap,
        gap_error=few if gap is None else gap.standard_error,
        prediction_strength=strength.mean,
        prediction_error=strength.standard_error,
        **known,
    )


def _jaccard(entry: Judged) -> float | NotComputed:
    """Return the mean Jaccard coefficient of the least stable segment, where it was measured."""
    return NOT_REACHED if isinstance(entry.stable, NotComputed) else entry.stable.lowest


def _best(
    sizes: Sequence[SizeEvidence], read: Callable[[SizeEvidence], float | NotComputed]
) -> int | NotComputed:
    """Return the number with the highest value, the smallest on a tie."""
    known = [(value, -one.k) for one in sizes if not isinstance(value := read(one), NotComputed)]
    return -max(known)[1] if known else NotComputed("no_rows")


def _negative(value: float | NotComputed) -> float | NotComputed:
    return value if isinstance(value, NotComputed) else -value
