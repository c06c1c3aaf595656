"""Whether what customers buy and live through has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NotComputed, Quartiles

DriftFeature = Literal[
    "spend",
    "delivery_days",
    "delay_days",
    "freight_share",
    "review",
    "instalments",
    "payment_type",
    "state",
    "category",
]


@dataclass(frozen=True)
class DriftTest:
    """The orders of a cohort, bought from one day until another, against the reference.

    `size` is D of Kolmogorov and Smirnov for `kind` "numbers", Cramér's V for "levels".
    `p_adjusted` is corrected for all tests together (Benjamini and Hochberg), `p_dependent` without
    assuming that they are independent (Benjamini and Yekutieli). `shift` is the Wasserstein
    distance in deviations of the reference, None for levels. `alarm` needs both a small
    `p_adjusted` and a large difference; `confirmed` is one that the cohort before raised too.
    `to_act` is a `psi` that asks to act, and not only to watch, beyond what chance gives.
    """

    feature: DriftFeature
    kind: Literal["numbers", "levels"]
    bought_from: date
    bought_until: date
    orders: int
    size: float
    p_value: float
    p_adjusted: float
    p_dependent: float
    psi: float
    psi_null: float
    shift: float | None
    alarm: bool
    confirmed: bool
    to_act: bool = False


@dataclass(frozen=True)
class DriftBaseline:
    """Two random samples of the reference, each of a cohort's size: what no change looks like."""

    feature: DriftFeature
    orders: int
    size: float
    psi: float
    shift: float | None


@dataclass(frozen=True)
class DriftSeries:
    """A feature cohort by cohort: quartiles of numbers, in their unit; of the orders known."""

    feature: DriftFeature
    reference: Quartiles
    bought_until: tuple[date, ...]
    cohorts: tuple[Quartiles, ...]


@dataclass(frozen=True)
class DomainClassifier:
    """How well a model tells the last cohort's orders from the reference's: 0.5 is not at all.

    Area under the ROC curve by cross-validation, `low` and `high` over the folds; `baseline` is the
    area for two random samples of the reference. `features` are those that it leans on most, with
    the area lost when each is shuffled.
    """

    orders: int
    area: float
    low: float
    high: float
    baseline: float
    threshold: float
    features: tuple[tuple[DriftFeature, float], ...]


@dataclass(frozen=True)
class ChangePoint:
    """A month from which on the monthly mean of a feature keeps another level.

    `resampled_share` is the share of resampled histories in which a change is found within one
    month of it.
    """

    feature: DriftFeature
    month: date
    mean_before: float
    mean_after: float
    resampled_share: float


@dataclass(frozen=True)
class WithoutEvents:
    """The same tests without the orders of known events, such as Black Friday.

    `events` are first and last days, `orders` how many of the reference and of the cohorts lie in
    them. `changed` holds the tests whose alarm, or its confirmation, is another without them,
    `gained` and `lost` the changes of level that are found without them only, or with them only.
    """

    events: tuple[tuple[date, date], ...]
    orders: int
    changed: tuple[DriftTest, ...]
    gained: tuple[ChangePoint, ...]
    lost: tuple[ChangePoint, ...]


@dataclass(frozen=True)
class Drift:
    """Whether what customers buy and live through has changed: cohorts against a reference year.

    Cohorts are of orders, by date of purchase; orders of the last `maturity_days` are not looked
    at, because the slow deliveries among them are not known yet.
    """

    reference_from: date
    reference_until: date
    reference_orders: int
    cohort_days: int
    maturity_days: int
    size_threshold: float
    index_threshold: float
    significance: float
    tests: tuple[DriftTest, ...]
    baseline: tuple[DriftBaseline, ...]
    series: tuple[DriftSeries, ...]
    classifier: DomainClassifier | NotComputed
    change_points: tuple[ChangePoint, ...] | NotComputed
    months: int
    act_threshold: float | NotComputed = NOT_MEASURED
    without_events: WithoutEvents | NotComputed = NOT_MEASURED
