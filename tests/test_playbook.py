"""playbook.pdf, read back from its pages: what it says, and that it is fit to hand over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pikepdf
import pytest
from made import made
from pdf_checker import faults, lowest_text, plain, text_of
from sample import HOSTILE, sample_findings

from analysis.findings import Findings, NotComputed, Segmentation
from report.content import PersonaKey, load_content
from report.context import Absence, build_context
from report.pdf import render_playbook
from report.pdf.assets import UNKNOWN
from report.pdf.playbook import list_contents, narrow_values
from report.views import ReportContext, SegmentationView
from report.wording import LANGUAGES, Wording

SHEETS_BESIDE_SEGMENTS = 13


class Document:
    """A playbook in a language, with the pages' texts."""

    def __init__(self, findings: Findings, language: str, written: bytes | None = None) -> None:
        self.findings = findings
        self.wording = Wording(language)
        self.context: ReportContext = build_context(findings, self.wording)
        self.written = written or render_playbook(self.context, self.wording)
        self.pages = [plain(page) for page in text_of(self.written).split("\f")]

    def titles(self) -> list[str]:
        """Return the titles of the contents, in order."""
        return [entry.title for entry in list_contents(self.context, self.wording)]


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request: pytest.FixtureRequest) -> Iterator[Document]:
    yield Document(sample_findings(), request.param, made("playbook", request.param))


@pytest.fixture(scope="module")
def poor() -> Document:
    """A playbook of a shop of which next to nothing could be computed, with a hostile name."""
    few = NotComputed("too_few_customers", "120", "500")
    proposal = replace(sample_findings().proposal, client=HOSTILE, tiers=few)
    findings = sample_findings(
        candidates=few,
        segmentation=few,
        stability=NotComputed("depends_on", "segmentation"),
        drift=NotComputed("too_short_history", "20", "28"),
        refresh=NotComputed("depends_on", "stability"),
        proposal=proposal,
    )
    return Document(findings, "fr")


def test_it_meets_what_the_checker_asks(document: Document) -> None:
    assert faults(document.written) == []


def test_it_has_one_page_a_segment(document: Document) -> None:
    segments = segmentation(document).segments
    messages = document.context.messages is not None
    assert len(document.pages) == SHEETS_BESIDE_SEGMENTS + len(segments) + messages
    for page, segment in zip(document.pages[7:], segments, strict=False):
        for text in (segment.name, segment.tagline, *segment.do, *segment.dont, *segment.rule):
            assert plain(text) in page
        for action in segment.actions:
            assert plain(action.name) in page


def test_its_contents_lead_to_the_pages(document: Document) -> None:
    for place, title in enumerate(document.titles(), start=2):
        assert f"{plain(title)}{place}" in document.pages[0]
        assert plain(title) in document.pages[place - 1]


def test_its_bookmarks_are_its_contents(document: Document) -> None:
    with pikepdf.open(io.BytesIO(document.written)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][1:] == document.titles()


def test_it_prints_the_figures_of_the_findings(document: Document) -> None:
    found = document.findings.segmentation
    assert isinstance(found, Segmentation)
    wording = document.wording
    for page, segment in zip(document.pages[7:], found.segments, strict=False):
        profile = segment.profile
        for figure in (
            wording.integer(profile.customers),
            wording.share(profile.customer_share),
            wording.share(profile.revenue_share),
            wording.money(profile.spend.median, document.findings.period.currency),
        ):
            assert plain(figure) in page
            assert plain(figure) in document.pages[1]


def test_customers_are_quoted_in_their_own_language(document: Document) -> None:
    for page, segment in zip(document.pages[7:], segmentation(document).segments, strict=False):
        if isinstance(segment.voices, Absence):
            assert plain(segment.voices.reason) in page
        else:
            assert segment.voices.language == "pt-BR"
            assert all(plain(quote.text) in page for quote in segment.voices.quotes)


def test_the_codes_of_the_file_and_what_differs_stand_on_a_page(document: Document) -> None:
    page, found = document.pages[5], document.findings.segmentation
    assert isinstance(found, Segmentation)
    assert isinstance(found.rule_differences, int)
    for segment in found.segments:
        assert plain(segment.segment_id) in page
    assert plain(document.wording.integer(found.rule_differences)) in page
    for column in ("segment_by_rule", "held_out", "review_known", "last_order_on"):
        assert column in page


