"""The main path, on one screen: from an open source to the findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from analysis import findings as f
from analysis import subset
from analysis.assignment import list_customers
from analysis.changes import Present, measure_changes
from analysis.costs import TrialCost
from analysis.customers import (
    INACTIVE,
    NO_VALID_ORDER,
    NOT_YET,
    ONE_TIME,
    REPEAT,
    WAITING,
    CustomerTable,
    build_customers,
)
from analysis.drift import measure_drift
from analysis.editions import check_later, check_same_shop
from analysis.known_features import settle_missing_reviews
from analysis.kpis import measure_kpis, measure_since
from analysis.order_details import read_details
from analysis.orders import (
    build_orders,
    build_orders_until,
    describe_period,
    to_seconds,
    until,
)
from analysis.parallel import pin_one_thread
from analysis.pricing import make_offer
from analysis.questions import answer_questions
from analysis.segmentation import (
    Model,
    SegmentIndex,
    customers_of,
)
from analysis.segmenting import history_days, make_segments, window_filled
from analysis.settings import Customers, Settings
from analysis.stage_dates import settle_stages
from analysis.steps import Steps
from analysis.voices import read_comments

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
    with steps.step("build_customers"):
        asked, settings = settings, fit_window(settings, period)
        table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
        settings, table = settle_missing_reviews(orders, table, settings)
        settings, stages = settle_stages(orders, table.as_of, settings)
        counts = count_customers(table, settings.customers)
        drawn = subset.draw_subsets(source, orders, settings.scale)
        whole = subset.Population(orders, table)
        part = subset.part_of(whole, subset.orders_of(orders, drawn.chosen), drawn.chosen)

    def compare_orders(own: Steps) -> f.Drift | f.NotComputed:
        with own.step("measure_drift"):
            return measure_drift(part.orders, window_filled(period, settings), period, settings)

    # The key figures wait for the engine, which needs one processor: meanwhile there is another.
    with steps.beside(compare_orders) as compared:
        with steps.step("measure_kpis"):
            kpis = measured.kpis if measured else measure_kpis(source, orders, period, asked)
            if previous is not None:
                check_same_shop(previous, orders, kpis)
                since = measure_since(source, period, previous.findings.period.as_of)
            questions = measured.questions if measured else answer_questions(source, period, asked)
            comments = read_comments(source, period, drawn.bounds)
            details = read_details(source, part.orders, drawn.bounds)
            description = source.description
            source.close()
        drift = compared()
    segmented = make_segments(
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
    if history_days(period) >= customers.window_days + customers.short_window_days:
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
