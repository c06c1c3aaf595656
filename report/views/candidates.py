"""Every partition that was tried, and why each was kept or refused, with its number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from analysis.findings import Candidate, Choice, Findings, NotComputed, Score
from report.views.algorithms import FAMILIES, algorithm_name, name_with_parameters
from report.views.evidence import strength_head, with_error
from report.views.figures import Column, Table
from report.views.reached import reached_table
from report.views.records import Absence
from report.views.refusals import GATES, GATES_ASK
from report.views.segment_records import CandidatesView, CandidateView
from report.views.standing import Standing, gates_clauses, kept_clause, points_of, standing_of, why
from report.views.verdicts import sureness, verdicts
from report.wording import Wording, message

DASH = "\u2013"
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
    standing = standing_of(candidates, choice)
    best = _in_order(best_of_each(candidates), standing)
    clauses = gates_clauses(candidates, wording)
    return CandidatesView(
        headline=wording.clauses(filter(None, (clauses[0], kept_clause(standing, wording)))),
        sentence=f"{wording.clauses(clauses)}.",
        rule=_rule(choice, wording),
        table=_table(best, wording.gettext("The best of each algorithm"), standing, wording),
        rows=tuple(_row(candidate, standing, wording) for candidate in best),
        everything=_everything(candidates, choice, standing, wording),
        gates=_gates(candidates, wording),
        scorecard=_scorecard(candidates, choice, wording),
        verdicts=() if isinstance(choice, NotComputed) else verdicts(candidates, choice, wording),
        sureness=() if isinstance(choice, NotComputed) else sureness(candidates, choice, wording),
        checks=reached_table(candidates, choice, findings, wording),
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


def _in_order(best: tuple[Candidate, ...], standing: Standing) -> tuple[Candidate, ...]:
    """Return the best by what became of them, with the one that has the most points.

    The one kept, then by place on the scorecard, then those refused, in the order tried.
    """
    front = standing.front
    shown = best if front is None or front in best else (*best, front)

    def order(candidate: Candidate) -> tuple[bool, bool, int]:
        score = candidate.score
        place = score.place if isinstance(score, Score) else 0
        return (not candidate.chosen, not candidate.passed, place)

    return tuple(sorted(shown, key=order))


def _came(candidate: Candidate) -> tuple[bool, str, bool, int]:
    """Return how far a candidate came."""
    score = candidate.score
    place = -score.place if isinstance(score, Score) else -len(GATES) * 1_000
    return (candidate.chosen, candidate.gate, candidate.passed, place)


def _rule(choice: Choice | NotComputed, wording: Wording) -> str:
    _ = wording.gettext
    text = _(
        "Rule: the gates in order, a failure is final; the timeline for the one that the "
        "tie rule names, in each family of features. Lasting traits are money and, where reviews "
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


def _row(candidate: Candidate, standing: Standing, wording: Wording) -> CandidateView:
    return CandidateView(
        family=wording.gettext(FAMILIES[candidate.family]),
        algorithm=algorithm_name(candidate, wording),
        k=wording.integer(candidate.k),
        verdict=_verdict(candidate, wording),
        points=_points(candidate, wording),
        reason=why(candidate, standing, wording),
        chosen=candidate.chosen,
        passed=candidate.passed,
    )


def _points(candidate: Candidate, wording: Wording) -> str:
    points = points_of(candidate)
    return DASH if points is None else wording.number(points, 1)


def _verdict(candidate: Candidate, wording: Wording) -> str:
    _ = wording.gettext
    if candidate.chosen:
        return _("chosen")
    if candidate.passed:
        return _("not kept")
    return _("refused: %(gate)s", gate=_(GATES[candidate.gate]).lower())


def _table(
    candidates: tuple[Candidate, ...], caption: str, standing: Standing, wording: Wording
) -> Table:
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
        rows=tuple(_cells(candidate, standing, wording) for candidate in candidates),
        note=_(
            "Silhouettes are compared within one family of features only. Variance: share that the "
            "segments explain. A dash: not measured, refused before."
        ),
    )


def _everything(
    candidates: tuple[Candidate, ...],
    choice: Choice | NotComputed,
    standing: Standing,
    wording: Wording,
) -> Table:
    """Return every candidate, also with the customers that each figure was measured on."""
    _ = wording.gettext
    table = _table(candidates, _("Every partition that was tried"), standing, wording)
    measured = (
        Column(_("Silhouette, interval")),
        Column(_("Silhouette of")),
        Column(_("Gap statistic")),
        Column(_strength_head(choice, wording)),
        Column(_("Fitted on")),
        Column(_("Carried on rightly")),
    )
    rows = [
        (*row, *_measured(candidate, wording))
        for row, candidate in zip(table.rows, candidates, strict=True)
    ]
    extended = _(
        "Silhouette of: so many customers, all of them or each of several draws, whose mean and "
        "interval are shown. Algorithms that cannot take everybody are fitted on a sample, and "
        "their labels carried on, rightly for so many of those held out; candidates.csv holds "
        "every figure."
    )
    return replace(
        table,
        columns=(*table.columns, *measured),
        rows=tuple(rows),
        note=" ".join(
            one
            for one in (table.note, extended, _draws(choice, wording), _indices(choice, wording))
            if one
        ),
    )


def _measured(candidate: Candidate, wording: Wording) -> tuple[str, ...]:
    """Return the silhouette's interval, gap and strength, and how many customers each step saw."""
    known = candidate.silhouette_interval
    return (
        DASH
        if isinstance(known, NotComputed)
        else wording.between(wording.index(known.low), wording.index(known.high)),
        wording.integer(candidate.silhouette_sample) if candidate.silhouette_sample else DASH,
        with_error(candidate.gap, candidate.gap_error, wording),
        with_error(candidate.prediction_strength, candidate.prediction_error, wording),
        wording.integer(candidate.fitted_customers),
        DASH if candidate.extension == "none" else wording.share(candidate.extension_accuracy),
    )


