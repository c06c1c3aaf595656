"""proposal.pdf, read back from its pages: prices that add up, blanks, the six points."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from docx_reader import docx_words
from made import made
from pdf_checker import faults, lowest_text, plain, text_of
from sample import sample_findings, sample_proposal, sample_settings, sample_staleness

from analysis.findings import NotComputed
from analysis.settings import check_settings
from report.content import load_content
from report.context import build_context
from report.contract_docx import render_contract
from report.proposal import render_proposal
from report.views.clauses import SIX_POINTS, TERMS, clause_views
from report.wording import BLANK, LANGUAGES, Wording


class Document:
    """A proposal in a language, with the pages' texts."""

    def __init__(self, language: str, **changes: object) -> None:
        self.findings = sample_findings(**changes)
        self.wording = Wording(language)
        self.context = build_context(self.findings, self.wording)
        plainly = not changes
        self.written = (
            made("proposal", language) if plainly else render_proposal(self.context, self.wording)
        )
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
    assert plain(proposal.budget) in priced.pages[0]
    assert plain(proposal.client) in priced.pages[0]
    for text in proposal.assumptions:
        assert plain(text) in priced.pages[1]
    assert plain(proposal.issued_on) in priced.pages[0]
    assert plain(proposal.valid_until) in priced.pages[0]


def test_beside_each_price_stands_what_it_may_become(priced: Document) -> None:
    """2.5 x 600 = 1 500 for each early refit: one in the price, four at most."""
    tiers, price = priced.findings.proposal.tiers, priced.wording.price
    assert not isinstance(tiers, NotComputed)
    low, high = Decimal(7_680), Decimal(13_680)
    assert (tiers[1].price_floor, tiers[1].total, tiers[1].price_cap) == (low, low + 1_500, high)
    for tier, view in zip(tiers, priced.context.proposal.tiers, strict=True):  # type: ignore[arg-type]
        assert price(tier.price_cap, "EUR") in view.range  # type: ignore[arg-type]
        assert plain(view.short_range) in priced.pages[0]
    headline = priced.context.headline("price")
    assert headline is not None
    for amount in (low, high):
        assert price(amount, "EUR") in headline.text
        assert price(amount, "EUR") in priced.context.proposal.sentence
    assert plain(headline.text) in priced.pages[1]


def test_a_draft_bears_no_date_and_a_dated_offer_does(priced: Document) -> None:
    wording = priced.wording
    assert priced.context.proposal.issued_on == wording.gettext("DRAFT, not dated")
    assert wording.date(priced.findings.period.as_of) not in priced.context.proposal.stands
    months = wording.listing(wording.gettext("M+%(month)s", month=each) for each in "48")
    calendar = priced.context.proposal.calendar
    assert months in [row[2] for row in calendar.rows]  # type: ignore[union-attr]
    given = sample_settings(date=date(2030, 7, 1), starts_on=date(2030, 9, 2))
    dated = build_context(sample_findings(proposal=sample_proposal(settings=given)), wording)
    assert dated.proposal.issued_on == wording.date(date(2030, 7, 1))
    refits = wording.listing(
        wording.short_date(day) for day in (date(2031, 1, 2), date(2031, 5, 2))
    )
    assert refits in [row[2] for row in dated.proposal.calendar.rows]  # type: ignore[union-attr]
    assert wording.date(date(2031, 9, 1)) in dated.proposal.clauses["validity"].paragraphs[0]


def test_remarks_stand_on_a_last_sheet_with_the_numbers_of_their_clauses(priced: Document) -> None:
    proposal, last = priced.context.proposal, priced.pages[-1]
    assert len(proposal.remarks.rows) >= len(TERMS) // 2
    for clause, text in proposal.remarks.rows:
        assert plain(clause) in last
        assert plain(text) in last
    assert proposal.remarks.rows[-1][0] == priced.wording.gettext("Annex")
    named = {proposal.clauses[key].heading: proposal.clauses[key].number for key in TERMS}
    parties = priced.wording.gettext("The parties")
    assert [clause for clause, _ in proposal.remarks.rows].count(parties) == 2
    for clause, _text in proposal.remarks.rows[2:-1]:
        number, heading = clause.split(". ", maxsplit=1)
        assert named[heading] == number


def test_who_scores_customers_again_is_said_and_takes_no_day(priced: Document) -> None:
    for tier in priced.context.proposal.tiers:  # type: ignore[union-attr]
        line = next(line for line in tier.lines if line.code == "rescoring")
        assert line.days == "0"
        assert line.quantity == ("52" if tier.code == "serenity" else "12")


def test_what_pays_is_said_without_any_rate_of_exchange() -> None:
    settings = check_settings({"contract": {"day_rate": "600", "infrastructure_per_month": "40"}})
    changed = {"proposal": sample_proposal(settings=settings)}
    document = Document("fr", staleness=sample_staleness(settings), **changed)
    assert faults(document.written) == []
    assert all(place < 1 / 3 for place in lowest_text(document.written))
    staleness, proposal = document.context.staleness, document.context.proposal
    said = f"{staleness.sentence} {proposal.worth}"  # type: ignore[union-attr]
    assert said.count("€") >= 3
    assert "R$" not in said
    for row in staleness.table.rows:  # type: ignore[union-attr]
        assert "€" in row[-1]


def test_clauses_are_numbered_through_with_all_that_they_say(priced: Document) -> None:
    clauses, whole = priced.context.proposal.clauses, "".join(priced.pages)
    numbers = [clauses[key].number for key in (*SIX_POINTS, *TERMS)]
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]
    assert {*SIX_POINTS, *TERMS, "data_agreement"} == set(clauses)
    for key in (*SIX_POINTS, *TERMS):
        assert plain(f"{clauses[key].number}. {clauses[key].heading}") in whole, key
    for key, view in clauses.items():
        for text in (*view.paragraphs, *view.points):
            assert plain(text) in whole, (key, text)


