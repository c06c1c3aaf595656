"""Who needs follow-up in words: the rule, each grain's most urgent rows, why, and how they move."""

from __future__ import annotations

from analysis.findings import Findings, Interval, KpiRow, KpiTable, Movement, NotComputed, Present
from report.dashboard_texts import TEXTS
from report.views.figures import Column, Table
from report.views.names import short_name
from report.views.present import followed_note, in_order, present_cell, standing_cell
from report.wording import Wording

TABLE_ROWS = 12
# The words of the dashboard's badges.
REASONS = {"late": TEXTS["badge_late"], "reviews": TEXTS["badge_reviews"]}
UP, DOWN = "\u25b2", "\u25bc"


def follow_up_rule(findings: Findings, wording: Wording) -> str:
    """Return the sentence that says who is listed as to be followed."""
    _, total = wording.gettext, findings.kpis.total
    late, low = total.late_share, total.low_review_share
    minimum = wording.integer(findings.kpis.by_state.minimum_orders)
    if isinstance(late, NotComputed) and isinstance(low, NotComputed):
        return _("Nobody can be listed as to be followed: lateness is not known.")
    if isinstance(low, NotComputed):
        return _(
            "Listed over the period: the whole confidence interval of the late rate lies above the "
            "rate of all orders (%(late)s). The order is that of the interval's lower end, so that "
            "nobody is named because of a handful of orders; from %(minimum)s orders on.",
            late=wording.cell(late, wording.share),
            minimum=minimum,
        )
    if isinstance(late, NotComputed):
        return _(
            "Listed over the period: the whole confidence interval of the share of low reviews "
            "lies above that of all orders (%(low)s). The order is that of the interval's lower "
            "end, so that nobody is named because of a handful of orders; from %(minimum)s orders "
            "on.",
            low=wording.share(low),
            minimum=minimum,
        )
    return _(
        "Listed over the period: the whole confidence interval of the late rate lies above that of "
        "all orders (%(late)s), or that of the share of low reviews above theirs (%(low)s). The "
        "order is that of the surest excess: the lower end of the interval against all orders; "
        "from %(minimum)s orders on.",
        late=wording.share(late),
        low=wording.share(low),
        minimum=minimum,
    )


def movement_sentence(findings: Findings, wording: Wording) -> str:
    """Return which quarters are compared and how all orders moved, or why none are."""
    quarters, movement = findings.kpis.quarters, findings.kpis.movement
    if isinstance(quarters, NotComputed):
        return wording.not_computed(quarters)
    sentence = wording.gettext(
        "Change: the late rate of the orders bought from %(recent_from)s to %(recent_until)s, less "
        "that of the quarter before, from %(before_from)s to %(before_until)s, in points with its "
        "confidence interval (Newcombe's method); an arrow where the interval leaves out zero; "
        "with at least %(minimum)s deliveries in each.",
        recent_from=wording.month(quarters.recent_from),
        recent_until=wording.month(quarters.recent_until),
        before_from=wording.month(quarters.before_from),
        before_until=wording.month(quarters.before_until),
        minimum=wording.integer(findings.kpis.by_state.minimum_orders),
    )
    if isinstance(movement, NotComputed):
        return f"{sentence} {wording.not_computed(movement)}"
    whole = wording.gettext("All orders: %(change)s.", change=movement_cell(movement, wording))
    return f"{sentence} {whole}"


def follow_up_table(table: KpiTable, wording: Wording) -> Table:
    """Return the first rows of a grain, those that stand out by now before all; every state."""
    _ = wording.gettext
    captions = {
        "state": (_("States"), _("State")),
        "city": (_("Cities"), _("City")),
        "seller": (_("Sellers"), _("Seller")),
        "category": (_("Product categories"), _("Category")),
    }
    caption, name = captions[table.grain]
    ordered = in_order(table)
    rows = ordered if table.grain == "state" else ordered[:TABLE_ROWS]
    return Table(
        caption=caption,
        columns=(
            Column(name, is_number=False),
            Column(_("Orders")),
            Column(_("Late")),
            Column(_("Low reviews")),
            Column(_("Listed over the period"), is_number=False),
            Column(_("In the last quarter"), is_number=False),
            Column(_("Change")),
            Column(_("By now"), is_number=False),
        ),
        rows=tuple(_row(row, table.grain, wording) for row in rows),
        note=_note(table, len(rows), wording),
    )


def movement_cell(movement: Movement | NotComputed, wording: Wording) -> str:
    """Return a movement in points with its interval, and its direction where that is sure."""
    if isinstance(movement, NotComputed):
        return wording.gettext("not computed")
    sign = UP if movement.interval.low > 0 else DOWN if movement.interval.high < 0 else ""
    change = f"{sign} {wording.points(movement.difference)}".strip()
    ends = wording.points(movement.interval.low), wording.points(movement.interval.high)
    return f"{change} ({wording.between(*ends)})"


def _row(row: KpiRow, grain: str, wording: Wording) -> tuple[str, ...]:
    movement = row.follow_up.movement if row.follow_up else NotComputed("no_rows")
    return (
        short_name(row, grain, wording),
        wording.integer(row.orders),
        _stacked(_with_interval(row.late_share, row.late_interval, wording)),
        _stacked(_with_interval(row.low_review_share, row.low_review_interval, wording)),
        _why_listed(row, wording),
        present_cell(row, wording),
        _stacked(movement_cell(movement, wording)),
        standing_cell(row, wording),
    )


def _stacked(cell: str) -> str:
    """Return a cell with its interval on a line of its own: eight columns share the width."""
    return cell.replace(" (", "\n(", 1)


def _with_interval(
    share: float | NotComputed, interval: Interval | NotComputed, wording: Wording
) -> str:
    if isinstance(share, NotComputed) or isinstance(interval, NotComputed):
        return wording.cell(share, wording.share)
    return f"{wording.share_within(share, interval)} ({wording.interval(interval)})"


def _why_listed(row: KpiRow, wording: Wording) -> str:
    reasons = row.follow_up.reasons if row.follow_up else ()
    return ", ".join(wording.gettext(REASONS[reason]) for reason in reasons)


def _note(table: KpiTable, shown: int, wording: Wording) -> str:
    """Return how many are listed, how many would be by chance, and who is not in the table."""
    if table.without is not None:
        return wording.not_computed(table.without)
    sentences = []
    if table.rows:
        sentences.append(
            wording.gettext(
                "%(listed)s of %(judged)s rows are listed over the period; were they all like all "
                "orders, about %(chance)s would be listed by chance.",
                listed=wording.integer(sum(row.needs_follow_up for row in table.rows)),
                judged=wording.integer(len(table.rows)),
                chance=wording.number(table.listed_by_chance, 1),
            )
        )
        if any(isinstance(row.present, Present) for row in table.rows):
            sentences.append(followed_note(table, wording))
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
