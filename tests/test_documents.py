"""Documents made side by side: the same as one after the other, and all or none."""

from __future__ import annotations

import gc
import multiprocessing
from pathlib import Path

import pytest
from sample import sample_findings

from analysis.errors import PlaybookError
from report.documents import DOCUMENTS, render_documents

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
