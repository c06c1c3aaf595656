"""The stability timeline: how long a segmentation stays what a refit would give (methods, 3).

Origins and snapshots stand on one grid of dates. At each date, the customers of the window ending
there are described and prepared anew, and refitted cold; a model of an origin is compared with the
warm refit of each later date (started from its own centres), on the customers of that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    Timeline,
    TimelinePoint,
)
from analysis.measures import adjusted_rand, matched_agreement
from analysis.orders import OrderFacts
from analysis.parallel import in_threads
from analysis.placebos import Placebo, placebo_lowest, trace_known_change
from analysis.settings import Settings
from analysis.snapshots import Comparison, Snapshot, compare, make_snapshot

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
class Trace:
    """A timeline with the comparisons that it was made of, by origin and then by date."""

    timeline: Timeline
    comparisons: tuple[Comparison, ...]


def trace_timeline(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: Family,
    k: int,
    settings: Settings,
) -> Trace:
    """Trace how a family holds over the dates of the tables (ascending, one grid step apart)."""
    wanted = settings.stability
    snapshots = in_threads(
        lambda table: make_snapshot(table, family, k, orders.has_reviews, settings), tables
    )
    floors = in_threads(lambda snapshot: measure_floor(snapshot, k, settings), snapshots)
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
    low = {as_of: floor.q05 for as_of, floor in floor_of.items()}
    change = trace_known_change(orders, tables, family, k, low, settings)
    timeline = summarise(family, k, points, placebo, change, settings)
    return Trace(timeline, tuple(compared))


def summarise(
    family: Family,
    k: int,
    points: tuple[TimelinePoint, ...],
    placebo: Placebo,
    change: KnownChange | NotComputed,
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
        placebo_lowest_ari=placebo.lowest_ari,
        placebo_lowest_agreement=placebo.lowest_agreement,
        placebo_passed=placebo.lowest_ari >= wanted.threshold_ari,
        known_change=change,
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
            scale(snapshot.raw[rows], preparation),
            k,
            starts=FLOOR_STARTS,
            seed=settings.seed + resample,
            polished=1,
        )
        labels.append(kmeans.assign(scale(snapshot.raw, preparation), fit.centres))
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
