"""Customers as of a date, from the order facts (methods, section 1).

Everything uses only what was known at that date: orders placed by then, deliveries made by then,
reviews answered by then. The status of an order is the last one known: its history is not in the
data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from analysis import settings as settings_module
    from analysis.orders import OrderFacts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY = 86_400
HOUR = 3_600
# A low review has one or two stars: a definition, said in every document, and not a setting.
LOW_REVIEW = 2
# Whoever gave fewer is asked what was missing, and offered nothing.
GOOD_REVIEW = 4

# What tells how satisfied a customer is.
REVIEWS = ("order_reviews", "order_reviews.review_score")
# What tells whether an order came as promised.
PROMISE_KEPT = ("orders.order_delivered_customer_date", "orders.order_estimated_delivery_date")

NOT_YET, NO_VALID_ORDER, INACTIVE, WAITING, ONE_TIME, REPEAT = range(6)
STANDINGS = ("not_yet", "no_valid_order", "inactive", "waiting", "one_time", "repeat")


@dataclass(frozen=True)
class Levels:
    """The distinct values of a column, ascending, and the place of each row's value in them."""

    values: Floats
    place: Ints

    @classmethod
    def of(cls, column: Floats) -> Levels:
        """Tell the values of a column apart."""
        values, place = np.unique(column, return_inverse=True)
        return cls(values, place.astype(np.int64))


@dataclass(frozen=True)
class MissingScores:
    """What stands for the score of a customer without one (1 to 5), by outcome; None of nothing."""

    on_time: float | None
    late: float | None


@dataclass(frozen=True)
class CustomerTable:
    """Customers as of a moment; every array has one entry a customer code.

    Attributes:
        as_of: epoch seconds.
        window_days: length of the window (as_of - window, as_of] that features look at.
        standing: place in STANDINGS; NOT_YET customers bought for the first time after as_of.
        spend: sum paid for valid orders of the window, shop's currency, 0 outside the window.
        occasions: purchase occasions in the window, orders less than a day apart merged.
        recency_days: days since the last valid order of the window, NaN outside it.
        review: mean score of the reviews answered by as_of on valid orders of the window (1 to 5);
            for one-time and repeat customers without one, the median of those with the same
            outcome (late or on time) where scores are filled in; NaN where not known.
        review_imputed: whether `review` was filled in.
        low_review: whether one of those scores was low.
        late: whether one of the window's orders came, or is by now, after its promised date.
    """

    as_of: int
    window_days: int
    standing: npt.NDArray[np.int8]
    spend: Floats
    occasions: Ints
    recency_days: Floats
    review: Floats
    review_imputed: Flags
    low_review: Flags
    late: Flags

    def members(self, *standings: int) -> Ints:
        """Return the codes of the customers in one of the standings, ascending."""
        return np.flatnonzero(np.isin(self.standing, standings)).astype(np.int64)

    def missing_scores(self) -> MissingScores:
        """Return what stands for a missing score, from those that are known."""
        return missing_scores(np.where(self.review_imputed, np.nan, self.review), self.late)

    @cached_property
    def spend_levels(self) -> Levels:
        """Return the distinct amounts spent: every partition is measured on them."""
        return Levels.of(self.spend)

    @cached_property
    def review_levels(self) -> Levels:
        """Return the distinct mean reviews, NaN last."""
        return Levels.of(self.review)


def build_customers(
    orders: OrderFacts,
    as_of: int,
    settings: settings_module.Customers,
    stored: MissingScores | None = None,
) -> CustomerTable:
    """Describe every customer of the order facts as of a moment (epoch seconds).

    Adding events after `as_of` changes nothing: a test holds it. Customers without a review take
    the `stored` scores of a model where there are some and the source has reviews at all, so that
    who else is in the source does not count; else those of the customers described.
    """
    if stored is not None and (orders.gaps.why(*REVIEWS) or stored.on_time is None):
        stored = None
    customers = len(orders.customer_ids)
    placed = orders.purchased_at <= as_of
    counted = placed & orders.is_valid
    inside = counted & (orders.purchased_at > as_of - settings.window_days * DAY)
    who = orders.customer[inside]
    last = np.full(customers, -1, dtype=np.int64)
    np.maximum.at(last, who, orders.purchased_at[inside])
    in_window = last >= 0
    spend = np.bincount(who, orders.paid_cents[inside], minlength=customers) / 100
    occasions = _occasions(orders, inside, settings.same_occasion_hours * HOUR)
    review, low_review = _reviews(orders, inside, as_of)
    late = _late(orders, inside, as_of)
    waiting = in_window & ~_has_outcome(orders, inside, as_of, settings.outcome_days * DAY)
    # Where no review is known at all there is none to wait for.
    waiting &= np.isnan(review) & (stored is not None or not np.isnan(review).all())
    standing = np.full(customers, NOT_YET, dtype=np.int8)
    standing[orders.customer[placed]] = NO_VALID_ORDER
    standing[orders.customer[counted]] = INACTIVE
    standing[in_window] = ONE_TIME
    standing[waiting] = WAITING
    standing[occasions >= 2] = REPEAT
    imputed = np.isin(standing, (ONE_TIME, REPEAT)) & np.isnan(review)
    imputed &= settings.fill_reviews
    filled = impute_reviews(review, imputed, late, stored or missing_scores(review, late))
    return CustomerTable(
        as_of=as_of,
        window_days=settings.window_days,
        standing=standing,
        spend=spend,
        occasions=occasions,
        recency_days=np.where(in_window, (as_of - last) / DAY, np.nan),
        review=filled,
        review_imputed=imputed & ~np.isnan(filled),
        low_review=low_review,
        late=late,
    )


