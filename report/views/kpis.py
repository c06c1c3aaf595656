"""The Customer Experience figures in words: cards, states, cities, sellers, months."""

from __future__ import annotations

from analysis.findings import Findings, Interval, KpiRow, KpiTable, NotComputed
from report.views.figures import (
    CONFIDENCE,
    Column,
    IntervalBars,
    IntervalRow,
    Mark,
    MonthlyLine,
    Series,
    Table,
    round_axis,
)
from report.views.follow_up import follow_up_rule, follow_up_table, movement_sentence
from report.views.kpi_tables import all_figures
from report.views.names import cut_name
from report.views.payments import (
    instalments_figure,
    instalments_table,
    payments_figure,
    payments_table,
)
from report.views.present import present_sentence
from report.views.records import Absence, Card, KpiView
from report.wording import Wording


def kpi_view(findings: Findings, wording: Wording) -> KpiView:
    """Return the section on delivery and satisfaction."""
    kpis, currency = findings.kpis, findings.period.currency
    return KpiView(
        states_table=follow_up_table(kpis.by_state, wording),
        states_figure=states_figure(kpis.by_state, kpis.total, wording),
        cities_table=follow_up_table(kpis.by_city, wording),
        sellers_table=follow_up_table(kpis.by_seller, wording),
        categories_table=follow_up_table(kpis.by_category, wording),
        figures=tuple(
            all_figures(table, kpis.total, currency, wording)
            for table in (kpis.by_month, kpis.by_state, kpis.by_category)
        ),
        payments=payments_table(findings, wording),
        payments_figure=payments_figure(findings, wording),
        instalments=instalments_table(findings, wording),
        instalments_figure=instalments_figure(findings, wording),
        rule=follow_up_rule(findings, wording),
        movement=movement_sentence(findings, wording),
        present=present_sentence(findings, wording),
        definitions=_definitions(findings, wording),
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
            _measured(total.late_share, total.late_interval, wording),
            _("delivered late"),
            _late_detail(findings, wording),
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
            _measured(total.low_review_share, total.low_review_interval, wording),
            _("reviews of one or two stars"),
            _interval_or_reason(
                total.low_review_share, total.low_review_interval, _("all reviews"), wording
            ),
        ),
    )


def _measured(
    value: float | NotComputed, interval: Interval | NotComputed, wording: Wording
) -> str:
    """Return a share as precisely as the interval that stands beside it."""
    if isinstance(value, NotComputed) or isinstance(interval, NotComputed):
        return wording.cell(value, wording.share)
    return wording.share_within(value, interval)


def _late_detail(findings: Findings, wording: Wording) -> str:
    """Return whose the late share is, and the share by the day instead of by the hour."""
    total, of = findings.kpis.total, wording.gettext("all delivered orders")
    by_day = _by_day(findings, wording)
    if by_day:
        return wording.clauses([of, by_day])
    return _interval_or_reason(total.late_share, total.late_interval, of, wording)


def _by_day(findings: Findings, wording: Wording) -> str:
    """Return the late share by the day; nothing where it is not known."""
    kpis = findings.kpis
    if isinstance(kpis.late_share_by_day, NotComputed) or isinstance(
        kpis.total.late_share, NotComputed
    ):
        return ""
    return wording.gettext(
        "%(share)s if the promised day counts as on time",
        share=wording.share(kpis.late_share_by_day),
    )


def by_day_sentence(findings: Findings, wording: Wording) -> str:
    """Return the late share by the hour and by the day; nothing where it is not known."""
    total, by_day = findings.kpis.total, _by_day(findings, wording)
    if not by_day or isinstance(total.late_share, NotComputed):
        return ""
    return wording.gettext(
        "Late: %(late)s, or %(detail)s.", late=wording.share(total.late_share), detail=by_day
    )


def _interval_or_reason(
    value: float | NotComputed, interval: Interval | NotComputed, of: str, wording: Wording
) -> str:
    """Return of what a figure is and its interval, or why the figure is not there."""
    if isinstance(value, NotComputed):
        return wording.not_computed(value)
    if isinstance(interval, NotComputed):
        return of
    return wording.gettext(
        "%(of)s; %(level)s interval: %(interval)s",
        of=of,
        level=wording.share(CONFIDENCE, 0),
        interval=wording.interval(interval),
    )


