"""How long the segmentation holds, in words, with all that explains it."""

from __future__ import annotations

from analysis.findings import (
    Findings,
    KnownChange,
    NotComputed,
    Stability,
    Timeline,
)
from report.content import Content
from report.views.ageing import ageing_view
from report.views.algorithms import FAMILIES
from report.views.designs import designs_view
from report.views.figures import CONFIDENCE, Column, Table
from report.views.known_changes import review_change_sentence
from report.views.lifetimes import lifetime_view
from report.views.records import Absence
from report.views.time_figures import TimelineFigure
from report.views.time_records import StabilityView
from report.views.timelines import (
    alarm_sentence,
    calendar_grid,
    grid_sentence,
    keeping_figure,
    timeline_figure,
    translation_sentence,
    unused_sentence,
    used_dates,
)
from report.wording import Wording


def stability_view(
    findings: Findings, wording: Wording, content: Content
) -> StabilityView | Absence:
    """Return the section on how long the segmentation holds."""
    found = findings.stability
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    currency = findings.period.currency
    return StabilityView(
        sentence=alarm_sentence(found.chosen, wording),
        agreement=wording.gettext(
            "At the worst moment observed, %(agreement)s of the customers got the same segment "
            "from both models (ARI %(ari)s).",
            agreement=wording.share(found.chosen.lowest_agreement),
            ari=wording.index(found.chosen.lowest_ari),
        ),
        design=_design(found, wording),
        unused=unused_sentence(found, wording),
        noisy=_noisy(found.chosen, findings.proposal.terms.fallback_floor, wording),
        controls=_controls(found.chosen, currency, wording),
        placebo=_placebo(found.chosen, currency, wording),
        uncertainty=_uncertainty(found.chosen, wording),
        translation=translation_sentence(found, wording),
        keeping=keeping_figure(
            found.chosen, found, wording, _in_words(found.chosen, currency, wording)
        ),
        chosen=timeline_figure(
            found.chosen,
            found,
            wording,
            _in_words(found.chosen, currency, wording),
            used_dates(found, findings.period, wording),
        ),
        other=_other_figure(found, currency, wording),
        other_sentence=_other_sentence(found, currency, wording),
        families=_families(found, wording),
        rescoring=_rescoring(found, wording),
        rescoring_sentence=_rescoring_sentence(found, wording),
        grid=calendar_grid(found.chosen, found, wording),
        grid_sentence=grid_sentence(found.chosen, wording),
        ageing=ageing_view(found, findings, wording, content),
        designs=designs_view(found, findings.refresh, wording),
        lifetime=lifetime_view(found, wording),
    )


def _in_words(timeline: Timeline, currency: str, wording: Wording) -> str:
    """Return what the picture of a timeline shows."""
    return f"{alarm_sentence(timeline, wording)} {_placebo(timeline, currency, wording)}"


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


def _controls(timeline: Timeline, currency: str, wording: Wording) -> str:
    """Return in one line that the controls passed; where one failed, all that is to be said."""
    if not timeline.is_valid:
        return _placebo(timeline, currency, wording)
    return wording.gettext(
        "The controls passed: where nothing can change, the agreement never falls below %(lowest)s "
        "(ARI).",
        lowest=wording.index(timeline.placebo_lowest_ari),
    )


def _placebo(timeline: Timeline, currency: str, wording: Wording) -> str:
    lowest = wording.index(timeline.placebo_lowest_ari)
    if timeline.placebo_passed:
        passed = wording.gettext(
            "Control passed: with the dates of purchase dealt at random, so that nothing can "
            "change over time, the agreement never falls below %(lowest)s.",
            lowest=lowest,
        )
        changes = (
            review_change_sentence(timeline.review_change, wording),
            _known_change(timeline.known_change, currency, wording),
        )
        return " ".join([passed, *(text for text in changes if text)])
    return wording.gettext(
        "Control failed: with the dates of purchase dealt at random, the agreement still falls "
        "to %(lowest)s. The design is not valid, it measures something else than time: no interval "
        "can be recommended on it.",
        lowest=lowest,
    )


