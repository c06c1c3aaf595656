"""[contract]: the consultant's own inputs to the priced offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from analysis.settings.kinds import Count, Currency, Days, Money, Months, Section, Share, WorkDays


class TierInput(Section):
    """What a tier holds: counts are for a year and grow with the term; delays by severity.

    A fault is answered within the first delays; it is to be put right within those called restored,
    which are targets.
    """

    monitoring_visits: int = Field(default=12, ge=0)
    reviews: int = Field(default=4, ge=0)
    early_refits: int = Field(default=1, ge=0)
    response_working_days: int = Field(default=5, gt=0)
    major_working_days: int = Field(default=3, gt=0)
    blocking_working_days: int = Field(default=1, gt=0)
    minor_restored_working_days: int = Field(default=15, gt=0)
    major_restored_working_days: int = Field(default=6, gt=0)
    blocking_restored_working_days: int = Field(default=3, gt=0)
    rescoring: Literal["weekly", "monthly"] = "monthly"


class Essential(TierInput):
    """[contract.essential]."""

    monitoring_visits: int = Field(default=4, ge=0)
    reviews: int = Field(default=0, ge=0)
    early_refits: int = Field(default=0, ge=0)
    response_working_days: int = Field(default=10, gt=0)
    major_working_days: int = Field(default=5, gt=0)
    blocking_working_days: int = Field(default=3, gt=0)
    minor_restored_working_days: int = Field(default=20, gt=0)
    major_restored_working_days: int = Field(default=10, gt=0)
    blocking_restored_working_days: int = Field(default=6, gt=0)


class Recommended(TierInput):
    """[contract.recommended]."""


class Serenity(TierInput):
    """[contract.serenity]."""

    early_refits: int = Field(default=4, ge=0)
    response_working_days: int = Field(default=2, gt=0)
    major_working_days: int = Field(default=1, gt=0)
    blocking_working_days: int = Field(default=1, gt=0)
    minor_restored_working_days: int = Field(default=10, gt=0)
    major_restored_working_days: int = Field(default=3, gt=0)
    blocking_restored_working_days: int = Field(default=2, gt=0)
    rescoring: Literal["weekly", "monthly"] = "weekly"


class Exchange(Section):
    """[contract.exchange]: what one unit of the quote's currency is worth in the shop's."""

    rate: Decimal | None = Field(default=None, gt=0, max_digits=18, decimal_places=6)
    quoted_on: date | None = Field(default=None, alias="date")
    source: str = ""


class InternalTeam(Section):
    """[contract.internal]: what the same work would take the client's own team."""

    days: WorkDays | None = None
    day_cost: Money | None = None


class Sensitivity(Section):
    """[contract.sensitivity]: the inputs with which the recommended offer is priced again."""

    rate_share: Decimal = Field(default=Decimal("0.20"), ge=0, lt=1)
    refit_days: tuple[WorkDays, ...] = (Decimal("1.5"), Decimal("2.5"), Decimal("4"))
    intervals: tuple[Months, ...] = (3, 4, 6, 12)
    campaigns: tuple[Count, ...] = (1, 2, 4)
    exchange_share: Decimal = Field(default=Decimal("0.15"), ge=0, lt=1)


class Terms(Section):
    """[contract.terms]: values of the clauses; those of the law are for a lawyer to check."""

    payment_days: Days = 30
    deposit_share: Share = 0.30
    interim_share: Share = 0.40
    acceptance_working_days: Days = 10
    notice_days: Days = 60
    remedy_days: Days = 30
    renewal_notice_days: Days = 60
    force_majeure_days: Days = 60
    confidentiality_months: Months = 36
    correction_working_days: Days = 10
    erasure_days: Days = 30
    breach_notice_hours: Count = 48
    fallback_share_moved: Share = 0.50
    fallback_late_days: Days = 30
    fallback_floor: Share = 0.85
    late_penalty_multiple: Count = 3
    recovery_indemnity: Money = Decimal("40")
    indemnity_currency: Currency = "EUR"
    longest_payment_days: Days = 60
    least_penalty_multiple: Count = 3
    least_recovery_indemnity: Money = Decimal("40")
    least_indemnity_currency: Currency = "EUR"
    service_hours: str = "09:00-18:00"
    service_time_zone: str = "Europe/Paris"
    insurer: str = ""
    insurance_policy: str = ""
    payment_articles: str = "L441-10, D441-5"
    essential_obligation_article: str = "1170"
    force_majeure_article: str = "1218"
    intellectual_property_article: str = "L131-3"
    jurisdiction_article: str = "48"
    gdpr_article: str = "28(3)"
    lgpd_articles: str = "37, 39, 46"
    tax_code: str = "CIBS"
    tax_article_none: str = ""
    tax_article_outside_eu: str = ""
    tax_directive: str = "2006/112"
    tax_directive_reverse_charge: str = "44, 196"
    tax_directive_outside_eu: str = "44"
    law_noted_on: date = date(2026, 11, 1)
    revision_index_base: Decimal | None = Field(default=None, gt=0)
    revision_index_month: str = ""


class Contract(Section):
    """[contract]: the consultant's own inputs. Without `day_rate` nothing is priced."""

    currency: Currency = "EUR"
    day_rate: Money | None = None
    infrastructure_per_month: Money = Decimal("0")
    term_months: Months = 12
    number: str = ""
    issued_on: date | None = Field(default=None, alias="date")
    starts_on: date | None = None
    validity_days: Days = 30
    onboarding_days: WorkDays = Decimal("2")
    refit_days: WorkDays = Decimal("2.5")
    monitoring_days: WorkDays = Decimal("0.25")
    review_days: WorkDays = Decimal("0.5")
    line_rounding: Money = Field(default=Decimal("1"), gt=0)
    early_refits_a_year: int = Field(default=4, ge=0)
    simulations: Count = 20_000
    contingency_quantile: Share = 0.80
    campaigns_per_month: Count = 1
    misdirected_contact: Money | None = Field(default=None, gt=0)
    flat_share: Share = 0.10
    tax_mode: Literal["none", "france", "eu_reverse_charge", "outside_eu"] = "outside_eu"
    exchange: Exchange = Exchange()
    internal: InternalTeam = InternalTeam()
    sensitivity: Sensitivity = Sensitivity()
    terms: Terms = Terms()
    essential: Essential = Essential()
    recommended: Recommended = Recommended()
    serenity: Serenity = Serenity()
