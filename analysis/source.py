"""A shop's data, opened read-only, with canonical tables in an embedded engine.

Everything enters as text (views raw_*), and sql/staging renames and casts it. Two forms of the same
data give the same tables.
"""

from __future__ import annotations

import difflib
import sqlite3
import threading
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from analysis import checks, findings, queries
from analysis.addresses import Address, parse_address
from analysis.engine import EmbeddedEngine, keep_silent
from analysis.errors import SchemaError, SourceNotReadableError
from analysis.fingerprint import content_fingerprint
from analysis.gaps import Gaps
from analysis.readers import (
    ArchiveReader,
    Fetched,
    FolderReader,
    FrameReader,
    Kind,
    Reader,
    SqliteReader,
)
from analysis.tables import (
    BIDI_CONTROLS,
    OTHER_SPELLINGS,
    REVIEW_COMMENTS,
    SHOWN_COLUMNS,
    TABLES,
    TableSpec,
)

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from analysis.queries import Connection
    from analysis.settings import Scale
    from analysis.settings import Source as SourceSettings

_SQLITE_HEADER = b"SQLite format 3\x00"
Engine = Literal["duckdb", "spark"]
# What a shop without it can still be studied by, once a mapping says that it is so.
_WITHOUT = ("products", "sellers")
_EXPECTED_TABLES = ", ".join(table.name for table in TABLES if table.required)


