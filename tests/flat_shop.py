"""A made-up wholesaler in the shape of a well-known public file: one flat table of invoice lines.

Columns are named as in "Online Retail II": Invoice, StockCode, Description, Quantity, InvoiceDate,
Price, Customer ID, Country. Invoices that start with C take goods back, with negative quantities;
some lines have no customer; nothing says who sold, when it came, or what the customer thought.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

TABLE = "online_retail"
COLUMNS = (
    *("Invoice", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "Price", "Customer ID", "Country"),
)
COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE", "Spain", "Netherlands")
FIRST_DAY = np.datetime64("2010-01-04T08:00", "m")
MONTHS, DAYS = 20, 608
CANCELED_SHARE, ANONYMOUS_SHARE = 0.04, 0.08
WORDS = (("RED", "BLUE", "WOODEN", "PAPER"), ("LANTERN", "MUG", "CLOCK", "GARLAND", "TIN"))


def make_flat_shop(customers: int = 1_500, seed: int = 3) -> pd.DataFrame:
    """Return the lines: each customer comes once or a few times, in one of three sizes of basket.

    Every invoice has a time of its own, from which its number follows.
    """
    rng = np.random.default_rng(seed)
    visits = 1 + rng.binomial(4, np.where(rng.random(customers) < 0.25, 0.4, 0.0))
    size = rng.choice([1.0, 3.0, 12.0], customers, p=[0.5, 0.3, 0.2])
    country = rng.choice(len(COUNTRIES), customers, p=[0.8, 0.06, 0.05, 0.04, 0.03, 0.02])
    owner = np.repeat(np.arange(customers), visits)
    minutes = np.sort(rng.choice(DAYS * 24 * 60, len(owner), replace=False))
    owner = rng.permutation(owner)
    lines = 1 + rng.poisson(2.0, len(owner))
    invoice = np.repeat(np.arange(len(owner)), lines)
    product = rng.integers(0, 200, len(invoice))
    quantity = 1 + rng.poisson(3.0 * size[owner[invoice]])
    canceled = rng.random(len(owner)) < CANCELED_SHARE
    anonymous = rng.random(len(owner)) < ANONYMOUS_SHARE
    numbers = np.array(
        [f"{'C' if gone else ''}{489_000 + place}" for place, gone in enumerate(canceled)]
    )
    who = np.array(
        [
            "" if hidden else str(12_000 + code)
            for code, hidden in zip(owner, anonymous, strict=True)
        ]
    )
    return pd.DataFrame(
        {
            "Invoice": numbers[invoice],
            "StockCode": [f"{20_000 + code}A" for code in product],
            "Description": [
                f"{WORDS[0][code % 4]} {WORDS[1][code % 5]}, NO. {code}" for code in product
            ],
            "Quantity": np.where(canceled[invoice], -quantity, quantity),
            "InvoiceDate": [
                str(FIRST_DAY + np.timedelta64(int(minutes[place]), "m")).replace("T", " ")
                for place in invoice
            ],
            "Price": np.round(0.85 + (product % 40) * 0.35, 2),
            "Customer ID": who[invoice],
            "Country": np.array(COUNTRIES)[country[owner[invoice]]],
        },
        columns=COLUMNS,
    )


def write_flat_shop(folder: Path, customers: int = 1_500, seed: int = 3) -> Path:
    """Write the table as a CSV file into a new folder, and return the folder."""
    folder.mkdir()
    make_flat_shop(customers, seed).to_csv(folder / f"{TABLE}.csv", index=False)
    return folder
