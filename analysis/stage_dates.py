"""Where the stages of the lifecycle end: read off how soon customers come back.

The share with a second purchase by an age (Kaplan & Meier 1958, customers who have not come back
censored at the end of the data) is divided by that at the end of the window: of those who come back
within it, a first part is back by the end of the active stage, most by the end of the cooling one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.customers import HOUR
from analysis.findings import NotComputed, ReturnDays, StageDates
from analysis.repurchase import find_occasions, first_age, return_curve, times_to_next
from analysis.settings import Settings

if TYPE_CHECKING:
    from analysis.orders import OrderFacts


def settle_stages(
    orders: OrderFacts, as_of: int, settings: Settings
) -> tuple[Settings, StageDates]:
    """Return the settings with the stages that the data give, and how they were found.

    Where the data cannot give them the settings stay as they are, and the reason is kept.

    Args:
        orders: until the moment.
        as_of: the moment that customers are described at, epoch seconds.
        settings: of this run, with its window.
    """
    wanted = settings.lifecycle
    found = find_return_days(orders, as_of, settings)
    active, cooling = wanted.active_days, wanted.cooling_days
    if not isinstance(found, NotComputed):
        active, cooling = (
            round(days / wanted.rounding_days) * wanted.rounding_days
            for days in (found.active_days, found.cooling_days)
        )
        if not 0 < active < cooling < settings.customers.window_days:
            found = NotComputed("no_variation")
            active, cooling = wanted.active_days, wanted.cooling_days
    told = StageDates(
        active_days=active,
        cooling_days=cooling,
        set_active_days=wanted.active_days,
        set_cooling_days=wanted.cooling_days,
        active_share=wanted.active_share,
        cooling_share=wanted.cooling_share,
        window_days=settings.customers.window_days,
        found=found,
    )
    lifecycle = wanted.model_copy(update={"active_days": active, "cooling_days": cooling})
    return settings.model_copy(update={"lifecycle": lifecycle}), told


def find_return_days(
    orders: OrderFacts, as_of: int, settings: Settings
) -> ReturnDays | NotComputed:
    """Return the days by which the parts of those who come back within the window are back."""
    wanted, window = settings.lifecycle, settings.customers.window_days
    if not wanted.from_returns:
        return NotComputed("not_given")
    gap = settings.customers.same_occasion_hours * HOUR
    came, censored = times_to_next(find_occasions(orders, as_of, gap), 1, None, as_of)
    returns = int((came <= window).sum())
    if returns < wanted.minimum_returns:
        return NotComputed(
            "too_few_customers", found=str(returns), expected=str(wanted.minimum_returns)
        )
    if censored.max(initial=0.0) < window:
        return NotComputed("not_observed", found=str(window))
    curve = return_curve(came, censored)
    whole = float(curve.evaluate(window))
    active, cooling = (
        first_age(curve, share * whole) for share in (wanted.active_share, wanted.cooling_share)
    )
    if active is None or cooling is None:
        return NotComputed("not_observed", found=str(window))
    return ReturnDays(active_days=active, cooling_days=cooling, returns=returns)
