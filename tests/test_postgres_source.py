"""A real PostgreSQL server as the source: what is read, what is refused, what is never shown."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import pandas as pd
import pytest
from click.testing import CliRunner
from postgres_server import PostgresServer
from quick import QUICK
from shop import make_shop, write_database, write_folder

from analysis.addresses import PostgresAddress, parse_address
from analysis.errors import PlaybookError, SchemaError, SourceNotReadableError
from analysis.findings import NotComputed
from analysis.marketplace import make_marketplace
from analysis.pipeline import analyse
from analysis.settings import Source, check_settings
from analysis.source import OpenSource, open_source, open_tables
from report.cli import main

# What a shop's own database would declare: everything else is text.
TYPES = {
    "order_purchase_timestamp": "timestamp",
    "order_approved_at": "timestamp",
    "order_delivered_carrier_date": "timestamp",
    "order_delivered_customer_date": "timestamp",
    "order_estimated_delivery_date": "timestamp with time zone",
    "shipping_limit_date": "timestamp",
    "review_creation_date": "timestamp",
    "review_answer_timestamp": "timestamp",
    "price": "numeric(12, 2)",
    "freight_value": "money",
    "payment_value": "double precision",
    "order_item_id": "integer",
    "payment_installments": "smallint",
    "review_score": "smallint",
    "order_status": "status",
}
SHORT = {
    **QUICK,
    "segmentation": {"k_min": 4, "k_max": 4, "starts": 2, "shuffles": 1, "silhouette_sample": 300},
    "stability": {
        **QUICK["stability"],
        "snapshot_days": 84,
        "origin_days": 84,
        "floor_resamples": 2,
    },
    "dashboard": {"minimum_orders": 10},
}
HARD_TO_SPELL = "p@ss/w%rd"


def run(url: str, *statements: str) -> None:
    with adbc.connect(url, autocommit=True) as opened, opened.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fill(url: str, tables: dict[str, pd.DataFrame], schema: str = "public") -> str:
    """Write tables with the types of a real shop's database."""
    states = sorted(tables["orders"]["order_status"].unique())
    labels = ", ".join(f"'{state}'" for state in states)
    run(url, f"create schema if not exists {schema}", f"create type status as enum ({labels})")
    for name, frame in tables.items():
        texts = frame.astype("string").replace("", None)
        with adbc.connect(url) as opened, opened.cursor() as cursor:
            cursor.adbc_ingest(f"{name}_text", texts, mode="create")
            opened.commit()
        columns = ", ".join(
            f"cast({column} as {TYPES.get(column, 'text')}) as {column}" for column in frame
        )
        run(
            url,
            "set timezone to 'UTC'",
            f"create table {schema}.{name} as select {columns} from {name}_text",
            f"drop table {name}_text",
        )
    return url


@pytest.fixture(scope="module")
def shop_url(postgres_server: PostgresServer) -> str:
    return fill(postgres_server.create_database("shop"), make_shop())


def read(source: OpenSource) -> dict[str, list[tuple[object, ...]]]:
    names = ("customers", "orders", "order_items", "order_payments", "order_reviews", "sellers")
    source.load("geolocation")
    return {
        name: source.connection.execute(f"select * from {name} order by all").fetchall()
        for name in (*names, "geolocation")
    }


def refusal(url: str, settings: Source | None = None) -> PlaybookError:
    with pytest.raises(PlaybookError) as caught:
        open_source(url, settings).close()
    error = caught.value
    assert error.where and error.expected and error.todo
    return error


def test_every_type_is_read_as_from_files(shop_url: str, postgres_server: PostgresServer) -> None:
    with open_source(shop_url) as database, open_tables(make_shop()) as frames:
        assert read(database) == read(frames)
        described = database.description
    assert described.kind == "postgresql"
    assert described.name == "127.0.0.1/shop"
    assert postgres_server.password not in repr(described)


