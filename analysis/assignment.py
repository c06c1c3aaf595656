"""Which segment each customer has, one row a customer; or the reason for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.customers import NOT_YET, ONE_TIME, REPEAT, STANDINGS, CustomerTable
from analysis.profiles import stage_bounds, stage_places
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    SegmentIndex,
    assign_segments,
    measure_confidence,
    stages_of,
)
from analysis.settings import Lifecycle, Settings

if TYPE_CHECKING:
    import pandas as pd

    from analysis.orders import OrderFacts

# Standings that a segment goes with.
DESCRIBED = (ONE_TIME, REPEAT)


def list_customers(
    orders: OrderFacts, table: CustomerTable, model: Model | None, settings: Settings
) -> pd.DataFrame:
    """Return one row a known customer, sorted by id.

    Columns: customer_unique_id; segment_id and persona, empty without a segment; confidence (see
    segmentation.measure_confidence), empty without one; reason why there is none, empty with one:
    a standing, or `no_model`; standing (one of STANDINGS); stage of the lifecycle; spend, review,
    occasions and recency_days over the window, empty where there is nothing to tell.
    """
    import pandas as pd

    known = np.flatnonzero(table.standing != NOT_YET)
    in_window = ~np.isnan(table.recency_days[known])
    places = (
        assign_segments(table, model)[known]
        if model
        else np.full(len(known), NO_SEGMENT, dtype=np.int16)
    )
    columns = {
        "customer_unique_id": orders.customer_ids[known],
        "segment_id": _names(places, model.segment_ids if model else ()),
        "persona": _names(places, model.personas if model else ()),
        "confidence": measure_confidence(table, model)[known].round(3) if model else np.nan,
        "reason": _reasons(table.standing[known], places),
        "standing": np.array(STANDINGS)[table.standing[known]],
        "stage": _stages(table, stages_of(model, settings.lifecycle))[known],
        "spend": np.where(in_window, table.spend[known].round(2), np.nan),
        "review": table.review[known].round(2),
        "occasions": pd.array(np.where(in_window, table.occasions[known], -1), dtype="Int64"),
        "recency_days": table.recency_days[known].round(1),
    }
    frame = pd.DataFrame(columns)
    frame["occasions"] = frame["occasions"].where(in_window)
    return frame.sort_values("customer_unique_id", ignore_index=True)


def _names(places: SegmentIndex, names: tuple[str, ...]) -> list[str | None]:
    """Return the name at each place, None without a segment."""
    return [names[place] if place != NO_SEGMENT else None for place in places]


def _reasons(standing: npt.NDArray[np.int8], places: SegmentIndex) -> list[str | None]:
    """Return why each customer has no segment, None of those who have one."""
    return [
        None if place != NO_SEGMENT else "no_model" if code in DESCRIBED else STANDINGS[code]
        for code, place in zip(standing, places, strict=True)
    ]


def _stages(table: CustomerTable, lifecycle: Lifecycle) -> npt.NDArray[np.object_]:
    """Return the stage of every customer code, None outside the window."""
    bounds = stage_bounds(lifecycle, table.window_days)
    names = np.array([name for name, _, _ in bounds], dtype=object)
    stages = names[stage_places(table, lifecycle)]
    stages[np.isnan(table.recency_days)] = None
    return stages
