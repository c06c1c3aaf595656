"""The Customer Experience figures at every grain, and how customers pay, from sql/marts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from analysis import queries
from analysis.customers import DAY, LOW_REVIEW
from analysis.findings import (
    DashboardLines,
    InstalmentCount,
    KpiRow,
    Kpis,
    KpiTable,
    Movement,
    NetworkLevels,
    NotComputed,
    PaymentType,
    Period,
    Present,
    Quarters,
    Query,
)
from analysis.follow_up import (
    Deliveries,
    expected_by_chance,
    find_quarters,
    measure_movement,
    quarter_bounds,
    with_follow_up,
)
from analysis.kpi_gaps import why_no_late, why_no_rows, without_unknown
from analysis.lines import pack_lines, place_name
from analysis.measures import wilson_interval
from analysis.parallel import in_processes
from analysis.settings import Settings
from analysis.standing import followed_by_chance, measure_present, network_levels
from analysis.tables import OLIST_DB_NAMES

if TYPE_CHECKING:
    from analysis.gaps import Gaps
    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

Grain = Literal["month", "state", "city", "seller", "category"]
Rows = list[dict[str, Any]]

# Made once as tables, because every mart reads them.
SHARED_TABLES = ("order_facts", "order_lines", "order_cities")
# Compared with all orders, and with themselves a quarter before.
COMPARED: tuple[Grain, ...] = ("state", "city", "seller", "category")
MARTS = (
    "kpis_total",
    "kpis_by_month",
    *(f"kpis_by_{grain}" for grain in COMPARED),
    "payment_types",
    "instalments",
    "dashboard_lines",
)
DELAY_PERCENT = 95
_NO_ROWS = NotComputed("no_rows")


class _Quarter(NamedTuple):
    """The deliveries of a quarter, of all orders and by grain and key."""

    total: Deliveries
    by_grain: Mapping[Grain, Mapping[str, Deliveries]]


class _Compared(NamedTuple):
    """What the rows of a table are compared with: all orders, and themselves by quarter."""

    total: KpiRow
    quarters: tuple[_Quarter, _Quarter] | NotComputed
    network: NetworkLevels | NotComputed
    minimum: int


def measure_kpis(
    source: OpenSource, orders: OrderFacts | None, period: Period, settings: Settings
) -> Kpis:
    """Measure the dashboard's figures over all that was bought, and known, by period.as_of.

    Months have no minimum of orders; the other grains have that of the settings. Without the
    orders, which are too many to be read, the dashboard has no lines.
    """
    parameters = kpi_parameters(period)
    minimum = settings.dashboard.minimum_orders
    gaps = source.gaps
    made = [name for name in SHARED_TABLES if not source.keeps(name, parameters)]
    with queries.shared_tables(source.connection, made, parameters):
        marts = {name: _mart(source, name, parameters) for name in MARTS[:-1]}
        late = _late_on_the_day(source, parameters) if orders is None else (0, 0)
        months = _month_table(marts["kpis_by_month"], gaps)
        lines = _lines(source, orders, period, settings, parameters, months.rows)
        share = settings.dashboard.complete_share
        quarters = find_quarters(months.rows, period.as_of, share)
        compared = why_no_late(gaps) or _compared_quarters(source, quarters, parameters)
    total = _row(marts["kpis_total"][0], gaps)
    network = _network(compared, settings)
    against = _Compared(total, compared, network, minimum)

    def table(grain: Grain) -> KpiTable:
        without = why_no_rows(grain, gaps)
        mart = [] if without else marts[f"kpis_by_{grain}"]
        return replace(_table(grain, mart, against, gaps), without=without)

    on_the_day, dated = late if orders is None else late_on_the_day(orders)
    return Kpis(
        total=total,
        late_on_the_day=on_the_day,
        late_share_by_day=total.late
        if isinstance(total.late, NotComputed)
        else _ratio(total.late - on_the_day, dated),
        quarters=quarters,
        movement=_total_movement(compared, minimum),
        by_month=months,
        by_state=table("state"),
        by_city=table("city"),
        by_seller=table("seller"),
        by_category=table("category"),
        payment_types=_payment_types(marts["payment_types"], gaps),
        instalments=_instalments(marts["instalments"], gaps),
        lines=lines,
        queries=render_marts(_as_shown(parameters, lines), gaps.tables),
        present=network,
    )


def _lines(
    source: OpenSource,
    orders: OrderFacts | None,
    period: Period,
    settings: Settings,
    parameters: queries.Parameters,
    months: Sequence[KpiRow],
) -> DashboardLines | NotComputed:
    """Return what the dashboard filters, one row an order and seller."""
    if orders is None:
        most = settings.scale.fit_customers
        return NotComputed("too_many_orders", found=str(period.orders), expected=str(most))
    since = lines_since(months, settings.dashboard.most_orders)
    if since is not None:
        parameters = {**parameters, "lines_from": since}
    rows = queries.run_query(source.connection, "marts/dashboard_lines", parameters)
    return pack_lines(rows, since)


def _as_shown(
    parameters: queries.Parameters, lines: DashboardLines | NotComputed
) -> queries.Parameters:
    """Return the parameters that give the lines of the dashboard once more."""
    if isinstance(lines, NotComputed) or lines.since is None:
        return parameters
    return {**parameters, "lines_from": lines.since}


def _late_on_the_day(source: OpenSource, parameters: queries.Parameters) -> tuple[int, int]:
    """Count as `late_on_the_day` does, where the orders are."""
    (row,) = _mart(source, "late_on_the_day", parameters)
    return int(row["late_on_the_day"]), int(row["dated"])


def lines_since(months: Sequence[KpiRow], most: int) -> datetime | None:
    """Return from when on the dashboard holds the orders; None where it holds all of them.

    The latest whole months with at most so many orders together, and the last one anyway.
    """
    kept = 0
    for place, month in reversed(list(enumerate(months))):
        kept += month.orders
        if kept > most and place < len(months) - 1:
            return datetime.fromisoformat(f"{months[place + 1].key}-01")
    return None


def measure_since(source: OpenSource, period: Period, after: datetime) -> KpiRow:
    """Measure the figures of the orders bought after a moment, as known by period.as_of."""
    parameters = kpi_parameters(period)
    parameters = {**parameters, "bought_from": after.replace(microsecond=0) + timedelta(seconds=1)}
    made = [name for name in SHARED_TABLES if not source.keeps(name, kpi_parameters(period))]
    with queries.shared_tables(source.connection, made, kpi_parameters(period)):
        (row,) = _mart(source, "kpis_total", parameters)
    return _row(row, source.gaps)


def late_on_the_day(orders: OrderFacts) -> tuple[int, int]:
    """Return the late orders that came on the promised day, and the orders with both dates.

    A promise is the start of a day: an order that comes later on that day is late by the hour.
    """
    dated = orders.is_delivered & (orders.delivered_at >= 0) & (orders.estimated_at >= 0)
    late = dated & (orders.delivered_at > orders.estimated_at)
    same_day = orders.delivered_at // DAY == orders.estimated_at // DAY
    return int((late & same_day).sum()), int(dated.sum())


def kpi_parameters(period: Period) -> queries.Parameters:
    """Return what the marts are bound with: everything bought and known by period.as_of."""
    return {
        "as_of": period.as_of,
        "bought_from": period.first_purchase,
        "lines_from": period.first_purchase,
        "bought_before": period.as_of.replace(microsecond=0) + timedelta(seconds=1),
        "low_review": LOW_REVIEW,
        "delay_percent": DELAY_PERCENT,
    }


def render_marts(parameters: queries.Parameters, absent: Collection[str] = ()) -> tuple[Query, ...]:
    """Return the marts as they run in the sqlite3 shell on the client's own tables.

    `absent` names the canonical tables that the client does not have.
    """

    def text(name: str) -> str:
        mart = f"marts/{name}"
        return queries.render_query(mart, "sqlite", parameters, OLIST_DB_NAMES, absent)

    return tuple(map(Query, MARTS, in_processes(text, MARTS)))


def _mart(source: OpenSource, name: str, parameters: queries.Parameters) -> Rows:
    rows: Rows = queries.run_query(source.connection, f"marts/{name}", parameters).to_pylist()
    return rows


# ---------------------------------------------------------------- the quarters


def _compared_quarters(
    source: OpenSource, quarters: Quarters | NotComputed, parameters: queries.Parameters
) -> tuple[_Quarter, _Quarter] | NotComputed:
    """Return the deliveries of the recent quarter and of the one before, by the same marts."""
    if isinstance(quarters, NotComputed):
        return quarters
    return (
        _quarter(source, quarter_bounds(quarters.recent_from, quarters.recent_until), parameters),
        _quarter(source, quarter_bounds(quarters.before_from, quarters.before_until), parameters),
    )


def _quarter(
    source: OpenSource, bounds: tuple[datetime, datetime], parameters: queries.Parameters
) -> _Quarter:
    bound = {**parameters, "bought_from": bounds[0], "bought_before": bounds[1]}
    names = Deliveries.names()
    columns = ("kpi_key", *names)

    def deliveries(name: str) -> dict[str, Deliveries]:
        # Only what is asked for: the engine then leaves the other figures out.
        rows = queries.run_columns(
            source.connection, f"marts/{name}", columns, bound, ("kpi_key",)
        ).to_pylist()
        return {row["kpi_key"]: Deliveries(*(int(row[one] or 0) for one in names)) for row in rows}

    return _Quarter(
        total=deliveries("kpis_total").get("all", Deliveries()),
        by_grain={grain: deliveries(f"kpis_by_{grain}") for grain in COMPARED},
    )


def _movements(grain: Grain, mart: Rows, against: _Compared) -> dict[str, Movement | NotComputed]:
    keys = [row["kpi_key"] for row in mart]
    if isinstance(against.quarters, NotComputed):
        return dict.fromkeys(keys, against.quarters)
    recent, before = (quarter.by_grain[grain] for quarter in against.quarters)
    none, minimum = Deliveries(), against.minimum
    return {
        key: measure_movement(recent.get(key, none), before.get(key, none), minimum) for key in keys
    }


def _presents(
    grain: Grain, movements: Mapping[str, Movement | NotComputed], against: _Compared
) -> dict[str, Present | NotComputed]:
    if isinstance(against.quarters, NotComputed):
        return dict.fromkeys(movements, against.quarters)
    if isinstance(against.network, NotComputed):
        return dict.fromkeys(movements, against.network)
    recent = against.quarters[0].by_grain[grain]
    return {
        key: measure_present(recent.get(key, Deliveries()), against.network, movement)
        for key, movement in movements.items()
    }


def _network(
    compared: tuple[_Quarter, _Quarter] | NotComputed, settings: Settings
) -> NetworkLevels | NotComputed:
    if isinstance(compared, NotComputed):
        return compared
    dashboard = settings.dashboard
    return network_levels(compared[0].total, dashboard.minimum_orders, dashboard.normal_ratio)


def _total_movement(
    compared: tuple[_Quarter, _Quarter] | NotComputed, minimum: int
) -> Movement | NotComputed:
    if isinstance(compared, NotComputed):
        return compared
    return measure_movement(compared[0].total, compared[1].total, minimum)


# ---------------------------------------------------------------- the tables


def _month_table(mart: Rows, gaps: Gaps) -> KpiTable:
    return KpiTable(
        grain="month",
        minimum_orders=1,
        listed_by_chance=0.0,
        rows=tuple(_row(row, gaps) for row in mart),
        left_out_keys=0,
        left_out_orders=0,
    )


def _table(grain: Grain, mart: Rows, against: _Compared, gaps: Gaps) -> KpiTable:
    """Return one grain of the dashboard: the keys with enough orders, in order of urgency."""
    minimum, movements = against.minimum, _movements(grain, mart, against)
    rows = [_row(row, gaps) for row in mart if row["orders"] >= minimum]
    if grain == "city":
        rows = [replace(row, label=place_name(row.label)) for row in rows]
    left_out = [row["orders"] for row in mart if row["orders"] < minimum]
    judged = with_follow_up(rows, against.total, movements, _presents(grain, movements, against))
    return KpiTable(
        grain=grain,
        minimum_orders=minimum,
        listed_by_chance=expected_by_chance(rows),
        rows=judged,
        left_out_keys=len(left_out),
        left_out_orders=sum(left_out),
        followed_by_chance=followed_by_chance(judged, against.network),
    )


def _row(mart: Mapping[str, Any], gaps: Gaps) -> KpiRow:
    """Return a row of the dashboard from a row of a mart (sql/intermediate/kpi_measures.sql)."""
    counts = {name: int(mart[name] or 0) for name in mart if not name.startswith("kpi_")}
    orders, delivered, dated = counts["orders"], counts["delivered"], counts["dated"]
    reviews, low = counts["reviews"], counts["low_reviews"]
    revenue, freight = counts["revenue_cents"], counts["freight_cents"]
    row = KpiRow(
        key=mart["kpi_key"],
        label=mart["kpi_label"],
        state=mart["kpi_state"],
        orders=orders,
        delivered=delivered,
        canceled=counts["canceled"],
        late=counts["late"],
        reviews=reviews,
        low_reviews=low,
        first_orders=counts["first_orders"],
        returning_orders=counts["returning_orders"],
        revenue_cents=revenue,
        freight_cents=freight,
        delivered_share=_ratio(delivered, orders),
        canceled_share=_ratio(counts["canceled"], orders),
        late_share=_ratio(counts["late"], dated),
        late_interval=wilson_interval(counts["late"], dated) if dated else _NO_ROWS,
        on_time_share=_ratio(dated - counts["late"], dated),
        mean_delay_days=_ratio(counts["delay_days"], dated),
        q95_delay_days=counts["delay_days_q95"] if dated else _NO_ROWS,
        mean_delivery_days=_ratio(counts["delivery_days"], counts["received"]),
        mean_promised_days=_ratio(counts["promised_days"], counts["promised"]),
        mean_review=_ratio(counts["stars"], reviews),
        low_review_share=_ratio(low, reviews),
        low_review_interval=wilson_interval(low, reviews) if reviews else _NO_ROWS,
        mean_answer_days=_ratio(counts["answer_days"], counts["answered"]),
        returning_share=_ratio(counts["returning_orders"], orders),
        mean_basket_cents=_ratio(revenue, delivered),
        freight_share=_ratio(freight, revenue + freight),
        mean_instalments=_ratio(counts["instalments"], counts["paid"]),
        follow_up=None,
    )
    return without_unknown(row, gaps)


def _payment_types(mart: Rows, gaps: Gaps) -> tuple[PaymentType, ...] | NotComputed:
    orders = sum(row["orders"] for row in mart)
    without = gaps.why("order_payments", "order_payments.payment_type")
    if without or not orders:
        return without or _NO_ROWS
    return tuple(
        PaymentType(
            name=row["payment_type"],
            orders=row["orders"],
            order_share=row["orders"] / orders,
            revenue_cents=int(row["revenue_cents"]),
            mean_instalments=_ratio(int(row["instalments"]), row["paid"]),
        )
        for row in mart
    )


def _instalments(mart: Rows, gaps: Gaps) -> tuple[InstalmentCount, ...] | NotComputed:
    orders = sum(row["orders"] for row in mart)
    without = gaps.why("order_payments", "order_payments.payment_installments")
    if without or not orders:
        return without or _NO_ROWS
    return tuple(
        InstalmentCount(
            instalments=row["whole_instalments"],
            orders=row["orders"],
            order_share=row["orders"] / orders,
            revenue_cents=int(row["revenue_cents"]),
        )
        for row in mart
    )


def _ratio(part: int, whole: int) -> float | NotComputed:
    return part / whole if whole else _NO_ROWS
