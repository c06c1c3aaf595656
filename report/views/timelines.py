"""A timeline in words and as a picture: by the model's age, and by starting date and calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from analysis.findings import NotComputed, Period, Stability, Timeline, TimelinePoint
from report.views.figures import Axis, Column, Mark, Table, month_axis, round_axis
from report.views.time_figures import (
    AgeLine,
    Calendar,
    CalendarCell,
    CalendarGrid,
    CalendarRow,
    Span,
    TimelineFigure,
)
from report.wording import Wording

# As many columns and rows as can be read.
MOST_COLUMNS, MOST_ROWS = 18, 16


def alarm_sentence(timeline: Timeline, wording: Wording) -> str:
    """Return when the first alarm came, or how long none was seen."""
    if isinstance(timeline.first_alarm_days, NotComputed):
        return wording.gettext(
            "No model broke in what could be observed, up to %(days)s after it was made "
            "(%(dates)s).",
            days=wording.days(timeline.longest_observed_days),
            dates=starting_dates(origins_at(timeline, timeline.longest_observed_days), wording),
        )
    return wording.gettext(
        "The first confirmed alarm comes %(days)s after the model was made.",
        days=wording.days(timeline.first_alarm_days),
    )


def origins_at(timeline: Timeline, age_days: int) -> int:
    """Return how many starting dates were followed to an age."""
    return next((entry.origins for entry in timeline.by_age if entry.age_days == age_days), 0)


def starting_dates(count: int, wording: Wording) -> str:
    """Return a number of starting dates."""
    return wording.ngettext("%(number)s starting date", "%(number)s starting dates", count)


def timeline_figure(
    timeline: Timeline,
    found: Stability,
    wording: Wording,
    description: str,
    calendar: Calendar | None = None,
) -> TimelineFigure:
    """Return the timeline of a family: lines by starting date, pooled, with threshold and placebo.

    The limit of what was observed is the longest age seen on three starting dates.
    """
    _ = wording.gettext
    lowest = min(
        (
            *(min(point.ari_warm, point.ari_cold) for point in timeline.points),
            timeline.placebo_lowest_ari,
            *(entry.floor_q05_median for entry in timeline.by_age),
            found.threshold_ari - 0.05,
        )
    )
    observed = timeline.longest_confirmable_days
    alarm = timeline.first_alarm_days
    return TimelineFigure(
        title=_("Agreement between a model and its refit, by the model's age"),
        description=description,
        x_axis=_age_axis(timeline, wording),
        y_axis=round_axis(_("Agreement (ARI)"), lowest, 1.0, wording.index),
        origins=_origin_lines(timeline, wording, lambda point: point.ari_warm),
        origins_name=_("One line a starting date"),
        median=AgeLine(
            _("Median of the starting dates"),
            _line((0, 1.0), ((p.age_days, p.ari_median) for p in timeline.by_age)),
        ),
        band=(
            (0.0, 1.0, 1.0),
            *((float(p.age_days), p.ari_low, p.ari_high) for p in timeline.by_age),
        ),
        band_name=_("From the lowest to the highest"),
        cold=AgeLine(
            _("Refit from scratch (median)"),
            _line((0, 1.0), ((p.age_days, p.cold_ari_median) for p in timeline.by_age)),
        ),
        floor=AgeLine(
            _("Noise between two refits of one day"),
            tuple((float(p.age_days), p.floor_q05_median) for p in timeline.by_age),
        ),
        threshold=Mark(found.threshold_ari, wording.index(found.threshold_ari)),
        threshold_name=_("Alarm threshold"),
        placebo=Mark(timeline.placebo_lowest_ari, wording.index(timeline.placebo_lowest_ari)),
        placebo_name=_("Lowest value of the control"),
        observed_until=Mark(float(observed), wording.days(observed)),
        observed_label=_("too few starting dates"),
        alarm=None if isinstance(alarm, NotComputed) else Mark(float(alarm), wording.days(alarm)),
        alarm_label=_("first alarm"),
        calendar=calendar,
        table=_age_table(timeline, wording),
    )


def keeping_figure(
    timeline: Timeline, found: Stability, wording: Wording, description: str
) -> TimelineFigure:
    """Return the client's picture: who keeps the segment, with the share that the alarm stands for.

    The same points as the timeline's, as the share of customers with the same segment.
    """
    _ = wording.gettext
    alarm, alarm_name = _alarm_share(found, wording)
    lowest = min(
        *(min(point.agreement_warm, point.agreement_cold) for point in timeline.points),
        *(entry.floor_agreement_median for entry in timeline.by_age),
        timeline.placebo_lowest_agreement,
        alarm.value,
    )
    placebo = timeline.placebo_lowest_agreement
    return replace(
        timeline_figure(timeline, found, wording, description),
        title=_("Customers who keep their segment, by the model's age"),
        y_axis=round_axis(_("Customers"), lowest, 1.0, wording.tick_share),
        origins=_origin_lines(timeline, wording, lambda point: point.agreement_warm),
        median=AgeLine(
            _("Median of the starting dates"),
            _line((0, 1.0), ((p.age_days, p.agreement_median) for p in timeline.by_age)),
        ),
        band=(
            (0.0, 1.0, 1.0),
            *((float(p.age_days), p.agreement_low, p.agreement_high) for p in timeline.by_age),
        ),
        cold=AgeLine(
            _("Refit from scratch (median)"),
            _line((0, 1.0), ((p.age_days, p.cold_agreement_median) for p in timeline.by_age)),
        ),
        floor=AgeLine(
            _("Noise between two refits of one day"),
            tuple((float(p.age_days), p.floor_agreement_median) for p in timeline.by_age),
        ),
        threshold=alarm,
        threshold_name=alarm_name,
        placebo=Mark(placebo, wording.share(placebo)),
        calendar=None,
    )


def _alarm_share(found: Stability, wording: Wording) -> tuple[Mark, str]:
    """Return the share that the alarm's ARI stands for; where unknown, the line to judge by."""
    share = found.agreement_at_threshold
    if isinstance(share, NotComputed):
        line = Mark(found.agreement_line, wording.tick_share(found.agreement_line))
        return line, wording.gettext("Line to judge by")
    name = wording.gettext(
        "What the alarm, an ARI of %(ari)s, stands for", ari=wording.index(found.threshold_ari)
    )
    return Mark(share, wording.share(share)), name


