"""The main path, on one screen: from an open source to the findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from analysis import findings as f
from analysis import subset
from analysis.actions import describe_basis
from analysis.assignment import list_customers
from analysis.candidate_indices import EvenBoxes
from analysis.candidates import describe_candidates
from analysis.changes import Present, measure_changes
from analysis.costs import TrialCost, list_costs
from analysis.customers import (
    DAY,
    INACTIVE,
    NO_VALID_ORDER,
    NOT_YET,
    ONE_TIME,
    REPEAT,
    WAITING,
    CustomerTable,
    build_customers,
)
from analysis.descriptions import describe_customers
from analysis.drift import measure_drift
from analysis.durability import describe_stability
from analysis.editions import check_later, check_same_shop
from analysis.evidence import weigh_features
from analysis.gates import judge
from analysis.known_features import clustered, settle_missing_reviews
from analysis.kpis import measure_kpis, measure_since
from analysis.matching import Matching, match_segments, name_alike
from analysis.number_of_segments import compare_numbers
from analysis.order_details import OrderDetails, read_details
from analysis.orders import (
    build_orders,
    build_orders_until,
    describe_period,
    to_seconds,
    until,
)
from analysis.parallel import pin_one_thread
from analysis.pricing import make_offer
from analysis.profiles import profile_segments
from analysis.questions import answer_questions
from analysis.repurchase import Returns, measure_returns
from analysis.rule_labels import count_differences
from analysis.rules import find_rules
from analysis.segmentation import (
    Model,
    SegmentIndex,
    assign_segments,
    customers_of,
    make_model,
    with_names,
    with_scores,
    with_stages,
)
from analysis.selection import Selection, describe_choice, score_survivors, select
from analysis.settings import Customers, Settings
from analysis.snapshots import grid
from analysis.stability import Trace, trace_timeline
from analysis.stage_dates import settle_stages
from analysis.steps import Steps
from analysis.trials import Trial, check_structure, try_candidates
from analysis.voices import Comments, hear_segments, read_comments

if TYPE_CHECKING:
    import pandas as pd

    from analysis.editions import Edition
    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

DISTRIBUTION = "segment-playbook"


@dataclass(frozen=True)
class Analysis:
    """What a run leaves: the findings, and what the files beside them are made of.

    `model` and `segments` (a place in model.segment_ids a customer code, or NO_SEGMENT) are None
    when no segmentation could be made. `costs` has an entry a candidate, none where nothing was
    tried. Where not `is_whole`, orders and table are those of a part of the customers.
    """

    findings: f.Findings
    orders: OrderFacts
    table: CustomerTable
    model: Model | None
    segments: SegmentIndex | None
    costs: tuple[TrialCost, ...]
    is_whole: bool = True


@dataclass(frozen=True)
class Measured:
    """The figures that are added up where the data are."""

    period: f.Period
    kpis: f.Kpis
    questions: tuple[f.Question, ...]


@dataclass(frozen=True)
class _Segmented:
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


def analyse(
    source: OpenSource,
    settings: Settings,
    steps: Steps | None = None,
    previous: Edition | None = None,
    measured: Measured | None = None,
) -> Analysis:
    """Run the main path on an open source, and close it as soon as it has been read.

    Nothing of it is needed for the segments, and its tables take a third of the memory. With a
    previous edition the segments are named as they were there, and the findings say what changed.
    What is `measured` already, of more customers than the source's, is taken as it is.

    Raises:
        FindingsError: the previous edition is not earlier, or of another shop.
        SettingsError: it counts in another currency.
    """
    steps = steps or Steps()
    # From the first product on, so that a second run in one process ends in the same last digits.
    pin_one_thread()
    with steps.step("build_orders"):
        everything = build_orders_until(source, settings.as_of)
        period = (
            measured.period if measured else describe_period(everything, settings.as_of, settings)
        )
        orders = until(everything, period.as_of)
        del everything
        if previous is not None:
            check_later(previous, period, settings)
    with steps.step("measure_kpis"):
        kpis = measured.kpis if measured else measure_kpis(source, orders, period, settings)
        if previous is not None:
            check_same_shop(previous, orders, kpis)
            since = measure_since(source, period, previous.findings.period.as_of)
        questions = measured.questions if measured else answer_questions(source, period, settings)
        drawn = subset.draw_subsets(source, orders, settings.scale)
        fitted = subset.orders_of(orders, drawn.chosen)
        comments = read_comments(source, period, drawn.bounds)
        details = read_details(source, fitted, drawn.bounds)
        description = source.description
        source.close()
    with steps.step("build_customers"):
        settings = fit_window(settings, period)
        table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
        settings, table = settle_missing_reviews(orders, table, settings)
        settings, stages = settle_stages(orders, table.as_of, settings)
        counts = count_customers(table, settings.customers)
    whole = subset.Population(orders, table)
    part = subset.part_of(whole, fitted, drawn.chosen)
    segmented = _segment(
        whole,
        part,
        drawn,
        details,
        comments,
        period,
        description.fingerprint,
        settings,
        steps,
        previous,
    )
    with steps.step("measure_drift"):
        drift = measure_drift(part.orders, _window_filled(period, settings), period, settings)
    offer = make_offer(segmented.stability, counts, period, settings, steps)
    findings = f.Findings(
        format_version=f.FORMAT_VERSION,
        program_version=version(DISTRIBUTION),
        seed=settings.seed,
        source=description,
        period=period,
        kpis=kpis,
        questions=questions,
        customers=counts,
        candidates=segmented.candidates,
        choice=segmented.choice,
        features=segmented.features,
        number_of_segments=segmented.number_of_segments,
        segmentation=segmented.segmentation
        if isinstance(segmented.segmentation, f.NotComputed)
        else replace(segmented.segmentation, stages=stages),
        stability=segmented.stability,
        drift=drift,
        refresh=offer.refresh,
        staleness=offer.staleness,
        proposal=offer.proposal,
        subset=segmented.subset or subset.describe_subset(whole, part),
    )
    if previous is not None:
        with steps.step("compare_editions"):
            present = Present(findings, orders, table, segmented.segments)
            matching = segmented.matching or f.NotComputed("depends_on", found="segmentation")
            changes = measure_changes(previous, present, matching, since, settings)
            findings = replace(findings, changes=changes)
    return Analysis(
        findings=findings,
        orders=orders,
        table=table,
        model=segmented.model,
        segments=segmented.segments,
        costs=segmented.costs,
    )


def ask(source: OpenSource, settings: Settings) -> tuple[f.Question, ...]:
    """Answer the client's questions, and nothing else."""
    period = describe_period(build_orders(source), settings.as_of, settings)
    return answer_questions(source, period, settings)


