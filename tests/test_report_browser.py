"""The report as a reader meets it, in a real browser: by day and night, narrow and on paper."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sample import sample_findings

from report.context import build_context
from report.dashboard import render_dashboard
from report.html import render_report
from report.wording import LANGUAGES, Wording


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample, in the language whose texts run longest, dashboard inside."""
    wording = Wording(LANGUAGES[-1])
    findings = sample_findings()
    page = render_report(
        build_context(findings, wording), wording, render_dashboard(findings, wording)
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def opened(browser: Any, report: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page on a width, by day or by night, with everything that unfolds unfolded."""
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.complaints = []
    page.asked = []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    yield page
    page.close()


def test_axe_finds_no_violation(opened: Any, axe: str) -> None:
    opened.evaluate(axe)
    violations = opened.evaluate(
        "axe.run({ exclude: [['iframe']] }).then((result) => result.violations)"
    )
    summary = [
        (entry["id"], node["html"][:200], node.get("failureSummary"))
        for entry in violations
        for node in entry["nodes"]
    ]
    assert json.dumps(summary[:5], indent=1) == "[]"


def test_it_fits_its_width_and_asks_nothing(opened: Any) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [url for url in opened.asked if not url.startswith(("file:", "data:", "about:"))] == []
    assert opened.complaints == []


def test_the_contents_follow_the_reader(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    for section in ("stability", "questions"):
        page.evaluate(
            f"document.getElementById('{section}').scrollIntoView({{behavior: 'instant'}})"
        )
        page.wait_for_selector(f"nav a[aria-current][href='#{section}']", state="attached")
    page.close()


@pytest.fixture(scope="module")
def printed(browser: Any, report: Path) -> list[str]:
    """The texts of the report's pages on paper."""
    page = browser.new_page()
    page.goto(report.as_uri())
    written = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    return [page.extract_text() for page in PdfReader(io.BytesIO(written)).pages]


def test_it_prints_without_what_only_a_screen_shows(printed: list[str]) -> None:
    assert len(printed) < 45
    assert all(len(text) > 80 for text in printed), "a page with next to nothing on it"


def test_a_printed_segment_begins_where_its_head_has_room(printed: list[str]) -> None:
    """Its kicker and how to recognise it stand on one page; the room under another one is used."""
    _ = Wording(LANGUAGES[-1]).gettext
    pages = [" ".join(text.split()).casefold() for text in printed]
    known = _("How to recognise them").casefold()
    segments = build_context(sample_findings(), Wording(LANGUAGES[-1])).segmentation.segments  # type: ignore[union-attr]
    on_their_way = 0
    for place in range(1, len(segments) + 1):
        kicker = _("Segment %(place)s of %(count)s", place=place, count=len(segments)).casefold()
        (page,) = (page for page in pages if kicker in page)
        before, after = page.split(kicker)
        assert known in after
        on_their_way += bool(before.strip())
    assert on_their_way
