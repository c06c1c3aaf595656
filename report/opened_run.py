"""The output of a run, opened again by its notebooks: what they ask, and how it is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from analysis.costs import TrialCost
from analysis.findings import Findings, NotComputed, read_findings
from analysis.segmentation import read_model
from analysis.settings import restore_settings
from analysis.study import Study, open_study
from report.context import build_context
from report.outputs import MANIFEST, read_manifest
from report.versions import trial_costs
from report.views import Absence, ReportContext
from report.wording import Wording

# A notebook stands two folders below the top of an output.
OUTPUT = Path("../..")
SOURCE = "PLAYBOOK_SOURCE"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class OpenedRun:
    """A run in one language; `study` is NotComputed when its source is not there.

    `costs` are those of that run on its machine, as its manifest says.
    """

    findings: Findings
    context: ReportContext
    wording: Wording
    study: Study | NotComputed
    costs: tuple[TrialCost, ...] | NotComputed

    def ask(self, question: Callable[[Study], Answer | NotComputed]) -> Answer | NotComputed:
        """Return the answer of the analysis, or why there is none."""
        return self.study if isinstance(self.study, NotComputed) else question(self.study)

    def look(self, *names: str) -> Any:
        """Return a part of the findings, one name a level; NotComputed where a level is."""
        found: Any = self.findings
        for name in names:
            if isinstance(found, NotComputed):
                return found
            found = getattr(found, name)
        return found

    def part(self, *names: str) -> Any:
        """Return a part of the documents, one name a level; an Absence where a level is."""
        found: Any = self.context
        for name in names:
            if isinstance(found, Absence):
                return found
            found = getattr(found, name)
        return found

    def segment_name(self, segment_id: str) -> str:
        """Return what the documents call a segment; its id where they do not name it."""
        return self._segments().get(segment_id, (segment_id, None))[0]

    def segment_colour(self, segment_id: str) -> int | None:
        """Return the place of a segment in the palette."""
        return self._segments().get(segment_id, (segment_id, None))[1]

    def _segments(self) -> dict[str, tuple[str, int | None]]:
        view = self.context.segmentation
        named = getattr(view, "segments", ())
        return {segment.segment_id: (segment.name, segment.colour) for segment in named}


def open_run(language: str, folder: Path = OUTPUT) -> OpenedRun:
    """Open the output of a run, and its source where that is found.

    The source is the path or address in the environment variable PLAYBOOK_SOURCE; without it, the
    file or folder of its name beside the output folder.

    Raises:
        FindingsError: no findings of this version.
        OutputError: no manifest.
        SourceError: the source cannot be read, or is not that of the findings.
    """
    findings = read_findings(folder / "findings.json")
    facts = read_manifest(folder)
    wording = Wording(language)
    return OpenedRun(
        findings=findings,
        context=build_context(findings, wording),
        wording=wording,
        study=_study(findings, facts, folder),
        costs=_costs(findings, facts),
    )


def _costs(findings: Findings, facts: Mapping[str, Any]) -> tuple[TrialCost, ...] | NotComputed:
    """Return what the trials took, or why that is not known."""
    if isinstance(findings.candidates, NotComputed):
        return findings.candidates
    return trial_costs(facts, where=MANIFEST) or NotComputed("not_measured_then")


def _study(findings: Findings, facts: Mapping[str, Any], folder: Path) -> Study | NotComputed:
    """Return the study, or that its source is not there."""
    address = _address(findings, folder)
    if isinstance(address, NotComputed):
        return address
    settings = restore_settings(facts["settings"], where=MANIFEST)
    path = folder / "model.json"
    return open_study(findings, settings, read_model(path) if path.is_file() else None, address)


def _address(findings: Findings, folder: Path) -> Path | str | NotComputed:
    """Return where the source is."""
    given = os.environ.get(SOURCE, "")
    if findings.source.kind == "demo" or "://" in given:
        return given
    path = Path(given) if given else folder.resolve().parent / findings.source.name
    if path.exists():
        return path
    return NotComputed("no_source", found=findings.source.name, expected=SOURCE)
