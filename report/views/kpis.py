"""The Customer Experience figures in words: cards, states, cities, sellers, months."""

from __future__ import annotations

from analysis.findings import Findings, Interval, KpiRow, KpiTable, NotComputed
from report.views.figures import (
    Column,
    IntervalBars,
    IntervalRow,
    Mark,
    MonthlyLine,
    Series,
    Table,
    round_axis,
)
from report.views.records import Absence, Card, KpiView
from report.wording import Wording

TABLE_ROWS = 12
# Sellers are named by the start of their identifier; the dashboard has it whole.
SHORT_ID = 8


def kpi_view(findings: Findings, wording: Wording) -> KpiView:
    """Return the section on delivery and satisfaction."""
    kpis, currency = findings.kpis, findings.period.currency
    return KpiView(
        states_table=_table(kpis.by_state, currency, wording),
        states_figure=states_figure(kpis.by_state, kpis.total, wording),
        cities_table=_table(kpis.by_city, currency, wording),
        sellers_table=_table(kpis.by_seller, currency, wording),
        rule=follow_up_rule(findings, wording),
        definitions=_definitions(findings, wording),
    )


def follow_up_rule(findings: Findings, wording: Wording) -> str:
    """Return the sentence that says who is listed as to be followed."""
    if isinstance(findings.kpis.total.late_share, NotComputed):
        return wording.gettext("Nobody can be listed as to be followed: lateness is not known.")
    return wording.gettext(
        "To follow: the whole confidence interval of the late rate lies above the rate of all "
        "orders (%(late)s). The order is that of the interval's lower end, so that nobody is "
        "named because of a handful of orders; from %(minimum)s orders on.",
        late=wording.cell(findings.kpis.total.late_share, wording.share),
        minimum=wording.integer(findings.kpis.by_state.minimum_orders),
    )


def total_cards(findings: Findings, wording: Wording) -> tuple[Card, ...]:
    """Return the figures of all orders, to read at a glance."""
    _, total = wording.gettext, findings.kpis.total
    currency = findings.period.currency
    return (
        Card(
            "orders",
            wording.integer(total.orders),
            _("orders"),
            _("of which %(delivered)s delivered", delivered=wording.integer(total.delivered)),
        ),
        Card(
            "revenue",
            wording.cents(total.revenue_cents, currency),
            _("revenue"),
            _("price of the items of delivered orders"),
        ),
        Card(
            "late_share",
            wording.cell(total.late_share, wording.share),
            _("delivered late"),
            _interval_or_reason(total.late_share, total.late_interval, wording),
        ),
        Card(
            "mean_delivery_days",
            wording.cell(total.mean_delivery_days, wording.days_one),
            _("to deliver, on average"),
            _promised(total, wording),
        ),
        Card(
            "mean_review",
            wording.cell(total.mean_review, wording.stars),
            _("mean review"),
            _reviews(total, wording),
        ),
        Card(
            "low_review_share",
            wording.cell(total.low_review_share, wording.share),
            _("reviews of one or two stars"),
            _interval_or_reason(total.low_review_share, total.low_review_interval, wording),
        ),
    )


def _interval_or_reason(
    value: float | NotComputed, interval: Interval | NotComputed, wording: Wording
) -> str:
    """Return the interval of a figure, or why the figure is not there."""
    if isinstance(value, NotComputed):
        return wording.not_computed(value)
    if isinstance(interval, NotComputed):
        return ""
    return wording.gettext("confidence interval: %(interval)s", interval=wording.interval(interval))


def _promised(total: KpiRow, wording: Wording) -> str:
    if isinstance(total.mean_delivery_days, NotComputed):
        return wording.not_computed(total.mean_delivery_days)
    if isinstance(total.mean_promised_days, NotComputed):
        return ""
    return wording.gettext("promised: %(days)s", days=wording.days_one(total.mean_promised_days))


def _reviews(total: KpiRow, wording: Wording) -> str:
    if isinstance(total.reviews, NotComputed):
        return wording.not_computed(total.reviews)
    return wording.ngettext("%(number)s review", "%(number)s reviews", total.reviews)