def _promised(total: KpiRow, wording: Wording) -> str:
    if isinstance(total.mean_delivery_days, NotComputed):
        return wording.not_computed(total.mean_delivery_days)
    if isinstance(total.mean_promised_days, NotComputed):
        return ""
    return wording.gettext("promised: %(days)s", days=wording.days_one(total.mean_promised_days))


def _reviews(total: KpiRow, wording: Wording) -> str:
    if isinstance(total.reviews, NotComputed):
        return wording.not_computed(total.reviews)
    return wording.ngettext(
        "%(number)s review, all orders", "%(number)s reviews, all orders", total.reviews
    )


def states_figure(table: KpiTable, total: KpiRow, wording: Wording) -> IntervalBars | Absence:
    """Return the late rate of each state with its interval, against all orders."""
    _ = wording.gettext
    if isinstance(total.late_share, NotComputed):
        return Absence(wording.not_computed(total.late_share))
    found = (_interval_row(row, wording) for row in table.rows)
    rows = tuple(sorted((row for row in found if row), key=lambda row: -row.low))
    if not rows:
        return Absence(wording.not_computed(table.without or NotComputed("no_rows")))
    flagged = [row.label for row in rows if row.flagged]
    return IntervalBars(
        title=_("Late deliveries by state"),
        description=(
            _(
                "Above all orders over the whole period: %(states)s.",
                states=wording.listing(flagged),
            )
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
                Column(_("Interval at %(level)s", level=wording.share(CONFIDENCE, 0))),
            ),
            rows=tuple((row.label, row.value.text, row.interval_text) for row in rows),
        ),
    )


def _interval_row(row: KpiRow, wording: Wording) -> IntervalRow | None:
    if isinstance(row.late_share, NotComputed) or isinstance(row.late_interval, NotComputed):
        return None
    return IntervalRow(
        label=cut_name(row.label),
        value=Mark(row.late_share, wording.share_within(row.late_share, row.late_interval)),
        alone=Mark(row.late_share, wording.share(row.late_share)),
        low=row.late_interval.low,
        high=row.late_interval.high,
        interval_text=wording.interval(row.late_interval),
        flagged=row.is_listed_for("late"),
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
        late_definition(findings, wording),
        _("Low review: one or two stars."),
        _(
            "Answer to a review request: days from the day on which the customer was asked to the "
            "answer, to the nearest day."
        ),
        _("Cancelled: orders canceled or unavailable."),
        _(
            "Revenue: the price of the items of delivered orders, without freight. Basket: revenue "
            "of a delivered order. Freight: its share of price and freight."
        ),
        _("Returning customers: those who had bought before, at any time."),
        _cities_definition(findings, wording),
        _(
            "An order with several sellers counts once for each of them; it counts once in the "
            "total."
        ),
        _(
            "Confidence interval: the range that holds the true rate with a confidence of "
            "%(level)s (Wilson's method).",
            level=wording.share(CONFIDENCE, 0),
        ),
    )


def _cities_definition(findings: Findings, wording: Wording) -> str:
    """Return the rule for the names of cities, and how many spellings it brought together."""
    lines = findings.kpis.lines
    if isinstance(lines, NotComputed):
        return wording.gettext(
            "City: one name a city and state. Accents and capitals do not count; what follows a "
            "slash, a comma, a bracket or a dash between spaces is cut off, and so is the state's "
            "own code at the end; hyphens and apostrophes count as spaces. Of the spellings found, "
            "the most frequent one is shown."
        )
    return wording.gettext(
        "City: one name a city and state. Accents and capitals do not count; what follows a slash, "
        "a comma, a bracket or a dash between spaces is cut off, and so is the state's own code at "
        "the end; hyphens and apostrophes count as spaces. Of the spellings found, %(merged)s were "
        "merged into another; the most frequent one is shown.",
        merged=wording.integer(lines.city_names_merged),
    )


def late_definition(findings: Findings, wording: Wording) -> str:
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
