"""Every partition that was tried, and why each was kept or refused, with its number."""

from __future__ import annotations

from collections.abc import Callable

from analysis.findings import Candidate, Findings, GateCheck, NotComputed
from report.views.figures import Column, Table
from report.views.records import Absence, CandidatesView, CandidateView
from report.wording import Wording, message

FAMILIES = {
    "traits": message("Lasting traits"),
    "traits_and_recency": message("Lasting traits and recency"),
}
ALGORITHMS = {"kmeans": message("K-Means")}

# What each check of the client's minimum asks, and what to say when it fails.
CHECKS = {
    "spend_ratio": message("Orders: ratio of the median spends of two segments"),
    "spend_cliffs_delta": message("Orders: effect size (Cliff's delta) between two segments"),
    "star_gap": message("Satisfaction: stars between two segments"),
    "low_review_gap": message("Satisfaction: gap of low reviews between two segments"),
    "review_cliffs_delta": message("Satisfaction: effect size (Cliff's delta)"),
    "cells": message("Distinct combinations of spend and satisfaction"),
    "eta_squared_spend": message("Share of the variance of spend that the segments explain"),
    "eta_squared_review": message("Share of the variance of reviews that the segments explain"),
    "smallest_share": message("Smallest segment"),
    "segments": message("Number of segments, repeat buyers included"),
}
REFUSALS = {
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
    "smallest_share": message(
        "Its smallest segment holds %(value)s of the customers; %(threshold)s is asked."
    ),
    "segments": message(
        "%(value)s segments, more than the %(threshold)s that a team can keep in mind."
    ),
}
KEPT_OUT = {
    "smaller_k": message("Meets the minimum, but fewer segments of the same features do too."),
    "holds_longer": message("Meets the minimum; the features chosen hold longer."),
    "placebo": message(
        "Meets the minimum, but fails the placebo: it moves even when time cannot matter."
    ),
}
SHARES = ("smallest_share", "low_review_gap", "eta_squared_spend", "eta_squared_review")
COUNTS = ("cells", "segments")


def candidates_view(findings: Findings, wording: Wording) -> CandidatesView | Absence:
    """Return the section on how the segmentation was chosen."""
    _, candidates = wording.gettext, findings.candidates
    if isinstance(candidates, NotComputed):
        return Absence(wording.not_computed(candidates))
    rows = tuple(_row(candidate, wording) for candidate in candidates)
    return CandidatesView(
        sentence=_sentence(candidates, wording),
        rule=_(
            "Rule: of the partitions that meet the client's minimum, the fewest segments; between "
            "families of features, one that passes the placebo, and of those the one that holds "
            "longer. Lasting traits are money and, where reviews are known, satisfaction: recency "
            "is then a lifecycle stage, by rule; the other family groups on recency as well."
        ),
        table=_table(candidates, rows, wording),
        rows=rows,
        checks=_checks(candidates, wording),
    )


def _sentence(candidates: tuple[Candidate, ...], wording: Wording) -> str:
    passed = sum(candidate.passed for candidate in candidates)
    if any(isinstance(candidate.eta_squared_review, NotComputed) for candidate in candidates):
        return wording.ngettext(
            "%(number)s partition of %(tried)s meets the client's minimum on orders; satisfaction "
            "is not known.",
            "%(number)s partitions of %(tried)s meet the client's minimum on orders; satisfaction "
            "is not known.",
            passed,
            tried=wording.integer(len(candidates)),
        )
    return wording.ngettext(
        "%(number)s partition of %(tried)s meets the client's minimum.",
        "%(number)s partitions of %(tried)s meet the client's minimum.",
        passed,
        tried=wording.integer(len(candidates)),
    )


def _row(candidate: Candidate, wording: Wording) -> CandidateView:
    _ = wording.gettext
    if candidate.chosen:
        verdict, reason = _("chosen"), _("Fewest segments that meet the minimum.")
    elif candidate.passed:
        verdict, reason = _("not kept"), _(KEPT_OUT[candidate.failed_check])
    else:
        verdict, reason = _("refused"), _refusal(candidate, wording)
    return CandidateView(
        family=_(FAMILIES[candidate.family]),
        algorithm=_(ALGORITHMS[candidate.algorithm]),
        k=wording.integer(candidate.k),
        verdict=verdict,
        reason=reason,
        chosen=candidate.chosen,
        passed=candidate.passed,
    )


def _refusal(candidate: Candidate, wording: Wording) -> str:
    check = next(check for check in candidate.checks if check.code == candidate.failed_check)
    return wording.gettext(
        REFUSALS[check.code],
        value=_writer(check.code, wording)(check.value),
        threshold=_threshold(check, wording),
    )


def _threshold(check: GateCheck, wording: Wording) -> str:
    """Return a threshold as it was set."""
    write = wording.tick_share if check.code in SHARES else wording.exact
    return write(check.threshold)


def _writer(code: str, wording: Wording) -> Callable[[float], str]:
    """Return how the figure of a check is written."""
    if code in SHARES:
        return wording.share
    return wording.integer if code in COUNTS else wording.index


def _table(
    candidates: tuple[Candidate, ...], rows: tuple[CandidateView, ...], wording: Wording
) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("Every partition that was tried"),
        columns=(
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("Smallest segment")),
            Column(_("Silhouette")),
            Column(_("Variance of spend")),
            Column(_("Variance of reviews")),
            Column(_("Verdict"), is_number=False),
            Column(_("Why"), is_number=False),
        ),
        rows=tuple(
            (
                row.family,
                row.k,
                wording.share(candidate.smallest_share),
                wording.index(candidate.silhouette),
                wording.share(candidate.eta_squared_spend),
                wording.cell(candidate.eta_squared_review, wording.share),
                row.verdict,
                row.reason,
            )
            for candidate, row in zip(candidates, rows, strict=True)
        ),
        note=_(
            "Silhouettes are compared within one family of features only. K-Means throughout; "
            "variance: share that the segments explain."
        ),
    )


def _checks(candidates: tuple[Candidate, ...], wording: Wording) -> Table:
    """Return the client's minimum, check by check, with the figures of the chosen partition."""
    _ = wording.gettext
    shown = next((candidate for candidate in candidates if candidate.chosen), None)
    checks = shown.checks if shown else ()
    return Table(
        caption=_("The client's minimum, and what the chosen partition reaches"),
        columns=(
            Column(_("Check"), is_number=False),
            Column(_("Reached")),
            Column(_("Asked")),
            Column(_("Verdict"), is_number=False),
        ),
        rows=tuple(_check_row(check, wording) for check in checks),
        note=_without_reviews(shown, wording),
    )


def _without_reviews(chosen: Candidate | None, wording: Wording) -> str:
    """Return what the minimum lacks where satisfaction is not known, and what to do."""
    if chosen is None or not isinstance(chosen.eta_squared_review, NotComputed):
        return ""
    return wording.gettext(
        "Satisfaction was asked for and could not be checked: these segments tell customers apart "
        "by orders alone. With reviews in the data, they would be told apart by both."
    )


def _check_row(check: GateCheck, wording: Wording) -> tuple[str, ...]:
    _, write = wording.gettext, _writer(check.code, wording)
    limit = (
        _("at least %(threshold)s", threshold=_threshold(check, wording))
        if check.at_least
        else _("at most %(threshold)s", threshold=_threshold(check, wording))
    )
    return (
        _(CHECKS[check.code]),
        write(check.value),
        limit,
        _("passed") if check.passed else _("failed"),
    )
