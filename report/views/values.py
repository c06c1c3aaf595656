"""The values that the content files may name in their placeholders, taken from the findings."""

from __future__ import annotations

from decimal import Decimal

from analysis.findings import ContractLine, Findings, NotComputed, Proposal, Tier
from report.content import Content
from report.content_marks import placeholders
from report.views.contract_dates import contract_span, stands_sentence
from report.views.contract_prices import infrastructure_price
from report.views.contract_tables import TIERS
from report.wording import BLANK, NO_BREAK, Wording

# The letters of the Syntec formula, with their indices: no figures.
LETTERS = {
    "letter_revised_price": "P1",
    "letter_first_price": "P0",
    "letter_last_index": "S1",
    "letter_base_index": "S0",
}
REVISION_FORMULA = (
    "{letter_revised_price} = {letter_first_price} × {letter_last_index} / {letter_base_index}"
).replace(" ", NO_BREAK)
# What a clause says as the settings have it, or leaves blank.
AS_GIVEN = (
    *("service_hours", "service_time_zone", "insurer", "insurance_policy"),
    *("essential_obligation_article", "force_majeure_article", "intellectual_property_article"),
    *("jurisdiction_article", "gdpr_article", "lgpd_articles", "payment_articles"),
    *("tax_code", "tax_article", "tax_directive"),
)
COUNTED = (
    *("payment_days", "acceptance_working_days", "correction_working_days", "notice_days"),
    *("remedy_days", "renewal_notice_days", "force_majeure_days", "confidentiality_months"),
    *("erasure_days", "breach_notice_hours", "fallback_late_days", "fallback_floor"),
    *("late_penalty_multiple", "early_refits_a_year"),
)

Values = dict[str, str | int | float | Decimal]


def content_values(findings: Findings, wording: Wording) -> Values:
    """Return what the findings say for each placeholder of the content files.

    A placeholder whose value could not be computed is not there: `Content.fill` then refuses the
    text, and the caller chooses another.
    """
    proposal, counts = findings.proposal, findings.customers
    values: Values = {
        "client": proposal.client or BLANK,
        "consultant": proposal.consultant or BLANK,
        "window_days": counts.window_days,
        "outcome_days": counts.outcome_days,
        "term_months": proposal.term_months,
        "day_rate": BLANK
        if isinstance(proposal.day_rate, NotComputed)
        else wording.price(proposal.day_rate, proposal.currency),
        "tax_rate": wording.share(float(proposal.tax_rate)),
    }
    if proposal.infrastructure_per_month:
        values["infrastructure_per_month"] = wording.price(
            proposal.infrastructure_per_month, proposal.currency
        )
    infrastructure = infrastructure_price(proposal, wording)
    if infrastructure:
        values["infrastructure_price"] = infrastructure
    return (
        values
        | _term_values(proposal, wording)
        | _model_values(findings)
        | _drift_values(findings, wording)
        | _unseen_values(findings)
        | _tier_values(proposal, wording)
    )


def fill_if_known(content: Content, text: str, values: Values, wording: Wording) -> str:
    """Return the text with its placeholders replaced, or nothing where a value is not known."""
    if any(name not in values for name in placeholders(text)):
        return ""
    return content.fill(text, values, wording)


def _term_values(proposal: Proposal, wording: Wording) -> Values:
    """Return the dates of the contract, and what its clauses name."""
    terms = proposal.terms
    base = terms.revision_index_base
    return {
        "offer_stands": stands_sentence(proposal, wording),
        "contract_span": contract_span(proposal, wording),
        "consultant_city": proposal.consultant_identity.city or BLANK,
        "deposit_share": wording.tick_share(terms.deposit_share),
        "interim_share": wording.tick_share(terms.interim_share),
        "balance_share": wording.tick_share(terms.balance_share),
        "interim_months": terms.interim_months,
        "fallback_share_moved": wording.tick_share(terms.fallback_share_moved),
        "recovery_indemnity": wording.price(terms.recovery_indemnity, terms.indemnity_currency),
        "tax_articles": terms.tax_directive_articles or BLANK,
        "law_noted_on": wording.date(terms.law_noted_on),
        "revision_formula": REVISION_FORMULA.format_map(LETTERS),
        "revision_index": BLANK if base is None else wording.exact(base),
        "revision_month": terms.revision_index_month or BLANK,
        **LETTERS,
        **{name: getattr(terms, name).strip() or BLANK for name in AS_GIVEN},
        **{name: getattr(terms, name) for name in COUNTED},
    }


