"""Queries: found, bound, composed, and the same rows from SQLite as from the embedded engine."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
from shell import assert_printed, run_in_shell
from shop import make_shop, write_database
from sqlglot import exp

from analysis import queries
from analysis.dialects import compose
from analysis.kpis import MARTS, SHARED_TABLES
from analysis.source import OpenSource, open_source, open_tables
from analysis.tables import OLIST_DB_NAMES

ROOT = Path(__file__).parent.parent
PARAMETERS: queries.Parameters = {
    "as_of": datetime(2018, 3, 6, 7),
    "bought_from": datetime(2018, 1, 10, 10),
    "bought_before": datetime(2018, 3, 6, 7, 0, 1),
    "lines_from": datetime(2018, 1, 1),
    "low_review": 2,
    "delay_percent": 95,
    "bought_after": datetime(2018, 1, 1),
    "late_days": 3,
    "revenue_above": 50,
    "freight_counted": 1,
    "first_sale_after": datetime(2018, 1, 5),
    "items_above": 1,
    "since": datetime(2017, 12, 1),
    "more_than": 0,
    "counted": "reviews",
    "dated_by": "creation",
    "worst_zips": 5,
}
QUESTIONS = ("late_orders", "large_sellers", "new_sellers", "worst_zips")
ANSWERS = [*(f"marts/{name}" for name in MARTS), *(f"questions/{name}" for name in QUESTIONS)]
FILES = sorted(
    path.relative_to(queries.query_folder()).with_suffix("").as_posix()
    for path in queries.query_folder().rglob("*.sql")
)


def plain_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return rows as SQLite gives them: moments as text, whole decimals as integers."""
    return [tuple(_plain(value) for value in row.values()) for row in table.to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return str(value)
    return int(value) if isinstance(value, Decimal) else value


@pytest.fixture(scope="module")
def source() -> Iterator[OpenSource]:
    with open_tables(make_shop()) as opened:
        yield opened


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_database(make_shop(), tmp_path_factory.mktemp("shop") / "shop.db")


@pytest.mark.parametrize("name", FILES)
def test_a_file_opens_with_its_grain_and_its_identity(name: str) -> None:
    text = queries.read_query(name)
    heading = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert text.startswith("-- ")
    assert "\n-- One row" in f"\n{heading}"
    assert "-- Identity:" in heading
    body = queries._COMMENT.sub("", text)
    # Midnights are counted by some engines and elapsed days by others.
    assert "date_diff" not in body
    assert "datediff" not in body
    assert not body.rstrip().endswith(";")
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("staging")])
def test_every_column_is_written_with_its_table(name: str) -> None:
    statement = sqlglot.parse_one(queries.read_query(name), read="duckdb")
    aliases = {part.alias for part in statement.find_all(exp.Alias)}
    bare = {column.name for column in statement.find_all(exp.Column) if not column.table}
    assert bare <= aliases


def test_parameters_are_bound_and_those_of_others_left_out(source: OpenSource) -> None:
    found = queries.run_text(
        source.connection,
        "-- not this: $other\nselect $city as city",
        {"city": "'; drop table orders; --", "other": 1},
    )
    assert found.to_pylist() == [{"city": "'; drop table orders; --"}]


def test_identifiers_are_quoted() -> None:
    assert queries.quoted('a"b') == '"a""b"'


def test_shared_tables_are_gone_afterwards(source: OpenSource) -> None:
    connection = source.connection
    with queries.shared_tables(connection, SHARED_TABLES, PARAMETERS):
        made = connection.execute("select table_name from duckdb_tables()").fetchall()
        assert {(name,) for name in SHARED_TABLES} <= set(made)
    left = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert not {(name,) for name in SHARED_TABLES} & set(left)


@pytest.mark.parametrize("name", ANSWERS)
def test_shared_tables_change_no_row(source: OpenSource, name: str) -> None:
    alone = queries.run_query(source.connection, name, PARAMETERS)
    with queries.shared_tables(source.connection, SHARED_TABLES, PARAMETERS):
        shared = queries.run_query(source.connection, name, PARAMETERS)
    assert plain_rows(shared) == plain_rows(alone)


