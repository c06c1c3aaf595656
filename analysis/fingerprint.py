"""What tells data apart where there is no file to take a SHA-256 of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.queries import quoted, run_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def content_fingerprint(connection: DuckDBPyConnection, tables: Iterable[str]) -> str:
    """Return a SHA-256 of canonical tables, whatever the order of their rows.

    Of each table in turn: its name, its columns, and the SHA-256 of the sorted SHA-256s of its
    rows; a row is its values as text, parted by the unit separator, an absent one being the record
    separator.
    """
    digest = hashlib.sha256()
    for table in tables:
        head = run_text(connection, f"select * from {quoted(table)} limit 0").column_names
        values = ", ".join(f"coalesce(cast({quoted(name)} as varchar), chr(30))" for name in head)
        rows = run_text(
            connection,
            "select coalesce(sha256(string_agg(row_hash, '' order by row_hash)), '') as rows"
            f" from (select sha256(concat_ws(chr(31), {values})) as row_hash"
            f" from {quoted(table)})",
        )
        digest.update(f"{table}\n{','.join(head)}\n{rows['rows'][0].as_py()}\n".encode())
    return digest.hexdigest()
