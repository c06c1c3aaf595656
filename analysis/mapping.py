"""[source.mapping] of playbook.toml: another shop's tables, said as the canonical ones.

A mapping is somebody's text that becomes SQL. It is parsed, only expressions and one select a table
are let through, and what runs is written anew from the parsed tree, in an engine that can reach
nothing but the source's own rows (`analysis.mapped_reader`). Imported where needed: sqlglot takes a
quarter of a second.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from analysis.errors import SchemaError, SettingsError

if TYPE_CHECKING:
    from analysis.settings import TableMapping

# sqlglot's nodes: its versions disagree on the common class.
Tree = Any

_SELECT_EXPECTED = "the name of a table, or one select statement over the source's tables"
_FORBIDDEN = (
    *(exp.DDL, exp.DML, exp.Command, exp.Into, exp.Placeholder, exp.Parameter),
    *(exp.Pragma, exp.Set, exp.Attach, exp.Detach, exp.Copy),
)
# They look outside of the source's rows; the engine would refuse most of them with less clarity.
_OUTSIDE = ("read_", "parquet_", "sniff_", "duckdb_", "pragma_", "glob", "load_", "query", "pg_")
_OUTSIDE_EXACT = {"getenv", "getvariable", "current_setting", "nextval", "currval"}
# Same input, same findings.
_UNSTEADY = {
    *("random", "rand", "uuid", "gen_random_uuid", "now", "today", "localtimestamp"),
    *("current_timestamp", "current_date", "current_time", "get_current_time"),
    *("get_current_timestamp", "transaction_timestamp"),
}


@dataclass(frozen=True)
class Plan:
    """One canonical table as a query over views source_0, source_1, ... of the source's tables.

    Attributes:
        table: canonical name.
        columns: canonical columns, in the order of the query.
        query: the rows, in DuckDB's dialect; every column is text.
        parts: by canonical column (or "where"), a query that evaluates it alone.
        reads: by the source's table, its view and the columns that are needed of it.
    """

    table: str
    columns: tuple[str, ...]
    query: str
    parts: tuple[tuple[str, str], ...]
    reads: Mapping[str, tuple[str, tuple[str, ...]]]


class Catalogue:
    """The source's tables and columns, and the views under which a plan sees them."""

    def __init__(self, tables: Mapping[str, str], columns: Mapping[str, list[str]]) -> None:
        """Take the tables by lower-case name, and the columns of each by its own name."""
        self._tables = dict(tables)
        self._columns = columns
        self._views = {name: f"source_{place}" for place, name in enumerate(tables.values())}

    def find(self, written: str, where: str) -> str:
        """Return the source's own name of a table.

        Raises:
            SchemaError: no such table, with the nearest.
        """
        name = self._tables.get(written.strip().strip('"').lower())
        if name is None:
            raise SchemaError(
                f"the mapping names a table that is not there: {written}"
                f"{_nearest(written, self._tables)}",
                where=where,
                expected=f"one of {_listed(self._tables) or 'no table at all'}",
                todo="correct the name in the settings",
            )
        return name

    def has(self, written: str) -> bool:
        """Say whether a text is the name of a table."""
        return written.strip().strip('"').lower() in self._tables

    def view(self, table: str) -> str:
        """Return the view of a table."""
        return self._views[table]

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table."""
        return self._columns[table]


def plan_table(table: str, mapping: TableMapping, catalogue: Catalogue) -> Plan:
    """Return how a canonical table is made.

    Raises:
        SettingsError: a text that is no expression, or one that is not let through.
        SchemaError: a table or a column that the source does not have.
    """
    where = f"[source.mapping.{table}] of the settings"
    origin = _Origin(mapping.origin, catalogue, where)
    expressions = {
        column: origin.expression(text, f"{column} in {where}")
        for column, text in mapping.columns.items()
    }
    condition = origin.expression(mapping.where, f"where in {where}") if mapping.where else None

    def select(named: Mapping[str, exp.Expression], kept: exp.Expression | None) -> str:
        values = [
            exp.alias_(exp.cast(node.copy(), "TEXT"), name, quoted=True)
            for name, node in named.items()
        ]
        query = exp.select(*values).from_(origin.node.copy())
        if kept is not None:
            query = query.where(kept.copy())
        return (query.distinct() if mapping.distinct else query).sql("duckdb")

    parts = [(name, select({name: node}, None)) for name, node in expressions.items()]
    if condition is not None:
        parts.append(("where", select({"kept": condition}, None)))
    return Plan(
        table, tuple(expressions), select(expressions, condition), tuple(parts), origin.reads
    )


class _Origin:
    """Where a mapped table's rows come from: a table of the source, or a select over some."""

    def __init__(self, text: str, catalogue: Catalogue, where: str) -> None:
        self._catalogue = catalogue
        self.reads: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._columns: list[str] | None = None
        if catalogue.has(text):
            name = catalogue.find(text, where)
            self._columns = catalogue.columns(name)
            self._alias = text.strip().strip('"')
            self.node: exp.Expression = self._shown(name)
            self._read(name, ())
        else:
            tree = _select(text, catalogue, f"from in {where}")
            self._resolve(tree, f"from in {where}")
            self._columns = None if _has_star(tree) else list(tree.named_selects)
            self._alias = "source"
            self.node = exp.Subquery(this=tree, alias=_alias(self._alias))

    def expression(self, text: str, where: str) -> exp.Expression:
        """Return an expression over the rows, its columns told apart from the canonical ones."""
        by_name = {name.lower(): name for name in self._columns or ()}
        plain = by_name.get(text.strip().strip('"').lower())
        if plain is not None:
            self._use(plain)
            return exp.column(exp.to_identifier(plain, quoted=True), table=self._alias_identifier())
        tree = _expression(text, where)
        self._resolve(tree, where)
        if tree.find(exp.Select, exp.Lambda):
            self._use(*(node.name for node in tree.find_all(exp.Identifier)))
            return tree
        for column in tree.find_all(exp.Column):
            self._check_column(column, by_name, where)
            self._use(column.name)
            column.set("table", self._alias_identifier())
        return tree

    def _check_column(self, column: exp.Column, by_name: Mapping[str, str], where: str) -> None:
        if self._columns is not None and column.name.lower() not in by_name:
            raise _no_column(column.name, self._columns, where)

    def _resolve(self, tree: Tree, where: str) -> None:
        """Put the views in the place of the source's tables, and note what is read of them."""
        clauses = {clause.alias.lower() for clause in tree.find_all(exp.CTE)}
        tables = [node for node in tree.find_all(exp.Table) if node.name.lower() not in clauses]
        found = [(node, self._table(node, where)) for node in tables]
        words = {node.name.lower() for node in tree.find_all(exp.Identifier)}
        self._check_words(tree, [name for _, name in found], where)
        for node, name in found:
            columns = self._catalogue.columns(name)
            star = _has_star(tree)
            self._read(name, [word for word in columns if star or word.lower() in words])
            if not node.alias:
                node.set("alias", _alias(node.name))
            node.set("this", exp.to_identifier(self._catalogue.view(name)))

    def _table(self, node: exp.Table, where: str) -> str:
        if not isinstance(node.this, exp.Identifier):
            raise _refused(f"a function in the place of a table: {node.this.sql('duckdb')}", where)
        if node.args.get("db"):
            raise _refused(f"a table of another schema: {node.sql('duckdb')}", where)
        return self._catalogue.find(node.name, where)

    def _check_words(self, tree: Tree, tables: list[str], where: str) -> None:
        """Refuse a column of a select that none of its tables has."""
        if not tables:
            return
        there = [name for table in tables for name in self._catalogue.columns(table)]
        made = [node.alias for node in tree.find_all(exp.Alias, exp.CTE, exp.Subquery, exp.Table)]
        made += [name for node in tree.find_all(exp.TableAlias) for name in node.alias_column_names]
        known = {name.lower() for name in (*there, *made, *(self._columns or ()))}
        for column in tree.find_all(exp.Column):
            if column.name.lower() not in known and not tree.find(exp.Lambda):
                raise _no_column(column.name, there, where)

    def _shown(self, name: str) -> exp.Expression:
        table = exp.Table(this=exp.to_identifier(self._catalogue.view(name)))
        table.set("alias", _alias(self._alias))
        return table

    def _use(self, *names: str) -> None:
        """Note columns that are read of a plain table; a select has noted its own."""
        if isinstance(self.node, exp.Table):
            (table,) = [name for name, (view, _) in self.reads.items() if view == self.node.name]
            wanted = {name.lower() for name in names}
            self._read(table, [name for name in self._columns or () if name.lower() in wanted])

    def _read(self, table: str, columns: Iterable[str]) -> None:
        view, before = self.reads.get(table, (self._catalogue.view(table), ()))
        self.reads[table] = (view, tuple(dict.fromkeys((*before, *columns))))

    def _alias_identifier(self) -> exp.Identifier:
        return exp.to_identifier(self._alias, quoted=True)


