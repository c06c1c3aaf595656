"""The timeline: alarms by hand, and what it says of shops whose truth is known."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from builders import make_orders

from analysis import snapshots, stability
from analysis.customers import DAY, build_customers
from analysis.findings import KnownChange, NotComputed, TimelinePoint
from analysis.known_changes import (
    Ground,
    find_smallest,
    plant_amount,
    plant_low_reviews,
    trace_dearer_orders,
    trace_low_reviews,
)
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.placebos import shuffle_dates
from analysis.settings import Settings, check_settings
from analysis.snapshots import grid, matched_jaccards
from analysis.source import open_tables
from analysis.stability import Controls, first_confirmed_alarm, summarise, trace_timeline

UNKNOWN = NotComputed("too_short_history", "84", "112")
SILENT = Controls(0.97, 0.99, UNKNOWN, UNKNOWN)
SETTINGS = check_settings({"segmentation": {"starts": 5}, "stability": {"snapshot_days": 28}})


def test_examples_in_the_docstrings():
    assert doctest.testmod(stability).failed == 0
    assert doctest.testmod(snapshots).failed == 0


def test_the_grid_ends_at_the_last_complete_day():
    start, end = 0, 100 * DAY
    dates = grid(start, end, 14)
    assert dates[-1] == end
    assert dates[0] == end - 7 * 14 * DAY
    assert set(np.diff(dates)) == {14 * DAY}
    assert grid(end, start, 14) == []


def point(origin: int, age: int, ari: float, floor: float = 0.95) -> TimelinePoint:
    return TimelinePoint(
        origin=date(2018, 1, origin),
        snapshot=date(2018, 6, 1),
        age_days=age,
        ari_warm=ari,
        ari_cold=ari - 0.01,
        agreement_warm=ari,
        agreement_cold=ari,
        floor_mean=floor,
        floor_q05=floor,
        floor_agreement=1.0,
        alarm=ari < 0.8 and ari < floor,
    )


@pytest.mark.parametrize(
    ("points", "confirmed"),
    [
        ([point(1, 14, 0.9), point(1, 28, 0.7), point(1, 42, 0.9), point(1, 56, 0.7)], None),
        ([point(1, 14, 0.9), point(1, 28, 0.7), point(1, 42, 0.7)], 28),
        ([point(1, 14, 0.7), point(2, 14, 0.7)], None),
        ([point(1, 28, 0.7), point(1, 42, 0.7), point(2, 14, 0.7), point(2, 28, 0.7)], 14),
        ([point(1, 14, 0.7, floor=0.6), point(1, 28, 0.7, floor=0.6)], None),
        ([], None),
    ],
)
def test_an_alarm_counts_when_it_holds_twice_in_a_row_of_one_origin(points, confirmed):
    assert first_confirmed_alarm(points, 2) == confirmed


def test_points_are_pooled_by_age():
    points = (point(1, 14, 0.9), point(2, 14, 0.8), point(3, 14, 1.0), point(1, 28, 0.95))
    found = summarise("traits", 3, points, SILENT, Settings())
    assert [(age.age_days, age.origins, age.ari_median) for age in found.by_age] == [
        (14, 3, 0.9),
        (28, 1, 0.95),
    ]
    assert (found.longest_observed_days, found.longest_confirmable_days) == (28, 0)
    assert found.first_alarm_days == NotComputed("not_observed", found="28")
    assert found.lowest_ari == 0.8
    assert found.placebo_passed
    assert found.origins == 3
    assert found.origins_at_limit == 0
    assert isinstance(found.break_probability_bound, NotComputed)


def test_what_was_seen_once_too_late_confirms_nothing():
    ages = [(14, 3), (28, 3), (42, 3), (56, 2), (70, 1)]
    points = tuple(
        point(origin, age, 0.95) for age, count in ages for origin in range(1, count + 1)
    )
    found = summarise("traits", 3, points, SILENT, Settings())
    assert found.longest_observed_days == 70
    # On three origins an alarm at 42 days has no second snapshot; one at 28 days has.
    assert found.longest_confirmable_days == 28
    assert found.origins_at_limit == 3
    assert found.effective_origins == pytest.approx(9 / 5.5)
    assert found.break_probability_bound == pytest.approx(1 - 0.05 ** (5.5 / 9))


def test_a_break_on_the_last_date_of_every_origin_cannot_stretch_the_interval():
    ages = [(14, 4), (28, 3), (42, 3), (56, 3)]
    points = tuple(
        point(origin, age, 0.5 if age == 56 else 0.95)
        for age, count in ages
        for origin in range(1, count + 1)
    )
    found = summarise("traits", 3, points, SILENT, Settings())
    assert isinstance(found.first_alarm_days, NotComputed)
    assert found.longest_confirmable_days == 42


def test_a_failed_placebo_is_said():
    assert not summarise(
        "traits", 3, (point(1, 14, 0.9),), replace(SILENT, lowest_ari=0.5), Settings()
    ).placebo_passed


def test_shuffled_dates_keep_the_dates_and_what_was_bought():
    orders = make_orders(
        [
            {
                "customer": f"c{day}",
                "bought": f"2018-01-{day:02}",
                "paid": day,
                "delivered": f"2018-02-{day:02}",
                "reviews": [(1 + day % 5, f"2018-03-{day:02}")],
            }
            for day in range(1, 20)
        ]
    )
    shuffled = shuffle_dates(orders, 3)
    assert sorted(shuffled.purchased_at) == sorted(orders.purchased_at)
    assert (np.diff(shuffled.purchased_at) >= 0).all()
    assert (np.diff(shuffled.review_event_order) >= 0).all()
    before, after = _outcomes(orders), _outcomes(shuffled)
    assert before == after
    assert not np.array_equal(orders.customer, shuffled.customer)


def _outcomes(orders) -> dict[int, tuple[int, int, int, int]]:
    """Return of each customer: paid, days to delivery, score, days to the review."""
    score = np.zeros(len(orders), int)
    answered = np.zeros(len(orders), int)
    score[orders.review_event_order] = orders.review_event_score
    answered[orders.review_event_order] = orders.review_event_at
    return {
        int(who): (int(paid), int(came - bought), int(stars), int(when - bought))
        for who, paid, came, bought, stars, when in zip(
            orders.customer,
            orders.paid_cents,
            orders.delivered_at,
            orders.purchased_at,
            score,
            answered,
            strict=True,
        )
    }


@pytest.fixture(scope="module")
def shop():
    with open_tables(make_marketplace(6_000, seed=3).tables) as source:
        orders = build_orders(source)
    period = describe_period(orders, None, SETTINGS)
    dates = grid(
        to_seconds(period.complete_until) - 170 * DAY, to_seconds(period.complete_until), 28
    )
    known = until(orders, period.as_of)
    return known, [build_customers(known, as_of, SETTINGS.customers) for as_of in dates]


def test_a_stationary_shop_raises_no_alarm(shop):
    orders, tables = shop
    found = trace_timeline(orders, tables, "traits", 4, SETTINGS).timeline
    assert isinstance(found.first_alarm_days, NotComputed)
    assert found.lowest_ari >= 0.90
    assert found.lowest_agreement >= 0.95
    assert found.placebo_passed
    assert all(0 <= entry.floor_q05 <= entry.floor_mean <= 1 for entry in found.points)
    assert all(entry.snapshot > entry.origin for entry in found.points)


def test_the_same_shop_gives_the_same_timeline(shop):
    orders, tables = shop
    first = trace_timeline(orders, tables[:3], "traits", 4, SETTINGS).timeline
    assert first == trace_timeline(orders, tables[:3], "traits", 4, SETTINGS).timeline


def test_a_shop_that_turns_over_raises_an_alarm(shop):
    """From the third date on, spends are dealt anew among all customers: no map survives that."""
    orders, tables = shop
    rng = np.random.default_rng(0)
    changed = [
        *tables[:3],
        *(
            replace(
                table,
                spend=table.spend ** rng.choice([0.4, 1.6], len(table.spend)),
                review=np.where(np.isnan(table.review), np.nan, 6 - table.review),
            )
            for table in tables[3:]
        ),
    ]
    found = trace_timeline(orders, changed, "traits", 4, SETTINGS).timeline
    assert found.first_alarm_days == 28
    early = [entry for entry in found.points if entry.snapshot <= found.points[1].snapshot]
    assert not any(entry.alarm for entry in early)


def test_jaccards_are_matched_and_in_the_order_of_the_first():
    first = np.array([0, 0, 0, 1, 1, 2])
    second = np.array([2, 2, 1, 1, 1, 0])
    # 0 with 2: 2 of 3; 1 with 1: 2 of 3; 2 with 0: alone in both.
    assert matched_jaccards(first, second, 3) == pytest.approx((2 / 3, 2 / 3, 1.0))
    assert matched_jaccards(first, 2 - second, 3) == pytest.approx((2 / 3, 2 / 3, 1.0))


def ground_of(shop, tables=None) -> Ground:
    orders, whole = shop
    dates = [table.as_of for table in tables or whole]
    return Ground(orders, dates, "traits", 4, dict.fromkeys(dates, 0.95), {})


def test_dearer_orders_are_seen_after_the_change_and_not_before(shop):
    found = trace_dearer_orders(ground_of(shop), SETTINGS)
    assert isinstance(found, KnownChange)
    assert found.passed
    assert found.followed_days == 112
    assert 0 < found.alarm_days <= 112
    assert found.lowest_ari < 0.8


def test_a_change_too_small_to_matter_goes_unseen(shop):
    settings = check_settings(
        {
            "segmentation": {"starts": 5},
            "stability": {"snapshot_days": 28, "known_change_deviations": 0.05},
        }
    )
    found = trace_dearer_orders(ground_of(shop), settings)
    assert not found.passed
    assert found.alarm_days == NotComputed("not_observed", "112")


def test_too_few_dates_to_follow_a_change(shop):
    ground = ground_of(shop, shop[1][:5])
    short = NotComputed("too_short_history", "56", "112")
    assert trace_dearer_orders(ground, SETTINGS) == short
    assert trace_low_reviews(ground, SETTINGS) == short


def test_amounts_change_from_the_moment_on_only():
    orders = make_orders(
        [
            {"customer": "a", "bought": "2018-01-01", "paid": 10},
            {"customer": "b", "bought": "2018-02-01", "paid": 10},
        ]
    )
    first = int(orders.purchased_at[0])
    assert plant_amount(orders, first, 25, 1.0, 0).paid_cents.tolist() == [1000, 2500]
    assert plant_amount(orders, first, 25, 0.0, 0).paid_cents.tolist() == [1000, 1000]


def test_a_change_that_is_reported_too_late_fails_the_design(shop):
    """Noise hides the first date after the change: the alarm comes at 56 days, of 28 allowed."""
    settings = check_settings(
        {
            "segmentation": {"starts": 5},
            "stability": {"snapshot_days": 28, "known_change_snapshots": 1},
        }
    )
    ground = ground_of(shop)
    noisy = {**ground.floors, ground.dates[3]: 0.0}
    late = trace_dearer_orders(replace(ground, floors=noisy), settings)
    assert late.within_days == 28
    assert late.alarm_days == 56
    assert not late.passed
    timeline = summarise("traits", 4, (point(1, 14, 0.9),), replace(SILENT, dearer=late), settings)
    assert timeline.placebo_passed
    assert not timeline.is_valid


def test_the_smallest_change_that_is_seen_is_named_with_its_amount(shop):
    orders, _ = shop
    settings = check_settings(
        {
            "segmentation": {"starts": 5},
            "stability": {"snapshot_days": 28, "known_change_smaller": (0.05, 5.0)},
        }
    )
    ground = ground_of(shop)
    found = find_smallest(trace_dearer_orders(ground, settings), ground, settings)
    assert found.smallest_deviations == 5.0
    spend = np.log1p(orders.paid_cents[orders.is_valid] / 100)
    assert found.smallest_amount == pytest.approx(np.expm1(spend.mean() + 5 * spend.std()))
    assert found.amount > found.smallest_amount


def test_low_reviews_replace_better_ones_from_the_moment_on_only():
    """A fifth of sixty is low, 20 points more take twelve of the 48 others: each with 1 in 4."""
    rows = [
        {
            "customer": f"{month}{place}",
            "bought": f"2018-0{month}-01 00:00:{place:02}",
            "reviews": [(1 if place % 5 == 0 else 5, f"2018-0{month}-20")],
        }
        for month in (1, 2)
        for place in range(60)
    ]
    orders = make_orders(rows)
    changed = plant_low_reviews(orders, int(orders.purchased_at[59]), 0.2, 0)
    low = changed.review_score <= 2
    assert low[:60].mean() == 0.2
    assert low[60:].mean() == pytest.approx(0.4, abs=0.12)
    assert low[60:].sum() > 12
    # A review and its order say the same.
    assert np.array_equal(changed.review_event_score, changed.review_score)
    assert set(changed.review_score) == {1, 5}


def test_more_low_reviews_are_reported_after_the_change_and_not_before(shop):
    """Three of four groups are pleased: their map stays, the cohorts' reviews tell."""
    found = trace_low_reviews(ground_of(shop), SETTINGS)
    assert found.passed
    assert found.warning_days == 28
    assert found.within_days == 84
    assert found.changed_on == snapshot_day(shop[1][2])


def snapshot_day(table) -> date:
    return datetime.fromtimestamp(table.as_of, UTC).date()


def test_a_handful_of_low_reviews_goes_unreported_and_fails(shop):
    settings = check_settings(
        {
            "segmentation": {"starts": 5},
            "stability": {"snapshot_days": 28, "known_change_low_reviews": 0.02},
        }
    )
    found = trace_low_reviews(ground_of(shop), settings)
    assert found.warning_days == NotComputed("not_observed", "112")
    assert not found.passed
    controls = replace(SILENT, low_reviews=found)
    timeline = summarise("traits", 4, (point(1, 14, 0.9),), controls, SETTINGS)
    assert timeline.placebo_passed
    assert not timeline.is_valid


def test_without_reviews_none_can_be_made_worse(shop):
    ground = ground_of(shop)
    silent = replace(ground, orders=replace(ground.orders, has_reviews=False))
    assert trace_low_reviews(silent, SETTINGS) == NotComputed(
        "missing_table", expected="order_reviews"
    )
