"""segments.sql on the client's own tables gives the labels that its rules give here."""

from __future__ import annotations

import io
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from quick import QUICK
from sample import sample_findings
from shop import write_database

from analysis.customers import NOT_YET, ONE_TIME, REPEAT, CustomerTable, build_customers
from analysis.findings import CrmRule, Segmentation
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.pipeline import Analysis, analyse
from analysis.rule_sentences import holds
from analysis.segment_sql import segments_script
from analysis.settings import Settings, check_settings
from analysis.source import open_source
from report.exports import data_files

SETTINGS = Settings()
QUICK_SETTINGS = check_settings(QUICK)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "olist.db"
    return write_database(make_marketplace(1_200, seed=3).tables, path)


def segmentation() -> Segmentation:
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    return found


def labels_here(table: CustomerTable) -> list[str | None]:
    """Apply the rules of the segmentation to the customers, one by one."""
    labels = np.full(len(table.standing), None, dtype=object)
    for segment in segmentation().segments:
        if segment.kind == "repeat_rule":
            labels[table.standing == REPEAT] = segment.segment_id
            continue
        assert isinstance(segment.rule, CrmRule)
        columns = {name: getattr(table, name) for name in ("spend", "review")}
        mine = (table.standing == ONE_TIME) & holds(segment.rule.alternatives, columns)
        labels[mine] = segment.segment_id
    return labels.tolist()


def told_by(script: str, database: Path) -> pd.DataFrame:
    """Run the script in the client's own file; one row a customer, by id."""
    connection = sqlite3.connect(database)
    rows = pd.read_sql(script.rstrip().rstrip(";"), connection)
    connection.close()
    return rows.set_index("customer_unique_id")


def test_the_script_gives_the_labels_of_the_rules(database: Path) -> None:
    with open_source(database) as source:
        everything = build_orders(source)
    period = describe_period(everything, None, SETTINGS)
    orders = until(everything, period.as_of)
    table = build_customers(orders, to_seconds(period.complete_until), SETTINGS.customers)
    told = told_by(segments_script(segmentation(), table, SETTINGS), database)
    expected = {
        orders.customer_ids[code]: label
        for code, label in enumerate(labels_here(table))
        if table.standing[code] != NOT_YET
    }
    labels = told["segment_by_rule"].astype(object)
    assert labels.where(labels.notna(), None).to_dict() == expected
    assert len(set(expected.values())) == 5


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Path]:
    path = tmp_path_factory.mktemp("whole") / "olist.db"
    write_database(make_marketplace(3_000, seed=11).tables, path)
    with open_source(path) as source:
        return analyse(source, QUICK_SETTINGS), path


def test_the_clients_own_tables_get_the_labels_of_segments_csv(
    analysed: tuple[Analysis, Path],
) -> None:
    analysis, path = analysed
    files = data_files(analysis, QUICK_SETTINGS)
    found = pd.read_csv(io.BytesIO(files["segments.csv"])).set_index("customer_unique_id")
    found = found[found["standing"] != "not_yet"]
    told = told_by(files["segments.sql"].decode(), path).loc[found.index]
    assert told["segment_by_rule"].fillna("").equals(found["segment_by_rule"].fillna(""))
    chosen = analysis.findings.segmentation
    assert isinstance(chosen, Segmentation)
    assert isinstance(chosen.rule_fidelity, float)
    assert (told["standing"] == found["standing"]).all()
    assert told["stage"].fillna("").equals(found["stage"].fillna(""))
    assert told["segment_by_rule"].isna().equals(found["segment_id"].isna())
    once = found["standing"] == "one_time"
    agree = (told["segment_by_rule"] == found["segment_id"])[once].mean()
    assert agree >= chosen.rule_fidelity - 0.01
    inside = found["segment_id"].notna()
    differ = (found["segment_id"] != found["segment_by_rule"])[inside]
    assert chosen.rule_differences == differ.sum() > 0
    again = found["standing"] == "repeat"
    assert (told["segment_by_rule"] == found["segment_id"])[again].all()


def test_the_day_stands_once_and_another_day_is_one_change_away(
    analysed: tuple[Analysis, Path],
) -> None:
    analysis, path = analysed
    script = data_files(analysis, QUICK_SETTINGS)["segments.sql"].decode()
    moment = datetime.fromtimestamp(analysis.table.as_of, UTC).replace(tzinfo=None)
    assert script.count(f"{moment:%Y-%m-%d}") == 1
    assert "Who is held out of campaigns stands in segments.csv only (held_out)" in script
    later = f"{moment + timedelta(days=100):%Y-%m-%d %H:%M:%S}"
    now = told_by(script, path)
    then = told_by(script.replace(f"{moment:%Y-%m-%d %H:%M:%S}", later), path)
    both = now.index.intersection(then.index)
    aged = then["recency_days"][both] - now["recency_days"][both]
    # Who ordered once more in between is younger; who left the window has no recency.
    assert aged.dropna().round(6).mode().tolist() == [100.0]


def test_a_mapped_shop_is_told_that_its_tables_have_other_names(
    analysed: tuple[Analysis, Path],
) -> None:
    analysis, _ = analysed
    mapping = {"orders": {"table": "bills", "columns": {"order_id": "bill"}}}
    settings = QUICK_SETTINGS.model_copy(
        update={"source": QUICK_SETTINGS.source.model_copy(update={"mapping": mapping})}
    )
    script = data_files(analysis, settings)["segments.sql"].decode()
    assert script.startswith("-- Your tables have other names")
