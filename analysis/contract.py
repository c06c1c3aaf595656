"""The maintenance contract: days times rate in three tiers, in Decimal, rounded once a line.

Every quantity is the consultant's, from playbook.toml. Without a day rate the days stand and the
amounts are NotComputed: nothing can be quoted by accident.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from analysis.findings import ContractLine, NotComputed, Proposal, Refresh, Tier
from analysis.settings import Contract, Settings, TierInput

QUARTER_DAY = Decimal("0.25")
CENT = Decimal("0.01")
TAX_RATES = {
    "none": Decimal(0),
    "france": Decimal("0.20"),
    "eu_reverse_charge": Decimal(0),
    "outside_eu": Decimal(0),
}
YEARLY = 12
SHORTEST_SERENITY = 3


def price_contract(refresh: Refresh | NotComputed, settings: Settings) -> Proposal:
    """Return the proposal: three tiers when there is an interval to sell, else why not."""
    contract = settings.contract
    months = refresh.months if isinstance(refresh, Refresh) else refresh
    tiers: tuple[Tier, ...] | NotComputed
    if isinstance(months, NotComputed):
        tiers = NotComputed("depends_on", found="refresh")
    else:
        serenity = months if months <= SHORTEST_SERENITY else max(SHORTEST_SERENITY, months // 2)
        tiers = (
            _tier("essential", max(YEARLY, months), months, contract.essential, contract),
            _tier("recommended", months, months, contract.recommended, contract),
            _tier("serenity", serenity, months, contract.serenity, contract),
        )
    return Proposal(
        client=settings.client.name,
        consultant=settings.consultant.name,
        currency=contract.currency,
        term_months=contract.term_months,
        day_rate=_rate(contract),
        tax_mode=contract.tax_mode,
        tax_rate=TAX_RATES[contract.tax_mode],
        validity_days=contract.validity_days,
        tiers=tiers,
    )


def planned_refits(term_months: int, every_months: int) -> int:
    """Return the refits that fall within the term; the first model is the initial delivery.

    >>> planned_refits(12, 6), planned_refits(12, 12), planned_refits(12, 5)
    (1, 0, 2)
    """
    return max(0, ceil(term_months / every_months) - 1)


def _tier(code: str, every: int, proven: int, inputs: TierInput, contract: Contract) -> Tier:
    """Return one tier: its lines, and totals that add the printed lines."""
    quantities = (
        ("onboarding", 1, contract.onboarding_days),
        ("refit", planned_refits(contract.term_months, every), contract.refit_days),
        ("early_refit", inputs.early_refits, contract.refit_days),
        ("monitoring", inputs.monitoring_visits, contract.monitoring_days),
        ("review", inputs.reviews, contract.review_days),
    )
    rate = _rate(contract)
    lines = [_line(name, count, days, rate) for name, count, days in quantities if count]
    if contract.infrastructure_per_month:
        lines.append(_infrastructure(contract))
    total = _sum([line.amount for line in lines])
    tax = total if isinstance(total, NotComputed) else _round(total * TAX_RATES[contract.tax_mode])
    return Tier(
        code=code,  # type: ignore[arg-type]  # the callers pass the three literals
        refit_every_months=every,
        beyond_observed=every > proven,
        rescoring=inputs.rescoring,
        response_working_days=inputs.response_working_days,
        early_refits_included=inputs.early_refits,
        lines=tuple(lines),
        days=sum((line.days for line in lines), Decimal(0)),
        total=total,
        tax=tax,
        total_with_tax=_sum([total, tax]),
    )


def _line(
    code: str, quantity: int, days_each: Decimal, rate: Decimal | NotComputed
) -> ContractLine:
    """Return a line of work: its days rounded up to a quarter, its amount rounded once."""
    exact = quantity * days_each
    days = (exact / QUARTER_DAY).to_integral_value(rounding="ROUND_CEILING") * QUARTER_DAY
    return ContractLine(
        code=code,  # type: ignore[arg-type]  # the codes stand in the table of _tier
        quantity=quantity,
        days_each=days_each,
        days=days,
        amount=rate if isinstance(rate, NotComputed) else _round(days * rate),
    )


def _infrastructure(contract: Contract) -> ContractLine:
    """Return the line of the running costs, which are no days of work."""
    return ContractLine(
        code="infrastructure",
        quantity=contract.term_months,
        days_each=Decimal(0),
        days=Decimal(0),
        amount=_round(contract.infrastructure_per_month * contract.term_months),
    )


def _rate(contract: Contract) -> Decimal | NotComputed:
    """Return the day rate, or why there is none."""
    return NotComputed("no_day_rate") if contract.day_rate is None else contract.day_rate


def _sum(amounts: list[Decimal | NotComputed]) -> Decimal | NotComputed:
    """Return the sum, or the first reason why it cannot be made."""
    total = Decimal(0)
    for amount in amounts:
        if isinstance(amount, NotComputed):
            return amount
        total += amount
    return total


def _round(amount: Decimal) -> Decimal:
    """Round to the cent, halves up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
