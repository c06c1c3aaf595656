"""Drift once more without known events: a Black Friday in the reference is no change of the shop.

Methods, section 3.4: with less than two full years, seasons cannot be told from trend; known events
are masked, and what that changes is shown.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import Flags
from analysis.drift_features import ABSENT, Columns
from analysis.orders import OrderFacts, to_seconds

Days = tuple[date, date]


def known_events(yearly: tuple[str, ...], first: date, last: date) -> tuple[Days, ...]:
    """Return the known stretches of days that fall, at least in part, between two days.

    Args:
        yearly: each "month-day/month-day", both included.
        first: the first day that is looked at.
        last: the last one.

    >>> known_events(("11-23/11-30",), date(2017, 1, 5), date(2018, 8, 1))
    ((datetime.date(2017, 11, 23), datetime.date(2017, 11, 30)),)
    """
    found = []
    for stretch in yearly:
        start, end = stretch.split("/")
        for year in range(first.year, last.year + 1):
            days = _in_year(year, start), _in_year(year, end)
            if days[0] <= last and days[1] >= first:
                found.append(days)
    return tuple(sorted(found))


def bought_in(orders: OrderFacts, events: tuple[Days, ...]) -> Flags:
    """Return which valid orders were bought during the events."""
    inside = np.zeros(len(orders), dtype=bool)
    for first, last in events:
        start = to_seconds(datetime.combine(first, datetime.min.time()))
        end = to_seconds(datetime.combine(last + timedelta(days=1), datetime.min.time()))
        inside |= (orders.purchased_at >= start) & (orders.purchased_at < end)
    return np.asarray(inside & orders.is_valid)


def masked(columns: Columns, inside: Flags) -> Columns:
    """Return the features with those orders not known."""

    def hidden(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        unknown = np.nan if values.dtype.kind == "f" else ABSENT
        return np.where(inside, unknown, values).astype(values.dtype)

    return {feature: hidden(values) for feature, values in columns.items()}


def other_verdicts(
    tests: tuple[f.DriftTest, ...], without: tuple[f.DriftTest, ...]
) -> tuple[f.DriftTest, ...]:
    """Return the tests without the events whose alarm, or its confirmation, is another with them.

    A cohort that lies in the events as a whole has no test without them: nothing is said of it.
    """
    verdicts = {(test.feature, test.bought_until): (test.alarm, test.confirmed) for test in tests}
    return tuple(
        test
        for test in without
        if verdicts[test.feature, test.bought_until] != (test.alarm, test.confirmed)
    )


def not_among(
    changes: tuple[f.ChangePoint, ...] | f.NotComputed,
    others: tuple[f.ChangePoint, ...] | f.NotComputed,
) -> tuple[f.ChangePoint, ...]:
    """Return the changes of level that the others do not hold; none where nothing was searched."""
    if isinstance(changes, f.NotComputed) or isinstance(others, f.NotComputed):
        return ()
    known = {(change.feature, change.month) for change in others}
    return tuple(change for change in changes if (change.feature, change.month) not in known)


def _in_year(year: int, day: str) -> date:
    """Return a day of a year; the 29th of February of the others is the 28th."""
    month, number = (int(part) for part in day.split("-"))
    leap = date(2000, month, number)
    return date(year, 2, 28) if leap == date(2000, 2, 29) and year % 4 else leap.replace(year=year)
