"""What a mailing may bring, and which of the consultant's inputs decides it, in words."""

from __future__ import annotations

from analysis.findings import (
    ActionBasis,
    ActionInput,
    ActionPlan,
    NotComputed,
    Segment,
    Segmentation,
    SimulatedValue,
    Swing,
)
from report.content import Content
from report.views.figures import Axis, Column, Dumbbell, DumbbellRow, Mark, Table, round_axis
from report.views.plans import by_priority, segment_name
from report.views.records import Absence
from report.wording import BLANK, Wording, message

# Of the width of all values: room for an amount beside the outermost of them.
BESIDE = 0.12
INPUTS: dict[ActionInput, str] = {
    "lift": message("The lift"),
    "contact": message("Cost of a contact"),
    "margin": message("Margin on an order"),
    "discount": message("Cost of a discount"),
    "reach": message("Share who read the message"),
    "redemption": message("Share who take the discount"),
}


def value_table(
    found: Segmentation, currency: str, wording: Wording, content: Content
) -> Table | Absence:
    """Return what a mailing to each segment may bring, in the order of the plans."""
    _ = wording.gettext
    known = [one for one in by_priority(found) if isinstance(one.plan.simulated, SimulatedValue)]
    if not known:
        return _absence(found.segments[0].plan, wording)
    return Table(
        caption=_("What a mailing may bring"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Lift that pays")),
            Column(_("Without a lift")),
            Column(_("Cautious lift")),
            Column(_("Central lift")),
            Column(_("Median of the draws")),
            Column(_("Nine draws of ten")),
            Column(_("Chance of a gain")),
            Column(_("An hour of work")),
            Column(_("What matters most"), is_number=False),
        ),
        rows=tuple(_row(one, currency, wording, content) for one in known),
        note=_note(found.action_basis, wording),
    )


def tornado(
    segment: Segment, currency: str, wording: Wording, content: Content
) -> Dumbbell | Absence:
    """Return what each input alone makes of the value of a mailing, the largest first."""
    _ = wording.gettext
    simulated = segment.plan.simulated
    if isinstance(simulated, NotComputed):
        return Absence(wording.not_computed(simulated))
    if not simulated.swings:
        return Absence(wording.not_computed(NotComputed("no_variation")))
    rows = tuple(
        DumbbellRow(
            label=_(INPUTS[swing.input]),
            colour=segment.colour,
            first=_mark(swing.value_at_low, currency, wording),
            second=_mark(swing.value_at_high, currency, wording),
        )
        for swing in simulated.swings
    )
    ends = [mark.value for row in rows for mark in (row.first, row.second)]
    heading = _(
        "What decides the value of a mailing: %(name)s", name=segment_name(segment, content)
    )
    return Dumbbell(
        title=heading,
        description=wording.clauses(
            _(
                "%(input)s: %(low)s to %(high)s",
                input=row.label,
                low=row.first.text,
                high=row.second.text,
            )
            for row in rows
        ),
        first_name=_("At its lowest"),
        second_name=_("At its highest"),
        axis=_axis(ends, currency, wording),
        rows=rows,
        table=Table(
            caption=heading,
            columns=(
                Column(_("Input"), is_number=False),
                Column(_("At its lowest")),
                Column(_("At its highest")),
                Column(_("Value at its lowest")),
                Column(_("Value at its highest")),
            ),
            rows=tuple(_swing(one, currency, wording) for one in simulated.swings),
            note=_("One input at a time, the others as given (assumed)."),
        ),
    )


def _axis(ends: list[float], currency: str, wording: Wording) -> Axis:
    """Return an axis that holds the values, nought, and the texts beside the outermost."""
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    room = (high - low) * BESIDE
    return round_axis("", low - room, high + room, lambda value: wording.money(value, currency))


def first_tornado(
    found: Segmentation, currency: str, wording: Wording, content: Content
) -> Dumbbell | Absence:
    """Return the picture for the segment that a mailing is worth most to, within the plan."""
    known = [one for one in by_priority(found) if isinstance(one.plan.simulated, SimulatedValue)]
    sold = [one for one in known if one.plan.role == "sell"]
    if not known:
        return _absence(found.segments[0].plan, wording)
    return tornado((sold or known)[0], currency, wording, content)


def _absence(plan: ActionPlan, wording: Wording) -> Absence:
    """Return why nothing was drawn."""
    absent = plan.simulated
    return Absence(wording.not_computed(absent) if isinstance(absent, NotComputed) else "")


def _row(segment: Segment, currency: str, wording: Wording, content: Content) -> tuple[str, ...]:
    """Return one segment's row."""
    plan, simulated = segment.plan, segment.plan.simulated
    if isinstance(simulated, NotComputed):
        return ()
    if isinstance(plan.expected_values, NotComputed):
        return ()

    def money(amount: float) -> str:
        return wording.money(amount, currency)

    return (
        segment_name(segment, content),
        BLANK
        if isinstance(plan.break_even_lift, NotComputed)
        else f"+{wording.lift(plan.break_even_lift)}",
        *(money(value.amount) for value in plan.expected_values),
        money(simulated.median),
        wording.between(money(simulated.low), money(simulated.high)),
        BLANK if isinstance(plan.gain_share, NotComputed) else wording.share(plan.gain_share),
        BLANK if isinstance(simulated.per_hour, NotComputed) else money(simulated.per_hour),
        wording.gettext(INPUTS[simulated.swings[0].input]) if simulated.swings else BLANK,
    )


def _mark(amount: float, currency: str, wording: Wording) -> Mark:
    return Mark(amount, wording.money(amount, currency))


def _swing(swing: Swing, currency: str, wording: Wording) -> tuple[str, ...]:
    """Return an input's row: its ends, and the values there."""
    is_amount = swing.input in ("contact", "discount")

    def written(value: float) -> str:
        return wording.money(value, currency, 2) if is_amount else wording.share(value)

    return (
        wording.gettext(INPUTS[swing.input]),
        written(swing.low),
        written(swing.high),
        wording.money(swing.value_at_low, currency),
        wording.money(swing.value_at_high, currency),
    )


def _note(basis: ActionBasis, wording: Wording) -> str:
    """Return what was drawn from what, and that all of it is assumed."""
    if isinstance(basis.spread, NotComputed) or isinstance(basis.draws, NotComputed):
        return ""
    return wording.gettext(
        "Assumed: costs, lifts and hours are yours. %(draws)s draws of every input from a "
        "triangle: the lift from your three guesses, the others from %(spread)s below to as much "
        "above what you gave. What matters most: the input that moves the value farthest when it "
        "alone moves.",
        draws=wording.integer(basis.draws),
        spread=wording.share(basis.spread),
    )
