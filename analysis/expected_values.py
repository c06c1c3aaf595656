"""What a mailing may bring when no input of the consultant's is sure (methods, section 4.3).

Every input is drawn from a triangle: lifts from the three guesses, the others from as much below
to as much above the one that is given. Draws are stratified, one in each of as many layers of
equal probability (McKay, Beckman & Conover 1979, Technometrics 21), so that a few thousand do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.customers import Floats
from analysis.findings import ActionInput, NotComputed, SimulatedValue, Swing

# The interval that is shown holds nine draws of ten.
TAILS = (0.05, 0.95)


@dataclass(frozen=True)
class Costs:
    """The consultant's inputs but for the lift; each a number, or an array of draws.

    Attributes:
        contact: cost of a contact, shop's currency.
        margin: share of what an order brings.
        discount: cost of a discount taken, shop's currency.
        reach: share of those contacted who read the message.
        redemption: share of those reached who take the discount.
    """

    contact: float
    margin: float
    discount: float
    reach: float
    redemption: float

    def break_even(self, basket: float) -> float:
        """Return the lift at which a contact pays for itself."""
        return (self.contact + self.discount * self.redemption * self.reach) / (
            self.reach * basket * self.margin
        )

    def value(self, lift: float, customers: int, basket: float) -> float:
        """Return what writing once to the customers brings at a lift."""
        gained = lift * basket * self.margin - self.discount * self.redemption
        return customers * (self.reach * gained - self.contact)


@dataclass(frozen=True)
class Triangle:
    """A triangular distribution: lowest, most probable and highest value."""

    low: float
    mode: float
    high: float

    def quantile(self, share: Floats) -> Floats:
        """Return the value below which a share of the probability lies."""
        width = self.high - self.low
        if not width:
            return np.full(len(share), self.mode)
        rising, falling = self.mode - self.low, self.high - self.mode
        below = self.low + np.sqrt(share * width * rising)
        above = self.high - np.sqrt((1 - share) * width * falling)
        values: Floats = np.where(share * width < rising, below, above)
        return values


# Amounts of money; the others are shares, and no share is above one.
AMOUNTS: tuple[ActionInput, ...] = ("contact", "discount")
OTHERS: tuple[ActionInput, ...] = ("contact", "margin", "discount", "reach", "redemption")


def simulate_value(
    costs: Costs,
    lifts: Triangle,
    customers: int,
    basket: float,
    *,
    spread: float,
    hours: float | NotComputed,
    draws: int,
    seed: int,
) -> tuple[SimulatedValue, float]:
    """Return what writing once to a segment may bring, and the probability that it is a gain.

    Args:
        costs: the inputs as given.
        lifts: customers more in each one reached who buy.
        customers: of the segment.
        basket: mean amount of a purchase, shop's currency; measured, and not drawn.
        spread: how far the other inputs may lie from what is given, a share of it.
        hours: of marketing work that the action takes.
        draws: how many.
        seed: of the draws; the same for every segment, so that luck ranks none of them.
    """
    triangles: dict[ActionInput, Triangle] = {
        "lift": lifts,
        **{name: _around(costs, name, spread) for name in OTHERS},
    }
    drawn = {
        name: triangle.quantile(layers)
        for (name, triangle), layers in zip(
            triangles.items(), _layers(len(triangles), draws, seed), strict=True
        )
    }
    lift = drawn.pop("lift")
    values = np.asarray(replace(costs, **drawn).value(lift, customers, basket))  # type: ignore[arg-type]
    low, median, high = (float(value) for value in np.quantile(values, (TAILS[0], 0.5, TAILS[1])))
    swings = _swings(costs, triangles, customers, basket)
    simulated = SimulatedValue(
        median=median,
        low=low,
        high=high,
        hours=hours,
        per_hour=hours if isinstance(hours, NotComputed) else median / hours,
        swings=swings,
    )
    return simulated, float((values > 0).mean())


def _around(costs: Costs, name: str, spread: float) -> Triangle:
    """Return the triangle around an input that was given."""
    value = float(getattr(costs, name))
    most = np.inf if name in AMOUNTS else 1.0
    return Triangle(value * (1 - spread), value, min(value * (1 + spread), most))


def _layers(columns: int, draws: int, seed: int) -> npt.NDArray[np.float64]:
    """Return shares of probability, one in each layer, in random order: (columns, draws)."""
    rng = np.random.default_rng(seed)
    return np.array([(rng.permutation(draws) + rng.random(draws)) / draws for _ in range(columns)])


def _swings(
    costs: Costs, triangles: dict[ActionInput, Triangle], customers: int, basket: float
) -> tuple[Swing, ...]:
    """Return what each input alone makes of the value, the others as given, the largest first."""

    def value(name: ActionInput, at: float) -> float:
        if name == "lift":
            return costs.value(at, customers, basket)
        return replace(costs, **{name: at}).value(triangles["lift"].mode, customers, basket)

    names: Sequence[ActionInput] = ("lift", *OTHERS)
    found = [
        Swing(
            name,
            low=triangles[name].low,
            high=triangles[name].high,
            value_at_low=value(name, triangles[name].low),
            value_at_high=value(name, triangles[name].high),
        )
        for name in names
        if triangles[name].high > triangles[name].low
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.value_at_high - one.value_at_low)))
