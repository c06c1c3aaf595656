"""One shop in three engines: as our own tables in DuckDB, as the client's in SQLite and PostgreSQL.

DuckDB holds what `open_tables` makes of the source. SQLite holds the tables as the client's own
file spells them, with dates of text; PostgreSQL the same tables with timestamps, integers and
numeric columns. Beside them each holds raw_* tables of text, as a source is read, for sql/staging.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import pandas as pd
import pyarrow as pa

from analysis import queries
from analysis.dialects import compose
from analysis.source import open_tables
from analysis.staged import staged_columns
from analysis.tables import OLIST_DB_NAMES, REVIEW_COMMENTS, TABLES, TableSpec

Row = tuple[Any, ...]
Parameters = Mapping[str, Any]
SPECS = (*TABLES, REVIEW_COMMENTS)


def plain_rows(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Return rows as SQLite would give them; the only thing that is done before comparing.

    Moments become their text, booleans and whole decimals integers. A decimal with a fraction is an
    error: a ratio must be a double, the same on every engine to the last bit.
    """
    return [tuple(_plain(value) for value in row) for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return str(value)
    if isinstance(value, Decimal):
        assert value == int(value), f"{value} is a decimal with a fraction: cast it to double"
        return int(value)
    return int(value) if isinstance(value, bool) else value


def is_ordered(name: str) -> bool:
    """Say whether a file of sql/ promises an order of its rows."""
    return compose(name).args.get("order") is not None


def raw_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, pa.Table]:
    """Return the source's tables as text, with every column that staging reads."""
    found = {}
    for spec in SPECS:
        frame = tables.get("order_reviews" if spec is REVIEW_COMMENTS else spec.name)
        columns = {name: _texts(frame, name) for name in _columns(spec)}
        found[f"raw_{spec.name}"] = pa.table(columns)
    return found


def _columns(spec: TableSpec) -> list[str]:
    """Return a table's columns as a client has them: a review's words beside its score."""
    words = REVIEW_COMMENTS.columns if spec.name == "order_reviews" else ()
    return list(dict.fromkeys((*spec.known_columns, *words)))


def _texts(frame: pd.DataFrame | None, column: str) -> pa.Array:
    if frame is None:
        return pa.array([], pa.string())
    if column not in frame:
        return pa.nulls(len(frame), pa.string())
    values = [None if pd.isna(value) else str(value) for value in frame[column]]
    return pa.array(values, pa.string())


class DuckEngine:
    """The embedded engine, whose rows the others are compared with."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.source = open_tables(dict(tables))
        self.absent = self.source.gaps.tables
        for spec in SPECS:
            if spec.deferred:
                self.source.load(spec.name)
        self.raw = duckdb.connect()
        for name, table in raw_tables(tables).items():
            self.raw.register(f"{name}_texts", table)
            self.raw.execute(f"create table {name} as select * from {name}_texts")

    def rows(self, name: str, parameters: Parameters) -> list[Row]:
        """Run a file of sql/ with its parameters bound; an expression cannot be bound."""
        connection = self.raw if name.startswith("staging/") else self.source.connection
        if any(not isinstance(value, BOUND) for value in parameters.values()):
            text = queries.render_query(name, "duckdb", parameters)
            found = queries.run_text(connection, text)
        else:
            found = queries.run_query(connection, name, parameters)
        return plain_rows(row.values() for row in found.to_pylist())

    def close(self) -> None:
        """Let go of both databases."""
        self.raw.close()
        self.source.close()


BOUND = (str, int, float, datetime, type(None))


class SqliteEngine:
    """A SQLite file as analysts have it."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], path: Path, absent: frozenset[str]):
        self.absent = absent
        self.connection = sqlite3.connect(path)
        # The one function of the files that it lacks; what is handed over does not call it.
        self.connection.create_function("md5", 1, _md5, deterministic=True)
        for name, frame in tables.items():
            with_numbers = _with_number_zips(frame)
            target = OLIST_DB_NAMES.get(name, name)
            with_numbers.to_sql(target, self.connection, index=True, index_label="index")
        for name, table in raw_tables(tables).items():
            table.to_pandas().to_sql(name, self.connection, index=False, dtype="text")

    def rows(self, name: str, parameters: Parameters) -> list[Row]:
        """Run a file of sql/ as it is rendered for this engine."""
        text = queries.render_query(name, "sqlite", parameters, OLIST_DB_NAMES, self.absent)
        return plain_rows(self.connection.execute(text).fetchall())

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - no secret


class PostgresEngine:
    """A PostgreSQL database with columns of the types that a shop would give them."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], url: str, absent: frozenset[str]):
        self.absent = absent
        self.connection = adbc.connect(url, autocommit=True)
        with self.connection.cursor() as cursor:
            for name, table in raw_tables(tables).items():
                cursor.adbc_ingest(name, table, mode="create")
            for spec in TABLES:
                if spec.name in tables:
                    cursor.execute(_typed_table(spec, tables[spec.name]))

    def rows(self, name: str, parameters: Parameters) -> list[Row]:
        """Run a file of sql/ as it is rendered for this engine."""
        text = queries.render_query(name, "postgres", parameters, OLIST_DB_NAMES, self.absent)
        with self.connection.cursor() as cursor:
            # The driver puts the text into a COPY of its own.
            cursor.execute(text.removesuffix(";\n"))
            found = cursor.fetch_arrow_table()
        columns = [_decimals(column) for column in found.columns]
        return plain_rows(zip(*columns, strict=True)) if columns else []

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


def _typed_table(spec: TableSpec, frame: pd.DataFrame) -> str:
    """Return the statement that makes a client's table from its texts."""
    target = OLIST_DB_NAMES.get(spec.name, spec.name)
    columns = ", ".join(
        f"cast({_filled(spec, name)} as {_client_type(spec, name)}) as {name}"
        for name in _columns(spec)
        if name in frame
    )
    return f"create table {target} as select {columns} from raw_{spec.name}"


def _filled(spec: TableSpec, column: str) -> str:
    """Return a column of text, with null where a typed column cannot be an empty text."""
    is_text = _client_type(spec, column).startswith("varchar")
    return column if is_text else f"nullif({column}, '')"


def _client_type(spec: TableSpec, column: str) -> str:
    if column in spec.dates:
        return "timestamp"
    if column in spec.amounts:
        return "numeric(12, 2)"
    if column.endswith("zip_code_prefix"):
        return "integer"
    staged = staged_columns(spec.name).get(column)
    return staged.sql("postgres").lower() if staged and column in spec.numbers else "varchar(200)"


def _decimals(column: pa.ChunkedArray) -> list[Any]:
    """Return a column's values; the driver gives numeric as text, named as such."""
    values: list[Any] = column.to_pylist()
    if getattr(column.type, "type_name", "") != "numeric":
        return values
    return [None if value is None else Decimal(value) for value in values]


def _with_number_zips(frame: pd.DataFrame) -> pd.DataFrame:
    """Return zip prefixes as the client's file holds them: numbers, without the leading zero."""
    changed = frame.copy()
    for column in changed.columns:
        if column.endswith("zip_code_prefix"):
            changed[column] = changed[column].astype(int)
    return changed