class OpenSource:
    """The canonical tables of one source, in `connection`; close it when done.

    Deferred tables (`geolocation`, `review_comments`) are there after `load`.
    """

    connection: Connection
    engine: Engine = "duckdb"

    def __init__(
        self, reader: Reader, name: str, *, mapped: bool = False, scale: Scale | None = None
    ) -> None:
        """Find the tables and check the columns, then read what most figures need.

        Args:
            reader: the form that the data come in.
            name: what the source is called in the documents.
            mapped: a mapping says what there is: tables and columns that can be done without may
                be absent.
            scale: what the engine may hold; the usual without it.

        Raises:
            SchemaError: a table or a column is missing.
            ContentError: a value that cannot be.
        """
        self._reader = reader
        self._name = name
        self._lock = threading.Lock()
        self._found: Mapping[str, FoundTable] = {
            table.name: table for table in find_tables(reader, mapped)
        }
        self.gaps = gaps_in(self._found)
        self._embedded = EmbeddedEngine(scale)
        self.connection = self._engine = self._embedded.connection
        try:
            self._read([table for table in TABLES if not table.deferred])
        except BaseException:
            self._embedded.close()
            raise

    def has(self, table: str) -> bool:
        """Say whether the source holds a canonical table."""
        return table in self._found

    def load(self, table: str) -> None:
        """Read a deferred table; an absent one becomes an empty table.

        Raises:
            ContentError: a value that cannot be.
        """
        spec = next(spec for spec in (*TABLES, REVIEW_COMMENTS) if spec.name == table)
        with self._lock:
            names = self._engine.execute("select table_name from duckdb_tables()").fetchall()
            if (table,) not in names:
                self._stage(spec, self._fetch(spec))

    def count(self, table: str) -> int:
        """Count the rows of a table that is there."""
        text = f"select count(*) as rows from {queries.quoted(table)}"
        rows = queries.run_text(self.connection, text)
        return int(rows["rows"][0].as_py())

    def ensure_room(self, orders: int) -> None:
        """Refuse to read more orders than there is memory for.

        Raises:
            ResourceError: what they need, and what there is.
        """
        self._embedded.ensure_room(orders)

    def keep(self, name: str, parameters: queries.Parameters) -> None:
        """Make a file of sql/intermediate a table, and keep it until the source is closed."""
        queries.create_table(self.connection, name, f"intermediate/{name}", parameters)
        self._kept[name] = dict(parameters)

    def keeps(self, name: str, parameters: queries.Parameters) -> bool:
        """Say whether a table is kept that was made with the same values."""
        kept = self._kept.get(name)
        return kept is not None and all(parameters[key] == kept[key] for key in kept)

    @cached_property
    def _kept(self) -> dict[str, dict[str, queries.Value]]:
        """The values that tables which are kept were made with."""
        return {}

    @cached_property
    def description(self) -> findings.Source:
        """What was read: counts every table and takes the fingerprint at the first use."""
        return findings.Source(
            kind=self._reader.kind,
            name=self._name,
            fingerprint=self._reader.fingerprint() or self._content_fingerprint(),
            tables=tuple(self._describe(table) for table in TABLES),
        )

    def close(self) -> None:
        """Let go of the engine and of unpacked files."""
        self._embedded.close()
        self._reader.close()

    def __enter__(self) -> Self:
        """Return the source itself."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close the source."""
        self.close()

    def _content_fingerprint(self) -> str:
        """Return the fingerprint of the tables that were read at opening."""
        names = [table.name for table in TABLES if self.has(table.name) and not table.deferred]
        return content_fingerprint(self._engine, names)

    def _describe(self, table: TableSpec) -> findings.TableDescription:
        found = self._found.get(table.name)
        if found is None:
            return findings.TableDescription(table.name, "", None)
        missing = tuple(name for name in table.columns if name not in found.columns)
        if table.deferred:
            rows = self._reader.count_rows(found.source_name)
        else:
            rows = self.count(table.name)
        return findings.TableDescription(table.name, found.source_name, rows, missing)

    def _read(self, tables: list[TableSpec]) -> None:
        """Fetch tables side by side, and make each when it is there.

        Only this thread speaks with the engine: it waits for Python objects that it reads from.
        """
        with ThreadPoolExecutor(max_workers=3) as workers:
            fetching = [(table, workers.submit(self._fetch, table)) for table in tables]
            for table, fetched in fetching:
                self._stage(table, fetched.result())
                if table.name == "orders":
                    self._embedded.make_room(self.count("orders"))
        checks.check_links(self.connection, self._reader.where)

    def _fetch(self, table: TableSpec) -> Fetched | None:
        """Bring a table within the engine's reach; None when the source lacks it."""
        found = self._found.get(table.name)
        if found is None:
            return None
        return self._reader.fetch(found.source_name, list(found.columns.values()))

    def _stage(self, table: TableSpec, fetched: Fetched | None) -> None:
        """Make one canonical table, and check it."""
        cursor = self._engine.cursor()
        keep_silent(cursor)
        try:
            self._show_raw(cursor, table, fetched)
            found = self._found.get(table.name)
            known = frozenset(found.columns) if found else frozenset()
            checks.stage_checked(cursor, table, known, self._place(table))
        finally:
            cursor.execute(f"drop view if exists raw_{table.name}")
            cursor.close()

    def _show_raw(
        self, cursor: DuckDBPyConnection, table: TableSpec, fetched: Fetched | None
    ) -> None:
        """Make the view raw_<table>: the source's columns under the CSV's names, as text."""
        from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

        found = self._found.get(table.name)
        wanted = table.known_columns
        if found is None or fetched is None:
            empty = [ConstantExpression(None).cast("VARCHAR").alias(name) for name in wanted]
            relation = cursor.sql("select 1 as one where false")
            relation.project(*empty).create_view(f"raw_{table.name}")
            return
        relation = self._reader.relation(cursor, fetched)
        stand_ins = dict(table.stand_ins)
        texts = [
            (
                ColumnExpression(found.columns[name])
                if name in found.columns
                else ConstantExpression(stand_ins.get(name))
            )
            .cast("VARCHAR")
            .alias(name)
            for name in wanted
        ]
        marks = [ConstantExpression(text) for text in (BIDI_CONTROLS, "")]
        shown = [
            FunctionExpression("translate", text, *marks).alias(name)
            if name in SHOWN_COLUMNS
            else text
            for name, text in zip(wanted, texts, strict=True)
        ]
        relation.project(*shown).create_view(f"raw_{table.name}")

    def _place(self, table: TableSpec) -> str:
        found = self._found.get(table.name)
        return f"{found.source_name if found else table.name} in {self._reader.where}"


