"""Made-up findings on ageing and drift, for the tests of what speaks and draws."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from analysis.findings import (
    AgeChange,
    Ageing,
    ChangePoint,
    Design,
    DomainClassifier,
    Drift,
    DriftBaseline,
    DriftSeries,
    DriftTest,
    Interval,
    Lifetime,
    LifetimeRange,
    Migration,
    MigrationCell,
    MigrationRow,
    NotComputed,
    Quartiles,
    ResampledLifetime,
    SegmentAgeing,
    WithoutEvents,
)

AGES = (28, 56, 84, 112, 140, 168)
LEVELS = (("satisfied_large", 0.99), ("satisfied_small", 0.97), ("unhappy_medium", 0.98))


def sample_lifetime() -> Lifetime:
    return Lifetime(
        threshold_ari=0.8,
        shape=0.7,
        days=810.0,
        low_days=240.0,
        high_days=2_700.0,
        interval="range",
        origins=6,
        effective_origins=2.6,
        isotonic_days=NotComputed("not_observed", "168"),
        median_days=NotComputed("not_observed", "168"),
        extrapolated=True,
        longest_observed_days=168,
        compared=NotComputed("not_observed", "168"),
        cautious=LifetimeRange(0.7, 1.8, 240.0, 2_700.0, "range"),
    )


def sample_resampled() -> ResampledLifetime:
    return ResampledLifetime(20, 6_000, 410.0, 3_900.0, 0.0)


def sample_designs() -> tuple[Design, ...]:
    unseen = NotComputed("not_observed", "168")
    return (
        Design("cumulative_absolute", 4, AGES, (0.9, 0.82, 0.76, 0.7, 0.63, 0.55), 84),
        Design("capped_recency", 4, AGES, (0.92, 0.86, 0.81, 0.78, 0.7, 0.66), 112),
        Design("window_traits", 3, AGES, (0.98, 0.97, 0.95, 0.94, 0.93, 0.93), unseen),
        Design("window_recency", 5, AGES, (0.95, 0.9, 0.87, 0.83, 0.79, 0.8), 140),
    )


def sample_ageing() -> Ageing:
    names = ("loyal", "satisfied_large", "satisfied_small", "unhappy_medium", "")
    counts = (
        (150, 6, 2, 5, 2),
        (5, 2_300, 1, 1, 130),
        (2, 1, 1_240, 1, 52),
        (5, 1, 1, 2_880, 170),
        (4, 280, 120, 350, 0),
    )
    return Ageing(
        segments=tuple(
            SegmentAgeing(
                name,
                AGES,
                tuple(level - age / 8_300 for age in AGES),
                tuple(level - 0.02 - age / 8_300 for age in AGES),
            )
            for name, level in LEVELS
        ),
        changes=tuple(AgeChange(age, age / 9_000, age / 7_000) for age in AGES),
        migration=Migration(
            28,
            tuple(
                MigrationRow(
                    origin,
                    sum(row),
                    tuple(
                        MigrationCell(
                            name,
                            count,
                            count / sum(row),
                            Interval(0.9 * count / sum(row), min(1, 1.1 * count / sum(row))),
                        )
                        for name, count in zip(names, row, strict=True)
                    ),
                )
                for origin, row in zip(names, counts, strict=True)
            ),
        ),
    )


def sample_drift() -> Drift:
    """Two cohorts: deliveries are slower in both, spend has not moved."""
    ends = (date(2030, 5, 19), date(2030, 6, 16))

    def test(feature: Any, end: date, size: float, alarm: bool, confirmed: bool) -> DriftTest:
        return DriftTest(
            feature=feature,
            kind="numbers",
            bought_from=end - timedelta(days=28),
            bought_until=end,
            orders=610,
            size=size,
            p_value=0.001 if alarm else 0.31,
            p_adjusted=0.002 if alarm else 0.41,
            p_dependent=0.005 if alarm else 0.9,
            psi=size / 2,
            psi_null=0.03,
            shift=size * 2,
            alarm=alarm,
            confirmed=confirmed,
            to_act=confirmed,
        )

    return Drift(
        reference_from=date(2029, 1, 1),
        reference_until=date(2030, 1, 1),
        reference_orders=6_900,
        cohort_days=28,
        maturity_days=14,
        size_threshold=0.1,
        index_threshold=0.1,
        significance=0.05,
        tests=(
            test("spend", ends[0], 0.03, False, False),
            test("spend", ends[1], 0.04, False, False),
            test("delivery_days", ends[0], 0.18, True, False),
            test("delivery_days", ends[1], 0.22, True, True),
        ),
        baseline=(
            DriftBaseline("spend", 610, 0.03, 0.01, 0.05),
            DriftBaseline("delivery_days", 610, 0.02, 0.01, 0.04),
        ),
        series=(
            DriftSeries(
                "delivery_days",
                Quartiles(6.0, 9.0, 14.0, 11.0),
                ends,
                (Quartiles(7.0, 10.5, 16.0, 12.5), Quartiles(7.5, 11.0, 17.0, 13.0)),
            ),
        ),
        classifier=DomainClassifier(
            orders=600,
            area=0.64,
            low=0.61,
            high=0.67,
            baseline=0.5,
            threshold=0.6,
            features=(("delivery_days", 0.12), ("spend", 0.01)),
        ),
        change_points=(ChangePoint("delivery_days", date(2030, 4, 1), 9.4, 12.7, 0.93),),
        months=17,
        act_threshold=0.25,
        without_events=WithoutEvents(
            events=((date(2029, 11, 23), date(2029, 11, 30)),),
            orders=420,
            changed=(test("delivery_days", ends[1], 0.22, True, False),),
            gained=(),
            lost=(ChangePoint("freight_share", date(2029, 11, 1), 0.2, 0.23, 0.71),),
        ),
    )
