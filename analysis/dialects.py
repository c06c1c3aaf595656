"""Queries made whole, and written for other engines: SQLite, PostgreSQL, Spark.

The files of sql/ are DuckDB's dialect, kept to what is portable. Imported where needed: sqlglot
takes a quarter of a second.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import takewhile
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, ClassVar, Literal, cast

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.sqlite import SQLite

from analysis.queries import Value, intermediate_names, read_query
from analysis.staged import (
    CLEAN,
    cleaning_clauses,
    compare_texts_by_bytes,
    empty_clauses,
    is_needless,
)
from analysis.tables import REVIEW_COMMENTS, TABLES

Transform = Callable[[Any, Any], str]
DialectName = Literal["duckdb", "sqlite", "postgres", "spark"]

PARAMETERS = "parameters"
_INDENT = 4
_TEXT_WIDTH = 80
_HEADING_WIDTH = 97
# Text in quotes, identifiers in quotes and comments keep their case.
_PROTECTED = re.compile(r"('(?:[^']|'')*'|\"[^\"]*\"|/\*.*?\*/|--[^\n]*)", re.DOTALL)
# In Spark a backslash takes the meaning from the quote after it.
_PROTECTED_SPARK = re.compile(r"('(?:[^'\\]|\\.)*'|`[^`]*`|/\*.*?\*/|--[^\n]*)", re.DOTALL)
_SHORT_BRACKET = re.compile(r"\(\n\s+([^\n()']{1,60})\n\s+\)")
_NOT_NULL = re.compile(r"\bNOT ([\w.\"]+) IS NULL\b")


def compose(name: str, made: frozenset[str] = frozenset()) -> exp.Expression:
    """Return a file of sql/ as one statement that stands alone, but for the tables in `made`.

    The files of sql/intermediate that it selects from come first, as WITH clauses of one flat list,
    each before its first use.
    """
    statement = _parsed(name)
    clauses = {clause.alias: clause for clause in _take_clauses(statement)}
    waiting = [statement, *clauses.values()]
    while waiting:
        for table in sorted(_tables(waiting.pop()) - clauses.keys() - made):
            if table in intermediate_names():
                part = _parsed(f"intermediate/{table}")
                added = [*_take_clauses(part), exp.CTE(this=part, alias=_alias(table))]
                clauses.update((clause.alias, clause) for clause in added)
                waiting.extend(added)
    ordered = _in_order_of_use(clauses)
    if ordered:
        statement.set("with_", exp.With(expressions=ordered))
    return statement


def render_query(
    name: str,
    dialect: DialectName,
    parameters: Mapping[str, Value | exp.Expression],
    table_names: Mapping[str, str] | None = None,
    absent: Collection[str] = (),
    named: Collection[str] = (),
    kept: Collection[str] = (),
) -> str:
    """Return a file of sql/ as a script for another engine, with its parameters written out.

    Args:
        name: the file's path under sql/, without ".sql".
        dialect: for whom.
        parameters: the values of its $parameters; an expression stands as it is, in brackets of
            its own making.
        table_names: other names of canonical tables, as the reader's database spells them.
        absent: canonical tables that the reader's database lacks: they have no rows.
        named: parameters that stand once, by name, in a first clause called `parameters`.
        kept: WITH clauses whose rows are worked out once: what they compute is used several times.
    """
    statement = compose(name)
    _fill_absent(statement, absent)
    if dialect != "duckdb":
        _clean_tables(statement, dialect)
    _name_parameters(statement, {key: parameters[key] for key in parameters if key in named})
    for placeholder in list(statement.find_all(exp.Placeholder)):
        placeholder.replace(_literal(parameters[placeholder.name]))
    _prune(statement)
    _drop_needless(statement)
    if dialect == "postgres":
        compare_texts_by_bytes(statement)
    _trust_null_order(statement, dialect)
    for clause in statement.find_all(exp.CTE):
        if clause.alias in kept:
            clause.set("materialized", True)
    own = {clause.alias for clause in statement.find_all(exp.CTE)}
    _rename(statement, {k: v for k, v in (table_names or {}).items() if k not in own})
    for node in statement.walk():
        node.comments = None
    target: type[Dialect] | str = PlainSQLite if dialect == "sqlite" else dialect
    text = statement.sql(
        target,
        pretty=True,
        indent=_INDENT,
        pad=_INDENT,
        max_text_width=_TEXT_WIDTH,
    )
    return f"{_heading(name, parameters, named)}{_as_by_hand(text, dialect)};\n"


def render_canonical(
    name: str,
    dialect: DialectName,
    parameters: Mapping[str, Value | exp.Expression],
    made: frozenset[str] = frozenset(),
    *,
    nested: bool = False,
) -> str:
    """Return a file of sql/ as one statement for an engine that holds the canonical tables.

    Args:
        name: the file's path under sql/, without ".sql".
        dialect: for whom.
        parameters: the values of its $parameters, which are written out; more may be given.
        made: tables that are there beside the canonical ones.
        nested: each WITH clause stands as a subquery where it is used.
    """
    statement = compose(name, made - {Path(name).name})
    return _filled(_nested(statement) if nested else statement, dialect, parameters)


def translate(text: str, dialect: DialectName, parameters: Mapping[str, Value]) -> str:
    """Return a statement in DuckDB's words in those of another engine, with its values in it."""
    statement = cast(exp.Expression, sqlglot.parse_one(text, read="duckdb"))
    return _filled(statement, dialect, parameters)


