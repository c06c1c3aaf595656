"""The stated subset of the customers on which costs that need not grow with the shop are spent.

Candidates are tried, resamples drawn and the timeline followed on it; then every customer is
assigned, counted and profiled. Who is drawn is said in analysis/draws.py.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis import kmeans, queries
from analysis.algorithms import fit
from analysis.customers import CustomerTable, Floats, Ints
from analysis.draws import EVERYBODY, Bounds, subset_bounds
from analysis.features import raw_matrix, scale
from analysis.findings import NotComputed, Subset, SubsetError
from analysis.known_features import clustered
from analysis.measures import adjusted_rand, matched_agreement
from analysis.orders import of_customers
from analysis.segmentation import NO_SEGMENT, Model, SegmentIndex, assign_segments
from analysis.settings import Scale, Settings
from analysis.trials import Trial, make_space

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.orders import OrderFacts
    from analysis.source import OpenSource


@dataclass(frozen=True, eq=False)
class Draws:
    """The customers of the subset, by code, and those of another one that it is compared with.

    None of both where everybody is taken, which the bounds say as well.
    """

    bounds: Bounds
    chosen: Ints | None
    other: Ints | None


def draw_subsets(source: OpenSource, orders: OrderFacts, wanted: Scale) -> Draws:
    """Draw the subset that is asked for, and another one; neither where all are wanted."""
    customers, first = len(orders.customer_ids), wanted.draw
    chosen, other = (
        subset_bounds(wanted.fit_customers, customers, draw) for draw in (first, first + 1)
    )
    return Draws(
        chosen or EVERYBODY,
        draw_customers(source, orders, chosen),
        draw_customers(source, orders, other),
    )


def draw_customers(source: OpenSource, orders: OrderFacts, bounds: Bounds | None) -> Ints | None:
    """Return the codes of the customers who are drawn, ascending; None where all are."""
    if bounds is None:
        return None
    rows = queries.run_query(source.connection, "intermediate/subset_customers", bounds.parameters)
    return codes_of(orders, rows["customer_unique_id"])


def codes_of(orders: OrderFacts, drawn: pa.ChunkedArray) -> Ints:
    """Return the codes of the customers with these ids, ascending; others have none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = pa.array(orders.customer_ids, pa.string())
    found = pc.is_in(ids, value_set=drawn.combine_chunks().cast("string"))
    return np.flatnonzero(found.to_numpy(zero_copy_only=False)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Population:
    """Customers with their orders: everybody, or those of a subset under codes of their own.

    `codes` are those that the customers have in the whole, None of everybody. What was told of a
    customer stays in a subset: a score that was filled in is that of everybody.
    """

    orders: OrderFacts
    table: CustomerTable
    codes: Ints | None = None

    def own(self, segments: SegmentIndex) -> SegmentIndex:
        """Return the entries of these customers, of what has one entry a customer of the whole."""
        return segments if self.codes is None else segments[self.codes]


def orders_of(orders: OrderFacts, codes: Ints | None) -> OrderFacts:
    """Return the orders of some customer codes, numbered anew in the same order; None: of all."""
    return orders if codes is None else of_customers(orders, codes)


def part_of(whole: Population, orders: OrderFacts, codes: Ints | None) -> Population:
    """Return the population of some customer codes, whose orders they are; None: everybody."""
    return whole if codes is None else Population(orders, rows_of(whole.table, codes), codes)


def settings_of(part: Population, whole: Population, settings: Settings) -> Settings:
    """Return the settings whose counts of customers are those of the part, which stand for more."""
    if part is whole:
        return settings
    share = len(part.orders.customer_ids) / len(whole.orders.customer_ids)
    testable = max(1, round(settings.trials.testable_customers * share))
    trials = settings.trials.model_copy(update={"testable_customers": testable})
    return settings.model_copy(update={"trials": trials})


def rows_of(table: CustomerTable, codes: Ints) -> CustomerTable:
    """Return the table of some customer codes, numbered anew in the same order."""
    columns = {
        entry.name: getattr(table, entry.name)[codes]
        for entry in fields(table)
        if isinstance(getattr(table, entry.name), np.ndarray)
    }
    return replace(table, **columns)


def describe_subset(whole: Population, part: Population) -> Subset | None:
    """Return how many customers of how many are in the subset; None where it is everybody."""
    if part is whole:
        return None
    return Subset(
        customers=len(part.orders.customer_ids),
        total=len(whole.orders.customer_ids),
        error=NotComputed("depends_on", found="segmentation"),
    )


def measure_error(
    whole: Population,
    part: Population,
    others: Ints,
    trial: Trial,
    model: Model,
    settings: Settings,
) -> SubsetError | NotComputed:
    """Measure what the subset leaves open: the model of another one, and the shares of all.

    Args:
        whole: everybody.
        part: the subset that the trial was made of.
        others: the codes of as many others.
        trial: what was chosen.
        model: what was made of it, with the segments in their order.
        settings: of the run.
    """
    features, other = model.preparation.features, rows_of(whole.table, others)
    space = make_space(other, clustered(other, features), trial.family, "review" in features)
    made = fit(trial.recipe, space, settings, settings.seed)
    if made is None or made.segments != trial.k:
        found = 0 if made is None else made.segments
        return NotComputed("other_segments", found=str(found), expected=str(trial.k))
    raw = raw_matrix(whole.table, clustered(whole.table, features), features)
    labels = kmeans.assign(scale(raw, model.preparation), np.array(model.centres))
    again = kmeans.assign(scale(raw, space.preparation), made.centres)
    everybody, few = (_shares(one.table, model) for one in (whole, part))
    return SubsetError(
        agreement=matched_agreement(labels, again),
        ari=adjusted_rand(labels, again),
        share_gap=float(np.abs(everybody - few).max()),
    )


def _shares(table: CustomerTable, model: Model) -> Floats:
    """Return the share of each segment in the customers who have one, shape (segments,)."""
    places = assign_segments(table, model)
    counts = np.bincount(places[places != NO_SEGMENT], minlength=len(model.segment_ids))
    shares: Floats = counts / max(counts.sum(), 1)
    return shares
