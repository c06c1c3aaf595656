"""One row an order, as arrays: what everything about customers is built from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analysis import findings, queries
from analysis.errors import SettingsError
from analysis.gaps import Gaps
from analysis.settings import Customers, Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.source import OpenSource

Codes8 = NDArray[np.int8]
Codes16 = NDArray[np.int16]
Codes32 = NDArray[np.int32]
Whole = NDArray[np.int64]


class Ids(Protocol):
    """Texts by code or position: an array of objects, or of Arrow's texts."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[str]:
        """Return them in turn."""

    def __getitem__(self, place: Any) -> Any:
        """Return one, or those of a slice, a mask or positions."""


ABSENT = -1
_ORDER = ("purchased_at", "order_id")
_BOUGHT = (
    "select count(*) as orders from orders"
    " where order_purchase_timestamp <= cast($as_of as timestamp)"
)
# What is taken of sql/intermediate/order_facts.sql.
_COLUMNS = (
    *_ORDER,
    "customer_unique_id",
    "order_status",
    "customer_state",
    "category",
    "payment_type",
    "price_cents",
    "freight_cents",
    "payment_cents",
    "revenue_cents",
    "is_delivered",
    "delivered_at",
    "estimated_at",
    "item_count",
    "instalments",
)
# As sql/intermediate/order_facts.sql: every other status counts as a purchase.
CANCELED_STATUSES = ("canceled", "unavailable")
DELIVERED = "delivered"
UNDERWAY = "shipped"
# Reads the whole source: every event lies before it.
_END_OF_TIME = datetime(9999, 1, 1)
DAY = 86_400
_EPOCH = datetime(1970, 1, 1)
# A month belongs to regular activity when it has this share of the median month's orders.
REGULAR_SHARE = 0.10


