"""What each segment is, in the client's units, and its persona by rules on that profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.actions import plan_actions
from analysis.customers import (
    DAY,
    GOOD_REVIEW,
    LOW_REVIEW,
    ONE_TIME,
    PROMISE_KEPT,
    REPEAT,
    CustomerTable,
    Flags,
    Ints,
    known_scores,
)
from analysis.experiments import LOYAL, hold_out, is_tested
from analysis.findings import (
    CrmRule,
    Interval,
    LifecycleCell,
    NotComputed,
    Profile,
    Segment,
    Share,
    Voices,
)
from analysis.measures import quartiles, total_share_interval, wilson_interval
from analysis.repurchase import Returns
from analysis.rules import CrmRules
from analysis.segmentation import Model, SegmentIndex
from analysis.settings import Lifecycle, Personas, Settings

if TYPE_CHECKING:
    from analysis.orders import OrderFacts

LISTED = 5
DELIVERED_ON = "orders.order_delivered_customer_date"

Stage = Literal["active", "cooling", "dormant"]


@dataclass(frozen=True)
class WindowOrders:
    """The valid orders of the window of a table, as masks and positions in the order facts.

    `delivered`: delivered by then (or ever, where no date says when); `promised`: and with both
    dates, so that `late` can be told; `score`: of the last review answered by then, 0 without one;
    `revenue_cents`: of what was delivered by then.
    """

    rows: Ints
    customer: npt.NDArray[np.int32]
    delivered: Flags
    promised: Flags
    late: Flags
    score: npt.NDArray[np.int8]
    revenue_cents: Ints


def window_orders(orders: OrderFacts, table: CustomerTable) -> WindowOrders:
    """Select the orders that the table's window holds, with what was known of them by then."""
    after = table.as_of - table.window_days * DAY
    inside = orders.is_valid & (orders.purchased_at > after) & (orders.purchased_at <= table.as_of)
    rows = np.flatnonzero(inside).astype(np.int64)
    arrived, estimated = orders.delivered_at[rows], orders.estimated_at[rows]
    delivered = orders.is_delivered[rows] & (arrived >= 0) & (arrived <= table.as_of)
    if orders.gaps.why(DELIVERED_ON):
        # No date says when it came, so the status alone says that it did.
        delivered = orders.is_delivered[rows]
    promised = delivered & (arrived >= 0) & (estimated >= 0)
    return WindowOrders(
        rows=rows,
        customer=orders.customer[rows],
        delivered=delivered,
        promised=promised,
        late=promised & (arrived > estimated),
        score=known_scores(orders, table.as_of)[rows],
        revenue_cents=np.where(delivered, orders.revenue_cents[rows], 0),
    )


@dataclass(frozen=True)
class _Context:
    """What a group is profiled from, and the counts of everybody that it is held against."""

    orders: OrderFacts
    table: CustomerTable
    window: WindowOrders
    customers: int
    revenue_cents: int
    states: Ints
    categories: Ints


def profile_segments(
    orders: OrderFacts,
    table: CustomerTable,
    index: SegmentIndex,
    model: Model,
    rules: CrmRules | NotComputed,
    returns: Returns,
    voices: Sequence[Voices | NotComputed],
    settings: Settings,
) -> tuple[Profile, tuple[Segment, ...]]:
    """Return the profile of everybody in a segment, and the segments in the documents' order."""
    everyone = table.members(ONE_TIME, REPEAT)
    context = _context(orders, table, everyone)
    everybody = _profile(context, everyone)
    members = [
        np.flatnonzero(index == place).astype(np.int64) for place in range(len(model.segment_ids))
    ]
    profiles = [_profile(context, codes) for codes in members]
    by_rule = [place == 0 and model.has_repeat_segment for place in range(len(members))]
    personas = [
        LOYAL if repeat else persona_of(profile, everybody, settings.personas)
        for repeat, profile in zip(by_rule, profiles, strict=True)
    ]
    numbers = number_twins(personas)
    drawn = hold_out(orders.customer_ids, settings.actions.held_out_share)
    plans = plan_actions(
        profiles,
        personas,
        returns.rates,
        returns.next_baskets,
        [
            int(drawn[codes].sum()) if is_tested(persona) else 0
            for codes, persona in zip(members, personas, strict=True)
        ],
        settings.actions,
        settings.seed,
    )
    return everybody, tuple(
        Segment(
            segment_id=model.segment_ids[place],
            persona=personas[place],
            persona_number=numbers[place],
            kind="repeat_rule" if by_rule[place] else "cluster",
            colour=place,
            profile=profiles[place],
            lifecycle=_lifecycle(
                context,
                members[place],
                ~drawn if is_tested(personas[place]) else np.ones_like(drawn),
                settings.lifecycle,
            ),
            rule=rules if isinstance(rules, NotComputed) else rules.of(model.segment_ids[place]),
            rule_without_review=_without_review(rules, model.segment_ids[place]),
            repurchase=returns.rates[place],
            next_order=returns.next_orders[place],
            plan=plans[place],
            voices=voices[place],
        )
        for place in range(len(members))
    )


