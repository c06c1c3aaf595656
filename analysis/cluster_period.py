"""The period of a shop whose orders are not all read, from one row a day of purchases."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import queries
from analysis.errors import SettingsError
from analysis.findings import Period
from analysis.orders import Whole, find_pause, regular_from, to_seconds

if TYPE_CHECKING:
    from analysis.settings import Settings
    from analysis.source import OpenSource

DAYS = "intermediate/purchase_days"
_END_OF_TIME = datetime(9999, 1, 1)


def describe_period_by_days(source: OpenSource, settings: Settings) -> Period:
    """Return the dates that everything refers to, as analysis.orders.describe_period does.

    Raises:
        SettingsError: as_of lies before the first purchase.
    """
    last = _whole_second(_days(source, _END_OF_TIME)[-1]["last_purchased_at"])
    chosen = last if settings.as_of is None else settings.as_of.replace(tzinfo=None)
    days = _days(source, chosen)
    if not days:
        raise SettingsError(
            f"as_of = {chosen:%Y-%m-%d %H:%M:%S}",
            where="the settings or --as-of",
            expected="a date after the first purchase",
            todo="choose a later date",
        )
    delivered = [day["last_delivered_purchased_at"] for day in days]
    complete = max((moment for moment in delivered if moment is not None), default=chosen)
    complete = _whole_second(complete)
    known = _days(source, complete)
    orders = sum(day["orders"] for day in days)
    purchased_at, each = _moments(days)
    return Period(
        first_purchase=_whole_second(days[0]["first_purchased_at"]),
        last_purchase=_whole_second(days[-1]["last_purchased_at"]),
        as_of=chosen,
        complete_until=complete,
        started_on=regular_from(*_moments(known)),
        orders=orders,
        orders_after_complete=orders - sum(day["orders"] for day in known),
        currency=settings.client.currency,
        pause=find_pause(purchased_at, settings.customers, each),
    )


def _days(source: OpenSource, as_of: datetime) -> list[dict[str, Any]]:
    # Orders are counted by whole seconds: all of the last one belong to it.
    last = as_of.replace(microsecond=999_999)
    rows: list[dict[str, Any]] = queries.run_query(
        source.connection, DAYS, {"as_of": f"{last:%Y-%m-%d %H:%M:%S.%f}"}
    ).to_pylist()
    return rows


def _moments(days: list[dict[str, Any]]) -> tuple[Whole, Whole]:
    """Return the first and the last purchase of each day, and how many orders each stands for."""
    moments, orders = [], []
    for day in days:
        moments.append(to_seconds(day["first_purchased_at"]))
        orders.append(1)
        if day["orders"] > 1:
            moments.append(to_seconds(day["last_purchased_at"]))
            orders.append(day["orders"] - 1)
    return np.array(moments, np.int64), np.array(orders, np.int64)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
