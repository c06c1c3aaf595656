"""Figures of a group then and now, each difference with its interval and whether it is told."""

from __future__ import annotations

from analysis import findings as f
from analysis.measures import (
    combine_intervals,
    mean_interval,
    median_ratio_interval,
    wilson_interval,
)
from analysis.settings import Editions

Known = tuple[float | f.NotComputed, f.Interval | f.NotComputed]


def compare_profiles(
    then: f.Profile, now: f.Profile, wanted: Editions
) -> tuple[f.FigureChange, ...]:
    """Return how the figures of a segment moved from one edition to the next."""
    least = wanted.share_difference
    return (
        compare_shares("customer_share", _size(then), _size(now), least),
        compare_shares(
            "revenue_share",
            (then.revenue_share, then.revenue_interval),
            (now.revenue_share, now.revenue_interval),
            least,
        ),
        _spend(then, now, wanted.spend_difference),
        _review(then, now, wanted.review_difference),
        compare_shares(
            "low_review_share",
            (then.low_review_share, then.low_review_interval),
            (now.low_review_share, now.low_review_interval),
            least,
        ),
        compare_shares(
            "late_share",
            (then.late_share, then.late_interval),
            (now.late_share, now.late_interval),
            least,
        ),
    )


def compare_shares(code: f.ChangeCode, then: Known, now: Known, least: float) -> f.FigureChange:
    """Return a share now less then, with the interval that the two intervals make."""
    (first, before), (second, after) = then, now
    if isinstance(first, f.NotComputed) or isinstance(second, f.NotComputed):
        return _unknown(code, first, second)
    difference = second - first
    if isinstance(before, f.NotComputed) or isinstance(after, f.NotComputed):
        missing = next(entry for entry in (before, after) if isinstance(entry, f.NotComputed))
        return f.FigureChange(code, first, second, difference, missing, moved=False)
    interval = combine_intervals(second, after, first, before)
    return _told(code, first, second, difference, interval, least)


def _size(profile: f.Profile) -> Known:
    """Return the share of the customers with its Wilson interval."""
    everybody = round(profile.customers / profile.customer_share) if profile.customer_share else 0
    if not everybody:
        return profile.customer_share, f.NotComputed("no_rows")
    return profile.customer_share, wilson_interval(profile.customers, everybody)


def _spend(then: f.Profile, now: f.Profile, least: float) -> f.FigureChange:
    first, second = then.spend, now.spend
    if min(first.q1, second.q1) <= 0 or not then.customers or not now.customers:
        return _unknown("spend", first.median, second.median)
    change, interval = median_ratio_interval(second, now.customers, first, then.customers)
    return _told("spend", first.median, second.median, change, interval, least)


def _review(then: f.Profile, now: f.Profile, least: float) -> f.FigureChange:
    first, second = then.review_counts, now.review_counts
    if isinstance(first, f.NotComputed) or isinstance(second, f.NotComputed):
        return _unknown("review", then.mean_review, now.mean_review)
    (before, own), (after, other) = mean_interval(first), mean_interval(second)
    interval = combine_intervals(after, other, before, own)
    return _told("review", before, after, after - before, interval, least)


def _told(
    code: f.ChangeCode,
    then: float,
    now: float,
    difference: float,
    interval: f.Interval,
    least: float,
) -> f.FigureChange:
    beyond_chance = interval.low > 0 or interval.high < 0
    moved = beyond_chance and abs(difference) >= least
    return f.FigureChange(code, then, now, difference, interval, moved)


def _unknown(
    code: f.ChangeCode, then: float | f.NotComputed, now: float | f.NotComputed
) -> f.FigureChange:
    """Return a figure that one of the editions does not have, with the reason."""
    missing = next(
        (entry for entry in (now, then) if isinstance(entry, f.NotComputed)),
        f.NotComputed("no_rows"),
    )
    return f.FigureChange(code, then, now, missing, missing, moved=False)
