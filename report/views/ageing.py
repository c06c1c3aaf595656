"""How the segmentation ages in words: which segment first, sizes or map, who moves where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.findings import (
    Ageing,
    Findings,
    Migration,
    MigrationCell,
    MigrationRow,
    NotComputed,
    Segment,
    SegmentAgeing,
    Stability,
)
from report.content import Content
from report.views.figures import (
    CONFIDENCE,
    ChartLine,
    Column,
    LineChart,
    Panel,
    SmallMultiples,
    Table,
    round_axis,
)
from report.views.plans import segment_name
from report.views.time_records import AgeingView
from report.views.timelines import origins_at, starting_dates
from report.wording import Wording

Segments = Mapping[str, Segment]
# Where the axis of an index between 0 and 1 starts at the latest.
HIGHEST_FLOOR = 0.8
FEW_TICKS = 4
# An interval that lies wholly below it would be written as nothing to nothing.
SMALLEST_SHARE = 0.0005


def ageing_view(
    stability: Stability, findings: Findings, wording: Wording, content: Content
) -> AgeingView:
    """Return how the chosen segmentation ages."""
    found, ageing = findings.segmentation, stability.ageing
    alarmed = not isinstance(stability.chosen.first_alarm_days, NotComputed)
    segments = (
        {}
        if isinstance(found, NotComputed)
        else {entry.segment_id: entry for entry in found.segments}
    )
    return AgeingView(
        segments_sentence=_segments_sentence(stability, segments, wording, content),
        segments=_segments(stability, segments, wording, content),
        changes_sentence=_changes_sentence(ageing, alarmed, wording),
        changes=_changes(ageing, alarmed, wording),
        migration_sentence=_migration_sentence(ageing.migration, wording),
        leavers_sentence=_leavers_sentence(ageing.migration, segments, wording, content),
        migration=_migration(ageing.migration, segments, wording, content),
    )


def _name(segment_id: str, segments: Segments, content: Content) -> str:
    segment = segments.get(segment_id)
    return segment_id if segment is None else segment_name(segment, content)


# ---------------------------------------------------------------- segment by segment


def _segments_sentence(
    stability: Stability, segments: Segments, wording: Wording, content: Content
) -> str:
    """Name the segment that a refit keeps least, at the oldest age that enough dates reached.

    The median and the lowest are those of one age; the lowest of all has its own age beside it.
    """
    entries, chosen = stability.ageing.segments, stability.chosen
    place = _confirmable_place(entries[0].ages_days, chosen.longest_confirmable_days)
    weakest = min(entries, key=lambda entry: entry.jaccard_median[place])
    age, low = weakest.ages_days[place], min(weakest.jaccard_low)
    lowest_age = weakest.ages_days[weakest.jaccard_low.index(low)]
    text = wording.gettext(
        "At %(age)s (%(dates)s), “%(name)s” is the segment that a refit keeps least: of the "
        "customers that the old model or the new one puts in it, both agree on %(share)s (median "
        "of the starting dates; %(low)s at the lowest).",
        age=wording.days(age),
        dates=starting_dates(origins_at(chosen, age), wording),
        name=_name(weakest.segment_id, segments, content),
        share=wording.share(weakest.jaccard_median[place]),
        low=wording.share(weakest.jaccard_low[place]),
    )
    if lowest_age == age:
        return text
    return f"{text} " + wording.gettext(
        "Its lowest of all ages: %(low)s, at %(age)s.",
        low=wording.share(low),
        age=wording.days(lowest_age),
    )


def _confirmable_place(ages: Sequence[int], longest: int) -> int:
    """Return the place of the oldest age up to the longest; the last where there is none."""
    return max((place for place, age in enumerate(ages) if age <= longest), default=len(ages) - 1)


def _segments(
    stability: Stability, segments: Segments, wording: Wording, content: Content
) -> SmallMultiples:
    _, ageing = wording.gettext, stability.ageing
    lowest = min(min(entry.jaccard_low) for entry in ageing.segments)
    y_axis = round_axis(
        "", min(lowest, HIGHEST_FLOOR), 1.0, lambda value: wording.share(value, 0), FEW_TICKS
    )
    last = float(max(ageing.segments[0].ages_days))
    x_axis = round_axis(_("Age of the model in days"), 0.0, last, wording.days)
    return SmallMultiples(
        title=_("Segment by segment: what a refit keeps, by the model's age"),
        description=_segments_sentence(stability, segments, wording, content),
        line_name=_("Kept by both (median)"),
        band_name=_("Down to the lowest starting date"),
        reference_name="",
        panels=tuple(
            Panel(
                title=_name(entry.segment_id, segments, content),
                colour=segments[entry.segment_id].colour if entry.segment_id in segments else None,
                x_axis=x_axis,
                y_axis=y_axis,
                line=((0.0, 1.0), *_pairs(entry)),
                band=((0.0, 1.0, 1.0), *_band(entry)),
                references=(),
            )
            for entry in ageing.segments
        ),
        table=_segments_table(ageing, segments, wording, content),
    )


def _pairs(entry: SegmentAgeing) -> tuple[tuple[float, float], ...]:
    return tuple(
        (float(age), value)
        for age, value in zip(entry.ages_days, entry.jaccard_median, strict=True)
    )


def _band(entry: SegmentAgeing) -> tuple[tuple[float, float, float], ...]:
    values = zip(entry.ages_days, entry.jaccard_low, entry.jaccard_median, strict=True)
    return tuple((float(age), low, middle) for age, low, middle in values)


def _segments_table(
    ageing: Ageing, segments: Segments, wording: Wording, content: Content
) -> Table:
    _ = wording.gettext
    names = [_name(entry.segment_id, segments, content) for entry in ageing.segments]
    return Table(
        caption=_("Customers whom the old model and the new one both put in the segment"),
        columns=(Column(_("Age in days")), *(Column(name) for name in names)),
        rows=tuple(
            (
                wording.integer(age),
                *(
                    _(
                        "%(median)s (lowest %(low)s)",
                        median=wording.share(entry.jaccard_median[place]),
                        low=wording.share(entry.jaccard_low[place]),
                    )
                    for entry in ageing.segments
                ),
            )
            for place, age in enumerate(ageing.segments[0].ages_days)
        ),
    )


# ---------------------------------------------------------------- sizes or map


def _changes_sentence(ageing: Ageing, alarmed: bool, wording: Wording) -> str:
    """Say which moved more at the oldest age, and what that asks for."""
    last = ageing.changes[-1]
    values = {
        "age": wording.days(last.age_days),
        "sizes": wording.share(last.sizes_moved_share),
        "map": wording.share(last.map_moved_share),
    }
    if last.map_moved_share > last.sizes_moved_share and not alarmed:
        return wording.gettext(
            "At %(age)s the sizes of the segments have moved by %(sizes)s and a refit would place "
            "%(map)s of the old customers elsewhere, without an alarm: neither asks for a refit.",
            **values,
        )
    if last.map_moved_share > last.sizes_moved_share:
        return wording.gettext(
            "At %(age)s a refit would place %(map)s of the old customers elsewhere, while the "
            "sizes of the segments have moved by %(sizes)s: it is the map that moves, and a refit "
            "that puts it right.",
            **values,
        )
    return wording.gettext(
        "At %(age)s the sizes of the segments have moved by %(sizes)s, while a refit would place "
        "only %(map)s of the old customers elsewhere: the mix moves, the map holds; budgets are to "
        "be adjusted, not the model.",
        **values,
    )


def _changes(ageing: Ageing, alarmed: bool, wording: Wording) -> LineChart:
    _ = wording.gettext
    highest = max(max(entry.sizes_moved_share, entry.map_moved_share) for entry in ageing.changes)
    names = (_("Sizes of the segments (mix)"), _("Borders of the segments (map)"))
    sizes = [(float(entry.age_days), entry.sizes_moved_share) for entry in ageing.changes]
    borders = [(float(entry.age_days), entry.map_moved_share) for entry in ageing.changes]
    return LineChart(
        title=_("What moves: the sizes, or the map itself"),
        description=_changes_sentence(ageing, alarmed, wording),
        x_axis=round_axis(_("Age of the model in days"), 0.0, sizes[-1][0], wording.integer),
        y_axis=round_axis(
            _("Customers concerned"), 0.0, max(highest, 0.02), wording.tick_share, FEW_TICKS
        ),
        lines=(
            ChartLine(names[0], 1, ((0.0, 0.0), *sizes), dashed=True),
            ChartLine(names[1], 0, ((0.0, 0.0), *borders)),
        ),
        reference=None,
        reference_name="",
        table=Table(
            caption=_("What moved, by the model's age (medians of the starting dates)"),
            columns=(Column(_("Age in days")), *(Column(name) for name in names)),
            rows=tuple(
                (
                    wording.integer(entry.age_days),
                    wording.share(entry.sizes_moved_share),
                    wording.share(entry.map_moved_share),
                )
                for entry in ageing.changes
            ),
        ),
    )


# ---------------------------------------------------------------- who moves where


def _migration_sentence(migration: Migration, wording: Wording) -> str:
    """Say how much stays."""
    staying = [
        (cell, row)
        for row in migration.rows
        for cell in row.cells
        if row.segment_id and cell.segment_id == row.segment_id
    ]
    shares = [cell.share for cell, _row in staying if not isinstance(cell.share, NotComputed)]
    if not shares:
        return wording.not_computed(NotComputed("no_rows"))
    return wording.gettext(
        "Under the unchanged model, between %(low)s and %(high)s of the customers of a segment are "
        "still in it %(days)s later.",
        low=wording.share(min(shares)),
        high=wording.share(max(shares)),
        days=wording.days(migration.days),
    )


def _leavers_sentence(
    migration: Migration, segments: Segments, wording: Wording, content: Content
) -> str:
    """Say where the others are: segment by segment, never of all together."""
    moved = [row for row in migration.rows if row.segment_id and _gone(row)]
    staying_in = [row for row in moved if 2 * _outside(row) <= _gone(row)]
    if not moved:
        return ""
    if len(staying_in) == len(moved):
        return wording.gettext("Most of the others are in another segment.")
    if not staying_in:
        return wording.gettext(
            "In each segment, most of the others have left the window: that is time passing, not "
            "a change of behaviour."
        )
    left = wording.gettext(
        "In the others, most left the window: that is time passing, not a change of behaviour."
    )
    named = (_row_sentence(row, segments, wording, content) for row in staying_in)
    return " ".join((*named, left))


def _gone(row: MigrationRow) -> int:
    """Return how many of a segment's customers are no longer in it."""
    return sum(cell.customers for cell in row.cells if cell.segment_id != row.segment_id)


