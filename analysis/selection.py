"""Which candidate is kept: G6 on the few that come first, then the scorecard; why the others lost.

A candidate that breaks is final too: the next one of its family takes its place in the timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis import kmeans
from analysis.confirmation import confirm
from analysis.customers import CustomerTable
from analysis.findings import (
    NOT_REACHED,
    Choice,
    Control,
    Family,
    GateCheck,
    NotComputed,
    Timeline,
    WeightedWin,
)
from analysis.gates import Judged, at_least
from analysis.minimum import check_minimum
from analysis.scorecard import CRITERIA, Scored, score, winning_shares
from analysis.settings import Settings
from analysis.stability import Trace
from analysis.trials import FAMILIES, Trial, shuffled_silhouettes


@dataclass(frozen=True)
class Scoreboard:
    """Every trial after gates G1 to G5, and the scores of those that met them.

    `places` says where each scored one stands among the judged; `shuffled` holds the silhouettes
    of each on shuffled columns.
    """

    judged: tuple[Judged, ...]
    places: tuple[int, ...]
    scored: tuple[Scored, ...]
    shuffled: tuple[tuple[float, ...], ...]

    def eligible(self) -> list[int]:
        """Return the places among the judged of those that may be kept, best first."""
        order = sorted(range(len(self.scored)), key=lambda n: self.scored[n].score.place)
        return [self.places[n] for n in order if not self.scored[n].judged.trial.is_baseline]


@dataclass(frozen=True)
class Selection:
    """What was decided.

    Attributes:
        board: the trials with their scores; those that were traced with their checks of G6.
        traces: the timelines, by place among the judged.
        winner: place among the judged of the one kept; None where nothing met G1 to G5.
    """

    board: Scoreboard
    traces: dict[int, Trace]
    winner: int | None

    @property
    def chosen(self) -> Judged:
        """Return the candidate that is kept.

        Raises:
            LookupError: nothing met gates G1 to G5.
        """
        if self.winner is None:
            raise LookupError("no candidate met gates G1 to G5")
        return self.board.judged[self.winner]

    @property
    def shuffled(self) -> tuple[float, ...]:
        """Return the silhouettes on shuffled columns of the candidate that is kept."""
        if self.winner is None:
            return ()
        return self.board.shuffled[self.board.places.index(self.winner)]

    def score_at(self, place: int) -> Scored | None:
        """Return the score of the candidate at a place among the judged, None without one."""
        if place not in self.board.places:
            return None
        return self.board.scored[self.board.places.index(place)]

    def place_of(self, scored: Scored) -> int:
        """Return where a scored candidate stands among the judged."""
        trials = [entry.trial for entry in self.board.judged]
        return next(place for place, trial in enumerate(trials) if trial is scored.judged.trial)

    @property
    def farthest(self) -> Judged | None:
        """Return the one that is kept, or of those refused the first that came farthest."""
        if self.winner is not None:
            return self.chosen
        real = [
            entry for entry in self.board.judged if entry.checks and not entry.trial.is_baseline
        ]
        return max(real, key=lambda entry: entry.checks[-1].gate, default=None)

    def why_none(self) -> NotComputed:
        """Return at which gate the last of the candidates stopped."""
        last = self.farthest
        if last is None:
            return NotComputed("no_candidate_passed")
        tried = sum(not entry.trial.is_baseline for entry in self.board.judged)
        return NotComputed("stopped_at_gate", last.checks[-1].gate, str(tried))

    def by_family(self) -> dict[Family, Trace]:
        """Return a timeline a family: of the one kept, or the last that was traced."""
        found: dict[Family, Trace] = {}
        for place, trace in sorted(self.traces.items(), key=lambda entry: entry[0] == self.winner):
            found[self.board.judged[place].trial.family] = trace
        return {family: found[family] for family in FAMILIES if family in found}


def score_survivors(
    judged: tuple[Judged, ...], table: CustomerTable, has_reviews: bool, settings: Settings
) -> Scoreboard:
    """Score the candidates that met gates G1 to G5, baselines included."""
    places = tuple(place for place, entry in enumerate(judged) if entry.passed)
    survivors = [judged[place] for place in places]
    shuffled = _shuffled(survivors, settings)
    means = [float(np.mean(values)) for values in shuffled]
    scored = score(survivors, means, table, has_reviews, settings)
    return Scoreboard(judged, places, tuple(scored), tuple(tuple(row) for row in shuffled))


def select(
    board: Scoreboard, trace: Callable[[Trial], Trace] | None, settings: Settings
) -> Selection:
    """Trace the first of each family (G6), and keep the best that holds.

    Where none holds, the one that holds longest is kept and its failure is shown: its segments are
    of use today, and no interval between refits is recommended. Without a timeline (too short a
    history) G6 is left out. A baseline is never kept: it is there to be beaten, and is scored.

    Args:
        board: every trial, scored.
        trace: draws the timeline of a trial; None where there are not two dates.
        settings: thresholds.
    """
    eligible = board.eligible()
    traces: dict[int, Trace] = {}
    final = list(board.judged)
    for family in FAMILIES if trace is not None else ():
        first = [place for place in eligible if board.judged[place].trial.family == family]
        for place in first[: settings.trials.timelines]:
            entry = board.judged[place]
            checks = _refit_checks(entry, settings)
            if trace is not None and checks[0].passed:
                traces[place] = trace(entry.trial)
                checks += _timeline_checks(traces[place].timeline, settings)
            final[place] = entry.with_checks(checks)
            if final[place].passed:
                break
    winner = _winner(eligible, final, traces, trace is not None)
    if winner is not None:
        final[winner] = confirm(final[winner], settings)
    scored = tuple(
        replace(entry, judged=final[place])
        for place, entry in zip(board.places, board.scored, strict=True)
    )
    return Selection(
        board=replace(board, judged=tuple(final), scored=scored),
        traces=traces,
        winner=winner,
    )


def early_lowest(timeline: Timeline, days: int) -> float:
    """Return the lowest warm ARI of the points up to an age; 1 where there are none."""
    return min((point.ari_warm for point in timeline.points if point.age_days <= days), default=1.0)


def describe_choice(
    selection: Selection, table: CustomerTable, has_reviews: bool, settings: Settings
) -> Choice:
    """Return how the choice was made, and what its controls say."""
    wanted = settings.scorecard
    own = None if selection.winner is None else selection.score_at(selection.winner)
    scored = selection.board.scored
    rivals = [
        entry
        for entry in scored
        if entry is own or (entry.judged.passed and not entry.judged.trial.is_baseline)
    ]
    stable = NOT_REACHED if own is None else own.judged.stable
    baselines = [entry for entry in scored if entry.judged.trial.is_baseline]
    none = selection.why_none()
    wins = _wins(selection, rivals, settings)
    return Choice(
        weights=tuple(float(getattr(wanted, name)) for name in CRITERIA),
        tie=wanted.tie,
        draws=wanted.draws,
        wins_share=none
        if own is None
        else sum(win.share for win in wins if win.candidate == selection.winner),
        points=none if own is None else own.score.points,
        runner_up_points=_best_points([entry for entry in rivals if entry is not own]),
        baseline_points=_best_points(baselines),
        controls=_controls(selection, table, has_reviews, settings),
        resamples=settings.trials.resamples,
        costly_resamples=settings.trials.costly_resamples,
        resample_customers=settings.trials.costly_rows,
        resample_rows=settings.trials.resample_rows,
        chosen_resamples=stable
        if isinstance(stable, NotComputed)
        else stable.jaccards[0].resamples,
        starts=settings.segmentation.starts,
        index_customers=settings.trials.index_customers,
        candidate_halvings=settings.trials.candidate_halvings,
        wins=wins,
        wins_with_baselines=_wins(selection, [*rivals, *baselines], settings),
    )


def _wins(
    selection: Selection, scored: Sequence[Scored], settings: Settings
) -> tuple[WeightedWin, ...]:
    """Return who comes first how often, most often first; who never does is left out."""
    if not scored:
        return ()
    places = [selection.place_of(entry) for entry in scored]
    found = [
        WeightedWin(place, float(share))
        for place, share in zip(places, winning_shares(scored, settings), strict=True)
        if share > 0
    ]
    return tuple(sorted(found, key=lambda win: (-win.share, win.candidate)))


def _shuffled(entries: Sequence[Judged], settings: Settings) -> list[list[float]]:
    """Return the silhouettes on shuffled columns of each candidate, family by family."""
    found: dict[int, list[float]] = {}
    for family in FAMILIES:
        mine = [place for place, one in enumerate(entries) if one.trial.family == family]
        if mine:
            trials = [entries[place].trial for place in mine]
            found.update(zip(mine, shuffled_silhouettes(trials, settings), strict=True))
    return [found[place] for place in range(len(entries))]


def _refit_checks(entry: Judged, settings: Settings) -> list[GateCheck]:
    """G6: a model is handed over as its centres, and refitted from them: who would move at once.

    K-Means started from the centres must leave the customers where they are; then the timeline of
    K-Means is that of the candidate.
    """
    made, matrix = entry.trial.partition, entry.trial.matrix
    known = made.labels >= 0
    again = kmeans.assign(matrix, kmeans.fit_warm(matrix, made.centres).centres)
    share = float((again[known] == made.labels[known]).mean())
    return [at_least("G6", "refit_accuracy", share, settings.trials.extension_accuracy)]


def _timeline_checks(timeline: Timeline, settings: Settings) -> list[GateCheck]:
    """G6: it stands still when time cannot matter, and holds for the shortest interval on offer."""
    wanted = settings.stability
    lowest = early_lowest(timeline, wanted.must_hold_days)
    return [
        at_least("G6", "placebo", timeline.placebo_lowest_ari, wanted.threshold_ari),
        at_least("G6", "early_ari", lowest, wanted.threshold_ari),
    ]


def _winner(
    eligible: Sequence[int], final: Sequence[Judged], traces: dict[int, Trace], was_traced: bool
) -> int | None:
    """Return the first by score of those that hold; of none, the one that holds longest."""
    if not was_traced:
        return eligible[0] if eligible else None
    holding = [place for place in eligible if place in traces and final[place].passed]
    if holding:
        return holding[0]

    def lasting(place: int) -> tuple[bool, float, float, int]:
        timeline = traces[place].timeline
        alarm = timeline.first_alarm_days
        return (
            timeline.placebo_passed,
            float("inf") if isinstance(alarm, NotComputed) else float(alarm),
            timeline.lowest_ari,
            -eligible.index(place),
        )

    return max(traces, key=lasting, default=None)


def _best_points(entries: Sequence[Scored]) -> float | NotComputed:
    """Return the most points among some candidates."""
    if not entries:
        return NotComputed("no_rows")
    return max(entry.score.points for entry in entries)


def _controls(
    selection: Selection, table: CustomerTable, has_reviews: bool, settings: Settings
) -> tuple[Control, ...]:
    """A6: random labels, and the predecessor's recency and amount, must fail the minimum."""
    trials = [entry.trial for entry in selection.board.judged]
    if not trials:
        return ()
    k = settings.trials.rfm_segments if selection.winner is None else selection.chosen.trial.k
    codes = trials[0].codes
    drawn = np.random.default_rng(settings.seed).integers(0, k, len(codes)).astype(np.int32)
    labelings = [("random_labels", drawn)]
    labelings += [
        ("recency_and_amount", trial.partition.labels)
        for trial in trials
        if trial.recipe.algorithm == "rfm" and trial.family == "traits_and_recency"
    ]
    return tuple(
        Control(
            code=code,  # type: ignore[arg-type]  # the two literals above
            failed=next((check for check in checks if not check.passed), NOT_REACHED),
        )
        for code, labels in labelings
        for checks in [check_minimum(table, codes, labels, has_reviews, settings, draws=0)]
    )