def _nested(statement: exp.Expression) -> exp.Expression:
    """Put each WITH clause, under its name, where it is selected from."""
    whole: dict[str, exp.Expression] = {}

    def put(node: exp.Expression) -> exp.Expression:
        for table in list(node.find_all(exp.Table)):
            if table.name in whole:
                table.replace(exp.Subquery(this=whole[table.name].copy(), alias=_alias(table.name)))
        return node

    for clause in _take_clauses(statement):
        whole[clause.alias] = put(clause.this)
    return put(statement)


def _filled(
    statement: exp.Expression,
    dialect: DialectName,
    parameters: Mapping[str, Value | exp.Expression],
) -> str:
    """Return a statement with its values written out; every comment is left out."""
    for placeholder in list(statement.find_all(exp.Placeholder)):
        placeholder.replace(_literal(parameters[placeholder.name]))
    for node in statement.walk():
        node.comments = None
    return str(statement.sql(dialect))


def _fill_absent(statement: exp.Expression, absent: Collection[str]) -> None:
    """Put the tables that are not there first, as clauses without rows."""
    gone = {*absent, *(REVIEW_COMMENTS.name for name in absent if name == "order_reviews")}
    missing = empty_clauses(_tables(statement) & gone)
    if missing:
        statement.set("with_", exp.With(expressions=[*missing, *_take_clauses(statement)]))


def _clean_tables(statement: exp.Expression, dialect: DialectName) -> None:
    """Let the query read the client's tables through what sql/staging does to them."""
    own = {clause.alias for clause in statement.find_all(exp.CTE)}
    tables = (_tables(statement) - own) & {table.name for table in (*TABLES, REVIEW_COMMENTS)}
    clauses = _take_clauses(statement)
    for node in (statement, *clauses):
        _rename(node, {table: f"{CLEAN}{table}" for table in tables})
    cleaning = cleaning_clauses(tables, typed=dialect == "postgres")
    if dialect == "sqlite":
        for clause in cleaning:
            # Kept as rows of its own, a clause used twice misleads SQLite's order of joins.
            clause.set("materialized", False)
    clauses = [*cleaning, *clauses]
    statement.set("with_", exp.With(expressions=clauses) if clauses else None)


def _name_parameters(
    statement: exp.Expression, parameters: Mapping[str, Value | exp.Expression]
) -> None:
    """Put the values into a first clause of one row, which every select that asks for one joins."""
    if not parameters:
        return
    for placeholder in list(statement.find_all(exp.Placeholder)):
        if placeholder.name not in parameters:
            continue
        select = cast(exp.Select, placeholder.find_ancestor(exp.Select))
        if not any(join.this.name == PARAMETERS for join in _joins(select)):
            # First of the joins: the conditions of the others may ask for a parameter.
            joined = exp.Join(this=exp.to_table(PARAMETERS), kind="CROSS")
            select.set("joins", [joined, *_joins(select)])
        placeholder.replace(exp.column(placeholder.name, table=PARAMETERS))
    values = exp.select(*(exp.alias_(_literal(value), key) for key, value in parameters.items()))
    clause = exp.CTE(this=values, alias=_alias(PARAMETERS))
    statement.set("with_", exp.With(expressions=[clause, *_take_clauses(statement)]))


