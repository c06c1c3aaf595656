"""Who buys again, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NotComputed


@dataclass(frozen=True)
class Repurchase:
    """How many customers of a segment, as of an origin, bought again within the horizon.

    `observed_share` is returned over customers; `share` is drawn towards everybody's
    (repurchase.shrunk_rates), and `low` to `high` is the interval of BuyingAgain.interval_share
    around it.
    """

    customers: int
    returned: int
    observed_share: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Incidence:
    """The share of customers with a next order at an age, by Kaplan-Meier."""

    age_days: int
    share: float | NotComputed


@dataclass(frozen=True)
class TimeQuantile:
    """The days after which a share of the customers has a next order, where it was reached."""

    share: float
    days: float | NotComputed


@dataclass(frozen=True)
class NextOrder:
    """Time from the `after`-th purchase occasion to the following one, by Kaplan-Meier.

    `orders` of the `customers` had one; the others are censored at the end of the data. Of those
    who come back within `half_of_days`, half have by `half_way_days`.
    """

    after: Literal["first", "second"]
    customers: int
    orders: int
    by_age: tuple[Incidence, ...]
    quantiles: tuple[TimeQuantile, ...]
    half_of_days: int
    half_way_days: float | NotComputed


@dataclass(frozen=True)
class CountModel:
    """A BG/NBD fitted on the purchases before the origin (purchase_counts.py): the check.

    `r`, `alpha` (weeks), `a` and `b` are its parameters, fitted on `customers`; `is_inner` says
    that the likelihood has its maximum at them, and not at the edge of what was searched. It
    foretells `expected_returned` of the customers who were followed, and ranks who does with an
    area under the curve of `area`: 1 without a fault, 0.5 by chance.
    """

    customers: int
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    is_inner: bool
    expected_returned: float
    area: float


@dataclass(frozen=True)
class BuyingAgain:
    """Repeat purchase of all segments together, and why no model of purchase counts is fitted.

    Rates are measured over `horizon_days` from the origin. `prior_strength` is how many customers
    everybody's rate counts for in a segment's. `repeat_share` of all customers ever bought twice;
    below `count_model_share` a model such as BG/NBD has only the date of one order to go by. The
    check: `constant_rate_returned` customers would come back if all had bought at one constant
    rate, that of the time before the origin, against `everybody.returned` who did; `counts` is what
    such a model foretells all the same.
    """

    origin: date
    horizon_days: int
    interval_share: float
    prior_strength: float
    everybody: Repurchase
    repeat_share: float
    count_model_share: float
    constant_rate_returned: float
    counts: CountModel | NotComputed = NOT_MEASURED
