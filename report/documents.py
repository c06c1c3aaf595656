"""Every document of every language, from the findings alone, side by side in processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.findings import Findings, from_json, to_json
from analysis.steps import Steps, Timing

if TYPE_CHECKING:
    from report.context import ReportContext
    from report.wording import Wording

LANGUAGES = ("fr", "en")
# Heaviest first: two workers then end at about the same time.
DOCUMENTS = {
    "playbook": "playbook.pdf",
    "proposal": "proposal.pdf",
    "deck": "deck.pptx",
    "report": "report.html",
    "dashboard": "dashboard.html",
}
WORKERS = 2

Wanted = tuple[str, str]
"""A language and the name of a document."""


def render_documents(
    findings: Findings,
    languages: Sequence[str],
    only: Sequence[str] = tuple(DOCUMENTS),
    template: Path | None = None,
    steps: Steps | None = None,
    meanwhile: Callable[[], Mapping[str, bytes]] = dict,
) -> dict[str, bytes]:
    """Return the documents asked for: path inside the output folder to content.

    `meanwhile` makes more files in this process while the workers render.

    Raises:
        PlaybookError: one of them could not be made fit to hand over; then there are none.
    """
    steps = steps or Steps()
    wanted = [(language, name) for name in DOCUMENTS if name in only for language in languages]
    if len(wanted) == 1:
        return _Renderer(findings, template).render(wanted, steps) | dict(meanwhile())
    for name in dict.fromkeys(name for _, name in wanted):
        steps.announce(f"render_{name}")
    files: dict[str, bytes] = {}
    # Spawned, not forked: this process may hold threads of DuckDB and of OpenMP.
    pool = ProcessPoolExecutor(
        WORKERS, get_context("spawn"), _start_worker, (to_json(findings), template)
    )
    try:
        results = pool.map(_render_in_worker, wanted)
        files |= meanwhile()
        for rendered, timings in results:
            files |= rendered
            steps.timings += timings
    except BaseException:
        # Nobody waits for documents that nobody will read.
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return files


@dataclass
class _Renderer:
    """Renders documents of one set of findings; what a language needs is made once."""

    findings: Findings
    template: Path | None
    spoken: dict[str, tuple[ReportContext, Wording]] = field(default_factory=dict)

    def render(self, wanted: Sequence[Wanted], steps: Steps) -> dict[str, bytes]:
        """Return the documents wanted, by their path."""
        files: dict[str, bytes] = {}
        for language, name in wanted:
            with steps.step(f"render_{name}"):
                content = getattr(self, f"_{name}")(*self._speak(language))
            files[f"{language}/{DOCUMENTS[name]}"] = content
        return files

    def _speak(self, language: str) -> tuple[ReportContext, Wording]:
        from report.context import build_context
        from report.wording import Wording

        if language not in self.spoken:
            wording = Wording(language)
            self.spoken[language] = (build_context(self.findings, wording), wording)
        return self.spoken[language]

    def _report(self, context: ReportContext, wording: Wording) -> bytes:
        from report.dashboard import render_dashboard
        from report.html import render_report

        dashboard = render_dashboard(self.findings, wording)
        return render_report(context, wording, dashboard).encode()

    def _dashboard(self, _: ReportContext, wording: Wording) -> bytes:
        from report.dashboard import render_dashboard

        return render_dashboard(self.findings, wording).encode()

    def _playbook(self, context: ReportContext, wording: Wording) -> bytes:
        from report.pdf import render_playbook

        return render_playbook(context, wording)

    def _deck(self, context: ReportContext, wording: Wording) -> bytes:
        from report.deck import render_deck

        return render_deck(context, wording, self.template)

    def _proposal(self, context: ReportContext, wording: Wording) -> bytes:
        from report.proposal import render_proposal

        return render_proposal(context, wording)


_workers: list[_Renderer] = []
"""The renderer of a worker process: filled as it starts, empty in the main process."""


def _start_worker(text: str, template: Path | None) -> None:
    """Take the findings in a new worker; an interruption is the main process's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _workers.append(_Renderer(from_json(text), template))


def _render_in_worker(wanted: Wanted) -> tuple[dict[str, bytes], list[Timing]]:
    """Render one document in a worker."""
    steps = Steps()
    return _workers[0].render([wanted], steps), steps.timings
