"""Every file of sql/ gives the same rows on DuckDB, SQLite and a real PostgreSQL, in one order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import pandas as pd
import pytest
import sqlglot
from engines import SPECS, DuckEngine, PostgresEngine, Row, SqliteEngine, is_ordered
from postgres_server import PostgresServer
from sample import sample_findings
from shop import make_shop
from sqlglot import exp

from analysis import queries
from analysis.customers import DAY, HOUR, MissingScores
from analysis.dialects import compose
from analysis.features import Preparation
from analysis.findings import Period
from analysis.kpis import kpi_parameters, render_marts
from analysis.marketplace import make_marketplace
from analysis.model_sql import model_expressions
from analysis.orders import build_orders, describe_period
from analysis.questions import QUERIES_ASKED, answer_questions, questions_script
from analysis.segment_sql import stage_expression
from analysis.segmentation import Model
from analysis.settings import Questions, Settings
from analysis.tables import OLIST_DB_NAMES

Frames = dict[str, pd.DataFrame]

FILES = sorted(
    path.relative_to(queries.query_folder()).with_suffix("").as_posix()
    for path in queries.query_folder().rglob("*.sql")
)
CANONICAL = {table.name for table in SPECS}
SETTINGS = Settings(
    questions=Questions(revenue_above=50, items_above=1, reviews_above=0, worst_zips=20)
)
RULE = """
case
    when customer_facts.standing = 'repeat' then 'repeat'
    when customer_facts.standing = 'one_time' and customer_facts.review <= 2.75 then 'unhappy'
    when customer_facts.standing = 'one_time' and customer_facts.spend > 150.5 then 'large'
    when customer_facts.standing = 'one_time' then 'small'
