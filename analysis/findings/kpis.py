"""The figures of the Customer Experience dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from analysis.findings.values import Interval, NotComputed

FollowUpReason = Literal["late", "reviews"]
Standing = Literal["worse", "above", "normal", "unsure"]
# Where the levels of a quarter were not measured, such as in an earlier edition.
_NO_QUARTER = NotComputed("no_complete_month")


@dataclass(frozen=True)
class Movement:
    """How the late share moved from one quarter to the next: `difference` with its interval.

    Positive when more orders come late. The interval is Newcombe's hybrid score (1998, method 10).
    """

    recent_late_share: float
    before_late_share: float
    difference: float
    interval: Interval


@dataclass(frozen=True)
class Level:
    """A share of the recent quarter, of how many, with its interval (Wilson)."""

    counted: int
    share: float
    interval: Interval


@dataclass(frozen=True)
class NetworkLevels:
    """All orders of the recent quarter, and the rule that rows are held against.

    From `minimum_deliveries` on in the quarter a row is judged; it no longer stands out where
    it is sure to be under `normal_ratio` times these shares.
    """

    late: Level
    reviews: Level | NotComputed
    minimum_deliveries: int
    normal_ratio: float


@dataclass(frozen=True)
class Present:
    """Where a row stands in the recent quarter, against all orders of the same quarter.

    `reasons` are those whose whole interval lies above, `ratio` the largest lower end divided by
    the share of all orders, `late_part` the part of all late orders of the quarter that are this
    row's. `standing` is `worse` where the late share rose beyond chance since the quarter before,
    else `above` where there is a reason, `normal` where both intervals end under `normal_ratio`
    times the share of all orders, `unsure` where that cannot be told, for instance because the row
    has fewer than the minimum of deliveries.
    """

    late: Level | NotComputed
    reviews: Level | NotComputed
    late_part: float | NotComputed
    reasons: tuple[FollowUpReason, ...]
    ratio: float | NotComputed
    standing: Standing


@dataclass(frozen=True)
class FollowUp:
    """Whether a row of the dashboard needs follow-up, why, how surely, and how it moves.

    Listed for a reason when the whole interval of its share lies above that of all orders. `ratio`
    is the largest, over the reasons, of the interval's lower end divided by the share of all
    orders: how many times as often, at least; the row is listed when it is above 1. All of that is
    of the whole period; `present` says where the row stands by now.
    """

    reasons: tuple[FollowUpReason, ...]
    ratio: float | NotComputed
    movement: Movement | NotComputed
    present: Present | NotComputed = _NO_QUARTER


@dataclass(frozen=True)
class KpiRow:
    """The figures of one month, state, city, seller, category or of everything ("all").

    Orders are counted once per (order, key); an order with two sellers counts for both. Canceled
    are those canceled or unavailable. Late means delivered after the promised moment.
    `q95_delay_days` is the delay that at least 95 in 100 of the deliveries do not exceed (nearest
    rank). Low reviews are 1 and 2 stars; the answer time runs from the day on which the review was
    asked for. Returning orders are those of customers who had bought before. Revenue is the price
    of the items of delivered orders (sql/intermediate/order_facts.sql), without freight; the basket
    is revenue a delivered order, the freight's share is of price and freight. `follow_up` is None
    where rows are not compared: months, and everything.
    """

    key: str
    label: str
    state: str
    orders: int
    delivered: int
    canceled: int
    late: int | NotComputed
    reviews: int | NotComputed
    low_reviews: int | NotComputed
    first_orders: int
    returning_orders: int
    revenue_cents: int
    freight_cents: int | NotComputed
    delivered_share: float | NotComputed
    canceled_share: float | NotComputed
    late_share: float | NotComputed
    late_interval: Interval | NotComputed
    on_time_share: float | NotComputed
    mean_delay_days: float | NotComputed
    q95_delay_days: int | NotComputed
    mean_delivery_days: float | NotComputed
    mean_promised_days: float | NotComputed
    mean_review: float | NotComputed
    low_review_share: float | NotComputed
    low_review_interval: Interval | NotComputed
    mean_answer_days: float | NotComputed
    returning_share: float | NotComputed
    mean_basket_cents: float | NotComputed
    freight_share: float | NotComputed
    mean_instalments: float | NotComputed
    follow_up: FollowUp | None

    @property
    def needs_follow_up(self) -> bool:
        """Whether the row is listed, for whatever reason."""
        return self.follow_up is not None and bool(self.follow_up.reasons)

    @property
    def present(self) -> Present | NotComputed:
        """Where the row stands in the recent quarter."""
        return NotComputed("no_rows") if self.follow_up is None else self.follow_up.present

    @property
    def is_followed_now(self) -> bool:
        """Whether the row stands out by now; over the period where there is no recent quarter."""
        if isinstance(self.present, NotComputed):
            return self.needs_follow_up
        return self.present.standing in ("worse", "above")

    @property
    def is_followed_for_reviews_only(self) -> bool:
        """Whether the row stands out for its reviews alone: neither late nor getting worse."""
        if isinstance(self.present, NotComputed):
            return self.follow_up is not None and self.follow_up.reasons == ("reviews",)
        return self.present.standing == "above" and self.present.reasons == ("reviews",)

    def is_listed_for(self, reason: FollowUpReason) -> bool:
        """Return whether the row is listed for this reason."""
        return self.follow_up is not None and reason in self.follow_up.reasons


@dataclass(frozen=True)
class KpiTable:
    """One grain of the dashboard: rows with at least `minimum_orders`, and what was left out.

    Rows are ordered by `follow_up.ratio`, highest first; months by date. `listed_by_chance` is how
    many reasons would be given if every row had the shares of all orders: one interval in forty
    lies wholly above, the upper tail of 95 %. On average at most so many rows are then
    listed by chance.
    `without` says why there is no row at all, where the source does not hold what would tell rows
    apart. `followed_by_chance` is the same as `listed_by_chance` for the recent quarter.
    """

    grain: Literal["month", "state", "city", "seller", "category"]
    minimum_orders: int
    listed_by_chance: float
    rows: tuple[KpiRow, ...]
    left_out_keys: int
    left_out_orders: int
    without: NotComputed | None = None
    followed_by_chance: float = 0.0

    @property
    def followed_now(self) -> tuple[KpiRow, ...]:
        """The rows that stand out by now, the surest excess first."""
        rows = [row for row in self.rows if row.is_followed_now]
        return tuple(sorted(rows, key=lambda row: -_present_ratio(row)))

    @property
    def back_to_normal(self) -> tuple[KpiRow, ...]:
        """The rows listed over the period whose recent quarter is as that of all orders."""
        return self._listed_and("normal")

    @property
    def in_doubt(self) -> tuple[KpiRow, ...]:
        """The rows listed over the period of which the recent quarter does not say enough."""
        return self._listed_and("unsure")

    def _listed_and(self, standing: Standing) -> tuple[KpiRow, ...]:
        return tuple(
            row
            for row in self.rows
            if row.needs_follow_up
            and isinstance(row.present, Present)
            and row.present.standing == standing
        )


def _present_ratio(row: KpiRow) -> float:
    """Return how surely a row stands out by now; over the period where it is not known."""
    found = row.present
    ratio = row.follow_up.ratio if isinstance(found, NotComputed) and row.follow_up else 0.0
    if isinstance(found, Present):
        ratio = found.ratio
    return 0.0 if isinstance(ratio, NotComputed) else ratio


@dataclass(frozen=True)
class Quarters:
    """The last three complete months and the three before them, written YYYY-MM.

    A month is complete when it has ended and nearly all its orders have an outcome.
    """

    before_from: str
    before_until: str
    recent_from: str
    recent_until: str


@dataclass(frozen=True)
class PaymentType:
    """Orders by their largest payment's type; shares are of the orders with a payment.

    Instalments are the mean over the orders; revenue is that of the whole orders.
    """

    name: str
    orders: int
    order_share: float
    revenue_cents: int
    mean_instalments: float | NotComputed


@dataclass(frozen=True)
class InstalmentCount:
    """Orders paid in so many instalments; shares are of the orders with a payment."""

    instalments: int
    orders: int
    order_share: float
    revenue_cents: int


@dataclass(frozen=True)
class PackedColumn:
    """A column of the dashboard's lines: little-endian integers, zlib, base64.

    `names` is the dictionary when the numbers are positions in it. `absent` stands for no value.
    """

    name: str
    kind: Literal["int8", "int16", "int32", "float64"]
    absent: int
    data: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DashboardLines:
    """One row an order and seller (sql/marts/dashboard_lines.sql), for the dashboard's filters.

    Of the orders bought from `since` on; None where it is all of them.
    """

    rows: int
    columns: tuple[PackedColumn, ...]
    city_names_merged: int
    since: datetime | None = None


@dataclass(frozen=True)
class Query:
    """A query as the client's analysts may paste it into the sqlite3 shell on their own tables."""

    name: str
    sql: str


