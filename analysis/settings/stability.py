"""The timeline of the segments, the drift of the orders, what is told of an edition to the next."""

from __future__ import annotations

from pydantic import Field

from analysis.settings.kinds import Count, Days, Months, Section, Share, YearlyDays


class Stability(Section):
    """[stability]: the timeline (methods, section 3)."""

    snapshot_days: Days = 14
    origin_days: Days = 28
    threshold_ari: Share = 0.80
    agreement_line: Share = 0.90
    floor_resamples: int = Field(default=6, ge=2)
    warm_tolerance: float = Field(default=0.005, ge=0)
    consecutive: int = Field(default=2, ge=1)
    known_change_share: Share = 0.35
    known_change_deviations: float = Field(default=6.0, gt=0)
    known_change_smaller: tuple[float, ...] = (2.0, 4.0)
    known_change_low_reviews: Share = 0.20
    known_change_snapshots: int = Field(default=3, ge=1)
    must_hold_days: Days = 91
    origins_needed: int = Field(default=3, ge=1)
    origin_correlation: Share = 0.5
    origin_correlation_cautious: Share = 0.7
    lifetime_resamples: Count = 100
    lifetime_sample: Count = 10_000
    lifetime_agreement: float = Field(default=1.5, gt=1)
    grid_months: tuple[Months, ...] = Field(default=(1, 2, 3, 4, 6, 12), min_length=1)


class Drift(Section):
    """[drift]: when a cohort of orders counts as different (methods, section 3.4)."""

    cohort_days: Days = 28
    significance: Share = 0.05
    size: Share = 0.10
    stability_index: float = Field(default=0.10, gt=0)
    stability_index_act: float = Field(default=0.25, gt=0)
    known_events: tuple[YearlyDays, ...] = ("11-23/11-30",)
    rare_level: Share = 0.01
    classifier_area: Share = 0.60
    classifier_orders: Count = 4_000
    change_point_months: int = Field(default=12, ge=4)
    change_point_share: Share = 0.50
    resamples: Count = 100


class Editions(Section):
    """[editions]: what is told of a change since an earlier edition.

    `same_segment` is the Jaccard index from which on two segments are the same one: at 0.5 a
    segment is dissolved (Hennig 2007). Smaller differences than the others are not called a move.
    """

    same_segment: Share = 0.50
    share_difference: Share = 0.02
    spend_difference: float = Field(default=0.05, ge=0)
    review_difference: float = Field(default=0.10, ge=0)