@dataclass(frozen=True, eq=False)
class OrderFacts:
    """Every order, sorted by (purchased_at, order_id); one entry an order unless said otherwise.

    Moments are seconds since 1970 in the shop's own clock, money is in cents, codes are positions
    in the names beside them; `ABSENT` (-1) stands for what is not known. Arrays are read-only.

    Attributes:
        order_ids: text.
        customer: code of the person (customer_unique_id), numbered by first purchase, so that the
            customers of any date are a prefix.
        customer_ids: by code of the customer.
        purchased_at: seconds.
        status: code; names in `status_names`.
        is_valid: counts as a purchase: neither canceled nor unavailable.
        is_delivered: delivered by the end of what is looked at.
        delivered_at: seconds; present whenever the data says so, whatever the status.
        estimated_at: seconds; the promised moment.
        paid_cents: sum of the payments, freight included; price and freight where no payment is
            known.
        price_cents: sum of the prices of the items.
        freight_cents: sum of the freight of the items.
        revenue_cents: price_cents of a delivered order, otherwise 0.
        item_count: number of items.
        instalments: mean number of instalments weighted by the payments; NaN where not known.
        review_score: 1 to 5 of the last answered review, 0 without one.
        review_answered_at: seconds of that review.
        state: code of the customer's state; names in `state_names`.
        category: code of the dearest item's category; names, in English where translated, in
            `category_names`.
        payment_type: code of the largest payment's type; names in `payment_type_names`.
        review_event_order: one entry a review: the position of its order.
        review_event_score: one entry a review, 1 to 5.
        review_event_at: one entry a review: seconds; ascending within an order.
        has_reviews: the source has a table of reviews.
        gaps: the tables and columns that the source lacks.
    """

    order_ids: Ids
    customer: Codes32
    customer_ids: Ids
    purchased_at: Whole
    status: Codes16
    status_names: tuple[str, ...]
    is_valid: NDArray[np.bool_]
    is_delivered: NDArray[np.bool_]
    delivered_at: Whole
    estimated_at: Whole
    paid_cents: Whole
    price_cents: Whole
    freight_cents: Whole
    revenue_cents: Whole
    item_count: Codes32
    instalments: NDArray[np.float64]
    review_score: Codes8
    review_answered_at: Whole
    state: Codes32
    state_names: tuple[str, ...]
    category: Codes32
    category_names: tuple[str, ...]
    payment_type: Codes16
    payment_type_names: tuple[str, ...]
    review_event_order: Codes32
    review_event_score: Codes8
    review_event_at: Whole
    has_reviews: bool
    gaps: Gaps = field(default_factory=Gaps)

    def __post_init__(self) -> None:
        """Make every array read-only: facts are shared by all steps."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self.order_ids)


def build_orders(source: OpenSource) -> OrderFacts:
    """Read every order of the source by sql/intermediate/order_facts.sql.

    Raises:
        ResourceError: there is less memory than they need.
    """
    if source.engine == "duckdb":
        source.ensure_room(source.count("orders"))
    return _facts(source, "intermediate/order_facts", {"as_of": _END_OF_TIME})


def build_orders_until(source: OpenSource, as_of: datetime | None) -> OrderFacts:
    """Read the orders as `build_orders`, those bought by as_of alone where that can be told.

    The table of the facts is made once, and kept for the marts, which look at the same day. Facts
    are counted in whole seconds: where one holds moments inside of a second, or as_of lies before
    the first purchase, every order is read; from a cluster as well, which keeps nothing twice.

    Raises:
        ResourceError: there is less memory than they need.
    """
    if source.engine != "duckdb":
        return build_orders(source)
    last = queries.run_query(source.connection, "intermediate/purchase_span").to_pylist()[0]
    chosen = (as_of or last["last_purchased_at"]).replace(tzinfo=None)
    inside = last["has_fractions"] or chosen.microsecond
    if inside or chosen < last["first_purchased_at"]:
        return build_orders(source)
    bought = queries.run_text(source.connection, _BOUGHT, {"as_of": chosen})
    source.ensure_room(int(bought["orders"][0].as_py()))
    source.keep("order_facts", {"as_of": chosen})
    return _facts(source, "order_facts")


def until(orders: OrderFacts, as_of: datetime) -> OrderFacts:
    """Return the orders bought by as_of, as they were known then.

    What happened later is blanked: a delivery (the order is then on its way, without revenue) and a
    review (an earlier one of the same order takes its place).
    """
    end = to_seconds(as_of)
    size = int(np.searchsorted(orders.purchased_at, end, side="right"))
    cut: dict[str, Any] = {name: getattr(orders, name)[:size] for name in _one_an_order(orders)}
    later = cut["delivered_at"] > end
    undelivered = later & cut["is_delivered"]
    cut["status"], names = _underway(cut["status"], undelivered, orders.status_names)
    cut["delivered_at"] = np.where(later, ABSENT, cut["delivered_at"])
    cut["is_delivered"] = cut["is_delivered"] & ~later
    cut["revenue_cents"] = np.where(later, 0, cut["revenue_cents"])
    known = (orders.review_event_at <= end) & (orders.review_event_order < size)
    customers = int(cut["customer"].max(initial=-1)) + 1
    return replace(
        orders,
        **cut,
        **_reviews(
            size,
            orders.review_event_order[known],
            orders.review_event_score[known],
            orders.review_event_at[known],
        ),
        status_names=names,
        customer_ids=orders.customer_ids[:customers],
    )


def _underway(
    status: NDArray[Any], later: NDArray[np.bool_], names: tuple[str, ...]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the status of each order, and its names, where some came later than is looked at."""
    if not later.any():
        return status, names
    names = names if UNDERWAY in names else (*names, UNDERWAY)
    return np.where(later, status.dtype.type(names.index(UNDERWAY)), status), names


def of_customers(orders: OrderFacts, codes: Whole) -> OrderFacts:
    """Return the orders of some customer codes (ascending), numbered anew in the same order."""
    code_of = np.full(len(orders.customer_ids), ABSENT, np.int32)
    code_of[codes] = np.arange(len(codes), dtype=np.int32)
    chosen = code_of[orders.customer] != ABSENT
    place_of = np.full(len(orders), ABSENT, np.int32)
    place_of[chosen] = np.arange(int(chosen.sum()), dtype=np.int32)
    kept: dict[str, Any] = {name: getattr(orders, name)[chosen] for name in _one_an_order(orders)}
    kept["customer"] = code_of[kept["customer"]]
    return replace(
        orders,
        **kept,
        **_reviews(
            len(kept["customer"]),
            place_of[orders.review_event_order],
            orders.review_event_score,
            orders.review_event_at,
        ),
        customer_ids=orders.customer_ids[codes],
    )


