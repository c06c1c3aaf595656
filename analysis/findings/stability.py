"""How long the segments hold, and how often to fit them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.findings.trials import Family
from analysis.findings.values import NOT_MEASURED, Interval, NotComputed


@dataclass(frozen=True)
class TimelinePoint:
    """A model of `origin` against the refit of `snapshot`, on the customers of the snapshot.

    `ari` and `agreement_share` (labels matched) for the warm start and for the cold one; the floor
    is the 5 % quantile and the mean of the ARI between refits on resampled customers.
    """

    origin: date
    snapshot: date
    age_days: int
    ari_warm: float
    ari_cold: float
    agreement_warm: float
    agreement_cold: float
    floor_mean: float
    floor_q05: float
    floor_agreement: float
    alarm: bool


@dataclass(frozen=True)
class AgePoint:
    """The timeline pooled by age: over the origins observed at that age.

    `floor_q05_median` and `floor_agreement_median` are medians of what two refits of one date
    agree on: the 5 % quantile of their ARI, and the mean share of customers they place alike.
    """

    age_days: int
    origins: int
    ari_median: float
    ari_low: float
    ari_high: float
    agreement_median: float
    agreement_low: float
    agreement_high: float
    cold_ari_median: float
    cold_agreement_median: float
    floor_q05_median: float
    floor_agreement_median: float


@dataclass(frozen=True)
class KnownChange:
    """A change made on purpose: from a day on, a share of the orders is of one high `amount`.

    The amount lies `deviations` standard deviations of log spend above the mean. `alarm_days` is
    how long after the change the first alarm came that was confirmed; the design passes when it
    came within `within_days`, and none before the change. `smallest_deviations` is the smallest of
    the sizes that were tried so which raises the alarm in that time, `smallest_amount` its amount;
    they are looked for with the chosen family only.
    """

    share: float
    deviations: float
    amount: float
    changed_on: date
    followed_days: int
    within_days: int
    smallest_deviations: float | NotComputed
    smallest_amount: float | NotComputed
    alarm_days: int | NotComputed
    lowest_ari: float
    passed: bool


@dataclass(frozen=True)
class ReviewChange:
    """More low reviews made on purpose: from a day on, `added_share` more of the orders (0 to 1).

    They get one star, on the history whose dates were dealt at random. `warning_days` is how long
    after the change the cohort ended whose reviews raised an alarm that the next confirmed;
    `alarm_days` is the first confirmed alarm of the timeline. The design passes when one of them
    came within `within_days`, and none before the change.
    """

    added_share: float
    changed_on: date
    followed_days: int
    within_days: int
    warning_days: int | NotComputed
    alarm_days: int | NotComputed
    lowest_ari: float
    passed: bool


@dataclass(frozen=True)
class Timeline:
    """How one family of segmentation holds over time.

    `longest_confirmable_days` is the longest age at which enough origins were followed far enough
    to confirm an alarm; `origins_at_limit` is how many were, `effective_origins` what they are
    worth as independent ones, and `break_probability_bound` the 95 % upper bound, from those, of
    the probability of a break by that age when none was seen.
    """

    family: Family
    k: int
    points: tuple[TimelinePoint, ...]
    by_age: tuple[AgePoint, ...]
    first_alarm_days: int | NotComputed
    longest_observed_days: int
    longest_confirmable_days: int
    lowest_ari: float
    lowest_agreement: float
    origins: int
    origins_at_limit: int
    effective_origins: float
    break_probability_bound: float | NotComputed
    placebo_lowest_ari: float
    placebo_lowest_agreement: float
    placebo_passed: bool
    known_change: KnownChange | NotComputed
    review_change: ReviewChange | NotComputed = NOT_MEASURED

    @property
    def is_valid(self) -> bool:
        """Whether no control failed: nothing is recommended on a design that is not valid."""
        return self.placebo_passed and all(
            isinstance(change, NotComputed) or change.passed
            for change in (self.known_change, self.review_change)
        )


@dataclass(frozen=True)
class ResampledLifetime:
    """The lifetime on resampled customers: 90 % of the histories lie between `low` and `high`.

    Drawing stops early where no history crosses the threshold: `low` then bounds no interval.
    `alarm_share` is the share of them in which an alarm was confirmed within the time observed.
    """

    resamples: int
    customers: int
    low_days: float | NotComputed
    high_days: float | NotComputed
    alarm_share: float


@dataclass(frozen=True)
class LifetimeRange:
    """The range of the lifetime over the origins, at a correlation between neighbouring ones.

    A 90 % interval that allows for their overlap, or the plain range where they are worth too few
    independent ones.
    """

    correlation: float
    effective_origins: float
    low_days: float
    high_days: float
    interval: Literal["range", "t_interval"]


@dataclass(frozen=True)
class EstimatesCompared:
    """Three estimates of one lifetime, by a formula and without: the largest over the smallest.

    They `agree` when that factor is at most `limit`.
    """

    factor: float
    limit: float
    agree: bool


@dataclass(frozen=True)
class Lifetime:
    """The age at which the expected ARI falls below the threshold, by ARI = exp(-(t / s)^b).

    `low_days` and `high_days` are over the origins: a 90 % interval that allows for their overlap,
    or the plain range where they are worth too few. `isotonic_days` and `median_days` are the same
    age without a formula, `compared` sets the three side by side where all were observed. What is
    `extrapolated` lies beyond all that was seen. `cautious` is the range were neighbouring origins
    more alike.
    """

    threshold_ari: float
    shape: float
    days: float
    low_days: float
    high_days: float
    interval: Literal["range", "t_interval"]
    origins: int
    effective_origins: float
    isotonic_days: float | NotComputed
    median_days: float | NotComputed
    extrapolated: bool
    longest_observed_days: int
    compared: EstimatesCompared | NotComputed = NOT_MEASURED
    cautious: LifetimeRange | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class SegmentAgeing:
    """The matched Jaccard index of a segment with the refit's, by age, pooled over the origins."""

    segment_id: str
    ages_days: tuple[int, ...]
    jaccard_median: tuple[float, ...]
    jaccard_low: tuple[float, ...]


