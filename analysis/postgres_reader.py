"""A PostgreSQL database, read in one read-only transaction: one moment of the shop, never changed.

Columns come through ADBC as text that the server wrote, in ISO dates and without a locale.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from analysis.errors import SchemaError, SourceNotReadableError
from analysis.queries import quoted
from analysis.readers import Fetched, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from analysis.addresses import PostgresAddress
    from analysis.settings import Source

# Nothing is written, and all queries see the same moment.
_TRANSACTION = (
    "set transaction isolation level repeatable read, read only",
    "set session characteristics as transaction read only",
    "set local datestyle to 'ISO, YMD'",
    "set local intervalstyle to 'iso_8601'",
    "set local bytea_output to 'hex'",
)
_COLUMNS = """
select cast(c.relname as text) as tab, cast(a.attname as text) as col,
    pg_catalog.format_type(a.atttypid, null) as kind
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid
where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema')
    and {visible}
order by c.relname, a.attnum
"""
_LOST = ("08", "57P")
_HINTS = (
    (("password", "authentication", "pg_hba"), "check the user and the password: in the address,"
     " in PGPASSWORD or in ~/.pgpass"),
    (("database",), "check the name after the last / of the address"),
    (("option", "parameter", "percent-encoded", "URI"), "correct the address"),
)  # fmt: skip


class PostgresReader:
    """The tables that a user of a PostgreSQL database sees, or those of one schema."""

    kind: Kind = "postgresql"

    def __init__(self, address: PostgresAddress, settings: Source) -> None:
        """Connect, and list the tables.

        Raises:
            SourceNotReadableError: the server does not answer or does not let us in.
            SchemaError: no such schema.
        """
        self.where = address.name
        self._address = address
        self._settings = settings
        self._lock = threading.Lock()
        self._problem: SourceNotReadableError | None = None
        self._connection = self._connect()
        try:
            self._columns = self._list_columns()
        except BaseException:
            self.close()
            raise

    def tables(self) -> Mapping[str, str]:
        """Return the tables by lower-case name."""
        return {name.lower(): name for name in sorted(self._columns)}

    def columns(self, table: str) -> list[str]:
        """Return the columns as they are spelt."""
        return list(self._columns[table])

    def fetch(self, table: str, columns: list[str]) -> Fetched:
        """Read the named columns as text.

        Raises:
            SourceNotReadableError: no right to read, too slow, or the connection was lost.
        """
        kinds = self._columns[table]
        texts = [f"{self._text(name, kinds[name])} as {quoted(name)}" for name in columns]
        return self._query(f"select {', '.join(texts)} from {self._table(table)}", table)

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return what was read."""
        return connection.from_arrow(fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows without keeping them."""
        rows = self._query(f"select count(*) as rows from {self._table(table)}", table)
        return int(rows["rows"][0].as_py())

    def fingerprint(self) -> str:
        """Return nothing: a database is known by the content of its tables."""
        return ""

    def close(self) -> None:
        """Leave the server."""
        from adbc_driver_manager import Error

        # A connection that was lost cannot be closed either.
        with contextlib.suppress(Error):
            self._connection.close()

    def _connect(self) -> Any:
        import adbc_driver_postgresql.dbapi as adbc

        settings = self._settings
        added = {
            "connect_timeout": settings.connect_seconds,
            "tcp_user_timeout": settings.query_seconds * 1000,
            "application_name": "playbook",
        }
        url = self._address.url
        missing = {name: value for name, value in added.items() if f"{name}=" not in url}
        joined = f"{url}{'&' if '?' in url else '?'}{urlencode(missing)}" if missing else url
        with self._explained(""):
            connection = adbc.connect(joined)
        local = [
            *_TRANSACTION,
            f"set local timezone to '{settings.time_zone}'",
            f"set local statement_timeout to '{settings.query_seconds}s'",
        ]
        try:
            with self._explained(""), connection.cursor() as cursor:
                for statement in local:
                    cursor.execute(statement)
        except BaseException:
            with contextlib.suppress(adbc.Error):
                connection.close()
            raise
        return connection

    def _list_columns(self) -> dict[str, dict[str, str]]:
        """Return the tables, each with its columns and their types."""
        schema = self._settings.database_schema
        literal = "'" + schema.replace("'", "''") + "'"
        if schema:
            names = self._query(
                "select cast(nspname as text) as name from pg_catalog.pg_namespace", ""
            )
            self._check_schema(schema, names["name"].to_pylist())
        visible = f"n.nspname = {literal}" if schema else "pg_catalog.pg_table_is_visible(c.oid)"
        found: dict[str, dict[str, str]] = {}
        for row in self._query(_COLUMNS.format(visible=visible), "").to_pylist():
            found.setdefault(row["tab"], {})[row["col"]] = row["kind"]
        return found

    def _check_schema(self, schema: str, there: list[str]) -> None:
        if schema not in there:
            own = sorted(name for name in there if not name.startswith(("pg_", "information_")))
            raise SchemaError(
                f"no schema {schema}",
                where=self.where,
                expected=f"one of {', '.join(own)}",
                todo="correct schema under [source] of the settings",
            )

    def _text(self, name: str, kind: str) -> str:
        """Return the text of a column, the same whatever the server's language and place."""
        if kind == "money":
            return f"cast(cast({quoted(name)} as numeric) as text)"
        if kind == "timestamp with time zone":
            zone = self._settings.time_zone
            return f"cast({quoted(name)} at time zone '{zone}' as text)"
        return f"cast({quoted(name)} as text)"

    def _table(self, table: str) -> str:
        schema = self._settings.database_schema
        return f"{quoted(schema)}.{quoted(table)}" if schema else quoted(table)

    def _query(self, text: str, table: str) -> Any:
        """Return the rows of a query of our own making."""
        with self._lock:
            # What fails ends the transaction; other tables would only say that.
            if self._problem is not None:
                raise self._problem
            with self._explained(table), self._connection.cursor() as cursor:
                cursor.execute(text)
                return cursor.fetch_arrow_table()

    @contextlib.contextmanager
    def _explained(self, table: str) -> Iterator[None]:
        """Turn what the driver raises into our error, without the password."""
        from adbc_driver_manager import Error

        try:
            yield
        except Error as error:
            self._problem = self._explain(error, table)
            raise self._problem from None

    def _explain(self, error: Any, table: str) -> SourceNotReadableError:
        said = self._address.without_secrets(str(error)).split(" SQLSTATE:")[0]
        said = said.rpartition("Failed to connect: ")[2].splitlines()[0].rstrip(".|: ")
        said = said.rpartition("ERROR:  ")[2].rpartition("FATAL:  ")[2]
        state = error.sqlstate or ""
        where = f"{table} in {self.where}" if table else self.where
        if "Failed to connect" in str(error):
            return SourceNotReadableError(
                f"the database server does not let us in: {said}",
                where=where,
                expected="a PostgreSQL server that answers, and a user who may read",
                todo=_hint(said),
            )
        if state == "42501":
            return SourceNotReadableError(
                said,
                where=where,
                expected="the right to read the tables",
                todo="ask the database's administrator for it: grant select on the table",
            )
        if state == "57014":
            return SourceNotReadableError(
                f"the server was still busy after {self._settings.query_seconds} seconds",
                where=where,
                expected="an answer within query_seconds of [source] in the settings",
                todo="raise query_seconds, or run it when the server is quieter",
            )
        if state == "22023":
            return SourceNotReadableError(
                f"the server does not know a setting: {said}",
                where=where,
                expected="time_zone as the server knows it, such as America/Sao_Paulo",
                todo="correct time_zone under [source] of the settings",
            )
        if state.startswith(_LOST) or not state:
            return SourceNotReadableError(
                f"the connection to the server was lost: {said}",
                where=where,
                expected="a connection that lasts until everything is read",
                todo="run it again; ask the database's administrator if it happens again",
            )
        return SourceNotReadableError(
            f"the server refused a query: {said}",
            where=where,
            expected="tables that can be read",
            todo="ask the database's administrator",
        )


def _hint(said: str) -> str:
    """Return what to do about a connection that was not made; servers speak many languages."""
    for words, todo in _HINTS:
        if any(word in said for word in words):
            return todo
    return "check the host and the port, and that the server runs and can be reached from here"