def describe_period(
    orders: OrderFacts, as_of: datetime | None, settings: Settings
) -> findings.Period:
    """Return the dates that everything refers to; as_of defaults to the last purchase.

    Raises:
        SettingsError: as_of lies before the first purchase.
    """
    first, last = to_datetime(orders.purchased_at[0]), to_datetime(orders.purchased_at[-1])
    chosen = last if as_of is None else as_of.replace(tzinfo=None)
    if chosen < first:
        raise SettingsError(
            f"as_of = {chosen:%Y-%m-%d %H:%M:%S}",
            where="the settings or --as-of",
            expected=f"a date after the first purchase, {first:%Y-%m-%d %H:%M:%S}",
            todo="choose a later date",
        )
    known = until(orders, chosen)
    delivered = known.purchased_at[known.is_delivered]
    complete = to_datetime(delivered[-1]) if delivered.size else chosen
    end = to_seconds(complete)
    return findings.Period(
        first_purchase=first,
        last_purchase=to_datetime(known.purchased_at[-1]),
        as_of=chosen,
        complete_until=complete,
        started_on=regular_from(known.purchased_at[known.purchased_at <= end]),
        orders=len(known),
        orders_after_complete=int((known.purchased_at > end).sum()),
        currency=settings.client.currency,
        pause=find_pause(known.purchased_at, settings.customers),
    )


def find_pause(
    purchased_at: Whole, wanted: Customers, orders: Whole | None = None
) -> findings.Pause | None:
    """Return the last stretch without orders of at least `pause_days`, None without one.

    A stretch before which fewer than `pause_share` of the orders were bought is the start of the
    shop, not a pause. `purchased_at` are epoch seconds, ascending; `orders` says how many each
    stands for, one without it.
    """
    gaps = np.diff(purchased_at)
    each = np.ones(len(purchased_at), np.int64) if orders is None else orders
    before = np.cumsum(each)[:-1] / max(int(each.sum()), 1)
    long = np.flatnonzero((gaps >= wanted.pause_days * DAY) & (before >= wanted.pause_share))
    if not long.size:
        return None
    place = int(long[-1])
    return findings.Pause(
        last_before=to_datetime(purchased_at[place]),
        first_after=to_datetime(purchased_at[place + 1]),
        days=int(gaps[place]) // DAY,
    )


def to_seconds(moment: datetime) -> int:
    """Return a moment of the shop's own clock as seconds since 1970, rounded down."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def to_datetime(seconds: int | np.int64) -> datetime:
    """Return seconds since 1970 as a moment of the shop's own clock."""
    return _EPOCH + timedelta(seconds=int(seconds))


def regular_from(purchased_at: Whole, orders: Whole | None = None) -> date:
    """Return the first day of the first month from which on activity is regular.

    `purchased_at` are epoch seconds, ascending; `orders` says how many each stands for, one without
    it.

    Walking back from the last month, which may be cut short and is not judged, to the earliest
    such that it and all later ones have at least REGULAR_SHARE of the orders of the median month
    with orders: one stray order of long ago must not make every empty month regular.
    """
    months = purchased_at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    counts = np.bincount(months - months[0], orders)
    irregular = np.flatnonzero(counts[:-1] < REGULAR_SHARE * np.median(counts[counts > 0]))
    start = months[0] + (irregular[-1] + 1 if irregular.size else 0)
    day: date = np.datetime64(int(start), "M").astype("datetime64[D]").item()
    return day