def translation_sentence(found: Stability, wording: Wording) -> str:
    """Return what the alarm threshold means in customers, read off the points, or nothing."""
    share = found.agreement_at_threshold
    if isinstance(share, NotComputed):
        return ""
    return wording.gettext(
        "On these data an ARI of %(ari)s means that %(share)s of the customers keep their segment.",
        ari=wording.index(found.threshold_ari),
        share=wording.share(share),
    )


def _age_axis(timeline: Timeline, wording: Wording) -> Axis:
    return round_axis(
        wording.gettext("Age of the model in days"),
        0.0,
        float(timeline.longest_observed_days),
        wording.integer,
    )


def _origin_lines(
    timeline: Timeline, wording: Wording, value: Callable[[TimelinePoint], float]
) -> tuple[AgeLine, ...]:
    origins = sorted({point.origin for point in timeline.points})
    return tuple(
        AgeLine(
            wording.date(origin),
            _line(
                (0, 1.0),
                sorted(
                    (point.age_days, value(point))
                    for point in timeline.points
                    if point.origin == origin
                ),
            ),
        )
        for origin in origins
    )


def _line(
    first: tuple[float, float], points: Iterable[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """Return the points after a first one: a model of age nothing agrees with itself."""
    return (first, *((float(age), value) for age, value in points))


def _age_table(timeline: Timeline, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("Agreement by the model's age"),
        columns=(
            Column(_("Age in days")),
            Column(_("Starting dates")),
            Column(_("Median ARI")),
            Column(_("Lowest and highest")),
            Column(_("Same segment from both (median)")),
            Column(_("From scratch (median ARI)")),
            Column(_("Noise between two refits (ARI)")),
        ),
        rows=tuple(
            (
                wording.integer(point.age_days),
                wording.integer(point.origins),
                wording.index(point.ari_median),
                wording.between(wording.index(point.ari_low), wording.index(point.ari_high)),
                wording.share(point.agreement_median),
                wording.index(point.cold_ari_median),
                wording.index(point.floor_q05_median),
            )
            for point in timeline.by_age
        ),
    )


# ---------------------------------------------------------------- the calendar


def used_dates(found: Stability, period: Period, wording: Wording) -> Calendar:
    """Return which dates the timeline used: not those of a window that is still filling."""
    _ = wording.gettext
    usable = (found.usable_from.toordinal(), found.usable_until.toordinal())
    first, last = period.started_on, period.as_of.date()
    spans = (
        Span(first.toordinal(), usable[0], _("window still filling: not used"), used=False),
        Span(usable[0], usable[1], _("dates compared"), used=True),
        Span(usable[1], last.toordinal(), _("nothing delivered yet"), used=False),
    )
    return Calendar(
        month_axis(first, last, wording.short_month),
        tuple(span for span in spans if span.end > span.start),
    )


def unused_sentence(found: Stability, wording: Wording) -> str:
    """Return which dates could not be used, and why."""
    return wording.gettext(
        "Not used: the dates before %(start)s, when the window of %(window)s was still filling, "
        "and those after %(end)s, because nothing that was bought later has been delivered.",
        start=wording.date(found.usable_from),
        window=wording.days(found.window_days),
        end=wording.date(found.usable_until),
    )


def calendar_grid(timeline: Timeline, found: Stability, wording: Wording) -> CalendarGrid:
    """Return the timeline by starting date and calendar; every so many dates where they are many.

    Pale is full agreement, dark is the alarm threshold.
    """
    _ = wording.gettext
    points = {(point.origin, point.snapshot): point for point in timeline.points}
    origins = _thinned({point.origin for point in timeline.points}, MOST_ROWS)
    snapshots = _thinned({point.snapshot for point in timeline.points}, MOST_COLUMNS)
    return CalendarGrid(
        title=_("Agreement by starting date and by date of comparison"),
        description=grid_sentence(timeline, wording),
        row_name=_("Model of"),
        columns=tuple(wording.short_day(day) for day in snapshots),
        rows=tuple(
            CalendarRow(
                wording.short_date(origin),
                tuple(
                    _calendar_cell(points.get((origin, day)), found.threshold_ari, wording)
                    for day in snapshots
                ),
            )
            for origin in origins
        ),
        scale=(_("ARI of one"), _("ARI at the threshold or below")),
        alarm_name=_("below the threshold and the noise"),
        table=_points_table(timeline, wording),
    )


def grid_sentence(timeline: Timeline, wording: Wording) -> str:
    """Return where the lowest agreement stands, and how a calendar event would look."""
    lowest = min(timeline.points, key=lambda point: point.ari_warm)
    return wording.gettext(
        "The lowest agreement (ARI %(ari)s) is that of the model of %(origin)s on %(snapshot)s. An "
        "event of the calendar would stand in a column, ageing along the rows.",
        ari=wording.index(lowest.ari_warm),
        origin=wording.date(lowest.origin),
        snapshot=wording.date(lowest.snapshot),
    )


def _thinned(days: Iterable[date], most: int) -> list[date]:
    """Return the days in order, every so many where they are too many to be read."""
    ordered = sorted(days)
    return ordered[:: -(-len(ordered) // most)]


def _calendar_cell(
    point: TimelinePoint | None, threshold: float, wording: Wording
) -> CalendarCell | None:
    if point is None:
        return None
    strength = (1 - point.ari_warm) / max(1 - threshold, 0.01)
    return CalendarCell(wording.index(point.ari_warm), min(1.0, max(0.0, strength)), point.alarm)


def _points_table(timeline: Timeline, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("Every comparison of the timeline"),
        columns=(
            Column(_("Model of"), is_number=False),
            Column(_("Compared on"), is_number=False),
            Column(_("Age in days")),
            Column(_("ARI")),
            Column(_("From scratch (ARI)")),
            Column(_("Same segment from both")),
            Column(_("Noise floor (ARI)")),
        ),
        rows=tuple(
            (
                wording.date(point.origin),
                wording.date(point.snapshot),
                wording.integer(point.age_days),
                wording.index(point.ari_warm),
                wording.index(point.ari_cold),
                wording.share(point.agreement_warm),
                wording.index(point.floor_q05),
            )
            for point in sorted(timeline.points, key=lambda point: (point.origin, point.snapshot))
        ),
    )
