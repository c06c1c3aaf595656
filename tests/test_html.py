"""report.html: one file, no request, nothing hostile, every section, every figure as a table."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from sample import (
    HOSTILE,
    sample_findings,
    sample_proposal,
    sample_settings,
    sample_staleness,
)

from analysis.findings import Findings, NotComputed
from report.context import build_context
from report.html import render_report
from report.wording import Wording

VOID = {"meta", "br", "hr", "img", "input", "link"}
SECTIONS = {
    *("summary", "snapshot", "follow-up", "questions", "customers", "segments"),
    *("choice", "stability", "refresh", "contract", "method"),
}


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, the text, and whether all are closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and that it is open."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without contents."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Check that the end closes what is open."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text that is shown."""
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Return all text, with one space for spaces of every kind."""
        return " ".join(" ".join(self.texts).split())


def report(findings: Findings, language: str = "fr", dashboard: str | None = None) -> str:
    wording = Wording(language)
    return render_report(build_context(findings, wording), wording, dashboard)


PAGE = report(sample_findings())
READER = Reader(PAGE)


def test_the_page_is_whole() -> None:
    assert PAGE.startswith("<!doctype html>")
    assert not READER.open
    identifiers = [values["id"] for _tag, values in READER.elements if "id" in values]
    assert not [name for name, times in Counter(identifiers).items() if times > 1]
    assert set(identifiers) >= SECTIONS
    links = {values["href"] for tag, values in READER.elements if tag == "a"}
    assert {str(link)[1:] for link in links} <= set(identifiers)


def test_nothing_is_asked_of_the_network() -> None:
    policy = next(
        values["content"]
        for _tag, values in READER.elements
        if values.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag, values in READER.elements:
        for name in ("src", "href", "data", "action", "poster", "srcset"):
            value = values.get(name)
            assert value is None or value.startswith("#"), (tag, name, value)
        assert "style" not in values, tag
        assert not [name for name in values if name.startswith("on")], tag


def test_hostile_names_stay_text() -> None:
    assert HOSTILE not in PAGE
    assert HOSTILE in READER.text


def test_every_figure_stands_as_a_table_too() -> None:
    figures = re.findall(r"<figure>.*?</figure>", PAGE, flags=re.DOTALL)
    assert len(figures) >= 12
    for figure in figures:
        assert figure.count("<svg ") == 1
        assert figure.count("<table>") == 1
        assert figure.index("</svg>") < figure.index("<details")


def test_headline_figures_stand_in_the_page() -> None:
    """Spaces of every kind are read as one space."""
    for text in ("8,0 %", "9 850 commandes", "7 000", "45 %", "9 180 €", "4,52 / 5", "378 R$"):
        assert text in READER.text, text


def test_same_findings_same_page() -> None:
    assert report(sample_findings()) == PAGE


def test_french_puts_a_space_before_its_colons() -> None:
    """In texts and in what is said of pictures; SQL and customers keep their own spelling."""
    page = re.sub(r"(?s)<(pre|blockquote|iframe)\b.*?</\1>", "", PAGE)
    # What a customer of another country receives is written as there.
    page = re.sub(r"(?s)<div lang=\"(?!fr)[^>]*>.*?</div>", "", page)
    reader = Reader(page)
    assert not re.findall(r".{20}[^\W\d_]: .{10}", "\n".join(reader.texts))


def test_english() -> None:
    page = report(sample_findings(), "en")
    assert '<html lang="en">' in page
    assert "Who needs follow-up" in page
    assert "Qui suivre" not in page


def test_portuguese() -> None:
    page = report(sample_findings(), "pt-BR")
    assert '<html lang="pt-BR">' in page
    assert "Quem acompanhar de perto" in page
    assert "Who needs" not in page


@pytest.mark.parametrize(
    "changes",
    [
        {
            "segmentation": NotComputed("no_candidate_passed"),
            "stability": NotComputed("depends_on", found="segmentation"),
            "refresh": NotComputed("depends_on", found="stability"),
            "proposal": replace(
                sample_proposal(), tiers=NotComputed("depends_on", found="refresh")
            ),
        },
        {"candidates": NotComputed("too_few_customers", found="120", expected="500")},
        {"proposal": sample_proposal(day_rate=None)},
    ],
)
def test_what_is_not_computed_is_said(changes: dict[str, object]) -> None:
    reader = Reader(report(sample_findings(**changes), "en"))
    assert not reader.open
    assert "Not computed" in reader.text or "Not priced" in reader.text
    assert "NotComputed" not in reader.text
    assert not re.search(r"\b(nan|None)\b", reader.text)


def test_a_price_not_given_is_a_blank() -> None:
    changed = {
        "proposal": sample_proposal(None),
        "staleness": sample_staleness(sample_settings(None)),
    }
    text = Reader(report(sample_findings(**changed), "en")).text
    assert "……" in text
    # Doing nothing costs nothing, and a rate of exchange starts from one.
    assert set(re.findall(r"€([\d,.]*\d)", text)) <= {"0", "1"}


def test_the_dashboard_stands_inside_without_access_to_the_page() -> None:
    inner = (
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        'script-src \'sha256-AAAA=\'; style-src &#39;sha256-BBBB=&#39;"><p>"quoted"</p>'
    )
    reader = Reader(report(sample_findings(), "en", inner))
    frame = next(values for tag, values in reader.elements if tag == "iframe")
    assert frame["srcdoc"] == inner
    assert frame["sandbox"] == "allow-scripts allow-downloads"
    policy = next(values["content"] for _tag, values in reader.elements if values.get("http-equiv"))
    assert policy is not None
    assert "script-src 'sha256-" in policy
    assert "'sha256-AAAA='" in policy
    assert "'sha256-BBBB='" in policy
