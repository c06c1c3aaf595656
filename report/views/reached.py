"""What is asked of a partition, what the chosen one reaches, and what no gate asks but is said."""

from __future__ import annotations

from analysis.findings import Candidate, Choice, Findings, NotComputed, Segmentation
from report.views.figures import Column, Table
from report.views.refusals import bound, figure, label, limit
from report.wording import Wording

DASH = "\u2013"
Row = tuple[str, ...]


def reached_table(
    candidates: tuple[Candidate, ...],
    choice: Choice | NotComputed,
    findings: Findings,
    wording: Wording,
) -> Table:
    """Return every check in order with the figures of the chosen partition, then what no gate asks.

    A row without a verdict refuses nobody: how far single starts agree, and whether the groups are
    natural.
    """
    _ = wording.gettext
    chosen = next((candidate for candidate in candidates if candidate.chosen), None)
    return Table(
        caption=_("What is asked, and what the chosen partition reaches"),
        columns=(
            Column(_("Check"), is_number=False),
            Column(_("Reached")),
            Column(_("Lower bound")),
            Column(_("Asked")),
            Column(_("Verdict"), is_number=False),
        ),
        rows=()
        if chosen is None
        else (
            *_checks(chosen, wording),
            *_starts(chosen, choice, wording),
            *_natural(findings.segmentation, wording),
        ),
        note="" if chosen is None else _note(chosen, findings.segmentation, wording),
    )


def _checks(chosen: Candidate, wording: Wording) -> tuple[Row, ...]:
    _ = wording.gettext
    return tuple(
        (
            label(check, wording),
            figure(check, wording),
            bound(check, wording),
            _("at least %(threshold)s", threshold=limit(check, wording))
            if check.at_least
            else _("at most %(threshold)s", threshold=limit(check, wording)),
            _("passed") if check.passed else _("failed"),
        )
        for check in chosen.checks
    )


def _starts(chosen: Candidate, choice: Choice | NotComputed, wording: Wording) -> tuple[Row, ...]:
    """Return how far single starts agree, beside the best of many: the first is luck."""
    _, single, best = wording.gettext, chosen.seed_floor, chosen.starts_floor
    if (
        isinstance(choice, NotComputed)
        or isinstance(choice.starts, NotComputed)
        or isinstance(single, NotComputed)
        or isinstance(best, NotComputed)
    ):
        return ()
    used = _(
        "Agreement of the best of %(starts)s starts, as used (ARI)",
        starts=wording.integer(choice.starts),
    )
    return (
        (_("Agreement of single starts (ARI)"), wording.index(single), DASH, DASH, DASH),
        (used, wording.index(best), DASH, DASH, DASH),
    )


def _natural(found: Segmentation | NotComputed, wording: Wording) -> tuple[Row, ...]:
    """Return whether the groups are natural ones, which refuses no partition."""
    _, check = wording.gettext, found if isinstance(found, NotComputed) else found.structure
    if isinstance(check, NotComputed):
        return ()
    # Zero is not written with a sign.
    beyond = round(check.silhouette - check.shuffled_mean, 2) + 0.0
    return (
        (
            _("Natural groups, wished and reached: silhouette beyond that of shuffled columns")
            if check.structure
            else _(
                "Natural groups, wished and not reached, which excludes no candidate: silhouette "
                "beyond that of shuffled columns"
            ),
            wording.index(beyond),
            DASH,
            _("%(wished)s wished", wished=wording.exact(check.minimum_difference)),
            DASH,
        ),
    )


def _note(chosen: Candidate, found: Segmentation | NotComputed, wording: Wording) -> str:
    """Return what the checks do not prove, whom they leave out, what was not known."""
    _ = wording.gettext
    known = not isinstance(chosen.eta_squared_review, NotComputed)
    asked = (
        _(
            "Gaps of spend and of reviews are gaps of what was clustered on: they verify what was "
            "asked for, they prove no natural groups."
        )
        if known
        else _(
            "Gaps of spend are gaps of what was clustered on: they verify what was asked for, they "
            "prove no natural groups."
        )
    )
    said = [asked, _by_rule(found, wording)]
    if not known:
        said.append(
            _(
                "Satisfaction was asked for and could not be checked: these segments tell "
                "customers apart by orders alone. With reviews in the data, they would be told "
                "apart by both."
            )
        )
    return " ".join(one for one in said if one)


def _by_rule(found: Segmentation | NotComputed, wording: Wording) -> str:
    """Return the size of a segment made by rule: no check asks one of it."""
    if isinstance(found, NotComputed):
        return ""
    shares = [one.profile.customer_share for one in found.segments if one.kind == "repeat_rule"]
    if not shares:
        return ""
    return wording.gettext(
        "The segment made by rule, of those who bought again, is not clustered: it holds %(share)s "
        "of the customers, and no smallest size is asked of it.",
        share=wording.share(sum(shares)),
    )
