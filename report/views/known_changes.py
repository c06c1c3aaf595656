"""What was reported of low reviews that were made on purpose, in words."""

from __future__ import annotations

from analysis.findings import NotComputed, ReviewChange
from report.wording import Wording


def review_change_sentence(change: ReviewChange | NotComputed, wording: Wording) -> str:
    """Return what the other change made on purpose gave; nothing where it could not be made."""
    if isinstance(change, NotComputed):
        return ""
    values = {
        "added": wording.integer(100 * change.added_share),
        "within": wording.days(change.within_days),
        "followed": wording.days(change.followed_days),
    }
    if not change.passed:
        return wording.gettext(
            "On those shuffled dates, %(added)s points more low reviews were not reported within "
            "%(within)s, or before they were made: the design is not valid, no interval can be "
            "recommended on it.",
            **values,
        )
    if isinstance(change.warning_days, NotComputed):
        return wording.gettext(
            "On those shuffled dates, %(added)s points more low reviews raise the alarm too, "
            "within the %(within)s allowed, and none before.",
            **values,
        )
    values["days"] = wording.days(change.warning_days)
    if isinstance(change.alarm_days, NotComputed):
        return wording.gettext(
            "On those shuffled dates, %(added)s points more low reviews are reported by the "
            "monthly comparison of orders after %(days)s, and not before; the agreement raises no "
            "alarm within %(followed)s: the same map finds more unhappy customers.",
            **values,
        )
    return wording.gettext(
        "On those shuffled dates, %(added)s points more low reviews are reported by the monthly "
        "comparison of orders after %(days)s, by the agreement after %(alarm)s, and not before.",
        alarm=wording.days(change.alarm_days),
        **values,
    )
