"""Pictures of the trials and of the chosen segments: stability, separation, profiles, costs."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING

from analysis.findings import NotComputed
from report.opened_run import OpenedRun
from report.pictures.frame import (
    ALARM,
    FEATURES,
    GRID,
    SOFT,
    draw_heat,
    drawing,
    shown,
    unless_missing,
    write_legend,
    write_names,
)
from report.shown import Shown, show_texts
from report.views import Absence
from report.views.algorithms import ALGORITHMS
from report.views.figures import palette_colour

if TYPE_CHECKING:
    from analysis.costs import TrialCost
    from analysis.exploration import Contrast, SilhouetteProfile
    from analysis.findings import Candidate


@unless_missing
def draw_silhouettes(found: SilhouetteProfile, run: OpenedRun) -> Shown:
    """Draw the silhouette of each customer, segment by segment."""
    wording, bottom = run.wording, 0
    with drawing(4.6) as figure:
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
        write_legend(figure, found.segment_ids, run)
        title = wording.gettext(
            "Silhouettes of %(rows)s customers of %(customers)s, mean %(mean)s",
            rows=wording.integer(found.rows),
            customers=wording.integer(found.customers),
            mean=wording.index(found.mean),
        )
        return shown(figure, title)


@unless_missing
def draw_jaccards(found: Sequence[Candidate], run: OpenedRun) -> Shown:
    """Draw the Jaccard coefficient of each segment of the chosen candidate, largest first.

    The dashed line is what its gate asks of the least stable one.
    """
    wording = run.wording
    chosen = next((one for one in found if one.chosen), None)
    none = NotComputed("no_candidate_passed")
    values = none if chosen is None else chosen.jaccards
    if isinstance(values, NotComputed) or chosen is None:
        return show_texts(Absence(wording.not_computed(none)), wording)
    with drawing(0.5 * len(values) + 1.2) as figure:
        axes = figure.subplots()
        rows = range(len(values))
        bars = axes.barh(rows, values, color=palette_colour(0))
        axes.bar_label(bars, [wording.index(value) for value in values], padding=4)
        write_names(axes, "y", _segments_of(chosen, run))
        for check in chosen.checks:
            if check.code == "jaccard":
                axes.axvline(check.threshold, color=ALARM, linestyle="--")
        axes.set_xlim(0, 1.1)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
        return shown(figure, wording.gettext("Jaccard coefficient over resampled customers"))


def _segments_of(chosen: Candidate, run: OpenedRun) -> list[str]:
    """Return the sizes of a candidate's segments, with the names of those that no other equals."""
    wording, segmentation = run.wording, run.findings.segmentation
    segments = () if isinstance(segmentation, NotComputed) else segmentation.segments
    names: dict[int, list[str]] = {size: [] for size in chosen.sizes}
    for segment in segments:
        names.setdefault(segment.profile.customers, []).append(segment.segment_id)
    said = []
    for size in chosen.sizes:
        customers = wording.ngettext("%(number)s customer", "%(number)s customers", size)
        same = names[size]
        said.append(f"{run.segment_name(same[0])}\n{customers}" if len(same) == 1 else customers)
    return said


@unless_missing
def draw_profiles(found: Contrast, run: OpenedRun) -> Shown:
    """Draw how far each segment lies from everybody, feature by feature."""
    wording = run.wording
    with drawing(0.6 * len(found.segment_ids) + 1.8) as figure:
        axes = figure.subplots()
        draw_heat(
            axes,
            found.values,
            low=-2.0,
            high=2.0,
            colours="RdBu_r",
            text=lambda value: wording.number(value, 1),
        )
        write_names(axes, "y", [run.segment_name(one) for one in found.segment_ids])
        write_names(axes, "x", [wording.gettext(FEATURES[one]) for one in found.names], turned=True)
        return shown(figure, wording.gettext("Segments against everybody, in deviations"))


@unless_missing
def draw_parallel(found: Contrast, run: OpenedRun) -> Shown:
    """Draw the same as lines, one a segment over the features."""
    wording = run.wording
    with drawing(4.4) as figure:
        axes = figure.subplots()
        axes.axhline(0, color=SOFT, linewidth=1)
        for segment_id, values in zip(found.segment_ids, found.values, strict=True):
            colour = palette_colour(run.segment_colour(segment_id))
            axes.plot(range(len(values)), values, color=colour, marker="o", linewidth=2)
        labels = [wording.gettext(FEATURES[one]) for one in found.names]
        axes.set_xticks(range(len(labels)), labels, rotation=20, ha="right")
        axes.yaxis.set_major_formatter(lambda value, _: wording.number(float(value), 1))
        axes.grid(axis="x", color=GRID)
        write_legend(figure, found.segment_ids, run)
        return shown(figure, wording.gettext("Profiles: mean of each segment, in deviations"))


@unless_missing
def draw_costs(found: Sequence[TrialCost], run: OpenedRun) -> Shown:
    """Draw the seconds of each candidate, a row an algorithm, on a logarithmic scale."""
    wording, _ = run.wording, run.wording.gettext
    names = list(dict.fromkeys(one.algorithm for one in found))
    rows = [names.index(one.algorithm) for one in found]
    trained = [one.fit_seconds for one in found]
    labelled = [one.predict_seconds for one in found]
    with drawing(0.38 * len(names) + 1.6) as figure:
        axes = figure.subplots()
        axes.scatter(trained, rows, s=26, color=palette_colour(0), label=_("Training"))
        axes.scatter(
            labelled,
            rows,
            s=26,
            marker="|",
            color=palette_colour(1),
            label=_("Labelling everybody"),
        )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(
            lambda value, _: wording.number(float(value), max(0, -round(log10(value))))
        )
        axes.grid(axis="x", color=GRID)
        write_names(axes, "y", [_(ALGORITHMS[name]) for name in names])
        axes.invert_yaxis()
        figure.legend(loc="outside lower center", ncols=2)
        return shown(figure, _("Seconds that each candidate took in this run"))
