"""How long until a refit says something else: an estimate with two layers of uncertainty.

Methods, section 3.5. The estimand: the first age at which the expected ARI of a model, on a new
window, lies below the threshold. Where no break was seen it is an extrapolation: shown, labelled,
and never sold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from analysis import findings as f
from analysis.customers import ONE_TIME, CustomerTable, Floats
from analysis.parallel import in_threads
from analysis.settings import Settings
from analysis.snapshots import Comparison, compare, make_snapshot
from analysis.stability import effective_origins, first_confirmed_alarm

# An agreement of one has no logarithm of its logarithm.
HIGHEST_ARI = 0.9995
CONFIDENCE = 0.90
FEWEST_EFFECTIVE = 3.0
# Days and their products stay within a float: a curve that is nearly flat crosses in any age.
MOST_LOG_DAYS = log(1e100)


@dataclass(frozen=True)
class Decay:
    """ARI = exp(-(t / s)^b): one shape b for all origins, one lifetime (days) an origin."""

    shape: float
    lifetimes: tuple[float, ...]


def estimate_lifetime(
    points: Sequence[f.TimelinePoint], settings: Settings
) -> f.Lifetime | f.NotComputed:
    """Return the age at which the timeline is expected to cross the threshold, with its range.

    Layer 2 of methods, 3.5: a t-interval on the logarithm of the origins' lifetimes that allows for
    their overlap; with fewer than three effective origins the plain range over the origins.
    NotComputed where the agreement does not fall with age, or fewer than two origins can be
    followed.
    """
    threshold = settings.stability.threshold_ari
    decay = fit_decay(points, threshold)
    if decay is None:
        return f.NotComputed("no_decay")
    logs = np.log(decay.lifetimes)
    correlation = settings.stability.origin_correlation
    effective = effective_origins(len(logs), correlation)
    middle = float(logs.mean())
    half = overlap_half_width(logs, correlation, effective)
    is_range = effective < FEWEST_EFFECTIVE
    low, high = (
        (float(logs.min()), float(logs.max())) if is_range else (middle - half, middle + half)
    )
    longest = max(point.age_days for point in points)
    return f.Lifetime(
        threshold_ari=threshold,
        shape=decay.shape,
        days=_days(middle),
        low_days=_days(low),
        high_days=_days(high),
        interval="range" if is_range else "t_interval",
        origins=len(logs),
        effective_origins=effective,
        isotonic_days=_isotonic_crossing(points, threshold),
        median_days=_median_survival(points, threshold),
        extrapolated=_days(middle) > longest,
        longest_observed_days=longest,
    )


def resample_lifetimes(
    tables: Sequence[CustomerTable],
    family: f.Family,
    k: int,
    has_reviews: bool,
    settings: Settings,
) -> f.ResampledLifetime:
    """Repeat the timeline on resampled customers: layer 1 of methods, 3.5, by percentiles.

    The same draw serves all dates; origins and snapshots stand `origin_days` apart. Each draw takes
    at most `lifetime_sample` customers, so the range is wider than that of the whole: prudent.
    """
    wanted = settings.stability
    dates = list(tables[:: max(1, wanted.origin_days // wanted.snapshot_days)])
    known = np.unique(np.concatenate([table.members(ONE_TIME) for table in dates]))
    size = min(len(known), wanted.lifetime_sample)

    def follow(seed: int) -> list[f.TimelinePoint]:
        drawn = known[np.random.default_rng(seed).integers(0, len(known), size)]
        snapshots = [
            make_snapshot(
                table,
                family,
                k,
                has_reviews,
                settings,
                drawn[table.standing[drawn] == ONE_TIME],
            )
            for table in dates
        ]
        return [
            _bare_point(compare(origin, later, wanted.warm_tolerance), wanted.threshold_ari)
            for place, origin in enumerate(snapshots)
            for later in snapshots[place + 1 :]
        ]

    seeds = range(settings.seed, settings.seed + wanted.lifetime_resamples)
    histories = in_threads(follow, seeds)
    decays = [fit_decay(points, wanted.threshold_ari) for points in histories]
    days = [_days(float(np.log(decay.lifetimes).mean())) for decay in decays if decay is not None]
    alarms = [first_confirmed_alarm(points, wanted.consecutive) for points in histories]
    low, high = np.quantile(days, (0.05, 0.95)) if days else (0.0, 0.0)
    return f.ResampledLifetime(
        resamples=len(histories),
        customers=size,
        low_days=float(low) if days else f.NotComputed("no_decay"),
        high_days=float(high) if days else f.NotComputed("no_decay"),
        alarm_share=sum(alarm is not None for alarm in alarms) / max(len(alarms), 1),
    )


def _bare_point(entry: Comparison, threshold: float) -> f.TimelinePoint:
    """Return a point without a noise floor: every agreement below the threshold is an alarm."""
    return f.TimelinePoint(
        origin=entry.origin.day,
        snapshot=entry.snapshot.day,
        age_days=entry.age_days,
        ari_warm=entry.ari_warm,
        ari_cold=entry.ari_cold,
        agreement_warm=entry.agreement_warm,
        agreement_cold=entry.agreement_cold,
        floor_mean=1.0,
        floor_q05=1.0,
        floor_agreement=1.0,
        alarm=entry.ari_warm < threshold,
    )


def fit_decay(points: Sequence[f.TimelinePoint], threshold: float) -> Decay | None:
    """Fit log(-log ARI) on log age with an intercept an origin; None where nothing decays.

    Only origins with two ages at least take part.
    """
    series: dict[object, list[tuple[float, float]]] = defaultdict(list)
    for point in points:
        ari = min(max(point.ari_warm, 1e-6), HIGHEST_ARI)
        series[point.origin].append((log(point.age_days), log(-log(ari))))
    usable = [np.array(rows) for rows in series.values() if len(rows) >= 2]
    if len(usable) < 2:
        return None
    centred = [rows - rows.mean(axis=0) for rows in usable]
    above = sum(float((rows[:, 0] * rows[:, 1]).sum()) for rows in centred)
    below = sum(float((rows[:, 0] ** 2).sum()) for rows in centred)
    shape = above / below
    if shape <= 0:
        return None
    target = log(-log(threshold))
    lifetimes = [
        _days((target - (rows[:, 1].mean() - shape * rows[:, 0].mean())) / shape) for rows in usable
    ]
    return Decay(shape, tuple(lifetimes))


def _days(logarithm: float) -> float:
    """Return the days of a logarithm, from 1e-100 to 1e100."""
    return exp(min(max(logarithm, -MOST_LOG_DAYS), MOST_LOG_DAYS))


def overlap_half_width(logs: Floats, correlation: float, effective: float) -> float:
    """Return half the width of the 90 % interval of the mean of overlapping origins.

    s2 = Var / (1 - mean off-diagonal correlation), half-width t_{0.95, max(n_eff - 1, 1)} times
    sqrt(s2 / n_eff), with correlation ** |i - j| between origins (methods, 3.5).
    """
    from scipy.stats import t

    size = len(logs)
    if size < 2:
        return 0.0
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    correlations = float(correlation) ** steps
    between = (correlations.sum() - size) / (size * (size - 1))
    variance = float(logs.var(ddof=1)) / max(1 - between, 1e-9)
    quantile = float(t.ppf(0.5 + CONFIDENCE / 2, max(effective - 1, 1)))
    return quantile * sqrt(variance / effective)


def _isotonic_crossing(
    points: Sequence[f.TimelinePoint], threshold: float
) -> float | f.NotComputed:
    """Return the age at which the pooled, never rising curve first lies below the threshold."""
    from sklearn.isotonic import IsotonicRegression

    ages = np.array([point.age_days for point in points], dtype=np.float64)
    fitted = IsotonicRegression(increasing=False).fit(ages, [point.ari_warm for point in points])
    grid = np.unique(ages)
    below = grid[fitted.predict(grid) < threshold]
    return float(below[0]) if len(below) else f.NotComputed("not_observed", str(int(ages.max())))


def _median_survival(points: Sequence[f.TimelinePoint], threshold: float) -> float | f.NotComputed:
    """Return the Kaplan-Meier median, over origins, of the first age below the threshold."""
    from scipy.stats import CensoredData, ecdf

    crossed, censored = [], []
    by_origin: dict[object, list[f.TimelinePoint]] = defaultdict(list)
    for point in points:
        by_origin[point.origin].append(point)
    for mine in by_origin.values():
        below = [point.age_days for point in mine if point.ari_warm < threshold]
        if below:
            crossed.append(min(below))
        else:
            censored.append(max(point.age_days for point in mine))
    longest = max(point.age_days for point in points)
    if not crossed:
        return f.NotComputed("not_observed", str(longest))
    survival = ecdf(CensoredData(uncensored=crossed, right=censored)).sf
    reached = survival.quantiles[survival.probabilities <= 0.5]
    return float(reached[0]) if len(reached) else f.NotComputed("not_observed", str(longest))
