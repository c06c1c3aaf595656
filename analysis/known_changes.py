"""What is reported where a known change is made on purpose (P3 of methods, 3.6).

Two kinds. Dearer orders move the map itself: the timeline must see them. More low reviews need not
move it, since the same map places who is unhappy: the cohort tests, which watch the reviews every
month, must see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from analysis import findings as f
from analysis.customers import DAY, LOW_REVIEW
from analysis.drift import cohort_between, compare_cohorts
from analysis.drift_features import Columns, level_features
from analysis.orders import OrderFacts
from analysis.placebos import Placebo, follow_first
from analysis.settings import Settings
from analysis.snapshots import Comparison, Snapshot

# Two comparisons before the change must stay silent, and the change needs time to show.
CLEAN_STEPS = 2
PATIENCE_DAYS = 112


@dataclass(frozen=True, eq=False)
class Ground:
    """What a change is made on: the orders, the dates that are looked at (epoch seconds), the map.

    `floors` is the 5 % quantile of the floor, `snapshots` what is known of the unchanged orders,
    a date each.
    """

    orders: OrderFacts
    dates: Sequence[int]
    family: f.Family
    k: int
    floors: Mapping[int, float]
    snapshots: Mapping[int, Snapshot]

    @property
    def changed_at(self) -> int:
        """Return the moment of the change."""
        return self.dates[CLEAN_STEPS]

    @property
    def followed_days(self) -> int:
        """Return how long it can be followed."""
        return (self.dates[-1] - self.changed_at) // DAY

    def within_days(self, settings: Settings) -> int:
        """Return in how many days it must be reported."""
        step = (self.dates[1] - self.dates[0]) // DAY
        return settings.stability.known_change_snapshots * step

    def too_short(self) -> f.NotComputed | None:
        """Return why no change can be made and waited for, None where it can."""
        if len(self.dates) <= CLEAN_STEPS + 1:
            return f.NotComputed("too_short_history", str(len(self.dates)), str(CLEAN_STEPS + 2))
        if self.followed_days < PATIENCE_DAYS:
            return f.NotComputed("too_short_history", str(self.followed_days), str(PATIENCE_DAYS))
        return None

    def on(self, placebo: Placebo) -> Ground:
        """Return the same ground on the history whose dates were dealt at random."""
        return replace(self, orders=placebo.orders, snapshots=placebo.snapshots)


@dataclass(frozen=True)
class Watched:
    """What the timeline gave: days from the change to the confirmed alarm, an alarm before it."""

    alarm_days: int | None
    alarm_before: bool
    lowest_ari: float

    def is_seen(self, within_days: int) -> bool:
        """Whether the alarm came in time, and none before the change."""
        in_time = self.alarm_days is not None and self.alarm_days <= within_days
        return in_time and not self.alarm_before


def trace_dearer_orders(ground: Ground, settings: Settings) -> f.KnownChange | f.NotComputed:
    """Return whether orders made dearer on purpose raise the alarm, and not before it.

    From a date on, a share of the orders is of a new kind, dearer than the others by so many
    standard deviations of log spend: no map can take it in without moving. It must be reported
    within so many dates.
    """
    if missing := ground.too_short():
        return missing
    wanted, within = settings.stability, ground.within_days(settings)
    seen = _watch_dearer(ground, wanted.known_change_deviations, settings)
    untried = f.NotComputed("not_reached")
    return f.KnownChange(
        share=wanted.known_change_share,
        deviations=wanted.known_change_deviations,
        amount=_amount(ground.orders, wanted.known_change_deviations),
        changed_on=_day(ground.changed_at),
        followed_days=ground.followed_days,
        within_days=within,
        smallest_deviations=untried,
        smallest_amount=untried,
        alarm_days=_or_unseen(seen.alarm_days, ground.followed_days),
        lowest_ari=seen.lowest_ari,
        passed=seen.is_seen(within),
    )


def find_smallest(change: f.KnownChange, ground: Ground, settings: Settings) -> f.KnownChange:
    """Return a change with the smallest of the sizes that were tried which is seen in time."""
    if not change.passed:
        unseen = f.NotComputed("not_observed", str(change.within_days))
        return replace(change, smallest_deviations=unseen, smallest_amount=unseen)
    smaller = sorted(
        size
        for size in settings.stability.known_change_smaller
        if size < settings.stability.known_change_deviations
    )
    smallest = next(
        (
            size
            for size in smaller
            if _watch_dearer(ground, size, settings).is_seen(change.within_days)
        ),
        change.deviations,
    )
    return replace(
        change,
        smallest_deviations=smallest,
        smallest_amount=_amount(ground.orders, smallest),
    )


def trace_low_reviews(ground: Ground, settings: Settings) -> f.ReviewChange | f.NotComputed:
    """Return whether more low reviews, made on purpose, are reported, and not before they are made.

    On the history whose dates were dealt at random nothing else can change. From a date on, so many
    more of the orders in a hundred get one star. Whichever reports it first counts: the cohort
    tests of the reviews (confirmed by the next cohort) or the timeline.
    """
    if not ground.orders.has_reviews:
        return f.NotComputed("missing_table", expected="order_reviews")
    if missing := ground.too_short():
        return missing
    wanted, within = settings.stability, ground.within_days(settings)
    changed = plant_low_reviews(
        ground.orders, ground.changed_at, wanted.known_change_low_reviews, settings.seed
    )
    seen = _watch(changed, ground, settings)
    warned = _confirmed_warnings(changed, ground, settings)
    first = min(warned, default=None)
    days = [day for day in (first, seen.alarm_days) if day is not None]
    false_alarm = seen.alarm_before or (first is not None and first <= 0)
    return f.ReviewChange(
        added_share=wanted.known_change_low_reviews,
        changed_on=_day(ground.changed_at),
        followed_days=ground.followed_days,
        within_days=within,
        warning_days=_or_unseen(first, ground.followed_days),
        alarm_days=_or_unseen(seen.alarm_days, ground.followed_days),
        lowest_ari=seen.lowest_ari,
        passed=bool(days) and min(days) <= within and not false_alarm,
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


def plant_low_reviews(orders: OrderFacts, after: int, added: float, seed: int) -> OrderFacts:
    """Return the orders with so many more of those after a moment (epoch seconds) at one star.

    `added` is a share of the reviewed orders: it comes out of those whose review was not low.
    """
    reviewed = (orders.review_score > 0) & (orders.purchased_at > after)
    better = reviewed & (orders.review_score > LOW_REVIEW)
    share = min(1.0, added * reviewed.sum() / max(better.sum(), 1))
    changed = better & (np.random.default_rng(seed).random(len(orders)) < share)
    scores = np.where(changed[orders.review_event_order], 1, orders.review_event_score)
    return replace(
        orders,
        review_score=np.where(changed, 1, orders.review_score).astype(orders.review_score.dtype),
        review_event_score=scores.astype(orders.review_event_score.dtype),
    )


def _watch_dearer(ground: Ground, deviations: float, settings: Settings) -> Watched:
    """Plant a size of amount, and follow the first model through it."""
    amount, share = _amount(ground.orders, deviations), settings.stability.known_change_share
    changed = plant_amount(ground.orders, ground.changed_at, amount, share, settings.seed)
    return _watch(changed, ground, settings)


def _amount(orders: OrderFacts, deviations: float) -> float:
    """Return the amount so many standard deviations of log spend above its mean."""
    spend = np.log1p(orders.paid_cents[orders.is_valid] / 100)
    return float(np.expm1(spend.mean() + deviations * spend.std()))


def _watch(changed: OrderFacts, ground: Ground, settings: Settings) -> Watched:
    """Follow the first model through changed orders; until the change nothing is other."""
    wanted, changed_at = settings.stability, ground.changed_at
    known = {as_of: shot for as_of, shot in ground.snapshots.items() if as_of <= changed_at}
    compared = follow_first(changed, ground.dates, ground.family, ground.k, known, settings)
    below = [
        entry.ari_warm < min(wanted.threshold_ari, ground.floors[entry.snapshot.as_of])
        for entry in compared
    ]
    alarm = _confirmed(compared, below, wanted.consecutive)
    return Watched(
        alarm_days=None if alarm is None else int((alarm.snapshot.as_of - changed_at) // DAY),
        alarm_before=any(
            low
            for low, entry in zip(below, compared, strict=True)
            if entry.snapshot.as_of <= changed_at
        ),
        lowest_ari=min(entry.ari_warm for entry in compared),
    )


def _confirmed(
    compared: Sequence[Comparison], below: Sequence[bool], consecutive: int
) -> Comparison | None:
    """Return the first comparison of the first run of so many alarms, None without one."""
    for place in range(len(below) - consecutive + 1):
        if all(below[place : place + consecutive]):
            return compared[place]
    return None


def _confirmed_warnings(changed: OrderFacts, ground: Ground, settings: Settings) -> list[int]:
    """Return the days from the change to the end of each cohort that starts a confirmed warning.

    The cohorts follow each other from the change, forwards and back to the first date; the
    reference is the window before it.
    """
    start, length = ground.dates[0], settings.drift.cohort_days * DAY
    before = (ground.changed_at - start) // length
    after = (ground.dates[-1] - ground.changed_at) // length
    ends = [ground.changed_at + number * length for number in range(1 - before, after + 1)]
    reference = cohort_between(changed, start - settings.customers.window_days * DAY, start)
    cohorts = [cohort_between(changed, end - length, end) for end in ends]
    reviews: Columns = {"review": level_features(changed)["review"]}
    tests = compare_cohorts(reviews, reference, cohorts, settings)
    # A test is confirmed by the one before it: the warning was first raised there.
    days = [(test.bought_until - _day(ground.changed_at)).days for test in tests if test.confirmed]
    return [day - settings.drift.cohort_days for day in days]


def _or_unseen(days: int | None, followed: int) -> int | f.NotComputed:
    """Return the days, or that nothing was seen in the time that could be followed."""
    return f.NotComputed("not_observed", str(followed)) if days is None else days


def _day(seconds: int) -> date:
    """Return the date of a moment."""
    return datetime.fromtimestamp(seconds, UTC).date()