def _drop_needless(statement: exp.Expression) -> None:
    """Read a table itself where the columns that are left need no cleaning."""
    clauses = _take_clauses(statement)
    needless = {clause.alias for clause in clauses if is_needless(clause)}
    kept = [clause for clause in clauses if clause.alias not in needless]
    for node in (statement, *kept):
        _rename(node, {name: name.removeprefix(CLEAN) for name in needless})
    statement.set("with_", exp.With(expressions=kept) if kept else None)


def _parsed(name: str) -> exp.Expression:
    """Return a fresh tree of a file of sql/."""
    return _parsed_once(name).copy()


@cache
def _parsed_once(name: str) -> exp.Expression:
    return cast(exp.Expression, sqlglot.parse_one(read_query(name), read="duckdb"))


def _take_clauses(statement: exp.Expression) -> list[exp.CTE]:
    """Cut the WITH clauses off a statement and return them."""
    clauses = statement.args.get("with_")
    statement.set("with_", None)
    return list(clauses.expressions) if clauses else []


def _tables(node: exp.Expression) -> set[str]:
    return {table.name for table in node.find_all(exp.Table)}


def _in_order_of_use(clauses: Mapping[str, exp.CTE]) -> list[exp.CTE]:
    """Return the clauses so that each stands after those that it selects from."""
    ordered: dict[str, exp.CTE] = {}
    asked = {name: _tables(clause.this) for name, clause in clauses.items()}

    def place(names: Iterable[str]) -> None:
        for name in names:
            if name not in ordered:
                place(other for other in clauses if other in asked[name])
                ordered[name] = clauses[name]

    place(clauses)
    return list(ordered.values())


def _prune(statement: exp.Expression) -> None:
    """Leave out what the statement does not need: columns, left joins and WITH clauses.

    Two conventions of sql/ make this safe, and tests hold them: every column is written with its
    table, and a left join never adds rows.
    """
    size = -1
    while size != (size := sum(1 for _ in statement.walk())):
        used = {(column.table, column.name) for column in statement.find_all(exp.Column)}
        clauses = statement.args["with_"].expressions if statement.args.get("with_") else []
        for clause in clauses:
            kept = [part for part in clause.this.expressions if _key(clause, part) in used]
            clause.this.set("expressions", kept)
        for select in statement.find_all(exp.Select):
            select.set("joins", [join for join in _joins(select) if _is_needed(select, join)])
        needed = _tables(statement)
        if clauses:
            kept = [clause for clause in clauses if clause.alias in needed]
            statement.set("with_", exp.With(expressions=kept) if kept else None)


def _key(clause: exp.CTE, part: exp.Expression) -> tuple[str, str]:
    return clause.alias, part.alias_or_name


def _joins(select: exp.Select) -> list[exp.Join]:
    return list(select.args.get("joins") or [])


def _is_needed(select: exp.Select, join: exp.Join) -> bool:
    if join.side != "LEFT":
        return True
    inside = {id(column) for column in join.find_all(exp.Column)}
    columns = (column for column in select.find_all(exp.Column) if id(column) not in inside)
    return any(column.table == join.this.name for column in columns)


def _trust_null_order(statement: exp.Expression, dialect: DialectName) -> None:
    """Leave each engine its own place for nulls: our files sort by what is filled."""
    if dialect == "duckdb":
        return
    small = dialect != "postgres"
    for ordered in statement.find_all(exp.Ordered):
        ordered.set("nulls_first", bool(ordered.args.get("desc")) != small)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name))


