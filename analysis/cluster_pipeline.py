"""The main path where the data are on a cluster and the customers are many.

The orders of a drawn part of the customers are read, and led along the main path; the dashboard's
figures, the answers, the period and the sizes of the segments are those of everybody, added up
where the data are. With few customers every order is read, and nothing differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis import findings as f
from analysis import queries
from analysis.actions import plan_actions
from analysis.cluster_assignment import assignment_parameters
from analysis.cluster_period import describe_period_by_days
from analysis.errors import SettingsError
from analysis.experiments import is_tested
from analysis.kpis import measure_kpis
from analysis.next_baskets import NextBasket
from analysis.pipeline import Analysis, Measured, analyse
from analysis.pricing import offer_again
from analysis.questions import answer_questions
from analysis.settings import Lifecycle, Settings
from analysis.steps import Steps

if TYPE_CHECKING:
    from analysis.editions import Edition
    from analysis.segmentation import Model
    from analysis.spark_source import SparkSource

SIZES = "marts/segment_sizes"
# One part to fit on, and another as large that it is held against.
PARTS = 2


@dataclass(frozen=True)
class _Cell:
    """Customers of one standing, centre and stage; `centre` and `stage` as the query gives them."""

    standing: str
    centre: int | None
    stage: str | None
    customers: int
    revenue_cents: int
    reviewed: int
    low_reviewers: int
    rule_differences: int


def analyse_on_cluster(
    source: SparkSource,
    settings: Settings,
    steps: Steps,
    previous: Edition | None = None,
) -> Analysis:
    """Run the main path on a source on a cluster; of many customers a part is read.

    Raises:
        SettingsError: an earlier edition was given, and the customers are many.
        EngineError: the cluster did not finish.
    """
    limit = PARTS * settings.scale.fit_customers
    with steps.step("count_customers"):
        customers = source.count_customers()
    if customers <= limit:
        return analyse(source, settings, steps, previous)
    if previous is not None:
        raise SettingsError(
            f"an earlier edition to compare with, and {customers} customers",
            where="--previous",
            expected=f"at most {limit} customers on a cluster, twice fit_customers in [scale]",
            todo="raise fit_customers, or build without --previous",
        )
    with steps.step("describe_period"):
        period = describe_period_by_days(source, settings)
    with steps.step("measure_all_kpis"):
        measured = Measured(
            period=period,
            kpis=measure_kpis(source, None, period, settings),
            questions=answer_questions(source, period, settings),
        )
    part = analyse(source.narrowed(limit, customers), settings, steps, measured=measured)
    with steps.step("count_segments"):
        found = replace(
            part.findings,
            source=source.description,
            subset=_subset(part, customers),
        )
        if part.model is not None and not isinstance(found.segmentation, f.NotComputed):
            cells = _count(source, part, part.model, found.segmentation)
            found = _with_sizes(found, found.segmentation, cells, part.model, settings)
            known = found.customers.total
            counts = replace(found.customers, bought_later=max(_known(source, period) - known, 0))
            found = replace(found, customers=counts)
    found = offer_again(found, settings, steps)
    return replace(part, findings=found, is_whole=False)


def _subset(part: Analysis, customers: int) -> f.Subset:
    """Return on how many customers what was measured."""
    read = len(part.orders.customer_ids)
    inner = part.findings.subset
    if inner is None:
        return f.Subset(read, customers, f.NotComputed("depends_on", found="segmentation"), read)
    return replace(inner, total=customers, read=read)


def _known(source: SparkSource, period: f.Period) -> int:
    """Count the customers who bought by the end of the period."""
    rows = queries.run_query(source.connection, "marts/known_customers", {"as_of": period.as_of})
    return int(rows["customers"][0].as_py())


def _count(
    source: SparkSource, part: Analysis, model: Model, segmentation: f.Segmentation
) -> list[_Cell]:
    """Count all customers by what makes their segment."""
    parameters = assignment_parameters(
        model, segmentation, part.findings.period, has_reviews=part.orders.has_reviews
    )
    rows = queries.run_asked(source.spark, SIZES, parameters).to_pylist()
    return [_Cell(**row) for row in rows]


def _with_sizes(
    found: f.Findings,
    segmentation: f.Segmentation,
    cells: Sequence[_Cell],
    model: Model,
    settings: Settings,
) -> f.Findings:
    """Return findings whose segments and customers are as many as there are."""
    first = int(model.has_repeat_segment)
    theirs = [
        [cell for cell in cells if _place(cell, first) == place]
        for place in range(len(segmentation.segments))
    ]
    inside = [cell for part in theirs for cell in part]
    everybody = _sized(segmentation.everybody, inside, inside)
    profiles = [
        _sized(segment.profile, mine, inside)
        for segment, mine in zip(segmentation.segments, theirs, strict=True)
    ]
    plans = plan_actions(
        profiles,
        [segment.persona for segment in segmentation.segments],
        [segment.repurchase for segment in segmentation.segments],
        [_basket(segment) for segment in segmentation.segments],
        [
            _left_out(segment, profile, settings)
            for segment, profile in zip(segmentation.segments, profiles, strict=True)
        ],
        settings.actions,
        settings.seed,
    )
    segments = tuple(
        replace(
            segment,
            profile=profile,
            plan=plan,
            lifecycle=_stages(segment.lifecycle, mine, settings.lifecycle),
        )
        for segment, profile, plan, mine in zip(
            segmentation.segments, profiles, plans, theirs, strict=True
        )
    )
    widened = replace(
        segmentation,
        everybody=everybody,
        segments=segments,
        rule_differences=sum(cell.rule_differences for cell in inside),
    )
    return replace(found, segmentation=widened, customers=_counts(found.customers, cells))


def _place(cell: _Cell, first: int) -> int | None:
    """Return the place of a cell's segment in the documents' order, None without one."""
    if cell.standing == "repeat":
        return 0 if first else None
    return None if cell.centre is None else first + cell.centre


def _sized(profile: f.Profile, mine: Sequence[_Cell], inside: Sequence[_Cell]) -> f.Profile:
    """Return a profile with the customers and the revenue of everybody; the rest as it was read."""
    customers, everybody = (sum(cell.customers for cell in part) for part in (mine, inside))
    revenue, total = (sum(cell.revenue_cents for cell in part) for part in (mine, inside))
    return replace(
        profile,
        customers=customers,
        customer_share=customers / everybody if everybody else 0.0,
        revenue_cents=revenue,
        revenue_share=revenue / total if total else 0.0,
    )


def _stages(
    stages: Sequence[f.LifecycleCell], mine: Sequence[_Cell], lifecycle: Lifecycle
) -> tuple[f.LifecycleCell, ...]:
    whole = sum(cell.customers for cell in mine)
    counted = []
    for stage in stages:
        there = [cell for cell in mine if cell.stage == stage.stage]
        customers = sum(cell.customers for cell in there)
        counted.append(
            replace(
                stage,
                customers=customers,
                share_of_segment=customers / whole if whole else 0.0,
                revenue_cents=sum(cell.revenue_cents for cell in there),
                matters=customers >= lifecycle.cell_customers,
                low_reviewers=stage.low_reviewers
                if isinstance(stage.low_reviewers, f.NotComputed)
                else sum(cell.low_reviewers for cell in there),
                reachable=f.NotComputed("not_measured_then"),
            )
        )
    return tuple(counted)


def _basket(segment: f.Segment) -> NextBasket | f.NotComputed:
    """Return what a next purchase costs, as the plan of the part that was read valued it."""
    seen = segment.plan.basket_orders
    return seen if isinstance(seen, f.NotComputed) else NextBasket(segment.plan.basket, seen)


def _left_out(segment: f.Segment, profile: f.Profile, settings: Settings) -> int:
    """Return how many are left out: the share, which a draw of so many comes to."""
    share = settings.actions.held_out_share if is_tested(segment.persona) else 0
    return round(profile.customers * share)


def _counts(counts: f.CustomerCounts, cells: Sequence[_Cell]) -> f.CustomerCounts:
    """Return how many customers there are by what the rules say of them."""

    def count(standing: str) -> int:
        return sum(cell.customers for cell in cells if cell.standing == standing)

    described = [cell for cell in cells if cell.standing in ("one_time", "repeat")]
    silent = sum(cell.customers - cell.reviewed for cell in described)
    filled = counts.reviews_absent == 0
    return replace(
        counts,
        total=sum(cell.customers for cell in cells),
        one_time=count("one_time"),
        repeat=count("repeat"),
        waiting=count("waiting"),
        inactive=count("inactive"),
        no_valid_order=count("no_valid_order"),
        reviews_imputed=silent if filled else 0,
        reviews_absent=0 if filled else silent,
    )
