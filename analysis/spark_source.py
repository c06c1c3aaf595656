"""A shop's data on a cluster: the canonical tables as views of Spark, by the same files of sql/.

Staging, order facts and marts run there as Spark SQL; what comes back is what a query returns.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import checks, findings
from analysis.addresses import parse_address
from analysis.draws import HASH_DIGITS, subset_bounds
from analysis.errors import ContentError, SettingsError, SourceNotReadableError
from analysis.queries import (
    create_table,
    drop_table,
    keep_text,
    quoted,
    run_text,
    show_text,
)
from analysis.readers import ArchiveReader, FolderReader, Reader
from analysis.source import FoundTable, OpenSource, file_reader, find_tables, gaps_in
from analysis.spark_connection import SparkConnection, SparkDataError
from analysis.tables import BIDI_CONTROLS, REVIEW_COMMENTS, SHOWN_COLUMNS, TABLES, TableSpec

if TYPE_CHECKING:
    from analysis.settings import Settings
    from analysis.spark_session import Session

PARQUET = ".parquet"
OF_ORDERS = ("order_items", "order_payments", "order_reviews", "review_comments")
# What stands in a text in the place of bytes that are no UTF-8.
_REPLACED = "\ufffd"
# Spark would also read a year alone, a time of today, or a zone as a moment.
_MOMENT = r"^\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?)?$"


class SparkSource(OpenSource):
    """The canonical tables of one source, as views of a cluster; close it when done."""

    engine = "spark"

    def __init__(
        self, reader: Reader, name: str, found: Mapping[str, FoundTable], session: Session
    ) -> None:
        """Make the tables that most figures need, and check their content.

        Args:
            reader: of files that the cluster's machines can read.
            name: what the source is called in the documents.
            found: the canonical tables that it holds.
            session: of Spark.

        Raises:
            SourceNotReadableError: a file that cannot be read.
            ContentError: a value that cannot be.
            EngineError: the cluster did not finish.
        """
        self._reader = reader
        self._name = name
        self._lock = threading.Lock()
        self._found = found
        self.gaps = gaps_in(found)
        self.spark = SparkConnection(session)
        self.connection = self.spark
        for table in TABLES:
            if not table.deferred:
                self._make(table)
        checks.check_links(self.connection, reader.where)

    def load(self, table: str) -> None:
        """Read a deferred table; an absent one becomes an empty table.

        Raises:
            ContentError: a value that cannot be.
            EngineError: the cluster did not finish.
        """
        spec = next(spec for spec in (*TABLES, REVIEW_COMMENTS) if spec.name == table)
        with self._lock:
            if table not in self.spark.names:
                self._make(spec)

    def count_customers(self) -> int:
        """Count the customers."""
        text = "select count(distinct customer_unique_id) as customers from customers"
        return int(run_text(self.spark, text)["customers"][0].as_py())

    def narrowed(self, wanted: int, customers: int) -> NarrowSource:
        """Return the source as it is of about so many of the customers.

        They are drawn by the last digits of the hash whose first ones draw subsets of them: one
        draw has nothing to do with the other.
        """
        bounds = subset_bounds(wanted, customers)
        return NarrowSource(self, "" if bounds is None else bounds.before_hash)

    def share(self, *tables: str) -> SparkConnection:
        """Return a connection with views of its own, that reads these tables, or all, as well."""
        return self.spark.beside(tables or [spec.name for spec in TABLES if not spec.deferred])

    def close(self) -> None:
        """Keep everything: the customers are still to be given their segments where they are."""

    def end(self) -> None:
        """End the session, and let go of unpacked files."""
        self.spark.close()
        self._reader.close()

    def __exit__(self, *problem: object) -> None:
        """End the session."""
        self.end()

    def _make(self, table: TableSpec) -> None:
        """Make one canonical table, and check it."""
        found = self._found.get(table.name)
        place = self._place(table)
        raw = f"raw_{table.name}"
        try:
            show_text(self.spark, raw, self._raw(table, found))
            if found is not None:
                self._check_texts(table.of(found.columns), place)
            create_table(self.spark, table.name, f"staging/{table.name}")
            if found is not None:
                checks.check_content(self.spark, table.of(found.columns), place)
        except SparkDataError as problem:
            if problem.is_bad_value:
                checks.explain_conversion(self.spark, table, place)
                raise checks.unread_value(problem.reason, place) from problem
            raise SourceNotReadableError(
                f"the table cannot be read: {problem.reason}",
                where=place,
                expected="a whole table: CSV in UTF-8 with commas and as many values as columns,"
                " or Parquet",
                todo="export the table again",
            ) from problem

    def _raw(self, table: TableSpec, found: FoundTable | None) -> str:
        """Return the select that shows the source's columns under the CSV's names, as text."""
        wanted = table.known_columns
        if found is None:
            empty = ", ".join(f"cast(null as varchar) as {quoted(name)}" for name in wanted)
            return f"select {empty} where false"
        self._show_file(f"file_{table.name}", found)
        stand_ins = dict(table.stand_ins)
        columns = [_as_text(name, found.columns.get(name), stand_ins.get(name)) for name in wanted]
        return f"select {', '.join(columns)} from file_{table.name}"

    def _show_file(self, name: str, found: FoundTable) -> None:
        path = Path(self._reader.fetch(found.source_name, list(found.columns.values())))
        if path.suffix.lower() == PARQUET:
            self.spark.show_parquet(name, path)
        else:
            self.spark.show_csv(name, path, FolderReader(path.parent).columns(path.name))

    def _check_texts(self, table: TableSpec, place: str) -> None:
        """Refuse what Spark would read as something else than DuckDB does, or not see.

        Raises:
            ContentError: bytes that are no UTF-8, or moments in another form.
        """
        ids = [name for name in table.known_columns if name not in (*table.dates, *table.amounts)]
        parts = [
            f"count(*) filter (where contains({quoted(name)}, '{_REPLACED}')) as {quoted(name)}"
            for name in ids
        ]
        for name in table.dates:
            text = f"nullif(trim({quoted(name)}), '')"
            strange = f"{text} is not null and not regexp_matches({text}, '{_MOMENT}')"
            example = quoted(f"{name} for instance")
            parts.append(f"count(*) filter (where {strange}) as {quoted(name)}")
            parts.append(f"min({text}) filter (where {strange}) as {example}")
        counts = run_text(self.spark, f"select {', '.join(parts)} from raw_{table.name}")
        found = counts.to_pylist()[0]
        for name in (*ids, *table.dates):
            if found[name]:
                raise _strange_text(name, found[name], found.get(f"{name} for instance"), place)


class NarrowSource(OpenSource):
    """The source of some of the customers: their orders, with all that stands beside these."""

    engine = "spark"

    def __init__(self, whole: SparkSource, before_hash: str) -> None:
        """Make views of the tables in which the other customers are not."""
        self._whole = whole
        self.gaps = whole.gaps
        self._narrow = whole.share()
        self.connection = self._narrow
        self._made: set[str] = set()
        self._before = before_hash
        for table in TABLES:
            if not table.deferred:
                self._make(table.name)

    def has(self, table: str) -> bool:
        """Say whether the source holds a canonical table."""
        return self._whole.has(table)

    def load(self, table: str) -> None:
        """Read a deferred table of these customers."""
        if table not in self._made:
            self._whole.load(table)
            self._whole.share(table)
            self._make(table)

    @cached_property
    def description(self) -> findings.Source:
        """What the whole source is."""
        return self._whole.description

    def close(self) -> None:
        """Let go of what was kept of these customers; the whole stays."""
        for table in self._made:
            drop_table(self._narrow, table)
        self._made.clear()

    def _make(self, table: str) -> None:
        """Keep the rows of a table that are these customers'."""
        rows = f"select {table}.* from global_temp.{table} as {table}"
        if table == "customers":
            digits = f"right(md5(customers.customer_unique_id), {HASH_DIGITS})"
            rows += f" where {digits} < '{self._before}'"
        elif table == "orders":
            rows += " semi join customers on customers.customer_id = orders.customer_id"
        elif table in OF_ORDERS:
            rows += f" semi join orders on orders.order_id = {table}.order_id"
        keep_text(self._narrow, table, rows)
        self._made.add(table)


