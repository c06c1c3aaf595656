"""The data that the benchmarks run on: the real archive where it is, or the made-up marketplace."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pandas as pd

from analysis.marketplace import make_marketplace

ROOT = Path(__file__).parents[2]
ARCHIVE = "brazilian-ecommerce.zip"
DEMO_CUSTOMERS = 96_000
SQLITE_NAMES = {
    "geolocation": "geoloc",
    "order_payments": "order_pymts",
    "category_translation": "translation",
}
MEMBERS = {
    "customers": "olist_customers_dataset",
    "geoloc": "olist_geolocation_dataset",
    "order_items": "olist_order_items_dataset",
    "order_pymts": "olist_order_payments_dataset",
    "order_reviews": "olist_order_reviews_dataset",
    "orders": "olist_orders_dataset",
    "products": "olist_products_dataset",
    "sellers": "olist_sellers_dataset",
    "translation": "product_category_name_translation",
}


def find_archive() -> Path | None:
    """Return the real archive: PLAYBOOK_OLIST names it or its folder; else ../shared/olist."""
    named = os.environ.get("PLAYBOOK_OLIST")
    place = Path(named) if named else ROOT.parent / "shared" / "olist"
    archive = place / ARCHIVE if place.is_dir() else place
    return archive if archive.is_file() else None


def write_archive_as_sqlite(archive: Path, target: Path) -> None:
    """Write the archive's files as the SQLite form that analysts use."""
    with closing(sqlite3.connect(target)) as connection, zipfile.ZipFile(archive) as source:
        for name, member in MEMBERS.items():
            with source.open(f"{member}.csv") as stream:
                pd.read_csv(stream, encoding="utf-8-sig").to_sql(name, connection)


def write_demo_as_sqlite(target: Path, customers: int = DEMO_CUSTOMERS) -> None:
    """Write a made-up marketplace as the SQLite form that analysts use."""
    with closing(sqlite3.connect(target)) as connection:
        for name, table in make_marketplace(customers, seed=1).tables.items():
            table.to_sql(SQLITE_NAMES.get(name, name), connection)
