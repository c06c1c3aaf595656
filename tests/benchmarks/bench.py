"""Every limit that was asked for, measured: seconds, memory, the ratio to the usual way in one run.

    make bench                         a silhouette of the reference counts nine times: ten minutes
    make bench BENCH=--exact           with every silhouette of the reference: half an hour
    make bench BENCH="--source SHOP.db"
    make bench BENCH="--sizes 1 10 100 --data FOLDER"   whole builds from Parquet, steps and limits

Runs on the real archive where it is (PLAYBOOK_OLIST, or ../shared/olist), else on a made-up
marketplace of its size. Wall seconds depend on what else the machine does: ratios are those of the
processor's seconds in one run, and the reference has one thread for its numerical libraries, which
favours it. A line a limit says whether it is met; the exit code is 1 when one is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import Cost, run
from shops import DEMO_CUSTOMERS, find_archive, write_archive_as_sqlite, write_demo_as_sqlite
from sizes import judge_sizes
from verdicts import Verdicts, say

HERE = Path(__file__).parent
PLAYBOOK = Path(sys.executable).with_name("playbook")
STARTS = 5
MOST_SECONDS_OF_HELP = 0.15
MOST_SECONDS_TO_CUSTOMERS = 2.0
LEAST_ENGINE_RATIO = 1.0
LEAST_RATIOS_OF_MEASURES = {"silhouettes": 50.0, "jaccard": 15.0}
MOST_SECONDS_OF_JACCARD = 4.0
FARTHEST_SILHOUETTE = 1e-6
# As a share: two fits that end in one optimum differ in the last digits.
MOST_INERTIA_ABOVE = 1e-6
MOST_MEGABYTES_OF_MEASURES = 2_000
LEAST_RATIOS_OF_TIMELINE = {"plain": 10.0, "origins": 30.0}
FARTHEST_ARI = 0.01
# Of the build: steps, their seconds together, the highest memory so far.
STEPS = (
    ("the trial table", ("try_candidates", "select"), 60.0, 2_000.0),
    ("the timeline", ("trace_stability", "describe_stability"), 60.0, 1_500.0),
)
# Of a notebook with exact silhouettes, and with those of a sample.
LEAST_RATIO_OF_NOTEBOOK = {True: 60.0, False: 8.0}
MOST_SECONDS_OF_BUILD = 30.0
MOST_MEGABYTES_OF_BUILD = 1_000
MOST_MEGABYTES_OF_CANDIDATE = 2_000
# Languages that all documents are made in again from the findings, to their seconds.
MOST_SECONDS_OF_DOCUMENTS = {("fr",): 6.0, ("fr", "en", "pt-BR"): 12.0}
MOST_MEGABYTES_OF_DOCUMENTS = 400

# What is compared: a name, stages of the reference, steps of the build that do at least as much.
PAIRS = (
    (
        "source to customers",
        ("read", "merge", "features"),
        ("open_source", "build_orders", "build_customers"),
    ),
    ("trying k", ("search",), ("try_candidates", "select")),
    ("stability", ("bootstrap", "simulation"), ("trace_stability",)),
)


@dataclass(frozen=True)
class Step:
    """A step of the build or a stage of the reference, as it measured itself."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--source", type=Path, help="a SQLite file with the tables of olist.db")
    parser.add_argument("--exact", action="store_true", help="exact silhouettes in the reference")
    parser.add_argument("--stages", help="stages of the reference, separated by commas")
    parser.add_argument("--no-reference", action="store_true", help="our own side only")
    parser.add_argument("--sizes", type=int, nargs="+", help="whole builds of 1, 10, 100 at once")
    parser.add_argument("--data", type=Path, help="with --sizes: folder of their Parquet files")
    options = parser.parse_args()
    verdicts = Verdicts()
    if options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            judge_sizes(options.sizes, options.data or Path(folder), verdicts)
    else:
        _measure_all(options, verdicts)
    if verdicts.missed:
        say(f"\nLimits missed: {len(verdicts.missed)} ({'; '.join(verdicts.missed)})")
        sys.exit(1)
    say("\nEvery limit is met.")


def _measure_all(options: argparse.Namespace, verdicts: Verdicts) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = options.source or _make_source(Path(folder))
        _judge_start(source, verdicts)
        if not options.no_reference:
            _judge_measures(source, verdicts, exact=options.exact)
            _judge_timeline(source, verdicts)
        _judge_candidates(source, verdicts)
        ours, build = _measure_build(source, Path(folder) / "output")
        _judge_build(ours, build, verdicts)
        _judge_documents(Path(folder) / "output", verdicts)
        if options.no_reference:
            return
        theirs, plain = _measure_plain(source, exact=options.exact, stages=options.stages)
        if not options.stages:
            found = Path(folder) / "output" / "findings.json"
            _judge_same_work(source, found, plain, verdicts, exact=options.exact)
        kind = "exact" if options.exact else "on a sample of 10,000"
        _show_steps(
            f"the usual notebook, silhouettes {kind}, figures but no documents", theirs, plain
        )
        _show_ratios(theirs, plain, ours, build)


