"""Pictures of the timeline and of the drift, as the findings hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import floor
from typing import TYPE_CHECKING, Any

from analysis.findings import NotComputed
from report.opened_run import OpenedRun
from report.pictures.frame import (
    ALARM,
    FEATURES,
    GRID,
    PANEL_HEIGHT,
    SOFT,
    draw_heat,
    drawing,
    panels,
    short_number,
    shown,
    unless_missing,
    write_legend,
    write_names,
)
from report.shown import Shown
from report.views.figures import palette_colour
from report.wording import Wording, message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.findings import Ageing, Design, Drift, Timeline

DESIGNS = {
    "cumulative_absolute": message("All customers so far, recency in days"),
    "capped_recency": message("All customers so far, recency capped"),
    "window_recency": message("Fixed window, with recency"),
    "window_traits": message("Fixed window, lasting traits"),
}


@unless_missing
def draw_agreement(found: Timeline, run: OpenedRun) -> Shown:
    """Draw the agreement of each origin's model with the refit of each later date."""
    wording = run.wording
    origins = sorted({point.origin for point in found.points})
    dates = sorted({point.snapshot for point in found.points})
    values = [[float("nan")] * len(dates) for _ in origins]
    for point in found.points:
        values[origins.index(point.origin)][dates.index(point.snapshot)] = point.ari_warm
    with drawing(0.5 * len(origins) + 1.8) as figure:
        axes = figure.subplots()
        low = min(_threshold(run), *(point.ari_warm for point in found.points))
        draw_heat(axes, values, low=low, high=1.0, colours="viridis", text=wording.index)
        write_names(axes, "y", [wording.date(one) for one in origins])
        write_names(axes, "x", [wording.date(one) for one in dates], turned=True)
        return shown(figure, wording.gettext("Agreement of a model (row) with a refit (column)"))


@unless_missing
def draw_ageing(found: Ageing, run: OpenedRun) -> Shown:
    """Draw the Jaccard coefficient of each segment with the refit's, by age of the model."""
    wording = run.wording
    with drawing(4.2) as figure:
        axes = figure.subplots()
        for segment in found.segments:
            colour = palette_colour(run.segment_colour(segment.segment_id))
            axes.plot(segment.ages_days, segment.jaccard_median, color=colour, linewidth=2)
            axes.fill_between(
                segment.ages_days,
                segment.jaccard_low,
                segment.jaccard_median,
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
        _ages(axes, min(min(segment.jaccard_low) for segment in found.segments), run)
        write_legend(figure, tuple(one.segment_id for one in found.segments), run)
        return shown(figure, wording.gettext("Segments found again, by age of the model (Jaccard)"))


@unless_missing
def draw_designs(found: Sequence[Design], run: OpenedRun) -> Shown:
    """Draw the same question by other designs, on the same data."""
    wording = run.wording
    with drawing(4.4) as figure:
        axes = figure.subplots()
        for place, design in enumerate(found):
            axes.plot(
                design.ages_days,
                design.aris,
                color=palette_colour(place),
                linewidth=2,
                label=wording.gettext(DESIGNS[design.code]),
            )
        axes.axhline(_threshold(run), color=ALARM, linestyle="--")
        _ages(axes, min(_threshold(run), *(min(design.aris) for design in found)), run)
        figure.legend(loc="outside lower center", ncols=2)
        return shown(figure, wording.gettext("Agreement (ARI) by age, under four designs"))


@unless_missing
def draw_drift(found: Drift, run: OpenedRun) -> Shown:
    """Draw how far each cohort lies from the reference, feature by feature; alarms are framed."""
    wording = run.wording
    names = list(dict.fromkeys(test.feature for test in found.tests))
    cohorts = sorted({test.bought_until for test in found.tests})
    values = [[float("nan")] * len(cohorts) for _ in names]
    for test in found.tests:
        values[names.index(test.feature)][cohorts.index(test.bought_until)] = test.size
    with drawing(0.45 * len(names) + 1.8) as figure:
        axes = figure.subplots()
        draw_heat(axes, values, low=0.0, high=0.5, colours="Oranges", text=wording.index)
        for test in found.tests:
            if test.alarm:
                at = (cohorts.index(test.bought_until), names.index(test.feature))
                axes.plot(*at, marker="s", markersize=17, markerfacecolor="none", color=ALARM)
        write_names(axes, "y", [wording.gettext(FEATURES[name]) for name in names])
        write_names(axes, "x", [wording.date(one) for one in cohorts], turned=True)
        title = wording.gettext(
            "Distance of each group of orders from the reference; framed where it counts"
        )
        return shown(figure, title)


@unless_missing
def draw_series(found: Drift, run: OpenedRun) -> Shown:
    """Draw the distribution of each number cohort by cohort: median and quartiles."""
    wording = run.wording
    with drawing(PANEL_HEIGHT * -(-len(found.series) // 2)) as figure:
        for axes, one in zip(panels(figure, len(found.series), 2), found.series, strict=True):
            ends: list[Any] = list(one.bought_until)
            low, high = [each.q1 for each in one.cohorts], [each.q3 for each in one.cohorts]
            axes.fill_between(ends, low, high, color=palette_colour(0), alpha=0.2, linewidth=0)
            axes.plot(ends, [each.median for each in one.cohorts], color=palette_colour(0))
            axes.axhline(one.reference.median, color=SOFT, linestyle="--")
            axes.set_title(wording.gettext(FEATURES[one.feature]))
            axes.set_xticks(ends[:: max(1, len(ends) // 3)])
            axes.xaxis.set_major_formatter(_month_of(wording))
            axes.yaxis.set_major_formatter(short_number(wording))
        title = wording.gettext("Median and quartiles of new orders; dashed, the reference")
        return shown(figure, title)


def _threshold(run: OpenedRun) -> float:
    """Return the agreement below which an alarm is raised; perfect where nothing was traced."""
    stability = run.findings.stability
    return 1.0 if isinstance(stability, NotComputed) else stability.threshold_ari


def _ages(axes: Axes, lowest: float, run: OpenedRun) -> None:
    """Name the axes of a picture by age; agreement starts a tenth below all that is drawn."""
    wording = run.wording
    tenths = range(max(0, floor(10 * lowest - 1)), 11)
    axes.set_yticks([tenth / 10 for tenth in tenths])
    axes.set_ylim(tenths[0] / 10, 1.01)
    axes.set_xlabel(wording.gettext("Age of the model, in days"))
    axes.grid(axis="y", color=GRID)
    axes.yaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
    axes.xaxis.set_major_formatter(lambda value, _: wording.integer(float(value)))


def _month_of(wording: Wording) -> Callable[[float, float], str]:
    # matplotlib counts days from the first of January 1970.
    return lambda value, _: wording.short_month(date(1970, 1, 1) + timedelta(days=float(value)))
