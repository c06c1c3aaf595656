"""The client's minimum, made testable: A1 orders, A2 satisfaction, A3 not one axis, A4 strength.

João asked that good and less good customers be told apart by orders and by satisfaction; methods,
section 1.6, says when they are. Each figure has a 95 % lower bound over resampled customers with
their labels fixed, and the bound must reach the threshold. Repeat buyers, whom A1 wants isolated,
are a segment of their own by rule, whatever the partition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import CustomerTable, Floats, Ints
from analysis.findings import GateCheck, NotComputed
from analysis.points import by_appearance
from analysis.settings import Settings

Array = npt.NDArray[Any]

# Equally filled classes of spend that the resamples tell apart: a bound moves by less than 0.01 of
# itself against whole customers, at a fiftieth of the cost. The figures themselves are exact.
SPEND_CLASSES = 120
LOWER = 0.05
A1 = ("spend_ratio", "spend_cliffs_delta")
A2 = ("star_gap", "low_review_gap", "review_cliffs_delta")
LATER = "later_"
A4 = ("eta_squared_spend", "eta_squared_review")


@dataclass(frozen=True)
class Cells:
    """Customers counted by segment, class of spend, review and low review; all draws at once.

    Attributes:
        amounts: median spend of each class, ascending.
        scores: mean review of each level, ascending.
        by_spend: customers, shape (draws, segments, classes of spend).
        by_review: customers, shape (draws, segments, levels of review).
        low: customers with a low review, shape (draws, segments).
    """

    amounts: Floats
    scores: Floats
    by_spend: Floats
    by_review: Floats
    low: Floats

    @property
    def sizes(self) -> Floats:
        """Return the customers of each segment: (draws, segments)."""
        sizes: Floats = self.by_spend.sum(axis=2)
        return sizes

    def median_spend(self) -> Floats:
        """Return the median spend of each segment, 0 where it is empty: (draws, segments)."""
        return _medians(self.by_spend, self.amounts)

    def median_of_all(self) -> Floats:
        """Return the median spend of everybody: (draws,)."""
        return _medians(self.by_spend.sum(axis=1), self.amounts)


# Codes, thresholds, and what measures the codes on cells, shape (draws, codes).
Measured = tuple[tuple[str, ...], tuple[float, ...], Callable[[Cells], Floats]]


@dataclass(frozen=True)
class _Customers:
    """Customers of a partition, noise left out: their labels, and where they stand.

    `spend` and `review` are places among the levels `amounts` and `scores`, ascending; `low` says
    whether a review was low.
    """

    labels: Ints
    amounts: Floats
    spend: Ints
    scores: Floats
    review: Ints
    low: Ints

    def count(self) -> Cells:
        """Count them as they are, every spend told apart."""
        return Cells(
            amounts=self.amounts,
            scores=self.scores,
            by_spend=self._count_by(self.spend, len(self.amounts)),
            by_review=self._count_by(self.review, len(self.scores)),
            low=self._count_by(self.low, 2)[:, :, 1],
        )

    def resample(self, draws: int, seed: int) -> Cells:
        """Count customers drawn again with replacement, `draws` times."""
        counts = np.bincount(self.spend, minlength=len(self.amounts))
        running = np.cumsum(counts)
        share = (running - counts / 2) / max(len(self.spend), 1)
        kinds, of_level = np.unique(np.floor(share * SPEND_CLASSES), return_inverse=True)
        sizes = np.bincount(of_level, counts, minlength=len(kinds))
        middle = np.searchsorted(running, np.cumsum(sizes) - sizes / 2)
        return self._draw_cells(self.amounts[middle], of_level[self.spend], draws, seed)

    def _count_by(self, place: Ints, places: int) -> Floats:
        """Count by segment and place, as one draw: (1, segments, places)."""
        shape = (1, self._segments, places)
        found = np.bincount(self.labels * places + place, minlength=shape[1] * places)
        counts: Floats = found.astype(np.float64).reshape(shape)
        return counts

    @property
    def _segments(self) -> int:
        return int(self.labels.max(initial=-1)) + 1

    def _draw_cells(self, amounts: Floats, place: Ints, draws: int, seed: int) -> Cells:
        """Count by segment, class and level in multinomial draws of the cells.

        First the cells are drawn as if there were no segments, the same for every partition of
        these customers; then those that several segments share are parted.
        """
        shape = (len(amounts), len(self.scores), 2)
        cells = int(np.prod(shape))
        cell = np.ravel_multi_index((place, self.review, self.low), shape)
        counted = np.bincount(self.labels * cells + cell, minlength=self._segments * cells)
        counts = counted.reshape(self._segments, cells)
        used = np.flatnonzero(counts.any(axis=0))
        counts = counts[:, used]
        segment, column = np.nonzero(counts)
        weights = _drawn(counts.sum(axis=0).tobytes(), draws, seed)[:, column]
        rng = np.random.default_rng((seed, draws))
        for shared in np.flatnonzero((counts > 0).sum(axis=0) > 1):
            mine = np.flatnonzero(column == shared)
            parts = counts[segment[mine], shared]
            weights[:, mine] = rng.multinomial(weights[:, mine[0]], parts / parts.sum())
        spend, review, low = np.unravel_index(used[column], shape)
        return Cells(
            amounts=amounts,
            scores=self.scores,
            by_spend=_added(weights, segment, spend, (self._segments, len(amounts))),
            by_review=_added(weights, segment, review, (self._segments, len(self.scores))),
            low=_added(weights, segment, low, (self._segments, 2))[:, :, 1],
        )


@lru_cache(maxsize=4)
def _drawn(counts: bytes, draws: int, seed: int) -> Array:
    """Return multinomial draws of cells: (draws, cells), each of as many as are counted."""
    counted = np.frombuffer(counts, dtype=np.int64)
    found: Array = np.random.default_rng(seed).multinomial(
        counted.sum(), counted / counted.sum(), size=draws
    )
    found.flags.writeable = False
    return found


def _customers(table: CustomerTable, codes: Ints, labels: Array, has_reviews: bool) -> _Customers:
    """Return what the minimum looks at, of the customers with a segment."""
    known = labels >= 0
    if has_reviews:
        # Who has no review says nothing of satisfaction.
        known = known & ~np.isnan(table.review[codes])
    codes, labels = codes[known], labels[known]
    spend, review = table.spend_levels, table.review_levels
    return _Customers(
        labels=by_appearance(labels).astype(np.int64),
        amounts=spend.values,
        spend=spend.place[codes],
        scores=np.nan_to_num(review.values) if has_reviews else np.zeros(1),
        review=review.place[codes] if has_reviews else np.zeros(len(codes), dtype=np.int64),
        low=table.low_review[codes].astype(np.int64),
    )


def check_minimum(
    table: CustomerTable,
    codes: Ints,
    labels: Array,
    has_reviews: bool,
    settings: Settings,
    *,
    draws: int,
) -> list[GateCheck]:
    """Return A1 to A4 of a partition, in order; those on satisfaction only where it is known.

    `draws` are how often the customers are drawn again for the bounds; 0 for none.
    """
    return _checks(_customers(table, codes, labels, has_reviews), has_reviews, settings, "", draws)


def check_later(
    table: CustomerTable, codes: Ints, labels: Array, has_reviews: bool, settings: Settings
) -> list[GateCheck]:
    """Return A1 and A2 on customers who came after the fit (A5), their codes begin with later_."""
    draws = settings.trials.bootstraps
    later = _customers(table, codes, labels, has_reviews)
    return _checks(later, has_reviews, settings, LATER, draws)


def _checks(
    customers: _Customers, has_reviews: bool, settings: Settings, prefix: str, draws: int
) -> list[GateCheck]:
    """Measure, and resample what passes: a bound lies below the figure it belongs to."""
    cells = customers.count()
    measures = _measures(cells, has_reviews, settings, prefix)
    values = [measure(cells)[0] for _, _, measure in measures]
    passes = all(
        (value >= np.array(limits)).all()
        for value, (_, limits, _) in zip(values, measures, strict=True)
    )
    drawn = customers.resample(draws, settings.seed) if passes and draws else None
    checks = []
    for value, (codes, limits, measure) in zip(values, measures, strict=True):
        lows = None if drawn is None else np.quantile(measure(drawn), LOWER, axis=0)
        for place, (code, limit) in enumerate(zip(codes, limits, strict=True)):
            figure = float(value[place])
            low = None if lows is None else min(figure, float(lows[place]))
            checks.append(
                GateCheck(
                    code=prefix + code,
                    value=figure,
                    threshold=float(limit),
                    at_least=True,
                    passed=(figure if low is None else low) >= limit,
                    gate="G2",
                    lower_bound=NotComputed("not_reached") if low is None else low,
                )
            )
    return checks


def _measures(cells: Cells, has_reviews: bool, settings: Settings, prefix: str) -> list[Measured]:
    """Return A1 and A2, and, of everybody, A3 and A4."""
    wanted = settings.segmentation
    sizes = cells.sizes[0]
    counted = np.flatnonzero((sizes >= wanted.counted_share * sizes.sum()) & (sizes > 0)).tolist()
    a1 = (wanted.spend_ratio, wanted.cliff_delta)
    pairs = list(permutations(counted, 2))
    spends = _spend_gaps(cells, pairs)
    measures: list[Measured] = [(A1, a1, _best_pair(pairs, spends, _spend_gap, a1))]
    if has_reviews:
        a2 = (wanted.star_gap, wanted.low_review_gap, wanted.cliff_delta)
        reviews = [_review_gap(cells, *pair)[0] for pair in pairs]
        measures.append((A2, a2, _best_pair(pairs, reviews, _review_gap, a2)))
    if prefix:
        return measures
    if has_reviews:
        measures.append((("cells",), (float(wanted.cells),), _occupied(cells, settings)))
    kinds = A4 if has_reviews else A4[:1]
    limits = (wanted.eta_squared,) * len(kinds)
    measures.append((kinds, limits, lambda some: _strength(some)[:, : len(kinds)]))
    return measures


def _best_pair(
    pairs: Sequence[tuple[int, int]],
    gaps: Sequence[Floats],
    gap: Callable[[Cells, int, int], Floats],
    limits: tuple[float, ...],
) -> Callable[[Cells], Floats]:
    """Return the measure of the pair that meets most limits, then has the largest first figure.

    `gaps` are those of the pairs among all customers.
    """
    if not pairs:
        return lambda some: np.zeros((len(some.low), len(limits)))
    (high, low), _ = max(
        zip(pairs, gaps, strict=True),
        key=lambda entry: (bool((entry[1] >= limits).all()), float(entry[1][0])),
    )
    return lambda some: gap(some, high, low)


def _spend_gap(cells: Cells, rich: int, poor: int) -> Floats:
    """Return the ratio of the median spends and Cliff's delta: (draws, 2)."""
    pair = cells.by_spend[:, [rich, poor]]
    top, bottom = _medians(pair, cells.amounts).T
    ratio = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return np.column_stack([ratio, _delta(pair[:, 0], pair[:, 1])])


