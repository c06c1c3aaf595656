"""The forms that a shop's tables come in: each reader shows one of them as relations of text.

A reader opens nothing for writing. `columns` and `relation` speak the source's own names;
`analysis.source` finds the canonical ones in them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from analysis import archive
from analysis.errors import ContentError, SourceNotReadableError
from analysis.queries import quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

Kind = Literal["archive", "folder", "sqlite", "postgresql", "demo"]
# The byte of the header that says how the file is written: 2 for a write-ahead log.
_SQLITE_WAL_PLACE = 18
# A path or an Arrow table: each reader knows its own.
Fetched = Any


class Reader(Protocol):
    """What every form of a source can do."""

    kind: Kind
    where: str

    def tables(self) -> Mapping[str, str]:
        """Return the source's tables: lower-case name to what the reader calls it."""

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table, as the source spells them."""

    def fetch(self, table: str, columns: list[str]) -> Fetched:
        """Bring a table with at least these columns within reach; may run in any thread."""

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return what was fetched as a relation."""

    def count_rows(self, table: str) -> int:
        """Count the rows of a table that was not read."""

    def fingerprint(self) -> str:
        """Return a SHA-256 of the content; an empty text leaves it to the canonical tables."""

    def close(self) -> None:
        """Let go of files."""


class ArchiveReader:
    """A zip archive of CSV files; a member is unpacked when it is first asked for."""

    kind: Kind = "archive"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = str(path)
        self._archive: zipfile.ZipFile = archive.open_archive(path)
        self._folder = tempfile.TemporaryDirectory(prefix="playbook-")

    def tables(self) -> Mapping[str, str]:
        """Return the tables by lower-case name."""
        return archive.data_members(self._archive)

    def columns(self, table: str) -> list[str]:
        """Return the columns as they are spelt."""
        return archive.heading(archive.first_line(self._archive, table), f"{table} in {self.where}")

    def fetch(self, table: str, columns: list[str]) -> Fetched:  # noqa: ARG002 - read whole
        """Unpack a member, once."""
        target = Path(self._folder.name) / f"{Path(table).stem}.csv"
        if not target.exists():
            archive.unpack(self._archive, table, target)
        return target

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return the unpacked file."""
        return _file_relation(connection, fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows without keeping them."""
        return archive.count_lines(self._archive, table)

    def fingerprint(self) -> str:
        """Return a SHA-256 of the content."""
        return _file_fingerprint(self.path)

    def close(self) -> None:
        """Let go of files."""
        self._archive.close()
        self._folder.cleanup()


