"""What acting on each segment takes, may bring, and can be shown to have brought, in words."""

from __future__ import annotations

from dataclasses import fields

from analysis.findings import (
    ActionBasis,
    ActionPlan,
    BuyingAgain,
    Interval,
    NextOrder,
    NotComputed,
    Repurchase,
    Segment,
    Segmentation,
)
from report.content import Content, Persona
from report.views.figures import Column, Table
from report.views.holding_out import (
    buyers_sentence,
    control_sentence,
    is_for_all,
    left_out,
    lift_card,
    proof_sentence,
    provable_rise,
)
from report.views.records import Card
from report.views.segment_records import ActionView, PlanView
from report.wording import BLANK, Wording, message

ROLES = {
    "repair": message("Repair"),
    "sell": message("Sell"),
    "wait": message("Wait"),
    "serve": message("Serve"),
    "understand": message("Understand"),
}
STAKES = {
    "revenue_at_risk": message("%(amount)s of revenue comes from this segment"),
    "value_per_hour": message("%(amount)s expected for an hour of work, by the inputs given"),
    "expected_value": message("%(amount)s expected from one mailing, by the inputs given"),
    "point_value": message("if one more customer in a thousand came back: %(amount)s in sales"),
}
# What ranks the segments to sell to, by what the client gave.
MEASURES = {
    "value_per_hour": message(
        "what an hour of work is expected to bring, as costs and hours are given"
    ),
    "expected_value": message("what one mailing is expected to bring, as costs are given"),
    "point_value": message(
        "what one more customer in a thousand would pay before margin and costs, as no cost is "
        "given"
    ),
}
NEXT_ORDERS = {
    "first": message("median time to come back"),
    "second": message("median time to a third order"),
}


def segment_name(segment: Segment, content: Content) -> str:
    """Return the persona's name, with a number where two segments share it."""
    name = content.persona(segment.persona).name
    return f"{name} {segment.persona_number}" if segment.persona_number else name


def plan_view(segment: Segment, found: Segmentation, currency: str, wording: Wording) -> PlanView:
    """Return a segment's plan."""
    plan, rate = segment.plan, segment.repurchase
    proof = proof_sentence(plan.hold_out, rate, found, wording)
    return PlanView(
        priority=wording.gettext(
            "Priority %(place)s of %(count)s",
            place=wording.integer(plan.priority),
            count=wording.integer(len(found.segments)),
        ),
        role=wording.gettext(ROLES[plan.role]),
        why=_stake(plan, currency, wording),
        cards=(
            _rate_card(rate, found.buying_again, wording),
            _next_card(segment.next_order, wording),
            *(() if is_for_all(plan.hold_out) else (lift_card(plan.hold_out, wording),)),
            _break_even_card(plan, wording),
        ),
        proof=proof,
        control=control_sentence(plan.hold_out, wording),
        sentences=tuple(
            text
            for text in (
                _rate_sentence(rate, found.buying_again, wording),
                _next_sentence(segment.next_order, wording),
                # The page of the playbook has no room for what follows the proof.
                f"{proof} {buyers_sentence(plan.hold_out, found, wording)}".strip(),
                _break_even(plan, currency, wording),
                _values(plan, currency, wording),
                _drawn(plan, currency, wording),
            )
            if text
        ),
    )


def action_views(persona: Persona, plan: ActionPlan, wording: Wording) -> tuple[ActionView, ...]:
    """Return the actions of a persona, each with the customers that its test leaves out."""
    names = [field.name for field in fields(ActionView) if field.name != "hold_out"]
    return tuple(
        ActionView(
            **{name: wording.typographic(getattr(action, name)) for name in names},
            hold_out=left_out(action, plan.hold_out, wording),
        )
        for action in persona.actions
    )


def by_priority(found: Segmentation) -> tuple[Segment, ...]:
    """Return the segments in the order of their plans."""
    return tuple(sorted(found.segments, key=lambda segment: segment.plan.priority))


