"""The client's minimum: figures worked out by hand, controls that must fail, bounds that hold."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from worlds import make_table, two_by_two

from analysis import minimum
from analysis.findings import NotComputed
from analysis.measures import cliffs_delta, eta_squared
from analysis.minimum import check_later, check_minimum
from analysis.settings import check_settings

SETTINGS = check_settings({"trials": {"bootstraps": 100}})


def checks_of(table, labels, has_reviews=True, draws=0):
    codes = np.arange(len(table.spend))
    found = check_minimum(
        table, codes, np.asarray(labels, np.int32), has_reviews, SETTINGS, draws=draws
    )
    return {check.code: check for check in found}


def planted(world):
    """The four cells that the world was made of, as far as spend and stars show them."""
    rich = np.log(world.spend) > (5.6 + 4.2) / 2
    return (2 * rich + (world.review > 3)).astype(np.int32)


def test_figures_are_those_worked_out_by_hand():
    """Two groups of three: medians 20 and 60, stars 5 and 1; the last with a tie at 60."""
    table = make_table([10, 20, 30, 50, 60, 60], [5, 5, 5, 1, 1, 1])
    found = checks_of(table, [0, 0, 0, 1, 1, 1])
    assert found["spend_ratio"].value == pytest.approx(3.0)
    assert found["spend_cliffs_delta"].value == 1.0
    assert found["star_gap"].value == 4.0
    assert found["low_review_gap"].value == 1.0
    assert found["cells"].value == 2
    assert found["eta_squared_review"].value == pytest.approx(1.0)
    assert not found["cells"].passed


def test_figures_are_exact_whatever_the_classes_of_the_resamples():
    world = two_by_two(3_000)
    labels = planted(world)
    found = checks_of(world, labels)
    assert found["eta_squared_spend"].value == pytest.approx(
        eta_squared(np.log1p(world.spend), labels), abs=1e-12
    )
    groups = [world.spend[labels == place] for place in range(4)]
    medians = [np.median(group) for group in groups]
    assert found["spend_ratio"].value == pytest.approx(max(medians) / min(medians))
    assert found["spend_cliffs_delta"].value == pytest.approx(
        cliffs_delta(groups[int(np.argmax(medians))], groups[int(np.argmin(medians))])
    )


def test_every_pair_at_once_gives_what_each_pair_gives():
    world = two_by_two(900)
    labels = np.random.default_rng(0).integers(0, 4, 900)
    cells = minimum._customers(world, np.arange(900), labels, True).count()
    pairs = list(permutations(range(4), 2))
    for pair, found in zip(pairs, minimum._spend_gaps(cells, pairs), strict=True):
        assert found == pytest.approx(minimum._spend_gap(cells, *pair)[0], abs=1e-12)


def test_a_planted_two_by_two_passes_with_its_bounds():
    world = two_by_two(3_000)
    found = checks_of(world, planted(world), draws=100)
    assert all(check.passed for check in found.values())
    for check in found.values():
        assert not isinstance(check.lower_bound, NotComputed)
        assert check.threshold <= check.lower_bound <= check.value


def test_bounds_agree_with_whole_customers_drawn_again():
    world = two_by_two(3_000)
    labels = planted(world)
    found = checks_of(world, labels, draws=400)["eta_squared_spend"]
    rng = np.random.default_rng(1)
    drawn = [
        eta_squared(np.log1p(world.spend[rows]), labels[rows])
        for rows in rng.integers(0, len(labels), (400, len(labels)))
    ]
    assert found.lower_bound == pytest.approx(np.quantile(drawn, 0.05), abs=0.004)


def test_a_figure_that_passes_only_by_luck_is_refused_by_its_bound():
    """Medians 100 and 205 among forty customers: the ratio is above two, its bound is not."""
    rng = np.random.default_rng(2)
    spend = np.concatenate([rng.normal(100, 40, 20).clip(1), rng.normal(205, 80, 20).clip(1)])
    spend[:20] *= 100 / np.median(spend[:20])
    spend[20:] *= 205 / np.median(spend[20:])
    stars = np.concatenate([np.full(20, 5.0), np.full(10, 1.0), np.full(10, 5.0)])
    labels = np.concatenate([np.zeros(20), np.ones(10), np.full(10, 2)])
    spend[20:30] *= 205 / np.median(spend[20:30])
    spend[30:] *= 205 / np.median(spend[30:])
    found = checks_of(make_table(spend, stars), labels, draws=200)["spend_ratio"]
    assert found.value >= found.threshold > found.lower_bound
    assert not found.passed


def test_random_labels_fail_on_money_first():
    world = two_by_two(2_000)
    labels = np.random.default_rng(0).integers(0, 4, 2_000)
    found = checks_of(world, labels, draws=50)
    failed = [code for code, check in found.items() if not check.passed]
    assert failed[0] == "spend_ratio"
    assert {"star_gap", "eta_squared_spend", "eta_squared_review"} <= set(failed)
    assert isinstance(found["spend_ratio"].lower_bound, NotComputed)


def test_money_without_satisfaction_fails_on_stars():
    world = two_by_two(2_000)
    found = checks_of(world, world.spend > np.median(world.spend))
    assert found["spend_ratio"].passed
    assert found["star_gap"].value < found["star_gap"].threshold == 1.0


def test_labels_permuted_change_no_figure_and_no_bound():
    world = two_by_two(1_500)
    labels = planted(world)
    names = np.array([2, 0, 3, 1])
    first, second = checks_of(world, labels, draws=50), checks_of(world, names[labels], draws=50)
    for code, check in first.items():
        assert second[code].value == pytest.approx(check.value)
        assert second[code].passed == check.passed


def test_noise_counts_for_nothing():
    world = two_by_two(1_000)
    labels = planted(world)
    with_noise = np.where(np.arange(1_000) % 10 == 0, -1, labels)
    kept = with_noise >= 0
    part = make_table(world.spend[kept], world.review[kept])
    values = [checks_of(world, with_noise), checks_of(part, labels[kept])]
    assert values[0]["spend_ratio"].value == values[1]["spend_ratio"].value


def test_without_reviews_only_money_is_asked():
    world = two_by_two(1_000)
    assert list(checks_of(world, planted(world), has_reviews=False)) == [
        *("spend_ratio", "spend_cliffs_delta", "eta_squared_spend"),
    ]


def test_later_customers_are_asked_the_same_of_money_and_satisfaction():
    world = two_by_two(1_000)
    codes = np.arange(500)
    found = check_later(world, codes, planted(world)[:500], True, SETTINGS)
    assert [check.code for check in found] == [
        *("later_spend_ratio", "later_spend_cliffs_delta"),
        *("later_star_gap", "later_low_review_gap", "later_review_cliffs_delta"),
    ]
    assert all(check.passed for check in found)


def test_one_segment_or_one_amount_is_a_refusal_and_no_error():
    same = make_table(np.full(50, 80.0), np.full(50, 5.0))
    for labels in (np.zeros(50), np.arange(50) % 2):
        found = checks_of(same, labels)
        assert not found["spend_ratio"].passed
        assert found["eta_squared_spend"].value == 0.0
