"""The canonical tables: their columns, what must hold of them, and the names that sources use."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class TableSpec:
    """One canonical table, its columns named as in the public CSV files.

    Attributes:
        name: canonical name.
        source_names: other names that sources give it, in lower case.
        required: the analysis cannot do without it.
        columns: columns that must be there.
        needed: those of them that even a mapping of another shop cannot leave out.
        extra_columns: columns that are read where they are there, and absent otherwise.
        key: columns that tell its rows apart; empty when nothing does.
        dates: columns that must be readable as a timestamp where filled.
        filled: columns that must be filled in every row.
        amounts: columns that must be a number of at least zero in every row.
        numbers: other columns that must be readable as a number where filled.
        stand_ins: what a column that a mapping leaves out holds instead of nothing; `Gaps` keeps
            it from being taken for a value.
        deferred: read when asked for (large, and not needed by most figures).
    """

    name: str
    source_names: tuple[str, ...]
    required: bool
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    extra_columns: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    deferred: bool = False

    @property
    def known_columns(self) -> tuple[str, ...]:
        """Every column that is looked for."""
        return (*self.columns, *self.extra_columns)

    def of(self, known: Container[str]) -> TableSpec:
        """Return what must hold where only some columns are there."""
        names = ("columns", "extra_columns", "key", "dates", "filled", "amounts", "numbers")
        kept: dict[str, Any] = {
            name: tuple(column for column in getattr(self, name) if column in known)
            for name in names
        }
        return replace(self, **kept)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the table may have in a source."""
        return (self.name, *self.source_names)


TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        "customers",
        ("olist_customers_dataset",),
        required=True,
        columns=(
            "customer_id",
            "customer_unique_id",
            "customer_zip_code_prefix",
            "customer_city",
            "customer_state",
        ),
        needed=("customer_id", "customer_unique_id"),
        key=("customer_id",),
        filled=("customer_id", "customer_unique_id"),
    ),
    TableSpec(
        "orders",
        ("olist_orders_dataset",),
        required=True,
        columns=(
            "order_id",
            "customer_id",
            "order_status",
            "order_purchase_timestamp",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ),
        needed=("order_id", "customer_id", "order_status", "order_purchase_timestamp"),
        extra_columns=("order_approved_at", "order_delivered_carrier_date"),
        key=("order_id",),
        dates=(
            "order_purchase_timestamp",
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ),
        filled=("order_id", "customer_id", "order_purchase_timestamp"),
    ),
    TableSpec(
        "order_items",
        ("olist_order_items_dataset",),
        required=True,
        columns=(
            "order_id",
            "order_item_id",
            "product_id",
            "seller_id",
            "price",
            "freight_value",
        ),
        needed=("order_id", "order_item_id", "price"),
        extra_columns=("shipping_limit_date",),
        key=("order_id", "order_item_id"),
        dates=("shipping_limit_date",),
        filled=("order_id", "order_item_id", "seller_id"),
        amounts=("price", "freight_value"),
        numbers=("order_item_id",),
        stand_ins=(("freight_value", "0"),),
    ),
    TableSpec(
        "order_payments",
        ("order_pymts", "olist_order_payments_dataset"),
        required=False,
        columns=(
            "order_id",
            "payment_sequential",
            "payment_type",
            "payment_installments",
            "payment_value",
        ),
        needed=("order_id", "payment_value"),
        filled=("order_id",),
        amounts=("payment_value",),
        numbers=("payment_sequential", "payment_installments"),
    ),
    TableSpec(
        "order_reviews",
        ("olist_order_reviews_dataset",),
        required=False,
        columns=(
            "review_id",
            "order_id",
            "review_score",
            "review_creation_date",
            "review_answer_timestamp",
        ),
        needed=("order_id", "review_score", "review_creation_date"),
        dates=("review_creation_date", "review_answer_timestamp"),
        filled=("order_id",),
        numbers=("review_score",),
    ),
    TableSpec(
        "products",
        ("olist_products_dataset",),
        required=True,
        columns=("product_id", "product_category_name"),
        needed=("product_id",),
        extra_columns=(
            "product_name_lenght",
            "product_description_lenght",
            "product_photos_qty",
            "product_weight_g",
            "product_length_cm",
            "product_height_cm",
            "product_width_cm",
        ),
        key=("product_id",),
        filled=("product_id",),
        numbers=(
            "product_name_lenght",
            "product_description_lenght",
            "product_photos_qty",
            "product_weight_g",
            "product_length_cm",
            "product_height_cm",
            "product_width_cm",
        ),
    ),
    TableSpec(
        "sellers",
        ("olist_sellers_dataset",),
        required=True,
        columns=("seller_id", "seller_zip_code_prefix", "seller_city", "seller_state"),
        needed=("seller_id",),
        key=("seller_id",),
        filled=("seller_id",),
    ),
    TableSpec(
        "category_translation",
        ("translation", "product_category_name_translation"),
        required=False,
        columns=("product_category_name", "product_category_name_english"),
        needed=("product_category_name", "product_category_name_english"),
    ),
    TableSpec(
        "geolocation",
        ("geoloc", "olist_geolocation_dataset"),
        required=False,
        columns=(
            "geolocation_zip_code_prefix",
            "geolocation_lat",
            "geolocation_lng",
            "geolocation_city",
            "geolocation_state",
        ),
        needed=("geolocation_zip_code_prefix", "geolocation_lat", "geolocation_lng"),
        numbers=("geolocation_lat", "geolocation_lng"),
        deferred=True,
    ),
)

# The text of the reviews stands in the table of the reviews and is seldom needed.
REVIEW_COMMENTS = TableSpec(
    "review_comments",
    ("order_reviews", "olist_order_reviews_dataset"),
    required=False,
    columns=("review_id", "order_id", "review_comment_title", "review_comment_message"),
    needed=("order_id", "review_comment_message"),
    deferred=True,
)


def mappable_columns(table: TableSpec) -> tuple[str, ...]:
    """Return the canonical columns that a mapping of a table may give."""
    comments = REVIEW_COMMENTS.columns if table.name == "order_reviews" else ()
    return tuple(dict.fromkeys((*table.known_columns, *comments)))


# Columns that documents show as names, and controls that would turn the text around them.
SHOWN_COLUMNS = frozenset(
    (
        *("customer_city", "customer_state", "seller_city", "seller_state", "payment_type"),
        *("product_category_name", "product_category_name_english"),
    )
)
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# Spellings that another writer of the same data uses for a column.
OTHER_SPELLINGS = {
    "product_name_lenght": "product_name_length",
    "product_description_lenght": "product_description_length",
}

# How the client's analysts call the canonical tables in their own SQLite file.
OLIST_DB_NAMES = {
    "order_payments": "order_pymts",
    "category_translation": "translation",
    "geolocation": "geoloc",
}
