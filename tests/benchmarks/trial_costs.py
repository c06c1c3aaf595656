"""What each algorithm of the trial table costs: seconds to fit and to label everybody, memory.

    python tests/benchmarks/trial_costs.py SOURCE

Each recipe is fitted alone, one after the other: what a build does side by side, and what differs
from run to run, stands here and not in the findings. Memory is the peak of what Python and numpy
take during the fit; the buffers of compiled libraries are not seen.
"""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

from analysis.algorithms import fit
from analysis.customers import ONE_TIME, build_customers
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.recipes import make_recipes
from analysis.settings import Settings
from analysis.source import open_source
from analysis.trials import FAMILIES, make_space

MEGABYTE = 1_000_000


def main() -> None:
    """Fit every recipe of both families, and print a line each."""
    settings = Settings()
    with open_source(Path(sys.argv[1])) as source:
        everything = build_orders(source)
        period = describe_period(everything, None, settings)
    orders = until(everything, period.as_of)
    table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
    codes = table.members(ONE_TIME)
    sys.stdout.write(
        f"{'family':20} {'algorithm':18} {'k':>2} {'fit s':>7} {'label s':>8} {'peak MB':>8}\n"
    )
    for family in FAMILIES:
        space = make_space(table, codes, family, has_reviews=True)
        for recipe in make_recipes(settings, has_reviews=True):
            tracemalloc.start()
            made = fit(recipe, space, settings, settings.seed)
            peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
            tracemalloc.stop()
            if made is not None:
                sys.stdout.write(
                    f"{family:20} {recipe.algorithm:18} {made.segments:2} "
                    f"{made.fit_seconds:7.2f} {made.predict_seconds:8.2f} {peak:8.0f}\n"
                )


if __name__ == "__main__":
    main()
