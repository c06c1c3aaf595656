"""The price in words: what is fixed, what an early refit adds, the cap, what to decide."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings import Findings, NotComputed, Proposal, Tier
from report.wording import BLANK, Wording, message

# By what the lifetimes are drawn from: at the bound of a break a mean is the most there may be.
REFITS = {
    "resampled": message(
        "In the simulated contracts a model is refitted %(mean)s times on average; the refits "
        "provided for (%(all)s, %(early)s) are enough in %(share)s of them."
    ),
    "bound": message(
        "In the simulated contracts a model is refitted at most %(mean)s times on average; the "
        "refits provided for (%(all)s, %(early)s) are enough in %(share)s of them."
    ),
}


@dataclass(frozen=True)
class _Prices:
    """The three prices of an offer, written; `is_open` when an early refit may be charged."""

    fixed: str
    each: str
    cap: str
    is_open: bool


def _prices(tier: Tier, currency: str, wording: Wording) -> _Prices | None:
    """Return the prices of an offer, None where the day rate is not given."""
    fixed, each, cap = tier.price_floor, tier.early_refit_price, tier.price_cap
    if isinstance(fixed, NotComputed) or isinstance(cap, NotComputed):
        return None
    return _Prices(
        fixed=wording.price(fixed, currency),
        each=BLANK if isinstance(each, NotComputed) else wording.price(each, currency),
        cap=wording.price(cap, currency),
        is_open=fixed != cap,
    )


def recommended_of(proposal: Proposal) -> Tier | None:
    """Return the recommended offer, None where there are no offers."""
    tiers = () if isinstance(proposal.tiers, NotComputed) else proposal.tiers
    return next((tier for tier in tiers if tier.code == "recommended"), None)


def infrastructure_price(proposal: Proposal, wording: Wording) -> str:
    """Return what the infrastructure takes of the fixed price of an offer; nothing if unknown."""
    tier = recommended_of(proposal)
    amounts = [line.amount for line in tier.lines if line.code == "infrastructure"] if tier else []
    if not amounts or isinstance(amounts[0], NotComputed):
        return ""
    return wording.price(amounts[0], proposal.currency)


def range_sentence(tier: Tier, currency: str, wording: Wording) -> str:
    """Return what may come on top of the fixed price, and what is paid at most."""
    _, prices = wording.gettext, _prices(tier, currency, wording)
    if prices is None:
        return ""
    if not prices.is_open:
        return _("fixed price, whatever happens")
    return _(
        "fixed price; each early refit %(each)s, only if it takes place; %(cap)s at most",
        each=prices.each,
        cap=prices.cap,
    )


def short_range(tier: Tier, currency: str, wording: Wording) -> str:
    """Return the same for a card: that the price is fixed, and what is paid at most."""
    _, prices = wording.gettext, _prices(tier, currency, wording)
    if prices is None:
        return ""
    if not prices.is_open:
        return _("fixed price, whatever happens")
    return _("fixed price; %(cap)s at most with early refits", cap=prices.cap)


def price_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return the price of the recommended offer, or the days that it takes, or why neither."""
    if isinstance(proposal.tiers, NotComputed):
        return wording.not_computed(proposal.tiers)
    _, term = wording.gettext, wording.months(proposal.term_months)
    tier = next(tier for tier in proposal.tiers if tier.code == "recommended")
    prices = _prices(tier, proposal.currency, wording)
    if prices is None:
        return _(
            "The recommended offer takes %(days)s days of work over %(term)s; its price awaits "
            "the day rate.",
            days=wording.work_days(tier.fixed_days),
            term=term,
        )
    if not prices.is_open:
        return _(
            "The recommended offer costs %(fixed)s before tax over %(term)s, a fixed price.",
            fixed=prices.fixed,
            term=term,
        )
    return _(
        "The recommended offer costs %(fixed)s before tax over %(term)s, a fixed price; each early "
        "refit adds %(each)s, only if it takes place, up to %(cap)s in all.",
        fixed=prices.fixed,
        term=term,
        each=prices.each,
        cap=prices.cap,
    )


def commitment(proposal: Proposal, wording: Wording) -> str:
    """Return what is to be committed and reserved, without a full stop; nothing if unpriced."""
    tier = recommended_of(proposal)
    prices = None if tier is None else _prices(tier, proposal.currency, wording)
    if prices is None:
        return ""
    if not prices.is_open:
        return wording.gettext("commit %(fixed)s before tax", fixed=prices.fixed)
    return wording.gettext(
        "commit %(fixed)s before tax, and reserve up to %(cap)s",
        fixed=prices.fixed,
        cap=prices.cap,
    )


def enough_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return how many refits a term takes on average, and how often those provided for do."""
    tier = recommended_of(proposal)
    if tier is None or isinstance(tier.contingency, NotComputed):
        return ""
    found = tier.contingency
    drawn = "resampled" if proposal.survival == "resampled" else "bound"
    return wording.gettext(
        REFITS[drawn],
        mean=wording.number(found.mean_refits, 1),
        all=wording.integer(found.included_refits),
        early=wording.ngettext(
            "of which %(number)s early",
            "of which %(number)s early",
            found.included_refits - len(tier.refit_months),
        ),
        share=wording.share(found.included_share),
    )


def budget_sentence(findings: Findings, wording: Wording) -> str:
    """Return what to commit and to reserve, and what that rests on; nothing if unknown."""
    asked = commitment(findings.proposal, wording)
    enough = enough_sentence(findings.proposal, wording)
    if not asked or not enough:
        return ""
    start = wording.gettext("Decision asked: %(asked)s.", asked=asked)
    return f"{start} {enough} {_rests_on(findings, wording)}"


def break_note(findings: Findings, wording: Wording) -> str:
    """Return how the probability of an early refit and the bound on a break go together."""
    tier, stability = recommended_of(findings.proposal), findings.stability
    if findings.proposal.survival != "bound" or isinstance(stability, NotComputed):
        return ""
    bound = stability.chosen.break_probability_bound
    if tier is None or isinstance(tier.contingency, NotComputed) or isinstance(bound, NotComputed):
        return ""
    return wording.gettext(
        "A break that is confirmed before the planned refit, at %(interval)s: %(early)s at most.",
        early=wording.share(tier.contingency.early_share),
        interval=wording.months(tier.refit_every_months),
    )


def _rests_on(findings: Findings, wording: Wording) -> str:
    """Return what the simulated terms were drawn from."""
    _, stability = wording.gettext, findings.stability
    if findings.proposal.survival == "resampled" or isinstance(stability, NotComputed):
        return _("The simulation takes the lifetimes of models on resampled customers.")
    return _(
        "The simulation takes the highest probability of a break that the data leave open, not "
        "breaks that were seen."
    )
