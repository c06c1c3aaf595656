"""Whole builds of the made-up marketplace at several sizes from Parquet: the steps, the limits.

python tests/benchmarks/sizes.py 1 10 100 --data FOLDER

A size is in marketplaces of 96,100 customers; its files are written to the folder once (a size of
100 takes 2.3 GB there). A line a step: seconds, the processor's seconds, the highest memory so far,
and the processor's seconds that the release before needed (last_release.json, measured likewise).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from measure import run
from shops import BLOCK_CUSTOMERS, write_demo_as_parquet
from verdicts import Verdicts, say

HERE = Path(__file__).parent
LAST_RELEASE = HERE / "last_release.json"
# Of a size: seconds of the whole build in one language, and megabytes of all its processes.
LIMITS = {1: (30.0, 1_000.0), 10: (25.0, 2_000.0), 100: (150.0, 8_000.0)}
COMMAND = "from report.cli import run; run()"


def main() -> None:
    """Measure the sizes that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--data", type=Path, help="folder of the Parquet files; kept")
    parser.add_argument("--config", type=Path, help="a playbook.toml")
    options = parser.parse_args()
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory() as folder:
        judge_sizes(options.sizes, options.data or Path(folder), verdicts, options.config)
    sys.exit(1 if verdicts.missed else 0)


def judge_sizes(
    sizes: Sequence[int], data: Path, verdicts: Verdicts, config: Path | None = None
) -> None:
    """Build each size, show its steps, and judge its seconds and its memory."""
    before = json.loads(LAST_RELEASE.read_text(encoding="utf-8"))
    for size in sizes:
        source = data / f"x{size}"
        if not (source / "orders.parquet").is_file():
            write_demo_as_parquet(source, size)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "output"
            more = [] if config is None else ["--config", config]
            cost = run([sys.executable, "-c", COMMAND, "build", source, "--out", out, *more])
            manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        say(f"\nx{size}: {size * BLOCK_CUSTOMERS:,} customers, Parquet, {_subset(manifest)}")
        _show(manifest["steps"], before.get(f"x{size}", {}))
        seconds, megabytes = LIMITS.get(size, (float("inf"), float("inf")))
        say(f"{'whole build':28}{cost.seconds:10.1f}{cost.cpu_seconds:12.1f}{cost.peak_mb:12,.0f}")
        verdicts.at_most(f"x{size}: seconds", cost.seconds, seconds, " s")
        verdicts.at_most(f"x{size}: memory of all processes", cost.peak_mb, megabytes, " MB")


def _subset(manifest: Mapping[str, Any]) -> str:
    wanted = manifest["settings"]["scale"]["fit_customers"]
    return f"candidates and timeline on at most {wanted:,} customers"


def _show(steps: Sequence[Mapping[str, Any]], before: Mapping[str, float]) -> None:
    say(f"{'step':28}{'seconds':>10}{'CPU s':>12}{'peak MB':>12}{'CPU s before':>15}")
    for step in steps:
        earlier = before.get(step["name"])
        shown = "" if earlier is None else f"{earlier:15.1f}"
        figures = f"{step['seconds']:10.1f}{step['cpu_seconds']:12.1f}{step['peak_mb']:12,.0f}"
        say(f"{step['name']:28}{figures}{shown}")


if __name__ == "__main__":
    main()