end
"""
# What Spark 3.5 has, of what the files use. A name that is not here is looked up in its list of
# built-in functions before it is added.
# fmt: off
SPARK_FUNCTIONS = frozenset({
    "avg", "cast", "coalesce", "count", "date_format", "first_value", "floor", "lag", "length",
    "locate", "lower", "max", "md5", "min", "nullif", "replace", "right", "round", "row_number",
    "sqrt", "substring", "sum", "translate", "trim", "unix_timestamp", "upper",
})
# fmt: on
NOT_FUNCTIONS = frozenset({"and", "as", "in", "on", "or", "over", "then", "when", "where", "by"})


def needs_a_caller(name: str) -> bool:
    """Say whether a file selects from a WITH clause of the query that it stands in."""
    statement = compose(name)
    tables = {table.name for table in statement.find_all(exp.Table)}
    others = tables - clauses_of(name) - CANONICAL
    return any(not table.startswith("raw_") for table in others)


def clauses_of(name: str) -> set[str]:
    """Return the WITH clauses of a file, made whole."""
    return {clause.alias for clause in compose(name).find_all(exp.CTE)}


RUNNABLE = [name for name in FILES if not needs_a_caller(name)]
# Two centres, scaled without a logarithm: the last digits are then the same everywhere.
MODEL = Model(
    format_version=2,
    family="traits",
    preparation=Preparation(
        ("spend", "review"), ("identity", "identity"), (100.5, 3.0), (50.0, 1.5)
    ),
    centres=((1.5, -0.5), (-0.5, 0.25)),
    segment_ids=("s1", "s2", "s3"),
    personas=("loyal", "satisfied_large", "unhappy_small"),
    has_repeat_segment=True,
    as_of=0,
    window_days=365,
    same_occasion_hours=24,
    outcome_days=14,
    missing_scores=MissingScores(5.0, 2.5),
    seed=1,
    fingerprint="f",
)
# Asked with the distances of a model, whose last digits differ: tests/test_cluster_assignment.py.
OF_A_MODEL = "marts/customer_assignment"


def make_edge_shop() -> Frames:
    """Return the shop with names that attack, moments inside a second, ties, and much to clean."""
    tables = make_shop()
    customers, orders = tables["customers"], tables["orders"]
    cities = [
        '<img src=x onerror="alert(1)">',
        "=cmd|'/c calc'!A1",
        "São Paulo - SP",
        "שלום oluap",
        "Łódź d'Água (velha)  ",
        "a\\b, 'c' \"d\"; drop table orders; --",
    ]
    customers["customer_city"] = cities
    customers["customer_state"] = ["SP", " rj", "sp", None, "RJ ", ""]
    more = [
        ("cg", "eva", "01037", "água branca", "SP"),
        ("ch", "eva", "01037", "Avaré", "SP"),
        ("ci", "Gil", "01037", "AVARÉ SP", "SP"),
        ("cj", "gil", "01037", "abaeté", "SP"),
        ("ck", "zé", "01037", "zebu", "SP"),
        ("cl", "Zé", "01037", "Zebu", "SP"),
    ]
    tables["customers"] = pd.concat(
        [customers, pd.DataFrame(more, columns=customers.columns)], ignore_index=True
    )
    # o2 and O10 part engines that sort by language from those that sort by bytes; g came before it
    # was promised by less than a second, h after it, i before it was bought.
    names = ["o2", "O10", "o10", "O2", "_o", "-o"]
    new = pd.DataFrame(
        {
            "order_id": names,
            "customer_id": [row[0] for row in more],
            "order_status": ["Delivered", " delivered ", "delivered", "", None, "delivered"],
            "order_purchase_timestamp": "2018-02-20 10:00:00.250000",
            "order_approved_at": None,
            "order_delivered_carrier_date": None,
            "order_delivered_customer_date": [
                "2018-02-26 00:00:00.400000",
                "2018-02-26 00:00:00.600000",
                "2018-02-19 09:00:00.000001",
                "2018-03-01 23:59:59.600000",
                "",
                "2018-02-26 12:00:00.250000",
            ],
            "order_estimated_delivery_date": "2018-02-26 00:00:00.500000",
        }
    )
    tables["orders"] = pd.concat([orders, new], ignore_index=True)
    tables["order_items"] = _more(
        tables["order_items"],
        [
            (name, 1 + place % 2, "p1", seller, None, 10.10, 0.07)
            for name in names
            for place, seller in enumerate(("s1", "S10"))
        ],
    )
    tables["order_payments"] = _more(
        tables["order_payments"],
        [(names[0], None, "voucher", 3, 3.33), (names[0], None, "boleto", 1, 3.33)]
        + [(name, 1, kind, 7, 10.10) for name in names[1:] for kind in ("debit_card", "Debit")]
        + [("f", 1, "voucher", 1, 0.0)],
    )
    asked = "2018-02-27 00:00:00"
    tables["order_reviews"] = _more(
        tables["order_reviews"],
        [(None, names[0], score, None, None, asked, None) for score in (4, 2)]
        + [(key, names[1], score, None, None, asked, None) for key, score in (("b", 1), ("B", 5))]
        + [("é", names[2], 3, "=1+1", "<b>", asked, "2018-03-02 12:00:00.700000")],
    )
    tables["sellers"] = _more(
        tables["sellers"], [("S10", "80010", "<script>alert(1)</script>", "PR")]
    )
    tables["category_translation"] = _more(
        tables["category_translation"], [("livros ", " books"), ("", "nothing"), ("perfumaria", "")]
    )
    tables["products"].loc[0, "product_category_name"] = " livros"
    return tables


def _more(frame: pd.DataFrame, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    added = pd.DataFrame(rows, columns=frame.columns, dtype=object)
    return pd.concat([frame.astype(object), added], ignore_index=True)


def make_world(world: str) -> Frames:
    """Return the tables of a world that every file must give the same rows in."""
    if world == "edge":
        return make_edge_shop()
    tables = dict(make_marketplace(customers=300, seed=11).tables)
    if world == "without reviews":
        del tables["order_reviews"]
    return tables


class World:
    """One shop in three engines, and what its queries are asked with."""

    def __init__(self, world: str, server: PostgresServer, folder: Path) -> None:
        tables = make_world(world)
        database = f"world {world}"
        self.duckdb = DuckEngine(tables)
        absent = self.duckdb.absent
        self.sqlite = SqliteEngine(tables, folder / f"{database}.db", absent)
        self.postgres = PostgresEngine(tables, server.create_database(database), absent)
        orders = build_orders(self.duckdb.source)
        self._expected: dict[str, list[tuple[Mapping[str, Any], list[Row]]]] = {}
        self.period = describe_period(orders, SETTINGS.as_of, SETTINGS)

    def expected(self, name: str) -> list[tuple[Mapping[str, Any], list[Row]]]:
        """Return DuckDB's rows of a file for each set of parameters."""
        if name not in self._expected:
            self._expected[name] = [
                (parameters, self._rows(name, parameters))
                for parameters in parameter_sets(name, self.period)
            ]
        return self._expected[name]

    def _rows(self, name: str, parameters: Mapping[str, Any]) -> list[Row]:
        rows = self.duckdb.rows(name, parameters)
        return rows if is_ordered(name) else sorted(rows, key=repr)

    def close(self) -> None:
        """Let go of all three."""
        for engine in (self.duckdb, self.sqlite, self.postgres):
            engine.close()


def parameter_sets(name: str, period: Period) -> list[Mapping[str, Any]]:
    """Return everything that a file is asked with: each reading of a question."""
    shared = {**kpi_parameters(period), **customer_parameters(period)}
    if name == "marts/customer_segments":
        shared |= model_expressions(MODEL, 0.2)
    readings = [
        reading
        for asked in QUERIES_ASKED
        if name == f"questions/{asked.query}"
        for reading in asked.readings(period.as_of, SETTINGS.questions).values()
    ]
    used = asked_for(name)
    return [
        {key: value for key, value in {**shared, **reading}.items() if key in used}
        for reading in readings or [{}]
    ]


