"""Where a row stands in the recent quarter: by hand, from the ends of Wilson's intervals."""

from __future__ import annotations

import doctest
from dataclasses import replace

import pytest
from sample import sample_findings
from sample_kpis import kpi_row
from shop import make_shop
from test_follow_up import measure

from analysis import standing
from analysis.findings import (
    Interval,
    KpiRow,
    KpiTable,
    Level,
    Movement,
    NetworkLevels,
    NotComputed,
    Standing,
)
from analysis.follow_up import Deliveries
from analysis.standing import followed_by_chance, measure_present, network_levels

NONE = NotComputed("no_rows")
ROSE = Movement(0.2, 0.1, 0.1, Interval(0.01, 0.19))
FELL = Movement(0.1, 0.2, -0.1, Interval(-0.19, -0.01))


def network() -> NetworkLevels:
    """Of 1,000 deliveries 55 late, of 1,000 reviews 110 low."""
    found = network_levels(Deliveries(1_000, 55, 1_000, 110), 30, 2.0)
    assert isinstance(found, NetworkLevels)
    return found


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(standing).failed == 0


@pytest.mark.parametrize(
    ("dated", "late", "expected"),
    [
        # 14.7 %, Wilson 9.2 to 22.5: wholly above 5.5.
        (109, 16, "above"),
        # 0.9 %, up to 3.4: under twice 5.5.
        (211, 2, "normal"),
        # 5.5 %, 3.9 to 7.6: as all orders.
        (602, 33, "normal"),
        # 6.5 %, 2.5 to 15.4: it may be normal, it may be three times as much.
        (62, 4, "unsure"),
        # Wholly above, but of fewer than 30 deliveries.
        (29, 9, "unsure"),
        (30, 9, "above"),
        (0, 0, "unsure"),
    ],
)
def test_a_verdict_rests_on_the_interval(dated: int, late: int, expected: Standing) -> None:
    found = measure_present(Deliveries(dated, late), network(), NONE)
    assert found.standing == expected
    assert (found.reasons == ("late",)) == (expected == "above")


def test_a_rise_makes_a_row_worse_unless_it_is_surely_below() -> None:
    assert measure_present(Deliveries(109, 16), network(), ROSE).standing == "worse"
    assert measure_present(Deliveries(602, 33), network(), ROSE).standing == "worse"
    assert measure_present(Deliveries(211, 2), network(), ROSE).standing == "normal"
    assert measure_present(Deliveries(602, 33), network(), FELL).standing == "normal"


def test_low_reviews_count_as_lateness_does() -> None:
    above = measure_present(Deliveries(602, 33, 200, 40), network(), FELL)
    assert (above.standing, above.reasons) == ("above", ("reviews",))
    # 20 % of 200, from 15.0: the surest excess is 15.0 / 11.0.
    assert above.ratio == pytest.approx(0.1504 / 0.11, abs=1e-3)
    few = measure_present(Deliveries(602, 33, 12, 2), network(), FELL)
    assert few.standing == "unsure"


def test_a_row_holds_its_part_of_the_late_orders() -> None:
    assert measure_present(Deliveries(500, 44), network(), NONE).late_part == pytest.approx(0.8)
    on_time = network_levels(Deliveries(1_000, 0), 30, 2.0)
    assert isinstance(on_time, NetworkLevels)
    assert measure_present(Deliveries(50, 0), on_time, NONE).late_part == NONE


def row(key: str, dated: int, late: int, movement: Movement | NotComputed, listed: bool) -> KpiRow:
    found = kpi_row(key, key, 500, 0.3 if listed else 0.01)
    assert found.follow_up is not None
    present = measure_present(Deliveries(dated, late), network(), movement)
    follow_up = replace(found.follow_up, movement=movement, present=present)
    return replace(found, follow_up=follow_up)


def test_the_list_of_now_is_not_that_of_the_period() -> None:
    rows = (
        row("back", 211, 2, FELL, listed=True),
        row("still", 109, 16, FELL, listed=True),
        row("few", 29, 9, NONE, listed=True),
        row("rising", 602, 40, ROSE, listed=False),
        row("usual", 602, 33, FELL, listed=False),
    )
    table = KpiTable("state", 30, 0.0, rows, 0, 0)
    # 9.2 / 5.5 before 4.9 / 5.5.
    assert [found.key for found in table.followed_now] == ["still", "rising"]
    assert [found.key for found in table.back_to_normal] == ["back"]
    assert [found.key for found in table.in_doubt] == ["few"]
    # Four rows are judged, each by its level and its change; none has reviews.
    assert followed_by_chance(rows, network()) == pytest.approx(8 * 0.025)
    kpis = sample_findings().kpis
    assert replace(kpis, present=network()).judged_now(table) == 4
    assert replace(kpis, present=NONE).judged_now(table) == 0


def test_without_a_quarter_the_period_speaks() -> None:
    found = kpi_row("a", "a", 500, 0.3)
    assert found.follow_up is not None
    old = replace(found, follow_up=replace(found.follow_up, present=NotComputed("no_rows")))
    assert old.is_followed_now
    assert KpiTable("state", 30, 0.0, (old,), 0, 0).back_to_normal == ()
    assert followed_by_chance((old,), NONE) == 0


def test_the_levels_are_those_of_the_quarter() -> None:
    """In the shop's last complete quarter b and c are delivered, c late; see make_shop."""
    kpis = measure(make_shop())
    assert isinstance(kpis.present, NetworkLevels)
    dated = sum(
        row.present.late.counted
        for row in kpis.by_state.rows
        if not isinstance(row.present, NotComputed) and isinstance(row.present.late, Level)
    )
    assert kpis.present.late.counted == dated > 0
