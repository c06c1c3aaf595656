"""The native charts: what they hold, how they are labelled, and that their data is only data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from deck_reader import charts, described_charts, open_deck, workbooks
from made import made
from sample import kpi_row, sample_findings

from report.context import build_context
from report.deck import render_deck
from report.deck.bar_keys import Key, draw_keys, keys_of
from report.deck.chart_axes import number_format
from report.deck.fit import Box
from report.deck.shapes import Canvas
from report.deck.template import own_design
from report.deck.theme import colour_of
from report.views import ReportContext
from report.views.figures import Mark
from report.wording import Wording

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "https://example.org/",
    "<script>alert(1)</script>",
    "a\x07b\u202ec",
)


@pytest.mark.parametrize(
    ("value", "text", "code"),
    [
        (0.37, "37\u202f%", '0"\u202f"%'),
        (0.081, "8,1\u202f%", '0.0"\u202f"%'),
        (0.081, "8.1%", "0.0%"),
        (0.8, "0,80", "0.00"),
        (0.0, "0.0", "0.0"),
        (250.0, "250", "0"),
        (1234.0, "1\u202f234", "#,##0"),
        (2_000.0, "2,000", "#,##0"),
        (2_000.0, "2.000", "#,##0"),
        (2.0, "2,000", "0.000"),
        (-1_234.5, "−1,234.5", "#,##0.0"),
        (0.0001, "<\u00a00,1\u202f%", '"<\u00a00,1\u202f%"'),
        (0.0, "—", "General"),
    ],
)
def test_a_value_is_written_as_in_the_other_documents(value, text, code):
    assert number_format(Mark(value, text)) == code


@pytest.fixture(scope="module")
def deck() -> bytes:
    return made("deck", "fr")


@pytest.fixture(scope="module")
def context() -> ReportContext:
    return build_context(sample_findings(), Wording("fr"))


def _deck(findings) -> bytes:
    wording = Wording("fr")
    return render_deck(build_context(findings, wording), wording)


def chart_of(deck: bytes, figure) -> Any:
    """Return the chart that draws a figure, found by the text that stands for it."""
    said = f"{figure.title}. {figure.description}"
    return next(chart for text, chart in described_charts(deck) if text == said)


def test_every_figure_is_a_native_chart(deck):
    # Months, the map, shares, four segments, the timeline, what an old model costs; then states,
    # means of payment, instalments, the timeline of the other family, the designs, sizes or map.
    assert len(charts(deck)) == 15


def test_a_chart_holds_the_values_of_the_findings(deck, context):
    findings = sample_findings()
    months = chart_of(deck, context.snapshot.months).plots[0]
    by_month = findings.kpis.by_month.rows
    assert list(months.series[0].values) == [row.late_share for row in by_month]
    assert list(months.series[1].values) == [findings.kpis.total.late_share] * len(by_month)
    states = chart_of(deck, context.kpis.states_figure)
    rows = findings.kpis.by_state.rows
    assert list(states.plots[0].categories) == [row.label for row in rows]
    assert list(states.plots[0].series[0].values) == [row.late_share for row in rows]
    shares = chart_of(deck, context.segmentation.shares).plots[0].series
    segments = findings.segmentation.segments
    assert list(shares[0].values) == [segment.profile.customer_share for segment in segments]
    assert list(shares[1].values) == [segment.profile.revenue_share for segment in segments]
    paid = chart_of(deck, context.kpis.payments_figure).plots[0].series
    assert list(paid[0].values) == [entry.order_share for entry in findings.kpis.payment_types]


def test_uncertainty_is_drawn(deck, context):
    findings = sample_findings()
    states = chart_of(deck, context.kpis.states_figure)
    bars = states._chartSpace.find(".//{*}errBars")
    plus = [float(value.text) for value in bars.iterfind("{*}plus//{*}v")]
    rows = findings.kpis.by_state.rows
    assert plus == pytest.approx([row.late_interval.high - row.late_share for row in rows])
    timeline = chart_of(deck, context.stability.keeping).plots[0].series
    lowest = [point.agreement_low for point in findings.stability.chosen.by_age]
    assert list(timeline[1].values)[1:] == lowest


def test_other_designs_are_lines_over_the_age_of_the_model(deck, context):
    designs = sample_findings().stability.designs
    lines = chart_of(deck, context.stability.designs.figure).plots[0].series
    # The threshold comes after them.
    assert len(lines) == len(designs) + 1
    for line, design in zip(lines, designs, strict=False):
        assert list(line.values) == [1.0, *design.aris]
    assert set(lines[-1].values) == {0.8}


def test_bars_are_told_apart_in_black_and_white(deck, context):
    """Everybody is hatched, the group is full; of the states, those to follow are full."""
    stars = chart_of(deck, context.segmentation.segments[0].reviews).plots[0].series
    assert [_is_hatched(series._element) for series in stars] == [False, True]
    shares = chart_of(deck, context.segmentation.shares).plots[0].series
    assert [_is_hatched(series._element) for series in shares] == [True, False]
    states = chart_of(deck, context.kpis.states_figure).plots[0].series[0]._element
    assert _is_hatched(states)
    full = [point.find("{*}idx").get("val") for point in states.iterfind("{*}dPt")]
    flagged = [place for place, row in enumerate(context.kpis.states_figure.rows) if row.flagged]
    assert full == [str(place) for place in flagged]


def test_lines_are_told_apart_in_black_and_white(deck, context):
    """No two lines of a chart have the same dashes and marks, but the ends of one band."""
    lines = chart_of(deck, context.stability.designs.figure).plots[0].series
    looks = [_look(series._element) for series in lines]
    assert len(set(looks)) == len(looks)


def test_every_chart_is_read_in_black_and_white(deck):
    """Of two series of bars one is hatched; a line has a look of its own, or its name beside it.

    Lines of one name are the two ends of one thing: they may be alike.
    """
    seen = {"bars": 0, "lines": 0}
    for chart in charts(deck):
        for plot in chart.plots:
            series = [one._element for one in plot.series]
            if series[0].getparent().tag.endswith("barChart"):
                seen["bars"] += len(series) > 1
                assert len({_is_hatched(one) for one in series}) == len(series)
                continue
            looks = {(_name(one), _look(one)) for one in series if not _carries_its_name(one)}
            seen["lines"] += len(looks) > 1
            assert len({look for _name, look in looks}) == len(looks)
    # Shares and four segments; the two timelines, the cost, the designs, sizes or map, months.
    assert seen == {"bars": 5, "lines": 6}


def test_the_states_are_labelled_as_they_are_on_the_map(deck, context):
    """A label that stands without its interval has no more decimals than elsewhere."""
    rows = context.kpis.states_figure.rows
    element = chart_of(deck, context.kpis.states_figure).plots[0].series[0]._element
    said = ["".join(label.itertext()).strip() for label in element.iterfind(".//{*}dLbl")]
    tiles = {tile.name: tile.value.text for tile in context.snapshot.states.tiles if tile.value}
    flagged = [row for row in rows if row.flagged]
    assert len(said) == len(flagged) > 0
    for text, row in zip(said, flagged, strict=True):
        assert row.alone.text in text
    assert {row.alone.text for row in rows} >= set(tiles.values())


def _is_hatched(series) -> bool:
    return series.find("{*}spPr").find("{*}pattFill") is not None


def _name(series) -> str:
    return series.findtext("{*}tx//{*}v")


def _carries_its_name(series) -> bool:
    labels = series.findall("{*}dLbls/{*}dLbl")
    return any(
        label.find("{*}showSerName").get("val") == "1" or _name(series) in "".join(label.itertext())
        for label in labels
    )


def _look(series) -> tuple[str, str, str]:
    line = series.find("{*}spPr").find("{*}ln")
    dash, symbol = line.find("{*}prstDash"), series.find("{*}marker").find("{*}symbol")
    return ("solid" if dash is None else dash.get("val"), symbol.get("val"), line.get("w"))


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


def test_the_keys_stand_in_the_order_and_the_colours_of_the_bars(deck, context):
    """A native legend is turned round by LibreOffice, and has one colour for bars of many."""
    shares = context.segmentation.shares
    assert keys_of(shares) == (
        Key(shares.first_name, ()),
        Key(shares.second_name, tuple(colour_of(row.colour) for row in shares.rows)),
    )
    assert not chart_of(deck, shares).has_legend
    slide = next(
        slide
        for slide in open_deck(deck).slides
        if slide.shapes.title.text == context.headline("segments").text
    )
    (group,) = (shape for shape in slide.shapes if shape.name == "Keys")
    names = [shape for shape in group.shapes if shape.text_frame.text]
    assert [shape.text_frame.text for shape in names] == [shares.first_name, shares.second_name]
    assert names[0].left < names[1].left
    marks = [shape for shape in group.shapes if not shape.text_frame.text]
    # Stripes, then a square a segment.
    assert len(marks) == 1 + len(shares.rows)
    assert [str(mark.fill.fore_color.rgb) for mark in marks[1:]] == list(keys_of(shares)[1].colours)


def test_keys_that_do_not_fit_side_by_side_stand_one_below_the_other(context):
    presentation = own_design()
    slide = presentation.presentation.slides.add_slide(presentation.layout("titleOnly"))
    canvas = Canvas(slide, presentation, "fr-FR", "a test")
    shares = context.segmentation.shares
    narrow, wide = (draw_keys(canvas, shares, Box(1, 1, width, 3)) for width in (2, 8))
    assert narrow.top - 1 == pytest.approx(2 * (wide.top - 1))
    assert narrow.bottom == wide.bottom == 4