def asked_for(name: str) -> set[str]:
    """Return the names of the parameters of a file and of what it is composed of."""
    return {placeholder.name for placeholder in compose(name).find_all(exp.Placeholder)}


def customer_parameters(period: Period) -> Mapping[str, Any]:
    """Return what the customers' files are asked with, half of the history in the window."""
    asked = SETTINGS.customers
    return {
        "window_seconds": int((period.as_of - period.first_purchase).total_seconds()) // 2,
        "patience_seconds": asked.outcome_days * DAY,
        "occasion_seconds": asked.same_occasion_hours * HOUR,
        "review_on_time": 5.0,
        "review_late": 2.5,
        "segment_rule": sqlglot.parse_one(RULE, read="duckdb"),
        "stage_rule": stage_expression(sample_findings().segmentation),
        "segment_name": sqlglot.parse_one(
            "case placed_customers.centre when 0 then 'large' when 1 then 'small' end",
            read="duckdb",
        ),
        "nearest_centre": sqlglot.parse_one(
            "case when customer_facts.spend > 100.5 then 0 else 1 end", read="duckdb"
        ),
        "from_hash": "20000000",
        "before_hash": "c0000000",
    }


@pytest.fixture(scope="module", params=["marketplace", "without reviews", "edge"])
def world(
    request: pytest.FixtureRequest,
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    made = World(request.param, postgres_server, tmp_path_factory.mktemp("engines"))
    yield made
    made.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("name", [name for name in RUNNABLE if name != OF_A_MODEL])
def test_an_engine_gives_the_same_rows(world: World, name: str, engine: str) -> None:
    for parameters, expected in world.expected(name):
        found = getattr(world, engine).rows(name, parameters)
        assert (found if is_ordered(name) else sorted(found, key=repr)) == expected


def test_every_file_is_run() -> None:
    # What selects from its caller's clause runs inside the files that select from it.
    assert len(FILES) > 20
    for name in set(FILES) - set(RUNNABLE):
        part = Path(name).name
        users = [other for other in RUNNABLE if part in clauses_of(other)]
        assert users, name


def test_the_edge_parts_what_sorts_by_language(postgres_server: PostgresServer) -> None:
    # The texts of the edge do stand in another order in a database that speaks Portuguese.
    with adbc.connect(postgres_server.url()) as opened, opened.cursor() as cursor:
        cursor.execute(
            "select id from unnest(array['o2', 'O10', 'o10', 'O2', '_o', '-o']) id order by 1"
        )
        found = [row[0] for row in cursor.fetchall()]
    assert found != sorted(found)


def test_no_file_rounds_a_moment() -> None:
    # Half seconds go up in one engine, to the even second in another: all are cut off.
    for name in FILES:
        for seconds in sqlglot.parse_one(queries.read_query(name), read="duckdb").find_all(
            exp.TimeToUnix
        ):
            assert isinstance(seconds.parent, exp.Floor), name


def strings(statement: exp.Expression) -> set[str]:
    """Return the texts of a query, but for the patterns of dates: each engine has its own."""
    literals = (literal for literal in statement.find_all(exp.Literal) if literal.is_string)
    return {literal.name for literal in literals if not literal.name.startswith("%")}


@pytest.mark.parametrize("name", RUNNABLE)
def test_spark_has_every_function(name: str) -> None:
    parameters = dict.fromkeys(asked_for(name), 1)
    text = queries.render_query(name, "spark", parameters, OLIST_DB_NAMES)
    body = re.sub(r"'(?:[^'\\]|\\.)*'|--[^\n]*", "", text)
    called = set(re.findall(r"\b([a-z_0-9]+)\s?\(", body))
    assert called - NOT_FUNCTIONS <= SPARK_FUNCTIONS
    statement = sqlglot.parse_one(text, read="spark")
    cleaning = [compose(other) for other in FILES if other.startswith("staging/")]
    assert strings(statement) <= strings(compose(name)).union(*map(strings, cleaning))
    # Division by nothing is an error there.
    for division in statement.find_all(exp.Div, exp.IntDiv):
        assert isinstance(division.expression.unnest(), exp.Literal | exp.Nullif | exp.Column)


def test_scripts_run_where_a_table_is_absent(tmp_path: Path) -> None:
    tables = make_world("without reviews")
    duck = DuckEngine(tables)
    sqlite = SqliteEngine(tables, tmp_path / "shop.db", duck.absent)
    orders = build_orders(duck.source)
    period = describe_period(orders, SETTINGS.as_of, SETTINGS)
    absent = duck.source.description.absent_tables
    assert absent == {"order_reviews"}
    sqlite.connection.executescript(questions_script(period, SETTINGS, absent))
    for mart in render_marts(kpi_parameters(period), absent):
        rows = sqlite.connection.execute(mart.sql).fetchall()
        assert rows, mart
    answers = answer_questions(duck.source, period, SETTINGS)
    assert sqlite.connection.execute(answers[3].sql).fetchall() == []
    sqlite.close()
    duck.close()
