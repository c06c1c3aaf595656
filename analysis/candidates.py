"""One record a candidate, for documents and candidates.csv: its figures, and where it stopped."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis import kmeans
from analysis.candidate_indices import EvenBoxes, Indices, index_candidates
from analysis.findings import NOT_REACHED, Candidate, NotComputed
from analysis.gates import Judged
from analysis.indices import describe_shapes
from analysis.parallel import in_processes
from analysis.selection import Selection
from analysis.settings import Settings
from analysis.silhouette import Silhouette
from analysis.trials import Trial


def describe_candidates(
    selection: Selection, settings: Settings, boxes: EvenBoxes | None = None
) -> tuple[Candidate, ...]:
    """Return one Candidate a trial: its figures, its checks, and where it stopped."""
    indices = index_candidates(selection.board.judged, boxes or EvenBoxes(settings))
    places = range(len(indices))
    return tuple(
        in_processes(lambda place: _candidate(place, selection, indices[place], settings), places)
    )


def _candidate(place: int, selection: Selection, indices: Indices, settings: Settings) -> Candidate:
    """Return the record of one candidate; one that passed may still lose, and this says to what."""
    entry = selection.board.judged[place]
    trial, made = entry.trial, entry.trial.partition
    scored, chosen = selection.score_at(place), place == selection.winner
    sizes = np.sort(np.bincount(made.labels[made.labels >= 0], minlength=trial.k))[::-1]
    failed = entry.failed_check
    if not failed and not chosen:
        failed = "baseline" if trial.is_baseline else "ranked_behind"
    return Candidate(
        family=trial.family,
        algorithm=trial.recipe.algorithm,
        parameters=trial.recipe.spelled(),
        asked=trial.recipe.k,
        k=trial.k,
        customers=len(trial.codes),
        sizes=tuple(int(size) for size in sizes),
        fitted_customers=made.fitted_rows,
        extension=made.extension,
        extension_accuracy=made.extension_accuracy,
        noise_share=float((made.labels < 0).mean()),
        smallest_share=float(sizes[-1] / len(trial.codes)) if len(sizes) else 0.0,
        service_segments=int((sizes < settings.trials.testable_customers).sum()),
        inertia=made.inertia,
        **_silhouette(trial.silhouette),
        shuffled_silhouette=NOT_REACHED if scored is None else scored.shuffled,
        davies_bouldin=trial.davies_bouldin,
        calinski_harabasz=trial.calinski_harabasz,
        **_shape(trial),
        eta_squared_spend=trial.eta_squared_spend,
        eta_squared_review=trial.eta_squared_review,
        **_stability(entry, made.labels),
        checks=entry.checks,
        gate=entry.checks[-1].gate if entry.checks else "G1",
        passed=entry.passed,
        is_baseline=trial.is_baseline,
        chosen=chosen,
        failed_check=failed,
        score=NOT_REACHED if scored is None else scored.score,
        **_indices(indices),
    )


def _indices(found: Indices) -> dict[str, Any]:
    """Return the fields about the gap and the prediction strength."""
    gap, strength = found.gap, found.strength
    return {
        "gap": gap if isinstance(gap, NotComputed) else gap.gap,
        "gap_error": gap if isinstance(gap, NotComputed) else gap.standard_error,
        "prediction_strength": strength if isinstance(strength, NotComputed) else strength.mean,
        "prediction_error": strength
        if isinstance(strength, NotComputed)
        else strength.standard_error,
    }


def _silhouette(found: Silhouette | NotComputed) -> dict[str, Any]:
    """Return the fields about the silhouette."""
    if isinstance(found, NotComputed):
        return {"silhouette": found, "silhouette_interval": found, "silhouette_sample": 0}
    return {
        "silhouette": found.value,
        "silhouette_interval": NOT_REACHED if found.interval is None else found.interval,
        "silhouette_sample": found.rows,
    }


def _shape(trial: Trial) -> dict[str, Any]:
    """Return how wide the widest segment is, and how long the longest against its width."""
    shapes = describe_shapes(trial.matrix, trial.partition.labels)
    if isinstance(shapes, NotComputed):
        return {"compactness": shapes, "elongation": shapes}
    known = [one.elongation for one in shapes if not isinstance(one.elongation, NotComputed)]
    return {
        "compactness": max(one.compactness for one in shapes),
        "elongation": max(known) if len(known) == len(shapes) else NotComputed("no_variation"),
    }


def _stability(entry: Judged, labels: kmeans.Labels) -> dict[str, Any]:
    """Return the fields about resampled customers, largest segment first."""
    found = entry.stable
    names = ("jaccards", "refit_floor", "seed_floor", "starts_floor", "near_tie")
    if isinstance(found, NotComputed):
        return dict.fromkeys(names, NOT_REACHED)
    sizes = np.bincount(labels[labels >= 0])
    by_size = sorted(found.jaccards, key=lambda one: -sizes[one.label])
    floor, ties, starts = found.floor, found.ties, found.starts
    return {
        "jaccards": tuple(one.mean for one in by_size),
        "refit_floor": floor if isinstance(floor, NotComputed) else floor.low,
        "seed_floor": ties if isinstance(ties, NotComputed) else ties.single.low,
        "starts_floor": starts if isinstance(starts, NotComputed) else starts.low,
        "near_tie": ties if isinstance(ties, NotComputed) else ties.lowest_ari,
    }
