"""The Customer Experience figures by month, state, city and seller, from sql/marts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from analysis import queries
from analysis.customers import DAY, LOW_REVIEW
from analysis.findings import KpiRow, Kpis, KpiTable, NotComputed, Period, Query
from analysis.kpi_gaps import why_no_rows, without_unknown
from analysis.lines import pack_lines, place_name
from analysis.measures import wilson_interval
from analysis.settings import Settings
from analysis.tables import OLIST_DB_NAMES

if TYPE_CHECKING:
    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

Grain = Literal["month", "state", "city", "seller"]

# Made once as tables, because every mart reads them.
SHARED_TABLES = ("order_facts", "order_lines", "order_cities")
MARTS = (
    "kpis_total",
    "kpis_by_month",
    "kpis_by_state",
    "kpis_by_city",
    "kpis_by_seller",
    "dashboard_lines",
)
# Of the keys with the network's own late share, this part has a 95 % interval wholly above it.
UPPER_TAIL = 0.025
_NO_ROWS = NotComputed("no_rows")
_NO_REVIEWS = NotComputed("missing_table", expected="order_reviews")


def measure_kpis(
    source: OpenSource, orders: OrderFacts, period: Period, settings: Settings
) -> Kpis:
    """Measure the dashboard's figures over all that was bought, and known, by period.as_of.

    Months have no minimum of orders; states, cities and sellers have that of the settings.
    """
    parameters = kpi_parameters(period)
    minimum = settings.dashboard.minimum_orders
    with queries.shared_tables(source.connection, SHARED_TABLES, parameters):
        marts = {
            name: queries.run_query(source.connection, f"marts/{name}", parameters)
            for name in MARTS
        }
    total = _row(marts["kpis_total"].to_pylist()[0], orders)

    def table(grain: Grain, at_least: int) -> KpiTable:
        rows = marts[f"kpis_by_{grain}"].to_pylist()
        return _table(grain, rows, at_least, total.late_share, orders)

    on_the_day, dated = late_on_the_day(orders)
    return Kpis(
        total=total,
        late_on_the_day=on_the_day,
        late_share_by_day=total.late
        if isinstance(total.late, NotComputed)
        else _ratio(total.late - on_the_day, dated),
        by_month=table("month", 1),
        by_state=table("state", minimum),
        by_city=table("city", minimum),
        by_seller=table("seller", minimum),
        lines=pack_lines(marts["dashboard_lines"]),
        queries=render_marts(parameters, source.gaps.tables),
    )


def late_on_the_day(orders: OrderFacts) -> tuple[int, int]:
    """Return the late orders that came on the promised day, and the orders with both dates.

    A promise is the start of a day: an order that comes later on that day is late by the hour.
    """
    dated = orders.is_delivered & (orders.delivered_at >= 0) & (orders.estimated_at >= 0)
    late = dated & (orders.delivered_at > orders.estimated_at)
    same_day = orders.delivered_at // DAY == orders.estimated_at // DAY
    return int((late & same_day).sum()), int(dated.sum())


def kpi_parameters(period: Period) -> queries.Parameters:
    """Return what the marts are bound with."""
    return {"as_of": period.as_of, "low_review": LOW_REVIEW}


def render_marts(parameters: queries.Parameters, absent: Collection[str] = ()) -> tuple[Query, ...]:
    """Return the marts as they run in the sqlite3 shell on the client's own tables.

    `absent` names the canonical tables that the client does not have.
    """

    def text(name: str) -> str:
        mart = f"marts/{name}"
        return queries.render_query(mart, "sqlite", parameters, OLIST_DB_NAMES, absent)

    return tuple(Query(name, text(name)) for name in MARTS)


def _table(
    grain: Grain,
    mart: list[Mapping[str, Any]],
    minimum: int,
    network: float | NotComputed,
    orders: OrderFacts,
) -> KpiTable:
    """Return one grain of the dashboard: the keys with enough orders, in order of urgency."""
    without = why_no_rows(grain, orders.gaps)
    mart = [] if without else mart
    rows = [_row(row, orders) for row in mart if row["orders"] >= minimum]
    if grain == "city":
        rows = [replace(row, label=place_name(row.label)) for row in rows]
    if grain != "month":
        rows = sorted((_marked(row, network) for row in rows), key=_urgency)
    left_out = [row["orders"] for row in mart if row["orders"] < minimum]
    judged = sum(not isinstance(row.late_share, NotComputed) for row in rows)
    return KpiTable(
        grain=grain,
        minimum_orders=minimum,
        listed_by_chance=judged * UPPER_TAIL,
        rows=tuple(rows),
        left_out_keys=len(left_out),
        left_out_orders=sum(left_out),
        without=without,
    )


def _row(mart: Mapping[str, Any], facts: OrderFacts) -> KpiRow:
    """Return a row of the dashboard from a row of a mart (sql/intermediate/kpi_measures.sql)."""
    counts = {name: int(value) for name, value in mart.items() if not name.startswith("kpi_")}
    dated, reviews, low = counts["dated"], counts["reviews"], counts["low_reviews"]
    has_reviews = facts.has_reviews
    without = _NO_ROWS if has_reviews else _NO_REVIEWS
    row = KpiRow(
        key=mart["kpi_key"],
        label=mart["kpi_label"],
        state=mart["kpi_state"],
        orders=counts["orders"],
        delivered=counts["delivered"],
        canceled=counts["canceled"],
        late=counts["late"],
        reviews=reviews if has_reviews else without,
        low_reviews=low if has_reviews else without,
        revenue_cents=counts["revenue_cents"],
        freight_cents=counts["freight_cents"],
        delivered_share=_ratio(counts["delivered"], counts["orders"]),
        late_share=_ratio(counts["late"], dated),
        late_interval=wilson_interval(counts["late"], dated) if dated else _NO_ROWS,
        mean_delay_days=_ratio(counts["delay_days"], dated),
        mean_delivery_days=_ratio(counts["delivery_days"], counts["received"]),
        mean_promised_days=_ratio(counts["promised_days"], counts["promised"]),
        mean_review=_ratio(counts["stars"], reviews, without),
        low_review_share=_ratio(low, reviews, without),
        low_review_interval=wilson_interval(low, reviews) if reviews else without,
        needs_follow_up=False,
    )
    return without_unknown(row, facts.gaps)


def _ratio(part: int, whole: int, without: NotComputed = _NO_ROWS) -> float | NotComputed:
    return part / whole if whole else without


def _marked(row: KpiRow, network: float | NotComputed) -> KpiRow:
    """Mark a row whose late share is surely above the network's."""
    interval = row.late_interval
    if isinstance(interval, NotComputed) or isinstance(network, NotComputed):
        return row
    return replace(row, needs_follow_up=interval.low > network)


def _urgency(row: KpiRow) -> tuple[bool, float, str]:
    """Order by the lower bound of the late share, highest first; what has none comes last."""
    if isinstance(row.late_interval, NotComputed):
        return True, 0.0, row.key
    return False, -row.late_interval.low, row.key