def _expression(text: str, where: str) -> exp.Expression:
    """Return the tree of one expression."""
    tree = _one_statement(f"select {text}\n", where)
    others = {name for name, value in tree.args.items() if value and name != "expressions"}
    values = tree.expressions
    plain = isinstance(tree, exp.Select) and not others and len(values) == 1
    if not plain or isinstance(values[0], exp.Alias | exp.Star):
        raise _refused(f"a text that is not one expression: {text}", where)
    return cast(exp.Expression, values[0].pop())


def _select(text: str, catalogue: Catalogue, where: str) -> exp.Select | exp.SetOperation:
    """Return the tree of one select statement."""
    if not any(word in text.lower().split() for word in ("select", "from", "with")):
        catalogue.find(text, where)
    tree = _one_statement(text, where, _SELECT_EXPECTED)
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise _refused(f"a statement that is no select: {text}", where, _SELECT_EXPECTED)
    return tree


def _one_statement(text: str, where: str, expected: str = "") -> Any:
    """Return the tree of a text that is one harmless statement."""
    try:
        trees = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except SqlglotError as error:
        reason = str(error).splitlines()[0].replace("\x1b[4m", "").replace("\x1b[0m", "")
        raise _refused(f"a text that is not SQL: {reason}", where, expected) from error
    if len(trees) != 1:
        raise _refused("more or less than one statement", where, expected)
    bad = trees[0].find(*_FORBIDDEN)
    if bad is not None:
        raise _refused(f"what only reads may not hold: {bad.sql('duckdb')}", where, expected)
    for node in trees[0].find_all(exp.Func):
        _check_function(node, where)
    return trees[0]


