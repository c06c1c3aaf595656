"""Every figure of the dashboard as tables: by month, by state, by category."""

from __future__ import annotations

from analysis.findings import KpiRow, KpiTable
from report.views.figures import Column, Table
from report.views.names import short_name
from report.wording import Wording


def all_figures(table: KpiTable, total: KpiRow, currency: str, wording: Wording) -> Table:
    """Return every figure of a grain's rows, with that of all orders below."""
    _ = wording.gettext
    captions = {
        "month": (_("Months"), _("Month")),
        "state": (_("States"), _("State")),
        "category": (_("Product categories"), _("Category")),
    }
    caption, name = captions[table.grain]
    return Table(
        caption=caption,
        columns=(Column(name, is_number=False), *(Column(label) for label in _labels(wording))),
        rows=tuple(
            (_name(row, table.grain, wording), *_figures(row, currency, wording))
            for row in table.rows
        ),
        total=(_("All orders"), *_figures(total, currency, wording)),
        note="" if table.without is None else wording.not_computed(table.without),
    )


def _name(row: KpiRow, grain: str, wording: Wording) -> str:
    return wording.month(row.key) if grain == "month" else short_name(row, grain, wording)


def _labels(wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    return (
        _("Orders"),
        _("Delivered"),
        _("Cancelled"),
        _("On time"),
        _("Delay, mean"),
        _("Delay that nineteen deliveries in twenty do not exceed"),
        _("Delivery, mean"),
        _("Promised, mean"),
        _("Mean review"),
        _("Low reviews"),
        _("Answer to the review request, mean"),
        _("Revenue"),
        _("Basket, mean"),
        _("Freight in the price paid"),
        _("Orders of first-time customers"),
        _("Orders of returning customers"),
        _("Instalments, mean"),
    )


def _figures(row: KpiRow, currency: str, wording: Wording) -> tuple[str, ...]:
    """Return the figures of a row, in the order of their labels."""
    return (
        wording.integer(row.orders),
        wording.cell(row.delivered_share, wording.share),
        wording.cell(row.canceled_share, wording.share),
        wording.cell(row.on_time_share, wording.share),
        wording.cell(row.mean_delay_days, wording.days_one),
        wording.cell(row.q95_delay_days, wording.days),
        wording.cell(row.mean_delivery_days, wording.days_one),
        wording.cell(row.mean_promised_days, wording.days_one),
        wording.cell(row.mean_review, wording.review),
        wording.cell(row.low_review_share, wording.share),
        wording.cell(row.mean_answer_days, wording.days_one),
        wording.cents(row.revenue_cents, currency),
        wording.cell(row.mean_basket_cents, lambda cents: wording.money(cents / 100, currency, 2)),
        wording.cell(row.freight_share, wording.share),
        wording.integer(row.first_orders),
        wording.integer(row.returning_orders),
        wording.cell(row.mean_instalments, lambda mean: wording.number(mean, 1)),
    )