def _rename(statement: exp.Expression, names: Mapping[str, str]) -> None:
    """Call tables by other names; columns that are qualified by them follow."""
    for table in statement.find_all(exp.Table):
        if table.name in names:
            table.set("this", exp.to_identifier(names[table.name]))
    for column in statement.find_all(exp.Column):
        if column.table in names:
            column.set("table", exp.to_identifier(names[column.table]))


def _literal(value: Value | exp.Expression) -> exp.Expression:
    if isinstance(value, exp.Expression):
        return value.copy()
    if isinstance(value, datetime):
        return exp.Literal.string(f"{value:%Y-%m-%d %H:%M:%S}")
    return cast(exp.Expression, exp.convert(value))


def _negated(length: exp.Expression) -> exp.Expression:
    return exp.Neg(this=length if length.is_number else exp.Paren(this=length))


def _replacements(generator: Any, node: exp.Translate) -> str:
    """Write translate() as one replace() a letter; SQLite's lower() knows A to Z only."""
    text = str(generator.sql(node, "this"))
    if (node.args["from_"].name, node.args["to"].name) == (ascii_uppercase, ascii_lowercase):
        return f"LOWER({text})"
    for old, new in zip(node.args["from_"].name, node.args["to"].name, strict=True):
        quotes = [letter.replace("'", "''") for letter in (old, new)]
        text = f"REPLACE({text}, '{quotes[0]}', '{quotes[1]}')"
    return text


def _whole_seconds(generator: Any, node: exp.Floor) -> str:
    """Write floor(); the seconds that strftime() gives are whole as they are."""
    seconds = isinstance(node.this, exp.TimeToUnix)
    return str(generator.sql(node, "this") if seconds else generator.function_fallback_sql(node))


def _heading(
    name: str, parameters: Mapping[str, Value | exp.Expression], named: Collection[str]
) -> str:
    """Return the comment that opens the file, with the parameters' values or names in it."""
    lines = []
    for line in takewhile(lambda line: line.startswith("--"), read_query(name).splitlines()):
        text = line.removeprefix("--").strip()
        for parameter in sorted(parameters, key=len, reverse=True):
            said = parameter if parameter in named else str(parameters[parameter])
            text = text.replace(f"${parameter}", said)
        lines += textwrap.wrap(text, _HEADING_WIDTH)
    return "".join(f"-- {line}\n" for line in lines)


def _as_by_hand(text: str, dialect: DialectName) -> str:
    """Return generated SQL in the house's style: lower case, `is not null`."""
    text = _SHORT_BRACKET.sub(r"(\1)", text)
    protected = _PROTECTED_SPARK if dialect == "spark" else _PROTECTED
    pieces = protected.split(_NOT_NULL.sub(r"\1 IS NOT NULL", text))
    return "".join(piece if place % 2 else piece.lower() for place, piece in enumerate(pieces))


class PlainSQLite(SQLite):
    """SQLite as its shell understands it, on tables whose dates are text."""

    class Generator(SQLite.Generator):  # type: ignore[misc, valid-type]
        """What SQLite lacks, said with what it has."""

        TYPED_DIVISION = True
        TRANSFORMS: ClassVar[dict[Any, Transform]] = {
            **SQLite.Generator.TRANSFORMS,
            exp.TimeToUnix: lambda self, node: f"STRFTIME('%s', {self.sql(node, 'this')})",
            exp.Right: lambda self, node: self.func("SUBSTR", node.this, _negated(node.expression)),
            exp.Substring: lambda self, node: self.func(
                "SUBSTR", node.this, node.args.get("start"), node.args.get("length")
            ),
            exp.IntDiv: lambda self, node: self.binary(node, "/"),
            exp.Div: lambda self, node: self.binary(node, "/"),
            exp.Translate: _replacements,
            exp.Floor: _whole_seconds,
            # Of one argument it would be the aggregate; nothing that is compared is null.
            exp.Least: lambda self, node: self.func("MIN", node.this, *node.expressions),
        }

        def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
            """Leave dates as the text that they are."""
            if expression.to.is_type(*exp.DataType.TEMPORAL_TYPES):
                return str(self.sql(expression, "this"))
            return str(super().cast_sql(expression, safe_prefix=safe_prefix))
