"""Sums of distances to clusters in little more than linear time: near pairs measured, far ones not.

Points are put into boxes, boxes into larger ones (a k-d tree). Between two boxes that lie apart a
distance is a smooth function of both points: it is measured between a few nodes of each box, and
carried to the points by polynomials through the nodes (Fong & Darve 2009, "The black-box fast
multipole method", J. Comput. Phys. 228). Between boxes that touch every pair of points is measured.
With the constants below the sums are those of all pairs to about 1e-8 (tests/test_silhouette.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.customers import Flags, Floats, Ints
from analysis.distance_sums import (
    Labelled,
    Tile,
    cut_tiles,
    measure_distances,
    sum_tile_distances,
)
from analysis.parallel import in_threads

# Nodes a feature of a box, and how far apart boxes must lie, in half-widths of the larger one: the
# error falls as (APART + 1 + √((APART + 1)² - 1)) to the power of -NODES.
NODES, APART = 9, 1.25
# Boxes of so many points are not cut further.
LEAF = 300
# A column of at most so many values parts the points, and is no side of a box.
LEVELS = 20
# Nodes multiply by the sides of a box: with more than these, all pairs are cheaper.
MOST_SIDES = 2
NOBODY = -1


@dataclass(frozen=True)
class _Box:
    """Points of a slice, and where they lie.

    Attributes:
        rows: where they stand in the order of the tree.
        middle: of the sides, shape (features,).
        half: half of each side, shape (features,).
        nodes: shape (features, nodes).
        children: places of the two halves in the tree; none of a leaf.
    """

    rows: slice
    middle: Floats
    half: Floats
    nodes: Floats
    children: tuple[int, ...]


def is_worth_a_tree(matrix: Floats, least: int) -> bool:
    """Whether there are at least so many points, and few enough columns of many values."""
    return len(matrix) >= least and int((~_stepped(matrix)).sum()) <= MOST_SIDES


def sum_distances_by_tree(points: Labelled) -> Floats:
    """Return the sums of distances (points, clusters of all partitions)."""
    order, boxes, roots = _grow(points.matrix)
    ordered = points.taken(order)
    near, far = _pair_up(boxes, roots)
    leaves = [place for place, box in enumerate(boxes) if not box.children]
    tiles = dict(
        zip(leaves, cut_tiles(ordered, [boxes[leaf].rows for leaf in leaves]), strict=True)
    )
    sums = sum_tile_distances(ordered, [(tiles[one], tiles[other]) for one, other in near])
    sums += _sum_far(ordered, boxes, tiles, far)
    placed = np.empty_like(sums)
    placed[order] = sums
    return placed


def _stepped(matrix: Floats) -> Flags:
    """Return which columns take few values."""
    few = [len(np.unique(column[:1_000])) <= LEVELS for column in matrix.T]
    return np.array(
        [
            may and len(np.unique(column)) <= LEVELS
            for may, column in zip(few, matrix.T, strict=True)
        ]
    )


def _grow(matrix: Floats) -> tuple[Ints, list[_Box], list[int]]:
    """Return the points in the order of the tree, its boxes (parents first), and the roots."""
    steps = matrix[:, _stepped(matrix)]
    order = np.arange(len(matrix))
    strata = [order]
    if steps.shape[1]:
        order = np.lexsort(steps.T)
        changes = (steps[order][1:] != steps[order][:-1]).any(axis=1)
        strata = np.split(order, np.flatnonzero(changes) + 1)
    boxes: list[_Box] = []
    roots, kept, start = [], [], 0
    for rows in strata:
        roots.append(len(boxes))
        kept.append(_cut(matrix, rows, start, boxes))
        start += len(rows)
    return np.concatenate(kept), boxes, roots


def _cut(matrix: Floats, rows: Ints, start: int, boxes: list[_Box]) -> Ints:
    """Append the box of the rows, and those of its halves; return the rows in the tree's order."""
    place = len(boxes)
    part = matrix[rows]
    low, high = part.min(axis=0), part.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    where = slice(start, start + len(rows))
    boxes.append(_Box(where, middle, half, _spread_nodes(middle, half), ()))
    if len(rows) <= LEAF or not half.any():
        return np.sort(rows)
    side = int(half.argmax())
    # Points at one place stay in the order that they had: nothing hangs on the sort.
    halves = np.array_split(rows[part[:, side].argsort(kind="stable")], 2)
    ordered, children = [], []
    for some in halves:
        children.append(len(boxes))
        ordered.append(_cut(matrix, some, start, boxes))
        start += len(some)
    boxes[place] = _Box(where, middle, half, boxes[place].nodes, tuple(children))
    return np.concatenate(ordered)


def _chebyshev_nodes() -> Floats:
    nodes: Floats = np.cos((2 * np.arange(NODES) + 1) * np.pi / (2 * NODES))
    return nodes


def _spread_nodes(middle: Floats, half: Floats) -> Floats:
    """Return the nodes of a box (features, nodes): one where a side has no length."""
    sides = [
        centre + width * _chebyshev_nodes() if width > 0 else np.array([centre])
        for centre, width in zip(middle, half, strict=True)
    ]
    return np.stack([axis.ravel() for axis in np.meshgrid(*sides, indexing="ij")])


