"""What speaks for the features, the transformations and the number of segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NotComputed


@dataclass(frozen=True)
class SizeEvidence:
    """What the data say of one number of clusters, K-Means on the features of the chosen family.

    Silhouette and its mean on shuffled columns, Davies-Bouldin (lower is better),
    Calinski-Harabasz, gap and prediction strength with their standard errors, and the Jaccard
    coefficient of the least stable segment where that gate was reached. Of a number smaller than
    any tried, gap and prediction strength only.
    """

    k: int
    silhouette: float | NotComputed
    shuffled_silhouette: float | NotComputed
    davies_bouldin: float | NotComputed
    calinski_harabasz: float | NotComputed
    gap: float | NotComputed
    gap_error: float | NotComputed
    prediction_strength: float
    prediction_error: float
    jaccard: float | NotComputed


@dataclass(frozen=True)
class NumberOfSegments:
    """The number of clusters that the data prefer, index by index, beside the one chosen.

    `by_gap` may be 1: no groups. `by_prediction` is the largest k whose prediction strength and
    its error together reach `strength_threshold`. `customers` were looked at for both.
    """

    customers: int
    sizes: tuple[SizeEvidence, ...]
    by_silhouette: int | NotComputed
    by_davies_bouldin: int | NotComputed
    by_calinski_harabasz: int | NotComputed
    by_gap: int | NotComputed
    by_prediction: int
    strength_threshold: float
    chosen: int | NotComputed


FeatureRole = Literal["clusters", "lifecycle", "describes"]

FeatureReason = Literal[
    "needed",  # without it the segments explain less of what the client asked for
    "dispensable",  # it clusters, though without it nothing that was asked for is lost
    "tail",  # it clusters, though a few customers far out weigh more than the others
    "repeats_though",  # it clusters, though it says what another clustering feature says already
    "would_serve",  # it only describes, though with it more of what was asked for is explained
    "unknown",  # the source does not say it
    "constant",  # the same for nearly everybody
    "repeats",  # says what a clustering feature says already
    "takes_over",  # takes the split that money or satisfaction needs
    "levels",  # levels without an order: they would part customers by place or by kind of goods
    "adds_little",  # neither hurts nor serves what the client asked for
]


@dataclass(frozen=True)
class FeatureEvidence:
    """Why a feature clusters, or only describes.

    `correlation` is Spearman's, the one farthest from 0 with a clustering feature. The effect is
    that of a partition with the same number of segments with the feature added, or for one that
    clusters without it: agreement (ARI) with the chosen one, shares of the variance of log spend
    and of reviews explained, smallest segment.
    """

    feature: str
    role: FeatureRole
    reason: FeatureReason
    known_share: float
    skew: float | NotComputed
    correlation: float | NotComputed
    correlated_with: str
    agreement: float | NotComputed
    eta_squared_spend: float | NotComputed
    eta_squared_review: float | NotComputed
    smallest_share: float | NotComputed


@dataclass(frozen=True)
class RepeatEvidence:
    """What happens when buying again is a flag inside K-Means, instead of a rule before it.

    Of `customers`, `repeat_share` bought again; `isolated_share` of them stand in one cluster, of
    which they are the share `purity`. `agreement` (ARI) with the rule, both with as many segments;
    shares of the variance of log spend explained by both.
    """

    customers: int
    repeat_share: float
    isolated_share: float
    purity: float
    agreement: float
    eta_squared_spend: float
    eta_squared_spend_by_rule: float
    smallest_share: float


@dataclass(frozen=True)
class TransformEvidence:
    """What a transformation of spend does to the partition; agreement over resampled customers."""

    transform: str
    skew: float | NotComputed
    smallest_share: float
    eta_squared_spend: float
    agreement_mean: float
    agreement_low: float
    used: bool


@dataclass(frozen=True)
class ReviewEvidence:
    """What filling in reviews changes, or would change.

    `agreement_without` is the agreement (ARI) of the customers who have a review, when the others
    are left out. Above `ceiling` filling in is not trusted: the segments are made of those who
    have one, and the others `are_placed` by what else is known of them.
    """

    missing_share: float
    ceiling: float
    agreement_without: float
    least_agreement: float
    are_placed: bool = False


@dataclass(frozen=True)
class Features:
    """The evidence on features, measured on `customers` of those that are clustered."""

    customers: int
    features: tuple[FeatureEvidence, ...]
    transforms: tuple[TransformEvidence, ...]
    reviews: ReviewEvidence | NotComputed
    repeat: RepeatEvidence | NotComputed = NOT_MEASURED
