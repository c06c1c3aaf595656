"""What is added up where the data are is what is counted here, and what was read only says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from sample import sample_findings
from shop import make_shop
from test_engines import make_edge_shop

from analysis import queries
from analysis.cluster_period import describe_period_by_days
from analysis.cluster_pipeline import _Cell, _with_sizes
from analysis.customers import DAY
from analysis.errors import SettingsError
from analysis.findings import Findings, NotComputed, Segmentation, Subset, from_json, to_json
from analysis.kpis import kpi_parameters, late_on_the_day, measure_kpis
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, find_pause, regular_from, until
from analysis.segmentation import Model
from analysis.settings import Settings, check_settings
from analysis.source import open_tables
from report.dashboard import render_dashboard
from report.exports import database
from report.views.method import subset_view
from report.wording import Wording

SETTINGS = Settings()


def shops() -> list[dict[str, pd.DataFrame]]:
    return [make_shop(), make_edge_shop(), dict(make_marketplace(800, seed=2).tables)]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("as_of", [None, datetime(2018, 2, 20, 10), datetime(2018, 3, 1, 8)])
def test_the_period_by_days_is_that_of_the_orders(number: int, as_of: datetime | None) -> None:
    settings = SETTINGS.model_copy(update={"as_of": as_of})
    with open_tables(shops()[number]) as source:
        expected = describe_period(build_orders(source), as_of, settings)
        assert describe_period_by_days(source, settings) == expected


def test_a_day_before_the_first_purchase_is_refused() -> None:
    settings = check_settings({"as_of": datetime(2001, 1, 1)})
    with (
        open_tables(make_shop()) as source,
        pytest.raises(SettingsError, match="as_of = 2001-01-01"),
    ):
        describe_period_by_days(source, settings)


def test_a_moment_may_stand_for_several_orders() -> None:
    # Ten orders in January, one in February, ten in March: February is regular (half a tenth of
    # ten is less than one), and would not be of a thousand.
    january, february, march = (
        int(np.datetime64(day, "s").astype(np.int64))
        for day in ("2018-01-05", "2018-02-05", "2018-03-05")
    )
    moments = np.array([january, february, march])
    assert regular_from(moments, np.array([10, 1, 10])) == date(2018, 1, 1)
    assert regular_from(moments, np.array([1000, 1, 1000])) == date(2018, 3, 1)
    repeated = np.repeat(moments, [1000, 1, 1000])
    assert regular_from(repeated) == date(2018, 3, 1)
    # The last gap of at least 28 days, before which at least a hundredth was bought.
    apart = np.array([0, 40 * DAY, 41 * DAY])
    asked = SETTINGS.customers
    assert find_pause(apart, asked, np.array([1, 500, 500])) is None
    found = find_pause(apart, asked, np.array([500, 1, 500]))
    assert found is not None
    assert found.days == 40


@pytest.mark.parametrize("number", [0, 1, 2])
def test_without_the_orders_the_figures_are_the_same_but_for_the_lines(number: int) -> None:
    with open_tables(shops()[number]) as source:
        orders = build_orders(source)
        period = describe_period(orders, None, SETTINGS)
        known = until(orders, period.as_of)
        expected = measure_kpis(source, known, period, SETTINGS)
        found = measure_kpis(source, None, period, SETTINGS)
        (row,) = queries.run_query(
            source.connection, "marts/late_on_the_day", kpi_parameters(period)
        ).to_pylist()
        (count,) = queries.run_query(
            source.connection, "marts/known_customers", {"as_of": period.as_of}
        ).to_pylist()
    assert (row["late_on_the_day"], row["dated"]) == late_on_the_day(known)
    assert count["customers"] == len(known.customer_ids)
    assert isinstance(found.lines, NotComputed)
    assert replace(found, lines=expected.lines) == expected


def segments_of(found: Findings) -> Segmentation:
    assert isinstance(found.segmentation, Segmentation)
    return found.segmentation


def a_model(found: Findings) -> Model:
    """Return a model of which only the place of the repeat buyers is looked at."""
    has_repeat = segments_of(found).segments[0].kind == "repeat_rule"
    model = object.__new__(Model)
    object.__setattr__(model, "has_repeat_segment", has_repeat)
    return model


def test_sizes_are_those_that_were_counted() -> None:
    found = sample_findings()
    segmentation = segments_of(found)
    centres = sum(segment.kind == "cluster" for segment in segmentation.segments)
    cells = [_Cell("one_time", place, "active", 100, 5_000, 90, 20, 3) for place in range(centres)]
    cells += [
        _Cell("one_time", 0, "dormant", 50, 1_000, 50, 7, 1),
        _Cell("repeat", None, "cooling", 10, 400, 4, 1, 0),
        _Cell("waiting", None, "active", 7, 0, 0, 0, 0),
        _Cell("inactive", None, None, 30, 0, 0, 0, 0),
        _Cell("no_valid_order", None, None, 3, 0, 0, 0, 0),
    ]
    sized = _with_sizes(found, segmentation, cells, a_model(found), SETTINGS)
    counts, inside = sized.customers, 100 * centres + 60
    assert counts.one_time == 100 * centres + 50
    assert (counts.repeat, counts.waiting, counts.inactive, counts.no_valid_order) == (10, 7, 30, 3)
    assert counts.total == inside + 40
    assert counts.reviews_imputed + counts.reviews_absent == 10 * centres + 6
    widened = segments_of(sized)
    assert widened.everybody.customers == inside
    assert sum(segment.profile.customers for segment in widened.segments) == inside
    assert sum(s.profile.revenue_share for s in widened.segments) == pytest.approx(1)
    first = next(segment for segment in widened.segments if segment.kind == "cluster")
    assert (first.profile.customers, first.profile.revenue_cents) == (150, 6_000)
    by_stage = {cell.stage: (cell.customers, cell.revenue_cents) for cell in first.lifecycle}
    assert by_stage["active"] == (100, 5_000)
    assert by_stage["dormant"] == (50, 1_000)
    assert {cell.stage: cell.low_reviewers for cell in first.lifecycle}["dormant"] == 7
    assert widened.rule_differences == 3 * centres + 1
    # What is read off a customer stays as it was read.
    before = next(segment for segment in segmentation.segments if segment.kind == "cluster")
    assert first.profile.spend == before.profile.spend


def test_what_was_read_of_how_many_is_said() -> None:
    subset = Subset(100_000, 9_610_000, NotComputed("depends_on", found="segmentation"), 200_123)
    findings = sample_findings(subset=subset)
    (said,) = subset_view(findings, Wording("en")).sentences
    assert "200,123 of 9,610,000 customers" in said
    assert "100,000 of these" in said
    for language in ("fr", "pt-BR"):
        (told,) = subset_view(findings, Wording(language)).sentences
        assert told != said


def test_a_dashboard_without_lines_says_why() -> None:
    found = sample_findings()
    why = NotComputed("too_many_orders", found="9_900_000", expected="100_000")
    why = replace(why, found="9900000", expected="100000")
    empty = replace(found, kpis=replace(found.kpis, lines=why))
    assert from_json(to_json(empty)) == empty
    page = render_dashboard(empty, Wording("en"))
    assert "9,900,000 orders are too many for one page" in page
    assert "<script" not in page


def test_a_database_of_a_part_lists_no_customers() -> None:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.deserialize(database(sample_findings(), None))
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    connection.close()
    assert "segments" in tables
    assert "customers" not in tables