def _spend_gaps(cells: Cells, pairs: Sequence[tuple[int, int]]) -> list[Floats]:
    """Return what _spend_gap gives of each pair, among all: every segment is counted once."""
    medians, counts = cells.median_spend()[0], cells.by_spend[0]
    below = np.cumsum(counts, axis=1)
    beaten = counts @ (2 * below - counts - below[:, -1:]).T
    sizes = counts.sum(axis=1)
    return [
        np.array(
            [
                medians[rich] / medians[poor] if medians[poor] > 0 else 0.0,
                beaten[rich, poor] / max(sizes[rich] * sizes[poor], 1),
            ]
        )
        for rich, poor in pairs
    ]


def _review_gap(cells: Cells, pleased: int, upset: int) -> Floats:
    """Return the stars between two segments, the low reviews, and Cliff's delta: (draws, 3)."""
    pair = cells.by_review[:, [pleased, upset]]
    sizes = np.maximum(pair.sum(axis=2), 1)
    stars = (pair @ cells.scores) / sizes
    low = cells.low[:, [pleased, upset]] / sizes
    return np.column_stack(
        [stars[:, 0] - stars[:, 1], low[:, 1] - low[:, 0], _delta(pair[:, 0], pair[:, 1])]
    )


def _delta(first: Floats, second: Floats) -> Floats:
    """Return Cliff's delta of counts by ascending level: (draws,)."""
    below = np.cumsum(second, axis=1)
    lower, higher = below - second, below[:, -1:] - below
    sizes = np.maximum(first.sum(axis=1) * second.sum(axis=1), 1)
    deltas: Floats = (first * (lower - higher)).sum(axis=1) / sizes
    return deltas


