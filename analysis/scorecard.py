"""The scorecard: it orders the candidates that met the gates, and never excuses one that did not.

Five marks from 0 to 1, weighted as playbook.toml says (methods, 2.4). Of candidates closer than a
tie, the one with fewer segments goes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.customers import CustomerTable, Floats
from analysis.findings import NotComputed, Score
from analysis.gates import MOST_SEGMENTS, Judged
from analysis.profiles import name_persona, stage_places
from analysis.settings import Scorecard, Settings

CRITERIA = ("actions", "separation", "stability", "explainability", "fit")


@dataclass(frozen=True)
class Scored:
    """A candidate with its score, and how its silhouette compares with shuffled columns."""

    judged: Judged
    shuffled: float
    score: Score


def score(
    entries: Sequence[Judged],
    shuffled: Sequence[float],
    table: CustomerTable,
    has_reviews: bool,
    settings: Settings,
) -> list[Scored]:
    """Return the candidates with their scores, in the order given.

    Args:
        entries: candidates that met gates G1 to G5.
        shuffled: their mean silhouettes on shuffled columns.
        table: the customers.
        has_reviews: whether satisfaction is known.
        settings: the weights, and the rules that name a persona.
    """
    marks = np.array(
        [
            (
                distinct_actions(entry, table, has_reviews, settings) / MOST_SEGMENTS,
                _separation(entry),
                0.0 if isinstance(entry.stable, NotComputed) else entry.stable.lowest,
                _explainability(entry),
                _fit(entry, level, entries, settings),
            )
            for entry, level in zip(entries, shuffled, strict=True)
        ]
    ).reshape(len(entries), len(CRITERIA))
    points = 100 * marks @ weights_of(settings.scorecard)
    places = np.empty(len(entries), dtype=int)
    segments = [entry.trial.k for entry in entries]
    places[rank(points, segments, settings.scorecard.tie)] = np.arange(1, len(entries) + 1)
    return [
        Scored(
            entry,
            level,
            Score(
                **{name: float(mark) for name, mark in zip(CRITERIA, row, strict=True)},
                points=float(total),
                place=int(place),
            ),
        )
        for entry, level, row, total, place in zip(
            entries, shuffled, marks, points, places, strict=True
        )
    ]


def rank(points: Floats, segments: Sequence[int], tie: float) -> list[int]:
    """Return the places of the candidates, best first.

    Again and again: of those less than a tie below the highest left, the fewest segments; of
    those, the highest; then the order given.

    >>> rank(np.array([70.0, 72.0, 60.0]), [3, 5, 2], 5.0)
    [0, 1, 2]
    """
    left = list(range(len(points)))
    order: list[int] = []
    while left:
        highest = max(points[place] for place in left)
        close = [place for place in left if highest - points[place] < tie]
        close = close or [place for place in left if points[place] == highest]
        best = min(close, key=lambda place: (segments[place], -points[place], place))
        order.append(best)
        left.remove(best)
    return order


def winning_shares(scored: Sequence[Scored], settings: Settings) -> Floats:
    """Return the share of random weightings under which each comes first, in the order given.

    Dirichlet draws whose mean are the weights: each weight varies by about a third of itself. The
    tie counts in every draw.
    """
    wanted = settings.scorecard
    weights = weights_of(wanted)
    marks = np.array([[getattr(entry.score, name) for name in CRITERIA] for entry in scored])
    segments = [entry.judged.trial.k for entry in scored]
    rng = np.random.default_rng(settings.seed)
    used = np.flatnonzero(weights > 0)
    draws = np.zeros((wanted.draws, len(weights)))
    draws[:, used] = rng.dirichlet(weights[used] * wanted.concentration, size=wanted.draws)
    totals = 100 * draws @ marks.T
    first = [rank(total, segments, wanted.tie)[0] for total in totals]
    shares: Floats = np.bincount(first, minlength=len(scored)) / wanted.draws
    return shares


def weights_of(wanted: Scorecard) -> Floats:
    """Return the weights in the order of CRITERIA, adding up to 1."""
    weights = np.array([getattr(wanted, name) for name in CRITERIA])
    shares: Floats = weights / weights.sum()
    return shares


def distinct_actions(
    entry: Judged, table: CustomerTable, has_reviews: bool, settings: Settings
) -> int:
    """Return how many segments call for an action of their own, repeat buyers included.

    An action belongs to a persona and to the stage of the lifecycle that the segment's median
    customer is in: two segments that share both are treated alike.
    """
    trial = entry.trial
    stage = stage_places(table, settings.lifecycle)
    median = float(np.median(table.spend[trial.codes]))
    found = set()
    for label in range(trial.k):
        codes = trial.codes[trial.partition.labels == label]
        if not len(codes):
            continue
        satisfaction = None
        if has_reviews:
            low, mean = table.low_review[codes].mean(), table.review[codes].mean()
            satisfaction = (float(low), float(mean))
        ratio = float(np.median(table.spend[codes])) / median if median > 0 else 0.0
        persona = name_persona(ratio, satisfaction, settings.personas)
        found.add((persona, int(np.median(stage[codes]))))
    return len(found) + int((table.occasions >= 2).any())


def _separation(entry: Judged) -> float:
    """Return the mean share of the variance explained, of money and of reviews where known."""
    trial = entry.trial
    if isinstance(trial.eta_squared_review, NotComputed):
        return trial.eta_squared_spend
    return (trial.eta_squared_spend + trial.eta_squared_review) / 2


def _explainability(entry: Judged) -> float:
    """Return half the worst recall, half how few rules there are against the most allowed."""
    return (entry.worst_recall + max(0.0, 1 - entry.trial.k / (2 * MOST_SEGMENTS))) / 2


def _fit(entry: Judged, shuffled: float, entries: Sequence[Judged], settings: Settings) -> float:
    """Return half the silhouette beyond shuffled columns, half the rank by Davies-Bouldin."""
    trial = entry.trial
    seen = 0.0 if isinstance(trial.silhouette, NotComputed) else trial.silhouette.value
    beyond = (seen - shuffled) / max(settings.segmentation.structure_difference, 1e-9)
    peers = [other.trial for other in entries if other.trial.family == trial.family]
    own = trial.davies_bouldin
    better = sum(
        not isinstance(peer.davies_bouldin, NotComputed)
        and (isinstance(own, NotComputed) or peer.davies_bouldin < own)
        for peer in peers
    )
    return (float(np.clip(beyond, 0, 1)) + 1 - better / len(peers)) / 2
