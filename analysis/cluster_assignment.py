"""Every customer given a segment where the data are, by one SQL expression of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from analysis import queries
from analysis.customers import DAY, HOUR, LOW_REVIEW
from analysis.errors import EngineError
from analysis.findings import NotComputed, Period, Segmentation
from analysis.model_sql import draw_expression, is_drawn, tested_expression
from analysis.segment_sql import rule_expression, stage_expression
from analysis.segmentation import Model
from analysis.spark_connection import SparkConnection

if TYPE_CHECKING:
    from analysis.pipeline import Analysis
    from analysis.source import OpenSource

QUERY = "marts/customer_assignment"
_PLACED = "placed_customers"
_MEASURED = "measured_customers"
_FACTS = "customer_facts"
# Longer than any distance in a model's own scale.
_FARTHEST = 1e300
Expressions = dict[str, queries.Value | exp.Expression]


def assignment_writer(source: OpenSource, analysis: Analysis) -> Callable[[Path], None] | None:
    """Return what writes every customer's segment to a folder of Parquet files.

    None where the source is not on a cluster, or nobody was given a segment.
    """
    model, segmentation = analysis.model, analysis.findings.segmentation
    connection = source.connection
    if model is None or isinstance(segmentation, NotComputed):
        return None
    if not isinstance(connection, SparkConnection):
        return None
    parameters = assignment_parameters(
        model, segmentation, analysis.findings.period, has_reviews=analysis.orders.has_reviews
    )
    expected = analysis.findings.customers
    customers = expected.total + expected.bought_later

    def write(folder: Path) -> None:
        queries.write_query(connection, QUERY, parameters, folder)
        _check_written(folder, customers)

    return write


def assignment_parameters(
    model: Model, segmentation: Segmentation, period: Period, *, has_reviews: bool
) -> Expressions:
    """Return what sql/marts/customer_assignment.sql is asked with.

    Args:
        model: with its names (segmentation.with_names).
        segmentation: its rules for the CRM, and the ends of the stages.
        period: until when customers are known.
        has_reviews: the source has reviews; where it has none, nobody is waiting for one.
    """
    patience = model.outcome_days * DAY if has_reviews else -period_seconds(period)
    scores = model.missing_scores
    distances = _distances(model, _FACTS)
    placed = _distances(model, _PLACED, squares=True)
    return {
        "known_until": period.as_of,
        "as_of": datetime.fromtimestamp(model.as_of, UTC).replace(tzinfo=None),
        "window_seconds": model.window_days * DAY,
        "patience_seconds": patience,
        "occasion_seconds": model.same_occasion_hours * HOUR,
        "review_on_time": _number(scores.on_time),
        "review_late": _number(scores.late),
        "segment_rule": rule_expression(segmentation),
        "stage_rule": stage_expression(segmentation),
        "nearest_centre": _nearest(distances),
        "nearest_distance": _least(placed),
        "second_distance": _second(placed),
        "segment_name": _name(model, model.segment_ids),
        "persona_name": _name(model, model.personas),
        "draw": draw_expression(_PLACED),
        "is_drawn": is_drawn(segmentation.action_basis.held_out_share, _MEASURED),
        "is_tested": tested_expression(model, _MEASURED),
        "low_review": LOW_REVIEW,
        "repeat_confidence": _number(1.0 if model.has_repeat_segment else None),
    }


def period_seconds(period: Period) -> int:
    """Return the seconds from the first purchase to the end of the period."""
    return int((period.as_of - period.first_purchase).total_seconds())


def _distances(model: Model, table: str, *, squares: bool = False) -> list[exp.Expression]:
    """Return the squared distance of a customer to each centre, by the features that are known.

    Without `squares` each lacks the sum of the customer's own squares, which moves no minimum:
    the form, and so the rounding, of analysis.kmeans.assign.
    """
    features = [_scaled(model, place, table) for place in range(len(model.preparation.features))]
    return [
        _sum([_term(x, float(c), squares) for x, c in zip(features, centre, strict=True)])
        for centre in model.centres
    ]


def _term(scaled: exp.Expression, centre: float, squares: bool) -> exp.Expression:
    """Return what a feature adds to a squared distance, nothing where it is not known."""
    if squares:
        apart = exp.paren(exp.Sub(this=scaled.copy(), expression=_number(centre)))
        term: exp.Expression = exp.Mul(this=apart, expression=apart.copy())
    else:
        twice = exp.Mul(this=_number(2.0 * centre), expression=scaled.copy())
        term = exp.Sub(this=_number(centre * centre), expression=twice)
    return exp.Coalesce(this=term, expressions=[_number(0.0)])


def _scaled(model: Model, place: int, table: str) -> exp.Expression:
    """Return a feature in the model's own scale, as analysis.features makes it."""
    preparation = model.preparation
    value: exp.Expression = exp.column(preparation.features[place], table=table)
    if preparation.transforms[place] == "log1p":
        value = exp.Ln(this=exp.Add(this=_number(1.0), expression=value))
    apart = exp.Sub(this=value, expression=_number(preparation.mean[place]))
    deviation = _number(preparation.deviation[place])
    return exp.paren(exp.Div(this=exp.paren(apart), expression=deviation))


