"""Who needs follow-up: by the interval of two shares against all orders; movement by quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType

from analysis.findings import (
    FollowUp,
    FollowUpReason,
    Interval,
    KpiRow,
    Movement,
    NotComputed,
    Present,
    Quarters,
)
from analysis.measures import difference_interval

QUARTER_MONTHS = 3
# Of the rows with the share of all orders, this part has a 95 % interval wholly above it.
UPPER_TAIL = 0.025


@dataclass(frozen=True)
class Deliveries:
    """The orders of a row and quarter with a delivery and a promise, the late ones, the reviews."""

    dated: int = 0
    late: int = 0
    reviews: int = 0
    low_reviews: int = 0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the counts, as the marts have them."""
        return tuple(field.name for field in fields(cls))


def find_quarters(
    months: Sequence[KpiRow], as_of: datetime, complete_share: float
) -> Quarters | NotComputed:
    """Return the last three complete months and the three before them.

    Args:
        months: the rows of kpis_by_month.
        as_of: a month that has not ended by then is not complete.
        complete_share: of a complete month's orders, at least this share is delivered or canceled.
    """
    complete = [
        row.key
        for row in months
        if _month(row.key, 1) <= f"{as_of:%Y-%m}"
        and row.delivered + row.canceled >= complete_share * row.orders
    ]
    if not complete:
        return NotComputed("no_complete_month", expected=str(complete_share))
    last = max(complete)
    return Quarters(
        before_from=_month(last, 1 - 2 * QUARTER_MONTHS),
        before_until=_month(last, -QUARTER_MONTHS),
        recent_from=_month(last, 1 - QUARTER_MONTHS),
        recent_until=last,
    )


def quarter_bounds(first: str, last: str) -> tuple[datetime, datetime]:
    """Return where a span of months begins, and where the month after it does.

    >>> quarter_bounds("2017-11", "2018-01")
    (datetime.datetime(2017, 11, 1, 0, 0), datetime.datetime(2018, 2, 1, 0, 0))
    """
    return datetime.fromisoformat(f"{first}-01"), datetime.fromisoformat(f"{_month(last, 1)}-01")


def measure_movement(
    recent: Deliveries, before: Deliveries, minimum: int
) -> Movement | NotComputed:
    """Return how the late share moved, unless a quarter has fewer than `minimum` deliveries."""
    fewest = min(recent.dated, before.dated)
    if fewest < max(minimum, 1):
        return NotComputed("too_few_deliveries", found=str(fewest), expected=str(max(minimum, 1)))
    shares = recent.late / recent.dated, before.late / before.dated
    return Movement(
        recent_late_share=shares[0],
        before_late_share=shares[1],
        difference=shares[0] - shares[1],
        interval=difference_interval(recent.late, recent.dated, before.late, before.dated),
    )


def with_follow_up(
    rows: Sequence[KpiRow],
    total: KpiRow,
    movements: Mapping[str, Movement | NotComputed],
    presents: Mapping[str, Present | NotComputed] = MappingProxyType({}),
) -> tuple[KpiRow, ...]:
    """Return the rows with what follow-up they need, the most urgent first.

    Args:
        rows: those with enough orders.
        total: all orders, which each row is compared with.
        movements: by the rows' keys.
        presents: where rows stand by now, by the rows' keys.
    """
    unknown = NotComputed("no_complete_month")
    judged = []
    for row in rows:
        found = _judged(row, total, movements[row.key])
        found = replace(found, present=presents.get(row.key, unknown))
        judged.append(replace(row, follow_up=found))
    return tuple(sorted(judged, key=_urgency))


def expected_by_chance(rows: Sequence[KpiRow]) -> float:
    """Return how many reasons would be given if every row had the shares of all orders."""
    intervals = [(row.late_interval, row.low_review_interval) for row in rows]
    known = sum(isinstance(interval, Interval) for pair in intervals for interval in pair)
    return known * UPPER_TAIL


def _judged(row: KpiRow, total: KpiRow, movement: Movement | NotComputed) -> FollowUp:
    ratios: dict[FollowUpReason, float | NotComputed] = {
        "late": _at_least(row.late_interval, total.late_share),
        "reviews": _at_least(row.low_review_interval, total.low_review_share),
    }
    known = {reason: value for reason, value in ratios.items() if isinstance(value, float)}
    return FollowUp(
        reasons=tuple(reason for reason, value in known.items() if value > 1),
        ratio=max(known.values()) if known else ratios["late"],
        movement=movement,
    )


def _at_least(interval: Interval | NotComputed, share: float | NotComputed) -> float | NotComputed:
    """Return the interval's lower end as a multiple of all orders' share; 0 where that is 0."""
    if isinstance(interval, NotComputed):
        return interval
    if isinstance(share, NotComputed):
        return share
    return interval.low / share if share else 0.0


def _urgency(row: KpiRow) -> tuple[bool, float, str]:
    """Order by the ratio, highest first; what has none comes last."""
    ratio = row.follow_up.ratio if row.follow_up else NotComputed("no_rows")
    if isinstance(ratio, NotComputed):
        return True, 0.0, row.key
    return False, -ratio, row.key


def _month(month: str, later: int) -> str:
    """Return the month that comes so many months later, written YYYY-MM."""
    year, place = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + later, 12)
    return f"{year:04}-{place + 1:02}"
