"""A shop of six orders in 2018, small enough to be checked with a pencil.

| | customer | bought | status | items (price + freight) | paid | reviews |
|---|---|---|---|---|---|---|
| a | anna | 01-10 | delivered, 2 days early | 10 + 1 and 20 + 2 | 3 and 30 | 1, then 5 |
| b | bob | 02-01 | delivered, 3 days late | 100.50 + 9.50 | 110 | 2 |
| c | anna | 02-15 | delivered, half a day late | 12 + 1 and 18 + 2 (two sellers) | 39 | none |
| d | carl | 03-01 | canceled | 5 + 0.50 | 5.50 | 1 |
| e | bob | 03-05 | shipped | 7 + 1 | 8 | none |
| f | dora | 03-06 | unavailable, without items | | none | 3, undated |
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

Frames = dict[str, pd.DataFrame]

CSV_NAMES = {
    "customers": "olist_customers_dataset",
    "orders": "olist_orders_dataset",
    "order_items": "olist_order_items_dataset",
    "order_payments": "olist_order_payments_dataset",
    "order_reviews": "olist_order_reviews_dataset",
    "products": "olist_products_dataset",
    "sellers": "olist_sellers_dataset",
    "category_translation": "product_category_name_translation",
    "geolocation": "olist_geolocation_dataset",
}


def make_shop() -> Frames:
    """Return the tables of the shop, under their canonical names, as fresh frames."""
    return {
        "customers": _frame(
            "customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state",
            ("ca", "anna", "01037", "sao paulo", "SP"),
            ("cb", "bob", "22753", "rio de janeiro", "RJ"),
            ("cc", "anna", "01037", "São Paulo - SP", "SP"),
            ("cd", "carl", "01037", "sao paulo", "SP"),
            ("ce", "bob", "22753", "rio de janeiro / rio de janeiro", "RJ"),
            ("cf", "dora", "69000", None, "AM"),
        ),
        "orders": _frame(
            "order_id customer_id order_status order_purchase_timestamp order_approved_at"
            " order_delivered_carrier_date order_delivered_customer_date"
            " order_estimated_delivery_date",
            _order("a", "delivered", "2018-01-10 10:00:00", "2018-01-18 00:00:00", "2018-01-20"),
            _order("b", "delivered", "2018-02-01 12:00:00", "2018-02-13 00:00:00", "2018-02-10"),
            _order("c", "delivered", "2018-02-15 09:30:00", "2018-02-25 12:00:00", "2018-02-25"),
            _order("d", "canceled", "2018-03-01 08:00:00", None, "2018-03-20"),
            _order("e", "shipped", "2018-03-05 20:00:00", None, "2018-03-25"),
            _order("f", "unavailable", "2018-03-06 07:00:00", None, "2018-03-26"),
        ),
        "order_items": _frame(
            "order_id order_item_id product_id seller_id shipping_limit_date price freight_value",
            ("a", 1, "p1", "s1", "2018-01-12 00:00:00", 10.00, 1.00),
            ("a", 2, "p2", "s1", "2018-01-12 00:00:00", 20.00, 2.00),
            ("b", 1, "p2", "s2", "2018-02-03 00:00:00", 100.50, 9.50),
            ("c", 1, "p1", "s1", "2018-02-17 00:00:00", 12.00, 1.00),
            ("c", 2, "p3", "s2", "2018-02-17 00:00:00", 18.00, 2.00),
            ("d", 1, "p1", "s1", "2018-03-03 00:00:00", 5.00, 0.50),
            ("e", 1, "p3", "s3", "2018-03-07 00:00:00", 7.00, 1.00),
        ),
        "order_payments": _frame(
            "order_id payment_sequential payment_type payment_installments payment_value",
            ("a", 1, "voucher", 1, 3.00),
            ("a", 2, "credit_card", 4, 30.00),
            ("b", 1, "boleto", 1, 110.00),
            ("c", 1, "credit_card", 2, 39.00),
            ("d", 1, "credit_card", 1, 5.50),
            ("e", 1, "boleto", 1, 8.00),
        ),
        "order_reviews": _frame(
            "review_id order_id review_score review_comment_title review_comment_message"
            " review_creation_date review_answer_timestamp",
            ("r1", "a", 1, None, "Nada ainda", "2018-01-19 00:00:00", "2018-01-20 08:00:00"),
            ("r2", "a", 5, None, 'Chegou!\r\n"Obrigada",\nboa', "2018-01-21 00:00:00", None),
            ("r3", "b", 2, "Atraso", None, "2018-02-14 00:00:00", "2018-02-15 18:00:00"),
            ("r4", "d", 1, None, None, "2018-03-02 00:00:00", "2018-03-04 10:00:00"),
            ("r5", "f", 3, None, None, None, None),
        ),
        "products": _frame(
            "product_id product_category_name product_name_lenght product_weight_g",
            ("p1", "livros", 12, 300),
            ("p2", "perfumaria", None, 150),
            ("p3", "artigos raros", 20, None),
        ),
        "sellers": _frame(
            "seller_id seller_zip_code_prefix seller_city seller_state",
            ("s1", "01037", "sao paulo", "SP"),
            ("s2", "80010", "curitiba", "PR"),
            ("s3", "30140", "belo horizonte", "MG"),
        ),
        "category_translation": _frame(
            "product_category_name product_category_name_english",
            ("livros", "books"),
            ("perfumaria", "perfumery"),
        ),
        "geolocation": _frame(
            "geolocation_zip_code_prefix geolocation_lat geolocation_lng geolocation_city"
            " geolocation_state",
            ("01037", -23.5456, -46.6393, "sao paulo", "SP"),
            ("22753", -22.9500, -43.3400, "rio de janeiro", "RJ"),
        ),
    }


def write_folder(tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write the tables as the CSV files that users have, and return the folder."""
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        encoding = "utf-8-sig" if name == "category_translation" else "utf-8"
        frame.to_csv(folder / f"{CSV_NAMES[name]}.csv", index=False, encoding=encoding)
    return folder


def write_database(tables: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write the tables as the SQLite file that analysts have, and return its path."""
    names = {
        "order_payments": "order_pymts",
        "category_translation": "translation",
        "geolocation": "geoloc",
    }
    database = sqlite3.connect(path)
    for name, frame in tables.items():
        changed = frame.copy()
        for column in changed.columns:
            if column.endswith("zip_code_prefix"):
                changed[column] = changed[column].astype(int)
        changed.to_sql(names.get(name, name), database, index=True, index_label="index")
    database.close()
    return path


def _order(
    name: str, status: str, bought: str, delivered: str | None, promised: str
) -> tuple[str | None, ...]:
    return (name, f"c{name}", status, bought, bought, None, delivered, f"{promised} 00:00:00")


def _frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())
