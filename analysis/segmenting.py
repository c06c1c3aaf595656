"""From the customers to the segments: try, gate, trace, choose, describe; or why it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis import findings as f
from analysis import subset
from analysis.actions import describe_basis
from analysis.candidate_indices import EvenBoxes
from analysis.candidates import describe_candidates
from analysis.costs import TrialCost, list_costs
from analysis.customers import (
    DAY,
    ONE_TIME,
    REPEAT,
    CustomerTable,
    build_customers,
)
from analysis.descriptions import describe_customers
from analysis.durability import describe_stability
from analysis.evidence import weigh_features
from analysis.gates import judge
from analysis.known_features import clustered
from analysis.matching import Matching, match_segments, name_alike
from analysis.memory import give_back
from analysis.number_of_segments import compare_numbers
from analysis.order_details import OrderDetails
from analysis.orders import (
    to_seconds,
)
from analysis.profiles import profile_segments
from analysis.repurchase import Returns, measure_returns
from analysis.rule_labels import count_differences
from analysis.rules import find_rules
from analysis.segmentation import (
    Model,
    SegmentIndex,
    assign_segments,
    make_model,
    with_names,
    with_scores,
    with_stages,
)
from analysis.selection import Selection, describe_choice, score_survivors, select
from analysis.settings import Customers, Settings
from analysis.snapshots import grid
from analysis.stability import Trace, trace_timeline
from analysis.steps import Steps
from analysis.trials import Trial, check_structure, try_candidates
from analysis.voices import Comments, hear_segments

if TYPE_CHECKING:
    from analysis.editions import Edition
    from analysis.orders import OrderFacts


@dataclass(frozen=True)
class Segmented:
    """The chosen segmentation with its model, or the reason why there is none."""

    candidates: tuple[f.Candidate, ...] | f.NotComputed
    choice: f.Choice | f.NotComputed
    features: f.Features | f.NotComputed
    number_of_segments: f.NumberOfSegments | f.NotComputed
    segmentation: f.Segmentation | f.NotComputed
    stability: f.Stability | f.NotComputed
    model: Model | None = None
    segments: SegmentIndex | None = None
    matching: Matching | f.NotComputed | None = None
    costs: tuple[TrialCost, ...] = ()
    subset: f.Subset | None = None


@dataclass(frozen=True)
class _Evidence:
    """What speaks for and against candidates, features and the number of segments."""

    candidates: tuple[f.Candidate, ...] | f.NotComputed
    features: f.Features | f.NotComputed
    numbers: f.NumberOfSegments | f.NotComputed


def make_segments(
    whole: subset.Population,
    part: subset.Population,
    drawn: subset.Draws,
    details: OrderDetails,
    comments: Comments,
    period: f.Period,
    fingerprint: str,
    settings: Settings,
    steps: Steps,
    previous: Edition | None,
) -> Segmented:
    """Try, trace, choose, describe; or say why it cannot be done.

    Tried and traced on `part`, the subset that was drawn or everybody; the details are of it.
    """
    missing = why_not(whole.table, period, settings.customers)
    if missing:
        return Segmented(*(missing,) * 6)
    table = part.table
    has_reviews = _knows_reviews(table, settings.customers)
    with steps.step("try_candidates"):
        trials = try_candidates(table, has_reviews, settings)
    with steps.step("select"):
        earlier = _earlier(part.orders, table, period, has_reviews, settings)
        judged = judge(trials, table, has_reviews, settings, earlier)
        board = score_survivors(judged, table, has_reviews, settings)
    with steps.step("trace_stability"):
        tables = _tables(part.orders, period, has_reviews, settings)
        clustered = replace(part.orders, has_reviews=has_reviews)
        trace = partial(_trace, clustered, tables, settings) if len(tables) > 1 else None
        selection = select(board, trace, settings)
    counted = subset.settings_of(part, whole, settings)

    def weigh(own: Steps) -> _Evidence:
        return _weigh(part, details, selection, has_reviews, settings, counted, own)

    choice = describe_choice(selection, table, has_reviews, settings)
    costs = list_costs(trials)
    if selection.winner is None:
        none = selection.why_none()
        evidence = weigh(steps)
        return Segmented(
            candidates=evidence.candidates,
            choice=choice,
            features=evidence.features,
            number_of_segments=evidence.numbers,
            segmentation=none,
            stability=none,
            costs=costs,
        )
    # The evidence needs nothing of what is described meanwhile. What is free would be held twice.
    give_back()
    with steps.beside(weigh) as weighed:
        with steps.step("segment"):
            trial = selection.chosen.trial
            model = make_model(
                trial, table, settings.customers, seed=settings.seed, fingerprint=fingerprint
            )
            model = with_scores(with_stages(model, settings.lifecycle), whole.table)
            segments = assign_segments(whole.table, model)
            measured_on = subset.describe_subset(whole, part)
            if measured_on is not None and drawn.other is not None:
                error = subset.measure_error(whole, part, drawn.other, trial, model, settings)
                measured_on = replace(measured_on, error=error)
        with steps.step("profile"):
            returns = measure_returns(whole.orders, model, period, settings)
            voices = hear_segments(
                comments, part.orders, table, part.own(segments), len(model.segment_ids), settings
            )
            segmentation = _describe(
                whole, table, selection, model, segments, returns, voices, settings
            )
            differences = count_differences(whole.table, segments, segmentation)
            segmentation = replace(segmentation, rule_differences=differences)
            matching: Matching | f.NotComputed = f.NotComputed("no_earlier_segments")
            if previous is not None:
                matching = match_segments(
                    previous, whole.orders, model, segments, segmentation, settings
                )
                segmentation = name_alike(matching, previous.findings.segmentation, segmentation)
            model = with_names(model, segmentation)
        with steps.step("describe_stability"):
            traces = selection.by_family()
            stability = describe_stability(clustered, tables, traces, model, settings)
        evidence = weighed()
    return Segmented(
        candidates=evidence.candidates,
        choice=choice,
        features=evidence.features,
        number_of_segments=evidence.numbers,
        segmentation=segmentation,
        stability=stability,
        model=model,
        segments=segments,
        matching=matching,
        costs=costs,
        subset=measured_on,
    )


def _weigh(
    part: subset.Population,
    details: OrderDetails,
    selection: Selection,
    has_reviews: bool,
    settings: Settings,
    counted: Settings,
    steps: Steps,
) -> _Evidence:
    """Return the evidence, around what was kept or came farthest; `counted`: of how many."""
    boxes = EvenBoxes(settings)
    with steps.step("weigh_candidates"):
        candidates = describe_candidates(selection, counted, boxes)
    around = selection.farthest
    if around is None:
        none = selection.why_none()
        return _Evidence(candidates, none, none)
    with steps.step("weigh_features"):
        trial = around.trial
        described = describe_customers(part.orders, details, part.table, trial.codes)
        features = weigh_features(
            part.table, trial.codes, described, trial.family, max(trial.k, 2), has_reviews, settings
        )
        return _Evidence(candidates, features, compare_numbers(selection, settings, boxes))


def _earlier(
    orders: OrderFacts,
    table: CustomerTable,
    period: f.Period,
    has_reviews: bool,
    settings: Settings,
) -> CustomerTable | None:
    """Describe the customers as of an earlier date whose window is full; None without one."""
    as_of = table.as_of - settings.trials.later_days * DAY
    if as_of < window_filled(period, settings):
        return None
    earlier = build_customers(orders, as_of, settings.customers)
    enough = len(earlier.members(ONE_TIME)) >= settings.customers.minimum_customers
    known = _knows_reviews(earlier, settings.customers) or not has_reviews
    return earlier if enough and known else None


def why_not(table: CustomerTable, period: f.Period, wanted: Customers) -> f.NotComputed | None:
    """Return why customers cannot be segmented, or None when they can."""
    history = history_days(period)
    if history < wanted.minimum_history_days:
        return f.NotComputed(
            "too_short_history", found=str(history), expected=str(wanted.minimum_history_days)
        )
    customers = len(table.members(ONE_TIME))
    repeat = len(table.members(REPEAT))
    if customers < wanted.minimum_customers <= repeat:
        return f.NotComputed(
            "all_repeat", found=str(repeat), expected=str(wanted.minimum_customers)
        )
    if customers < wanted.minimum_customers:
        return f.NotComputed(
            "too_few_customers", found=str(customers), expected=str(wanted.minimum_customers)
        )
    if np.ptp(table.spend[table.members(ONE_TIME)]) == 0:
        return f.NotComputed("no_variation", found="spend")
    return None


def _tables(
    orders: OrderFacts, period: f.Period, has_reviews: bool, settings: Settings
) -> list[CustomerTable]:
    """Describe the customers at every date of the grid whose window is full and complete.

    A date that comes before enough customers, or before the first review where there are reviews
    later, cannot be clustered: the grid starts after the last such date.
    """
    usable_from = window_filled(period, settings)
    dates = grid(usable_from, to_seconds(period.complete_until), settings.stability.snapshot_days)
    tables = [build_customers(orders, as_of, settings.customers) for as_of in dates]
    needed = settings.customers.minimum_customers
    usable = [
        len(table.members(ONE_TIME)) >= needed
        and (_knows_reviews(table, settings.customers) or not has_reviews)
        for table in tables
    ]
    start = max((place + 1 for place, good in enumerate(usable) if not good), default=0)
    return tables[start:]


def window_filled(period: f.Period, settings: Settings) -> int:
    """Return the moment at which the first window of regular activity is full (epoch seconds)."""
    start = to_seconds(datetime.combine(period.started_on, time()))
    return start + settings.customers.window_days * DAY


def _knows_reviews(table: CustomerTable, wanted: Customers) -> bool:
    """Return whether enough one-time customers have a score, known or filled in."""
    return len(clustered(table, ("review",))) >= wanted.minimum_customers


def _trace(
    orders: OrderFacts, tables: Sequence[CustomerTable], settings: Settings, trial: Trial
) -> Trace:
    """Trace the timeline of a candidate."""
    return trace_timeline(orders, tables, trial.family, trial.k, settings)


def _describe(
    whole: subset.Population,
    fitted: CustomerTable,
    selection: Selection,
    model: Model,
    segments: SegmentIndex,
    returns: Returns,
    voices: Sequence[f.Voices | f.NotComputed],
    settings: Settings,
) -> f.Segmentation:
    """Return the segmentation as the documents know it."""
    trial = selection.chosen.trial
    rules = find_rules(fitted, model, settings.trials, settings.seed)
    everybody, described = profile_segments(
        whole.orders, whole.table, segments, model, rules, returns, voices, settings
    )
    return f.Segmentation(
        family=trial.family,
        algorithm=trial.recipe.algorithm,
        k=trial.k,
        features=trial.preparation.features,
        structure=check_structure(trial, selection.shuffled, settings),
        everybody=everybody,
        segments=described,
        rule_fidelity=rules.fidelity,
        rule_order=tuple(segment.segment_id for segment in described),
        buying_again=returns.together,
        action_basis=describe_basis(settings.actions),
    )


def history_days(period: f.Period) -> int:
    """Return the days of regular activity until the last complete day."""
    return (period.complete_until.date() - period.started_on).days
