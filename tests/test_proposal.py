"""proposal.pdf, read back from its pages: prices that add up, blanks, the six points."""

from __future__ import annotations

import csv
import io
import re

import pikepdf
import pytest
from pdf_checker import faults, lowest_text, plain, text_of
from sample import sample_findings, sample_proposal

from analysis.findings import NotComputed
from report.content import load_content
from report.context import build_context
from report.proposal import render_proposal
from report.views.clauses import clause_views
from report.wording import BLANK, LANGUAGES, Wording

SIX_POINTS = ("frequency", "performance_tools", "model_update", "new_data", "resources", "fallback")


class Document:
    """A proposal in a language, with the pages' texts."""

    def __init__(self, language: str, **changes: object) -> None:
        self.findings = sample_findings(**changes)
        self.wording = Wording(language)
        self.context = build_context(self.findings, self.wording)
        self.written = render_proposal(self.context, self.wording)
        self.pages = [plain(page) for page in text_of(self.written).split("\f")]


@pytest.fixture(scope="module", params=LANGUAGES)
def priced(request: pytest.FixtureRequest) -> Document:
    return Document(request.param)


@pytest.fixture(scope="module")
def unpriced() -> Document:
    return Document("fr", proposal=sample_proposal(day_rate=None))


def test_it_meets_what_the_checker_asks(priced: Document) -> None:
    assert faults(priced.written) == []


def test_no_page_has_an_empty_third(priced: Document) -> None:
    assert all(place < 1 / 3 for place in lowest_text(priced.written))


def test_the_totals_are_those_of_the_printed_lines(priced: Document) -> None:
    tiers = priced.findings.proposal.tiers
    assert not isinstance(tiers, NotComputed)
    for tier in tiers:
        amounts = [line.amount for line in tier.lines]
        assert sum(amounts) == tier.total  # type: ignore[arg-type]
        written = priced.wording.price(tier.total, "EUR")  # type: ignore[arg-type]
        assert plain(written) in priced.pages[0]
        assert plain(written) in priced.pages[1]
        for line in tier.lines:
            amount = priced.wording.price(line.amount, "EUR")  # type: ignore[arg-type]
            assert plain(amount) in priced.pages[1]


def test_the_clients_six_points_have_a_heading_each(priced: Document) -> None:
    places = [
        priced.pages[3].index(plain(priced.context.proposal.clauses[key].heading))
        for key in SIX_POINTS
    ]
    assert places == sorted(places)


def test_it_has_what_a_quote_needs(priced: Document) -> None:
    proposal = priced.context.proposal
    assert plain(proposal.number) in priced.pages[0]
    assert plain(proposal.validity) in priced.pages[0]
    assert plain(proposal.client) in priced.pages[0]
    for text in proposal.assumptions:
        assert plain(text) in priced.pages[1]
    assert plain(proposal.issued_on) in priced.pages[0]
    assert plain(proposal.valid_until) in priced.pages[0]
    keys = ("payment", "late_payment", "price_revision", "tax", "liability", "termination")
    for key in keys:
        assert plain(proposal.clauses[key].heading) in priced.pages[6]


def test_what_it_is_worth_and_when_the_work_is_done(priced: Document) -> None:
    proposal, staleness = priced.context.proposal, priced.context.staleness
    assert plain(staleness.sentence) in priced.pages[2]  # type: ignore[union-attr]
    for tier in proposal.tiers:  # type: ignore[union-attr]
        assert plain(tier.cap) in priced.pages[2]
    for row in proposal.parties.rows:
        assert plain(row[0]) in priced.pages[4]
    for row in proposal.service_levels.rows:  # type: ignore[union-attr]
        assert plain(" ".join(row)) in priced.pages[4]


def test_the_recommended_interval_stands_with_its_reason(priced: Document) -> None:
    refresh, stability = priced.context.refresh, priced.context.stability
    assert plain(refresh.recommendation) in priced.pages[0]  # type: ignore[union-attr]
    assert plain(refresh.reason) in priced.pages[0]  # type: ignore[union-attr]
    assert plain(stability.uncertainty) in priced.pages[0]  # type: ignore[union-attr]


def test_without_a_day_rate_days_are_printed_and_prices_are_blank(unpriced: Document) -> None:
    assert faults(unpriced.written) == []
    # Doing nothing costs nothing, and a rate of exchange starts from one.
    amounts = re.findall(r"(\d[\d\s]*?)\s*€", unpriced.pages[0] + unpriced.pages[1])
    assert set(amounts) <= {"0", "1"}
    assert BLANK in unpriced.pages[1]
    for tier in unpriced.context.proposal.tiers:  # type: ignore[union-attr]
        assert plain(tier.days) in unpriced.pages[1]


def test_the_lines_travel_inside(priced: Document) -> None:
    with pikepdf.open(io.BytesIO(priced.written)) as pdf:
        text = pdf.attachments["lines.csv"].get_file().read_bytes().decode()
    rows = list(csv.reader(io.StringIO(text)))
    tiers = priced.context.proposal.tiers
    assert len(rows) == 1 + sum(len(tier.lines) + 1 for tier in tiers)  # type: ignore[union-attr]


def test_a_value_that_is_not_known_takes_its_paragraph_with_it() -> None:
    unknown = NotComputed("depends_on", "segmentation")
    findings = sample_findings(stability=unknown, refresh=unknown)
    wording = Wording("fr")
    clauses = clause_views(findings, wording, load_content("fr"))
    texts = " ".join(text for clause in clauses.values() for text in clause.paragraphs)
    assert "{" not in texts
    assert all(clause.paragraphs for clause in clauses.values())
    expected = load_content("fr").clause("frequency_unknown").paragraphs[0]
    assert clauses["frequency"].paragraphs[0] == wording.typographic(expected)


def test_the_number_names_the_data() -> None:
    assert sample_findings().proposal.number == "20300630"
