"""A made-up stability timeline (see sample.py)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sample_ageing import sample_ageing, sample_designs, sample_lifetime, sample_resampled

from analysis.findings import (
    AgePoint,
    KnownChange,
    NotComputed,
    Refresh,
    Rescoring,
    ReviewChange,
    Stability,
    Timeline,
    TimelinePoint,
)


def _timeline(family: Any, decay: float, k: int) -> Timeline:
    origins = [date(2029, 9, 1) + timedelta(days=28 * i) for i in range(5)]
    points = []
    for i, origin in enumerate(origins):
        for age in range(28, 28 * (8 - i) + 1, 28):
            ari = max(0.3, 0.99 - decay * age - 0.004 * i)
            points.append(
                TimelinePoint(
                    origin,
                    origin + timedelta(days=age),
                    age,
                    ari,
                    ari - 0.02,
                    0.9 + ari / 10,
                    0.88 + ari / 10,
                    0.97,
                    0.95,
                    0.9995,
                    alarm=ari < 0.8,
                )
            )
    ages = sorted({point.age_days for point in points})
    by_age = []
    for age in ages:
        values = sorted(point.ari_warm for point in points if point.age_days == age)
        middle = values[len(values) // 2]
        by_age.append(
            AgePoint(
                age,
                len(values),
                middle,
                values[0],
                values[-1],
                0.9 + middle / 10,
                0.9 + values[0] / 10,
                0.9 + values[-1] / 10,
                middle - 0.02,
                0.9 + middle / 10 - 0.002,
                0.93,
                0.985,
            )
        )
    lowest = min(point.ari_warm for point in points)
    alarms = [age.age_days for age in by_age if age.ari_median < 0.8]
    three = [age.age_days for age in by_age if age.origins >= 3]
    return Timeline(
        family=family,
        k=k,
        points=tuple(points),
        by_age=tuple(by_age),
        first_alarm_days=alarms[0] if alarms else NotComputed("not_observed", found=str(ages[-1])),
        longest_observed_days=ages[-1],
        longest_confirmable_days=three[-1],
        lowest_ari=lowest,
        lowest_agreement=0.9 + lowest / 10,
        origins=len(origins),
        origins_at_limit=3,
        effective_origins=2.1,
        break_probability_bound=0.76,
        placebo_lowest_ari=0.96,
        placebo_lowest_agreement=0.985,
        placebo_passed=True,
        known_change=KnownChange(
            share=0.35,
            deviations=6.0,
            amount=9_400.0,
            changed_on=date(2030, 1, 28),
            followed_days=140,
            within_days=84,
            smallest_deviations=4.0,
            smallest_amount=2_300.0,
            alarm_days=56,
            lowest_ari=0.48,
            passed=True,
        ),
        review_change=ReviewChange(
            added_share=0.2,
            changed_on=date(2030, 1, 28),
            followed_days=140,
            within_days=84,
            warning_days=28,
            alarm_days=NotComputed("not_observed", "140"),
            lowest_ari=0.91,
            passed=True,
        ),
    )


def sample_stability() -> Stability:
    return Stability(
        threshold_ari=0.8,
        agreement_line=0.9,
        agreement_at_threshold=0.925,
        window_days=365,
        snapshot_days=28,
        consecutive=2,
        usable_from=date(2029, 9, 1),
        usable_until=date(2030, 6, 16),
        chosen=_timeline("traits", 0.0002, 3),
        other=_timeline("traits_and_recency", 0.0025, 5),
        other_refresh=Refresh(1, "alarm", 56, (1, 2, 3, 4, 6, 12), 1),
        rescoring=(
            Rescoring(7, 0.002, 0.05, 0.011, 0.014),
            Rescoring(30, 0.008, 0.19, 0.045, 0.061),
            Rescoring(90, 0.021, 0.52, 0.14, 0.18),
        ),
        lifetime=sample_lifetime(),
        resampled=sample_resampled(),
        ageing=sample_ageing(),
        designs=sample_designs(),
    )
