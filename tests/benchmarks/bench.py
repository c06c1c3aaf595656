"""Seconds and memory of each step of a build, and the ratio to the usual way in the same run.

    make bench                         with silhouettes of the reference on a sample: two minutes
    make bench BENCH=--exact           with exact ones, as its notebooks do: a quarter of an hour
    make bench BENCH="--source SHOP.db"

Runs on the real archive where it is (PLAYBOOK_OLIST, or ../shared/olist), else on a made-up
marketplace of its size. Wall seconds depend on what else the machine does: ratios of one run, and
the processor's seconds, are what to compare. The reference is given one thread for its numerical
libraries, which favours it. The exit code is 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Cost, run
from shops import DEMO_CUSTOMERS, find_archive, write_archive_as_sqlite, write_demo_as_sqlite

HERE = Path(__file__).parent
PLAYBOOK = Path(sys.executable).with_name("playbook")
STARTS = 5
MOST_SECONDS_TO_CUSTOMERS = 2.0
MOST_SECONDS_OF_BUILD = 30.0
MOST_MEGABYTES_OF_BUILD = 1_200
MOST_MEGABYTES_OF_MEASURES = 2_000
MOST_SECONDS_OF_HELP = 0.15
# Languages that the documents are made in again, to the seconds that they may take.
MOST_SECONDS_OF_DOCUMENTS = {("fr",): 6.0, ("fr", "en", "pt-BR"): 12.0}
MOST_MEGABYTES_OF_DOCUMENTS = 400
LEAST_ENGINE_RATIO = 1.0
MOST_SECONDS_OF_TIMELINE = 60.0
MOST_MEGABYTES_OF_TIMELINE = 1_500
LEAST_RATIOS_OF_TIMELINE = {"plain": 10.0, "origins": 30.0}
FARTHEST_ARI = 0.01
TIMELINE_STEPS = ("trace_stability", "describe_stability")

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


_missed: list[str] = []


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
    options = parser.parse_args()
    _measure_all(options)
    if _missed:
        _say(f"\nAims missed: {len(_missed)} ({'; '.join(_missed)})")
        sys.exit(1)


def _measure_all(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = options.source or _make_source(Path(folder))
        _show_start()
        _show_customers(source)
        _show_engines(source)
        if not options.no_reference:
            _show_partitions(source, exact=options.exact)
            _show_timeline_ratios(source)
        ours, build = _measure_build(source, Path(folder) / "output")
        _show_steps("playbook build, one language", ours, build)
        _show_aim("whole build, seconds", build.seconds, MOST_SECONDS_OF_BUILD)
        _show_aim("whole build, MB", build.peak_mb, MOST_MEGABYTES_OF_BUILD)
        _show_timeline(ours)
        _show_documents(Path(folder) / "output")
        if options.no_reference:
            return
        theirs, plain = _measure_plain(source, exact=options.exact, stages=options.stages)
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
        _say(f"Source: a made-up marketplace of {DEMO_CUSTOMERS:,} customers, as a SQLite file")
        write_demo_as_sqlite(target)
    else:
        _say(f"Source: {archive.name}, as a SQLite file")
        write_archive_as_sqlite(archive, target)
    return target


def _show_start() -> None:
    costs = [run([PLAYBOOK, "--help"]) for _ in range(STARTS)]
    _say("")
    _show_aim(
        f"playbook --help, best of {STARTS}", min(c.seconds for c in costs), MOST_SECONDS_OF_HELP
    )


def _show_customers(source: Path) -> None:
    cost = run([sys.executable, HERE / "source_to_customers.py", source])
    total = json.loads(cost.output.splitlines()[-1])["total"]
    _show_aim("source to customer table, after imports", total, MOST_SECONDS_TO_CUSTOMERS)


def _show_partitions(source: Path, *, exact: bool) -> None:
    command = [sys.executable, HERE / "partitions.py", source, *(["--exact"] if exact else [])]
    cost = run(command, threads=1)
    _say(f"\n{'scikit-learn / ours':38}{'seconds':>10}{'processor':>11}{'ours, s':>10}")
    for line in cost.output.splitlines():
        if not line.startswith("{"):
            continue
        found = json.loads(line)
        name = f"{found['measure']}, {found['family']}"
        _say(
            f"{name:38}{found['ratio']:9.1f}x{found['cpu_ratio']:10.1f}x{found['seconds']:10.2f}"
            f"   on {found['rows']:,} customers"
        )
    _show_aim("measures of a partition, MB", cost.peak_mb, MOST_MEGABYTES_OF_MEASURES)


def _show_engines(source: Path) -> None:
    """Show how much longer SQLite takes for the same rows of every mart and question."""
    found = json.loads(run([sys.executable, HERE / "sql_engines.py", source]).output)
    _show_least("SQLite / DuckDB, processor's seconds", found["ratio"], LEAST_ENGINE_RATIO)


def _show_timeline_ratios(source: Path) -> None:
    """Show what the timeline of a notebook costs its way and ours, and whether they agree."""
    cost = run([sys.executable, HERE / "timeline_cost.py", source], threads=1)
    for line in cost.output.splitlines():
        if not line.startswith("{"):
            continue
        found = json.loads(line)
        name = f"timeline, {found['comparisons']} comparisons"
        _show_least(f"{name}: usual / ours", found["ratio"], LEAST_RATIOS_OF_TIMELINE[found["job"]])
        _show_aim(f"{name}: farthest ARI", found["farthest_ari"], FARTHEST_ARI)


def _show_timeline(ours: Sequence[Step]) -> None:
    """Show what tracing and describing the timeline of the build took."""
    steps = [step for step in ours if step.name in TIMELINE_STEPS]
    _show_aim("timeline, seconds", sum(s.seconds for s in steps), MOST_SECONDS_OF_TIMELINE)
    _show_aim("timeline, MB", max(s.peak_mb for s in steps), MOST_MEGABYTES_OF_TIMELINE)


def _show_documents(output: Path) -> None:
    """Show what all documents take from the findings alone, in one language and in three."""
    for languages, seconds in MOST_SECONDS_OF_DOCUMENTS.items():
        chosen = [part for language in languages for part in ("--lang", language)]
        cost = run([PLAYBOOK, "render", output / "findings.json", "--quiet", *chosen])
        name = f"documents, {len(languages)} language(s)"
        _show_aim(f"{name}, seconds", cost.seconds, seconds)
        _say(f"{name + ', processor':42}{cost.cpu_seconds:10,.3f}")
        if len(languages) == 1:
            _show_aim(f"{name}, MB", cost.peak_mb, MOST_MEGABYTES_OF_DOCUMENTS)


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
    _say(f"\n{title}\n{'':24}{'seconds':>10}{'processor':>11}{'peak MB so far':>16}")
    every = Step("all, imports included", whole.seconds, whole.cpu_seconds, whole.peak_mb)
    for step in (*steps, every):
        _say(f"{step.name:24}{step.seconds:10.2f}{step.cpu_seconds:11.2f}{step.peak_mb:16,.0f}")


def _show_ratios(theirs: Sequence[Step], plain: Cost, ours: Sequence[Step], build: Cost) -> None:
    _say(f"\n{'the usual way / playbook':24}{'seconds':>10}{'processor':>11}")
    for name, stages, steps in PAIRS:
        left, right = _add_up(theirs, stages), _add_up(ours, steps)
        if left is None or right is None:
            _say(f"{name:24}{'not run':>10}")
        else:
            _say(f"{name:24}{left[0] / right[0]:9.1f}x{left[1] / right[1]:10.1f}x")
    seconds, processor = plain.seconds / build.seconds, plain.cpu_seconds / build.cpu_seconds
    _say(f"{'everything':24}{seconds:9.1f}x{processor:10.1f}x")
    _say(f"{'memory':24}{plain.peak_mb / build.peak_mb:9.1f}x")
    _say("The build also answers the questions, traces rolling origins and makes the documents.")


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


def _show_aim(name: str, found: float, most: float) -> None:
    verdict = _judge(name, "within" if found <= most else "OVER")
    _say(f"{name:42}{found:10,.3f}   {verdict} the aim of {most:,g}")


def _show_least(name: str, found: float, least: float) -> None:
    verdict = _judge(name, "within" if found >= least else "UNDER")
    _say(f"{name:42}{found:9,.1f}x   {verdict} the aim of {least:,g}")


def _judge(name: str, verdict: str) -> str:
    """Keep the name of an aim that is missed; return the verdict."""
    if verdict != "within":
        _missed.append(name)
    return verdict


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