def test_the_messages_stand_in_the_language_of_the_customers(document: Document) -> None:
    customers_read = load_content("pt-BR")
    for segment in segmentation(document).segments:
        message = customers_read.persona(segment.persona).message
        assert any(plain(message.body) in page for page in document.pages)


def test_every_cell_of_the_grid_has_its_action(document: Document) -> None:
    page = document.pages[3]
    for segment in segmentation(document).segments:
        assert plain(segment.plan.why) in page
        for stage in segment.lifecycle:
            assert plain(stage.customers) in page
            assert plain(stage.todo) in page


def test_it_says_what_a_mailing_may_bring_and_what_decides_it(document: Document) -> None:
    found, page = segmentation(document), document.pages[4]
    assert not isinstance(found.values, Absence)
    assert not isinstance(found.tornado, Absence)
    shown = narrow_values(document.context)
    assert shown is not None
    for row, whole in zip(shown.rows, found.values.rows, strict=True):
        assert all(plain(cell) in page for cell in row)
        assert set(row) <= set(whole)
    for mark in (mark for row in found.tornado.rows for mark in (row.first, row.second)):
        assert plain(mark.text) in page


def test_it_says_who_is_in_no_segment_and_why(document: Document) -> None:
    for group in document.context.customers.groups:
        assert plain(group.why) in document.pages[2]


def test_it_recommends_what_was_found(document: Document) -> None:
    refresh = document.context.refresh
    page = document.pages[-6]
    assert plain(refresh.recommendation) in page  # type: ignore[union-attr]
    assert plain(refresh.reason) in page  # type: ignore[union-attr]


def test_it_says_who_moves_and_what_is_watched(document: Document) -> None:
    ageing = document.context.stability.ageing  # type: ignore[union-attr]
    drift = document.context.drift
    moves, watch = document.pages[-5], document.pages[-4]
    for text in (ageing.migration_sentence, ageing.segments_sentence, ageing.changes_sentence):
        assert plain(text) in moves
    for row in drift.summary.rows:  # type: ignore[union-attr]
        assert all(plain(cell) in watch for cell in row)
    assert plain(drift.verdict) in watch  # type: ignore[union-attr]


def test_it_gives_the_reason_of_every_refusal(document: Document) -> None:
    for row in document.context.candidates.rows:  # type: ignore[union-attr]
        assert plain(row.reason) in document.pages[-3]


def test_no_page_has_an_empty_third(document: Document) -> None:
    assert all(place < 1 / 3 for place in lowest_text(document.written))


def test_every_character_is_in_the_shipped_font(document: Document) -> None:
    assert UNKNOWN not in text_of(document.written)


def test_the_tables_travel_inside(document: Document) -> None:
    with pikepdf.open(io.BytesIO(document.written)) as pdf:
        table = pdf.attachments["segments.csv"].get_file().read_bytes().decode()
    for segment in segmentation(document).segments:
        assert segment.name in table


def test_what_could_not_be_computed_is_said(poor: Document) -> None:
    assert faults(poor.written) == []
    # Without segments there is no plan, no value, no codes, without a timeline or cohorts no sheet
    # on what moves.
    assert len(poor.pages) == SHEETS_BESIDE_SEGMENTS - 6
    assert plain("120 clients") in poor.pages[1]


def test_a_hostile_name_is_shown_as_text(poor: Document) -> None:
    assert plain(HOSTILE) in poor.pages[1]


def segmentation(document: Document) -> SegmentationView:
    view = document.context.segmentation
    assert isinstance(view, SegmentationView)
    return view


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("half", [0, 1])
def test_every_persona_fits_its_page(language: str, half: int) -> None:
    """Seven segments at a time, as many as a run may keep, with every persona's texts."""
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    segments = tuple(
        replace(found.segments[place % 4], persona=persona, segment_id=persona, colour=place % 6)
        for place, persona in enumerate(get_args(PersonaKey)[7 * half : 7 * half + 7])
    )
    many = replace(found, segments=segments, rule_order=get_args(PersonaKey))
    document = Document(sample_findings(segmentation=many), language)
    # So many segments have a sheet more: the plan and the grid of stages part.
    messages = document.context.messages is not None
    assert len(document.pages) == SHEETS_BESIDE_SEGMENTS + 1 + len(segments) + messages
    assert faults(document.written) == []
