"""The made-up findings, and what the documents say of them."""

from __future__ import annotations

from sample import sample_findings

from analysis.findings import Findings, Segmentation, Stability
from report.context import ReportContext, build_context
from report.wording import Wording

ENGLISH = Wording("en")


def say(findings: Findings, language: str = "en") -> ReportContext:
    return build_context(findings, Wording(language))


def segmentation() -> Segmentation:
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    return found


def stability() -> Stability:
    found = sample_findings().stability
    assert isinstance(found, Stability)
    return found
