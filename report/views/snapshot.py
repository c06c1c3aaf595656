"""The dashboard as it opens, frozen for a page and a slide: cards, map, months, who to follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.findings import Findings, FollowUp, KpiRow, KpiTable, NotComputed
from report.views.brazil import STATES
from report.views.figures import (
    TILE_COLOURS,
    Column,
    IntervalBars,
    MapTile,
    Mark,
    Table,
    TileMap,
    round_axis,
)
from report.views.kpis import by_day_sentence, months_figure, states_figure, total_cards
from report.views.names import short_name
from report.views.present import (
    NAMED_STATES,
    followed_note,
    present_cell,
    recovered_sentence,
    standing_cell,
)
from report.views.records import Absence, Card, SnapshotView
from report.wording import Wording

# Of each kind, as many as a slide can show.
SHOWN = 3
CARDS = ("orders", "late_share", "mean_review", "low_review_share")


def snapshot_view(findings: Findings, wording: Wording) -> SnapshotView:
    """Return what the dashboard shows before any filter, with its period."""
    _, period = wording.gettext, findings.period
    cards = {card.key: card for card in total_cards(findings, wording)}
    return SnapshotView(
        title=_(
            "The dashboard from %(first)s to %(last)s: %(late)s of the deliveries were late",
            first=wording.month(period.first_purchase),
            last=wording.month(period.last_purchase),
            late=wording.cell(findings.kpis.total.late_share, wording.share),
        ),
        period=_(
            "Orders bought from %(first)s to %(last)s.",
            first=wording.date(period.first_purchase),
            last=wording.date(period.last_purchase),
        ),
        cards=tuple(_without_detail(cards[key]) for key in CARDS if key in cards),
        by_day=by_day_sentence(findings, wording),
        states=_states(findings, wording),
        months=months_figure(findings, wording),
        followed=_followed(findings, wording),
        followed_title=_followed_title(findings, wording),
        recovered=recovered_sentence(findings, wording),
    )


def _without_detail(card: Card) -> Card:
    return Card(card.key, card.value, card.label)


# ---------------------------------------------------------------- the map


def _states(findings: Findings, wording: Wording) -> TileMap | IntervalBars | Absence:
    """Return a map of tiles of Brazil's states; of another country's, bars."""
    kpis = findings.kpis
    bars = states_figure(kpis.by_state, kpis.total, wording)
    rows = {row.key: row for row in kpis.by_state.rows}
    if isinstance(bars, Absence) or not rows or not set(rows) - {""} <= set(STATES):
        return bars
    highest = max((mark.value for row in rows.values() if (mark := _mark(row, wording))), default=0)
    axis = round_axis("", 0.0, highest, wording.tick_share, len(TILE_COLOURS))
    starts = axis.ticks[:-1]
    return TileMap(
        title=bars.title,
        description=bars.description,
        tiles=tuple(_tiles(rows, starts, wording)),
        classes=tuple(
            Mark(tick.value, wording.gettext("from %(share)s", share=tick.text)) for tick in starts
        ),
        flag_label=_ring(findings, wording),
        apart_label=_dashes(kpis.by_state, wording),
        table=bars.table,
    )


def _ring(findings: Findings, wording: Wording) -> str:
    """Return what a ring means, and that it is not of the period that the colours are of."""
    if isinstance(findings.kpis.quarters, NotComputed):
        return wording.gettext("ring: to follow")
    return wording.gettext("ring: to follow by the last quarter")


def _dashes(table: KpiTable, wording: Wording) -> str:
    """Return what a dashed ring means, where there is one."""
    if not any(row.is_followed_for_reviews_only for row in table.rows):
        return ""
    return wording.gettext("dashed: for reviews only")


def _tiles(
    rows: Mapping[str, KpiRow], starts: Sequence[Mark], wording: Wording
) -> Iterator[MapTile]:
    """Yield the tiles of all states; one without enough orders has no value."""
    for code, (name, column, line) in STATES.items():
        row = rows.get(code)
        mark = _mark(row, wording) if row else None
        level = sum(mark.value >= start.value for start in starts[1:]) if mark else 0
        flagged = row is not None and row.is_followed_now
        apart = flagged and row is not None and row.is_followed_for_reviews_only
        yield MapTile(code, name, column, line, mark, level, flagged, apart)


def _mark(row: KpiRow, wording: Wording) -> Mark | None:
    if isinstance(row.late_share, NotComputed):
        return None
    return Mark(row.late_share, wording.share(row.late_share))


# ---------------------------------------------------------------- who needs follow-up


def _followed(findings: Findings, wording: Wording) -> Table:
    """Return who stands out by now: over the whole period, in the last quarter, and the change."""
    _, kpis = wording.gettext, findings.kpis
    kinds = (
        (_("State"), kpis.by_state),
        (_("City"), kpis.by_city),
        (_("Seller"), kpis.by_seller),
    )
    return Table(
        caption=_("Who needs close follow-up"),
        columns=(
            Column(_("Kind"), is_number=False),
            Column(_("Name"), is_number=False),
            Column(_("Late over the period")),
            Column(_("In the last quarter, and how surely"), is_number=False),
            Column(_("Change in points")),
            Column(_("By now"), is_number=False),
        ),
        rows=tuple(row for kind, table in kinds for row in _followed_rows(kind, table, wording)),
        note=" ".join(filter(None, _notes(findings, kinds, wording))),
    )


def _followed_title(findings: Findings, wording: Wording) -> str:
    """Return how many of each kind stand out by now, and whether chance would list some."""
    _, kpis = wording.gettext, findings.kpis
    tables = (kpis.by_state, kpis.by_city, kpis.by_seller)
    states, cities, sellers = (len(table.followed_now) for table in tables)
    counted = (
        (states, wording.ngettext("%(number)s state", "%(number)s states", states)),
        (cities, wording.ngettext("%(number)s city", "%(number)s cities", cities)),
        (sellers, wording.ngettext("%(number)s seller", "%(number)s sellers", sellers)),
    )
    named = wording.listing(text for number, text in counted if number)
    # Less than one half of a row is written as none.
    if round(sum(table.followed_by_chance for table in tables)):
        return _("Whom to follow first: %(named)s, some of them by chance", named=named)
    return _("Whom to follow first: %(named)s", named=named)


def _followed_rows(kind: str, table: KpiTable, wording: Wording) -> Iterator[tuple[str, ...]]:
    for row in table.followed_now[: NAMED_STATES if table.grain == "state" else SHOWN]:
        if row.follow_up is not None:
            yield (
                kind,
                short_name(row, table.grain, wording),
                wording.cell(row.late_share, wording.share),
                present_cell(row, wording),
                _change(row.follow_up, wording),
                standing_cell(row, wording),
            )


def _change(follow_up: FollowUp, wording: Wording) -> str:
    """Return the movement since the quarter before; an arrow where it is beyond doubt."""
    movement = follow_up.movement
    if isinstance(movement, NotComputed):
        return "–"
    arrow = "▲ " if movement.interval.low > 0 else "▼ " if movement.interval.high < 0 else ""
    return f"{arrow}{wording.points(movement.difference)}"


def _notes(
    findings: Findings, kinds: Sequence[tuple[str, KpiTable]], wording: Wording
) -> Iterator[str]:
    """Yield how many are listed and how many would be by chance, and what the change compares."""
    _ = wording.gettext
    for kind, table in kinds:
        yield wording.labelled(kind, followed_note(table, wording))
    yield recovered_sentence(findings, wording)
    quarters = findings.kpis.quarters
    if not isinstance(quarters, NotComputed):
        yield _(
            "Change: the late share from %(recent_from)s to %(recent_until)s against that from "
            "%(before_from)s to %(before_until)s; an arrow where it is beyond doubt.",
            recent_from=wording.month(quarters.recent_from),
            recent_until=wording.month(quarters.recent_until),
            before_from=wording.month(quarters.before_from),
            before_until=wording.month(quarters.before_until),
        )
