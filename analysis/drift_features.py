"""The features of orders whose change over time is looked at, one entry an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import DAY, Floats
from analysis.orders import OrderFacts

Codes = npt.NDArray[np.int64]
Columns = Mapping[f.DriftFeature, npt.NDArray[Any]]

NUMBERS: tuple[f.DriftFeature, ...] = ("spend", "delivery_days", "delay_days", "freight_share")
LEVELS: tuple[f.DriftFeature, ...] = ("review", "instalments", "payment_type", "state", "category")
MOST_INSTALMENTS = 12
ABSENT = -1


def number_features(orders: OrderFacts) -> dict[f.DriftFeature, Floats]:
    """Return the continuous features, one entry an order, NaN where not known or not valid.

    Spend in the shop's currency, days as they are, freight as a share of what the items cost.
    """
    came = orders.is_valid & (orders.delivered_at >= 0)
    promised = came & (orders.estimated_at >= 0)
    cost = (orders.price_cents + orders.freight_cents).astype(np.float64)
    share = np.divide(orders.freight_cents, cost, out=np.full(len(cost), np.nan), where=cost > 0)
    return {
        "spend": np.where(orders.is_valid, orders.paid_cents / 100, np.nan),
        "delivery_days": np.where(came, (orders.delivered_at - orders.purchased_at) / DAY, np.nan),
        "delay_days": np.where(promised, (orders.delivered_at - orders.estimated_at) / DAY, np.nan),
        "freight_share": np.where(orders.is_valid, share, np.nan),
    }


def level_features(orders: OrderFacts) -> dict[f.DriftFeature, Codes]:
    """Return the categorical features as codes, one entry an order, ABSENT where not known."""
    instalments = np.where(
        np.isnan(orders.instalments), ABSENT, np.clip(orders.instalments, 0, MOST_INSTALMENTS)
    )
    codes: dict[f.DriftFeature, npt.NDArray[Any]] = {
        "review": np.where(orders.review_score > 0, orders.review_score, ABSENT),
        "instalments": np.floor(instalments + 0.5),
        "payment_type": orders.payment_type,
        "state": orders.state,
        "category": orders.category,
    }
    return {
        name: np.where(orders.is_valid, values, ABSENT).astype(np.int64)
        for name, values in codes.items()
    }


def whole_months(started_on: date, last: int) -> list[np.datetime64]:
    """Return the calendar months from the first regular one that end by `last` (epoch seconds)."""
    first = np.datetime64(started_on, "M")
    end = np.datetime64(last, "s").astype("datetime64[M]")
    return list(np.arange(first, end, dtype="datetime64[M]"))
