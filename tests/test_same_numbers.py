"""The same number everywhere: read back from every document, and nothing that findings do not hold.

The documents of the made-up findings are turned back into text. Each headline figure must stand in
each of them as the language writes it; and every number that stands in them must come from the
findings, from what is counted in them, or from the short list of numbers that are no findings.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import combinations

import pytest
from deck_reader import words
from docx_reader import docx_words
from made import made
from pdf_checker import text_of
from sample import sample_findings
from test_translations import OWN_WORDS

from analysis.findings import Findings, NotComputed, to_json
from report.content import load_content
from report.documents import render_documents
from report.views.brazil import STATES
from report.wording import LANGUAGES, Wording

DOCUMENTS = ("report.html", "playbook.pdf", "deck.pptx", "proposal.pdf", "proposal.docx")
NAMES = ("report", "playbook", "deck", "proposal", "contract")
CONTRACT = ("report.html", "deck.pptx", "proposal.pdf", "proposal.docx")
# A run of digits that belongs to no word, such as an identifier; parted by single spaces, which in
# French may stand between thousands or between two numbers.
RUN = re.compile(r"(?<![\w.,#-])\d[\d.,]*+(?:[ \u00a0\u202f]\d[\d.,]*+)*+")
IDENTIFIER = re.compile(r"\b(?=\w*[a-z])[0-9a-f]{8,}\b")
# What stands between thousands is dropped, what stands before decimals becomes a point.
PLAIN = {
    "fr": str.maketrans({",": "."}),
    "en": str.maketrans({",": ""}),
    "pt-BR": str.maketrans({".": "", ",": "."}),
}
SPACES = re.compile(r"[\s\u00a0\u202f]")
# The scale of stars, a whole, one confidence level, the ends of an interval that cannot be larger.
NO_FINDINGS = {0, 1, 2, 3, 4, 5, 95, 100}


class _Words(HTMLParser):
    """The text of a page without its drawings, its code and its scripts."""

    SILENT = ("svg", "pre", "code", "script", "style", "iframe", "head")

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _: object) -> None:
        self.silent += tag in self.SILENT
        self.parts.append(" \n ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT
        self.parts.append(" \n ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def read_back(name: str, content: bytes) -> str:
    """Return the words of a document."""
    if name.endswith(".pdf"):
        return text_of(content)
    if name.endswith(".docx"):
        return docx_words(content)
    if name.endswith(".pptx"):
        return words(content)
    page = _Words()
    page.feed(content.decode())
    return "".join(page.parts)


@pytest.fixture(scope="module")
def found() -> Findings:
    return sample_findings()


@pytest.fixture(scope="module")
def texts() -> dict[tuple[str, str], str]:
    return {
        (language, path): read_back(path, made(name, language))
        for language in LANGUAGES
        for name, path in zip(NAMES, DOCUMENTS, strict=True)
    }


def headline_figures(found: Findings, wording: Wording) -> dict[str, str]:
    """Return the figures that a client remembers, as the language writes them."""
    total = found.kpis.total
    recommended = next(tier for tier in found.proposal.tiers if tier.code == "recommended")
    return {
        "customers": wording.integer(found.customers.total),
        "orders": wording.integer(total.orders),
        "late share": wording.share(total.late_share),
        "mean review": wording.review(total.mean_review),
        "lowest agreement": wording.share(found.stability.chosen.lowest_agreement),
        "refresh": wording.months(found.refresh.months),
        "fixed price": wording.price(recommended.price_floor, found.proposal.currency),
        "price cap": wording.price(recommended.price_cap, found.proposal.currency),
    }


def squeezed(text: str) -> str:
    return SPACES.sub("", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_headline_figure_stands_in_every_document(texts, found, language, document):
    text = squeezed(texts[language, document])
    figures = headline_figures(found, Wording(language))
    missing = {name for name, figure in figures.items() if squeezed(figure) not in text}
    assert missing == set()


def contract_figures(found: Findings, wording: Wording) -> dict[str, str]:
    """Return the figures of the contract and of what an old model costs."""
    proposal, entry = found.proposal, found.staleness.break_even[3]
    tiers = {tier.code: tier for tier in proposal.tiers}
    figures = {
        f"{code} {name}": wording.price(getattr(tier, name), proposal.currency)
        for code, tier in tiers.items()
        for name in ("price_floor", "early_refit_price", "total", "price_cap")
    }
    early = {
        f"{code} early refit": wording.share(tier.contingency.early_share)
        for code, tier in tiers.items()
        if not isinstance(tier.contingency, NotComputed)
    }
    pays = wording.estimate(entry.contact_cost, found.staleness.currency)
    offer, currency = tiers["recommended"], proposal.currency
    span = offer.break_even_range
    breaks = {"pays": offer.break_even, "at best": span.low, "at worst": span.high}
    even = {name: wording.estimate(amount, currency) for name, amount in breaks.items()}
    return {**figures, **early, **even, "cheapest from": pays}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", CONTRACT)
def test_the_contract_is_the_same_everywhere(texts, found, language, document):
    text = squeezed(texts[language, document])
    figures = contract_figures(found, Wording(language))
    assert {name for name, figure in figures.items() if squeezed(figure) not in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_holds_a_number_of_its_own(texts, found, language, document):
    allowed = numbers_of(found)
    text = IDENTIFIER.sub("", texts[language, document]).replace(found.program_version, "")
    strange = {
        run for run in RUN.findall(text) if not is_made_of(SPACES.split(run), allowed, language)
    }
    assert strange == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_mixes_languages(texts, found, language, document):
    # The code of Tocantins is no English word, and customers are quoted in their own language.
    text = re.sub(rf"\b(?:{'|'.join(STATES)})\b", "", texts[language, document])
    said = set(re.findall(r"(?<!\w)[^\W\d_]+(?!\w)", text.lower()))
    foreign = set().union(*OWN_WORDS.values()) - OWN_WORDS[language] - quoted_words(found)
    assert said & foreign == set()
    assert len(said & OWN_WORDS[language]) >= 10


def quoted_words(found: Findings) -> set[str]:
    """Return the words of the customers that the documents quote."""
    voices = [segment.voices for segment in found.segmentation.segments]
    known = [voice for voice in voices if not isinstance(voice, NotComputed)]
    written = [term.text for voice in known for term in voice.terms]
    written += [quote.text for voice in known for quote in voice.quotes]
    # The playbook gives the messages in the language of the customers as well, and the report
    # those of every stage.
    for language in {voice.language for voice in known}:
        content = load_content(language)
        personas = [content.persona(one.persona) for one in found.segmentation.segments]
        messages = [
            message
            for persona in personas
            for message in (persona.message, persona.later.cooling, persona.later.dormant)
            if not isinstance(message, str)
        ]
        written += [text for message in messages for text in (message.subject, message.body)]
    return set(re.findall(r"[^\W\d_]+", " ".join(written).lower()))


def is_made_of(groups: list[str], allowed: set[float], language: str) -> bool:
    """Return whether groups of digits can be read as allowed numbers, one after the other."""
    if not groups:
        return True
    longest = len(groups) if language == "fr" else 1
    return any(
        value_of(groups[:size], language) in allowed
        and is_made_of(groups[size:], allowed, language)
        for size in range(1, longest + 1)
    )


def value_of(groups: list[str], language: str) -> float | None:
    """Return the number that groups of digits make, None where they make none."""
    first, *others = (group.rstrip(".,") for group in groups)
    thousands = [re.split("[.,]", other)[0] for other in others]
    if (others and len(first) > 3) or any(len(part) != 3 for part in thousands):
        return None
    text = "".join([first, *others]).translate(PLAIN[language])
    try:
        return round(float(text), 3)
    except ValueError:
        return None


def numbers_of(found: Findings) -> set[float]:
    """Return every number that the findings hold or that is counted in them, rounded as written."""
    values: list[float] = [*NO_FINDINGS]
    _collect(json.loads(to_json(found)), values)
    values += _counted(found)
    return {
        round(scaled, digits)
        for value in values
        for scaled in (abs(value), abs(value) * 100, abs(value) / 100)
        for digits in (0, 1, 2, 3)
    }


def _collect(value: object, values: list[float]) -> None:
    """Gather numbers, and those inside texts: dates, versions, parameters."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        values.append(value)
    elif isinstance(value, str):
        values += [float(part) for part in re.findall(r"\d+(?:\.\d+)?", value)[:40]]
        values += [float(part) for part in re.findall(r"\d+", value)[:40]]
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("data", "sql"):
                _collect(item, values)
    elif isinstance(value, list):
        for item in value:
            _collect(item, values)


