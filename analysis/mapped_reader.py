"""Another shop's tables, shown as the canonical ones by [source.mapping]."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.checks import unreadable_table
from analysis.errors import ContentError, SettingsError
from analysis.queries import quoted, run_text
from analysis.readers import Fetched, Kind, Reader
from analysis.tables import TABLES, TableSpec

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from analysis.mapping import Plan
    from analysis.settings import TableMapping

# The engine that evaluates a mapping reaches no file, no network and no setting.
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}


class MappedReader:
    """A reader's tables under canonical names: those of the mapping, and those so named already.

    A table that the mapping does not name is there if it has the columns that its canonical
    namesake cannot do without; otherwise it is something else of the shop's.
    """

    def __init__(self, inner: Reader, mapping: Mapping[str, TableMapping]) -> None:
        """Plan every mapped table.

        Raises:
            SettingsError: an expression that is not let through.
            SchemaError: a table or a column that the source does not have.
        """
        from analysis.mapping import Catalogue, plan_table

        self.kind: Kind = inner.kind
        self.where = inner.where
        self._inner = inner
        self._lock = threading.Lock()
        self._raw: dict[str, pa.Table] = {}
        tables = inner.tables()
        self._columns = {name: inner.columns(name) for name in tables.values()}
        catalogue = Catalogue(tables, self._columns)
        self._plans: dict[str, Plan] = {
            table: plan_table(table, mapped, catalogue) for table, mapped in mapping.items()
        }

    def tables(self) -> Mapping[str, str]:
        """Return the canonical tables; a mapped one is called by its place in the settings."""
        others = self._inner.tables()
        found = {name: name for name in self._plans}
        for spec in TABLES:
            if spec.name not in self._plans:
                names = [name for name in spec.names if name in others]
                found |= {name: others[name] for name in names if self._is_it(spec, others[name])}
        return found

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table."""
        plan = self._plans.get(table)
        return list(plan.columns) if plan else self._inner.columns(table)

    def fetch(self, table: str, columns: list[str]) -> Fetched:
        """Evaluate a mapped table, or fetch another one.

        Raises:
            SettingsError: an expression that does not fit the source's columns.
            ContentError: an expression that fails on a row.
        """
        plan = self._plans.get(table)
        if plan is None:
            return self._inner.fetch(table, columns)
        return self._evaluate(plan).select(columns)

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return what was fetched as a relation."""
        import pyarrow as pa

        if isinstance(fetched, pa.Table):
            return connection.from_arrow(fetched)
        return self._inner.relation(connection, fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows of a table that was not read."""
        plan = self._plans.get(table)
        if plan is None:
            return self._inner.count_rows(table)
        return int(self._evaluate(plan).num_rows)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the source's own content; the mapping stands in the manifest."""
        return self._inner.fingerprint()

    def close(self) -> None:
        """Let go of the rows and of files."""
        self._raw.clear()
        self._inner.close()

    def _is_it(self, spec: TableSpec, name: str) -> bool:
        there = {column.strip().lower() for column in self._columns[name]}
        return set(spec.needed) <= there

    def _evaluate(self, plan: Plan) -> pa.Table:
        """Run a plan over the rows that it reads."""
        import duckdb

        with duckdb.connect(config=_LOCKED) as engine:
            for name, (view, _) in plan.reads.items():
                engine.from_arrow(self._rows(name)).create_view(view)
            try:
                return run_text(engine, plan.query)
            except duckdb.Error as error:
                raise _failed(engine, plan, error) from error

    def _rows(self, name: str) -> pa.Table:
        """Read one table of the source, once, with every column that some plan needs, as text."""
        import duckdb

        with self._lock:
            if name not in self._raw:
                plans = self._plans.values()
                reads = [plan.reads[name][1] for plan in plans if name in plan.reads]
                wanted = list(dict.fromkeys(column for columns in reads for column in columns))
                wanted = wanted or self._columns[name][:1]
                fetched = self._inner.fetch(name, wanted)
                texts = ", ".join(f"cast({quoted(c)} as text) as {quoted(c)}" for c in wanted)
                with duckdb.connect() as engine:
                    try:
                        self._inner.relation(engine, fetched).create_view("read_once")
                        self._raw[name] = run_text(engine, f"select {texts} from read_once")
                    except duckdb.Error as error:
                        raise unreadable_table(error, f"{name} in {self.where}") from error
            return self._raw[name]


def _failed(
    engine: DuckDBPyConnection, plan: Plan, error: duckdb.Error
) -> SettingsError | ContentError:
    """Return the error of the first column that fails on its own, or of the whole."""
    import duckdb

    name = "from"
    for part, query in plan.parts:
        try:
            run_text(engine, query)
        except duckdb.Error as own:
            name, error = part, own
            break
    found = str(error).splitlines()[0].split("Error: ", 1)[-1]
    where = f"{name} in [source.mapping.{plan.table}] of the settings"
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        return ContentError(
            f"an expression fails on a value: {found}",
            where=where,
            expected="an expression that holds for every row: the source's columns are text",
            todo="leave such rows out with `where`, or write try_cast for cast",
        )
    return SettingsError(
        f"an expression cannot be evaluated: {found}",
        where=where,
        expected="an expression in DuckDB's SQL; the source's columns are text until they are cast",
        todo="correct it, for instance cast(quantity as integer) before multiplying",
    )
