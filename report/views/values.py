"""The values that the content files may name in their placeholders, taken from the findings."""

from __future__ import annotations

from decimal import Decimal

from analysis.findings import ContractLine, Findings, NotComputed, Proposal, Tier
from report.content import Content, placeholders
from report.wording import BLANK, Wording

Values = dict[str, str | int | float | Decimal]


def content_values(findings: Findings, wording: Wording) -> Values:
    """Return what the findings say for each placeholder of the content files.

    A placeholder whose value could not be computed is not there: `Content.fill` then refuses the
    text, and the caller chooses another.
    """
    proposal, counts = findings.proposal, findings.customers
    values: Values = {
        "client": proposal.client,
        "consultant": proposal.consultant or BLANK,
        "window_days": counts.window_days,
        "outcome_days": counts.outcome_days,
        "term_months": proposal.term_months,
        "validity_days": proposal.validity_days,
        "day_rate": BLANK
        if isinstance(proposal.day_rate, NotComputed)
        else wording.price(proposal.day_rate, proposal.currency),
        "infrastructure_per_month": wording.price(
            proposal.infrastructure_per_month, proposal.currency
        ),
        "tax_rate": wording.share(float(proposal.tax_rate)),
    }
    return values | _model_values(findings) | _tier_values(proposal)


def fill_if_known(content: Content, text: str, values: Values, wording: Wording) -> str:
    """Return the text with its placeholders replaced, or nothing where a value is not known."""
    if any(name not in values for name in placeholders(text)):
        return ""
    return content.fill(text, values, wording)


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


def _tier_values(proposal: Proposal) -> Values:
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
        "early_refits": tier.early_refits_included,
        "response_working_days": tier.response_working_days,
    }
    values |= {
        f"{code}_days": lines[code].days_each
        for code in ("onboarding", "refit", "monitoring", "review")
        if code in lines
    }
    return values
