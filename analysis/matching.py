"""Segments of this edition matched to those of the edition before, and named alike.

Labels are matched before anything is compared: two fits number their clusters as they please. The
one-to-one matching is the one that most customers agree with (Hungarian algorithm, Kuhn 1955).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from analysis import findings as f
from analysis.customers import ONE_TIME, CustomerTable, Floats, Ints
from analysis.editions import Edition, places_then
from analysis.features import raw_matrix
from analysis.orders import OrderFacts
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    SegmentIndex,
    assign_segments,
    customers_of,
    lacks_reviews,
)
from analysis.settings import Settings

Name = TypeVar("Name", str, int)


@dataclass(frozen=True)
class Matching:
    """Which earlier segment each present one is, and what it was decided by.

    `pairs` holds, a place of the present model, the place in the earlier edition, None for a new
    segment. `overlaps` is the Jaccard index of each pair on the customers looked at, NotComputed
    where profiles were compared. `frozen` is the segment that each customer code has today under
    the earlier model, None without one.
    """

    matched_by: f.MatchedBy
    names: tuple[str, ...]
    pairs: tuple[int | None, ...]
    overlaps: tuple[float | f.NotComputed, ...]
    customers: int
    frozen: SegmentIndex | None = None


def match_segments(
    edition: Edition,
    orders: OrderFacts,
    model: Model,
    segments: SegmentIndex,
    described: f.Segmentation,
    settings: Settings,
) -> Matching | f.NotComputed:
    """Match the segments of a model to those of an earlier edition.

    By the customers of today under both maps where the earlier model is there; else by the
    customers who have a segment in both editions, where their list is there; else by the profiles.
    """
    then = edition.findings.segmentation
    if isinstance(then, f.NotComputed):
        return f.NotComputed("no_earlier_segments")
    names = tuple(segment.segment_id for segment in then.segments)
    frozen = segments_today(edition.model, orders, model.as_of, settings)
    known = frozen if frozen is not None else places_then(edition, orders, names)
    both = (known != NO_SEGMENT) & (segments != NO_SEGMENT)
    if not both.any():
        pairs = match_profiles(then.segments, described.segments)
        unknown = tuple(f.NotComputed("no_rows") for _ in pairs)
        return Matching("profiles", names, pairs, unknown, 0)
    shape = len(names), len(model.segment_ids)
    cells = count_pairs(known[both], segments[both], shape)
    rules = _repeat_place(then), _repeat_place(described)
    pairs, overlaps = match_customers(cells, settings.editions.same_segment, rules)
    by: f.MatchedBy = "both_maps" if frozen is not None else "common_customers"
    return Matching(by, names, pairs, overlaps, int(both.sum()), frozen)


def segments_today(
    earlier: Model | None, orders: OrderFacts, as_of: int, settings: Settings
) -> SegmentIndex | None:
    """Return the segment of each customer code at a date under the earlier model, unchanged.

    None without a model, or where this extract does not hold what the model looks at.
    """
    if earlier is None:
        return None
    if lacks_reviews(orders, earlier):
        return None
    table = customers_of(earlier, orders, as_of, settings.customers)
    return assign_segments(table, earlier) if is_assignable(table, earlier) else None


def is_assignable(table: CustomerTable, model: Model) -> bool:
    """Say whether every feature of a model is known of every customer that it would place."""
    prepared = model.preparation
    raw = raw_matrix(table, table.members(ONE_TIME), prepared.features, prepared.transforms)
    return model.places_by_known or not bool(np.isnan(raw).any())


def count_pairs(first: SegmentIndex, second: SegmentIndex, shape: tuple[int, int]) -> Ints:
    """Count customers by (segment then, segment now)."""
    cells = np.zeros(shape, np.int64)
    np.add.at(cells, (first, second), 1)
    return cells


def _repeat_place(segmentation: f.Segmentation) -> int | None:
    """Return the place of the segment that a rule makes of repeat buyers, None without one."""
    kinds = [segment.kind for segment in segmentation.segments]
    return kinds.index("repeat_rule") if "repeat_rule" in kinds else None


def match_customers(
    cells: Ints, same_segment: float, by_rule: tuple[int | None, int | None] = (None, None)
) -> tuple[tuple[int | None, ...], tuple[float | f.NotComputed, ...]]:
    """Return the earlier place of each present segment, and the Jaccard index of the pair.

    |both| / |either|, 0 to 1, after the matching that maximises the customers in agreement. A pair
    below `same_segment` is none: a segment is dissolved at 0.5 (Hennig 2007). `by_rule` are the
    places of the segment that a rule makes, then and now: where both have one, it is the same.

    >>> match_customers(np.array([[0, 90], [80, 10], [4, 0]]), 0.5)
    ((1, 0), (0.851063829787234, 0.9))
    """
    from scipy.optimize import linear_sum_assignment

    worth = cells.astype(np.float64)
    if None not in by_rule:
        worth[by_rule] += 1 + cells.sum()
    rows, columns = linear_sum_assignment(worth, maximize=True)
    either = cells.sum(axis=1)[rows] + cells.sum(axis=0)[columns] - cells[rows, columns]
    shares = cells[rows, columns] / np.maximum(either, 1)
    pairs: list[int | None] = [None] * cells.shape[1]
    overlaps: list[float | f.NotComputed] = [f.NotComputed("no_rows")] * cells.shape[1]
    for row, column, share in zip(rows, columns, shares, strict=True):
        if share >= same_segment or (row, column) == by_rule:
            pairs[column], overlaps[column] = int(row), float(share)
    return tuple(pairs), tuple(overlaps)


def match_profiles(then: Sequence[f.Segment], now: Sequence[f.Segment]) -> tuple[int | None, ...]:
    """Return the earlier place of each present segment by spend and satisfaction alone.

    Distances are between (log of median spend, mean review), each in deviations of the earlier
    segments. A pair counts where the two are nearer than half the way from the earlier segment to
    its own nearest neighbour; the repeat buyers are matched by their rule.
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    pairs: list[int | None] = [None] * len(now)
    for kind in ("repeat_rule", "cluster"):
        before = [place for place, segment in enumerate(then) if segment.kind == kind]
        after = [place for place, segment in enumerate(now) if segment.kind == kind]
        if not before or not after:
            continue
        if kind == "repeat_rule":
            pairs[after[0]] = before[0]
            continue
        first = _positions([then[place] for place in before])
        second = _positions([now[place] for place in after])
        unit = np.where(first.std(axis=0) > 0, first.std(axis=0), 1.0)
        distances = cdist(first / unit, second / unit)
        apart = cdist(first / unit, first / unit) + np.diag(np.full(len(first), np.inf))
        for row, column in zip(*linear_sum_assignment(distances), strict=True):
            if distances[row, column] < apart[row].min() / 2:
                pairs[after[column]] = before[row]
    return tuple(pairs)


