"""The model as one SQL expression gives every customer the segment that the program gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from quick import QUICK

from analysis import queries
from analysis.assignment import list_customers
from analysis.cluster_assignment import QUERY, assignment_parameters, assignment_writer
from analysis.customers import MissingScores
from analysis.errors import EngineError
from analysis.features import Preparation
from analysis.findings import Period, Segmentation
from analysis.marketplace import make_marketplace
from analysis.pipeline import Analysis, analyse
from analysis.segmentation import Model
from analysis.settings import check_settings
from analysis.source import open_tables

SETTINGS = check_settings(QUICK)
SAME = (
    *(
        "segment_id",
        "persona",
        "segment_by_rule",
        "stage",
        "held_out",
        "reason",
        "standing",
        "occasions",
    ),
    *("lowest_review", "lowest_review_order_id", "last_order_id", "last_order_delivered"),
)


def analysed(tables: dict[str, pd.DataFrame], settings: Any = SETTINGS) -> Analysis:
    with open_tables(tables) as source:
        return analyse(source, settings)


def known(analysis: Analysis) -> tuple[Model, Segmentation]:
    segmentation = analysis.findings.segmentation
    assert analysis.model is not None
    assert isinstance(segmentation, Segmentation)
    return analysis.model, segmentation


def parameters_of(analysis: Analysis) -> dict[str, Any]:
    has_reviews = analysis.orders.has_reviews
    return assignment_parameters(
        *known(analysis), analysis.findings.period, has_reviews=has_reviews
    )


def assigned_by_sql(tables: dict[str, pd.DataFrame], analysis: Analysis) -> pd.DataFrame:
    """Run the expression on the embedded engine; one row a customer, by id."""
    from analysis.dialects import render_canonical

    with open_tables(tables) as source:
        text = render_canonical(QUERY, "duckdb", parameters_of(analysis))
        rows = queries.run_text(source.connection, text).to_pandas()
    return rows.set_index("customer_unique_id").sort_index()


def listed(analysis: Analysis, settings: Any = SETTINGS) -> pd.DataFrame:
    model, segmentation = known(analysis)
    rows = list_customers(analysis.orders, analysis.table, model, settings, segmentation)
    return rows.set_index("customer_unique_id").sort_index()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Hold the files of every customer against each other, row for row."""
    assert list(found.index) == list(expected.index)
    for name in SAME:
        left, right = (
            frame[name].astype(object).where(frame[name].notna(), None).tolist()
            for frame in (found, expected)
        )
        assert left == right, name
    assert (found["review_known"] == expected["review_known"]).all()
    days = found["last_order_at"].dt.strftime("%Y-%m-%d")
    assert days.fillna("").tolist() == expected["last_order_on"].fillna("").tolist()
    # The file for people is rounded, the other is not.
    for name, digits in (("confidence", 3), ("spend", 2), ("review", 2), ("recency_days", 1)):
        left, right = (frame[name].to_numpy(np.float64) for frame in (found, expected))
        assert (np.isnan(left) == np.isnan(right)).all(), name
        assert np.nan_to_num(np.abs(left - right)).max() <= 0.5001 * 10**-digits, name


@pytest.mark.parametrize("seed", [3, pytest.param(11, marks=pytest.mark.slow)])
def test_the_expression_gives_the_segments_of_the_program(seed: int) -> None:
    tables = dict(make_marketplace(2_500, seed=seed).tables)
    analysis = analysed(tables)
    found = assigned_by_sql(tables, analysis)
    assert_same(found, listed(analysis))
    assert found["segment_id"].nunique() >= 4
    assert {"waiting", "inactive", "not_yet"} & set(found["reason"])


@pytest.mark.slow
def test_who_left_no_review_is_placed_by_the_rest() -> None:
    settings = check_settings({**QUICK, "customers": {"fill_reviews": False}})
    tables = dict(make_marketplace(2_500, seed=3).tables)
    reviews = tables["order_reviews"]
    tables["order_reviews"] = reviews[reviews.index % 3 > 0]
    analysis = analysed(tables, settings)
    found = assigned_by_sql(tables, analysis)
    assert_same(found, listed(analysis, settings))
    silent = found[(found["review_known"] == 0) & (found["standing"] == "one_time")]
    assert silent["segment_id"].notna().all()
    assert len(silent) > 100


def test_nobody_waits_for_a_review_where_there_are_none() -> None:
    tables = dict(make_marketplace(2_500, seed=3).tables)
    del tables["order_reviews"]
    settings = check_settings({**QUICK, "segmentation": {**QUICK["segmentation"], "k_min": 2}})
    analysis = analysed(tables, settings)
    found = assigned_by_sql(tables, analysis)
    assert_same(found, listed(analysis, settings))
    assert "waiting" not in set(found["reason"])


def test_of_two_centres_as_near_the_first_is_taken() -> None:
    # Spend is 1 - e^0 = 0 in its own scale: between centres at -1 and 1.
    model = Model(
        format_version=2,
        family="traits",
        preparation=Preparation(("spend",), ("log1p",), (0.0,), (1.0,)),
        centres=((-1.0,), (1.0,)),
        segment_ids=("s1", "s2"),
        personas=("one", "two"),
        has_repeat_segment=False,
        as_of=0,
        window_days=365,
        same_occasion_hours=24,
        outcome_days=14,
        missing_scores=MissingScores(None, None),
        seed=1,
        fingerprint="",
    )
    from sample import sample_findings

    found = sample_findings()
    assert isinstance(found.segmentation, Segmentation)
    assert isinstance(found.period, Period)
    asked = assignment_parameters(model, found.segmentation, found.period, has_reviews=True)
    nearest = asked["nearest_centre"]
    from duckdb import connect

    rows = connect().execute(
        f"select {nearest.sql('duckdb')} from (values (0.0), (0.5)) as customer_facts(spend)"
    )
    assert [row[0] for row in rows.fetchall()] == [0, 1]


@pytest.mark.slow
def test_an_embedded_source_writes_no_folder() -> None:
    tables = dict(make_marketplace(2_500, seed=3).tables)
    with open_tables(tables) as source:
        analysis = analyse(source, SETTINGS)
        assert assignment_writer(source, analysis) is None


def test_files_that_this_machine_does_not_see_are_an_error(tmp_path: Path) -> None:
    from analysis.cluster_assignment import _check_written

    with pytest.raises(EngineError, match="0 customers stand") as problem:
        _check_written(tmp_path / "nowhere", 3)
    assert "every machine of the cluster shares" in str(problem.value)
    folder = tmp_path / "segments.parquet"
    folder.mkdir()
    import pyarrow as pa

    pq.write_table(pa.table({"customer_unique_id": ["a", "b"]}), folder / "part-0.parquet")
    _check_written(folder, 2)
    with pytest.raises(EngineError, match="2 customers stand"):
        _check_written(folder, 3)
