"""Every document of every language, from the findings alone, side by side in processes."""

from __future__ import annotations

import gc
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.findings import Findings, from_json, to_json
from analysis.steps import Steps
from report.brand import HOUSE, Brand
from report.workers import (
    can_be_copied,
    collector_at_rest,
    copied_worker,
    end_workers,
    new_workers,
)

if TYPE_CHECKING:
    from report.context import ReportContext
    from report.wording import Wording

# Heaviest first, in every language: two workers then end at about the same time.
DOCUMENTS = {
    "playbook": "playbook.pdf",
    "proposal": "proposal.pdf",
    "contract": "proposal.docx",
    "deck": "deck.pptx",
    "report": "report.html",
    "dashboard": "dashboard.html",
}
WORKERS = 2
# What these leave to the collector is worth its time: pages of boxes, slides of elements.
HEAVY = frozenset({"playbook", "proposal", "deck"})

Wanted = tuple[str, str]
"""A language and the name of a document."""


def document_workers() -> AbstractContextManager[ProcessPoolExecutor]:
    """Start the processes that render; a build that opens them first finds them ready."""
    return new_workers(WORKERS, _load_renderers)


def render_documents(
    findings: Findings,
    languages: Sequence[str],
    only: Sequence[str] = tuple(DOCUMENTS),
    template: Path | None = None,
    steps: Steps | None = None,
    meanwhile: Callable[[], Mapping[str, bytes]] = dict,
    pool: ProcessPoolExecutor | None = None,
    brand: Brand = HOUSE,
) -> dict[str, bytes]:
    """Return the documents asked for: path inside the output folder to content.

    `meanwhile` makes more files in this process while the workers render; `pool` are workers that
    were started before; `brand` is what the documents wear.

    Raises:
        PlaybookError: one of them could not be made fit to hand over; then there are none.
    """
    steps = steps or Steps()
    wanted = [(language, name) for name in DOCUMENTS if name in only for language in languages]
    for name in dict.fromkeys(name for _, name in wanted):
        steps.announce(f"render_{name}")
    if pool is not None:
        return _render_in(pool, findings, wanted, template, steps, meanwhile, brand)
    renderer = _Renderer(findings, template, brand)
    files = dict(meanwhile())
    with collector_at_rest():
        if len(wanted) == 1:
            return files | renderer.render(wanted, steps)
        with _one_worker(renderer, languages) as (own, text):
            return files | _render_beside(own, text, renderer, wanted, steps)


@contextmanager
def _one_worker(
    renderer: _Renderer, languages: Sequence[str]
) -> Iterator[tuple[ProcessPoolExecutor, str]]:
    """Start the worker beside this process; with the findings as it needs them for its first task.

    Where it can be a copy, this process prepares what both need, once.
    """
    if not can_be_copied():
        with new_workers(1, _load_renderers) as pool:
            yield pool, to_json(renderer.findings)
        return
    _load_pages()
    for language in languages:
        renderer.speak(language)
    _kept.renderer = renderer
    try:
        with copied_worker() as pool:
            yield pool, AS_BEFORE
    finally:
        _kept.renderer = None


def _render_in(
    pool: ProcessPoolExecutor,
    findings: Findings,
    wanted: Sequence[Wanted],
    template: Path | None,
    steps: Steps,
    meanwhile: Callable[[], Mapping[str, bytes]],
    brand: Brand,
) -> dict[str, bytes]:
    """Render all documents in workers, and make the other files here."""
    text = to_json(findings)
    results = [pool.submit(_render_in_worker, text, template, brand, pair) for pair in wanted]
    # The heaviest is the last to be ready: the rest comes first, then what this process makes, so
    # that no more is under way at once than there are workers.
    heaviest, *others = results
    wait(others)
    files: dict[str, bytes] = dict(meanwhile())
    for result in (*others, heaviest):
        rendered, taken = result.result()
        files |= rendered
        steps.take(taken)
    return files


def _render_beside(
    pool: ProcessPoolExecutor,
    text: str,
    renderer: _Renderer,
    wanted: Sequence[Wanted],
    steps: Steps,
) -> dict[str, bytes]:
    """Render in this process and in the pool's one worker: each takes the heaviest that is left."""
    waiting = deque(wanted)
    files: dict[str, bytes] = {}

    def feed() -> None:
        told = text
        for pair in _taken(waiting):
            task = pool.submit(_render_in_worker, told, renderer.template, renderer.brand, pair)
            told = AS_BEFORE
            rendered, taken = task.result()
            files.update(rendered)
            steps.take(taken)

    with ThreadPoolExecutor(1) as feeder:
        fed = feeder.submit(feed)
        try:
            for pair in _taken(waiting):
                files.update(renderer.render([pair], steps))
                if fed.done():
                    fed.result()
            fed.result()
        except BaseException:
            waiting.clear()
            end_workers()
            raise
    return files