class FolderReader:
    """A folder of CSV or Parquet files, or one file of it."""

    kind: Kind = "folder"

    def __init__(self, path: Path, only: str = "") -> None:
        self.path = path
        self.where = str(path)
        self._only = only

    def tables(self) -> Mapping[str, str]:
        """Return the tables by lower-case name."""
        return archive.by_stem(self._names, self.where)

    @cached_property
    def _names(self) -> list[str]:
        if self._only:
            return [self._only]
        kinds = (".csv", ".parquet")
        found = (file for file in self.path.iterdir() if file.suffix.lower() in kinds)
        return sorted(file.name for file in found if file.is_file())

    def columns(self, table: str) -> list[str]:
        """Return the columns as they are spelt."""
        path = self.path / table
        if path.suffix.lower() == ".parquet":
            return _parquet_columns(path)
        return _file_heading(path)

    def fetch(self, table: str, columns: list[str]) -> Fetched:  # noqa: ARG002 - read in place
        """Return the file itself."""
        return self.path / table

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return the file."""
        return _file_relation(connection, fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows without keeping them."""
        path = self.path / table
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            return int(pq.read_metadata(path).num_rows)
        with path.open("rb") as stream:
            return max(sum(1 for _ in stream) - 1, 0)

    def fingerprint(self) -> str:
        """Return a SHA-256 of the content."""
        digest = hashlib.sha256()
        for name in self._names:
            digest.update(f"{name}\n{_file_fingerprint(self.path / name)}\n".encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Nothing is held open."""


class SqliteReader:
    """A SQLite file, opened read-only; columns come through ADBC, as text."""

    kind: Kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = str(path)
        self._uri = f"file:{quote(str(path.resolve()))}?{self._mode(path)}"
        try:
            self._database = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        try:
            self._tables = self._read_names()
        except sqlite3.Error as error:
            self._database.close()
            raise self._unreadable(error) from error

    def _mode(self, path: Path) -> str:
        """Return how to open the file without changing it.

        One with a write-ahead log needs a folder that can be written to, or to be known to stand
        still: then what is in the log must be in the file already.
        """
        with path.open("rb") as stream:
            header = stream.read(_SQLITE_WAL_PLACE + 1)
        is_wal = header[_SQLITE_WAL_PLACE:] == b"\x02"
        if not is_wal or os.access(path.resolve().parent, os.W_OK):
            return "mode=ro"
        log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
        if not log.exists() or not log.stat().st_size:
            return "mode=ro&immutable=1"
        if index.exists():
            return "mode=ro"
        raise SourceNotReadableError(
            f"the latest changes stand in {log.name}, which cannot be read in a folder that is"
            " closed to writing",
            where=self.where,
            expected="a SQLite file with all of its changes in it",
            todo="close the program that writes to it, or copy both files to a folder of your own",
        )

    def _unreadable(self, error: sqlite3.Error) -> SourceNotReadableError:
        return SourceNotReadableError(
            f"the SQLite file cannot be read: {error}",
            where=self.where,
            expected="a SQLite database that nobody is writing to",
            todo="check the file with `sqlite3 FILE .schema`",
        )

    def _read_names(self) -> dict[str, str]:
        rows = self._database.execute(
            "select name from sqlite_master where type in ('table', 'view') order by name"
        )
        return {str(row[0]).lower(): str(row[0]) for row in rows}

    def tables(self) -> Mapping[str, str]:
        """Return the tables by lower-case name."""
        return self._tables

    def columns(self, table: str) -> list[str]:
        """Return the columns as they are spelt."""
        rows = self._database.execute("select name from pragma_table_info(?)", (table,))
        return [str(row[0]) for row in rows]

    def fetch(self, table: str, columns: list[str]) -> Fetched:
        """Read the named columns as text."""
        import adbc_driver_sqlite.dbapi as adbc

        texts = ", ".join(f"cast({quoted(name)} as text) as {quoted(name)}" for name in columns)
        # The driver takes a column's type from its first batch: one batch, so all of it.
        options = {"adbc.sqlite.query.batch_rows": str(self.count_rows(table) + 1)}
        with adbc.connect(self._uri) as source, source.cursor(adbc_stmt_kwargs=options) as cursor:
            cursor.execute(f"select {texts} from {quoted(table)}")
            fetched = cursor.fetch_arrow_table()
        self._check_texts(fetched, table)
        return fetched

    def _check_texts(self, fetched: pa.Table, table: str) -> None:
        """Refuse bytes that are no text: whoever reads them later would fall over them."""
        import pyarrow as pa

        for name in fetched.column_names:
            try:
                fetched[name].validate(full=True)
            except pa.ArrowInvalid as error:
                raise ContentError(
                    f"{name} holds bytes that are no text (a BLOB, or another encoding)",
                    where=f"{table} in {self.where}",
                    expected="text in UTF-8",
                    todo=f"look for them with: select * from {table} where typeof({name}) = 'blob'",
                ) from error

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return what was read."""
        return connection.from_arrow(fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows without keeping them."""
        found = self._database.execute(f"select count(*) from {quoted(table)}").fetchone()
        return int(found[0])

    def fingerprint(self) -> str:
        """Return a SHA-256 of the content."""
        return _file_fingerprint(self.path)

    def close(self) -> None:
        """Let go of files."""
        self._database.close()


class FrameReader:
    """Tables in memory: the made-up marketplace, and the tests."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], kind: Kind, name: str) -> None:
        self.kind = kind
        self.where = name
        self._frames = dict(frames)

    def tables(self) -> Mapping[str, str]:
        """Return the tables by lower-case name."""
        return {name.lower(): name for name in self._frames}

    def columns(self, table: str) -> list[str]:
        """Return the columns as they are spelt."""
        return [str(name) for name in self._frames[table].columns]

    def fetch(self, table: str, columns: list[str]) -> Fetched:
        """Return the named columns."""
        import pyarrow as pa

        frame = self._frames[table][columns]
        mixed = frame.columns[frame.dtypes == "object"]
        frame = frame.astype(dict.fromkeys(mixed, "string"))
        return pa.Table.from_pandas(frame, preserve_index=False)

    def relation(self, connection: DuckDBPyConnection, fetched: Fetched) -> DuckDBPyRelation:
        """Return what was fetched."""
        return connection.from_arrow(fetched)

    def count_rows(self, table: str) -> int:
        """Count the rows without keeping them."""
        return len(self._frames[table])

    def fingerprint(self) -> str:
        """Return a SHA-256 of the content."""
        from pandas.util import hash_pandas_object

        digest = hashlib.sha256()
        for name in sorted(self._frames):
            frame = self._frames[name]
            digest.update(f"{name}\n{list(frame.columns)}\n".encode())
            digest.update(hash_pandas_object(frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    def close(self) -> None:
        """Nothing is held open."""


def _file_relation(connection: DuckDBPyConnection, path: Path) -> DuckDBPyRelation:
    """Return a file as a relation; of a CSV nothing is guessed: all is text, as headed."""
    if path.suffix.lower() == ".parquet":
        return connection.read_parquet(_unglobbed(path))
    return connection.read_csv(
        _unglobbed(path),
        columns=dict.fromkeys(_file_heading(path), "VARCHAR"),
        header=False,
        skiprows=1,
        auto_detect=False,
        sep=",",
        quotechar='"',
        escapechar='"',
    )


def _parquet_columns(path: Path) -> list[str]:
    """Return the columns of a Parquet file, which stand at its end.

    Raises:
        SourceNotReadableError: it was cut short, or is none.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except pa.ArrowInvalid as error:
        raise SourceNotReadableError(
            f"the file is cut short, or is no Parquet file: {str(error).splitlines()[0]}",
            where=str(path),
            expected="a whole Parquet file",
            todo="copy the file again, or export the table again",
        ) from error


def _file_heading(path: Path) -> list[str]:
    with path.open("rb") as stream:
        line = stream.readline(archive.CHUNK_BYTES)
    return archive.heading(line, str(path))


def _unglobbed(path: Path) -> str:
    """Return the path with the letters that the engine would expand made plain."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _file_fingerprint(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
