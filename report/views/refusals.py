"""The words for every gate and check, and the sentence that says why a candidate was refused."""

from __future__ import annotations

from collections.abc import Callable

from analysis.findings import Gate, GateCheck, NotComputed
from report.wording import Wording, message

GATES: dict[Gate, str] = {
    "G1": message("Operability"),
    "G2": message("The client's minimum"),
    "G3": message("Sizes"),
    "G4": message("Stability"),
    "G5": message("Explainability"),
    "G6": message("Maintainability"),
}
GATES_ASK: dict[Gate, str] = {
    "G1": message("Every customer gets a segment, also those whom the algorithm did not see."),
    "G2": message(
        "Orders and satisfaction are told apart, among all customers and among those who came "
        "later; lower bounds over customers drawn again."
    ),
    "G3": message("As many segments as a team can keep in mind, none too small."),
    "G4": message("Other customers of the same shop give the same segments; one best map."),
    "G5": message("One rule a segment finds it again, on customers that did not make the rule."),
    "G6": message("A refit moves nobody without need; the placebo holds; so do the first months."),
}

# What each check asks; those on customers who came later ask the same of others.
CHECKS = {
    "noise_share": message("Customers of the period left without a segment"),
    "extension_accuracy": message("Labels carried on rightly from the sample"),
    "spend_ratio": message("Orders: ratio of the median spends of two segments"),
    "spend_cliffs_delta": message("Orders: effect size (Cliff's delta) between two segments"),
    "star_gap": message("Satisfaction: stars between two segments"),
    "low_review_gap": message("Satisfaction: gap of low reviews between two segments"),
    "review_cliffs_delta": message("Satisfaction: effect size (Cliff's delta)"),
    "cells": message("Distinct combinations of spend and satisfaction"),
    "eta_squared_spend": message("Share of the variance of spend that the segments explain"),
    "eta_squared_review": message("Share of the variance of reviews that the segments explain"),
    "fewest_segments": message("Number of segments at least, repeat buyers included"),
    "segments": message("Number of segments, repeat buyers included"),
    "smallest_share": message("Smallest of the segments that were clustered"),
    "jaccard": message("Least stable segment, customers drawn again (Jaccard coefficient)"),
    "refit_floor": message("Agreement of refits on customers drawn again (ARI)"),
    "near_tie": message("Agreement of the starts that are as good as the best (ARI)"),
    "fidelity": message("Customers whom the rules put into their segment"),
    "recall": message("Customers of a segment whom its rule finds, the worst"),
    "refit_accuracy": message("Customers who stay when it is refitted from its centres"),
    "placebo": message("Placebo: lowest agreement where nothing changes (ARI)"),
    "early_ari": message("Lowest agreement with a refit in the first months (ARI)"),
}
REFUSALS = {
    "noise_share": message(
        "Leaves %(value)s of the customers without a segment; %(threshold)s at most is allowed."
    ),
    "extension_accuracy": message(
        "Its labels can be carried on to other customers for %(value)s only; %(threshold)s is "
        "asked."
    ),
    "spend_ratio": message(
        "Blind to money: median spends differ by a factor of %(value)s at most; %(threshold)s "
        "is asked."
    ),
    "spend_cliffs_delta": message(
        "Spends overlap too much: effect size of %(value)s; %(threshold)s is asked."
    ),
    "star_gap": message(
        "Blind to satisfaction: mean reviews differ by %(value)s stars at most; %(threshold)s is "
        "asked."
    ),
    "low_review_gap": message(
        "Blind to satisfaction: low reviews differ by %(value)s at most; %(threshold)s is asked."
    ),
    "review_cliffs_delta": message(
        "Reviews overlap too much: effect size of %(value)s; %(threshold)s is asked."
    ),
    "cells": message(
        "One axis only: %(value)s distinct combinations of spend and satisfaction; %(threshold)s "
        "are asked."
    ),
    "eta_squared_spend": message(
        "Explains %(value)s of the variance of spend; %(threshold)s is asked."
    ),
    "eta_squared_review": message(
        "Explains %(value)s of the variance of reviews; %(threshold)s is asked."
    ),
    "fewest_segments": message("%(value)s segments; at least %(threshold)s are asked."),
    "segments": message(
        "%(value)s segments, more than the %(threshold)s that a team can keep in mind."
    ),
    "smallest_share": message(
        "Its smallest segment holds %(value)s of the customers; %(threshold)s is asked."
    ),
    "jaccard": message(
        "Other customers give other segments: Jaccard coefficient of %(value)s for the least "
        "stable; %(threshold)s is asked."
    ),
    "refit_floor": message(
        "Two refits on customers drawn again agree at %(value)s (ARI); %(threshold)s is asked."
    ),
    "near_tie": message(
        "Two equally good maps: they agree at %(value)s (ARI); %(threshold)s is asked."
    ),
    "fidelity": message(
        "No simple rules: they put %(value)s of the customers into their segment; %(threshold)s "
        "is asked."
    ),
    "recall": message(
        "No simple rules: they find %(value)s of its hardest segment; %(threshold)s is asked."
    ),
    "refit_accuracy": message(
        "A refit from its centres leaves %(value)s of the customers in place; %(threshold)s is "
        "asked."
    ),
    "placebo": message(
        "Moves even when time cannot matter: lowest agreement of %(value)s (ARI); %(threshold)s is "
        "asked."
    ),
    "early_ari": message(
        "Ages too fast: agreement of %(value)s (ARI) within the first months; %(threshold)s is "
        "asked."
    ),
}
LATER = "later_"
SHARES = (
    *("smallest_share", "low_review_gap", "eta_squared_spend", "eta_squared_review"),
    *("noise_share", "extension_accuracy", "fidelity", "recall", "refit_accuracy"),
)
COUNTS = ("cells", "segments", "fewest_segments")


