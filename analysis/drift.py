"""Has what customers buy and live through changed? New orders against a reference year.

Methods, section 3.4: cohorts of orders by date of purchase, never a stock against a stock that
contains it; sizes beside p-values; one correction for all tests; a row for no change at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import DAY, Floats, Ints
from analysis.distributions import Difference, compare_levels, compare_numbers
from analysis.drift_features import (
    ABSENT,
    NUMBERS,
    Columns,
    level_features,
    number_features,
    whole_months,
)
from analysis.drift_models import classify_cohort, find_change_points
from analysis.known_events import (
    bought_in,
    known_events,
    masked,
    not_among,
    other_verdicts,
)
from analysis.measures import quartiles
from analysis.orders import OrderFacts, to_seconds
from analysis.parallel import in_processes
from analysis.settings import Settings

# Nineteen deliveries in twenty are known after this share's time.
MATURE_SHARE = 0.95


@dataclass(frozen=True)
class Cohort:
    """Orders bought after `start` and until `end` (epoch seconds), as positions."""

    start: int
    end: int
    rows: Ints


def measure_drift(
    orders: OrderFacts, reference_end: int, period: f.Period, settings: Settings
) -> f.Drift | f.NotComputed:
    """Compare the cohorts after reference_end (epoch seconds) with the window that ends there.

    The reference is one window long; cohorts are `drift.cohort_days` long, the last one ends when
    nineteen of twenty outcomes are known. NotComputed when no cohort fits.
    """
    wanted = settings.drift
    maturity = _maturity_days(orders)
    last = min(to_seconds(period.complete_until), to_seconds(period.as_of) - maturity * DAY)
    reference = cohort_between(
        orders, reference_end - settings.customers.window_days * DAY, reference_end
    )
    cohorts = [
        cohort_between(orders, end - wanted.cohort_days * DAY, end)
        for end in _cohort_ends(reference_end, last, wanted.cohort_days * DAY)
    ]
    cohorts = [cohort for cohort in cohorts if len(cohort.rows)]
    if not cohorts or not len(reference.rows):
        days = max(0, (last - reference_end) // DAY)
        return f.NotComputed("too_short_history", str(days), str(wanted.cohort_days))
    numbers, levels = number_features(orders), level_features(orders)
    columns: Columns = {**numbers, **levels}
    tests = compare_cohorts(columns, reference, cohorts, settings)
    changes = find_change_points(orders, columns, period.started_on, last, settings)
    return f.Drift(
        reference_from=_day(reference.start),
        reference_until=_day(reference.end),
        reference_orders=len(reference.rows),
        cohort_days=wanted.cohort_days,
        maturity_days=maturity,
        size_threshold=wanted.size,
        index_threshold=wanted.stability_index,
        significance=wanted.significance,
        tests=tests,
        baseline=_baseline(columns, reference, cohorts, settings),
        series=_series(numbers, reference, cohorts),
        classifier=classify_cohort(columns, reference.rows, cohorts[-1].rows, settings),
        change_points=changes,
        months=len(whole_months(period.started_on, last)),
        act_threshold=wanted.stability_index_act,
        without_events=_without_events(
            orders, columns, reference, cohorts, period.started_on, tests, changes, settings
        ),
    )


def _without_events(
    orders: OrderFacts,
    columns: Columns,
    reference: Cohort,
    cohorts: Sequence[Cohort],
    started_on: date,
    tests: tuple[f.DriftTest, ...],
    changes: tuple[f.ChangePoint, ...] | f.NotComputed,
    settings: Settings,
) -> f.WithoutEvents | f.NotComputed:
    """Test once more without the orders of known events; NotComputed where there were none."""
    last = cohorts[-1].end
    events = known_events(settings.drift.known_events, started_on, _day(last))
    inside = bought_in(orders, events) & (orders.purchased_at <= last)
    if not inside.any():
        return f.NotComputed("no_rows")
    hidden = masked(columns, inside)
    without = find_change_points(orders, hidden, started_on, last, settings)
    return f.WithoutEvents(
        events=events,
        orders=int(inside.sum()),
        changed=other_verdicts(tests, compare_cohorts(hidden, reference, cohorts, settings)),
        gained=not_among(without, changes),
        lost=not_among(changes, without),
    )


def _maturity_days(orders: OrderFacts) -> int:
    """Return the days after which nineteen deliveries in twenty had come; 0 where none is known."""
    came = orders.is_delivered & (orders.delivered_at >= 0)
    if not came.any():
        return 0
    taken = (orders.delivered_at - orders.purchased_at)[came]
    return ceil(float(np.quantile(taken, MATURE_SHARE)) / DAY)


def _cohort_ends(reference_end: int, last: int, length: int) -> list[int]:
    """Return the ends of the cohorts that fit between, ascending, the last at `last`."""
    count = max(0, (last - reference_end) // length)
    return [last - step * length for step in range(count - 1, -1, -1)]


def cohort_between(orders: OrderFacts, start: int, end: int) -> Cohort:
    """Return the valid orders bought after a moment and until another (epoch seconds)."""
    first, stop = np.searchsorted(orders.purchased_at, (start, end), side="right")
    rows = np.arange(first, stop)
    return Cohort(start, end, rows[orders.is_valid[rows]])


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _known(values: npt.NDArray[Any], rows: Ints) -> npt.NDArray[Any]:
    """Return the values of the rows that are known."""
    chosen = values[rows]
    known = ~np.isnan(chosen) if chosen.dtype.kind == "f" else chosen != ABSENT
    kept: npt.NDArray[Any] = chosen[known]
    return kept


def _difference(
    feature: f.DriftFeature,
    first: npt.NDArray[Any],
    second: npt.NDArray[Any],
    rare: float,
) -> Difference | None:
    """Return how two samples differ, or None when one of them has no rows."""
    if not len(first) or not len(second):
        return None
    if feature in NUMBERS:
        return compare_numbers(_on_scale(feature, first), _on_scale(feature, second))
    size = int(max(first.max(), second.max())) + 1
    counts = [np.bincount(values, minlength=size) for values in (first, second)]
    seldom = counts[0] < rare * counts[0].sum()
    pooled = [np.append(count[~seldom], count[seldom].sum()) for count in counts]
    return compare_levels(pooled[0].astype(np.int64), pooled[1].astype(np.int64))


def _on_scale(feature: f.DriftFeature, values: npt.NDArray[Any]) -> Floats:
    """Return numbers as they are compared: spend as log(1 + spend), whose deviation means more."""
    numbers = values.astype(np.float64)
    return np.log1p(numbers) if feature == "spend" else numbers


def compare_cohorts(
    columns: Columns,
    reference: Cohort,
    cohorts: Sequence[Cohort],
    settings: Settings,
) -> tuple[f.DriftTest, ...]:
    """Return every feature of every cohort against the reference, corrected for all together."""

    def tested(feature: f.DriftFeature) -> list[f.DriftTest]:
        before, tests = _known(columns[feature], reference.rows), []
        for cohort in cohorts:
            after = _known(columns[feature], cohort.rows)
            found = _difference(feature, before, after, settings.drift.rare_level)
            if found is not None:
                tests.append(_test(feature, cohort, len(after), found))
        return tests

    return _corrected([test for tests in in_processes(tested, columns) for test in tests], settings)


def _test(feature: f.DriftFeature, cohort: Cohort, orders: int, found: Difference) -> f.DriftTest:
    return f.DriftTest(
        feature=feature,
        kind="numbers" if feature in NUMBERS else "levels",
        bought_from=_day(cohort.start),
        bought_until=_day(cohort.end),
        orders=orders,
        size=found.size,
        p_value=found.p_value,
        p_adjusted=found.p_value,
        p_dependent=found.p_value,
        psi=found.psi,
        psi_null=found.psi_null,
        shift=found.shift,
        alarm=False,
        confirmed=False,
        to_act=False,
    )


def _corrected(tests: Sequence[f.DriftTest], settings: Settings) -> tuple[f.DriftTest, ...]:
    """Return the tests with p-values corrected together, alarms, and alarms twice in a row."""
    from scipy.stats import false_discovery_control

    if not tests:
        return ()
    p_values = np.array([test.p_value for test in tests])
    adjusted = false_discovery_control(p_values, method="bh")
    dependent = false_discovery_control(p_values, method="by")
    judged: list[f.DriftTest] = []
    for place, test in enumerate(tests):
        alarm = _is_alarm(test, float(adjusted[place]), settings)
        before = judged[-1] if judged and judged[-1].feature == test.feature else None
        judged.append(
            replace(
                test,
                p_adjusted=float(adjusted[place]),
                p_dependent=float(dependent[place]),
                alarm=alarm,
                confirmed=alarm and before is not None and before.alarm,
                to_act=_is_to_act(test, float(adjusted[place]), settings),
            )
        )
    return tuple(judged)


def _is_to_act(test: f.DriftTest, p_adjusted: float, settings: Settings) -> bool:
    """Say whether the index asks to act, and not by chance."""
    wanted = settings.drift
    large = test.psi >= wanted.stability_index_act and test.psi > test.psi_null
    return large and p_adjusted < wanted.significance


def _is_alarm(test: f.DriftTest, p_adjusted: float, settings: Settings) -> bool:
    """Say whether a difference is both significant and large (methods, 3.4)."""
    if p_adjusted >= settings.drift.significance:
        return False
    if test.kind == "numbers":
        return test.size >= settings.drift.size
    return test.psi >= settings.drift.stability_index and test.psi > test.psi_null


def _baseline(
    columns: Columns,
    reference: Cohort,
    cohorts: Sequence[Cohort],
    settings: Settings,
) -> tuple[f.DriftBaseline, ...]:
    """Compare two random samples of the reference, each of a usual cohort's size at most."""
    usual = int(np.median([len(cohort.rows) for cohort in cohorts]))
    size = min(usual, len(reference.rows) // 2)
    rows = np.random.default_rng(settings.seed).permutation(reference.rows)
    rows_drawn = (rows[:size], rows[size : 2 * size])
    baseline = []
    for feature, values in columns.items():
        first, second = (_known(values, drawn) for drawn in rows_drawn)
        found = _difference(feature, first, second, settings.drift.rare_level)
        if found is not None:
            baseline.append(
                f.DriftBaseline(feature, len(second), found.size, found.psi, found.shift)
            )
    return tuple(baseline)


def _series(
    numbers: Mapping[f.DriftFeature, Floats], reference: Cohort, cohorts: Sequence[Cohort]
) -> tuple[f.DriftSeries, ...]:
    """Return the quartiles of each continuous feature, cohort by cohort."""
    series = []
    for feature, values in numbers.items():
        before = _known(values, reference.rows).astype(np.float64)
        known = [(cohort, _known(values, cohort.rows).astype(np.float64)) for cohort in cohorts]
        known = [(cohort, after) for cohort, after in known if len(after)]
        if len(before) and known:
            series.append(
                f.DriftSeries(
                    feature,
                    quartiles(before),
                    tuple(_day(cohort.end) for cohort, _ in known),
                    tuple(quartiles(after) for _, after in known),
                )
            )
    return tuple(series)
