"""The maintenance contract: days times rate in three tiers, in Decimal, rounded once a line.

Every quantity is the consultant's, from playbook.toml. Without a day rate the days stand and the
amounts are NotComputed: nothing can be quoted by accident. The refits that may come early are
priced from the survival of the model (`contingency`), never from an extrapolation; one that does
not take place is not paid, and no more than a number of them a year is ever invoiced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from math import ceil

from analysis import findings as f
from analysis.break_even import (
    NO_REFIT,
    Burden,
    cheapest_offers,
    misdirected_contacts,
    pays_from,
)
from analysis.break_even_range import range_break_even
from analysis.calendar_months import months_later
from analysis.contingency import Level, observed_until, plan_contingency, survival_of
from analysis.contract_dates import refit_months, review_months, working_days
from analysis.contract_terms import contract_terms, identify, warn, work_of_the_team
from analysis.money import (
    CENT,
    Amount,
    add,
    exchange_of,
    in_shop_currency,
    quarters_of_days,
    round_to,
)
from analysis.refresh import months_to_days
from analysis.settings import Contract, Settings, TierInput
from analysis.staleness import FAILED_CONTROLS

TAX_RATES = {
    "none": Decimal(0),
    "france": Decimal("0.20"),
    "eu_reverse_charge": Decimal(0),
    "outside_eu": Decimal(0),
}
YEARLY = 12
WEEKS_A_YEAR = 52
SHORTEST_SERENITY = 3
MARK_LENGTH = 8
NOT_GIVEN = f.NotComputed("not_given")
LEVELS: tuple[Level, ...] = ("lower", "central", "upper")


@dataclass(frozen=True)
class Basis:
    """What the price rests on besides the settings."""

    refresh: f.Refresh | f.NotComputed
    stability: f.Stability | f.NotComputed
    staleness: f.Staleness | f.NotComputed
    as_of: date


def price_contract(basis: Basis, settings: Settings) -> f.Proposal:
    """Return the proposal: three tiers when there is an interval to sell, else why not."""
    contract, client = settings.contract, settings.client
    months = basis.refresh.months if isinstance(basis.refresh, f.Refresh) else basis.refresh
    tiers = (
        _why_no_tiers(months)
        if isinstance(months, f.NotComputed)
        else _tiers(months, basis, settings)
    )
    issued, starts = contract.issued_on, contract.starts_on
    survival = survival_of(basis.stability)
    return f.Proposal(
        client=client.name.strip(),
        consultant=settings.consultant.name.strip(),
        client_identity=identify(client, client.name),
        consultant_identity=identify(settings.consultant, settings.consultant.name),
        number=contract.number or _number(basis, settings),
        issued_on=issued or NOT_GIVEN,
        valid_until=issued + timedelta(days=contract.validity_days) if issued else NOT_GIVEN,
        starts_on=starts or NOT_GIVEN,
        ends_on=_end(starts, contract) if starts else NOT_GIVEN,
        currency=contract.currency,
        shop_currency=client.currency,
        exchange=exchange_of(settings),
        term_months=contract.term_months,
        day_rate=_rate(contract),
        infrastructure_per_month=contract.infrastructure_per_month,
        tax_mode=contract.tax_mode,
        tax_rate=TAX_RATES[contract.tax_mode],
        validity_days=contract.validity_days,
        terms=contract_terms(contract),
        internal=work_of_the_team(contract),
        survival=survival if isinstance(survival, f.NotComputed) else survival[0],
        tiers=tiers,
        sensitivity=()
        if isinstance(months, f.NotComputed)
        else tuple(_sensitivity(months, basis, settings)),
        warnings=tuple(warn(settings)),
        line_rounding=contract.line_rounding,
        cheapest=_cheapest(tiers, basis, settings),
    )


def _number(basis: Basis, settings: Settings) -> str:
    """Return a mark of what the offer rests on, behind the day on which it is sent if it is known.

    Two offers of one day have two numbers, and one offer has one, whatever form its data come in.
    The last day of the data is no date of the offer, and is not named here.
    """
    months = basis.refresh.months if isinstance(basis.refresh, f.Refresh) else basis.refresh
    customers = 0 if isinstance(basis.staleness, f.NotComputed) else basis.staleness.customers
    parts = (settings.client, settings.consultant, settings.contract)
    inputs = [part.model_dump_json() for part in parts]
    rests_on = f"{inputs} {months} {customers} {basis.as_of}"
    mark = sha256(rests_on.encode()).hexdigest()[:MARK_LENGTH].upper()
    issued = settings.contract.issued_on
    return f"{issued:%Y%m%d}-{mark}" if issued else mark


def _why_no_tiers(reason: f.NotComputed) -> f.NotComputed:
    """Return that there is no interval; a control that failed is named itself."""
    failed = reason.code in FAILED_CONTROLS
    return reason if failed else f.NotComputed("depends_on", found="refresh")


def planned_refits(term_months: int, every_months: int) -> int:
    """Return the refits that fall within the term; the first model is the initial delivery.

    >>> planned_refits(12, 6), planned_refits(12, 12), planned_refits(12, 5)
    (1, 0, 2)
    """
    return max(0, ceil(term_months / every_months) - 1)


def over_term(a_year: int, term_months: int) -> int:
    """Return a yearly count over the term, rounded up.

    >>> over_term(4, 12), over_term(4, 18), over_term(1, 24), over_term(0, 36)
    (4, 6, 2, 0)
    """
    return ceil(a_year * term_months / YEARLY)


def _tiers(months: int, basis: Basis, settings: Settings) -> tuple[f.Tier, ...]:
    contract = settings.contract
    serenity = months if months <= SHORTEST_SERENITY else max(SHORTEST_SERENITY, months // 2)
    return _against_each_other(
        _tier("essential", max(YEARLY, months), months, contract.essential, basis, settings),
        _tier("recommended", months, months, contract.recommended, basis, settings),
        _tier("serenity", serenity, months, contract.serenity, basis, settings),
        basis=basis,
        settings=settings,
    )


def _against_each_other(*tiers: f.Tier, basis: Basis, settings: Settings) -> tuple[f.Tier, ...]:
    """Return the offers with the cost of a contact from which on each beats the one before it."""
    compared = [replace(tiers[0], break_even_over=tiers[0].break_even)]
    for before, tier in pairwise(tiers):
        burdens = [_burden(each, basis, settings) for each in (tier, before)]
        known = [burden for burden in burdens if not isinstance(burden, f.NotComputed)]
        over = pays_from(*known) if len(known) == len(burdens) else tier.break_even
        compared.append(replace(tier, break_even_over=over))
    return tuple(
        replace(tier, break_even_range=range_break_even(tier, basis.staleness, settings))
        for tier in compared
    )


def _tier(
    code: str,
    every: int,
    proven: int,
    inputs: TierInput,
    basis: Basis,
    settings: Settings,
    level: Level = "lower",
) -> f.Tier:
    """Return one tier: its lines, and totals that add the printed lines."""
    contract = settings.contract
    term = contract.term_months
    planned = planned_refits(term, every)
    included, reviews = over_term(inputs.early_refits, term), over_term(inputs.reviews, term)
    checks = over_term(inputs.monitoring_visits, term)
    contingency = _contingency(every, proven, planned + included, checks, basis, settings, level)
    provided = _covered(contingency, planned, included)
    if provided != included:
        # The share of the terms is that of the refits which the total holds.
        contingency = _contingency(
            every, proven, planned + provided, checks, basis, settings, level
        )
    lines = _lines(planned, provided, inputs, contract)
    total = add([line.amount for line in lines])
    tax = _tax(total, contract)
    refits, visits = refit_months(every, planned), review_months(term, reviews)
    needed = _most_early(contract)
    if not isinstance(contingency, f.NotComputed):
        needed = contingency.covered_refits - planned
    made = f.Tier(
        code=code,  # type: ignore[arg-type]  # the callers pass the three literals
        refit_every_months=every,
        beyond_observed=every > proven,
        is_seen=_is_seen(every, basis),
        rescoring=inputs.rescoring,
        delays=f.Delays(
            inputs.blocking_working_days, inputs.major_working_days, inputs.response_working_days
        ),
        restoration=f.Delays(
            inputs.blocking_restored_working_days,
            inputs.major_restored_working_days,
            inputs.minor_restored_working_days,
        ),
        early_refits_included=included,
        refit_dates=_dates(refits, contract),
        review_dates=_dates(visits, contract),
        contingency=contingency,
        lines=lines,
        days=sum((line.days for line in lines), Decimal(0)),
        total=total,
        tax=tax,
        total_with_tax=add([total, tax]),
        price_cap=_with_early(lines, max(_most_early(contract), included), contract),
        other_total=_other(total, settings),
        break_even=NO_REFIT,
        refit_months=refits,
        review_months=visits,
        price_floor=_with_early(lines, 0, contract),
        prudent_price=_with_early(
            lines, min(max(needed, 0), max(_most_early(contract), included)), contract
        ),
        early_refit_price=_line("early_refit", 1, contract.refit_days, contract).amount,
        fixed_days=sum(
            (line.days for line in lines if line.code != "early_refit"), start=Decimal(0)
        ),
        invoices=_invoices(_with_early(lines, 0, contract), contract),
    )
    pays = _break_even(made, basis, settings)
    return replace(made, break_even=pays, other_break_even=in_shop_currency(pays, settings))


def _dates(months: tuple[int, ...], contract: Contract) -> tuple[date, ...]:
    """Return the working days so many months after the start; none before it is known."""
    start = contract.starts_on
    return working_days(start, months, _end(start, contract)) if start else ()


def _end(start: date, contract: Contract) -> date:
    """Return the last day of the contract."""
    return months_later(start, contract.term_months) - timedelta(days=1)


def _contingency(
    every: int,
    proven: int,
    included: int,
    checks: int,
    basis: Basis,
    settings: Settings,
    level: Level,
) -> f.Contingency | f.NotComputed:
    """Return what a term takes; nothing is known of cycles longer than could be observed."""
    if isinstance(basis.stability, f.NotComputed):
        return basis.stability
    survival = survival_of(basis.stability, level)
    if isinstance(survival, f.NotComputed):
        return survival
    if every > proven:
        return f.NotComputed("not_known_beyond", found=str(observed_until(basis.stability)))
    term = settings.contract.term_months
    return plan_contingency(survival[1], every, term, included, checks, settings)


def _is_seen(months: int, basis: Basis) -> bool:
    """Tell whether a model at least was followed for so long."""
    if isinstance(basis.stability, f.NotComputed):
        return False
    return months_to_days(months) <= basis.stability.chosen.longest_observed_days


def _covered(contingency: f.Contingency | f.NotComputed, planned: int, included: int) -> int:
    """Return how many of the early refits that are included are invoiced: those to be expected."""
    if isinstance(contingency, f.NotComputed):
        return included
    return min(included, max(0, contingency.covered_refits - planned))


def _lines(
    planned: int, covered: int, inputs: TierInput, contract: Contract
) -> tuple[f.ContractLine, ...]:
    """Return the lines of a tier; what there is none of has no line."""
    term = contract.term_months
    quantities = (
        ("onboarding", 1, contract.onboarding_days),
        ("rescoring", _rescorings(inputs, term), Decimal(0)),
        ("refit", planned, contract.refit_days),
        ("early_refit", covered, contract.refit_days),
        ("monitoring", over_term(inputs.monitoring_visits, term), contract.monitoring_days),
        ("review", over_term(inputs.reviews, term), contract.review_days),
    )
    work = tuple(_line(name, count, days, contract) for name, count, days in quantities if count)
    return (*work, _infrastructure(contract)) if contract.infrastructure_per_month else work


def _rescorings(inputs: TierInput, term_months: int) -> int:
    """Return how often customers are scored again in the term."""
    weekly = inputs.rescoring == "weekly"
    return over_term(WEEKS_A_YEAR if weekly else YEARLY, term_months)


def _tax(total: Decimal | f.NotComputed, contract: Contract) -> Decimal | f.NotComputed:
    """Return the tax on a total by the mode of the contract, to the cent."""
    if isinstance(total, f.NotComputed):
        return total
    return round_to(total * TAX_RATES[contract.tax_mode], CENT)


def _line(code: str, quantity: int, days_each: Decimal, contract: Contract) -> f.ContractLine:
    """Return a line of work: its days rounded up to a quarter, its amount rounded once."""
    days = quarters_of_days(quantity * days_each)
    rate = _rate(contract)
    return f.ContractLine(
        code=code,  # type: ignore[arg-type]  # the codes stand in the table of _lines
        quantity=quantity,
        days_each=days_each,
        days=days,
        amount=rate
        if isinstance(rate, f.NotComputed)
        else round_to(days * rate, contract.line_rounding),
    )


def _infrastructure(contract: Contract) -> f.ContractLine:
    """Return the line of the running costs, which are no days of work."""
    amount = contract.infrastructure_per_month * contract.term_months
    return f.ContractLine(
        code="infrastructure",
        quantity=contract.term_months,
        days_each=Decimal(0),
        days=Decimal(0),
        amount=round_to(amount, contract.line_rounding),
    )


def _most_early(contract: Contract) -> int:
    """Return how many early refits are ever invoiced over the term."""
    return over_term(contract.early_refits_a_year, contract.term_months)


def _with_early(lines: tuple[f.ContractLine, ...], early: int, contract: Contract) -> Amount:
    """Return what is paid when so many refits come early."""
    line = _line("early_refit", early, contract.refit_days, contract)
    return add([line.amount, *(each.amount for each in lines if each.code != "early_refit")])


def _invoices(price: Amount, contract: Contract) -> tuple[Decimal, ...]:
    """Return the parts of the fixed price as invoiced, the balance being what the others leave."""
    if isinstance(price, f.NotComputed):
        return ()
    terms = contract.terms
    first, second = (
        round_to(price * Decimal(repr(share)), contract.line_rounding)
        for share in (terms.deposit_share, terms.interim_share)
    )
    return first, second, price - first - second


def _other(total: Amount, settings: Settings) -> Amount:
    """Return a total in the shop's currency, in the steps of the lines: for information."""
    if settings.contract.currency == settings.client.currency:
        return f.NotComputed("depends_on", found="exchange")
    other = in_shop_currency(total, settings)
    if isinstance(other, f.NotComputed):
        return other
    return round_to(other, settings.contract.line_rounding)


