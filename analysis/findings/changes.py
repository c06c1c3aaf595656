"""What changed since an earlier edition: segments, customers, figures, recommendation, promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from analysis.findings.kpis import KpiRow
from analysis.findings.stability import Migration, Refresh
from analysis.findings.values import Interval, NotComputed

MatchedBy = Literal["both_maps", "common_customers", "profiles"]
ChangeCode = Literal[
    "customer_share",
    "revenue_share",
    "spend",
    "review",
    "low_review_share",
    "late_share",
]
PromiseVerdict = Literal["held", "held_beyond", "broken", "broken_beyond"]


@dataclass(frozen=True)
class EditionFacts:
    """One of the two editions: its data, until when, over which window, what it rests on.

    `described_on` is the day that its customers are described as of.
    """

    as_of: datetime
    described_on: datetime
    window_days: int
    orders: int
    customers: int
    fingerprint: str
    program_version: str


@dataclass(frozen=True)
class FigureChange:
    """A figure then and now, the difference with its 95 % interval, and whether it is told.

    `difference` is now less then; for `spend`, a median, it is relative: 0.1 is a tenth more. The
    interval takes the two editions as independent: customers of both make it too wide, never too
    narrow. `moved` needs an interval without 0 and a difference that is worth telling.
    """

    code: ChangeCode
    then: float | NotComputed
    now: float | NotComputed
    difference: float | NotComputed
    interval: Interval | NotComputed
    moved: bool


@dataclass(frozen=True)
class SegmentChange:
    """A segment in the two editions, labels matched.

    `kept` is in both, `new` in none before, `lost` in none now; the persona that it does not have
    is empty. `overlap` is the Jaccard index of the two maps (customers that both put in it, of
    those that one does), where customers decided the matching.
    """

    segment_id: str
    status: Literal["kept", "new", "lost"]
    persona_then: str
    number_then: int
    persona_now: str
    number_now: int
    overlap: float | NotComputed
    customers_then: int
    customers_now: int
    figures: tuple[FigureChange, ...]


@dataclass(frozen=True)
class CustomerFlow:
    """Customers by whether they have a segment then and now; the parts add up.

    In a segment then: `stayed`, `moved` to another or `gone` from all. In one now: `stayed`,
    `moved`, `new` (bought for the first time since) or `joined` (known then, without a segment).
    Of the moved, `moved_by_customers` would have changed under the earlier map as well; for
    `moved_by_map` it is the map that was drawn anew. The interval is Wilson's, of those in both.
    """

    then: int
    now: int
    stayed: int
    moved: int
    moved_by_customers: int
    moved_by_map: int
    gone: int
    new: int
    joined: int
    moved_share: float | NotComputed
    moved_interval: Interval | NotComputed


@dataclass(frozen=True)
class KpiChange:
    """The shop's figures as the earlier edition stated them, and those of the orders since.

    `late` and `low_reviews` are differences of shares, since less then, with Newcombe's interval.
    """

    then: KpiRow
    since: KpiRow
    late: FigureChange
    low_reviews: FigureChange


@dataclass(frozen=True)
class LineChange:
    """A line of the recommended offer in the two editions; absent is a quantity of 0."""

    code: str
    quantity_then: int
    quantity_now: int
    amount_then: Decimal | NotComputed
    amount_now: Decimal | NotComputed


@dataclass(frozen=True)
class RecommendationChange:
    """The recommended interval and the price of the recommended offer, then and now.

    `lines` are those whose quantity or amount differs. Prices of two currencies are not compared.
    """

    then: Refresh | NotComputed
    now: Refresh | NotComputed
    currency_then: str
    currency_now: str
    total_then: Decimal | NotComputed
    total_now: Decimal | NotComputed
    day_rate_then: Decimal | NotComputed
    day_rate_now: Decimal | NotComputed
    lines: tuple[LineChange, ...]


@dataclass(frozen=True)
class Promise:
    """Whether the earlier model held as long as was promised, measured on the present customers.

    The earlier model against a warm refit of the same kind on the window that ends now, as
    `playbook monitor` does. `held`: no alarm (an ARI below the threshold and the floor) by now;
    `broken`: an alarm; `_beyond`: the promised interval had ended before.
    """

    months: int
    due_on: date
    age_days: int
    customers: int
    ari: float
    agreement_share: float
    threshold_ari: float
    floor_ari: float
    verdict: PromiseVerdict


@dataclass(frozen=True)
class Changes:
    """What changed since an earlier edition.

    `matched_by` says what decided which earlier segment each present one is: the present customers
    under both maps, the customers of both editions, or the profiles alone. `matched_customers` is
    how many decided. `orders_then_now` is how many orders of the earlier period the present extract
    holds. Of the `compared` intervals about `moved_by_chance` leave out 0 where nothing changed;
    smaller differences than the three given are not told as moves (settings.Editions).
    """

    then: EditionFacts
    now: EditionFacts
    orders_then_now: int
    matched_by: MatchedBy | NotComputed
    matched_customers: int
    segments: tuple[SegmentChange, ...] | NotComputed
    compared: int
    moved_by_chance: float
    share_difference: float
    spend_difference: float
    review_difference: float
    customers: CustomerFlow | NotComputed
    migration: Migration | NotComputed
    kpis: KpiChange
    recommendation: RecommendationChange
    promise: Promise | NotComputed
