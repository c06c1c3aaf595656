"""Where the stages of the lifecycle end, and how soon customers were seen to come back."""

from __future__ import annotations

from analysis.findings import NotComputed, ReturnDays, Segmentation, StageDates
from report.content import Content
from report.views.plans import segment_name
from report.wording import Wording


def stage_check(found: Segmentation, wording: Wording, content: Content) -> str:
    """Return where the stages end and why there, and each segment's half-way day."""
    _ = wording.gettext
    measured = [
        (segment_name(segment, content), half_way)
        for segment in found.segments
        if not isinstance(half_way := segment.half_way_days, NotComputed)
    ]
    origin = _origin(found.stages, wording)
    if not measured:
        unknown = _("How soon customers come back could not be measured here.")
        return f"{origin} {unknown}"
    days = wording.clauses(
        _("%(segment)s, %(days)s", segment=name, days=wording.days(round(half_way)))
        for name, half_way in measured
    )
    if isinstance(found.stages, StageDates) and isinstance(found.stages.found, ReturnDays):
        each = _(
            "By segment, half of those who were seen to come back had done so after: %(days)s.",
            days=days,
        )
        return f"{origin} {each}"
    agreeing = sum(segment.half_way_stage == "cooling" for segment in found.segments)
    return _(
        "%(assumed)s Measured: half of those who were seen to come back had done so after "
        "%(days)s. The limits agree where that day falls into the cooling stage, because half or "
        "more then come back before it ends: so it is in %(agreeing)s of %(segments)s segments.",
        assumed=origin,
        days=days,
        agreeing=wording.integer(agreeing),
        segments=wording.integer(len(measured)),
    )


def _origin(stages: StageDates | NotComputed, wording: Wording) -> str:
    """Return where the limits of the stages come from: the data, or the settings and why."""
    _ = wording.gettext
    assumed = _("The limits of the stages are a setting, the same for every segment.")
    if isinstance(stages, NotComputed) or stages.found == NotComputed("not_given"):
        return assumed
    if isinstance(stages.found, NotComputed):
        return f"{assumed} {wording.not_computed(stages.found)}"
    return _(
        "The limits of the stages come from the data: of the customers who come back within "
        "%(window)s (%(returns)s were seen to), %(active_share)s are back after %(active)s and "
        "%(cooling_share)s after %(cooling)s, rounded to %(active_used)s and %(cooling_used)s. The "
        "settings alone would say %(active_set)s and %(cooling_set)s.",
        window=wording.days(stages.window_days),
        returns=wording.integer(stages.found.returns),
        active_share=wording.tick_share(stages.active_share),
        cooling_share=wording.tick_share(stages.cooling_share),
        active=wording.days(round(stages.found.active_days)),
        cooling=wording.days(round(stages.found.cooling_days)),
        active_used=wording.days(stages.active_days),
        cooling_used=wording.days(stages.cooling_days),
        active_set=wording.days(stages.set_active_days),
        cooling_set=wording.days(stages.set_cooling_days),
    )
