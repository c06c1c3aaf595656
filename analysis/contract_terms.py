"""What the contract says besides its price: the parties, the values of its clauses, its warnings.

The bounds of the law are settings: a lawyer checks them, and the day that they were noted is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

from analysis import findings as f
from analysis.money import round_to
from analysis.settings import Contract, Party, Settings


def identify(party: Party, name: str) -> f.PartyIdentity:
    """Return who a party is, without blanks around."""
    given = {key: str(getattr(party, key)).strip() for key in Party.model_fields}
    return f.PartyIdentity(name=name.strip(), **given)


def work_of_the_team(contract: Contract) -> f.InternalWork | f.NotComputed:
    """Return the client's own work at the client's own cost, where both were given."""
    days, cost = contract.internal.days, contract.internal.day_cost
    if days is None or cost is None:
        return f.NotComputed("not_given")
    return f.InternalWork(days, cost, round_to(days * cost, contract.line_rounding))


def contract_terms(contract: Contract) -> f.ContractTerms:
    """Return the values of the clauses, with the articles on tax of the mode."""
    terms, mode = contract.terms, contract.tax_mode
    articles = {"none": terms.tax_article_none, "outside_eu": terms.tax_article_outside_eu}
    of_the_union = {
        "eu_reverse_charge": terms.tax_directive_reverse_charge,
        "outside_eu": terms.tax_directive_outside_eu,
    }
    named = (field.name for field in fields(f.ContractTerms))
    given: dict[str, Any] = {
        name: getattr(terms, name) for name in named if name in type(terms).model_fields
    }
    return f.ContractTerms(
        **given,
        tax_article=articles.get(mode, "").strip(),
        tax_directive_articles=of_the_union.get(mode, "").strip(),
        early_refits_a_year=contract.early_refits_a_year,
        interim_months=max(contract.term_months // 2, 1),
        balance_share=float(
            Decimal(1) - Decimal(repr(terms.deposit_share)) - Decimal(repr(terms.interim_share))
        ),
    )


def warn(settings: Settings) -> Iterator[f.ContractWarning]:
    """Yield what is to be settled before anybody signs: outside the law, or missing for the tax.

    An indemnity in another currency than that of the law is not compared with it.
    """
    contract, terms = settings.contract, settings.contract.terms
    if terms.payment_days > terms.longest_payment_days:
        yield f.ContractWarning(
            "late_payment_term", str(terms.payment_days), str(terms.longest_payment_days)
        )
    if terms.late_penalty_multiple < terms.least_penalty_multiple:
        multiples = (terms.late_penalty_multiple, terms.least_penalty_multiple)
        yield f.ContractWarning("low_penalty", *map(str, multiples))
    currency, least = terms.indemnity_currency, terms.least_recovery_indemnity
    if currency == terms.least_indemnity_currency and terms.recovery_indemnity < least:
        yield f.ContractWarning(
            "low_indemnity", str(terms.recovery_indemnity), str(least), currency
        )
    yield from _warn_of_dates(contract)
    if contract.tax_mode == "eu_reverse_charge" and not settings.client.vat_number.strip():
        yield f.ContractWarning("no_client_vat_number")


def _warn_of_dates(contract: Contract) -> Iterator[f.ContractWarning]:
    """Yield dates that do not go together: a start while the offer may still be accepted, a law."""
    issued, starts = contract.issued_on, contract.starts_on
    if issued is None:
        return
    until = issued + timedelta(days=contract.validity_days)
    if starts is not None and starts <= until:
        yield f.ContractWarning("starts_early", starts.isoformat(), until.isoformat())
    noted = contract.terms.law_noted_on
    if issued < noted:
        yield f.ContractWarning("law_noted_later", noted.isoformat(), issued.isoformat())