def plan_table(found: Segmentation, currency: str, wording: Wording, content: Content) -> Table:
    """Return the segments ranked, with what each takes and can show."""
    _ = wording.gettext
    again = found.buying_again
    horizon = "" if isinstance(again, NotComputed) else wording.days(again.horizon_days)
    # Without the costs of anybody the column would be blanks.
    pays = any(not isinstance(one.plan.break_even_lift, NotComputed) for one in found.segments)
    return Table(
        caption=_("Whom first, and what can be proved"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Role"), is_number=False),
            Column(_("Why this rank"), is_number=False),
            Column(_("Value of one more purchase")),
            Column(_("Buy again in %(horizon)s", horizon=horizon) if horizon else _("Buy again")),
            Column(_("Smallest provable rise")),
            *((Column(_("Lift that pays")),) if pays else ()),
        ),
        rows=tuple(
            (
                f"{wording.integer(segment.plan.priority)}. {segment_name(segment, content)}",
                _(ROLES[segment.plan.role]),
                _stake(segment.plan, currency, wording),
                wording.money(segment.plan.basket, currency),
                _rate_cell(segment.repurchase, wording),
                provable_rise(segment.plan.hold_out, found.action_basis, wording),
                *((_points(segment.plan, wording),) if pays else ()),
            )
            for segment in by_priority(found)
        ),
        note=_table_note(found.action_basis, pays, wording),
    )


def plan_rule(found: Segmentation, wording: Wording) -> str:
    """Return how the segments are ranked, as analysis.actions.rank_plans does."""
    kinds = {segment.plan.stake_kind for segment in found.segments}
    measures = [wording.gettext(text) for kind, text in MEASURES.items() if kind in kinds]
    if not measures:
        return wording.gettext(
            "The order follows a rule: first repair, where reviews are low, by revenue; the loyal "
            "are served."
        )
    return wording.gettext(
        "The order follows a rule: first repair, where reviews are low, by revenue; then sell, by "
        "%(measure)s; a campaign that is not expected to pay waits; the loyal are served.",
        measure=wording.listing(measures),
    )


def buying_again(found: BuyingAgain | NotComputed, wording: Wording) -> tuple[str, ...]:
    """Return how the repeat rates were measured, and why no model of counts was fitted."""
    if isinstance(found, NotComputed):
        return (wording.not_computed(found),)
    return (
        wording.gettext(
            "Repeat rates count the customers who bought again within %(horizon)s of %(day)s, in "
            "the segment that they had that day: %(returned)s of %(customers)s. Each rate is drawn "
            "towards everybody’s as if %(strength)s more customers had been seen, so that a small "
            "segment does not owe its rate to a few; the interval beside it holds at %(level)s.",
            horizon=wording.days(found.horizon_days),
            day=wording.date(found.origin),
            returned=wording.integer(found.everybody.returned),
            customers=wording.integer(found.everybody.customers),
            strength=wording.integer(round(found.prior_strength)),
            level=wording.share(found.interval_share),
        ),
        " ".join(
            text for text in (_count_model(found, wording), _foretold(found, wording)) if text
        ),
    )


def valued(found: Segmentation, wording: Wording) -> tuple[str, ...]:
    """Return what one more sale is valued at, where next purchases were seen."""
    seen = [segment.plan.basket_orders for segment in found.segments]
    orders = sum(number for number in seen if not isinstance(number, NotComputed))
    if not orders:
        return ()
    return (
        wording.gettext(
            "One more sale is valued at the mean amount of a next purchase (%(orders)s were seen), "
            "drawn in each segment towards that of all: the first purchase would overstate the "
            "large baskets.",
            orders=wording.integer(orders),
        ),
    )


def _count_model(found: BuyingAgain, wording: Wording) -> str:
    """Return why a model of purchase counts is fitted or not: the share and the check."""
    figures = {
        "share": wording.share_against(found.repeat_share, found.count_model_share),
        "threshold": wording.share(found.count_model_share),
        "expected": wording.integer(round(found.constant_rate_returned)),
        "returned": wording.integer(found.everybody.returned),
    }
    if found.repeat_share < found.count_model_share:
        return wording.gettext(
            "No model of purchase counts (BG/NBD) is used: %(share)s of the customers ever came "
            "back, below %(threshold)s, so it would know little but the date of a single order. "
            "One constant rate for all foretells %(expected)s customers coming back; %(returned)s "
            "did.",
            **figures,
        )
    return wording.gettext(
        "A model of purchase counts (BG/NBD) is worth a trial: %(share)s of the customers came "
        "back, %(threshold)s or more. One constant rate for all foretells %(expected)s customers "
        "coming back; %(returned)s did.",
        **figures,
    )


