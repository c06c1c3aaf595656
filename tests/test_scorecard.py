"""The scorecard orders by points, fewer segments on a tie; random weightings are counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from analysis.findings import Score
from analysis.scorecard import Scored, rank, weights_of, winning_shares
from analysis.settings import Scorecard, check_settings


def of(k):
    return SimpleNamespace(trial=SimpleNamespace(k=k))


@pytest.mark.parametrize(
    ("points", "segments", "order"),
    [
        ([70.0, 80.0, 60.0], [3, 3, 3], [1, 0, 2]),
        ([76.0, 80.0, 60.0], [3, 5, 4], [0, 1, 2]),
        ([75.0, 80.0, 60.0], [3, 5, 4], [1, 0, 2]),
        ([78.0, 80.0, 79.0], [4, 5, 4], [2, 0, 1]),
    ],
)
def test_fewer_segments_win_when_the_points_are_closer_than_a_tie(points, segments, order):
    assert rank(np.array(points), segments, 5.0) == order


def test_without_a_tie_only_points_count():
    assert rank(np.array([79.9, 80.0]), [3, 5], 0.0) == [1, 0]


def test_random_weightings_are_counted_for_everybody():
    """Equal marks: the fewest segments win every draw; a dominated one never does."""
    scored = [
        cast("Scored", SimpleNamespace(judged=of(k), score=Score(*marks, 0.0, 0)))
        for k, marks in ((4, (0.5,) * 5), (3, (0.5,) * 5), (2, (0.1,) * 5))
    ]
    assert winning_shares(scored, check_settings({})).tolist() == [0, 1, 0]


def test_weights_add_up_to_one_whatever_their_scale():
    weights = weights_of(Scorecard(actions=3, separation=1, stability=0, explainability=0, fit=0))
    assert weights.tolist() == [0.75, 0.25, 0, 0, 0]