def refusal(check: GateCheck, wording: Wording) -> str:
    """Return the sentence that says which figure failed."""
    _ = wording.gettext
    sentence = wording.gettext(
        REFUSALS[base_code(check)], value=figure(check, wording), threshold=limit(check, wording)
    )
    if check.code.startswith(LATER):
        return _("Among customers who came later: %(why)s", why=sentence)
    return sentence


def base_code(check: GateCheck) -> str:
    """Return the code of what is asked, whoever it is asked of."""
    return check.code.removeprefix(LATER)


def label(check: GateCheck, wording: Wording) -> str:
    """Return what a check asks."""
    _ = wording.gettext
    text = _(CHECKS[base_code(check)])
    if check.code.startswith(LATER):
        return _("%(check)s, customers who came later", check=text)
    return text


def figure(check: GateCheck, wording: Wording) -> str:
    """Return the figure that was held against the threshold: the bound where that is what failed.

    Also the figure itself, where both are known and differ.
    """
    write = _writer(check, wording)
    value, low = write(check.value), check.lower_bound
    if isinstance(low, NotComputed) or check.passed or check.value < check.threshold:
        return value
    return wording.gettext("%(value)s (lower bound: %(low)s)", value=value, low=write(low))


def limit(check: GateCheck, wording: Wording) -> str:
    """Return a threshold as it was set."""
    write = wording.tick_share if base_code(check) in SHARES else wording.exact
    return write(check.threshold)


def bound(check: GateCheck, wording: Wording) -> str:
    """Return the lower bound of a check, or a dash where there is none to work out."""
    low = check.lower_bound
    return "\u2013" if isinstance(low, NotComputed) else _writer(check, wording)(low)


def _writer(check: GateCheck, wording: Wording) -> Callable[[float], str]:
    """Return how the figure of a check is written: told from the threshold, however near."""
    code, limit = base_code(check), check.threshold
    if code in COUNTS:
        return wording.integer
    write = wording.share_against if code in SHARES else wording.index_against
    return lambda value: write(value, limit)