def assign_customers(
    source: OpenSource,
    model: Model,
    settings: Settings,
    segmentation: f.Segmentation | None = None,
) -> pd.DataFrame:
    """Give each customer of a source the segment of a stored model (see list_customers)."""
    everything = build_orders(source)
    period = describe_period(everything, settings.as_of, settings)
    orders = until(everything, period.as_of)
    table = customers_of(model, orders, to_seconds(period.complete_until), settings.customers)
    return list_customers(orders, table, model, settings, segmentation)


def fit_window(settings: Settings, period: f.Period) -> Settings:
    """Return the settings with the short window where the history is too short for the long one.

    A window must have filled, and half a year must remain to see how a model ages (methods, 1.4).
    """
    customers = settings.customers
    if _history_days(period) >= customers.window_days + customers.short_window_days:
        return settings
    shorter = min(customers.window_days, customers.short_window_days)
    return settings.model_copy(
        update={"customers": customers.model_copy(update={"window_days": shorter})}
    )


def count_customers(table: CustomerTable, wanted: Customers) -> f.CustomerCounts:
    """Return how many customers there are by what the rules say of them."""
    counts = np.bincount(table.standing, minlength=REPEAT + 1)
    return f.CustomerCounts(
        described_on=datetime.fromtimestamp(table.as_of, UTC).replace(tzinfo=None),
        window_days=table.window_days,
        outcome_days=wanted.outcome_days,
        total=int(counts[NO_VALID_ORDER:].sum()),
        one_time=int(counts[ONE_TIME]),
        repeat=int(counts[REPEAT]),
        waiting=int(counts[WAITING]),
        inactive=int(counts[INACTIVE]),
        no_valid_order=int(counts[NO_VALID_ORDER]),
        bought_later=int(counts[NOT_YET]),
        occasion_hours=wanted.same_occasion_hours,
        reviews_imputed=int(table.review_imputed.sum()),
        reviews_absent=0
        if wanted.fill_reviews
        else int(np.isnan(table.review[table.members(ONE_TIME, REPEAT)]).sum()),
    )


