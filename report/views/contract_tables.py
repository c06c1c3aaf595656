"""The tables of the contract: parties, calendar, service levels, early refits, sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from analysis.findings import NotComputed, Proposal, SensitivityRow, Tier
from report.views.figures import Column, Table
from report.views.records import Absence
from report.wording import BLANK, Wording, message

IDENTITY = {
    "name": message("Name"),
    "legal_form": message("Legal form"),
    "address": message("Address"),
    "city": message("City"),
    "registration": message("Registration number"),
    "vat_number": message("VAT number"),
    "signatory": message("Signatory"),
    "email": message("E-mail"),
}
SEVERITIES = {
    "blocking": message("Blocking"),
    "major": message("Major"),
    "minor": message("Minor"),
}
CHANGES = {
    "as_offered": message("As offered"),
    "day_rate": message("Day rate"),
    "refit_days": message("Days of a refit"),
    "interval": message("Interval between refits"),
    "curve": message("How long models last"),
    "campaigns": message("Campaigns a month"),
    "exchange_rate": message("Rate of exchange"),
}
CURVES = {
    "lower": message("prudent (priced)"),
    "central": message("middle"),
    "upper": message("never break"),
}
LISTED = 6


def parties_table(proposal: Proposal, wording: Wording) -> Table:
    """Return who signs; what was not given is a blank to fill."""
    _ = wording.gettext
    return Table(
        caption=_("The parties"),
        columns=(
            Column(_("Party"), is_number=False),
            Column(_("Client"), is_number=False),
            Column(_("Consultant"), is_number=False),
        ),
        rows=tuple(
            (
                _(name),
                getattr(proposal.client_identity, key) or BLANK,
                getattr(proposal.consultant_identity, key) or BLANK,
            )
            for key, name in IDENTITY.items()
        ),
    )


def calendar_table(
    proposal: Proposal, names: Mapping[str, str], wording: Wording
) -> Table | Absence:
    """Return the dates of refits, reviews and checks, offer by offer."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers = proposal.tiers

    def dates(days: tuple[date, ...]) -> str:
        listed = wording.listing(wording.short_date(day) for day in days[:LISTED])
        return f"{listed}…" if len(days) > LISTED else listed or "–"

    return Table(
        caption=_(
            "Refresh calendar, from %(start)s to %(end)s",
            start=wording.date(proposal.starts_on),
            end=wording.date(proposal.ends_on),
        ),
        columns=(
            Column(_("What is planned"), is_number=False),
            *(Column(_(names[tier.code]), is_number=False) for tier in tiers),
        ),
        rows=(
            (
                _("Customers scored again"),
                *(
                    _("every week") if tier.rescoring == "weekly" else wording.every_months(1)
                    for tier in tiers
                ),
            ),
            (
                _("Checks over the term"),
                *(_checks(tier, wording) for tier in tiers),
            ),
            (_("Reviews with the teams"), *(dates(tier.review_dates) for tier in tiers)),
            (_("Refits"), *(dates(tier.refit_dates) for tier in tiers)),
        ),
        note=_("An early refit moves the dates after it by the same time."),
    )


def service_table(
    proposal: Proposal, names: Mapping[str, str], wording: Wording
) -> Table | Absence:
    """Return the working days until a fault is answered, by severity."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    return Table(
        caption=_("Response by severity, in working days"),
        columns=(
            Column(_("Severity"), is_number=False),
            *(Column(_(names[tier.code])) for tier in proposal.tiers),
        ),
        rows=tuple(
            (_(name), *(wording.integer(getattr(tier.delays, key)) for tier in proposal.tiers))
            for key, name in SEVERITIES.items()
        ),
    )


def risks_table(proposal: Proposal, names: Mapping[str, str], wording: Wording) -> Table | Absence:
    """Return what early refits may take and cost, and from when on an offer pays."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers, shop = proposal.tiers, proposal.shop_currency

    def contingency(write: Callable[..., str]) -> tuple[str, ...]:
        return tuple(wording.cell(tier.contingency, write) for tier in tiers)

    def amounts(name: str, currency: str) -> tuple[str, ...]:
        return tuple(_amount(getattr(tier, name), currency, wording) for tier in tiers)

    rows = [
        (
            _("Refits in a term, mean"),
            *contingency(lambda found: wording.number(found.mean_refits, 1)),
        ),
        (
            _("Refits that a fixed price must cover"),
            *contingency(lambda found: wording.integer(found.covered_refits)),
        ),
        (
            _("Early refits included"),
            *(wording.integer(tier.early_refits_included) for tier in tiers),
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
            *(Column(_(names[tier.code])) for tier in tiers),
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
    values = {
        "runs": wording.integer(found.simulations),
        "quantile": wording.tick_share(found.quantile),
    }
    if proposal.survival == "resampled":
        return wording.gettext(
            "Early refits are priced over %(runs)s simulated terms, from the lifetimes on "
            "resampled customers: a fixed price covers %(quantile)s of the terms.",
            **values,
        )
    return wording.gettext(
        "Early refits are priced over %(runs)s simulated terms. No break was seen, so the upper "
        "bound of its probability is used, spread evenly over the ages observed: a fixed price "
        "covers %(quantile)s of the terms.",
        **values,
    )


def sensitivity_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return the recommended offer priced again with one input changed."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    if isinstance(proposal.day_rate, NotComputed):
        return Absence(wording.not_computed(proposal.day_rate))
    return Table(
        caption=_("The recommended offer if an input were another"),
        columns=(
            Column(_("Input"), is_number=False),
            Column(_("Value")),
            Column(_("Price before tax")),
            Column(_("Pays from, a misdirected contact")),
        ),
        rows=tuple(
            (
                _(CHANGES[row.code]),
                _changed(row, proposal, wording),
                _amount(row.price, proposal.currency, wording),
                _amount(row.break_even, proposal.shop_currency, wording),
            )
            for row in proposal.sensitivity
            if row.code == "as_offered" or not _is_offered(row, proposal)
        ),
    )


def _is_offered(row: SensitivityRow, proposal: Proposal) -> bool:
    """Return whether a row says nothing but the offer again."""
    offered = proposal.sensitivity[0]
    same = (row.price, row.other_price, row.break_even)
    return same == (offered.price, offered.other_price, offered.break_even)


def _changed(row: SensitivityRow, proposal: Proposal, wording: Wording) -> str:
    """Return an input as it was changed, in its unit."""
    if row.code == "as_offered":
        return "–"
    if row.code == "curve":
        return wording.gettext(CURVES[row.value])
    value = Decimal(row.value)
    if row.code == "day_rate":
        return wording.price(value, proposal.currency)
    if row.code == "exchange_rate":
        return wording.money(value, proposal.shop_currency, 2)
    if row.code == "interval":
        return wording.months(int(value))
    return wording.work_days(value)


def _checks(tier: Tier, wording: Wording) -> str:
    return wording.integer(sum(line.quantity for line in tier.lines if line.code == "monitoring"))


def _amount(amount: Decimal | NotComputed, currency: str, wording: Wording) -> str:
    """Return an amount; a blank where the rate is missing, a dash where there is none."""
    if isinstance(amount, NotComputed):
        return BLANK if amount.code == "no_day_rate" else "–"
    return wording.price(amount, currency)
