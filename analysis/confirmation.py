"""The chosen partition once more, in full: what was measured on fewer rows or draws to be quick.

It is the one that is sold: its silhouette is that of everybody, and its segments are looked for
among customers drawn again as often as the method asks (methods, 2.2), not only as often as tells
candidates apart.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.findings import NotComputed
from analysis.gates import Judged, at_least
from analysis.points import kmeans_clusterer
from analysis.resampling import bootstrap_jaccard, seed_floor
from analysis.settings import Settings
from analysis.silhouette import Silhouette, measure_silhouettes
from analysis.trials import Trial


def confirm(entry: Judged, settings: Settings) -> Judged:
    """Return the chosen candidate with its figures measured in full.

    The check on the Jaccard coefficient becomes that of the more numerous draws: where it fails
    there, the candidate is kept with that failure shown.
    """
    entry = replace(entry, trial=_in_full(entry.trial, settings))
    if isinstance(entry.stable, NotComputed) or entry.trial.recipe.algorithm != "kmeans":
        return entry
    trial, wanted = entry.trial, settings.trials
    jaccards = bootstrap_jaccard(
        trial.matrix,
        trial.partition.labels,
        kmeans_clusterer(trial.k, starts=wanted.resample_starts),
        resamples=wanted.chosen_resamples,
        seed=settings.seed,
    )
    starts = seed_floor(
        trial.matrix,
        kmeans_clusterer(trial.k, starts=settings.segmentation.starts),
        fits=wanted.refits,
        seed=settings.seed,
    )
    stable = replace(entry.stable, jaccards=jaccards, starts=starts)
    again = at_least("G4", "jaccard", stable.lowest, wanted.jaccard)
    checks = tuple(again if check.code == "jaccard" else check for check in entry.checks)
    return replace(entry, stable=stable, checks=checks)


def _in_full(trial: Trial, settings: Settings) -> Trial:
    """Return a trial with the silhouette of everybody, where it was that of samples."""
    seen, wanted = trial.silhouette, settings.segmentation
    if isinstance(seen, Silhouette) and not seen.draws:
        return trial
    (exact,) = measure_silhouettes(
        trial.matrix,
        [trial.partition.labels],
        exact_points=wanted.silhouette_chosen,
        draws=wanted.silhouette_draws,
        sample=wanted.silhouette_sample,
        seed=settings.seed,
    )
    return replace(trial, silhouette=exact)
