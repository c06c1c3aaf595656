"""Every document of one language, from the findings alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.findings import Findings
from analysis.steps import Steps

if TYPE_CHECKING:
    from report.context import ReportContext
    from report.wording import Wording

LANGUAGES = ("fr", "en")
DOCUMENTS = {
    "report": "report.html",
    "dashboard": "dashboard.html",
    "playbook": "playbook.pdf",
    "deck": "deck.pptx",
    "proposal": "proposal.pdf",
}


@dataclass(frozen=True)
class _Job:
    """What every renderer is given."""

    findings: Findings
    context: ReportContext
    wording: Wording
    template: Path | None


def render_documents(
    findings: Findings,
    language: str,
    only: Sequence[str] = tuple(DOCUMENTS),
    template: Path | None = None,
    steps: Steps | None = None,
) -> dict[str, bytes]:
    """Return the documents asked for: path inside the output folder to content."""
    from report.context import build_context
    from report.wording import Wording

    steps = steps or Steps()
    with steps.step("build_context"):
        wording = Wording(language)
        job = _Job(findings, build_context(findings, wording), wording, template)
    files: dict[str, bytes] = {}
    for name in only:
        with steps.step(f"render_{name}"):
            files[f"{language}/{DOCUMENTS[name]}"] = _RENDERERS[name](job)
    return files


def _report(job: _Job) -> bytes:
    from report.dashboard import render_dashboard
    from report.html import render_report

    dashboard = render_dashboard(job.findings, job.wording)
    return render_report(job.context, job.wording, dashboard).encode()


def _dashboard(job: _Job) -> bytes:
    from report.dashboard import render_dashboard

    return render_dashboard(job.findings, job.wording).encode()


def _playbook(job: _Job) -> bytes:
    from report.pdf import render_playbook

    return render_playbook(job.context, job.wording)


def _deck(job: _Job) -> bytes:
    from report.deck import render_deck

    return render_deck(job.context, job.wording, job.template)


def _proposal(job: _Job) -> bytes:
    from report.proposal import render_proposal

    return render_proposal(job.context, job.wording)


_RENDERERS: dict[str, Callable[[_Job], bytes]] = {
    "report": _report,
    "dashboard": _dashboard,
    "playbook": _playbook,
    "deck": _deck,
    "proposal": _proposal,
}