def _without_review(rules: CrmRules | NotComputed, segment_id: str) -> CrmRule | NotComputed:
    """Return the rule of a segment's customers without a review, where they need one."""
    if isinstance(rules, NotComputed):
        return rules
    return dict(rules.without_review).get(segment_id, NotComputed("not_reached"))


def persona_of(profile: Profile, everybody: Profile, wanted: Personas) -> str:
    """Return the persona of a profile, by the ratio of its median spend to everybody's."""
    if everybody.spend.median <= 0:
        return "unclassified"
    ratio = profile.spend.median / everybody.spend.median
    low, mean = profile.low_review_share, profile.mean_review
    if isinstance(low, NotComputed) or isinstance(mean, NotComputed):
        return name_persona(ratio, None, wanted)
    return name_persona(ratio, (low, mean), wanted)


def name_persona(ratio: float, satisfaction: tuple[float, float] | None, wanted: Personas) -> str:
    """Return the persona of a spend ratio and (share of low reviews, mean review) where known.

    Spend: `large` from spend_ratio on, `small` up to its inverse. Satisfaction: `unhappy` from
    unhappy_low_share of low reviews on; `satisfied` from satisfied_mean stars on, unless unhappy;
    `mixed` between. Without reviews, spend alone. Every pair has exactly one.
    """
    spend = "large" if ratio >= wanted.spend_ratio else "medium"
    if ratio <= 1 / wanted.spend_ratio:
        spend = "small"
    if satisfaction is None:
        return f"spend_{spend}"
    low, mean = satisfaction
    if low >= wanted.unhappy_low_share:
        return f"unhappy_{spend}"
    return f"satisfied_{spend}" if mean >= wanted.satisfied_mean else f"mixed_{spend}"


def number_twins(personas: list[str]) -> list[int]:
    """Return 0 for a persona that stands alone, else 1, 2, ... in the order of the segments."""
    total = Counter(personas)
    seen: Counter[str] = Counter()
    numbers = []
    for persona in personas:
        seen[persona] += 1
        numbers.append(seen[persona] if total[persona] > 1 else 0)
    return numbers


def stage_bounds(lifecycle: Lifecycle, window_days: int) -> tuple[tuple[Stage, int, int], ...]:
    """Return (stage, more than this many days, at most this many) since the last order."""
    stages: tuple[tuple[Stage, int, int], ...] = (
        ("active", 0, lifecycle.active_days),
        ("cooling", lifecycle.active_days, lifecycle.cooling_days),
        ("dormant", lifecycle.cooling_days, window_days),
    )
    # A short window leaves no room for the last stages.
    return tuple(
        (stage, above, min(most, window_days))
        for stage, above, most in stages
        if above < window_days
    )


def stage_places(table: CustomerTable, lifecycle: Lifecycle) -> npt.NDArray[np.intp]:
    """Return the lifecycle stage of every customer code, as a place in the list of stages.

    Who has no order in the window stands in the first; the caller knows who that is.
    """
    edges = [most for _, _, most in stage_bounds(lifecycle, table.window_days)][:-1]
    return np.digitize(np.nan_to_num(table.recency_days, nan=0.0), edges, right=True)