def _outside(row: MigrationRow) -> int:
    """Return how many of a segment's customers are outside the window."""
    return sum(cell.customers for cell in row.cells if not cell.segment_id)


def _row_sentence(row: MigrationRow, segments: Segments, wording: Wording, content: Content) -> str:
    """Say of a segment whose leavers mostly go to other segments how many do; by rule, why."""
    gone, outside = _gone(row), _outside(row)
    values = {
        "name": _name(row.segment_id, segments, content),
        "outside": wording.share(outside / row.customers),
        "elsewhere": wording.share((gone - outside) / row.customers),
    }
    segment = segments.get(row.segment_id)
    if segment is not None and segment.kind == "repeat_rule":
        return wording.gettext(
            "“%(name)s”: %(outside)s left the window, %(elsewhere)s are in another segment, one of "
            "their purchases being too old to count.",
            **values,
        )
    return wording.gettext(
        "“%(name)s”: %(outside)s left the window, %(elsewhere)s are in another segment.",
        **values,
    )


def _migration(
    migration: Migration, segments: Segments, wording: Wording, content: Content
) -> Table:
    names = {name: _name(name, segments, content) for name in segments}
    caption = wording.gettext("Who moves where within %(days)s", days=wording.days(migration.days))
    return migration_table(migration, caption, names, names, wording)


