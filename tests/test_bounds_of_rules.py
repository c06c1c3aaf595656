"""A rule with two bounds on one feature says them in one phrase."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import sample_findings

from analysis.findings import Condition, CrmRule
from report.context import build_context
from report.views import Absence
from report.wording import Wording


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "paid more than R$45 and at most R$120 in the window (freight included)"),
        ("fr", "plus de 45 R$ et au plus 120 R$ payés sur la période étudiée (port compris)"),
        ("pt-BR", "pagou mais de R$ 45 e no máximo R$ 120 no período estudado (frete incluído)"),
    ],
)
def test_two_bounds_on_one_feature_are_one_phrase(language: str, said: str) -> None:
    findings = sample_findings()
    bounds = (Condition("spend", ">", 45.0), Condition("spend", "<=", 120.0))
    rule = CrmRule(((*bounds, Condition("review", ">", 2.5)),), 0.9, 0.9)
    first, second, *others = findings.segmentation.segments
    segments = (first, replace(second, rule=rule), *others)
    changed = replace(findings.segmentation, segments=segments)
    found = build_context(replace(findings, segmentation=changed), Wording(language)).segmentation
    assert not isinstance(found, Absence)
    written = [text.replace("\N{NO-BREAK SPACE}", " ") for text in found.segments[1].rule]
    assert written[1].replace("\N{NARROW NO-BREAK SPACE}", " ") == said
    assert len(written) == 3
