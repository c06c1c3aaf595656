"""Whether the stages of the lifecycle agree with how soon customers were seen to come back."""

from __future__ import annotations

from analysis.findings import NotComputed, Segmentation
from report.content import Content
from report.views.plans import segment_name
from report.wording import Wording


def stage_check(found: Segmentation, wording: Wording, content: Content) -> str:
    """Return each segment's half-way day, and in how many it falls into the cooling stage."""
    _ = wording.gettext
    assumed = _("The limits of the stages are a setting, the same for every segment.")
    measured = [
        (segment_name(segment, content), half_way)
        for segment in found.segments
        if not isinstance(half_way := segment.half_way_days, NotComputed)
    ]
    if not measured:
        unknown = _("How soon customers come back could not be measured here.")
        return f"{assumed} {unknown}"
    days = wording.clauses(
        _("%(segment)s, %(days)s", segment=name, days=wording.days(round(half_way)))
        for name, half_way in measured
    )
    agreeing = sum(segment.half_way_stage == "cooling" for segment in found.segments)
    return _(
        "%(assumed)s Measured: half of those who were seen to come back had done so after "
        "%(days)s. The limits agree where that day falls into the cooling stage, because half or "
        "more then come back before it ends: so it is in %(agreeing)s of %(segments)s segments.",
        assumed=assumed,
        days=days,
        agreeing=wording.integer(agreeing),
        segments=wording.integer(len(measured)),
    )
