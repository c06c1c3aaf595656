"""Findings of which everything is long: every document is made, and nothing leaves its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from deck_reader import faults_of_place, words
from deck_templates import save_brand
from pdf_checker import faults, text_of
from sample_hard import CLIENT, CONSULTANT, hard_findings

from report.context import build_context
from report.deck import render_deck
from report.pdf import render_playbook
from report.proposal import render_proposal
from report.views import ReportContext
from report.wording import LANGUAGES, Wording

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> tuple[ReportContext, Wording]:
    wording = Wording(request.param)
    return build_context(hard_findings(), wording), wording


def test_the_playbook_is_made(spoken: tuple[ReportContext, Wording]) -> None:
    written = render_playbook(*spoken)
    assert faults(written) == []
    assert CLIENT[:40] in text_of(written)


def test_the_proposal_is_made(spoken: tuple[ReportContext, Wording]) -> None:
    written = render_proposal(*spoken)
    assert faults(written) == []
    text = " ".join(text_of(written).split())
    assert CONSULTANT in text


def test_the_deck_is_made(spoken: tuple[ReportContext, Wording]) -> None:
    written = render_deck(*spoken)
    assert faults_of_place(written) == []
    assert CLIENT in words(written)


def test_the_deck_is_made_in_a_narrow_template(
    spoken: tuple[ReportContext, Wording], tmp_path: Path
) -> None:
    context, wording = spoken
    written = render_deck(context, wording, save_brand("narrow", tmp_path))
    assert faults_of_place(written) == []
    rows = wording.gettext("The other rows are in the report.")
    assert rows in words(written)
