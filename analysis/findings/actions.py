"""What acting on a segment takes, may bring, and can be shown to have brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NotComputed

ActionInput = Literal["lift", "contact", "margin", "discount", "reach", "redemption"]


StakeKind = Literal["revenue_at_risk", "value_per_hour", "expected_value", "point_value"]


@dataclass(frozen=True)
class ExpectedValue:
    """What writing once to a whole segment brings at a lift, in the shop's currency."""

    lift: float
    amount: float


@dataclass(frozen=True)
class Swing:
    """What one input alone makes of an expected value, the others as given.

    `low` and `high` are the ends of what it may be; values in the shop's currency.
    """

    input: ActionInput
    low: float
    high: float
    value_at_low: float
    value_at_high: float


@dataclass(frozen=True)
class SimulatedValue:
    """What writing once to a segment may bring when every input is drawn (expected_values.py).

    In the shop's currency: the median, and the range of nine draws of ten. `per_hour` is the median
    by hour of the marketing work that it takes. `swings` stand with the input that matters most
    first.
    """

    median: float
    low: float
    high: float
    hours: float | NotComputed
    per_hour: float | NotComputed
    swings: tuple[Swing, ...]


@dataclass(frozen=True)
class HoldOut:
    """What a group left without an action shows, or must hold.

    With `customers` of the segment left out and the others `contacted`, `usual_buyers` of these buy
    again without an effect (a mean); a relative lift of the repeat rate is found from
    `detectable_lift` on. Where the held out buy as usual, `significant_buyers` of those contacted
    differ from chance. `needed` is how many must be left out to find the target lift of the repeat
    rate, `needed_for_response` of the share who answer or visit.
    """

    customers: int
    detectable_lift: float | NotComputed
    needed: int | NotComputed
    needed_for_response: int | NotComputed
    contacted: int | NotComputed = NOT_MEASURED
    usual_buyers: float | NotComputed = NOT_MEASURED
    significant_buyers: float | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class ActionPlan:
    """What acting on a segment takes, may bring, and can be shown to have brought.

    `role` and `priority` (1 first) follow actions.rank_plans; `stake` is the amount that ranks the
    segment within its role, in the shop's currency: the revenue at risk for `repair`, else the
    median value of an hour of work, else the expected value, where they are known, else
    `point_value`, what one more customer in a thousand would pay. `basket` is what a sale is valued
    at: the mean amount of a next purchase, seen in `basket_orders` of the segment and drawn towards
    that of all; where it is not known, of any purchase. Lifts of the break-even and of the expected
    values are in customers more, of those reached; `gain_share` is the probability of a gain.
    """

    role: Literal["repair", "sell", "wait", "serve", "understand"]
    priority: int
    stake: float
    stake_kind: StakeKind
    basket: float
    point_value: float
    break_even_lift: float | NotComputed
    expected_values: tuple[ExpectedValue, ...] | NotComputed
    gain_share: float | NotComputed
    hold_out: HoldOut
    simulated: SimulatedValue | NotComputed = NOT_MEASURED
    basket_orders: int | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class ActionBasis:
    """The rules that every plan is made by; see settings.Actions."""

    alpha: float
    power: float
    held_out_share: float
    target_lift: float
    plausible_lift: float
    spread: float | NotComputed = NOT_MEASURED
    draws: int | NotComputed = NOT_MEASURED
