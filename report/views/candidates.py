"""Every partition that was tried, and why each was kept or refused, with its number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.findings import Algorithm, Candidate, Choice, Findings, NotComputed, Score
from report.views.figures import Column, Table
from report.views.records import Absence
from report.views.refusals import (
    GATES,
    GATES_ASK,
    bound,
    figure,
    label,
    limit,
    refusal,
    why,
)
from report.views.segment_records import CandidatesView, CandidateView
from report.wording import Wording, message

if TYPE_CHECKING:
    from analysis.costs import TrialCost

FAMILIES = {
    "traits": message("Lasting traits"),
    "traits_and_recency": message("Lasting traits and recency"),
}
ALGORITHMS: dict[Algorithm, str] = {
    "kmeans": message("K-Means"),
    "bisecting": message("Bisecting K-Means"),
    "gaussian_mixture": message("Gaussian mixture"),
    "ward": message("Ward's tree"),
    "spectral": message("Spectral clustering"),
    "dbscan": message("DBSCAN"),
    "hdbscan": message("HDBSCAN"),
    "rfm": message("Baseline: recency and amount"),
    "rule": message("Baseline: plain cuts"),
}
PARAMETERS = {
    "split": message("split: %(value)s"),
    "covariance": message("covariance: %(value)s"),
    "neighbours": message("neighbours: %(value)s"),
    "knee": message("radius: %(value)s times the knee"),
    "smallest": message("smallest group: %(value)s of the sample"),
    "jitter": message("jitter: %(value)s"),
}
PARAMETER_VALUES = {
    "biggest_inertia": message("the widest segment"),
    "largest_cluster": message("the largest segment"),
    "full": message("of each its own"),
    "diag": message("of each its own, axes kept"),
    "tied": message("the same for all"),
}
CONTROLS = {
    "random_labels": message("Random labels fail the client's minimum, as they must: %(why)s"),
    "recency_and_amount": message(
        "Recency and amount alone fail the client's minimum, as they must: %(why)s"
    ),
}
CONTROLS_PASSED = {
    "random_labels": message(
        "Random labels pass the client's minimum: on these data it tells nothing apart."
    ),
    "recency_and_amount": message(
        "Recency and amount alone pass the client's minimum: on these data it does not ask for "
        "more than the predecessor had."
    ),
}
MARKS = (
    message("Distinct actions"),
    message("Money and satisfaction"),
    message("Stability"),
    message("Explainability"),
    message("Fit"),
)


def candidates_view(findings: Findings, wording: Wording) -> CandidatesView | Absence:
    """Return the section on how the segmentation was chosen."""
    candidates, choice = findings.candidates, findings.choice
    if isinstance(candidates, NotComputed):
        return Absence(wording.not_computed(candidates))
    best = best_of_each(candidates)
    return CandidatesView(
        sentence=_sentence(candidates, wording),
        rule=_rule(choice, wording),
        table=_table(best, wording.gettext("The best of each algorithm"), wording),
        rows=tuple(_row(candidate, wording) for candidate in best),
        everything=_table(candidates, wording.gettext("Every partition that was tried"), wording),
        gates=_gates(candidates, wording),
        scorecard=_scorecard(candidates, choice, wording),
        verdicts=() if isinstance(choice, NotComputed) else _verdicts(choice, wording),
        checks=_checks(candidates, wording),
    )


def best_of_each(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return of each algorithm, in the order tried, the candidate that came farthest.

    The chosen one always; then the later gate, passed before failed, the better place on the
    scorecard, and the order tried.
    """
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.algorithm)
        if known is None or _came(candidate) > _came(known):
            best[candidate.algorithm] = candidate
    return tuple(best.values())


def _came(candidate: Candidate) -> tuple[bool, str, bool, int]:
    """Return how far a candidate came."""
    score = candidate.score
    place = -score.place if isinstance(score, Score) else -len(GATES) * 1_000
    return (candidate.chosen, candidate.gate, candidate.passed, place)


def _sentence(candidates: tuple[Candidate, ...], wording: Wording) -> str:
    passed = sum(candidate.passed and not candidate.is_baseline for candidate in candidates)
    if any(isinstance(candidate.eta_squared_review, NotComputed) for candidate in candidates):
        return wording.ngettext(
            "%(number)s partition of %(tried)s meets every gate that orders alone can ask; "
            "satisfaction is not known.",
            "%(number)s partitions of %(tried)s meet every gate that orders alone can ask; "
            "satisfaction is not known.",
            passed,
            tried=wording.integer(len(candidates)),
        )
    return wording.ngettext(
        "%(number)s partition of %(tried)s meets every gate it was led through.",
        "%(number)s partitions of %(tried)s meet every gate they were led through.",
        passed,
        tried=wording.integer(len(candidates)),
    )


