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

from analysis.customers import (
    NOT_YET,
    ONE_TIME,
    REPEAT,
    CustomerTable,
    MissingScores,
    build_customers,
)
from analysis.features import Preparation
from analysis.findings import CrmRule, Segmentation
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.pipeline import Analysis, analyse
from analysis.rule_sentences import holds
from analysis.segment_sql import segments_script
from analysis.segmentation import Model
from analysis.settings import Settings, check_settings
from analysis.source import open_source
from report.exports import data_files

SETTINGS = Settings()
QUICK_SETTINGS = check_settings(QUICK)
# Two centres on spend alone; the rules are compared, not the model.
MODEL = Model(
    format_version=2,
    family="traits",
    preparation=Preparation(("spend",), ("log1p",), (0.0,), (1.0,)),
    centres=((6.0,), (3.9,)),
    segment_ids=("s1", "s2", "s3"),
    personas=("loyal", "satisfied_large", "unhappy_small"),
    has_repeat_segment=True,
    as_of=0,
    window_days=365,
    same_occasion_hours=24,
    outcome_days=14,
    missing_scores=MissingScores(5.0, 2.0),
    seed=1,
    fingerprint="f",
)


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
    told = told_by(segments_script(segmentation(), MODEL, table, SETTINGS), database)
    expected = {
        orders.customer_ids[code]: label
        for code, label in enumerate(labels_here(table))
        if table.standing[code] != NOT_YET
    }
    labels = told["segment_by_rule"].astype(object)
    assert labels.where(labels.notna(), None).to_dict() == expected
    assert len(set(expected.values())) == 5


def assert_the_same(told: pd.Series, found: pd.Series) -> None:
    """Compare a column of the query with that of the file, which is rounded."""
    if pd.api.types.is_numeric_dtype(found):
        apart = {"spend": 0.006, "review": 0.006, "recency_days": 0.051, "confidence": 0.0006}
        numbers = told.astype(float)
        assert numbers.isna().equals(found.isna()), found.name
        gap = (numbers - found.astype(float)).abs().max()
        assert gap <= apart.get(str(found.name), 0.0), (found.name, gap)
        return
    assert told.fillna("").astype(str).equals(found.fillna("").astype(str)), found.name


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
    whole = told_by(files["segments.sql"].decode(), path)
    assert list(whole.columns) == list(found.columns)
    assert len(whole) == len(found)
    told = whole.loc[found.index]
    for column in found.columns:
        assert_the_same(told[column], found[column])
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
