"""The client's minimum: planted worlds pass, controls fail, each refusal has its number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import make_table, no_structure, two_by_two

from analysis import kmeans
from analysis.findings import NotComputed, Timeline
from analysis.selection import choose, describe_candidates, judge, shortlist
from analysis.settings import Settings, check_settings
from analysis.trials import check_structure, try_candidates

SETTINGS = check_settings(
    {"segmentation": {"k_max": 5, "starts": 5, "shuffles": 6, "silhouette_sample": 1_500}}
)


@pytest.fixture(scope="module")
def world():
    return two_by_two(4_000)


@pytest.fixture(scope="module")
def trials(world):
    return try_candidates(world, has_reviews=True, settings=SETTINGS)


def test_a_planted_two_by_two_passes_at_four(world, trials):
    judged = judge(trials, world, True, SETTINGS)
    traits = {entry.trial.k: entry for entry in judged if entry.trial.family == "traits"}
    assert traits[4].passed
    assert shortlist(judged)["traits"].trial.k in (3, 4)


def test_random_labels_fail_on_money_first(world, trials):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, len(world.spend)).astype(np.int32)
    four = next(trial for trial in trials if trial.family == "traits" and trial.k == 4)
    random = replace(
        four,
        fit=kmeans.Fit(four.fit.centres, labels, four.fit.inertia),
        eta_squared_spend=0.0,
        eta_squared_review=0.0,
    )
    (judged,) = judge((random,), world, True, SETTINGS)
    failed = {check.code for check in judged.checks if not check.passed}
    assert not judged.passed
    assert judged.failed_check == "spend_ratio"
    assert {"star_gap", "eta_squared_spend", "eta_squared_review"} <= failed


def test_money_without_satisfaction_fails_on_stars(world, trials):
    richer = (world.spend > np.median(world.spend)).astype(np.int32)
    four = next(trial for trial in trials if trial.family == "traits" and trial.k == 4)
    (judged,) = judge(
        (replace(four, k=2, fit=replace(four.fit, labels=richer), eta_squared_review=0.0),),
        world,
        True,
        SETTINGS,
    )
    assert judged.failed_check == "star_gap"
    (stars,) = [check for check in judged.checks if check.code == "star_gap"]
    assert stars.value < stars.threshold == 1.0


def test_labels_permuted_change_no_check(world, trials):
    four = next(trial for trial in trials if trial.family == "traits" and trial.k == 4)
    names = np.array([2, 0, 3, 1], dtype=np.int32)
    permuted = replace(four, fit=replace(four.fit, labels=names[four.fit.labels]))
    first, second = judge((four, permuted), world, True, SETTINGS)
    for one, other in zip(first.checks, second.checks, strict=True):
        assert one.value == pytest.approx(other.value)


def test_too_small_a_segment_is_refused():
    spend = np.concatenate([np.full(990, 50.0), np.full(10, 5_000.0)])
    table = make_table(spend + np.arange(1_000) / 1_000, np.tile([5.0, 1.0], 500))
    judged = judge(try_candidates(table, True, SETTINGS), table, True, SETTINGS)
    assert all(
        not entry.passed
        for entry in judged
        if min(np.bincount(entry.trial.fit.labels)) / 1_000 < SETTINGS.segmentation.smallest_share
    )


def test_without_reviews_only_money_is_judged(world):
    silent = replace(world, review=np.full(len(world.review), np.nan))
    trials = try_candidates(silent, has_reviews=False, settings=SETTINGS)
    judged = judge(trials, silent, False, SETTINGS)
    codes = {check.code for entry in judged for check in entry.checks}
    assert "star_gap" not in codes
    assert isinstance(trials[0].eta_squared_review, NotComputed)


def test_structure_is_not_claimed_where_there_is_none():
    table = no_structure(3_000)
    trials = try_candidates(table, True, SETTINGS)
    found = check_structure(trials[0], SETTINGS)
    assert not found.structure
    # 0.01 wider than the range: at one shuffle of twenty the observed value is the extreme.
    assert found.shuffled_low - 0.01 <= found.silhouette <= found.shuffled_high + 0.01


def test_structure_is_claimed_on_separate_groups():
    rng = np.random.default_rng(4)
    group = rng.integers(0, 3, 3_000)
    spend = np.exp(np.array([3.0, 5.0, 7.0])[group] + rng.normal(0, 0.1, 3_000))
    review = np.clip(np.array([1.2, 4.8, 3.0])[group] + rng.normal(0, 0.1, 3_000), 1, 5)
    trials = try_candidates(make_table(spend, review), True, SETTINGS)
    assert check_structure(trials[0], SETTINGS).structure


def timeline(alarm: int | None, lowest: float) -> Timeline:
    return Timeline(
        family="traits",
        k=3,
        points=(),
        by_age=(),
        first_alarm_days=NotComputed("not_observed") if alarm is None else alarm,
        longest_observed_days=200,
        longest_confirmable_days=150,
        lowest_ari=lowest,
        lowest_agreement=lowest,
        origins=3,
        origins_at_limit=3,
        effective_origins=2.0,
        break_probability_bound=0.5,
        placebo_lowest_ari=0.99,
        placebo_passed=True,
        known_change=NotComputed("too_short_history", "84", "112"),
    )


@pytest.mark.parametrize(
    ("traits", "recency", "winner"),
    [
        (timeline(None, 0.9), timeline(84, 0.7), "traits"),
        (timeline(84, 0.7), timeline(None, 0.9), "traits_and_recency"),
        (timeline(None, 0.85), timeline(None, 0.95), "traits_and_recency"),
    ],
)
def test_the_family_that_holds_is_chosen(world, trials, traits, recency, winner):
    judged = judge(trials, world, True, SETTINGS)
    best = {
        family: next(entry for entry in judged if entry.trial.family == family)
        for family in ("traits", "traits_and_recency")
    }
    chosen = choose(best, {"traits": traits, "traits_and_recency": recency}, Settings())
    assert chosen.trial.family == winner


def test_every_candidate_says_where_it_stopped(world, trials):
    judged = judge(trials, world, True, SETTINGS)
    smallest = shortlist(judged)
    chosen = smallest["traits"].trial
    candidates = describe_candidates(judged, chosen, smallest, {})
    assert sum(candidate.chosen for candidate in candidates) == 1
    assert all(bool(candidate.failed_check) != candidate.chosen for candidate in candidates)
