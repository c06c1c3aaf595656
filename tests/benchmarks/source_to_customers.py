"""Times the way from a source to the customer table, imports apart; prints one JSON line.

python tests/benchmarks/source_to_customers.py SOURCE
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from analysis.customers import build_customers
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.settings import Settings
from analysis.source import open_source


def main() -> None:
    """Open the source named on the command line and build the table."""
    settings = Settings()
    start = time.perf_counter()
    with open_source(Path(sys.argv[1])) as source:
        opened = time.perf_counter()
        everything = build_orders(source)
        period = describe_period(everything, settings.as_of, settings)
        orders = until(everything, period.as_of)
        ordered = time.perf_counter()
        described_on = to_seconds(period.complete_until)
        table = build_customers(orders, described_on, settings.customers)
    ended = time.perf_counter()
    line = {
        "open_source": round(opened - start, 3),
        "build_orders": round(ordered - opened, 3),
        "build_customers": round(ended - ordered, 3),
        "total": round(ended - start, 3),
        "customers": len(table.standing),
    }
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
