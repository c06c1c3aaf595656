"""The same day in another month."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TypeVar

Day = TypeVar("Day", bound=date)


def months_later(day: Day, months: int) -> Day:
    """Return the day or moment so many calendar months later (earlier where negative).

    Where that month has no such day, its last one.

    >>> months_later(date(2026, 1, 31), 1), months_later(date(2026, 1, 15), 12)
    (datetime.date(2026, 2, 28), datetime.date(2027, 1, 15))
    >>> months_later(date(2018, 5, 31), -3)
    datetime.date(2018, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
