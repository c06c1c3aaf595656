"""The native charts: what they hold, how they are labelled, and that their data is only data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from deck_reader import charts, workbooks
from sample import kpi_row, sample_findings

from report.context import build_context
from report.deck import render_deck
from report.deck.chart_style import number_format
from report.wording import Wording

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "https://example.org/",
    "<script>alert(1)</script>",
    "a\x07b\u202ec",
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("37\u202f%", '0"\u202f"%'),
        ("8,1\u202f%", '0.0"\u202f"%'),
        ("8.1%", "0.0%"),
        ("0,80", "0.00"),
        ("1\u202f234", "0"),
        ("250", "0"),
        ("<\u00a00,1\u202f%", '"<\u00a00,1\u202f%"'),
        ("—", "General"),
    ],
)
def test_a_value_is_written_as_in_the_other_documents(text, code):
    assert number_format(text) == code


@pytest.fixture(scope="module")
def deck() -> bytes:
    return _deck(sample_findings())


def _deck(findings) -> bytes:
    wording = Wording("fr")
    return render_deck(build_context(findings, wording), wording)


def test_every_figure_is_a_native_chart(deck):
    # Months, shares, four segments, the timeline, what an old model costs, states, the timeline of
    # the other family, the designs.
    assert len(charts(deck)) == 11


def test_a_chart_holds_the_values_of_the_findings(deck):
    findings = sample_findings()
    months = charts(deck)[0].plots[0]
    by_month = findings.kpis.by_month.rows
    assert list(months.series[0].values) == [row.late_share for row in by_month]
    assert list(months.series[1].values) == [findings.kpis.total.late_share] * len(by_month)
    states = charts(deck)[8]
    rows = findings.kpis.by_state.rows
    assert list(states.plots[0].categories) == [row.label for row in rows]
    assert list(states.plots[0].series[0].values) == [row.late_share for row in rows]
    shares = charts(deck)[1].plots[0].series
    segments = findings.segmentation.segments
    assert list(shares[0].values) == [segment.profile.customer_share for segment in segments]
    assert list(shares[1].values) == [segment.profile.revenue_share for segment in segments]


def test_uncertainty_is_drawn(deck):
    findings = sample_findings()
    bars = charts(deck)[8]._chartSpace.find(".//{*}errBars")
    plus = [float(value.text) for value in bars.iterfind("{*}plus//{*}v")]
    rows = findings.kpis.by_state.rows
    assert plus == pytest.approx([row.late_interval.high - row.late_share for row in rows])
    timeline = charts(deck)[6].plots[0].series
    lowest = [point.ari_low for point in findings.stability.chosen.by_age]
    assert list(timeline[1].values)[1:] == lowest


def test_other_designs_are_lines_over_the_age_of_the_model(deck):
    designs = sample_findings().stability.designs
    lines = charts(deck)[10].plots[0].series
    # The threshold comes after them.
    assert len(lines) == len(designs) + 1
    for line, design in zip(lines, designs, strict=False):
        assert list(line.values) == [1.0, *design.aris]
    assert set(lines[-1].values) == {0.8}


def test_axes_have_small_positive_numbers(deck):
    for chart in charts(deck):
        for element in chart._chartSpace.iter("{*}axId", "{*}crossAx"):
            assert 0 < int(element.get("val")) < 2**31


def test_hostile_names_stay_texts():
    findings = sample_findings()
    states = tuple(kpi_row(f"h{number}", name, 400, 0.2) for number, name in enumerate(HOSTILE))
    table = replace(findings.kpis.by_state, rows=states)
    deck = _deck(replace(findings, kpis=replace(findings.kpis, by_state=table)))
    names = list(charts(deck)[0].plots[0].categories)
    assert names[:3] == list(HOSTILE[:3])
    assert names[3] == "a b\u202ec"
    for book in workbooks(deck):
        assert not [part for part, text in book.items() if "<f>" in text or "hyperlink" in text]
        assert not [part for part in book if "worksheets/_rels" in part]


def test_workbooks_carry_no_date_of_making(deck):
    for book in workbooks(deck):
        assert str(datetime(2000, 1, 1).year) in book["docProps/core.xml"]