def _rule(choice: Choice | NotComputed, wording: Wording) -> str:
    _ = wording.gettext
    text = _(
        "Rule: the gates in order, a failure is final; the timeline for those that come first on "
        "the scorecard, in each family of features. Lasting traits are money and, where reviews "
        "are known, satisfaction: recency is then a lifecycle stage, by rule; the other family "
        "groups on recency as well."
    )
    if isinstance(choice, NotComputed):
        return text
    tie = _(
        "Where the scores are less than %(tie)s points apart, fewer segments win.",
        tie=wording.exact(choice.tie),
    )
    return f"{text} {tie}"


def _row(candidate: Candidate, wording: Wording) -> CandidateView:
    return CandidateView(
        family=wording.gettext(FAMILIES[candidate.family]),
        algorithm=_algorithm(candidate, wording),
        k=wording.integer(candidate.k),
        verdict=_verdict(candidate, wording),
        reason=why(candidate, wording),
        chosen=candidate.chosen,
        passed=candidate.passed,
    )


def _verdict(candidate: Candidate, wording: Wording) -> str:
    _ = wording.gettext
    if candidate.chosen:
        return _("chosen")
    if candidate.passed:
        return _("not kept")
    return _("refused: %(gate)s", gate=_(GATES[candidate.gate]).lower())


def _algorithm(candidate: Candidate, wording: Wording) -> str:
    return wording.gettext(ALGORITHMS[candidate.algorithm])


def name_with_parameters(candidate: Candidate | TrialCost, wording: Wording) -> str:
    """Return the algorithm with its hyper-parameters."""
    name = wording.gettext(ALGORITHMS[candidate.algorithm])
    if not candidate.parameters:
        return name
    said = [
        wording.gettext(PARAMETERS[code], value=_value(code, value, wording))
        for code, value in candidate.parameters
    ]
    return f"{name} ({wording.clauses(said)})"


def _value(code: str, value: str, wording: Wording) -> str:
    """Return the value of a hyper-parameter."""
    if code == "smallest":
        return wording.tick_share(float(value))
    if code in ("neighbours", "knee", "jitter"):
        return wording.exact(float(value))
    return wording.gettext(PARAMETER_VALUES[value])


def _table(candidates: tuple[Candidate, ...], caption: str, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=caption,
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("Smallest segment")),
            Column(_("Silhouette")),
            Column(_("Same, columns shuffled")),
            Column(_("Variance of spend")),
            Column(_("Variance of reviews")),
            Column(_("Jaccard, the worst")),
            Column(_("Verdict"), is_number=False),
            Column(_("Why"), is_number=False),
        ),
        rows=tuple(_cells(candidate, wording) for candidate in candidates),
        note=_(
            "Silhouettes are compared within one family of features only; they are means of draws "
            "of customers. Variance: share that the segments explain. A dash: not measured, "
            "refused before. Algorithms that cannot take everybody are fitted on a sample, and "
            "their labels carried on; candidates.csv holds every figure."
        ),
    )


