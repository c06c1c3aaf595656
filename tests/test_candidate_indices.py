"""Gap and prediction strength of every candidate: beside those of K-Means, and where not told."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import two_by_two

from analysis.candidate_indices import EvenBoxes, index_candidates
from analysis.findings import NOT_REACHED, GateCheck, NotComputed
from analysis.gap import Gap, fill_boxes, gap_of_labels, gap_statistic
from analysis.gates import Judged
from analysis.resampling import PredictionStrength
from analysis.settings import check_settings
from analysis.trials import try_candidates

SETTINGS = check_settings(
    {
        "segmentation": {"k_min": 4, "k_max": 4, "starts": 4},
        "trials": {
            "sample": 400,
            "mixture_sample": 400,
            "spectral_sample": 200,
            "costly_rows": 400,
            "gap_references": 3,
            "index_customers": 1_200,
        },
    }
)


def test_the_gap_of_labels_by_hand():
    """Two pairs a step apart: W = 4 (1/2)^2 = 1, so its log is nought, and the gap the boxes'."""
    matrix = np.array([[0.0], [1.0], [9.0], [10.0]])
    found = gap_of_labels(matrix, np.array([0, 0, 1, 1]), np.array([1.0, 3.0]), 2)
    assert (found.gap, found.customers) == (2.0, 4)
    # Deviation of 1 and 3 is √2, times √(1 + 1/2).
    assert found.standard_error == pytest.approx(np.sqrt(3))


def test_customers_all_at_their_centre_have_no_logarithm():
    matrix = np.array([[0.0], [0.0], [1.0]])
    found = gap_of_labels(matrix, np.array([0, 0, 1]), np.array([1.0, 3.0]), 2)
    assert found == NotComputed("no_variation")


def test_the_gap_of_kmeans_labels_is_that_of_the_gap_statistic():
    matrix = np.random.default_rng(0).normal(size=(300, 2))
    wanted = {"references": 4, "starts": 5, "seed": 1}
    alone = gap_statistic(matrix, 2, sample=300, **wanted)
    boxes = fill_boxes(matrix, 2, **wanted)
    own = gap_of_labels(matrix, np.zeros(300, int), boxes[:, 0], 1)
    assert own.gap == pytest.approx(alone[0].gap)
    assert gap_statistic(matrix, 2, sample=300, boxes=boxes, **wanted) == alone


@pytest.fixture(scope="module")
def indexed():
    trials = try_candidates(two_by_two(1_200), True, SETTINGS)
    stable = GateCheck("jaccard", 0.9, 0.75, True, True, "G4")
    judged = tuple(
        Judged(trial, (stable,) if trial.recipe.algorithm in ("kmeans", "ward") else ())
        for trial in trials
    )
    return judged, index_candidates(judged, EvenBoxes(SETTINGS))


def test_every_candidate_that_labels_all_has_a_gap(indexed):
    for entry, found in zip(*indexed, strict=True):
        everybody = (entry.trial.partition.labels >= 0).all()
        if everybody and entry.trial.k <= 4:
            assert isinstance(found.gap, Gap)
        elif entry.trial.k > 4:
            assert found.gap == NOT_REACHED


def test_no_other_algorithm_leaves_less_within_four_than_kmeans(indexed):
    gaps = {
        (entry.trial.family, entry.trial.recipe.algorithm): found.gap.gap
        for entry, found in zip(*indexed, strict=True)
        if entry.trial.k == 4 and isinstance(found.gap, Gap)
    }
    for (family, _), gap in gaps.items():
        assert gap <= gaps[family, "kmeans"] + 0.01


def test_prediction_strength_is_of_those_that_met_stability(indexed):
    for entry, found in zip(*indexed, strict=True):
        reached = entry.trial.recipe.algorithm in ("kmeans", "ward")
        assert isinstance(found.strength, PredictionStrength) == reached
        if reached:
            assert 0 <= found.strength.mean <= 1
            assert found.strength.halvings == SETTINGS.trials.candidate_halvings
        else:
            assert found.strength == NOT_REACHED