def migration_table(
    migration: Migration,
    caption: str,
    then: Mapping[str, str],
    now: Mapping[str, str],
    wording: Wording,
) -> Table:
    """Return who moves where, the names of the segments by their ids at either end."""
    _ = wording.gettext
    columns = [cell.segment_id for cell in migration.rows[0].cells]
    return Table(
        caption=caption,
        columns=(
            Column(_("From"), is_number=False),
            Column(_("Customers")),
            *(Column(now.get(name, name) if name else _("Outside the window")) for name in columns),
        ),
        rows=tuple(
            (
                then.get(row.segment_id, row.segment_id)
                if row.segment_id
                else _("New in the window"),
                wording.integer(row.customers),
                *(_cell(cell, wording) for cell in row.cells),
            )
            for row in migration.rows
            if row.customers
        ),
        note=_(
            "Share of the row, and its interval at %(level)s under the shares.",
            level=wording.share(CONFIDENCE, 0),
        ),
    )


def _cell(cell: MigrationCell, wording: Wording) -> str:
    """Return a share over its interval; nothing moved is a dash."""
    if isinstance(cell.share, NotComputed) or isinstance(cell.interval, NotComputed):
        return wording.gettext("not computed")
    if not cell.customers:
        return "–"
    if cell.interval.high < SMALLEST_SHARE:
        return wording.share(cell.share)
    share = wording.share_within(cell.share, cell.interval)
    return f"{share}\n{wording.interval(cell.interval)}"
