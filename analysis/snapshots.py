"""Snapshots of the customers at dates of one grid, and a model of one against refits of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from analysis import kmeans
from analysis.customers import DAY, CustomerTable, Floats, Ints
from analysis.features import (
    Preparation,
    feature_names,
    fit_preparation,
    raw_matrix,
    scale,
    unscale,
)
from analysis.findings import Family
from analysis.known_features import clustered
from analysis.measures import adjusted_rand, contingency, matched_agreement
from analysis.parallel import in_processes
from analysis.settings import Settings
from analysis.strips import Strips, find_strips, sort_rows

# Starts of a cold refit that go on over all customers: a third changed no refit of the timelines.
COLD_POLISHED = 2


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One date of the grid: its customers, its own preparation, and its cold refit.

    The customers stand in the order of their strips, where they lie in strips: `strips` then.
    """

    as_of: int
    raw: Floats
    preparation: Preparation
    matrix: Floats
    cold: kmeans.Fit
    strips: Strips | None = None

    @property
    def day(self) -> date:
        """Return the date of the snapshot."""
        return datetime.fromtimestamp(self.as_of, UTC).date()


@dataclass(frozen=True)
class Compared:
    """What a model of an origin has become by a later date, on the customers of that date.

    `jaccards`, one a cluster of the origin, are those of the warm refit, labels matched.
    `sizes_moved_share` is how much of the customers lies in other clusters of the unchanged model
    than at the origin; `old_agreement` is the agreement of model and warm refit on the customers of
    the origin: where it stays high, the map stayed and only the mix changed (methods, 3.3).
    """

    ari_warm: float
    ari_cold: float
    agreement_warm: float
    agreement_cold: float
    jaccards: tuple[float, ...]
    sizes_moved_share: float
    old_agreement: float


@dataclass(frozen=True, eq=False)
class Comparison(Compared):
    """A model of an origin against the refits of a later date."""

    origin: Snapshot
    snapshot: Snapshot

    @property
    def age_days(self) -> int:
        """Return the age of the model at the snapshot."""
        return (self.snapshot.as_of - self.origin.as_of) // DAY


def grid(usable_from: int, usable_until: int, step_days: int) -> list[int]:
    """Return the dates of the snapshots, ascending, the last at usable_until (epoch seconds)."""
    steps = (usable_until - usable_from) // (step_days * DAY)
    return [usable_until - step * step_days * DAY for step in range(int(steps), -1, -1)]


def make_snapshot(
    table: CustomerTable,
    family: Family,
    k: int,
    has_reviews: bool,
    settings: Settings,
    codes: Ints | None = None,
    starts: int | None = None,
) -> Snapshot:
    """Describe, prepare and refit the clustered customers of one date, or those of the codes.

    `starts` of the refit are those of the settings by default.
    """
    features = feature_names(family, has_reviews)
    codes = clustered(table, features) if codes is None else codes
    raw = sort_rows(raw_matrix(table, codes, features))
    preparation = fit_preparation(raw, features)
    matrix = scale(raw, preparation)
    strips = find_strips(matrix)
    cold = kmeans.fit_cold(
        matrix,
        k,
        starts=starts or settings.segmentation.starts,
        seed=settings.seed,
        polished=COLD_POLISHED,
        strips=strips,
    )
    return Snapshot(table.as_of, raw, preparation, matrix, cold, strips)


def compare(origins: Sequence[Snapshot], later: Snapshot, warm_tolerance: float) -> list[Compared]:
    """Compare the frozen models of origins with the refits of `later`, on the customers of later.

    The warm refit starts from the origin's centres. It is kept unless its inertia exceeds the cold
    one's by more than the tolerance: then the cold refit stands for both.
    """
    warm = _warm_refits(origins, later, warm_tolerance)
    return [_compared(origin, later, refit) for origin, refit in zip(origins, warm, strict=True)]


def compare_all(
    origins: Sequence[Snapshot], dates: Sequence[Snapshot], warm_tolerance: float
) -> list[Comparison]:
    """Compare each date with the origins before it, side by side: by date, then by origin."""
    before = [[origin for origin in origins if origin.as_of < later.as_of] for later in dates]
    found = in_processes(
        lambda place: compare(before[place], dates[place], warm_tolerance), range(len(dates))
    )
    return [
        Comparison(**vars(compared), origin=origin, snapshot=later)
        for later, earlier, row in zip(dates, before, found, strict=True)
        for origin, compared in zip(earlier, row, strict=True)
    ]


def _compared(origin: Snapshot, later: Snapshot, warm: kmeans.Fit) -> Compared:
    """Compare the frozen model of an origin with its warm refit and the cold one of later."""
    kept = _kept(origin, later)
    refitted = kmeans.assign(scale(origin.raw, later.preparation), warm.centres)
    return Compared(
        ari_warm=adjusted_rand(kept, warm.labels),
        ari_cold=adjusted_rand(kept, later.cold.labels),
        agreement_warm=matched_agreement(kept, warm.labels),
        agreement_cold=matched_agreement(kept, later.cold.labels),
        jaccards=matched_jaccards(kept, warm.labels, len(warm.centres)),
        sizes_moved_share=_sizes_moved(origin.cold.labels, kept, len(warm.centres)),
        old_agreement=matched_agreement(origin.cold.labels, refitted),
    )


def warm_aris(origins: Sequence[Snapshot], later: Snapshot, warm_tolerance: float) -> list[float]:
    """Return the ARI of each frozen model with its warm refit alone, as `compare` does."""
    warm = _warm_refits(origins, later, warm_tolerance)
    return [
        adjusted_rand(_kept(origin, later), refit.labels)
        for origin, refit in zip(origins, warm, strict=True)
    ]


def _kept(origin: Snapshot, later: Snapshot) -> kmeans.Labels:
    """Place the later customers by the frozen model."""
    return kmeans.assign(scale(later.raw, origin.preparation), origin.cold.centres)


def _warm_refits(
    origins: Sequence[Snapshot], later: Snapshot, warm_tolerance: float
) -> list[kmeans.Fit]:
    """Refit from the centres of each origin, in the scale of the later date."""
    if not origins:
        return []
    centres = [
        scale(unscale(origin.cold.centres, origin.preparation), later.preparation)
        for origin in origins
    ]
    most = (1 + warm_tolerance) * later.cold.inertia
    found = kmeans.fit_all_warm(later.matrix, np.stack(centres), later.strips)
    return [later.cold if warm.inertia > most else warm for warm in found]


def matched_jaccards(
    first: kmeans.Labels, second: kmeans.Labels, clusters: int
) -> tuple[float, ...]:
    """Return the Jaccard index of each of the first's clusters with its match in the second.

    |A and B| / |A or B| after the one-to-one matching that maximises the rows in agreement; 0 for a
    cluster without rows or without a match.

    >>> matched_jaccards(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]), 2)
    (0.6666666666666666, 0.5)
    """
    from scipy.optimize import linear_sum_assignment

    table = contingency(first, second)
    rows, columns = linear_sum_assignment(table, maximize=True)
    either = table.sum(axis=1)[rows] + table.sum(axis=0)[columns] - table[rows, columns]
    found = np.zeros(clusters)
    found[rows] = table[rows, columns] / np.maximum(either, 1)
    return tuple(float(value) for value in found)


def _sizes_moved(before: kmeans.Labels, after: kmeans.Labels, clusters: int) -> float:
    """Return half the sum of the differences between the clusters' shares."""
    shares: Sequence[Floats] = [
        np.bincount(labels, minlength=clusters) / max(len(labels), 1) for labels in (before, after)
    ]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)
