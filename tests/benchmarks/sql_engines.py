"""Times every mart and question on DuckDB and on SQLite, and checks that their rows are equal.

python tests/benchmarks/sql_engines.py SHOP.db [--rounds 3]

Both run in this process, each query by turns and alone: DuckDB on the tables that it read from the
file, SQLite on the file itself, which the system holds in memory after the first round. Prints one
line of JSON: the median processor's seconds of each query on both (another busy process moves them
less than the clock's), their sums, and the ratios of SQLite's to DuckDB's: of these, of the
clock's, and with DuckDB's reading of the file counted in.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from analysis import queries
from analysis.kpis import MARTS, kpi_parameters
from analysis.orders import build_orders, describe_period
from analysis.questions import QUERIES_ASKED
from analysis.settings import Settings
from analysis.source import OpenSource, open_source
from analysis.tables import OLIST_DB_NAMES

Rows = list[tuple[Any, ...]]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Seconds:
    """What a query took: by the clock, and of the processor, all threads added up."""

    wall: float
    cpu: float


Pair = tuple[Seconds, Seconds]


def main() -> None:
    """Run, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="a SQLite file with the tables of olist.db")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with closing(sqlite3.connect(options.source)) as file:
        reading, source = _timed(lambda: open_source(options.source))
        with source:
            asked = _asked(source)
            rounds = [_round(source, file, asked) for _ in range(options.rounds)]
    medians = {name: _medians([turn[name] for turn in rounds]) for name in asked}
    quick, slow = (_sum([both[engine] for both in medians.values()]) for engine in (0, 1))
    line = {
        "ratio": round(slow.cpu / quick.cpu, 1),
        "ratio_by_clock": round(slow.wall / quick.wall, 1),
        "ratio_with_reading": round(slow.cpu / (quick.cpu + reading.cpu), 1),
        "duckdb": round(quick.cpu, 2),
        "sqlite": round(slow.cpu, 2),
        "reading": round(reading.cpu, 2),
        "queries": {name: [round(one.cpu, 3) for one in both] for name, both in medians.items()},
    }
    sys.stdout.write(json.dumps(line) + "\n")


def _medians(turns: Sequence[Pair]) -> Pair:
    """Return the median seconds of DuckDB and of SQLite over the rounds."""

    def over(engine: int) -> Seconds:
        took = [turn[engine] for turn in turns]
        return Seconds(median(one.wall for one in took), median(one.cpu for one in took))

    return over(0), over(1)


def _sum(parts: Sequence[Seconds]) -> Seconds:
    return Seconds(sum(part.wall for part in parts), sum(part.cpu for part in parts))


def _asked(source: OpenSource) -> dict[str, queries.Parameters]:
    """Return every mart, and every question in the chosen reading, with its parameters."""
    settings = Settings()
    period = describe_period(build_orders(source), settings.as_of, settings)
    asked = {f"marts/{name}": kpi_parameters(period) for name in MARTS}
    for question in QUERIES_ASKED:
        chosen = next(iter(question.readings(period.as_of, settings.questions).values()))
        asked[f"questions/{question.query}"] = chosen
    return asked


def _round(
    source: OpenSource, file: sqlite3.Connection, asked: dict[str, queries.Parameters]
) -> dict[str, Pair]:
    """Return the seconds of DuckDB and of SQLite by query.

    Raises:
        RuntimeError: their rows differ.
    """
    seconds = {}
    for name, parameters in asked.items():
        text = queries.render_query(name, "sqlite", parameters, OLIST_DB_NAMES)
        quick, table = _timed(lambda n=name, p=parameters: _run_duckdb(source, n, p))
        slow, rows = _timed(lambda t=text: file.execute(t).fetchall())
        if [_plain(row) for row in table] != rows:
            raise RuntimeError(f"{name}: SQLite gives other rows than DuckDB")
        seconds[name] = (quick, slow)
    return seconds


def _run_duckdb(source: OpenSource, name: str, parameters: queries.Parameters) -> Rows:
    table = queries.run_query(source.connection, name, parameters)
    return list(zip(*table.to_pydict().values(), strict=True))


def _timed(action: Callable[[], Result]) -> tuple[Seconds, Result]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu), result


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row as SQLite gives it: moments as text, whole decimals as integers."""
    return tuple(
        str(value)
        if isinstance(value, datetime)
        else int(value)
        if isinstance(value, Decimal)
        else value
        for value in row
    )


if __name__ == "__main__":
    main()