def _known_change(change: KnownChange | NotComputed, currency: str, wording: Wording) -> str:
    """Return what a change made on purpose gave: the other side of the control."""
    if isinstance(change, NotComputed):
        return wording.gettext(
            "The history is too short to also make a change on purpose and wait for the alarm."
        )
    made = {
        "share": wording.share(change.share, 0),
        "date": wording.date(change.changed_on),
        "amount": wording.money(change.amount, currency),
        "deviations": wording.number(change.deviations, 0),
        "within": wording.days(change.within_days),
    }
    if isinstance(change.alarm_days, NotComputed) or not change.passed:
        return wording.gettext(
            "A change made on purpose (from %(date)s on, %(share)s of the orders cost %(amount)s, "
            "%(deviations)s standard deviations of log spend above the mean) was not reported "
            "within %(within)s, or before it was made: the design is not valid, no interval can be "
            "recommended on it.",
            **made,
        )
    seen = wording.gettext(
        "A change made on purpose (from %(date)s on, %(share)s of the orders cost %(amount)s, "
        "%(deviations)s standard deviations of log spend above the mean) raises the alarm %(days)s "
        "later, within the %(within)s allowed, and none before.",
        days=wording.days(change.alarm_days),
        **made,
    )
    return f"{seen} {_smallest_change(change, currency, wording)}".rstrip()


def _smallest_change(change: KnownChange, currency: str, wording: Wording) -> str:
    """Return the smallest size that was still seen."""
    size, amount = change.smallest_deviations, change.smallest_amount
    if isinstance(size, NotComputed) or isinstance(amount, NotComputed):
        return ""
    if size == change.deviations:
        return wording.gettext("The smaller changes that were tried too went unseen in that time.")
    return wording.gettext(
        "The smallest change that is still seen in that time: %(amount)s, %(deviations)s standard "
        "deviations.",
        amount=wording.money(amount, currency),
        deviations=wording.number(size, 0),
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
        "Having seen no break by that age is compatible with a probability of a break of up to "
        "%(bound)s (upper bound at %(confidence)s): hence the monthly check.",
        bound=wording.share(bound),
        confidence=wording.share(CONFIDENCE, 0),
    )


def _noisy(timeline: Timeline, least: float, wording: Wording) -> str:
    """Return at which dates a refit would not have been put into service; nothing without one."""
    floors = {point.snapshot: point.floor_q05 for point in timeline.points}
    noisy = [day for day, floor in floors.items() if floor < least]
    if not noisy:
        return ""
    return wording.ngettext(
        "On one of %(dates)s dates, %(day)s, two refits of that date agreed at %(lowest)s only "
        "(ARI that nineteen of twenty pairs reach); the fallback plan asks %(least)s of a new "
        "model.",
        "On %(number)s of %(dates)s dates two refits of one date agreed less than the %(least)s "
        "that the fallback plan asks of a new model: down to %(lowest)s, %(day)s (ARI that "
        "nineteen of twenty pairs reach).",
        len(noisy),
        dates=wording.integer(len(floors)),
        day=wording.date(min(noisy, key=floors.__getitem__)),
        lowest=wording.index(min(floors.values())),
        least=wording.index(least),
    )


# ---------------------------------------------------------------- the other family, re-scoring


def _other_figure(found: Stability, currency: str, wording: Wording) -> TimelineFigure | Absence:
    if isinstance(found.other, NotComputed):
        return Absence(wording.not_computed(found.other))
    return timeline_figure(found.other, found, wording, _in_words(found.other, currency, wording))


def _other_sentence(found: Stability, currency: str, wording: Wording) -> str:
    if isinstance(found.other, NotComputed):
        return wording.not_computed(found.other)
    return wording.gettext(
        "The other family beside it, “%(family)s” with %(k)s segments. %(alarm)s %(control)s",
        family=wording.gettext(FAMILIES[found.other.family]),
        k=wording.integer(found.other.k),
        alarm=alarm_sentence(found.other, wording),
        control=_placebo(found.other, currency, wording),
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
