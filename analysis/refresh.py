"""Two clocks: how often to re-score customers, and how often to refit the model (methods, 3.5).

The refit interval is never longer than what was observed on enough origins: an extrapolation is
not sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Literal

from analysis.customers import CustomerTable
from analysis.findings import NotComputed, Refresh, Rescoring, Timeline
from analysis.profiles import stage_places
from analysis.segmentation import NO_SEGMENT, Model, assign_segments
from analysis.settings import Settings

Bound = Literal["observed", "alarm", "lifetime", "economic", "year"]

DAYS_A_MONTH = 365.25 / 12
YEAR_MONTHS = 12
RESCORING_LIMIT = 0.10


def recommend_refresh(
    timeline: Timeline,
    rescoring: tuple[Rescoring, ...],
    settings: Settings,
    lifetime_low_days: float | NotComputed,
    economic_days: float | NotComputed,
) -> Refresh | NotComputed:
    """Return the smallest of the limits, rounded down to the commercial grid.

    Limits: the longest age at which enough origins could have confirmed an alarm; where one was
    confirmed, the last snapshot before it; the lower end of the lifetime on resampled customers;
    the interval at which refits and misdirected contacts together cost least; twelve months. When a
    placebo fails (an alarm where nothing changes, silence where a change was made) nothing is
    recommended.
    """
    if not timeline.placebo_passed:
        return NotComputed("design_not_valid", found=f"{timeline.placebo_lowest_ari:.2f}")
    for change in (timeline.known_change, timeline.review_change):
        if not isinstance(change, NotComputed) and not change.passed:
            return NotComputed("change_not_seen", found=f"{change.lowest_ari:.2f}")
    wanted = settings.stability
    limits: dict[Bound, int] = {
        "observed": timeline.longest_confirmable_days,
        "year": months_to_days(YEAR_MONTHS),
    }
    if not isinstance(timeline.first_alarm_days, NotComputed):
        limits["alarm"] = timeline.first_alarm_days - wanted.snapshot_days
    if not isinstance(lifetime_low_days, NotComputed):
        limits["lifetime"] = int(lifetime_low_days)
    if not isinstance(economic_days, NotComputed):
        # The shortest interval on offer is the most often that a refit is sold.
        limits["economic"] = max(int(economic_days), months_to_days(min(wanted.grid_months)))
    bound = min(limits, key=lambda name: limits[name])
    fitting = [months for months in wanted.grid_months if months_to_days(months) <= limits[bound]]
    if not fitting:
        return NotComputed(
            "breaks_early" if bound in ("alarm", "lifetime") else "too_short_history",
            found=str(limits[bound]),
            expected=str(months_to_days(min(wanted.grid_months))),
        )
    return Refresh(
        months=max(fitting),
        bound=bound,
        limit_days=limits[bound],
        grid_months=wanted.grid_months,
        rescoring_months=_rescoring_months(rescoring),
    )


def months_to_days(months: int) -> int:
    """Return the days of a number of months of mean length, rounded up: six are 183."""
    return ceil(months * DAYS_A_MONTH)


def measure_rescoring(
    tables: Sequence[CustomerTable], model: Model, steps: int, settings: Settings
) -> Rescoring:
    """Return how labels move in `steps` snapshots under the frozen model, pooled over the dates.

    Shares are of the customers with a segment at the first date; `new_share` is of those with one
    at the second date.
    """
    changed = moved = stayed = before = left = after = new = 0
    labels = [assign_segments(table, model) for table in tables]
    for start in range(len(tables) - steps):
        first, second = labels[start], labels[start + steps]
        both = (first != NO_SEGMENT) & (second != NO_SEGMENT)
        stages = [
            stage_places(table, settings.lifecycle)
            for table in (tables[start], tables[start + steps])
        ]
        stayed += int(both.sum())
        changed += int((first != second)[both].sum())
        moved += int((stages[0] != stages[1])[both].sum())
        before += int((first != NO_SEGMENT).sum())
        left += int(((first != NO_SEGMENT) & (second == NO_SEGMENT)).sum())
        after += int((second != NO_SEGMENT).sum())
        new += int(((first == NO_SEGMENT) & (second != NO_SEGMENT)).sum())
    return Rescoring(
        days=steps * settings.stability.snapshot_days,
        segment_changed_share=changed / max(stayed, 1),
        stage_changed_share=moved / max(stayed, 1),
        left_window_share=left / max(before, 1),
        new_share=new / max(after, 1),
    )


def _rescoring_months(rescoring: tuple[Rescoring, ...]) -> int:
    """Return 1: stages and arrivals move every month, and re-scoring costs nothing but a run.

    The interval grows only where less than a tenth of the labels moved over the longest distance
    that was measured.
    """
    longest = max(rescoring, key=lambda entry: entry.days, default=None)
    if longest is None:
        return 1
    movement = (
        longest.stage_changed_share
        + longest.segment_changed_share
        + longest.left_window_share
        + longest.new_share
    )
    quiet = movement < RESCORING_LIMIT
    return max(1, int(longest.days / DAYS_A_MONTH)) if quiet else 1
