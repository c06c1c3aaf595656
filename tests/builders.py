"""Tiny order facts for tests that are checked with a pencil."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from analysis.orders import OrderFacts, to_seconds

DAY = 86_400


def moment(text: str) -> int:
    """Return '2018-01-31' or '2018-01-31 12:00:00' as seconds."""
    return to_seconds(datetime.fromisoformat(text))


def make_orders(rows: list[dict[str, Any]], **changes: Any) -> OrderFacts:
    """Make order facts of rows with `customer` and `bought`; the rest has defaults.

    A row may say: paid, price, freight (currency units), status, delivered, promised (dates),
    reviews (list of (score, date)), state, category, instalments.
    """
    rows = sorted(rows, key=lambda row: row["bought"])
    people = list(dict.fromkeys(row["customer"] for row in rows))
    states = tuple(sorted({row.get("state", "SP") for row in rows}))
    categories = tuple(sorted({row.get("category", "toys") for row in rows}))
    statuses = tuple(sorted({row.get("status", "delivered") for row in rows}))
    events = [
        (place, score, moment(day))
        for place, row in enumerate(rows)
        for score, day in sorted(row.get("reviews", ()), key=lambda review: review[1])
    ]
    last = {place: (score, when) for place, score, when in events}
    delivered = np.array([row.get("status", "delivered") == "delivered" for row in rows])
    price = _cents(rows, "price", 100)
    valid = [row.get("status") not in ("canceled", "unavailable") for row in rows]
    facts: dict[str, Any] = {
        "order_ids": np.array([f"o{place:03}" for place in range(len(rows))], dtype=object),
        "customer": np.array([people.index(row["customer"]) for row in rows], dtype=np.int32),
        "customer_ids": np.array(people, dtype=object),
        "purchased_at": np.array([moment(row["bought"]) for row in rows], dtype=np.int64),
        "status": _codes(rows, "status", "delivered", statuses, np.int8),
        "status_names": statuses,
        "is_valid": np.array(valid, dtype=bool),
        "is_delivered": delivered,
        "delivered_at": _moments(rows, "delivered"),
        "estimated_at": _moments(rows, "promised"),
        "paid_cents": _cents(rows, "paid", 110),
        "price_cents": price,
        "freight_cents": _cents(rows, "freight", 10),
        "revenue_cents": np.where(delivered, price, 0),
        "item_count": np.ones(len(rows), dtype=np.int32),
        "instalments": np.array([row.get("instalments", 1.0) for row in rows], dtype=float),
        "review_score": np.array(
            [last.get(place, (0, 0))[0] for place in range(len(rows))], dtype=np.int8
        ),
        "review_answered_at": np.array(
            [last.get(place, (0, -1))[1] for place in range(len(rows))], dtype=np.int64
        ),
        "state": _codes(rows, "state", "SP", states, np.int8),
        "state_names": states,
        "category": _codes(rows, "category", "toys", categories, np.int16),
        "category_names": categories,
        "payment_type": np.zeros(len(rows), dtype=np.int8),
        "payment_type_names": ("credit_card",),
        "review_event_order": np.array([place for place, _, _ in events], dtype=np.int32),
        "review_event_score": np.array([score for _, score, _ in events], dtype=np.int8),
        "review_event_at": np.array([when for _, _, when in events], dtype=np.int64),
        "has_reviews": True,
    }
    return OrderFacts(**{**facts, **changes})


def _cents(rows: list[dict[str, Any]], name: str, default: float) -> np.ndarray:
    return np.array([round(row.get(name, default) * 100) for row in rows], dtype=np.int64)


def _moments(rows: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([moment(row[name]) if row.get(name) else -1 for row in rows], dtype=np.int64)


def _codes(
    rows: list[dict[str, Any]], name: str, default: str, names: tuple[str, ...], kind: type
) -> np.ndarray:
    return np.array([names.index(row.get(name, default)) for row in rows], dtype=kind)
