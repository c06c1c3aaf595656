"""What acting on a segment takes, may bring, and can be shown to have brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.findings.values import NotComputed


@dataclass(frozen=True)
class ExpectedValue:
    """What writing once to a whole segment brings at a lift, in the shop's currency."""

    lift: float
    amount: float


@dataclass(frozen=True)
class HoldOut:
    """What a group left without an action shows, or must hold.

    With `customers` of the segment left out, a relative lift of its repeat rate is found from
    `detectable_lift` on. `needed` is how many must be left out to find the target lift of the
    repeat rate, `needed_for_response` of the share who answer or visit.
    """

    customers: int
    detectable_lift: float | NotComputed
    needed: int | NotComputed
    needed_for_response: int | NotComputed


@dataclass(frozen=True)
class ActionPlan:
    """What acting on a segment takes, may bring, and can be shown to have brought.

    `role` and `priority` (1 first) follow actions.rank_plans; `stake` is the amount that ranks the
    segment within its role, in the shop's currency: the revenue at risk for `repair`, else the
    expected value at the central lift where it is known, else `point_value`. `basket` is the mean
    amount of a purchase; `point_value` what one more customer in a hundred would pay. Lifts of the
    break-even and of the expected values are in customers more, of those reached; `gain_share` is
    the probability that the lift exceeds the break-even.
    """

    role: Literal["repair", "sell", "wait", "serve", "understand"]
    priority: int
    stake: float
    stake_kind: Literal["revenue_at_risk", "expected_value", "point_value"]
    basket: float
    point_value: float
    break_even_lift: float | NotComputed
    expected_values: tuple[ExpectedValue, ...] | NotComputed
    gain_share: float | NotComputed
    hold_out: HoldOut


@dataclass(frozen=True)
class ActionBasis:
    """The rules of the test that every plan is made by; see settings.Actions."""

    alpha: float
    power: float
    held_out_share: float
    target_lift: float
    plausible_lift: float
