"""A playbook of as many segments as may be sold: every sheet fits, and the contents are right."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from pdf_checker import text_of
from sample_many_segments import PERSONAS, with_seven_segments

from report.context import build_context
from report.pdf import render_playbook
from report.pdf.playbook import list_contents
from report.wording import Wording


def with_curves_of_all():
    """Return seven segments whose agreement was followed as well."""
    findings = with_seven_segments()
    ageing = findings.stability.ageing
    followed = tuple(
        replace(ageing.segments[0], segment_id=f"s{place}") for place in range(1, len(PERSONAS) + 1)
    )
    ageing = replace(ageing, segments=followed)
    return replace(findings, stability=replace(findings.stability, ageing=ageing))


@pytest.mark.parametrize("language", ["fr", "pt-BR"])
def test_seven_segments_fit_and_the_contents_give_their_pages(language):
    wording = Wording(language)
    context = build_context(with_curves_of_all(), wording)
    content = render_playbook(context, wording)
    entries = list_contents(context, wording)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == len(entries) + 1
    pages = text_of(content).split("\f")
    for entry in entries:
        assert entry.title.split(":")[0].strip()[:12] in pages[entry.page - 1], entry.title