def _make_source(folder: Path) -> Path:
    """Write the SQLite file that both sides read; say what is in it."""
    archive = find_archive()
    target = folder / "shop.db"
    if archive is None:
        say(f"Source: a made-up marketplace of {DEMO_CUSTOMERS:,} customers, as a SQLite file")
        write_demo_as_sqlite(target)
    else:
        say(f"Source: {archive.name}, as a SQLite file")
        write_archive_as_sqlite(archive, target)
    return target


def _judge_start(source: Path, verdicts: Verdicts) -> None:
    """Judge the start of the command, the way to the customers, and the engine of the SQL."""
    say("")
    starts = [run([PLAYBOOK, "--help"]).seconds for _ in range(STARTS)]
    verdicts.at_most(f"playbook --help, best of {STARTS}", min(starts), MOST_SECONDS_OF_HELP, " s")
    (found,) = _lines(run([sys.executable, HERE / "source_to_customers.py", source]))
    verdicts.at_most(
        "source to customer table, after imports", found["total"], MOST_SECONDS_TO_CUSTOMERS, " s"
    )
    (found,) = _lines(run([sys.executable, HERE / "sql_engines.py", source]))
    verdicts.at_least("SQLite / DuckDB, the same rows", found["ratio"], LEAST_ENGINE_RATIO)


def _judge_measures(source: Path, verdicts: Verdicts, *, exact: bool) -> None:
    """Judge silhouettes and Jaccard coefficients against scikit-learn's, on two sets of columns."""
    command = [sys.executable, HERE / "partitions.py", source, *(["--exact"] if exact else [])]
    cost = run(command, threads=1)
    for found in _lines(cost):
        measure = found["measure"]
        name = f"{measure}, {found['family']}"
        verdicts.at_least(
            f"{name}: scikit-learn / ours", found["cpu_ratio"], LEAST_RATIOS_OF_MEASURES[measure]
        )
        if measure == "silhouettes":
            verdicts.at_most(f"{name}: farthest value", found["apart"], FARTHEST_SILHOUETTE)
            verdicts.at_most(
                f"{name}: inertia above, worst k", found["inertia_worse"], MOST_INERTIA_ABOVE
            )
        else:
            verdicts.at_most(f"{name}: ours", found["seconds"], MOST_SECONDS_OF_JACCARD, " s")
    verdicts.at_most("both: memory", cost.peak_mb, MOST_MEGABYTES_OF_MEASURES, " MB")


def _judge_timeline(source: Path, verdicts: Verdicts) -> None:
    """Judge what the timeline of a notebook costs its way and ours, and whether they agree."""
    for found in _lines(run([sys.executable, HERE / "timeline_cost.py", source], threads=1)):
        name = f"timeline, {found['comparisons']} comparisons"
        least = LEAST_RATIOS_OF_TIMELINE[found["job"]]
        verdicts.at_least(f"{name}: usual / ours", found["ratio"], least)
        verdicts.at_most(f"{name}: farthest ARI", found["farthest_ari"], FARTHEST_ARI)
        if "farthest_of_seeds" in found:
            say(
                f"       the usual way with other seeds, farthest ARI: {found['farthest_of_seeds']}"
            )


def _judge_candidates(source: Path, verdicts: Verdicts) -> None:
    """Judge the memory of each candidate; show the costliest of each algorithm."""
    lines = list(_lines(run([sys.executable, HERE / "trial_costs.py", source])))
    worst: dict[str, dict[str, Any]] = {}
    for line in lines:
        known = worst.setdefault(line["algorithm"], line)
        if line["peak_mb"] > known["peak_mb"]:
            worst[line["algorithm"]] = line
    highest = max(line["peak_mb"] for line in lines)
    name = f"each of {len(lines)} candidates alone: memory"
    verdicts.at_most(name, highest, MOST_MEGABYTES_OF_CANDIDATE, " MB")
    for algorithm, line in worst.items():
        say(f"       {algorithm:20}{line['peak_mb']:8,.0f} MB   k = {line['k']}, {line['family']}")


def _judge_build(ours: Sequence[Step], build: Cost, verdicts: Verdicts) -> None:
    """Judge a whole build, and the steps that have a limit of their own."""
    _show_steps("playbook build, one language", ours, build)
    for name, names, seconds, megabytes in STEPS:
        steps = [step for step in ours if step.name in names]
        verdicts.at_most(f"{name}: time", sum(step.seconds for step in steps), seconds, " s")
        verdicts.at_most(f"{name}: memory", max(s.peak_mb for s in steps), megabytes, " MB")
    verdicts.at_most("whole build: time", build.seconds, MOST_SECONDS_OF_BUILD, " s")
    verdicts.at_most("whole build: memory", build.peak_mb, MOST_MEGABYTES_OF_BUILD, " MB")