def test_composing_puts_each_clause_before_its_use() -> None:
    statement = compose("marts/kpis_by_seller")
    names = [clause.alias for clause in statement.args["with_"].expressions]
    assert names.index("order_facts") < names.index("order_lines") < names.index("keyed_orders")
    assert names[-1] == "kpi_measures"
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ANSWERS)
def test_sqlite_gives_the_same_rows(source: OpenSource, database: Path, name: str) -> None:
    text = queries.render_query(name, "sqlite", PARAMETERS, OLIST_DB_NAMES)
    expected = plain_rows(queries.run_query(source.connection, name, PARAMETERS))
    opened = sqlite3.connect(database)
    found = opened.execute(text).fetchall()
    opened.close()
    assert expected
    assert found == expected


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("dialect", ["sqlite", "postgres", "spark"])
def test_a_rendering_is_whole(name: str, dialect: Any) -> None:
    text = queries.render_query(name, dialect, PARAMETERS)
    assert sqlglot.parse_one(text, read=dialect)
    assert text.startswith("-- ")
    assert text.endswith(";\n")
    assert "$" not in text
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    # In Spark a backslash takes the meaning from a quote.
    literal = r"'(?:[^'\\]|\\.)*'" if dialect == "spark" else r"'[^']*'|\"C\""
    unquoted = re.sub(literal, "", body)
    assert unquoted == unquoted.lower()
    if dialect == "sqlite":
        assert not re.search(r"\b(epoch|time_to_unix|translate|right)\(", unquoted)
        assert not re.search(r"\bas (timestamp|bigint)\b", unquoted)


def test_a_rendering_leaves_out_what_it_does_not_need() -> None:
    text = queries.render_query("marts/kpis_by_state", "sqlite", PARAMETERS)
    assert "products" not in text
    assert "items_by_price" not in text
    assert "payments_by_value" not in text
    assert "reviews_by_answer" in text


def test_a_quote_in_a_parameter_stays_inside_its_literal() -> None:
    hostile = {**PARAMETERS, "counted": "x' or '1'='1"}
    text = queries.render_query("questions/worst_zips", "sqlite", hostile)
    assert "'x'' or ''1''=''1' as counted" in text


def test_tables_take_the_reader_s_names() -> None:
    text = queries.render_query("marts/dashboard_lines", "sqlite", PARAMETERS, OLIST_DB_NAMES)
    assert "from order_pymts" in text
    assert "from translation" in text
    assert not re.search(r"(from|join) (order_payments|category_translation)\b", text)


@pytest.mark.olist
@pytest.mark.parametrize(
    "name", ["kpis_by_city", "kpis_by_seller", "payment_types", "dashboard_lines"]
)
def test_the_shell_gives_the_same_rows_on_the_real_data(olist_db: Path, name: str) -> None:
    parameters = {
        **PARAMETERS,
        "as_of": datetime(2018, 10, 17, 17, 30, 18),
        "bought_from": datetime(2016, 9, 4),
        "bought_before": datetime(2018, 10, 18),
        "lines_from": datetime(2016, 1, 1),
    }
    text = queries.render_query(f"marts/{name}", "sqlite", parameters, OLIST_DB_NAMES)
    printed = run_in_shell(text, olist_db)
    with open_source(olist_db) as source:
        found = queries.run_query(source.connection, f"marts/{name}", parameters)
    assert_printed(printed, plain_rows(found))


def test_composed_queries_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from datetime import datetime; from analysis.queries import render_query as r;"
        "d = datetime(2018, 1, 1);"
        "v = {'as_of': d, 'bought_from': d, 'bought_before': d, 'lines_from': d, 'low_review': 2,"
        " 'delay_percent': 95};"
        "print(*(r(f'marts/{n}', 'sqlite', v, {}) for n in ('kpis_by_city', 'dashboard_lines')))"
    )
    said = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
