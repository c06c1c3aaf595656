"""Documents made side by side: the same as one after the other, and all or none."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest
from sample import sample_findings

from analysis.errors import PlaybookError
from analysis.findings import to_json
from report.documents import DOCUMENTS, render_documents

TOP = Path(__file__).parents[1]
SHORT = ("contract", "dashboard")


def test_two_processes_make_what_one_makes() -> None:
    findings = sample_findings()
    both = render_documents(findings, ("fr", "pt-BR"), SHORT)
    assert sorted(both) == sorted(
        f"{language}/{DOCUMENTS[name]}" for language in ("fr", "pt-BR") for name in SHORT
    )
    for language in ("fr", "pt-BR"):
        for name in SHORT:
            alone = render_documents(findings, (language,), (name,))
            assert both[f"{language}/{DOCUMENTS[name]}"] == alone.popitem()[1]
    assert gc.isenabled()


def test_a_document_that_fails_leaves_none_and_no_process(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError):
        render_documents(
            sample_findings(), ("fr", "en"), ("deck", "dashboard"), tmp_path / "none.pptx"
        )
    assert multiprocessing.active_children() == []
    assert gc.isenabled()


COPIED = """
import hashlib, sys
from pathlib import Path
from analysis.findings import read_findings
from report.documents import render_documents
from report.workers import can_be_copied

assert can_be_copied()
files = render_documents(read_findings(Path(sys.argv[1])), ("fr", "pt-BR"), sys.argv[2:])
for name, content in sorted(files.items()):
    print(name, hashlib.sha256(content).hexdigest())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the worker is a new process")
def test_a_copy_of_a_process_of_one_thread_makes_the_same(tmp_path: Path) -> None:
    findings = sample_findings()
    (tmp_path / "findings.json").write_text(to_json(findings), encoding="utf-8")
    command = [sys.executable, "-c", COPIED, str(tmp_path / "findings.json"), *SHORT]
    told = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own interpreter and text
    made = render_documents(findings, ("fr", "pt-BR"), SHORT)
    assert told.splitlines() == [
        f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in sorted(made.items())
    ]