@dataclass(frozen=True)
class Kpis:
    """The Customer Experience figures, and the queries behind them.

    A promised date is a day, kept as the moment at which it starts; `late_on_the_day` counts the
    late orders that still came on that day, `late_share_by_day` is the late share without them.
    `movement` is that of all orders between the `quarters`, `present` their shares in the recent
    one.
    """

    total: KpiRow
    late_on_the_day: int
    late_share_by_day: float | NotComputed
    quarters: Quarters | NotComputed
    movement: Movement | NotComputed
    by_month: KpiTable
    by_state: KpiTable
    by_city: KpiTable
    by_seller: KpiTable
    by_category: KpiTable
    payment_types: tuple[PaymentType, ...] | NotComputed
    instalments: tuple[InstalmentCount, ...] | NotComputed
    lines: DashboardLines | NotComputed
    queries: tuple[Query, ...]
    present: NetworkLevels | NotComputed = _NO_QUARTER

    def judged_now(self, table: KpiTable) -> int:
        """The rows of a table with enough deliveries in the recent quarter to be judged by it."""
        if isinstance(self.present, NotComputed):
            return 0
        levels = (row.present.late for row in table.rows if isinstance(row.present, Present))
        least = self.present.minimum_deliveries
        return sum(isinstance(level, Level) and level.counted >= least for level in levels)

    def late_part(self, row: KpiRow) -> float | NotComputed:
        """The part (0 to 1) of all late orders of the whole period that are this row's."""
        if isinstance(row.late, NotComputed) or isinstance(self.total.late, NotComputed):
            return NotComputed("no_rows")
        return row.late / self.total.late if self.total.late else NotComputed("no_rows")
