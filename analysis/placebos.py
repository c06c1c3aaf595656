"""What the timeline says where the truth is known: nothing changes, or a known change is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from analysis import findings as f
from analysis.customers import DAY, CustomerTable, Ints, build_customers
from analysis.orders import OrderFacts
from analysis.parallel import in_threads
from analysis.settings import Settings
from analysis.snapshots import Comparison, compare, make_snapshot

# Two comparisons before the change must stay silent, and the change needs time to show.
CLEAN_STEPS = 2
PATIENCE_DAYS = 112


@dataclass(frozen=True)
class Placebo:
    """The lowest ARI, and the lowest share of customers with the same segment."""

    lowest_ari: float
    lowest_agreement: float


def placebo_lowest(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: f.Family,
    k: int,
    settings: Settings,
) -> Placebo:
    """Return the lowest agreement of the first origin when the orders' dates are shuffled.

    What was bought, paid and answered is dealt at random over the same dates: nothing can change
    over time any more, so a design that still reports a break reports its own artefact (P1 of
    methods, 3.6).
    """
    shuffled = shuffle_dates(orders, settings.seed)
    compared = _follow_first(shuffled, _dates(tables, settings), family, k, settings)
    return Placebo(
        min((entry.ari_warm for entry in compared), default=1.0),
        min((entry.agreement_warm for entry in compared), default=1.0),
    )


def trace_known_change(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: f.Family,
    k: int,
    floors: Mapping[int, float],
    settings: Settings,
) -> f.KnownChange | f.NotComputed:
    """Return whether a change that is made on purpose raises the alarm, and not before it.

    From a date on, a share of the orders is of a new kind, dearer than the others by so many
    standard deviations of log spend (P3 of methods, 3.6): no map can take it in without moving. It
    must be reported within so many dates; smaller sizes are tried to say which is still seen. A
    change of the mix alone, such as more low reviews, need not move the map: the cohort tests watch
    for it. `floors` holds the 5 % quantile of the floor a date (epoch seconds).
    """
    dates = _dates(tables, settings)
    if len(dates) <= CLEAN_STEPS + 1:
        return f.NotComputed("too_short_history", str(len(dates)), str(CLEAN_STEPS + 2))
    changed_at = dates[CLEAN_STEPS]
    followed = (dates[-1] - changed_at) // DAY
    if followed < PATIENCE_DAYS:
        return f.NotComputed("too_short_history", str(followed), str(PATIENCE_DAYS))
    wanted = settings.stability
    within = wanted.known_change_snapshots * ((dates[1] - dates[0]) // DAY)
    sizes = sorted({*wanted.known_change_smaller, wanted.known_change_deviations})
    tried = [
        (size, _try_change(orders, dates, family, k, floors, size, settings))
        for size in sizes
        if size <= wanted.known_change_deviations
    ]
    change = tried[-1][1]
    seen = [(size, other) for size, other in tried if other.is_seen(within)]
    unseen = f.NotComputed("not_observed", str(within))
    return f.KnownChange(
        share=wanted.known_change_share,
        deviations=wanted.known_change_deviations,
        amount=change.amount,
        changed_on=datetime.fromtimestamp(changed_at, UTC).date(),
        followed_days=int(followed),
        within_days=int(within),
        smallest_deviations=seen[0][0] if seen else unseen,
        smallest_amount=seen[0][1].amount if seen else unseen,
        alarm_days=f.NotComputed("not_observed", str(followed))
        if change.alarm_days is None
        else change.alarm_days,
        lowest_ari=change.lowest_ari,
        passed=change.is_seen(within),
    )


@dataclass(frozen=True)
class _Tried:
    """What one size of change gave: its amount, days to the confirmed alarm, an alarm before it."""

    amount: float
    alarm_days: int | None
    alarm_before: bool
    lowest_ari: float

    def is_seen(self, within_days: int) -> bool:
        """Whether the alarm came in time, and none before the change."""
        in_time = self.alarm_days is not None and self.alarm_days <= within_days
        return in_time and not self.alarm_before


def _try_change(
    orders: OrderFacts,
    dates: Sequence[int],
    family: f.Family,
    k: int,
    floors: Mapping[int, float],
    deviations: float,
    settings: Settings,
) -> _Tried:
    """Plant a change of a size after the clean dates, and follow the first model through it."""
    wanted, changed_at = settings.stability, dates[CLEAN_STEPS]
    spend = np.log1p(orders.paid_cents[orders.is_valid] / 100)
    amount = float(np.expm1(spend.mean() + deviations * spend.std()))
    changed = plant_amount(orders, changed_at, amount, wanted.known_change_share, settings.seed)
    compared = _follow_first(changed, dates, family, k, settings)
    below = [
        entry.ari_warm < wanted.threshold_ari and entry.ari_warm < floors[entry.snapshot.as_of]
        for entry in compared
    ]
    alarm = _confirmed(compared, below, wanted.consecutive)
    return _Tried(
        amount=amount,
        alarm_days=None if alarm is None else int((alarm.snapshot.as_of - changed_at) // DAY),
        alarm_before=any(
            low
            for low, entry in zip(below, compared, strict=True)
            if entry.snapshot.as_of <= changed_at
        ),
        lowest_ari=min(entry.ari_warm for entry in compared),
    )


def plant_amount(
    orders: OrderFacts, after: int, amount: float, share: float, seed: int
) -> OrderFacts:
    """Return the orders with a random share of those after a moment (epoch seconds) at an amount.

    The amount is in the shop's currency.
    """
    drawn = np.random.default_rng(seed).random(len(orders)) < share
    changed = drawn & (orders.purchased_at > after)
    return replace(orders, paid_cents=np.where(changed, round(amount * 100), orders.paid_cents))


def shuffle_dates(orders: OrderFacts, seed: int) -> OrderFacts:
    """Return the orders with their contents dealt at random over the dates of purchase.

    Customer, amounts, score and the time that each outcome took travel together. One-time buyers
    stay one-time buyers; who bought several times keeps as many orders.
    """
    rng = np.random.default_rng(seed)
    new = np.empty_like(orders.purchased_at)
    new[rng.permutation(len(new))] = orders.purchased_at
    shift = new - orders.purchased_at
    order = np.argsort(new, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))

    def moved(moment: Ints) -> Ints:
        return np.where(moment >= 0, moment + shift, -1)[order]

    event_place = place[orders.review_event_order]
    by_place = np.argsort(event_place, kind="stable")
    return replace(
        orders,
        **{
            name: getattr(orders, name)[order]
            for name in ("order_ids", "customer", "is_valid", "is_delivered", "paid_cents")
        },
        purchased_at=new[order],
        delivered_at=moved(orders.delivered_at),
        estimated_at=moved(orders.estimated_at),
        review_event_order=event_place[by_place].astype(np.int32),
        review_event_score=orders.review_event_score[by_place],
        review_event_at=(orders.review_event_at + shift[orders.review_event_order])[by_place],
    )


def _dates(tables: Sequence[CustomerTable], settings: Settings) -> list[int]:
    """Return the dates of the origins: a placebo needs no finer grid."""
    every = max(1, settings.stability.origin_days // settings.stability.snapshot_days)
    return [table.as_of for table in tables][::every]


def _follow_first(
    orders: OrderFacts, dates: Sequence[int], family: f.Family, k: int, settings: Settings
) -> list[Comparison]:
    """Follow the model of the first date through the later ones."""
    snapshots = in_threads(
        lambda as_of: make_snapshot(
            build_customers(orders, as_of, settings.customers),
            family,
            k,
            orders.has_reviews,
            settings,
        ),
        dates,
    )
    return in_threads(
        lambda later: compare(snapshots[0], later, settings.stability.warm_tolerance),
        snapshots[1:],
    )


def _confirmed(
    compared: Sequence[Comparison], below: Sequence[bool], consecutive: int
) -> Comparison | None:
    """Return the first comparison of the first run of so many alarms, None without one."""
    for place in range(len(below) - consecutive + 1):
        if all(below[place : place + consecutive]):
            return compared[place]
    return None