def _counted(found: Findings) -> list[float]:
    """Return what a sentence counts or adds: rows, flags, segments and their shares together."""
    segments = [segment.profile for segment in found.segmentation.segments]
    together = [
        sum(getattr(profile, name) for profile in some)
        for count in range(1, len(segments) + 1)
        for some in combinations(segments, count)
        for name in ("customers", "customer_share", "revenue_share")
    ]
    counts, life, drawn = found.customers, found.stability.lifetime, found.stability.resampled
    lives = (life.days, life.low_days, life.high_days, drawn.low_days, drawn.high_days)
    described = counts.one_time + counts.repeat
    kpis = found.kpis
    tables = (kpis.by_month, kpis.by_state, kpis.by_city, kpis.by_seller, kpis.by_category)
    parts = asdict(counts)
    scores = [profile.review_counts for profile in (found.segmentation.everybody, *segments)]
    moved = [
        sum(cell.share for cell in row.cells if cell.segment_id not in (row.segment_id, ""))
        for row in found.stability.ageing.migration.rows
        if not any(isinstance(cell.share, NotComputed) for cell in row.cells)
    ]
    return [
        *together,
        *moved,
        *_estimated(found),
        described,
        counts.total - described,
        *(value / counts.total for value in parts.values() if isinstance(value, int)),
        *(len(table.rows) for table in tables),
        *(sum(row.needs_follow_up for row in table.rows) for table in tables),
        *(len(table.followed_now) for table in tables),
        *(row.late / kpis.total.late for row in kpis.by_state.rows),
        *(count / sum(stars) for stars in scores for count in stars),
        # Long ages are told in years, up to ten of them.
        *(days / 365.25 for days in lives),
        10,
        len(found.candidates),
        sum(candidate.passed for candidate in found.candidates),
        len(segments),
    ]