def _occupied(cells: Cells, settings: Settings) -> Callable[[Cells], Floats]:
    """A3: how many distinct (spend level, satisfaction level) the segments occupy."""
    wanted = settings.segmentation
    sizes = cells.sizes[0]
    counted = np.flatnonzero(sizes >= wanted.smallest_share * sizes.sum())

    def measure(some: Cells) -> Floats:
        sizes = some.sizes
        everybody = some.median_of_all()[:, np.newaxis]
        shares = (some.low / np.maximum(sizes, 1))[:, counted]
        share = (some.low.sum(axis=1) / sizes.sum(axis=1))[:, np.newaxis]
        ratio, margin = wanted.level_ratio, wanted.low_review_margin
        spend = _levels(some.median_spend()[:, counted], everybody / ratio, everybody * ratio)
        kinds = np.sort(3 * spend + _levels(shares, share - margin, share + margin), axis=1)
        distinct = 1 + (np.diff(kinds, axis=1) > 0).sum(axis=1)
        counted_kinds: Floats = distinct[:, np.newaxis].astype(np.float64)
        return counted_kinds

    return measure


def _levels(values: Floats, low: Floats, high: Floats) -> Ints:
    """Return 0 below the lower bound, 2 above the higher one, 1 between."""
    levels: Ints = 1 + (values > high).astype(np.int64) - (values < low).astype(np.int64)
    return levels


