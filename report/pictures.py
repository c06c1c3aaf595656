"""The pictures of the notebooks, of what the analysis answers: nothing is worked out here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache, wraps
from io import BytesIO
from math import isnan, log1p
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.findings import NotComputed
from report.opened_run import OpenedRun
from report.shown import Shown, show_texts
from report.views import Absence
from report.views.figures import palette_colour
from report.wording import Wording, message, templates_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.exploration import (
        Contrast,
        Correlations,
        Features,
        Missing,
        Projection,
        SilhouetteProfile,
    )
    from analysis.findings import Ageing, Candidate, Design, Drift, Timeline

FEATURES = {
    "spend": message("Spend"),
    "review": message("Review"),
    "recency_days": message("Days since the last order"),
    "delivery_days": message("Days to deliver"),
    "delay_days": message("Days after the promise"),
    "freight_share": message("Share of freight"),
    "instalments": message("Instalments"),
    "payment_type": message("Type of payment"),
    "state": message("State"),
    "category": message("Category"),
}
DESIGNS = {
    "cumulative_absolute": message("All customers so far, recency in days"),
    "capped_recency": message("All customers so far, recency capped"),
    "window_recency": message("Fixed window, with recency"),
    "window_traits": message("Fixed window, lasting traits"),
}
WIDTH, PANEL_HEIGHT, RESOLUTION = 10.0, 2.6, 100
SOFT, GRID, ALARM = "#5B6478", "#D9DDE7", "#B3261E"
BINS = 40
# Arrows of the principal plane: how much longer than drawn to scale, and which are worth a name.
ARROW_SCALE, SHORTEST_ARROW = 4.0, 0.3
MONEY_TICKS = (1, 10, 100, 1_000, 10_000, 100_000)

Found = TypeVar("Found")
Draw = Callable[[Found, OpenedRun], Shown]


def _unless_missing(draw: Draw[Found]) -> Callable[[Found | NotComputed, OpenedRun], Shown]:
    """Let a picture of what could not be computed be the sentence that says why."""

    @wraps(draw)
    def drawn(found: Found | NotComputed, run: OpenedRun) -> Shown:
        if isinstance(found, NotComputed):
            return show_texts(Absence(run.wording.not_computed(found)), run.wording)
        return draw(found, run)

    return drawn


# ---------------------------------------------------------------- exploration


@_unless_missing
def draw_missing(found: Missing, run: OpenedRun) -> Shown:
    """Draw the share of orders without a value, a field by month."""
    wording = run.wording
    with _drawing(0.45 * len(found.fields) + 1.4) as figure:
        axes = figure.subplots()
        _heat(axes, found.shares, low=0.0, high=1.0, colours="Blues", text=wording.share)
        _names(axes, "y", [wording.gettext(FEATURES[name]) for name in found.fields])
        _names(axes, "x", [wording.short_month(month) for month in found.months], turned=True)
        return _shown(figure, wording.gettext("Orders without a value, by month of purchase"))


@_unless_missing
def draw_distributions(found: Features, run: OpenedRun) -> Shown:
    """Draw the histogram of each feature; spend on its logarithmic scale."""
    wording = run.wording
    with _drawing(PANEL_HEIGHT * -(-len(found.names) // 3)) as figure:
        for axes, name in zip(_panels(figure, len(found.names), 3), found.names, strict=True):
            axes.hist(found.known(name), bins=BINS, color=palette_colour(0))
            axes.set_title(wording.gettext(FEATURES[name]))
            _money_ticks(axes, name, run)
            axes.yaxis.set_major_formatter(lambda value, _: wording.integer(float(value)))
        return _shown(figure, wording.gettext("Distributions of the features, in customers"))


@_unless_missing
def draw_correlations(found: Correlations, run: OpenedRun) -> Shown:
    """Draw the rank correlation of every pair of features."""
    wording = run.wording
    labels = [wording.gettext(FEATURES[name]) for name in found.names]
    with _drawing(0.55 * len(labels) + 1.6, 8.0) as figure:
        axes = figure.subplots()
        _heat(axes, found.values, low=-1.0, high=1.0, colours="RdBu_r", text=wording.index)
        _names(axes, "x", labels, turned=True)
        _names(axes, "y", labels)
        title = wording.gettext(
            "Rank correlation over %(rows)s customers", rows=wording.integer(found.rows)
        )
        return _shown(figure, title)


@_unless_missing
def draw_projection(found: Projection, run: OpenedRun) -> Shown:
    """Draw the customers on the principal plane and on that of t-SNE, coloured by segment."""
    _ = run.wording.gettext
    with _drawing(5.2) as figure:
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
        _segment_legend(figure, found.segment_ids, run)
        title = _(
            "%(rows)s customers drawn at random of %(complete)s",
            rows=run.wording.integer(found.rows),
            complete=run.wording.integer(found.complete),
        )
        return _shown(figure, title)


# ---------------------------------------------------------------- trials


@_unless_missing
def draw_silhouettes(found: SilhouetteProfile, run: OpenedRun) -> Shown:
    """Draw the silhouette of each customer, segment by segment."""
    wording, bottom = run.wording, 0
    with _drawing(4.6) as figure:
        axes = figure.subplots()
        for segment_id, values in zip(found.segment_ids, found.values, strict=True):
            colour = palette_colour(run.segment_colour(segment_id))
            rows = range(bottom, bottom + len(values))
            axes.fill_betweenx(rows, 0, values, color=colour, label=run.segment_name(segment_id))
            bottom += len(values) + found.rows // 50
        axes.axvline(found.mean, color=ALARM, linestyle="--")
        axes.set_yticks([])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
        _segment_legend(figure, found.segment_ids, run)
        title = wording.gettext(
            "Silhouettes of %(rows)s customers of %(customers)s, mean %(mean)s",
            rows=wording.integer(found.rows),
            customers=wording.integer(found.customers),
            mean=wording.index(found.mean),
        )
        return _shown(figure, title)


@_unless_missing
def draw_jaccards(found: Sequence[Candidate], run: OpenedRun) -> Shown:
    """Draw the Jaccard coefficient of each segment of the chosen candidate, largest first."""
    wording = run.wording
    chosen = next((one for one in found if one.chosen), None)
    none = NotComputed("no_candidate_passed")
    values = none if chosen is None else chosen.jaccards
    if isinstance(values, NotComputed) or chosen is None:
        return show_texts(Absence(wording.not_computed(none)), wording)
    with _drawing(0.5 * len(values) + 1.2) as figure:
        axes = figure.subplots()
        labels = [
            wording.ngettext("%(number)s customer", "%(number)s customers", size)
            for size in chosen.sizes
        ]
        bars = axes.barh(labels, values, color=palette_colour(0))
        axes.bar_label(bars, [wording.index(value) for value in values], padding=4)
        axes.set_xlim(0, 1.1)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
        return _shown(figure, wording.gettext("Jaccard coefficient over resampled customers"))


@_unless_missing
def draw_profiles(found: Contrast, run: OpenedRun) -> Shown:
    """Draw how far each segment lies from everybody, feature by feature."""
    wording = run.wording
    with _drawing(0.6 * len(found.segment_ids) + 1.8) as figure:
        axes = figure.subplots()
        _heat(
            axes,
            found.values,
            low=-2.0,
            high=2.0,
            colours="RdBu_r",
            text=lambda value: wording.number(value, 1),
        )
        _names(axes, "y", [run.segment_name(one) for one in found.segment_ids])
        _names(axes, "x", [wording.gettext(FEATURES[one]) for one in found.names], turned=True)
        return _shown(figure, wording.gettext("Segments against everybody, in deviations"))


@_unless_missing
def draw_parallel(found: Contrast, run: OpenedRun) -> Shown:
    """Draw the same as lines, one a segment over the features."""
    wording = run.wording
    with _drawing(4.4) as figure:
        axes = figure.subplots()
        axes.axhline(0, color=SOFT, linewidth=1)
        for segment_id, values in zip(found.segment_ids, found.values, strict=True):
            colour = palette_colour(run.segment_colour(segment_id))
            axes.plot(range(len(values)), values, color=colour, marker="o", linewidth=2)
        labels = [wording.gettext(FEATURES[one]) for one in found.names]
        axes.set_xticks(range(len(labels)), labels, rotation=20, ha="right")
        axes.yaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
        axes.grid(axis="x", color=GRID)
        _segment_legend(figure, found.segment_ids, run)
        return _shown(figure, wording.gettext("Profiles: mean of each segment, in deviations"))


# ---------------------------------------------------------------- stability


@_unless_missing
def draw_agreement(found: Timeline, run: OpenedRun) -> Shown:
    """Draw the agreement of each origin's model with the refit of each later date."""
    wording = run.wording
    origins = sorted({point.origin for point in found.points})
    dates = sorted({point.snapshot for point in found.points})
    values = [[float("nan")] * len(dates) for _ in origins]
    for point in found.points:
        values[origins.index(point.origin)][dates.index(point.snapshot)] = point.ari_warm
    with _drawing(0.5 * len(origins) + 1.8) as figure:
        axes = figure.subplots()
        _heat(axes, values, low=0.0, high=1.0, colours="viridis", text=None)
        _names(axes, "y", [wording.date(one) for one in origins])
        _names(axes, "x", [wording.date(one) for one in dates], turned=True)
        figure.colorbar(axes.images[0], ax=axes, label="ARI")
        return _shown(figure, wording.gettext("Agreement of a model (row) with a refit (column)"))


