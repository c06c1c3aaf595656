"""What an old model costs, and how often a refit pays (methods, section 3.7).

A model of age t misplaces m(t) of the customers: 1 - agreement with a refit, less what two refits
of one day disagree on. Each campaign then contacts N m(t) customers for a segment that is not
theirs; a contact so misdirected costs delta, which the client knows and we do not. With m = l t^b
the cost a month of an interval T is

    C(T) = [c + N k delta l T^(b+1) / (b+1)] / T,

k campaigns a month and c the cost of a refit, cheapest at

    T* = [c (b+1) / (N k delta l b)]^(1/(b+1)).

Time is in months, money in the quote's currency. Nothing is claimed beyond the ages observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from analysis import findings as f
from analysis.customers import Floats
from analysis.findings.values import NOT_MEASURED
from analysis.money import CENT, Amount, in_shop_currency, refit_cost, round_to
from analysis.refresh import DAYS_A_MONTH, months_to_days
from analysis.settings import Settings

# A curve flatter than this is a jump that stays, not a rise.
FLATTEST, STEEPEST = 0.05, 5.0
FAILED_CONTROLS = ("design_not_valid", "change_not_seen")
SHORTEST, LONGEST, STEP = 0.5, 12.0, 0.25


def fit_misplacement(timeline: f.Timeline) -> f.Misplacement | f.NotComputed:
    """Return the share of customers that a model misplaces, as a power of its age.

    Medians by age over the origins, weighted by their number, by least squares. NotComputed where
    the share does not rise with age above the noise between two refits.
    """
    return _fit_points(timeline.points)


def show_evidence(timeline: f.Timeline, customers: Sequence[int] = ()) -> f.MisplacementEvidence:
    """Return the misplacement by each starting date alone, and with no noise taken off.

    A date that was followed to one age only can show neither a rise nor that there is none: it is
    left out.
    """
    by_origin: dict[date, list[f.TimelinePoint]] = {}
    for point in timeline.points:
        by_origin.setdefault(point.origin, []).append(point)
    return f.MisplacementEvidence(
        by_origin=tuple(
            f.OriginMisplacement(day, max(point.age_days for point in points), _fit_points(points))
            for day, points in sorted(by_origin.items())
            if len({point.age_days for point in points}) > 1
        ),
        noise_kept=_fit_points(timeline.points, takes_noise_off=False),
        customers=tuple(customers),
    )


def _fit_points(
    points: Sequence[f.TimelinePoint], *, takes_noise_off: bool = True
) -> f.Misplacement | f.NotComputed:
    """Return the power of age through the medians of some points."""
    ages = sorted({point.age_days for point in points})
    excess = [
        [
            (point.floor_agreement if takes_noise_off else 1.0) - point.agreement_warm
            for point in points
            if point.age_days == age
        ]
        for age in ages
    ]
    if len(ages) < 2:
        return f.NotComputed("no_rise")
    shares = np.array([float(np.median(values)) for values in excess])
    weights = np.array([len(values) for values in excess], dtype=np.float64)
    fitted = _fit_power(np.array(ages) / DAYS_A_MONTH, shares, weights)
    if fitted is None:
        return f.NotComputed("no_rise")
    scale, exponent = fitted
    return f.Misplacement(
        scale=scale,
        exponent=exponent,
        floor_share=float(np.mean([1 - point.floor_agreement for point in points])),
        ages_days=tuple(ages),
        shares=tuple(float(share) for share in shares),
        observed_until_days=ages[-1],
    )


def economic_limit_days(
    misplacement: f.Misplacement | f.NotComputed, customers: int, settings: Settings
) -> float | f.NotComputed:
    """Return the cheapest interval in days, where the cost of a misdirected contact was given."""
    contact, cost = settings.contract.misdirected_contact, refit_cost(settings)
    if isinstance(misplacement, f.NotComputed):
        return misplacement
    if contact is None:
        return f.NotComputed("no_contact_value")
    if isinstance(cost, f.NotComputed):
        return cost
    weight = customers * settings.contract.campaigns_per_month * float(contact)
    return optimal_months(misplacement, weight, float(cost)) * DAYS_A_MONTH


def weigh_staleness(
    misplacement: f.Misplacement | f.NotComputed,
    customers: int,
    refresh: f.Refresh | f.NotComputed,
    settings: Settings,
    evidence: f.MisplacementEvidence | f.NotComputed = NOT_MEASURED,
) -> f.Staleness | f.NotComputed:
    """Return what an old model costs, and from which cost of a contact on each interval pays.

    NotComputed where a control of the design failed: its ages say nothing then.
    """
    if isinstance(refresh, f.NotComputed) and refresh.code in FAILED_CONTROLS:
        return f.NotComputed("depends_on", found="refresh")
    if isinstance(misplacement, f.NotComputed):
        return misplacement
    contract = settings.contract
    cost = refit_cost(settings)
    given = contract.misdirected_contact
    contacts = customers * contract.campaigns_per_month
    return f.Staleness(
        currency=contract.currency,
        customers=customers,
        campaigns_per_month=contract.campaigns_per_month,
        misplacement=misplacement,
        refit_cost=cost,
        contact_cost=f.NotComputed("no_contact_value") if given is None else given,
        break_even=tuple(
            _interval(misplacement, contacts, cost, months, evidence, settings)
            for months in settings.stability.grid_months
        ),
        curve=_curve(misplacement, contacts, cost, refresh, settings),
        evidence=evidence,
    )


def _interval(
    misplacement: f.Misplacement,
    contacts: int,
    cost: Amount,
    months: int,
    evidence: f.MisplacementEvidence | f.NotComputed,
    settings: Settings,
) -> f.IntervalBreakEven:
    """Return from which cost of a contact on an interval pays, and who is misplaced at its end."""
    pays = break_even_contact(misplacement, contacts, cost, months)
    measured = measured_share(misplacement, months)
    return f.IntervalBreakEven(
        months,
        misplaced_share(misplacement, months),
        pays,
        *measured,
        in_shop_currency(pays, settings),
        *_over_origins(evidence, contacts, cost, months),
    )


def _over_origins(
    evidence: f.MisplacementEvidence | f.NotComputed, contacts: int, cost: Amount, months: int
) -> tuple[Amount, Amount]:
    """Return the lowest and the highest cost of a contact by one starting date alone."""
    if isinstance(evidence, f.NotComputed):
        return evidence, evidence
    found = [
        break_even_contact(alone, contacts, cost, months) for alone in rising_origins(evidence)
    ]
    known = [amount for amount in found if not isinstance(amount, f.NotComputed)]
    if not known:
        reason = next(iter(found), f.NotComputed("no_rise"))
        return reason, reason
    return min(known), max(known)


def rising_origins(evidence: f.MisplacementEvidence) -> list[f.Misplacement]:
    """Return the misplacement by each starting date that shows one, in their order."""
    alone = (entry.misplacement for entry in evidence.by_origin)
    return [found for found in alone if not isinstance(found, f.NotComputed)]


def measured_share(misplacement: f.Misplacement, months: int) -> tuple[int, float | f.NotComputed]:
    """Return the last age measured within an interval, in days, and the share found there."""
    until = months_to_days(months)
    seen = [place for place, age in enumerate(misplacement.ages_days) if age <= until]
    if not seen or until > misplacement.observed_until_days:
        return 0, f.NotComputed("not_observed", found=str(misplacement.observed_until_days))
    return misplacement.ages_days[seen[-1]], misplacement.shares[seen[-1]]


def optimal_months(misplacement: f.Misplacement, weight: float, cost: float) -> float:
    """Return the cheapest interval; `weight` is what one month costs if all were misplaced."""
    b, scale = misplacement.exponent, misplacement.scale
    return float((cost * (b + 1) / (weight * scale * b)) ** (1 / (b + 1)))


def monthly_cost(misplacement: f.Misplacement, weight: float, cost: float, months: float) -> float:
    """Return what an interval costs a month, refits and misdirected contacts."""
    b, scale = misplacement.exponent, misplacement.scale
    return float((cost + weight * scale * months ** (b + 1) / (b + 1)) / months)


def misplaced_share(misplacement: f.Misplacement, months: int) -> float | f.NotComputed:
    """Return the share misplaced by a model of this age; not beyond what was seen."""
    if months_to_days(months) > misplacement.observed_until_days:
        return f.NotComputed("not_observed", found=str(misplacement.observed_until_days))
    return float(misplacement.scale * months**misplacement.exponent)


def break_even_contact(
    misplacement: f.Misplacement, contacts: int, cost: Amount, months: int
) -> Amount:
    """Return the cost of a contact that makes an interval the cheapest; not beyond what was seen.

    Rounded up to the cent: from it on, refits at that interval pay.
    """
    if isinstance(cost, f.NotComputed):
        return cost
    if months_to_days(months) > misplacement.observed_until_days:
        return f.NotComputed("not_observed", found=str(misplacement.observed_until_days))
    b = misplacement.exponent
    lost = contacts * misplacement.scale * b * months ** (b + 1)
    exact = Decimal(repr(float(cost) * (b + 1) / lost))
    return max(round_to(exact, CENT), CENT)


def misplaced_months(
    misplacement: f.Misplacement, every: float, term: float, *, as_observed: bool = False
) -> float:
    """Return the months that a customer is misplaced over a term, refitted at an interval.

    Beyond the oldest age observed the share is held, not extrapolated: doing nothing is then said
    to cost less than it may. `as_observed` counts nothing beyond it.
    """
    whole, rest = divmod(term, every)
    cycles = [every] * int(whole) + [rest]
    if as_observed:
        seen = misplacement.observed_until_days / DAYS_A_MONTH
        cycles = [min(length, seen) for length in cycles]
    return sum(_area(misplacement, length) for length in cycles)


def _area(misplacement: f.Misplacement, months: float) -> float:
    """Return the integral of the share up to an age in months."""
    seen = misplacement.observed_until_days / DAYS_A_MONTH
    b, scale = misplacement.exponent, misplacement.scale
    inside = scale * min(months, seen) ** (b + 1) / (b + 1)
    return float(inside + max(months - seen, 0.0) * scale * seen**b)


def _fit_power(months: Floats, shares: Floats, weights: Floats) -> tuple[float, float] | None:
    """Return scale and exponent of the least squares, or None where nothing rises."""
    from scipy.optimize import minimize_scalar

    centred = months - np.average(months, weights=weights)
    if float((weights * centred * shares).sum()) <= 0:
        return None

    def scale_of(exponent: float) -> float:
        powers = months**exponent
        return float((weights * shares * powers).sum() / (weights * powers**2).sum())

    def misfit(exponent: float) -> float:
        return float((weights * (shares - scale_of(exponent) * months**exponent) ** 2).sum())

    found = minimize_scalar(misfit, bounds=(FLATTEST, STEEPEST), method="bounded")
    exponent = float(found.x)
    scale = scale_of(exponent)
    return (scale, exponent) if scale > 0 else None


def _curve(
    misplacement: f.Misplacement,
    contacts: int,
    cost: Amount,
    refresh: f.Refresh | f.NotComputed,
    settings: Settings,
) -> f.CostCurve | f.NotComputed:
    """Return the cost curve: for the contact cost given, or for the one that the interval needs."""
    if isinstance(cost, f.NotComputed):
        return cost
    contact: Amount = f.NotComputed("depends_on", found="refresh")
    given = settings.contract.misdirected_contact
    if given is not None:
        contact = given
    elif isinstance(refresh, f.Refresh) and not isinstance(refresh.months, f.NotComputed):
        contact = break_even_contact(misplacement, contacts, cost, refresh.months)
    if isinstance(contact, f.NotComputed):
        return contact
    weight = contacts * float(contact)
    optimum = optimal_months(misplacement, weight, float(cost))
    lowest = monthly_cost(misplacement, weight, float(cost), optimum)
    share = settings.contract.flat_share
    flat = _flat_zone(misplacement, weight, float(cost), optimum, (1 + share) * lowest)
    months = np.arange(SHORTEST, LONGEST + STEP / 2, STEP)
    return f.CostCurve(
        contact_cost=contact,
        is_assumed=given is not None,
        optimum_months=optimum,
        optimum_cost=lowest,
        flat_share=share,
        flat_from=flat[0],
        flat_until=flat[1],
        months=tuple(float(value) for value in months),
        costs=tuple(
            monthly_cost(misplacement, weight, float(cost), float(value)) for value in months
        ),
    )


def _flat_zone(
    misplacement: f.Misplacement, weight: float, cost: float, optimum: float, limit: float
) -> Sequence[float]:
    """Return where the curve passes a limit, on either side of its lowest point."""
    from scipy.optimize import brentq

    def above(months: float) -> float:
        return monthly_cost(misplacement, weight, cost, months) - limit

    farthest = 2 * optimum
    while above(farthest) <= 0:
        farthest *= 2
    if limit <= monthly_cost(misplacement, weight, cost, optimum):
        return (optimum, optimum)
    return (
        float(brentq(above, optimum * 1e-6, optimum)),
        float(brentq(above, optimum, farthest)),
    )
