"""Pictures of what the data are: gaps, distributions, correlations, projections."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING, Any

from report.opened_run import OpenedRun
from report.pictures.frame import (
    FEATURES,
    PANEL_HEIGHT,
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.exploration import Correlations, Features, Missing, Projection

BINS = 40
# Arrows of the principal plane: how much longer than drawn to scale, and which are worth a name.
ARROW_SCALE, SHORTEST_ARROW = 4.0, 0.3
MONEY_TICKS = (1, 10, 100, 1_000, 10_000, 100_000)


@unless_missing
def draw_missing(found: Missing, run: OpenedRun) -> Shown:
    """Draw the share of orders without a value, a field by month."""
    wording = run.wording
    with drawing(0.45 * len(found.fields) + 1.4) as figure:
        axes = figure.subplots()
        draw_heat(axes, found.shares, low=0.0, high=1.0, colours="Blues", text=wording.share)
        write_names(axes, "y", [wording.gettext(FEATURES[name]) for name in found.fields])
        write_names(axes, "x", [wording.short_month(month) for month in found.months], turned=True)
        return shown(figure, wording.gettext("Orders without a value, by month of purchase"))


@unless_missing
def draw_distributions(found: Features, run: OpenedRun) -> Shown:
    """Draw the histogram of each feature; spend on its logarithmic scale."""
    wording = run.wording
    with drawing(PANEL_HEIGHT * -(-len(found.names) // 3)) as figure:
        for axes, name in zip(panels(figure, len(found.names), 3), found.names, strict=True):
            axes.hist(found.known(name), bins=BINS, color=palette_colour(0))
            axes.set_title(wording.gettext(FEATURES[name]))
            _money_ticks(axes, name, run)
            axes.yaxis.set_major_formatter(lambda value, _: wording.integer(float(value)))
        return shown(figure, wording.gettext("Distributions of the features, in customers"))


@unless_missing
def draw_correlations(found: Correlations, run: OpenedRun) -> Shown:
    """Draw the rank correlation of every pair of features."""
    wording = run.wording
    labels = [wording.gettext(FEATURES[name]) for name in found.names]
    with drawing(0.55 * len(labels) + 1.6, 8.0) as figure:
        axes = figure.subplots()
        draw_heat(axes, found.values, low=-1.0, high=1.0, colours="RdBu_r", text=wording.index)
        write_names(axes, "x", labels, turned=True)
        write_names(axes, "y", labels)
        title = wording.gettext(
            "Rank correlation over %(rows)s customers", rows=wording.integer(found.rows)
        )
        return shown(figure, title)


@unless_missing
def draw_projection(found: Projection, run: OpenedRun) -> Shown:
    """Draw the customers on the principal plane and on that of t-SNE, coloured by segment."""
    _ = run.wording.gettext
    with drawing(5.2) as figure:
        left, right = figure.subplots(1, 2)
        for axes, points in ((left, found.principal), (right, found.neighbours)):
            for place, segment_id in enumerate(found.segment_ids):
                rows = found.segments == place
                _cloud(axes, points[rows], run.segment_colour(segment_id))
            if not found.segment_ids:
                _cloud(axes, points, 0)
        for place, name in enumerate(found.names):
            end = found.loadings[place]
            if float(end @ end) >= SHORTEST_ARROW**2:
                _arrow(left, end * ARROW_SCALE, _(FEATURES[name]))
        left.set_title(_("Principal components"))
        left.set_xlabel(_("First: %(share)s", share=run.wording.share(found.explained[0])))
        left.set_ylabel(_("Second: %(share)s", share=run.wording.share(found.explained[1])))
        right.set_title(_("Neighbours (t-SNE)"))
        right.set_xticks([])
        right.set_yticks([])
        write_legend(figure, found.segment_ids, run)
        title = _(
            "%(rows)s customers drawn at random of %(complete)s",
            rows=run.wording.integer(found.rows),
            complete=run.wording.integer(found.complete),
        )
        return shown(figure, title)


def _cloud(axes: Axes, points: Any, colour: int | None) -> None:
    axes.scatter(
        points[:, 0], points[:, 1], s=7, color=palette_colour(colour), alpha=0.6, linewidths=0
    )


def _arrow(axes: Axes, end: Any, name: str) -> None:
    """Draw the direction in which a feature grows."""
    axes.annotate(
        name,
        xy=(0, 0),
        xytext=(end[0], end[1]),
        fontsize=8,
        ha="center",
        arrowprops={"arrowstyle": "<-", "color": "black"},
    )


def _money_ticks(axes: Axes, name: str, run: OpenedRun) -> None:
    """Write amounts at the places of their logarithms; other features are as they are."""
    if name != "spend":
        axes.xaxis.set_major_formatter(short_number(run.wording))
        return
    low, high = axes.get_xlim()
    ticks = [amount for amount in MONEY_TICKS if low <= log1p(amount) <= high]
    texts = [run.wording.money(amount, run.findings.period.currency) for amount in ticks]
    axes.set_xticks([log1p(amount) for amount in ticks], texts)