def _context(orders: OrderFacts, table: CustomerTable, everyone: Ints) -> _Context:
    """Select the window's orders and count everybody's states and categories."""
    window = window_orders(orders, table)
    mine = _belongs(table, window, everyone)
    rows, who = window.rows[mine], window.customer[mine]
    return _Context(
        orders=orders,
        table=table,
        window=window,
        customers=len(everyone),
        revenue_cents=int(window.revenue_cents[mine].sum()),
        states=_customers_by_level(who, orders.state[rows], len(orders.state_names)),
        categories=_customers_by_level(who, orders.category[rows], len(orders.category_names)),
    )


def _profile(context: _Context, codes: Ints) -> Profile:
    """Describe a group of customer codes."""
    orders, table, window = context.orders, context.table, context.window
    mine = _belongs(table, window, codes)
    rows, who = window.rows[mine], window.customer[mine]
    revenue = int(window.revenue_cents[mine].sum())
    promised, late = int(window.promised[mine].sum()), int(window.late[mine].sum())
    came = window.delivered[mine] & (orders.delivered_at[rows] >= 0)
    days = (orders.delivered_at[rows] - orders.purchased_at[rows])[came] / DAY
    priced = int((orders.price_cents[rows] + orders.freight_cents[rows]).sum())
    no_rows = NotComputed("no_rows")
    gaps = orders.gaps
    late_unknown = gaps.why(*PROMISE_KEPT) or no_rows
    freight_unknown = gaps.why("order_items.freight_value")
    return Profile(
        customers=len(codes),
        customer_share=len(codes) / context.customers,
        revenue_cents=revenue,
        revenue_share=revenue / context.revenue_cents if context.revenue_cents else 0.0,
        revenue_interval=_revenue_interval(context, codes),
        spend=quartiles(table.spend[codes]),
        occasions_mean=float(table.occasions[codes].mean()),
        recency_days=quartiles(table.recency_days[codes]),
        **_satisfaction(context, mine),
        late_share=late / promised if promised else late_unknown,
        late_interval=wilson_interval(late, promised) if promised else late_unknown,
        delivery_days=quartiles(days) if len(days) else gaps.why(DELIVERED_ON) or no_rows,
        freight_share=freight_unknown
        or (int(orders.freight_cents[rows].sum()) / priced if priced else no_rows),
        instalments_mean=_instalments(orders, rows),
        top_states=_top(
            _customers_by_level(who, orders.state[rows], len(orders.state_names)),
            context.states,
            orders.state_names,
            len(codes),
            context.customers,
        ),
        top_categories=_top(
            _customers_by_level(who, orders.category[rows], len(orders.category_names)),
            context.categories,
            orders.category_names,
            len(codes),
            context.customers,
        ),
    )


def _revenue_interval(context: _Context, codes: Ints) -> Interval | NotComputed:
    """Return the interval of the group's share of the revenue, over everybody in a segment."""
    if not context.revenue_cents:
        return NotComputed("no_rows")
    window = context.window
    customers = len(context.table.standing)
    amounts = np.bincount(window.customer, window.revenue_cents, customers).astype(np.float64)
    mine = np.zeros(len(amounts), dtype=bool)
    mine[codes] = True
    everyone = context.table.members(ONE_TIME, REPEAT)
    return total_share_interval(amounts[everyone], mine[everyone])


def _satisfaction(context: _Context, mine: Flags) -> dict[str, Any]:
    """Return the figures on reviews: of the reviews answered by then, none filled in."""
    orders, window = context.orders, context.window
    scored = mine & (window.score > 0)
    names = ("mean_review", "review_counts", "low_review_share", "low_review_interval")
    if not scored.any():
        absent = (
            NotComputed("no_rows")
            if orders.has_reviews
            else NotComputed("missing_table", expected="order_reviews")
        )
        return dict.fromkeys(names, absent)
    scores = window.score[scored]
    counts = tuple(int(count) for count in np.bincount(scores, minlength=6)[1:6])
    low = sum(counts[:LOW_REVIEW])
    values = (float(scores.mean()), counts, low / len(scores), wilson_interval(low, len(scores)))
    return dict(zip(names, values, strict=True))


