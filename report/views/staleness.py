"""What an old model costs, in words: from which cost of a contact on a refit pays."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from analysis.findings import (
    CostCurve,
    Findings,
    IntervalBreakEven,
    NotComputed,
    Proposal,
    Staleness,
)
from report.views.break_evens import known_range
from report.views.contract_prices import recommended_of
from report.views.contract_records import StalenessView
from report.views.contract_tables import two_currencies
from report.views.figures import Axis, Column, Mark, Table, round_axis
from report.views.records import Absence
from report.views.time_figures import AgeLine, CostFigure
from report.wording import Wording, message

DAYS_A_MONTH = 365.25 / 12
# The first ages cost so much more that the curve would be a line on the floor: it starts where the
# cost is at most this many times the lowest.
HIGHEST = 3.0
# By whether the cost of a contact was given; else the curve is drawn at the one that makes the
# recommended interval the cheapest, which proves nothing of it.
FLAT = {
    True: message(
        "At %(cost)s for a misdirected contact, intervals from %(low)s to %(high)s cost at most "
        "%(share)s more than the cheapest: the exact month matters little."
    ),
    False: message(
        "At %(cost)s, the cost that makes the recommended interval the cheapest, intervals from "
        "%(low)s to %(high)s cost at most %(share)s more: were that the cost, the exact month "
        "would matter little."
    ),
}


def staleness_view(findings: Findings, wording: Wording) -> StalenessView | Absence:
    """Return what an old model costs, or why it is not known."""
    found = findings.staleness
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    curve = found.curve
    return StalenessView(
        title=_title(findings, found, wording),
        sentence=_sentence(findings, found, wording),
        misplaced=_misplaced(findings, found, wording),
        flat="" if isinstance(curve, NotComputed) else _flat(curve, found, wording),
        inputs=_inputs(found, wording),
        table=_table(findings, found, wording),
        figure=Absence(wording.not_computed(curve))
        if isinstance(curve, NotComputed)
        else _figure(curve, found, wording),
    )


def _recommended(findings: Findings, found: Staleness) -> IntervalBreakEven | None:
    """Return what is known of the recommended interval, if there is one."""
    refresh = findings.refresh
    if isinstance(refresh, NotComputed):
        return None
    return next((entry for entry in found.break_even if entry.months == refresh.months), None)


def _sentence(findings: Findings, found: Staleness, wording: Wording) -> str:
    entry = _recommended(findings, found)
    if entry is None:
        return wording.gettext("No interval is recommended, so its cost is not weighed.")
    if isinstance(entry.contact_cost, NotComputed):
        return wording.not_computed(entry.contact_cost)
    said = _cheapest(entry, _both(entry, findings.proposal, wording), wording)
    if isinstance(entry.low_cost, NotComputed) or isinstance(entry.high_cost, NotComputed):
        return said
    alone = wording.gettext(
        "By one starting date alone: %(low)s to %(high)s.",
        low=wording.estimate(entry.low_cost, found.currency),
        high=wording.estimate(entry.high_cost, found.currency),
    )
    return f"{said} {alone}"


def _cheapest(entry: IntervalBreakEven, cost: str, wording: Wording) -> str:
    return wording.gettext(
        "A refit %(every)s is the cheapest where a misdirected contact costs %(cost)s.",
        every=wording.every_months(entry.months),
        cost=cost,
    )


def _title(findings: Findings, found: Staleness, wording: Wording) -> str:
    """Return from which cost on the offer pays; of one not priced, what the interval asks.

    In the quote's currency alone: a title has no room for two.
    """
    entry, tier = _recommended(findings, found), recommended_of(findings.proposal)
    if entry is None or isinstance(entry.contact_cost, NotComputed):
        return _sentence(findings, found, wording).rstrip(".")
    currency = findings.proposal.currency
    if tier is None or isinstance(tier.break_even, NotComputed):
        return _cheapest(entry, wording.estimate(entry.contact_cost, currency), wording).rstrip(".")
    span = known_range(tier)
    if span is not None and span.low != span.high:
        return wording.gettext(
            "Against doing nothing, the recommended offer breaks even at %(low)s to %(high)s per "
            "misdirected contact, where ageing shows",
            low=wording.estimate(span.low, currency),
            high=wording.estimate(span.high, currency),
        )
    return wording.gettext(
        "Against doing nothing, the recommended offer breaks even at %(pays)s per misdirected "
        "contact",
        pays=wording.estimate(tier.break_even, currency),
    )


def _both(entry: IntervalBreakEven, proposal: Proposal, wording: Wording) -> str:
    """Return a cost in the quote's currency, and in the shop's where a rate is given."""
    if isinstance(entry.contact_cost, NotComputed):
        return _known(entry.contact_cost, wording.share, wording)
    return two_currencies(entry.contact_cost, entry.other_cost, proposal, wording)


def _misplaced(findings: Findings, found: Staleness, wording: Wording) -> str:
    floor = wording.share(found.misplacement.floor_share)
    entry = _recommended(findings, found)
    if entry is None or isinstance(entry.misplaced_share, NotComputed):
        return wording.gettext(
            "Two refits of one day disagree on %(floor)s of the customers: only what an old model "
            "misplaces beyond that is counted.",
            floor=floor,
        )
    if isinstance(entry.measured_share, NotComputed):
        return wording.gettext(
            "After %(age)s a model misplaces %(share)s of the customers by the fitted curve, not "
            "counting the %(floor)s on which two refits of one day disagree.",
            age=wording.months(entry.months),
            share=wording.share(entry.misplaced_share),
            floor=floor,
        )
    return wording.gettext(
        "A model misplaces %(measured)s of the customers after %(days)s as measured, %(share)s "
        "after %(age)s by the fitted curve, not counting the %(floor)s on which two refits of one "
        "day disagree.",
        measured=_measured(entry, wording),
        days=wording.days(entry.measured_days),
        age=wording.months(entry.months),
        share=wording.share(entry.misplaced_share),
        floor=floor,
    )


def _measured(entry: IntervalBreakEven, wording: Wording) -> str:
    """Return the share measured; none where two refits of one day disagree as much."""
    if isinstance(entry.measured_share, NotComputed):
        return _known(entry.measured_share, wording.share, wording)
    return wording.share(max(entry.measured_share, 0.0))


def _flat(curve: CostCurve, found: Staleness, wording: Wording) -> str:
    sentence = wording.gettext(
        FLAT[curve.is_assumed],
        cost=wording.price(curve.contact_cost, found.currency)
        if curve.is_assumed
        else wording.estimate(curve.contact_cost, found.currency),
        low=wording.number(curve.flat_from, 1),
        high=wording.months(curve.flat_until, 1),
        share=wording.tick_share(curve.flat_share),
    )
    seen = found.misplacement.observed_until_days
    if curve.flat_until * DAYS_A_MONTH <= seen:
        return sentence
    beyond = wording.gettext(
        "Beyond %(days)s this is extrapolated: no model so old was observed.",
        days=wording.days(seen),
    )
    return f"{sentence} {beyond}"


def _inputs(found: Staleness, wording: Wording) -> tuple[str, ...]:
    """Return what the cost rests on, marked as assumed."""
    _ = wording.gettext
    texts = [
        _(
            "%(customers)s customers in segments; campaigns a month: %(campaigns)s (assumed).",
            customers=wording.integer(found.customers),
            campaigns=wording.integer(found.campaigns_per_month),
        ),
        _("A refit costs %(cost)s (assumed).", cost=wording.price(found.refit_cost, found.currency))
        if not isinstance(found.refit_cost, NotComputed)
        else wording.not_computed(found.refit_cost),
        _(
            "What a misdirected contact costs: %(cost)s (assumed, the client's).",
            cost=wording.price(found.contact_cost, found.currency),
        )
        if not isinstance(found.contact_cost, NotComputed)
        else _not_given(found, wording),
    ]
    return tuple(texts)


def _not_given(found: Staleness, wording: Wording) -> str:
    """Return that no cost of a contact is given, and at which one the curve is drawn all the same.

    That cost makes the recommended interval the cheapest: the curve shows how flat the choice is,
    and is no proof of it.
    """
    text = wording.gettext(
        "What a misdirected contact costs is the client's to judge: no value is assumed."
    )
    if isinstance(found.curve, NotComputed):
        return text
    drawn = wording.gettext(
        "The curve is drawn at the one that makes the recommended interval the cheapest: it does "
        "not prove it."
    )
    return f"{text} {drawn}"


def exchange_sentence(findings: Findings, wording: Wording) -> str:
    """Return the rate between the two currencies with its date and source; nothing without one."""
    proposal = findings.proposal
    if isinstance(proposal.exchange, NotComputed):
        return ""
    return wording.gettext(
        "Rate of exchange: %(one)s = %(rate)s on %(day)s, source: %(source)s (assumed).",
        one=wording.price(Decimal(1), proposal.currency),
        rate=wording.money(proposal.exchange.rate, proposal.shop_currency, 2),
        day=wording.date(proposal.exchange.quoted_on),
        source=proposal.exchange.source,
    )


def _table(findings: Findings, found: Staleness, wording: Wording) -> Table:
    """Return the intervals of which something is known."""
    _ = wording.gettext
    known = [
        entry for entry in found.break_even if not isinstance(entry.misplaced_share, NotComputed)
    ]
    return Table(
        caption=_("At which cost of a misdirected contact each interval is the cheapest"),
        columns=(
            Column(_("Interval between refits"), is_number=False),
            Column(_("Customers misplaced, measured")),
            Column(_("Customers misplaced, fitted curve")),
            Column(_("The cheapest at, a contact")),
        ),
        rows=tuple(
            (
                wording.months(entry.months),
                _measured_cell(entry, wording),
                _known(entry.misplaced_share, wording.share, wording),
                _cost_cell(entry, findings.proposal, wording),
            )
            for entry in known
        ),
        # What is said from when on the offer pays names that age already.
        note=""
        if known_range(recommended_of(findings.proposal))
        else _(
            "Nothing is said beyond %(days)s, the oldest age observed.",
            days=wording.days(found.misplacement.observed_until_days),
        ),
    )


def _cost_cell(entry: IntervalBreakEven, proposal: Proposal, wording: Wording) -> str:
    """Return from which cost on an interval is the cheapest; no amount is made of noise."""
    share = entry.measured_share
    if not isinstance(share, NotComputed) and share <= 0:
        return "–"
    return _both(entry, proposal, wording)


def _measured_cell(entry: IntervalBreakEven, wording: Wording) -> str:
    """Return the share measured, with its age; what two refits of one day give is noise."""
    days, share = wording.days(entry.measured_days), entry.measured_share
    if not isinstance(share, NotComputed) and share <= 0:
        return wording.gettext("within the noise at %(days)s", days=days)
    return wording.gettext("%(share)s at %(days)s", share=_measured(entry, wording), days=days)


def _known(
    value: float | Decimal | NotComputed, write: Callable[..., str], wording: Wording
) -> str:
    if isinstance(value, NotComputed):
        return (
            wording.gettext("not observed")
            if value.code == "not_observed"
            else wording.gettext("not computed")
        )
    return write(value)


def _figure(curve: CostCurve, found: Staleness, wording: Wording) -> CostFigure:
    _ = wording.gettext
    seen = found.misplacement.observed_until_days / DAYS_A_MONTH
    points = [
        (months, cost)
        for months, cost in zip(curve.months, curve.costs, strict=True)
        if cost <= HIGHEST * curve.optimum_cost
    ]
    observed = tuple(point for point in points if point[0] <= seen)
    beyond = (*observed[-1:], *(point for point in points if point[0] > seen))
    highest = max((cost for _months, cost in points), default=curve.optimum_cost)

    def money(value: float) -> str:
        return wording.money(value, found.currency)

    label = _("Cost a month (%(currency)s)", currency=wording.currency(found.currency))
    y_axis = round_axis(label, 0, highest, money)
    last = int(max(curve.months))
    return CostFigure(
        title=_("What an interval between refits costs a month"),
        description=_flat(curve, found, wording),
        x_axis=Axis(
            _("Interval between refits, in months"),
            tuple(Mark(float(month), wording.integer(month)) for month in range(0, last + 1, 2)),
        ),
        y_axis=y_axis,
        observed=AgeLine(_("Refits and misdirected contacts"), observed),
        beyond=AgeLine(_("Extrapolated: no model so old was observed"), beyond),
        flat=(curve.flat_from, min(curve.flat_until, float(last))),
        flat_name=_("Within %(share)s of the lowest", share=wording.tick_share(curve.flat_share)),
        optimum=Mark(curve.optimum_months, wording.months(curve.optimum_months, 1)),
        optimum_name=_("Lowest cost"),
        table=Table(
            caption=_("What an interval between refits costs a month"),
            columns=(Column(_("Interval between refits")), Column(_("Cost a month"))),
            rows=tuple(
                (wording.months(months), money(cost))
                for months, cost in zip(curve.months, curve.costs, strict=True)
                if months == int(months)
            ),
        ),
    )