def _interpolate(box: _Box, places: Floats) -> Floats:
    """Return what each node gives to a value at each place: shape (places, nodes).

    Lagrange's polynomials through the nodes of each side, multiplied. `places` has the shape
    (features, places).
    """
    from numpy.polynomial.chebyshev import chebvander

    found = np.ones((places.shape[1], 1))
    at_nodes = chebvander(_chebyshev_nodes(), NODES - 1)
    at_nodes[:, 0] /= 2
    for coordinate, centre, width in zip(places, box.middle, box.half, strict=True):
        if width > 0:
            side = chebvander((coordinate - centre) / width, NODES - 1) @ at_nodes.T * (2 / NODES)
            found = (found[:, :, np.newaxis] * side[:, np.newaxis]).reshape(len(found), -1)
    return found


Pairs = list[tuple[int, int]]


def _pair_up(boxes: Sequence[_Box], roots: Sequence[int]) -> tuple[Pairs, Pairs]:
    """Return the pairs of leaves that lie near, and those of boxes that lie apart, each once."""
    middle, half = (np.array([getattr(box, name) for box in boxes]) for name in ("middle", "half"))
    widest = half.max(axis=1)
    size = np.array([box.rows.stop - box.rows.start for box in boxes])
    nodes = np.array([box.nodes.shape[1] for box in boxes])
    children = np.array([box.children or (NOBODY, NOBODY) for box in boxes])
    leaf = children[:, 0] == NOBODY
    first, second = (np.array(roots)[side] for side in np.triu_indices(len(roots)))
    near, far = [], []
    while len(first):
        gap = np.maximum(np.abs(middle[first] - middle[second]) - half[first] - half[second], 0)
        reach = APART * np.maximum(widest[first], widest[second])
        apart = (gap**2).sum(axis=1) >= reach**2
        # Fewer points than nodes are cheaper measured.
        apart &= size[first] * size[second] >= nodes[first] * nodes[second]
        ended = ~apart & leaf[first] & leaf[second]
        far.append(np.column_stack([first, second])[apart])
        near.append(np.column_stack([first, second])[ended])
        first, second = _split(first[~apart & ~ended], second[~apart & ~ended], children, widest)
    return _as_pairs(near), _as_pairs(far)


def _as_pairs(found: Sequence[Ints]) -> Pairs:
    return [(one, other) for one, other in np.concatenate(found).tolist()]


def _split(first: Ints, second: Ints, children: Ints, widest: Floats) -> tuple[Ints, Ints]:
    """Replace each pair by those with the halves of its larger box; a box with itself by three."""
    same = first == second
    left, right = children[first[same]].T
    ones, others = first[~same], second[~same]
    # A leaf cannot be cut: then the other one is.
    swap = (children[ones, 0] == NOBODY) | (
        (widest[others] > widest[ones]) & (children[others, 0] != NOBODY)
    )
    cut, kept = np.where(swap, others, ones), np.where(swap, ones, others)
    halves = children[cut]
    return (
        np.concatenate([left, left, right, halves[:, 0], halves[:, 1]]),
        np.concatenate([left, right, right, kept, kept]),
    )


def _sum_far(points: Labelled, boxes: Sequence[_Box], tiles: dict[int, Tile], far: Pairs) -> Floats:
    """Return the sums over the pairs of boxes that lie apart."""
    charges = _gather(points, boxes, tiles)
    partners: list[list[int]] = [[] for _ in boxes]
    for one, other in far:
        partners[one].append(other)
        if one != other:
            partners[other].append(one)

    def receive(place: int) -> Floats | None:
        sources = partners[place]
        if not sources:
            return None
        nodes = np.hstack([boxes[source].nodes for source in sources])
        distances = measure_distances(boxes[place].nodes, nodes)
        received: Floats = distances @ np.vstack([charges[source] for source in sources])
        return received

    return _hand_down(points, boxes, in_threads(receive, range(len(boxes))))


def _gather(points: Labelled, boxes: Sequence[_Box], tiles: dict[int, Tile]) -> list[Floats]:
    """Return the weight of each cluster at the nodes of each box: shape (nodes, clusters)."""
    charges: list[Floats] = [np.empty(0)] * len(boxes)
    for place in reversed(range(len(boxes))):
        box = boxes[place]
        if not box.children:
            tile = tiles[place]
            part = _interpolate(box, points.matrix[box.rows].T)
            charges[place] = (part.T @ tile.groups) @ tile.clusters
        else:
            charges[place] = np.sum(
                [
                    _interpolate(box, boxes[child].nodes).T @ charges[child]
                    for child in box.children
                ],
                axis=0,
            )
    return charges


def _hand_down(
    points: Labelled, boxes: Sequence[_Box], received: Sequence[Floats | None]
) -> Floats:
    """Carry what the nodes received to the points: shape (points, clusters)."""
    sums = np.zeros((len(points.weights), points.columns))
    known = list(received)
    for place, box in enumerate(boxes):
        mine = known[place]
        if mine is None:
            continue
        if not box.children:
            sums[box.rows] = _interpolate(box, points.matrix[box.rows].T) @ mine
        for child in box.children:
            below, part = known[child], _interpolate(box, boxes[child].nodes) @ mine
            known[child] = part if below is None else below + part
    return sums