def open_on_spark(source: Path | str, master: str, settings: Settings) -> SparkSource:
    """Open an archive or a folder of CSV or Parquet files on a cluster.

    The cluster's machines read the files themselves, by the same path.

    Args:
        source: a path.
        master: as Spark spells it, such as local[*] or spark://host:7077.
        settings: whose [spark] says how long to wait, and Spark's own options.

    Raises:
        SourceNotReadableError: no such file, of another form, damaged.
        SettingsError: a mapping is given.
        SchemaError: a table or a column is missing.
        ContentError: a value that cannot be.
        EngineError: Spark cannot be started, does not answer, or did not finish.
    """
    import pyarrow as pa

    from analysis.spark_session import start_session

    reader = _reader(source, settings)
    try:
        found = {table.name: table for table in find_tables(reader, mapped=False)}
        session = start_session(master, settings.spark)
        try:
            return SparkSource(reader, parse_address(source).name, found, session)
        except BaseException:
            session.close()
            raise
    except BaseException as error:
        reader.close()
        if isinstance(error, (pa.ArrowException, OSError)):
            raise SourceNotReadableError(
                f"the data cannot be read: {str(error).splitlines()[0]}",
                where=reader.where,
                expected="CSV files in UTF-8 parted by commas, or Parquet files",
                todo="open the file with the program that wrote it, and write it again",
            ) from error
        raise


