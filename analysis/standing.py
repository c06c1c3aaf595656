"""Where a row of the dashboard stands in the recent quarter, against all orders of that quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.findings import (
    FollowUpReason,
    KpiRow,
    Level,
    Movement,
    NetworkLevels,
    NotComputed,
    Present,
    Standing,
)
from analysis.follow_up import UPPER_TAIL, Deliveries
from analysis.measures import wilson_interval

Levels = Mapping[FollowUpReason, tuple[Level, Level]]


def network_levels(
    recent: Deliveries, minimum: int, normal_ratio: float
) -> NetworkLevels | NotComputed:
    """Return the shares of all orders of a quarter, with what rows are held against.

    Args:
        recent: the orders of the quarter.
        minimum: a row with fewer deliveries in the quarter is not judged.
        normal_ratio: see NetworkLevels.
    """
    late = _level(recent.late, recent.dated)
    if isinstance(late, NotComputed):
        return late
    return NetworkLevels(
        late=late,
        reviews=_level(recent.low_reviews, recent.reviews),
        minimum_deliveries=max(minimum, 1),
        normal_ratio=normal_ratio,
    )


def measure_present(
    recent: Deliveries, network: NetworkLevels, movement: Movement | NotComputed
) -> Present:
    """Return where a row stands: its shares of the quarter with their intervals, and the verdict.

    >>> network = NetworkLevels(Level(1000, 0.1, wilson_interval(100, 1000)),
    ...                         NotComputed("no_rows"), 30, 2.0)
    >>> measure_present(Deliveries(100, 20), network, NotComputed("no_rows")).standing
    'above'
    >>> measure_present(Deliveries(100, 9), network, NotComputed("no_rows")).standing
    'normal'
    """
    own: Mapping[FollowUpReason, Level | NotComputed] = {
        "late": _level(recent.late, recent.dated),
        "reviews": _level(recent.low_reviews, recent.reviews),
    }
    everybody = {"late": network.late, "reviews": network.reviews}
    compared: dict[FollowUpReason, tuple[Level, Level]] = {}
    for reason, level in own.items():
        total = everybody[reason]
        if not isinstance(level, NotComputed) and not isinstance(total, NotComputed):
            compared[reason] = (level, total)
    ratios = {reason: _lower_ratio(*levels) for reason, levels in compared.items()}
    judged = recent.dated >= network.minimum_deliveries
    reasons = tuple(reason for reason, ratio in ratios.items() if judged and ratio > 1)
    late = network.late.share * network.late.counted
    return Present(
        late=own["late"],
        reviews=own["reviews"],
        late_part=recent.late / late if late else NotComputed("no_rows"),
        reasons=reasons,
        ratio=max(ratios.values()) if ratios else NotComputed("no_rows"),
        standing=_standing(compared, reasons, movement, network) if judged else "unsure",
    )


def followed_by_chance(rows: Sequence[KpiRow], network: NetworkLevels | NotComputed) -> float:
    """Return how many reasons to follow would be given now if every row were like all orders.

    Each interval that is held against all orders, and each change, lies wholly above with 2.5 %.
    """
    if isinstance(network, NotComputed):
        return 0.0
    known = 0
    for row in rows:
        present = row.present
        if isinstance(present, NotComputed) or isinstance(present.late, NotComputed):
            continue
        if present.late.counted >= network.minimum_deliveries:
            known += 1 + (not isinstance(present.reviews, NotComputed))
            known += row.follow_up is not None and isinstance(row.follow_up.movement, Movement)
    return known * UPPER_TAIL


def _standing(
    compared: Levels,
    reasons: Sequence[FollowUpReason],
    movement: Movement | NotComputed,
    network: NetworkLevels,
) -> Standing:
    """Return the verdict on a row with enough deliveries; a rise far below all orders is none."""
    late, everybody = compared["late"]
    rose = isinstance(movement, Movement) and movement.interval.low > 0
    if rose and late.interval.high >= everybody.share:
        return "worse"
    if reasons:
        return "above"
    under = (
        level.interval.high < network.normal_ratio * total.share
        for level, total in compared.values()
    )
    return "normal" if all(under) else "unsure"


def _level(part: int, whole: int) -> Level | NotComputed:
    if not whole:
        return NotComputed("no_rows")
    return Level(whole, part / whole, wilson_interval(part, whole))


def _lower_ratio(level: Level, total: Level) -> float:
    """Return the interval's lower end as a multiple of all orders' share; 0 where that is 0."""
    return level.interval.low / total.share if total.share else 0.0
