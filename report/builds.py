"""A build: analyse or find the analysis again, render, write; nothing is left half done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report.found_again import ASSIGNED, FINDINGS, EarlierRun
from report.outputs import MANIFEST, Folders, manifest, read_manifest, read_unchanged, write

if TYPE_CHECKING:
    from analysis.editions import Edition
    from analysis.pipeline import Analysis
    from analysis.settings import Settings
    from analysis.source import OpenSource
    from analysis.steps import Steps
    from report.brand import Brand

# Where an edition that stood in the output folder is kept.
PREVIOUS = "previous"


@dataclass(frozen=True)
class Wanted:
    """What a build shall leave.

    `source` is what the notebooks open again; `edition` what is compared with, and `kept` its files
    where they stood in the output folder, which is replaced as a whole.
    """

    languages: tuple[str, ...]
    documents: tuple[str, ...]
    template: Path | None
    brand: Brand
    notebooks: bool = False
    source: Path | str | None = None
    edition: Edition | None = None
    kept: Mapping[str, bytes] = field(default_factory=dict)


def build_whole(
    source: OpenSource, out: Path, settings: Settings, steps: Steps, wanted: Wanted
) -> None:
    """Analyse, render, write; the workers that render load their libraries meanwhile."""
    from analysis.cluster_assignment import assignment_writer
    from analysis.memory import give_back
    from report.documents import document_workers, render_documents
    from report.exports import data_files
    from report.versions import run_facts

    several = len(wanted.documents) * len(wanted.languages) > 1
    with document_workers() if several else nullcontext() as pool:
        analysis = _analysed(source, settings, steps, wanted)
        give_back()

        def export() -> dict[str, bytes]:
            with steps.step("export_data"):
                return {**data_files(analysis, settings), **wanted.kept}

        files = render_documents(
            analysis.findings,
            wanted.languages,
            wanted.documents,
            wanted.template,
            steps,
            export,
            pool,
            wanted.brand,
        )
    compared = wanted.edition is not None

    def facts() -> dict[str, Any]:
        return run_facts(source, settings, steps, analysis.costs, compared=compared)

    assign = assignment_writer(source, analysis)

    def write_assigned(folder: Path) -> None:
        if assign is not None:
            with steps.step("assign_customers"):
                assign(folder)

    folders = {} if assign is None else {ASSIGNED: write_assigned}
    if assign is not None:
        # The list of very many customers would bear the name of the cluster's folder.
        files.pop(ASSIGNED, None)
    _leave(out, files, facts, steps, wanted, folders)


def _analysed(source: OpenSource, settings: Settings, steps: Steps, wanted: Wanted) -> Analysis:
    """Lead the source along the main path of its engine."""
    from analysis.cluster_pipeline import analyse_on_cluster
    from analysis.pipeline import analyse
    from analysis.spark_source import SparkSource

    if isinstance(source, SparkSource):
        return analyse_on_cluster(source, settings, steps, wanted.edition)
    return analyse(source, settings, steps, wanted.edition)


def build_again(
    earlier: EarlierRun, out: Path, settings: Settings, steps: Steps, wanted: Wanted
) -> None:
    """Render and write what an earlier analysis found, with the offer that the settings make."""
    from report.workers import collector_at_rest, stay_one_thread

    # Before the offer, which is the first to need numpy.
    stay_one_thread()
    from analysis.findings import from_json, to_json
    from analysis.pricing import offer_again
    from report.documents import render_documents
    from report.versions import facts_again

    with collector_at_rest():
        found = offer_again(from_json(earlier.files[FINDINGS].decode()), settings, steps)
    files = render_documents(
        found,
        wanted.languages,
        wanted.documents,
        wanted.template,
        steps,
        lambda: {**earlier.files, FINDINGS: to_json(found).encode()},
        brand=wanted.brand,
    )
    _leave(out, files, lambda: facts_again(earlier.facts, settings, steps), steps, wanted)


def read_previous(path: Path, out: Path) -> tuple[Edition, dict[str, bytes]]:
    """Read an earlier edition, each file as its run wrote it, and what of it is to be kept.

    What stands in the output folder, which is replaced as a whole, is kept inside the new one.
    """
    from analysis.editions import CUSTOMERS, MODEL, read_edition

    edition = read_edition(path)
    others = [name for name in (MODEL, CUSTOMERS) if path.with_name(name).is_file()]
    there = read_unchanged(path.parent, read_manifest(path.parent), [path.name, *others])
    if not path.resolve().is_relative_to(out.resolve()):
        return edition, {}
    kept = {
        FINDINGS: there.pop(path.name),
        **there,
        MANIFEST: path.with_name(MANIFEST).read_bytes(),
    }
    return edition, {f"{PREVIOUS}/{name}": content for name, content in kept.items()}


def _leave(
    out: Path,
    files: dict[str, bytes],
    facts: Callable[[], dict[str, Any]],
    steps: Steps,
    wanted: Wanted,
    folders: Folders | None = None,
) -> None:
    """Execute the notebooks where they are wanted, and write everything."""
    from report.notebooks import render_notebooks

    if wanted.notebooks:
        data = {**files, MANIFEST: manifest(files, facts())}
        files = files | render_notebooks(data, wanted.source, wanted.languages, steps)
    steps.announce("write")
    write(out, files, facts, folders)