def _table(table: KpiTable, currency: str, wording: Wording) -> Table:
    """Return the first rows of a grain, in the order of the findings."""
    _ = wording.gettext
    captions = {
        "month": _("Months"),
        "state": _("States"),
        "city": _("Cities"),
        "seller": _("Sellers"),
    }
    names = {"month": _("Month"), "state": _("State"), "city": _("City"), "seller": _("Seller")}
    rows = table.rows if table.grain in ("state", "month") else table.rows[:TABLE_ROWS]
    return Table(
        caption=captions[table.grain],
        columns=(
            Column(names[table.grain], is_number=False),
            Column(_("Orders")),
            Column(_("Late")),
            Column(_("Confidence interval")),
            Column(_("Mean review")),
            Column(_("Low reviews")),
            Column(_("Revenue")),
            Column(_("Follow-up"), is_number=False),
        ),
        rows=tuple(_row(row, table.grain, currency, wording) for row in rows),
        note=_left_out(table, len(rows), wording),
    )


def _row(row: KpiRow, grain: str, currency: str, wording: Wording) -> tuple[str, ...]:
    return (
        wording.month(row.key) if grain == "month" else short_name(row, grain),
        wording.integer(row.orders),
        wording.cell(row.late_share, wording.share),
        wording.cell(row.late_interval, wording.interval),
        wording.cell(row.mean_review, wording.review),
        wording.cell(row.low_review_share, wording.share),
        wording.cents(row.revenue_cents, currency),
        wording.gettext("to follow") if row.needs_follow_up else "",
    )


def short_name(row: KpiRow, grain: str) -> str:
    """Return how a row is named in a table: a seller by the start of its identifier."""
    name = f"{row.label[:SHORT_ID]}…" if grain == "seller" else row.label
    if grain in ("city", "seller") and row.state:
        return f"{name} ({row.state})"
    return name


def _left_out(table: KpiTable, shown: int, wording: Wording) -> str:
    """Return who is not in the table, and why."""
    if table.without is not None:
        return wording.not_computed(table.without)
    sentences = []
    if shown < len(table.rows):
        sentences.append(
            wording.gettext(
                "The first %(shown)s of %(all)s rows; all of them stand in the dashboard.",
                shown=wording.integer(shown),
                all=wording.integer(len(table.rows)),
            )
        )
    if table.left_out_keys:
        sentences.append(
            wording.ngettext(
                "%(number)s row with fewer than %(minimum)s orders is left out "
                "(%(orders)s orders in all).",
                "%(number)s rows with fewer than %(minimum)s orders are left out "
                "(%(orders)s orders in all).",
                table.left_out_keys,
                minimum=wording.integer(table.minimum_orders),
                orders=wording.integer(table.left_out_orders),
            )
        )
    return " ".join(sentences)


def states_figure(table: KpiTable, total: KpiRow, wording: Wording) -> IntervalBars | Absence:
    """Return the late rate of each state with its interval, against all orders."""
    _ = wording.gettext
    if isinstance(total.late_share, NotComputed):
        return Absence(wording.not_computed(total.late_share))
    rows = tuple(row for row in (_interval_row(row, wording) for row in table.rows) if row)
    if not rows:
        return Absence(wording.not_computed(table.without or NotComputed("no_rows")))
    flagged = [row.label for row in rows if row.flagged]
    return IntervalBars(
        title=_("Late deliveries by state"),
        description=(
            _("To follow: %(states)s.", states=wording.listing(flagged))
            if flagged
            else _("No state stands out.")
        ),
        axis=round_axis(
            _("Orders delivered late"), 0.0, max(row.high for row in rows), wording.tick_share
        ),
        reference=Mark(total.late_share, wording.share(total.late_share)),
        reference_label=_("All orders: %(late)s", late=wording.share(total.late_share)),
        rows=rows,
        table=Table(
            caption=_("Late deliveries by state"),
            columns=(
                Column(_("State"), is_number=False),
                Column(_("Late")),
                Column(_("Confidence interval")),
            ),
            rows=tuple((row.label, row.value.text, row.interval_text) for row in rows),
        ),
    )


