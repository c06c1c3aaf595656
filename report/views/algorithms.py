"""What families, algorithms and their hyper-parameters are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.findings import Algorithm, Candidate
from report.wording import Wording, message

if TYPE_CHECKING:
    from analysis.costs import TrialCost

FAMILIES = {
    "traits": message("Lasting traits"),
    "traits_and_recency": message("Lasting traits and recency"),
}
ALGORITHMS: dict[Algorithm, str] = {
    "kmeans": message("K-Means"),
    "bisecting": message("Bisecting K-Means"),
    "gaussian_mixture": message("Gaussian mixture"),
    "ward": message("Ward's tree"),
    "spectral": message("Spectral clustering"),
    "dbscan": message("DBSCAN"),
    "hdbscan": message("HDBSCAN"),
    "rfm": message("Baseline: recency and amount"),
    "rule": message("Baseline: plain cuts"),
}
PARAMETERS = {
    "split": message("split: %(value)s"),
    "covariance": message("covariance: %(value)s"),
    "neighbours": message("neighbours: %(value)s"),
    "knee": message("radius: %(value)s times the knee"),
    "smallest": message("smallest group: %(value)s of the sample"),
    "jitter": message("jitter: %(value)s"),
}
PARAMETER_VALUES = {
    "biggest_inertia": message("the widest segment"),
    "largest_cluster": message("the largest segment"),
    "full": message("of each its own"),
    "diag": message("of each its own, axes kept"),
    "tied": message("the same for all"),
}


def algorithm_name(candidate: Candidate, wording: Wording) -> str:
    """Return the algorithm."""
    return wording.gettext(ALGORITHMS[candidate.algorithm])


def name_with_parameters(candidate: Candidate | TrialCost, wording: Wording) -> str:
    """Return the algorithm with its hyper-parameters."""
    name = wording.gettext(ALGORITHMS[candidate.algorithm])
    if not candidate.parameters:
        return name
    said = [
        wording.gettext(PARAMETERS[code], value=_value(code, value, wording))
        for code, value in candidate.parameters
    ]
    return f"{name} ({wording.clauses(said)})"


def _value(code: str, value: str, wording: Wording) -> str:
    """Return the value of a hyper-parameter."""
    if code == "smallest":
        return wording.tick_share(float(value))
    if code in ("neighbours", "knee", "jitter"):
        return wording.exact(float(value))
    return wording.gettext(PARAMETER_VALUES[value])