def missing_scores(review: Floats, late: Flags) -> MissingScores:
    """Return the median of the known scores of each outcome (methods, section 1.5).

    Never a constant such as 0, 3 or 5. Where no score of an outcome is known, the median of all.
    """
    known = ~np.isnan(review)
    if not known.any():
        return MissingScores(None, None)
    peers = (review[known & (late == outcome)] for outcome in (False, True))
    on_time, behind = (float(np.median(few if len(few) else review[known])) for few in peers)
    return MissingScores(on_time, behind)


def impute_reviews(review: Floats, imputed: Flags, late: Flags, scores: MissingScores) -> Floats:
    """Fill the marked scores with that of their outcome; where there is none, NaN stays."""
    filled = review.copy()
    for outcome, score in ((False, scores.on_time), (True, scores.late)):
        filled[imputed & (late == outcome)] = np.nan if score is None else score
    return filled


def _occasions(orders: OrderFacts, inside: Flags, gap_seconds: int) -> Ints:
    """Count purchase occasions: an order less than the gap after the previous one joins it."""
    rows = np.flatnonzero(inside)
    rows = rows[np.argsort(orders.customer[rows], kind="stable")]
    who, when = orders.customer[rows], orders.purchased_at[rows]
    starts = np.ones(len(rows), dtype=bool)
    starts[1:] = (who[1:] != who[:-1]) | (when[1:] - when[:-1] >= gap_seconds)
    return np.bincount(who[starts], minlength=len(orders.customer_ids)).astype(np.int64)


def known_scores(orders: OrderFacts, as_of: int) -> npt.NDArray[np.int8]:
    """Return the score of each order's last review answered by as_of, 0 without one."""
    events = np.flatnonzero(orders.review_event_at <= as_of)
    # Events stand by order, then by time: the last known one of an order ends its run.
    order = orders.review_event_order[events]
    last = np.append(order[1:] != order[:-1], True)[: len(order)]
    score = np.zeros(len(orders.purchased_at), dtype=np.int8)
    score[order[last]] = orders.review_event_score[events[last]]
    return score


def _reviews(orders: OrderFacts, inside: Flags, as_of: int) -> tuple[Floats, Flags]:
    """Return the mean score (NaN where none) and whether one was low, a customer."""
    customers = len(orders.customer_ids)
    scores = known_scores(orders, as_of)
    known = inside & (scores > 0)
    who, score = orders.customer[known], scores[known]
    count = np.bincount(who, minlength=customers)
    total = np.bincount(who, score, minlength=customers)
    mean = np.divide(total, count, out=np.full(customers, np.nan), where=count > 0)
    return mean, np.bincount(who[score <= LOW_REVIEW], minlength=customers) > 0


def _late(orders: OrderFacts, inside: Flags, as_of: int) -> Flags:
    """Return whether an order came after its promise, or has not come although it is past.

    Without dates of delivery in the source nobody is known to be late.
    """
    if orders.gaps.why(*PROMISE_KEPT):
        return np.zeros(len(orders.customer_ids), dtype=bool)
    came = (orders.delivered_at >= 0) & (orders.delivered_at <= as_of)
    arrival = np.where(came, orders.delivered_at, as_of)
    late = inside & (orders.estimated_at >= 0) & (arrival > orders.estimated_at)
    return np.bincount(orders.customer[late], minlength=len(orders.customer_ids)) > 0


def _has_outcome(orders: OrderFacts, inside: Flags, as_of: int, patience: int) -> Flags:
    """Return whether a delivery, or its promised date, is long enough past for a review.

    The purchase stands for them where the source holds neither.
    """
    if all(orders.gaps.why(name) for name in PROMISE_KEPT):
        done = inside & (orders.purchased_at + patience <= as_of)
        return np.bincount(orders.customer[done], minlength=len(orders.customer_ids)) > 0
    delivered = (orders.delivered_at >= 0) & (orders.delivered_at + patience <= as_of)
    promised = (orders.estimated_at >= 0) & (orders.estimated_at + patience <= as_of)
    done = inside & (delivered | promised)
    return np.bincount(orders.customer[done], minlength=len(orders.customer_ids)) > 0
