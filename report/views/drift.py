"""Whether what customers buy and live through has changed, in sentences chosen by rules."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.findings import (
    ChangePoint,
    DomainClassifier,
    Drift,
    DriftFeature,
    DriftSeries,
    DriftTest,
    Findings,
    NotComputed,
    Stability,
    WithoutEvents,
)
from report.views.drift_tables import (
    FEATURES,
    Histories,
    History,
    all_tests,
    drift_figure,
    summary,
    written,
)
from report.views.records import Absence
from report.views.time_records import DriftView
from report.wording import Wording, message

# What the monthly means of a feature are means of.
MEANS = {
    "spend": message("the typical amount of an order"),
    "delivery_days": message("the mean delivery time"),
    "delay_days": message("the mean delay on the promised date (negative: early)"),
    "freight_share": message("the mean share of freight"),
    "review": message("the share of low reviews"),
}


def drift_view(findings: Findings, wording: Wording) -> DriftView | Absence:
    """Return the section on drift, or why there is none."""
    drift = findings.drift
    if isinstance(drift, NotComputed):
        return Absence(wording.not_computed(drift))
    histories = _histories(drift)
    states = {feature: _state(tests) for feature, tests in histories.items()}
    currency = findings.period.currency
    return DriftView(
        headline=_headline(states, findings.stability, wording),
        sentence=_sentence(states, wording),
        verdict=_verdict(states, findings.stability, wording),
        changes=_changes(histories, states, drift, currency, wording),
        levels=_levels(drift, wording),
        events=_events(drift.without_events, wording),
        summary=summary(histories, states, drift, wording),
        tests=all_tests(drift, wording),
        figure=drift_figure(drift, currency, wording),
        classifier=_classifier(drift.classifier, wording),
        change_points=_change_points(drift, currency, wording),
        definitions=_definitions(drift, wording),
    )


def _histories(drift: Drift) -> Histories:
    """Return the tests of each feature, by date."""
    found: Histories = {}
    for test in sorted(drift.tests, key=lambda test: test.bought_until):
        found.setdefault(test.feature, []).append(test)
    return {feature: found[feature] for feature in FEATURES if feature in found}


def _state(tests: History) -> str:
    """Return how a feature stands, one of STATES."""
    if tests[-1].confirmed:
        return "changed"
    if tests[-1].alarm:
        return "new"
    if any(test.confirmed for test in tests):
        return "passed"
    return "once" if any(test.alarm for test in tests) else "same"


def _named(features: Iterable[DriftFeature], wording: Wording) -> str:
    return wording.listing(wording.gettext(FEATURES[feature]) for feature in features)


def _of(states: dict[DriftFeature, str], *wanted: str) -> list[DriftFeature]:
    return [feature for feature, state in states.items() if state in wanted]


# ---------------------------------------------------------------- sentences


def _sentence(states: dict[DriftFeature, str], wording: Wording) -> str:
    """Return what moved, what moved for a while and what did not."""
    _ = wording.gettext
    moved, passed = _of(states, "changed", "new"), _of(states, "passed", "once")
    same = _of(states, "same")
    sentences = [
        _("What has changed: %(moved)s.", moved=_named(moved, wording))
        if moved
        else _("Nothing differs now from the reference.")
    ]
    if passed:
        sentences.append(_("For a time only: %(passed)s.", passed=_named(passed, wording)))
    if same:
        sentences.append(_("What has not changed: %(same)s.", same=_named(same, wording)))
    return " ".join(sentences)


def _verdict(
    states: dict[DriftFeature, str], stability: Stability | NotComputed, wording: Wording
) -> str:
    """Return what the changes mean for the map of segments."""
    _ = wording.gettext
    moved = bool(_of(states, "changed", "new"))
    if isinstance(stability, NotComputed):
        return _("Whether the map of segments holds all the same was not measured.")
    holds = isinstance(stability.chosen.first_alarm_days, NotComputed)
    if moved and holds:
        return _(
            "What customers live through has changed and the map of segments holds all the same: "
            "these changes ask for no refit; what they are worth is to be looked at where they "
            "arise."
        )
    if moved:
        return _(
            "What customers live through has changed, and a model of the timeline broke: these "
            "changes are where to look for the reason."
        )
    if holds:
        return _("Neither what customers buy and live through nor the map of segments has moved.")
    return _(
        "A model of the timeline broke although none of these features differs now: the reason is "
        "not among them, or it has passed."
    )


def _headline(
    states: dict[DriftFeature, str], stability: Stability | NotComputed, wording: Wording
) -> str:
    """Return the verdict as a title."""
    _ = wording.gettext
    moved = bool(_of(states, "changed", "new"))
    if isinstance(stability, NotComputed):
        return _("What customers live through has changed") if moved else _("Nothing has moved")
    holds = isinstance(stability.chosen.first_alarm_days, NotComputed)
    if moved:
        return (
            _("What customers live through has changed, and the segments hold")
            if holds
            else _("What customers live through has changed, and the segments with it")
        )
    return (
        _("Nothing has moved, and the segments hold")
        if holds
        else _("The segments moved, for a reason that is not measured here")
    )


def _changes(
    histories: Histories,
    states: dict[DriftFeature, str],
    drift: Drift,
    currency: str,
    wording: Wording,
) -> tuple[str, ...]:
    """Return a sentence for each feature that changed, now or earlier."""
    series = {entry.feature: entry for entry in drift.series}
    return tuple(
        _change(feature, histories[feature], state, series.get(feature), currency, wording)
        for feature, state in states.items()
        if state != "same"
    )


def _change(
    feature: DriftFeature,
    tests: History,
    state: str,
    series: DriftSeries | None,
    currency: str,
    wording: Wording,
) -> str:
    _ = wording.gettext
    alarms = [test for test in tests if test.alarm]
    if state in ("changed", "new"):
        alarms = _last_run(tests)
    values = {
        "feature": _(FEATURES[feature]).capitalize(),
        "first": wording.date(alarms[0].bought_from),
        "last": wording.date(alarms[-1].bought_until),
    }
    if state in ("changed", "new"):
        text = _("%(feature)s: different from the reference since %(first)s.", **values)
    elif len(alarms) == 1:
        text = _(
            "%(feature)s: different from the reference between %(first)s and %(last)s only.",
            **values,
        )
    else:
        text = _(
            "%(feature)s: other at times between %(first)s and %(last)s, back since.", **values
        )
    if series is None or state not in ("changed", "new"):
        return text
    before = written(feature, series.reference.median, currency, wording)
    after = written(feature, series.cohorts[-1].median, currency, wording)
    return f"{text} " + _(
        "Median of %(after)s in the last group, against %(before)s.", before=before, after=after
    )


def _levels(drift: Drift, wording: Wording) -> str:
    """Say which features ask to act, and not only to watch; nothing where it was not measured."""
    if isinstance(drift.act_threshold, NotComputed):
        return ""
    act = list(dict.fromkeys(test.feature for test in drift.tests if test.to_act))
    values = {
        "watch": wording.exact(drift.index_threshold),
        "act": wording.exact(drift.act_threshold),
    }
    if not act:
        return wording.gettext(
            "A PSI of %(watch)s asks to watch, one of %(act)s to act: no feature reached the "
            "second.",
            **values,
        )
    return wording.gettext(
        "A PSI of %(watch)s asks to watch, one of %(act)s to act where the change arises (the "
        "deliveries, the prices), not on the model while its map holds: the second was reached, in "
        "one group at least, by %(features)s.",
        features=_named(act, wording),
        **values,
    )


def _events(found: WithoutEvents | NotComputed, wording: Wording) -> str:
    """Say which verdicts are others without the orders of known events."""
    _ = wording.gettext
    if isinstance(found, NotComputed):
        return ""
    values = {
        "events": wording.listing(
            wording.between(wording.short_date(first), wording.short_date(last))
            for first, last in found.events
        ),
        "orders": wording.integer(found.orders),
    }
    changed = wording.listing(_verdict_without(test, wording) for test in found.changed)
    sentences = [
        _(
            "Without the orders of known events (%(events)s: %(orders)s orders) these verdicts are "
            "others: %(changed)s.",
            changed=changed,
            **values,
        )
        if changed
        else _(
            "Without the orders of known events (%(events)s: %(orders)s orders) no alert is other.",
            **values,
        )
    ]
    if found.gained:
        sentences.append(
            _("Changes of level found only so: %(changes)s.", changes=_dated(found.gained, wording))
        )
    if found.lost:
        sentences.append(_("No longer found: %(changes)s.", changes=_dated(found.lost, wording)))
    return " ".join(sentences)


def _verdict_without(test: DriftTest, wording: Wording) -> str:
    """Return what a test says without the events."""
    _ = wording.gettext
    verdict = _("confirmed") if test.confirmed else _("raised") if test.alarm else _("no alert")
    return _(
        "%(feature)s up to %(date)s (%(verdict)s)",
        feature=_(FEATURES[test.feature]),
        date=wording.short_date(test.bought_until),
        verdict=verdict,
    )


def _dated(changes: Iterable[ChangePoint], wording: Wording) -> str:
    """Return changes of level with their months."""
    return wording.listing(
        wording.gettext(
            "%(feature)s from %(month)s on",
            feature=wording.gettext(FEATURES[change.feature]),
            month=wording.month(change.month),
        )
        for change in changes
    )


def _last_run(tests: History) -> list[DriftTest]:
    """Return the alarms in a row that the last test ends."""
    run: list[DriftTest] = []
    for test in reversed(tests):
        if not test.alarm:
            break
        run.insert(0, test)
    return run


def _classifier(found: DomainClassifier | NotComputed, wording: Wording) -> str:
    """Say how well the last cohort can be told from the reference, and by what."""
    _ = wording.gettext
    if isinstance(found, NotComputed):
        return wording.not_computed(found)
    values = {
        "area": wording.index_against(found.area, found.threshold),
        "range": wording.between(wording.index(found.low), wording.index(found.high)),
        "baseline": wording.index(found.baseline),
        "threshold": wording.index(found.threshold),
        "orders": wording.integer(found.orders),
        "features": _named((name for name, loss in found.features if loss > 0), wording),
    }
    if found.area < found.threshold:
        return _(
            "A model that tries to tell the last group of orders from the reference hardly can: "
            "AUC of %(area)s (%(range)s over the folds, %(orders)s orders of each), below the "
            "%(threshold)s of an alert; two random samples of the reference give %(baseline)s.",
            **values,
        )
    return _(
        "A model tells the last group of orders from the reference: AUC of %(area)s (%(range)s "
        "over the folds, %(orders)s orders of each), at or above the %(threshold)s of an alert; "
        "two random samples of the reference give %(baseline)s. It goes by: %(features)s.",
        **values,
    )


def _change_points(drift: Drift, currency: str, wording: Wording) -> tuple[str, ...]:
    """Return one sentence a change of level, with its month."""
    found = drift.change_points
    if isinstance(found, NotComputed):
        return (wording.not_computed(found),)
    if not found:
        return (
            wording.gettext(
                "No lasting change of level can be told from noise in %(months)s.",
                months=wording.months(drift.months),
            ),
        )
    ordered = sorted(found, key=lambda change: (change.month, change.feature))
    return tuple(_change_point(change, currency, wording) for change in ordered)


def _change_point(change: ChangePoint, currency: str, wording: Wording) -> str:
    return wording.gettext(
        "From %(month)s on, %(what)s goes from %(before)s to %(after)s; found again in %(share)s "
        "of the resampled histories.",
        month=wording.month(change.month),
        what=wording.gettext(MEANS[change.feature]),
        before=_level(change.feature, change.mean_before, currency, wording),
        after=_level(change.feature, change.mean_after, currency, wording),
        share=wording.share(change.resampled_share),
    )


def _level(feature: DriftFeature, value: float, currency: str, wording: Wording) -> str:
    """Return a mean in its unit; shares with a decimal, because levels may lie close together."""
    if feature in ("review", "freight_share"):
        return wording.share(value, 1)
    return written(feature, value, currency, wording)


def _definitions(drift: Drift, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    return (
        _(
            "The reference is the orders bought from %(start)s to %(end)s (%(orders)s); each group "
            "holds those of %(days)s after it. Orders of the last %(maturity)s are not looked at: "
            "the slow deliveries among them are not known yet.",
            start=wording.date(drift.reference_from),
            end=wording.date(drift.reference_until),
            orders=wording.integer(drift.reference_orders),
            days=wording.days(drift.cohort_days),
            maturity=wording.days(drift.maturity_days),
        ),
        _(
            "An alert needs both: a p-value below %(significance)s after correction for all tests "
            "(Benjamini and Hochberg), and a large gap: D of at least %(size)s for numbers, a PSI "
            "of at least %(index)s, and above what chance gives, for the others. It is confirmed "
            "when the group before raised it too.",
            significance=wording.exact(drift.significance),
            size=wording.index(drift.size_threshold),
            index=wording.index(drift.index_threshold),
        ),
        _(
            "The size of a gap is D (Kolmogorov and Smirnov) for numbers, Cramér's V for the "
            "others; “without change” is the same figure between two random samples of the "
            "reference. A negative delay is an early delivery."
        ),
        _(
            "Changes of level are looked for in monthly means (PELT); they may be real and small: "
            "the size of the gaps says whether they matter."
        ),
    )
