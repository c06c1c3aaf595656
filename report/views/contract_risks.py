"""Early refits: what a term may take, what of it the price covers, from when on an offer pays."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from analysis.findings import CheapestOffer, Contingency, NotComputed, Proposal, Tier
from report.views.break_evens import with_range
from report.views.contract_prices import enough_sentence, recommended_of
from report.views.contract_tables import (
    TIERS,
    amount_or_dash,
    estimate_or_dash,
    two_currencies,
)
from report.views.figures import Column, Table
from report.views.records import Absence
from report.wording import Wording, message

OFFERS = {
    "nothing": message("doing nothing"),
    "essential": message("the offer “Essential”"),
    "recommended": message("the offer “Recommended”"),
    "serenity": message("the offer “Serenity”"),
}


def risks_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return what early refits may take and cost, and from when on an offer pays."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers, quote, shop = proposal.tiers, proposal.currency, proposal.shop_currency

    def contingency(write: Callable[..., str]) -> tuple[str, ...]:
        return tuple(unless_unknown(tier.contingency, write, wording) for tier in tiers)

    def amounts(name: str, currency: str) -> tuple[str, ...]:
        return tuple(amount_or_dash(getattr(tier, name), currency, wording) for tier in tiers)

    rows = [
        (
            _("Refits in a term, mean")
            if proposal.survival == "resampled"
            else _("Refits in a term, mean at most"),
            *contingency(lambda found: wording.number(found.mean_refits, 1)),
        ),
        (
            _("Refits enough in %(quantile)s of the terms", quantile=_quantile(proposal, wording)),
            *contingency(lambda found: wording.integer(found.covered_refits)),
        ),
        (
            _("Refits provided for, early ones among them"),
            *(
                _(
                    "%(all)s, of which %(early)s",
                    all=wording.integer(len(tier.refit_months) + tier.early_refits_provided),
                    early=wording.integer(tier.early_refits_provided),
                )
                for tier in tiers
            ),
        ),
        (
            _("Share of simulated terms for which that is enough"),
            *contingency(lambda found: wording.share(found.included_share)),
        ),
        (
            _(
                "Paid at most in %(quantile)s of the terms, before tax",
                quantile=_quantile(proposal, wording),
            ),
            *(_prudent(tier, quote, wording) for tier in tiers),
        ),
        (
            _("Break-even, per misdirected contact"),
            *(_pays_from(tier, proposal, wording) for tier in tiers),
        ),
        (
            _("Break-even against the offer before it"),
            *(_estimate(tier.break_even_over, quote, wording) for tier in tiers),
        ),
    ]
    if not isinstance(proposal.exchange, NotComputed):
        rows.append((_("Total, for information"), *amounts("other_total", shop)))
    note = _(
        "Break-even: the cost of a misdirected contact from which the refits alone pay back the "
        "fixed price, against doing nothing, as long as no model breaks. Beyond the oldest age "
        "observed the share of misplaced customers is held at its last value."
    )
    if not isinstance(proposal.internal, NotComputed):
        note += " " + _(
            "The same work by the client's own team: %(days)s days, %(total)s (assumed, the "
            "client's).",
            days=wording.work_days(proposal.internal.days),
            total=wording.price(proposal.internal.total, proposal.currency),
        )
    return Table(
        caption=_("Early refits, price cap, break-even"),
        columns=(
            Column(_("Over the term"), is_number=False),
            *(Column(_(TIERS[tier.code])) for tier in tiers),
        ),
        rows=tuple(rows),
        note=note,
    )


def contingency_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return what the price of early refits rests on."""
    if isinstance(proposal.survival, NotComputed):
        return wording.not_computed(proposal.survival)
    found = next(
        (
            tier.contingency
            for tier in ([] if isinstance(proposal.tiers, NotComputed) else proposal.tiers)
            if not isinstance(tier.contingency, NotComputed)
        ),
        None,
    )
    if found is None:
        return ""
    start = (
        wording.gettext(
            "Early refits are priced over %(runs)s simulated terms, checked as often as each "
            "offer says, from the lifetimes on resampled customers.",
            runs=wording.integer(found.simulations),
        )
        if proposal.survival == "resampled"
        else wording.gettext(
            "Early refits are priced over %(runs)s simulated terms, checked as often as each "
            "offer says: what one check sees, the next must confirm. No break was seen, so the "
            "upper bound of its probability is used, at a constant risk until it is reached.",
            runs=wording.integer(found.simulations),
        )
    )
    return f"{start} {_what_is_covered(proposal, wording)}"


