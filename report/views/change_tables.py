"""The tables of what changed since an earlier edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from analysis.findings import (
    ChangeCode,
    Changes,
    FigureChange,
    Interval,
    KpiChange,
    LineChange,
    NotComputed,
    RecommendationChange,
    SegmentChange,
)
from report.content import Content
from report.views.figures import Column, Table
from report.views.follow_up import DOWN, UP
from report.views.records import Absence
from report.wording import Wording, message

ARROW, MINUS = "\u2192", "\u2212"
FIGURES: dict[ChangeCode, str] = {
    "customer_share": message("Share of customers"),
    "revenue_share": message("Share of revenue"),
    "spend": message("Median spend"),
    "review": message("Mean review"),
    "low_review_share": message("Low reviews"),
    "late_share": message("Late deliveries"),
}
# What a printed sheet has room for.
GLANCE: tuple[ChangeCode, ...] = ("customer_share", "revenue_share", "spend", "review")


def segment_label(persona: str, number: int, content: Content) -> str:
    """Return a persona's name, with its number where two share it; nothing for none."""
    if not persona:
        return ""
    name = content.persona(persona).name
    return f"{name} {number}" if number else name


def segments_table(
    found: Changes, currency: str, wording: Wording, content: Content
) -> Table | Absence:
    """Return every segment with every figure, then and now."""
    caption = wording.gettext("Every figure of the segments, then and now")
    return _segments(found, tuple(FIGURES), caption, currency, wording, content)


def at_a_glance(
    found: Changes, currency: str, wording: Wording, content: Content
) -> Table | Absence:
    """Return every segment with the figures that a sheet has room for."""
    caption = wording.gettext("The segments, then and now")
    return _segments(found, GLANCE, caption, currency, wording, content)


def _segments(
    found: Changes,
    codes: tuple[ChangeCode, ...],
    caption: str,
    currency: str,
    wording: Wording,
    content: Content,
) -> Table | Absence:
    _ = wording.gettext
    if isinstance(found.segments, NotComputed):
        return Absence(wording.not_computed(found.segments))
    return Table(
        caption=caption,
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Customers")),
            *(Column(_(FIGURES[code])) for code in codes),
        ),
        rows=tuple(
            (
                _segment_name(segment, wording, content),
                _sizes(segment, wording),
                *(_cell(segment, code, currency, wording) for code in codes),
            )
            for segment in found.segments
        ),
        note=_(
            "Then, now, and the difference with its interval: in points for shares, relative for "
            "the median spend, in stars for reviews."
        ),
    )


def _segment_name(segment: SegmentChange, wording: Wording, content: Content) -> str:
    _ = wording.gettext
    then = segment_label(segment.persona_then, segment.number_then, content)
    now = segment_label(segment.persona_now, segment.number_now, content)
    formerly = "" if then == now else _("formerly “%(name)s”", name=then)
    detail = {"new": _("new"), "lost": _("no longer there"), "kept": formerly}[segment.status]
    return f"{now or then}\n{detail}" if detail else now


def _sizes(segment: SegmentChange, wording: Wording) -> str:
    then, now = (
        wording.integer(count) if count else "–"
        for count in (segment.customers_then, segment.customers_now)
    )
    return f"{then} {ARROW} {now}"


def _cell(segment: SegmentChange, code: ChangeCode, currency: str, wording: Wording) -> str:
    """Return a figure then and now over its difference; a dash where the segment is in one only."""
    change = next((entry for entry in segment.figures if entry.code == code), None)
    if change is None:
        return "–"
    write: Callable[[float], str] = wording.share
    if code == "spend":

        def write(value: float) -> str:
            return wording.money(value, currency)

    elif code == "review":
        write = wording.review
    both = f"{wording.cell(change.then, write)} {ARROW} {wording.cell(change.now, write)}"
    return f"{both}\n{difference_text(change, wording)}"


def difference_text(change: FigureChange, wording: Wording) -> str:
    """Return a difference with its interval, and its direction where it is told as a move."""
    if isinstance(change.difference, NotComputed):
        return "–"

    def write(value: float) -> str:
        if change.code == "spend":
            return _signed(value, lambda size: wording.share(size, 1))
        if change.code == "review":
            return _signed(value, lambda size: wording.number(size, 2))
        return wording.points(value)

    sign = (UP if change.difference > 0 else DOWN) if change.moved else ""
    text = f"{sign} {write(change.difference)}".strip()
    if not isinstance(change.interval, Interval):
        return text
    return f"{text} ({wording.between(write(change.interval.low), write(change.interval.high))})"


