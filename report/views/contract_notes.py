"""What is said beside the price: the tax, what is to be settled, what the annex leaves to fill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from analysis.findings import ContractWarning, Proposal
from report.views.contract_dates import contract_span
from report.views.figures import Column, Table
from report.wording import BLANK, Wording, message

TAXES = {
    "none": message("VAT not applicable (%(code)s, article %(article)s)."),
    "france": message("French VAT at %(rate)s."),
    "eu_reverse_charge": message(
        "VAT due by the client: reverse charge within the EU (VAT directive %(directive)s, "
        "articles %(articles)s)."
    ),
    "outside_eu": message(
        "Service to a business outside the EU: no French VAT (VAT directive %(directive)s, article "
        "%(articles)s; %(code)s, article %(article)s)."
    ),
}
# Who pays for a computer works on it: the price of the offer and the annex agree.
PLACES = {
    False: message(
        "A machine of the client's, by default; no transfer out of the client's country"
    ),
    True: message(
        "The consultant's computer, by default, in the country of the consultant's office; a "
        "transfer to it with the safeguards that the law asks for, and to no other country"
    ),
}
WARNINGS = {
    "late_payment_term": message(
        "Payment within %(found)s: the law allows %(expected)s at most between businesses."
    ),
    "low_penalty": message(
        "Late penalties at the legal rate multiplied by %(found)s: the law asks for %(expected)s "
        "at least."
    ),
    "low_indemnity": message(
        "Recovery indemnity of %(found)s: the law asks for %(expected)s at least."
    ),
    "no_client_vat_number": message(
        "Reverse charge, but the client's VAT number is not given: the invoice must bear it."
    ),
    "starts_early": message(
        "The contract starts on %(found)s, while the offer may be accepted until %(expected)s."
    ),
    "law_noted_later": message(
        "The values of the law were noted for %(found)s, after the date of the offer, %(expected)s."
    ),
}


def tax_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return how the price is taxed, with the texts that an accountant is to check."""
    terms = proposal.terms
    return wording.gettext(
        TAXES[proposal.tax_mode],
        rate=wording.share(float(proposal.tax_rate)),
        code=terms.tax_code,
        article=terms.tax_article or BLANK,
        directive=terms.tax_directive,
        articles=terms.tax_directive_articles,
    )


def warning_sentences(proposal: Proposal, wording: Wording) -> tuple[str, ...]:
    """Return what is to be settled before anybody signs."""
    return tuple(
        wording.gettext(
            WARNINGS[warning.code],
            found=_quantity(warning.found, warning, wording),
            expected=_quantity(warning.expected, warning, wording),
        )
        for warning in proposal.warnings
    )


def _quantity(text: str, warning: ContractWarning, wording: Wording) -> str:
    if warning.code == "late_payment_term":
        return wording.days(int(text))
    if warning.code == "low_indemnity":
        return wording.price(Decimal(text), warning.currency)
    if warning.code in ("starts_early", "law_noted_later"):
        return wording.date(date.fromisoformat(text))
    return text


def annex_table(proposal: Proposal, wording: Wording) -> Table:
    """Return what the agreement on personal data must say, with blanks where the parties decide."""
    _, terms = wording.gettext, proposal.terms
    term = _(
        "%(term)s, %(span)s; then erasure within %(days)s",
        term=wording.months(proposal.term_months),
        span=contract_span(proposal, wording),
        days=wording.days(terms.erasure_days),
    )
    given = (
        (_("Subject and purpose"), _("Segmentation of the client's customers and its upkeep")),
        (_("Duration"), term),
        (
            _("Kinds of personal data"),
            _("Pseudonymised identifiers, orders, payments, reviews, place of delivery"),
        ),
        (
            _("Categories of persons"),
            _("The client's customers; its sellers, where they are people"),
        ),
    )
    # What the clauses and the place of work say already; the parties confirm it or write another.
    proposed = (
        (
            _("Instructions, and who gives them"),
            _("In writing, by the client's signatory or a person whom the signatory names"),
        ),
        (
            _("Places of processing, and transfers"),
            _(PLACES[proposal.infrastructure_per_month > 0]),
        ),
        (_("Sub-processors allowed"), _("None")),
        (
            _("Security measures"),
            _("Encrypted disk, pseudonymised identifiers, named persons only, no online service"),
        ),
        (
            _("Audit: by whom, how often, at whose cost"),
            _("The client or an auditor bound to secrecy, yearly at most, at the client's cost"),
        ),
        (
            _("Contacts for the protection of data"),
            _("The two signatories, unless others are named"),
        ),
    )
    return Table(
        caption=_("To complete before signing"),
        columns=(
            Column(_("Point"), is_number=False),
            Column(_("Proposed, to be confirmed"), is_number=False),
            Column(_("Agreed by the parties"), is_number=False),
        ),
        rows=tuple((name, text, BLANK) for name, text in (*given, *proposed)),
    )