class FoundTable:
    """A canonical table in the source: its name there, its columns there by canonical name."""

    def __init__(self, name: str, source_name: str, columns: dict[str, str]) -> None:
        self.name = name
        self.source_name = source_name
        self.columns = columns


def open_source(
    source: Path | str, settings: SourceSettings | None = None, scale: Scale | None = None
) -> OpenSource:
    """Open an archive, a folder of CSV or Parquet files, one of these, a SQLite file, or a URL.

    Args:
        source: a path, sqlite:///path or postgresql://user@host/database.
        settings: [source] of playbook.toml: the mapping of another shop's tables.
        scale: [scale] of playbook.toml: what the engine may hold.

    Raises:
        SourceNotReadableError: no such file, not one of these, truncated, unsafe; a server that
            does not answer or does not let us in.
        SchemaError: a table or a column is missing.
        ContentError: a value that cannot be.
        ResourceError: more data than the engine may hold.
    """
    import csv

    import duckdb
    import pyarrow as pa
    from adbc_driver_manager import Error as AdbcError

    address = parse_address(source)
    reader: Reader | None = None
    try:
        reader = _reader(address, settings)
        return _opened(reader, address.name, settings, scale)
    except BaseException as error:
        if reader is not None:
            reader.close()
        unreadable = (duckdb.Error, pa.ArrowException, AdbcError, sqlite3.Error, csv.Error, OSError)
        if isinstance(error, unreadable):
            raise SourceNotReadableError(
                f"the data cannot be read: {str(error).splitlines()[0]}",
                where=reader.where if reader is not None else address.name,
                expected="CSV files in UTF-8 parted by commas, Parquet files or a SQLite file",
                todo="open the file with the program that wrote it, and write it again",
            ) from error
        raise


def file_fingerprint(source: Path | str) -> str:
    """Return the fingerprint of a file or folder without opening its tables; empty for a server.

    Raises:
        SourceNotReadableError: no such file, or not one of ours.
    """
    address = parse_address(source)
    if not isinstance(address, Path):
        return ""
    reader = file_reader(address)
    try:
        return reader.fingerprint()
    finally:
        reader.close()


def open_tables(
    tables: Mapping[str, pd.DataFrame],
    kind: Kind = "demo",
    name: str = "demo",
    settings: SourceSettings | None = None,
) -> OpenSource:
    """Open tables in memory, named as any source names them.

    Raises:
        SchemaError: a table or a column is missing.
        ContentError: a value that cannot be.
    """
    return _opened(FrameReader(tables, kind, name), name, settings)


def _opened(
    reader: Reader, name: str, settings: SourceSettings | None, scale: Scale | None = None
) -> OpenSource:
    """Open what a reader shows, under canonical names where there is a mapping."""
    if settings is None or not settings.mapping:
        return OpenSource(reader, name, scale=scale)
    from analysis.mapped_reader import MappedReader

    return OpenSource(MappedReader(reader, settings.mapping), name, mapped=True, scale=scale)


def _reader(address: Address, settings: SourceSettings | None) -> Reader:
    """Return the reader for an address; for a path by what it holds rather than by its name."""
    if isinstance(address, Path):
        return file_reader(address)
    from analysis.postgres_reader import PostgresReader
    from analysis.settings import Source as SourceSettings

    return PostgresReader(address, settings or SourceSettings())


