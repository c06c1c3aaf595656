"""What is tried: each algorithm with each of its hyper-parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.findings import Algorithm
from analysis.settings import Settings

Parameter = tuple[str, int | float | str]
DENSITY_SCALES = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Recipe:
    """An algorithm with its hyper-parameters; `k` is 0 where the algorithm finds the number."""

    algorithm: Algorithm
    k: int
    parameters: tuple[Parameter, ...] = ()

    def parameter(self, name: str) -> Any:
        """Return the value of a hyper-parameter."""
        return dict(self.parameters)[name]

    def spelled(self) -> tuple[tuple[str, str], ...]:
        """Return the hyper-parameters as texts, as records keep them."""
        return tuple((name, str(value)) for name, value in self.parameters)


def make_recipes(settings: Settings, has_reviews: bool) -> list[Recipe]:
    """Return everything that is tried of one family, baselines last."""
    wanted = settings.trials
    sizes = range(settings.segmentation.k_min, settings.segmentation.k_max + 1)
    recipes = [Recipe("kmeans", k) for k in sizes]
    for strategy in ("biggest_inertia", "largest_cluster"):
        recipes += [Recipe("bisecting", k, (("split", strategy),)) for k in sizes]
    for covariance in ("full", "diag", "tied"):
        recipes += [Recipe("gaussian_mixture", k, (("covariance", covariance),)) for k in sizes]
    recipes += [Recipe("ward", k) for k in sizes]
    for neighbours in wanted.spectral_neighbours:
        recipes += [Recipe("spectral", k, (("neighbours", neighbours),)) for k in sizes]
    for minimum in wanted.dbscan_neighbours:
        recipes += [
            Recipe("dbscan", 0, (("neighbours", minimum), ("knee", knee)))
            for knee in DENSITY_SCALES
        ]
    for share in wanted.hdbscan_shares:
        recipes += [
            Recipe("hdbscan", 0, (("smallest", share), ("jitter", jitter)))
            for jitter in (0.0, wanted.hdbscan_jitter)
        ]
    recipes.append(Recipe("rfm", wanted.rfm_segments))
    if has_reviews:
        recipes.append(Recipe("rule", 0))
    return recipes
