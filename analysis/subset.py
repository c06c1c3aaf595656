"""The stated subset of the customers on which costs that need not grow with the shop are spent.

Candidates are tried, resamples drawn and the timeline followed on it; then every customer is
assigned, counted and profiled. A customer is drawn by the MD5 of the own id, which DuckDB, Spark
and PostgreSQL spell alike: whatever the engine and whoever else is in the source, the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis import kmeans, queries
from analysis.algorithms import fit
from analysis.customers import CustomerTable, Floats, Ints
from analysis.features import raw_matrix, scale
from analysis.findings import NotComputed, Subset, SubsetError
from analysis.known_features import clustered
from analysis.measures import adjusted_rand, matched_agreement
from analysis.order_details import OrderDetails
from analysis.orders import of_customers
from analysis.segmentation import NO_SEGMENT, Model, SegmentIndex, assign_segments
from analysis.settings import Settings
from analysis.trials import Trial, make_space

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

# Hashes are compared by their first eight of 32 hexadecimal digits: steps of one in four billion.
HASH_DIGITS = 8
_HASHES = 16**HASH_DIGITS
# Stands after every hash.
_AFTER_ALL = "g"


@dataclass(frozen=True)
class Bounds:
    """Which customers are drawn: those whose hash, as text, is from one bound on, before another.

    Bound as $from_hash and $before_hash of sql/intermediate/subset_customers.sql.
    """

    from_hash: str
    before_hash: str

    @property
    def parameters(self) -> queries.Parameters:
        """Return the parameters of the query."""
        return {"from_hash": self.from_hash, "before_hash": self.before_hash}


def subset_bounds(wanted: int, customers: int, draw: int = 0) -> Bounds | None:
    """Return the bounds that draw about so many of the customers; None where all are wanted.

    A hash is as good as a draw: the number drawn has a standard deviation under √wanted.

    Args:
        wanted: how many are to be drawn.
        customers: how many there are.
        draw: 0 for the subset that is used; 1, 2, ... for others, disjoint while there are enough
            customers, as far apart as can be otherwise.

    >>> subset_bounds(100, 400), subset_bounds(100, 400, draw=3).from_hash
    (Bounds(from_hash='00000000', before_hash='40000000'), 'c0000000')
    """
    if customers <= wanted:
        return None
    before = min(wanted * draw, customers - wanted)
    first, last = (_HASHES * place // customers for place in (before, before + wanted))
    return Bounds(_written(first), _written(last))


def _written(bound: int) -> str:
    return f"{bound:0{HASH_DIGITS}x}" if bound < _HASHES else _AFTER_ALL


@dataclass(frozen=True, eq=False)
class Draws:
    """The customers of the subset, by code, and those of another one that it is compared with.

    None of both where everybody is taken.
    """

    chosen: Ints | None
    other: Ints | None


def draw_subsets(source: OpenSource, orders: OrderFacts, wanted: int) -> Draws:
    """Draw the subset of about so many customers, and another one; neither where all are wanted."""
    customers = len(orders.customer_ids)
    bounds = [subset_bounds(wanted, customers, draw) for draw in range(2)]
    return Draws(*(draw_customers(source, orders, one) for one in bounds))


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

    `codes` are those that the customers have in the whole, None of everybody.
    """

    orders: OrderFacts
    details: OrderDetails
    table: CustomerTable
    codes: Ints | None = None

    def of(self, codes: Ints | None) -> Population:
        """Return the population of some customer codes (ascending); itself where all are meant.

        Codes are numbered anew, in the same order. What was told of a customer stays: a score that
        was filled in is that of everybody.
        """
        if codes is None:
            return self
        chosen = np.zeros(len(self.orders.customer_ids), dtype=bool)
        chosen[codes] = True
        rows = np.flatnonzero(chosen[self.orders.customer]).astype(np.int64)
        return Population(
            orders=of_customers(self.orders, codes),
            details=self.details.of_orders(rows),
            table=rows_of(self.table, codes),
            codes=codes,
        )

    def own(self, segments: SegmentIndex) -> SegmentIndex:
        """Return the entries of these customers, of what has one entry a customer of the whole."""
        return segments if self.codes is None else segments[self.codes]


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
    other: Population,
    trial: Trial,
    model: Model,
    settings: Settings,
) -> SubsetError | NotComputed:
    """Measure what the subset leaves open: the model of another one, and the shares of all.

    Args:
        whole: everybody.
        part: the subset that the trial was made of.
        other: as many others.
        trial: what was chosen.
        model: what was made of it, with the segments in their order.
        settings: of the run.
    """
    features = model.preparation.features
    space = make_space(
        other.table, clustered(other.table, features), trial.family, "review" in features
    )
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
