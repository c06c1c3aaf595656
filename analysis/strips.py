"""K-Means without a look at the rows, where all columns but one take few values: strips.

Rows that are equal in the other columns form a strip, sorted along the one that is left. Within a
strip the rows nearest to a centre lie side by side, the border of two centres is a number, and what
lies between two borders is a difference of running sums. An iteration costs a search a border,
however many rows there are; it gives the centres that Lloyd's algorithm gives, but for the last
digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.customers import Floats, Ints
from analysis.lloyd import ITERATIONS, Labels
from analysis.starts import CELLS, Cells

# One to five stars, and the means of two or three scores: more strips cost more than they save.
MOST_STRIPS = 40
# A column with more values than that among so many rows is not looked at further.
GLANCE = 500


@dataclass(frozen=True, eq=False)
class Strips:
    """Rows in strips, each sorted along one column.

    Attributes:
        columns: of the matrix, the one that the strips run along first.
        others: the values of the other columns, a row a strip.
        rows: the rows of the matrix, strip by strip.
        first: where each strip starts among them, and where the last ends.
        low: their least value along.
        keys: their values along from `low` on, a strip `apart` after the one before: ascending.
        apart: more than the range of the values along.
        running: weight, and weight times value along, of all rows before each place: (rows + 1, 2).
        squares: weighted sum of the squares of all columns.
    """

    columns: Ints
    others: Floats
    rows: Ints
    first: Ints
    low: float
    keys: Floats
    apart: float
    running: Floats
    squares: float

    def follow(self, centres: Floats, most: int = ITERATIONS) -> Floats:
        """Move the centres of several starts until none moves any more, or so many times.

        A centre that no row is nearest to stays.

        Args:
            centres: shape (starts, k, features).
            most: iterations.

        Returns:
            The centres at the end, likewise.
        """
        found = centres[:, :, self.columns]
        moving = np.arange(len(found))
        for _ in range(most):
            before = found[moving]
            moved = self._move(before)
            found[moving] = moved
            moving = moving[(moved != before).any(axis=(1, 2))]
            if not len(moving):
                break
        turned = np.empty_like(found)
        turned[:, :, self.columns] = found
        return turned

    def inertia(self, centres: Floats) -> Floats:
        """Return the sum of squared distances of each start; inf with a centre without rows."""
        turned = centres[:, :, self.columns]
        order, ends = self._ends(turned)
        weights, sums = self._totals(ends)
        turned = turned[_starts(order), order]
        squares = weights * (turned**2).sum(axis=2) - 2 * (turned * sums).sum(axis=2)
        found: Floats = np.where(weights.all(axis=1), self.squares + squares.sum(axis=1), np.inf)
        return found

    def labels(self, centres: Floats) -> Labels:
        """Return the nearest of the centres (k, features) of each row."""
        order, ends = self._ends(centres[np.newaxis][:, :, self.columns])
        lengths = np.diff(ends[0], axis=1).ravel()
        labels: Labels = np.empty(len(self.rows), dtype=np.int32)
        labels[self.rows] = np.repeat(np.tile(order[0].astype(np.int32), len(self.others)), lengths)
        return labels

    def cells(self) -> Cells:
        """Return the rows merged into small cells, half of one length, half of as many rows each.

        Lengths alone would leave the crowd of a skewed column in one cell, rows alone its tail.
        """
        steps = max(1, CELLS // 2 // len(self.others))
        length = (self.apart - 1) / 2 / steps
        borders = np.arange(1, steps) * length + self.apart * np.arange(len(self.others))[:, None]
        ends = np.searchsorted(self.keys, borders.ravel(), side="right")
        evenly = np.linspace(0, len(self.keys), CELLS // 2).astype(np.int64)
        bounds = np.unique(np.concatenate([self.first, ends, evenly]))
        weights, amounts = np.diff(self.running[bounds], axis=0).T
        used = weights > 0
        strip = np.searchsorted(self.first, bounds[:-1][used], side="right") - 1
        turned = np.column_stack([amounts[used] / weights[used], self.others[strip]])
        means = np.empty_like(turned)
        means[:, self.columns] = turned
        return Cells(means, weights[used])

    def _move(self, centres: Floats) -> Floats:
        """Return the means of the rows nearest to each centre, columns turned."""
        order, ends = self._ends(centres)
        weights, sums = self._totals(ends)
        moved = np.empty_like(centres)
        filled = weights[:, :, np.newaxis]
        if weights.all():
            moved[_starts(order), order] = sums / filled
            return moved
        stay = centres[_starts(order), order]
        moved[_starts(order), order] = np.divide(sums, filled, out=stay, where=filled > 0)
        return moved

    def _totals(self, ends: Ints) -> tuple[Floats, Floats]:
        """Return weight (starts, k) and sums (starts, k, features), in the order along, turned."""
        before = self.running[ends]
        parts = before[:, :, 1:] - before[:, :, :-1]
        totals = parts.sum(axis=1)
        rest = parts[:, :, :, 0].transpose(0, 2, 1) @ self.others
        return totals[:, :, 0], np.concatenate([totals[:, :, 1:], rest], axis=2)

    def _ends(self, centres: Floats) -> tuple[Ints, Ints]:
        """Return the order of the centres along, and where their rows end: (starts, strips, 1 + k).

        In that order each centre is the nearest up to the first of its borders with those after
        it, except where one before it is nearer still. On a border, a row is of the lower side.
        """
        order = centres[:, :, 0].argsort(axis=1, kind="stable")
        centres = centres[_starts(order), order]
        heights = (centres**2).sum(axis=2)[:, np.newaxis] - self.others @ (
            2 * centres[:, :, 1:].transpose(0, 2, 1)
        )
        lower, upper, new = _pairs(centres.shape[1])
        ends = np.empty((len(centres), len(self.others), 1 + centres.shape[1]), dtype=np.int64)
        ends[:, :, 0] = self.first[:-1]
        ends[:, :, -1] = self.first[1:]
        if len(new):
            along = centres[:, :, 0]
            run = 2 * (along[:, upper] - along[:, lower])[:, np.newaxis]
            rise = heights[:, :, upper] - heights[:, :, lower]
            if run.all():
                borders = rise / run
            else:
                borders = np.full(rise.shape, np.inf)
                # At one place along, one has the strip: the first of two that are equal.
                with np.errstate(divide="ignore"):
                    np.divide(rise, run, out=borders, where=(run > 0) | (rise != 0))
            borders = np.minimum.reduceat(borders, new, axis=2)
            wanted = (borders - self.low).clip(-self.apart / 4, 3 * self.apart / 4)
            wanted += self.apart * np.arange(len(self.others))[:, np.newaxis]
            ends[:, :, 1:-1] = np.searchsorted(self.keys, wanted, side="right")
            np.maximum.accumulate(ends[:, :, :-1], axis=2, out=ends[:, :, :-1])
        return order, ends


def find_strips(matrix: Floats, weights: Floats | None = None) -> Strips | None:
    """Return the rows in strips; None where two columns or more take many values.

    Args:
        matrix: shape (rows, features).
        weights: a row counts as so many equal ones.
    """
    laid = _lay(matrix)
    if laid is None:
        return None
    columns, strip, rows = laid
    line = matrix[:, columns[0]].copy()
    if rows is None:
        rows = np.arange(len(line))
    else:
        strip, line = strip[rows], line[rows]
    first = np.searchsorted(strip, np.arange(int(strip[-1]) + 2))
    others = matrix[rows[first[:-1]]][:, columns[1:]]
    weight = np.ones(len(rows)) if weights is None else weights[rows]
    running = np.zeros((len(rows) + 1, 2))
    np.cumsum(weight, out=running[1:, 0])
    np.cumsum(weight * line, out=running[1:, 1])
    by_strip = np.diff(running[first, 0])
    low = float(line.min())
    apart = 2 * (float(line.max()) - low) + 1
    return Strips(
        columns=columns,
        others=others,
        rows=rows,
        first=first,
        low=low,
        keys=line - low + apart * strip,
        apart=apart,
        running=running,
        squares=float(weight @ line**2 + by_strip @ (others**2).sum(axis=1)),
    )


def sort_rows(matrix: Floats) -> Floats:
    """Return the rows in the order of their strips: it need not be looked for again."""
    laid = _lay(matrix)
    return matrix if laid is None or laid[2] is None else matrix[laid[2]]


def _lay(matrix: Floats) -> tuple[Ints, Ints, Ints | None] | None:
    """Return the columns, the one along first, the strip of each row, and the rows in order.

    No rows where they are in order; None where there are no strips.
    """
    some = matrix[:: 1 + len(matrix) // GLANCE]
    glances = [len(np.unique(column)) for column in some.T]
    along = int(np.argmax(glances))
    rest = [place for place in range(len(glances)) if place != along]
    if any(glances[place] > MOST_STRIPS for place in rest):
        return None
    strip = _number_strips(matrix[:, rest].T.copy())
    if strip is None:
        return None
    return np.array([along, *rest]), strip, _sorted_rows(strip, matrix[:, along])


def _number_strips(columns: Floats) -> Ints | None:
    """Return the strip of each row by the values of the other columns, a row a column here.

    None where there are too many strips.
    """
    number = np.zeros(columns.shape[1], dtype=np.int64)
    for column in columns:
        values = np.unique(column)
        if len(values) > MOST_STRIPS:
            return None
        number = number * len(values) + np.searchsorted(values, column)
    if len(columns) > 1:
        used = np.unique(number)
        number = np.searchsorted(used, number)
        return number if len(used) <= MOST_STRIPS else None
    return number


def _sorted_rows(strip: Ints, line: Floats) -> Ints | None:
    """Return the rows by strip and then along it; None where they are sorted."""
    rises = strip[1:] > strip[:-1]
    if (rises | ((line[1:] >= line[:-1]) & (strip[1:] == strip[:-1]))).all():
        return None
    rows = line.argsort()
    # Small integers are sorted by their digits.
    found: Ints = rows[strip.astype(np.uint16)[rows].argsort(kind="stable")]
    return found


def _starts(order: Ints) -> Ints:
    """Return the number of each start, as a column beside an order of its centres."""
    return np.arange(len(order))[:, np.newaxis]


@cache
def _pairs(k: int) -> tuple[Ints, Ints, Ints]:
    """Return the pairs of k centres, lower and upper, and where each next lower one starts."""
    lower, upper = np.triu_indices(k, 1)
    return lower, upper, np.flatnonzero(np.diff(lower, prepend=-1))
