"""How customers pay: by which means, in how many instalments; tables and bars."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.findings import Findings, NotComputed
from report.dashboard_texts import TEXTS
from report.views.figures import Column, GroupedBars, Mark, Series, Table, round_axis
from report.views.records import Absence
from report.wording import Wording

# Bars are drawn for what at least this share of the orders uses; the table holds all.
SMALLEST_SHARE_DRAWN = 0.01


def payments_table(findings: Findings, wording: Wording) -> Table | Absence:
    """Return the orders by type of payment, or why they are not known."""
    _, payments = wording.gettext, findings.kpis.payment_types
    if isinstance(payments, NotComputed):
        return Absence(wording.not_computed(payments))
    return Table(
        caption=_("Types of payment"),
        columns=(
            Column(_("Type"), is_number=False),
            Column(_("Orders")),
            Column(_("Share")),
            Column(_("Revenue")),
            Column(_("Instalments, mean")),
        ),
        rows=tuple(
            (
                _payment_name(payment.name, wording),
                wording.integer(payment.orders),
                wording.share(payment.order_share),
                wording.cents(payment.revenue_cents, findings.period.currency),
                wording.cell(payment.mean_instalments, lambda mean: wording.number(mean, 1)),
            )
            for payment in payments
        ),
        note=_("An order counts by its largest payment."),
    )


def instalments_table(findings: Findings, wording: Wording) -> Table | Absence:
    """Return the orders by their number of instalments, or why they are not known."""
    _, counts = wording.gettext, findings.kpis.instalments
    if isinstance(counts, NotComputed):
        return Absence(wording.not_computed(counts))
    return Table(
        caption=_("Number of instalments"),
        columns=(
            Column(_("Instalments")),
            Column(_("Orders")),
            Column(_("Share")),
            Column(_("Revenue")),
        ),
        rows=tuple(
            (
                wording.integer(count.instalments),
                wording.integer(count.orders),
                wording.share(count.order_share),
                wording.cents(count.revenue_cents, findings.period.currency),
            )
            for count in counts
        ),
        note=_(
            "The mean over an order's payments, weighted by their amount, to the nearest number."
        ),
    )


def payments_figure(findings: Findings, wording: Wording) -> GroupedBars | Absence:
    """Return the orders by means of payment as bars; the description names the first."""
    _, table = wording.gettext, payments_table(findings, wording)
    payments = findings.kpis.payment_types
    if isinstance(table, Absence) or isinstance(payments, NotComputed) or not payments:
        return table if isinstance(table, Absence) else _no_rows(wording)
    first = max(payments, key=lambda payment: payment.orders)
    return _bars(
        title=_("Orders by means of payment"),
        description=_(
            "First means of payment: %(name)s, %(share)s of the orders",
            name=_payment_name(first.name, wording),
            share=wording.share(first.order_share),
        ),
        shares=[(_payment_name(entry.name, wording), entry.order_share) for entry in payments],
        table=table,
        wording=wording,
    )


def instalments_figure(findings: Findings, wording: Wording) -> GroupedBars | Absence:
    """Return the orders by number of instalments as bars."""
    _, table = wording.gettext, instalments_table(findings, wording)
    counts = findings.kpis.instalments
    if isinstance(table, Absence) or isinstance(counts, NotComputed) or not counts:
        return table if isinstance(table, Absence) else _no_rows(wording)
    first = max(counts, key=lambda count: count.orders)
    return _bars(
        title=_("Orders by number of instalments"),
        description=_(
            "Most frequent number of instalments: %(number)s, %(share)s of the orders",
            number=wording.integer(first.instalments),
            share=wording.share(first.order_share),
        ),
        shares=[(wording.integer(entry.instalments), entry.order_share) for entry in counts],
        table=table,
        wording=wording,
    )


def _no_rows(wording: Wording) -> Absence:
    return Absence(wording.not_computed(NotComputed("no_rows")))


def _bars(
    title: str,
    description: str,
    shares: Sequence[tuple[str, float]],
    table: Table,
    wording: Wording,
) -> GroupedBars:
    """Return bars of the shares that are large enough to be seen."""
    drawn = [(name, share) for name, share in shares if share >= SMALLEST_SHARE_DRAWN]
    return GroupedBars(
        title=title,
        description=description,
        categories=tuple(name for name, _share in drawn),
        series=(
            Series(title, 0, tuple(Mark(share, wording.share(share)) for _name, share in drawn)),
        ),
        axis=round_axis(
            wording.gettext("Share of the orders"),
            0.0,
            max((share for _name, share in drawn), default=1.0),
            wording.tick_share,
        ),
        table=table,
    )


def _payment_name(name: str, wording: Wording) -> str:
    known = TEXTS.get(f"payment_{name}")
    return wording.gettext(known) if known else name.replace("_", " ")