def _burden(tier: f.Tier, basis: Basis, settings: Settings) -> Burden | f.NotComputed:
    """Return what an offer costs as long as no model breaks, and the contacts it misdirects."""
    if isinstance(basis.staleness, f.NotComputed):
        return basis.staleness
    if isinstance(tier.price_floor, f.NotComputed):
        return tier.price_floor
    every = float(tier.refit_every_months)
    contacts = misdirected_contacts(basis.staleness, every, settings)
    return Burden(tier.code, tier.price_floor, contacts)


def _nothing(staleness: f.Staleness, settings: Settings) -> Burden:
    """Return what doing nothing costs: a model that is never refitted."""
    term = float(settings.contract.term_months)
    return Burden("nothing", Decimal(0), misdirected_contacts(staleness, term, settings))


def _break_even(tier: f.Tier, basis: Basis, settings: Settings) -> Amount:
    """Return the cost of a misdirected contact from which on an offer beats doing nothing."""
    burden = _burden(tier, basis, settings)
    if isinstance(burden, f.NotComputed) or isinstance(basis.staleness, f.NotComputed):
        return basis.staleness if isinstance(basis.staleness, f.NotComputed) else tier.total
    return pays_from(burden, _nothing(basis.staleness, settings))


def _cheapest(
    tiers: tuple[f.Tier, ...] | f.NotComputed, basis: Basis, settings: Settings
) -> tuple[f.CheapestOffer, ...] | f.NotComputed:
    """Return which offer costs least, by what a misdirected contact costs."""
    if isinstance(tiers, f.NotComputed):
        return tiers
    if isinstance(basis.staleness, f.NotComputed):
        return basis.staleness
    burdens = [_nothing(basis.staleness, settings)]
    for tier in tiers:
        burden = _burden(tier, basis, settings)
        if isinstance(burden, f.NotComputed):
            return burden
        burdens.append(burden)
    return cheapest_offers(burdens, settings)


