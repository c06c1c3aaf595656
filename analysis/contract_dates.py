"""When the work of the contract is done: months from the start, then working days.

Working days are Monday to Friday: public holidays depend on the place and are not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analysis.calendar_months import months_later

WORKING_DAYS = 5


def refit_months(every_months: int, planned: int) -> tuple[int, ...]:
    """Return the months after the start at which refits are planned, all before the end.

    >>> refit_months(4, 2)
    (4, 8)
    """
    return tuple(every_months * place for place in range(1, planned + 1))


def review_months(term_months: int, reviews: int) -> tuple[int, ...]:
    """Return the months after the start at which reviews are planned, the last before the end.

    >>> review_months(12, 4), review_months(12, 0), review_months(1, 1)
    ((3, 6, 9, 11), (), (0,))
    """
    return tuple(
        min(term_months * place // reviews, term_months - 1) for place in range(1, reviews + 1)
    )


def working_days(start: date, months: Sequence[int], end: date) -> tuple[date, ...]:
    """Return the working days that visits fall on, none after the end.

    A visit moves to the next working day; one that would then lie beyond the end, to the last
    before it.

    >>> working_days(date(2026, 1, 31), (1, 2), date(2027, 1, 30))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 31))
    """
    return tuple(_within(months_later(start, count), end) for count in months)


def _within(day: date, end: date) -> date:
    moved = _moved(day, 1)
    return moved if moved <= end else _moved(end, -1)


def _moved(day: date, step: int) -> date:
    while day.weekday() >= WORKING_DAYS:
        day += timedelta(days=step)
    return day
