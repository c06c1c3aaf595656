"""How long until a refit says something else: an age with two layers of uncertainty, in words."""

from __future__ import annotations

from math import log10

from analysis.findings import EstimatesCompared, Lifetime, LifetimeRange, NotComputed, Stability
from report.views.figures import Axis, Column, Mark, RangeRow, Ranges, Table
from report.views.records import Absence
from report.views.time_records import LifetimeView
from report.wording import Wording

DAYS_A_YEAR = 365.25
# Beyond this, an age is only said to be beyond it.
MOST_YEARS = 10
# From so many years on, an age is told in years.
TOLD_IN_YEARS = 2
MONTH_TICKS, YEAR_TICKS = (1, 3), (1, 3, MOST_YEARS)


def lifetime_view(found: Stability, wording: Wording) -> LifetimeView | Absence:
    """Return the expected lifetime, or why there is none."""
    life = found.lifetime
    if isinstance(life, NotComputed):
        return Absence(wording.not_computed(life))
    return LifetimeView(
        sentence=_sentence(life, wording),
        layers=(
            f"{_origins(life, wording)} {_more_alike(life.cautious, wording)}".rstrip(),
            _customers(found, wording),
            *_without_formula(life, wording),
        ),
        figure=_figure(life, found, wording),
    )


def told_age(days: float, wording: Wording) -> str:
    """Return an age in days, in years when it is long, "more than ten years" beyond them."""
    years = days / DAYS_A_YEAR
    if years > MOST_YEARS:
        return wording.gettext("more than %(years)s", years=wording.years(MOST_YEARS))
    if years < TOLD_IN_YEARS:
        return wording.days(days)
    # "10 years", not "10.0 years".
    return wording.years(years, 1 if round(years, 1) < MOST_YEARS else 0)


def _sentence(life: Lifetime, wording: Wording) -> str:
    values = {
        "observed": wording.days(life.longest_observed_days),
        "age": told_age(life.days, wording),
        "threshold": wording.index(life.threshold_ari),
    }
    if life.extrapolated:
        return wording.gettext(
            "Not observed to break within %(observed)s. Prolonging the curve, the expected "
            "agreement would fall below %(threshold)s at an age of %(age)s: an extrapolation, on "
            "which nothing is recommended or priced.",
            **values,
        )
    return wording.gettext(
        "The expected agreement falls below %(threshold)s at an age of %(age)s, within the "
        "%(observed)s that were observed.",
        **values,
    )


def _origins(life: Lifetime, wording: Wording) -> str:
    """Say the range over the starting dates, and what they are worth."""
    _ = wording.gettext
    values = {
        "low": told_age(life.low_days, wording),
        "high": told_age(life.high_days, wording),
        "origins": wording.integer(life.origins),
        "effective": wording.number(life.effective_origins, 1),
    }
    if life.interval == "range":
        return _(
            "From one starting date to another: %(low)s to %(high)s, the plain range over "
            "%(origins)s of them. As they overlap they are worth %(effective)s independent ones, "
            "too few for an interval of confidence.",
            **values,
        )
    return _(
        "From one starting date to another: %(low)s to %(high)s, an interval of confidence that "
        "allows for their overlap: %(origins)s of them are worth %(effective)s independent ones.",
        **values,
    )


def _more_alike(cautious: LifetimeRange | NotComputed, wording: Wording) -> str:
    """Say what the range would be were the starting dates more alike than is assumed."""
    if isinstance(cautious, NotComputed):
        return ""
    values = {
        "correlation": wording.exact(cautious.correlation),
        "effective": wording.number(cautious.effective_origins, 1),
    }
    if cautious.interval == "range":
        return wording.gettext(
            "Were they more alike (a correlation of %(correlation)s between neighbours), they "
            "would be worth %(effective)s only: too few for an interval of confidence.",
            **values,
        )
    return wording.gettext(
        "Were they more alike (a correlation of %(correlation)s between neighbours), they would be "
        "worth %(effective)s: %(low)s to %(high)s.",
        low=told_age(cautious.low_days, wording),
        high=told_age(cautious.high_days, wording),
        **values,
    )


