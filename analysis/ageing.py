"""How a segmentation ages, beyond one number: which segment breaks first, mix or map, who moves.

Methods, section 3.3. All of it comes from comparisons that the timeline has made already.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import CustomerTable, Floats
from analysis.features import unscale
from analysis.segmentation import NO_SEGMENT, Model, SegmentIndex, assign_segments
from analysis.snapshots import Comparison, Snapshot
from analysis.stability import Trace

# Jeffreys' prior of a row of the migration matrix.
PRIOR = 0.5
CONFIDENCE = 0.95


def describe_ageing(
    trace: Trace, tables: Sequence[CustomerTable], model: Model, migration_steps: int
) -> f.Ageing:
    """Return how each segment keeps, what moved (sizes or map), and who went where.

    `migration_steps` is the distance, in dates of the tables, of the migration matrix: it compares
    the last date with the one so many steps before, under the frozen model.
    """
    return f.Ageing(
        segments=_segments(trace.comparisons, model),
        changes=_changes(trace.comparisons),
        migration=migrate(tables[-1 - migration_steps], tables[-1], model),
    )


def migrate(before: CustomerTable, after: CustomerTable, model: Model) -> f.Migration:
    """Return where the customers of each segment are at a later date, under the frozen model.

    Intervals are those of each cell under a Dirichlet prior of 0.5: Beta(n + 0.5, rest).
    """
    first, second = assign_segments(before, model), assign_segments(after, model)
    return f.Migration(
        days=(after.as_of - before.as_of) // 86_400,
        rows=migration_rows(first, second, model.segment_ids, model.segment_ids),
    )


def migration_rows(
    first: SegmentIndex, second: SegmentIndex, then: Sequence[str], now: Sequence[str]
) -> tuple[f.MigrationRow, ...]:
    """Return where the customers of each segment are later, from the places a customer code.

    The last row holds those who are new, the last column those who left the window.
    """
    rows = np.where(first == NO_SEGMENT, len(then), first)
    columns = np.where(second == NO_SEGMENT, len(now), second)
    cells = np.zeros((len(then) + 1, len(now) + 1), np.int64)
    np.add.at(cells, (rows, columns), 1)
    cells[len(then), len(now)] = 0
    names, origins = (*now, ""), (*then, "")
    return tuple(_row(origins[place], names, row) for place, row in enumerate(cells))


def _row(origin: str, names: Sequence[str], counts: npt.NDArray[np.int64]) -> f.MigrationRow:
    """Return one row of the matrix, with an interval a share."""
    from scipy.stats import beta

    total = int(counts.sum())
    prior = PRIOR * len(counts)
    tail = (1 - CONFIDENCE) / 2
    mine = counts + PRIOR
    # What never happened may be impossible, and what always did certain.
    low = np.where(counts == 0, 0.0, beta.ppf(tail, mine, total + prior - mine))
    high = np.where(counts == total, 1.0, beta.ppf(1 - tail, mine, total + prior - mine))
    return f.MigrationRow(
        segment_id=origin,
        customers=total,
        cells=tuple(
            f.MigrationCell(
                segment_id=name,
                customers=int(count),
                share=float(count / total) if total else f.NotComputed("no_rows"),
                interval=f.Interval(float(low[place]), float(high[place]))
                if total
                else f.NotComputed("no_rows"),
            )
            for place, (name, count) in enumerate(zip(names, counts, strict=True))
        ),
    )


def _segments(comparisons: Sequence[Comparison], model: Model) -> tuple[f.SegmentAgeing, ...]:
    """Return the matched Jaccard of each clustered segment by age, pooled over the origins."""
    places = {
        id(origin): _places(origin, model) for origin in {c.origin: None for c in comparisons}
    }
    names = model.segment_ids[int(model.has_repeat_segment) :]
    ages = sorted({entry.age_days for entry in comparisons})
    found = []
    for place, name in enumerate(names):
        by_age = [
            [
                entry.jaccards[places[id(entry.origin)][place]]
                for entry in comparisons
                if entry.age_days == age
            ]
            for age in ages
        ]
        found.append(
            f.SegmentAgeing(
                segment_id=name,
                ages_days=tuple(ages),
                jaccard_median=tuple(float(np.median(values)) for values in by_age),
                jaccard_low=tuple(min(values) for values in by_age),
            )
        )
    return tuple(found)


def _places(origin: Snapshot, model: Model) -> list[int]:
    """Return, for each centre of the model, the cluster of an origin that is its own."""
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    deviation = np.array(model.preparation.deviation)
    there: Floats = unscale(origin.cold.centres, origin.preparation) / deviation
    here: Floats = unscale(np.array(model.centres), model.preparation) / deviation
    rows, columns = linear_sum_assignment(cdist(here, there))
    return [int(column) for _, column in sorted(zip(rows, columns, strict=True))]


def _changes(comparisons: Sequence[Comparison]) -> tuple[f.AgeChange, ...]:
    """Return what moved by age: the sizes of the segments, or the map itself; medians."""
    return tuple(
        f.AgeChange(
            age_days=age,
            sizes_moved_share=float(np.median([entry.sizes_moved_share for entry in mine])),
            map_moved_share=float(np.median([1 - entry.old_agreement for entry in mine])),
        )
        for age in sorted({entry.age_days for entry in comparisons})
        for mine in [[entry for entry in comparisons if entry.age_days == age]]
    )