def _foretold(found: BuyingAgain, wording: Wording) -> str:
    """Return what a model of purchase counts foretells all the same, beside chance."""
    if isinstance(found.counts, NotComputed):
        return ""
    text = wording.gettext(
        "Fitted all the same on the purchases before %(day)s, it foretells %(expected)s. How many "
        "is one thing, who is another, which a campaign needs: its area under the curve, a half by "
        "chance, is %(area)s.",
        day=wording.date(found.origin),
        expected=wording.integer(round(found.counts.expected_returned)),
        area=wording.index(found.counts.area),
    )
    if found.counts.is_inner:
        return text
    edge = wording.gettext("The fit has no best values: it runs to the edge of what is searched.")
    return f"{text} {edge}"


def _stake(plan: ActionPlan, currency: str, wording: Wording) -> str:
    return wording.gettext(STAKES[plan.stake_kind], amount=wording.money(plan.stake, currency))


def _rate_cell(rate: Repurchase | NotComputed, wording: Wording) -> str:
    if isinstance(rate, NotComputed):
        return BLANK
    found = Interval(rate.low, rate.high)
    return f"{wording.share_within(rate.share, found)} ({wording.interval(found)})"


def _rate_card(
    rate: Repurchase | NotComputed, again: BuyingAgain | NotComputed, wording: Wording
) -> Card:
    _ = wording.gettext
    if isinstance(rate, NotComputed) or isinstance(again, NotComputed):
        return Card("repurchase", BLANK, _("buy again"), _reason(rate, again, wording))
    return Card(
        "repurchase",
        wording.share_within(rate.share, Interval(rate.low, rate.high)),
        _("buy again within %(horizon)s", horizon=wording.days(again.horizon_days)),
        _(
            "interval at %(level)s: %(between)s",
            level=wording.share(again.interval_share, 0),
            between=wording.interval(Interval(rate.low, rate.high)),
        ),
    )


def _rate_sentence(
    rate: Repurchase | NotComputed, again: BuyingAgain | NotComputed, wording: Wording
) -> str:
    if isinstance(rate, NotComputed) or isinstance(again, NotComputed):
        return wording.gettext("Repeat purchase: %(reason)s", reason=_reason(rate, again, wording))
    return wording.gettext(
        "Of %(customers)s customers followed for %(horizon)s from %(origin)s on, whenever they had "
        "ordered, %(returned)s bought again: %(share)s, %(between)s at %(level)s, after drawing "
        "towards everybody’s %(everybody)s.",
        customers=wording.integer(rate.customers),
        horizon=wording.days(again.horizon_days),
        origin=wording.date(again.origin),
        returned=wording.integer(rate.returned),
        share=wording.share_within(rate.share, Interval(rate.low, rate.high)),
        between=wording.interval(Interval(rate.low, rate.high)),
        level=wording.share(again.interval_share),
        everybody=wording.share(again.everybody.share),
    )


def _reason(
    rate: Repurchase | NotComputed, again: BuyingAgain | NotComputed, wording: Wording
) -> str:
    absent = rate if isinstance(rate, NotComputed) else again
    return wording.not_computed(absent) if isinstance(absent, NotComputed) else ""


def _next_card(order: NextOrder | NotComputed, wording: Wording) -> Card:
    _ = wording.gettext
    if isinstance(order, NotComputed) or isinstance(order.half_way_days, NotComputed):
        absent = order if isinstance(order, NotComputed) else order.half_way_days
        reason = wording.not_computed(absent) if isinstance(absent, NotComputed) else ""
        return Card("next_order", BLANK, _("median time to come back"), reason)
    return Card(
        "next_order",
        wording.days(round(order.half_way_days)),
        _(NEXT_ORDERS[order.after]),
        _("of returns within %(age)s", age=wording.days(order.half_of_days)),
    )


