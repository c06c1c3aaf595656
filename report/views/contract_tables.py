"""The tables of the contract: parties, calendar, service levels, sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from analysis.findings import NotComputed, Proposal, SensitivityRow, Tier
from report.views.contract_dates import calendar_note, contract_span, visits
from report.views.figures import Column, Table
from report.views.records import Absence
from report.wording import BLANK, Wording, message

TIERS = {
    "essential": message("Essential"),
    "recommended": message("Recommended"),
    "serenity": message("Serenity"),
}
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


def blank_parties(proposal: Proposal, wording: Wording) -> Iterator[str]:
    """Yield what is not known of each party and is to be filled in."""
    _ = wording.gettext
    parties = (
        (_("Client"), proposal.client_identity),
        (_("Consultant"), proposal.consultant_identity),
    )
    for party, identity in parties:
        blanks = [_(name) for key, name in IDENTITY.items() if not getattr(identity, key)]
        if blanks:
            yield _(
                "%(party)s, to be filled in: %(blanks)s.",
                party=party,
                blanks=wording.listing(blanks),
            )


def calendar_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return the dates of refits, reviews and checks, offer by offer."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers = proposal.tiers
    return Table(
        caption=_("Refresh calendar, %(span)s", span=contract_span(proposal, wording)),
        columns=(
            Column(_("What is planned"), is_number=False),
            *(Column(_(TIERS[tier.code]), is_number=False) for tier in tiers),
        ),
        rows=(
            (
                _("Customers scored again, by the client"),
                *(
                    _("every week") if tier.rescoring == "weekly" else wording.every_months(1)
                    for tier in tiers
                ),
            ),
            (
                _("Checks over the term"),
                *(_checks(tier, wording) for tier in tiers),
            ),
            (_("Reviews with the teams"), *(visits(tier, "review", wording) for tier in tiers)),
            (_("Refits"), *(visits(tier, "refit", wording) for tier in tiers)),
            (
                _("Invoices, parts of the fixed price before tax"),
                *(_invoices(tier, proposal, wording) for tier in tiers),
            ),
        ),
        note=calendar_note(proposal, wording),
    )


def service_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return the working days until a fault is answered, and until it is to be put right."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers, terms = proposal.tiers, proposal.terms
    promises = (
        (message("%(severity)s: response"), "delays"),
        (message("%(severity)s: restored (target)"), "restoration"),
    )
    return Table(
        caption=_("Response and restoration by severity, in working days"),
        columns=(
            Column(_("Severity"), is_number=False),
            *(Column(_(TIERS[tier.code])) for tier in tiers),
        ),
        rows=tuple(
            (
                _(label, severity=_(name)),
                *(wording.integer(getattr(getattr(tier, field), key)) for tier in tiers),
            )
            for key, name in SEVERITIES.items()
            for label, field in promises
        ),
        note=_(
            "Service hours on working days: %(hours)s, %(zone)s time.",
            hours=terms.service_hours or BLANK,
            zone=terms.service_time_zone or BLANK,
        ),
    )


def sensitivity_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return the recommended offer priced again with one input changed."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    if isinstance(proposal.day_rate, NotComputed):
        return Absence(wording.not_computed(proposal.day_rate))
    rows = [
        row
        for row in proposal.sensitivity
        if row.code == "as_offered" or not _is_offered(row, proposal)
    ]
    return Table(
        caption=_("The recommended offer if an input were another"),
        columns=(
            Column(_("Input"), is_number=False),
            Column(_("Value")),
            Column(_("Price, early refits provided for")),
            Column(_("Break-even, per misdirected contact")),
        ),
        rows=tuple(_input_rows(rows, proposal, wording)),
        note=_interval_note(rows, wording),
    )


def _input_rows(
    rows: Sequence[SensitivityRow], proposal: Proposal, wording: Wording
) -> Iterator[tuple[str, ...]]:
    """Yield a row an input, its values side by side; each interval has its own, for its mark."""
    for _place, alike in groupby(
        rows, lambda row: (row.code, row.value if row.code == "interval" else "")
    ):
        mine = tuple(alike)
        yield (
            wording.gettext(CHANGES[mine[0].code]),
            _together((_changed(row, proposal, wording) for row in mine), wording),
            _together(
                (amount_or_dash(row.price, proposal.currency, wording) for row in mine), wording
            ),
            _together(
                (estimate_or_dash(row.break_even, proposal.currency, wording) for row in mine),
                wording,
            ),
        )


def _together(cells: Iterable[str], wording: Wording) -> str:
    """Return values side by side, each once."""
    return wording.clauses(dict.fromkeys(cells))


def _is_offered(row: SensitivityRow, proposal: Proposal) -> bool:
    """Return whether a row says nothing but the offer again."""
    offered = proposal.sensitivity[0]
    if row.beyond_observed != offered.beyond_observed:
        return False
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
        return interval_cell(int(value), row, wording)
    return wording.work_days(value)


def _interval_note(rows: Iterable[SensitivityRow], wording: Wording) -> str:
    """Return what the marks of the intervals mean."""
    _, marked = wording.gettext, {row.is_seen for row in rows if row.beyond_observed}
    notes = {
        True: _("Not confirmed: seen from too few starting dates."),
        False: _("Not observed: longer than any model was followed."),
    }
    basis = _("Break-even: at the fixed price.")
    return " ".join([basis, *(text for is_seen, text in notes.items() if is_seen in marked)])


def interval_cell(months: int, entry: Tier | SensitivityRow, wording: Wording) -> str:
    """Return an interval, marked where models were not, or hardly, observed to hold so long."""
    written = wording.months(months)
    if not entry.beyond_observed:
        return written
    if entry.is_seen:
        return wording.gettext("%(interval)s (not confirmed)", interval=written)
    return wording.gettext("%(interval)s (not observed)", interval=written)


def _invoices(tier: Tier, proposal: Proposal, wording: Wording) -> str:
    """Return the amounts of the fixed price when they are invoiced, or their shares if unpriced."""
    _, terms = wording.gettext, proposal.terms
    shares = [
        wording.tick_share(share)
        for share in (terms.deposit_share, terms.interim_share, terms.balance_share)
    ]
    if tier.invoices:
        # The clause on payment gives the shares.
        shares = [wording.price(amount, proposal.currency) for amount in tier.invoices]
    deposit, interim, balance = shares
    return _(
        "%(deposit)s at the order, %(interim)s after %(months)s, %(balance)s at the end",
        deposit=deposit,
        interim=interim,
        months=wording.months(terms.interim_months),
        balance=balance,
    )


def _checks(tier: Tier, wording: Wording) -> str:
    return wording.integer(sum(line.quantity for line in tier.lines if line.code == "monitoring"))


def amount_or_dash(amount: Decimal | NotComputed, currency: str, wording: Wording) -> str:
    """Return an amount; a blank where the rate is missing, a dash where there is none."""
    if isinstance(amount, NotComputed):
        return BLANK if amount.code == "no_day_rate" else "–"
    return wording.price(amount, currency)


def estimate_or_dash(amount: Decimal | NotComputed, currency: str, wording: Wording) -> str:
    """Return an estimated amount with no more figures than it deserves; else as above."""
    if isinstance(amount, NotComputed):
        return amount_or_dash(amount, currency, wording)
    return wording.estimate(amount, currency)


def two_currencies(
    amount: Decimal, other: Decimal | NotComputed, proposal: Proposal, wording: Wording
) -> str:
    """Return an estimate in the quote's currency, and in the shop's where a rate is given."""
    cost = wording.estimate(amount, proposal.currency)
    if isinstance(other, NotComputed) or isinstance(proposal.exchange, NotComputed):
        return cost
    return f"{cost} ({wording.estimate(other, proposal.shop_currency)})"