def _strength(cells: Cells) -> Floats:
    """A4: the share of the variance of log spend, and of reviews, between segments: (draws, 2)."""
    return np.column_stack(
        [
            _explained(cells.by_spend, np.log1p(cells.amounts)),
            _explained(cells.by_review, cells.scores),
        ]
    )


def _explained(counts: Floats, values: Floats) -> Floats:
    """Return eta squared of a value counted by (draws, segments, levels); 0 if it is constant."""
    sizes = counts.sum(axis=2)
    total = sizes.sum(axis=1)
    sums, squares = counts @ values, (counts @ values**2).sum(axis=1)
    middle = sums.sum(axis=1) ** 2 / total
    between = (sums**2 / np.maximum(sizes, 1)).sum(axis=1) - middle
    whole = squares - middle
    shares: Floats = np.divide(
        between, whole, out=np.zeros_like(whole), where=whole > 1e-9 * squares
    )
    return shares


def _medians(counts: Floats, amounts: Floats) -> Floats:
    """Return the median of amounts counted along the last axis (mean of the two middle ones)."""
    running = counts.cumsum(axis=-1)
    total = running[..., -1:]
    below = amounts[(running >= np.floor((total + 1) / 2)).argmax(axis=-1)]
    above = amounts[(running >= np.floor(total / 2) + 1).argmax(axis=-1)]
    medians: Floats = np.where(total[..., 0] > 0, (below + above) / 2, 0.0)
    return medians


def _added(weights: Array, segment: Ints, place: Ints, shape: tuple[int, int]) -> Floats:
    """Add the cells by segment and place: (draws, segments, places)."""
    from scipy.sparse import csr_array

    cells = np.arange(len(segment))
    column = segment * shape[1] + place
    ones = np.ones(len(cells))
    to_places = csr_array((ones, (column, cells)), shape=(shape[0] * shape[1], len(cells)))
    totals = np.asarray(to_places @ weights.T.astype(np.float64)).T
    shaped: Floats = np.ascontiguousarray(totals).reshape(len(weights), *shape)
    return shaped