def file_reader(path: Path) -> Reader:
    """Return the reader for a path."""
    if path.is_dir():
        return FolderReader(path)
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise SourceNotReadableError(
            f"no such file: {path.name}" if not path.exists() else f"cannot be read: {error}",
            where=str(path.absolute().parent),
            expected="a zip archive, a folder of CSV or Parquet files, or a SQLite file",
            todo="check the path",
        ) from error
    if start == _SQLITE_HEADER:
        return SqliteReader(path)
    if start.startswith(b"PAR1") or (start and path.suffix.lower() == ".csv"):
        return FolderReader(path.parent, only=path.name)
    if start.startswith(b"PK") or zipfile.is_zipfile(path):
        return ArchiveReader(path)
    raise SourceNotReadableError(
        "the file is neither a zip archive nor a SQLite database" if start else "an empty file",
        where=str(path),
        expected="brazilian-ecommerce.zip as downloaded, a folder of its files, or a SQLite file",
        todo="check the path",
    )


def find_tables(reader: Reader, mapped: bool) -> list[FoundTable]:
    """Return the canonical tables that the source holds.

    Raises:
        SchemaError: a required table or column is missing, or a table is there twice.
    """
    names = reader.tables()
    found = []
    for table in TABLES:
        there = [names[name] for name in table.names if name in names]
        if len(there) > 1:
            raise SchemaError(
                f"two tables that both hold {table.name}: {', '.join(there)}",
                where=reader.where,
                expected="one of them",
                todo="take the other one away",
            )
        if there:
            found.append(_find_columns(reader, table, there[0], mapped))
        elif table.required and not (mapped and table.name in _WITHOUT):
            raise _missing_table(table, names, reader.where)
    reviews = next((table for table in found if table.name == "order_reviews"), None)
    if reviews is not None:
        comments = _columns_by_name(reader, reviews.source_name)
        if set(REVIEW_COMMENTS.columns) <= set(comments):
            columns = {name: comments[name] for name in REVIEW_COMMENTS.columns}
            found.append(FoundTable(REVIEW_COMMENTS.name, reviews.source_name, columns))
    return found


def _find_columns(reader: Reader, table: TableSpec, source_name: str, mapped: bool) -> FoundTable:
    there = _columns_by_name(reader, source_name)
    expected = table.needed if mapped else table.columns
    missing = [name for name in expected if name not in there]
    if missing:
        near = difflib.get_close_matches(missing[0], there, n=1)
        nearest = f"; the nearest there is {near[0]}" if near else ""
        raise SchemaError(
            f"no column {', '.join(missing)}{nearest}",
            where=f"{source_name} in {reader.where}",
            expected=f"the columns {', '.join(expected)}",
            todo=f"rename the column, or give it in [source.mapping.{table.name}] of the settings",
        )
    columns = {name: there[name] for name in table.known_columns if name in there}
    return FoundTable(table.name, source_name, columns)


def gaps_in(found: Mapping[str, FoundTable]) -> Gaps:
    """Return the tables and columns that are not there."""
    return Gaps(
        tables=frozenset(table.name for table in TABLES if table.name not in found),
        columns=frozenset(
            f"{table.name}.{column}"
            for table in TABLES
            if table.name in found
            for column in table.columns
            if column not in found[table.name].columns
        ),
    )


def _columns_by_name(reader: Reader, source_name: str) -> dict[str, str]:
    """Return the source's columns by canonical name."""
    there = {name.strip().lower(): name for name in reader.columns(source_name)}
    for canonical, other in OTHER_SPELLINGS.items():
        if other in there:
            there.setdefault(canonical, there[other])
    return there


def _missing_table(table: TableSpec, names: Mapping[str, str], where: str) -> SchemaError:
    near = [match for name in table.names for match in difflib.get_close_matches(name, names, n=1)]
    if near:
        seen = f"the nearest there is {names[near[0]]}"
    else:
        shown = ", ".join(list(names.values())[:8])
        seen = f"there is {shown}" if shown else "there is no table at all"
    return SchemaError(
        f"no table {table.name}; {seen}",
        where=where,
        expected=f"the tables {_EXPECTED_TABLES}, or the names of the public Olist files",
        todo="name the right file, add the missing table, or say in [source.mapping] of the"
        " settings what stands for it",
    )
