"""Pictures of what the data are: gaps, distributions, correlations, projections."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p
from typing import TYPE_CHECKING, Any

from report.opened_run import OpenedRun
from report.pictures.frame import (
    FEATURES,
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.exploration import Correlations, Histogram, Missing, Projection

MONEY_TICKS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


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
def draw_distributions(found: Sequence[Histogram], run: OpenedRun) -> Shown:
    """Draw the histogram of each feature; spend on its logarithmic scale."""
    wording = run.wording
    with drawing(PANEL_HEIGHT * -(-len(found) // 3)) as figure:
        for axes, one in zip(panels(figure, len(found), 3), found, strict=True):
            axes.stairs(one.counts, one.edges, fill=True, color=palette_colour(0))
            axes.set_title(wording.gettext(FEATURES[one.name]))
            _money_ticks(axes, one.name, run)
            axes.yaxis.set_major_formatter(lambda value, _: wording.integer(float(value)))
            if one.beyond:
                beyond = wording.ngettext(
                    "%(number)s customer beyond", "%(number)s customers beyond", one.beyond
                )
                axes.set_xlabel(beyond, color=SOFT, fontsize=8)
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
    """Draw the customers on the principal plane and on that of t-SNE, coloured by segment.

    Under them stands what each principal component is made of.
    """
    _ = run.wording.gettext
    with drawing(6.8) as figure:
        grid = figure.add_gridspec(2, 2, height_ratios=(4, 1))
        left, right = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
        for axes, points in ((left, found.principal), (right, found.neighbours)):
            for place, segment_id in enumerate(found.segment_ids):
                rows = found.segments == place
                _cloud(axes, points[rows], run.segment_colour(segment_id))
            if not found.segment_ids:
                _cloud(axes, points, 0)
        left.set_title(_("Principal components"))
        left.set_xlabel(_("First: %(share)s", share=run.wording.share(found.explained[0])))
        left.set_ylabel(_("Second: %(share)s", share=run.wording.share(found.explained[1])))
        right.set_title(_("Neighbours (t-SNE)"))
        right.set_xticks([])
        right.set_yticks([])
        _loadings(figure.add_subplot(grid[1, :]), found, run)
        write_legend(figure, found.segment_ids, run)
        title = _(
            "%(rows)s customers drawn at random of %(complete)s",
            rows=run.wording.integer(found.rows),
            complete=run.wording.integer(found.complete),
        )
        return shown(figure, title)


def _loadings(axes: Axes, found: Projection, run: OpenedRun) -> None:
    """Draw how much each feature weighs in the two components."""
    wording, _ = run.wording, run.wording.gettext
    draw_heat(axes, found.loadings.T, low=-1.0, high=1.0, colours="RdBu_r", text=wording.index)
    axes.set_title(_("What the components are made of"))
    write_names(axes, "y", [_("First"), _("Second")])
    write_names(axes, "x", [_(FEATURES[name]) for name in found.names], turned=True)


def _cloud(axes: Axes, points: Any, colour: int | None) -> None:
    axes.scatter(
        points[:, 0], points[:, 1], s=7, color=palette_colour(colour), alpha=0.6, linewidths=0
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
