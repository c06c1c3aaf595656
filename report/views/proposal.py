"""The maintenance contract in words: offers, lines, prices or the blanks to fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analysis.findings import ContractLine, Findings, NotComputed, Proposal, Tier
from report.content import Content
from report.views.break_evens import pays_sentence, rests_table
from report.views.clauses import clause_views, remarks_table
from report.views.contract_dates import issued_text, stands_sentence, valid_text
from report.views.contract_notes import annex_table, tax_sentence, warning_sentences
from report.views.contract_prices import (
    break_note,
    budget_sentence,
    commitment,
    enough_sentence,
    infrastructure_price,
    price_sentence,
    range_sentence,
    short_range,
)
from report.views.contract_records import ContractLineView, ProposalView, TierView
from report.views.contract_risks import (
    contingency_sentence,
    risks_table,
    unless_unknown,
    worth_sentence,
)
from report.views.contract_tables import (
    TIERS,
    blank_parties,
    calendar_table,
    interval_cell,
    parties_table,
    sensitivity_table,
    service_table,
)
from report.views.figures import Column, Table
from report.views.records import Absence
from report.views.staleness import exchange_sentence
from report.views.timelines import starting_dates
from report.wording import BLANK, Wording, message

PROMISES = {
    "essential": message("Keep the segments in service and know when they age."),
    "recommended": message(
        "Refit at the interval that the data can vouch for, with a monthly watch."
    ),
    "serenity": message("Scores every week, refits ahead of need, the shortest response."),
}
EARLY = "early_refit"
LINES = {
    "onboarding": message("Setting up"),
    "rescoring": message("Re-scoring, run by the client"),
    "refit": message("Planned refit"),
    "monitoring": message("Check of the model"),
    "review": message("Review with the teams"),
    "early_refit": message("Early refit provided for, if the alarm sounds"),
    "infrastructure": message("Infrastructure, by month"),
}


def proposal_view(findings: Findings, wording: Wording, content: Content) -> ProposalView:
    """Return the contract; every input of it is the consultant's and is said to be assumed."""
    proposal = findings.proposal
    tiers = (
        Absence(wording.not_computed(proposal.tiers))
        if isinstance(proposal.tiers, NotComputed)
        else tuple(_tier(tier, proposal, wording) for tier in proposal.tiers)
    )
    clauses = clause_views(findings, wording, content)
    warnings = warning_sentences(proposal, wording)
    return ProposalView(
        number=proposal.number,
        client=proposal.client or BLANK,
        consultant=proposal.consultant or BLANK,
        term=wording.months(proposal.term_months),
        stands=stands_sentence(proposal, wording),
        day_rate=_amount(proposal.day_rate, proposal.currency, wording),
        issued_on=issued_text(proposal, wording),
        valid_until=valid_text(proposal, wording),
        parties=parties_table(proposal, wording),
        calendar=calendar_table(proposal, wording),
        service_levels=service_table(proposal, wording),
        risks=risks_table(proposal, wording),
        contingency=contingency_sentence(proposal, wording),
        sensitivity=sensitivity_table(proposal, wording),
        warnings=warnings,
        remarks=remarks_table(clauses, tuple(blank_parties(proposal, wording)), warnings, wording),
        budget=budget_sentence(findings, wording),
        commitment=commitment(proposal, wording),
        enough=enough_sentence(proposal, wording),
        breaks=break_note(findings, wording),
        worth=worth_sentence(proposal, wording),
        pays=pays_sentence(proposal, wording),
        rests=rests_table(proposal, wording),
        annex=annex_table(proposal, wording),
        nothing=_nothing(findings, wording),
        tax=tax_sentence(proposal, wording),
        priced=not isinstance(proposal.day_rate, NotComputed),
        sentence=price_sentence(proposal, wording),
        tiers=tiers,
        table=_table(proposal, wording),
        differences=_table(proposal, wording, only_differences=True),
        assumptions=_assumptions(findings, wording),
        rounding=wording.gettext(
            "Each line is rounded to the nearest multiple of %(step)s, and totals add the lines.",
            step=wording.price(proposal.line_rounding, proposal.currency),
        ),
        clauses=clauses,
    )


