"""A price with what it may become: the least if nothing breaks, the most by the cap, the budget."""

from __future__ import annotations

from decimal import Decimal

from analysis.findings import Contingency, Findings, NotComputed, Proposal, Tier
from report.wording import Wording


def price_range(tier: Tier, currency: str, wording: Wording) -> str:
    """Return between what a price may lie, for a title; nothing where it is one or unknown."""
    bounds = _bounds(tier)
    if bounds is None or bounds[0] == bounds[1]:
        return ""
    return wording.between(*(wording.price(bound, currency) for bound in bounds))


def range_sentence(tier: Tier, currency: str, wording: Wording) -> str:
    """Return what is paid if nothing breaks, and what at most, as a part of a sentence."""
    _, bounds = wording.gettext, _bounds(tier)
    if bounds is None:
        return ""
    low, high = (wording.price(bound, currency) for bound in bounds)
    if bounds[0] == bounds[1]:
        return _("%(high)s whatever happens", high=high)
    return _("%(low)s if nothing breaks, %(high)s at most", low=low, high=high)


def price_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return the price of the recommended offer, or the days that it takes, or why neither."""
    if isinstance(proposal.tiers, NotComputed):
        return wording.not_computed(proposal.tiers)
    tier = next(tier for tier in proposal.tiers if tier.code == "recommended")
    term = wording.months(proposal.term_months)
    if isinstance(tier.total, NotComputed):
        return wording.gettext(
            "The recommended offer takes %(days)s days of work over %(term)s; its price awaits "
            "the day rate.",
            days=wording.work_days(tier.days),
            term=term,
        )
    return wording.gettext(
        "The recommended offer costs %(total)s before tax over %(term)s: %(range)s.",
        total=wording.price(tier.total, proposal.currency),
        term=term,
        range=range_sentence(tier, proposal.currency, wording),
    )


def budget_sentence(findings: Findings, wording: Wording) -> str:
    """Return which case to budget for, and what the share of terms rests on; nothing if unknown."""
    _, proposal = wording.gettext, findings.proposal
    if isinstance(proposal.tiers, NotComputed):
        return ""
    tier = next(tier for tier in proposal.tiers if tier.code == "recommended")
    if isinstance(tier.contingency, NotComputed):
        return ""
    if isinstance(tier.prudent_price, NotComputed) or isinstance(tier.total, NotComputed):
        return ""
    prudent, total = (
        wording.price(amount, proposal.currency) for amount in (tier.prudent_price, tier.total)
    )
    if tier.prudent_price <= tier.total:
        start = _("Budget for the price, %(total)s:", total=total)
    else:
        start = _("Budget for %(prudent)s, not for %(total)s:", prudent=prudent, total=total)
    return f"{start} {_what_is_enough(tier.contingency, wording)} {_rests_on(findings, wording)}"


def _what_is_enough(found: Contingency, wording: Wording) -> str:
    return wording.gettext(
        "the refits in the price are enough in %(share)s of the simulated terms.",
        share=wording.share(found.included_share),
    )


def _rests_on(findings: Findings, wording: Wording) -> str:
    """Return what the simulated terms were drawn from."""
    _, stability = wording.gettext, findings.stability
    if findings.proposal.survival == "resampled" or isinstance(stability, NotComputed):
        return _("They are drawn from the lifetimes of models on resampled customers.")
    texts = [
        _(
            "They are drawn from the highest probability of a break that the data leave open, not "
            "from breaks that were seen."
        )
    ]
    if isinstance(stability.chosen.first_alarm_days, NotComputed):
        texts.append(_("Nothing broke in what was observed."))
    return " ".join(texts)


def _bounds(tier: Tier) -> tuple[Decimal, Decimal] | None:
    if isinstance(tier.price_floor, NotComputed) or isinstance(tier.price_cap, NotComputed):
        return None
    return tier.price_floor, tier.price_cap
