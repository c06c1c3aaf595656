"""What is shown and said of customers: questions, windows, personas, actions, voices."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.settings.kinds import (
    Count,
    Days,
    Money,
    Months,
    Multiple,
    OpenShare,
    PositiveShare,
    Section,
    Share,
)


class Questions(Section):
    """[questions]: the client's four questions, as she asked them."""

    late_days: Days = 3
    recent_months: Months = 3
    revenue_above: int = 100_000
    new_seller_months: Months = 3
    items_above: int = 30
    reviews_above: int = 30
    worst_zips: int = 5


class Dashboard(Section):
    """[dashboard]: who is shown."""

    minimum_orders: Count = 30
    complete_share: Share = 0.95
    normal_ratio: Multiple = 2.0
    most_orders: Count = 1_200_000


class Customers(Section):
    """[customers]: who is described, over which window (methods, section 1)."""

    window_days: Days = 365
    short_window_days: Days = 180
    same_occasion_hours: Days = 24
    outcome_days: Days = 14
    fill_reviews: bool = True
    minimum_customers: Count = 500
    minimum_history_days: Days = 365
    pause_days: Days = 28
    pause_share: Share = 0.01


class Lifecycle(Section):
    """[lifecycle]: the rule on days since the last order, on top of the segments.

    The days are those of the data where enough customers come back (stage_dates.py).
    """

    active_days: Days = 90
    cooling_days: Days = 180
    from_returns: bool = True
    active_share: OpenShare = 0.5
    cooling_share: OpenShare = 0.8
    minimum_returns: Count = 200
    rounding_days: Days = 10
    cell_customers: Count = 100


class Personas(Section):
    """[personas]: the rules that name a segment from its profile."""

    spend_ratio: float = Field(default=1.4, gt=1)
    satisfied_mean: float = Field(default=4.0, ge=1, le=5)
    unhappy_low_share: Share = 0.5


class Repurchase(Section):
    """[repurchase]: who buys again, and when (methods, section 4.2)."""

    horizon_days: Days = 180
    interval_share: Share = 0.90
    ages_days: tuple[Days, ...] = Field(default=(30, 90, 180, 365), min_length=1)
    quantile_shares: tuple[Share, ...] = (0.01, 0.02, 0.05)
    count_model_share: Share = 0.15


class ActionInputs(Section):
    """What an action costs and may bring: the consultant's own inputs, none by default."""

    contact_cost: Money | None = None
    margin_share: PositiveShare | None = None
    discount: Money | None = None
    reach_share: PositiveShare | None = None
    redemption_share: Share | None = None
    lift_low: Share | None = None
    lift_central: Share | None = None
    lift_high: Share | None = None
    response_share: OpenShare | None = None
    work_hours: float | None = Field(default=None, gt=0)


PersonaName = Literal[
    "loyal",
    "satisfied_large",
    "satisfied_medium",
    "satisfied_small",
    "mixed_large",
    "mixed_medium",
    "mixed_small",
    "unhappy_large",
    "unhappy_medium",
    "unhappy_small",
    "spend_large",
    "spend_medium",
    "spend_small",
    "unclassified",
]


class Actions(ActionInputs):
    """[actions]: what they cost, and how their effect is tested (methods, sections 4.3 and 4.4).

    `by_persona` replaces single inputs for the segments of a persona.
    """

    alpha: OpenShare = 0.05
    power: OpenShare = 0.80
    held_out_share: OpenShare = 0.20
    target_lift: float = Field(default=0.5, gt=0)
    plausible_lift: float = Field(default=1.0, gt=0)
    spread: Share = 0.25
    draws: int = Field(default=4_000, ge=100)
    by_persona: dict[PersonaName, ActionInputs] = Field(default_factory=dict)


class Voices(Section):
    """[voices]: what customers write."""

    minimum_comments: Count = 100
    minimum_mentions: Count = 20
    terms: Count = 6
    quotes: Count = 3
    shortest: Count = 40
    longest: Count = 160
    prior_comments: Count = 1_000
