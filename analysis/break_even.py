"""From which cost of a misdirected contact on an offer pays (methods, section 5).

Over the term an offer costs P + N k delta A: its price when no refit comes early, and the contacts
that its refits leave misdirected; N customers, k campaigns a month, A the months that a customer is
misplaced, delta what a misdirected contact costs, which the client knows and we do not. As long as
no model breaks: what a watch is worth when one does is not counted. Money is in the quote's
currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from analysis import findings as f
from analysis.money import CENT, Amount, in_shop_currency, round_to
from analysis.settings import Settings
from analysis.staleness import misplaced_months

NO_REFIT = f.NotComputed("no_refit_in_term")


@dataclass(frozen=True)
class Burden:
    """What an offer costs: its price, and how many contacts it leaves misdirected in the term."""

    code: Literal["nothing", "essential", "recommended", "serenity"]
    price: Decimal
    contacts: float


def misdirected_contacts(
    staleness: f.Staleness, every_months: float, settings: Settings, *, as_observed: bool = False
) -> float:
    """Return the contacts of a term that go to customers who are misplaced.

    `as_observed` counts those alone that a model misdirects up to the oldest age observed.
    """
    months = misplaced_months(
        staleness.misplacement,
        every_months,
        float(settings.contract.term_months),
        as_observed=as_observed,
    )
    return staleness.customers * settings.contract.campaigns_per_month * months


def pays_from(burden: Burden, other: Burden) -> Amount:
    """Return the cost of a contact from which on an offer costs less than another, to the cent.

    NotComputed where it leaves as many contacts misdirected.

    >>> pays_from(Burden("serenity", Decimal(90), 20), Burden("essential", Decimal(30), 50))
    Decimal('2')
    """
    spared = other.contacts - burden.contacts
    if spared <= 0:
        return NO_REFIT
    exact = (burden.price - other.price) / Decimal(repr(spared))
    return max(round_to(exact, CENT), CENT)


def cheapest_offers(burdens: Sequence[Burden], settings: Settings) -> tuple[f.CheapestOffer, ...]:
    """Return which offer costs least from which cost of a contact on, the first from nothing on."""
    return tuple(
        f.CheapestOffer(code, start, in_shop_currency(start, settings))
        for code, start in _envelope(burdens)
    )


def _envelope(
    burdens: Sequence[Burden],
) -> Iterator[tuple[Literal["nothing", "essential", "recommended", "serenity"], Decimal]]:
    """Yield the lines that lie lowest, from left to right: lower price first, then fewer contacts.

    From the offer that holds, the next is the one that crosses it first.
    """
    current = min(burdens, key=lambda burden: (burden.price, burden.contacts))
    start = Decimal(0)
    yield current.code, start
    while True:
        crossings = [
            (crossing, burden.contacts, place)
            for place, burden in enumerate(burdens)
            if not isinstance(crossing := pays_from(burden, current), f.NotComputed)
        ]
        if not crossings:
            return
        start, _contacts, place = min(crossings)
        current = burdens[place]
        yield current.code, start
