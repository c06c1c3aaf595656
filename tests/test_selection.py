"""Gates in order, a failure is final; the scorecard, the timeline and the controls decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import make_table, no_structure, two_by_two

from analysis.candidates import describe_candidates
from analysis.findings import NotComputed, Score, Timeline
from analysis.gates import judge
from analysis.number_of_segments import compare_numbers
from analysis.selection import describe_choice, score_survivors, select
from analysis.settings import check_settings
from analysis.silhouette import Silhouette
from analysis.stability import Trace
from analysis.trials import check_structure, shuffled_silhouettes, try_candidates

SETTINGS = check_settings(
    {
        "segmentation": {
            **{"k_max": 5, "starts": 5, "shuffles": 6},
            **{"silhouette_sample": 600, "silhouette_draws": 2},
        },
        "trials": {
            **{"sample": 500, "spectral_sample": 200, "mixture_sample": 800, "bootstraps": 60},
            **{"resamples": 10, "costly_resamples": 4, "costly_rows": 400, "refits": 4},
            **{"resample_rows": 1_000, "near_tie_starts": 6},
        },
    }
)


@pytest.fixture(scope="module")
def world():
    return two_by_two(2_500)


@pytest.fixture(scope="module")
def judged(world):
    return judge(try_candidates(world, True, SETTINGS), world, True, SETTINGS)


@pytest.fixture(scope="module")
def board(world, judged):
    return score_survivors(judged, world, True, SETTINGS)


def of(judged, family, algorithm, k):
    return next(
        entry
        for entry in judged
        if (entry.trial.family, entry.trial.recipe.algorithm, entry.trial.k)
        == (family, algorithm, k)
    )


def timeline(alarm: int | None, lowest: float, placebo: float = 0.99) -> Timeline:
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
        placebo_lowest_ari=placebo,
        placebo_lowest_agreement=placebo,
        placebo_passed=placebo >= 0.8,
        known_change=NotComputed("too_short_history"),
    )


def traced(alarm: int | None, lowest: float, placebo: float = 0.99) -> Trace:
    return Trace(timeline(alarm, lowest, placebo), ())


def test_a_planted_two_by_two_passes_at_four(judged):
    assert of(judged, "traits", "kmeans", 4).passed


def test_gates_are_asked_in_order_and_a_failure_is_final(judged):
    for entry in judged:
        gates = [check.gate for check in entry.checks]
        assert gates == sorted(gates)
        if not entry.passed:
            last = {check.gate for check in entry.checks if not check.passed}
            assert last == {gates[-1]}


def test_the_predecessor_is_refused_for_satisfaction(judged):
    found = of(judged, "traits_and_recency", "rfm", 4)
    assert not found.passed
    assert found.checks[-1].gate == "G2"
    assert isinstance(found.stable, NotComputed)


def test_labels_permuted_change_no_verdict(world):
    trials = try_candidates(world, True, SETTINGS)
    four = next(
        trial
        for trial in trials
        if trial.family == "traits" and trial.recipe.algorithm == "kmeans" and trial.k == 4
    )
    names = np.array([2, 0, 3, 1], dtype=np.int32)
    permuted = replace(
        four,
        partition=replace(
            four.partition,
            labels=names[four.partition.labels],
            centres=four.partition.centres[np.argsort(names)],
        ),
    )
    first, second = judge((four, permuted), world, True, SETTINGS)
    assert first.passed
    assert [check.passed for check in first.checks] == [check.passed for check in second.checks]
    for one, other in zip(first.checks, second.checks, strict=True):
        assert one.value == pytest.approx(other.value)


def test_too_small_a_segment_is_refused():
    spend = np.concatenate([np.full(990, 50.0), np.full(10, 5_000.0)])
    table = make_table(spend + np.arange(1_000) / 1_000, np.tile([5.0, 1.0], 500))
    for entry in judge(try_candidates(table, True, SETTINGS), table, True, SETTINGS):
        sizes = np.bincount(entry.trial.partition.labels.clip(0))
        if sizes.min() / 1_000 < SETTINGS.segmentation.smallest_share:
            assert not entry.passed


def test_one_customer_a_thousand_times_richer_changes_nothing(world, judged):
    spend = world.spend.copy()
    spend[7] = 1_000 * spend.max()
    changed = make_table(spend, world.review, world.recency_days)
    found = judge(try_candidates(changed, True, SETTINGS), changed, True, SETTINGS)
    assert of(found, "traits", "kmeans", 4).passed


def test_a_constant_review_leaves_only_refusals_with_their_number(world):
    same = make_table(world.spend, np.full(len(world.spend), 5.0), world.recency_days)
    found = judge(try_candidates(same, True, SETTINGS), same, True, SETTINGS)
    assert not any(entry.passed for entry in found)
    assert of(found, "traits", "kmeans", 3).failed_check == "star_gap"


def test_without_reviews_only_money_is_judged(world):
    silent = replace(world, review=np.full(len(world.review), np.nan))
    trials = try_candidates(silent, has_reviews=False, settings=SETTINGS)[:2]
    codes = {
        check.code for entry in judge(trials, silent, False, SETTINGS) for check in entry.checks
    }
    assert "star_gap" not in codes
    assert isinstance(trials[0].eta_squared_review, NotComputed)


def test_customers_who_came_later_are_asked_as_well(world, judged):
    """As of the earlier date the last third had not bought yet."""
    size = len(world.spend)
    standing = world.standing.copy()
    standing[2 * size // 3 :] = 0
    earlier = replace(world, standing=standing)
    trials = tuple(entry.trial for entry in judged if entry.trial.recipe.algorithm == "kmeans")
    found = of(judge(trials, world, True, SETTINGS, earlier), "traits", "kmeans", 4)
    later = [check for check in found.checks if check.code.startswith("later_")]
    assert len(later) == 5
    assert found.passed


def test_structure_is_not_claimed_where_there_is_none():
    table = no_structure(2_000)
    trial = try_candidates(table, True, SETTINGS)[0]
    found = check_structure(trial, shuffled_silhouettes([trial], SETTINGS)[0], SETTINGS)
    assert not isinstance(found, NotComputed)
    assert not found.structure


def test_structure_is_claimed_on_separate_groups():
    rng = np.random.default_rng(4)
    group = rng.integers(0, 3, 2_000)
    spend = np.exp(np.array([3.0, 5.0, 7.0])[group] + rng.normal(0, 0.1, 2_000))
    review = np.clip(np.array([1.2, 4.8, 3.0])[group] + rng.normal(0, 0.1, 2_000), 1, 5)
    trial = try_candidates(make_table(spend, review), True, SETTINGS)[0]
    found = check_structure(trial, shuffled_silhouettes([trial], SETTINGS)[0], SETTINGS)
    assert not isinstance(found, NotComputed)
    assert found.structure


def test_a_candidate_that_breaks_is_replaced_by_the_next(board):
    first, second = board.eligible()[:2]

    def trace(trial):
        return traced(None, 0.95, placebo=0.5 if trial is board.judged[first].trial else 0.99)

    found = select(board, trace, SETTINGS)
    assert found.winner != first
    assert found.board.judged[first].failed_check == "placebo"
    assert found.board.judged[second].passed


def test_where_none_holds_the_longest_is_kept_and_its_failure_shown(world, board):
    eligible = board.eligible()
    lasting = board.judged[eligible[-1]].trial if len(eligible) < 3 else None

    def trace(trial):
        return traced(400 if trial is lasting else 28, 0.4, placebo=0.5)

    found = select(board, trace, SETTINGS)
    assert found.winner is not None
    assert not found.chosen.passed
    assert found.winner in found.traces


def test_without_a_timeline_the_scorecard_decides(board):
    found = select(board, None, SETTINGS)
    assert found.winner == board.eligible()[0]
    assert found.traces == {}


def test_a_baseline_is_scored_and_never_kept(world, board):
    found = select(board, None, SETTINGS)
    choice = describe_choice(found, world, True, SETTINGS)
    assert all(not board.judged[place].trial.is_baseline for place in board.eligible())
    baselines = [entry for entry in board.scored if entry.judged.trial.is_baseline]
    assert isinstance(choice.baseline_points, NotComputed) == (not baselines)


def test_the_controls_fail_and_say_where(world, board):
    choice = describe_choice(select(board, None, SETTINGS), world, True, SETTINGS)
    assert [control.code for control in choice.controls] == ["random_labels", "recency_and_amount"]
    for control in choice.controls:
        assert not isinstance(control.failed, NotComputed)
        assert control.failed.gate == "G2"


def test_random_weightings_say_how_often_the_winner_wins(world, board):
    selection = select(board, None, SETTINGS)
    choice, winner = describe_choice(selection, world, True, SETTINGS), selection.winner
    assert not isinstance(choice.wins_share, NotComputed)
    assert sum(win.share for win in choice.wins) == pytest.approx(1)
    assert choice.wins_share == sum(win.share for win in choice.wins if win.candidate == winner)
    assert all(not board.judged[win.candidate].trial.is_baseline for win in choice.wins)
    assert sum(win.share for win in choice.wins_with_baselines) == pytest.approx(1)


def test_every_candidate_says_where_it_stopped(board):
    found = select(board, lambda _: traced(None, 0.95), SETTINGS)
    candidates = describe_candidates(found, SETTINGS)
    assert len(candidates) == len(board.judged)
    assert sum(candidate.chosen for candidate in candidates) == 1
    assert all(bool(candidate.failed_check) != candidate.chosen for candidate in candidates)
    for candidate in candidates:
        assert sum(candidate.sizes) <= candidate.customers
        assert isinstance(candidate.score, Score) == (candidate.passed or candidate.gate == "G6")


def test_where_nothing_passes_the_gate_is_named_and_the_evidence_kept(world, judged):
    refused = tuple(one for one in judged if not one.passed and not one.trial.is_baseline)
    found = select(score_survivors(refused, world, True, SETTINGS), None, SETTINGS)
    farthest = max(entry.checks[-1].gate for entry in refused)
    assert found.winner is None
    assert found.why_none() == NotComputed("stopped_at_gate", farthest, str(len(refused)))
    assert found.farthest is not None
    assert found.farthest.checks[-1].gate == farthest
    numbers = compare_numbers(found, SETTINGS)
    assert not isinstance(numbers, NotComputed)
    assert numbers.chosen == found.why_none()
    assert numbers.sizes[0].k == 1


def test_the_chosen_one_is_measured_in_full(board):
    found = select(board, None, SETTINGS)
    chosen, before = found.chosen, board.judged[found.winner]
    assert isinstance(chosen.trial.silhouette, Silhouette)
    assert (chosen.trial.silhouette.draws, chosen.trial.silhouette.rows) == (0, 2_500)
    if before.trial.recipe.algorithm == "kmeans":
        assert chosen.stable.jaccards[0].resamples == SETTINGS.trials.chosen_resamples
        assert chosen.stable.starts.low > chosen.stable.ties.single.low - 1e-9
        assert [check.code for check in chosen.checks] == [check.code for check in before.checks]
        (check,) = (check for check in chosen.checks if check.code == "jaccard")
        assert check.value == chosen.stable.lowest


def test_kmeans_is_measured_on_everybody_where_that_is_feasible(world):
    settings = SETTINGS.model_copy(
        update={
            "segmentation": SETTINGS.segmentation.model_copy(update={"silhouette_exact": 1_000})
        }
    )
    exact = {
        trial.k: trial.silhouette
        for trial in try_candidates(world, True, SETTINGS)
        if trial.recipe.algorithm == "kmeans" and trial.family == "traits"
    }
    sampled = {
        trial.k: trial.silhouette
        for trial in try_candidates(world, True, settings)
        if trial.recipe.algorithm == "kmeans" and trial.family == "traits"
    }
    for k, value in exact.items():
        assert (value.rows, value.draws, value.interval) == (2_500, 0, None)
        assert sampled[k].draws == 2
        assert sampled[k].value == pytest.approx(value.value, abs=0.05)


def test_the_same_twice(world, judged):
    again = judge(try_candidates(world, True, SETTINGS), world, True, SETTINGS)
    assert [entry.checks for entry in again] == [entry.checks for entry in judged]