def _nothing(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return what breaks without a contract, and when, as far as it is known."""
    _ = wording.gettext
    texts = [
        _("The rules in the CRM go on naming customers, and nobody checks that they still hold."),
    ]
    stability = findings.stability
    if not isinstance(stability, NotComputed):
        alarm = stability.chosen.first_alarm_days
        seen = stability.chosen.longest_confirmable_days
        texts.append(
            _(
                "No break was seen in %(days)s, on %(dates)s; after that nobody would notice one.",
                days=wording.days(seen),
                dates=starting_dates(stability.chosen.origins_at_limit, wording),
            )
            if isinstance(alarm, NotComputed)
            else _(
                "The first alarm came at %(days)s; nobody would hear it.", days=wording.days(alarm)
            )
        )
    texts.append(_("A change in the data may only be noticed when a campaign fails."))
    return tuple(texts)


def _amount(amount: Decimal | NotComputed, currency: str, wording: Wording) -> str:
    """Return an amount, or the blank that the consultant fills."""
    return BLANK if isinstance(amount, NotComputed) else wording.price(amount, currency)


def _tier(tier: Tier, proposal: Proposal, wording: Wording) -> TierView:
    _ = wording.gettext
    currency = proposal.currency
    lines = [_line(line, currency, wording) for line in tier.lines]
    return TierView(
        code=tier.code,
        name=_(TIERS[tier.code]),
        promise=_(PROMISES[tier.code]),
        features=_features(tier, wording),
        lines=tuple(line for line in lines if line.code != EARLY),
        early=next((line for line in lines if line.code == EARLY), None),
        fixed=_amount(tier.price_floor, currency, wording),
        fixed_days=wording.work_days(tier.fixed_days),
        cap=_amount(tier.price_cap, currency, wording),
        days=wording.work_days(tier.days),
        total=_amount(tier.total, currency, wording),
        tax=_amount(tier.tax, currency, wording) if _is_taxed(tier) else "",
        total_with_tax=_amount(tier.total_with_tax, currency, wording) if _is_taxed(tier) else "",
        range=range_sentence(tier, currency, wording),
        short_range=short_range(tier, currency, wording),
        recommended=tier.code == "recommended",
    )


def _is_taxed(tier: Tier) -> bool:
    """Tell whether a tax is added to an offer's price."""
    return not isinstance(tier.tax, NotComputed) and tier.tax > 0


def _features(tier: Tier, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    rescoring = (
        _("Customers scored again every week, by the client")
        if tier.rescoring == "weekly"
        else _("Customers scored again every month, by the client")
    )
    return (
        _refits(tier, wording),
        rescoring,
        _early(tier, wording),
        _(
            "Response within %(blocking)s, %(major)s or %(minor)s working days, by severity",
            blocking=wording.integer(tier.delays.blocking),
            major=wording.integer(tier.delays.major),
            minor=wording.integer(tier.delays.minor),
        ),
    )


def _early(tier: Tier, wording: Wording) -> str:
    """Return how many early refits the offer provides for."""
    count = tier.early_refits_provided
    if not count:
        return wording.gettext("No early refit provided for")
    return wording.ngettext(
        "%(number)s early refit provided for", "%(number)s early refits provided for", count
    )


def _refits(tier: Tier, wording: Wording) -> str:
    """Return how often the tier refits, or that it does not within the term."""
    every = wording.every_months(tier.refit_every_months)
    if not any(line.code == "refit" for line in tier.lines):
        if tier.beyond_observed:
            return wording.gettext(
                "No refit within the term: longer than the segments could be observed to hold"
            )
        return wording.gettext("No refit within the term")
    if tier.beyond_observed:
        return wording.gettext(
            "Refit %(every)s, longer than could be observed to hold", every=every
        )
    return wording.gettext("Refit %(every)s", every=every)


def _line(line: ContractLine, currency: str, wording: Wording) -> ContractLineView:
    is_work = line.code != "infrastructure"
    return ContractLineView(
        code=line.code,
        name=wording.gettext(LINES[line.code]),
        quantity=wording.integer(line.quantity),
        days_each=wording.work_days(line.days_each) if is_work else "",
        days=wording.work_days(line.days) if is_work else "",
        amount=_amount(line.amount, currency, wording),
    )


def _table(
    proposal: Proposal, wording: Wording, *, only_differences: bool = False
) -> Table | Absence:
    """Return the offers side by side, with the rows of work that are alike or without them."""
    _ = wording.gettext
    if isinstance(proposal.tiers, NotComputed):
        return Absence(wording.not_computed(proposal.tiers))
    tiers, currency = proposal.tiers, proposal.currency
    work = _work_rows(tiers, wording)
    if only_differences:
        work = [row for row in work if len(set(row[1:])) > 1]
    return Table(
        caption=_("The offers over %(term)s", term=wording.months(proposal.term_months)),
        columns=(
            Column(_("Quantity over the term"), is_number=False),
            *(Column(_(TIERS[tier.code])) for tier in tiers),
            Column(_("Doing nothing")),
        ),
        rows=(
            *((*row, "–") for row in work),
            *_price_rows(tiers, currency, wording),
        ),
        total=(
            _("Price cap, before tax"),
            *(_amount(tier.price_cap, currency, wording) for tier in tiers),
            wording.price(Decimal(0), currency),
        ),
        note=""
        if not isinstance(proposal.day_rate, NotComputed)
        else wording.not_computed(proposal.day_rate),
    )


def _work_rows(tiers: Sequence[Tier], wording: Wording) -> list[tuple[str, ...]]:
    """Return what the offers hold, one row a line of work that any of them has."""
    _ = wording.gettext
    used = {line.code for tier in tiers for line in tier.lines}
    return [
        (
            _("Interval between refits"),
            *(interval_cell(tier.refit_every_months, tier, wording) for tier in tiers),
        ),
        *(
            (_(LINES[code]), *(_quantity(tier, code, wording) for tier in tiers))
            for code in LINES
            if code in used
        ),
        (_("Days of work, fixed price"), *(wording.work_days(tier.fixed_days) for tier in tiers)),
        (
            _("Probability of an early refit, a cycle, at most"),
            *(
                unless_unknown(
                    tier.contingency, lambda found: wording.share(found.early_share), wording
                )
                for tier in tiers
            ),
        ),
    ]


def _price_rows(
    tiers: Sequence[Tier], currency: str, wording: Wording
) -> Iterator[tuple[str, ...]]:
    """Yield what is fixed, what an early refit adds, and what it comes to with those provided.

    Doing nothing, in the last column, has no refit and costs nothing.
    """
    _ = wording.gettext
    rows = [
        (_("Fixed price, before tax"), "price_floor"),
        (_("Each early refit, paid only if it takes place"), "early_refit_price"),
        (_("With the early refits provided for, before tax"), "total"),
    ]
    if any(_is_taxed(tier) for tier in tiers):
        rows.append((_("With the early refits provided for, with tax"), "total_with_tax"))
    # Without a day rate they would be blanks all alike.
    priced = not any(isinstance(tier.price_floor, NotComputed) for tier in tiers)
    for label, name in rows if priced else rows[:1]:
        nothing = "–" if name == "early_refit_price" else wording.price(Decimal(0), currency)
        yield (label, *(_amount(getattr(tier, name), currency, wording) for tier in tiers), nothing)


def _quantity(tier: Tier, code: str, wording: Wording) -> str:
    """Return how many of a line of work an offer holds."""
    return wording.integer(sum(line.quantity for line in tier.lines if line.code == code))


def _assumptions(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return the consultant's inputs, marked as such."""
    _, proposal = wording.gettext, findings.proposal
    sentences = [
        _(
            "Day rate: %(rate)s (assumed, the consultant's).",
            rate=_amount(proposal.day_rate, proposal.currency, wording),
        ),
        tax_sentence(proposal, wording)
        + " "
        + _("To be confirmed by an accountant before signing."),
        _(
            "Term: %(term)s. %(stands)s.",
            term=wording.months(proposal.term_months),
            stands=stands_sentence(proposal, wording),
        ),
    ]
    if proposal.infrastructure_per_month:
        sentences.append(
            _(
                "Infrastructure: %(amount)s a month (assumed), for the consultant's computer.",
                amount=wording.price(proposal.infrastructure_per_month, proposal.currency),
            )
            + _without_infrastructure(proposal, wording)
        )
    exchange = exchange_sentence(findings, wording)
    if exchange:
        sentences.append(exchange)
    if not isinstance(proposal.tiers, NotComputed):
        sentences.insert(1, _work_sentence(proposal.tiers, wording))
    return tuple(sentences)


def _without_infrastructure(proposal: Proposal, wording: Wording) -> str:
    """Return by how much the fixed price falls on the client's machine; nothing if unpriced."""
    fall = infrastructure_price(proposal, wording)
    if not fall:
        return ""
    said = wording.gettext("On a machine of the client's, the fixed price falls by %(fall)s.",
                           fall=fall)  # fmt: skip
    return f" {said}"


def _work_sentence(tiers: tuple[Tier, ...], wording: Wording) -> str:
    lines = {line.code: line for tier in tiers for line in tier.lines if line.days_each}
    return wording.gettext(
        "Days of work for each piece (assumed): %(pieces)s.",
        pieces=wording.listing(
            f"{wording.gettext(LINES[code])} {wording.work_days(line.days_each)}"
            for code, line in lines.items()
        ),
    )
