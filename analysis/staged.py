"""What sql/staging makes of the source's tables, said for queries that run on those themselves.

Another engine reads the client's own tables: each column that staging cleans (spaces, capitals,
empty texts, the zero of a zip prefix) is cleaned there by the same expression.
Texts are compared by their bytes, as DuckDB, SQLite and Spark do; PostgreSQL would follow the
language of the database. A table that a source lacks stands as one without rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types

from analysis.queries import query_folder, read_query
from analysis.tables import REVIEW_COMMENTS

# Functions that give text, and whose type sqlglot does not know.
_TEXT_FUNCTIONS = (exp.Replace, exp.Right, exp.Left)
_BY_BYTES = "C"
CLEAN = "clean_"
# The client keeps the words of the reviews in the table of the reviews.
_KEPT_IN = {REVIEW_COMMENTS.name: "order_reviews"}


@cache
def staged_columns(table: str) -> Mapping[str, exp.DataType]:
    """Return the columns of a canonical table with their types; what is not cast is text."""
    return {part.alias_or_name: _cast_to(part.unalias()) for part in _staging(table).selects}


def _staging(table: str) -> exp.Select:
    """Return a fresh tree of the file that makes a canonical table."""
    return cast(exp.Select, sqlglot.parse_one(read_query(f"staging/{table}"), read="duckdb"))


def _cast_to(part: exp.Expr) -> exp.DataType:
    return part.to.copy() if isinstance(part, exp.Cast) else exp.DataType.build("text")


def empty_clauses(tables: Iterable[str]) -> list[exp.CTE]:
    """Return a WITH clause without rows for each canonical table, under its name."""
    return [
        exp.CTE(
            this=exp.select(
                *(
                    exp.alias_(exp.cast(exp.null(), kind.copy()), name)
                    for name, kind in staged_columns(table).items()
                )
            ).where(exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))),
            alias=exp.TableAlias(this=exp.to_identifier(table)),
        )
        for table in sorted(tables)
    ]


def cleaning_clauses(tables: Iterable[str], *, typed: bool) -> list[exp.CTE]:
    """Return a WITH clause for each canonical table, clean_<table>: its staging, on itself.

    Args:
        tables: names of canonical tables.
        typed: the client's columns have types, so that only texts need cleaning.
    """
    return [_cleaning_clause(table, typed) for table in sorted(tables)]


def _cleaning_clause(table: str, typed: bool) -> exp.CTE:
    statement = _staging(table)
    for source in statement.find_all(exp.Table):
        source.set("this", exp.to_identifier(_KEPT_IN.get(table, table)))
    change = _typed if typed else _unchecked
    statement.set("expressions", [change(part) for part in statement.selects])
    alias = exp.TableAlias(this=exp.to_identifier(f"{CLEAN}{table}"))
    return exp.CTE(this=statement, alias=alias)


def _unchecked(part: exp.Expr) -> exp.Expr:
    """Return a column without the cases that the check of the content refuses anyway."""
    value = part.unalias()
    if isinstance(value, exp.Cast) and isinstance(value.this, exp.Case):
        value.set("this", next(iter(value.this.find_all(exp.Cast))).copy())
    return part


def _typed(part: exp.Expr) -> exp.Expr:
    """Return a column as it is where it has a type; a text, whatever it is written as, as text."""
    value = part.unalias()
    if isinstance(value, exp.Column):
        return part
    if isinstance(value, exp.Cast):
        column = next(iter(value.find_all(exp.Column))).copy()
        return column if column.name == part.alias else exp.alias_(column, part.alias)
    for column in list(value.find_all(exp.Column)):
        column.replace(exp.cast(column.copy(), "text"))
    return part


def is_needless(clause: exp.CTE) -> bool:
    """Say whether a cleaning clause leaves everything as it is."""
    plain = all(isinstance(part, exp.Column) for part in clause.this.expressions)
    table = clause.alias.removeprefix(CLEAN)
    own_name = table != clause.alias and table not in _KEPT_IN
    return own_name and plain and not clause.this.args.get("where")


def compare_texts_by_bytes(statement: exp.Expression) -> None:
    """Make a query's order of texts, and their least and greatest, that of their bytes.

    A key is cast to text first, because an id may be of a type of its own (uuid).
    """
    for node, is_text in zip(_compared(statement), _which_are_text(statement), strict=True):
        if is_text:
            key = _selected(node).copy()
            node.replace(
                exp.Collate(
                    this=exp.cast(key, "text"),
                    expression=exp.to_identifier(_BY_BYTES, quoted=True),
                )
            )


def _compared(statement: exp.Expression) -> list[exp.Expression]:
    """Return the sort keys, and what the least or the greatest is taken of."""
    return [node.this for node in statement.find_all(exp.Ordered, exp.Min, exp.Max)]


def _which_are_text(statement: exp.Expression) -> list[bool]:
    """Say of each compared expression whether it is text; the statement itself is left alone.

    Raises:
        ValueError: the type of one is not known, so that its order could differ between engines.
    """
    known = statement.copy()
    for node in list(known.find_all(*_TEXT_FUNCTIONS)):
        node.replace(exp.cast(node.copy(), "text"))
    for clause in known.find_all(exp.CTE):
        if clause.alias.startswith(CLEAN):
            table = exp.to_identifier(clause.alias.removeprefix(CLEAN))
            for source in clause.find_all(exp.Table):
                source.set("this", table.copy())
            for column in clause.find_all(exp.Column):
                column.set("table", table.copy())
    schema: dict[str, object] = {
        path.stem: {name: kind.sql("duckdb") for name, kind in staged_columns(path.stem).items()}
        for path in sorted((query_folder() / "staging").glob("*.sql"))
    }
    annotate_types(known, schema=schema, dialect="duckdb")
    keys = [_selected(node) for node in _compared(known)]
    for key in keys:
        if key.type is None or key.is_type("unknown"):
            raise ValueError(f"{key.sql()}: what type is it? Add its function to _TEXT_FUNCTIONS")
    return [key.is_type(*exp.DataType.TEXT_TYPES) for key in keys]


def _selected(key: exp.Expression) -> exp.Expression:
    """Return what a bare name in ORDER BY stands for: an expression that is selected."""
    if not isinstance(key, exp.Column) or key.table:
        return key
    select = key.find_ancestor(exp.Select)
    named = {part.alias: part.unalias() for part in select.selects} if select else {}
    return cast(exp.Expression, named.get(key.name, key))
