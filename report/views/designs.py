"""Other ways to draw the timeline: what each says of the same data, and what is wrong with it."""

from __future__ import annotations

from analysis.findings import Design, NotComputed, Refresh, Stability
from report.views.algorithms import FAMILIES
from report.views.figures import ChartLine, Column, LineChart, Mark, Table, round_axis
from report.views.records import Absence
from report.views.time_records import DesignsView
from report.wording import Wording, message

NAMES = {
    "cumulative_absolute": message("All customers so far, recency as it is"),
    "capped_recency": message("All customers so far, recency capped"),
    "window_recency": message("Sliding window, with recency"),
    "window_traits": message("Sliding window, without recency"),
}
FAULTS = {
    "cumulative_absolute": message(
        "With all customers so far, recency as it is grows by a day a day for everybody: the model "
        "seems to age although nobody has changed."
    ),
    "capped_recency": message(
        "Capping recency hides part of that growth: ever more customers pile up at the cap, and "
        "the history still gets longer."
    ),
    "window_recency": message(
        "In a sliding window recency still moves every customer every day: segments made of it are "
        "stages, and a stage is a rule, not a model to refit."
    ),
}


def designs_view(
    found: Stability, refresh: Refresh | NotComputed, wording: Wording
) -> DesignsView | Absence:
    """Return the designs side by side, or why there is none."""
    designs = tuple(design for design in found.designs if design.ages_days)
    if not designs:
        return Absence(wording.not_computed(NotComputed("no_rows")))
    return DesignsView(
        sentence=_sentence(designs, found, wording),
        figure=_figure(designs, found, wording),
        table=_table(designs, found, wording),
        faults=tuple(
            wording.gettext(FAULTS[design.code])
            for design in designs
            if design.code in FAULTS and not _is_chosen(design, found)
        ),
        cost=_cost(found, refresh, wording),
    )


def _is_chosen(design: Design, found: Stability) -> bool:
    chosen = "window_traits" if found.chosen.family == "traits" else "window_recency"
    return design.code == chosen


def _sentence(designs: tuple[Design, ...], found: Stability, wording: Wording) -> str:
    """Say how far apart the answers lie."""
    _ = wording.gettext
    breaking = [
        design.first_below_days
        for design in designs
        if not isinstance(design.first_below_days, NotComputed)
    ]
    if not breaking:
        return _("None of the designs falls below the threshold within what could be observed.")
    holding = len(breaking) < len(designs)
    values = {
        "first": wording.days(min(breaking)),
        "last": wording.days(max(breaking)),
        "threshold": wording.index(found.threshold_ari),
    }
    if holding:
        return _(
            "On the same data the first value below %(threshold)s comes after %(first)s with one "
            "design and not at all with another: the answer is that of the design, so it is to be "
            "named with it.",
            **values,
        )
    return _(
        "On the same data the first value below %(threshold)s comes after %(first)s with one "
        "design and after %(last)s with another: the answer is that of the design, so it is to be "
        "named with it.",
        **values,
    )


def _figure(designs: tuple[Design, ...], found: Stability, wording: Wording) -> LineChart:
    _ = wording.gettext
    last = float(max(design.ages_days[-1] for design in designs))
    lowest = min(*(min(design.aris) for design in designs), found.threshold_ari - 0.05)
    return LineChart(
        title=_("Several designs, the same data, models refitted from scratch"),
        description=_sentence(designs, found, wording),
        x_axis=round_axis(_("Age of the model in days"), 0.0, last, wording.integer),
        y_axis=round_axis(_("Agreement (ARI)"), lowest, 1.0, wording.index),
        lines=tuple(
            ChartLine(
                _label(design, found, wording),
                0 if _is_chosen(design, found) else place + 1,
                ((0.0, 1.0), *_points(design)),
                dashed=not _is_chosen(design, found),
            )
            for place, design in enumerate(designs)
        ),
        reference=Mark(found.threshold_ari, wording.index(found.threshold_ari)),
        reference_name=_("Alarm threshold"),
        table=_table(designs, found, wording),
    )


def _points(design: Design) -> tuple[tuple[float, float], ...]:
    return tuple((float(age), ari) for age, ari in zip(design.ages_days, design.aris, strict=True))


def _label(design: Design, found: Stability, wording: Wording) -> str:
    name = wording.gettext(NAMES[design.code])
    return wording.gettext("%(name)s (ours)", name=name) if _is_chosen(design, found) else name


def _table(designs: tuple[Design, ...], found: Stability, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("What each design says, from the first starting date on"),
        columns=(
            Column(_("Design"), is_number=False),
            Column(_("Segments")),
            Column(_("First below %(threshold)s", threshold=wording.index(found.threshold_ari))),
            Column(_("Lowest ARI")),
            Column(_("Followed to")),
        ),
        rows=tuple(
            (
                _label(design, found, wording),
                wording.integer(design.k),
                _("not observed")
                if isinstance(design.first_below_days, NotComputed)
                else wording.days(design.first_below_days),
                wording.index(min(design.aris)),
                wording.days(design.ages_days[-1]),
            )
            for design in designs
        ),
    )


def _cost(found: Stability, refresh: Refresh | NotComputed, wording: Wording) -> str:
    """Return what the family that lost would have asked for in refits, beside the chosen one."""
    _, other = wording.gettext, found.other_refresh
    if isinstance(found.other, NotComputed):
        return ""
    family = _(FAMILIES[found.other.family])
    if isinstance(other, NotComputed) or isinstance(other.months, NotComputed):
        reason = other if isinstance(other, NotComputed) else other.months
        return _(
            "By the same rule no refit interval could be promised for “%(family)s”. %(why)s",
            family=family,
            why=wording.not_computed(reason) if isinstance(reason, NotComputed) else "",
        )
    values = {"family": family, "other": wording.every_months(other.months)}
    if isinstance(refresh, NotComputed) or isinstance(refresh.months, NotComputed):
        return _("By the same rule “%(family)s” would be refitted %(other)s.", **values)
    if other.months == refresh.months:
        return _(
            "By the same rule “%(family)s” would be refitted %(other)s, as often as the segments "
            "that were chosen.",
            **values,
        )
    return _(
        "By the same rule “%(family)s” would be refitted %(other)s, the segments that were chosen "
        "%(chosen)s.",
        chosen=wording.every_months(refresh.months),
        **values,
    )
