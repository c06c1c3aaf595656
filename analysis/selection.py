"""The client's minimum, the smallest k that meets it, and why each other candidate lost.

João asked that good and less good customers be told apart by orders and by satisfaction. Methods,
section 1.6, makes that testable: A1 orders, A2 satisfaction, A3 not one axis, A4 strength; G3 asks
for sizes that can be sold.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from analysis.customers import CustomerTable, Floats
from analysis.findings import Candidate, Family, GateCheck, NotComputed, Timeline
from analysis.measures import cliffs_delta
from analysis.settings import Segmentation, Settings
from analysis.trials import ALGORITHM, Trial

MOST_SEGMENTS = 7


@dataclass(frozen=True)
class Judged:
    """A trial with its checks, in the order in which they are applied."""

    trial: Trial
    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """Return whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed_check(self) -> str:
        """Return the code of the first check that failed, or an empty text."""
        return next((check.code for check in self.checks if not check.passed), "")


@dataclass(frozen=True)
class _Group:
    """One cluster of a trial: its share, and what the minimum looks at, sorted for all pairs."""

    share: float
    spend: Floats
    review: Floats
    low_reviews: float


def judge(
    trials: tuple[Trial, ...], table: CustomerTable, has_reviews: bool, settings: Settings
) -> tuple[Judged, ...]:
    """Apply the client's minimum to every trial; without reviews, only what orders can tell."""
    return tuple(
        Judged(trial, _checks(trial, table, has_reviews, settings.segmentation)) for trial in trials
    )


def shortlist(judged: tuple[Judged, ...]) -> dict[Family, Judged]:
    """Return, of each family, the passing candidate with the fewest segments."""
    first: dict[Family, Judged] = {}
    for candidate in judged:
        family = candidate.trial.family
        if candidate.passed and (family not in first or candidate.trial.k < first[family].trial.k):
            first[family] = candidate
    return first


def choose(
    smallest: dict[Family, Judged], timelines: dict[Family, Timeline], settings: Settings
) -> Judged:
    """Return the shortlisted candidate that holds (gate G6), and longest of those.

    First whoever passes the placebo, then the later confirmed alarm (none is the latest), then
    whoever stays above the threshold for the days that a refit interval must at least last, then
    the higher lowest ARI. Without any timeline the family of lasting traits goes first: its labels
    do not move with the calendar.
    """
    order = list(smallest)

    def rank(family: Family) -> tuple[bool, float, bool, float, int]:
        timeline = timelines.get(family)
        if timeline is None:
            return (False, 0.0, False, 0.0, -order.index(family))
        alarm = timeline.first_alarm_days
        return (
            timeline.placebo_passed,
            float("inf") if isinstance(alarm, NotComputed) else float(alarm),
            early_lowest(timeline, settings.stability.must_hold_days)
            >= settings.stability.threshold_ari,
            timeline.lowest_ari,
            -order.index(family),
        )

    return smallest[max(order, key=rank)]


def early_lowest(timeline: Timeline, days: int) -> float:
    """Return the lowest warm ARI of the points up to an age; 1 where there are none."""
    return min((point.ari_warm for point in timeline.points if point.age_days <= days), default=1.0)


def describe_candidates(
    judged: tuple[Judged, ...],
    chosen: Trial | None,
    smallest: dict[Family, Judged],
    timelines: dict[Family, Timeline],
) -> tuple[Candidate, ...]:
    """Return one Candidate a trial: its figures, its checks, and where it stopped."""
    return tuple(_candidate(entry, chosen, smallest, timelines) for entry in judged)


def _candidate(
    entry: Judged,
    chosen: Trial | None,
    smallest: dict[Family, Judged],
    timelines: dict[Family, Timeline],
) -> Candidate:
    """Return the record of one candidate; one that passed may still lose, and this says to what."""
    trial = entry.trial
    counts = np.bincount(trial.fit.labels, minlength=trial.k)
    is_chosen = trial is chosen
    failed = entry.failed_check
    if not failed and not is_chosen:
        failed = "smaller_k"
        if smallest[trial.family].trial is trial:
            timeline = timelines.get(trial.family)
            passed = timeline is None or timeline.placebo_passed
            failed = "holds_longer" if passed else "placebo"
    return Candidate(
        family=trial.family,
        algorithm=ALGORITHM,
        k=trial.k,
        customers=len(trial.codes),
        smallest_share=float(counts.min() / counts.sum()),
        inertia=trial.fit.inertia,
        silhouette=trial.silhouette,
        silhouette_sample=trial.silhouette_sample,
        eta_squared_spend=trial.eta_squared_spend,
        eta_squared_review=trial.eta_squared_review,
        checks=entry.checks,
        passed=entry.passed,
        chosen=is_chosen,
        failed_check=failed,
    )