def _instalments(orders: OrderFacts, rows: Ints) -> float | NotComputed:
    """Return the mean number of instalments, every order counting once."""
    gap = orders.gaps.why("order_payments", "order_payments.payment_installments")
    if gap is not None:
        return gap
    known = orders.instalments[rows]
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else NotComputed("no_rows")


def _lifecycle(
    context: _Context, codes: Ints, contacted: Flags, lifecycle: Lifecycle
) -> tuple[LifecycleCell, ...]:
    """Count a segment's customers in each stage, with the revenue they brought in the window.

    `contacted` has an entry a customer code: those who are not held out of campaigns.
    """
    table, window = context.table, context.window
    cells = []
    for stage, above, most in stage_bounds(lifecycle, table.window_days):
        days = table.recency_days[codes]
        inside = codes[(days > above if above else days >= 0) & (days <= most)]
        theirs = _belongs(table, window, inside)
        cells.append(
            LifecycleCell(
                stage=stage,
                from_days=above,
                to_days=most,
                customers=len(inside),
                share_of_segment=len(inside) / len(codes) if len(codes) else 0.0,
                revenue_cents=int(window.revenue_cents[theirs].sum()),
                matters=len(inside) >= lifecycle.cell_customers,
                low_reviewers=_low_reviewers(context, theirs),
                reachable=_reachable(context, theirs, contacted),
            )
        )
    return tuple(cells)


def _low_reviewers(context: _Context, theirs: Flags) -> int | NotComputed:
    """Return how many customers of the orders chosen gave a low review at least once."""
    if not context.orders.has_reviews:
        return NotComputed("missing_table", found="order_reviews")
    window = context.window
    low = theirs & (window.score > 0) & (window.score <= LOW_REVIEW)
    return len(np.unique(window.customer[low]))


def _reachable(context: _Context, theirs: Flags, contacted: Flags) -> int | NotComputed:
    """Return how many customers of the orders chosen may be made an offer: all reviews good."""
    if not context.orders.has_reviews:
        return NotComputed("missing_table", found="order_reviews")
    window = context.window
    scored = theirs & (window.score > 0)
    satisfied = contacted.copy()
    satisfied[window.customer[scored & (window.score < GOOD_REVIEW)]] = False
    return len(np.unique(window.customer[scored & satisfied[window.customer]]))


def _belongs(table: CustomerTable, window: WindowOrders, codes: Ints) -> Flags:
    """Return which of the window's orders belong to the customer codes."""
    chosen = np.zeros(len(table.standing), dtype=bool)
    chosen[codes] = True
    mine: Flags = chosen[window.customer]
    return mine


def _customers_by_level(who: npt.NDArray[Any], levels: npt.NDArray[Any], names: int) -> Ints:
    """Count distinct customers a level; shape (names,). A customer may have several levels.

    A row whose level is absent (negative) counts nowhere.
    """
    known = levels >= 0
    who, levels = who[known], levels[known].astype(np.int64)
    # Who has one row, as most have, has one level: only the others can repeat one.
    repeats = (np.bincount(who) > 1)[who]
    pairs = np.unique(who[repeats].astype(np.int64) * names + levels[repeats])
    found = np.concatenate([levels[~repeats], pairs % names])
    return np.bincount(found, minlength=names).astype(np.int64)


def _top(
    counts: Ints, everybody: Ints, names: tuple[str, ...], customers: int, all_customers: int
) -> tuple[Share, ...]:
    """Return the most frequent levels of a group, with everybody's share beside."""
    order = np.argsort(-counts, kind="stable")[:LISTED]
    return tuple(
        Share(
            name=names[level],
            customers=int(counts[level]),
            share=float(counts[level] / customers),
            everybody_share=float(everybody[level] / all_customers),
        )
        for level in order
        if counts[level] > 0 and names[level]
    )
