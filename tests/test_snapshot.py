"""The dashboard's snapshot: what it says of the findings, as a page and as native shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deck_reader import open_deck, shapes_of
from sample import kpi_row, sample_findings

from analysis.findings import (
    Findings,
    FollowUp,
    Interval,
    Level,
    Movement,
    NotComputed,
    Present,
)
from report.charts import draw
from report.context import build_context
from report.deck import render_deck
from report.views import Absence, SnapshotView
from report.views.brazil import STATES
from report.views.figures import TILE_COLOURS, IntervalBars, TileMap
from report.wording import Wording

ENGLISH = Wording("en")


def snapshot(findings: Findings) -> SnapshotView:
    return build_context(findings, ENGLISH).snapshot


def with_states(*rows: Any) -> Findings:
    findings = sample_findings()
    table = replace(findings.kpis.by_state, rows=rows)
    return replace(findings, kpis=replace(findings.kpis, by_state=table))


def tile_map(findings: Findings) -> TileMap:
    states = snapshot(findings).states
    assert isinstance(states, TileMap)
    return states


def test_no_two_states_share_a_tile() -> None:
    places = {(column, row) for _, column, row in STATES.values()}
    assert len(STATES) == len(places) == 27


def test_every_state_has_its_tile_in_its_class() -> None:
    """The highest share is 0.24: classes of five points, the last from 20 % on."""
    tiles = {tile.code: tile for tile in tile_map(sample_findings()).tiles}
    classes = tile_map(sample_findings()).classes
    assert [mark.value for mark in classes] == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])
    assert [mark.text for mark in classes] == [f"from {share}%" for share in (0, 5, 10, 15, 20)]
    assert len(tiles) == 27
    assert (tiles["AL"].level, tiles["BA"].level, tiles["MG"].level) == (4, 2, 0)
    assert tiles["AL"].value is not None
    assert tiles["AL"].value.text == "24%"
    assert tiles["AL"].flagged
    assert not tiles["MG"].flagged
    assert tiles["AC"].value is None


def test_states_of_another_country_are_bars() -> None:
    bars = snapshot(with_states(kpi_row("BY", "BY", 400, 0.2), kpi_row("BA", "BA", 90, 0.1)))
    assert isinstance(bars.states, IntervalBars)


def test_without_deliveries_it_says_why() -> None:
    findings = sample_findings()
    none = NotComputed("no_rows")
    total = replace(findings.kpis.total, late_share=none, late_interval=none)
    findings = replace(findings, kpis=replace(findings.kpis, total=total))
    view = snapshot(findings)
    assert isinstance(view.states, Absence)
    assert "not computed" in view.title


QUARTER = ", by the orders from March 2030 to May 2030"
NOW = Present(
    late=Level(109, 0.14, Interval(0.092, 0.225)),
    reviews=Level(112, 0.18, Interval(0.12, 0.27)),
    late_part=0.02,
    reasons=("late",),
    ratio=1.7,
    standing="above",
)


def table_of(row_changes: dict[str, Any]) -> tuple[str, ...]:
    movement = Movement(0.1, 0.2, -0.1, Interval(-0.15, -0.05))
    row = kpi_row(
        "AL", "AL", 433, 0.24,
        late_interval=Interval(0.2, 0.28),
        low_review_share=0.21,
        low_review_interval=Interval(0.19, 0.23),
        follow_up=replace(FollowUp(("late", "reviews"), 2.5, movement, NOW), **row_changes),
    )  # fmt: skip
    return snapshot(with_states(row)).followed.rows[0]


def test_a_row_says_where_it_stands_by_now_and_how_it_moves() -> None:
    assert table_of({}) == (
        *("State", "AL", "24%"),
        "late: 14.0% (9.2% to 22.5%)",
        "▼ −10.0",
        "above all orders",
    )


def test_low_reviews_are_shown_where_they_are_the_reason() -> None:
    found = replace(NOW, reasons=("reviews",))
    assert table_of({"present": found})[3] == (
        "late: 14.0% (9.2% to 22.5%); low reviews: 18% (12% to 27%)"
    )


def test_a_state_with_most_of_the_late_orders_is_named() -> None:
    rows = [kpi_row("AL", "AL", 433, 0.24), kpi_row("SP", "SP", 4_000, 0.06)]
    for row, part in zip(rows, (0.4, 0.6), strict=True):
        found = replace(row.present, late_part=part)
        rows[rows.index(row)] = replace(row, follow_up=replace(row.follow_up, present=found))
    headline = build_context(with_states(*rows), ENGLISH).headline("follow_up")
    assert headline is not None
    assert headline.text == f"1 state to follow closely{QUARTER}: AL"
    # 235 of the 3,920 deliveries of SP, 772 of all 9,653.
    assert (
        "SP alone makes 60% of the late orders of that quarter, and 30% of those of the whole "
        "period." in headline.detail
    )


def test_a_state_followed_for_its_reviews_is_said_to_be_and_ringed_apart() -> None:
    rows = [kpi_row("AL", "AL", 433, 0.24), kpi_row("RJ", "RJ", 900, 0.05)]
    found = replace(NOW, reasons=("reviews",))
    rows[1] = replace(rows[1], follow_up=replace(rows[1].follow_up, present=found))
    findings = with_states(*rows)
    headline = build_context(findings, ENGLISH).headline("follow_up")
    assert headline is not None
    assert headline.text.endswith(": RJ (reviews only) and AL")
    shown = tile_map(findings)
    tiles = {tile.code: tile for tile in shown.tiles}
    assert tiles["RJ"].flagged_apart
    assert tiles["AL"].flagged
    assert not tiles["AL"].flagged_apart
    assert shown.apart_label == "dashed: for reviews only"
    assert tile_map(with_states(rows[0])).apart_label == ""


def test_what_came_back_to_normal_is_said_and_not_named_as_to_follow() -> None:
    rows = [kpi_row(code, code, 500, share) for code, share in (("AL", 0.3), ("BA", 0.13))]
    headline = build_context(with_states(*rows), ENGLISH).headline("follow_up")
    assert headline is not None
    assert headline.text == f"1 state to follow closely{QUARTER}: AL"
    assert "No longer stand out: BA." in headline.detail


def test_a_movement_in_doubt_has_no_arrow_and_one_not_known_is_a_dash() -> None:
    unclear = Movement(0.2, 0.17, 0.03, Interval(-0.02, 0.08))
    assert table_of({"movement": unclear})[4] == "+3.0"
    assert table_of({"movement": NotComputed("too_few_deliveries", "3", "30")})[4] == "–"


def test_only_the_most_urgent_of_each_kind_are_shown() -> None:
    rows = [kpi_row(code, code, 500, 0.3) for code in ("AL", "BA", "CE", "PA", "PI", "SE")]
    followed = snapshot(with_states(*rows)).followed
    assert [row[1] for row in followed.rows if row[0] == "State"] == [
        *("AL", "BA", "CE", "PA", "PI")
    ]
    assert "State: By now 6 stand out" in followed.note


def test_the_period_is_printed() -> None:
    view = snapshot(sample_findings())
    assert view.period.startswith("Orders bought from ")
    assert view.title.startswith("The dashboard from ")


def test_the_map_is_drawn_with_its_texts() -> None:
    text = draw(tile_map(sample_findings()))
    for words in (">AL<", ">24%<", ">from 20%<", ">ring: to follow by<", TILE_COLOURS[4][0]):
        assert words in text


def group_named(content: bytes, name: str) -> Any:
    for slide in open_deck(content).slides:
        for shape in slide.shapes:
            if shape.name == name:
                return shape
    raise AssertionError(name)


@pytest.mark.parametrize("language", ["en", "fr", "pt-BR"])
def test_the_map_in_the_deck_is_made_of_native_shapes(language: str) -> None:
    wording = Wording(language)
    context = build_context(sample_findings(), wording)
    group = group_named(render_deck(context, wording), "Map")
    texts = [shape.text_frame.text for shape in shapes_of(group)]
    assert len(texts) == 27 + 5 + 1
    assert any(text.startswith("AL 24") for text in texts)
    assert "AC –" in texts
    assert group._element.xpath(".//p:cNvPr")[0].get("descr")
