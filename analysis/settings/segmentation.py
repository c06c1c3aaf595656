"""What is tried, what it must meet, how it is scored, and what is drawn of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from analysis.settings.kinds import Count, Days, Section, Share


class Segmentation(Section):
    """[segmentation]: what is tried, and the client's minimum (methods, section 1.6)."""

    k_min: int = Field(default=3, ge=2)
    k_max: int = Field(default=8, ge=2)
    starts: Count = 20
    silhouette_sample: Count = 5_000
    silhouette_draws: int = Field(default=4, ge=2)
    silhouette_exact: Count = 40_000
    silhouette_chosen: Count = 100_000
    shuffles: Count = 20
    shuffle_sample: Count = 3_000
    structure_difference: float = 0.05
    smallest_share: Share = 0.03
    counted_share: Share = 0.05
    spend_ratio: float = Field(default=2.0, ge=1)
    cliff_delta: Share = 0.474
    star_gap: float = Field(default=1.0, ge=0)
    low_review_gap: Share = 0.30
    level_ratio: float = Field(default=1.1, ge=1)
    low_review_margin: Share = 0.03
    cells: Count = 3
    eta_squared: Share = 0.14


class Trials(Section):
    """[trials]: the algorithms beside K-Means, and what each is given (methods, section 2.1)."""

    sample: int = Field(default=5_000, ge=100)
    neighbours: Count = 15
    mixture_sample: int = Field(default=5_000, ge=100)
    spectral_sample: int = Field(default=1_500, ge=100, le=5_000)
    spectral_neighbours: tuple[Count, ...] = (15, 50)
    dbscan_neighbours: tuple[Count, ...] = (10, 30)
    hdbscan_shares: tuple[Share, ...] = (0.01, 0.02, 0.05)
    hdbscan_jitter: float = Field(default=0.05, ge=0)
    rfm_segments: int = Field(default=4, ge=2)
    noise: Share = 0.02
    extension_accuracy: Share = 0.95
    later_days: Days = 90
    bootstraps: int = Field(default=500, ge=20)
    resamples: int = Field(default=25, ge=2)
    chosen_resamples: int = Field(default=100, ge=2)
    resample_starts: Count = 10
    resample_rows: int = Field(default=6_000, ge=100)
    costly_resamples: int = Field(default=6, ge=2)
    costly_rows: int = Field(default=1_500, ge=100)
    refits: int = Field(default=8, ge=2)
    refit_rows: int = Field(default=20_000, ge=100)
    jaccard: Share = 0.75
    refit_floor: Share = 0.85
    near_tie_starts: int = Field(default=20, ge=2)
    near_tie_inertia: Share = 0.005
    near_tie_ari: Share = 0.90
    fidelity: Share = 0.90
    recall: Share = 0.80
    rule_leaves: Count = 2
    rule_step: Share = 0.005
    timelines: int = Field(default=3, ge=1)
    testable_customers: Count = 2_940
    gap_references: int = Field(default=20, ge=2)
    halvings: int = Field(default=20, ge=2)
    candidate_halvings: int = Field(default=3, ge=2)
    index_customers: int = Field(default=6_000, ge=100)
    prediction_strength: Share = 0.80


class Features(Section):
    """[features]: the evidence on what clusters and what only describes (methods, section 1)."""

    customers: int = Field(default=10_000, ge=100)
    starts: Count = 8
    resamples: int = Field(default=5, ge=2)
    correlation: Share = 0.4
    constant_share: Share = 0.95
    loss: Share = 0.10
    skew: float = Field(default=3.0, gt=0)
    level_share: Share = 0.01
    missing_ceiling: Share = 0.05
    missing_agreement: Share = 0.95


class Scorecard(Section):
    """[scorecard]: the points of each criterion, 100 in all (methods, section 2.4)."""

    actions: float = Field(default=30, ge=0)
    separation: float = Field(default=25, ge=0)
    stability: float = Field(default=20, ge=0)
    explainability: float = Field(default=15, ge=0)
    fit: float = Field(default=10, ge=0)
    tie: float = Field(default=5, ge=0)
    draws: Count = 1_000
    concentration: float = Field(default=20, gt=0)


class Notebooks(Section):
    """[notebooks]: how many customers the pictures that cannot show everybody are drawn from."""

    projection_customers: Annotated[int, Field(ge=100, le=20_000)] = 2_000
    neighbours: Annotated[int, Field(ge=5, le=50)] = 30
    silhouette_customers: Annotated[int, Field(ge=100, le=50_000)] = 5_000
