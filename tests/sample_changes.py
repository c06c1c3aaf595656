"""A made-up comparison with an earlier edition, for the tests of what speaks and draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sample_kpis import kpi_row

from analysis.findings import (
    ChangeCode,
    Changes,
    CustomerFlow,
    EditionFacts,
    FigureChange,
    Interval,
    KpiChange,
    LineChange,
    Migration,
    MigrationCell,
    MigrationRow,
    NotComputed,
    Promise,
    RecommendationChange,
    Refresh,
    SegmentChange,
)

THEN, NOW = datetime(2029, 12, 31, 18, 0, 0), datetime(2030, 6, 30, 18, 0, 0)
NO_ROWS = NotComputed("no_rows")


def share_change(code: ChangeCode, then: float, now: float, moved: bool) -> FigureChange:
    """A share with an interval of two points on each side."""
    difference = now - then
    interval = Interval(difference - 0.02, difference + 0.02)
    return FigureChange(code, then, now, difference, interval, moved)


def segment_change(
    segment_id: str, persona: str, customers: tuple[int, int], **changes: Any
) -> SegmentChange:
    """A segment of both editions whose share of customers rose by five points."""
    found = SegmentChange(
        segment_id=segment_id,
        status="kept",
        persona_then=persona,
        number_then=0,
        persona_now=persona,
        number_now=0,
        overlap=0.93,
        customers_then=customers[0],
        customers_now=customers[1],
        figures=(
            share_change("customer_share", 0.17, 0.22, moved=True),
            share_change("revenue_share", 0.30, 0.31, moved=False),
            FigureChange("spend", 100.0, 112.0, 0.12, Interval(0.08, 0.16), moved=True),
            FigureChange("review", 4.4, 4.39, -0.01, Interval(-0.05, 0.03), moved=False),
            share_change("low_review_share", 0.05, 0.05, moved=False),
            FigureChange("late_share", 0.08, NO_ROWS, NO_ROWS, NO_ROWS, moved=False),
        ),
    )
    return replace(found, **changes)


def sample_changes(**changes: Any) -> Changes:
    """Return the made-up comparison, with the named parts replaced."""
    cells = (
        MigrationCell("s1", 90, 0.9, Interval(0.83, 0.94)),
        MigrationCell("", 10, 0.1, Interval(0.06, 0.17)),
    )
    found = Changes(
        then=EditionFacts(THEN, datetime(2029, 12, 16, 12), 180, 6_000, 5_800, "a" * 64, "0.0.0"),
        now=EditionFacts(NOW, datetime(2030, 6, 16, 12), 365, 9_850, 9_500, "b" * 64, "0.0.0"),
        orders_then_now=5_990,
        matched_by="both_maps",
        matched_customers=4_200,
        segments=(
            segment_change("s1", "loyal", (100, 180)),
            segment_change(
                "s2",
                "satisfied_large",
                (1_200, 1_320),
                persona_then="satisfied_medium",
            ),
            segment_change(
                "s5",
                "unhappy_medium",
                (0, 1_100),
                status="new",
                persona_then="",
                overlap=NO_ROWS,
                figures=(),
            ),
            segment_change(
                "s3",
                "satisfied_small",
                (900, 0),
                status="lost",
                persona_now="",
                overlap=NO_ROWS,
                figures=(),
            ),
        ),
        compared=20,
        moved_by_chance=1.0,
        share_difference=0.02,
        spend_difference=0.05,
        review_difference=0.1,
        customers=CustomerFlow(
            then=4_500,
            now=7_000,
            stayed=3_200,
            moved=800,
            moved_by_customers=300,
            moved_by_map=500,
            gone=500,
            new=2_600,
            joined=400,
            moved_share=0.2,
            moved_interval=Interval(0.188, 0.213),
        ),
        migration=Migration(182, (MigrationRow("s1", 100, cells), MigrationRow("", 10, cells))),
        kpis=KpiChange(
            then=kpi_row("all", "all", 6_000, 0.08),
            since=kpi_row("all", "all", 3_850, 0.06),
            late=share_change("late_share", 0.08, 0.06, moved=True),
            low_reviews=share_change("low_review_share", 0.15, 0.15, moved=False),
        ),
        recommendation=RecommendationChange(
            then=Refresh(6, "lifetime", 210, (1, 2, 3, 4, 6, 12), 1),
            now=Refresh(4, "observed", 168, (1, 2, 3, 4, 6, 12), 1),
            currency_then="EUR",
            currency_now="EUR",
            total_then=Decimal(6_180),
            total_now=Decimal(9_180),
            day_rate_then=Decimal(600),
            day_rate_now=Decimal(600),
            lines=(LineChange("refit", 1, 2, Decimal(1_500), Decimal(3_000)),),
        ),
        promise=Promise(
            months=6,
            due_on=date(2030, 6, 16),
            age_days=124,
            customers=4_200,
            ari=0.9,
            agreement_share=0.97,
            threshold_ari=0.8,
            floor_ari=0.95,
            verdict="held",
        ),
    )
    return replace(found, **changes)