@pytest.mark.slow
def test_the_findings_are_those_of_the_archive_and_of_sqlite(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    tables = make_marketplace(1_500, seed=5).tables
    url = fill(postgres_server.create_database("market"), tables)
    archive = write_folder(tables, tmp_path / "market")
    database = write_database(tables, tmp_path / "market.db")
    settings = check_settings(SHORT)
    found = []
    for place in (archive, f"sqlite:///{database}", url):
        with open_source(place) as source:
            found.append(analyse(source, settings).findings)
    assert [one.source.kind for one in found] == ["folder", "sqlite", "postgresql"]
    assert not isinstance(found[0].segmentation, NotComputed)
    for other in found[1:]:
        assert replace(other, source=found[0].source) == found[0]
    assert len(found[2].source.fingerprint) == 64


def test_a_fingerprint_is_that_of_the_content(
    shop_url: str, postgres_server: PostgresServer
) -> None:
    tables = {name: frame.iloc[::-1] for name, frame in make_shop().items()}
    again = fill(postgres_server.create_database("again"), tables)
    changed = make_shop()
    changed["order_items"].loc[0, "price"] = 10.01
    other = fill(postgres_server.create_database("other"), changed)
    prints = []
    for url in (shop_url, again, other):
        with open_source(url) as source:
            prints.append(source.description.fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_a_schema_is_named_in_the_settings_or_the_address(postgres_server: PostgresServer) -> None:
    url = fill(postgres_server.create_database("schemas"), make_shop(), schema="store")
    with open_source(url, Source(schema="store")) as named:
        assert named.has("orders")
    with open_source(f"{url}?options=-csearch_path%3Dstore") as path:
        assert path.has("orders")
    assert "no table customers" in refusal(url).found
    error = refusal(url, Source(schema="stor"))
    assert isinstance(error, SchemaError)
    assert "public, store" in error.expected


def test_moments_with_a_time_zone_are_told_by_the_shops_clock(
    shop_url: str,
) -> None:
    text = "select order_estimated_delivery_date from orders where order_id = 'a'"
    with open_source(shop_url, Source(time_zone="America/Sao_Paulo")) as source:
        ((moment,),) = source.connection.execute(text).fetchall()
    assert str(moment) == "2018-01-19 22:00:00"
    error = refusal(shop_url, Source(time_zone="Mars/Olympus"))
    assert "Mars/Olympus" in error.found
    assert "time_zone" in error.todo


def test_a_mapping_reads_only_the_columns_it_names(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("wholesale")
    run(
        url,
        "create role reader login password 'reader'",
        'create table "Lines" ("Invoice" int, "Customer ID" uuid, sold_at timestamp, price numeric,'
        " secret text)",
        """insert into "Lines" values (1, '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
        '2020-01-05 10:00', 12.5, 'x')""",
        'grant select ("Invoice", "Customer ID", sold_at, price) on "Lines" to reader',
    )
    settings = check_settings(
        {
            "source": {
                "mapping": {
                    "customers": {
                        "from": "lines",
                        "customer_id": "Customer ID",
                        "customer_unique_id": "Customer ID",
                    },
                    "orders": {
                        "from": "lines",
                        "order_id": "Invoice",
                        "customer_id": "Customer ID",
                        "order_status": "'delivered'",
                        "order_purchase_timestamp": "sold_at",
                    },
                    "order_items": {
                        "from": "select * from lines where cast(price as double) > 0",
                        "order_id": "Invoice",
                        "order_item_id": "1",
                        "price": "price",
                    },
                }
            }
        }
    )
    place = postgres_server.url("wholesale").partition("@")[2]
    error = refusal(f"postgresql://reader:reader@{place}", settings.source)
    assert "permission denied" in error.found
    mapping = settings.source.mapping
    narrow = mapping["order_items"].model_copy(
        update={"origin": 'select "Invoice", price from lines'}
    )
    source = settings.source.model_copy(update={"mapping": {**mapping, "order_items": narrow}})
    with open_source(f"postgresql://reader:reader@{place}", source) as opened:
        rows = opened.connection.execute("select order_id, price from order_items").fetchall()
        people = opened.connection.execute("select customer_id from customers").fetchall()
    assert rows == [("1", 12.5)]
    assert people == [("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b",)]


def test_nothing_can_be_written_and_one_moment_is_read(
    shop_url: str, postgres_server: PostgresServer
) -> None:
    from analysis.postgres_reader import PostgresReader

    address = parse_address(shop_url)
    assert isinstance(address, PostgresAddress)
    with closing(PostgresReader(address, Source())) as reader:
        assert reader.count_rows("sellers") == 3
        run(shop_url, "insert into sellers (seller_id) values ('late')")
        assert reader.count_rows("sellers") == 3
        with pytest.raises(SourceNotReadableError, match="read-only"):
            reader._query("delete from sellers returning seller_id", "sellers")
    run(shop_url, "delete from sellers where seller_id = 'late'")


def test_a_server_that_is_not_there() -> None:
    error = refusal("postgresql://me:hunter2@127.0.0.1:1/shop")
    assert "refused" in error.found
    assert "host and the port" in error.todo
    assert "hunter2" not in str(error)


def test_a_server_that_says_nothing() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/shop"
        started = time.monotonic()
        error = refusal(url, Source(connect_seconds=2))
    assert "timeout" in error.found
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("user", "password", "database", "word", "todo"),
    [
        ("postgres", "wrong-hunter2", "shop", "password", "PGPASSWORD"),
        ("nobody-such", "wrong-hunter2", "shop", "nobody-such", "PGPASSWORD"),
        ("postgres", None, "shopp", "shopp", "after the last /"),
    ],
)
def test_who_is_not_let_in(
    postgres_server: PostgresServer,
    shop_url: str,
    user: str,
    password: str | None,
    database: str,
    word: str,
    todo: str,
) -> None:
    password = password or postgres_server.password
    error = refusal(f"postgresql://{user}:{password}@127.0.0.1:{postgres_server.port}/{database}")
    assert word in error.found
    assert todo in error.todo
    assert password not in str(error)


def test_who_may_not_read_a_table(postgres_server: PostgresServer, shop_url: str) -> None:
    run(shop_url, "create role poor login password 'poor-hunter2'")
    error = refusal(f"postgresql://poor:poor-hunter2@127.0.0.1:{postgres_server.port}/shop")
    assert "permission denied" in error.found
    assert "grant select" in error.todo


def test_a_server_that_is_too_slow(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("slow")
    fill(url, make_shop())
    run(
        url,
        "alter table sellers rename to sellers_table",
        "create view sellers as select s.* from sellers_table s, pg_sleep(30)",
    )
    error = refusal(url, Source(query_seconds=1))
    assert "still busy after 1 seconds" in error.found
    assert "sellers" in error.where


def test_a_connection_that_is_lost_while_reading(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("lost")
    fill(url, make_shop())
    run(
        url,
        "alter table sellers rename to sellers_table",
        "create view sellers as select s.* from sellers_table s, pg_sleep(30)",
    )

    def cut() -> None:
        for _ in range(100):
            time.sleep(0.1)
            with (
                adbc.connect(postgres_server.url(), autocommit=True) as opened,
                opened.cursor() as cursor,
            ):
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = 'lost' and query like '%pg_sleep%' or"
                    " datname = 'lost' and wait_event = 'PgSleep'"
                )
                if cursor.fetchall():
                    return

    thread = threading.Thread(target=cut)
    thread.start()
    error = refusal(url)
    thread.join()
    assert "connection to the server was lost" in error.found


@pytest.mark.parametrize(
    ("address", "word"),
    [
        (f"postgresql://me:{HARD_TO_SPELL}@127.0.0.1:1/shop", "%40"),
        ("postgresql://me:hunter2%zz@127.0.0.1:1/shop", "percent-encoded"),
        ("postgresql://me:hunter2@127.0.0.1:abc/shop", "port"),
        ("postgresql://127.0.0.1:1/shop?password=hunter2&nonsense=1", "nonsense"),
        ("mysql://me:hunter2@127.0.0.1/shop", "another kind: mysql"),
        ("sqlite://", "without a file"),
        ("sqlite:///no-such.db", "no such file"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, word: str) -> None:
    error = refusal(address)
    assert word in str(error)
    for secret in ("hunter2", HARD_TO_SPELL, "p@ss"):
        assert secret not in str(error)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://me:secret@db.example:5433/shop?sslmode=require", "db.example/shop"),
        ("postgres://db.example/shop", "db.example/shop"),
        ("postgresql:///shop", "localhost/shop"),
        ("postgresql://[::1]:5432/shop", "[::1]/shop"),
        ("postgresql://a.example:1,b.example:2/shop", "a.example,b.example/shop"),
        ("postgresql://", "localhost"),
    ],
)
def test_what_a_database_is_called(address: str, name: str) -> None:
    parsed = parse_address(address)
    assert parsed.name == name
    assert "secret" not in repr(parsed)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "output"
    assert not (tmp_path / "output").exists()


def test_the_command_line_says_it_in_one_message(folder: Path) -> None:
    address = "postgresql://me:hunter2@127.0.0.1:1/shop"
    result = CliRunner().invoke(main, ["build", address, "--out", str(folder)])
    assert result.exit_code == 1
    assert "does not let us in" in result.output
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output
