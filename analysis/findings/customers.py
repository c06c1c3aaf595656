"""Who the customers are: how many stand where, and what a group of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analysis.findings.values import NOT_MEASURED, Interval, NotComputed, Quartiles, Share


@dataclass(frozen=True)
class CustomerCounts:
    """Everybody, by what the rules say of them. The parts add up to `total`.

    `one_time` customers are clustered; `repeat` (two purchase occasions or more in the window) are
    a segment by rule; `waiting` have no outcome yet; `inactive` bought before the window;
    `no_valid_order` only have cancelled or unavailable orders. `reviews_imputed` counts customers
    of the window without a review whose score was filled in (methods, section 1.5),
    `reviews_absent` those for whom it was not: too many had none. `outcome_days` is how long after
    a delivery, or its promised date, somebody without a review is waited for. `bought_later` counts
    those, outside of `total`, whose first order came after `described_on`; orders less than
    `occasion_hours` apart are one purchase.
    """

    described_on: datetime
    window_days: int
    outcome_days: int
    total: int
    one_time: int
    repeat: int
    waiting: int
    inactive: int
    no_valid_order: int
    reviews_imputed: int
    reviews_absent: int = 0
    bought_later: int = 0
    occasion_hours: int | NotComputed = NOT_MEASURED


# Of findings that were written before the interval was measured.


@dataclass(frozen=True)
class Profile:
    """What a group of customers is, in the client's units, over the window.

    Spend is the sum paid, freight included; revenue is the price of the items of delivered orders.
    Shares of low reviews are of the reviews, shares of late ones of the orders delivered. The
    interval of the revenue's share is that of a ratio of two totals over customers
    (measures.total_share_interval).
    """

    customers: int
    customer_share: float
    revenue_cents: int
    revenue_share: float
    spend: Quartiles
    occasions_mean: float
    recency_days: Quartiles
    mean_review: float | NotComputed
    review_counts: tuple[int, int, int, int, int] | NotComputed
    low_review_share: float | NotComputed
    low_review_interval: Interval | NotComputed
    late_share: float | NotComputed
    late_interval: Interval | NotComputed
    delivery_days: Quartiles | NotComputed
    freight_share: float | NotComputed
    instalments_mean: float | NotComputed
    top_states: tuple[Share, ...]
    top_categories: tuple[Share, ...]
    revenue_interval: Interval | NotComputed = NOT_MEASURED