def _next_sentence(order: NextOrder | NotComputed, wording: Wording) -> str:
    """Return the shares with a next order by age, and the quantiles, as far as they exist."""
    if isinstance(order, NotComputed):
        return wording.gettext("Next order: %(reason)s", reason=wording.not_computed(order))
    ages = [
        wording.gettext(
            "%(share)s after %(age)s",
            share=wording.share(part.share),
            age=wording.days(part.age_days),
        )
        for part in order.by_age
        if not isinstance(part.share, NotComputed)
    ]
    text = wording.gettext(
        "From an order to the next, over the whole history (Kaplan-Meier, %(customers)s customers "
        "whose earlier order alone would put them here, those who have not come back yet counted "
        "as such): %(shares)s.",
        customers=wording.integer(order.customers),
        shares=wording.listing(ages),
    )
    unreached = [part for part in order.quantiles if isinstance(part.days, NotComputed)]
    if unreached:
        text += " " + wording.gettext(
            "%(share)s is not reached in what can be observed.",
            share=wording.share(unreached[0].share),
        )
    return text


def _points(plan: ActionPlan, wording: Wording) -> str:
    lift = plan.break_even_lift
    return BLANK if isinstance(lift, NotComputed) else f"+{wording.lift(lift)}"


def _break_even_card(plan: ActionPlan, wording: Wording) -> Card:
    _ = wording.gettext
    if isinstance(plan.break_even_lift, NotComputed):
        return Card("break_even", BLANK, _("lift that pays"), _("your costs are missing"))
    return Card("break_even", _points(plan, wording), _("lift that pays"), _("of those reached"))


def _break_even(plan: ActionPlan, currency: str, wording: Wording) -> str:
    """Return the lift that pays, or which inputs are missing."""
    if isinstance(plan.break_even_lift, NotComputed):
        return wording.gettext(
            "Lift that pays: %(reason)s", reason=wording.not_computed(plan.break_even_lift)
        )
    text = wording.gettext(
        "A mailing pays when %(lift)s more of those it reaches buy, at a mean basket of "
        "%(basket)s and the costs given (assumed).",
        lift=wording.lift(plan.break_even_lift),
        basket=wording.money(plan.basket, currency),
    )
    if not isinstance(plan.gain_share, NotComputed):
        text += " " + wording.gettext(
            "By the inputs given, it does so with a probability of %(share)s.",
            share=wording.share(plan.gain_share),
        )
    return text


def _values(plan: ActionPlan, currency: str, wording: Wording) -> str:
    if isinstance(plan.expected_values, NotComputed):
        return ""
    values = [
        wording.gettext(
            "%(amount)s at a lift of %(lift)s",
            amount=wording.money(value.amount, currency),
            lift=wording.lift(value.lift),
        )
        for value in plan.expected_values
    ]
    return wording.gettext(
        "Expected from one mailing to all: %(values)s (assumed).", values=wording.clauses(values)
    )


def _drawn(plan: ActionPlan, currency: str, wording: Wording) -> str:
    """Return the median and the range of the draws."""
    found = plan.simulated
    if isinstance(found, NotComputed):
        return ""
    return wording.gettext(
        "With every input drawn from what it may be: %(median)s in the median, %(range)s in nine "
        "draws of ten (assumed).",
        median=wording.money(found.median, currency),
        range=wording.between(
            wording.money(found.low, currency), wording.money(found.high, currency)
        ),
    )


def _table_note(basis: ActionBasis, pays: bool, wording: Wording) -> str:
    """Return what the columns of lifts mean, those that are there."""
    proof = wording.gettext(
        "Smallest provable rise: of the repeat rate, relative, that a test finds with %(share)s of "
        "the segment left out (at %(alpha)s, power %(power)s).",
        share=wording.share(basis.held_out_share),
        alpha=wording.share(basis.alpha),
        power=wording.share(basis.power),
    )
    if not pays:
        return proof
    return f"{proof} " + wording.gettext(
        "Lift that pays: how many more of those reached must buy, by your costs."
    )
