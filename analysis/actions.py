"""What acting on each segment takes, may bring, and can be shown to have brought.

Methods, sections 4.3 and 4.4. With n customers, a share reach of whom read the message, u more
customers in each one reached who buy, a basket B, a margin g, a discount d taken by a share r of
those reached and a cost c of a contact, writing once to a segment brings

    n (reach (u B g - d r) - c)            and breaks even at u = (c + d r reach) / (reach B g).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from analysis.expected_values import Costs, Triangle, simulate_value
from analysis.experiments import (
    LOYAL,
    UNHAPPY,
    detectable_lift,
    holdout_needed,
    is_tested,
    significant_lift,
)
from analysis.findings import (
    ActionBasis,
    ActionPlan,
    ExpectedValue,
    HoldOut,
    NotComputed,
    Profile,
    Repurchase,
    SimulatedValue,
    StakeKind,
)
from analysis.next_baskets import NextBasket
from analysis.settings import ActionInputs, Actions

Role = Literal["repair", "sell", "wait", "serve", "understand"]
ROLES: tuple[Role, ...] = ("repair", "sell", "wait", "serve", "understand")
COSTS = ("contact_cost", "margin_share", "discount", "reach_share", "redemption_share")
LIFTS = ("lift_low", "lift_central", "lift_high")
STAKES: tuple[StakeKind, ...] = (
    "revenue_at_risk",
    "value_per_hour",
    "expected_value",
    "point_value",
)
# One customer more in a thousand: of repeat rates of a few in a hundred, more would be a doubling.
ONE_MORE = 0.001
_NONE = NotComputed("nobody_left_out")
NOBODY_LEFT_OUT = HoldOut(
    customers=0,
    contacted=_NONE,
    usual_buyers=_NONE,
    significant_buyers=_NONE,
    detectable_lift=_NONE,
    needed=_NONE,
    needed_for_response=_NONE,
)


def plan_actions(
    profiles: Sequence[Profile],
    personas: Sequence[str],
    rates: Sequence[Repurchase | NotComputed],
    baskets: Sequence[NextBasket | NotComputed],
    left_out: Sequence[int],
    wanted: Actions,
    seed: int,
) -> tuple[ActionPlan, ...]:
    """Return the plan of each segment, in the order given, ranked against each other.

    `left_out` are how many customers of each the file says to leave out. A sale is valued at what a
    next purchase costs, where that is known, else at the mean purchase.
    """
    return rank_plans(
        [
            _plan(profile, persona, rate, basket, apart, wanted, seed)
            for profile, persona, rate, basket, apart in zip(
                profiles, personas, rates, baskets, left_out, strict=True
            )
        ]
    )


def describe_basis(wanted: Actions) -> ActionBasis:
    """Return the rules that the plans are made by."""
    return ActionBasis(
        alpha=wanted.alpha,
        power=wanted.power,
        held_out_share=wanted.held_out_share,
        target_lift=wanted.target_lift,
        plausible_lift=wanted.plausible_lift,
        spread=wanted.spread,
        draws=wanted.draws,
    )


def inputs_of(persona: str, wanted: Actions) -> ActionInputs:
    """Return the inputs for a persona: its own where given, else those for all."""
    own = next((part for name, part in wanted.by_persona.items() if name == persona), None)
    given = own.model_dump(exclude_none=True) if own else {}
    common = {name: getattr(wanted, name) for name in ActionInputs.model_fields}
    return ActionInputs.model_validate(common | given)


def role_of(
    persona: str,
    break_even: float | NotComputed,
    most: float | NotComputed,
    expected: float | NotComputed,
) -> Role:
    """Return what a segment is for: first what its name says, then whether a campaign can pay.

    Unhappy customers are repaired before anything is sold to them; the loyal are served; a segment
    without a name must be understood. The others are sold to, unless the break-even asks for more
    than `most`, the largest lift that is plausible, or a loss is expected.
    """
    if persona.startswith(UNHAPPY):
        return "repair"
    if persona in (LOYAL, "unclassified"):
        return "serve" if persona == LOYAL else "understand"
    if not isinstance(expected, NotComputed) and expected < 0:
        return "wait"
    if isinstance(break_even, NotComputed) or isinstance(most, NotComputed):
        return "sell"
    return "wait" if break_even > most else "sell"


def rank_plans(plans: Sequence[ActionPlan]) -> tuple[ActionPlan, ...]:
    """Number the plans: by role in the order of ROLES, within a role by the stake, highest first.

    Roles are the guardrail: nothing is sold to the unhappy before what they met is repaired. What
    an hour of work brings stands before what a mailing does, and that before stakes that no input
    of the consultant's went into.
    """
    order = sorted(
        range(len(plans)),
        key=lambda place: (
            ROLES.index(plans[place].role),
            STAKES.index(plans[place].stake_kind),
            -plans[place].stake,
        ),
    )
    return tuple(replace(plan, priority=order.index(place) + 1) for place, plan in enumerate(plans))


def _plan(
    profile: Profile,
    persona: str,
    rate: Repurchase | NotComputed,
    following: NextBasket | NotComputed,
    left_out: int,
    wanted: Actions,
    seed: int,
) -> ActionPlan:
    """Return the plan of a segment, not yet ranked."""
    basket, seen = (
        (following.amount, following.orders)
        if isinstance(following, NextBasket)
        else (profile.spend.mean / profile.occasions_mean, following)
    )
    inputs = inputs_of(persona, wanted)
    costs = _costs(inputs)
    found = _break_even(costs, inputs, basket)
    most = rate if isinstance(rate, NotComputed) else rate.share * wanted.plausible_lift
    values = _expected_values(costs, inputs, profile.customers, basket)
    simulated, gain_share = _simulated(costs, inputs, profile.customers, basket, wanted, seed)
    expected = values if isinstance(values, NotComputed) else values[-1].amount
    if not isinstance(simulated, NotComputed):
        expected = simulated.median
    role = role_of(persona, found, most, expected)
    point_value = profile.customers * ONE_MORE * basket
    stake, kind = _stake(role, profile.revenue_cents / 100, point_value, expected, simulated)
    return ActionPlan(
        role=role,
        priority=0,
        stake=stake,
        stake_kind=kind,
        basket=basket,
        point_value=point_value,
        break_even_lift=found,
        expected_values=values,
        gain_share=gain_share,
        hold_out=_hold_out(profile.customers, left_out, rate, inputs, wanted)
        if is_tested(persona)
        else NOBODY_LEFT_OUT,
        simulated=simulated,
        basket_orders=seen,
    )


def _stake(
    role: Role,
    revenue: float,
    point_value: float,
    expected: float | NotComputed,
    simulated: SimulatedValue | NotComputed,
) -> tuple[float, StakeKind]:
    """Return the amount that ranks a segment within its role, and what it is."""
    if role == "repair":
        return revenue, "revenue_at_risk"
    if isinstance(expected, NotComputed):
        return point_value, "point_value"
    if isinstance(simulated, NotComputed) or isinstance(simulated.per_hour, NotComputed):
        return expected, "expected_value"
    return simulated.per_hour, "value_per_hour"


def _hold_out(
    customers: int,
    left_out: int,
    rate: Repurchase | NotComputed,
    inputs: ActionInputs,
    wanted: Actions,
) -> HoldOut:
    """Return what a hold-out group of the segment can show, and what it would take."""

    def needed(base: float) -> int | NotComputed:
        return holdout_needed(base, wanted.target_lift, customers, wanted.alpha, wanted.power)

    response = inputs.response_share
    lift: float | NotComputed
    usual: float | NotComputed
    significant: float | NotComputed
    if isinstance(rate, NotComputed):
        lift = usual = significant = rate
    else:
        lift = detectable_lift(rate.share, customers, left_out, wanted.alpha, wanted.power)
        usual = (customers - left_out) * rate.share
        rise = significant_lift(rate.share, customers, left_out, wanted.alpha)
        significant = rise if isinstance(rise, NotComputed) else usual * (1 + rise)
    return HoldOut(
        customers=left_out,
        contacted=customers - left_out,
        usual_buyers=usual,
        significant_buyers=significant,
        detectable_lift=lift,
        needed=rate if isinstance(rate, NotComputed) else needed(rate.share),
        needed_for_response=_missing(inputs, ("response_share",))
        if response is None
        else needed(response),
    )


def _costs(inputs: ActionInputs) -> Costs | None:
    """Return the costs where all are given."""
    contact, margin, discount = inputs.contact_cost, inputs.margin_share, inputs.discount
    reach, redemption = inputs.reach_share, inputs.redemption_share
    if contact is None or margin is None or discount is None:
        return None
    if reach is None or redemption is None:
        return None
    return Costs(float(contact), margin, float(discount), reach, redemption)


def _missing(inputs: ActionInputs, names: Sequence[str]) -> NotComputed:
    """Return that inputs are missing, and which."""
    missing = [name for name in names if getattr(inputs, name) is None]
    return NotComputed("no_action_inputs", expected=", ".join(missing))


def _break_even(costs: Costs | None, inputs: ActionInputs, basket: float) -> float | NotComputed:
    """Return the lift at which a contact pays, where the inputs are given and somebody pays."""
    if costs is None:
        return _missing(inputs, COSTS)
    return costs.break_even(basket) if basket > 0 else NotComputed("no_rows")


def _expected_values(
    costs: Costs | None, inputs: ActionInputs, customers: int, basket: float
) -> tuple[ExpectedValue, ...] | NotComputed:
    """Return the value without any lift, at the cautious and at the central one."""
    low, central = inputs.lift_low, inputs.lift_central
    if costs is None or low is None or central is None:
        return _missing(inputs, (*COSTS, *LIFTS[:2]))
    return tuple(
        ExpectedValue(lift, costs.value(lift, customers, basket)) for lift in (0.0, low, central)
    )


def _simulated(
    costs: Costs | None,
    inputs: ActionInputs,
    customers: int,
    basket: float,
    wanted: Actions,
    seed: int,
) -> tuple[SimulatedValue | NotComputed, float | NotComputed]:
    """Return what the inputs may bring, and the probability of a gain, where all are given."""
    low, central, high = inputs.lift_low, inputs.lift_central, inputs.lift_high
    if costs is None or low is None or central is None or high is None:
        missing = _missing(inputs, (*COSTS, *LIFTS))
        return missing, missing
    return simulate_value(
        costs,
        Triangle(low, central, high),
        customers,
        basket,
        spread=wanted.spread,
        hours=_missing(inputs, ("work_hours",)) if inputs.work_hours is None else inputs.work_hours,
        draws=wanted.draws,
        seed=seed,
    )