@dataclass(frozen=True)
class AgeChange:
    """What moved by an age, medians over the origins.

    `sizes_moved_share`: customers in other segments of the unchanged map (the mix).
    `map_moved_share`: customers of the origin that the refit's map would place elsewhere.
    """

    age_days: int
    sizes_moved_share: float
    map_moved_share: float


@dataclass(frozen=True)
class MigrationCell:
    """Customers that are in this segment later; an empty `segment_id` is outside the window."""

    segment_id: str
    customers: int
    share: float | NotComputed
    interval: Interval | NotComputed


@dataclass(frozen=True)
class MigrationRow:
    """Where the customers of a segment are later; an empty `segment_id` is those who were new."""

    segment_id: str
    customers: int
    cells: tuple[MigrationCell, ...]


@dataclass(frozen=True)
class Migration:
    """Who moves where within some days, under the frozen model, up to the last date."""

    days: int
    rows: tuple[MigrationRow, ...]


@dataclass(frozen=True)
class Ageing:
    """How the chosen segmentation ages: segment by segment, mix and map, and who moves where."""

    segments: tuple[SegmentAgeing, ...]
    changes: tuple[AgeChange, ...]
    migration: Migration


@dataclass(frozen=True)
class Design:
    """Another way to draw the timeline, as the client may have seen it, on the same data.

    ARI of the first origin's model with cold refits, by age. `first_below_days` is the first age
    below the threshold.
    """

    code: Literal["cumulative_absolute", "capped_recency", "window_recency", "window_traits"]
    k: int
    ages_days: tuple[int, ...]
    aris: tuple[float, ...]
    first_below_days: int | NotComputed


@dataclass(frozen=True)
class Rescoring:
    """How fast labels move under the frozen model: customers of both dates, over `days`."""

    days: int
    segment_changed_share: float
    stage_changed_share: float
    left_window_share: float
    new_share: float


@dataclass(frozen=True)
class Refresh:
    """The recommended interval between refits, and what bound it.

    `bound` says which of the limits was the smallest: `observed` (longest age at which enough
    origins could have confirmed an alarm), `alarm` (first confirmed alarm), `lifetime` (on
    resampled customers), `economic` (a refit costs less than the contacts that it corrects), `year`
    (never more than twelve months). `months` is the limit rounded down to the commercial grid.
    """

    months: int | NotComputed
    bound: Literal["observed", "alarm", "lifetime", "economic", "year"]
    limit_days: int | NotComputed
    grid_months: tuple[int, ...]
    rescoring_months: int


@dataclass(frozen=True)
class Stability:
    """The stability timeline: the design, the chosen family, and the other one beside it.

    An alarm is confirmed when it holds on `consecutive` snapshots of one origin in a row.
    `agreement_line` is the share of customers that marketing judges by (methods, 3.8); it raises no
    alarm. `agreement_at_threshold` is the share of customers who keep their segment where the ARI
    is at the threshold: the median over the points of both families. `other_refresh` is what
    the rule of the refit gives on the other family's timeline. `customers` are those in segments at
    each date of the timeline, of the subset where there is one; none in findings that did not note
    them.
    """

    threshold_ari: float
    agreement_line: float
    agreement_at_threshold: float | NotComputed
    window_days: int
    snapshot_days: int
    consecutive: int
    usable_from: date
    usable_until: date
    chosen: Timeline
    other: Timeline | NotComputed
    other_refresh: Refresh | NotComputed
    rescoring: tuple[Rescoring, ...]
    lifetime: Lifetime | NotComputed
    resampled: ResampledLifetime
    ageing: Ageing
    designs: tuple[Design, ...]
    customers: tuple[int, ...] = ()
