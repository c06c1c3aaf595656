"""What each algorithm costs on these customers: seconds and memory, measured on this machine."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass

from analysis.algorithms import fit
from analysis.customers import ONE_TIME
from analysis.findings import Algorithm, NotComputed
from analysis.parallel import single_threaded_products
from analysis.partitions import Space
from analysis.recipes import Recipe, make_recipes
from analysis.settings import Settings
from analysis.study import Study
from analysis.trials import make_space

# Enough for any algorithm to run once, so that loading its library is not counted.
WARM_UP_ROWS = 500
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Effort:
    """One fit, alone: `fitted_customers` of `customers` were seen, the others got labels after it.

    `predict_seconds` is for the labels of everybody. `peak_megabytes` is the most that Python and
    NumPy held for it at once; what a library allocates by itself is not seen.
    """

    algorithm: Algorithm
    parameters: tuple[tuple[str, str], ...]
    k: int
    customers: int
    fitted_customers: int
    fit_seconds: float
    predict_seconds: float
    peak_megabytes: float


def measure_effort(study: Study) -> tuple[Effort, ...] | NotComputed:
    """Fit every algorithm once more in the chosen family, with the chosen number of segments.

    Algorithms that find the number themselves are left to find it.
    """
    chosen, settings = study.findings.segmentation, study.settings
    if isinstance(chosen, NotComputed):
        return NotComputed("depends_on", found="segmentation")
    has_reviews = "review" in chosen.features
    codes = study.table.members(ONE_TIME)
    space = make_space(study.table, codes, chosen.family, has_reviews)
    recipes = [one for one in make_recipes(settings, has_reviews) if one.k in (0, chosen.k)]
    with single_threaded_products():
        measured = [_effort(recipe, space, settings) for recipe in recipes]
    return tuple(one for one in measured if one is not None)


def _effort(recipe: Recipe, space: Space, settings: Settings) -> Effort | None:
    """Time one fit, then make it again for its memory, which slows it; None without answer."""
    fit(recipe, Space(space.matrix[:WARM_UP_ROWS], space.preparation), settings, settings.seed)
    made = fit(recipe, space, settings, settings.seed)
    if made is None:
        return None
    tracemalloc.start()
    try:
        fit(recipe, space, settings, settings.seed)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Effort(
        algorithm=recipe.algorithm,
        parameters=tuple((name, str(value)) for name, value in recipe.parameters),
        k=made.segments,
        customers=len(space.matrix),
        fitted_customers=made.fitted_rows,
        fit_seconds=made.fit_seconds,
        predict_seconds=made.predict_seconds,
        peak_megabytes=peak / MEGABYTE,
    )