def _taken(waiting: deque[Wanted]) -> Iterator[Wanted]:
    """Yield what is left, one at a time, to whoever asks."""
    while True:
        try:
            yield waiting.popleft()
        except IndexError:
            return


@dataclass
class _Renderer:
    """Renders documents of one set of findings; what a language needs is kept to the next one."""

    findings: Findings
    template: Path | None
    brand: Brand = HOUSE
    spoken: dict[str, tuple[ReportContext, Wording]] = field(default_factory=dict)
    has_left: bool = False
    """Whether a heavy document was made here, whose boxes nobody freed yet."""
    remarks: list[str] = field(default_factory=list)
    """How the pages of the last document were made to fit."""

    def render(self, wanted: Sequence[Wanted], steps: Steps) -> dict[str, bytes]:
        """Return the documents wanted, by their path."""
        files: dict[str, bytes] = {}
        for language, name in wanted:
            with steps.step(f"render_{name}"):
                if name in HEAVY and self.has_left:
                    gc.collect()
                    self.has_left = False
                self.remarks = []
                content = getattr(self, f"_{name}")(*self.speak(language))
                self.has_left = self.has_left or name in HEAVY
            path = f"{language}/{DOCUMENTS[name]}"
            steps.remarks += [f"{path}: {remark}" for remark in self.remarks]
            files[path] = content
        return files

    def speak(self, language: str) -> tuple[ReportContext, Wording]:
        """Return what the documents of a language say, built once a language."""
        from report.context import build_context
        from report.wording import Wording

        if language not in self.spoken:
            wording = Wording(language)
            self.spoken[language] = (build_context(self.findings, wording, self.brand), wording)
        return self.spoken[language]

    def _report(self, context: ReportContext, wording: Wording) -> bytes:
        from report.dashboard import render_dashboard
        from report.html import render_report

        dashboard = render_dashboard(self.findings, wording, self.brand)
        return render_report(context, wording, dashboard).encode()

    def _dashboard(self, _: ReportContext, wording: Wording) -> bytes:
        from report.dashboard import render_dashboard

        return render_dashboard(self.findings, wording, self.brand).encode()

    def _playbook(self, context: ReportContext, wording: Wording) -> bytes:
        from report.pdf import render_playbook

        return render_playbook(context, wording, self.remarks)

    def _deck(self, context: ReportContext, wording: Wording) -> bytes:
        from report.deck import render_deck

        return render_deck(context, wording, self.template)

    def _proposal(self, context: ReportContext, wording: Wording) -> bytes:
        from report.proposal import render_proposal

        return render_proposal(context, wording, self.remarks)

    def _contract(self, context: ReportContext, wording: Wording) -> bytes:
        from report.contract_docx import render_contract

        return render_contract(context, wording)


AS_BEFORE = ""
"""For a worker: the findings, the template and the brand are those that it was given last."""


@dataclass
class _Kept:
    """In a worker: the renderer of what it was given last, kept for its next document."""

    key: tuple[bytes, Path | None, Brand] | None = None
    renderer: _Renderer | None = None


_kept = _Kept()


def _load_pages() -> None:
    """Import what takes time to import and every process that renders needs."""
    import weasyprint

    import report.context
    import report.html
    import report.pdf.layout
    import report.pdf.standards

    del weasyprint, report


def _load_renderers() -> None:
    """Import, in a new worker, what takes time to import."""
    import report.deck

    _load_pages()
    del report
    # The libraries live as long as the worker: the collector need not look at them.
    gc.collect()
    gc.freeze()
    gc.disable()


def _render_in_worker(
    text: str, template: Path | None, brand: Brand, wanted: Wanted
) -> tuple[dict[str, bytes], Steps]:
    """Render one document in a worker."""
    key = (hashlib.sha256(text.encode()).digest(), template, brand)
    if _kept.renderer is None or (text != AS_BEFORE and key != _kept.key):
        _kept.key, _kept.renderer = key, _Renderer(from_json(text), template, brand)
    steps = Steps()
    return _kept.renderer.render([wanted], steps), steps