def _strength_head(choice: Choice | NotComputed, wording: Wording) -> str:
    """Return the head of the prediction strength: of few customers, not as number by number."""
    if isinstance(choice, NotComputed):
        return wording.gettext("Prediction strength")
    return strength_head(choice.resample_customers, wording)


def _draws(choice: Choice | NotComputed, wording: Wording) -> str:
    """Return how often customers were drawn again for the Jaccard coefficients."""
    if isinstance(choice, NotComputed) or isinstance(choice.resample_rows, NotComputed):
        return ""
    _ = wording.gettext
    text = _(
        "Jaccard: customers drawn again %(often)s times for K-Means and the baselines, %(seldom)s "
        "times for the others, on %(rows)s customers where the algorithm can take them and on "
        "%(few)s for the slowest.",
        often=wording.integer(choice.resamples),
        seldom=wording.integer(choice.costly_resamples),
        rows=wording.integer(choice.resample_rows),
        few=wording.integer(choice.resample_customers),
    )
    if isinstance(choice.chosen_resamples, NotComputed):
        return text
    chosen = _(
        "For the chosen one, %(draws)s times.", draws=wording.integer(choice.chosen_resamples)
    )
    return f"{text} {chosen}"


def _indices(choice: Choice | NotComputed, wording: Wording) -> str:
    """Return what gap and prediction strength were measured on, and of whom they were not."""
    if isinstance(choice, NotComputed) or isinstance(choice.index_customers, NotComputed):
        return ""
    if isinstance(choice.candidate_halvings, NotComputed):
        return ""
    return wording.gettext(
        "Gap: against K-Means of evenly filled boxes, in as many segments, on %(customers)s "
        "customers; not told where customers have no segment or there are more than were tried by "
        "K-Means. Prediction strength: over %(halvings)s halvings of %(few)s customers, of those "
        "that met the gate of stability; of the others a fit of every half would cost more than it "
        "says. Number by number, K-Means is measured on other customers: that is another figure.",
        customers=wording.integer(choice.index_customers),
        halvings=wording.integer(choice.candidate_halvings),
        few=wording.integer(choice.resample_customers),
    )


def _cells(candidate: Candidate, standing: Standing, wording: Wording) -> tuple[str, ...]:
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
        DASH if isinstance(jaccards, NotComputed) else wording.index(min(jaccards)),
        _verdict(candidate, wording),
        why(candidate, standing, wording),
    )


def _or_dash(value: float | NotComputed, wording: Wording) -> str:
    return DASH if isinstance(value, NotComputed) else wording.index(value)


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