def _interval_row(row: KpiRow, wording: Wording) -> IntervalRow | None:
    if isinstance(row.late_share, NotComputed) or isinstance(row.late_interval, NotComputed):
        return None
    return IntervalRow(
        label=row.label,
        value=Mark(row.late_share, wording.share(row.late_share)),
        low=row.late_interval.low,
        high=row.late_interval.high,
        interval_text=wording.interval(row.late_interval),
        flagged=row.needs_follow_up,
    )


def months_figure(findings: Findings, wording: Wording) -> MonthlyLine | Absence:
    """Return the late rate by month, from the start of regular activity.

    Months without a delivered order have no rate and are left out; the worst is pointed out.
    """
    _, total = wording.gettext, findings.kpis.total
    start = findings.period.started_on
    months = [
        row
        for row in findings.kpis.by_month.rows
        if not isinstance(row.late_share, NotComputed) and row.key >= f"{start:%Y-%m}"
    ]
    if isinstance(total.late_share, NotComputed):
        return Absence(wording.not_computed(total.late_share))
    if not months:
        return Absence(wording.not_computed(NotComputed("no_rows")))
    marks = tuple(
        Mark(row.late_share, wording.share(row.late_share))
        for row in months
        if not isinstance(row.late_share, NotComputed)
    )
    worst = max(range(len(marks)), key=lambda place: marks[place].value)
    return MonthlyLine(
        title=_("Late deliveries by month of purchase"),
        description=_(
            "The worst month is %(month)s: %(late)s of the orders came late.",
            month=wording.month(months[worst].key),
            late=marks[worst].text,
        ),
        months=tuple(wording.short_month(row.key) for row in months),
        series=Series(_("Orders delivered late"), 0, marks),
        axis=round_axis(
            _("Orders delivered late"), 0.0, max(mark.value for mark in marks), wording.tick_share
        ),
        reference=Mark(total.late_share, wording.share(total.late_share)),
        reference_label=_("All orders: %(late)s", late=wording.share(total.late_share)),
        flagged=(worst,),
        table=Table(
            caption=_("Late deliveries by month of purchase"),
            columns=(
                Column(_("Month"), is_number=False),
                Column(_("Orders")),
                Column(_("Late")),
                Column(_("Mean review")),
            ),
            rows=tuple(
                (
                    wording.month(row.key),
                    wording.integer(row.orders),
                    wording.cell(row.late_share, wording.share),
                    wording.cell(row.mean_review, wording.review),
                )
                for row in months
            ),
            note=_("From the start of regular activity on, %(start)s.", start=wording.date(start)),
        ),
    )


def _definitions(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return what the figures mean."""
    _ = wording.gettext
    return (
        _late_definition(findings, wording),
        _("Low review: one or two stars."),
        _("Revenue: the price of the items of delivered orders, without freight."),
        _(
            "An order with several sellers counts once for each of them; it counts once in the "
            "total."
        ),
        _(
            "Confidence interval: the range that holds the true rate with a confidence of "
            "%(level)s (Wilson's method).",
            level=wording.share(0.95, 0),
        ),
    )


def _late_definition(findings: Findings, wording: Wording) -> str:
    """Return what late means, and what it would be by the day instead of by the hour."""
    kpis = findings.kpis
    if isinstance(kpis.late_share_by_day, NotComputed) or isinstance(kpis.total.late, NotComputed):
        return wording.gettext("Late: delivered after the promised moment.")
    return wording.gettext(
        "Late: delivered after the promised moment, which is the start of the promised day. "
        "%(same_day)s of the %(late)s late orders still came on that day; counting them on time, "
        "the late share is %(share)s.",
        same_day=wording.integer(kpis.late_on_the_day),
        late=wording.integer(kpis.total.late),
        share=wording.share(kpis.late_share_by_day),
    )
