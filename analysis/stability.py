"""The stability timeline: how long a segmentation stays what a refit would give (methods, 3).

Origins and snapshots stand on one grid of dates. At each date, the customers of the window ending
there are described and prepared anew, and refitted cold; a model of an origin is compared with the
warm refit of each later date (started from its own centres), on the customers of that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis import kmeans
from analysis.customers import DAY, ONE_TIME, CustomerTable, Floats, Ints, build_customers
from analysis.features import (
    Preparation,
    feature_names,
    fit_preparation,
    raw_matrix,
    scale,
    unscale,
)
from analysis.findings import AgePoint, Family, NotComputed, Timeline, TimelinePoint
from analysis.measures import adjusted_rand, matched_agreement
from analysis.parallel import in_threads
from analysis.settings import Settings

if TYPE_CHECKING:
    from analysis.orders import OrderFacts

COLD_SAMPLE = 10_000
FLOOR_STARTS, FLOOR_SAMPLE = 10, 5_000


@dataclass(frozen=True)
class Snapshot:
    """One date of the grid: its customers, its own preparation, and its cold refit."""

    as_of: int
    raw: Floats
    preparation: Preparation
    matrix: Floats
    cold: kmeans.Fit

    @property
    def day(self) -> date:
        """Return the date of the snapshot."""
        return datetime.fromtimestamp(self.as_of, UTC).date()


@dataclass(frozen=True)
class Comparison:
    """A model of an origin against the refits of a later date."""

    origin: Snapshot
    snapshot: Snapshot
    ari_warm: float
    ari_cold: float
    agreement_warm: float
    agreement_cold: float

    @property
    def age_days(self) -> int:
        """Return the age of the model at the snapshot."""
        return (self.snapshot.as_of - self.origin.as_of) // DAY


def grid(usable_from: int, usable_until: int, step_days: int) -> list[int]:
    """Return the dates of the snapshots, ascending, the last at usable_until (epoch seconds)."""
    steps = (usable_until - usable_from) // (step_days * DAY)
    return [usable_until - step * step_days * DAY for step in range(int(steps), -1, -1)]


def trace_timeline(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: Family,
    k: int,
    settings: Settings,
) -> Timeline:
    """Trace how a family holds over the dates of the tables (ascending, one grid step apart)."""
    wanted = settings.stability
    snapshots = in_threads(
        lambda table: _snapshot(table, family, k, orders.has_reviews, settings), tables
    )
    floors = in_threads(lambda snapshot: _floor(snapshot, k, settings), snapshots)
    origins = _origins(snapshots, wanted.origin_days)
    pairs = [
        (origin, later) for origin in origins for later in snapshots if later.as_of > origin.as_of
    ]
    compared = in_threads(
        lambda pair: compare(pair[0], pair[1], settings.stability.warm_tolerance), pairs
    )
    floor_of = {shot.as_of: floor for shot, floor in zip(snapshots, floors, strict=True)}
    points = tuple(_point(entry, floor_of[entry.snapshot.as_of], settings) for entry in compared)
    placebo = placebo_lowest(orders, tables, family, k, settings)
    return summarise(family, k, points, placebo, settings)


def compare(origin: Snapshot, later: Snapshot, warm_tolerance: float) -> Comparison:
    """Compare the frozen model of `origin` with the refits of `later`, on the customers of later.

    The warm refit starts from the origin's centres. It is kept unless its inertia exceeds the cold
    one's by more than the tolerance: then the cold refit stands for both.
    """
    kept = kmeans.assign(scale(later.raw, origin.preparation), origin.cold.centres)
    centres = scale(unscale(origin.cold.centres, origin.preparation), later.preparation)
    warm = kmeans.fit_warm(later.matrix, centres)
    if warm.inertia > (1 + warm_tolerance) * later.cold.inertia:
        warm = later.cold
    return Comparison(
        origin=origin,
        snapshot=later,
        ari_warm=adjusted_rand(kept, warm.labels),
        ari_cold=adjusted_rand(kept, later.cold.labels),
        agreement_warm=matched_agreement(kept, warm.labels),
        agreement_cold=matched_agreement(kept, later.cold.labels),
    )


def placebo_lowest(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: Family,
    k: int,
    settings: Settings,
) -> float:
    """Return the lowest ARI of the first origin when the orders' dates are shuffled.

    What was bought, paid and answered is dealt at random over the same dates: nothing can change
    over time any more, so a design that still reports a break reports its own artefact (P1 of
    methods, 3.6).
    """
    shuffled = shuffle_dates(orders, settings.seed)
    every = max(1, settings.stability.origin_days // settings.stability.snapshot_days)
    dates = [table.as_of for table in tables][::every]
    snapshots = in_threads(
        lambda as_of: _snapshot(
            build_customers(shuffled, as_of, settings.customers),
            family,
            k,
            orders.has_reviews,
            settings,
        ),
        dates,
    )
    compared = in_threads(
        lambda later: compare(snapshots[0], later, settings.stability.warm_tolerance),
        snapshots[1:],
    )
    return min((entry.ari_warm for entry in compared), default=1.0)


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


def summarise(
    family: Family,
    k: int,
    points: tuple[TimelinePoint, ...],
    placebo: float,
    settings: Settings,
) -> Timeline:
    """Return the timeline that the points make: pooled by age, alarms, what could be observed."""
    wanted = settings.stability
    by_age = tuple(_age_point(age, points) for age in sorted({point.age_days for point in points}))
    longest = max((entry.age_days for entry in by_age), default=0)
    confirmable = longest_confirmable(by_age, wanted.origins_needed, wanted.consecutive)
    at_limit = max((e.origins for e in by_age if e.age_days == confirmable), default=0)
    effective = effective_origins(at_limit, wanted.origin_correlation)
    alarm = first_confirmed_alarm(points, wanted.consecutive)
    return Timeline(
        family=family,
        k=k,
        points=points,
        by_age=by_age,
        first_alarm_days=NotComputed("not_observed", found=str(longest))
        if alarm is None
        else alarm,
        longest_observed_days=longest,
        longest_confirmable_days=confirmable,
        lowest_ari=min((point.ari_warm for point in points), default=1.0),
        lowest_agreement=min((point.agreement_warm for point in points), default=1.0),
        origins=len({point.origin for point in points}),
        origins_at_limit=at_limit,
        effective_origins=effective,
        break_probability_bound=(
            1 - 0.05 ** (1 / effective)
            if alarm is None and effective > 0
            else NotComputed("depends_on", found="first_alarm_days")
        ),
        placebo_lowest_ari=placebo,
        placebo_passed=placebo >= wanted.threshold_ari,
    )


def longest_confirmable(by_age: Sequence[AgePoint], origins: int, consecutive: int) -> int:
    """Return the longest age at which an alarm could still have been confirmed, in days.

    An alarm needs `consecutive` snapshots in a row: what was seen by enough origins on its last
    snapshot alone was seen by too few to say that it held.
    """
    seen = [entry.age_days for entry in by_age if entry.origins >= origins]
    return seen[-consecutive] if len(seen) >= consecutive else 0


def first_confirmed_alarm(points: Iterable[TimelinePoint], consecutive: int) -> int | None:
    """Return the youngest age, in days, at which an origin starts a confirmed alarm.

    An alarm is confirmed when it holds on `consecutive` snapshots of one origin in a row.
    """
    confirmed: list[int] = []
    runs: dict[date, list[int]] = {}
    for point in sorted(points, key=lambda point: (point.origin, point.age_days)):
        run = runs.setdefault(point.origin, [])
        if not point.alarm:
            run.clear()
            continue
        run.append(point.age_days)
        if len(run) == consecutive:
            confirmed.append(run[0])
    return min(confirmed, default=None)


def effective_origins(origins: int, correlation: float) -> float:
    """Return how many independent origins the overlapping ones are worth.

    n_eff = O² / Σ_ij ρ^|i-j| (methods, 3.5): O when ρ = 0, 1 when ρ = 1.

    >>> effective_origins(3, 0.0), effective_origins(3, 1.0)
    (3.0, 1.0)
    """
    if origins == 0:
        return 0.0
    steps = np.abs(np.subtract.outer(np.arange(origins), np.arange(origins)))
    return float(origins**2 / (float(correlation) ** steps).sum())


def _snapshot(
    table: CustomerTable, family: Family, k: int, has_reviews: bool, settings: Settings
) -> Snapshot:
    """Describe, prepare and refit the customers of one date."""
    features = feature_names(family, has_reviews)
    raw = raw_matrix(table, table.members(ONE_TIME), features)
    preparation = fit_preparation(raw, features)
    matrix = scale(raw, preparation)
    cold = kmeans.fit_cold(
        matrix, k, starts=settings.segmentation.starts, sample=COLD_SAMPLE, seed=settings.seed
    )
    return Snapshot(table.as_of, raw, preparation, matrix, cold)


def _floor(snapshot: Snapshot, k: int, settings: Settings) -> tuple[float, float]:
    """Return the mean and 5 % quantile of the ARI between refits on resampled customers.

    Each resample is prepared on its own, as a refit would be; all label the same customers.
    """
    rng = np.random.default_rng(settings.seed)
    labels = []
    for resample in range(settings.stability.floor_resamples):
        rows = rng.integers(0, len(snapshot.raw), len(snapshot.raw))
        preparation = fit_preparation(snapshot.raw[rows], snapshot.preparation.features)
        fit = kmeans.fit_cold(
            scale(snapshot.raw[rows], preparation),
            k,
            starts=FLOOR_STARTS,
            sample=FLOOR_SAMPLE,
            seed=settings.seed + resample,
            polished=1,
        )
        labels.append(kmeans.assign(scale(snapshot.raw, preparation), fit.centres))
    aris = [adjusted_rand(first, second) for first, second in combinations(labels, 2)]
    return float(np.mean(aris)), float(np.quantile(aris, 0.05))


def _origins(snapshots: Sequence[Snapshot], origin_days: int) -> list[Snapshot]:
    """Return the snapshots that serve as origins: one every origin_days, the first included."""
    first = snapshots[0].as_of
    return [shot for shot in snapshots[:-1] if (shot.as_of - first) % (origin_days * DAY) == 0]


def _point(entry: Comparison, floor: tuple[float, float], settings: Settings) -> TimelinePoint:
    """Return the point of a comparison, with the floor of its date and the alarm."""
    mean, low = floor
    return TimelinePoint(
        origin=entry.origin.day,
        snapshot=entry.snapshot.day,
        age_days=entry.age_days,
        ari_warm=entry.ari_warm,
        ari_cold=entry.ari_cold,
        agreement_warm=entry.agreement_warm,
        agreement_cold=entry.agreement_cold,
        floor_mean=mean,
        floor_q05=low,
        alarm=entry.ari_warm < settings.stability.threshold_ari and entry.ari_warm < low,
    )


def _age_point(age: int, points: tuple[TimelinePoint, ...]) -> AgePoint:
    """Pool the points of one age over their origins."""
    mine = [point for point in points if point.age_days == age]
    warm = [point.ari_warm for point in mine]
    agreement = [point.agreement_warm for point in mine]
    return AgePoint(
        age_days=age,
        origins=len(mine),
        ari_median=float(np.median(warm)),
        ari_low=min(warm),
        ari_high=max(warm),
        agreement_median=float(np.median(agreement)),
        agreement_low=min(agreement),
        cold_ari_median=float(np.median([point.ari_cold for point in mine])),
    )