def _facts(
    source: OpenSource, table: str, parameters: queries.Parameters | None = None
) -> OrderFacts:
    """Return the facts of a table or query, and the reviews of its orders.

    A column is let go of when it has been turned: of many orders, all of them would not fit twice.
    """
    rows = queries.run_columns(source.connection, table, _COLUMNS, parameters, _ORDER)
    take = dict(zip(rows.column_names, rows.columns, strict=True)).pop
    del rows
    customer, customer_ids = _numbered(take("customer_unique_id"))
    order_ids = take("order_id")
    events = queries.run_query(source.connection, "intermediate/review_events")
    reviews = _reviews(
        len(order_ids),
        _positions(order_ids, events["order_id"]),
        _whole(events["review_score"], 0).astype(np.int8),
        _seconds(events["review_answered_at"]),
    )
    del events
    status, status_names = _coded(take("order_status"))
    state, state_names = _coded(take("customer_state"))
    category, category_names = _coded(take("category"))
    payment_type, payment_type_names = _coded(take("payment_type"))
    price, freight = _whole(take("price_cents"), 0), _whole(take("freight_cents"), 0)
    paid = _whole(take("payment_cents"), ABSENT)
    valid = np.array([name not in CANCELED_STATUSES for name in status_names])
    is_valid = valid[status]
    delivered = _whole(take("is_delivered"), 0) == 1
    if DELIVERED in status_names:
        # Delivered after the day that the facts were made for: then it was on its way.
        later = ~delivered & (status == status_names.index(DELIVERED))
        status, status_names = _underway(status, later, status_names)
    return OrderFacts(
        order_ids=_ids(order_ids.combine_chunks()),
        customer=customer,
        customer_ids=customer_ids,
        purchased_at=_seconds(take("purchased_at")),
        status=status.astype(np.int16),
        status_names=status_names,
        is_valid=is_valid,
        is_delivered=delivered,
        delivered_at=_seconds(take("delivered_at")),
        estimated_at=_seconds(take("estimated_at")),
        paid_cents=np.where(paid == ABSENT, price + freight, paid),
        price_cents=price,
        freight_cents=freight,
        revenue_cents=_whole(take("revenue_cents"), 0),
        item_count=_whole(take("item_count"), 0).astype(np.int32),
        instalments=take("instalments").cast("double").fill_null(np.nan).to_numpy(),
        state=state,
        state_names=state_names,
        category=category,
        category_names=category_names,
        payment_type=payment_type.astype(np.int16),
        payment_type_names=payment_type_names,
        has_reviews=source.has("order_reviews"),
        gaps=source.gaps,
        **reviews,
    )


def _reviews(size: int, order: Codes32, score: Codes8, answered_at: Whole) -> dict[str, Any]:
    """Return the fields about reviews; events are ascending within an order, so the last stays."""
    there = order >= 0
    order, score, answered_at = order[there], score[there], answered_at[there]
    last_score = np.zeros(size, np.int8)
    last_at = np.full(size, ABSENT, np.int64)
    is_last = np.ones(len(order), bool)
    is_last[:-1] = order[1:] != order[:-1]
    last_score[order[is_last]] = score[is_last]
    last_at[order[is_last]] = answered_at[is_last]
    return {
        "review_score": last_score,
        "review_answered_at": last_at,
        "review_event_order": order,
        "review_event_score": score,
        "review_event_at": answered_at,
    }


def _numbered(column: pa.ChunkedArray) -> tuple[Codes32, Ids]:
    """Return codes in order of first appearance, and the texts by code."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int32), _ids(encoded.dictionary)


def _ids(texts: pa.Array) -> Ids:
    """Return texts as pandas holds them in Arrow: a tenth of the memory of as many objects."""
    import pandas as pd

    ids: Ids = pd.array(texts, dtype="str")
    return ids


def _coded(column: pa.ChunkedArray) -> tuple[Codes32, tuple[str, ...]]:
    """Return codes in alphabetical order, ABSENT where there is no text, and the names."""
    import pyarrow.compute as pc

    column = pc.if_else(pc.equal(column, ""), None, column)
    encoded = column.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names) + 1, np.int32)
    rank[order] = np.arange(len(names))
    rank[-1] = ABSENT
    codes = encoded.indices.fill_null(len(names)).to_numpy()
    return rank[codes], tuple(names[place] for place in order)


def _positions(there: pa.ChunkedArray, wanted: pa.ChunkedArray) -> Codes32:
    """Return where each wanted text stands, ABSENT where it does not."""
    import pyarrow.compute as pc

    found = pc.index_in(wanted, value_set=there.combine_chunks())
    positions: Codes32 = found.fill_null(ABSENT).to_numpy().astype(np.int32)
    return positions


def _seconds(column: pa.ChunkedArray) -> Whole:
    """Return moments as seconds since 1970, ABSENT where there is none."""
    return _whole(column.cast("timestamp[s]", safe=False).cast("int64"), ABSENT)


def _whole(column: pa.ChunkedArray, absent: int) -> Whole:
    numbers: Whole = column.cast("int64").fill_null(absent).to_numpy()
    return numbers


def _one_an_order(orders: OrderFacts) -> list[str]:
    """Return the names of the fields that have one entry an order."""
    others = {"review_event_order", "review_event_score", "review_event_at"}
    others |= {"review_score", "review_answered_at"}
    arrays = [
        entry.name
        for entry in fields(orders)
        if entry.name not in others and isinstance(getattr(orders, entry.name), np.ndarray)
    ]
    return ["order_ids", *(name for name in arrays if name not in ("order_ids", "customer_ids"))]
