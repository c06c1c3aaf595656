"""The findings on how long the segmentation holds, put together from their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from analysis import findings as f
from analysis.ageing import describe_ageing
from analysis.customers import ONE_TIME, REPEAT, CustomerTable
from analysis.designs import trace_cumulative_designs, window_designs
from analysis.lifetimes import estimate_lifetime, resample_lifetimes
from analysis.orders import OrderFacts
from analysis.refresh import measure_rescoring, recommend_refresh
from analysis.segmentation import Model
from analysis.settings import Settings
from analysis.stability import Trace, agreement_at, with_smallest_change

# Labels are compared over four weeks and twelve, and who moves where over four.
RESCORING_STEPS = (2, 6)
MIGRATION_STEPS = 2


def describe_stability(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    traces: Mapping[f.Family, Trace],
    model: Model,
    settings: Settings,
) -> f.Stability | f.NotComputed:
    """Return the timeline of the chosen family with all that explains it.

    Beside it stand the family that lost and the designs that others use, on the same data.
    """
    wanted = settings.stability
    if model.family not in traces:
        days = (len(tables) - 1) * wanted.snapshot_days
        return f.NotComputed("too_short_history", str(days), str(wanted.snapshot_days))
    trace = with_smallest_change(traces[model.family], settings)
    others = [entry.timeline for family, entry in traces.items() if family != model.family]
    dates = [datetime.fromtimestamp(table.as_of, UTC).date() for table in tables]
    rescoring = tuple(
        measure_rescoring(tables, model, count, settings)
        for count in RESCORING_STEPS
        if count < len(tables)
    )
    no_family = f.NotComputed("no_candidate_passed")
    # The lifetime on resampled customers and the cost of age are those of the chosen family alone.
    unknown = f.NotComputed("depends_on", "segmentation")
    return f.Stability(
        threshold_ari=wanted.threshold_ari,
        agreement_line=wanted.agreement_line,
        agreement_at_threshold=agreement_at(wanted.threshold_ari, [trace.timeline, *others]),
        window_days=settings.customers.window_days,
        snapshot_days=wanted.snapshot_days,
        consecutive=wanted.consecutive,
        usable_from=dates[0],
        usable_until=dates[-1],
        chosen=trace.timeline,
        other=others[0] if others else no_family,
        other_refresh=recommend_refresh(others[0], rescoring, settings, unknown, unknown)
        if others
        else no_family,
        rescoring=rescoring,
        lifetime=estimate_lifetime(trace.timeline.points, settings),
        resampled=resample_lifetimes(
            tables, model.family, trace.timeline.k, orders.has_reviews, settings
        ),
        ageing=describe_ageing(trace, tables, model, min(MIGRATION_STEPS, len(tables) - 1)),
        designs=_designs(orders, tables, [trace.timeline, *others], settings),
        customers=tuple(len(table.members(ONE_TIME, REPEAT)) for table in tables),
    )


def _designs(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    timelines: Sequence[f.Timeline],
    settings: Settings,
) -> tuple[f.Design, ...]:
    """Return the other designs first, then those that were traced; all from the first date on."""
    every = max(1, settings.stability.origin_days // settings.stability.snapshot_days)
    dates = [table.as_of for table in tables[::every]]
    k = next(
        (entry.k for entry in timelines if entry.family == "traits_and_recency"), timelines[0].k
    )
    cumulative = trace_cumulative_designs(orders, dates, k, settings) if len(dates) > 1 else ()
    return (*cumulative, *window_designs(timelines, settings))
