"""The recommended interval: the smallest limit, rounded down, never an extrapolation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from test_selection import timeline
from worlds import AS_OF, two_by_two

from analysis.findings import KnownChange, NotComputed, Rescoring, ReviewChange
from analysis.refresh import measure_rescoring, months_to_days, recommend_refresh
from analysis.segmentation import make_model
from analysis.settings import Settings, check_settings
from analysis.trials import try_candidates

SETTINGS = Settings()
MOVING = (Rescoring(28, 0.004, 0.2, 0.04, 0.1), Rescoring(84, 0.01, 0.68, 0.14, 0.29))
UNKNOWN = NotComputed("no_decay")


def observed(days: int, alarm: int | None = None):
    return replace(timeline(alarm, 0.9), longest_confirmable_days=days)


def test_six_months_are_183_days():
    assert [months_to_days(months) for months in (1, 3, 6, 12)] == [31, 92, 183, 366]


@pytest.mark.parametrize(
    ("days", "alarm", "months", "bound", "limit"),
    [
        (183, None, 6, "observed", 183),
        (182, None, 4, "observed", 182),
        (500, None, 12, "year", 366),
        (182, 112, 3, "alarm", 98),
        (31, None, 1, "observed", 31),
    ],
)
def test_the_smallest_limit_is_rounded_down(days, alarm, months, bound, limit):
    found = recommend_refresh(observed(days, alarm), MOVING, SETTINGS, UNKNOWN, UNKNOWN)
    assert (found.months, found.bound, found.limit_days) == (months, bound, limit)


def test_what_breaks_within_a_month_gets_no_interval():
    found = recommend_refresh(observed(182, 28), MOVING, SETTINGS, UNKNOWN, UNKNOWN)
    assert found == NotComputed("breaks_early", found="14", expected="31")


def test_what_was_hardly_observed_gets_no_interval():
    found = recommend_refresh(observed(14), MOVING, SETTINGS, UNKNOWN, UNKNOWN)
    assert found == NotComputed("too_short_history", found="14", expected="31")


def test_the_lifetime_on_resampled_customers_bounds_the_interval():
    found = recommend_refresh(observed(182), MOVING, SETTINGS, 100.0, UNKNOWN)
    assert (found.months, found.bound, found.limit_days) == (3, "lifetime", 100)


def test_the_cheapest_interval_bounds_but_never_below_the_grid():
    found = recommend_refresh(observed(182), MOVING, SETTINGS, UNKNOWN, 100.0)
    assert (found.months, found.bound, found.limit_days) == (3, "economic", 100)
    often = recommend_refresh(observed(182), MOVING, SETTINGS, UNKNOWN, 9.0)
    assert (often.months, often.bound) == (1, "economic")


def test_a_change_that_went_unseen_recommends_nothing():
    unseen = NotComputed("not_observed", "84")
    day = date(2018, 1, 28)
    change = KnownChange(
        0.35,
        6.0,
        3.1,
        day,
        140,
        84,
        unseen,
        unseen,
        NotComputed("not_observed", "140"),
        0.93,
        False,
    )
    blind = replace(observed(182), known_change=change)
    assert recommend_refresh(blind, MOVING, SETTINGS, UNKNOWN, UNKNOWN) == NotComputed(
        "change_not_seen", found="0.93"
    )


def test_low_reviews_that_went_unseen_recommend_nothing_either():
    unseen = NotComputed("not_observed", "84")
    change = ReviewChange(0.2, date(2018, 1, 28), 140, 84, unseen, unseen, 0.91, False)
    blind = replace(observed(182), review_change=change)
    assert recommend_refresh(blind, MOVING, SETTINGS, UNKNOWN, UNKNOWN) == NotComputed(
        "change_not_seen", found="0.91"
    )
    seen = replace(change, warning_days=28, passed=True)
    fine = replace(observed(182), review_change=seen)
    assert recommend_refresh(fine, MOVING, SETTINGS, UNKNOWN, UNKNOWN).months == 4


def test_a_failed_placebo_recommends_nothing():
    broken = replace(observed(182), placebo_passed=False, placebo_lowest_ari=0.61)
    assert recommend_refresh(broken, MOVING, SETTINGS, UNKNOWN, UNKNOWN) == NotComputed(
        "design_not_valid", found="0.61"
    )


def test_labels_that_move_are_scored_every_month_and_others_less_often():
    still = (Rescoring(84, 0.0, 0.01, 0.0, 0.02),)
    assert (
        recommend_refresh(observed(182), MOVING, SETTINGS, UNKNOWN, UNKNOWN).rescoring_months == 1
    )
    assert recommend_refresh(observed(182), still, SETTINGS, UNKNOWN, UNKNOWN).rescoring_months == 2


def test_rescoring_counts_who_moved_by_hand():
    settings = check_settings({"segmentation": {"k_min": 3, "k_max": 3, "starts": 5}})
    table = two_by_two(900)
    trial = next(t for t in try_candidates(table, True, settings) if t.family == "traits")
    model = make_model(trial, table, SETTINGS.customers, seed=1, fingerprint="f")
    recency = table.recency_days.copy()
    standing = table.standing.copy()
    recency[:] = 50.0
    before = replace(table, recency_days=recency.copy(), standing=standing.copy())
    recency[:90] = 100.0
    standing[810:] = 2
    after = replace(table, as_of=AS_OF + 14 * 86_400, recency_days=recency, standing=standing)
    moved = measure_rescoring([before, after], model, 1, settings)
    assert moved.segment_changed_share == 0
    assert moved.stage_changed_share == pytest.approx(90 / 810)
    assert moved.left_window_share == pytest.approx(0.1)
    assert moved.new_share == 0