def _nearest(distances: Sequence[exp.Expression]) -> exp.Expression:
    """Return the place of the least distance, the first of those that tie."""
    case = exp.Case()
    for place, distance in enumerate(distances[:-1]):
        later = [
            exp.LTE(this=distance.copy(), expression=other.copy())
            for other in distances[place + 1 :]
        ]
        case = case.when(exp.and_(*later), exp.Literal.number(place))
    return case.else_(exp.Literal.number(len(distances) - 1)) if len(distances) > 1 else _whole(0)


def _least(distances: Sequence[exp.Expression]) -> exp.Expression:
    if len(distances) == 1:
        return distances[0].copy()
    first, *others = [distance.copy() for distance in distances]
    return exp.Least(this=first, expressions=others)


def _second(distances: Sequence[exp.Expression]) -> exp.Expression:
    """Return the least of the distances to the other centres than the customer's own."""
    if len(distances) == 1:
        return _number(None)
    return _least(
        [
            exp.Case().when(_is_centre(place), _number(_FARTHEST)).else_(distance.copy())
            for place, distance in enumerate(distances)
        ]
    )


def _name(model: Model, names: Sequence[str]) -> exp.Expression:
    """Return a segment's name: of repeat buyers by their standing, of the others by their place."""
    case = exp.Case()
    first = int(model.has_repeat_segment)
    if first:
        repeat = exp.EQ(
            this=exp.column("standing", table=_PLACED), expression=exp.Literal.string("repeat")
        )
        case = case.when(repeat, exp.Literal.string(names[0]))
    for place, name in enumerate(names[first:]):
        case = case.when(_is_centre(place), exp.Literal.string(name))
    return case


def _is_centre(place: int) -> exp.Expression:
    return exp.EQ(this=exp.column("centre", table=_PLACED), expression=_whole(place))


def _sum(terms: Sequence[exp.Expression]) -> exp.Expression:
    total = terms[0]
    for term in terms[1:]:
        total = exp.Add(this=total, expression=term)
    return exp.paren(total)


def _whole(value: int) -> exp.Expression:
    return exp.Literal.number(value)


def _number(value: float | None) -> exp.Expression:
    """Return a double, to the last bit; a null that every engine takes for one."""
    literal = exp.null() if value is None else exp.Literal.string(repr(value))
    return exp.cast(literal, "double")


def _check_written(folder: Path, customers: int) -> None:
    """Refuse a folder that does not hold every customer.

    Raises:
        EngineError: the workers wrote where this machine does not see it.
    """
    import pyarrow.dataset as ds

    found = ds.dataset(folder, format="parquet").count_rows() if folder.is_dir() else 0
    if found != customers:
        raise EngineError(
            f"{found} customers stand in the files that the workers wrote",
            where=str(folder),
            expected=f"{customers} customers",
            todo="name with --out a folder that every machine of the cluster shares",
        )
