"""The stability timeline and the recommended refresh in words."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.findings import (
    Findings,
    KnownChange,
    NotComputed,
    Refresh,
    Stability,
    Timeline,
)
from report.views.candidates import FAMILIES
from report.views.figures import AgeLine, Axis, Column, Mark, Table, TimelineFigure, round_axis
from report.views.records import Absence, Card, RefreshView, StabilityView
from report.wording import Wording, message

# Of the bound in analysis.stability.summarise, as of every interval here.
CONFIDENCE = 0.95
REASONS = {
    "observed": message(
        "This is as far as the history lets us see: %(limit)s, the longest age at which "
        "enough starting dates could have confirmed an alarm. Nothing is extrapolated."
    ),
    "alarm": message(
        "The first confirmed alarm bounds it: the model was last seen sound at %(limit)s."
    ),
    "lifetime": message(
        "On resampled customers the model holds at least %(limit)s in nineteen histories of twenty."
    ),
    "economic": message(
        "At the cost given for a misdirected contact, refits and misdirected contacts together "
        "cost least at %(limit)s."
    ),
    "year": message("Never more than a year: %(limit)s is the rule of prudence."),
}


def stability_view(findings: Findings, wording: Wording) -> StabilityView | Absence:
    """Return the section on how long the segmentation holds."""
    found = findings.stability
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    return StabilityView(
        sentence=alarm_sentence(found.chosen, wording),
        agreement=wording.gettext(
            "At the worst moment observed, %(agreement)s of the customers got the same segment "
            "from both (ARI %(ari)s).",
            agreement=wording.share(found.chosen.lowest_agreement),
            ari=wording.index(found.chosen.lowest_ari),
        ),
        design=_design(found, wording),
        placebo=_placebo(found.chosen, wording),
        uncertainty=_uncertainty(found.chosen, wording),
        chosen=timeline_figure(found.chosen, found, wording),
        other=_other_figure(found, wording),
        other_sentence=_other_sentence(found, wording),
        families=_families(found, wording),
        rescoring=_rescoring(found, wording),
        rescoring_sentence=_rescoring_sentence(found, wording),
    )


def alarm_sentence(timeline: Timeline, wording: Wording) -> str:
    """Return when the first alarm came, or how long none was seen."""
    if isinstance(timeline.first_alarm_days, NotComputed):
        return wording.gettext(
            "No model broke in what could be observed, up to %(days)s after it was made.",
            days=wording.days(timeline.longest_observed_days),
        )
    return wording.gettext(
        "The first confirmed alarm comes %(days)s after the model was made.",
        days=wording.days(timeline.first_alarm_days),
    )


def _design(found: Stability, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    return (
        _(
            "Each date describes the customers of the %(window)s before it, anew: the window "
            "never grows, so that ageing alone cannot pass for change.",
            window=wording.days(found.window_days),
        ),
        _(
            "Usable dates run from %(start)s to %(end)s, one every %(step)s: before, the window "
            "is not full; after, nothing that was bought has been delivered.",
            start=wording.date(found.usable_from),
            end=wording.date(found.usable_until),
            step=wording.days(found.snapshot_days),
        ),
        _(
            "The frozen model is compared with a refit on the customers of each date. The refit "
            "starts from the model's own centres; a refit from scratch is shown beside it.",
        ),
        _(
            "An alarm needs an agreement (ARI) below %(threshold)s and below the noise between "
            "two refits, several times in a row.",
            threshold=wording.index(found.threshold_ari),
        ),
    )


def _placebo(timeline: Timeline, wording: Wording) -> str:
    lowest = wording.index(timeline.placebo_lowest_ari)
    if timeline.placebo_passed:
        passed = wording.gettext(
            "Control passed: with the dates of purchase dealt at random, so that nothing can "
            "change over time, the agreement never falls below %(lowest)s.",
            lowest=lowest,
        )
        return f"{passed} {_known_change(timeline.known_change, wording)}"
    return wording.gettext(
        "Control failed: with the dates of purchase dealt at random, the agreement still falls "
        "to %(lowest)s. The design measures something else than time: no interval can be "
        "recommended on it.",
        lowest=lowest,
    )


def _known_change(change: KnownChange | NotComputed, wording: Wording) -> str:
    """Return what a change made on purpose gave: the other side of the control."""
    if isinstance(change, NotComputed):
        return wording.gettext(
            "The history is too short to also make a change on purpose and wait for the alarm."
        )
    made = {
        "share": wording.share(change.share, 0),
        "date": wording.date(change.changed_on),
    }
    if isinstance(change.alarm_days, NotComputed) or not change.passed:
        return wording.gettext(
            "A change made on purpose (from %(date)s on, %(share)s of the orders are of a new and "
            "much dearer kind) was not reported as it should: no interval can be recommended on "
            "this design.",
            **made,
        )
    return wording.gettext(
        "A change made on purpose (from %(date)s on, %(share)s of the orders are of a new and much "
        "dearer kind) raises the alarm %(days)s later, and none before.",
        days=wording.days(change.alarm_days),
        **made,
    )


def _uncertainty(timeline: Timeline, wording: Wording) -> str:
    text = wording.gettext(
        "Of %(origins)s starting dates, %(followed)s were followed to %(days)s and beyond; as they "
        "overlap, they are worth %(effective)s independent ones.",
        origins=wording.integer(timeline.origins),
        followed=wording.integer(timeline.origins_at_limit),
        days=wording.days(timeline.longest_confirmable_days),
        effective=wording.number(timeline.effective_origins, 1),
    )
    bound = timeline.break_probability_bound
    if isinstance(bound, NotComputed):
        return text
    return f"{text} " + wording.gettext(
        "Having seen no break by that age is compatible with a probability of break of up to "
        "%(bound)s (upper bound at %(confidence)s): hence the monthly check.",
        bound=wording.share(bound),
        confidence=wording.share(CONFIDENCE, 0),
    )


# ---------------------------------------------------------------- the picture


def timeline_figure(timeline: Timeline, found: Stability, wording: Wording) -> TimelineFigure:
    """Return the timeline of a family: lines by starting date, pooled, with threshold and placebo.

    The limit of what was observed is the longest age seen on three starting dates.
    """
    _ = wording.gettext
    lowest = min(
        (
            *(min(point.ari_warm, point.ari_cold) for point in timeline.points),
            timeline.placebo_lowest_ari,
            found.threshold_ari - 0.05,
        )
    )
    observed = timeline.longest_confirmable_days
    alarm = timeline.first_alarm_days
    return TimelineFigure(
        title=_("Agreement between a model and its refit, by the model's age"),
        description=f"{alarm_sentence(timeline, wording)} {_placebo(timeline, wording)}",
        x_axis=_age_axis(timeline, wording),
        y_axis=round_axis(_("Agreement (ARI)"), lowest, 1.0, wording.index),
        origins=_origin_lines(timeline, wording),
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
        threshold=Mark(found.threshold_ari, wording.index(found.threshold_ari)),
        threshold_name=_("Alarm threshold"),
        placebo=Mark(timeline.placebo_lowest_ari, wording.index(timeline.placebo_lowest_ari)),
        placebo_name=_("Lowest value of the control"),
        observed_until=Mark(float(observed), wording.days(observed)),
        observed_label=_("too few starting dates"),
        alarm=None if isinstance(alarm, NotComputed) else Mark(float(alarm), wording.days(alarm)),
        alarm_label=_("first alarm"),
        table=_age_table(timeline, wording),
    )


def _age_axis(timeline: Timeline, wording: Wording) -> Axis:
    return round_axis(
        wording.gettext("Age of the model in days"),
        0.0,
        float(timeline.longest_observed_days),
        wording.integer,
    )


def _origin_lines(timeline: Timeline, wording: Wording) -> tuple[AgeLine, ...]:
    origins = sorted({point.origin for point in timeline.points})
    return tuple(
        AgeLine(
            wording.date(origin),
            _line(
                (0, 1.0),
                sorted(
                    (point.age_days, point.ari_warm)
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
        ),
        rows=tuple(
            (
                wording.integer(point.age_days),
                wording.integer(point.origins),
                wording.index(point.ari_median),
                wording.between(wording.index(point.ari_low), wording.index(point.ari_high)),
                wording.share(point.agreement_median),
                wording.index(point.cold_ari_median),
            )
            for point in timeline.by_age
        ),
    )


# ---------------------------------------------------------------- the other family, re-scoring


def _other_figure(found: Stability, wording: Wording) -> TimelineFigure | Absence:
    if isinstance(found.other, NotComputed):
        return Absence(wording.not_computed(found.other))
    return timeline_figure(found.other, found, wording)


def _other_sentence(found: Stability, wording: Wording) -> str:
    if isinstance(found.other, NotComputed):
        return wording.not_computed(found.other)
    return wording.gettext(
        "The other family beside it, “%(family)s” with %(k)s segments. %(alarm)s %(control)s",
        family=wording.gettext(FAMILIES[found.other.family]),
        k=wording.integer(found.other.k),
        alarm=alarm_sentence(found.other, wording),
        control=_placebo(found.other, wording),
    )


def _families(found: Stability, wording: Wording) -> Table:
    _ = wording.gettext
    timelines = [found.chosen]
    if not isinstance(found.other, NotComputed):
        timelines.append(found.other)
    return Table(
        caption=_("The two families side by side"),
        columns=(
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("First alarm"), is_number=False),
            Column(_("Lowest ARI")),
            Column(_("Lowest agreement")),
            Column(_("Observed up to")),
            Column(_("Starting dates")),
            Column(_("Control")),
        ),
        rows=tuple(_family_row(timeline, wording) for timeline in timelines),
    )


def _family_row(timeline: Timeline, wording: Wording) -> tuple[str, ...]:
    alarm = timeline.first_alarm_days
    return (
        wording.gettext(FAMILIES[timeline.family]),
        wording.integer(timeline.k),
        wording.gettext("not observed") if isinstance(alarm, NotComputed) else wording.days(alarm),
        wording.index(timeline.lowest_ari),
        wording.share(timeline.lowest_agreement),
        wording.days(timeline.longest_observed_days),
        wording.integer(timeline.origins),
        wording.index(timeline.placebo_lowest_ari),
    )


def _rescoring(found: Stability, wording: Wording) -> Table | Absence:
    _ = wording.gettext
    if not found.rescoring:
        return Absence(wording.not_computed(NotComputed("no_rows")))
    return Table(
        caption=_("How fast customers move under the frozen model"),
        columns=(
            Column(_("After")),
            Column(_("Changed segment")),
            Column(_("Changed lifecycle stage")),
            Column(_("Left the window")),
            Column(_("New customers")),
        ),
        rows=tuple(
            (
                wording.days(entry.days),
                wording.share(entry.segment_changed_share),
                wording.share(entry.stage_changed_share),
                wording.share(entry.left_window_share),
                wording.share(entry.new_share),
            )
            for entry in found.rescoring
        ),
    )


def _rescoring_sentence(found: Stability, wording: Wording) -> str:
    if not found.rescoring:
        return ""
    longest = max(found.rescoring, key=lambda entry: entry.days)
    return wording.gettext(
        "After %(days)s, %(stage)s of the customers have changed lifecycle stage, %(segment)s "
        "have changed segment, and %(new)s are new: customers must be scored again often, the "
        "model refitted rarely.",
        days=wording.days(longest.days),
        stage=wording.share(longest.stage_changed_share),
        segment=wording.share(longest.segment_changed_share),
        new=wording.share(longest.new_share),
    )


# ---------------------------------------------------------------- the recommendation


def refresh_view(findings: Findings, wording: Wording) -> RefreshView | Absence:
    """Return the recommended interval, or why there is none."""
    _, refresh = wording.gettext, findings.refresh
    if isinstance(refresh, NotComputed):
        return Absence(wording.not_computed(refresh))
    rescoring = wording.every_months(refresh.rescoring_months)
    if isinstance(refresh.months, NotComputed):
        months: str | Absence = Absence(wording.not_computed(refresh.months))
        recommendation = _("No refit interval can be recommended from these data.")
        clocks = _("Give each customer a segment again %(rescoring)s.", rescoring=rescoring)
    else:
        months = wording.months(refresh.months)
        every = wording.every_months(refresh.months)
        recommendation = _("Refit the model %(every)s.", every=every)
        clocks = _(
            "Each customer is given a segment again %(rescoring)s, at no cost but a "
            "run; the model itself is refitted %(refit)s.",
            rescoring=rescoring,
            refit=every,
        )
    return RefreshView(
        months=months,
        recommendation=recommendation,
        reason=_reason(refresh, wording),
        clocks=clocks,
        grid=_(
            "Rounded down to the intervals on offer: %(grid)s months.",
            grid=wording.listing(wording.integer(step) for step in refresh.grid_months),
        ),
        cards=_refresh_cards(findings, refresh, wording),
    )


def _reason(refresh: Refresh, wording: Wording) -> str:
    return wording.gettext(
        REASONS[refresh.bound], limit=wording.cell(refresh.limit_days, wording.days)
    )


def _refresh_cards(findings: Findings, refresh: Refresh, wording: Wording) -> tuple[Card, ...]:
    _ = wording.gettext
    cards = (
        Card("refit", wording.cell(refresh.months, wording.months), _("between two refits")),
        Card("rescoring", wording.months(refresh.rescoring_months), _("between two re-scorings")),
    )
    if isinstance(findings.stability, NotComputed):
        return cards
    chosen = findings.stability.chosen
    return (
        *cards,
        Card(
            "agreement",
            wording.share(chosen.lowest_agreement),
            _("same segment after a refit, at worst"),
            _("ARI %(ari)s", ari=wording.index(chosen.lowest_ari)),
        ),
        Card(
            "observed",
            wording.days(chosen.longest_observed_days),
            _("observed"),
            wording.ngettext(
                "on %(number)s starting date", "on %(number)s starting dates", chosen.origins
            ),
        ),
    )
