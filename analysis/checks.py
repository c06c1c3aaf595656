"""What must hold of a canonical table before anything is computed from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import ContentError, SourceNotReadableError
from analysis.queries import Connection, create_table, quoted, run_text
from analysis.tables import TableSpec

if TYPE_CHECKING:
    import duckdb
    from duckdb import DuckDBPyConnection

# Dates outside of these years are typing errors, or words that the engine reads as dates.
# More than anything costs, in any currency: beyond it cents are no longer exact.
_LARGEST_AMOUNT = 1_000_000_000_000
_CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")
_CSV_REASON = re.compile(r"^(Invalid unicode|Expected Number|Value with|Maximum line).*$", re.M)
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


def stage_checked(
    connection: DuckDBPyConnection, table: TableSpec, known: frozenset[str], where: str
) -> None:
    """Make a canonical table from its raw view by sql/staging, and check its content.

    Args:
        connection: where the view raw_<table> is.
        table: what must hold of it.
        known: the columns that the source has; none of an absent table.
        where: for messages.

    Raises:
        SourceNotReadableError: the file is not well-formed.
        ContentError: a value that cannot be.
    """
    import duckdb

    try:
        create_table(connection, table.name, f"staging/{table.name}")
    except duckdb.ConversionException as error:
        explain_conversion(connection, table, where)
        raise unread_value(str(error), where) from error
    except duckdb.Error as error:
        raise unreadable_table(error, where) from error
    if known:
        check_content(connection, table.of(known), where)


def unreadable_table(error: duckdb.Error, where: str) -> SourceNotReadableError:
    """Return the error for a table that the engine cannot read."""
    line = _CSV_LINE.search(str(error))
    reason = _CSV_REASON.search(str(error))
    if not line:
        return SourceNotReadableError(
            f"the table cannot be read: {str(error).splitlines()[0]}",
            where=where,
            expected="a whole table, as it was exported",
            todo="copy the file again, or export the table again",
        )
    found = f"line {line[1]}: {reason[0] if reason else 'not as the others'}"
    return SourceNotReadableError(
        f"the table cannot be read: {found}",
        where=where,
        expected="a whole table: CSV in UTF-8 with commas and as many values as columns",
        todo="correct that line, or export the table again as CSV UTF-8",
    )


def check_links(connection: Connection, where: str) -> None:
    """Check that every order has its customer.

    Raises:
        ContentError: an order whose customer is not among the customers.
    """
    lost = run_text(
        connection,
        "select count(*) as lost, min(order_id) as example from orders"
        " anti join customers using (customer_id)",
    ).to_pylist()[0]
    if lost["lost"]:
        raise ContentError(
            f"{lost['lost']} orders of a customer who is not in customers,"
            f" for instance order {lost['example']}",
            where=where,
            expected="every customer_id of orders in customers",
            todo="export both tables again, at the same moment",
        )


def check_content(connection: Connection, table: TableSpec, where: str) -> None:
    """Check what a canonical table holds; `table` names the columns that the source has.

    Raises:
        ContentError: a value that cannot be.
    """
    figures = _measure(connection, table)
    if table.required and not figures["rows"]:
        raise ContentError(
            f"the table {table.name} is empty",
            where=where,
            expected="at least one row",
            todo="export the table again",
        )
    if figures["nul bytes"]:
        raise ContentError(
            f"{figures['nul bytes']} rows with a NUL byte in a text",
            where=where,
            expected="texts without it",
            todo="export the table again; the file may be damaged",
        )
    for column in table.filled:
        if figures[f"empty {column}"]:
            raise ContentError(
                f"{figures[f'empty {column}']} rows without {column}",
                where=where,
                expected=f"{column} in every row",
                todo="complete or remove these rows",
            )
    if table.key and figures["distinct keys"] != figures["rows"]:
        raise _duplicated(connection, table, where)
    for column in table.amounts:
        if figures[f"wrong {column}"]:
            raise ContentError(
                f"{figures[f'wrong {column}']} rows whose {column} is empty, negative or not a"
                f" number, or too large: from {figures[f'lowest {column}']}"
                f" to {figures[f'largest {column}']}",
                where=where,
                expected=f"an amount from 0 to {_LARGEST_AMOUNT:,}",
                todo="correct these rows; a refund is not a negative price",
            )
    _check_ranges(figures, table, where)


def _measure(connection: Connection, table: TableSpec) -> dict[str, int | float]:
    """Return every count that the checks need, in one pass."""
    parts = ["count(*) as rows"]
    texts = [name for name in table.known_columns if name in _text_columns(connection, table.name)]
    nul = " or ".join(f"contains({quoted(name)}, chr(0))" for name in texts)
    parts.append(f"count(*) filter (where {nul or 'false'}) as {quoted('nul bytes')}")
    for column in table.filled:
        name = quoted(column)
        parts.append(f"count(*) filter (where {name} is null) as {quoted(f'empty {column}')}")
    if table.key:
        parts.append(f"count(distinct {_key(table)}) as {quoted('distinct keys')}")
    for column in table.amounts:
        wrong = f"{column} is null or not {column} between 0 and {_LARGEST_AMOUNT}"
        parts.append(f"count(*) filter (where {wrong}) as {quoted(f'wrong {column}')}")
        parts.append(f"min({column}) as {quoted(f'lowest {column}')}")
        parts.append(f"max({column}) as {quoted(f'largest {column}')}")
    for column in table.dates:
        # The engine reads "infinity" as a date without a year.
        year = f"case when {column} is not null then coalesce(year({column}), 9999) end"
        parts.append(f"min({year}) as {quoted(f'first {column}')}")
        parts.append(f"max({year}) as {quoted(f'last {column}')}")
    if table.name == "order_reviews":
        parts.append("count(*) filter (where review_score not between 1 and 5) as scores")
    found = run_text(connection, f"select {', '.join(parts)} from {table.name}")
    return dict(found.to_pylist()[0])


def _text_columns(connection: Connection, table: str) -> set[str]:
    """Return the columns of a table that hold text."""
    found = run_text(connection, f"select * from {quoted(table)} limit 0").schema
    return {field.name for field in found if str(field.type) in ("string", "large_string")}


def _check_ranges(figures: dict[str, int | float], table: TableSpec, where: str) -> None:
    for column in table.dates:
        first, last = figures[f"first {column}"], figures[f"last {column}"]
        if first is not None and not _FIRST_YEAR <= first <= last <= _LAST_YEAR:
            raise ContentError(
                f"{column} runs from the year {first} to {last}",
                where=where,
                expected=f"dates between {_FIRST_YEAR} and {_LAST_YEAR}",
                todo="correct these rows",
            )
    if figures.get("scores"):
        raise ContentError(
            f"{figures['scores']} reviews whose review_score is not between 1 and 5, or not whole",
            where=where,
            expected="1, 2, 3, 4 or 5 stars",
            todo="correct these rows",
        )


def _duplicated(connection: Connection, table: TableSpec, where: str) -> ContentError:
    key = _key(table)
    found = run_text(
        connection,
        f"select count(*) as keys, min(value) as example from"
        f" (select {key} as value from {table.name} group by 1 having count(*) > 1)",
    ).to_pylist()[0]
    name = " and ".join(table.key)
    return ContentError(
        f"{found['keys']} values of {name} that stand in several rows,"
        f" for instance {found['example']}",
        where=where,
        expected=f"one row a {name}",
        todo="remove the repeated rows",
    )


def unread_value(said: str, where: str) -> ContentError:
    """Return the error for a value that the engine could not read as what it should be."""
    return ContentError(
        said.splitlines()[0],
        where=where,
        expected="dates and numbers",
        todo="correct these values, or export the table again",
    )


def explain_conversion(connection: Connection, table: TableSpec, where: str) -> None:
    """Raise for the first column whose text is not what it should be.

    Raises:
        ContentError: which column of the view raw_<table>, and how many values.
    """
    wanted = [(column, "timestamp") for column in table.dates]
    wanted += [(column, "double") for column in (*table.amounts, *table.numbers)]
    for column, kind in wanted:
        text = f"nullif(trim({column}), '')"
        found = run_text(
            connection,
            f"select count(*) as rows, min({text}) as example from raw_{table.name}"
            f" where {text} is not null and try_cast({text} as {kind}) is null",
        ).to_pylist()[0]
        if found["rows"]:
            what = "date" if kind == "timestamp" else "number"
            example = "2018-10-17 17:30:18" if kind == "timestamp" else "58.90"
            raise ContentError(
                f"{found['rows']} values of {column} that are no {what},"
                f" for instance {found['example']!r}",
                where=where,
                expected=f"a {what} such as {example}",
                todo="correct these values, or export the table again",
            )


def _key(table: TableSpec) -> str:
    return " || '/' || ".join(f"cast({quoted(name)} as varchar)" for name in table.key)