def _customers(found: Stability, wording: Wording) -> str:
    """Say the range over resampled customers, and whether an alarm was raised in them."""
    _, drawn = wording.gettext, found.resampled
    if isinstance(drawn.low_days, NotComputed) or isinstance(drawn.high_days, NotComputed):
        return wording.not_computed(NotComputed("no_decay"))
    return _(
        "From one draw of the customers to another: %(low)s to %(high)s in the mean of the "
        "starting dates (%(resamples)s histories of %(customers)s customers drawn again); in "
        "%(alarms)s of them an alarm was confirmed from one starting date at least, by the "
        "threshold alone.",
        low=told_age(drawn.low_days, wording),
        high=told_age(drawn.high_days, wording),
        resamples=wording.integer(drawn.resamples),
        customers=wording.integer(drawn.customers),
        alarms=wording.share(drawn.alarm_share),
    )


def _without_formula(life: Lifetime, wording: Wording) -> tuple[str, ...]:
    """Say what the data give without a curve, where they give it."""
    ages = [
        told_age(age, wording)
        for age in (life.isotonic_days, life.median_days)
        if not isinstance(age, NotComputed)
    ]
    if not ages:
        return (wording.gettext("Without a formula, no crossing can be seen in these data."),)
    seen = wording.gettext(
        "Without a formula, the crossing is seen at %(ages)s.", ages=wording.listing(ages)
    )
    return (f"{seen} {_compared(life.compared, wording)}".rstrip(),)


def _compared(found: EstimatesCompared | NotComputed, wording: Wording) -> str:
    """Say whether the three estimates agree; nothing where one was not observed."""
    if isinstance(found, NotComputed):
        return ""
    values = {"factor": wording.number(found.factor, 2), "limit": wording.exact(found.limit)}
    if found.agree:
        return wording.gettext(
            "With that of the curve these estimates agree: they lie within a factor of %(factor)s "
            "of each other, at most %(limit)s is allowed.",
            **values,
        )
    return wording.gettext(
        "With that of the curve these estimates disagree: they lie a factor of %(factor)s apart, "
        "at most %(limit)s is allowed. The curve does not describe these data, and no single age "
        "can be quoted.",
        **values,
    )


# ---------------------------------------------------------------- the picture


def _figure(life: Lifetime, found: Stability, wording: Wording) -> Ranges:
    _ = wording.gettext
    rows = [_row(_("Between starting dates"), life.low_days, life.high_days, life.days, wording)]
    drawn = found.resampled
    if not isinstance(drawn.low_days, NotComputed) and not isinstance(drawn.high_days, NotComputed):
        rows.append(
            _row(_("Between draws of customers"), drawn.low_days, drawn.high_days, None, wording)
        )
    observed = wording.days(life.longest_observed_days)
    axis = _axis(wording)
    return Ranges(
        title=_("Age at which the agreement would cross the threshold"),
        description=_sentence(life, wording),
        axis=axis,
        rows=tuple(rows),
        observed_until=_place(life.longest_observed_days),
        observed_name=_("observed, up to %(days)s", days=observed),
        beyond_name=_("extrapolated"),
        table=Table(
            caption=_("Age at which the agreement would cross the threshold"),
            columns=(
                Column(_("Uncertainty"), is_number=False),
                Column(_("Ages"), is_number=False),
            ),
            rows=tuple((row.label, row.text) for row in rows),
        ),
    )


def _row(label: str, low: float, high: float, point: float | None, wording: Wording) -> RangeRow:
    text = wording.between(told_age(low, wording), told_age(high, wording))
    if point is not None:
        text = wording.gettext("%(age)s (%(range)s)", age=told_age(point, wording), range=text)
    return RangeRow(
        label=label,
        low=_place(low),
        high=_place(high),
        point=None if point is None else _place(point),
        open_end=high > MOST_YEARS * DAYS_A_YEAR,
        text=text,
    )


def _axis(wording: Wording) -> Axis:
    """Return an axis of ages by their logarithm: months first, then years."""
    months = tuple(
        Mark(_place(count * DAYS_A_YEAR / 12), wording.months(count)) for count in MONTH_TICKS
    )
    years = tuple(Mark(_place(count * DAYS_A_YEAR), wording.years(count)) for count in YEAR_TICKS)
    return Axis("", (*months, *years))


def _place(days: float) -> float:
    """Return where an age stands on the axis: ages beyond its end stand at the end."""
    return log10(min(max(days, 1.0), MOST_YEARS * DAYS_A_YEAR))
