"""Which segment each customer has, one row a customer; or the reason for none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.customers import DAY, ONE_TIME, REPEAT, STANDINGS, CustomerTable
from analysis.experiments import hold_out, is_tested
from analysis.findings import Segmentation
from analysis.orders import of_customers
from analysis.profiles import stage_bounds, stage_places, window_orders
from analysis.rule_labels import label_by_rules
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    SegmentIndex,
    assign_segments,
    measure_confidence,
    stages_of,
)
from analysis.settings import Lifecycle, Settings
from analysis.subset import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.orders import Ids, OrderFacts

NO_ORDER = -1
_NO_SCORE = np.iinfo(np.int8).max
# Standings that a segment goes with.
DESCRIBED = (ONE_TIME, REPEAT)


def list_customers(
    orders: OrderFacts,
    table: CustomerTable,
    model: Model | None,
    settings: Settings,
    segmentation: Segmentation | None = None,
) -> pd.DataFrame:
    """Return one row a customer of the source, sorted by id.

    Columns: customer_unique_id; segment_id and persona, empty without a segment; segment_by_rule,
    what the rules for the CRM say, where the segmentation with its rules is given; stage of the
    lifecycle; held_out (1 or 0; see experiments.hold_out), empty without a segment; confidence (see
    segmentation.measure_confidence), empty without one; reason why there is none, empty with one:
    a standing, or `no_model`; standing (one of STANDINGS); spend, review, occasions and
    recency_days over the window, empty where there is nothing to tell; review_known, 0 where the
    review was filled in or there is none; lowest_review, the lowest score known in the window, and
    lowest_review_order_id, the order that got it (the last of several); last_order_on and
    last_order_id, of the last order that counts; last_order_delivered (1 or 0), whether it had
    arrived by described_on, the day that everything is told of.
    """
    import pandas as pd

    in_window = ~np.isnan(table.recency_days)
    places = (
        assign_segments(table, model)
        if model
        else np.full(len(table.standing), NO_SEGMENT, dtype=np.int16)
    )
    ids = orders.customer_ids
    in_orders = _of_orders(orders, table)
    columns: dict[str, Any] = {
        "customer_unique_id": ids,
        "segment_id": _named(places, model.segment_ids if model else ()),
        "persona": _named(places, model.personas if model else ()),
    }
    if segmentation is not None:
        names = tuple(segment.segment_id for segment in segmentation.segments)
        columns["segment_by_rule"] = _named(label_by_rules(table, segmentation), names)
    reviewed = ~np.isnan(table.review) & ~table.review_imputed
    columns |= {
        "stage": _stages(table, stages_of(model, settings.lifecycle)),
        "held_out": _held_out(ids, places, model, settings.actions.held_out_share),
        "confidence": measure_confidence(table, model).round(3) if model else np.nan,
        "reason": _reasons(table.standing, places),
        "standing": np.array(STANDINGS, dtype=object)[table.standing],
        "spend": np.where(in_window, table.spend.round(2), np.nan),
        "review": table.review.round(2),
        "occasions": pd.array(np.where(in_window, table.occasions, -1), dtype="Int64"),
        "recency_days": table.recency_days.round(1),
        "review_known": reviewed.astype(np.int8),
        "lowest_review": in_orders.lowest_review,
        "lowest_review_order_id": in_orders.lowest_review_order,
        "last_order_on": _last_days(table),
        "last_order_id": in_orders.last_order,
        "last_order_delivered": in_orders.last_delivered,
        "described_on": f"{datetime.fromtimestamp(table.as_of, UTC):%Y-%m-%d}",
    }
    frame = pd.DataFrame(columns)
    frame["occasions"] = frame["occasions"].where(in_window)
    return frame.sort_values("customer_unique_id", ignore_index=True)


def list_in_parts(
    orders: OrderFacts,
    table: CustomerTable,
    model: Model | None,
    settings: Settings,
    segmentation: Segmentation | None,
    rows: int,
) -> Iterator[pd.DataFrame]:
    """Yield the rows of `list_customers`, at most so many at a time, in the same order.

    For a shop whose whole list would take several times the memory of all that it is made of.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = pa.array(orders.customer_ids, pa.string())
    sorted_codes = pc.sort_indices(ids).to_numpy().astype(np.int64)
    for start in range(0, len(sorted_codes), rows):
        codes = np.sort(sorted_codes[start : start + rows])
        yield list_customers(
            of_customers(orders, codes), rows_of(table, codes), model, settings, segmentation
        )


