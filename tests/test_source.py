"""Sources in every form, and everything that can be wrong with one."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from shop import CSV_NAMES, Frames, make_shop, write_database, write_folder

from analysis import archive
from analysis.errors import ContentError, SchemaError, SourceNotReadableError
from analysis.source import OpenSource, open_source, open_tables
from analysis.tables import TABLES

Change = Callable[[Frames], object]


def write_archive(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for path in sorted(folder.iterdir()):
            written.write(path, path.name)
    return target


def read_all(source: OpenSource) -> dict[str, list[tuple[object, ...]]]:
    source.load("geolocation")
    source.load("review_comments")
    names = [*(table.name for table in TABLES), "review_comments"]
    return {
        name: source.connection.execute(f"select * from {name} order by all").fetchall()
        for name in names
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(make_shop(), tmp_path / "shop")


def test_every_form_gives_the_same_tables(folder: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "parquet"
    parquet.mkdir()
    for name, frame in make_shop().items():
        frame.to_parquet(parquet / f"{name}.parquet")
    forms = [
        open_source(folder),
        open_source(write_archive(folder, tmp_path / "shop.zip")),
        open_source(write_database(make_shop(), tmp_path / "shop.db")),
        open_source(parquet),
        open_tables(make_shop()),
    ]
    first, *others = [read_all(source) for source in forms]
    assert len(first["orders"]) == 6
    for other in others:
        assert other == first
    kinds = [source.description.kind for source in forms]
    assert kinds == ["folder", "archive", "sqlite", "folder", "demo"]
    for source in forms:
        source.close()


def test_values_are_cast_and_zip_prefixes_keep_their_zero(tmp_path: Path) -> None:
    with open_source(write_database(make_shop(), tmp_path / "shop.db")) as source:
        rows = source.connection.execute(
            "select customer_zip_code_prefix, customer_city from customers order by customer_id"
        ).fetchall()
        types = source.connection.execute(
            "select typeof(price), typeof(order_item_id) from order_items limit 1"
        ).fetchall()
    assert rows[0] == ("01037", "sao paulo")
    assert rows[5] == ("69000", None)
    assert types == [("DOUBLE", "INTEGER")]


def test_longer_postal_codes_stay_whole() -> None:
    tables = make_shop()
    tables["customers"].loc[0, "customer_zip_code_prefix"] = "SW1A 1AA"
    with open_tables(tables) as source:
        rows = source.connection.execute(
            "select customer_zip_code_prefix from customers order by customer_id limit 2"
        ).fetchall()
    assert rows == [("SW1A 1AA",), ("22753",)]


def test_comments_keep_their_lines_and_quotes(folder: Path) -> None:
    with open_source(folder) as source:
        assert source.has("review_comments")
        source.load("review_comments")
        source.load("review_comments")
        found = source.connection.execute(
            "select review_comment_message from review_comments where review_id = 'r2'"
        ).fetchall()
    assert found == [('Chegou!\r\n"Obrigada",\nboa',)]


def test_the_description_counts_and_names_the_tables(folder: Path, tmp_path: Path) -> None:
    target = write_archive(folder, tmp_path / "shop.zip")
    with open_source(target) as source, open_source(target) as again:
        described = {table.name: table for table in source.description.tables}
        assert source.description == again.description
    assert described["geolocation"].rows == 2
    assert described["order_items"].source_name == "olist_order_items_dataset.csv"
    assert len(source.description.fingerprint) == 64


def fingerprint_of(opened: OpenSource) -> str:
    with opened as source:
        return source.description.fingerprint


def test_a_fingerprint_follows_the_content(tmp_path: Path) -> None:
    changed = make_shop()
    changed["order_items"].loc[0, "price"] = 10.01
    plain = fingerprint_of(open_tables(make_shop()))
    assert plain == fingerprint_of(open_tables(make_shop()))
    assert plain != fingerprint_of(open_tables(changed))
    one = fingerprint_of(open_source(write_folder(make_shop(), tmp_path / "one")))
    two = fingerprint_of(open_source(write_folder(changed, tmp_path / "two")))
    assert one != two


def test_optional_tables_may_be_missing() -> None:
    tables = make_shop()
    optional = [table.name for table in TABLES if not table.required]
    for name in optional:
        del tables[name]
    with open_tables(tables) as source:
        source.load("geolocation")
        for name in optional:
            assert not source.has(name)
            count = source.connection.execute(f"select count(*) from {name}").fetchall()
            assert count == [(0,)]
        described = {table.name: table.rows for table in source.description.tables}
    assert described["order_reviews"] is None
    assert described["orders"] == 6
    assert not source.has("review_comments")


def test_the_source_is_opened_read_only(tmp_path: Path) -> None:
    path = write_database(make_shop(), tmp_path / "shop.db")
    path.chmod(0o444)
    before = path.read_bytes()
    with open_source(path) as source:
        source.load("geolocation")
        assert source.has("orders")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["shop.db"]


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    with open_source(write_folder(make_shop(), tmp_path / "shop [2018] *")) as source:
        assert source.has("orders")


def test_hostile_text_stays_text() -> None:
    tables = make_shop()
    tables["customers"].loc[0, "customer_city"] = "'; drop table orders; --"
    tables["customers"]['x"; drop table orders; --'] = 1
    with open_tables(tables) as source:
        rows = source.connection.execute("select count(*) from orders").fetchall()
    assert rows == [(6,)]


def test_an_empty_column_of_sqlite_is_text(tmp_path: Path) -> None:
    tables = make_shop()
    tables["order_reviews"]["review_answer_timestamp"] = None
    with open_source(write_database(tables, tmp_path / "shop.db")) as source:
        found = source.connection.execute(
            "select count(review_answer_timestamp) from order_reviews"
        ).fetchall()
    assert found == [(0,)]


def set_value(table: str, column: str, value: object) -> Change:
    def change(tables: Frames) -> None:
        tables[table][column] = tables[table][column].astype(object)
        tables[table].loc[0, column] = value

    return change


def repeat_first_row(table: str) -> Change:
    def change(tables: Frames) -> None:
        tables[table] = pd.concat([tables[table], tables[table].head(1)])

    return change


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (lambda t: t.pop("sellers"), SchemaError, ["no table sellers", "customers"]),
        (
            lambda t: t.update(seller=t.pop("sellers")),
            SchemaError,
            ["no table sellers", "the nearest there is seller"],
        ),
        (
            lambda t: t.update(orders=t["orders"].rename(columns={"order_status": "status_order"})),
            SchemaError,
            ["no column order_status", "in demo"],
        ),
        (
            lambda t: t.update(
                order_items=t["order_items"].rename(columns={"freight_value": "freight_valu"})
            ),
            SchemaError,
            ["no column freight_value", "the nearest there is freight_valu"],
        ),
        (
            lambda t: t.update(olist_orders_dataset=t["orders"]),
            SchemaError,
            ["two tables that both hold orders"],
        ),
        (
            set_value("orders", "order_purchase_timestamp", "10/01/2018"),
            ContentError,
            ["1 values of order_purchase_timestamp", "no date", "'10/01/2018'"],
        ),
        (
            set_value("orders", "order_delivered_customer_date", "infinity"),
            ContentError,
            ["order_delivered_customer_date runs from the year"],
        ),
        (set_value("orders", "order_purchase_timestamp", None), ContentError, ["without order_p"]),
        (set_value("order_items", "price", "12,50"), ContentError, ["no number", "'12,50'"]),
        (set_value("order_items", "price", -5), ContentError, ["1 rows", "price", "-5"]),
        (set_value("order_items", "freight_value", "nan"), ContentError, ["freight_value"]),
        (set_value("order_payments", "payment_value", None), ContentError, ["payment_value"]),
        (set_value("order_reviews", "review_score", 6), ContentError, ["between 1 and 5"]),
        (set_value("orders", "customer_id", "nobody"), ContentError, ["1 orders", "order a"]),
        (repeat_first_row("orders"), ContentError, ["1 values of order_id", "instance a"]),
        (repeat_first_row("customers"), ContentError, ["1 values of customer_id"]),
        (repeat_first_row("order_items"), ContentError, ["order_id and order_item_id", "a/1"]),
        (
            lambda t: t.update(orders=t["orders"].head(0)),
            ContentError,
            ["the table orders is empty"],
        ),
    ],
)
def test_bad_content_is_named(change: Change, kind: type[Exception], words: list[str]) -> None:
    tables = make_shop()
    change(tables)
    with pytest.raises(kind) as caught:
        open_tables(tables)
    for word in [*words, "expected:", "do next:"]:
        assert word in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SourceNotReadableError, match=r"no such file: missing\.zip"):
        open_source(tmp_path / "missing.zip")


@pytest.mark.parametrize("content", [b"", b"order_id,customer_id\n", b"PK\x03\x04 not really"])
def test_a_file_that_is_no_source(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.zip"
    path.write_bytes(content)
    with pytest.raises(SourceNotReadableError):
        open_source(path)


def test_a_truncated_archive(folder: Path, tmp_path: Path) -> None:
    path = write_archive(folder, tmp_path / "shop.zip")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceNotReadableError, match="damaged or cut short"):
        open_source(path)


def test_a_damaged_member(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        for file in folder.iterdir():
            written.write(file, file.name)
    path.write_bytes(path.read_bytes().replace(b"delivered", b"delIvered", 1))
    with pytest.raises(SourceNotReadableError, match="damaged file in the archive"):
        open_source(path)


def test_an_archive_of_other_files(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("beach.jpg", b"x")
        written.writestr("names.csv", "a,b\n")
    with pytest.raises(SchemaError, match=r"no table customers; there is names\.csv"):
        open_source(path)


@pytest.mark.parametrize("name", ["../orders.csv", "/etc/orders.csv", "a/../../orders.csv"])
def test_an_archive_that_writes_elsewhere(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr(name, "order_id\n")
    with pytest.raises(SourceNotReadableError, match="written elsewhere"):
        open_source(path)


def test_an_archive_that_grows_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("olist_orders_dataset.csv", b"0" * 5_000_000)
    with pytest.raises(SourceNotReadableError, match="would grow"):
        open_source(path)


def test_an_archive_that_is_too_large(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_archive(folder, tmp_path / "shop.zip")
    monkeypatch.setattr(archive, "LARGEST_TOTAL_BYTES", 1000)
    with pytest.raises(SourceNotReadableError, match="GB when unpacked"):
        open_source(path)


def test_a_member_larger_than_announced(tmp_path: Path) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        written.writestr("olist_orders_dataset.csv", "order_id\n" + "a\n" * 50)
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)
    path.write_bytes(bytes(content))
    opened = archive.open_archive(path)
    with pytest.raises(SourceNotReadableError):
        archive.unpack(opened, "olist_orders_dataset.csv", tmp_path / "orders.csv")
    opened.close()


def test_nothing_is_left_of_a_refused_archive(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = make_shop()
    tables["order_items"].loc[0, "price"] = -1
    path = write_archive(write_folder(tables, tmp_path / "bad"), tmp_path / "bad.zip")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with pytest.raises(ContentError):
        open_source(path)
    assert list(scratch.iterdir()) == []


def test_a_csv_that_is_not_whole(folder: Path) -> None:
    path = folder / f"{CSV_NAMES['sellers']}.csv"
    path.write_text(path.read_text() + "s9,12345\n")
    with pytest.raises(SourceNotReadableError, match="olist_sellers_dataset"):
        open_source(folder)


def test_a_csv_that_is_not_utf8(folder: Path) -> None:
    path = folder / f"{CSV_NAMES['sellers']}.csv"
    path.write_bytes(path.read_bytes() + "s9,12345,são paulo,SP\n".encode("latin-1"))
    with pytest.raises(SourceNotReadableError):
        open_source(folder)


def test_a_database_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    database = sqlite3.connect(path)
    database.execute("create table notes (text)")
    database.commit()
    database.close()
    with pytest.raises(SchemaError, match="no table customers; there is notes"):
        open_source(path)


def test_a_damaged_database(tmp_path: Path) -> None:
    path = write_database(make_shop(), tmp_path / "shop.db")
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    with pytest.raises(SourceNotReadableError):
        open_source(path)


@pytest.mark.olist
def test_the_sums_of_the_real_data(olist_archive: Path) -> None:
    with open_source(olist_archive) as source:
        sums = source.connection.execute(
            "select (select cast(sum(round(payment_value * 100)) as bigint) from order_payments),"
            " (select max(payment_value) from order_payments),"
            " (select cast(sum(round(price * 100)) as bigint) from order_items),"
            " (select cast(sum(round(freight_value * 100)) as bigint) from order_items),"
            " (select round(avg(review_score), 4) from order_reviews)"
        ).fetchall()
        stars = source.connection.execute(
            "select count(*) from order_reviews group by review_score order by review_score desc"
        ).fetchall()
        empty = source.connection.execute(
            "select count(*) - count(review_creation_date),"
            " count(*) - count(review_answer_timestamp) from order_reviews"
        ).fetchall()
        rows = {table.name: table.rows for table in source.description.tables}
    assert sums == [(1_600_887_212, 13_664.08, 1_359_164_370, 225_190_954, 4.0864)]
    assert stars == [(57_328,), (19_142,), (8_179,), (3_151,), (11_424,)]
    assert empty == [(17, 60)]
    assert rows["geolocation"] == 1_000_163
    assert rows["customers"] == rows["orders"] == 99_441
