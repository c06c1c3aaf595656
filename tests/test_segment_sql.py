"""segments.sql on the client's own tables gives the labels that its rules give here."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from sample import sample_findings
from shop import write_database

from analysis.customers import NOT_YET, ONE_TIME, REPEAT, CustomerTable, build_customers
from analysis.findings import CrmRule, Segmentation
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.rule_sentences import holds
from analysis.segment_sql import segments_script
from analysis.settings import Settings
from analysis.source import open_source

SETTINGS = Settings()


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


def test_the_script_gives_the_labels_of_the_rules(database: Path) -> None:
    with open_source(database) as source:
        everything = build_orders(source)
    period = describe_period(everything, None, SETTINGS)
    orders = until(everything, period.as_of)
    table = build_customers(orders, to_seconds(period.complete_until), SETTINGS.customers)
    script = segments_script(segmentation(), table, SETTINGS.customers)
    connection = sqlite3.connect(database)
    rows = connection.execute(script.rstrip().rstrip(";")).fetchall()
    names = [column[0] for column in connection.execute(script.rstrip().rstrip(";")).description]
    connection.close()
    told = {row[names.index("customer_unique_id")]: row for row in rows}
    expected = {
        orders.customer_ids[code]: label
        for code, label in enumerate(labels_here(table))
        if table.standing[code] != NOT_YET
    }
    assert set(told) == set(expected)
    assert {name: row[names.index("segment_id")] for name, row in told.items()} == expected
    assert len(set(expected.values())) == 5