def _checks(
    trial: Trial, table: CustomerTable, has_reviews: bool, wanted: Segmentation
) -> tuple[GateCheck, ...]:
    """Return A1 to A4 and G3, in order; those on satisfaction only where there are reviews."""
    groups = _groups(trial, table)
    spend = table.spend[trial.codes]
    # One segment more is sold than is clustered: the repeat buyers, by rule.
    segments = trial.k + int((table.occasions >= 2).any())
    checks = _spend_checks(groups, wanted)
    if has_reviews:
        checks += _review_checks(groups, wanted)
        low = float(table.low_review[trial.codes].mean())
        checks.append(
            _at_least("cells", _cells(groups, float(np.median(spend)), low, wanted), wanted.cells)
        )
    checks.append(_at_least("eta_squared_spend", trial.eta_squared_spend, wanted.eta_squared))
    if not isinstance(trial.eta_squared_review, NotComputed):
        checks.append(_at_least("eta_squared_review", trial.eta_squared_review, wanted.eta_squared))
    checks.append(
        _at_least("smallest_share", min(group.share for group in groups), wanted.smallest_share)
    )
    checks.append(
        GateCheck(
            "segments", float(segments), float(MOST_SEGMENTS), False, segments <= MOST_SEGMENTS
        )
    )
    return tuple(checks)


def _spend_checks(groups: list[_Group], wanted: Segmentation) -> list[GateCheck]:
    """A1: some pair differs in median spend by the ratio, and in Cliff's delta, both at once."""
    pairs = [
        (_ratio(rich, poor), cliffs_delta(rich.spend, poor.spend))
        for rich, poor in permutations(_counted(groups, wanted.counted_share), 2)
    ]
    ratio, delta = max(
        pairs,
        key=lambda pair: (
            pair[0] >= wanted.spend_ratio and pair[1] >= wanted.cliff_delta,
            pair[0],
        ),
        default=(1.0, 0.0),
    )
    return [
        _at_least("spend_ratio", ratio, wanted.spend_ratio),
        _at_least("spend_cliffs_delta", delta, wanted.cliff_delta),
    ]


def _review_checks(groups: list[_Group], wanted: Segmentation) -> list[GateCheck]:
    """A2: some pair differs in mean stars, in low reviews and in Cliff's delta, all at once."""
    pairs = [
        (
            float(pleased.review.mean() - upset.review.mean()),
            upset.low_reviews - pleased.low_reviews,
            cliffs_delta(pleased.review, upset.review),
        )
        for pleased, upset in permutations(_counted(groups, wanted.counted_share), 2)
    ]
    thresholds = (wanted.star_gap, wanted.low_review_gap, wanted.cliff_delta)
    best = max(
        pairs,
        key=lambda pair: (all(np.greater_equal(pair, thresholds)), pair[0]),
        default=(0.0, 0.0, 0.0),
    )
    codes = ("star_gap", "low_review_gap", "review_cliffs_delta")
    return [
        _at_least(code, value, threshold)
        for code, value, threshold in zip(codes, best, thresholds, strict=True)
    ]


def _cells(
    groups: list[_Group], median_spend: float, low_reviews: float, wanted: Segmentation
) -> int:
    """A3: count the distinct (spend level, satisfaction level) that the groups occupy."""
    occupied = {
        (
            _level(
                float(np.median(group.spend)) / median_spend,
                1 / wanted.level_ratio,
                wanted.level_ratio,
            )
            if median_spend > 0
            else 0,
            _level(
                group.low_reviews,
                low_reviews - wanted.low_review_margin,
                low_reviews + wanted.low_review_margin,
            ),
        )
        for group in _counted(groups, wanted.smallest_share)
    }
    return len(occupied)


def _groups(trial: Trial, table: CustomerTable) -> list[_Group]:
    """Return the clusters of a trial."""
    groups = []
    for label in range(trial.k):
        codes = trial.codes[trial.fit.labels == label]
        if len(codes):
            groups.append(
                _Group(
                    share=len(codes) / len(trial.codes),
                    spend=np.sort(table.spend[codes]),
                    review=np.sort(table.review[codes]),
                    low_reviews=float(table.low_review[codes].mean()),
                )
            )
    return groups


def _counted(groups: list[_Group], share: float) -> list[_Group]:
    """Return the groups large enough to be compared."""
    return [group for group in groups if group.share >= share]


def _ratio(rich: _Group, poor: _Group) -> float:
    """Return the ratio of the median spends."""
    floor = float(np.median(poor.spend))
    return float(np.median(rich.spend)) / floor if floor > 0 else 0.0


def _level(value: float, low: float, high: float) -> int:
    """Return -1 below, 0 between, 1 above."""
    return int(value > high) - int(value < low)


def _at_least(code: str, value: float, threshold: float) -> GateCheck:
    """Return the check that a value reaches its threshold."""
    return GateCheck(code, float(value), float(threshold), True, bool(value >= threshold))
