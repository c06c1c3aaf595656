"""What an old model costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.findings.values import NOT_MEASURED, NotComputed


@dataclass(frozen=True)
class Misplacement:
    """How many customers an old model misplaces by an age: share = scale * months ** exponent.

    The share is of those to whom a refit gives another segment, less what two refits of the same
    day disagree on (`floor_share`, their mean). `shares` are the values by age that the curve was
    fitted to; nothing is known beyond `observed_until_days`.
    """

    scale: float
    exponent: float
    floor_share: float
    ages_days: tuple[int, ...]
    shares: tuple[float, ...]
    observed_until_days: int


@dataclass(frozen=True)
class OriginMisplacement:
    """The misplacement by the models of one starting date alone, followed for `observed_days`.

    NotComputed where it never rises above the noise between two refits.
    """

    origin: date
    observed_days: int
    misplacement: Misplacement | NotComputed


@dataclass(frozen=True)
class MisplacementEvidence:
    """What the misplacement rests on, to tell how far what follows from it may lie.

    `by_origin` is fitted to one starting date each, of those followed to two ages or more,
    `noise_kept` to all of them with none of the disagreement taken off as noise. `customers` are
    all those in segments at the dates of the timeline, in their order; none where it was not noted.
    """

    by_origin: tuple[OriginMisplacement, ...]
    noise_kept: Misplacement | NotComputed
    customers: tuple[int, ...]


@dataclass(frozen=True)
class IntervalBreakEven:
    """From which cost of a misdirected contact on refits at an interval pay.

    `contact_cost` is in the quote's currency, `other_cost` in the shop's, where a rate is given.
    `misplaced_share` of the customers are misplaced at the end of the interval by the fitted curve;
    `measured_share` is what was measured at `measured_days`, the last age seen within it (below
    zero where two refits of one day disagree more). `low_cost` and `high_cost` are the lowest and
    the highest contact cost by one starting date alone, of those that show a rise and were followed
    so long.
    """

    months: int
    misplaced_share: float | NotComputed
    contact_cost: Decimal | NotComputed
    measured_days: int = 0
    measured_share: float | NotComputed = NOT_MEASURED
    other_cost: Decimal | NotComputed = NOT_MEASURED
    low_cost: Decimal | NotComputed = NOT_MEASURED
    high_cost: Decimal | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class CostCurve:
    """What an interval costs a month, refits and misdirected contacts, in the quote's currency.

    `is_assumed` tells a contact cost that was given from one that makes the recommended interval
    the cheapest. Intervals from `flat_from` to `flat_until` months cost at most `flat_share` more
    than the optimum.
    """

    contact_cost: Decimal
    is_assumed: bool
    optimum_months: float
    optimum_cost: float
    flat_share: float
    flat_from: float
    flat_until: float
    months: tuple[float, ...]
    costs: tuple[float, ...]


@dataclass(frozen=True)
class Staleness:
    """What an old model costs: misplaced customers times contacts times what one costs.

    `refit_cost` and every contact cost are in `currency`, the quote's.
    """

    currency: str
    customers: int
    campaigns_per_month: int
    misplacement: Misplacement
    refit_cost: Decimal | NotComputed
    contact_cost: Decimal | NotComputed
    break_even: tuple[IntervalBreakEven, ...]
    curve: CostCurve | NotComputed
    evidence: MisplacementEvidence | NotComputed = NOT_MEASURED
