"""What customers who are left out of campaigns can show, in words."""

from __future__ import annotations

from math import ceil

from analysis.findings import ActionBasis, HoldOut, NotComputed, Repurchase, Segmentation
from report.content import Action
from report.views.records import Card
from report.wording import BLANK, Wording, message

NO_TEST = {
    "too_few_customers": message("Cannot be proved here"),
    "no_action_inputs": message("Usual rate to be given"),
}
UNTESTED = message("Not computed")


def _lift(test: HoldOut, wording: Wording) -> str:
    """Return the smallest relative lift that shows, with its sign."""
    lift = test.detectable_lift
    return BLANK if isinstance(lift, NotComputed) else f"+{wording.lift(lift)}"


def provable_rise(test: HoldOut, basis: ActionBasis, wording: Wording) -> str:
    """Return the smallest rise that a test can prove, and where that is not the one aimed at."""
    if is_for_all(test):
        return wording.gettext("all contacted, nobody held out")
    lift = _lift(test, wording)
    if isinstance(test.detectable_lift, NotComputed) or not isinstance(test.needed, NotComputed):
        return lift
    return wording.gettext(
        "%(lift)s; %(target)s impossible to prove here",
        lift=lift,
        target=f"+{wording.lift(basis.target_lift)}",
    )


def control_sentence(test: HoldOut, wording: Wording) -> str:
    """Return that a control group is to be kept, or how little it would show here."""
    if isinstance(test.detectable_lift, NotComputed) or is_for_all(test):
        return ""
    if isinstance(test.needed, NotComputed):
        return wording.gettext(
            "A control group proves only rises of %(lift)s or more here.",
            lift=wording.lift(test.detectable_lift),
        )
    return wording.gettext("Keep a control group without messages to measure the real effect.")


def is_for_all(test: HoldOut) -> bool:
    """Say whether nobody of the segment is left out, so that there is no test."""
    found = test.needed
    return isinstance(found, NotComputed) and found.code == "nobody_left_out"


def lift_card(test: HoldOut, wording: Wording) -> Card:
    """Return the smallest lift that shows, and how many are left out for it."""
    _ = wording.gettext
    if isinstance(test.detectable_lift, NotComputed):
        return Card(
            "lift", BLANK, _("smallest lift that shows"), wording.not_computed(test.detectable_lift)
        )
    return Card(
        "lift",
        _lift(test, wording),
        _("smallest lift that shows"),
        _("%(customers)s left out", customers=wording.integer(test.customers)),
    )


def proof_sentence(
    test: HoldOut, rate: Repurchase | NotComputed, found: Segmentation, wording: Wording
) -> str:
    """Return what a hold-out group needs, or that the segment is too small to prove a lift."""
    basis = found.action_basis
    if is_for_all(test):
        return wording.gettext(
            "What is done here is for all, without a control group: follow the repeat rate, do not "
            "claim its rise."
        )
    if isinstance(rate, NotComputed) or isinstance(test.detectable_lift, NotComputed):
        return ""
    figures = {
        "target": wording.lift(basis.target_lift),
        "customers": wording.integer(test.customers),
        "lift": wording.lift(test.detectable_lift),
        "alpha": wording.share(basis.alpha),
        "power": wording.share(basis.power),
    }
    if isinstance(test.needed, NotComputed):
        return wording.gettext(
            "Too small to prove a lift of %(target)s: it would take %(needed)s customers. With "
            "%(customers)s left out, only a rise of %(lift)s or more would show (test at "
            "%(alpha)s, power %(power)s): follow the repeat rate, do not claim it.",
            needed=wording.integer(int(test.needed.expected)),
            **figures,
        )
    if _lacks_held_out(test):
        return wording.gettext(
            "The %(customers)s held out show a rise of %(lift)s or more of the repeat rate, not a "
            "smaller one (test at %(alpha)s, power %(power)s): one of %(target)s would take "
            "%(needed)s, a larger share held out from the start.",
            needed=wording.integer(test.needed),
            **figures,
        )
    return wording.gettext(
        "To prove a lift of %(target)s of the repeat rate, leave %(needed)s customers out; with "
        "%(customers)s left out a rise of %(lift)s shows, a smaller one does not (test at "
        "%(alpha)s, power %(power)s).",
        needed=wording.integer(test.needed),
        **figures,
    )


def _lacks_held_out(test: HoldOut) -> bool:
    """Say whether fewer are held out than the lift aimed at takes, and a larger one shows."""
    return (
        not isinstance(test.needed, NotComputed)
        and not isinstance(test.detectable_lift, NotComputed)
        and test.needed > test.customers
    )


def success_counts(test: HoldOut) -> tuple[int, int, int] | None:
    """Return how many are contacted, buy again anyway, and from how many on it is a success."""
    contacted, usual, success = test.contacted, test.usual_buyers, test.significant_buyers
    if (
        isinstance(contacted, NotComputed)
        or isinstance(usual, NotComputed)
        or isinstance(success, NotComputed)
    ):
        return None
    return contacted, round(usual), ceil(success)


def buyers_sentence(test: HoldOut, found: Segmentation, wording: Wording) -> str:
    """Return how many of those contacted buy again anyway, and from how many an effect shows."""
    again, counts = found.buying_again, success_counts(test)
    if isinstance(again, NotComputed) or counts is None:
        return ""
    contacted, usual, success = map(wording.integer, counts)
    return wording.gettext(
        "Of the %(contacted)s contacted, about %(usual)s buy again within %(horizon)s without an "
        "effect; the difference is significant from about %(shown)s on.",
        contacted=contacted,
        usual=usual,
        horizon=wording.days(again.horizon_days),
        shown=success,
    )


def left_out(action: Action, test: HoldOut, wording: Wording) -> str:
    """Return how many customers the test of an action leaves out, or why there is none."""
    _ = wording.gettext
    if action.measure == "none" or is_for_all(test):
        return _("Nobody is left out")
    repeats = action.measure == "repeat"
    needed = test.needed if repeats else test.needed_for_response
    if isinstance(needed, NotComputed):
        return _(NO_TEST.get(needed.code, UNTESTED))
    if not repeats:
        return _("%(customers)s left out", customers=wording.integer(needed))
    if _lacks_held_out(test):
        return _("repeat rate: only a rise of %(lift)s or more shows", lift=_lift(test, wording))
    return _("repeat rate: at least %(customers)s held out", customers=wording.integer(needed))