def _segment(
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
) -> _Segmented:
    """Try, trace, choose, describe; or say why it cannot be done.

    Tried and traced on `part`, the subset that was drawn or everybody; the details are of it.
    """
    missing = _why_not(whole.table, period, settings.customers)
    if missing:
        return _Segmented(*(missing,) * 6)
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
    boxes = EvenBoxes(settings)
    with steps.step("weigh_candidates"):
        candidates = describe_candidates(
            selection, subset.settings_of(part, whole, settings), boxes
        )
    choice = describe_choice(selection, table, has_reviews, settings)
    costs = list_costs(trials)
    if selection.winner is None:
        none = selection.why_none()
        features, numbers = _weigh(part, details, selection, has_reviews, boxes, settings, steps)
        return _Segmented(candidates, choice, features, numbers, none, none, costs=costs)
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
    features, numbers = _weigh(part, details, selection, has_reviews, boxes, settings, steps)
    with steps.step("describe_stability"):
        traces = selection.by_family()
        stability = describe_stability(clustered, tables, traces, model, settings)
    return _Segmented(
        candidates=candidates,
        choice=choice,
        features=features,
        number_of_segments=numbers,
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
    boxes: EvenBoxes,
    settings: Settings,
    steps: Steps,
) -> tuple[f.Features | f.NotComputed, f.NumberOfSegments | f.NotComputed]:
    """Return the evidence on features and numbers, around what was kept or came farthest."""
    around = selection.farthest
    if around is None:
        none = selection.why_none()
        return none, none
    with steps.step("weigh_features"):
        trial = around.trial
        described = describe_customers(part.orders, details, part.table, trial.codes)
        features = weigh_features(
            part.table, trial.codes, described, trial.family, max(trial.k, 2), has_reviews, settings
        )
        return features, compare_numbers(selection, settings, boxes)


def _earlier(
    orders: OrderFacts,
    table: CustomerTable,
    period: f.Period,
    has_reviews: bool,
    settings: Settings,
) -> CustomerTable | None:
    """Describe the customers as of an earlier date whose window is full; None without one."""
    as_of = table.as_of - settings.trials.later_days * DAY
    if as_of < _window_filled(period, settings):
        return None
    earlier = build_customers(orders, as_of, settings.customers)
    enough = len(earlier.members(ONE_TIME)) >= settings.customers.minimum_customers
    known = _knows_reviews(earlier, settings.customers) or not has_reviews
    return earlier if enough and known else None


def _why_not(table: CustomerTable, period: f.Period, wanted: Customers) -> f.NotComputed | None:
    """Return why customers cannot be segmented, or None when they can."""
    history = _history_days(period)
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
    usable_from = _window_filled(period, settings)
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


def _window_filled(period: f.Period, settings: Settings) -> int:
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


def _history_days(period: f.Period) -> int:
    """Return the days of regular activity until the last complete day."""
    return (period.complete_until.date() - period.started_on).days
