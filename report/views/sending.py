"""From a send-out to its effect: what is checked before, what does not wait, how it is counted."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed, Segment, Segmentation
from report.content import Content
from report.views.figures import Column, Table
from report.views.holding_out import success_counts
from report.views.plans import by_priority, segment_name
from report.views.segment_records import Sending
from report.wording import Wording

# The unhappy who are called: the others get an e-mail.
CALLED = "unhappy_large"


def sending_view(
    findings: Findings, found: Segmentation, wording: Wording, content: Content
) -> Sending:
    """Return how a campaign leaves, and how its effect is read."""
    counted = _counted(found)
    return Sending(
        lead=wording.gettext(
            "A send-out is prepared with the file, and counted with the list kept that day."
        ),
        steps=_steps(findings, wording),
        triggers=_triggers(found, findings.period.currency, wording),
        undelivered=_undelivered(found, wording),
        test=_test(found, wording),
        success=_success(found, counted, wording, content),
        colours=tuple(segment.colour for segment in counted),
    )


def _steps(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return what to do, from the file to the send-out."""
    _ = wording.gettext
    day = wording.date(findings.customers.described_on)
    steps = [
        _("Keep one segment and, where the plan says so, one stage."),
        _("Leave out the held out, and everybody who did not agree to be contacted."),
        _(
            "Before an offer, leave out whoever the model or the rule puts among the unhappy, and "
            "whoever once left one or two stars (lowest_review)."
        ),
        _(
            "A message that speaks of a review goes only to those who left one: at most two stars "
            "for a complaint, four or five for thanks; three stars are asked what was missing, and "
            "offered nothing."
        ),
        _(
            "The stages are those of %(day)s. For a later day, ask for a new file; or run "
            "segments.sql (SQLite) on your tables: the day stands once, at its top; it gives the "
            "columns of segments.csv, the same customers held out.",
            day=day,
        ),
    ]
    hours = findings.customers.occasion_hours
    if not isinstance(hours, NotComputed):
        steps.append(
            _(
                "A purchase is what was ordered within %(hours)s hours; cancelled orders do not "
                "count, in the file as in the rules.",
                hours=wording.integer(hours),
            )
        )
    return tuple(steps)


def _triggers(found: Segmentation, currency: str, wording: Wording) -> tuple[str, ...]:
    """Return what the shop's own events set off: a monthly file comes too late for it."""
    _ = wording.gettext
    return (
        *_answers(found, currency, wording),
        _(
            "A message that leaves some weeks after a delivery needs a file that is a week old at "
            "most, or a trigger of your shop on the day of the delivery."
        ),
        _("Whoever left a low review since the file was made gets no offer from it."),
    )


def _answers(found: Segmentation, currency: str, wording: Wording) -> tuple[str, ...]:
    """Return how a low review is answered: the amount paid decides, where one rule says which."""
    if not _has_unhappy(found):
        return ()
    _ = wording.gettext
    amounts = _least_spend([segment for segment in found.segments if segment.persona == CALLED])
    at_once = _(
        "A low review is answered as soon as it comes in, whatever segment the file has, without "
        "waiting for the next one."
    )
    if len(amounts) != 1:
        return (at_once,)
    decides = _(
        "The amount paid in the window decides: above %(amount)s, the threshold of the printed "
        "rules, a call; else an e-mail.",
        amount=wording.money(amounts.pop(), currency),
    )
    return (f"{at_once} {decides}",)


def _has_unhappy(found: Segmentation) -> bool:
    return any(segment.plan.role == "repair" for segment in found.segments)


def _least_spend(segments: list[Segment]) -> set[float]:
    """Return the amounts that the rules of segments ask their customers to exceed."""
    return {
        condition.threshold
        for segment in segments
        if not isinstance(segment.rule, NotComputed)
        for conditions in segment.rule.alternatives
        for condition in conditions
        if (condition.feature, condition.comparison) == ("spend", ">")
    }


def _undelivered(found: Segmentation, wording: Wording) -> tuple[str, ...]:
    """Return what to write to whoever has not received the order, where somebody is unhappy."""
    if not _has_unhappy(found):
        return ()
    _ = wording.gettext
    return (
        _(
            "Look up the delivery of the order complained about: the file knows that of the last "
            "order only, as of its own day (last_order_delivered)."
        ),
        _(
            "Where it never came, keep of the message to the unhappy the one sentence on sending "
            "it again or refunding it: an exchange or a voucher would be out of place."
        ),
    )


def _test(found: Segmentation, wording: Wording) -> tuple[str, ...]:
    """Return how the effect of a campaign is read."""
    _, again = wording.gettext, found.buying_again
    drawn = _(
        "%(share)s of each segment that is sold to are held out, by a draw that does not change "
        "from one file to the next. What is done for the loyal and the unhappy is for all of them.",
        share=wording.share(found.action_basis.held_out_share),
    )
    kept = _(
        "On the day of sending, keep the list: customer, segment, stage, contacted or held out. "
        "Whoever buys again becomes loyal, and loses the mark held_out in the next file."
    )
    filtered = _(
        "Filter the held out exactly as the contacted: consent, reviews, rule. Fewer are left of "
        "both, and the smallest rise that shows grows."
    )
    if isinstance(again, NotComputed):
        return (drawn, kept, filtered)
    return (
        drawn,
        kept,
        filtered,
        _(
            "Wait %(horizon)s, then count on that list, never on a new file: who bought again "
            "among those contacted, and among the held out of the same segment and stage.",
            horizon=wording.days(again.horizon_days),
        ),
        _(
            "The held out measure all that the segment received meanwhile, not each action. Clicks "
            "compare two versions of a message; visits and purchases compare with the held out."
        ),
        _(
            "The rises that show, on the pages of the segments, hold for a message to the whole "
            "segment. A send-out to one stage shows only larger ones: add several up before you "
            "conclude."
        ),
    )


def _counted(found: Segmentation) -> tuple[Segment, ...]:
    """Return the segments whose test tells from how many buyers on it is a success."""
    return tuple(
        segment
        for segment in by_priority(found)
        if not isinstance(found.buying_again, NotComputed)
        and success_counts(segment.plan.hold_out) is not None
    )


def _success(
    found: Segmentation, counted: tuple[Segment, ...], wording: Wording, content: Content
) -> Table | None:
    """Return from how many of those contacted who buy again on a campaign is a success."""
    _, again = wording.gettext, found.buying_again
    if isinstance(again, NotComputed) or not counted:
        return None
    return Table(
        caption=_("From how many is it a success?"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Held out")),
            Column(_("Contacted")),
            Column(_("Buy again anyway in %(horizon)s", horizon=wording.days(again.horizon_days))),
            Column(_("Significant from")),
        ),
        rows=tuple(
            (segment_name(segment, content), *_success_cells(segment, wording))
            for segment in counted
        ),
        note=_success_note(found, wording),
    )


def _success_cells(segment: Segment, wording: Wording) -> tuple[str, ...]:
    """Return who is held out, contacted, buys again anyway, and how many are a success."""
    test = segment.plan.hold_out
    return tuple(map(wording.integer, (test.customers, *(success_counts(test) or ()))))


def _success_note(found: Segmentation, wording: Wording) -> str:
    """Return what the numbers of the table hold for."""
    return wording.gettext(
        "Where everybody but the held out is contacted, and the held out buy as usual (test at "
        "%(alpha)s). An effect of just this size shows in one test out of two: count on the "
        "smallest provable rise of the plan.",
        alpha=wording.share(found.action_basis.alpha),
    )
