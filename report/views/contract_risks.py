"""Early refits: what a term may take, what of it the price covers, from when on an offer pays."""

from __future__ import annotations

from collections.abc import Callable

from analysis.findings import Contingency, NotComputed, Proposal
from report.views.contract_tables import TIERS, amount_or_dash
from report.views.figures import Column, Table
from report.views.records import Absence
from report.wording import Wording


def risks_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return what early refits may take and cost, and from when on an offer pays."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers, shop = proposal.tiers, proposal.shop_currency

    def contingency(write: Callable[..., str]) -> tuple[str, ...]:
        return tuple(unless_unknown(tier.contingency, write, wording) for tier in tiers)

    def amounts(name: str, currency: str) -> tuple[str, ...]:
        return tuple(amount_or_dash(getattr(tier, name), currency, wording) for tier in tiers)

    rows = [
        (
            _("Refits in a term, mean"),
            *contingency(lambda found: wording.number(found.mean_refits, 1)),
        ),
        (
            _("Refits enough in %(quantile)s of the terms", quantile=_quantile(proposal, wording)),
            *contingency(lambda found: wording.integer(found.covered_refits)),
        ),
        (
            _("Refits in the price, early ones among them"),
            *(
                _(
                    "%(all)s, of which %(early)s",
                    all=wording.integer(len(tier.refit_dates) + tier.early_refits_included),
                    early=wording.integer(tier.early_refits_included),
                )
                for tier in tiers
            ),
        ),
        (
            _("Share of simulated terms for which that is enough"),
            *contingency(lambda found: wording.share(found.included_share)),
        ),
        (_("Price cap, before tax"), *amounts("price_cap", proposal.currency)),
        (_("Pays from, a misdirected contact"), *amounts("break_even", shop)),
    ]
    if proposal.currency != shop:
        rows.append((_("Total, for information"), *amounts("other_total", shop)))
    note = ""
    if not isinstance(proposal.internal, NotComputed):
        note = _(
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
            "Early refits are priced over %(runs)s simulated terms, from the lifetimes on "
            "resampled customers.",
            runs=wording.integer(found.simulations),
        )
        if proposal.survival == "resampled"
        else wording.gettext(
            "Early refits are priced over %(runs)s simulated terms. No break was seen, so the "
            "upper bound of its probability is used, at a constant risk: a model still sound is "
            "as likely to break at one check as at any other, until the bound is reached.",
            runs=wording.integer(found.simulations),
        )
    )
    return f"{start} {_what_is_covered(proposal, wording)}"


def _what_is_covered(proposal: Proposal, wording: Wording) -> str:
    """Return how far the price of the recommended offer goes, and where the cap takes over."""
    tiers = () if isinstance(proposal.tiers, NotComputed) else proposal.tiers
    shares = [
        tier.contingency.included_share
        for tier in tiers
        if tier.code == "recommended" and not isinstance(tier.contingency, NotComputed)
    ]
    covered = wording.gettext(
        "A price covers the refits that it includes; any other is charged at the day rate, up to "
        "the price cap."
    )
    if not shares:
        return covered
    enough = wording.gettext(
        "In the recommended offer those included are enough in %(share)s of the simulated terms.",
        share=wording.share(shares[0]),
    )
    return f"{covered} {enough}"


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