@_unless_missing
def draw_ageing(found: Ageing, run: OpenedRun) -> Shown:
    """Draw the Jaccard coefficient of each segment with the refit's, by age of the model."""
    wording = run.wording
    with _drawing(4.2) as figure:
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
        _ages(axes, run)
        _segment_legend(figure, tuple(one.segment_id for one in found.segments), run)
        return _shown(
            figure, wording.gettext("Segments found again, by age of the model (Jaccard)")
        )


@_unless_missing
def draw_designs(found: Sequence[Design], run: OpenedRun) -> Shown:
    """Draw the same question by other designs, on the same data."""
    wording = run.wording
    with _drawing(4.4) as figure:
        axes = figure.subplots()
        for place, design in enumerate(found):
            axes.plot(
                design.ages_days,
                design.aris,
                color=palette_colour(place),
                linewidth=2,
                label=wording.gettext(DESIGNS[design.code]),
            )
        _ages(axes, run)
        figure.legend(loc="outside lower center", ncols=2)
        return _shown(figure, wording.gettext("Agreement (ARI) by age, under four designs"))


@_unless_missing
def draw_drift(found: Drift, run: OpenedRun) -> Shown:
    """Draw how far each cohort lies from the reference, feature by feature; alarms are framed."""
    wording = run.wording
    names = list(dict.fromkeys(test.feature for test in found.tests))
    cohorts = sorted({test.bought_until for test in found.tests})
    values = [[float("nan")] * len(cohorts) for _ in names]
    for test in found.tests:
        values[names.index(test.feature)][cohorts.index(test.bought_until)] = test.size
    with _drawing(0.45 * len(names) + 1.8) as figure:
        axes = figure.subplots()
        _heat(axes, values, low=0.0, high=0.5, colours="Oranges", text=wording.index)
        for test in found.tests:
            if test.alarm:
                at = (cohorts.index(test.bought_until), names.index(test.feature))
                axes.plot(*at, marker="s", markersize=17, markerfacecolor="none", color=ALARM)
        _names(axes, "y", [wording.gettext(FEATURES[name]) for name in names])
        _names(axes, "x", [wording.date(one) for one in cohorts], turned=True)
        title = wording.gettext(
            "Distance of each group of orders from the reference; framed where it counts"
        )
        return _shown(figure, title)


