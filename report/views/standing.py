"""Where a candidate stands among the others: why it was kept, or what it lost to, with the points.

The rule of analysis.scorecard.rank in words: of those less than a tie below the most points, the
fewest segments go first. So the one kept need not have the most points, and is not said to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.findings import Candidate, Choice, NotComputed, Score
from report.views.algorithms import name_with_parameters
from report.views.refusals import refusal
from report.wording import Wording

LAST_GATE = "G6"


@dataclass(frozen=True)
class Standing:
    """What a sentence on one candidate needs of the others.

    `front` has the most points of those that may be kept and that no gate refused; `chosen` is the
    one kept. `tie` is the difference in points below which fewer segments win.
    """

    chosen: Candidate | None
    front: Candidate | None
    tie: float


def standing_of(candidates: Sequence[Candidate], choice: Choice | NotComputed) -> Standing:
    """Return who was kept, who has the most points, and the tie."""
    chosen = next((one for one in candidates if one.chosen), None)
    rivals = [one for one in candidates if _may_be_kept(one) and points_of(one) is not None]
    front = max(rivals, key=lambda one: (points_of(one) or 0.0, one.chosen), default=None)
    return Standing(chosen, front, 0.0 if isinstance(choice, NotComputed) else choice.tie)


def points_of(candidate: Candidate) -> float | None:
    """Return the points on the scorecard, None where it did not come so far."""
    return candidate.score.points if isinstance(candidate.score, Score) else None


def why(candidate: Candidate, standing: Standing, wording: Wording) -> str:
    """Return the sentence that says what became of a candidate."""
    _ = wording.gettext
    if not candidate.passed:
        failed = next(check for check in candidate.checks if check.code == candidate.failed_check)
        sentence = refusal(failed, wording)
        if candidate.chosen:
            return _("The best that there is, with a reservation: %(why)s", why=sentence)
        return sentence
    if candidate.is_baseline:
        return _baseline(candidate, standing, wording)
    place = _kept if candidate.chosen else _behind
    return f"{_gates_met(candidate, standing, wording)} {place(candidate, standing, wording)}"


def gates_clauses(candidates: Sequence[Candidate], wording: Wording) -> list[str]:
    """Return how many came to the last gate, of how many it was asked, how many it let pass.

    The first of the clauses can stand alone. The last gate costs a timeline, so that most are not
    tried there: they are not said to have met every gate.
    """
    _ = wording.gettext
    met = [one for one in candidates if _may_be_kept(one)]
    through = sum(one.gate == LAST_GATE for one in met)
    refused = sum(_is_refused_last(one) for one in candidates)
    tried = wording.integer(len(candidates))
    if not through + refused:
        said = wording.ngettext(
            "%(number)s partition of %(tried)s meets every gate it was led through",
            "%(number)s partitions of %(tried)s meet every gate they were led through",
            len(met),
            tried=tried,
        )
        clauses = (
            [said, _("the last, which costs a timeline, was asked of none")] if met else [said]
        )
    else:
        clauses = _counts(len(met) + refused, through, refused, tried, wording)
    if any(isinstance(one.eta_squared_review, NotComputed) for one in candidates):
        clauses.append(_("satisfaction is not known, so no gate asks for it"))
    return clauses


def _counts(before: int, through: int, refused: int, tried: str, wording: Wording) -> list[str]:
    """Return those that met the gates before the last, then what the last was asked of and said."""
    return [
        wording.ngettext(
            "%(number)s partition of %(tried)s meets every gate before the last",
            "%(number)s partitions of %(tried)s meet every gate before the last",
            before,
            tried=tried,
        ),
        wording.gettext(
            "the last, which costs a timeline, was asked of %(asked)s and let %(through)s pass",
            asked=wording.integer(through + refused),
            through=wording.integer(through),
        ),
    ]


def kept_clause(standing: Standing, wording: Wording) -> str:
    """Return what put the one kept first, in a few words; nothing where it met not every gate."""
    chosen, front = standing.chosen, standing.front
    if chosen is None or front is None or not chosen.passed or points_of(chosen) is None:
        return ""
    if front.chosen:
        return wording.gettext("the one kept has the most points")
    return wording.gettext("the one kept is level with the best, in fewer segments")


def _is_refused_last(candidate: Candidate) -> bool:
    return candidate.gate == LAST_GATE and not candidate.passed and not candidate.is_baseline


def _may_be_kept(candidate: Candidate) -> bool:
    return candidate.passed and not candidate.is_baseline


def _gates_met(candidate: Candidate, standing: Standing, wording: Wording) -> str:
    """Return which gates it met: those it was not led through are not counted as met."""
    if candidate.gate == LAST_GATE:
        return wording.gettext("Meets every gate.")
    if standing.chosen is not None and standing.chosen.gate == LAST_GATE:
        return wording.gettext("Not tried at the last gate.")
    return wording.gettext("Meets every gate it was led through.")


def _kept(candidate: Candidate, standing: Standing, wording: Wording) -> str:
    """Return what put the one kept first: the most points, or the tie."""
    _, front = wording.gettext, standing.front
    own, most = points_of(candidate), None if front is None else points_of(front)
    if front is None or own is None or most is None:
        return _("It comes first on the scorecard.")
    if most <= own:
        return _(
            "No other that may be kept has more points: %(points)s.", points=wording.number(own, 1)
        )
    return _(
        "Less than %(tie)s points from the first (%(points)s against %(most)s for %(name)s in "
        "%(segments)s): level, and the fewest segments win.",
        tie=wording.exact(standing.tie),
        points=wording.points_against(own, most),
        most=wording.points_against(most, own),
        name=name_with_parameters(front, wording),
        segments=wording.integer(front.k),
    )


def _behind(candidate: Candidate, standing: Standing, wording: Wording) -> str:
    """Return what one that no gate refused lost to."""
    _, chosen, front = wording.gettext, standing.chosen, standing.front
    own, most = points_of(candidate), None if front is None else points_of(front)
    kept = None if chosen is None or not chosen.passed else points_of(chosen)
    if chosen is None or own is None or most is None or kept is None:
        return _("Others stand before it on the scorecard.")
    values = {
        "points": wording.points_against(own, kept),
        "kept": wording.points_against(kept, own),
        "tie": wording.exact(standing.tie),
    }
    text = _("%(points)s points against %(kept)s for the one kept.", **values)
    if most - own < standing.tie and candidate.k > chosen.k:
        return _(
            "%(points)s points against %(kept)s for the one kept: less than %(tie)s apart, and it "
            "has more segments (%(segments)s against %(fewer)s).",
            segments=wording.integer(candidate.k),
            fewer=wording.integer(chosen.k),
            **values,
        )
    if kept - own < standing.tie <= most - own and candidate.k < chosen.k:
        behind = _(
            "Fewer segments do not help it: it is %(tie)s or more behind the most (%(most)s).",
            tie=values["tie"],
            most=wording.number(most, 1),
        )
        return f"{text} {behind}"
    return text


def _baseline(candidate: Candidate, standing: Standing, wording: Wording) -> str:
    """Return how near a baseline comes, by the tie that decides between the others."""
    _, own = wording.gettext, points_of(candidate)
    kept = None if standing.chosen is None else points_of(standing.chosen)
    if own is None or kept is None:
        return _("A baseline: it is there to be compared with, not to be kept.")
    values = {
        "points": wording.points_against(own, kept),
        "kept": wording.points_against(kept, own),
    }
    if abs(own - kept) < standing.tie:
        return _(
            "A baseline, never kept: %(points)s points against %(kept)s, less than %(tie)s apart. "
            "It does nearly as well.",
            tie=wording.exact(standing.tie),
            **values,
        )
    if own > kept:
        return _(
            "A baseline, never kept: %(points)s points, more than the %(kept)s of the one kept.",
            **values,
        )
    return _("A baseline, never kept, and beaten: %(points)s points against %(kept)s.", **values)