def _reader(source: Path | str, settings: Settings) -> Reader:
    """Return the reader of files that the cluster's machines can read.

    Raises:
        SourceNotReadableError: a database.
        SettingsError: a mapping, whose expressions are DuckDB's.
    """
    if settings.source.mapping:
        raise SettingsError(
            "a mapping of another shop's tables, whose expressions only DuckDB runs",
            where="[source.mapping] of the settings",
            expected="the tables of the public Olist files, under their names",
            todo="write the tables under those names, or build without --engine spark",
        )
    address = parse_address(source)
    reader = file_reader(address) if isinstance(address, Path) else None
    if isinstance(reader, (FolderReader, ArchiveReader)):
        return reader
    if reader is not None:
        reader.close()
    raise SourceNotReadableError(
        "a database, which Spark does not read here",
        where=address.name,
        expected="a folder of CSV or Parquet files, or the zip archive of CSV files",
        todo="export its tables as Parquet to a folder that every machine of the cluster sees,"
        " or build without --engine spark",
    )


def _as_text(name: str, there: str | None, stand_in: str | None) -> str:
    """Return a column of the source as text, without marks that would turn the text around it."""
    absent = "null" if stand_in is None else f"'{stand_in}'"
    text = absent if there is None else quoted(there)
    cast = f"cast({text} as varchar)"
    if name in SHOWN_COLUMNS:
        cast = f"translate({cast}, '{BIDI_CONTROLS}', '')"
    return f"{cast} as {quoted(name)}"


def _strange_text(name: str, count: int, example: str | None, place: str) -> ContentError:
    """Return the error for texts that are no moment, such as the example, or no UTF-8."""
    if example is not None:
        return ContentError(
            f"{count} values of {name} that are no date in the expected form, for instance"
            f" {example!r}",
            where=place,
            expected="a date such as 2018-10-17 17:30:18",
            todo="correct these values, or export the table again",
        )
    return ContentError(
        f"{count} values of {name} with bytes that are not UTF-8",
        where=place,
        expected="a table in UTF-8",
        todo="export the table again as UTF-8",
    )