def _positions(segments: Sequence[f.Segment]) -> Floats:
    """Return (log of median spend, mean review) a segment; the review 0 where it is unknown."""
    return np.array(
        [
            (
                np.log1p(segment.profile.spend.median),
                0.0
                if isinstance(segment.profile.mean_review, f.NotComputed)
                else segment.profile.mean_review,
            )
            for segment in segments
        ]
    )


def name_alike(
    matching: Matching | f.NotComputed, then: f.Segmentation | f.NotComputed, now: f.Segmentation
) -> f.Segmentation:
    """Return the segmentation with the ids and the colours of the matched earlier segments.

    A new segment gets the next id and the next colour that nobody had. Personas are not touched:
    they claim what the profile holds today.
    """
    if isinstance(matching, f.NotComputed) or isinstance(then, f.NotComputed):
        return now
    count = len(now.segments)
    colours = {segment.segment_id: segment.colour for segment in then.segments}
    kept = [None if pair is None else matching.names[pair] for pair in matching.pairs]
    ids = _free([f"s{number}" for number in range(1, len(colours) + count + 1)], colours)
    free = _free(range(len(colours) + count), set(colours.values()))
    segments = tuple(
        replace(segment, segment_id=next(ids), colour=next(free))
        if name is None
        else replace(segment, segment_id=name, colour=colours[name])
        for segment, name in zip(now.segments, kept, strict=True)
    )
    return replace(
        now, segments=segments, rule_order=tuple(segment.segment_id for segment in segments)
    )


def _free(wanted: Iterable[Name], taken: Collection[Name]) -> Iterator[Name]:
    """Yield what nobody has taken, in order."""
    return (value for value in wanted if value not in taken)