def _signed(value: float, write: Callable[[float], str]) -> str:
    """Return a difference with its sign; what is rounded to nothing has none."""
    size = write(abs(value))
    if size == write(0.0):
        return size
    return f"{MINUS if value < 0 else '+'}{size}"


def flow_table(found: Changes, wording: Wording) -> Table | Absence:
    """Return the customers of then and of now by what became of them; both add up."""
    _, flow = wording.gettext, found.customers
    if isinstance(flow, NotComputed):
        return Absence(wording.not_computed(flow))
    parts = (
        (_("In the same segment"), flow.stayed, flow.stayed),
        (_("In another segment"), flow.moved, flow.moved),
        (_("Without a segment now"), flow.gone, None),
        (_("New: first purchase since"), None, flow.new),
        (_("Known then, without a segment"), None, flow.joined),
    )

    def count(value: int | None) -> str:
        return "–" if value is None else wording.integer(value)

    return Table(
        caption=_("What became of the customers"),
        columns=(
            Column(_("Customers with a segment"), is_number=False),
            Column(_("Then")),
            Column(_("Now")),
        ),
        rows=tuple((name, count(then), count(now)) for name, then, now in parts),
        total=(_("All"), wording.integer(flow.then), wording.integer(flow.now)),
    )


def kpi_table(found: KpiChange, currency: str, wording: Wording) -> Table:
    """Return the shop's figures until then and since."""
    _, then, since = wording.gettext, found.then, found.since

    def row(name: str, write: Callable[..., str], field: str, change: str = "–") -> tuple[str, ...]:
        values = (wording.cell(getattr(entry, field), write) for entry in (then, since))
        return (name, *values, change)

    def money(cents: float) -> str:
        return wording.cents(round(cents), currency)

    return Table(
        caption=_("The shop's figures, until then and since"),
        columns=(
            Column(_("Figure"), is_number=False),
            Column(_("Orders until then")),
            Column(_("Orders since")),
            Column(_("Difference")),
        ),
        rows=(
            row(_("Orders"), wording.integer, "orders"),
            row(_("Revenue"), money, "revenue_cents"),
            row(_("Mean basket"), money, "mean_basket_cents"),
            row(
                _("Late deliveries"),
                wording.share,
                "late_share",
                difference_text(found.late, wording),
            ),
            row(_("Days to deliver"), wording.days_one, "mean_delivery_days"),
            row(_("Mean review"), wording.review, "mean_review"),
            row(
                _("Low reviews"),
                wording.share,
                "low_review_share",
                difference_text(found.low_reviews, wording),
            ),
        ),
        note=_(
            "Orders since are held against those until then: all orders of now would hold those of "
            "then as well, and hide what is new. The latest orders are not all delivered yet."
        ),
    )


def offer_table(change: RecommendationChange, names: Mapping[str, str], wording: Wording) -> Table:
    """Return the lines of the recommended offer that differ, and its price then and now."""
    _ = wording.gettext

    def line(entry: LineChange) -> tuple[str, ...]:
        return (
            _(names[entry.code]),
            wording.integer(entry.quantity_then),
            wording.integer(entry.quantity_now),
            amount(entry.amount_then, change.currency_then),
            amount(entry.amount_now, change.currency_now),
        )

    def amount(value: Decimal | NotComputed, currency: str) -> str:
        return "–" if isinstance(value, NotComputed) else wording.price(value, currency)

    return Table(
        caption=_("The recommended offer, then and now"),
        columns=(
            Column(_("Line that changed"), is_number=False),
            Column(_("Quantity then")),
            Column(_("Quantity now")),
            Column(_("Amount then")),
            Column(_("Amount now")),
        ),
        rows=tuple(line(entry) for entry in change.lines),
        total=(
            _("With the early refits provided for, before tax"),
            "",
            "",
            amount(change.total_then, change.currency_then),
            amount(change.total_now, change.currency_now),
        ),
        note="" if change.lines else _("No line of the offer has changed."),
    )
