"""Spark gives the rows of DuckDB, file by file, and a build on it the findings of an embedded one.

On two workers in processes of their own, so that rows are carried from one to the other.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from engines import BOUND, is_ordered, plain_rows
from quick import QUICK, as_toml
from shop import make_shop, write_folder
from spark_cluster import MASTER, cluster, executors, lent, opened
from test_cluster_assignment import assert_same
from test_engines import OF_A_MODEL, RUNNABLE, SETTINGS, make_edge_shop, parameter_sets

from analysis import queries
from analysis.errors import ContentError, SourceNotReadableError
from analysis.findings import Segmentation, read_findings
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period
from analysis.source import OpenSource, open_source
from analysis.spark_session import Session
from analysis.tables import REVIEW_COMMENTS, TABLES
from report.cli import main

pytestmark = pytest.mark.slow
ASKED = [name for name in RUNNABLE if not name.startswith("staging/") and name != OF_A_MODEL]
SPECS = (*TABLES, REVIEW_COMMENTS)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with cluster() as started:
        yield started


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "playbook.toml"
    path.write_text(as_toml({**QUICK, "dashboard": {"minimum_orders": 10}}), encoding="utf-8")
    return path


def build(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["build", *(str(argument) for argument in arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def rows_of(source: OpenSource, name: str, parameters: Any) -> list[tuple[Any, ...]]:
    if source.engine == "duckdb" and not all(isinstance(v, BOUND) for v in parameters.values()):
        text = queries.render_query(name, "duckdb", parameters)
        found = queries.run_text(source.connection, text)
    else:
        found = queries.run_query(source.connection, name, parameters)
    return plain_rows(row.values() for row in found.to_pylist())


def test_every_file_gives_the_rows_of_the_embedded_engine(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(make_edge_shop(), tmp_path / "shop")
    with open_source(folder) as embedded, opened(session, folder, monkeypatch) as clustered:
        for source in (embedded, clustered):
            for spec in SPECS:
                source.load(spec.name)
        for spec in SPECS:
            text = f"select * from {spec.name}"
            left, right = (
                plain_rows(row.values() for row in found.to_pylist())
                for found in (
                    queries.run_text(one.connection, text) for one in (embedded, clustered)
                )
            )
            assert sorted(left, key=repr) == sorted(right, key=repr), spec.name
        period = describe_period(build_orders(embedded), None, SETTINGS)
        assert describe_period(build_orders(clustered), None, SETTINGS) == period
        assert clustered.description == embedded.description
        for name in ASKED:
            for parameters in parameter_sets(name, period):
                expected, found = (rows_of(one, name, parameters) for one in (embedded, clustered))
                if not is_ordered(name):
                    expected, found = sorted(expected, key=repr), sorted(found, key=repr)
                assert found == expected, name


def write_parquet(tables: dict[str, pd.DataFrame], folder: Path) -> Path:
    """Write the tables with columns of the types that a warehouse would give them."""
    folder.mkdir()
    for name, frame in tables.items():
        moments = [column for column in frame if column.endswith(("_timestamp", "_date", "_at"))]
        typed = frame.assign(**{column: pd.to_datetime(frame[column]) for column in moments})
        typed.to_parquet(folder / f"{name}.parquet")
    return folder


def test_a_build_finds_what_an_embedded_one_finds(
    session: Session, tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_parquet(dict(make_marketplace(2_500, seed=5).tables), tmp_path / "shop")
    asked = ("--config", config, "--lang", "en", "--only", "report", "-q")
    code, said = build(folder, "--out", tmp_path / "embedded", *asked)
    assert (code, said) == (0, "")
    lent(session, monkeypatch)
    on_spark = (folder, "--out", tmp_path / "spark", "--engine", "spark", *asked)
    code, said = build(*on_spark)
    assert (code, said) == (0, "")
    assert_same_output(tmp_path)
    assert json.loads((tmp_path / "spark" / "manifest.json").read_bytes())["engine"] == "spark"
    # Found again with the folder of the customers; another engine's analysis is not.
    assert build(*on_spark) == (0, "")
    again = json.loads((tmp_path / "spark" / "manifest.json").read_bytes())
    assert again["found_again"] is True
    assert_same_output(tmp_path)


def assert_same_output(folder: Path) -> None:
    """Hold a build on a cluster against the embedded one, row for row."""
    embedded, spark = folder / "embedded", folder / "spark"
    for name in ("findings.json", "segments.csv", "segments.sql", "en/report.html"):
        assert (spark / name).read_bytes() == (embedded / name).read_bytes(), name
    found = pd.read_parquet(spark / "segments.parquet").set_index("customer_unique_id")
    expected = pd.read_csv(spark / "segments.csv").set_index("customer_unique_id")
    assert_same(found.sort_index(), expected.sort_index())
    manifest = json.loads((spark / "manifest.json").read_bytes())
    parts = [path.name for path in (spark / "segments.parquet").iterdir()]
    assert sorted(parts) == sorted(
        name.partition("/")[2] for name in manifest["files"] if "segments.parquet" in name
    )


def test_of_many_customers_a_part_is_read_and_all_are_counted(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_parquet(dict(make_marketplace(5_000, seed=5).tables), tmp_path / "shop")
    config = tmp_path / "playbook.toml"
    few = {**QUICK, "dashboard": {"minimum_orders": 10}, "scale": {"fit_customers": 1_000}}
    config.write_text(as_toml(few), encoding="utf-8")
    asked = ("--config", config, "--lang", "en", "--only", "report,dashboard", "-q")
    assert build(folder, "--out", tmp_path / "embedded", *asked) == (0, "")
    lent(session, monkeypatch)
    assert build(folder, "--out", tmp_path / "spark", "--engine", "spark", *asked) == (0, "")
    whole, found = (
        read_findings(tmp_path / name / "findings.json") for name in ("embedded", "spark")
    )
    assert found.period == whole.period
    assert found.questions == whole.questions
    assert found.source == whole.source
    assert found.customers == whole.customers
    assert replace(found.kpis, lines=whole.kpis.lines) == whole.kpis
    assert found.subset is not None
    assert found.subset.total == 5_000
    assert found.subset.read == pytest.approx(2_000, abs=150)
    assert not (tmp_path / "spark" / "segments.csv").exists()
    everybody = pd.read_parquet(tmp_path / "spark" / "segments.parquet")
    assert len(everybody) == 5_000
    assert isinstance(found.segmentation, Segmentation)
    for segment in found.segmentation.segments:
        mine = everybody[everybody["segment_id"] == segment.segment_id]
        assert segment.profile.customers == len(mine)
        stages = {cell.stage: cell.customers for cell in segment.lifecycle}
        assert stages == mine["stage"].value_counts().reindex(stages, fill_value=0).to_dict()
    rules = everybody[everybody["segment_id"].notna()]
    differ = (rules["segment_id"] != rules["segment_by_rule"]).sum()
    assert found.segmentation.rule_differences == differ
    page = (tmp_path / "spark" / "en" / "dashboard.html").read_text(encoding="utf-8")
    assert "are too many for one page" in page


@pytest.mark.olist
def test_the_real_data_give_the_same_on_a_cluster(
    session: Session,
    olist_archive: Path,
    tmp_path: Path,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ("--config", config, "--lang", "en", "--only", "report", "-q")
    assert build(olist_archive, "--out", tmp_path / "embedded", *asked)[0] == 0
    lent(session, monkeypatch)
    engine = ("--engine", "spark", "--master", MASTER)
    assert build(olist_archive, "--out", tmp_path / "spark", *engine, *asked)[0] == 0
    assert_same_output(tmp_path)


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("orders", "order_purchase_timestamp", "soon", "1 values of order_purchase_timestamp"),
        ("orders", "order_purchase_timestamp", "2018", "1 values of order_purchase_timestamp"),
        ("order_items", "price", "ten", "1 values of price that are no number"),
        ("order_items", "price", -1.0, "1 rows whose price is empty, negative"),
        ("order_reviews", "review_score", 9, "not between 1 and 5"),
        ("customers", "customer_id", "cb", "values of customer_id that stand in several rows"),
        ("orders", "customer_id", "nobody", "1 orders of a customer who is not in customers"),
        ("sellers", "seller_city", "\ufffd", "bytes that are not UTF-8"),
    ],
)
def test_a_value_that_cannot_be_is_named(
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    column: str,
    value: Any,
    message: str,
) -> None:
    tables = make_shop()
    changed = tables[table].astype(object)
    changed.loc[0, column] = value
    tables[table] = changed
    folder = write_folder(tables, tmp_path / "shop")
    with (
        pytest.raises(ContentError, match=message) as problem,
        opened(session, folder, monkeypatch),
    ):
        pass
    assert str(folder) in str(problem.value)


def test_a_row_that_is_not_as_the_others_is_named(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(make_shop(), tmp_path / "shop")
    path = folder / "olist_orders_dataset.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x,y\n", encoding="utf-8")
    with (
        pytest.raises(SourceNotReadableError, match="cannot be read"),
        opened(session, folder, monkeypatch),
    ):
        pass


def test_a_parquet_file_damaged_inside_is_named(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_parquet(dict(make_marketplace(1_000, seed=5).tables), tmp_path / "shop")
    path = folder / "customers.parquet"
    content = bytearray(path.read_bytes())
    content[4 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4)
    path.write_bytes(content)
    with (
        pytest.raises(SourceNotReadableError, match="the table cannot be read") as problem,
        opened(session, folder, monkeypatch),
    ):
        pass
    assert "customers.parquet" in str(problem.value)


def test_a_worker_that_is_lost_leaves_a_whole_output_or_none(
    session: Session, tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(dict(make_marketplace(2_500, seed=5).tables), tmp_path / "shop")
    out = tmp_path / "spark"
    lent(session, monkeypatch)
    before = {process.pid for process in executors()}
    assert len(before) == 2
    killed = []

    def kill_one() -> None:
        # Once the tables are kept by both, and marts are being measured.
        tables = session.spark._jsparkSession.sharedState().cacheManager()
        while tables.isEmpty():
            time.sleep(0.2)
        time.sleep(10)
        victim = executors()[0]
        killed.append(victim.pid)
        victim.kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    asked = ("--config", config, "--lang", "en", "--only", "report", "-q")
    code, said = build(folder, "--out", out, "--engine", "spark", *asked)
    killer.join()
    assert killed[0] in before
    if code == 1:
        assert said.startswith("playbook: the cluster did not finish")
        assert not out.exists()
    else:
        assert (code, said) == (0, "")
        assert build(folder, "--out", tmp_path / "embedded", *asked) == (0, "")
        assert_same_output(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