@_unless_missing
def draw_series(found: Drift, run: OpenedRun) -> Shown:
    """Draw the distribution of each number cohort by cohort: median and quartiles."""
    wording = run.wording
    with _drawing(PANEL_HEIGHT * -(-len(found.series) // 2)) as figure:
        for axes, one in zip(_panels(figure, len(found.series), 2), found.series, strict=True):
            ends: list[Any] = list(one.bought_until)
            low, high = [each.q1 for each in one.cohorts], [each.q3 for each in one.cohorts]
            axes.fill_between(ends, low, high, color=palette_colour(0), alpha=0.2, linewidth=0)
            axes.plot(ends, [each.median for each in one.cohorts], color=palette_colour(0))
            axes.axhline(one.reference.median, color=SOFT, linestyle="--")
            axes.set_title(wording.gettext(FEATURES[one.feature]))
            axes.set_xticks(ends[:: max(1, len(ends) // 3)])
            axes.xaxis.set_major_formatter(_month_of(wording))
            axes.yaxis.set_major_formatter(_short_number(wording))
        title = wording.gettext("Median and quartiles of new orders; dashed, the reference")
        return _shown(figure, title)


# ---------------------------------------------------------------- parts of a picture


@contextmanager
def _drawing(height: float, width: float = WIDTH) -> Iterator[Figure]:
    """Give a figure in the typeface of the documents; a dollar sign is no formula."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: Any = {
        "font.family": _typeface(),
        "font.size": 9,
        "text.parse_math": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": SOFT,
        "axes.titlesize": 10,
        "legend.frameon": False,
    }
    with mpl.rc_context(style):
        yield Figure(figsize=(width, height), layout="constrained")


@cache
def _typeface() -> str:
    """Return the name of our typeface, once matplotlib knows it."""
    from matplotlib import font_manager

    for path in sorted((templates_folder() / "fonts").glob("Inter-*.ttf")):
        font_manager.fontManager.addfont(path)
    return "Inter"


def _shown(figure: Figure, title: str) -> Shown:
    """Return the finished figure under its title, as the same bytes at every run."""
    figure.suptitle(title, fontweight="bold", fontsize=12)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return Shown(title, {"image/png": b64encode(content.getvalue()).decode()})


def _panels(figure: Figure, count: int, columns: int) -> list[Axes]:
    """Return so many axes, row by row; the last row may be shorter."""
    rows = -(-count // columns)
    return [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def _heat(
    axes: Axes,
    values: Any,
    *,
    low: float,
    high: float,
    colours: str,
    text: Callable[[float], str] | None,
) -> None:
    """Draw a grid of values, each written in its cell where there is room for it."""
    image = axes.imshow(values, vmin=low, vmax=high, cmap=colours, aspect="auto")
    axes.spines[:].set_visible(False)
    columns = len(values[0])
    if text is None:
        return
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if not isnan(value):
                dark = sum(image.cmap(image.norm(value))[:3]) < 1.5
                axes.text(
                    column,
                    row,
                    text(float(value)),
                    ha="center",
                    va="center",
                    color="white" if dark else "black",
                    fontsize=8 if columns < 14 else 6,
                )


def _names(axes: Axes, side: str, labels: Sequence[str], turned: bool = False) -> None:
    """Write names beside the rows, or below the columns."""
    setter = axes.set_xticks if side == "x" else axes.set_yticks
    if turned:
        setter(range(len(labels)), labels, rotation=45, ha="right", rotation_mode="anchor")
    else:
        setter(range(len(labels)), labels)
    axes.tick_params(length=0)


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


def _segment_legend(figure: Figure, segment_ids: Sequence[str], run: OpenedRun) -> None:
    """Write the names of the segments in their colours under a figure."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            label=run.segment_name(one),
            color=palette_colour(run.segment_colour(one)),
        )
        for one in segment_ids
    ]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=3)


def _ages(axes: Axes, run: OpenedRun) -> None:
    """Name the axes of a picture by age; agreement runs from nothing to everything."""
    wording = run.wording
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(wording.gettext("Age of the model, in days"))
    axes.grid(axis="y", color=GRID)
    axes.yaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
    axes.xaxis.set_major_formatter(lambda value, _: wording.integer(float(value)))


def _money_ticks(axes: Axes, name: str, run: OpenedRun) -> None:
    """Write amounts at the places of their logarithms; other features are as they are."""
    if name != "spend":
        axes.xaxis.set_major_formatter(_short_number(run.wording))
        return
    low, high = axes.get_xlim()
    ticks = [amount for amount in MONEY_TICKS if low <= log1p(amount) <= high]
    texts = [run.wording.money(amount, run.findings.period.currency) for amount in ticks]
    axes.set_xticks([log1p(amount) for amount in ticks], texts)


def _short_number(wording: Wording) -> Callable[[float, float], str]:
    return lambda value, _: wording.exact(round(float(value), 3))


def _month_of(wording: Wording) -> Callable[[float, float], str]:
    # matplotlib counts days from the first of January 1970.
    return lambda value, _: wording.short_month(date(1970, 1, 1) + timedelta(days=float(value)))