def test_the_clients_points_say_what_they_cost(priced: Document) -> None:
    tiers = priced.findings.proposal.tiers
    assert not isinstance(tiers, NotComputed)
    costs = plain(priced.context.proposal.clauses["resources"].paragraphs[0])
    for tier in tiers:
        for amount in (tier.price_floor, tier.early_refit_price, tier.price_cap):
            assert plain(priced.wording.price(amount, "EUR")) in costs  # type: ignore[arg-type]
    assert costs in priced.pages[3]


def test_the_annex_on_personal_data_has_a_page_with_its_blanks(priced: Document) -> None:
    annex, agreement = priced.context.proposal.annex, priced.context.proposal.clauses
    assert plain(agreement["data_agreement"].heading) in priced.pages[-2]
    assert len(annex.rows) == 10
    for row in annex.rows:
        assert plain(row[0]) in priced.pages[-2]
    assert priced.pages[-2].count(plain(BLANK)) >= len(annex.rows)


def test_no_probability_is_printed_for_a_cycle_that_nobody_observed(priced: Document) -> None:
    stability, wording = priced.findings.stability, priced.wording
    days = wording.days(stability.chosen.longest_confirmable_days)  # type: ignore[union-attr]
    unknown = wording.gettext("not known beyond %(days)s", days=days)
    table, risks = priced.context.proposal.differences, priced.context.proposal.risks
    label = wording.gettext("Probability of an early refit, a cycle, at most")
    (row,) = (row for row in table.rows if row[0] == label)  # type: ignore[union-attr]
    assert row[1] == unknown
    assert unknown not in row[2:]
    assert [row[1] for row in risks.rows].count(unknown) == 4  # type: ignore[union-attr]
    assert plain(unknown) in priced.pages[0]


def test_the_share_of_terms_that_the_price_covers_is_printed(priced: Document) -> None:
    tiers = priced.findings.proposal.tiers
    assert not isinstance(tiers, NotComputed)
    share = tiers[1].contingency.included_share  # type: ignore[union-attr]
    assert priced.wording.share(share) in priced.context.proposal.contingency
    assert plain(priced.context.proposal.contingency) in priced.pages[2]


def test_intervals_beyond_what_was_observed_are_marked(priced: Document) -> None:
    table = priced.context.proposal.sensitivity
    for months, marked in ((3, False), (6, True), (12, True)):
        written = priced.wording.months(months)
        mark = "%(interval)s (not confirmed)" if months == 6 else "%(interval)s (not observed)"
        shown = priced.wording.gettext(mark, interval=written)
        values = [row[1] for row in table.rows]  # type: ignore[union-attr]
        assert (shown in values, written in values) == (marked, not marked), months
    assert table.note  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unlawful_is_said_and_who_signs_is_read_back(language: str) -> None:
    party = {
        "legal_form": "SARL au capital de mille euros",
        "address": "Rua das Flores & Filhos",
        "city": "Nantes",
        "registration": "RCS Nantes B",
        "vat_number": "FR-VAT-NUMBER",
        "signatory": "Ana <Prado>",
        "email": "ana@example.org",
    }
    values = {
        "client": {"name": "Loja Azul", **party, "city": "Recife"},
        "consultant": {"name": "Atelier Vert", **party},
        "contract": {
            "day_rate": "600",
            "terms": {"payment_days": 90, "late_penalty_multiple": 1, "recovery_indemnity": "5"},
        },
    }
    document = Document(language, proposal=sample_proposal(settings=check_settings(values)))
    text = "".join(document.pages)
    words = docx_words(render_contract(document.context, document.wording))
    for said in ("Loja Azul", "Atelier Vert", "Recife", *party.values()):
        assert plain(said) in text, said
        assert said in words
    warnings = document.context.proposal.warnings
    assert len(warnings) == 3
    for said in warnings:
        assert plain(said) in text
        assert said in words


def test_what_it_is_worth_and_when_the_work_is_done(priced: Document) -> None:
    proposal, staleness = priced.context.proposal, priced.context.staleness
    assert plain(staleness.title) in priced.pages[2]  # type: ignore[union-attr]
    assert plain(staleness.sentence) in priced.pages[2]  # type: ignore[union-attr]
    assert plain(proposal.worth) in priced.pages[2]
    for row in proposal.parties.rows:
        assert plain(row[0]) in priced.pages[4]
    assert len(proposal.service_levels.rows) == 6  # type: ignore[union-attr]
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
    assert len(rows) == 1 + sum(len(tier.lines) + 1 + (tier.early is not None) for tier in tiers)  # type: ignore[union-attr]


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_names_spill_nowhere(language: str) -> None:
    """A sheet that spills fails the build."""
    client = "Companhia Brasileira de Comércio Eletrônico e Distribuição S.A."
    consultant = "Atelier de Données et de Conseil en Relation Client, Montréal"
    proposal = sample_proposal()
    named = replace(
        proposal,
        client=client,
        consultant=consultant,
        client_identity=replace(proposal.client_identity, name=client),
        consultant_identity=replace(proposal.consultant_identity, name=consultant),
    )
    found = Document(language, proposal=named)
    for name in (client, consultant):
        assert plain(name) in found.pages[0]
    assert faults(found.written) == []


def test_the_number_of_a_draft_names_no_day() -> None:
    assert len(sample_findings().proposal.number) == 8
