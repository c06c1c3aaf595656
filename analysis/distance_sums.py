"""The sum of the distances from each point to each cluster, for many partitions at once.

Distances do not depend on the partitions: each pair of points is measured once, for both sides and
for all clusters. Points that are ordered so that a tile of them belongs to few groups (a group has
the same label in every partition) cost few additions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats, Ints
from analysis.parallel import THREADS, in_threads

Array = npt.NDArray[Any]

# Two buffers of distances of this shape stay in a core's second cache.
TILE_ROWS, TILE_COLUMNS = 256, 512
# Up to here double precision costs nothing that anybody would notice.
DOUBLE_POINTS = 4_000


@dataclass(frozen=True)
class Labelled:
    """Points with a weight, and a label in each of several partitions.

    Attributes:
        matrix: shape (points, features), centred.
        weights: rows at each point.
        labels: shape (partitions, points): the cluster's place in its partition, -1 for noise.
        clusters: how many each partition has.
    """

    matrix: Floats
    weights: Floats
    labels: Ints
    clusters: tuple[int, ...]

    @property
    def kind(self) -> type:
        """Return the precision that their distances are measured in."""
        return np.float64 if len(self.weights) <= DOUBLE_POINTS else np.float32

    @property
    def columns(self) -> int:
        """Return the number of clusters of all partitions."""
        return sum(self.clusters)

    def taken(self, order: Ints) -> Labelled:
        """Return the points in another order."""
        return Labelled(
            self.matrix[order], self.weights[order], self.labels[:, order], self.clusters
        )


@dataclass(frozen=True)
class Tile:
    """Some points in order: their coordinates, and how their weights add up to clusters.

    Attributes:
        rows: where they stand.
        coordinates: shape (features, points of the tile).
        groups: shape (points of the tile, groups): the weight of each point, in its group's column.
        clusters: shape (groups, clusters of all partitions): 1 where a group belongs to a cluster.
    """

    rows: slice
    coordinates: Array
    groups: Array
    clusters: Floats


def sum_all_distances(points: Labelled) -> Floats:
    """Return the sums (points, clusters of all partitions), every pair of points measured."""
    rows, columns = (
        cut_tiles(points, cut_evenly(len(points.weights), size))
        for size in (TILE_ROWS, TILE_COLUMNS)
    )
    pairs = [(tile, other) for tile in rows for other in columns[tile.rows.start // TILE_COLUMNS :]]
    return sum_tile_distances(points, pairs)


def sum_tile_distances(points: Labelled, pairs: Sequence[tuple[Tile, Tile]]) -> Floats:
    """Return the sums (points, clusters of all partitions) over pairs of tiles, for both sides.

    Where the tiles of a pair overlap, the second holds the first: points before the first were
    measured with it from their own side.
    """
    shape = (len(points.weights), points.columns)

    def share(which: int) -> Floats:
        # The same shares whatever the threads, each summed in order: the same result.
        sums = np.zeros(shape)
        for tile, other in pairs[which::THREADS]:
            _add_distances(tile, other, sums)
        return sums

    shares = in_threads(share, range(THREADS))
    total: Floats = np.sum(shares, axis=0)
    return total


def cut_evenly(points: int, size: int) -> list[slice]:
    """Return slices of a size that cover the points."""
    return [slice(start, min(start + size, points)) for start in range(0, points, size)]


def cut_tiles(points: Labelled, slices: Iterable[slice]) -> list[Tile]:
    """Cut the points into tiles."""
    changes = (points.labels[:, 1:] != points.labels[:, :-1]).any(axis=0)
    group = np.concatenate(([0], np.cumsum(changes)))
    offsets = np.cumsum([0, *points.clusters])[:-1]
    tiles = []
    for rows in slices:
        firsts, place = np.unique(group[rows], return_index=True, return_inverse=True)[1:]
        groups: Array = np.zeros((len(place), len(firsts)), dtype=points.kind)
        groups[np.arange(len(place)), place] = points.weights[rows]
        of_group = points.labels[:, rows.start + firsts]
        member = np.zeros((len(firsts), points.columns))
        for labels, offset in zip(of_group, offsets, strict=True):
            known = np.flatnonzero(labels >= 0)
            member[known, offset + labels[known]] = 1
        coordinates: Array = np.ascontiguousarray(points.matrix[rows].T, dtype=points.kind)
        tiles.append(Tile(rows, coordinates, groups, member))
    return tiles


def measure_distances(first: Array, second: Array) -> Array:
    """Return Euclidean distances, from differences: near points lose no digits.

    Args:
        first: shape (features, points).
        second: shape (features, other points).
    """
    total: Array = np.subtract(first[0][:, np.newaxis], second[0])
    np.multiply(total, total, out=total)
    step = np.empty_like(total)
    for one, other in zip(first[1:], second[1:], strict=True):
        np.subtract(one[:, np.newaxis], other, out=step)
        np.multiply(step, step, out=step)
        np.add(total, step, out=total)
    np.sqrt(total, out=total)
    return total


def _add_distances(tile: Tile, other: Tile, sums: Floats) -> None:
    """Add the distances between two tiles to the sums of both, each pair of points once."""
    distances = measure_distances(tile.coordinates, other.coordinates)
    if other.rows.start <= tile.rows.start < other.rows.stop:
        # Where the tiles overlap, points before the row tile were measured from their own side.
        distances[:, : tile.rows.start - other.rows.start] = 0
        sums[tile.rows] += (distances @ other.groups) @ other.clusters
        distances[:, : tile.rows.stop - other.rows.start] = 0
    else:
        sums[tile.rows] += (distances @ other.groups) @ other.clusters
    sums[other.rows] += (distances.T @ tile.groups) @ tile.clusters