def _check_function(node: exp.Func, where: str) -> None:
    """Refuse functions that look outside of the source, or that differ at every run."""
    name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
    if name.startswith(_OUTSIDE) or name in _OUTSIDE_EXACT:
        raise _refused(f"a function that looks outside of the source: {name}", where)
    if name in _UNSTEADY:
        raise _refused(f"a function that says something else at every run: {name}", where)


def _has_star(tree: Tree) -> bool:
    return any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))


def _refused(found: str, where: str, expected: str = "") -> SettingsError:
    return SettingsError(
        found,
        where=where,
        expected=expected or "one SQL expression over the columns of the source, which are text",
        todo="correct it; `playbook init` writes an example",
    )


def _no_column(name: str, there: list[str], where: str) -> SchemaError:
    return SchemaError(
        f"the mapping names a column that is not there: {name}{_nearest(name, there)}",
        where=where,
        expected=f"one of {_listed(there)}",
        todo='correct the name; write "a name with spaces" in double quotes',
    )


def _nearest(name: str, there: Iterable[str]) -> str:
    by_lower = {other.lower(): other for other in there}
    near = difflib.get_close_matches(name.strip().strip('"').lower(), by_lower, n=1)
    return f"; the nearest there is {by_lower[near[0]]}" if near else ""


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