def _sensitivity(months: int, basis: Basis, settings: Settings) -> Iterator[f.SensitivityRow]:
    """Yield the recommended offer as it stands, then priced again with one input changed."""
    contract, exchange = settings.contract, settings.contract.exchange
    wanted = contract.sensitivity

    def again(
        code: f.SensitivityCode,
        value: object,
        changed: Settings | None = None,
        every: int = months,
        level: Level = "lower",
    ) -> f.SensitivityRow:
        used = changed or settings
        inputs = used.contract.recommended
        tier = _tier("recommended", every, months, inputs, basis, used, level)
        prices = (tier.total, tier.other_total, tier.break_even)
        return f.SensitivityRow(code, str(value), tier.beyond_observed, *prices, tier.is_seen)

    yield again("as_offered", "")
    if contract.day_rate is not None:
        for step in (1 - wanted.rate_share, 1 + wanted.rate_share):
            rate = round_to(contract.day_rate * step, CENT)
            yield again("day_rate", rate, _with(settings, day_rate=rate))
    for days in wanted.refit_days:
        yield again("refit_days", days, _with(settings, refit_days=days))
    for every in wanted.intervals:
        yield again("interval", every, every=every)
    for level in LEVELS:
        yield again("curve", level, level=level)
    for campaigns in wanted.campaigns:
        yield again("campaigns", campaigns, _with(settings, campaigns_per_month=campaigns))
    if exchange.rate is not None and contract.currency != settings.client.currency:
        for step in (1 - wanted.exchange_share, 1 + wanted.exchange_share):
            rate = exchange.rate * step
            changed = _with(settings, exchange=exchange.model_copy(update={"rate": rate}))
            yield again("exchange_rate", rate.normalize(), changed)


def _with(settings: Settings, **changes: object) -> Settings:
    """Return the settings with inputs of the contract changed."""
    contract = settings.contract.model_copy(update=changes)
    return settings.model_copy(update={"contract": contract})


def _rate(contract: Contract) -> Decimal | f.NotComputed:
    """Return the day rate, or why there is none."""
    return f.NotComputed("no_day_rate") if contract.day_rate is None else contract.day_rate
