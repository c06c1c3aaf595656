"""The marks in the playbook's texts: placeholders that we fill, and fields that a CRM fills."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from string import Formatter
from typing import Literal

from analysis.errors import RenderError
from report.wording import Wording

Value = str | int | float | Decimal
Kind = Literal["months", "days", "work_days", "count", "index", "text"]

# How a number given for each placeholder is written: with the method of Wording of that name, so
# months and days come with their unit ("6 mois"), and a text reads well for one as for many.
PLACEHOLDERS: Mapping[str, Kind] = {
    "client": "text",
    "refit_months": "months",
    "rescoring_months": "months",
    "term_months": "months",
    "window_days": "days",
    "active_days": "days",
    "cooling_days": "days",
    "onboarding_days": "work_days",
    "refit_days": "work_days",
    "monitoring_days": "work_days",
    "review_days": "work_days",
    "monitoring_visits": "count",
    "reviews": "count",
    "early_refits": "count",
    "threshold_ari": "index",
    "drift_thresholds": "text",
    "added_review_points": "count",
    "review_followed_days": "days",
    "day_rate": "text",
    "infrastructure_per_month": "text",
    "infrastructure_price": "text",
    "tax_rate": "text",
    "offer_prices": "text",
    "offer_caps": "text",
    "early_refit_price": "text",
    "tax_code": "text",
    "tax_article": "text",
    "tax_directive": "text",
    "tax_articles": "text",
    "offer_stands": "text",
    "contract_span": "text",
    "consultant_city": "text",
    "payment_days": "days",
    "deposit_share": "text",
    "interim_share": "text",
    "interim_months": "months",
    "balance_share": "text",
    "acceptance_working_days": "count",
    "correction_working_days": "count",
    "notice_days": "days",
    "remedy_days": "days",
    "renewal_notice_days": "days",
    "force_majeure_days": "days",
    "confidentiality_months": "months",
    "service_hours": "text",
    "service_time_zone": "text",
    "insurer": "text",
    "insurance_policy": "text",
    "essential_obligation_article": "text",
    "force_majeure_article": "text",
    "intellectual_property_article": "text",
    "jurisdiction_article": "text",
    "gdpr_article": "text",
    "lgpd_articles": "text",
    "erasure_days": "days",
    "breach_notice_hours": "count",
    "fallback_share_moved": "text",
    "fallback_late_days": "days",
    "fallback_floor": "index",
    "late_penalty_multiple": "count",
    "recovery_indemnity": "text",
    "payment_articles": "text",
    "law_noted_on": "text",
    "early_refits_a_year": "count",
    "revision_formula": "text",
    "revision_index": "text",
    "revision_month": "text",
    "letter_revised_price": "text",
    "letter_first_price": "text",
    "letter_last_index": "text",
    "letter_base_index": "text",
}


def merge_fields(text: str) -> tuple[str, ...]:
    """Return the CRM fields of a text in order, without their brackets."""
    return tuple(re.findall(r"\[([^\[\]]*)\]", text))


def placeholders(text: str, where: str = "a text") -> tuple[str, ...]:
    """Return the names of a text's placeholders in order.

    Raises:
        RenderError: a brace without its other half, or a placeholder that is not in PLACEHOLDERS.
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise RenderError(
            f"a brace without its other half: {error}",
            where=where,
            expected="{placeholder}",
            todo="close the brace, or remove it",
        ) from error
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise RenderError(
                f"unknown placeholder {{{name}}}",
                where=where,
                expected=f"one of {', '.join(PLACEHOLDERS)}",
                todo="correct the name; for a field that the CRM fills, write [FIELD]",
            )
    return tuple(name for _, name, _, _ in parts if name is not None)


def written(kind: Kind, value: Value, wording: Wording) -> str:
    """Return a number as the kind says, a text as it stands."""
    if isinstance(value, str):
        return value
    if kind == "text":
        return wording.exact(value)
    if kind == "count":
        return wording.integer(value)
    if kind == "work_days":
        return wording.work_days(Decimal(str(value)))
    if kind == "index":
        return wording.index(float(value))
    return wording.months(value) if kind == "months" else wording.days(value)