def worth_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return which offer costs least, by what a misdirected contact costs; nothing if unknown."""
    _, cheapest = wording.gettext, proposal.cheapest
    if isinstance(cheapest, NotComputed):
        return ""
    steps = [
        _(
            "from %(cost)s %(offer)s",
            cost=_start(entry, proposal, wording),
            offer=_(OFFERS[entry.code]),
        )
        for entry in cheapest[1:]
    ]
    first = _(OFFERS[cheapest[0].code])
    if not steps:
        return _(
            "On misdirected contacts alone, %(first)s costs least, whatever one costs: the refits "
            "of the offers spare none within the term.",
            first=first,
        )
    return _(
        "On misdirected contacts alone, %(first)s costs least as long as one costs less than "
        "%(cost)s; %(steps)s. What the checks are worth when a model breaks is not counted.",
        first=first,
        cost=_start(cheapest[1], proposal, wording),
        steps=wording.listing(steps),
    )


def _start(entry: CheapestOffer, proposal: Proposal, wording: Wording) -> str:
    """Return the cost from which on an offer costs least."""
    return two_currencies(entry.from_cost, entry.other_cost, proposal, wording)


def _prudent(tier: Tier, currency: str, wording: Wording) -> str:
    """Return what a term takes at most, which no simulation says of cycles never observed."""
    paid = amount_or_dash(tier.prudent_price, currency, wording)
    return unless_unknown(tier.contingency, lambda _found: paid, wording)


def _pays_from(tier: Tier, proposal: Proposal, wording: Wording) -> str:
    """Return the cost from which on an offer pays, against doing nothing, with its range."""
    if isinstance(tier.break_even, NotComputed):
        return _estimate(tier.break_even, proposal.currency, wording)
    pays = two_currencies(tier.break_even, tier.other_break_even, proposal, wording)
    return with_range(pays, tier, proposal.currency, wording)


def _estimate(amount: Decimal | NotComputed, currency: str, wording: Wording) -> str:
    """Return an estimated amount, or in a word why there is none."""
    if isinstance(amount, NotComputed) and amount.code == "no_refit_in_term":
        return wording.gettext("no refit spares any")
    return estimate_or_dash(amount, currency, wording)


def _what_is_covered(proposal: Proposal, wording: Wording) -> str:
    """Return how an early refit is paid, and how far those provided for go."""
    paid = wording.gettext("An early refit is paid only if it takes place, up to the price cap.")
    enough = enough_sentence(proposal, wording)
    return " ".join(filter(None, (paid, enough, _why_not_all(proposal, wording))))


def _why_not_all(proposal: Proposal, wording: Wording) -> str:
    """Return why the offer does not provide for all the refits that the simulation calls for."""
    tier = recommended_of(proposal)
    if tier is None or isinstance(tier.contingency, NotComputed):
        return ""
    found = tier.contingency
    if found.included_refits >= found.covered_refits:
        return ""
    return wording.gettext(
        "To be enough in %(quantile)s of them it would take %(all)s refits; the offer provides for "
        "%(included)s, as the probability of a break is an upper bound.",
        quantile=wording.tick_share(found.quantile),
        all=wording.integer(found.covered_refits),
        included=wording.integer(found.included_refits),
    )


def unless_unknown(
    found: Contingency | NotComputed, write: Callable[[Contingency], str], wording: Wording
) -> str:
    """Return what a term takes; of cycles that nobody observed, until when anything is known."""
    if isinstance(found, NotComputed) and found.code == "not_known_beyond":
        return wording.gettext("not known beyond %(days)s", days=wording.days(int(found.found)))
    return wording.cell(found, write)


def _quantile(proposal: Proposal, wording: Wording) -> str:
    """Return the share of the terms that the simulation was asked about."""
    tiers = () if isinstance(proposal.tiers, NotComputed) else proposal.tiers
    found = (tier.contingency for tier in tiers if not isinstance(tier.contingency, NotComputed))
    return next((wording.tick_share(each.quantile) for each in found), "–")
