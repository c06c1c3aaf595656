"""Labels of a sample carried on to everybody: the nearest centre, or the nearest neighbours.

Of the two, the one that finds the labels of held-out rows of the sample more often is taken. The
neighbours of a row do not depend on the labels, and are looked up once for all partitions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from threading import Lock

import numpy as np
import numpy.typing as npt

from analysis import kmeans
from analysis.customers import Floats, Ints
from analysis.findings import ExtensionKind

Labels = npt.NDArray[np.int32]

HELD_OUT = 0.2


@dataclass(frozen=True)
class Neighbours:
    """A sample of a matrix, and where everybody stands in it.

    Attributes:
        matrix: everybody, shape (rows, features).
        sample: row numbers of the sample, in random order.
        count: neighbours that vote.
    """

    matrix: Floats
    sample: Ints
    count: int
    _held_out: dict[int, Ints] = field(default_factory=dict)
    _places: dict[tuple[int, bytes], Ints] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def points(self, size: int) -> Floats:
        """Return the first rows of the sample."""
        chosen: Floats = np.ascontiguousarray(self.matrix[self.sample[:size]])
        return chosen

    def held_out(self, size: int) -> Ints:
        """Return the places of the neighbours of the first fifth of so many rows of the sample.

        They are looked up once, among the other four fifths.
        """
        with self._lock:
            if size not in self._held_out:
                points, cut = self.points(size), _held_out(size)
                self._held_out[size] = nearest(points[cut:], points[:cut], self.count) + cut
            return self._held_out[size]

    def places(self, size: int, matrix: Floats) -> Ints:
        """Return the places of the neighbours of some rows among the first rows of the sample.

        Partitions of one sample are asked for the same rows: they are looked up once.
        """
        key = (size, blake2b(np.ascontiguousarray(matrix).data).digest())
        with self._lock:
            if key not in self._places:
                self._places[key] = nearest(self.points(size), matrix, self.count)
            return self._places[key]


@dataclass(frozen=True)
class Extended:
    """The labels of everybody, how they were found, and how often that is right."""

    labels: Labels
    kind: ExtensionKind
    accuracy: float
    predict: Callable[[Floats], Labels]


def extend(neighbours: Neighbours, labels: Labels) -> Extended:
    """Carry the labels of the first rows of the sample on to everybody.

    Accuracy is the share of right labels among a fifth of these rows, held out.

    Args:
        neighbours: the sample, of which `labels` may label the first rows only.
        labels: 0, 1, ... or -1 for noise, shape (rows labelled,).
    """
    size, cut = len(labels), _held_out(len(labels))
    if (labels < 0).all():
        return _nobody(len(neighbours.matrix))
    points, held_out = neighbours.points(size), labels[:cut]
    by_vote = float((vote(labels, neighbours.held_out(size)) == held_out).mean())
    by_centre = _accuracy_of_centres(points, labels, cut)

    def by_neighbours(matrix: Floats) -> Labels:
        return vote(labels, neighbours.places(size, matrix))

    predict: Callable[[Floats], Labels] = by_neighbours
    if by_centre >= by_vote:
        predict = partial(kmeans.assign, centres=mean_of_each(points, labels))
    everybody = np.empty(len(neighbours.matrix), dtype=np.int32)
    if size < len(everybody):
        everybody = predict(neighbours.matrix)
    everybody[neighbours.sample[:size]] = labels
    kind: ExtensionKind = "nearest_centre" if by_centre >= by_vote else "neighbours"
    return Extended(everybody, kind, max(by_centre, by_vote), predict)


def _nobody(rows: int) -> Extended:
    """Return the labels that an algorithm makes which gives no row a segment."""

    def predict(matrix: Floats) -> Labels:
        return np.full(len(matrix), -1, dtype=np.int32)

    return Extended(np.full(rows, -1, dtype=np.int32), "neighbours", 1.0, predict)


def nearest(points: Floats, matrix: Floats, count: int) -> Ints:
    """Return the places of the nearest points of each row, shape (rows, at most `count`)."""
    from scipy.spatial import cKDTree

    most = min(count, len(points))
    places = cKDTree(points).query(matrix, k=most)[1]
    shaped: Ints = np.asarray(places, dtype=np.int64).reshape(len(matrix), most)
    return shaped


def vote(labels: Labels, places: Ints) -> Labels:
    """Return the label that most of the places have; on a tie the lowest, noise before all."""
    votes = labels[places] + 1
    kinds = int(votes.max(initial=0)) + 1
    cells = np.arange(len(places))[:, np.newaxis] * kinds + votes
    counts = np.bincount(cells.ravel(), minlength=len(places) * kinds).reshape(-1, kinds)
    winners: Labels = (counts.argmax(axis=1) - 1).astype(np.int32)
    return winners


def mean_of_each(matrix: Floats, labels: Labels) -> Floats:
    """Return the mean row of each label from 0 on, shape (labels, features); noise left out."""
    known = labels >= 0
    if not known.any():
        return np.empty((0, matrix.shape[1]))
    counts = np.bincount(labels[known])
    sums = [np.bincount(labels[known], column[known]) for column in matrix.T]
    centres: Floats = (np.array(sums) / np.maximum(counts, 1)).T
    return centres


def _accuracy_of_centres(points: Floats, labels: Labels, cut: int) -> float:
    """Return how often the nearest centre, of the rows after the cut, labels those before it."""
    names = np.unique(labels[cut:][labels[cut:] >= 0])
    if not len(names):
        return 0.0
    centres = np.array([points[cut:][labels[cut:] == name].mean(axis=0) for name in names])
    return float((names[kmeans.assign(points[:cut], centres)] == labels[:cut]).mean())


def _held_out(size: int) -> int:
    """Return how many labelled rows are kept to check the extension with."""
    return max(1, round(HELD_OUT * size))