def _model_values(findings: Findings) -> Values:
    values: Values = {}
    if not isinstance(findings.refresh, NotComputed):
        values["rescoring_months"] = findings.refresh.rescoring_months
        if not isinstance(findings.refresh.months, NotComputed):
            values["refit_months"] = findings.refresh.months
    if not isinstance(findings.stability, NotComputed):
        values["threshold_ari"] = findings.stability.threshold_ari
        values["consecutive"] = findings.stability.consecutive
    if not isinstance(findings.segmentation, NotComputed):
        stages = {cell.stage: cell.to_days for cell in findings.segmentation.segments[0].lifecycle}
        values |= {f"{stage}_days": stages[stage] for stage in ("active", "cooling")}
        if not isinstance(findings.segmentation.structure, NotComputed):
            values["shuffles"] = findings.segmentation.structure.shuffles
    return values


def _drift_values(findings: Findings, wording: Wording) -> Values:
    """Return from what on the orders of a cohort are said to differ from the reference."""
    drift = findings.drift
    if isinstance(drift, NotComputed):
        return {}
    _ = wording.gettext
    said = [
        _("size of a gap (D, V) %(size)s", size=wording.exact(drift.size_threshold)),
        _("PSI %(index)s", index=wording.exact(drift.index_threshold)),
    ]
    if not isinstance(drift.classifier, NotComputed):
        area = wording.exact(drift.classifier.threshold)
        said.append(_("area under the classifier's curve %(area)s", area=area))
    return {"drift_thresholds": wording.listing(said)}


def _unseen_values(findings: Findings) -> Values:
    """Return the rise of low reviews that was made on purpose, where the alarm did not see it."""
    stability = findings.stability
    change = stability if isinstance(stability, NotComputed) else stability.chosen.review_change
    if isinstance(change, NotComputed) or not change.passed:
        return {}
    if not isinstance(change.alarm_days, NotComputed):
        return {}
    return {
        "added_review_points": round(100 * change.added_share),
        "review_followed_days": change.followed_days,
    }


def _tier_values(proposal: Proposal, wording: Wording) -> Values:
    """Return what the recommended tier holds, and the days that each piece of work takes."""
    if isinstance(proposal.tiers, NotComputed):
        return {}
    lines: dict[str, ContractLine] = {
        line.code: line for tier in proposal.tiers for line in tier.lines
    }
    tier: Tier = next(tier for tier in proposal.tiers if tier.code == "recommended")
    quantities = {line.code: line.quantity for line in tier.lines}
    values: Values = {
        "monitoring_visits": quantities.get("monitoring", 0),
        "reviews": quantities.get("review", 0),
        "early_refits": tier.early_refits_provided,
        "offer_prices": _prices(proposal, "price_floor", wording),
        "offer_caps": _prices(proposal, "price_cap", wording),
        "early_refit_price": _price(tier.early_refit_price, proposal, wording),
    }
    values |= {
        f"{code}_days": lines[code].days_each
        for code in ("onboarding", "refit", "monitoring", "review")
        if code in lines
    }
    return values


def _prices(proposal: Proposal, name: str, wording: Wording) -> str:
    """Return a price of every offer, behind its name."""
    tiers = () if isinstance(proposal.tiers, NotComputed) else proposal.tiers
    return wording.listing(
        f"{wording.gettext(TIERS[tier.code])} {_price(getattr(tier, name), proposal, wording)}"
        for tier in tiers
    )


def _price(amount: Decimal | NotComputed, proposal: Proposal, wording: Wording) -> str:
    if isinstance(amount, NotComputed):
        return BLANK
    return wording.price(amount, proposal.currency)
