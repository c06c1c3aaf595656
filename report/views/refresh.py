"""The recommended interval between refits, and what bound it."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed, Refresh, Timeline
from report.views.records import Absence, Card
from report.views.time_records import RefreshView
from report.views.timelines import origins_at, starting_dates
from report.wording import Wording, message

REASONS = {
    "observed": message(
        "This is as far as the history lets us see: %(limit)s, the longest age at which "
        "enough starting dates could have confirmed an alarm. No extrapolation enters the interval "
        "or the price."
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


def refresh_view(findings: Findings, wording: Wording) -> RefreshView | Absence:
    """Return the recommended interval, or why there is none."""
    _, refresh = wording.gettext, findings.refresh
    if isinstance(refresh, NotComputed):
        return Absence(wording.not_computed(refresh))
    rescoring = wording.every_months(refresh.rescoring_months)
    if isinstance(refresh.months, NotComputed):
        months: str | Absence = Absence(wording.not_computed(refresh.months))
        every = ""
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
        every=every,
        recommendation=recommendation,
        reason=refresh_reason(refresh, wording),
        clocks=clocks,
        grid=_(
            "Rounded down to the intervals on offer (%(grid)s months): %(months)s.",
            grid=wording.listing(wording.integer(step) for step in refresh.grid_months),
            months=wording.cell(refresh.months, wording.months),
        ),
        cards=_refresh_cards(findings, refresh, wording),
    )


def refresh_reason(refresh: Refresh, wording: Wording) -> str:
    """Return what bound the interval, with its limit."""
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
        _observed_card(chosen, wording),
    )


def _observed_card(chosen: Timeline, wording: Wording) -> Card:
    """Return how far enough starting dates were followed, and how many reach the other ages."""
    _, ages = wording.gettext, chosen.by_age
    limit = chosen.longest_confirmable_days or chosen.longest_observed_days
    counts = [
        _(
            "%(number)s at %(age)s",
            number=wording.integer(entry.origins),
            age=wording.days(entry.age_days),
        )
        for entry in (ages[:1] + ages[-1:])
        if entry.age_days != limit
    ]
    dates = starting_dates(origins_at(chosen, limit), wording)
    return Card(
        "observed",
        wording.days(limit),
        _("observed on %(dates)s", dates=dates),
        _("starting dates: %(counts)s", counts=wording.listing(counts)) if counts else "",
    )
