"""The priced contract: offers, parties, terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from analysis.findings.values import NOT_MEASURED, NotComputed


@dataclass(frozen=True)
class ContractLine:
    """Days times rate. `amount` is rounded once, and totals add the rounded lines.

    The client runs `rescoring`: it takes no day of the consultant's.
    """

    code: Literal[
        "onboarding",
        "rescoring",
        "refit",
        "early_refit",
        "monitoring",
        "review",
        "infrastructure",
    ]
    quantity: int
    days_each: Decimal
    days: Decimal
    amount: Decimal | NotComputed


@dataclass(frozen=True)
class Contingency:
    """How many refits a term takes when models may break early, over simulated terms.

    A break brings an early refit when one of the term's `checks` sees it and the next confirms it:
    `early_share` is the probability of that before the planned refit, `mean_refits` the
    mean number of refits in the term, `covered_refits` the number that a share `quantile` of the
    terms does not exceed. The price holds `included_refits`, planned and early together: they are
    enough in a share `included_share` of the terms.
    """

    early_share: float
    mean_refits: float
    covered_refits: int
    included_refits: int
    included_share: float
    quantile: float
    simulations: int
    checks: int | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class Delays:
    """Working days until a fault is answered, or put right, by severity."""

    blocking: int
    major: int
    minor: int


@dataclass(frozen=True)
class BreakEvenCase:
    """A break-even once more, with one of the things that it rests on at its ends.

    `origins`: the misplacement by one starting date alone; `customers`: as few and as many in
    segments (`from_value`, `to_value`) as at the dates of the timeline; `noise_kept`: no
    disagreement taken off as noise; `observed_ages`: nothing counted beyond the oldest age observed
    (`from_value`, days); `early_refits`: every early refit paid (the price cap), and nothing
    counted of what it corrects. `low` and `high` are equal where there is one end, the values zero
    where there is none.
    """

    code: Literal["origins", "customers", "noise_kept", "observed_ages", "early_refits"]
    low: Decimal | NotComputed
    high: Decimal | NotComputed
    from_value: int = 0
    to_value: int = 0


@dataclass(frozen=True)
class BreakEvenRange:
    """How far a break-even may lie from what it is, by what was measured (quote's currency).

    From `low` to `high` by the starting dates and the customers in segments together. `interval`
    is a t-interval over the starting dates, or their plain range where they are worth too few
    (`effective_origins`) or one shows no rise. `origins` show a rise above the noise;
    `flat_origins`, followed for `flat_days` at most, do not: by them no refit pays.
    """

    low: Decimal
    high: Decimal
    interval: Literal["range", "t_interval"]
    origins: int
    effective_origins: float
    flat_origins: int
    flat_days: int
    cases: tuple[BreakEvenCase, ...]


@dataclass(frozen=True)
class Tier:
    """One offer for the term of the contract.

    `beyond_observed` says that its interval is longer than what the data could show to hold: its
    `contingency` is then NotComputed. `is_seen` says that a model at least was followed as long, be
    it by too few starting dates to confirm an alarm. `delays` are those of an answer, `restoration`
    those within which a fault is to be put right.
    `refit_months` and `review_months` count from the start; the dates, working days, are there
    where the start is known.
    `price_floor` is the fixed price, of `fixed_days` of work, paid when no refit comes early and
    invoiced in three parts (`invoices`: order, interim, balance); `early_refit_price` is what one
    early refit adds if it takes place. `total` and `days` hold the early refits that the offer
    provides for; `price_cap` is what is paid with every early refit that may be invoiced,
    `prudent_price` with those that the quantile of the contingency calls for. `other_total` is the
    total in the shop's currency, for information. `break_even` is the cost of a misdirected contact
    (quote's currency; the shop's: `other_break_even`) from which on the offer pays against doing
    nothing, `break_even_over` against the offer before it; `break_even_range` is how far the former
    may lie from it.
    """

    code: Literal["essential", "recommended", "serenity"]
    refit_every_months: int
    beyond_observed: bool
    rescoring: Literal["weekly", "monthly"]
    delays: Delays
    restoration: Delays
    early_refits_included: int
    refit_dates: tuple[date, ...]
    review_dates: tuple[date, ...]
    contingency: Contingency | NotComputed
    lines: tuple[ContractLine, ...]
    days: Decimal
    total: Decimal | NotComputed
    tax: Decimal | NotComputed
    total_with_tax: Decimal | NotComputed
    price_cap: Decimal | NotComputed
    other_total: Decimal | NotComputed
    break_even: Decimal | NotComputed
    refit_months: tuple[int, ...] = ()
    review_months: tuple[int, ...] = ()
    price_floor: Decimal | NotComputed = NOT_MEASURED
    prudent_price: Decimal | NotComputed = NOT_MEASURED
    break_even_over: Decimal | NotComputed = NOT_MEASURED
    other_break_even: Decimal | NotComputed = NOT_MEASURED
    early_refit_price: Decimal | NotComputed = NOT_MEASURED
    fixed_days: Decimal = Decimal(0)
    invoices: tuple[Decimal, ...] = ()
    is_seen: bool = False
    break_even_range: BreakEvenRange | NotComputed = NOT_MEASURED

    @property
    def early_refits_provided(self) -> int:
        """How many early refits the total holds."""
        return sum(line.quantity for line in self.lines if line.code == "early_refit")


@dataclass(frozen=True)
class CheapestOffer:
    """From which cost of a misdirected contact on an offer costs least, "nothing" among them.

    Price and misdirected contacts together over the term, as long as no model breaks. `from_cost`
    is in the quote's currency, `other_cost` in the shop's.
    """

    code: Literal["nothing", "essential", "recommended", "serenity"]
    from_cost: Decimal
    other_cost: Decimal | NotComputed


SensitivityCode = Literal[
    "as_offered", "day_rate", "refit_days", "interval", "curve", "campaigns", "exchange_rate"
]


@dataclass(frozen=True)
class SensitivityRow:
    """The recommended offer priced again with one input changed.

    `value` is the input: an amount, days, months, a count; for `curve` "lower", "central" or
    "upper". `price` and `break_even` are in the quote's currency, `other_price` in the shop's.
    `beyond_observed` says that the interval priced is longer than the data could show to hold,
    `is_seen` that a model at least was followed as long.
    """

    code: SensitivityCode
    value: str
    beyond_observed: bool
    price: Decimal | NotComputed
    other_price: Decimal | NotComputed
    break_even: Decimal | NotComputed
    is_seen: bool = False


@dataclass(frozen=True)
class PartyIdentity:
    """A party of the contract; what is empty is a blank to fill."""

    name: str
    legal_form: str
    address: str
    city: str
    registration: str
    vat_number: str
    signatory: str
    email: str


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of the quote's currency is worth in the shop's, when, according to whom."""

    rate: Decimal
    quoted_on: date
    source: str


@dataclass(frozen=True)
class ContractTerms:
    """Values that the clauses name. Those of the law were noted on a day, and are to be checked.

    The price is invoiced in three shares: `deposit_share` at the order, `interim_share` after
    `interim_months`, `balance_share` at the end.
    """

    payment_days: int
    deposit_share: float
    acceptance_working_days: int
    correction_working_days: int
    notice_days: int
    remedy_days: int
    renewal_notice_days: int
    force_majeure_days: int
    confidentiality_months: int
    erasure_days: int
    breach_notice_hours: int
    fallback_share_moved: float
    fallback_late_days: int
    fallback_floor: float
    late_penalty_multiple: int
    recovery_indemnity: Decimal
    indemnity_currency: str
    service_hours: str
    service_time_zone: str
    insurer: str
    insurance_policy: str
    payment_articles: str
    essential_obligation_article: str
    force_majeure_article: str
    intellectual_property_article: str
    jurisdiction_article: str
    gdpr_article: str
    lgpd_articles: str
    tax_code: str
    tax_article: str
    tax_directive: str
    tax_directive_articles: str
    law_noted_on: date
    early_refits_a_year: int
    revision_index_base: Decimal | None
    revision_index_month: str
    interim_share: float = 0.0
    interim_months: int = 0
    balance_share: float = 0.0


@dataclass(frozen=True)
class ContractWarning:
    """An input that is to be settled before anybody signs.

    `found` and `expected` are days for `late_payment_term`, a multiple for `low_penalty`, an amount
    in `currency` for `low_indemnity`, two dates for `starts_early` and `law_noted_later`; empty for
    `no_client_vat_number`.
    """

    code: Literal[
        "late_payment_term",
        "low_penalty",
        "low_indemnity",
        "no_client_vat_number",
        "starts_early",
        "law_noted_later",
    ]
    found: str = ""
    expected: str = ""
    currency: str = ""


@dataclass(frozen=True)
class InternalWork:
    """The same work by the client's own team, as the client gave it."""

    days: Decimal
    day_cost: Decimal
    total: Decimal


@dataclass(frozen=True)
class Proposal:
    """The priced contract. Every input is the consultant's, from playbook.toml: assumed, marked.

    Without the day on which it is sent it is a draft, and has no date of its own; without a day to
    start on it starts at the signature.
    """

    client: str
    consultant: str
    client_identity: PartyIdentity
    consultant_identity: PartyIdentity
    number: str
    issued_on: date | NotComputed
    valid_until: date | NotComputed
    starts_on: date | NotComputed
    ends_on: date | NotComputed
    currency: str
    shop_currency: str
    exchange: ExchangeRate | NotComputed
    term_months: int
    day_rate: Decimal | NotComputed
    infrastructure_per_month: Decimal
    tax_mode: str
    tax_rate: Decimal
    validity_days: int
    terms: ContractTerms
    internal: InternalWork | NotComputed
    survival: Literal["resampled", "bound"] | NotComputed
    tiers: tuple[Tier, ...] | NotComputed
    sensitivity: tuple[SensitivityRow, ...]
    warnings: tuple[ContractWarning, ...]
    line_rounding: Decimal = Decimal("0.01")
    cheapest: tuple[CheapestOffer, ...] | NotComputed = NOT_MEASURED
