"""Another shop's tables under canonical names: what is let through, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flat_shop import make_flat_shop, write_flat_shop
from shop import make_shop

from analysis.errors import ContentError, PlaybookError, SchemaError, SettingsError
from analysis.settings import Settings, check_settings
from analysis.source import OpenSource, open_source, open_tables

RETAIL = Path(__file__).parent.parent / "templates" / "settings" / "online_retail.toml"

# Two invoices of one client, one of them taken back, and a third without a client.
LINES = pd.DataFrame(
    [
        ("1", "A", "2", "2020-01-05 10:00", "1.50", "7", "EIRE"),
        ("1", "B", "1", "2020-01-05 10:00", "4", "7", "EIRE"),
        ("C2", "A", "-2", "2020-02-05 11:30", "1.50", "7", "EIRE"),
        ("3", "A", "5", "2020-03-05 12:00", "1.50", "", "Spain"),
    ],
    columns=["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"],
)


def retail(**changes: dict[str, Any]) -> Settings:
    """Return the settings of the example, with keys of a mapped table changed or taken away."""
    values = tomllib.loads(RETAIL.read_text(encoding="utf-8"))
    for table, keys in changes.items():
        mapped = values["source"]["mapping"].setdefault(table, {})
        mapped.update(keys)
        for key in [key for key, value in mapped.items() if value is None]:
            del mapped[key]
    return check_settings(values, where="playbook.toml")


def opened(settings: Settings, **tables: pd.DataFrame) -> OpenSource:
    return open_tables({"online_retail": LINES, **tables}, settings=settings.source)


def rows(source: OpenSource, text: str) -> list[tuple[object, ...]]:
    return source.connection.execute(text).fetchall()


def test_a_flat_table_becomes_the_canonical_ones() -> None:
    with opened(retail()) as source:
        assert rows(source, "select * from customers") == [("7", "7", None, None, "EIRE")]
        assert rows(
            source,
            "select order_id, customer_id, order_status, cast(order_purchase_timestamp as varchar)"
            " from orders order by order_id",
        ) == [
            ("1", "7", "delivered", "2020-01-05 10:00:00"),
            ("C2", "7", "canceled", "2020-02-05 11:30:00"),
        ]
        assert rows(
            source,
            "select order_id, order_item_id, product_id, seller_id, price, freight_value"
            " from order_items order by all",
        ) == [
            ("1", 1, "A", None, 3.0, 0.0),
            ("1", 2, "B", None, 4.0, 0.0),
            ("C2", 1, "A", None, 3.0, 0.0),
        ]
        assert rows(source, "select product_id from products order by 1") == [("A",), ("B",)]


def test_what_is_left_out_is_known_to_be() -> None:
    with opened(retail()) as source:
        gaps, tables = source.gaps, {table.name: table for table in source.description.tables}
    assert gaps.tables >= {"sellers", "order_reviews", "order_payments"}
    assert "orders.order_delivered_customer_date" in gaps.columns
    assert "orders.order_status" not in gaps.columns
    assert gaps.why("orders.order_status", "orders.order_purchase_timestamp") is None
    assert gaps.why("order_reviews.review_score").code == "missing_table"
    assert gaps.why("order_items.seller_id").expected == "order_items.seller_id"
    assert tables["orders"].missing_columns == (
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    )
    assert tables["sellers"].rows is None


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    folder = write_flat_shop(tmp_path / "shop", customers=40)
    with (
        open_source(folder, retail().source) as one,
        open_source(folder / "online_retail.csv", retail().source) as other,
    ):
        count = "select count(*) from order_items"
        assert rows(one, count) == rows(other, count)
        assert rows(one, count)[0][0] == (make_flat_shop(40)["Customer ID"] != "").sum()


def test_tables_that_are_named_already_need_no_mapping() -> None:
    shop = make_shop()
    shop["purchases"] = shop.pop("orders").rename(columns={"order_id": "No"})
    mapping = {
        "orders": {
            "from": "purchases",
            "order_id": "no",
            **{name: name for name in shop["purchases"].columns if name != "No"},
        }
    }
    settings = check_settings({"source": {"mapping": mapping}})
    with (
        open_tables(make_shop()) as plain,
        open_tables(shop, settings=settings.source) as mapped,
    ):
        for table in ("orders", "customers", "order_items", "sellers", "order_reviews"):
            text = f"select * from {table} order by all"
            assert rows(mapped, text) == rows(plain, text)
        assert not mapped.gaps.columns


def test_a_table_of_that_name_that_is_something_else_is_left_alone() -> None:
    with opened(retail(), sellers=pd.DataFrame({"name": ["x"]})) as source:
        assert "sellers" in source.gaps.tables


@pytest.mark.parametrize(
    ("table", "keys", "kind", "words"),
    [
        ("invoices", {"from": "x", "a": "b"}, SettingsError, ["unknown table: invoices"]),
        ("order", {"from": "x", "a": "b"}, SettingsError, ["did you mean orders?"]),
        ("orders", {"order_state": "x"}, SettingsError, ["did you mean order_status?"]),
        ("orders", {"order_status": None}, SettingsError, ["a mapping without order_status"]),
        ("orders", {"from": None}, SettingsError, ["source.mapping.orders.from"]),
        (
            "products",
            {"from": "online_retial"},
            SchemaError,
            ["table that is not there: online_retial; the nearest there is online_retail"],
        ),
        (
            "products",
            {"product_id": "StockCod"},
            SchemaError,
            ["column that is not there: StockCod; the nearest there is StockCode", "product_id in"],
        ),
        (
            "products",
            {"from": "select StokCode from online_retail"},
            SchemaError,
            ["column that is not there: StokCode; the nearest there is StockCode", "from in"],
        ),
        (
            "orders",
            {"customer_id": "persn"},
            SchemaError,
            ["column that is not there: persn; the nearest there is person"],
        ),
        ("products", {"where": "Prise > 1"}, SchemaError, ["nearest there is Price", "where in"]),
        ("products", {"product_id": "case when"}, SettingsError, ["is not SQL", "product_id in"]),
        ("products", {"product_id": "a, b"}, SettingsError, ["not one expression"]),
        ("products", {"product_id": "StockCode from x"}, SettingsError, ["not one expression"]),
        ("products", {"product_id": "1; drop table x"}, SettingsError, ["than one statement"]),
        ("products", {"product_id": "*"}, SettingsError, ["not one expression"]),
        ("products", {"product_id": "$1"}, SettingsError, ["only reads may not hold"]),
        ("products", {"product_id": "random()"}, SettingsError, ["something else at every run"]),
        ("products", {"product_id": "current_date"}, SettingsError, ["at every run"]),
        ("products", {"product_id": "getenv('HOME')"}, SettingsError, ["outside of the source"]),
        (
            "products",
            {"product_id": "(select content from read_text('/etc/passwd'))"},
            SettingsError,
            ["outside of the source: read_text"],
        ),
        ("products", {"from": "select * from glob('/*')"}, SettingsError, ["outside of the"]),
        ("products", {"from": "select * from '/etc/passwd'"}, SchemaError, ["table that is not"]),
        ("products", {"from": "select * from main.x"}, SettingsError, ["of another schema"]),
        ("products", {"from": "drop table online_retail"}, PlaybookError, ["from in"]),
        ("products", {"from": "select 1 as a into b"}, SettingsError, ["only reads"]),
        ("products", {"from": "select 1; select 2"}, SettingsError, ["than one statement"]),
        ("products", {"from": "copy online_retail to 'x'"}, PlaybookError, ["from in"]),
        ("products", {"from": "attach 'x.db' as from"}, PlaybookError, ["from in"]),
        (
            "order_items",
            {"price": "cast(StockCode as integer)"},
            ContentError,
            ["fails on a value", "'A'", "price in [source.mapping.order_items]"],
        ),
        (
            "order_items",
            {"price": "Quantity * Price"},
            SettingsError,
            ["cannot be evaluated", "price in [source.mapping.order_items]"],
        ),
        ("order_items", {"price": "no_such(Price)"}, SettingsError, ["no_such"]),
        ("order_items", {"price": "cast(Quantity as int)"}, ContentError, ["price", "-2"]),
    ],
)
def test_what_is_wrong_with_a_mapping_is_named(
    table: str, keys: dict[str, Any], kind: type[PlaybookError], words: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        opened(retail(**{table: keys})).close()
    for word in [*words, "expected:", "do next:"]:
        assert word in str(caught.value)


def test_the_engine_of_a_mapping_reaches_no_file() -> None:
    """Even what the parser would let through: the engine is locked."""
    import duckdb

    from analysis import mapped_reader

    with (
        duckdb.connect(config=mapped_reader._LOCKED) as engine,
        pytest.raises(duckdb.PermissionException),
    ):
        engine.execute("select * from read_text('/etc/hostname')")


def test_expressions_may_hold_windows_subqueries_and_comments() -> None:
    price = "(select max(cast(Price as double)) from online_retail) -- the dearest"
    with opened(retail(order_items={"price": price})) as source:
        assert rows(source, "select distinct price from order_items") == [(4.0,)]
