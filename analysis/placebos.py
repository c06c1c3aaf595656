"""What the timeline says where nothing can change: the dates of purchase dealt at random (P1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis import findings as f
from analysis.customers import CustomerTable, Ints, build_customers
from analysis.orders import OrderFacts
from analysis.parallel import in_threads
from analysis.settings import Settings
from analysis.snapshots import Comparison, Snapshot, compare_all, make_snapshot


@dataclass(frozen=True, eq=False)
class Placebo:
    """The lowest ARI and the lowest share of customers with the same segment, where time is noise.

    Attributes:
        lowest_ari: of the first origin's model against the refits of all later dates.
        lowest_agreement: likewise.
        orders: the history with its dates dealt at random.
        snapshots: what was described and refitted of it, a date (epoch seconds).
    """

    lowest_ari: float
    lowest_agreement: float
    orders: OrderFacts
    snapshots: Mapping[int, Snapshot]


def trace_placebo(
    orders: OrderFacts,
    tables: Sequence[CustomerTable],
    family: f.Family,
    k: int,
    settings: Settings,
) -> Placebo:
    """Follow the first origin's model when the orders' dates are shuffled.

    What was bought, paid and answered is dealt at random over the same dates: nothing can change
    over time any more, so a design that still reports a break reports its own artefact (P1 of
    methods, 3.6).
    """
    shuffled = shuffle_dates(orders, settings.seed)
    compared = follow_first(shuffled, control_dates(tables, settings), family, k, {}, settings)
    known = [entry.origin for entry in compared[:1]] + [entry.snapshot for entry in compared]
    return Placebo(
        min((entry.ari_warm for entry in compared), default=1.0),
        min((entry.agreement_warm for entry in compared), default=1.0),
        shuffled,
        {snapshot.as_of: snapshot for snapshot in known},
    )


def shuffle_dates(orders: OrderFacts, seed: int) -> OrderFacts:
    """Return the orders with their contents dealt at random over the dates of purchase.

    Customer, amounts, score and the time that each outcome took travel together. One-time buyers
    stay one-time buyers; who bought several times keeps as many orders.
    """
    rng = np.random.default_rng(seed)
    new = np.empty_like(orders.purchased_at)
    new[rng.permutation(len(new))] = orders.purchased_at
    shift = new - orders.purchased_at
    order = np.argsort(new, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))

    def moved(moment: Ints) -> Ints:
        return np.where(moment >= 0, moment + shift, -1)[order]

    event_place = place[orders.review_event_order]
    by_place = np.argsort(event_place, kind="stable")
    return replace(
        orders,
        **{
            name: getattr(orders, name)[order]
            for name in ("order_ids", "customer", "is_valid", "is_delivered", "paid_cents")
        },
        review_score=orders.review_score[order],
        review_answered_at=moved(orders.review_answered_at),
        purchased_at=new[order],
        delivered_at=moved(orders.delivered_at),
        estimated_at=moved(orders.estimated_at),
        review_event_order=event_place[by_place].astype(np.int32),
        review_event_score=orders.review_event_score[by_place],
        review_event_at=(orders.review_event_at + shift[orders.review_event_order])[by_place],
    )


def control_dates(tables: Sequence[CustomerTable], settings: Settings) -> list[int]:
    """Return the dates of the origins (epoch seconds): a control needs no finer grid."""
    every = max(1, settings.stability.origin_days // settings.stability.snapshot_days)
    return [table.as_of for table in tables][::every]


def follow_first(
    orders: OrderFacts,
    dates: Sequence[int],
    family: f.Family,
    k: int,
    known: Mapping[int, Snapshot],
    settings: Settings,
) -> list[Comparison]:
    """Follow the model of the first date through the later ones; known snapshots are not made."""

    def shoot(as_of: int) -> Snapshot:
        if as_of in known:
            return known[as_of]
        table = build_customers(orders, as_of, settings.customers)
        return make_snapshot(table, family, k, orders.has_reviews, settings)

    snapshots = in_threads(shoot, dates)
    return compare_all(snapshots[:1], snapshots[1:], settings.stability.warm_tolerance)
