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
from typing import Literal

import numpy as np

from analysis import findings as f
from analysis.customers import DAY, CustomerTable, Floats
from analysis.features import feature_names
from analysis.known_features import are_clustered
from analysis.parallel import in_processes
from analysis.settings import Settings
from analysis.snapshots import Snapshot, make_snapshot, warm_aris
from analysis.stability import effective_origins, first_confirmed_alarm

# An agreement of one has no logarithm of its logarithm.
HIGHEST_ARI = 0.9995
CONFIDENCE = 0.90
FEWEST_EFFECTIVE = 3.0
# Days and their products stay within a float: a curve that is nearly flat crosses in any age.
MOST_LOG_DAYS = log(1e100)
# So many draws without a crossing say, at 95 %, that fewer than one history in twenty has one:
# 0.95 ** 59 < 0.05.
UNBROKEN = 59
DRAW_STARTS = 10
# Places n + 1 apart: the next draw falls outside with the probability that is named, however few.
PERCENTILES: Literal["weibull"] = "weibull"


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
    wanted = settings.stability
    usual = _range(logs, wanted.origin_correlation)
    longest = max(point.age_days for point in points)
    days = _days(float(logs.mean()))
    isotonic = _isotonic_crossing(points, threshold)
    median = _median_survival(points, threshold)
    return f.Lifetime(
        threshold_ari=threshold,
        shape=decay.shape,
        days=days,
        low_days=usual.low_days,
        high_days=usual.high_days,
        interval=usual.interval,
        origins=len(logs),
        effective_origins=usual.effective_origins,
        isotonic_days=isotonic,
        median_days=median,
        extrapolated=days > longest,
        longest_observed_days=longest,
        compared=_compare((days, isotonic, median), longest, wanted.lifetime_agreement),
        cautious=_range(logs, wanted.origin_correlation_cautious),
    )


def _range(logs: Floats, correlation: float) -> f.LifetimeRange:
    """Return the range over origins that are so alike: a t-interval, or all that was seen."""
    effective = effective_origins(len(logs), correlation)
    low, high = float(logs.min()), float(logs.max())
    is_range = effective < FEWEST_EFFECTIVE
    if not is_range:
        middle, half = float(logs.mean()), overlap_half_width(logs, correlation, effective)
        low, high = middle - half, middle + half
    return f.LifetimeRange(
        correlation=correlation,
        effective_origins=effective,
        low_days=_days(low),
        high_days=_days(high),
        interval="range" if is_range else "t_interval",
    )


def _compare(
    estimates: Sequence[float | f.NotComputed], longest: int, limit: float
) -> f.EstimatesCompared | f.NotComputed:
    """Return how far the estimates lie apart; NotComputed where one was not observed."""
    seen = [days for days in estimates if not isinstance(days, f.NotComputed) and days <= longest]
    if len(seen) < len(estimates):
        return f.NotComputed("not_observed", str(longest))
    factor = max(seen) / min(seen)
    return f.EstimatesCompared(factor=factor, limit=limit, agree=factor <= limit)


def resample_lifetimes(
    tables: Sequence[CustomerTable],
    family: f.Family,
    k: int,
    has_reviews: bool,
    settings: Settings,
) -> f.ResampledLifetime:
    """Repeat the timeline on resampled customers: layer 1 of methods, 3.5, by percentiles.

    The same draw serves all dates; origins and snapshots stand `origin_days` apart. Each draw takes
    at most `lifetime_sample` customers, so the range is wider than that of the whole: prudent. When
    none of the first draws crosses the threshold within what was observed, and they are enough to
    say so of nineteen histories in twenty (UNBROKEN), the range can bound no interval and the
    others are not drawn.
    """
    wanted = settings.stability
    dates = list(tables[:: max(1, wanted.origin_days // wanted.snapshot_days)])
    features = feature_names(family, has_reviews)
    described = [are_clustered(table, features) for table in dates]
    known = np.unique(np.concatenate([np.flatnonzero(one) for one in described]))
    size = min(len(known), wanted.lifetime_sample)

    def draw(seed: int) -> _History:
        drawn = known[np.random.default_rng(seed).integers(0, len(known), size)]
        members = [drawn[mine[drawn]] for mine in described]
        snapshots = [
            make_snapshot(table, family, k, has_reviews, settings, codes, DRAW_STARTS)
            for table, codes in zip(dates, members, strict=True)
        ]
        return _History.of(snapshots, settings)

    seeds = range(settings.seed, settings.seed + wanted.lifetime_resamples)
    histories = in_processes(draw, seeds[:UNBROKEN])
    if any(history.crosses for history in histories):
        histories += in_processes(draw, seeds[UNBROKEN:])
    days = [history.days for history in histories if history.days is not None]
    low, high = np.quantile(days, (0.05, 0.95), method=PERCENTILES) if days else (0.0, 0.0)
    return f.ResampledLifetime(
        resamples=len(histories),
        customers=size,
        low_days=float(low) if days else f.NotComputed("no_decay"),
        high_days=float(high) if days else f.NotComputed("no_decay"),
        alarm_share=sum(history.alarm for history in histories) / max(len(histories), 1),
    )


@dataclass(frozen=True)
class _History:
    """What one draw of the customers gives: its lifetime, if it decays, and whether it breaks."""

    days: float | None
    alarm: bool
    observed_days: int

    @property
    def crosses(self) -> bool:
        """Whether its lifetime ends within what was observed: only then can it bound."""
        return self.days is not None and self.days <= self.observed_days

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot], settings: Settings) -> _History:
        """Follow every snapshot's model through the later ones."""
        wanted = settings.stability
        points = [
            _bare_point(origin, later, ari, settings)
            for place, later in enumerate(snapshots)
            for origin, ari in zip(
                snapshots[:place],
                warm_aris(snapshots[:place], later, wanted.warm_tolerance),
                strict=True,
            )
        ]
        decay = fit_decay(points, wanted.threshold_ari)
        return cls(
            days=None if decay is None else _days(float(np.log(decay.lifetimes).mean())),
            alarm=first_confirmed_alarm(points, wanted.consecutive) is not None,
            observed_days=max((point.age_days for point in points), default=0),
        )


def _bare_point(
    origin: Snapshot, later: Snapshot, ari: float, settings: Settings
) -> f.TimelinePoint:
    """Return a point without a noise floor: every agreement below the threshold is an alarm."""
    return f.TimelinePoint(
        origin=origin.day,
        snapshot=later.day,
        age_days=(later.as_of - origin.as_of) // DAY,
        ari_warm=ari,
        ari_cold=ari,
        agreement_warm=1.0,
        agreement_cold=1.0,
        floor_mean=1.0,
        floor_q05=1.0,
        floor_agreement=1.0,
        alarm=ari < settings.stability.threshold_ari,
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
    sqrt(s2 / n_eff), with correlation ** |i - j| between origins (methods, 3.5). Where origins are
    in truth alike by 0.7 and 0.5 is assumed, it covers 89 % with eight of them, 85 with ten and
    81 with sixteen (tests/test_coverage.py): the cautious range stands beside it for that.
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
