"""How sure the choice is: who else would win, what the baselines reach, what the controls say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.findings import Candidate, Choice, NotComputed, Score, WeightedWin
from report.views.algorithms import FAMILIES, name_with_parameters
from report.views.refusals import refusal
from report.wording import Wording, message

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
# What a fit may add to plain cuts: the words, and whether more of it is better.
COMPARED = (
    (message("segments to keep in mind: %(chosen)s against %(baseline)s"), False),
    (message("smallest segment: %(chosen)s against %(baseline)s"), True),
    (message("variance of spend explained: %(chosen)s against %(baseline)s"), True),
    (message("variance of reviews explained: %(chosen)s against %(baseline)s"), True),
    (message("Jaccard coefficient of the least stable: %(chosen)s against %(baseline)s"), True),
    (message("fidelity of the rules: %(chosen)s against %(baseline)s"), True),
    (message("customers that the worst rule finds: %(chosen)s against %(baseline)s"), True),
)


def verdicts(
    candidates: tuple[Candidate, ...], choice: Choice, wording: Wording
) -> tuple[str, ...]:
    """Return how sure the choice is, what the baselines reach, and what the controls say."""
    _ = wording.gettext
    sentences = [*_weightings(candidates, choice, wording), _ahead(choice, wording)]
    sentences.append(_floors(candidates, choice, wording))
    sentences.append(_baseline(candidates, choice, wording))
    for control in choice.controls:
        if isinstance(control.failed, NotComputed):
            sentences.append(_(CONTROLS_PASSED[control.code]))
        else:
            sentences.append(_(CONTROLS[control.code], why=refusal(control.failed, wording)))
    return tuple(sentence for sentence in sentences if sentence)


def sureness(
    candidates: tuple[Candidate, ...], choice: Choice, wording: Wording
) -> tuple[str, ...]:
    """Return how often the same one wins and who else does, and how near plain cuts come."""
    same = " ".join(filter(None, (_same(choice, wording), _rival(candidates, choice, wording))))
    found = (same, _baseline(candidates, choice, wording))
    return tuple(sentence for sentence in found if sentence)


def _same(choice: Choice, wording: Wording) -> str:
    """Return the share of random weightings under which the same one wins."""
    if isinstance(choice.wins_share, NotComputed):
        return ""
    return wording.gettext(
        "Under %(share)s of %(draws)s random weightings around those of the scorecard, the same "
        "one wins.",
        share=wording.share(choice.wins_share),
        draws=wording.integer(choice.draws),
    )


def _rival(candidates: tuple[Candidate, ...], choice: Choice, wording: Wording) -> str:
    """Return who else wins under most weightings, and under how many; nothing where nobody does."""
    others = [win for win in choice.wins if not candidates[win.candidate].chosen]
    if not others:
        return ""
    win = max(others, key=lambda entry: entry.share)
    one = candidates[win.candidate]
    return wording.gettext(
        "The strongest rival, %(name)s in %(segments)s, wins under %(share)s.",
        name=name_with_parameters(one, wording),
        segments=wording.integer(one.k),
        share=wording.share(win.share),
    )


def _weightings(
    candidates: tuple[Candidate, ...], choice: Choice, wording: Wording
) -> tuple[str, ...]:
    """Return who wins under random weightings, without the baselines and with them."""
    _, same = wording.gettext, _same(choice, wording)
    if not same:
        return ()
    others = [win for win in choice.wins if not candidates[win.candidate].chosen]
    if others:
        same = _(
            "%(same)s Otherwise: %(others)s. In every one of them, too, the fewest segments win "
            "among scores less than %(tie)s points apart.",
            same=same,
            others=_winners(candidates, others, wording),
            tie=wording.exact(choice.tie),
        )
    if not any(candidates[win.candidate].is_baseline for win in choice.wins_with_baselines):
        return (same,)
    everybody = _(
        "With the baselines, which cannot be chosen, in the race: %(winners)s.",
        winners=_winners(candidates, choice.wins_with_baselines, wording),
    )
    return (same, everybody)


def _winners(
    candidates: tuple[Candidate, ...], wins: Sequence[WeightedWin], wording: Wording
) -> str:
    """Return candidates with the share of weightings that each wins."""
    _ = wording.gettext
    return wording.clauses(
        [
            _(
                "%(share)s for %(name)s in %(segments)s (%(family)s)",
                share=wording.share(win.share),
                name=name_with_parameters(one, wording),
                segments=wording.integer(one.k),
                family=_(FAMILIES[one.family]).lower(),
            )
            for win in wins
            for one in (candidates[win.candidate],)
        ]
    )


def _ahead(choice: Choice, wording: Wording) -> str:
    """Return that another one has more points, and only loses by the tie."""
    ahead, points = choice.runner_up_points, choice.points
    if isinstance(points, NotComputed) or isinstance(ahead, NotComputed) or ahead <= points:
        return ""
    return wording.gettext(
        "Another one reaches %(ahead)s points, the chosen one %(points)s: less than a tie apart, "
        "and it has more segments.",
        ahead=wording.points_against(ahead, points),
        points=wording.points_against(points, ahead),
    )


def _baseline(candidates: tuple[Candidate, ...], choice: Choice, wording: Wording) -> str:
    """Return whether the baselines are beaten, by the same tie that decides between the others."""
    _, points, baseline = wording.gettext, choice.points, choice.baseline_points
    if isinstance(points, NotComputed):
        return ""
    if isinstance(baseline, NotComputed):
        return _("No baseline comes as far as the scorecard.")
    values = {
        "points": wording.points_against(points, baseline),
        "baseline": wording.points_against(baseline, points),
    }
    if abs(baseline - points) < choice.tie:
        return _close(candidates, choice, values, wording)
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


def _close(
    candidates: tuple[Candidate, ...], choice: Choice, values: dict[str, str], wording: Wording
) -> str:
    """Return that plain cuts come close, and what the fit adds to them or takes away."""
    _ = wording.gettext
    text = _(
        "Plain cuts come close: the best baseline reaches %(baseline)s points, the chosen one "
        "%(points)s, less than a tie of %(tie)s points apart.",
        tie=wording.exact(choice.tie),
        **values,
    )
    chosen = next((one for one in candidates if one.chosen), None)
    plain = next((one for one in candidates if _is_best_baseline(one, choice)), None)
    if chosen is None or plain is None:
        return text
    better, worse = _compare(chosen, plain, wording)
    said = [text]
    if better:
        said.append(_("What the fit adds: %(better)s.", better=wording.clauses(better)))
    if worse:
        said.append(_("What the cuts do better: %(worse)s.", worse=wording.clauses(worse)))
    return " ".join(said)


def _floors(candidates: tuple[Candidate, ...], choice: Choice, wording: Wording) -> str:
    """Return how far fits of the chosen one agree by themselves: three causes, side by side."""
    chosen = next((one for one in candidates if one.chosen), None)
    if chosen is None or isinstance(choice.starts, NotComputed):
        return ""
    single, best, again = chosen.seed_floor, chosen.starts_floor, chosen.refit_floor
    if (
        isinstance(single, NotComputed)
        or isinstance(best, NotComputed)
        or isinstance(again, NotComputed)
    ):
        return ""
    return wording.gettext(
        "How far fits of the chosen one agree (ARI that nineteen of twenty pairs reach): "
        "%(single)s between single starts, %(best)s between the best of %(starts)s starts, "
        "%(again)s between refits on customers drawn again. The first is luck, the second what is "
        "left of it, the third what other customers would change: below it nothing can be called "
        "a change.",
        single=wording.index(single),
        best=wording.index(best),
        again=wording.index(again),
        starts=wording.integer(choice.starts),
    )


def _is_best_baseline(candidate: Candidate, choice: Choice) -> bool:
    """Return whether it is the baseline that the choice speaks of."""
    score = candidate.score
    return (
        candidate.is_baseline
        and isinstance(score, Score)
        and score.points == choice.baseline_points
    )


def _compare(chosen: Candidate, plain: Candidate, wording: Wording) -> tuple[list[str], list[str]]:
    """Return where the chosen one is better and where the baseline is, as far as can be read."""
    better: list[str] = []
    worse: list[str] = []
    for (text, more_is_better), one, other in zip(
        COMPARED, _figures(chosen, wording), _figures(plain, wording), strict=True
    ):
        (value, write), (against, _write) = one, other
        if isinstance(value, NotComputed) or isinstance(against, NotComputed):
            continue
        if write(value) == write(against):
            continue
        said = wording.gettext(text, chosen=write(value), baseline=write(against))
        (better if (value > against) == more_is_better else worse).append(said)
    return better, worse


def _figures(
    one: Candidate, wording: Wording
) -> tuple[tuple[float | NotComputed, Callable[[float], str]], ...]:
    """Return the figures that are compared, and how each is written."""
    jaccards = one.jaccards
    return (
        (one.k, wording.integer),
        (one.smallest_share, wording.share),
        (one.eta_squared_spend, wording.share),
        (one.eta_squared_review, wording.share),
        (jaccards if isinstance(jaccards, NotComputed) else min(jaccards), wording.index),
        (_reached(one, "fidelity"), wording.share),
        (_reached(one, "recall"), wording.share),
    )


def _reached(one: Candidate, code: str) -> float | NotComputed:
    """Return the figure of a check, where it was asked."""
    unknown = NotComputed("not_reached")
    return next((check.value for check in one.checks if check.code == code), unknown)
