"""What each algorithm of the trial table costs: seconds to fit and to label everybody, memory.

    python tests/benchmarks/trial_costs.py SOURCE        a JSON line each

Each recipe is fitted alone, one after the other: what a build does side by side, and what differs
from run to run, stands here and not in the findings. Memory is the peak of what Python and numpy
take during the fit; the buffers of compiled libraries are not seen.
"""

from __future__ import annotations

import json
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
    for family in FAMILIES:
        space = make_space(table, codes, family, has_reviews=True)
        for recipe in make_recipes(settings, has_reviews=True):
            tracemalloc.start()
            made = fit(recipe, space, settings, settings.seed)
            peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
            tracemalloc.stop()
            if made is not None:
                line = {
                    "family": family,
                    "algorithm": recipe.algorithm,
                    "k": made.segments,
                    "fit_seconds": round(made.fit_seconds, 3),
                    "label_seconds": round(made.predict_seconds, 3),
                    "peak_mb": round(peak, 1),
                }
                sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
