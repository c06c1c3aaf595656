"""What the columns of the canonical tables hold, as sql/staging casts them, and what follows.

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

# Functions that give text, and whose type sqlglot does not know.
_TEXT_FUNCTIONS = (exp.Replace, exp.Right, exp.Left)
_BY_BYTES = "C"


@cache
def staged_columns(table: str) -> Mapping[str, exp.DataType]:
    """Return the columns of a canonical table with their types; what is not cast is text."""
    statement = cast(exp.Select, sqlglot.parse_one(read_query(f"staging/{table}"), read="duckdb"))
    return {part.alias_or_name: _cast_to(part.unalias()) for part in statement.selects}


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
    """Say of each compared expression whether it is text; the statement itself is left alone."""
    known = statement.copy()
    for node in list(known.find_all(*_TEXT_FUNCTIONS)):
        node.replace(exp.cast(node.copy(), "text"))
    schema: dict[str, object] = {
        path.stem: {name: kind.sql("duckdb") for name, kind in staged_columns(path.stem).items()}
        for path in sorted((query_folder() / "staging").glob("*.sql"))
    }
    annotate_types(known, schema=schema, dialect="duckdb")
    return [_selected(node).is_type(*exp.DataType.TEXT_TYPES) for node in _compared(known)]


def _selected(key: exp.Expression) -> exp.Expression:
    """Return what a bare name in ORDER BY stands for: an expression that is selected."""
    if not isinstance(key, exp.Column) or key.table:
        return key
    select = key.find_ancestor(exp.Select)
    named = {part.alias: part.unalias() for part in select.selects} if select else {}
    return cast(exp.Expression, named.get(key.name, key))
