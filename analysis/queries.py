"""Named files of sql/, bound, composed and run: the only place that runs SQL.

A file may select from a table of the shop, from one of its own WITH clauses, or from another file
of sql/intermediate by its name: that one is then put in as a WITH clause, unless a table of that
name has been made (`create_table`). So every query can be handed over whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

from analysis.engine import within_limits
from analysis.spark_connection import SparkConnection

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection
    from sqlglot import exp

    from analysis.dialects import DialectName

Connection: TypeAlias = Union["DuckDBPyConnection", SparkConnection]

Value = str | int | float | datetime | None
Parameters = Mapping[str, Value]

_HERE = Path(__file__).resolve().parent
_COMMENT = re.compile(r"--[^\n]*")
_PARAMETER = re.compile(r"\$([a-z_]+)")


@cache
def query_folder() -> Path:
    """Return the folder of the SQL files: inside an installed package, beside it in a checkout."""
    installed = _HERE / "sql"
    return installed if installed.is_dir() else _HERE.parent / "sql"


@cache
def read_query(name: str) -> str:
    """Return the text of a file of sql/, named by its path without ".sql"."""
    return (query_folder() / f"{name}.sql").read_text(encoding="utf-8")


def run_query(connection: Connection, name: str, parameters: Parameters | None = None) -> pa.Table:
    """Run a file of sql/ with its $parameters bound, and return its rows.

    Parameters that the query does not use are left out, so that one set serves several queries.
    """
    if isinstance(connection, SparkConnection):
        return connection.rows(_for_spark(connection, name, parameters))
    return run_text(connection, _runnable(connection, name), parameters)


def run_columns(
    connection: Connection,
    name: str,
    columns: Iterable[str],
    parameters: Parameters | None,
    order_by: Iterable[str],
) -> pa.Table:
    """Return some columns of a file of sql/, or of a table by that name, in the order asked for."""
    if isinstance(connection, SparkConnection):
        rows = run_query(connection, name, parameters).select(list(columns))
        return rows.sort_by([(column, "ascending") for column in order_by])
    whole = f"({_runnable(connection, name)}\n)" if "/" in name else quoted(name)
    chosen = ", ".join(quoted(column) for column in columns)
    order = ", ".join(quoted(column) for column in order_by)
    return run_text(connection, f"select {chosen} from {whole} order by {order}", parameters)


def create_table(
    connection: Connection, table: str, name: str, parameters: Parameters | None = None
) -> None:
    """Keep the rows of a file of sql/ as a table, made anew when it is there."""
    if isinstance(connection, SparkConnection):
        # What Spark keeps it finds again only where no WITH clause stands in it.
        connection.keep(table, _for_spark(connection, name, parameters, nested=True))
        return
    text = _runnable(connection, name)
    with within_limits():
        connection.execute(f'create or replace table "{table}" as {text}', _used(text, parameters))


@contextmanager
def shared_tables(
    connection: Connection, names: Iterable[str], parameters: Parameters
) -> Iterator[None]:
    """Keep files of sql/intermediate as tables of the same name while several queries read them."""
    names = tuple(names)
    try:
        for name in names:
            create_table(connection, name, f"intermediate/{name}", parameters)
        yield
    finally:
        for name in names:
            drop_table(connection, name)


def write_query(
    connection: SparkConnection,
    name: str,
    parameters: Mapping[str, Value | exp.Expression],
    folder: Path,
) -> None:
    """Have a cluster write the rows of a file of sql/ as a folder of Parquet files.

    Raises:
        EngineError: the cluster did not finish.
    """
    connection.write(_for_spark(connection, name, parameters), folder)


def drop_table(connection: Connection, name: str) -> None:
    """Let go of a table that `create_table` made, where it is there."""
    if isinstance(connection, SparkConnection):
        connection.drop(name)
    else:
        connection.execute(f'drop table if exists "{name}"')


def render_query(
    name: str,
    dialect: DialectName,
    parameters: Parameters,
    table_names: Mapping[str, str] | None = None,
    absent: Collection[str] = (),
) -> str:
    """Return a file of sql/ as a script for another engine, with its parameters written out.

    Args:
        name: the file's path under sql/, without ".sql".
        dialect: for whom.
        parameters: the values of its $parameters.
        table_names: other names of canonical tables, as the reader's database spells them.
        absent: canonical tables that the reader's database lacks: they have no rows.
    """
    from analysis import dialects

    return dialects.render_query(name, dialect, parameters, table_names, absent)


def run_text(connection: Connection, text: str, parameters: Parameters | None = None) -> pa.Table:
    """Run SQL that was put together by a caller from names, never from values."""
    if isinstance(connection, SparkConnection):
        from analysis.dialects import translate

        return connection.rows(translate(text, "spark", _used(text, parameters)))
    with within_limits():
        return connection.sql(text, params=_used(text, parameters)).to_arrow_table()


def show_text(connection: SparkConnection, name: str, text: str) -> None:
    """Make a view of SQL that was put together by a caller from names, never from values."""
    from analysis.dialects import translate

    connection.show(name, translate(text, "spark", {}))


def keep_text(connection: SparkConnection, name: str, text: str) -> None:
    """Keep the rows of SQL that was put together by a caller from names, never from values."""
    from analysis.dialects import translate

    connection.keep(name, translate(text, "spark", {}))


def quoted(identifier: str) -> str:
    """Return an identifier as SQL writes it; names in a source may hold anything."""
    return '"' + identifier.replace('"', '""') + '"'


def _runnable(connection: DuckDBPyConnection, name: str) -> str:
    """Return a query whole: with the files of sql/intermediate that it needs and that are no table.

    Composing imports sqlglot, so a query that needs nothing is left as it is written.
    """
    made = connection.execute("select table_name from duckdb_tables()").fetchall()
    return _composed(name, frozenset(row[0] for row in made))


@cache
def _composed(name: str, made: frozenset[str]) -> str:
    """Return a query whole, where some tables are made already."""
    text = read_query(name)
    words = set(re.findall(r"[a-z_]+", _COMMENT.sub("", text)))
    if not (words & intermediate_names()) - made - {Path(name).name}:
        return text
    from analysis.dialects import compose

    return compose(name, made).sql("duckdb")


def run_asked(
    connection: SparkConnection,
    name: str,
    parameters: Mapping[str, Value | exp.Expression],
) -> pa.Table:
    """Run a file of sql/ on a cluster with expressions among its parameters; return its rows."""
    return connection.rows(_for_spark(connection, name, parameters))


def _for_spark(
    connection: SparkConnection,
    name: str,
    parameters: Mapping[str, Value | exp.Expression] | None,
    *,
    nested: bool = False,
) -> str:
    """Return a query whole, in Spark's words, with its values written out."""
    from analysis.dialects import render_canonical

    made = frozenset(connection.names)
    return render_canonical(name, "spark", parameters or {}, made, nested=nested)


@cache
def intermediate_names() -> frozenset[str]:
    """Return the names of the files of sql/intermediate."""
    return frozenset(path.stem for path in (query_folder() / "intermediate").glob("*.sql"))


def _used(text: str, parameters: Parameters | None) -> dict[str, Value]:
    names = set(_PARAMETER.findall(_COMMENT.sub("", text)))
    return {name: value for name, value in (parameters or {}).items() if name in names}
