"""Do intervals hold what they promise, and how often is an alarm false (methods, 6.2, test 8)?

Each test says how many histories it draws, how large they are, and what was measured.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from worlds import blurred, confirmed_days, make_history, pleased_ever_dearer

from analysis import lifetimes, stability
from analysis.customers import CustomerTable
from analysis.lifetimes import resample_lifetimes
from analysis.settings import Settings, check_settings
from analysis.snapshots import make_snapshot
from analysis.stability import follow

HISTORIES = 100


@pytest.mark.slow
def test_the_range_over_resampled_customers_covers(monkeypatch):
    """Layer 1, nominal 90 %: 100 histories of about 930 customers a window, 19 resamples of each.

    Baskets of the satisfied get dearer by the day; five dates, eight weeks apart. The truth is the
    geometric mean of the lifetimes of the histories themselves, 175 days. Measured: 95 % of the
    ranges hold it, the lower end lies below it in 99 %.
    """
    monkeypatch.setattr(lifetimes, "DRAW_STARTS", 3)
    settings = check_settings(
        {
            "segmentation": {"starts": 3},
            "stability": {"snapshot_days": 56, "origin_days": 56, "lifetime_resamples": 19},
        }
    )
    days = range(0, 225, 56)
    known, ranges = [], []
    for seed in range(HISTORIES):
        tables = make_history(1_500, days[-1], pleased_ever_dearer(1.5), seed).tables(days)
        known.append(_lifetime(tables, settings))
        found = resample_lifetimes(tables, "traits", 3, True, settings)
        ranges.append((found.low_days, found.high_days))
    truth = exp(np.log(known).mean())
    low, high = np.array(ranges).T
    assert 150 < truth < 200
    assert np.mean((low <= truth) & (truth <= high)) >= 0.85
    assert np.mean(low <= truth) >= 0.95


def _lifetime(tables: list[CustomerTable], settings: Settings) -> float:
    """Return the lifetime of a history as it is, estimated as those of its resamples are."""
    shots = [make_snapshot(table, "traits", 3, True, settings) for table in tables]
    return lifetimes._History.of(shots, settings).days


def cover(correlation: float, origins: int) -> tuple[float, float]:
    """Return how often the usual range, and the cautious one, hold the truth: 2,000 histories.

    The logarithms of the origins' lifetimes vary by 0.4 around that of 200 days, correlated by
    correlation ** |i - j|.
    """
    rng = np.random.default_rng(1)
    steps = np.abs(np.subtract.outer(np.arange(origins), np.arange(origins)))
    root = np.linalg.cholesky(correlation**steps)
    held = []
    for _ in range(2_000):
        logs = np.log(200) + 0.4 * (root @ rng.normal(size=origins))
        both = [lifetimes._range(logs, assumed) for assumed in (0.5, 0.7)]
        assert both[0].interval == "t_interval"
        held.append([one.low_days <= 200 <= one.high_days for one in both])
    usual, cautious = np.mean(held, axis=0)
    return float(usual), float(cautious)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("correlation", "origins"), [(0.0, 8), (0.4, 8), (0.7, 8), (0.0, 16), (0.5, 16)]
)
def test_the_interval_over_overlapping_origins_covers(correlation, origins):
    """Layer 2, nominal 90 %, as it is set: 0.5 between neighbours.

    Measured on 40,000 histories: 99.8, 98 and 89 % with eight origins, 99.7 and 93 % with sixteen.
    """
    assert cover(correlation, origins)[0] >= 0.88


@pytest.mark.slow
def test_many_origins_that_are_more_alike_need_the_cautious_interval():
    """Sixteen origins at 0.7: the usual interval holds the truth in 81 %, the cautious in 97 %.

    The specification asks for 88 % up to 0.7. From nine origins on only the cautious range, which
    every document shows beside the usual one, gives that.
    """
    usual, cautious = cover(0.7, 16)
    assert 0.75 < usual < 0.88
    assert cautious >= 0.88


@pytest.mark.slow
def test_alarms_are_seldom_false_within_a_year(monkeypatch):
    """100 stationary shops of about 1,200 customers a window, each followed for twelve months.

    Looked at every four weeks; the groups blur into each other, so that refits differ by chance:
    gate G4 would let 59 of the shops through, those whose floor starts at 0.85 or above. Measured:
    4 of the 100 raise an alarm twice in a row, 1 of the 59.
    """
    monkeypatch.setattr(stability, "FLOOR_STARTS", 3)
    settings = check_settings(
        {
            "segmentation": {"starts": 3},
            "stability": {"snapshot_days": 28, "origin_days": 364, "floor_resamples": 4},
        }
    )
    days = range(0, 365, 28)
    alarms, let_through = [], []
    for seed in range(HISTORIES):
        tables = make_history(2_400, days[-1], blurred, seed).tables(days)
        found = follow(tables, "traits", 4, True, settings)
        alarms.append(bool(confirmed_days(found.points)))
        let_through.append(found.floors[tables[0].as_of].q05 >= settings.trials.refit_floor)
    assert np.mean(alarms) <= 0.10
    assert np.sum(let_through) >= 50
    assert np.mean(np.array(alarms)[let_through]) <= 0.10
