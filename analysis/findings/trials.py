"""The partitions that were tried, and how one of them was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NOT_REACHED, Interval, NotComputed

Gate = Literal["G1", "G2", "G3", "G4", "G5", "G6"]


@dataclass(frozen=True)
class GateCheck:
    """One condition of a gate: its code, the figure, the threshold, the verdict.

    Gates, in order: G1 operable, G2 the client's minimum, G3 sizes that can be sold, G4 stable, G5
    explainable, G6 maintainable (methods, 2.4). Where there is a `lower_bound` (95 %, customers
    drawn again), it is what must reach the threshold; it is only worked out where the figure does.
    """

    code: str
    value: float
    threshold: float
    at_least: bool
    passed: bool
    gate: Gate = "G2"
    lower_bound: float | NotComputed = NOT_REACHED


Family = Literal["traits", "traits_and_recency"]

Algorithm = Literal[
    "kmeans",
    "bisecting",
    "gaussian_mixture",
    "ward",
    "spectral",
    "dbscan",
    "hdbscan",
    "rfm",  # baseline: the predecessor's recency and amount as they are, without satisfaction
    "rule",  # baseline: every feature cut once, without a fit
]

ExtensionKind = Literal["none", "nearest_centre", "neighbours"]


@dataclass(frozen=True)
class Score:
    """The scorecard of a candidate that met gates G1 to G5: five marks from 0 to 1, and points.

    `actions`: segments that call for an action of their own, of the most that a team keeps in mind.
    `separation`: mean share of the variance of money and satisfaction explained. `stability`: the
    least stable segment's Jaccard coefficient. `explainability`: half the worst recall of a rule,
    half how few rules there are. `fit`: half the silhouette beyond shuffled columns, half the rank
    by Davies-Bouldin in its family. `points`: the marks by the weights, 0 to 100. `place`: 1 for
    the best; of those closer than the tie, the fewest segments go first.
    """

    actions: float
    separation: float
    stability: float
    explainability: float
    fit: float
    points: float
    place: int


@dataclass(frozen=True)
class Candidate:
    """One partition that was tried, what was measured of it, and where it stopped.

    `k` segments were found (repeat buyers not counted), `asked` is how many the algorithm was told
    to make, 0 where it decides. `customers` are those of the window; the algorithm saw
    `fitted_customers` of them, and their labels were carried on to the others by `extension`, right
    for `extension_accuracy` of those held out. `noise_share` has no segment. The silhouette is the
    mean of draws of `silhouette_sample` customers, or of all; `shuffled_silhouette` is the mean on
    independently shuffled columns. `compactness` and `elongation` are those of the least compact
    and the most elongated segment. `jaccards` are the mean Jaccard coefficients over resampled
    customers, a segment, largest segment first; `refit_floor` the 5 % quantile of the agreement
    (ARI) of refits on resampled customers, `seed_floor` that of single starts, `starts_floor` that
    of the best of many, for the chosen one; `near_tie` the
    lowest agreement with the best of the starts that are as good. `gate` is the one where it
    failed, or the last it passed; `failed_check` names the check, or for one that passed what it
    lost to. What stands beyond the failed gate was not measured. `gap` (candidate_indices.py) and
    `prediction_strength` have their standard errors.
    """

    family: Family
    algorithm: Algorithm
    parameters: tuple[tuple[str, str], ...]
    asked: int
    k: int
    customers: int
    sizes: tuple[int, ...]
    fitted_customers: int
    extension: ExtensionKind
    extension_accuracy: float
    noise_share: float
    smallest_share: float
    service_segments: int
    inertia: float
    silhouette: float | NotComputed
    silhouette_interval: Interval | NotComputed
    silhouette_sample: int
    shuffled_silhouette: float | NotComputed
    davies_bouldin: float | NotComputed
    calinski_harabasz: float | NotComputed
    compactness: float | NotComputed
    elongation: float | NotComputed
    eta_squared_spend: float
    eta_squared_review: float | NotComputed
    jaccards: tuple[float, ...] | NotComputed
    refit_floor: float | NotComputed
    seed_floor: float | NotComputed
    near_tie: float | NotComputed
    checks: tuple[GateCheck, ...]
    gate: Gate
    passed: bool
    is_baseline: bool
    chosen: bool
    failed_check: str
    score: Score | NotComputed
    starts_floor: float | NotComputed = NOT_MEASURED
    gap: float | NotComputed = NOT_MEASURED
    gap_error: float | NotComputed = NOT_MEASURED
    prediction_strength: float | NotComputed = NOT_MEASURED
    prediction_error: float | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class Control:
    """A partition that must fail the client's minimum (A6), and the check that it fails first.

    When `failed` is NotComputed the control passed: the minimum tells nothing apart.
    """

    code: Literal["random_labels", "recency_and_amount"]
    failed: GateCheck | NotComputed


@dataclass(frozen=True)
class WeightedWin:
    """A candidate, by its place among the candidates, and the share of weightings it wins."""

    candidate: int
    share: float


@dataclass(frozen=True)
class Choice:
    """How the chosen candidate was chosen among those that met the gates.

    `weights` are points of the scorecard, in the order of Score's marks. `wins_share` is the share
    of `draws` random weightings around them under which the chosen candidate still comes first;
    `runner_up_points` are those of the next best, `baseline_points` those of the best baseline that
    met gates G1 to G5. `wins` are all who come first under some weighting, most often first, and
    `wins_with_baselines` the same with the baselines in the race. `tie` is the difference in points
    below which fewer segments win. `resamples` and `costly_resamples` are how often customers were
    drawn again for the Jaccard coefficients: of the fast algorithms, and of those fitted on
    `resample_customers` each time, or on `resample_rows` where a fit is not so dear; for the chosen
    one `chosen_resamples`. `starts` of K-Means were made for each fit of everybody. The gap of each
    candidate is measured on `index_customers`, the prediction strength on `resample_customers`,
    over `candidate_halvings`.
    """

    weights: tuple[float, ...]
    tie: float
    draws: int
    wins_share: float | NotComputed
    points: float | NotComputed
    runner_up_points: float | NotComputed
    baseline_points: float | NotComputed
    controls: tuple[Control, ...]
    resamples: int
    costly_resamples: int
    resample_customers: int
    resample_rows: int | NotComputed = NOT_MEASURED
    chosen_resamples: int | NotComputed = NOT_MEASURED
    starts: int | NotComputed = NOT_MEASURED
    index_customers: int | NotComputed = NOT_MEASURED
    candidate_halvings: int | NotComputed = NOT_MEASURED
    wins: tuple[WeightedWin, ...] = ()
    wins_with_baselines: tuple[WeightedWin, ...] = ()