def _estimated(found: Findings) -> list[float]:
    """Return the break-evens as estimates: two significant figures, in the currencies given."""
    stale, offer = found.staleness, found.proposal
    spans = [
        tier.break_even_range
        for tier in offer.tiers
        if not isinstance(tier.break_even_range, NotComputed)
    ]
    cases = [case for span in spans for case in span.cases]
    places = [stale, *stale.break_even, *offer.tiers, *offer.sensitivity, *spans, *cases]
    names = ("contact_cost", "other_cost", "break_even", "break_even_over", "other_break_even")
    names += ("low", "high", "low_cost", "high_cost")
    amounts = [getattr(place, name, None) for place in places for name in names]
    return [float(f"{amount:.1e}") for amount in amounts if isinstance(amount, Decimal)]


NOT_VALID = {
    "fr": "Mesure non valide",
    "en": "Design not valid",
    "pt-BR": "Medida não válida",
}


@pytest.fixture(scope="module", params=["design_not_valid", "change_not_seen"])
def invalid_texts(request: pytest.FixtureRequest, found: Findings) -> dict[tuple[str, str], str]:
    """The documents of a run in which a control of the timeline failed."""
    refused = NotComputed(request.param, "0.61")
    timeline = replace(found.stability.chosen, placebo_passed=False, placebo_lowest_ari=0.61)
    failed = replace(
        found,
        refresh=refused,
        stability=replace(found.stability, chosen=timeline),
        staleness=NotComputed("depends_on", "refresh"),
        proposal=replace(found.proposal, tiers=refused, sensitivity=()),
    )
    files = render_documents(failed, LANGUAGES, NAMES)
    return {
        tuple(path.split("/")): read_back(path, content)  # type: ignore[misc]
        for path, content in files.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_failed_control_stands_in_every_document(invalid_texts, language, document):
    assert squeezed(NOT_VALID[language]) in squeezed(invalid_texts[language, document])
