"""The cohorts of orders against the reference, as tables and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.findings import (
    Drift,
    DriftBaseline,
    DriftFeature,
    DriftSeries,
    DriftTest,
    NotComputed,
)
from report.views.figures import (
    Axis,
    Column,
    Panel,
    SmallMultiples,
    Table,
    month_axis,
    round_axis,
)
from report.views.records import Absence
from report.wording import Wording, message

FEATURES = {
    "spend": message("amount of an order"),
    "delivery_days": message("delivery time"),
    "delay_days": message("delay on the promised date"),
    "freight_share": message("share of freight"),
    "review": message("reviews"),
    "instalments": message("instalments"),
    "payment_type": message("type of payment"),
    "state": message("state of the customer"),
    "category": message("category of the product"),
}
# How a feature stands: `changed` in the last two cohorts, `new` in the last one only, `passed` in
# two in a row but no more, `once` never in two in a row, `same` never.
STATES = {
    "changed": message("Changed, and still so"),
    "new": message("Changed in the last group only: to be confirmed"),
    "passed": message("Changed for a while, since passed"),
    "once": message("Changed once, not confirmed"),
    "same": message("No change"),
}
FEW_TICKS = 4

History = Sequence[DriftTest]
Histories = dict[DriftFeature, list[DriftTest]]


def written(feature: DriftFeature, value: float, currency: str, wording: Wording) -> str:
    """Return a value of a feature in its unit."""
    if feature == "spend":
        return wording.money(value, currency)
    if feature in ("delivery_days", "delay_days"):
        return wording.days_one(value)
    return wording.share(value)


# ---------------------------------------------------------------- tables


def summary(
    histories: Histories, states: dict[DriftFeature, str], drift: Drift, wording: Wording
) -> Table:
    """Return the worst cohort of each feature, beside what no change looks like."""
    _ = wording.gettext
    baselines = {entry.feature: entry for entry in drift.baseline}
    return Table(
        caption=_("The widest gap of each feature, over all groups of orders"),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("Group up to"), is_number=False),
            Column(_("Size")),
            Column(_("Without change")),
            Column(_("PSI")),
            Column(_("Corrected p")),
            Column(_("State"), is_number=False),
        ),
        rows=tuple(
            (
                _(FEATURES[feature]).capitalize(),
                *_worst(_widest(tests), baselines.get(feature), wording),
                _(STATES[states[feature]]),
            )
            for feature, tests in histories.items()
        ),
    )


def _widest(tests: History) -> DriftTest:
    """Return the widest gap, of those that are alarms where there are any."""
    return max(tests, key=lambda test: (test.alarm, test.size))


def _worst(
    worst: DriftTest, baseline: DriftBaseline | None, wording: Wording
) -> tuple[str, str, str, str, str]:
    missing = wording.gettext("not computed")
    return (
        wording.short_date(worst.bought_until),
        _size(worst, worst.size, wording),
        missing if baseline is None else wording.index(baseline.size),
        wording.index(worst.psi),
        wording.probability(worst.p_adjusted),
    )


def _group(test: DriftTest, wording: Wording) -> str:
    """Return the days of a cohort, the last of which is included."""
    return wording.between(
        wording.short_date(test.bought_from), wording.short_date(test.bought_until)
    )


def _size(test: DriftTest, size: float, wording: Wording) -> str:
    return f"{'D' if test.kind == 'numbers' else 'V'} {wording.index(size)}"


def all_tests(drift: Drift, wording: Wording) -> Table:
    """Return every test, feature by feature."""
    _ = wording.gettext
    ordered = sorted(
        drift.tests, key=lambda test: (tuple(FEATURES).index(test.feature), test.bought_until)
    )
    return Table(
        caption=_("Every feature, every group of orders"),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("Group"), is_number=False),
            Column(_("Orders")),
            Column(_("Size")),
            Column(_("Shift")),
            Column(_("PSI")),
            Column(_("PSI by chance")),
            Column(_("Corrected p")),
            Column(_("If dependent")),
            Column(_("Alert"), is_number=False),
        ),
        rows=tuple(_test_row(test, wording) for test in ordered),
        note=_(
            "Shift: Wasserstein distance in standard deviations of the reference. If dependent: "
            "p-value corrected without assuming that tests are independent (Benjamini and "
            "Yekutieli)."
        ),
    )


def _test_row(test: DriftTest, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    alert = _("confirmed") if test.confirmed else _("raised") if test.alarm else "–"
    if test.to_act:
        alert = _("%(alert)s, to act", alert=alert)
    return (
        _(FEATURES[test.feature]).capitalize(),
        _group(test, wording),
        wording.integer(test.orders),
        _size(test, test.size, wording),
        "–" if test.shift is None else wording.index(test.shift),
        wording.index(test.psi),
        wording.index(test.psi_null),
        wording.probability(test.p_adjusted),
        wording.probability(test.p_dependent),
        alert,
    )


# ---------------------------------------------------------------- the picture


def drift_figure(drift: Drift, currency: str, wording: Wording) -> SmallMultiples | Absence:
    """Return the quartiles of the numbers, cohort by cohort, against those of the reference."""
    _ = wording.gettext
    if not drift.series:
        return Absence(wording.not_computed(NotComputed("no_rows")))
    return SmallMultiples(
        title=_("Groups of orders against the reference"),
        description=_(
            "Median and quartiles of each group of orders; dashed, the quartiles of the reference."
        ),
        line_name=_("Median"),
        band_name=_("From the first to the third quartile"),
        reference_name=_("Quartiles of the reference"),
        panels=tuple(_panel(entry, currency, wording) for entry in drift.series),
        table=_series_table(drift.series, currency, wording),
    )


def _panel(series: DriftSeries, currency: str, wording: Wording) -> Panel:
    days = [float(day.toordinal()) for day in series.bought_until]
    reference = series.reference
    levels = (reference.q1, reference.median, reference.q3)
    values = [*levels, *(value for cohort in series.cohorts for value in (cohort.q1, cohort.q3))]

    def tick(value: float) -> str:
        if series.feature == "spend":
            return wording.money(value, currency)
        if series.feature == "freight_share":
            return wording.tick_share(value)
        return wording.days(value)

    low = min(0.0, *values)
    return Panel(
        title=wording.gettext(FEATURES[series.feature]).capitalize(),
        colour=0,
        x_axis=_dates(series.bought_until, wording),
        y_axis=round_axis("", low, max(values), tick, FEW_TICKS),
        line=tuple(zip(days, (cohort.median for cohort in series.cohorts), strict=True)),
        band=tuple(
            (day, cohort.q1, cohort.q3) for day, cohort in zip(days, series.cohorts, strict=True)
        ),
        references=levels,
    )


def _dates(days: Sequence[date], wording: Wording) -> Axis:
    return month_axis(days[0], days[-1], wording.short_month)


def _series_table(series: Sequence[DriftSeries], currency: str, wording: Wording) -> Table:
    _ = wording.gettext
    rows = []
    for entry in series:
        name = _(FEATURES[entry.feature]).capitalize()
        cohorts = [(_("reference"), entry.reference)]
        cohorts += [
            (wording.short_date(day), cohort)
            for day, cohort in zip(entry.bought_until, entry.cohorts, strict=True)
        ]
        rows += [
            (
                name,
                group,
                *(
                    written(entry.feature, value, currency, wording)
                    for value in (cohort.q1, cohort.median, cohort.q3)
                ),
            )
            for group, cohort in cohorts
        ]
    return Table(
        caption=_("Quartiles of each group of orders"),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("Bought until"), is_number=False),
            Column(_("First quartile")),
            Column(_("Median")),
            Column(_("Third quartile")),
        ),
        rows=tuple(rows),
    )