def _held_out(ids: Ids, places: SegmentIndex, model: Model | None, share: float) -> pd.Series[Any]:
    """Return 1 for those left out, 0 for the others of a segment (see experiments.is_tested)."""
    import pandas as pd

    inside = places != NO_SEGMENT
    tested = np.array([is_tested(persona) for persona in model.personas] if model else [], bool)
    chosen = inside.copy()
    chosen[inside] = tested[places[inside]]
    chosen = pd.Series(hold_out(ids, share) & chosen).astype("Int8")
    return chosen.where(inside)


@dataclass(frozen=True, eq=False)
class _OfOrders:
    """What the orders in the window say, by code of the customer; empty where there is none."""

    lowest_review: pd.Series[Any]
    lowest_review_order: Any
    last_order: Any
    last_delivered: pd.Series[Any]


def _of_orders(orders: OrderFacts, table: CustomerTable) -> _OfOrders:
    """Return each customer's lowest score known, its order, the last order and whether it came.

    Delivered is what the status says, unless its date lies after the day that all is told of.
    """
    import pandas as pd

    window, size = window_orders(orders, table), len(orders.customer_ids)
    lowest = np.full(size, _NO_SCORE, np.int8)
    scored = window.score > 0
    np.minimum.at(lowest, window.customer[scored], window.score[scored])
    worst = scored & (window.score == lowest[window.customer])
    # Orders are in the order of their dates: the last one stays.
    complaint, last = np.full(size, NO_ORDER, np.int64), np.full(size, NO_ORDER, np.int64)
    complaint[window.customer[worst]] = window.rows[worst]
    last[window.customer] = window.rows
    order_ids: Any = orders.order_ids
    order_ids = pd.array(order_ids, dtype="str")
    arrived = pd.Series(orders.is_delivered & (orders.delivered_at <= table.as_of)).astype("Int8")
    scores = pd.Series(lowest).astype("Int8")
    return _OfOrders(
        lowest_review=scores.where(lowest < _NO_SCORE),
        lowest_review_order=order_ids.take(complaint, allow_fill=True),
        last_order=order_ids.take(last, allow_fill=True),
        last_delivered=pd.Series(arrived.array.take(last, allow_fill=True)),
    )


def _last_days(table: CustomerTable) -> npt.NDArray[np.object_]:
    """Return the day of each customer's last order in the window, None outside it."""
    known = ~np.isnan(table.recency_days)
    moments = np.where(known, table.as_of - np.nan_to_num(table.recency_days) * DAY, 0)
    days, place = np.unique((moments.round() // DAY).astype(np.int64), return_inverse=True)
    names = days.astype("datetime64[D]").astype(str).astype(object)
    return _named(np.where(known, place, NO_SEGMENT), tuple(names))


def _named(places: npt.NDArray[Any], names: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Return the name at each place, None without one (NO_SEGMENT, the last of a list)."""
    named: npt.NDArray[np.object_] = np.array([*names, None], dtype=object)[places]
    return named


def _reasons(
    standing: npt.NDArray[np.int8], places: npt.NDArray[np.int16]
) -> npt.NDArray[np.object_]:
    """Return why each customer has no segment, None of those who have one."""
    reasons = ["no_model" if code in DESCRIBED else name for code, name in enumerate(STANDINGS)]
    return _named(np.where(places == NO_SEGMENT, standing, NO_SEGMENT), tuple(reasons))


def _stages(table: CustomerTable, lifecycle: Lifecycle) -> npt.NDArray[np.object_]:
    """Return the stage of every customer code, None outside the window."""
    bounds = stage_bounds(lifecycle, table.window_days)
    names = np.array([name for name, _, _ in bounds], dtype=object)
    stages = names[stage_places(table, lifecycle)]
    stages[np.isnan(table.recency_days)] = None
    return stages
