"""What people's files are like: each fault in one message, with its place and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from shop import CSV_NAMES, Frames, make_shop, write_database, write_folder

from analysis.errors import PlaybookError, SettingsError
from analysis.kpis import measure_kpis
from analysis.orders import build_orders, describe_period
from analysis.settings import Settings, check_settings
from analysis.source import open_source, open_tables

Bytes = Callable[[bytes], bytes]


def refusal(path: Path) -> str:
    with pytest.raises(PlaybookError) as caught:
        open_source(path).close()
    message = str(caught.value)
    for part in ("where:", "expected:", "do next:"):
        assert part in message
    return message


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("orders", lambda b: b.replace(b",", b";"), ["parted by semicolons", "with commas"]),
        ("orders", lambda b: b.replace(b",", b"\t"), ["parted by tabs"]),
        ("sellers", lambda b: b + b"s9,1,S\xe3o Paulo,SP\n", ["line 5", "not utf-8"]),
        ("sellers", lambda b: b.replace(b"city", b"cit\xe9"), ["not UTF-8"]),
        ("sellers", lambda b: b.decode().encode("utf-16"), ["not UTF-8"]),
        ("orders", lambda b: b[:0], ["an empty file"]),
        ("order_reviews", lambda b: b"\n" + b, ["an empty file"]),
        ("orders", lambda b: b.splitlines()[0], ["the table orders is empty"]),
        ("sellers", lambda b: b + b"s9,1\n", ["line 5", "Columns: 4 Found: 2"]),
        ("sellers", lambda b: b + b"s9,1,2,3,4\n", ["line 5", "Columns: 4 Found: 5"]),
        ("sellers", lambda b: b + b's9,"1,2,3\n', ["line 5", "unterminated quote"]),
        ("sellers", lambda b: b + b"s9,1,a\0b,SP\n", ["1 rows with a NUL byte"]),
        ("sellers", lambda b: b"\0" + b, ["a NUL byte in the first line"]),
    ],
)
def test_a_csv_that_is_not_as_it_should_be(
    tmp_path: Path, table: str, change: Bytes, words: list[str], zipped: bool
) -> None:
    folder = write_folder(make_shop(), tmp_path / "shop")
    path = folder / f"{CSV_NAMES[table]}.csv"
    path.write_bytes(change(path.read_bytes()))
    source = folder
    if zipped:
        source = tmp_path / "shop.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    message = refusal(source)
    for word in [CSV_NAMES[table], *words]:
        assert word in message


def test_an_optional_table_may_hold_its_heading_only(tmp_path: Path) -> None:
    folder = write_folder(make_shop(), tmp_path / "shop")
    path = folder / f"{CSV_NAMES['order_reviews']}.csv"
    path.write_text(path.read_text().splitlines()[0])
    with open_source(folder) as source:
        assert source.has("order_reviews")


def with_value(table: str, column: str, value: object) -> Frames:
    tables = make_shop()
    tables[table][column] = tables[table][column].astype(object)
    tables[table].loc[0, column] = value
    return tables


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("order_items", "price", "1e300", ["1 rows whose price", "too large", "1e+300"]),
        ("order_payments", "payment_value", "inf", ["payment_value", "too large"]),
        ("order_reviews", "review_score", "3.5", ["1 reviews", "not whole"]),
        ("order_items", "order_item_id", "1e20", ["out of range"]),
    ],
)
def test_a_number_that_cannot_be(
    tmp_path: Path, table: str, column: str, value: str, words: list[str]
) -> None:
    message = refusal(write_folder(with_value(table, column, value), tmp_path / "shop"))
    for word in words:
        assert word in message
    assert "LINE" not in message


def test_amounts_of_a_currency_of_small_units_are_kept_whole() -> None:
    with open_tables(with_value("order_items", "price", 30_000_000.25)) as source:
        orders = build_orders(source)
        period = describe_period(orders, None, Settings())
        kpis = measure_kpis(source, orders, period, Settings())
    (cents,) = [column for column in kpis.lines.columns if column.name == "revenue_cents"]
    assert cents.kind == "float64"
    from analysis.lines import unpack

    assert unpack(cents).max() == 3_000_000_025 + 2_000


@pytest.mark.parametrize("again", ["olist_orders_dataset.parquet", "Olist_Orders_Dataset.CSV"])
def test_a_table_that_stands_twice_in_a_folder(tmp_path: Path, again: str) -> None:
    folder = write_folder(make_shop(), tmp_path / "shop")
    if again.endswith("parquet"):
        make_shop()["orders"].to_parquet(folder / again)
    else:
        shutil.copy(folder / "olist_orders_dataset.csv", folder / again)
    assert "two files of the same table" in refusal(folder)


@pytest.mark.parametrize("again", ["olist_orders_dataset.csv", "old/olist_orders_dataset.csv"])
def test_a_table_that_stands_twice_in_an_archive(tmp_path: Path, again: str) -> None:
    folder = write_folder(make_shop(), tmp_path / "shop")
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for file in folder.iterdir():
            archive.write(file, file.name)
        archive.write(folder / "olist_orders_dataset.csv", again)
    message = refusal(path)
    assert "two files of the same table" in message
    assert again in message


def test_bytes_in_a_text_column_of_sqlite(tmp_path: Path) -> None:
    path = write_database(make_shop(), tmp_path / "shop.db")
    database = sqlite3.connect(path)
    database.execute("update customers set customer_city = x'ff00fe' where customer_id = 'ca'")
    database.commit()
    database.close()
    message = refusal(path)
    assert "customer_city holds bytes that are no text" in message
    assert "typeof(customer_city) = 'blob'" in message


def logged(folder: Path, *, pending: bool) -> Path:
    """Return a SQLite file with a write-ahead log; `pending` leaves the last change in the log."""
    folder.mkdir()
    path = write_database(make_shop(), folder / "whole.db")
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode = wal")
    database.execute("update customers set customer_city = 'natal'")
    database.commit()
    copy = folder / "shop.db"
    if not pending:
        database.close()
    shutil.copy(path, copy)
    if pending:
        shutil.copy(folder / "whole.db-wal", folder / "shop.db-wal")
        database.close()
    path.unlink()
    return copy


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every folder look closed to writing: the superuser may always write."""
    monkeypatch.setattr(os, "access", lambda *_: False)


