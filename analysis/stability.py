"""The stability timeline: how long a segmentation stays what a refit would give (methods, 3).

Origins and snapshots stand on one grid of dates. At each date, the customers of the window ending
there are described and prepared anew, and refitted cold; a model of an origin is compared with the
warm refit of each later date (started from its own centres), on the customers of that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import numpy as np

from analysis import kmeans
from analysis.customers import DAY, CustomerTable
from analysis.features import fit_preparation, scale
from analysis.findings import (
    AgePoint,
    Family,
    KnownChange,
    NotComputed,
    ReviewChange,
    Timeline,
    TimelinePoint,
)
from analysis.known_changes import Ground, find_smallest, trace_dearer_orders, trace_low_reviews
from analysis.measures import adjusted_rand, matched_agreement
from analysis.orders import OrderFacts
from analysis.parallel import in_processes, in_threads
from analysis.placebos import control_dates, trace_placebo
from analysis.settings import Settings
from analysis.snapshots import Comparison, Snapshot, compare_all, make_snapshot

FLOOR_STARTS = 10
# Points whose ARI lies so near to a value tell what share of the customers it stands for.
NEAR_ARI = 0.02


@dataclass(frozen=True)
class Floor:
    """What two refits of one date agree on: mean and 5 % quantile of the ARI, mean agreement."""

    mean: float
    q05: float
    agreement: float


@dataclass(frozen=True, eq=False)
class Followed:
    """Models followed over dates: comparisons by origin and then by date, a point for each of them.

    `snapshots` and `floors`, what two refits agree on, have an entry a date (epoch seconds).
    """

    comparisons: tuple[Comparison, ...]
    points: tuple[TimelinePoint, ...]
    snapshots: Mapping[int, Snapshot]
    floors: Mapping[int, Floor]


@dataclass(frozen=True)
class Controls:
    """What the timeline says where the truth is known.

    Attributes:
        lowest_ari: where nothing can change (P1 of methods, 3.6).
        lowest_agreement: the share of customers likewise.
        dearer: a change of amounts made on purpose (P3).
        low_reviews: a change of reviews made on purpose (P3).
    """

    lowest_ari: float
    lowest_agreement: float
    dearer: KnownChange | NotComputed
    low_reviews: ReviewChange | NotComputed


@dataclass(frozen=True, eq=False)
class Trace:
    """A timeline with what it was made of, and the ground that known changes were made on."""

    timeline: Timeline
    comparisons: tuple[Comparison, ...]
    ground: Ground | None = None


def trace_timeline(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: Family,
    k: int,
    settings: Settings,
) -> Trace:
    """Trace how a family holds over the dates of the tables (ascending, one grid step apart)."""
    followed = follow(tables, family, k, orders.has_reviews, settings)
    placebo = trace_placebo(orders, tables, family, k, settings)
    ground = Ground(
        orders,
        control_dates(tables, settings),
        family,
        k,
        {as_of: floor.q05 for as_of, floor in followed.floors.items()},
        followed.snapshots,
    )
    controls = Controls(
        placebo.lowest_ari,
        placebo.lowest_agreement,
        trace_dearer_orders(ground, settings),
        trace_low_reviews(ground.on(placebo), settings),
    )
    timeline = summarise(family, k, followed.points, controls, settings)
    return Trace(timeline, followed.comparisons, ground)


def with_smallest_change(trace: Trace, settings: Settings) -> Trace:
    """Return a trace with the smallest change that is seen: it is looked for in one family only."""
    change = trace.timeline.known_change
    if isinstance(change, NotComputed) or trace.ground is None:
        return trace
    found = find_smallest(change, trace.ground, settings)
    return replace(trace, timeline=replace(trace.timeline, known_change=found))


def follow(
    tables: Sequence[CustomerTable],
    family: Family,
    k: int,
    has_reviews: bool,
    settings: Settings,
) -> Followed:
    """Follow the model of every origin through the later dates (ascending, one step apart)."""
    wanted = settings.stability
    snapshots = in_threads(
        lambda table: make_snapshot(table, family, k, has_reviews, settings), tables
    )
    floors = in_processes(lambda snapshot: measure_floor(snapshot, k, settings), snapshots)
    origins = _origins(snapshots, wanted.origin_days)
    by_date = compare_all(origins, snapshots, wanted.warm_tolerance)
    order = {origin: place for place, origin in enumerate(origins)}
    compared = sorted(by_date, key=lambda entry: order[entry.origin])
    floor_of = {shot.as_of: floor for shot, floor in zip(snapshots, floors, strict=True)}
    points = tuple(_point(entry, floor_of[entry.snapshot.as_of], settings) for entry in compared)
    return Followed(tuple(compared), points, {shot.as_of: shot for shot in snapshots}, floor_of)


def summarise(
    family: Family,
    k: int,
    points: tuple[TimelinePoint, ...],
    controls: Controls,
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
        placebo_lowest_ari=controls.lowest_ari,
        placebo_lowest_agreement=controls.lowest_agreement,
        placebo_passed=controls.lowest_ari >= wanted.threshold_ari,
        known_change=controls.dearer,
        review_change=controls.low_reviews,
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


def agreement_at(ari: float, timelines: Sequence[Timeline]) -> float | NotComputed:
    """Return the share of customers who keep their segment where the ARI has a value (0 to 1).

    The median over the points near it, warm and cold; NotComputed where none is.
    """
    near = [
        agreement
        for timeline in timelines
        for point in timeline.points
        for found, agreement in (
            (point.ari_warm, point.agreement_warm),
            (point.ari_cold, point.agreement_cold),
        )
        if abs(found - ari) <= NEAR_ARI
    ]
    return float(np.median(near)) if near else NotComputed("no_rows")


def measure_floor(snapshot: Snapshot, k: int, settings: Settings) -> Floor:
    """Return how far refits on resampled customers of one date agree.

    Each resample is prepared on its own, as a refit would be; all label the same customers.
    """
    rng = np.random.default_rng(settings.seed)
    labels = []
    for resample in range(settings.stability.floor_resamples):
        rows = rng.integers(0, len(snapshot.raw), len(snapshot.raw))
        preparation = fit_preparation(snapshot.raw[rows], snapshot.preparation.features)
        fit = kmeans.fit_cold(
            scale(snapshot.raw, preparation),
            k,
            starts=FLOOR_STARTS,
            seed=settings.seed + resample,
            polished=1,
            # Who was not drawn weighs nothing, and is labelled all the same.
            weights=np.bincount(rows, minlength=len(snapshot.raw)).astype(np.float64),
        )
        labels.append(fit.labels)
    pairs = list(combinations(labels, 2))
    aris = [adjusted_rand(first, second) for first, second in pairs]
    agreements = [matched_agreement(first, second) for first, second in pairs]
    return Floor(
        mean=float(np.mean(aris)),
        q05=float(np.quantile(aris, 0.05)),
        agreement=float(np.mean(agreements)),
    )


def _origins(snapshots: Sequence[Snapshot], origin_days: int) -> list[Snapshot]:
    """Return the snapshots that serve as origins: one every origin_days, the first included."""
    first = snapshots[0].as_of
    return [shot for shot in snapshots[:-1] if (shot.as_of - first) % (origin_days * DAY) == 0]


def _point(entry: Comparison, floor: Floor, settings: Settings) -> TimelinePoint:
    """Return the point of a comparison, with the floor of its date and the alarm."""
    return TimelinePoint(
        origin=entry.origin.day,
        snapshot=entry.snapshot.day,
        age_days=entry.age_days,
        ari_warm=entry.ari_warm,
        ari_cold=entry.ari_cold,
        agreement_warm=entry.agreement_warm,
        agreement_cold=entry.agreement_cold,
        floor_mean=floor.mean,
        floor_q05=floor.q05,
        floor_agreement=floor.agreement,
        alarm=entry.ari_warm < settings.stability.threshold_ari and entry.ari_warm < floor.q05,
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
        agreement_high=max(agreement),
        cold_ari_median=float(np.median([point.ari_cold for point in mine])),
        cold_agreement_median=float(np.median([point.agreement_cold for point in mine])),
        floor_q05_median=float(np.median([point.floor_q05 for point in mine])),
        floor_agreement_median=float(np.median([point.floor_agreement for point in mine])),
    )