def _lines(cost: Cost) -> Iterator[dict[str, Any]]:
    """Return what a script printed as JSON lines."""
    for line in cost.output.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _judge_documents(output: Path, verdicts: Verdicts) -> None:
    """Judge what all documents take from the findings alone, in one language and in three."""
    for languages, seconds in MOST_SECONDS_OF_DOCUMENTS.items():
        chosen = [part for language in languages for part in ("--lang", language)]
        cost = run([PLAYBOOK, "render", output / "findings.json", "--quiet", *chosen])
        name = f"documents in {' '.join(languages)}"
        verdicts.at_most(name, cost.seconds, seconds, " s")
        say(f"  of the processor: {cost.cpu_seconds:.1f} s")
        if len(languages) == 1:
            verdicts.at_most(f"{name}, memory", cost.peak_mb, MOST_MEGABYTES_OF_DOCUMENTS, " MB")


def _judge_same_work(
    source: Path, findings: Path, plain: Cost, verdicts: Verdicts, *, exact: bool
) -> None:
    """Judge how much sooner the notebook's own work is done, by the clock of two processors.

    Ours has a PDF and slides where the notebook has figures.
    """
    exactly = ["--exact"] if exact else []
    cost = run([sys.executable, HERE / "same_work.py", source, *exactly])
    documents = run([PLAYBOOK, "render", findings, "--quiet", "--only", "playbook,deck"])
    say("\nthe same work as the notebook's")
    for line in _lines(cost):
        say(f"{line['stage']:24}{line['seconds']:10.2f}{line['cpu_seconds']:11.2f}")
    say(f"{'playbook and deck':24}{documents.seconds:10.2f}{documents.cpu_seconds:11.2f}")
    ours, name = cost.seconds + documents.seconds, "usual notebook / the same work, PDF, slides"
    verdicts.at_least(name, plain.seconds / ours, LEAST_RATIO_OF_NOTEBOOK[exact])
    processor = cost.cpu_seconds + documents.cpu_seconds
    say(f"  of the processor: {plain.cpu_seconds / processor:.1f}x")


def _measure_build(source: Path, output: Path) -> tuple[list[Step], Cost]:
    cost = run([PLAYBOOK, "build", source, "--out", output, "--quiet"])
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    return [Step(**step) for step in manifest["steps"]], cost


def _measure_plain(source: Path, *, exact: bool, stages: str | None) -> tuple[list[Step], Cost]:
    command = [sys.executable, HERE / "plain_notebook.py", source]
    command += ["--exact"] if exact else []
    command += ["--stages", stages] if stages else []
    cost = run(command, threads=1)
    lines = [json.loads(line) for line in cost.output.splitlines() if line.startswith("{")]
    steps = [
        Step(line["stage"], line["seconds"], line["cpu_seconds"], line["peak_mb"]) for line in lines
    ]
    return steps, cost


def _show_steps(title: str, steps: Sequence[Step], whole: Cost) -> None:
    say(f"\n{title}\n{'':24}{'seconds':>10}{'processor':>11}{'peak MB so far':>16}")
    every = Step("all, imports included", whole.seconds, whole.cpu_seconds, whole.peak_mb)
    for step in (*steps, every):
        say(f"{step.name:24}{step.seconds:10.2f}{step.cpu_seconds:11.2f}{step.peak_mb:16,.0f}")


def _show_ratios(theirs: Sequence[Step], plain: Cost, ours: Sequence[Step], build: Cost) -> None:
    say(f"\n{'the usual way / playbook':24}{'seconds':>10}{'processor':>11}")
    for name, stages, steps in PAIRS:
        left, right = _add_up(theirs, stages), _add_up(ours, steps)
        if left is None or right is None:
            say(f"{name:24}{'not run':>10}")
        else:
            say(f"{name:24}{left[0] / right[0]:9.1f}x{left[1] / right[1]:10.1f}x")
    seconds, processor = plain.seconds / build.seconds, plain.cpu_seconds / build.cpu_seconds
    say(f"{'everything':24}{seconds:9.1f}x{processor:10.1f}x")
    say(f"{'memory':24}{plain.peak_mb / build.peak_mb:9.1f}x")
    say("The build also answers the questions, traces rolling origins and makes the documents.")


def _add_up(steps: Sequence[Step], names: Sequence[str]) -> tuple[float, float] | None:
    """Return the seconds and the processor's seconds of the named steps, None if one is missing."""
    found: Mapping[str, Step] = {step.name: step for step in steps}
    if any(name not in found for name in names):
        return None
    chosen = [found[name] for name in names]
    smallest = 0.001  # the manifest's own precision
    return (
        max(sum(step.seconds for step in chosen), smallest),
        max(sum(step.cpu_seconds for step in chosen), smallest),
    )


if __name__ == "__main__":
    main()
