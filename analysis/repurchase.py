"""Who buys again, and when: repeat rates by segment, and the time to the next order.

Rates are measured forward from an origin that lies a horizon before the end of the data, in the
segments that the model gives with what was known at the origin. Times are those from one purchase
occasion to the next, in the segment that the earlier one alone would give, so that nobody is in a
segment because of what came later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.customers import DAY, HOUR, CustomerTable, Flags, Floats, Ints, build_customers
from analysis.findings import (
    BuyingAgain,
    CountModel,
    Incidence,
    NextOrder,
    NotComputed,
    Period,
    Repurchase,
    TimeQuantile,
)
from analysis.next_baskets import NextBasket, shrunk_means
from analysis.orders import to_datetime, to_seconds
from analysis.purchase_counts import Histories, chance_to_return, fit_purchases
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    SegmentIndex,
    assign_segments,
    customers_of,
    model_customers,
)
from analysis.settings import Repurchase as Wanted
from analysis.settings import Settings

if TYPE_CHECKING:
    from scipy.stats._result_classes import EmpiricalDistributionFunction

    from analysis.orders import OrderFacts

WEEK_DAYS = 7
# Long enough for every shop: the window of a table that leaves nobody out.
WHOLE_HISTORY_DAYS = 36_500


@dataclass(frozen=True)
class Returns:
    """What was measured of buying again; the tuples have one entry a segment, in their order."""

    together: BuyingAgain | NotComputed
    rates: tuple[Repurchase | NotComputed, ...]
    next_orders: tuple[NextOrder | NotComputed, ...]
    next_baskets: tuple[NextBasket | NotComputed, ...]


@dataclass(frozen=True)
class Occasions:
    """Purchase occasions by the end, sorted by customer, then by time; one entry an occasion.

    `number` counts a customer's occasions from one; `started_at` is in seconds. `row_number` is
    the occasion's number of each order (0 of one that does not count), `paid` what was paid for the
    occasion's orders, in the shop's currency.
    """

    customer: Ints
    number: Ints
    started_at: Ints
    row_number: Ints
    paid: Floats


def measure_returns(
    orders: OrderFacts, model: Model, period: Period, settings: Settings
) -> Returns:
    """Measure repeat rates and times to the next order by segment of the model."""
    end = to_seconds(period.complete_until)
    occasions = find_occasions(orders, end, model.same_occasion_hours * HOUR)
    together, rates = _rates(orders, occasions, model, end, settings)
    times, baskets = _next_orders(orders, occasions, model, end, settings)
    return Returns(together, rates, times, baskets)


def shrunk_rates(returned: Ints, customers: Ints) -> tuple[Floats, float]:
    """Return beta-binomial rates (r + k p) / (n + k), and the strength k of the common prior.

    p is the pooled rate. k comes from the moments: with S = sum n_i (p_i - p)^2 over m groups of
    N customers in all, the correlation within groups is

        g = (S - p q (m - 1)) / (p q (N - sum n_i^2 / N - (m - 1)))       k = (1 - g) / g

    Kleinman, J. (1973), Journal of the American Statistical Association 68, 46-54, with weights
    n_i. Where the groups differ no more than chance, k is N: each is drawn to the pooled rate as
    much as everything that was seen allows.

    Args:
        returned: shape (groups,).
        customers: shape (groups,), at least one in all.
    """
    total = float(customers.sum())
    pooled = float(returned.sum()) / total
    seen = customers > 0
    spread = pooled * (1 - pooled)
    observed = np.divide(returned, customers, out=np.zeros(len(customers)), where=seen)
    excess = float((customers * (observed - pooled) ** 2).sum()) - spread * (seen.sum() - 1)
    scale = spread * (total - float((customers**2).sum()) / total - (seen.sum() - 1))
    within = excess / scale if scale > 0 else 0.0
    strength = min(total, (1 - within) / within) if within > 0 else total
    return (returned + strength * pooled) / (customers + strength), float(strength)


def _rates(
    orders: OrderFacts, occasions: Occasions, model: Model, end: int, settings: Settings
) -> tuple[BuyingAgain | NotComputed, tuple[Repurchase | NotComputed, ...]]:
    """Measure, in each segment as of the origin, who buys within the horizon."""
    wanted = settings.repurchase
    origin = end - wanted.horizon_days * DAY
    table = customers_of(model, orders, origin, settings.customers)
    index = assign_segments(table, model)
    members = np.flatnonzero(index != NO_SEGMENT)
    needed = settings.customers.minimum_customers
    if len(members) < needed:
        few = NotComputed("too_few_customers", found=str(len(members)), expected=str(needed))
        return few, (few,) * len(model.segment_ids)
    after = occasions.started_at > origin
    again = np.zeros(len(index), dtype=bool)
    again[occasions.customer[after & (occasions.customer < len(index))]] = True
    count = len(model.segment_ids)
    customers = np.bincount(index[members], minlength=count).astype(np.int64)
    returned = np.bincount(index[members][again[members]], minlength=count).astype(np.int64)
    if not returned.sum():
        nobody = NotComputed("not_observed", found=str(wanted.horizon_days))
        return nobody, (nobody,) * count
    rates, strength = shrunk_rates(returned, customers)
    everybody = _rate(int(returned.sum()), int(customers.sum()), 0.0, 0.0, wanted)
    together = BuyingAgain(
        origin=to_datetime(origin).date(),
        horizon_days=wanted.horizon_days,
        interval_share=wanted.interval_share,
        prior_strength=strength,
        everybody=everybody,
        repeat_share=_repeat_share(occasions),
        count_model_share=wanted.count_model_share,
        constant_rate_returned=_constant_rate(occasions, origin, wanted) * len(members),
        counts=_count_model(occasions, origin, members, again[members], wanted),
    )
    return together, tuple(
        _rate(int(back), int(size), strength, everybody.observed_share, wanted)
        if size
        else NotComputed("no_rows")
        for back, size, _ in zip(returned, customers, rates, strict=True)
    )


def _rate(
    returned: int, customers: int, strength: float, pooled: float, wanted: Wanted
) -> Repurchase:
    """Return a rate drawn towards the pooled one, with the interval of its beta distribution."""
    from scipy.stats import beta

    back = returned + strength * pooled
    stayed = customers - returned + strength * (1 - pooled)
    tail = (1 - wanted.interval_share) / 2
    low, high = beta.ppf([tail, 1 - tail], back, stayed)
    return Repurchase(
        customers=customers,
        returned=returned,
        observed_share=returned / customers,
        share=float(back / (back + stayed)),
        low=float(low),
        high=float(high),
    )


def _repeat_share(occasions: Occasions) -> float:
    """Return the share of all customers with at least two purchase occasions."""
    return float((occasions.number == 2).sum() / (occasions.number == 1).sum())


def _constant_rate(occasions: Occasions, origin: int, wanted: Wanted) -> float:
    """Return the share that one constant rate for all, measured before the origin, predicts.

    The rate is later occasions by the origin over the time since the first ones; a customer buys
    within the horizon h with probability 1 - exp(-rate h).
    """
    before = occasions.started_at <= origin
    first = before & (occasions.number == 1)
    exposure = float((origin - occasions.started_at[first]).sum())
    rate = float((before & ~first).sum()) / exposure if exposure else 0.0
    return float(-np.expm1(-rate * wanted.horizon_days * DAY))


def _count_model(
    occasions: Occasions, origin: int, members: Ints, returned: Flags, wanted: Wanted
) -> CountModel | NotComputed:
    """Fit BG/NBD on what came before the origin, and hold it against who of the members returned.

    Times are whole days, in weeks: equal histories are weighed together.
    """
    from sklearn.metrics import roc_auc_score

    before = occasions.started_at <= origin
    who, when = occasions.customer[before], occasions.started_at[before]
    repeats: Floats = np.bincount(who, minlength=int(members.max()) + 1).astype(np.float64) - 1
    first = np.zeros(len(repeats))
    last = np.zeros(len(repeats))
    # Occasions stand by customer, then by time.
    last[who] = when
    first[who[::-1]] = when[::-1]
    known = repeats >= 0
    span, age = ((last - first) // DAY) / WEEK_DAYS, ((origin - first) // DAY) / WEEK_DAYS
    if not (repeats > 0).any() or returned.all():
        return NotComputed("no_variation", found="occasions")
    model = fit_purchases(Histories.of(repeats[known], span[known], age[known]))
    mine = (repeats[members], span[members], age[members])
    chance = chance_to_return(model, *mine, wanted.horizon_days / WEEK_DAYS)
    return CountModel(
        customers=int(known.sum()),
        r=model.r,
        alpha=model.alpha,
        a=model.a,
        b=model.b,
        log_likelihood=model.log_likelihood,
        is_inner=model.is_inner,
        expected_returned=float(chance.sum()),
        area=float(roc_auc_score(returned, chance)),
    )


def _next_orders(
    orders: OrderFacts, occasions: Occasions, model: Model, end: int, settings: Settings
) -> tuple[tuple[NextOrder | NotComputed, ...], tuple[NextBasket | NotComputed, ...]]:
    """Return when and for how much the second order comes a segment, the third of repeat buyers."""
    wanted = settings.repurchase
    first = int(model.has_repeat_segment)
    loyal = [_time_to_next(occasions, 2, None, end, wanted)] if first else []
    clustered = range(first, len(model.segment_ids))
    if "recency_days" in model.preparation.features:
        # Everybody has just bought at the first order: recency says nothing of the segment then.
        unknown = NotComputed("known_later")
        none = (unknown,) * len(model.segment_ids)
        return (*loyal, *(unknown for _ in clustered)), none
    table = _after_first_order(orders, occasions, model, end, settings)
    index = assign_segments(table, model)
    times = (_time_to_next(occasions, 1, index == place, end, wanted) for place in clustered)
    return (*loyal, *times), _next_baskets(occasions, index, len(model.segment_ids), first)


def _next_baskets(
    occasions: Occasions, index: SegmentIndex, count: int, first: int
) -> tuple[NextBasket | NotComputed, ...]:
    """Return what the second purchase costs in the segment of the first, the third of the loyal."""
    second = (occasions.number == 2) & (index[occasions.customer] >= first)
    third = (occasions.number == 3) if first else np.zeros(len(second), dtype=bool)
    groups = np.where(third, 0, index[occasions.customer])[second | third].astype(np.int64)
    paid = occasions.paid[second | third]
    if not len(paid):
        return (NotComputed("not_observed"),) * count
    means, _ = shrunk_means(paid, groups, count)
    sizes = np.bincount(groups, minlength=count)
    return tuple(
        NextBasket(amount=float(mean), orders=int(size))
        for mean, size in zip(means, sizes, strict=True)
    )


def _after_first_order(
    orders: OrderFacts, occasions: Occasions, model: Model, end: int, settings: Settings
) -> CustomerTable:
    """Describe every customer by the first purchase occasion alone."""
    only_first = replace(orders, is_valid=orders.is_valid & (occasions.row_number == 1))
    customers = model_customers(model, settings.customers)
    return build_customers(
        only_first,
        end,
        customers.model_copy(update={"window_days": WHOLE_HISTORY_DAYS}),
        model.missing_scores,
    )


def _time_to_next(
    occasions: Occasions, number: Literal[1, 2], chosen: Flags | None, end: int, wanted: Wanted
) -> NextOrder | NotComputed:
    """Estimate by Kaplan-Meier the time from one occasion to the next, for the customers chosen.

    Who has not bought again by the end is censored there.
    """
    came, censored = times_to_next(occasions, number, chosen, end)
    if not len(came) + len(censored):
        return NotComputed("no_rows")
    return describe_times(came, censored, "first" if number == 1 else "second", wanted)


def times_to_next(
    occasions: Occasions, number: Literal[1, 2], chosen: Flags | None, end: int
) -> tuple[Floats, Floats]:
    """Return the days from one occasion to the next, and those without a next one until the end.

    Of the customers chosen (by code), of all where none are named.
    """
    starts = np.flatnonzero(occasions.number == number)
    if chosen is not None:
        starts = starts[chosen[occasions.customer[starts]]]
    following = np.minimum(starts + 1, len(occasions.number) - 1)
    came = occasions.customer[following] == occasions.customer[starts]
    came &= following > starts
    until = np.where(came, occasions.started_at[following], end)
    days = (until - occasions.started_at[starts]) / DAY
    return days[came], days[~came]


def describe_times(
    came: Floats, censored: Floats, after: Literal["first", "second"], wanted: Wanted
) -> NextOrder:
    """Describe times to an event by Kaplan-Meier (1958), as `scipy.stats.ecdf` computes it.

    Args:
        came: days to the event, of those who had it.
        censored: days without the event, of the others.
        after: which order the time runs from.
        wanted: the ages and the quantiles asked for.
    """
    curve = return_curve(came, censored)
    longest = float(max(came.max(initial=0.0), censored.max(initial=0.0)))
    late = NotComputed("not_observed", found=str(int(longest)))
    known = [age for age in wanted.ages_days if age <= longest]
    reached = float(curve.evaluate(known[-1])) if known else 0.0

    def day_of(share: float) -> float | NotComputed:
        day = first_age(curve, share)
        return late if day is None else day

    return NextOrder(
        after=after,
        customers=len(came) + len(censored),
        orders=len(came),
        by_age=tuple(
            Incidence(age, float(curve.evaluate(age)) if age <= longest else late)
            for age in wanted.ages_days
        ),
        quantiles=tuple(TimeQuantile(share, day_of(share)) for share in wanted.quantile_shares),
        half_of_days=known[-1] if known else 0,
        half_way_days=day_of(reached / 2) if reached > 0 else late,
    )


def return_curve(came: Floats, censored: Floats) -> EmpiricalDistributionFunction:
    """Return the share that came by each age: Kaplan & Meier (1958), by `scipy.stats.ecdf`.

    `came` are days to the event, `censored` days without it, of the others.
    """
    from scipy.stats import CensoredData, ecdf

    return ecdf(CensoredData(uncensored=came, right=censored)).cdf


def first_age(curve: EmpiricalDistributionFunction, share: float) -> float | None:
    """Return the first age in days at which so many came, None where so many never did."""
    there = np.flatnonzero(curve.probabilities >= share)
    return float(curve.quantiles[there[0]]) if len(there) else None


def find_occasions(orders: OrderFacts, end: int, gap_seconds: int) -> Occasions:
    """Number every customer's purchase occasions by the end (see customers.build_customers)."""
    rows = np.flatnonzero(orders.is_valid & (orders.purchased_at <= end))
    rows = rows[np.argsort(orders.customer[rows], kind="stable")]
    who, when = orders.customer[rows].astype(np.int64), orders.purchased_at[rows]
    is_new = np.ones(len(rows), dtype=bool)
    is_new[1:] = who[1:] != who[:-1]
    starts = is_new.copy()
    starts[1:] |= when[1:] - when[:-1] >= gap_seconds
    running = np.cumsum(starts)
    number = running - np.maximum.accumulate(np.where(is_new, running, 0)) + 1
    row_number = np.zeros(len(orders), dtype=np.int64)
    row_number[rows] = number
    paid = np.bincount(running - 1, orders.paid_cents[rows]) / 100
    return Occasions(who[starts], number[starts], when[starts], row_number, paid)
