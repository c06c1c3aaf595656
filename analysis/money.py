"""Money of the contract: exact decimals, two currencies, one rate that somebody gave."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from analysis.findings import ExchangeRate, NotComputed
from analysis.settings import Settings

CENT = Decimal("0.01")
QUARTER_DAY = Decimal("0.25")

Amount = Decimal | NotComputed


def round_to(amount: Decimal, step: Decimal) -> Decimal:
    """Return the nearest multiple of a step, halves up.

    >>> round_to(Decimal("1235"), Decimal("10")), round_to(Decimal("0.125"), CENT)
    (Decimal('1240'), Decimal('0.13'))
    """
    return (amount / step).to_integral_value(rounding=ROUND_HALF_UP) * step


def quarters_of_days(days: Decimal) -> Decimal:
    """Return days of work, rounded up to a quarter.

    >>> quarters_of_days(Decimal("1.01"))
    Decimal('1.25')
    """
    return (days / QUARTER_DAY).to_integral_value(rounding=ROUND_CEILING) * QUARTER_DAY


def add(amounts: list[Amount]) -> Amount:
    """Return the sum, or the first reason why it cannot be made."""
    total = Decimal(0)
    for amount in amounts:
        if isinstance(amount, NotComputed):
            return amount
        total += amount
    return total


def exchange_of(settings: Settings) -> ExchangeRate | NotComputed:
    """Return the rate from the quote's currency to the shop's; none is needed within one."""
    quote, shop = settings.contract.currency, settings.client.currency
    given = settings.contract.exchange
    if given.rate is None or given.quoted_on is None or quote == shop:
        return NotComputed("no_exchange_rate", found=quote, expected=shop)
    return ExchangeRate(given.rate, given.quoted_on, given.source)


def in_shop_currency(amount: Amount, settings: Settings) -> Amount:
    """Return an amount of the quote in the shop's currency, to the cent; never without a rate."""
    if isinstance(amount, NotComputed) or settings.contract.currency == settings.client.currency:
        return amount
    exchange = exchange_of(settings)
    if isinstance(exchange, NotComputed):
        return exchange
    return round_to(amount * exchange.rate, CENT)


def refit_cost(settings: Settings) -> Amount:
    """Return what one refit costs, in the quote's currency."""
    contract = settings.contract
    if contract.day_rate is None:
        return NotComputed("no_day_rate")
    days = quarters_of_days(contract.refit_days)
    return round_to(days * contract.day_rate, contract.line_rounding)