def _cells(candidate: Candidate, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    jaccards = candidate.jaccards
    shuffled = candidate.shuffled_silhouette
    return (
        name_with_parameters(candidate, wording),
        _(FAMILIES[candidate.family]),
        wording.integer(candidate.k),
        wording.share(candidate.smallest_share),
        _or_dash(candidate.silhouette, wording),
        _or_dash(shuffled, wording),
        wording.share(candidate.eta_squared_spend),
        wording.cell(candidate.eta_squared_review, wording.share),
        "\u2013" if isinstance(jaccards, NotComputed) else wording.index(min(jaccards)),
        _verdict(candidate, wording),
        why(candidate, wording),
    )


def _or_dash(value: float | NotComputed, wording: Wording) -> str:
    return "\u2013" if isinstance(value, NotComputed) else wording.index(value)


def _gates(candidates: tuple[Candidate, ...], wording: Wording) -> Table:
    """Return how many candidates each gate was asked of, and how many it refused."""
    _ = wording.gettext
    refused = Counter(candidate.gate for candidate in candidates if not candidate.passed)
    asked = {
        gate: sum(any(check.gate == gate for check in one.checks) for one in candidates)
        for gate in GATES
    }
    return Table(
        caption=_("The gates, in order"),
        columns=(
            Column(_("Gate"), is_number=False),
            Column(_("What it asks"), is_number=False),
            Column(_("Tried")),
            Column(_("Refused")),
        ),
        rows=tuple(
            (
                _(name),
                _(GATES_ASK[gate]),
                wording.integer(asked[gate]),
                wording.integer(refused[gate]),
            )
            for gate, name in GATES.items()
        ),
    )


def _scorecard(
    candidates: tuple[Candidate, ...], choice: Choice | NotComputed, wording: Wording
) -> Table | Absence:
    """Return the scorecard of those that met the gates before the timeline, best place first."""
    _ = wording.gettext
    scored = [(one.score, one) for one in candidates if isinstance(one.score, Score)]
    if not scored or isinstance(choice, NotComputed):
        return Absence(wording.not_computed(NotComputed("no_candidate_passed")))
    scored.sort(key=lambda entry: entry[0].place)
    heads = [
        _("%(mark)s (%(weight)s)", mark=_(mark), weight=wording.exact(weight))
        for mark, weight in zip(MARKS, choice.weights, strict=True)
    ]
    return Table(
        caption=_("The scorecard of those that met the gates before the timeline"),
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            *(Column(head) for head in heads),
            Column(_("Points")),
            Column(_("Verdict"), is_number=False),
        ),
        rows=tuple(
            (
                name_with_parameters(candidate, wording),
                _(FAMILIES[candidate.family]),
                wording.integer(candidate.k),
                wording.index(score.actions),
                wording.index(score.separation),
                wording.index(score.stability),
                wording.index(score.explainability),
                wording.index(score.fit),
                wording.number(score.points, 1),
                _verdict(candidate, wording),
            )
            for score, candidate in scored
        ),
        note=_("Marks between nought and one, their weights in brackets: assumptions, to be set."),
    )


def _verdicts(choice: Choice, wording: Wording) -> tuple[str, ...]:
    """Return how sure the choice is, what the baselines reach, and what the controls say."""
    _ = wording.gettext
    sentences = []
    if not isinstance(choice.wins_share, NotComputed):
        sentences.append(
            _(
                "Under %(share)s of %(draws)s random weightings around these, the same one wins.",
                share=wording.share(choice.wins_share),
                draws=wording.integer(choice.draws),
            )
        )
    ahead = choice.runner_up_points
    if (
        not isinstance(choice.points, NotComputed)
        and not isinstance(ahead, NotComputed)
        and ahead > choice.points
    ):
        sentences.append(
            _(
                "Another one reaches %(ahead)s points, the chosen one %(points)s: less than a tie "
                "apart, and it has more segments.",
                ahead=wording.number(ahead, 1),
                points=wording.number(choice.points, 1),
            )
        )
    if not isinstance(choice.points, NotComputed):
        sentences.append(_baseline(choice.points, choice.baseline_points, wording))
    for control in choice.controls:
        if isinstance(control.failed, NotComputed):
            sentences.append(_(CONTROLS_PASSED[control.code]))
        else:
            sentences.append(_(CONTROLS[control.code], why=refusal(control.failed, wording)))
    return tuple(sentences)


def _baseline(points: float, baseline: float | NotComputed, wording: Wording) -> str:
    """Return whether the baselines are beaten."""
    _ = wording.gettext
    if isinstance(baseline, NotComputed):
        return _("No baseline comes as far as the scorecard.")
    values = {"points": wording.number(points, 1), "baseline": wording.number(baseline, 1)}
    if baseline > points:
        return _(
            "A baseline without any fit reaches %(baseline)s points, more than the %(points)s of "
            "the chosen one: plain cuts would serve as well.",
            **values,
        )
    return _(
        "The best baseline reaches %(baseline)s points, the chosen one %(points)s.",
        **values,
    )


def _checks(candidates: tuple[Candidate, ...], wording: Wording) -> Table:
    """Return every check in order, with the figures of the chosen partition."""
    _ = wording.gettext
    shown = next((candidate for candidate in candidates if candidate.chosen), None)
    checks = shown.checks if shown else ()
    return Table(
        caption=_("What is asked, and what the chosen partition reaches"),
        columns=(
            Column(_("Check"), is_number=False),
            Column(_("Reached")),
            Column(_("Lower bound")),
            Column(_("Asked")),
            Column(_("Verdict"), is_number=False),
        ),
        rows=tuple(
            (
                label(check, wording),
                figure(check, wording),
                bound(check, wording),
                _("at least %(threshold)s", threshold=limit(check, wording))
                if check.at_least
                else _("at most %(threshold)s", threshold=limit(check, wording)),
                _("passed") if check.passed else _("failed"),
            )
            for check in checks
        ),
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