@pytest.mark.usefixtures("closed")
def test_a_write_ahead_log_in_a_closed_folder_leaves_no_file(tmp_path: Path) -> None:
    path = logged(tmp_path / "shop", pending=False)
    with open_source(path) as source:
        cities = source.connection.execute("select distinct customer_city from customers")
        assert cities.fetchall() == [("natal",)]
        assert [file.name for file in path.parent.iterdir()] == ["shop.db"]


@pytest.mark.usefixtures("closed")
def test_changes_that_stand_in_a_log_are_not_left_out(tmp_path: Path) -> None:
    message = refusal(logged(tmp_path / "shop", pending=True))
    assert "latest changes stand in shop.db-wal" in message
    assert "copy both files" in message


@pytest.mark.parametrize(
    ("value", "words"), [("600,00", "write 600.00"), ("1.250,5", "write 1250.5")]
)
def test_a_number_with_a_comma_is_told_how_to_be_written(value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        check_settings({"contract": {"day_rate": value}}, where="playbook.toml")


@pytest.mark.parametrize(("section", "name"), [("client", "Ol\u202etsi"), ("consultant", "A\0")])
def test_a_name_with_a_hidden_character_is_refused(section: str, name: str) -> None:
    with pytest.raises(SettingsError, match=rf"{section}\.name holds an invisible character, U\+"):
        check_settings({section: {"name": name}})


def test_controls_that_turn_the_text_are_taken_out_of_names() -> None:
    tables = with_value("customers", "customer_city", "\u202esao\u2066 paulo")
    tables["products"]["product_category_name"] = "\u202elivros"
    with open_tables(tables) as source:
        city = source.connection.execute(
            "select customer_city from customers where customer_id = 'ca'"
        ).fetchall()
        category = source.connection.execute(
            "select distinct product_category_name from products"
        ).fetchall()
    assert city == [("sao paulo",)]
    assert category == [("livros",)]
