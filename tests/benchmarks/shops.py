"""The data that the benchmarks run on: the real archive where it is, or the made-up marketplace."""

from __future__ import annotations

import argparse
import os
import sqlite3
import zipfile
from contextlib import ExitStack, closing
from pathlib import Path

import pandas as pd

from analysis.marketplace import make_marketplace

ROOT = Path(__file__).parents[2]
ARCHIVE = "brazilian-ecommerce.zip"
DEMO_CUSTOMERS = 96_000
# Ten of them are 961,000 customers, a hundred 9.6 million.
BLOCK_CUSTOMERS = 96_100
_MOMENTS = ("_timestamp", "_at", "_date")
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


def write_demo_as_parquet(folder: Path, blocks: int, customers: int = BLOCK_CUSTOMERS) -> None:
    """Write a made-up marketplace of so many blocks as a folder of Parquet files, one a table.

    Each block is a marketplace of its own seed, with its own customers, sellers and products: one
    is in memory at a time, and becomes a row group of each file. Moments are timestamps, as an
    export from a database has them; categories have one translation.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for block in range(blocks):
            for name, frame in make_marketplace(customers, seed=block + 1).tables.items():
                if block and name == "category_translation":
                    continue
                table = pa.Table.from_pandas(_timed(frame), preserve_index=False)
                if name not in writers:
                    path = folder / f"{name}.parquet"
                    writer = pq.ParquetWriter(path, table.schema, compression="zstd")
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(table.cast(writers[name].schema))


def _timed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its moments as timestamps."""
    moments = [name for name in frame.columns if name.endswith(_MOMENTS)]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in moments})


def main() -> None:
    """Write the made-up marketplace that the command line asks for."""
    parser = argparse.ArgumentParser(description="A made-up marketplace as Parquet files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--blocks", type=int, required=True, help="of 96,100 customers")
    options = parser.parse_args()
    write_demo_as_parquet(options.folder, options.blocks)


if __name__ == "__main__":
    main()
